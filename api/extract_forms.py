"""HTTP → an extract that is asked for and given at once: about whom, who asks, what was shown for it."""

from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic
from pydantic import StrictBool

from api.case_forms import MOST_CHECKS, CheckSaid, NoticeSent
from api.fields import MOST, Day, Instant, Line, Name, Position, Text, Words
from api.forms import Form
from api.paper_forms import Papers
from registry.aggregates.case.events import Notice
from registry.cases.at_desk import AtDesk


class AnyExtract(Form):
    on: Day = None
    known_at: Instant = None
    position: Position = pydantic.Field(default=None)
    basis: Words = pydantic.Field(default=None)
    requester: Name = pydantic.Field(default=None)
    contact: Text = pydantic.Field(default=None)
    documents: Annotated[list[Line], pydantic.Field(max_length=MOST)] | None = pydantic.Field(default=None)
    checks: list[CheckSaid] = pydantic.Field(default=[], max_length=MOST_CHECKS)
    notice: NoticeSent | None = None
    papers: Papers = pydantic.Field(default=[])

    @property
    def of_then(self) -> bool:
        """Whether a moment of the register is asked about, and not the register as it stands."""
        return bool(self.known_at) or self.position is not None

    def asked(self, **about: Any) -> AtDesk:
        """What is asked for, once everybody is named by id, and the days are days."""
        return AtDesk(
            basis=self.basis or "person",
            requester=self.requester,
            contact=self.contact,
            documents=None if self.documents is None else frozenset(self.documents),
            answers=tuple(one.said_of() for one in self.checks),
            notice=Notice(**self.notice.model_dump()) if self.notice else None,
            **about,
        )


class NewExtract(AnyExtract):
    history: StrictBool = False
    about: Literal["current", "left", "annulled"] | None = pydantic.Field(default=None)
    dwelling: Text = pydantic.Field(default=None)

    def asked_of(self, person: UUID, home: UUID | None, **when: Any) -> AtDesk:
        """The same about a person; `home` is the dwelling because of which somebody asks."""
        return self.asked(person=person, home=home, history=self.history, asked_for=self.about, **when)


class NewDwellingExtract(AnyExtract):
    """Who is registered in a dwelling, for those to whom card 7 gives it."""

"""HTTP → what goes on with an application that is not decided: papers later, «без руху», withdrawal, a slip mended."""

from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic
from pydantic import ConfigDict, StrictBool, StrictInt, model_validator

from api.case_forms import MOST_PERSONS, DwellingChanged, NewApplication
from api.fields import MOST, DaysById, Line, LocalMoment, Text, WholeDay, Words
from api.forms import Documents, Form
from api.paper_forms import Papers
from registry.aggregates.case.finishing import WITHDRAWN_BY

PartNumber = Annotated[StrictInt, pydantic.Field(ge=1, le=MOST)]
_Ids = Annotated[list[Line], pydantic.Field(max_length=MOST)]


class DocumentsShown(Form):
    """The documents of a person that were shown later."""

    person: UUID
    documents: Documents


class PapersLater(Form):
    """Papers and consents for one part of an application."""

    part: PartNumber = 1
    documents: _Ids = pydantic.Field(default=[])
    consents: _Ids = pydantic.Field(default=[])
    valid_until: DaysById = pydantic.Field(default_factory=dict)
    persons: Annotated[list[DocumentsShown], pydantic.Field(max_length=MOST_PERSONS)] = pydantic.Field(default=[])
    dwelling_changed: DwellingChanged | None = pydantic.Field(default=None)
    brought: LocalMoment | None = pydantic.Field(default=None)
    papers: Papers = pydantic.Field(default=[])


class WithoutMovement(Form):
    """«Без руху», as the applicant agreed to by a signed paper."""

    agreed: StrictBool = pydantic.Field(default=False)
    consent: Text = pydantic.Field(default=None)
    bring_by: WholeDay | None = pydantic.Field(default=None)
    reason: Words = pydantic.Field(default=None)


class Movement(Form):
    """The applicant asks that it be decided as it stands."""

    reason: Words = pydantic.Field(default=None)


class TakenBack(Form):
    """The applicant takes back an application, or some of its parts."""

    said_by: Literal[WITHDRAWN_BY]  # type: ignore[valid-type]  # the list is data
    parts: Annotated[list[PartNumber], pydantic.Field(max_length=MOST)] = pydantic.Field(default=[])
    paper: Text = pydantic.Field(default=None)
    reason: Words = pydantic.Field(default=None)


class FoundOfSent(Form):
    """What was found of what a portal or a machine sent: whom of the register a newcomer is, or that it is untrue."""

    part: PartNumber = 1
    newcomer: UUID | None = pydantic.Field(default=None)
    person: Text = pydantic.Field(default=None)
    reason: Words = pydantic.Field(default=None)


class Amendment(NewApplication):
    """An application anew, as it should have been typed; how and when it came stays."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=["service", "reason"]))

    def of_visit(self) -> dict[str, Any]:
        """What was said of how it came, and of deciding it: each stays, or is another act."""
        names = ("received", "channel", "office", "notice", "transcribed", "paper_journal", "decide", "acted_on")
        said = {name: getattr(self, name) for name in names if name in self.model_fields_set}
        return {name: value for name, value in said.items() if value is not None}

    @model_validator(mode="before")
    @classmethod
    def _when_it_came(cls, said: Any) -> Any:
        """When it came is known."""
        return {**said, "received": None} if isinstance(said, dict) and not said.get("received") else said

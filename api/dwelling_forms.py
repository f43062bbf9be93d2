"""What is asked of a dwelling: who lives there; and what is noted of it by a paper that was shown: its owners, a
contract, an encumbrance. Who is named beside them is somebody of the register, or a name alone."""

import re
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from api.case_forms import OwnerNow
from api.fields import MOST, Day, Line, Text, Words
from api.fields import refuse as unreadable
from api.forms import Form, Times
from api.shapes.names import UNKNOWN
from registry.aggregates.dwelling.events import Owner
from registry.aggregates.dwelling.requests import DwellingRequest, RecordEncumbrance, RecordLease, RecordOwners
from registry.aggregates.values import Fault, refuse

Named = Callable[[str | None], UUID | None]
"""Whom a body names, by an id or a mark of a card; `UNKNOWN` of whom the register has not."""
_CURSOR = re.compile(r"(?a:\d{1,18}\.\d{1,9})")


def _cursor(text: str) -> str:
    if not _CURSOR.fullmatch(text):
        raise unreadable("cursor-shape")
    return text


class ResidentsAsked(Times):
    """Who lives in a dwelling; of a day page by page, where more than `limit` do. What `after` names is at which
    position the pages are answered, and how many people stand on those before."""

    limit: int = Field(default=500, ge=1, le=500)
    after: Annotated[Line, AfterValidator(_cursor)] | None = Field(default=None)

    @property
    def begins(self) -> tuple[int | None, int]:
        """The position of the pages before this one, and how many people stand on them."""
        position, _, skipped = (self.after or ".").partition(".")
        return (int(position), int(skipped)) if self.after else (None, 0)


class OwnersNoted(Form):
    owners: Annotated[list[OwnerNow], Field(max_length=MOST)]
    since: Day = None
    basis: Words = None

    def request(self, dwelling: UUID, named: Named) -> DwellingRequest:
        """The same as the register is asked for it. Raises `Impossible`."""
        people = [named(str(one.person)) if one.person else None for one in self.owners]
        faults = [
            Fault("person-unknown", f"owners.{at}.person") for at, person in enumerate(people) if person == UNKNOWN
        ]
        refuse([*faults, *_without_paper(self.basis)])
        owners = tuple(
            Owner(name=one.name, share=one.share, person=person)
            for one, person in zip(self.owners, people, strict=True)
        )
        return RecordOwners(dwelling=dwelling, owners=owners, since=self.since, basis=self.basis)


class EncumbranceNoted(Form):
    kind: Text = None
    number: Text = None
    since: Day = None
    until: Day = None
    holder: Words = None

    def request(self, dwelling: UUID, named: Named) -> DwellingRequest:
        """The same as the register is asked for it."""
        said = {name: getattr(self, name) for name in ("number", "since", "until", "holder")}
        return RecordEncumbrance(dwelling=dwelling, kind=self.kind or "", **said)


class LeaseNoted(Form):
    number: Text = None
    since: Day = None
    until: Day = None
    tenant: Words = None
    lessee: Text = None
    terminated_on: Day = None
    basis: Words = None

    def request(self, dwelling: UUID, named: Named) -> DwellingRequest:
        """The same as the register is asked for it. Raises `Impossible`."""
        lessee = named(self.lessee)
        refuse([*([Fault("person-unknown", "lessee")] if lessee == UNKNOWN else []), *_without_paper(self.basis)])
        said = {name: getattr(self, name) for name in ("number", "since", "until", "tenant", "terminated_on", "basis")}
        return RecordLease(dwelling=dwelling, lessee=lessee, **said)


DwellingNote = OwnersNoted | EncumbranceNoted | LeaseNoted


def _without_paper(basis: str | None) -> list[Fault]:
    """Owners and contracts are noted by a paper that is named; an encumbrance is by its number."""
    return [] if basis else [Fault("basis-missing", "basis")]

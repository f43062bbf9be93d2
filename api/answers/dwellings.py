"""Dwellings as answers have them: found, read, and who lives there in both times."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.people import AskedOfPeriod
from api.answers.plain import Id, Instant
from registry.aggregates.dwelling.events import Address, EncumbranceRecorded, LeaseRecorded, OwnersRecorded


class FoundDwelling(TypedDict):
    id: Id
    ref: str | None
    address: str
    until: str | None
    address_now: str | None
    kind: str
    kind_uk: str
    successor: Id | None
    match: Literal["number", "exact", "anywhere", "beginning", "inside", "similar"]


class FoundDwellings(TypedDict):
    dwellings: list[FoundDwelling]
    next: str | None
    total: int
    total_exact: bool


class DwellingName(TypedDict):
    since: str | None
    until: str | None
    address: str
    parts: Address


class Succession(TypedDict):
    successor: Id
    since: str
    reason: str


class DwellingCard(TypedDict):
    id: Id
    ref: str | None
    version: int
    kind: str
    kind_uk: str
    address: str
    names: list[DwellingName]
    successor: Succession | None
    owners: OwnersRecorded | None
    encumbrances: list[EncumbranceRecorded]
    leases: list[LeaseRecorded]
    known_at: NotRequired[Instant]
    position: NotRequired[int]


class Resident(TypedDict):
    person_ref: str | None
    person_id: str | None
    name: str
    residence_id: str | None
    kind: str
    since: str | None
    until: str | None
    since_known: str
    until_known: str
    certain: bool
    kept: bool
    facts: list[int]


_From = TypedDict("_From", {"from": str | None})


class Stretch(_From):
    """A part of a period with the same people, by their refs, and by their names in the same order."""

    until: str | None
    persons: list[str]
    names: list[str]
    certain: bool
    facts: list[int]


class Residents(AskedOfPeriod):
    """On a day people, and `next` where there are more; over a period stretches; a text where the register had nothing
    yet."""

    answer: list[Resident] | list[Stretch] | str
    next: NotRequired[str | None]

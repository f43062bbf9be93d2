"""People as answers have them: found, read, asked about in both times."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import By, Id, Instant, Minute, Open, PaperByKey, RegisterMark
from registry.aggregates.person.events import Document, OccupiedAddressNoted, Particulars


class FoundPerson(TypedDict):
    id: Id
    ref: str | None
    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: str | None
    unzr: str | None
    died: str | None
    former_names: list[str]
    address: str | None
    kind: str | None
    dwelling_id: Id | None
    kept_addresses: list[str]
    match: Literal["number", "surname", "beginning", "inside", "home", "similar"]


class FoundPeople(TypedDict):
    people: list[FoundPerson]
    next: str | None
    total: int
    total_exact: bool


class Death(TypedDict):
    registered_on: str | None


class Person(TypedDict):
    id: Id
    ref: str | None
    version: int
    particulars: Particulars
    documents: list[Document]
    former: list[Particulars]
    death: Death | None
    occupied_addresses: list[OccupiedAddressNoted]
    merged: list[Id]
    marks: list[RegisterMark]
    known_at: NotRequired[Instant]
    position: NotRequired[int]


class Fact(TypedDict):
    position: int
    version: int
    name: str
    label_uk: str
    recorded_at: Instant
    by: By
    command: Id
    body: Open


class PersonFacts(TypedDict):
    person: Id
    known_at: NotRequired[Instant]
    position: NotRequired[int]
    facts: list[Fact]


class Asked(TypedDict):
    """The times of a question as they were taken, and the position up to which the register was read."""

    known_at: Instant
    position: int
    on: NotRequired[str | None]


_Period = TypedDict("_Period", {"from": NotRequired[str | None], "until": NotRequired[str | None]})


class AskedOfPeriod(Asked, _Period):
    """Likewise; over a period its days, half-open."""


class Residence(TypedDict):
    residence_id: str | None
    kind: str
    dwelling_id: str | None
    dwelling_ref: str | None
    address: str
    since: str | None
    until: str | None
    since_known: str
    until_known: str
    certain: bool
    kept: bool
    carried: bool
    facts: list[int]


class Residences(AskedOfPeriod):
    """Where somebody lived, newest first; a text where the register had nothing yet."""

    answer: list[Residence] | str


class FamilyLink(TypedDict):
    link_id: str | None
    role: str
    role_uk: str
    person_id: str | None
    person_ref: str | None
    name: str | None
    since: str | None
    until: str | None
    since_known: str
    until_known: str
    certain: bool
    facts: list[int]


class Family(AskedOfPeriod):
    answer: list[FamilyLink] | str


class ProtectedAbsence(TypedDict):
    mark: Id
    ground: str
    ground_uk: str
    since: str | None
    until: str | None
    paper: str


class Absences(Asked):
    answer: list[ProtectedAbsence] | str


class ProtectedAddress(TypedDict):
    mark: Id
    basis: str
    since: str
    until: str | None


class Protections(Asked):
    answer: list[ProtectedAddress] | str


class Mover(TypedDict):
    person_ref: str | None
    name: str
    residences: int


class Movers(Asked):
    answer: list[Mover] | str


class Shown(TypedDict):
    """An application that a paper was shown for."""

    application: Id
    code: str
    received: Minute
    part: int
    id: str
    name_uk: str
    shown_by: str | None
    position: int
    recorded_at: Instant


class PaperOfPerson(PaperByKey):
    held: bool
    annulled: bool
    shown: list[Shown]


class PersonPapers(TypedDict):
    person: Id
    known_at: Instant
    position: int
    papers: list[PaperOfPerson]

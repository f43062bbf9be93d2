"""The facts of the community (громада): who it is, where and when it receives people, how it reads the cards.

All of them stand on one stream, and each says the whole of its matter from a day of the law on: without `since` of all
days. `basis` is the decision that said so. Beside them stand the changes that wait, and the keys that sign.
"""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.community.keys import KeyBegun, KeyEnded
from registry.aggregates.community.payees import PayeesDescribed
from registry.aggregates.values import DateText

COMMUNITY = UUID("68726f6d-6164-4161-8000-000000000001")
"""The one stream of the community, in every register the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityDescribed:
    """`code` is that of КАТОТТГ, whole or its beginning; `body` the registration body; `public_url` the address of the
    public pages; `sample`: it is invented, and whatever the register shows or issues says so."""

    NAME: ClassVar[str] = "community-described"
    since: DateText | None = None
    code: str | None = None
    name: str | None = None
    body: str | None = None
    public_url: str | None = None
    address: str | None = None
    sample: bool | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalOffice:
    """A place where people are received; `name` as the cards print it. Without a schedule: a mobile place."""

    id: str
    name: str
    district: str | None = None
    address: str | None = None
    rooms: tuple[str, ...] = ()
    schedule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """From when until when, `08:00`; the closing minute is outside."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The week of those who have the schedule `id`, between two days; `BODY` is that of the registration body."""

    id: str
    since: DateText | None = None
    until: DateText | None = None
    mon: tuple[Opening, ...] = ()
    tue: tuple[Opening, ...] = ()
    wed: tuple[Opening, ...] = ()
    thu: tuple[Opening, ...] = ()
    fri: tuple[Opening, ...] = ()
    sat: tuple[Opening, ...] = ()
    sun: tuple[Opening, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturdays:
    """Whether Saturday is a working day of the registration body (T-32)."""

    works: bool
    since: DateText | None = None
    until: DateText | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleDay:
    """A holiday, a day moved, a visit of a mobile place; without `offices` everybody's, without `hours` a day off."""

    on: DateText
    offices: tuple[str, ...] = ()
    hours: tuple[Opening, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesDescribed:
    """All offices and all hours."""

    NAME: ClassVar[str] = "offices-described"
    since: DateText | None = None
    offices: tuple[LocalOffice, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    saturdays: tuple[Saturdays, ...] = ()
    days: tuple[SingleDay, ...] = ()
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsAdopted:
    """How the community reads what the cards leave open: by field of `Readings`, as plain data. What is not said is as
    the program reads it."""

    NAME: ClassVar[str] = "readings-adopted"
    since: DateText | None = None
    readings: dict[str, Any]
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBody:
    """A body that we write to: its name and postal address; `katottg` is the code of the territory that it serves, or
    the beginning of it."""

    name: str
    address: str | None = None
    katottg: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodiesDescribed:
    """Whom we write to: the territorial body of ДМС, our guardianship body, registration bodies of other communities.
    Who is not named is written to under a general name."""

    NAME: ClassVar[str] = "bodies-described"
    since: DateText | None = None
    dms: OtherBody | None = None
    guardianship: OtherBody | None = None
    registration: tuple[OtherBody, ...] = ()
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDescribed:
    """How a refusal is appealed, in the words that the head confirms: `article` of the law that gives the right, `body`
    to which, its `address`, `term`; `court` is the way to a court. No source of the cards says any of it."""

    NAME: ClassVar[str] = "appeal-described"
    since: DateText | None = None
    article: str
    body: str
    term: str
    address: str | None = None
    court: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoryNamed:
    """Who signs letters: `name` and `position`, as they stand under them."""

    NAME: ClassVar[str] = "signatory-named"
    since: DateText | None = None
    name: str
    position: str
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityChangeRequested:
    """The exact facts that are to be recorded once a second person agrees, each with `name`, `schema` and `body`."""

    NAME: ClassVar[str] = "community-change-requested"
    facts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityChangeApproved:
    """A second person agreed; the facts follow in the same act. `requested` is the version of the request."""

    NAME: ClassVar[str] = "community-change-approved"
    requested: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityChangeRejected:
    """The change is not to be, and why; so whoever asked takes it back too."""

    NAME: ClassVar[str] = "community-change-rejected"
    requested: int
    reason: str


CommunityFact = (
    CommunityDescribed
    | OfficesDescribed
    | ReadingsAdopted
    | PayeesDescribed
    | BodiesDescribed
    | AppealDescribed
    | SignatoryNamed
    | CommunityChangeRequested
    | CommunityChangeApproved
    | CommunityChangeRejected
    | KeyBegun
    | KeyEnded
)

"""What the law says of an application, and what would be recorded: rulings and dry runs as answers have them."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.law import CardHead
from api.answers.plain import (
    By,
    Day,
    FactName,
    FellAway,
    Id,
    Instant,
    Minute,
    Named,
    Open,
    PaperOfPart,
    Reading,
    Sha256,
)
from registry.aggregates.community.payees import Payee
from registry.services.decision import Message, Needed, Provision

Outcome = Literal["granted", "refused", "not_possible"]


class Trigger(TypedDict):
    id: str
    text: str


class RefusedOn(TypedDict):
    """A ground of a refusal, and what brought it about."""

    id: str
    number: int | None
    wording: str
    reference: str
    triggered_by: list[Trigger]


class BarredBy(TypedDict):
    id: str
    wording: str
    reference: str
    reason: str | None


class MissingPaper(TypedDict):
    id: str
    name: str
    reason: str
    reference: str


class FeeDue(TypedDict):
    """What is due; null where no amount of the year is published, and then why."""

    kopiykas: int | None
    rule: str | None
    reference: str | None
    error: NotRequired[str]


class ExtractOfDecision(TypedDict):
    state: str
    previous_periods: list[str]


class Ruled(TypedDict):
    """What the law says of an application. Of a year without a published amount most of it cannot be said yet."""

    service: str
    received: Minute
    outcome: Outcome | None
    fee: FeeDue
    due_by: Day
    card: CardHead
    card_sha256: NotRequired[Sha256]
    grounds: NotRequired[list[RefusedOn]]
    barred: NotRequired[list[BarredBy]]
    missing: NotRequired[list[MissingPaper]]
    documents_required: NotRequired[list[Needed]]
    consents_required: NotRequired[list[Needed]]
    late: NotRequired[bool]
    effective_on: NotRequired[Day | None]
    previous_residence: NotRequired[Literal["removed", "kept"] | None]
    messages: NotRequired[list[Message]]
    tasks: NotRequired[list[Provision]]
    family_set: NotRequired[bool | None]
    batch_overdue: NotRequired[bool | None]
    extract: NotRequired[ExtractOfDecision | None]
    removed_under_name: NotRequired[Literal["previous"] | None]
    readings: NotRequired[list[Reading]]
    payees: NotRequired[list[Payee]]


class PartCheck(TypedDict):
    """What is checked in another register: the answer, and who gave it; or that there is none yet."""

    check: str
    name: str
    answered: bool
    said: NotRequired[Open]
    source: NotRequired[str]
    by: NotRequired[By]
    at: NotRequired[Instant]


class FaultySent(TypedDict):
    """What a portal sent of somebody that cannot be read: where it stands, why, and that in words."""

    person: Id
    field: str
    code: str
    detail: str


class RuledPart(Ruled):
    """A part of a visit: what the law says of it, what is checked, what would be recorded of whom."""

    part: int
    persons: list[Id]
    checks: list[PartCheck]
    would_record: dict[str, list[FactName]]
    faulty: NotRequired[list[FaultySent]]
    papers: NotRequired[list[PaperOfPart]]


class Warned(TypedDict):
    """What stands in nobody's way and should be known: a closed office, what nobody said of a paper."""

    id: str
    text: str
    part: NotRequired[int]
    name_uk: NotRequired[str]
    unsaid: NotRequired[list[str]]
    named: NotRequired[dict[str, str]]


class Namesake(TypedDict):
    part: int
    person: Id


class LawAlone(Ruled):
    """A dry run about nobody in particular."""

    dry_run: Literal[True]
    warnings: list[Warned]


class Tried(TypedDict):
    """What would be ruled on each part; nothing is recorded."""

    dry_run: Literal[True]
    application: NotRequired[Id]
    parts: list[RuledPart]
    warnings: list[Warned]
    waits_for: NotRequired[list[Named]]
    fell_away: NotRequired[list[FellAway]]
    namesakes: NotRequired[list[Namesake]]
    namesakes_uk: NotRequired[str]

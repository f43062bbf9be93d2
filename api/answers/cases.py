"""Applications as answers have them: received, checked, ruled on, decided."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.acts import Act, AskedChange
from api.answers.law import CardTitle
from api.answers.outgoing import Outgoing
from api.answers.plain import (
    By,
    Day,
    FactName,
    FellAway,
    FormedExtract,
    FormedLetter,
    Id,
    Instant,
    Lacking,
    Minute,
    Named,
    Open,
    PaperByKey,
    PaperOfPart,
    Reading,
    RecordedFact,
    Recorder,
    Sha256,
    StandsStill,
)
from api.answers.rulings import FaultySent, Namesake, Outcome, PartCheck, RefusedOn, RuledPart, Warned
from registry.aggregates.case.events import Bar, Charge, Elsewhere
from registry.aggregates.person.events import ResidenceVersion
from registry.aggregates.territory.events import TypedTerritory

Status = Literal[
    "received",
    "awaiting-approval",
    "left-without-movement",
    "withdrawn",
    "granted",
    "refused",
    "not-possible",
    "partly-granted",
    "rejected",
    "approved",
]


class FollowsFrom(TypedDict):
    """What is to be sent or done because of a decision."""

    item: str
    role: Literal["message", "task"]
    label_uk: str
    deadline: Day
    person: Id | None
    text: str | None


class PartDecided(TypedDict):
    """The decision on a part, as it was stored."""

    outcome: Outcome
    part: int
    persons: list[Id]
    card: CardTitle
    card_sha256: NotRequired[Sha256 | None]
    decided_on: Day
    effective_on: NotRequired[Day]
    late: NotRequired[bool]
    charge: NotRequired[Charge]
    grounds: NotRequired[list[RefusedOn]]
    missing: NotRequired[list[str]]
    barred: NotRequired[list[Bar]]
    text: NotRequired[str]
    follows: NotRequired[list[FollowsFrom]]
    readings: list[Reading]
    recorded_later: str | None
    by: By
    recorded_at: Instant
    position: int


class CaseHead(TypedDict):
    """Which application it is, and what became of it."""

    application: Id
    version: int
    status: Status
    status_uk: str
    code: str
    received: Minute
    due_by: Day


class Decided(CaseHead, Act):
    """A decision: the outcome of each part, what was recorded of whom, what was formed."""

    facts: list[int]
    parts: list[PartDecided]
    recorded: dict[str, list[RecordedFact]]
    extracts: list[FormedExtract]
    letters: list[FormedLetter]


class DecisionWaits(CaseHead, Act, AskedChange):
    """A decision that another person has yet to approve: nothing is recorded of anybody."""


class ApplicationReceived(CaseHead, Act):
    """An application that was taken in; `decision` if that was asked for at once."""

    warnings: list[Warned]
    parts: list[RuledPart]
    namesakes: NotRequired[list[Namesake]]
    namesakes_uk: NotRequired[str]
    decision: NotRequired[Decided | DecisionWaits]


class Decision(CaseHead):
    parts: list[PartDecided]
    letters: list[FormedLetter]


class ApplicationLetters(TypedDict):
    application: Id
    letters: list[FormedLetter]


class ApplicationRow(TypedDict):
    application: Id
    persons: list[Id]
    status: Status
    code: str | None
    services: list[str]
    received: Minute
    channel: str
    office: str | None
    due_by: Day


class ApplicationList(TypedDict):
    applications: list[ApplicationRow]


class OfficeNamed(TypedDict):
    id: str
    name: str


class NoticeReceived(TypedDict):
    sender: str
    number: str
    dated: str


class Journal(TypedDict):
    """Where something was written first, on paper."""

    kind: str
    kind_uk: str
    number: str


class AskedToRecord(TypedDict):
    """What was to be recorded, as it was asked."""

    persons: list[Open]
    dwelling: NotRequired[Id]
    elsewhere: NotRequired[Elsewhere]
    list_entry: NotRequired[str]
    country: NotRequired[str]
    destination: NotRequired[str]
    now: NotRequired[ResidenceVersion]
    reason: NotRequired[str]
    applicant: NotRequired[Id]
    dwelling_changed: NotRequired[Open]
    territory: NotRequired[TypedTerritory]


class ApplicationPart(TypedDict):
    part: int
    service: str
    card: CardTitle
    due_by: Day
    asked: Open
    known: Open
    papers: list[PaperOfPart]
    register: AskedToRecord
    checks: list[PartCheck]
    outcome: PartDecided | None
    faulty: NotRequired[list[FaultySent]]


class TypedPart(TypedDict):
    asked: Open
    register: AskedToRecord


class Typed(TypedDict):
    """The parts as they stood before an amendment, and who applied."""

    applicant_name: str | None
    phone: str | None
    parts: list[TypedPart]


class CaseStep(TypedDict):
    """What went on with an application: papers brought, left without movement, withdrawn, amended, compared."""

    name: str
    label_uk: str
    by: By
    recorded_at: Instant
    position: int
    part: NotRequired[int]
    brought: NotRequired[Minute]
    due_by: NotRequired[Day | None]
    documents: NotRequired[list[str]]
    consents: NotRequired[list[str]]
    concerned: NotRequired[list[Open]]
    dwelling_changed: NotRequired[Open]
    valid_until: NotRequired[Open]
    papers: NotRequired[list[PaperByKey]]
    newcomer: NotRequired[Id]
    person: NotRequired[Id]
    lacking: NotRequired[list[Lacking]]
    bring_by: NotRequired[Day]
    consent: NotRequired[str]
    reason: NotRequired[str | None]
    text: NotRequired[str]
    parts: NotRequired[list[int]]
    said_by: NotRequired[str]
    said_by_uk: NotRequired[str]
    paper: NotRequired[str | None]
    paid: NotRequired[int | None]
    paid_uk: NotRequired[str]
    fell_away: NotRequired[list[FellAway]]
    was: NotRequired[Typed]


class ChangeOfCase(AskedChange):
    """A change that waits for a second person, or waited."""

    label_uk: str
    facts: list[FactName]
    asked_by: By
    recorded_at: Instant


class WholeApplication(TypedDict):
    """An application whole. What comes only with a visit is absent of one that a correction made."""

    application: Id
    version: int
    status: Status
    status_uk: str
    recorded_at: Instant
    by: By
    code: NotRequired[str]
    received: NotRequired[Minute]
    due_by: NotRequired[Day]
    channel: NotRequired[str]
    office: NotRequired[OfficeNamed | None]
    applicant_name: NotRequired[str | None]
    phone: NotRequired[str | None]
    notice: NotRequired[NoticeReceived | None]
    transcribed: NotRequired[bool]
    paper_journal: NotRequired[Journal | None]
    recorded_later: NotRequired[str | None]
    without_movement: StandsStill | None
    withdrawn: list[int]
    parts: list[ApplicationPart]
    went_on: list[CaseStep]
    change: ChangeOfCase | None
    follows: list[Outgoing]


class AskedFact(TypedDict):
    """A fact that waits, and whose it is."""

    label_uk: str
    name: str
    schema: int
    body: Open
    person: NotRequired[Id]
    dwelling: NotRequired[Id]
    territory: NotRequired[Id]
    street: NotRequired[Id]


class AwaitingChange(AskedChange):
    application: Id
    version: int
    after: int
    label_uk: str
    facts: list[AskedFact]
    recorded_at: Instant
    asked_by: By


class AwaitingChanges(TypedDict):
    changes: list[AwaitingChange]


class PastEntry(CaseHead):
    """An application of which something was recorded later than on its day, or on paper first."""

    position: int
    services: list[str]
    persons: list[Id]
    past: list[Named]
    reasons: list[str]
    paper_journal: Journal | None
    recorded: Recorder
    acted_on: Day | None
    asked: Recorder | None
    decided: Recorder | None
    approved: Recorder | None
    approval: str
    approval_uk: str


class PastEntries(TypedDict):
    entries: list[PastEntry]
    next: int | None


class PublicStatus(TypedDict):
    """What anybody may know of an application by its code: neither person nor service."""

    status: Status
    status_uk: str
    due_by: Day
    office: str
    bring_by: NotRequired[Day]
    bring_by_uk: NotRequired[str]

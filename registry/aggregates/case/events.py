"""The facts of an application (заява, декларація, повідомлення) and of a change that a second person approves.

An application has parts: one for each service asked for at one visit, each judged by its own card; a parent with
children is one application of several parts. Official wordings are kept as they were on the day of the decision.
Sources: design 2, semantics 11, the service cards, row 8 (who applies), 11 (fee), 12 (term), 13 (refusals), 16.
"""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.dwelling.events import Owner
from registry.aggregates.person.events import Document, Particulars, ResidenceVersion
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What the register says of a person and a paper says otherwise: `particulars` by field, None: has none, and the
    documents as they are now. `corrects`: it was recorded wrongly, and has not changed."""

    paper: str
    particulars: dict[str, Any] | None = None
    documents: tuple[Document, ...] = ()
    corrects: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How the contract on which the person lives in a dwelling stands; without `until` it has no end."""

    number: str | None = None
    until: DateText | None = None
    terminated_on: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDwelling:
    """What has changed of the dwelling of a part, by a paper: what is absent has not."""

    paper: str
    kind: str | None = None
    lease: Lease | None = None
    owners: tuple[Owner, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A person whom a part concerns; `particulars` of somebody whom the register does not hold yet, `changed` of one
    whom it does.

    `residence` is the one to end, keep or correct; without it the one where the person now lives.
    """

    person: UUID
    residence: UUID | None = None
    particulars: Particulars | None = None
    documents: tuple[Document, ...] = ()
    changed: Changed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The active residence in another community: removed in the same act, or kept by an entry of the list."""

    address: str
    katottg: str | None = None
    since: DateText | None = None
    list_entry: str | None = None
    list_since: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One service asked for: `asked` are its facts in the form of `services/application.py`, as they were given.

    `due_by` is the last day for the entry; `dwelling` where the persons settle, `elsewhere` where they come from,
    `list_entry` that of a residence kept in this community, `country` where an emigrant goes, `destination` where
    whoever leaves for another community goes, `now` what a corrected residence is to say, and `reason` why. `known` is
    what the register added to `asked` as it came, in the same form; `applicant` who files, of the register;
    `dwelling_changed` what has changed of the dwelling.
    """

    asked: dict[str, Any]
    card: str
    due_by: DateText
    concerned: tuple[Concerned, ...] = ()
    dwelling: UUID | None = None
    elsewhere: Elsewhere | None = None
    list_entry: str | None = None
    country: str | None = None
    destination: str | None = None
    now: ResidenceVersion | None = None
    reason: str | None = None
    known: dict[str, Any] | None = None
    applicant: UUID | None = None
    dwelling_changed: ChangedDwelling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Which paper a notice of another body is: who sent it, of which day, under which number; without one it is «б/н».
    Our own number of it is the code of the application."""

    sender: str
    dated: DateText
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationReceived:
    """`code` is given under the log's lock (empty until then); `received` a moment of Kyiv, `YYYY-MM-DDTHH:MM`.

    `notice` is said of what came as one; `transcribed` is true of what a clerk typed in from a portal that is not
    connected, and absent otherwise. What was declared is changed by nobody: only checks are answered.
    """

    NAME: ClassVar[str] = "application-received"
    code: str
    received: str
    channel: str
    office: str | None = None
    applicant: str | None = None
    phone: str | None = None
    notice: Notice | None = None
    transcribed: bool | None = None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswered:
    """What a register that we do not hold says, in the fields of the check (`services/checks.py`); absent = as applied.

    `source` is `clerk`, or the name of a connection; who and when are the envelope's.
    """

    NAME: ClassVar[str] = "check-answered"
    part: int
    check: str
    said: dict[str, Any]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A message or a task that follows from a decision: its id in the vocabulary, the last day for it, about whom."""

    id: str
    role: str
    deadline: DateText
    person: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The fee that was due, by which rule, and what was paid, in kopiykas: stored, never worked out anew.

    `paid` is absent where nobody answered for a payment: nothing was due.
    """

    due: int
    rule: str
    reference: str
    paid: int | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """A ground that held: its official number and wording, and the facts that triggered it, each in words."""

    id: str
    number: int | None = None
    wording: str
    reference: str
    facts: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why the act is not available this way, in the card's words."""

    id: str
    wording: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationGranted:
    """`decided_on` is the day of the act, `effective_on` that from which it holds: of a death its registration.

    `card_sha256` of each outcome is of the text of the card (lower-case hex) that it was judged by; earlier releases
    kept none. `readings` are the ids of those that it rested on.
    """

    NAME: ClassVar[str] = "application-granted"
    part: int
    card: str
    decided_on: DateText
    effective_on: DateText
    late: bool
    charge: Charge
    follows: tuple[Following, ...] = ()
    card_sha256: str | None = None
    readings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRefused:
    """A legal act: every ground that held, what was missing, and the text as it is printed."""

    NAME: ClassVar[str] = "application-refused"
    part: int
    card: str
    decided_on: DateText
    late: bool
    charge: Charge
    grounds: tuple[RefusalGround, ...]
    missing: tuple[str, ...] = ()
    text: str
    follows: tuple[Following, ...] = ()
    card_sha256: str | None = None
    readings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationBarred:
    """The act is not available this way, and the closed list of refusals has no item for it."""

    NAME: ClassVar[str] = "application-barred"
    part: int
    card: str
    decided_on: DateText
    barred: tuple[Bar, ...]
    text: str
    card_sha256: str | None = None
    readings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedHome:
    """A dwelling that a change puts somebody into, at the version that was looked at."""

    dwelling: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequested:
    """The exact facts, each `{"name", "schema", "body"}` as the log will hold it, and the version of the person's
    stream that they follow (semantics 11). `asked_for` is the name of the fact that the change is about."""

    NAME: ClassVar[str] = "change-requested"
    person: UUID
    asked_for: str
    after: int
    facts: tuple[dict[str, Any], ...]
    homes: tuple[CheckedHome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApproved:
    """By another person than who asked; the person's facts are appended in the same act."""

    NAME: ClassVar[str] = "change-approved"
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRejected:
    NAME: ClassVar[str] = "change-rejected"
    person: UUID
    reason: str


ApplicationFact = (
    ApplicationReceived
    | CheckAnswered
    | ApplicationGranted
    | ApplicationRefused
    | ApplicationBarred
    | ChangeRequested
    | ChangeApproved
    | ChangeRejected
)

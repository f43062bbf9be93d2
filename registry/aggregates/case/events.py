"""The facts of an application (заява, декларація, повідомлення) and of a change that a second person approves.

An application has parts: one for each service asked for at one visit, each judged by its own card; a parent with
children is one application of several parts. Official wordings are kept as they were on the day of the decision.
Sources: design 2, semantics 11, the service cards, row 8 (who applies), 11 (fee), 12 (term), 13 (refusals), 16.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, get_args
from uuid import UUID

from registry.aggregates.dwelling import events as about_dwelling
from registry.aggregates.military import MilitaryData
from registry.aggregates.papers import Paper
from registry.aggregates.person.events import Document, Particulars, ResidenceVersion
from registry.aggregates.street import events as about_street
from registry.aggregates.territory import events as about_territory
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
    owners: tuple[about_dwelling.Owner, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """Who somebody is to a person whom a part concerns, by a paper of the part: the `paper` is the id of its document
    or consent; a declaration is its own paper. `of_part` names a part of the visit, where the relative is whom that
    concerns."""

    role: str
    relative: UUID | None = None
    relative_name: str | None = None
    since: DateText | None = None
    until: DateText | None = None
    paper: str | None = None
    of_part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A person whom a part concerns; `particulars` of somebody whom the register does not hold yet, `changed` of one
    whom it does.

    `residence` is the one to end, keep or correct; without it the one where the person now lives. `family` is what the
    papers say of whose child or ward the person is, `military` what a declaration says of somebody who is liable for
    military duty; `confirmed` are the warnings of what is said of the person that the desk confirmed at receipt,
    `distinct_from` those who look like a newcomer and are others, by `distinct_reason`. `sent` are the texts that a
    portal sent and that are kept in another form or cannot be read, by their place; `faulty` the codes of the latter.
    """

    person: UUID
    residence: UUID | None = None
    particulars: Particulars | None = None
    documents: tuple[Document, ...] = ()
    changed: Changed | None = None
    family: tuple[ShownLink, ...] | None = None
    military: MilitaryData | None = None
    confirmed: tuple[str, ...] | None = None
    distinct_from: tuple[UUID, ...] | None = None
    distinct_reason: str | None = None
    sent: dict[str, str] | None = None
    faulty: dict[str, str] | None = None

    @property
    def entering(self) -> dict[str, Any]:
        """What `enter_person` is told of somebody whom the register does not hold."""
        others = {"distinct_from": self.distinct_from or (), "distinct_reason": self.distinct_reason}
        return {"particulars": self.particulars, "documents": self.documents, **others}


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
    `dwelling_changed` what has changed of the dwelling; `papers` what is written on those that were shown; `territory`
    the entry of the list that a kept address rests on, where it was typed from the order that says so; `shown_on` by
    the key of a paper the day on which it was shown, if that was not the day of receipt.
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
    papers: tuple[Paper, ...] | None = None
    territory: about_territory.TypedTerritory | None = None
    shown_on: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Which paper a notice of another body is: who sent it, of which day, under which number; without one it is «б/н».
    Our own number of it is the code of the application."""

    sender: str
    dated: DateText
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperJournal:
    """Where it was written first, on paper: `field_visit` or `outage`, and the number there."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationReceived:
    """`code` is given under the log's lock (empty until then); `received` a moment of Kyiv, `YYYY-MM-DDTHH:MM`.

    `notice` is said of what came as one; `transcribed` is true of what a clerk typed in from a portal that is not
    connected, and absent otherwise. What was declared is changed by nobody: only checks are answered.

    `recorded_later` is the reason why it was recorded only on a later day than `received`: a second person then has a
    word on the decision. `paper_journal` is said of what was taken in on paper first. `machine` is true of what a
    machine sent; earlier releases did not say so.
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
    recorded_later: str | None = None
    paper_journal: PaperJournal | None = None
    machine: bool | None = None


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
    kept none. `readings` are the ids of those that it rested on; `recorded_later` of each is the reason why a decision
    was recorded only after its day and its term.
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
    recorded_later: str | None = None


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
    recorded_later: str | None = None


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
    recorded_later: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedHome:
    """A dwelling that a change puts somebody into, at the version that was looked at."""

    dwelling: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStream:
    """What a change asks for on one stream, a person's, a dwelling's, an entry's of a list: the exact facts, each
    `{"name", "schema", "body"}` as the log will hold it, and the version that they follow."""

    stream: UUID
    after: int
    facts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequested:
    """What waits for a second person: `facts` on the stream of a person at version `after`, as in `ChangedStream`, and
    those of `further` streams (semantics 11). `asked_for` is the name of the fact that the change is about.

    Of a case that waits: `acted_on`, the day of the decision that was asked for, whenever it is approved; `because`,
    why it waits (`past.WAITS_FOR`); `recorded_later`, the reason that was given for what is of the past; `outcomes`,
    the name of each part's. A decision that concerns nobody in particular has no `person`.
    """

    NAME: ClassVar[str] = "change-requested"
    person: UUID | None = None
    asked_for: str
    after: int
    facts: tuple[dict[str, Any], ...]
    homes: tuple[CheckedHome, ...] = ()
    further: tuple[ChangedStream, ...] | None = None
    acted_on: DateText | None = None
    because: tuple[str, ...] | None = None
    recorded_later: str | None = None
    outcomes: tuple[str, ...] | None = None

    @property
    def streams(self) -> tuple[ChangedStream, ...]:
        """Every stream that it changes, the person's first."""
        first = (ChangedStream(stream=self.person, after=self.after, facts=self.facts),) if self.person else ()
        return (*first, *(self.further or ()))

    @property
    def people(self) -> tuple[UUID, ...]:
        """Everybody whom it changes, the person first."""
        return tuple(one.stream for one in self.streams if not any(map(_of_nobody, one.facts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApproved:
    """By another person than who asked; the facts of the change are appended in the same act. `person` is the one that
    the change names first."""

    NAME: ClassVar[str] = "change-approved"
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRejected:
    """The change is not to be; what it was about stands as it did."""

    NAME: ClassVar[str] = "change-rejected"
    person: UUID | None = None
    reason: str


_NOBODYS = about_dwelling.DwellingFact | about_territory.TerritoryFact | about_street.StreetFact
_OF_NOBODY = frozenset(fact.NAME for fact in get_args(_NOBODYS))


def _of_nobody(said: dict[str, Any]) -> bool:
    return said.get("name") in _OF_NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCorrected:
    """What is written on a paper that was shown was taken down wrongly: what was, what is, whole, under the same key.
    What was decided on it stays decided."""

    NAME: ClassVar[str] = "paper-corrected"
    paper: UUID
    was: Paper
    now: Paper
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnnulled:
    """Nothing that was taken down of a paper counts any more: there was no such one, or it was another."""

    NAME: ClassVar[str] = "paper-annulled"
    paper: UUID
    reason: str

"""A case (справа) as its facts say: received and checked, part by part decided; or a change asked for and judged."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    ChangeApproved,
    ChangeRejected,
    ChangeRequested,
    CheckAnswered,
    PaperAnnulled,
    PaperCorrected,
    Part,
)
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.found import NewcomerRecognised, SentFoundUntrue, names_newcomer, recognised
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    PapersBrought,
    completed,
)
from registry.aggregates.papers import Paper, ShownPaper
from registry.aggregates.values import Actor, Entry

Outcome = ApplicationGranted | ApplicationRefused | ApplicationBarred

STATUSES = (
    *("received", "left-without-movement", "withdrawn", "awaiting-approval", "approved", "rejected"),
    *("granted", "partly-granted", "refused", "not-possible"),
)
"""Of an application as a whole; each has a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """What is on record of a case: `change` is the last one asked for, `asked_by` who asked; `judged` what a second
    person said to it; `papers` what was written on those that were shown, as it is now believed. `unmatched` are the
    versions of facts that name nothing of this case.

    `received` is the receipt as it stands: with the papers that were brought since, the last of them at the moment
    `brought`, and as it was amended; `before` are those whom it concerned before that. `left`: how it is left without
    movement, if it is; `withdrawn` the numbers of the parts that the applicant took back; `untrue` what was found so
    of what was sent.
    """

    version: int = 0
    received: ApplicationReceived | None = None
    answers: tuple[CheckAnswered, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    change: ChangeRequested | None = None
    asked_by: Actor | None = None
    judged: ChangeApproved | ChangeRejected | None = None
    papers: tuple[ShownPaper, ...] = ()
    unmatched: tuple[int, ...] = ()
    brought: str | None = None
    before: tuple[UUID, ...] = ()
    left: ApplicationLeftWithoutMovement | None = None
    withdrawn: frozenset[int] = frozenset()
    untrue: tuple[SentFoundUntrue, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts as they were received, each with its papers as they are now believed; an annulled one is none."""
        parts = self.received.parts if self.received else ()
        return tuple(
            replace(part, papers=found) if part.papers != (found := self._papers_of(number)) else part
            for number, part in enumerate(parts, 1)
        )

    def _papers_of(self, part: int) -> tuple[Paper, ...] | None:
        return tuple(one.paper for one in self.papers if one.part == part and not one.annulled) or None

    def paper(self, key: UUID) -> ShownPaper | None:
        """The paper of a key, if one was shown."""
        return next((one for one in self.papers if one.paper.paper == key), None)

    @property
    def awaiting(self) -> bool:
        """Whether a change waits for the second person."""
        return self.change is not None and self.judged is None

    @property
    def decided(self) -> bool:
        """Whether every part that was not withdrawn has its outcome."""
        return bool(self.standing) and all(self.outcome(part) for part in self.standing)

    @property
    def standing(self) -> tuple[int, ...]:
        """The numbers of the parts that were not withdrawn, from 1."""
        parts = self.received.parts if self.received else ()
        return tuple(number for number, _ in enumerate(parts, 1) if number not in self.withdrawn)

    @property
    def ready_on(self) -> date | None:
        """The day of the receipt or, if it came later, of the last paper: none of it was decided before."""
        moment = self.brought or (self.received.received if self.received else None)
        return date.fromisoformat(moment[:10]) if moment else None

    def outcome(self, part: int) -> Outcome | None:
        """What was decided on a part, counted from 1."""
        return next((one for one in self.outcomes if one.part == part), None)

    @property
    def past(self) -> tuple[str, ...]:
        """What of it is of the past, for the head to see: recorded later than on its day (`received`, `acted_on`), or
        on paper first (which journal). What was rejected is no longer."""
        change, received = self.change if self.awaiting else None, self.received
        acted = "acted_on" in (change.because or () if change else ())
        acted = acted or any(one.recorded_later is not None for one in self.outcomes)
        found = ["acted_on"] if acted else []
        if received and received.paper_journal:
            found.insert(0, received.paper_journal.kind)
        return ("received", *found) if received and received.recorded_later is not None else tuple(found)

    @property
    def status(self) -> str:
        """One of `STATUSES`."""
        if self.awaiting:
            return "awaiting-approval"
        if self.decided:
            kinds = {one.NAME for one in self.outcomes}
            if len(kinds) > 1:
                return "partly-granted" if ApplicationGranted.NAME in kinds else "refused"
            return _OF_OUTCOME[kinds.pop()]
        if self.received and not self.standing:
            return "withdrawn"
        if self.left:
            return "left-without-movement"
        if self.received is None and self.judged is not None:
            return "approved" if isinstance(self.judged, ChangeApproved) else "rejected"
        return "received"


_OF_OUTCOME = {
    ApplicationGranted.NAME: "granted",
    ApplicationRefused.NAME: "refused",
    ApplicationBarred.NAME: "not-possible",
}

NO_CASE = CaseRecord()


def fold(entries: Iterable[Entry], record: CaseRecord = NO_CASE) -> CaseRecord:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        record = evolve(record, entry)
    return record


def evolve(record: CaseRecord, entry: Entry) -> CaseRecord:
    """The state after one more entry of this case's stream. Never refuses."""
    fact: ApplicationFact = entry.fact
    record = replace(record, version=entry.version)
    match fact:
        case ApplicationReceived():
            return replace(record, received=fact, papers=_shown(fact))
        case CheckAnswered():
            others = (one for one in record.answers if (one.part, one.check) != (fact.part, fact.check))
            return replace(record, answers=(*others, fact))
        case PapersBrought():
            return _completed(record, fact) if fact.part in record.standing else _unmatched(record)
        case ApplicationLeftWithoutMovement():
            return _due(replace(record, left=fact), fact.due_by) if record.standing else _unmatched(record)
        case ApplicationMovesAgain():
            return _due(replace(record, left=None), fact.due_by) if record.left else _unmatched(record)
        case ApplicationWithdrawn():
            return _withdrawn(record, fact) if {*fact.parts} <= {*record.standing} else _unmatched(record)
        case ApplicationAmended():
            return _amended(record, fact) if record.received else _unmatched(record)
        case NewcomerRecognised():
            return _recognised(record, fact)
        case SentFoundUntrue():
            return _untrue(record, fact) if fact.part in record.standing else _unmatched(record)
        case ApplicationGranted() | ApplicationRefused() | ApplicationBarred():
            return replace(record, outcomes=(*record.outcomes, fact), left=None)
        case ChangeRequested():
            return replace(record, change=fact, asked_by=entry.by, judged=None)
        case ChangeApproved() | ChangeRejected():
            return replace(record, judged=fact)
        case PaperCorrected():
            return _of_paper(record, fact.paper, fact.now)
        case PaperAnnulled():
            return _of_paper(record, fact.paper, None)
        case _:
            assert_never(fact)


def _shown(received: ApplicationReceived) -> tuple[ShownPaper, ...]:
    parts = enumerate(received.parts, 1)
    return tuple(ShownPaper(part=number, paper=paper) for number, part in parts for paper in part.papers or ())


def _of_paper(record: CaseRecord, key: UUID, now: Paper | None) -> CaseRecord:
    """With a paper as it is `now`, in every part that it was shown for, each time for what it stood for; annulled
    without. One that was annulled, or never shown, is none."""
    if not any(one.paper.paper == key and not one.annulled for one in record.papers):
        return _unmatched(record)
    return replace(record, papers=tuple(_changed(one, now) if one.paper.paper == key else one for one in record.papers))


def _changed(one: ShownPaper, now: Paper | None) -> ShownPaper:
    return replace(one, paper=replace(now, id=one.paper.id)) if now else replace(one, annulled=True)


def _unmatched(record: CaseRecord) -> CaseRecord:
    return replace(record, unmatched=(*record.unmatched, record.version))


def _completed(record: CaseRecord, fact: PapersBrought) -> CaseRecord:
    now = [completed(part, fact) if number == fact.part else part for number, part in _numbered(record)]
    people = {one.person for number, part in _numbered(record) if number == fact.part for one in part.concerned}
    if not {one.person for one in fact.concerned} <= people:
        record = _unmatched(record)
    papers = (ShownPaper(part=fact.part, paper=paper) for paper in fact.papers or ())
    record = replace(record, brought=max(record.brought or "", fact.brought), papers=(*record.papers, *papers))
    return _due(_with_parts(record, now), fact.due_by)


def _due(record: CaseRecord, day: str) -> CaseRecord:
    """With another last day for all of the visit, which is decided at once."""
    return _with_parts(record, [replace(part, due_by=day) for _, part in _numbered(record)])


def _withdrawn(record: CaseRecord, fact: ApplicationWithdrawn) -> CaseRecord:
    record = replace(record, withdrawn=record.withdrawn.union(fact.parts))
    return record if record.standing else replace(record, left=None)


def _amended(record: CaseRecord, fact: ApplicationAmended) -> CaseRecord:
    """As it was typed anew, with the answers that still answer it and the papers that it has now."""
    before = [one.person for _, part in _numbered(record) for one in part.concerned]
    fell = {(one.part, one.check) for one in fact.fell_away}
    kept = (one for one in record.answers if (one.part, one.check) not in fell and one.part <= len(fact.parts))
    received = record.received and replace(
        record.received, parts=fact.parts, applicant=fact.applicant, phone=fact.phone
    )
    return replace(
        record,
        received=received,
        answers=tuple(kept),
        papers=_shown(received) if received else (),
        before=tuple(dict.fromkeys((*record.before, *before))),
        withdrawn=frozenset(fact.withdrawn),
    )


def _recognised(record: CaseRecord, fact: NewcomerRecognised) -> CaseRecord:
    """About the person of the register; the newcomer never was anybody."""
    parts = [part for _, part in _numbered(record)]
    if not names_newcomer(parts, fact.newcomer):
        return _unmatched(record)
    anew = [recognised(part, fact) for part in parts]
    papers = tuple(
        replace(one, paper=replace(one.paper, whose=fact.person)) if one.paper.whose == fact.newcomer else one
        for one in record.papers
    )
    return _with_parts(replace(record, papers=papers), anew)


def _untrue(record: CaseRecord, fact: SentFoundUntrue) -> CaseRecord:
    parts = [
        replace(part, asked={**part.asked, "false_data": True}) if number == fact.part else part
        for number, part in _numbered(record)
    ]
    others = (one for one in record.untrue if one.part != fact.part)
    return _with_parts(replace(record, untrue=(*others, fact)), parts)


def _numbered(record: CaseRecord) -> Iterable[tuple[int, Part]]:
    return enumerate(record.received.parts if record.received else (), 1)


def _with_parts(record: CaseRecord, parts: Iterable[Part]) -> CaseRecord:
    return replace(record, received=replace(record.received, parts=tuple(parts))) if record.received else record

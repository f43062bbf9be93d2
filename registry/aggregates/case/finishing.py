"""How a case that is not decided yet may go on: papers brought later, «без руху», withdrawal, what was mistyped.

The cards are silent on all of it, and the Law on administrative procedure is not among our sources. It is read so that
nobody is refused for it: fee and lateness go by the day on which it first came; the term (row 12) runs, for the visit
as a whole, from the last paper without which it would have been decided otherwise; a case stands without movement only
by a signed consent of the applicant, and nothing is refused by a clock: after the last day it is decided as it stands.
What was declared through a portal is changed by nobody; it may be withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from registry.aggregates.case.case import AskedService, Case, open_faults, supposing, unknown_papers
from registry.aggregates.case.coming import ELECTRONIC
from registry.aggregates.case.events import ChangedDwelling, ChangeRejected, CheckAnswered, Concerned, Part
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.ruling import PartRuling, Ruling
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    FellAway,
    Lacking,
    PapersBrought,
)
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault, last_day, refuse, sure
from registry.services import checks, terms
from registry.services.adopted import Readings
from registry.services.offices import Timetable

WITHDRAWN_BY = ("applicant", "representative", "sender")
"""Who takes an application back; a notice, its sender."""
_OF_DWELLING = ("ownership", "encumbrance")
"""What is answered of a dwelling, as the person whom it concerns stands to it."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What was brought for a part, as in `PapersBrought`; without `brought` it came just now."""

    part: int
    documents: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    valid_until: Mapping[str, str] | None = None
    concerned: tuple[Concerned, ...] = ()
    dwelling_changed: ChangedDwelling | None = None
    papers: tuple[Paper, ...] | None = None
    brought: str | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.documents or self.consents or self.concerned or self.dwelling_changed or self.papers)


def declared_faults(record: CaseRecord) -> list[Fault]:
    """What came through a portal, or from another machine, nobody changes: only its checks are answered."""
    received = record.received
    declared = received and (received.channel in ELECTRONIC or received.machine)
    return [Fault("declared-unchangeable")] if declared else []


def moving_faults(record: CaseRecord, on: date) -> list[Fault]:
    """Why a case may not be decided on a day: it stands without movement, and the day for bringing is not over."""
    if record.left is None or on > last_day(record.left.bring_by):
        return []
    return [Fault("left-without-movement", None, {"until": record.left.bring_by})]


def bring(case: Case, said: Brought, now: datetime) -> PapersBrought:
    """The papers as they would be recorded if they changed nothing of what is decided; `now` is local time of Kyiv.

    Raises `Impossible`: not open, declared, no such part, no such paper, nothing brought, or at another time than
    between the paper before and now.
    """
    record = case.record
    refuse(open_faults(record))
    faults = [*declared_faults(record), *case.part_faults(said.part)]
    refuse(faults)
    ids = {*said.documents, *said.consents, *(said.valid_until or {})}
    faults += [Fault("paper-unknown", "documents")] if unknown_papers(ids) else []
    faults += [Fault("nothing-brought", "documents")] if said.is_nothing else []
    moment = said.brought or now.isoformat(timespec="minutes")
    before = record.brought or sure(record.received).received
    faults += [] if before <= moment <= now.isoformat() else [Fault("brought-impossible", "brought")]
    people = {one.person for one in _part(record, said.part).concerned}
    faults += [Fault("person-not-concerned", "persons") for one in said.concerned if one.person not in people]
    refuse(faults)
    return PapersBrought(
        part=said.part,
        brought=moment,
        due_by=_part(record, said.part).due_by,
        documents=said.documents,
        consents=said.consents,
        valid_until=dict(said.valid_until) if said.valid_until else None,
        concerned=said.concerned,
        dwelling_changed=said.dwelling_changed,
        papers=said.papers,
    )


def brought(
    record: CaseRecord, fact: PapersBrought, before: Ruling, after: Ruling, timetable: Timetable
) -> list[ApplicationFact]:
    """What is recorded of papers: they move the term if the ruling is another one with them, by the hours of the
    community on their day, and the case itself once nothing of what it lacked is lacking."""
    if [_said(one) for one in before.parts] == [_said(one) for one in after.parts]:
        return [fact]
    due_by = _due_by(after, datetime.fromisoformat(fact.brought), timetable).isoformat()
    if record.left is None:
        return [replace(fact, due_by=due_by)]
    if _still_lacking(record.left, after):
        return [fact]
    return [replace(fact, due_by=due_by), ApplicationMovesAgain(due_by=due_by)]


def leave(
    ruling: Ruling,
    *,
    bring_by: date | None,
    agreed: bool,
    consent: str | None,
    reason: str | None,
    law: Readings,
    timetable: Timetable,
    today: date,
) -> ApplicationLeftWithoutMovement:
    """Without movement until the end of a day, as the applicant agreed; without one named, as many days from today as
    the community allows. The text is for whoever knows the words. Raises `Impossible`."""
    record = ruling.case.record
    refuse(open_faults(record))
    faults = [*declared_faults(record)]
    if not faults and sure(record.received).channel == "notice":
        faults.append(Fault("notice-moves"))
    faults += [] if agreed and consent else [Fault("applicant-disagrees", "consent")]
    until = bring_by or today + timedelta(days=law.days_to_bring)
    faults += [] if until > today else [Fault("bring-by-past", "bring_by")]
    found = lacking(ruling)
    faults += [] if found or reason else [Fault("nothing-lacking", "reason")]
    refuse(faults)
    return ApplicationLeftWithoutMovement(
        lacking=found,
        bring_by=until.isoformat(),
        due_by=terms.papers_by(until, timetable).isoformat(),
        consent=sure(consent),
        reason=reason,
        text="",
    )


def move_again(case: Case, *, reason: str | None, now: datetime, timetable: Timetable) -> ApplicationMovesAgain:
    """The applicant asks that it be decided as it stands, and why is said. Raises `Impossible`."""
    refuse(open_faults(case.record))
    faults = [] if case.record.left else [Fault("not-left")]
    faults += [] if reason else [Fault("reason-missing", "reason")]
    refuse(faults)
    days = [_entry_by(one, now, timetable) for one in case.services]
    return ApplicationMovesAgain(due_by=max(days).isoformat(), reason=reason)


def withdraw(
    case: Case,
    *,
    parts: Sequence[int],
    said_by: str,
    paper: str | None,
    reason: str | None,
    because: str,
    now: datetime,
    timetable: Timetable,
) -> list[ApplicationFact]:
    """The applicant takes back these parts, without any named all that stand; a change that waits for the second person
    is rejected with it, `because` of that, and what else was asked for is open again; what stood without movement for
    what only these parts lacked moves again. Raises `Impossible`."""
    record = case.record
    refuse([fault for fault in open_faults(record) if fault.code != "change-waiting"])
    received, numbers = sure(record.received), tuple(dict.fromkeys(parts)) or record.standing
    faults = [Fault("part-withdrawn", "parts") for part in numbers if part in record.withdrawn]
    unknown = (part for part in numbers if not 1 <= part <= len(received.parts))
    faults += [Fault("part-unknown", "parts") for _ in unknown]
    if (said_by == "sender") != (received.channel == "notice"):
        faults.append(Fault("withdrawn-by", "said_by"))
    refuse(faults)
    fact = ApplicationWithdrawn(
        parts=numbers, said_by=said_by, paper=paper, reason=reason, paid=paid_for(record, numbers)
    )
    facts: list[ApplicationFact] = [fact]
    if record.awaiting:
        facts.insert(0, ChangeRejected(person=sure(record.change).person, reason=because))
    left, then = record.left, supposing(record, facts)
    if left and then.left and not left.reason and not {one.part for one in left.lacking} & set(then.standing):
        days = [_entry_by(one, now, timetable) for one in case.services if one.number in then.standing]
        facts.append(ApplicationMovesAgain(due_by=max(days).isoformat()))
    return facts


def paid_for(record: CaseRecord, parts: Iterable[int]) -> int | None:
    """What was paid for these parts, in kopiykas, as far as anybody answered for it."""
    of_parts = set(parts)
    answers = (one.said for one in record.answers if one.check == "payment" and one.part in of_parts)
    sums = [said["kopiykas"] for said in answers if said.get("kopiykas") is not None]
    return sum(sums) if sums else None


def amend(record: CaseRecord, typed: Case, *, reason: str | None) -> tuple[Case, list[ApplicationFact]]:
    """A case as it should have been typed, `typed` anew as if it came now: with those answers of before that still
    answer it, and the facts that say so. The term stays. Raises `Impossible`."""
    refuse(open_faults(record))
    refuse([*declared_faults(record), *([] if reason else [Fault("reason-missing", "reason")])])
    received, anew, parts_now = sure(record.received), typed.received, record.parts
    refuse([] if (received.received, received.channel) == (anew.received, anew.channel) else [Fault("visit-stays")])
    due_by = max(part.due_by for part in received.parts)
    withdrawn = [part for number, part in enumerate(parts_now, 1) if number in record.withdrawn]
    days = {key: day for part in parts_now for key, day in (part.shown_on or {}).items()}
    parts = [replace(_shown_then(_same_newcomers(part, received.parts), days), due_by=due_by) for part in anew.parts]
    typed = _as_typed(typed, parts)
    said = {(fact.part, fact.check) for fact in typed.new_facts if isinstance(fact, CheckAnswered)}
    fell: list[FellAway] = []
    for one in record.answers:
        if (one.part, one.check) in said:
            continue
        if _still_answers(one, received.parts, typed):
            typed = typed.answered(part=one.part, check=one.check, said=one.said, source=one.source)
        else:
            fell.append(FellAway(part=one.part, check=one.check))
    fact = ApplicationAmended(
        parts=(*parts, *withdrawn),
        reason=sure(reason),
        applicant=anew.applicant,
        phone=anew.phone,
        withdrawn=tuple(range(len(parts) + 1, len(parts) + len(withdrawn) + 1)),
        fell_away=tuple(fell),
    )
    answered = (one for one in typed.new_facts if isinstance(one, CheckAnswered) and (one.part, one.check) in said)
    return typed, [fact, *answered]


def amended(
    record: CaseRecord, facts: Sequence[ApplicationFact], after: Ruling, now: datetime, timetable: Timetable
) -> list[ApplicationFact]:
    """What is recorded of a case that was typed anew: it moves again if it stood for what it does not lack so."""
    if record.left is None or not record.left.lacking or lacking(after):
        return [*facts]
    return [*facts, ApplicationMovesAgain(due_by=_due_by(after, now, timetable).isoformat())]


def lacking(ruling: Ruling) -> tuple[Lacking, ...]:
    """What each part lacks as it is ruled on: papers and consents that are missing, invalid, or whose term is over."""
    found = ((part.service.number, lacks(part)) for part in ruling.parts)
    return tuple(Lacking(part=number, papers=papers) for number, papers in found if papers)


def lacks(part: PartRuling) -> tuple[str, ...]:
    """The ids of what one part lacks."""
    asked = part.service.asked
    over = (id for id in asked.valid_until if asked.is_over(id))
    refuses = part.decision.decision == "refused"
    return tuple(dict.fromkeys((*part.decision.missing, *sorted(asked.invalid_documents), *(over if refuses else ()))))


def _still_lacking(left: ApplicationLeftWithoutMovement, after: Ruling) -> bool:
    now = {part.service.number: set(lacks(part)) for part in after.parts}
    return any(now.get(one.part, set()).intersection(one.papers) for one in left.lacking)


def _said(part: PartRuling) -> tuple[Any, ...]:
    """All of a ruling on a part that papers may change."""
    found = part.decision
    return found.decision, found.missing, found.grounds, found.barred, part.impossible, part.pending


def _due_by(ruling: Ruling, moment: datetime, timetable: Timetable) -> date:
    return max(_entry_by(part.service, moment, timetable) for part in ruling.parts)


def _entry_by(service: AskedService, moment: datetime, timetable: Timetable) -> date:
    """The last day for the entry of a part whose last paper came at a moment (row 12)."""
    return terms.entry_by(service.card.terms, moment, service.asked.channel, timetable)


def _part(record: CaseRecord, number: int) -> Part:
    return sure(record.received).parts[number - 1]


def _same_newcomers(part: Part, before: Sequence[Part]) -> Part:
    """A part in which whoever is not in the register, and was typed the same before, is the same person."""
    known = {one.particulars: one.person for was in before for one in was.concerned if one.particulars}
    ids = [(one.particulars and known.get(one.particulars)) or one.person for one in part.concerned]
    people = (replace(one, person=id) for one, id in zip(part.concerned, ids, strict=True))
    return part if len(set(ids)) < len(ids) else replace(part, concerned=tuple(people))


def _shown_then(part: Part, days: Mapping[str, str]) -> Part:
    """A part whose papers were shown when they were."""
    keys = [str(one.paper) for one in part.papers or ()]
    return replace(part, shown_on={key: days[key] for key in keys if key in days} or None)


def _as_typed(typed: Case, parts: Sequence[Part]) -> Case:
    """The case with its parts in place of those that were read."""
    services = tuple(replace(one, part=part) for one, part in zip(typed.services, parts, strict=True))
    facts = tuple(replace(fact, parts=tuple(parts)) if fact is typed.received else fact for fact in typed.new_facts)
    received = replace(typed.received, parts=tuple(parts))
    return replace(typed, services=services, new_facts=facts, record=replace(typed.record, received=received))


def _still_answers(one: CheckAnswered, before: Sequence[Part], typed: Case) -> bool:
    """Whether an answer answers what is asked now: the same service for the same people asks for it still, and what it
    speaks of is the same; a payment is for a service and for so many."""
    now = next((service for service in typed.services if service.number == one.part), None)
    was = before[one.part - 1] if one.part <= len(before) else None
    if now is None or was is None or now.part.asked["service"] != was.asked["service"]:
        return False
    if one.check not in now.required and not checks.may_be_told(now.applied, one.check):
        return False
    if one.check == "payment":
        return len(now.part.concerned) == len(was.concerned)
    same = {one.person for one in now.part.concerned} == {one.person for one in was.concerned}
    return same and (one.check not in _OF_DWELLING or now.part.dwelling == was.dwelling)

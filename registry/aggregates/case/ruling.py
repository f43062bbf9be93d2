"""What is ruled on a case: each part decided by its card, and everything that then is to be recorded of whom.

One ruling serves all: «чи можна?» prints it, deciding appends it. The law is decided in `services/decision.py`; here
its outcome becomes facts, with what the register records about people from `effects.py`. Nothing is refused while
ruling: what stands in the way is part of the ruling, and whoever acts on it insists on what they need.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from registry.aggregates.case.case import AskedService, Case, asks_for_owner
from registry.aggregates.case.effects import Effects, Granted, effects
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationRefused,
    Bar,
    ChangeRequested,
    Charge,
    Following,
    Part,
    RefusalGround,
)
from registry.aggregates.case.holdings import NOTHING, Holdings, noted, testimony
from registry.aggregates.case.past import WAITS_FOR, acted_earlier
from registry.aggregates.case.state import Outcome
from registry.aggregates.case.the_dead import filed_by_dead, files, of_the_dead
from registry.aggregates.case.witness import under_14, witnessed
from registry.aggregates.case.written import as_said
from registry.aggregates.person.state import NOBODY, Person, find
from registry.aggregates.person.timeline import lives_in
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation, confirm, refuse, sure
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.decision import Decision, decide, dues
from registry.services.fees import NoPublishedAmount

_TO_APPLICANT = ("applicant_sms", "applicant_diia")


@dataclass(frozen=True, kw_only=True)
class PartRuling:
    """What is ruled on one part: the decision of its card, and what it does to people and dwellings.

    Not `priced`: no amount is published for its year and nobody has said what was paid; then only a bar holds.
    `impossible` and `surprises` are what keeps its effects from being recorded, or asks for confirmation; `pending` is
    what differs from the register while a part before it, about the same person, is not granted: that one might have
    put it right.
    """

    service: AskedService
    decision: Decision
    priced: bool
    effects: Effects = field(default_factory=Effects)
    impossible: tuple[Fault, ...] = ()
    surprises: tuple[Fault, ...] = ()
    pending: tuple[Fault, ...] = ()

    @property
    def lacking(self) -> list[Fault]:
        """The checks without an answer; what is not possible asks for none but the one that makes it so."""
        barred = {one.id for one in self.decision.barred}
        asked = self.service.unanswered if not barred else ("absence",) if barred == {"absence_protected"} else ()
        return [self._lacks(check) for check in self.service.unanswered if check in asked]

    @property
    def corrects(self) -> bool:
        """Whether it changes what the register says of the past, so that a second person has a word (semantics 11)."""
        part = self.service.part
        wrong = any(one.changed and one.changed.corrects for one in part.concerned)
        return self.decision.decision == "granted" and (self.service.asked.does.corrects or wrong)

    def _lacks(self, check: str) -> Fault:
        named = {"part": str(self.service.number), "check": check}
        if check == "payment" and not self.priced:
            return Fault("paid-missing", "checks", named)
        return Fault("check-unanswered", "checks", named)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What is ruled on a case, entered on a day `on`, from what the register held.

    `earlier`: whether it is said to be of an earlier day than row 12 allows, which takes a `reason`; so does a receipt
    that is recorded later.
    """

    case: Case
    on: date
    law: Readings
    holdings: Holdings
    parts: tuple[PartRuling, ...]
    earlier: bool = False
    reason: str | None = None

    def insist(self, *, priced: bool, besides: Sequence[Fault] = (), confirmed: bool = False) -> None:
        """Raises `Impossible` with what stands in the way of the first part that cannot be recorded,
        `NoPublishedAmount` unless it need not be `priced` yet, and `NeedsConfirmation` with what surprises, `besides`
        first, unless it is `confirmed`. Whether somebody died, the register of civil status may have yet to say.
        """
        for part in self.parts:
            if priced and not part.priced:
                raise NoPublishedAmount(part.service.asked.received.year)
            if "civil_status" not in part.service.unanswered:
                refuse(part.impossible)
        confirm([*besides, *(fault for part in self.parts for fault in part.surprises)], confirmed)

    def insist_on_deciding(self, besides: Sequence[Fault] = (), confirmed: bool = False) -> None:
        """Raises what keeps the case from being decided for good: checks without an answer, the reason for an earlier
        day, then the rest; `besides`, `confirmed` as in `insist`."""
        unsaid = [Fault("acted-earlier", "reason")] if self.earlier and not self.reason else []
        refuse([*(fault for part in self.parts for fault in part.lacking), *unsaid])
        refuse([fault for part in self.parts for fault in part.pending])
        self.insist(priced=False, besides=besides, confirmed=confirmed)

    @property
    def outcomes(self) -> list[Outcome]:
        """For each part the fact that says what was decided; texts are for whoever knows the words."""
        later = self.reason if self.earlier else None
        return [replace(_outcome(part, self.on, self.law), recorded_later=later) for part in self.parts]

    @property
    def facts(self) -> dict[UUID, list[Any]]:
        """What is recorded on the streams of people and of dwellings, by stream."""
        found: dict[UUID, list[Any]] = {}
        for part in self.parts:
            made = part.effects
            streams: dict[UUID, Sequence[Any]] = {**made.people, **made.elsewhere, **made.dwellings}
            for stream, recorded in streams.items():
                if recorded and not (stream in found and stream in made.elsewhere):
                    found.setdefault(stream, []).extend(recorded)
        return found

    @property
    def settled(self) -> frozenset[UUID]:
        """The dwellings that somebody comes to live in."""
        return frozenset(home for part in self.parts for home in part.effects.homes)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Why a second person has a word on it, of `WAITS_FOR`; the whole case then waits."""
        holds = (any(part.corrects for part in self.parts), self.case.received.recorded_later, self.earlier)
        return tuple(why for why, found in zip(WAITS_FOR, holds, strict=True) if found)

    @property
    def about(self) -> tuple[str, UUID | None]:
        """What it is about, as a change: the last fact that is recorded of the first person, of a part that corrects
        before others, and of whom; where nothing is recorded of anybody, its first outcome."""
        parts = sorted(self.parts, key=lambda part: not part.corrects)
        concerned = [(one.person, part.effects.people) for part in parts for one in part.service.part.concerned]
        for person, recorded in concerned:
            if facts := recorded.get(person):
                return facts[-1].NAME, person
        return self.outcomes[0].NAME, concerned[0][0] if concerned else None

    @property
    def extracts(self) -> list[PartRuling]:
        """The parts for which an extract is to be formed."""
        return [part for part in self.parts if part.decision.decision == "granted" and part.decision.extract]


def rule(
    case: Case,
    law: Readings = AS_DECIDED,
    *,
    on: date,
    today: date,
    holdings: Holdings = NOTHING,
    confirmed: bool = False,
    reason: str | None = None,
    asked: ChangeRequested | None = None,
) -> Ruling:
    """Rules on every part of a case, each once, as entered `on` a day; each sees what the granted ones before it do.

    Of nobody in `holdings` only the law is asked. `reason` is why the day is an earlier one, without it that of the
    receipt; of a change that was `asked` for, and is ruled on again to be approved, as it was then. Raises `Impossible`
    for a day before the receipt or after today.
    """
    came, late = date.fromisoformat(case.received.received[:10]), case.received.recorded_later
    refuse([] if sure(case.record.ready_on) <= on <= today else [Fault("acted-on-impossible", "acted_on")])
    if asked:
        earlier, reason = "acted_on" in (asked.because or ()), asked.recorded_later
    else:
        paper, hours = case.received.paper_journal, holdings.timetable
        earlier = acted_earlier([one.part for one in case.services], came, paper, on=on, today=today, timetable=hours)
    people, homes = dict(holdings.people), dict(holdings.homes)
    parts: list[PartRuling] = []
    for taken in case.services:
        held = replace(holdings, people=people, homes=homes)
        service, differs = _witnessed(case, taken, held, parts, today) if people else (taken, ())
        part = _judged(service, law, on, people, holdings)
        if not case.version or part.decision.decision == "granted":
            filed = () if case.version else filed_by_dead(service, people)
            part = replace(part, impossible=(*filed, *of_the_dead(service, people), *_unnamed(service, people)))
        part = _beside_register(part, differs, parts, case)
        if people and not (part.impossible or part.pending) and part.priced and part.decision.decision == "granted":
            granted = Granted(
                application=case.id,
                part=service.part,
                asked=service.asked,
                on=sure(part.decision.effective_on),
                homes=homes,
                ids=holdings.ids,
                listing=holdings.listing,
                filed_by=service.part.applicant or filed_by(service, parts),
            )
            part = _carried_out(part, granted, people, today, confirmed)
            people |= part.effects.after
            homes |= {id: noted(homes[id], facts, today) for id, facts in part.effects.dwellings.items()}
        parts.append(part)
    return Ruling(
        case=case,
        on=on,
        law=law,
        holdings=holdings,
        parts=tuple(parts),
        earlier=earlier,
        reason=(reason or late) if earlier or late else None,
    )


def _witnessed(
    case: Case, service: AskedService, held: Holdings, before: Sequence[PartRuling], today: date
) -> tuple[AskedService, tuple[Fault, ...]]:
    """A part as the register knows it by now, with what was said otherwise; of several people the first is described,
    and the others are those of whom the law says the same. The register was asked of the first part of a case that was
    just taken in, but for who lives in a dwelling."""
    part, does, known, faults = service.part, service.asked.does, None, list[Fault]()
    if service.differs is not None and not before and part.dwelling not in held.residents:
        return service, service.differs
    undone = [one.service for one in before if _not_granted(one) and one.service.of_adult]
    coming = {one.person: service.part.dwelling for service in undone for one in service.part.concerned}
    for one in part.concerned[:1]:
        try:
            found = testimony(part, does, one, held, case.received.notice, filed_by(service, before), today, coming)
        except Impossible as error:
            return service, error.faults
        if part.dwelling in coming.values() and False in (found.lived_in, found.files_from):
            found = replace(found, lived_in=None, files_from=None, awaited=True)
        known, faults = witnessed(as_said(part), found)
    return (service.known_anew(known) if known is not None else service), tuple(faults)


def _beside_register(
    part: PartRuling, differs: tuple[Fault, ...], before: Sequence[PartRuling], case: Case
) -> PartRuling:
    """A part with what the register holds otherwise in its way; what is refused because it was found untrue is in
    nobody's."""
    if part.decision.decision != "granted" and part.service.number in {one.part for one in case.record.untrue}:
        return replace(part, impossible=())
    if not differs or part.impossible:
        return part
    waits = any(_concerns_the_same(one, part.service) for one in before)
    return replace(part, pending=differs) if waits else replace(part, impossible=differs)


def _not_granted(part: PartRuling) -> bool:
    return part.decision.decision != "granted" and not part.service.asked.does.informs


def _concerns_the_same(before: PartRuling, service: AskedService) -> bool:
    """Whether a part that is not granted concerns somebody whom a later one does."""
    people = {one.person for one in before.service.part.concerned}
    return _not_granted(before) and any(one.person in people for one in service.part.concerned)


def filed_by(service: AskedService, before: Sequence[PartRuling]) -> UUID | None:
    """The parent who files: whoever applied for themselves by the part before, where there is one such."""
    if service.asked.applicant.kind != "parent":
        return None
    applied = [part.service for part in before if part.service.asked.applicant.kind == "person"]
    people = {one.person for asked in applied for one in asked.part.concerned}
    return people.pop() if len(people) == 1 else None


def _carried_out(
    part: PartRuling, granted: Granted, people: Mapping[UUID, Person], today: date, confirmed: bool
) -> PartRuling:
    try:
        return replace(part, effects=effects(granted, people, today=today, confirmed=confirmed))
    except Impossible as error:
        return replace(part, impossible=error.faults)
    except NeedsConfirmation as error:
        return replace(part, surprises=error.faults)


def _outside(service: AskedService, held: Holdings) -> bool:
    """Whether a part puts somebody into a dwelling outside this community; a residence that was recorded there already
    may be corrected where it is."""
    part = service.part
    if not service.asked.does.corrects:
        return part.dwelling in held.outside
    if part.now is None or part.now.dwelling not in held.outside:
        return False
    people = ((held.people.get(one.person, NOBODY), one.residence) for one in part.concerned)
    found = [find(person, residence) if residence else None for person, residence in people]
    return not all(was and was.dwelling in held.outside for was in found)


def _unnamed(service: AskedService, people: Mapping[UUID, Person]) -> tuple[Fault, ...]:
    """The owner's side of a dwelling says which one it is, if it asks about a person."""
    missing = people and service.part.concerned and service.part.dwelling is None
    return (Fault("owned-dwelling-missing", "register.dwelling"),) if missing and asks_for_owner(service.asked) else ()


def _unheld(service: AskedService, people: Mapping[UUID, Person], held: Holdings, on: date) -> bool:
    """Whether the owner's side of a dwelling asks for an extract about somebody whom it does not hold."""
    part, (known, day) = service.part, held.asked_as or (people, on)
    if not people or not asks_for_owner(service.asked):
        return False
    return not all(part.dwelling and lives_in(known[one.person], part.dwelling, day) for one in part.concerned)


def _judged(
    service: AskedService, law: Readings, on: date, people: Mapping[UUID, Person], holdings: Holdings
) -> PartRuling:
    """What the card says. Of a year without a published amount due is what was paid, and nothing until that is said."""
    asked, paid, due = service.asked, service.paid, service.published
    priced = due is not None or paid is not None
    sum_paid = paid.kopiykas if paid else None
    if due is None:
        due = dues(asked, sum_paid or 0, service.card)
    if sum_paid is not None and sum_paid < due.fee.kopiykas:
        # Whatever was said of payments: so many fees as the money is enough for.
        asked = replace(asked, payments=min(sure(asked.payments), asked.persons * sum_paid // due.fee.kopiykas))
    due_by = date.fromisoformat(service.part.due_by)
    held = {"outside": _outside(service, holdings), "unheld": _unheld(service, people, holdings, on)}
    held["child_files"] = under_14(files(service, people), asked.received.date())
    found = decide(asked, service.card, law, acted_on=on, paid=sum_paid, due=due, due_by=due_by, **held)
    return PartRuling(service=service, decision=found, priced=priced)


def _outcome(part: PartRuling, on: date, law: Readings) -> Outcome:
    found, stored = part.decision, part.service.part
    judged: dict[str, Any] = {
        "part": part.service.number,
        "card": stored.card,
        "decided_on": on.isoformat(),
        "card_sha256": found.card_sha256,
        "readings": found.readings or None,
    }
    if found.barred:
        bars = tuple(Bar(id=one.id, wording=one.wording, reference=one.reference) for one in found.barred)
        return ApplicationBarred(**judged, barred=bars, text="")
    judged |= {"late": found.late, "charge": _charge(part), "follows": _follows(stored, found, on, law)}
    if found.decision == "granted":
        return ApplicationGranted(**judged, effective_on=sure(found.effective_on).isoformat())
    grounds = tuple(
        RefusalGround(
            id=one.id,
            number=one.number,
            wording=one.wording,
            reference=one.reference,
            facts=one.facts,
            said=one.said,
        )
        for one in found.grounds
    )
    return ApplicationRefused(**judged, grounds=grounds, missing=found.missing, text="")


def _charge(part: PartRuling) -> Charge:
    fee, paid = part.decision.fee, part.service.paid
    return Charge(
        due=fee.kopiykas,
        rule=fee.rule,
        reference=fee.reference,
        paid=paid.kopiykas if paid else None,
        receipt=paid.receipt if paid else None,
    )


def _follows(part: Part, found: Decision, on: date, law: Readings) -> tuple[Following, ...]:
    """One for each person concerned, but to the applicant once; tasks too."""
    silent = (on + timedelta(days=law.days_where_silent)).isoformat()
    listed = [(one.id, "message", one.deadline.isoformat() if one.deadline else silent) for one in found.messages]
    listed += [(one.id, "task", silent) for one in found.tasks]
    return tuple(
        Following(id=id, role=role, deadline=deadline, person=person)
        for id, role, deadline in listed
        for person in ((None,) if id in _TO_APPLICANT else (one.person for one in part.concerned))
    )

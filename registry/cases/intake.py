"""Taking in a case: what the register itself knows is filled in, and whoever can answer a check is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from registry import twice
from registry.aggregates.case.case import AskedService, Case, take_in
from registry.aggregates.case.coming import Coming
from registry.aggregates.case.events import Concerned, Notice, PaperJournal, Part
from registry.aggregates.case.holdings import Holdings, testimony
from registry.aggregates.case.shown import warned_of
from registry.aggregates.case.witness import Held, birth_told, of_another, witnessed
from registry.aggregates.case.written import with_papers
from registry.aggregates.community.state import Here
from registry.aggregates.person.checks import codes_of
from registry.aggregates.person.state import with_shown
from registry.aggregates.values import Fault, Impossible, refuse
from registry.cases import by_person
from registry.cases.as_of import AsOf
from registry.services.adopted import Readings
from registry.services.checks import Registers, may_be_told, plain_answer
from registry.services.headers import SERVICES
from registry.viewer import Viewer

Answers = Sequence[tuple[int, str, Mapping[str, Any]]]
"""What a clerk found: part as it was asked for, counted from 1, check, what was said."""
CLERK = "clerk"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What was asked for at one visit, as typed or sent, everybody named by id: `parts` without card and term; where it
    was written first on `paper`, and the `reason` why it is of an earlier day."""

    parts: Sequence[Part]
    answers: Answers = ()
    office: str | None = None
    applicant: str | None = None
    phone: str | None = None
    notice: Notice | None = None
    transcribed: bool = False
    paper: PaperJournal | None = None
    reason: str | None = None


def taken_in(
    id: UUID,
    visit: Visit,
    *,
    code: str = "",
    held: AsOf,
    registers: Registers,
    machine: str | None = None,
    here: Here,
    now: datetime,
    today: date,
) -> Case:
    """The case of a visit with the checks answered so far: by every connection that can, then by whoever brought it.

    Of several people in one part each becomes a part (`by_person`); what is answered for it is answered for each.
    `machine` names the one that sent it, if no clerk typed it; `now` is the local time of Kyiv, naive; `here` who we
    were on the day of receipt. Raises what `take_in` and `Case.answered` do.
    """
    held.read(one.person for part in visit.parts for one in part.concerned)
    law = here.readings
    taking = _Taking(held=held, community=here.within, today=today, notice=visit.notice)
    taken = [taking.parts(part, law) for part in visit.parts]
    split = [parts for parts, _ in taken]
    case = take_in(
        id,
        parts=[part for parts in split for part in parts],
        code=code,
        office=visit.office,
        applicant=visit.applicant,
        phone=visit.phone,
        coming=Coming(
            machine=machine,
            transcribed=visit.transcribed,
            notice=visit.notice,
            paper=visit.paper,
            reason=visit.reason,
        ),
        timetable=here.timetable,
        now=now,
    )
    first, *further = case.services
    case = replace(case, services=(replace(first, differs=taken[0][1]), *further))
    for number, check, said, source in _connected(case, registers):
        case = case.answered(part=number, check=check, said=said, source=source)
    return _answered(case, visit.answers, split, law, machine or CLERK)


def _answered(case: Case, answers: Answers, split: Sequence[Sequence[Part]], law: Readings, source: str) -> Case:
    """With what a clerk found, who numbers the parts as they were asked for. What was paid for several is shared out
    last, when everything else that decides what is due has been said."""
    last = [0, *accumulate(map(len, split))]
    several = [len(parts) > 1 for parts in split]
    paid = [one for one in answers if one[1] == "payment" and 1 <= one[0] <= len(split) and several[one[0] - 1]]
    for number, check, said in (*(one for one in answers if one not in paid), *paid):
        if not 1 <= number <= len(split):
            refuse([Fault("part-unknown", "part")])
        services = case.services[last[number - 1] : last[number]]
        asked = [one for one in services if check in one.required or may_be_told(one.applied, check)] or services[:1]
        shared: list[tuple[AskedService, Mapping[str, Any]]] = [(one, said) for one in asked]
        if check == "payment" and len(services) > 1 and said.get("kopiykas") is not None:
            shared = by_person.shared_out(asked, said, law)
        for service, own in shared:
            case = case.answered(part=service.number, check=check, said=own, source=source)
    return case


def with_warnings(visit: Visit, held: AsOf, seen_by: Viewer, machine: str | None = None) -> tuple[Visit, list[Fault]]:
    """A visit as if what it says of people was confirmed, and what a desk has to confirm of it. A `machine` is asked
    nothing: of what it only sends whoever decides is asked."""
    warned, parts = list[Fault](), list[Part]()
    for of_visit, part in enumerate(visit.parts):
        concerned = []
        for of_part, one in enumerate(part.concerned):
            found = [*warned_of(one, held.person(one.person)), *_becoming(one, held, seen_by)]
            concerned.append(replace(one, confirmed=codes_of(found)))
            place = f"{f'children.{of_visit - 1}.' if of_visit else ''}register.persons.{of_part}."
            place += "particulars" if one.particulars else "changed.particulars"
            warned += (replace(fault, field=f"{place}.{fault.field}" if fault.field else place) for fault in found)
        parts.append(replace(part, concerned=tuple(concerned)))
    return replace(visit, parts=parts), [] if machine else warned


def _becoming(one: Concerned, held: AsOf, seen_by: Viewer) -> list[Fault]:
    """Whom somebody would be taken for by what is said to have changed."""
    was = held.person(one.person)
    if one.changed is None or not was.entered:
        return []
    now = replace(
        was,
        particulars=replace(was.particulars, **(one.changed.particulars or {})),
        documents=with_shown(was.documents, one.changed.documents),
    )
    return twice.becoming(held.registry, one.person, was, now, seen_by)


def day_of_visit(visit: Visit, today: date) -> date:
    """The day of receipt of a visit, today where none is said; what is no day is refused as it is read."""
    said = str(visit.parts[0].asked.get("received", ""))[:10] if visit.parts else ""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return today


def homes_named(part: Part) -> Iterable[UUID]:
    """The dwellings that a part names: where somebody settles, and that of a corrected residence."""
    return (home for home in (part.dwelling, part.now.dwelling if part.now else None) if home)


def settled_by_minors(case: Case) -> Iterable[UUID]:
    """The dwellings in which somebody under 18 is to settle: who lives there says whether a parent does."""
    for service in case.services:
        if service.asked.does.settles and service.part.dwelling and not service.of_adult:
            yield service.part.dwelling


def _connected(case: Case, registers: Registers) -> Iterable[tuple[int, str, Mapping[str, Any], str]]:
    for service in case.services:
        for check in service.required:
            register = getattr(registers, check)
            answer = register.ask(service.asked) if register else None
            if answer is not None:
                yield service.number, check, plain_answer(answer), register.name


@dataclass(frozen=True, kw_only=True)
class _Taking:
    """What a part is read with: the register as it stands, and how the case came."""

    held: AsOf
    community: str
    today: date
    notice: Notice | None

    def parts(self, part: Part, law: Readings) -> tuple[list[Part], tuple[Fault, ...] | None]:
        """A part as asked for, with what the register knows of everybody: one, or those that it is split into. Of one
        about one person, whose change is one, what the register holds otherwise."""
        several = by_person.names_several(part)
        people = [self._testimony(part, one) for one in (part.concerned if several else part.concerned[:1])]
        day = date.fromisoformat(part.asked["received"][:10])
        born = [birth_told(one.person, day) for one, _ in people] if several else [None]
        subject = by_person.whose(part.asked.get("subject", {}), born) if several else 0
        asked, differs = [], None
        for number, (of_them, heard) in enumerate(people):
            said = part.asked if number == subject else of_another(part.asked, of_them)
            known, faults = witnessed(with_papers(said, by_person.papers_of(part, number)), of_them)
            differs = tuple(faults) if heard else None
            if number != subject:
                said = by_person.besides_subject(dict(said), born[number])
            asked.append((said, known or None))
        if several:
            return by_person.alone(part, asked, law), None
        return [replace(part, asked=dict(said), known=known) for said, known in asked] or [part], differs

    def _testimony(self, part: Part, one: Concerned) -> tuple[Held, bool]:
        """What the register holds of somebody whom a part concerns, and whether that is all of it; nothing where a
        change of it is none, which whoever rules on the case says."""
        does = SERVICES.get(part.asked.get("service", ""))
        person = self.held.person(one.person)
        self.held.read([*(found.dwelling for found in person.residences), *homes_named(part)])
        homes = {found.dwelling: self.held.dwelling(found.dwelling) for found in person.residences}
        homes |= {home: self.held.dwelling(home) for home in homes_named(part)}
        listing = self.held.listing_for([(part, one)], [one.person], homes, self.community)
        people = {id: self.held.person(id) for id in (*self.held.relatives([one]), one.person)}
        held = Holdings(people=people, homes=homes, ids=iter(()), community=self.community, listing=listing)
        if does is None:
            return Held(who=one.person, person=person, homes=homes), False
        try:
            return testimony(part, does, one, held, self.notice, None, self.today), part.applicant is None
        except Impossible:
            return Held(who=one.person, person=person, homes=homes, community=self.community), False

"""Taking in a case: what the register itself knows is filled in, and whoever can answer a check is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from registry.aggregates.case.case import AskedService, Case, take_in
from registry.aggregates.case.coming import Coming
from registry.aggregates.case.events import Concerned, Notice, PaperJournal, Part
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.decisions import enter_person
from registry.aggregates.person.state import Person
from registry.aggregates.values import Fault, refuse
from registry.cases import by_person, prefill
from registry.cases.as_of import AsOf
from registry.services.application import Readings
from registry.services.checks import Registers, plain_answer

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
    community: str,
    law: Readings,
    now: datetime,
    today: date,
) -> Case:
    """The case of a visit with the checks answered so far: by every connection that can, then by whoever brought it.

    Of several people in one part each becomes a part (`by_person`); what is answered for it is answered for each.
    `machine` names the one that sent it, if no clerk typed it; `now` is the local time of Kyiv, naive; `community` the
    beginning of this community's codes. Raises what `take_in` and `Case.answered` do.
    """
    held.read(one.person for part in visit.parts for one in part.concerned)
    split = [_parts(part, held, community, today, law) for part in visit.parts]
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
        now=now,
    )
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
        asked = [one for one in services if check in one.required] or services[:1]
        shared: list[tuple[AskedService, Mapping[str, Any]]] = [(one, said) for one in asked]
        if check == "payment" and len(services) > 1 and said.get("kopiykas") is not None:
            shared = by_person.shared_out(asked, said, law)
        for service, own in shared:
            case = case.answered(part=service.number, check=check, said=own, source=source)
    return case


def homes_named(part: Part) -> Iterable[UUID]:
    """The dwellings that a part names: where somebody settles, and that of a corrected residence."""
    return (home for home in (part.dwelling, part.now.dwelling if part.now else None) if home)


def _connected(case: Case, registers: Registers) -> Iterable[tuple[int, str, Mapping[str, Any], str]]:
    for service in case.services:
        for check in service.required:
            register = getattr(registers, check)
            answer = register.ask(service.asked) if register else None
            if answer is not None:
                yield service.number, check, plain_answer(answer), register.name


def _parts(part: Part, held: AsOf, community: str, today: date, law: Readings) -> list[Part]:
    """A part as asked for, with what the register knows of everybody: one, or those that it is split into."""
    several = by_person.names_several(part)
    people = [_entered(one, held, today) for one in (part.concerned if several else part.concerned[:1])]
    born = [prefill.birth_date(person) for person in people] if several else [None]
    subject = by_person.whose(part.asked.get("subject", {}), born) if several else 0
    asked = []
    for number, person in enumerate(people):
        fill = prefill.filled if number == subject else prefill.filled_for_another
        facts = fill(part.asked, person, _homes(person, held), community) if person.entered else dict(part.asked)
        asked.append(facts if number == subject else by_person.besides_subject(facts, born[number]))
    if several:
        return by_person.alone(part, asked, law)
    return [replace(part, asked=asked[0])] if asked else [part]


def _homes(person: Person, held: AsOf) -> dict[UUID, Dwelling]:
    held.read(one.dwelling for one in person.residences)
    return {one.dwelling: held.dwelling(one.dwelling) for one in person.residences}


def _entered(one: Concerned, held: AsOf, today: date) -> Person:
    """Somebody whom a part concerns, as entered if the register does not hold them yet."""
    person = held.person(one.person)
    if person.entered or one.particulars is None:
        return person
    entered = enter_person(person, particulars=one.particulars, documents=one.documents, today=today)
    return supposing(person, entered, today)

"""Taking in a case: what the register itself knows is filled in, and whoever can answer a check is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry.aggregates.case.case import Case, take_in
from registry.aggregates.case.coming import Coming
from registry.aggregates.case.events import Concerned, Notice, Part
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.decisions import enter_person
from registry.aggregates.person.state import Person
from registry.cases.as_of import AsOf
from registry.cases.prefill import filled
from registry.services.checks import Registers, plain_answer

Answers = Sequence[tuple[int, str, Mapping[str, Any]]]
"""What a clerk found: part, check, what was said."""
CLERK = "clerk"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What was asked for at one visit, as typed or sent, everybody named by id: `parts` without card and term."""

    parts: Sequence[Part]
    answers: Answers = ()
    office: str | None = None
    applicant: str | None = None
    phone: str | None = None
    notice: Notice | None = None
    transcribed: bool = False


def taken_in(
    id: UUID,
    visit: Visit,
    *,
    code: str = "",
    held: AsOf,
    registers: Registers,
    machine: str | None = None,
    community: str,
    now: datetime,
    today: date,
) -> Case:
    """The case of a visit with the checks answered so far: by every connection that can, then by whoever brought it.

    `machine` names the one that sent it, if no clerk typed it; `now` is the local time of Kyiv, naive; `community` the
    beginning of this community's codes. Raises what `take_in` and `Case.answered` do.
    """
    held.read(one.person for part in visit.parts for one in part.concerned)
    case = take_in(
        id,
        parts=[_filled(part, held, community, today) for part in visit.parts],
        code=code,
        office=visit.office,
        applicant=visit.applicant,
        phone=visit.phone,
        coming=Coming(machine=machine, transcribed=visit.transcribed, notice=visit.notice),
        now=now,
    )
    found = [*_connected(case, registers), *((*answer, machine or CLERK) for answer in visit.answers)]
    for number, check, said, source in found:
        case = case.answered(part=number, check=check, said=said, source=source)
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


def _filled(part: Part, held: AsOf, community: str, today: date) -> Part:
    """The part with what the register knows of its subject, who is the first of those concerned."""
    first = part.concerned[0] if part.concerned else None
    if first is None or not (person := _entered(first, held, today)).entered:
        return part
    held.read(one.dwelling for one in person.residences)
    homes = {one.dwelling: held.dwelling(one.dwelling) for one in person.residences}
    return replace(part, asked=filled(part.asked, person, homes, community))


def _entered(one: Concerned, held: AsOf, today: date) -> Person:
    """Somebody whom a part concerns, as entered if the register does not hold them yet."""
    person = held.person(one.person)
    if person.entered or one.particulars is None:
        return person
    entered = enter_person(person, particulars=one.particulars, documents=one.documents, today=today)
    return supposing(person, entered, today)

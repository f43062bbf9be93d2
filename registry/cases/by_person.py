"""Several people in one part of a visit: each is judged alone (T-42), with their own age, papers, refusal and fee.

A part that names several is split at receipt, person by person, before anything is judged. An owner's removal of
several is one by the card, paid for each (card 2, row 9): those for whom the law says the same stay together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from registry.aggregates.case.case import AskedService, facts_of
from registry.aggregates.case.events import Part
from registry.aggregates.case.written import of_person
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault, last_day, refuse, sure
from registry.services import decision, terms
from registry.services.adopted import Readings
from registry.services.application import Subject, read
from registry.services.decision import DEATHS, Decision
from registry.services.headers import SERVICES

ONE_OF_SEVERAL = "owner_application"
"""The ground on which the card removes several at once."""
FILES_FROM = 14
"""The age from which one files for oneself."""
_ANY_DAY = date.min
_RANKS = {"granted": 0, "refused": 1, "not_possible": 2}


def names_several(part: Part) -> bool:
    """Whether a part names more than one person, each once, and as many as it says; else it is refused as a slip."""
    people = {one.person for one in part.concerned}
    return 1 < len(people) == len(part.concerned) and part.asked.get("persons", 1) == len(people)


def whose(subject: Mapping[str, Any], born: Sequence[str | None]) -> int:
    """Which of the people of a part its subject describes: whose birth date it says, else the first."""
    return born.index(subject["born"]) if subject.get("born") in born[1:] and subject["born"] != born[0] else 0


def alone(part: Part, asked: Sequence[tuple[Mapping[str, Any], Any]], law: Readings) -> list[Part]:
    """The parts that a part of several people is split into, in their order; `asked` are the facts of each of them, as
    said and as the register knows more.

    Raises `Impossible` for a death: of whom it is and when, one part says of one person. Raises as `decide` does.
    """
    ground = part.asked.get("ground")
    if ground in DEATHS:
        refuse([Fault("death-of-one", "register.persons")])
    pieces = [
        replace(part, asked=dict(said), known=known, concerned=(who,), papers=papers_of(part, number))
        for number, ((said, known), who) in enumerate(zip(asked, part.concerned, strict=True))
    ]
    if ground != ONE_OF_SEVERAL:
        return [replace(one, asked=_counted(one.asked, 1, one.asked.get("payments"))) for one in pieces]
    groups = _alike(pieces, law)
    if len(groups) == 1:
        return [replace(part, asked=pieces[0].asked, known=pieces[0].known)]
    payments = _dealt(part.asked.get("payments"), groups)
    return [
        replace(
            group[0],
            asked=_counted(group[0].asked, len(group), paid),
            concerned=tuple(one for piece in group for one in piece.concerned),
            papers=tuple(dict.fromkeys(one for piece in group for one in piece.papers or ())) or None,
        )
        for (_, group), paid in zip(groups, payments, strict=True)
    ]


def papers_of(part: Part, number: int) -> tuple[Paper, ...] | None:
    """The papers of one of the people of a part, by their place in it: theirs, and what belongs to none of the
    others."""
    people = [one.person for one in part.concerned]
    return of_person(part.papers, people[number : number + 1], people)


def besides_subject(asked: dict[str, Any], born: str | None) -> dict[str, Any]:
    """The facts of one whom the part names besides its subject, born on a day: a child does not apply, whoever applies
    for themselves. Raises `Impossible` where an age decides and the day is not known."""
    applicant, does = asked.get("applicant", {}), SERVICES.get(asked.get("service", ""))
    if does is None or not (does.settles or does.removes):
        return asked
    if born is None:
        refuse([Fault("birth-date-of-each", "register.persons")])
    if applicant.get("kind", "person") != "person":
        return asked
    if terms.age_on(last_day(sure(born)), date.fromisoformat(asked["received"][:10])) >= FILES_FROM:
        return asked
    return {**asked, "applicant": {**applicant, "kind": "other"}}


def shared_out(
    services: Sequence[AskedService], said: Mapping[str, Any], law: Readings
) -> list[tuple[AskedService, Mapping[str, Any]]]:
    """What was paid for several at once, for each of them what is due of it while the money lasts: those first who are
    granted what they paid for, then the refused. What is over stays with the first."""
    due = [_due(one, said["kopiykas"], services) for one in services]
    order = sorted(range(len(services)), key=lambda number: _RANKS[_judged(services[number], law).decision])
    left, payments = said["kopiykas"], said.get("payments")
    found: dict[int, dict[str, Any]] = {}
    for number in order:
        given = min(due[number], left)
        left -= given
        found[number] = {**said, "kopiykas": given}
        if payments is not None:
            found[number]["payments"] = taken = min(payments, services[number].asked.persons)
            payments -= taken if services[number].asked.ground == ONE_OF_SEVERAL else 0
    found[order[0]]["kopiykas"] += left
    for one in found.values():
        if not one["kopiykas"]:
            one.pop("receipt", None)
    return [(service, found[number]) for number, service in enumerate(services)]


def _due(service: AskedService, kopiykas: int, services: Sequence[AskedService]) -> int:
    """What is due for one, or of a year without a published amount an equal part for each person."""
    if service.published:
        return service.published.fee.kopiykas
    return kopiykas * service.asked.persons // sum(one.asked.persons for one in services)


def _alike(pieces: Sequence[Part], law: Readings) -> list[tuple[Decision, list[Part]]]:
    """The pieces, those together for whom the law says the same of the same facts but the birth date."""
    groups: list[tuple[Subject, Decision, list[Part]]] = []
    for piece in pieces:
        asked = read(facts_of(piece))
        found = _judged(AskedService.of(1, piece, replace(asked, persons=1, payments=1)), law)
        subject = replace(asked.subject, born=_ANY_DAY)
        group = next((group for *known, group in groups if known == [subject, found]), None)
        if group is None:
            groups.append((subject, found, [piece]))
        else:
            group.append(piece)
    return [(found, group) for _, found, group in groups]


def _dealt(payments: int | None, groups: Sequence[tuple[Decision, list[Part]]]) -> list[int | None]:
    """How many of the payments are for each group: first for those who are granted what they paid for."""
    found: list[int | None] = [None] * len(groups)
    if payments is not None:
        for number in sorted(range(len(groups)), key=lambda one: _RANKS[groups[one][0].decision]):
            found[number] = taken = min(payments, len(groups[number][1]))
            payments -= taken
    return found


def _judged(service: AskedService, law: Readings) -> Decision:
    due = service.published or decision.dues(service.asked, 0, service.card)
    return decision.decide(service.asked, service.card, law, due=due)


def _counted(asked: Mapping[str, Any], persons: int, payments: int | None) -> dict[str, Any]:
    """The facts with the number of people that they are of now, and of payments for them, where it was said."""
    paid = {} if payments is None else {"payments": min(payments, persons)}
    return {**asked, "persons": persons, **paid}

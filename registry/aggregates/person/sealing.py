"""The decisions about a former identity: who an adopted person was is sealed (card 4, row 9), or was sealed wrongly."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from registry.aggregates.person.checks import not_entered
from registry.aggregates.person.decisions import deregister_residence
from registry.aggregates.person.events import FormerIdentitySealed, PersonFact, SealAnnulled
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.person.timeline import current, standing, timeline
from registry.aggregates.values import Fault, refuse, sure

People = Mapping[UUID, Person]


def seal(
    person: Person, *, basis: str | None, application: UUID | None = None, successor: UUID | None = None
) -> list[PersonFact]:
    """Who the person was until an adoption, sealed (card 4, row 9)."""
    faults = [*not_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [Fault("already-sealed")] if person.seal else []
    refuse(faults)
    return [FormerIdentitySealed(basis=sure(basis), application=application, successor=successor)]


def seal_removed(
    person: Person, *, id: UUID, basis: str | None, successor: UUID | None, people: People, today: date
) -> list[PersonFact]:
    """The same by hand. A residence that nobody finds could be ended by nobody: by this entry they live nowhere any
    more, or, where they never left, their residence ends as that of the successor begins."""
    faults, ends = list[Fault](), list[PersonFact]()
    lives = [row for row in standing(timeline(person)) if row.until is None]
    now = current(timeline(people.get(successor, NOBODY))) if successor else None
    if successor == id:
        faults.append(Fault("relative-themselves", "successor"))
    elif successor and not people.get(successor, NOBODY).entered:
        faults.append(Fault("person-unknown", "successor"))
    elif lives and not (len(lives) == 1 and now and now.since):
        faults.append(Fault("sealed-lives", "person"))
    refuse(faults)
    if lives and now and now.since:
        residence, until = lives[0].residence, now.since.isoformat()
        ends = deregister_residence(
            person, residence=residence, until=until, ground="moved", today=today, confirmed=True
        )
    return [*seal(person, basis=basis, successor=successor), *ends]


def annul_seal(person: Person, *, basis: str | None) -> list[PersonFact]:
    """The seal was put on a wrong entry."""
    faults = [*not_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [] if person.seal else [Fault("not-sealed")]
    refuse(faults)
    return [SealAnnulled(takes_back=sure(person.seal).version, basis=sure(basis))]

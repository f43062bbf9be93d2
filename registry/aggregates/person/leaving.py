"""What somebody leaves: the dwelling, and the residences that end with the one that they have."""

from uuid import UUID

from registry.aggregates.person.state import Person, Residence, find
from registry.aggregates.person.timeline import current, standing, timeline


def left_home(person: Person, residence: UUID | None) -> UUID | None:
    """The dwelling of the residence that is named, or of the one where somebody now lives."""
    found = find(person, residence) if residence else None
    here = None if residence else current(timeline(person))
    return found.dwelling if found else here.dwelling if here else None


def kept_home(person: Person, residence: UUID | None) -> UUID | None:
    """The dwelling that somebody asks to keep: the one that they leave, else the one that they keep already."""
    kept = [row.dwelling for row in standing(timeline(person)) if row.kept and row.until is None]
    return left_home(person, residence) or (kept[0] if len(kept) == 1 else None)


def carried(person: Person, residence: UUID | None) -> list[UUID]:
    """The residence that is named, or where somebody now lives, with those that it was carried over from, or that it
    took the place of in the same dwelling: a stay that became a residence."""
    here = None if residence else current(timeline(person))
    ends = here.residence if here else residence
    found, chain = find(person, ends) if ends else None, []
    while found:
        chain.append(found.id)
        found = find(person, found.carried_from) if found.carried_from else _replaced(person, found)
    return chain


def _replaced(person: Person, by: Residence) -> Residence | None:
    """The residence that one took the place of, if it had no end of its own and was in the same dwelling."""
    counted = [one for one in person.residences if not (one.past or one.kept or one.annulled) and one.rank < by.rank]
    last = max(counted, key=lambda one: one.rank, default=None)
    return last if last and last.until is None and last.dwelling == by.dwelling else None

"""The list of territories as the register holds it: what may be meant by a case, and whose kept addresses it ends."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.person.state import Person, notes_elsewhere
from registry.aggregates.territory.codes import around
from registry.aggregates.territory.events import entry_id
from registry.aggregates.territory.listing import ListedTerritory, Listing, Sought, plain_name
from registry.app import Registry

_LATEST = 2**62
"""A position behind all that there are."""


def meant(
    registry: Registry, sought: Iterable[Sought], entries: Iterable[UUID] = (), position: int | None = None
) -> Listing:
    """The entries that may be meant by those who look for some, and those that are named by id, as known at a position,
    or now. Asks the database only where there is something to look for."""
    ids, beginnings, names = list(entries), list[str](), list[str]()
    for one in sought:
        if one.typed:
            ids.append(entry_id(one.typed.code, one.typed.kind, one.typed.since))
        ids += [one.entry] if one.entry else []
        beginnings += [beginning for code in one.codes for beginning in around(code)]
        names += [one.name] if one.name else []
    if not (ids or beginnings or names):
        return Listing()
    asked: dict[str, Any] = {"entries": ids, "around": beginnings, "names": names}
    rows = registry.query("territories", "sought", position=_LATEST if position is None else position, **asked)
    return Listing(entries=[_listed(row) for row in rows])


def as_listed(registry: Registry, person: Person, position: int | None = None) -> Person:
    """A person with the day on which the list, as known at a position or now, ends what they keep by it: that is left
    first, before any other act (semantics 3)."""
    rests = {one.territory for one in person.residences if one.kept and one.territory and not one.kept_until}
    if not rests:
        return person
    listing = meant(registry, (), [one for one in rests if one], position)
    kept = tuple(
        replace(one, kept_until=listing.ended(one.territory)) if one.territory in rests and one.kept else one
        for one in person.residences
    )
    return replace(person, residences=kept)


def rests_of(people: Iterable[Person]) -> list[UUID]:
    """The entries by which people keep addresses outside this community."""
    return [note.territory for person in people for note in notes_elsewhere(person) if note.territory]


def listed(
    registry: Registry,
    *,
    on: date | None,
    code: str | None = None,
    name: str | None = None,
    position: int,
    after: UUID | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """The entries of the list as known at a position, those that cover a code and whose name has these words, in their
    order: with `on` those that hold that day, without it all. `after` is the last of the page before."""
    said = {"on": on, "around": around(code) if code else None, "plain": plain_name(name) if name else None}
    return registry.query("territories", "listed", position=position, limit=limit, after=after, **said)


def from_list(registry: Registry) -> Sequence[ListedTerritory]:
    """The entries that came with the list itself, by import."""
    return [_listed(row) for row in registry.query("territories", "from_list")]


def _listed(row: Any) -> ListedTerritory:
    until = row["until"].isoformat() if row["until"] else None
    said = {name: row[name] for name in ("entry", "name", "code", "kind")}
    return ListedTerritory(**said, since=row["since"].isoformat(), until=until)

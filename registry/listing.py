"""The list of territories as the register holds it: what may be meant by a case, and whose kept addresses it ends."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.case.kept import rest_of
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.state import Person, notes_elsewhere
from registry.aggregates.territory.codes import around
from registry.aggregates.territory.events import entry_id
from registry.aggregates.territory.listing import ListedTerritory, Listing, Rest, Sought, plain_name
from registry.app import LATEST, Registry


def meant(
    registry: Registry, sought: Iterable[Sought], rests: Iterable[Rest] = (), position: int | None = None
) -> Listing:
    """The entries that may be meant by those who look for some, and those that kept addresses rest on, as known at a
    position, or now; where one of these has ended, or never was, those too that may cover the address beside it. Asks
    the database only where there is something to look for."""
    sought, rests = list(sought), list(rests)
    found = _found(registry, sought, rests, position)
    ended = [one for one in rests if found.ended(one)]
    if not ended:
        return found
    codes = {one.entry: one.code for one in found.entries}
    beside = [Sought(code=one.code or codes.get(one.entry)) for one in ended]
    return _found(registry, [*sought, *beside], rests, position)


def _found(registry: Registry, sought: Sequence[Sought], rests: Sequence[Rest], position: int | None) -> Listing:
    ids, beginnings, names = [one.entry for one in rests], list[str](), list[str]()
    for one in sought:
        if one.typed:
            ids.append(entry_id(one.typed.code, one.typed.kind, one.typed.since))
        ids += [one.entry] if one.entry else []
        beginnings += [beginning for code in one.codes for beginning in around(code)]
        names += [one.name] if one.name else []
    if not (ids or beginnings or names):
        return Listing()
    asked: dict[str, Any] = {"entries": ids, "around": beginnings, "names": names}
    rows = registry.query("territories", "sought", position=LATEST if position is None else position, **asked)
    entries = [_listed(row) for row in rows]
    return Listing(entries=entries, gone=frozenset(one.entry for one in rests) - {one.entry for one in entries})


def as_listed(
    registry: Registry, person: Person, position: int | None = None, *, home: Callable[[UUID], Dwelling]
) -> Person:
    """A person with the day on which the list, as known at a position or now, ends what they keep by it: that is left
    first, before any other act (semantics 3). `home` reads a dwelling, whose code tells by what else it is listed."""
    kept = {one.id: one for one in person.residences if one.kept and one.territory and not one.kept_until}
    if not kept:
        return person
    noted = {one.territory: one.list_since for one in person.occupied}
    rests = {id: Rest(entry=one.territory, since=noted.get(one.territory)) for id, one in kept.items() if one.territory}
    listing = meant(registry, (), rests.values(), position)
    ended = [id for id, rest in rests.items() if listing.ended(rest)]
    for id in ended:
        names = home(kept[id].dwelling).names
        rests[id] = replace(rests[id], code=names[-1].address.katottg if names else None)
    listing = meant(registry, (), rests.values(), position) if ended else listing
    residences = tuple(
        replace(one, kept_until=listing.ended(rests[one.id])) if one.id in rests else one for one in person.residences
    )
    return replace(person, residences=residences)


def rests_of(people: Iterable[Person]) -> list[Rest]:
    """What people keep addresses outside this community by."""
    notes = (note for person in people for note in notes_elsewhere(person))
    return [rest for note in notes if (rest := rest_of(note))]


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

"""Who answers in the place of an entry that was merged (semantics 1.9), as known at a position."""

from collections.abc import Iterable
from uuid import UUID

from registry import ukrainian
from registry.app import Registry
from registry.projections import merged as merged_projection


def merged_entry(registry: Registry, name: str, position: int) -> UUID | None:
    """The merged entry that has this id, or had this import ref or УНЗР; None if there is none."""
    rows = registry.query("merged", "called", mark=name, id=_id(name), position=position)
    return rows[0]["person"] if rows else None


def survivor_of(registry: Registry, entry: UUID, position: int) -> UUID | None:
    """Who answers for an entry, also where that one was merged in turn; None if it was not merged."""
    rows = registry.query("merged", "survivor", person=entry, position=position)
    return rows[0]["survivor"] if rows else None


def answering(registry: Registry, name: str, position: int) -> UUID | None:
    """Who answers to the id, ref or УНЗР of a merged entry; None if it is of none. A ref and a number are free for
    others: ask first for whoever has them in force."""
    entry = merged_entry(registry, name, position)
    return survivor_of(registry, entry, position) if entry else None


def found_by(registry: Registry, line: str, position: int) -> tuple[list[UUID], list[UUID]]:
    """Who answers for the entries that were called so: by a mark, a number or an id, and by the names alone."""
    number, names, id = ukrainian.number_key(line), ukrainian.names_key(line), _id(line.strip())
    by_number = [row["person"] for row in registry.query("merged", "keyed", keys=[number], position=position)]
    named = [merged_projection.NAMED + (names or "")]
    by_names = [row["person"] for row in registry.query("merged", "keyed", keys=named, position=position)]
    found = []
    for entries in ([*by_number, *([id] if id else [])], by_names):
        stays = (survivor_of(registry, one, position) for one in entries)
        found.append(list(dict.fromkeys(filter(None, stays))))
    return found[0], found[1]


def entries_of(registry: Registry, people: Iterable[UUID], position: int) -> list[UUID]:
    """The entries in whose place one of these people answers, directly or not."""
    rows = registry.query("merged", "into", people=list(people), position=position)
    return [row["person"] for row in rows]


def ever_into(registry: Registry, person: UUID, position: int) -> list[UUID]:
    """The entries that were merged into this very one, also where that was taken back since."""
    return [row["person"] for row in registry.query("merged", "ever_into", person=person, position=position)]


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None

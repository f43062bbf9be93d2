"""Who answers in the place of an entry that was merged (semantics 1.9), as known at a position."""

from collections.abc import Iterable
from uuid import UUID

from registry import ukrainian
from registry.aggregates.values import id_of
from registry.app import LATEST, Registry
from registry.projections import merged as merged_projection


def merged_entry(registry: Registry, name: str, position: int) -> UUID | None:
    """The merged entry that has this id, or had this import ref or УНЗР; None if there is none."""
    rows = registry.query("merged", "called", mark=name, id=id_of(name), position=position)
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


def found_by(registry: Registry, line: str, *, names: bool) -> list[UUID]:
    """Who answers now for the entries that were called so: by a mark, a number or an id, or else by `names`."""
    marks, key = [ukrainian.number_key(line)], ukrainian.names_key(line) if names else None
    keys = [*marks, merged_projection.NAMED + key] if key else marks
    rows = registry.query("merged", "keyed", keys=keys, marks=marks, id=id_of(line.strip()), position=LATEST)
    rows = [row for row in rows if row["by_mark"]] or rows
    found = (survivor_of(registry, row["person"], LATEST) for row in rows)
    return list(dict.fromkeys(filter(None, found)))


def entries_of(registry: Registry, people: Iterable[UUID], position: int) -> list[UUID]:
    """The entries in whose place one of these people answers, directly or not."""
    rows = registry.query("merged", "into", people=list(people), position=position)
    return [row["person"] for row in rows]


def ever_into(registry: Registry, person: UUID, position: int) -> list[UUID]:
    """The entries that were merged into this very one, also where that was taken back since."""
    return [row["person"] for row in registry.query("merged", "ever_into", person=person, position=position)]

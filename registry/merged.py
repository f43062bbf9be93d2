"""Who answers in the place of an entry that was merged (semantics 1.9), as known at a position."""

from collections.abc import Iterable
from uuid import UUID

from registry.app import Registry


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


def entries_of(registry: Registry, people: Iterable[UUID], position: int) -> list[UUID]:
    """The entries in whose place one of these people answers, directly or not."""
    rows = registry.query("merged", "into", people=list(people), position=position)
    return [row["person"] for row in rows]


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None

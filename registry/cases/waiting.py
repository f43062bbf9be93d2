"""What waits for a second person about somebody or about a dwelling, as known at a position (semantics 11).

Until it is approved the register says what it said: whoever looks, or asks for an extract, is told that it may change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry.aggregates.case.events import ChangeApproved, ChangeRequested
from registry.aggregates.values import Entry
from registry.app import Registry


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits: the entry that asks for it says what, by whom and since when."""

    asked: Entry

    @property
    def change(self) -> ChangeRequested:
        change: ChangeRequested = self.asked.fact
        return change


def of_person(registry: Registry, person: UUID, position: int) -> list[Waiting]:
    """The changes that wait about somebody at a position, the oldest first."""
    rows = registry.query("applications", "waiting_of_person", person=person, position=position)
    return [one for one in _asked(registry, rows, position) if person in one.change.people]


def of_dwelling(registry: Registry, dwelling: UUID, position: int) -> list[Waiting]:
    """The changes that wait at a position about who lives in a dwelling: those that name it, and those about whoever
    is registered there."""
    rows = registry.query("applications", "waiting_of_dwelling", dwelling=dwelling, position=position)
    found = _asked(registry, rows, position)
    about = list({person for one in found for person in one.change.people})
    asked = {"dwelling": dwelling, "people": about, "position": position}
    inside = registry.query("residences", "residents_among", **asked) if about else []
    residents = {row["person"] for row in inside}
    return [one for one in found if residents.intersection(one.change.people) or _names(one.change, dwelling)]


def asked_by(registry: Registry, entries: Iterable[Entry]) -> dict[UUID, Entry]:
    """Who asked for what a second person approved: of the entries that an approval recorded, the one that had asked, by
    the command of the approval."""
    commands = list({entry.command for entry in entries})
    rows = registry.query("applications", "approvals", commands=commands) if commands else []
    streams = registry.of_streams([row["application"] for row in rows]) if rows else {}
    return {
        one.command: asked
        for entries in streams.values()
        for one in entries
        if isinstance(one.fact, ChangeApproved) and (asked := _last_asked(entries, one.position))
    }


def _asked(registry: Registry, rows: Sequence[Mapping[str, Any]], position: int) -> list[Waiting]:
    streams = registry.of_streams([row["application"] for row in rows]) if rows else {}
    found = (_last_asked(streams[row["application"]], position) for row in rows)
    return sorted((Waiting(one) for one in found if one), key=lambda one: one.asked.position)


def _last_asked(entries: Sequence[Entry], position: int) -> Entry | None:
    known = (one for one in reversed(entries) if one.position <= position)
    return next((one for one in known if isinstance(one.fact, ChangeRequested)), None)


def _names(change: ChangeRequested, dwelling: UUID) -> bool:
    """Whether a change puts somebody into a dwelling, takes them out of it, or says something of it."""
    streams = {home.dwelling for home in change.homes} | {one.stream for one in change.streams}
    return dwelling in streams or any(_says(said, str(dwelling)) for one in change.streams for said in one.facts)


def _says(said: Any, dwelling: str) -> bool:
    match said:
        case dict():
            return any(_says(one, dwelling) for one in said.values())
        case list() | tuple():
            return any(_says(one, dwelling) for one in said)
    return str(said) == dwelling

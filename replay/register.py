"""The register on a day of the law, as it stood at a position: folded from the log, never from a projection."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling, address_on
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry
from registry.app import Registry
from registry.seals import is_sealed_from
from registry.viewer import Viewer, insist, insist_on_everything
from replay import answers
from replay.engine import Stretch

Progress = Callable[[int], None]
Gone = dict[UUID, tuple[UUID, int, tuple[str | None, ...]]]
"""Entries that were merged: who answers in the place of each, since which position, and what it was called."""


def on_day(
    registry: Registry,
    day: date,
    position: int,
    name: str | None = None,
    progress: Progress = lambda facts: None,
    *,
    seen_by: Viewer,
) -> list[dict[str, Any]] | None:
    """Where everybody lives on a day: `{"person_ref", "person_id", "residences": [...]}` by person_ref; with `name`
    (id, import ref or УНЗР) only that person's, also if they live nowhere, or theirs who answers for an entry that was
    merged; None if nobody is called so. Raises `Hidden`: of everybody for whoever does not see everything."""
    if name is None:
        insist_on_everything(seen_by)
    people, dwellings, gone = _folded(registry, position, name, progress)
    people = {id: person for id, person in people.items() if str(id) == name or not is_sealed_from(seen_by, id)}
    insist(seen_by, *people)
    if name is not None and not people:
        answering = _answering(gone, name)
        return on_day(registry, day, position, str(answering), progress, seen_by=seen_by) if answering else None
    rows = [
        {
            "person_ref": person.ref or str(stream),
            "person_id": str(stream),
            "residences": [_row(one, dwellings, day) for one in answers.residence_on(person, day)],
        }
        for stream, person in people.items()
    ]
    kept = rows if name is not None else [row for row in rows if row["residences"]]
    return sorted(kept, key=lambda row: row["person_ref"])


def _folded(
    registry: Registry, position: int, name: str | None, progress: Progress
) -> tuple[dict[UUID, Person], dict[UUID, Dwelling], Gone]:
    """The people, those of the name alone if one is given, the dwellings, and the entries that were merged."""
    gone: Gone = {}
    people: dict[UUID, Person] = {}
    dwellings: dict[UUID, Dwelling] = {}
    for stream, entries in _streams(registry, position, progress):
        aggregate = AGGREGATE_OF[entries[0].fact.NAME]
        if aggregate == "dwelling":
            dwellings[stream] = dwelling_state.fold(entries)
        elif aggregate == "person":
            person = person_state.fold(entries)
            called = (str(stream), person.ref, person.particulars.unzr)
            if person.entered and (name is None or name in called):
                people[stream] = person
            elif person.merged:
                before = person.merged.before
                since = entries[person.merged.version - 1].position
                gone[stream] = (person.merged.says.survivor, since, (str(stream), before.ref, before.particulars.unzr))
    return people, dwellings, gone


def _answering(gone: Gone, name: str) -> UUID | None:
    """Who answers to what a merged entry was called, of several the one that was merged last; nobody where a journal of
    elsewhere holds a circle."""
    called = [id for id, (_, _, names) in gone.items() if name in names]
    there = max(called, key=lambda id: gone[id][1], default=None)
    left = dict(gone)
    while there in left:
        there = left.pop(there)[0]
    return None if there in gone else there


def _streams(registry: Registry, position: int, progress: Progress) -> Iterator[tuple[UUID, Sequence[Entry]]]:
    return ((entries[0].stream, entries) for entries in registry.streams(position, progress))


def _row(one: Stretch, dwellings: dict[UUID, Dwelling], day: date) -> dict[str, Any]:
    dwelling = dwellings.get(one.residence.dwelling)
    named = dwelling if dwelling and dwelling.names else None
    address = texts.address_label(address_on(named, day)) if named else texts.TEXTS["address"]["unknown"]
    return {
        **answers.stretch_json(one),
        "dwelling_ref": (dwelling.ref if dwelling else None) or str(one.residence.dwelling),
        "address": address,
        "certain": answers.covers(one, day, date.fromordinal(day.toordinal() + 1)),
    }

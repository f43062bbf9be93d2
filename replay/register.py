"""The register on a day of the law, as it stood at a position: from the log, never from a projection. One person is
folded from their stream, everybody set by set (`whole.py`)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.dwelling.state import fold
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, id_of
from registry.app import Registry
from registry.seals import is_sealed_from
from registry.viewer import OPEN, Viewer, insist, insist_on_everything
from replay import answers, whole

Progress = Callable[[int], None]


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
        rows = whole.everybody(registry, day, position, progress)
        return rows if seen_by is OPEN else [row for row in rows if _may_be_told(seen_by, UUID(row["person_id"]))]
    people, homes = _of_name(registry, day, position, name)
    people = {id: person for id, person in people.items() if str(id) == name or not is_sealed_from(seen_by, id)}
    insist(seen_by, *people)
    if not people:
        answering = _answering(registry, position, name)
        return on_day(registry, day, position, str(answering), progress, seen_by=seen_by) if answering else None
    rows = []
    for stream, person in people.items():
        there = answers.residence_on(person, day)
        residences = [whole.residence(one, homes.get(one.residence.dwelling), day) for one in there]
        rows.append(whole.of_person(person, stream, residences))
    return sorted(rows, key=lambda row: row["person_ref"])


def _may_be_told(seen_by: Viewer, person: UUID) -> bool:
    """Whether no seal hides somebody. Raises `Hidden` if anything else does."""
    if is_sealed_from(seen_by, person):
        return False
    insist(seen_by, person)
    return True


def _of_name(
    registry: Registry, day: date, position: int, name: str
) -> tuple[dict[UUID, Person], dict[UUID, whole.Called | None]]:
    """Whoever is called so, and what the dwellings are called in which they ever lived, from their streams alone. Where
    these are is looked up as in an index; that they are who is asked about, and all that is answered, is folded from
    the log."""
    found = {row["person"] for row in registry.query("people", "called", **_called(position, name))}
    streams = _streams(registry, [*found, *filter(None, [id_of(name)])], position, "person")
    folded = {stream: person_state.fold(entries) for stream, entries in streams.items()}
    people = {stream: person for stream, person in folded.items() if person.entered and name in _names(stream, person)}
    lived = {one.dwelling for person in people.values() for one in person.residences}
    homes = _streams(registry, lived, position, "dwelling")
    return people, {stream: whole.called(stream, fold(entries), day) for stream, entries in homes.items()}


def _answering(registry: Registry, position: int, name: str) -> UUID | None:
    """Who answers to what a merged entry was called, of several the one that was merged last; nobody where a journal of
    elsewhere holds a circle."""
    there = next((row["person"] for row in registry.query("merged", "called", **_called(position, name))), None)
    left: set[UUID] = set()
    while there is not None and there not in left:
        gone = person_state.fold(_streams(registry, [there], position, "person").get(there, ()))
        if not gone.merged:
            return there if left else None
        if not left and name not in _names(there, gone.merged.before):
            return None
        left.add(there)
        there = gone.merged.says.survivor
    return None


def _called(position: int, name: str) -> dict[str, Any]:
    return {"mark": name, "id": id_of(name), "position": position}


def _names(stream: UUID, person: Person) -> tuple[str | None, ...]:
    return str(stream), person.ref, person.particulars.unzr


def _streams(registry: Registry, streams: Iterable[UUID], position: int, aggregate: str) -> dict[UUID, Sequence[Entry]]:
    """The entries of those of the streams that are of an aggregate, up to a position."""
    asked = sorted(set(streams))
    with registry.datastore.get_connection() as connection:
        found = registry.entries_at(connection, asked, position)
    return {one: said for one, said in found.items() if AGGREGATE_OF[said[0].fact.NAME] == aggregate}

"""The register as an act will leave it: what an extract that is asked for at the same visit states (semantics 9).

Worked out before the lock, from the log as the decision saw it and the facts that the act is to record; the rows are
those that the projections will make of them. The act has to insist that nothing of it changed meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, supposed
from registry.app import Line, Registry
from registry.extracts import stated
from registry.extracts.sources import of_aggregate
from registry.extracts.stated import Row, Stated
from registry.projections import dwellings, history, people, residences

_AFTER = 2**63
"""Later than every position: from where on a row is believed that the act makes."""


class AfterAct:
    """A source of extracts (`extracts.sources.Source`).

    `facts` are those that the act records, by stream; `versions` those of the streams that the decision saw: of another
    stream the last one is taken. `unchanged`: dwellings, each with the position since which nobody may have come or
    gone.
    """

    read_at = 0

    def __init__(
        self, registry: Registry, *, facts: Mapping[UUID, Sequence[Any]], versions: Mapping[UUID, int], today: date
    ) -> None:
        self.registry, self.facts, self.versions, self.today = registry, facts, versions, today
        self.unchanged: list[tuple[UUID, int]] = []
        self._before: dict[UUID, list[Entry]] = {}

    @property
    def as_read(self) -> list[Line]:
        """The versions of everything that was read, for the act to insist on."""
        return [(id, [], len(before)) for id, before in self._before.items()]

    def people(self, ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        self._read(ids)
        return {id: person_state.fold(self._after("person", id)) for id in ids}

    def dwelling(self, id: UUID) -> Dwelling:
        self._read([id])
        return dwelling_state.fold(self._after("dwelling", id))

    def of_person(self, id: UUID, *, on: date, within: str, history: bool, asked_for: str | None) -> Stated:
        person = self.people([id])[id]
        rows = self._residences(id, person)
        self._read(row["dwelling"] for row in rows)
        called = [{**row, **stated.called(self._names(row["dwelling"]), on, row["until"])} for row in rows]
        found = next(_rows(people, id, person), None)
        return stated.by_rows(found, called, on=on, within=within, history=history, asked_for=asked_for)

    def of_dwelling(self, id: UUID, *, on: date) -> Stated:
        self.dwelling(id)
        position = self.registry.position()
        self.unchanged.append((id, position))
        found = self.registry.query("residences", "registered_in_dwelling", dwelling=id, position=position, on=on)
        touched = [stream for stream, made in self.facts.items() if AGGREGATE_OF[made[0].NAME] == "person"]
        everybody = self.people(list({*touched, *(row["person"] for row in found)}))
        there = [
            {**name, **row}
            for stream, person in everybody.items()
            for name in _rows(people, stream, person)
            for row in self._residences(stream, person)
            if row["dwelling"] == id and stated.is_there(row, on)
        ]
        return stated.by_residents(sorted(there, key=lambda row: (row["sort_key"], row["person"])))

    def called(self, id: UUID, on: date) -> str | None:
        """What a dwelling was called on a day."""
        return stated.called_on(self._names(id), on)

    def _read(self, ids: Iterable[UUID]) -> None:
        new = [id for id in dict.fromkeys(ids) if id not in self._before]
        found = self.registry.of_streams(new) if new else {}
        for id in new:
            entries = found.get(id, [])
            self._before[id] = entries[: self.versions.get(id, len(entries))]

    def _after(self, aggregate: str, id: UUID) -> list[Entry]:
        before = self._before[id]
        return of_aggregate(aggregate, [*before, *supposed(self.facts.get(id, ()), len(before), self.today)])

    def _residences(self, id: UUID, person: Person) -> list[Row]:
        """The rows of a person in the order of `for_extract`."""
        view = partial(residences.view, id)
        before = of_aggregate("person", self._before[id])
        known = history.versions(before, residences.FOLD, residences.EMPTY, view)
        believed = {tuple(row): known_from for *row, known_from, known_until in known if known_until is None}
        rows = [{**_named(residences, row), "known_from": believed.get(row, _AFTER)} for row in view(person)]
        return sorted(rows, key=stated.newest_first)

    def _names(self, home: UUID) -> list[Row]:
        return list(_rows(dwellings, home, self.dwelling(home)))


def _rows(projection: Any, id: UUID, state: Any) -> Iterator[Row]:
    return (_named(projection, row) for row in projection.view(id, state))


def _named(projection: Any, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(projection.COLUMNS, row, strict=True))

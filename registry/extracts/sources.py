"""Where what an extract states comes from: the register as known at a position, or as an act will leave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry
from registry.app import Registry
from registry.extracts import stated
from registry.extracts.stated import Stated
from registry.storage.recorder import Connection


class Source(Protocol):
    """A register that an extract can state."""

    @property
    def read_at(self) -> int:
        """The position of which it is; 0 where that is the act's own, which is yet to come."""

    def people(self, ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """Those people; `NOBODY` for an id of nothing, or of something else."""

    def dwelling(self, id: UUID) -> Dwelling:
        """The dwelling; `NOWHERE` for an id of nothing, or of something else."""

    def of_person(self, id: UUID, *, on: date, within: str, history: bool, asked_for: str | None) -> Stated:
        """As `stated.of_person`."""

    def of_dwelling(self, id: UUID, *, on: date) -> Stated:
        """As `stated.of_dwelling`."""


@dataclass(frozen=True, slots=True)
class Known:
    """The register as known at a position, all of it read on one connection."""

    registry: Registry
    connection: Connection
    read_at: int

    def people(self, ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        found = self.registry.entries_at(self.connection, ids, self.read_at)
        return {id: person_state.fold(of_aggregate("person", found.get(id, ()))) for id in ids}

    def dwelling(self, id: UUID) -> Dwelling:
        found = self.registry.entries_at(self.connection, [id], self.read_at)
        return dwelling_state.fold(of_aggregate("dwelling", found.get(id, ())))

    def of_person(self, id: UUID, **asked: Any) -> Stated:
        return stated.of_person(self.connection, id, position=self.read_at, **asked)

    def of_dwelling(self, id: UUID, *, on: date) -> Stated:
        return stated.of_dwelling(self.connection, id, position=self.read_at, on=on)


def of_aggregate(aggregate: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries of a stream if it is of such an aggregate: an id may be of something else."""
    return [entry for entry in entries if AGGREGATE_OF[entry.fact.NAME] == aggregate]

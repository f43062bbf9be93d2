"""The register as it stood at a position, so that an answer given once is the same when it is asked for again."""

from typing import Any, cast
from uuid import UUID

from registry.aggregates.case import state as application_state
from registry.aggregates.case.state import Application
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry
from registry.app import Registry


class _Earlier:
    """Streams up to a position; whatever else is asked, the register itself answers."""

    def __init__(self, registry: Registry, position: int) -> None:
        self._registry, self._position = registry, position

    def __getattr__(self, name: str) -> Any:
        return getattr(self._registry, name)

    def entries(self, id: UUID) -> list[Entry]:
        return [entry for entry in self._registry.entries(id) if entry.position <= self._position]

    def person(self, id: UUID) -> Person:
        return person_state.fold(self.entries(id))

    def dwelling(self, id: UUID) -> Dwelling:
        return dwelling_state.fold(self.entries(id))

    def application(self, id: UUID) -> Application:
        return application_state.fold(self.entries(id))


def earlier(registry: Registry, position: int) -> Registry:
    """The register whose people, dwellings and applications are those of a position; for reading only."""
    return cast(Registry, _Earlier(registry, position))

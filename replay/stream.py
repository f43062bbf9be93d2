"""One stream of the log, folded once for all who look at it."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from types import ModuleType
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.values import Entry
from registry.projections import history, runner

Fold = Callable[[Iterable[Entry], Any], Any]


class Stream:
    """The entries of a stream, whose it is, the `kinds` of its facts, and its states."""

    def __init__(self, entries: Sequence[Entry]):
        self.entries = entries
        self.id: UUID = entries[0].stream
        self.aggregate = AGGREGATE_OF[entries[0].fact.NAME]
        self.kinds = {type(entry.fact) for entry in entries}
        self._acts: dict[Fold, list[tuple[int, Any]]] = {}

    @cached_property
    def persons(self) -> list[Person]:
        """The person of a person's stream: nobody, then as each fact left them."""
        return list(accumulate(self.entries, person_state.evolve, initial=NOBODY))

    def after_acts(self, projection: ModuleType) -> list[tuple[int, Any]]:
        """The states that a projection is a view of, as `history.after_acts`; none where it needs facts of other
        kinds."""
        if not runner.may_have_rows(projection, self.kinds):
            return []
        fold: Fold = projection.FOLD
        if fold not in self._acts:
            self._acts[fold] = self._folded(fold, projection.EMPTY)
        return self._acts[fold]

    def _folded(self, fold: Fold, empty: Any) -> list[tuple[int, Any]]:
        if fold is not person_state.fold:
            return history.after_acts(self.entries, fold, empty)
        after = zip(self.entries, (*self.entries[1:], None), self.persons[1:], strict=True)
        return [
            (entry.position, person)
            for entry, following, person in after
            if following is None or following.recorded_at != entry.recorded_at
        ]

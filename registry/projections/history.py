"""What every bitemporal projection shares: from the entries of one stream to rows with the positions that say so.

An act is all entries of one recorded time; a row is believed from the position of the stream's last fact in the act
that made it so to that of the act that made it otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from registry.aggregates.values import Entry

View = Callable[[Any], Iterable[tuple]]
Fold = Callable[[Iterable[Entry], Any], Any]


def versions(entries: Sequence[Entry], fold: Fold, empty: Any, view: View) -> list[tuple]:
    """Every row that was ever believed of a stream: the view's columns, `known_from`, `known_until` (None: still)."""
    return believed(after_acts(entries, fold, empty), view)


def after_acts(entries: Sequence[Entry], fold: Fold, empty: Any) -> list[tuple[int, Any]]:
    """The last position of the stream in each act, and the state after it."""
    states: list[tuple[int, Any]] = []
    state = empty
    for _, act in groupby(entries, key=attrgetter("recorded_at")):
        of_act = list(act)
        state = fold(of_act, state)
        states.append((of_act[-1].position, state))
    return states


def believed(states: Iterable[tuple[int, Any]], view: View) -> list[tuple]:
    """The rows of states, each with the position of its act."""
    there: dict[tuple, int] = {}
    rows: list[tuple] = []
    for position, state in states:
        now = set(view(state))
        for gone in [row for row in there if row not in now]:
            rows.append((*gone, there.pop(gone), position))
        for row in now:
            there.setdefault(row, position)
    rows.extend((*row, since, None) for row, since in there.items())
    return rows


def changes(before: Any, after: Any, view: View) -> tuple[set[tuple], set[tuple]]:
    """The rows of a stream that an act makes no longer believed, and those that it makes believed."""
    old, new = set(view(before)), set(view(after))
    return old - new, new - old

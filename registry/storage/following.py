"""Following the log: what is told of every act in the act's own transaction, and what is given to facts under the lock.

The door (`app.Registry`) knows no follower by name; `opening.py` hands them in.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.values import Entry, Fault
from registry.storage.recorder import Connection, LogRecorder, Progress
from registry.storage.sending import Sending


@dataclass(frozen=True, slots=True)
class PlaceInLog:
    """Where a fact will stand: the day of its act in Kyiv, the position of the act's last fact, and how many of the
    fact's class come before it in the act."""

    day: date
    last: int
    nth: int


Prepare = Callable[[Connection, Any, PlaceInLog], Any]
"""A fact with what is given under the lock, such as a number. What it raises refuses the act."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A stream that an act appends to: its entries before, and the new ones."""

    stream: UUID
    before: Sequence[Entry]
    new: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Keeps tables up with the log. What it raises fails the act, so it raises only where its own tables refuse.

    `follow` is told of the streams of an act, or of several acts of different streams, in the order of positions; what
    it writes it gives to be sent with the rest. It hears of a fact of a class of `alone` with that act alone, once what
    it follows is written, for it looks at what else is recorded. `refill` fills its empty tables from a log
    that was just loaded, up to a position. `rebuild` remakes a table, by its name, from the log while acts go on, and
    returns the number of its rows; there is none for what the log alone cannot remake. `queries`: the named queries of
    each table that `registry.query` answers. `guards`: its constraints, each with the fault that it stands for.
    """

    follow: Callable[[Sending, Sequence[Touched]], None]
    alone: Set[type] = frozenset()
    refill: Callable[[Connection, int, Progress], None]
    rebuild: Callable[[LogRecorder, str, Progress], int] | None = None
    queries: Mapping[str, Mapping[str, str]]
    guards: Mapping[str, Fault] = field(default_factory=dict)

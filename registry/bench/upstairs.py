"""What the bench measures of the rooms above this one, handed in by the command: it may not call them itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.app import Registry


@dataclass(frozen=True)
class Upstairs:
    """`replay`: everybody on a day, as known at a position. `verify`: how many differences there are. `program`: the
    words that run `hromada` in a process of its own."""

    replay: Callable[[Registry, date, int], Any]
    verify: Callable[[Registry], int]
    program: Sequence[str]

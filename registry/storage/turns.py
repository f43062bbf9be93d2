"""Whose turn it is: so many are at work, the others wait in their order, as long as the work goes on."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic


class NoTurn(Exception):
    """Nobody made room in time, or too many wait already."""


class Turns:
    """`places` may be at work at once, and `waiting` wait (0: all). Whoever waits gives up after `still` seconds in
    which nobody has finished or said that they are `working`, and after `most` seconds anyway. Who ends with a `broken`
    has not finished: that others fail is no sign that the work goes on."""

    def __init__(
        self, places: int, *, waiting: int = 0, still: float, most: float, broken: type[Exception] = Exception
    ):
        self._places = self._free = places
        self._waiting, self._still, self._most, self.broken = waiting, still, most, broken
        self._queue: deque[Event] = deque()
        self._lock, self._finished, self._working = Lock(), 0.0, 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn for the length of the block. Raises `NoTurn`."""
        self.take()
        finished = True
        try:
            yield
        except self.broken:
            finished = False
            raise
        finally:
            self.give_back(finished=finished)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Says for the length of the block that whoever has a turn waits for nobody else."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working, self._finished = self._working - 1, monotonic()

    @property
    def at_work(self) -> int:
        """How many have a turn."""
        return self._places - self._free

    def take(self) -> None:
        """Waits for a turn, which `give_back` ends. Raises `NoTurn`."""
        asked = monotonic()
        with self._lock:
            if self._free and not self._queue:
                self._free -= 1
                return
            if self._waiting and len(self._queue) >= self._waiting:
                raise NoTurn
            mine = Event()
            self._queue.append(mine)
        while not mine.wait(self._until(asked) - monotonic()):
            with self._lock:
                if mine.is_set():
                    return
                if self._until(asked) <= monotonic():
                    self._queue.remove(mine)
                    raise NoTurn

    def _until(self, asked: float) -> float:
        goes_on = monotonic() if self._working else max(asked, self._finished)
        return min(asked + self._most, goes_on + self._still)

    def give_back(self, *, finished: bool) -> None:
        """Ends a turn; `finished`, if what was to be done is done."""
        with self._lock:
            if finished:
                self._finished = monotonic()
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

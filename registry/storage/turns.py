"""Whose turn it is: so many are at work, the others wait in their order, as long as the work goes on.

Whoever has a turn may do the work of some who wait, and is then their `company`: they share one end of it, such as one
flush to the disk. Nobody waits for company to come.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic
from typing import Any


class NoTurn(Exception):
    """Nobody made room in time, or too many wait already."""


class PlaceInTurn:
    """Somebody's place among those who wait. `work` is what another one may do for them, of a `size` (None: nothing);
    `done` and `failed` what came of it."""

    __slots__ = ("_ready", "done", "failed", "size", "taken", "work")

    def __init__(self, work: Any = None, size: int = 0):
        self.work, self.size = work, size
        self.taken = False
        self.done: Any = None
        self.failed: BaseException | None = None
        self._ready = Event()

    def outcome(self) -> Any:
        """What came of the work. Raises what it met."""
        if self.failed is not None:
            raise self.failed
        return self.done

    def is_ready(self) -> bool:
        """Whether it is one's turn, or one's work was done."""
        return self._ready.is_set()

    def wait(self, seconds: float | None) -> bool:
        """Waits so long (None: as long as it takes) until that is so."""
        return self._ready.wait(seconds)

    def wake(self) -> None:
        """It is one's turn, or one's work was done."""
        self._ready.set()


class Turns:
    """`places` may be at work at once, and `waiting` wait (0: all). Whoever waits gives up after `still` seconds in
    which nobody has finished or said that they are `working`, and after `most` seconds anyway; not once their work is
    being done. Who ends with a `broken` has not finished: that others fail is no sign that the work goes on."""

    def __init__(
        self, places: int, *, waiting: int = 0, still: float, most: float, broken: type[Exception] = Exception
    ):
        self._places = self._free = places
        self._waiting, self._still, self._most, self.broken = waiting, still, most, broken
        self._queue: deque[PlaceInTurn] = deque()
        self._lock, self._finished, self._working, self._taken = Lock(), 0.0, 0, 0

    @contextmanager
    def one(self, place: PlaceInTurn | None = None) -> Iterator[bool]:
        """A turn for the length of the block; False, and no turn, where another one's did the work of the place. Raises
        `NoTurn`."""
        mine = place or PlaceInTurn()
        self.take(mine)
        if mine.taken:
            yield False
            return
        finished = True
        try:
            yield True
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

    @contextmanager
    def company(self, many: int, size: int) -> Iterator[list[PlaceInTurn]]:
        """The places of the first who wait, as far as they have work, for whoever has a turn to do in the block: so
        many, of such a size together, at the most. They are told at its end, whatever happened."""
        taken: list[PlaceInTurn] = []
        try:
            with self._lock:
                while self._queue and len(taken) < many and self._queue[0].work is not None:
                    size -= self._queue[0].size
                    if size < 0:
                        break
                    taken.append(self._queue.popleft())
                    taken[-1].taken = True
                    self._taken += 1
            yield taken
        except BaseException as error:
            for one in taken:
                if one.done is None:
                    one.failed = error if isinstance(error, Exception) else self.broken("whoever did it was stopped")
            raise
        finally:
            with self._lock:
                self._taken -= len(taken)
            for one in taken:
                one.wake()

    @property
    def at_work(self) -> int:
        """How many have a turn."""
        return self._places - self._free

    def take(self, mine: PlaceInTurn) -> None:
        """Waits for a turn, which `give_back` ends, or until another one's did the work of the place. Raises
        `NoTurn`."""
        asked = monotonic()
        with self._lock:
            if self._free and not self._queue:
                self._free -= 1
                return
            if self._waiting and len(self._queue) + self._taken >= self._waiting:
                raise NoTurn
            self._queue.append(mine)
        while not mine.wait(None if mine.taken else self._until(asked) - monotonic()):
            with self._lock:
                if mine.is_ready() or mine.taken:
                    continue
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
                self._queue.popleft().wake()
            else:
                self._free += 1

"""Which questions had more hits than are sorted: what was met a while ago is not gathered again to be given up.

A name that many have, or the first letter of one, costs most where it is asked first, all of it gathered up to the
limit, and only then along the alphabet. It is remembered of a question for a while that it was so. What is found does
not depend on it, only the way; and a register whose people are never deleted does not fall below the limit meanwhile
by more than what was put right in it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

SECONDS = 600.0
MOST = 2_000
"""Questions that are remembered, the last ones."""


class Crowds:
    """The questions of one register that many answer. For all threads; `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock, self._lock = clock, Lock()
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def has(self, question: Hashable) -> bool:
        """Whether many answered it a while ago."""
        with self._lock:
            until = self._until.get(question)
            return until is not None and self._clock() < until

    def met(self, question: Hashable) -> None:
        """Many answer it now."""
        with self._lock:
            self._until[question] = self._clock() + SECONDS
            self._until.move_to_end(question)
            while len(self._until) > MOST:
                self._until.popitem(last=False)

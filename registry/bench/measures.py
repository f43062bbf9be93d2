"""What was measured, round by round, and how it is put together: medians, parts of a hundred, ratios inside a round.

A ratio is the median of the quotients of each round, not the quotient of the medians: a busy minute then weighs on both
sides of one round, and on no other.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

watch, pause = time.perf_counter, time.sleep
"""The stopwatch of all of the bench."""
PARTS = {"p50": 49, "p95": 94, "p99": 98}
_FORGET, _SAID = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_FORGET_THE_PEAK = "5"


class Measures:
    """The figures of a run: of each name one value a round, or every time that a request took."""

    def __init__(self, rounds: int, seconds: float, told: Callable[[int], None]):
        """`seconds` is for how long whatever is counted by time goes on; `told` hears of each piece of work done."""
        self.wanted, self.seconds, self.told = rounds, seconds, told
        self.taken: dict[str, list[float]] = defaultdict(list)

    def note(self, name: str, value: float) -> None:
        """One more value of a figure."""
        self.taken[name].append(value)

    def rounds(self, *works: Callable[[int], None]) -> None:
        """Has each work done once a round, the order turned about from one round to the next; each is told the round's
        number."""
        for number in range(self.wanted):
            for work in works if number % 2 == 0 else reversed(works):
                work(number)
                self.told(1)

    def median(self, name: str) -> float:
        """The median of a figure."""
        return statistics.median(self.taken[name])

    def ratio(self, ours: str, theirs: str) -> float:
        """The median of ours by theirs, each pair of one round."""
        pairs = zip(self.taken[ours], self.taken[theirs], strict=True)
        return statistics.median(one / other for one, other in pairs)

    def parts(self, name: str) -> dict[str, float]:
        """p50, p95 and p99 of every time that was noted."""
        times = self.taken[name]
        cut = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        return {part: round(cut[at], 2) for part, at in PARTS.items()}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Notes how many seconds the block took."""
        started = watch()
        yield
        self.note(name, watch() - started)

    @contextmanager
    def peak(self, name: str) -> Iterator[None]:
        """Notes the most memory, in MB, that this process had during the block, what it had before it included; nothing
        where the system does not tell."""
        can = _FORGET.exists()
        if can:
            _FORGET.write_text(_FORGET_THE_PEAK)
        yield
        if can:
            self.note(name, peak_of(_SAID))


def peak_of(status: Path) -> float:
    """The most memory, in MB, that the process of a status file had."""
    said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(said["VmHWM"].split()[0]) / 1024


def at_once(clients: int, work: Callable[[int], Any]) -> list[Any]:
    """What so many threads bring back, each told its number."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(work, range(clients)))


def rate(clients: int, seconds: float, items: Sequence[Any], work: Callable[[Any], Any]) -> tuple[float, int]:
    """How many items a second so many clients get done, each the next one of its own as soon as the one before is done,
    until the time or the items are over; and how many that were. Each does one at least."""
    started = watch()

    def client(number: int) -> int:
        done = 0
        for item in items[number::clients]:
            if done and watch() - started > seconds:
                break
            work(item)
            done += 1
        return done

    done = sum(at_once(clients, client))
    return done / (watch() - started), done

"""`verify` in several processes: it finds what one process finds, however its helpers end."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from test_verify import FOUND, Town, in_small_ranges, same, sql, told, town

from registry import demo
from registry.opening import opened
from replay import helpers, ranges
from replay.compare import verify

__all__ = ["told", "town"]  # the fixtures

ENDS = "import pickle, sys; sys.stdin.buffer.read(1)"
CANNOT: dict[str, str] = {
    "ends as it starts": "raise SystemExit(3)",
    "ends at its first range": f"{ENDS}; raise SystemExit(3)",
    "is killed at its first range": f"{ENDS}; import os; os.kill(os.getpid(), 9)",
    "says what is no answer": f"{ENDS}; sys.stdout.write('no'); sys.stdout.flush(); sys.stdin.read()",
    "says half an answer": f"{ENDS}; sys.stdout.buffer.write(pickle.dumps('x' * 99)[:50])",
}
TOGETHER = (
    *("a typed head", "two authors in an act", "what a projection shows, leaf right"),
    *("a trigger of somebody else", "the outbox: to somebody else", "a look altered", "a mark of nobody"),
    "bytes that are no JSON",  # the others are made of what the lines say
)


@pytest.fixture
def altered(town: Town) -> Town:
    """A register in which much was altered, on several streams."""
    for what in TOGETHER:
        change, _ = FOUND[what]
        change(town)
    sql("UPDATE residences SET kind = 'stay'", "UPDATE dwellings SET kind = 'x'")(town)
    return town


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that were started as helpers."""
    found: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*said: Any, **named: Any) -> subprocess.Popen[bytes]:
        found.append(start(*said, **named))
        return found[-1]

    monkeypatch.setattr(helpers.subprocess, "Popen", noted)
    yield found
    assert all(one.returncode is not None for one in found), "none is left"


@pytest.mark.slow
def test_two_helpers_find_what_none_finds(
    altered: Town, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    """In the same words and the same order."""
    alone, shared = in_small_ranges(monkeypatch, altered), in_small_ranges(monkeypatch, altered, helpers=2)
    assert alone == shared and alone.found > len(TOGETHER) and len(started) == 2
    assert same(alone, verify(altered.registry))


@pytest.mark.parametrize("what", CANNOT)
def test_what_a_helper_that_ends_has_not_done_is_done_without_it(
    altered: Town, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], what: str
) -> None:
    alone = in_small_ranges(monkeypatch, altered)
    monkeypatch.setattr(helpers, "PROGRAM", (sys.executable, "-c", CANNOT[what]))
    assert in_small_ranges(monkeypatch, altered, helpers=2) == alone and len(started) == 2


@pytest.mark.parametrize("end", [KeyboardInterrupt, MemoryError])
def test_whatever_ends_it_leaves_no_helper(
    town: Town, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], end: type[BaseException]
) -> None:
    monkeypatch.setattr(ranges, "FEWEST", 1)

    def ended(facts: int) -> None:
        raise end

    with pytest.raises(end):
        verify(town.registry, ended, helpers=2)
    assert len(started) == 2


@pytest.mark.slow
def test_a_helper_ends_with_whoever_asks_however_that_ends() -> None:
    words = "import time; from queue import SimpleQueue; from replay.helpers import Helper"
    asking = f"{words}; print(Helper(SimpleQueue())._process.pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", asking], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        helper = int(other.stdout.readline())
        other.kill()
        ended = select.poll()
        ended.register(os.pidfd_open(helper), select.POLLIN)
        assert ended.poll(60_000)


@pytest.mark.slow
def test_the_invented_community(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "FEWEST", 20)
    with opened(database_url) as registry:
        demo.seed(registry, persons=150, seed=7, now=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
        alone, shared = verify(registry, helpers=0), verify(registry, helpers=2)
    assert alone == shared and not shared.found and shared.counts["people"] >= 150


def test_a_short_log_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers.os, "sched_getaffinity", lambda process: set(range(4)), raising=False)
    assert [helpers.helpers_for(facts) for facts in (0, helpers.ALONE - 1, helpers.ALONE)] == [0, 0, 3]
    monkeypatch.setattr(helpers.os, "sched_getaffinity", lambda process: {0}, raising=False)
    assert helpers.helpers_for(10**6) == 0

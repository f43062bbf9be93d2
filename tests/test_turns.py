"""Turns at what there is only so much of: in order, for as long as the work goes on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from registry.storage.turns import NoTurn, Turns


def until(true: Callable[[], bool]) -> None:
    while not true():
        sleep(0.001)


def queue_of(turns: Turns, pool: ThreadPoolExecutor, many: int, work: Callable[[int], None]) -> list[Any]:
    """So many who come one after another, each when the one before waits."""
    asked = []
    for number in range(many):
        asked.append(pool.submit(lambda number=number: turn(turns, lambda: work(number))))
        until(lambda: len(turns._queue) == len(asked))
    return asked


def turn(turns: Turns, work: Callable[[], None]) -> None:
    with turns.one():
        work()


def test_everybody_comes_in_the_order_of_asking_and_never_more_at_once_than_there_are_places():
    turns, done, most = Turns(1, still=30, most=30), [], []
    with ThreadPoolExecutor(20) as pool:
        with turns.one():
            asked = queue_of(turns, pool, 20, lambda number: (done.append(number), most.append(turns.at_work)))
        for one in asked:
            one.result()
    assert done == list(range(20)) and set(most) == {1} and turns.at_work == 0


def test_whoever_waits_goes_on_waiting_while_others_finish():
    turns = Turns(1, still=0.2, most=30)
    with ThreadPoolExecutor(12) as pool:
        with turns.one():
            asked = queue_of(turns, pool, 12, lambda number: sleep(0.05))
        began = monotonic()
        for one in asked:
            one.result()
        assert monotonic() - began > 0.5  # longer than anybody waits for a place that stands still


def test_where_nobody_finishes_those_who_wait_are_told_and_the_place_is_not_lost():
    turns = Turns(1, still=0.05, most=30)
    with turns.one():
        began = monotonic()
        with pytest.raises(NoTurn), turns.one():
            pass
        assert monotonic() - began < 20
    with turns.one():
        assert turns.at_work == 1


def test_whoever_waits_for_somebody_who_works_goes_on_waiting():
    turns = Turns(1, still=0.05, most=30)
    with ThreadPoolExecutor(1) as pool:
        with turns.one(), turns.working():
            asked = pool.submit(turn, turns, lambda: None)
            sleep(0.5)
            assert not asked.done()
        assert asked.result() is None


def test_nobody_waits_longer_than_is_said_though_others_finish():
    turns, ended = Turns(2, still=30, most=0.1), Event()
    with ThreadPoolExecutor(2) as pool, turns.one():
        busy = pool.submit(turn, turns, ended.wait)
        until(lambda: turns.at_work == 2)
        with pytest.raises(NoTurn), turns.one():
            pass
        ended.set()
        busy.result()


def test_that_others_fail_is_no_sign_that_the_work_goes_on():
    turns, queued = Turns(1, still=0.2, most=30, broken=OSError), Event()

    def fail(number: int = 0) -> None:
        queued.wait()
        sleep(0.15)
        raise OSError

    with ThreadPoolExecutor(7) as pool:
        asked = [pool.submit(turn, turns, fail)]
        until(lambda: turns.at_work == 1)
        asked += queue_of(turns, pool, 6, fail)
        queued.set()
        ended = [type(one.exception()) for one in asked]
    assert ended[0] is OSError and ended[-1] is NoTurn and turns.at_work == 0


def test_of_more_than_may_wait_the_last_one_is_told_at_once():
    turns = Turns(1, waiting=2, still=30, most=30)
    with ThreadPoolExecutor(2) as pool:
        with turns.one():
            asked = queue_of(turns, pool, 2, lambda number: None)
            with pytest.raises(NoTurn), turns.one():
                pass
        for one in asked:
            one.result()

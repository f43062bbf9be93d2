"""Ranges of the log shared with processes of their own, one more for each core: each looks at the same snapshot of the
database on a connection of its own.

A helper is a fresh interpreter that is asked through its standard input and answers through its standard output. It
inherits no thread, lock or connection, and ends when whoever asks it does, however that ends. What one that ended has
not done is done here.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from queue import SimpleQueue
from threading import Thread
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL as Text

from registry.app import Registry
from registry.storage.recorder import one_row
from replay.existing import SQL
from replay.ranges import ComparedRange, Range, compared

PROGRAM = (sys.executable, "-c", "from replay.helpers import main; main()")
ALONE = 8_000
"""Of how many facts on a helper is worth the second that it takes to start."""
AT_ONCE = 2
"""How many ranges a helper is given: one more than it can be at, so that it never waits."""


def helpers_for(facts: int) -> int:
    """How many helpers so many facts are worth: this process works, too."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores - 1 if facts >= ALONE else 0


def all_compared(
    registry: Registry,
    connection: Any,
    asked: Sequence[Range],
    now: datetime,
    count: int,
    done: Callable[[ComparedRange], None],
) -> list[ComparedRange]:
    """What is found in each range, in their order, with so many helpers; `done` is told of each as it comes."""
    found: dict[int, ComparedRange] = {}
    left = deque(range(len(asked)))
    with _helpers(registry, connection, now, count) as (helpers, told):
        while len(found) < len(asked):
            for helper in helpers:
                while left and len(helper.asked) < AT_ONCE:
                    helper.ask(left[0], asked[left.popleft()])
            if left:
                number = left.popleft()
                found[number] = compared(connection, asked[number], now)
                done(found[number])
            while not told.empty() or (len(found) < len(asked) and not left):
                helper, answer = told.get()
                if answer is None:
                    left.extendleft(reversed(helper.asked))
                    helpers.remove(helper)
                else:
                    found[helper.asked.popleft()] = answer
                    done(answer)
    return [found[number] for number in range(len(asked))]


Answers = SimpleQueue[tuple["Helper", ComparedRange | None]]
"""What helpers found, each the first of those that it was asked; None of one that ended."""


class Helper:
    """A process that compares ranges: `asked` are the numbers of those that it has not answered, in their order. It
    tells its answers, and at last None."""

    def __init__(self, told: Answers, *hello: Any):
        self.asked: deque[int] = deque()
        self._told = told
        # In a session of its own: Ctrl-C comes to whoever asks, and only from there.
        self._process = subprocess.Popen(
            PROGRAM,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._send(hello)

    def ask(self, number: int, one: Range) -> None:
        """Gives it a range."""
        self.asked.append(number)
        self._send(one)

    def close(self) -> None:
        """Ends it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()

    def _send(self, said: Any) -> None:
        # Of one that ended its listener tells.
        with suppress(OSError):
            if pipe := self._process.stdin:
                pickle.dump(said, pipe)
                pipe.flush()

    def _listen(self) -> None:
        try:
            while pipe := self._process.stdout:
                self._told.put((self, pickle.load(pipe)))
        except Exception:  # whatever it was: what cannot be read is no answer
            self._process.kill()
        finally:
            self._told.put((self, None))


@contextmanager
def _helpers(registry: Registry, connection: Any, now: datetime, count: int) -> Iterator[tuple[list[Helper], Answers]]:
    told: Answers = SimpleQueue()
    with ExitStack() as ending:
        snapshot = one_row(connection.execute(SQL["snapshot"]))["snapshot"] if count else ""
        hello = (registry.datastore.address, snapshot, now)
        yield [ending.enter_context(closing(Helper(told, *hello))) for _ in range(count)], told


def main() -> None:
    """What a helper does. One that cannot go on ends without an answer: whoever asked sees for themselves."""
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, OSError, psycopg.Error):
        address, snapshot, now = pickle.load(asked)
        with psycopg.connect(address, row_factory=dict_row) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute(Text("SET TRANSACTION SNAPSHOT {}").format(snapshot))
            while True:
                found = compared(connection, pickle.load(asked), now)
                if found.error:
                    return
                pickle.dump(found, told)
                told.flush()

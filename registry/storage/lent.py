"""A connection lent for the length of a block, as the library's pool lends it, at a fifth of the work.

Most questions are one statement of a tenth of a millisecond: what stands around it is asked as often. The library goes
through three generators, a commit of nothing and a question whether the pool is open; here is the same without them.
"""

import select
from collections import deque
from time import monotonic
from types import TracebackType
from typing import Any

import psycopg
import psycopg_pool
from eventsourcing import persistence
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from registry.storage.turns import NoTurn, PlaceInTurn, Turns

SURE_SECONDS = 1.0
"""How long a connection that the server answered on counts as alive, while its socket is silent."""
_ERRORS: tuple[tuple[type[psycopg.Error], type[Exception]], ...] = (
    (psycopg.InterfaceError, persistence.InterfaceError),
    (psycopg.OperationalError, persistence.OperationalError),
    (psycopg.DataError, persistence.DataError),
    (psycopg.IntegrityError, persistence.IntegrityError),
    (psycopg.InternalError, persistence.InternalError),
    (psycopg.ProgrammingError, persistence.ProgrammingError),
    (psycopg.NotSupportedError, persistence.NotSupportedError),
    (psycopg.DatabaseError, persistence.DatabaseError),
    (psycopg.Error, persistence.PersistenceError),
)
"""What the library calls the errors of psycopg, the first that fits."""


def of_the_library(error: psycopg.Error) -> Exception:
    """What the library raises in place of an error of psycopg, with that as its cause."""
    told = next(ours for theirs, ours in _ERRORS if isinstance(error, theirs))(str(error))
    told.__cause__ = error
    return told


class Watched(psycopg.Connection[DictRow]):
    """A connection that knows when the server answered on it last."""

    answered = 0.0
    _poll: Any = None

    def speaks(self) -> bool:
        """Whether anything came to its socket: words of the server, or its end."""
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self.fileno(), select.POLLIN)
        return bool(self._poll.poll(0))


class LatestFirst(deque[Any]):
    """Free connections: the one that was given back last is given out first. It has its statements prepared and its
    server's memory warm, where others may have slept for minutes."""

    def append(self, one: Any) -> None:
        self.appendleft(one)


def alive(connection: Watched) -> None:
    """Raises where a connection is dead. The server is asked only if it has not answered on it for a while, or if the
    socket says something: a server that stops says so there. One look takes several connections, each a question."""
    if monotonic() - connection.answered > SURE_SECONDS or connection.closed or connection.speaks():
        psycopg_pool.ConnectionPool.check_connection(connection)
        connection.answered = monotonic()


class Lent:
    """Gives a connection that is alive when it is one's turn, and takes it back: what is open on it is committed, or
    rolled back after an error. Raises `busy` where others hold every connection or have locked what is asked for, and
    the errors of psycopg as the library's."""

    __slots__ = ("busy", "connection", "pool", "turns")

    def __init__(self, pool: psycopg_pool.ConnectionPool[Any], turns: Turns, busy: type[Exception]):
        self.pool, self.turns, self.busy = pool, turns, busy

    def __enter__(self) -> Watched:
        try:
            self.turns.take(PlaceInTurn())
        except NoTurn as error:
            raise self.busy from error
        try:
            if self.pool.closed:
                self.pool.open()
            self.connection: Watched = self.pool.getconn()
        except BaseException as error:
            self._ended(error)
            raise
        return self.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self.connection
        try:
            try:
                # Each statement is its own transaction: mostly there is nothing to commit.
                if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                    connection.__exit__(kind, error, trace)
            finally:
                self.pool.putconn(connection)
        except BaseException as failed:
            self._ended(failed)
            raise
        self._ended(error)

    def _ended(self, error: BaseException | None) -> None:
        """Gives the turn back. Raises what an error of psycopg is called by the library, or is for whoever waited."""
        told = None
        if isinstance(error, psycopg.Error):
            told = of_the_library(error)
        self.turns.give_back(finished=not isinstance(told or error, self.turns.broken))
        if isinstance(error, psycopg.errors.LockNotAvailable):
            raise self.busy from told
        if told:
            raise told

"""What an act writes, sent together: in one round trip while it is little, for nothing large may go through a pipeline
(it hangs). Rows go as one text of JSON, of which the table itself says the types, so that a statement is prepared once
for any number of them; where they are many, by COPY.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

PIPELINE_BYTES = 65_536
"""The most that goes through a pipeline at once: far less than what a socket takes in one piece."""

LOCKED = "locked"
"""The savepoint behind the lock, to which what failed goes back with the lock kept."""

Row = Sequence[Any]


class Sending:
    """A connection under the log's lock, and what waits to be sent over it, in its order. Whoever takes the connection
    has everything sent before, so that what is read sees what was written."""

    def __init__(self, connection: psycopg.Connection[DictRow]):
        self._connection = connection
        self._waiting: list[tuple[str, Any]] = []
        self._bytes = 0

    @property
    def connection(self) -> psycopg.Connection[DictRow]:
        self.send()
        return self._connection

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows that are new in a table; those that follow one another into the same one go together."""
        said, statement = as_json(columns, rows), _insert(table, tuple(columns))
        if len(said) > PIPELINE_BYTES:
            copy(self.connection, Identifier(table), columns, rows)
        elif self._waiting and self._waiting[-1][0] == statement and self._bytes + len(said) <= PIPELINE_BYTES:
            [before] = self._waiting[-1][1]
            self._waiting[-1] = (statement, [f"{before[:-1]},{said[1:]}"])
            self._bytes += len(said)
        else:
            self.execute(statement, [said], len(said))

    def close(self, table: str, key: Sequence[str], rows: Sequence[Row]) -> None:
        """Ends the belief in rows of a bitemporal table: each its key, and the position as of which it ends."""
        said = as_json((*key, "known_until"), rows)
        self.execute(_close(table, tuple(key)), [said], len(said))

    def execute(self, statement: str, params: Any, size: int = 0) -> None:
        """A statement whose answer nobody waits for; `size`: of its parameters, if they may be large."""
        if self._bytes + size > PIPELINE_BYTES:
            self.send()
        self._waiting.append((statement, params))
        self._bytes += size

    def send(self, last: str | None = None) -> None:
        """Sends what waits, and behind it `last`. Raises what any of it meets."""
        waiting, large = self._waiting, self._bytes > PIPELINE_BYTES
        self.forget()
        if last:
            waiting.append((last, None))
        if len(waiting) > 1 and not large:
            with self._connection.pipeline():
                self._execute(waiting)
        elif waiting:
            self._execute(waiting)

    def forget(self) -> None:
        """Lets what waits be."""
        self._waiting, self._bytes = [], 0

    @property
    def is_open(self) -> bool:
        """Whether the transaction has not ended, though it may have failed."""
        return self._connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def commit(self) -> None:
        """Sends what waits and ends the transaction: all of it is durable now. Raises if nothing is."""
        self.send("COMMIT")

    def again(self) -> None:
        """Goes back to where only the lock was held."""
        self.forget()
        self._connection.execute(_BACK)

    def give_up(self) -> None:
        """Ends the transaction, if it has not ended: nothing of it was."""
        self.forget()
        if self.is_open:
            self._connection.rollback()

    def _execute(self, statements: Iterable[tuple[str, Any]]) -> None:
        cursor = self._connection.cursor()
        for statement, params in statements:
            cursor.execute(statement.encode(), params, prepare=True)


_BACK = SQL("ROLLBACK TO SAVEPOINT {}").format(Identifier(LOCKED))


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as the text of a JSON array of objects; bytes as PostgreSQL writes them."""
    said = ([f"\\x{one.hex()}" if type(one) is bytes else one for one in row] for row in rows)
    return msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in said]).decode()


def copy(
    connection: psycopg.Connection[DictRow], table: Identifier, columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """Rows into a table by COPY, at once."""
    statement = SQL("COPY {} ({}) FROM STDIN").format(table, SQL(", ").join(map(Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        for row in rows:
            copied.write_row([list(value) if isinstance(value, tuple) else value for value in row])


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    into, names = _quoted(table), ", ".join(map(_quoted, columns))
    return f"INSERT INTO {into} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{into}, %s::json)"


@cache
def _close(table: str, key: tuple[str, ...]) -> str:
    """A day may be unknown, and is then the same as another that is."""
    of, same = _quoted(table), " AND ".join(map(_same, key))
    return (
        f"UPDATE {of} AS t SET known_until = k.known_until FROM json_populate_recordset(NULL::{of}, %s::json) AS k "
        f"WHERE t.known_until IS NULL AND {same}"
    )


def _same(name: str) -> str:
    column = _quoted(name)
    return f"t.{column} {'IS NOT DISTINCT FROM' if name == 'since' else '='} k.{column}"


def _quoted(name: str) -> str:
    return Identifier(name).as_string(None)

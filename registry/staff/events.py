"""What was done with users, substitutes and keys: refused with words, one change at a time, on record for ever.

The record is for the auditor. It is append-only, beside the log and not in it (semantics 7), and holds no secret.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from registry.aggregates.values import Actor
from registry.storage import queries
from registry.storage.recorder import Connection, Datastore
from registry.texts import say

SQL = queries.load(Path(__file__).with_suffix(".sql"))


class StaffError(ValueError):
    """What cannot be done with users, sessions or keys. The text, in Ukrainian, says why and what to do; `field` is the
    argument that is wrong, if it is one."""

    def __init__(self, text: str, field: str | None = None):
        self.field = field
        super().__init__(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEvent:
    """`what` was done is a code of `[staff_events]`; `whom` the login of a user or the name of a key; `details` what
    else there is to say, in JSON values. `at` is UTC."""

    number: int
    at: datetime
    by: Actor
    what: str
    whom: str
    details: Mapping[str, Any]


def refused(code: str, field: str | None = None, **named: Any) -> StaffError:
    """The error of a code of `[staff]`."""
    return StaffError(say("staff", code, **named), field)


@contextmanager
def changing(staff: Datastore) -> Iterator[Connection]:
    """One transaction beside which no other change of users, substitutes or keys goes on, so that what it read holds:
    a free name, another administrator."""
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["lock"])
        yield connection


def record(connection: Connection, what: str, whom: str, *, by: Actor, now: datetime, **details: Any) -> None:
    """Writes an event in the transaction of what it tells of. Raises KeyError for a `what` that has no words."""
    say("staff_events", what)
    said = {"at": now, "by_id": by.id, "by_name": by.name, "what": what, "whom": whom, "details": Jsonb(details)}
    connection.execute(SQL["record"], said)


def listed(
    staff: Datastore, *, whom: str | None = None, limit: int = 100, before: int | None = None
) -> list[StaffEvent]:
    """The latest events first, of one login or key's name or of all; `before` is the number that the next page begins
    behind."""
    query = SQL["listed" if whom is None else "listed_of"]
    with staff.get_connection() as connection:
        rows = connection.execute(query, {"whom": whom, "limit": limit, "before": before}).fetchall()
    return [
        StaffEvent(
            number=row["number"],
            at=row["at"],
            by=Actor(row["by_id"], row["by_name"]),
            what=row["what"],
            whom=row["whom"],
            details=row["details"],
        )
        for row in rows
    ]

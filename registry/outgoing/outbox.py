"""The outbox: the messages and tasks that follow from facts, each once, each with whom it is for and how it stands.

Rows are written in the act's own transaction and nowhere else: a repeated command and a rebuild write none. What the
facts of an imported journal or of the seeded demo made comes as already sent (semantics 7), unless facts say otherwise:
the `state` of a row is what the last fact on the stream `id` says of it, kept beside it in the act's transaction.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from registry.aggregates.outgoing.events import item_id
from registry.aggregates.outgoing.state import LEADS_TO, WAITING
from registry.storage import queries
from registry.storage.recorder import Connection

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message or a task, in the order of the columns; `item` is its id, `deadline` the last day for it.

    `addressee` is whom a message goes to or whose task it is; None where the vocabulary does not know the item.
    `sent_at` of what was sent or done as it was made; `state` is one of those of `aggregates/outgoing/state.py`.
    """

    position: int
    item: str
    role: str
    person: UUID | None = None
    residence: UUID | None = None
    application: UUID | None = None
    deadline: date
    text: str | None = None
    made_at: datetime
    sent_at: datetime | None = None
    extract: UUID | None = None
    addressee: str | None = None
    state: str = WAITING

    @property
    def id(self) -> UUID:
        """That of the row, and of the stream of what is done with it."""
        return item_id(self.position, self.item, self.person, self.residence, self.extract)


def write(connection: Connection, rows: Iterable[Outgoing]) -> None:
    """Writes rows in the transaction of the facts that made them."""
    if listed := [(*astuple(row), row.id) for row in rows]:
        with connection.cursor() as cursor, cursor.copy(SQL["copy"]) as copy:
            for row in listed:
                copy.write_row(row)


def restate(connection: Connection, states: Mapping[UUID, str]) -> None:
    """Keeps what facts now say of rows, in their transaction; of no row nothing is kept, and `verify` tells it."""
    if states:
        connection.execute(SQL["restate"], {"ids": list(states), "states": list(states.values())})


def restate_all(connection: Connection) -> int:
    """Makes the state of every row again from the facts; returns how many were otherwise."""
    return connection.execute(SQL["restate_all"], {"states": json.dumps(LEADS_TO)}).rowcount

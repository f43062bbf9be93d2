"""The outbox: the messages and tasks that follow from facts, each once, each with whom it is for.

Rows are written in the act's own transaction and nowhere else: a repeated command and a rebuild write none. What the
facts of an imported journal or of the seeded demo made comes as already sent (semantics 7).
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from registry.storage import queries
from registry.storage.recorder import Connection

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message or a task, in the order of the columns; `item` is its id, `deadline` the last day for it.

    `addressee` is whom a message goes to or whose task it is; None where the vocabulary does not know the item.
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


def write(connection: Connection, rows: Iterable[Outgoing]) -> None:
    """Writes rows in the transaction of the facts that made them."""
    if listed := [astuple(row) for row in rows]:
        with connection.cursor() as cursor, cursor.copy(SQL["copy"]) as copy:
            for row in listed:
                copy.write_row(row)

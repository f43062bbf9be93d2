"""The outbox: the messages and tasks that follow from facts, each once.

Rows are written in the act's own transaction and nowhere else: a repeated command and a rebuild write none. What the
facts of an imported journal or of the seeded demo made comes as already sent (semantics 7).
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from registry.aggregates.case.events import ApplicationGranted, ApplicationRefused
from registry.aggregates.person.events import Deceased
from registry.aggregates.values import Entry, last_day
from registry.storage import mapper, queries
from registry.storage.recorder import Connection

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "outbox"
MAKERS = (ApplicationGranted.NAME, ApplicationRefused.NAME, Deceased.NAME)
"""The facts from which rows follow."""
RESIDENCE_AFTER_DEATH = "residence_after_death"
"""The head of office looks at a residence that starts on or after the death (semantics 1.3)."""
FACTS_A_COPY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message or a task, in the order of the columns; `item` is its id, `deadline` the last day for it."""

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


def rows_of(entries: Iterable[Entry]) -> Iterator[Row]:
    """What follows from facts, in their order."""
    for entry in entries:
        match entry.fact:
            case ApplicationGranted() | ApplicationRefused():
                for one in entry.fact.follows:
                    yield Row(
                        position=entry.position,
                        item=one.id,
                        role=one.role,
                        person=one.person,
                        application=entry.stream,
                        deadline=last_day(one.deadline),
                        text=one.text,
                        made_at=entry.recorded_at,
                    )
            case Deceased():
                for residence in entry.fact.supersedes or ():
                    yield Row(
                        position=entry.position,
                        item=RESIDENCE_AFTER_DEATH,
                        role="task",
                        person=entry.stream,
                        residence=residence,
                        deadline=entry.recorded_on,
                        made_at=entry.recorded_at,
                    )


def write(connection: Connection, rows: Iterable[Row]) -> None:
    """Writes rows in the transaction of the facts that made them."""
    if listed := [astuple(row) for row in rows]:
        with connection.cursor() as cursor, cursor.copy(SQL["copy"]) as copy:
            for row in listed:
                copy.write_row(row)


def write_as_sent(connection: Connection) -> None:
    """Writes what follows from a log that was just loaded into emptiness, as already sent when it was recorded."""
    after = 0
    asked = {"makers": list(MAKERS), "limit": FACTS_A_COPY}
    while found := connection.execute(SQL["makers"], {**asked, "after": after}).fetchall():
        entries = [mapper.read_entry(bytes(row["state"])) for row in found]
        write(connection, (replace(row, sent_at=row.made_at) for row in rows_of(entries)))
        after = entries[-1].position

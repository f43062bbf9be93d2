"""The visit (візит): one person at the counter, from «наступний» to the end. It says why the clerk looks.

Visits are not in the log. What is done in one is tied to it in the access journal: looks, and acts by their command id.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from registry import texts
from registry.aggregates.values import Actor
from registry.staff.users import StaffError
from registry.storage import queries
from registry.storage.recorder import Datastore, one_row

SQL = queries.load(Path(__file__).with_suffix(".sql"))
PURPOSES: tuple[str, ...] = tuple(texts.TEXTS["purposes"])
"""Why records are opened. The law has no list, so this one is ours: closed, that reasons can be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterVisit:
    """`purpose` is a code of `[purposes]`; `by` whose visit it is. Instants are UTC."""

    id: UUID
    by: Actor
    purpose: str
    office: str | None
    began_at: datetime
    ended_at: datetime | None


def begin(
    staff: Datastore, *, by: Actor, purpose: str, office: str | None, now: datetime, id: UUID | None = None
) -> CounterVisit:
    """The next visitor; a visit of the same actor that goes on ends with it. Asked for twice by one `id` it is one
    visit, as long as that goes on. Raises `StaffError`: no such purpose."""
    if purpose not in PURPOSES:
        raise StaffError(texts.say("visits", "no_purpose", ", ".join(texts.TEXTS["purposes"].values())))
    said = {"id": id or uuid4(), "by": by.id, "name": by.name, "purpose": purpose, "office": office, "now": now}
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["alone"], said)
        if id and (row := connection.execute(SQL["of"], said).fetchone()):
            if (row["by_id"], row["purpose"], row["ended_at"]) == (by.id, purpose, None):
                return _visit(row)
            said["id"] = uuid4()
        connection.execute(SQL["end_others"], said)
        return _visit(one_row(connection.execute(SQL["begin"], said)))


def end(staff: Datastore, visit: UUID, *, by: Actor, now: datetime) -> CounterVisit:
    """Ends a visit of one's own; once ended, it stays as it was. Raises `StaffError`: no such visit of theirs."""
    found = _found(staff, "end", id=visit, by=by.id, now=now)
    if found is None:
        raise StaffError(texts.say("visits", "unknown"))
    return found


def of(staff: Datastore, visit: UUID) -> CounterVisit | None:
    """The visit of an id."""
    return _found(staff, "of", id=visit)


def _found(staff: Datastore, query: str, **params: Any) -> CounterVisit | None:
    with staff.get_connection() as connection:
        row = connection.execute(SQL[query], params).fetchone()
    return _visit(row) if row else None


def _visit(row: DictRow) -> CounterVisit:
    return CounterVisit(
        id=row["id"],
        by=Actor(row["by_id"], row["by_name"]),
        purpose=row["purpose"],
        office=row["office"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
    )

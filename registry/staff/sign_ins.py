"""When and from where a user has signed in, for themselves to see."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from psycopg.rows import class_row

from registry.storage import queries
from registry.storage.recorder import Datastore

SQL = queries.load(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in of a user, and how its session ended (`sessions.end`), if it has. Instants are UTC."""

    began_at: datetime
    address: str | None
    agent: str | None
    ended_at: datetime | None
    ended_why: str | None


def latest(staff: Datastore, user: UUID, limit: int = 10) -> list[SignIn]:
    """The last sign-ins of a user, the newest first."""
    with staff.get_connection() as connection, connection.cursor(row_factory=class_row(SignIn)) as cursor:
        return cursor.execute(SQL["latest"], {"user": user, "limit": limit}).fetchall()

"""Forms that were sent when the screen was locked or the session had ended: kept a day, for whoever sent them.

A form is its owner's alone: it is handed back once they have unlocked or signed in again, to be sent once more or
thrown away. What is sent or thrown away is deleted at once, and the rest after a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.rows import class_row

from registry.staff import secret_texts
from registry.storage import queries
from registry.storage.recorder import Datastore

SQL = queries.load(Path(__file__).with_suffix(".sql"))
LARGEST = 1024 * 1024
TERM = timedelta(days=1)
EACH = 5
"""So many of one user, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost:
    """A form as it was sent: to which path of ours, in which type of body. Instants are UTC."""

    id: UUID
    path: str
    content_type: str
    body: bytes
    kept_at: datetime


def keep(staff: Datastore, cookie: str, *, path: str, content_type: str, body: bytes, now: datetime) -> bool:
    """Keeps a form for the user of a session that is locked, or that ended by its terms or by wrong PINs within a day.
    False, and nothing is kept: for any other cookie, above all one that was signed out, and for what is too large."""
    if len(body) > LARGEST:
        return False
    params = {
        **{"id": uuid4(), "sha256": secret_texts.sha256(cookie), "path": path, "body": body},
        **{"content_type": content_type, "now": now, "since": now - TERM, "each": EACH},
    }
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["forget"], params)
        owner = connection.execute(SQL["keep"], params).fetchone()
        if owner:
            connection.execute(SQL["thin_out"], {**params, **owner})
    return owner is not None


def of_user(staff: Datastore, user: UUID, *, now: datetime) -> list[KeptPost]:
    """What is kept for a user, the newest first; what is older than a day, of anybody, is deleted."""
    params = {"user_id": user, "since": now - TERM}
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["forget"], params)
        with connection.cursor(row_factory=class_row(KeptPost)) as cursor:
            return cursor.execute(SQL["of_user"], params).fetchall()


def take(staff: Datastore, id: UUID, user: UUID, *, now: datetime) -> KeptPost | None:
    """A form of this user's, which is deleted; None if there is none such."""
    params = {"id": id, "user_id": user, "since": now - TERM}
    with staff.get_connection() as connection, connection.cursor(row_factory=class_row(KeptPost)) as cursor:
        return cursor.execute(SQL["take"], params).fetchone()

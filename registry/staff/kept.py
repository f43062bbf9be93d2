"""Forms that were sent when the screen was locked or the session had ended: kept a day, for whoever sent them.

A form is its owner's alone: it is handed back once they have unlocked or signed in again, to be sent once more or
thrown away. What is sent or thrown away is deleted at once, and the rest after a day.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.rows import class_row

from registry.staff import secret_texts
from registry.staff.sessions import csrf_of
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


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a form is from: the cookie of a session, the tokens by which its browser is known, the token of the form,
    and who has signed in there since (None: nobody)."""

    cookie: str | None
    devices: Sequence[str]
    token: str
    user: UUID | None = None


def keep(staff: Datastore, sender: Sender, *, path: str, content_type: str, body: bytes, now: datetime) -> bool:
    """Keeps a form for the user of the session whose token it carries, if that goes on or ended within a day. One that
    somebody has ended counts only in a browser in which its user has signed in: its cookie may have been stolen. False,
    and nothing is kept, for anything else, and for what is too large."""
    if len(body) > LARGEST:
        return False
    params = {
        **{"id": uuid4(), "path": path, "body": body, "content_type": content_type, "user_id": sender.user},
        **{"now": now, "since": now - TERM, "each": EACH},
        "sha256": secret_texts.sha256(sender.cookie) if sender.cookie else None,
        "devices": [secret_texts.sha256(one) for one in sender.devices],
    }
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["forget"], params)
        rows = connection.execute(SQL["sessions"], params).fetchall()
        given = sender.token.encode("utf-8", "replace")
        owner = next((row for row in rows if hmac.compare_digest(csrf_of(row["sha256"]).encode(), given)), None)
        if owner:
            connection.execute(SQL["keep"], {**params, "user_id": owner["user_id"]})
            connection.execute(SQL["thin_out"], {**params, "user_id": owner["user_id"]})
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

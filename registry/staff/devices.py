"""Browsers in which somebody has signed in before: a flood of wrong passwords from elsewhere does not slow them.

A token opens nothing: it says only in which lane a password is tried. Of it only the SHA-256 is kept.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from registry.staff import secret_texts
from registry.storage import queries
from registry.storage.recorder import Datastore

SQL = queries.load(Path(__file__).with_suffix(".sql"))
MOST = 20
"""Browsers of one user: whoever signs in by one more loses the oldest."""


def remember(staff: Datastore, user: UUID, now: datetime) -> str:
    """A browser of a user; the token that it is known by again, 256 random bits."""
    token = secret_texts.new()
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["remember"], {"sha256": secret_texts.sha256(token), "user": user, "now": now})
        connection.execute(SQL["keep_latest"], {"user": user, "most": MOST})
    return token


def of_token(staff: Datastore, token: str) -> UUID | None:
    """The user whose browser has this token; None for one that is nobody's, or theirs who was disabled or reset."""
    with staff.get_connection() as connection:
        row = connection.execute(SQL["of_token"], {"sha256": secret_texts.sha256(token)}).fetchone()
    return row["user_id"] if row else None

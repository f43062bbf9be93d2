"""The one clock that is read: whoever needs the time is handed this function, or another in its place.

The recorded time of facts is not from here: the log reads the database's own clock under its lock (semantics 5).
"""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The server's clock, in UTC."""
    return datetime.now(UTC)

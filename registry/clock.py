"""The one clock that is read: whoever needs the time is handed this function, or another in its place.

A register is opened with its clock, and all that acts on it reads that one: the log under its lock for the recorded
time (semantics 5), the clerk for the day, the desk for what it shows.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the instant of now, in UTC."""


def utc_now() -> datetime:
    """The server's clock, in UTC."""
    return datetime.now(UTC)

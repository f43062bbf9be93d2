"""Sessions of people who signed in: on the server alone, known by a random cookie whose SHA-256 is kept.

A session is locked after some idle minutes (a PIN unlocks it), ends after some more, and after some hours whatever is
done in it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from registry.roles import Role
from registry.staff.users import User
from registry.storage.recorder import Datastore


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session may be idle until it is locked and until it ends, and how long it lasts at most."""

    lock: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(hours=2)
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that has not ended. `roles` are those of today. Instants are UTC."""

    id: UUID
    user: User
    roles: frozenset[Role]
    began_at: datetime
    seen_at: datetime
    locked_at: datetime | None
    ends_at: datetime
    address: str | None
    agent: str | None
    visit: UUID | None
    pin_failures: int


def begin(
    staff: Datastore, user: User, *, now: datetime, terms: Terms, address: str | None = None, agent: str | None = None
) -> tuple[str, Session]:
    """A new session and its cookie, 256 random bits that are nowhere else."""
    raise NotImplementedError


def of_cookie(staff: Datastore, cookie: str, *, now: datetime, terms: Terms) -> Session | None:
    """The session of a cookie, or None: never was, ended, idle or old. It is seen now (written once a minute at most),
    and locked if it was idle for long; a locked one is not seen."""
    raise NotImplementedError


def lock(staff: Datastore, session: UUID, *, now: datetime) -> None:
    """The screen of a session is locked."""
    raise NotImplementedError


def unlock(staff: Datastore, session: Session, pin: str, *, now: datetime) -> int:
    """Tries a PIN: 0 unlocked it; otherwise how often it may still be wrong. The fifth wrong one ends the session,
    and -1 says so."""
    raise NotImplementedError


def in_visit(staff: Datastore, session: UUID, visit: UUID | None) -> None:
    """Which visit goes on in a session, or none."""
    raise NotImplementedError


def end(staff: Datastore, session: UUID, *, now: datetime, why: str) -> None:
    """A session ends: `signed-out`, `ended-by-admin`, `password-changed`, `disabled`, `pin`."""
    raise NotImplementedError


def end_all(staff: Datastore, user: UUID, *, now: datetime, why: str, but: UUID | None = None) -> int:
    """All sessions of a user end, but for one; returns how many did."""
    raise NotImplementedError


def open_ones(staff: Datastore, *, now: datetime, terms: Terms, user: UUID | None = None) -> list[Session]:
    """The sessions that have not ended, of one user or of all, the latest seen first."""
    raise NotImplementedError


def csrf_token(cookie: str) -> str:
    """What the forms of a session's pages carry: derived from its cookie, and nothing leads from it back."""
    raise NotImplementedError

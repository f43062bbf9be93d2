"""Sessions of people who signed in: on the server alone, known by a random cookie whose SHA-256 is kept.

A session is locked after some idle minutes (a PIN unlocks it), ends after some more, and after some hours whatever is
done in it. All ends are half-open: at the instant itself it is locked, or over.
"""

import base64
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from registry.roles import Role
from registry.staff import secret_texts, substitutes, users
from registry.staff.events import record, refused
from registry.staff.users import User
from registry.storage import mapper, queries
from registry.storage.recorder import Connection, Datastore

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TRIES = 5
"""Of a PIN, until the session is over and wants the password."""
SEEN_EVERY = timedelta(minutes=1)
"""How often it is written that a session is seen, so that reading a page writes nothing most of the time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session may be idle until it is locked and until it ends, and how long it lasts at most."""

    lock: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(hours=2)
    whole: timedelta = timedelta(hours=12)

    @property
    def seen_every(self) -> timedelta:
        """However short the terms, a session in use does not end by what was not written."""
        return min(SEEN_EVERY, self.lock / 10, self.idle / 10)


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
    """A new session and its cookie, 256 random bits that are nowhere else. Raises `StaffError` for a user who was
    disabled meanwhile."""
    cookie = secret_texts.new()
    said = {"address": address, "agent": agent and agent[:200], "ends_at": now + terms.whole}
    with staff.get_connection() as connection, connection.transaction():
        row = connection.execute(SQL["signed_in"], {"user": user.id, "now": now}).fetchone()
        if row is None:
            raise refused("disabled")
        connection.execute(
            SQL["insert"], {"id": uuid4(), "sha256": secret_texts.sha256(cookie), "user": user.id, "now": now, **said}
        )
        record(connection, "signed-in", user.login, by=user.actor, now=now)
        (session,) = _sessions(connection, "of_cookie", now, sha256=secret_texts.sha256(cookie))
    return cookie, session


def of_cookie(staff: Datastore, cookie: str, *, now: datetime, terms: Terms) -> Session | None:
    """The session of a cookie, or None: never was, ended, idle or old. It is seen now (written once a minute at most),
    and locked if it was idle for long; a locked one is not seen."""
    with staff.get_connection() as connection:
        session = next(iter(_sessions(connection, "of_cookie", now, sha256=secret_texts.sha256(cookie))), None)
        if session is None:
            return None
        said = {"session": session.id, "now": now}
        if not now < min(session.ends_at, session.seen_at + terms.idle):
            # Written, so that a clock set back or longer terms do not give it another life.
            connection.execute(SQL["end"], {**said, "why": "idle" if now < session.ends_at else "old"})
            return None
        if session.locked_at:
            return session
        if now >= session.seen_at + terms.lock:
            connection.execute(SQL["lock"], said)
            return replace(session, locked_at=now)
        if now - session.seen_at >= terms.seen_every:
            connection.execute(SQL["seen"], said)
            return replace(session, seen_at=now)
    return session


def lock(staff: Datastore, session: UUID, *, now: datetime) -> None:
    """The screen of a session is locked."""
    _execute(staff, "lock", session=session, now=now)


def unlock(staff: Datastore, session: Session, pin: str, *, now: datetime) -> int:
    """Tries a PIN: 0 unlocked it; otherwise how often it may still be wrong. The fifth wrong one ends the session,
    and -1 says so."""
    # Counted before it is looked at, so that many tries at once are no more than five.
    with staff.get_connection() as connection:
        tried = connection.execute(SQL["try_pin"], {"session": session.id, "tries": TRIES}).fetchone()
    if tried and users.has_pin(staff, session.user.id, pin):
        reopen(staff, session.id, now=now)
        return 0
    if tried and tried["pin_failures"] < TRIES:
        return TRIES - tried["pin_failures"]
    end(staff, session.id, now=now, why="pin")
    return -1


def reopen(staff: Datastore, session: UUID, *, now: datetime) -> None:
    """Unlocks the screen of a session: whoever sits there gave the PIN, or having none, the password."""
    _execute(staff, "unlock", session=session, now=now)


def in_visit(staff: Datastore, session: UUID, visit: UUID | None) -> None:
    """Which visit goes on in a session, or none."""
    _execute(staff, "in_visit", session=session, visit=visit)


def end(staff: Datastore, session: UUID, *, now: datetime, why: str) -> None:
    """A session ends, and the visit in it unless it was taken out (`in_visit`). `why`: `signed-out`, `ended-by-admin`,
    `password-changed`, `disabled`, `pin`, `idle`, `old`."""
    _execute(staff, "end", session=session, now=now, why=why)


def end_all(staff: Datastore, user: UUID, *, now: datetime, why: str, but: UUID | None = None) -> int:
    """All sessions of a user end, but for one, and their visits; returns how many sessions did."""
    return _execute(staff, "end_all", user=user, now=now, why=why, but=but)


def open_ones(staff: Datastore, *, now: datetime, terms: Terms, user: UUID | None = None) -> list[Session]:
    """The sessions that have not ended, of one user or of all, the latest seen first."""
    with staff.get_connection() as connection:
        return _sessions(connection, "open_ones", now, idle_since=now - terms.idle, user=user)


def csrf_token(cookie: str) -> str:
    """What the forms of a session's pages carry: derived from its cookie, and nothing leads from it back."""
    return csrf_of(secret_texts.sha256(cookie))


def csrf_of(sha256: bytes) -> str:
    """The same from what is kept of the cookie: a form tells of which session its page was, when that is over too."""
    derived = hmac.digest(sha256, b"csrf", "sha256")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def _execute(staff: Datastore, query: str, **said: Any) -> int:
    with staff.get_connection() as connection:
        return connection.execute(SQL[query], said).rowcount


def _sessions(connection: Connection, query: str, now: datetime, **said: Any) -> list[Session]:
    rows = connection.execute(SQL[query], {"now": now, **said}).fetchall()
    those = {row["session"]: users.of_row(row) for row in rows}
    heads = substitutes.standing_in(connection, those.values(), mapper.kyiv_day(now)) if those else set()
    return [_session(row, those[row["session"]], heads) for row in rows]


def _session(row: DictRow, user: User, heads: set[UUID]) -> Session:
    said = {name: row[name] for name in Session.__slots__ if name not in ("id", "user", "roles")}
    return Session(id=row["session"], user=user, roles=substitutes.roles(user, heads), **said)

"""The way to the database: which one, whether it answers, and its schema brought up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from registry.settings import Settings
from registry.storage.embedded import DatabaseUnavailable, Embedded
from registry.texts import say

__all__ = [*("DatabaseUnavailable", "connect", "connect_url", "migrate", "newest_migration", "session_url")]

OLDEST = 15
ANSWER_SECONDS = 5
MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x48524F4D  # one number for every installation: the lock is the database's own


def connect_url(settings: Settings) -> str:
    """The address of the register's database for libpq, whose sessions are all in UTC.

    Starts the embedded server unless `settings` names another, and uses it until this process leaves it or ends.
    Raises DatabaseUnavailable.
    """
    if settings.database_url:
        return session_url(settings.database_url)
    embedded = Embedded(settings.data)
    embedded.use()
    return session_url(embedded.url)


def session_url(url: str) -> str:
    """`url` (a URL or `name=value` pairs), so changed that each session opened with it keeps time in UTC.

    Raises DatabaseUnavailable when libpq does not understand `url`.
    """
    # SQLAlchemy's spelling is common in such variables and differs only by the driver's name.
    url = re.sub(r"^postgres(?:ql)?(?:\+\w+)?://", "postgresql://", url.strip())
    try:
        options = conninfo_to_dict(url).get("options") or ""
        if "-c TimeZone=UTC" not in str(options):
            options = f"{options} -c TimeZone=UTC".strip()
        return make_conninfo(url, options=options)
    except psycopg.Error:
        # Neither libpq's text nor a chained error: both quote pieces of the address, the password among them.
        raise DatabaseUnavailable(say("database", "bad_url")) from None


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """An open session in UTC on a usable server; `options` go to `psycopg.connect`.

    Raises DatabaseUnavailable when nothing answers within 5 seconds, or what answers is not PostgreSQL 15+ in UTF-8.
    """
    address = session_url(url)
    try:
        connection = psycopg.connect(address, **{"connect_timeout": ANSWER_SECONDS, **options})
    except (psycopg.Error, UnicodeError, OSError) as error:
        raise DatabaseUnavailable(_no_answer(address, str(error))) from None
    refusal = _unfit(connection)
    if refusal:
        connection.close()
        raise DatabaseUnavailable(refusal)
    return connection


def migrate(url: str) -> None:
    """Bring the schema to this version's; when it is already there, one SELECT. Only forward, never back.

    Of several processes one migrates and the others wait. Raises DatabaseUnavailable when the database does not answer,
    belongs to a newer Hromada or to another program, or does not let its schema be changed.
    """
    with connect(url, autocommit=True) as connection:
        if _is_current(connection):
            return
        # The lock goes with the session, at the end of this block.
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not _is_current(connection):
            _upgrade(url)


def newest_migration() -> str:
    """The number of the last migration this version knows, as the database stores it: `0001`."""
    return max(path.name[:4] for path in (MIGRATIONS / "sql").glob("[0-9][0-9][0-9][0-9]_*.sql"))


def _is_current(connection: psycopg.Connection[Any]) -> bool:
    """Whether the schema is this version's; DatabaseUnavailable when it is a newer one or not ours."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except errors.UndefinedTable:
        return False
    except errors.InsufficientPrivilege:
        raise DatabaseUnavailable(say("database", "not_readable")) from None
    if row is None:
        return False
    found, newest = str(row[0]), newest_migration()
    if not re.fullmatch(r"\d{4}", found):
        raise DatabaseUnavailable(say("database", "other_program"))
    if found > newest:
        raise DatabaseUnavailable(say("database", "newer", found, newest))
    return found == newest


def _upgrade(url: str) -> None:
    """Run the migrations that are missing, all in one transaction; the caller holds the lock."""
    # Imported here: it takes half a second that a command on an up-to-date database does not have to pay.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, (errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.UndefinedFile)):
            raise
        raise DatabaseUnavailable(say("database", "no_schema", cause.diag.message_primary)) from error
    finally:
        engine.dispose()


def _unfit(connection: psycopg.Connection[Any]) -> str:
    """Why this server cannot hold a register, in Ukrainian; empty when it can."""
    version = connection.info.server_version
    if version < OLDEST * 10_000:
        return say("database", "too_old", version // 10_000, OLDEST)
    if connection.info.parameter_status("server_encoding") != "UTF8":
        return say("database", "not_utf8")
    return ""


_CAUSES = (
    ("password authentication failed|no password supplied", "password"),
    ("does not exist", "missing"),
    ("pg_hba.conf|not permitted|authentication", "not_let_in"),
    ("resolve|translate host name|Name or service", "name"),
    ("timeout|timed out", "timeout"),
    ("SSL|certificate", "certificate"),
    ("too many clients|remaining connection slots", "too_many"),
    ("starting up|shutting down|recovery", "starting"),
)


def _no_answer(address: str, told: str) -> str:
    """Why no session was opened and what to check, in Ukrainian, without the password.

    `told` is libpq's text: it is only matched, never repeated, for it may quote a mistyped address.
    """
    cause = next((code for pattern, code in _CAUSES if re.search(pattern, told, re.IGNORECASE)), "silent")
    said = say("database", cause, seconds=ANSWER_SECONDS)
    return say("database", "no_answer", place=_place(address), cause=said)


def _place(address: str) -> str:
    """Where the database was sought, for a message; only the parts that cannot be a piece of a mistyped password."""
    given = conninfo_to_dict(address)
    host, port, database = (str(given.get(key) or "") for key in ("host", "port", "dbname"))
    if "@" in host + database or not re.fullmatch(r"[\w.,:/-]*", host) or not re.fullmatch(r"[\d,]*", port):
        return ""
    server = f"{host}:{port}" if port else host
    named = (("server", server), ("base", database))
    parts = [say("database", code, name) for code, name in named if name]
    return f" ({', '.join(parts)})" if parts else ""

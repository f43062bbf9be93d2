"""The databases of the tests: one embedded server a worker, one migrated template, copies of it emptied for each test.

Two tiers: `make test` leaves out what is marked `slow` and tries few examples of each property (`--hypothesis-profile
quick`); `make test-all` runs after it what is slow and every property with all its examples. Plain `pytest` is both.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partialmethod
from itertools import count
from pathlib import Path
from threading import local
from typing import Any

import hashing
import hypothesis
import psycopg
import pytest
from psycopg import sql
from starlette.testclient import TestClient

from registry.storage.database import migrate, session_url
from registry.storage.embedded import Embedded
from registry.storage.recorder import Datastore

_FOLDERS = Path("/tmp")
_PREFIX = "hromada-tests-"
_numbers = count(1)

# Before any module of ours is imported by a test: the developer's own register must never be touched.
for _name in [name for name in os.environ if re.match(r"HROMADA_|DATABASE_URL$|PG[A-Z]+$", name)]:
    del os.environ[_name]


# The desk answers to no other name than this computer's; Starlette's client would come as `testserver`.
TestClient.__init__ = partialmethod(TestClient.__init__, base_url="http://127.0.0.1:8080")  # type: ignore[method-assign]
importlib.import_module("callers")  # who comes, in every test


def _described_answers() -> None:
    """Every answer that a test gets over HTTP is held against the description of the API (`described.py`)."""
    import described

    plain = TestClient.request

    def request(self: TestClient, *said: Any, **named: Any) -> Any:
        answer = plain(self, *said, **named)
        if not self.app.state.public:  # the listener of the public pages does not have what is described
            described.check(answer)
        return answer

    TestClient.request = request  # type: ignore[method-assign]


_described_answers()
hashing.cheaply()

_STORIES = {
    f"test_{name}"
    for name in (
        *("counter_rest", "papers", "letters", "family", "adoption", "unfinished"),
        *("outbox_acts", "outbox_letters", "territories", "absentees", "bring", "streets"),
        *("guided_services", "guided_application"),
    )
}
"""Whose tests are stories over HTTP, each against a register of its own."""

# Nothing is asserted by time: a busy machine is slow, not wrong.
hypothesis.settings.register_profile("full", deadline=None)
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.load_profile("full")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line on which tests want a browser, where there is none, and how to get it."""
    if not shutil.which("chromium"):
        files = (path.stem for path in sorted(Path(__file__).parent.glob("test_*.py")))
        asking = [name for name in files if "chromium:" in (Path(__file__).parent / f"{name}.py").read_text("utf-8")]
        terminalreporter.write_line(
            f"No browser here: make test-all skips those of {', '.join(asking)} that want one: "
            "apt-get install chromium libatomic1"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs a browser is slow; so are, of a story of the counter, the variants behind its first, and of each
    subject of the files of stories, all but the first."""
    variants: Counter[str] = Counter()
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
        told = item.path.stem
        if told == "test_counter" or told in _STORIES:
            story = item.nodeid.partition("[")[0] if told == "test_counter" else item.nodeid.rpartition("::")[0]
            variants[story] += 1
            if variants[story] > 1:
                item.add_marker("slow")


@pytest.fixture(scope="session")
def data_root() -> Iterator[Path]:
    """A folder for the data folders of this worker, which the server's account can reach; removed at the end."""
    _sweep()
    root = _FOLDERS / f"{_PREFIX}{os.getpid()}"
    root.mkdir(mode=0o711)
    root.chmod(0o711)
    try:
        yield root
    finally:
        _remove(root)


@pytest.fixture(scope="session")
def server(data_root: Path) -> Embedded:
    """The worker's server; its database `hromada` is migrated and serves as the template."""
    embedded = Embedded(data_root / "server")
    embedded.start()
    with psycopg.connect(embedded.url_of("postgres"), autocommit=True) as connection:
        # Nothing here has to survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    migrate(embedded.url)
    return embedded


@pytest.fixture
def database_url(server: Embedded) -> Iterator[str]:
    """The address of a migrated, empty database."""
    yield from _database(server, template="hromada")


@pytest.fixture
def empty_database_url(server: Embedded) -> Iterator[str]:
    """The address of a database without any schema; dropped afterwards."""
    yield from _database(server, template="template0")


def _database(server: Embedded, template: str) -> Iterator[str]:
    """Hand out the address of a database that nobody else of this worker has: like `template`, and empty."""
    database = _free.pop() if _free and template == "hromada" else _create(server, template)
    try:
        yield session_url(server.url_of(database.name))
    finally:
        if template == "hromada" and _emptied(database):
            _free.append(database)
        else:
            _drop(server, database)


@dataclass(frozen=True)
class _Database:
    """A copy of a template, the session that empties it, and what its schema was in the beginning."""

    name: str
    session: psycopg.Connection
    schema: str


_free: list[_Database] = []
"""Migrated and empty databases that no test has: to empty one takes a fifth of what a copy costs."""

_SCHEMA = """
    SELECT md5(string_agg(said, ' ' ORDER BY said)) FROM (
        SELECT concat_ws(' ', relnamespace::regnamespace, relname, relkind, attname, atttypid::regtype, attnotnull)
        FROM pg_class LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
        WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, contype) FROM pg_constraint WHERE conrelid > 0
        UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT concat_ws(' ', proname, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT version_num FROM alembic_version
    ) AS all_of_it (said)
"""
_TOUCHED = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        AND pg_relation_size(oid) > 0
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def _create(server: Embedded, template: str) -> _Database:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    session = psycopg.connect(server.url_of(name), autocommit=True)
    if template != "hromada":
        return _Database(name, session, "")
    assert not session.execute(_TOUCHED).fetchall(), "a migration fills a table, which to empty would change the schema"
    return _Database(name, session, _one(session, _SCHEMA))


def _emptied(database: _Database) -> bool:
    """Whether the database is as new again: its tables emptied, nobody else in it, its schema never changed."""
    session = database.session
    try:
        session.execute(_OTHERS)
        if _one(session, _SCHEMA) != database.schema:
            return False
        touched = [row[0] for row in session.execute(_TOUCHED)]
        if touched:
            tables = sql.SQL(", ").join(map(sql.Identifier, touched))
            with session.transaction():
                session.execute("SET LOCAL session_replication_role = replica")  # facts are for ever, but here
                session.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
        return True
    except psycopg.Error:
        return False


def _drop(server: Embedded, database: _Database) -> None:
    database.session.close()
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {database.name} WITH (FORCE)")


def _one(session: psycopg.Connection, query: str) -> str:
    [[said]] = session.execute(query).fetchall()
    return said


def _sweep() -> None:
    """Remove what killed runs have left: their servers outlive them."""
    for root in _FOLDERS.glob(f"{_PREFIX}*"):
        process = root.name.removeprefix(_PREFIX)
        if process.isdigit() and not _alive(int(process)) and _is_ours(root):
            _remove(root)


def _is_ours(root: Path) -> bool:
    """Whether a folder is of this account, and there at all: another run may just have ended."""
    try:
        return root.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False


def _remove(root: Path) -> None:
    """Stop every server whose data folder is in `root` and delete it all."""
    for files in root.rglob("PG_VERSION"):
        if files.parent.name == "pg":
            Embedded(files.parent.parent).stop()
    shutil.rmtree(root, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether a process with this number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_for_a_second_connection() -> Iterator[None]:
    """Nothing under test asks for a connection while it holds one of the same pool: where each of eight does, all of
    them wait for one another until they give up."""
    given, held = Datastore.get_connection, local()

    @contextmanager
    def watched(self: Datastore) -> Iterator[Any]:
        mine: list[Datastore] = held.__dict__.setdefault("mine", [])
        assert self not in mine, "a second connection of a pool of which one is held already"
        mine.append(self)
        try:
            with given(self) as connection:
                yield connection
        finally:
            mine.remove(self)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Datastore, "get_connection", watched)
        yield


@pytest.fixture(autouse=True, scope="session")
def nothing_is_left_in_the_checkout() -> Iterator[None]:
    """What a test run writes is in folders of its own: at the top of the checkout nothing is new but caches."""
    top = Path(__file__).parents[1]
    before = {one.name for one in top.iterdir()}
    yield
    new = {one.name for one in top.iterdir()} - before
    assert {name for name in new if not name.startswith(".")} - {"build", "dist", "__pycache__"} == set()

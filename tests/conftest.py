"""The database of the tests: one embedded server a worker, one migrated template, a fresh copy for each test."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from registry.storage.database import migrate, session_url
from registry.storage.embedded import Embedded

_FOLDERS = Path("/tmp")
_PREFIX = "hromada-tests-"
_numbers = count(1)

# Before any module of ours is imported by a test: the developer's own register must never be touched.
for _name in [name for name in os.environ if re.match(r"HROMADA_|DATABASE_URL$|PG[A-Z]+$", name)]:
    del os.environ[_name]


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
    """The address of a fresh, migrated, empty database; dropped afterwards."""
    yield from _database(server, template="hromada")


@pytest.fixture
def empty_database_url(server: Embedded) -> Iterator[str]:
    """The address of a database without any schema; dropped afterwards."""
    yield from _database(server, template="template0")


def _database(server: Embedded, template: str) -> Iterator[str]:
    """Create a copy of `template`, hand out its address, drop it."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield session_url(server.url_of(name))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _sweep() -> None:
    """Remove what killed runs have left: their servers outlive them."""
    for root in _FOLDERS.glob(f"{_PREFIX}*"):
        process = root.name.removeprefix(_PREFIX)
        if process.isdigit() and root.stat().st_uid == os.geteuid() and not _alive(int(process)):
            _remove(root)


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

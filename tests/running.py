"""The command `hromada` run by tests: in this process, or as a program of its own, which costs half a second more."""

import io
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

import uvicorn
from callers import bearer, key_of

from api.commands import terminal
from api.commands.cli import main
from api.commands.registers import account
from registry.clock import utc_now
from registry.roles import PROGRAM, Role
from registry.staff import users
from registry.storage import access

PASSWORD = "вигадана кульбаба 7"
"""Of every user of tests."""
HROMADA = [sys.executable, "-c", "from api.commands.cli import main; main()"]

Done = subprocess.CompletedProcess[str]


class Command:
    """Runs `hromada` with these variables besides the environment's own: `hromada("ask", "residence", "P-1")`."""

    def __init__(self, **environment: str):
        self.environment = {**os.environ, **environment}

    def __call__(self, *words: object, typed: str | None = None, **more: str) -> Done:
        """What the command wrote and its exit status; `typed` is its standard input, `more` are further variables."""
        said = [str(word) for word in words]
        out, err = io.StringIO(), io.StringIO()
        given = sys.stdin if typed is None else io.StringIO(typed)
        with (
            _as_a_program(said, {**self.environment, **more}),
            patch.object(sys, "stdin", given),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as end:
                return Done(said, end.code or 0, out.getvalue(), err.getvalue())
        raise AssertionError("main() always ends by SystemExit")

    def answer(self, *words: object) -> dict:
        """The one JSON value that a command prints with --json."""
        done = self(*words, "--json")
        assert done.returncode in (0, 1, 3), done.stderr
        return json.loads(done.stdout)


class Program(Command):
    """The same in a process of its own: what is imported, what signals do, and how it ends, are the program's."""

    def __call__(self, *words: object, typed: str | None = None, **more: str) -> Done:
        return subprocess.run(
            [*HROMADA, *map(str, words)],
            env={**self.environment, **more},
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def staffed(url: str, *roles: Role, mine: bool = True, **more: Any) -> None:
    """Makes a user of each role, whose login is its name, in the register at an address; if they are `mine`, commands
    of these tests act for them without a password. `more` as `users.add` takes it."""
    with closing(access.connections(url)) as staff:
        for role in roles:
            said = {"login": role, "name": NAMES[role], "password": PASSWORD, **more}
            users.add(staff, role=role, by=PROGRAM, now=utc_now(), os_account=account() if mine else None, **said)


NAMES: dict[Role, str] = {
    "clerk": "Реєстратор Вигадана О. О.",
    "head": "Керівник Вигаданий К. К.",
    "auditor": "Аудиторка Вигадана А. А.",
    "admin": "Адміністратор Вигаданий Ю. Ю.",
    "reader": "Відділ Вигаданий",
}


class Server:
    """`hromada serve` in a process of its own; `more` are further variables, `words` its options, `log` is where its
    standard error goes. `by` are the headers of a head's key."""

    def __init__(
        self, url: str, data: Path, log: Any = subprocess.DEVNULL, *, words: tuple[str, ...] = (), **more: str
    ):
        self.port, self.public_port = free_ports(2)
        ports = {"HROMADA_PORT": str(self.port), "HROMADA_PUBLIC_PORT": str(self.public_port)}
        environment = {**os.environ, "DATABASE_URL": url, "HROMADA_DATA": str(data), **ports, **more}
        self.address, self.public = (f"http://127.0.0.1:{port}" for port in (self.port, self.public_port))
        self.process = subprocess.Popen(
            [*HROMADA, "serve", *words], env=environment, stdout=subprocess.DEVNULL, stderr=log
        )
        while self.process.poll() is None:
            try:
                urlopen(f"{self.address}/healthz").close()
                self.by = bearer(key_of(url, "head"))
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def resident_mib(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(300)


_ports = itertools.count(20_000 + 40 * (os.getpid() % 300))
"""Below those that the system gives to whoever asks for any: between our asking and the server's, none of them is taken
by a connection of another test."""


@contextmanager
def served(app: Any, port: int = 0) -> Iterator[str]:
    """The address of an application behind a real server, in this process; at any port, unless one is said."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def free_ports(count: int) -> list[int]:
    """So many ports of this machine that nobody listens on, and that this process has not named before."""
    found: list[int] = []
    while len(found) < count:
        port = next(_ports)
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


def assert_refused(done: Done, status: int, *words: str) -> None:
    """Ended with this status and said these words on standard error, without a traceback."""
    assert done.returncode == status, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


@contextmanager
def _as_a_program(words: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """What a program has of its own: its words, its variables, the width of its terminal, what it does on signals."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for console in (terminal.out, terminal.err):
        console.width = int(environment.get("COLUMNS", 80))
    try:
        with patch.object(sys, "argv", ["hromada", *words]), patch.dict(os.environ, environment, clear=True):
            yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)

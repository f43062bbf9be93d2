"""Other event stores, if they are installed: UmaDB, whose package on PyPI holds its server too.

It is never a dependency: `pip install umadb` beside the program. Its server runs for the time of the bench, on a port
of this machine and in the bench's folder; each client appends one event of a fact's size with a tag, over gRPC, and
waits for its acknowledgement: on disk, as its makers say.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from registry.bench.measures import at_once, pause, rate, watch
from registry.bench.place import BenchPlace, ended
from registry.bench.ports import free_port

READY_SECONDS = 20.0
_SERVE = "import sys, umadb.umadb_server_cli as cli; sys.argv[0] = 'umadb'; cli.main()"


class Peer:
    """A running store. `append` is how many events a second so many clients append."""

    name = "umadb"

    def __init__(self, umadb: Any, address: str):
        self.umadb, self.address = umadb, address

    def append(self, clients: int, seconds: float, size: int) -> float:
        """Events a second."""
        event = {"event_type": "person-entered", "data": b"Z" * size}
        each: list[Any] = at_once(clients, lambda _: self.umadb.Client(self.address))

        def one(number: int) -> None:
            each[number % clients].append([self.umadb.Event(**event, tags=[str(uuid4())])])

        got, _ = rate(clients, seconds, range(round(seconds * 20_000) + clients), one)
        return got


@contextmanager
def peers(place: BenchPlace, wanted: bool) -> Iterator[Peer | str | None]:
    """UmaDB, running; the code of why it is not; None if nobody wants it."""
    if not wanted:
        yield None
        return
    if find_spec("umadb") is None:
        yield "not-installed"
        return
    port = free_port()
    words = ["--listen", f"127.0.0.1:{port}", "--db-path", str(place.folder / "uma.db")]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        umadb = import_module("umadb")
        yield _answering(umadb, f"http://127.0.0.1:{port}", server) or "not-started"
    finally:
        ended(server)


def _answering(umadb: Any, address: str, server: subprocess.Popen[bytes]) -> Peer | None:
    until = watch() + READY_SECONDS
    while server.poll() is None and watch() < until:
        try:
            umadb.Client(address).head()
            return Peer(umadb, address)
        except Exception:
            # Whatever it raises while its server begins: the kinds are its own, and it may be of any version.
            pause(0.1)
    return None

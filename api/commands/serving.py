"""Two listeners of one process and one register: the desk's, and one for everybody that has only the public pages."""

import asyncio
import errno
import gc
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from types import FrameType
from typing import Any

import uvicorn
import uvloop
from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, h11

from api import guards
from api.commands.terminal import Stop
from registry import texts
from registry.settings import THIS_MACHINE, Settings

GRACE_SECONDS = 5
"""What is being answered may take so long after the signal to end; whoever is still sending or reading is left."""
THREADS = 200
"""Of requests at work. Acts that wait for one another take 160 at most (`registry.app`): the rest is for looks."""
PUBLIC_THREADS = 4
"""Of the public pages, of their own and fewer than looks have connections: however many ask, the desk goes on."""
TURN_SECONDS = 0.0005
"""How long a thread works at most while another one waits to go on."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Hurried(H11Protocol):
    """uvicorn's own way of speaking HTTP, which waits for ever for the rest of a request; this one hangs up."""

    head_seconds = 20.0
    idle_seconds = 20.0
    body_seconds = 180.0
    """For the head of a request; between two pieces of its body; for all of the body."""

    _timer: asyncio.TimerHandle | None = None
    _asked: Any = None
    _body_until = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._hang_up_in(self.head_seconds)

    def data_received(self, data: bytes) -> None:
        if self._timer is None:
            self._hang_up_in(self.head_seconds)
        super().data_received(data)
        theirs = self.conn.their_state
        if theirs is h11.SEND_BODY:
            if self._asked is not self.cycle:
                self._asked, self._body_until = self.cycle, self.loop.time() + self.body_seconds
            self._hang_up_in(min(self.idle_seconds, self._body_until - self.loop.time()))
        elif theirs is not h11.IDLE:
            self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP reaches no application; it is refused in our words and with our headers all the same."""
        said = {**guards.HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        headers = [(name.encode(), value.encode()) for name, value in said.items()]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=texts.say("problem_details", "not-http").encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _hang_up_in(self, seconds: float) -> None:
        self._forget()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Listener(uvicorn.Server):
    """One of the servers of a process, whose signals whoever runs them hears for all."""

    def __init__(self, app: ASGIApp, http: type[H11Protocol] = Hurried):
        config = uvicorn.Config(
            app,
            http=http,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            # Whose X-Forwarded-For is believed, we say ourselves: uvicorn would believe everybody on this machine.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


def require_free_ports(settings: Settings) -> None:
    """Raises `Stop` if another program has a port; whoever starts asks before the work that leads up to serving."""
    with _sockets(settings):
        pass


def serve(desk: ASGIApp, public: ASGIApp, settings: Settings) -> None:
    """Serves both until a signal; then neither takes anything new, and what is being answered is finished. Each has a
    loop and threads of its own. Raises `Stop` if another program has a port."""
    with _sockets(settings) as sockets, ThreadPoolExecutor(1) as beside:
        listeners = [Listener(desk), Listener(public)]

        def end(number: int, frame: FrameType | None) -> None:
            for one in listeners:
                one.force_exit = one.should_exit and number == signal.SIGINT
                one.should_exit = True

        kept = {number: signal.signal(number, end) for number in SIGNALS}
        # What was made for all requests stays for ever: to look through it for garbage stops every request for 0.2 s.
        gc.collect()
        gc.freeze()
        # A request lets the others go on dozens of times, each time that it asks the database; to go on itself it waits
        # for whoever works meanwhile, and by Python's own 5 ms for much longer than the database takes.
        sys.setswitchinterval(TURN_SECONDS)
        try:
            others = beside.submit(_serve, listeners, 1, sockets[1], PUBLIC_THREADS)
            _serve(listeners, 0, sockets[0], THREADS)
            others.result()
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


def _serve(listeners: list[Listener], which: int, bound: socket.socket, threads: int) -> None:
    async def served() -> None:
        current_default_thread_limiter().total_tokens = threads
        await listeners[which].serve([bound])

    try:
        uvloop.run(served())
    finally:
        # Neither goes on without the other.
        for one in listeners:
            one.should_exit = True


@contextmanager
def _sockets(settings: Settings) -> Iterator[list[socket.socket]]:
    """The desk's and the public pages': these are for a proxy of this machine, wherever the desk listens."""
    with ExitStack() as held:
        yield [
            held.enter_context(_bound(settings.host, "HROMADA_PORT", settings.port)),
            held.enter_context(_bound(THIS_MACHINE, "HROMADA_PUBLIC_PORT", settings.public_port)),
        ]


def _bound(host: str, name: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Two programs may be bound to a port; only one listens.
        bound.listen()
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise Stop(2, texts.say("commands_say", "no_address", host)) from None
        raise Stop(4, texts.say("commands_say", "port_taken", port, name)) from None
    return bound

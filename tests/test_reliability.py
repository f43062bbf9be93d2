"""What the server does when the database is away, when others act, and when clients send half of something."""

import asyncio
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Barrier
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from given import CLERK, installation
from running import Server, free_ports
from starlette.testclient import TestClient

from api.commands.serving import PUBLIC_THREADS, Hurried, Listener
from api.desk import Desk
from api.main import LARGEST_BODY, create_app, create_public_app
from registry import seals, texts
from registry.app import Registry
from registry.opening import opened
from registry.roles import Who
from registry.storage.database import migrate
from registry.storage.embedded import Embedded
from registry.storage.recorder import AT_A_DESK, Busy

HOME = {"kind": "private", "address": {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}}
LONG = 120
"""Seconds after which something that was to be short is taken to wait for ever."""
_numbers = count()


def asked(
    url: str, body: Any = None, method: str | None = None, *, by: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, dict[str, str], str]:
    """The status, the headers and the text of an answer, whatever it is; `by` are the headers that say who asks."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {**({"Content-Type": "application/json"} if data else {}), **by}, method=method)
    try:
        with urlopen(request, timeout=LONG) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except HTTPError as refused:
        return refused.code, {k.lower(): v for k, v in refused.headers.items()}, refused.read().decode()


@contextmanager
def locked(url: str, table: str, mode: str) -> Iterator[None]:
    """Somebody else holds a lock."""
    with psycopg.connect(url) as other:
        other.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield


@pytest.fixture
def embedded(data_root: Path) -> Iterator[Embedded]:
    """A database of one's own, to be killed."""
    embedded = Embedded(data_root / f"reliable-{next(_numbers)}")
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url, patience=AT_A_DESK) as registry:
        yield registry


@pytest.fixture
def client(registry: Registry, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(registry, installation(data=tmp_path)), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.slow
class TestTheDatabaseIsAway:
    def test_requests_are_refused_soon_and_answered_again_once_it_is_back(
        self, embedded: Embedded, tmp_path: Path
    ) -> None:
        migrate(embedded.url)
        server = Server(embedded.url, tmp_path)
        pages = [f"{server.address}/", f"{server.address}/readyz", f"{server.public}/status/000000"]
        pages += [f"{server.public}/v/AAAAAAAAAAAA"]
        try:
            assert [asked(page, by=server.by)[0] for page in pages] == [200, 200, 404, 404]
            for kill in (_kill, Embedded.stop):
                kill(embedded)
                for page in pages:
                    status, headers, text = asked(page, by=server.by)
                    assert status == 503 and headers["retry-after"] and "База даних не відповідає" in text, page
                with ThreadPoolExecutor(45) as crowd:
                    waiting = [
                        crowd.submit(asked, f"{server.address}/api/v1/search/people", {"q": "а"}, by=server.by)
                        for _ in range(45)
                    ]
                    waiting += [
                        crowd.submit(asked, f"{server.address}/api/v1/dwellings", HOME, by=server.by) for _ in range(5)
                    ]
                    # Among all who wait.
                    assert asked(f"{server.address}/healthz")[0] == 200
                    assert not all(one.done() for one in waiting)
                    assert {one.result()[0] for one in waiting} == {503}
                embedded.start()
                until = time.monotonic() + LONG
                while asked(f"{server.address}/readyz")[0] != 200:
                    assert time.monotonic() < until
                assert [asked(page, by=server.by)[0] for page in pages] == [200, 200, 404, 404]
                assert asked(f"{server.address}/api/v1/dwellings", {**HOME, "confirmed": True}, by=server.by)[0] == 201
        finally:
            server.stop()


def _kill(embedded: Embedded) -> None:
    """As the kernel does when memory is short; its children leave by themselves."""
    os.kill(int((embedded.pg / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    while embedded._runs():
        time.sleep(0.05)


@pytest.mark.slow
class TestOthersAreAtWork:
    def test_looking_never_waits_for_acting(self, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path)
        try:
            with locked(database_url, "facts", "EXCLUSIVE"), ThreadPoolExecutor(50) as crowd:
                acts = [
                    crowd.submit(asked, f"{server.address}/api/v1/dwellings", HOME, by=server.by) for _ in range(50)
                ]
                assert asked(f"{server.address}/", by=server.by)[0] == 200
                assert asked(f"{server.address}/api/v1/search/people", {"q": "а"}, by=server.by)[0] == 200
                assert asked(f"{server.public}/status/000000")[0] == 404
                refused = [one.result() for one in acts]  # while the lock is still held
            assert {status for status, _, _ in refused} == {503}
            for _, headers, text in refused:
                said = json.loads(text)
                assert headers["retry-after"] and "за кілька секунд" in said["detail"]
                assert said["type"] == "/problems/busy"
            assert json.loads(asked(f"{server.address}/readyz")[2])["position"] == 0
            assert asked(f"{server.address}/api/v1/dwellings", HOME, by=server.by)[0] == 201
        finally:
            server.stop()

    def test_a_crowd_at_the_public_pages_leaves_the_desk_its_share(self, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path, HROMADA_PUBLIC_RATE="9999/second")
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        try:
            with ThreadPoolExecutor(60) as crowd:
                with locked(database_url, "extracts", "ACCESS EXCLUSIVE"), psycopg.connect(database_url) as other:
                    other.autocommit = True
                    checks = [crowd.submit(asked, f"{server.public}/v/ABCDEFGHJKLM") for _ in range(60)]
                    while other.execute(waiting).fetchone() < (PUBLIC_THREADS,):
                        pass
                    looks = [
                        asked(f"{server.address}/api/v1/search/people", {"q": "а"}, by=server.by)[0] for _ in range(20)
                    ]
                assert set(looks) == {200}
                assert {one.result()[0] for one in checks} <= {404, 503}
        finally:
            server.stop()

    def test_a_locked_table_is_told_and_health_never_waits(self, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path)
        try:
            with locked(database_url, "people", "ACCESS EXCLUSIVE"), ThreadPoolExecutor(60) as crowd:
                looks = [crowd.submit(asked, f"{server.address}/", by=server.by) for _ in range(60)]
                assert asked(f"{server.address}/healthz")[0] == 200
                assert {one.result()[0] for one in looks} == {503}
            assert asked(f"{server.address}/", by=server.by)[0] == 200
        finally:
            server.stop()


class TestLooks:
    def test_do_not_wait_for_one_another(
        self, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whom somebody may see is asked of the database: two may ask at once, or neither is answered here."""
        both, asked_for = Barrier(2, timeout=LONG), seals.viewer_of
        monkeypatch.setattr(seals, "viewer_of", lambda *who: (both.wait(), asked_for(*who))[1])
        who = Who(actor=CLERK, roles=frozenset({"clerk"}))
        desks = [Desk(registry, installation(data=tmp_path), registry.clock(), who) for _ in range(2)]
        with ThreadPoolExecutor(2) as crowd:
            first, second = crowd.map(lambda one: one.viewer, desks)
        assert first.sees_everything and second.sees_everything


class TestAnAct:
    def test_that_did_not_get_the_lock_wrote_nothing(self, database_url: str, registry: Registry) -> None:
        with locked(database_url, "facts", "EXCLUSIVE"):
            with pytest.raises(Busy), registry.recorder.writing():
                pass
            assert registry.position() == 0
        with registry.recorder.writing() as log:
            assert log.position == 0

    def test_leaves_the_connections_of_looks_alone(self, registry: Registry) -> None:
        assert registry.acts.pool is not registry.datastore.pool is not registry.access.pool
        with registry.recorder.writing():
            assert registry.datastore.turns.at_work == 0

    def test_asks_for_no_second_connection_while_it_holds_one(self, registry: Registry) -> None:
        """All tests watch it (`conftest.py`); this one sees that they would."""
        with registry.datastore.get_connection(), registry.access.get_connection():
            with pytest.raises(AssertionError, match="second connection"), registry.datastore.get_connection():
                pass

    def test_commands_are_patient(self, database_url: str) -> None:
        with opened(database_url) as registry:
            assert registry.acts.lock_timeout == registry.datastore.pool.timeout == 30


class TestABody:
    @pytest.mark.parametrize(
        ("method", "path", "most"),
        [
            ("POST", "/api/v1/dwellings", LARGEST_BODY),
            ("POST", "/api/v1/search/people", LARGEST_BODY),
            ("POST", "/", LARGEST_BODY),
            ("PUT", f"/api/v1/scans/{'a' * 64}", 10 * LARGEST_BODY),
        ],
    )
    @pytest.mark.parametrize("said", [True, False], ids=["its length is said", "in chunks"])
    def test_that_is_too_long_is_told_in_our_words_and_logged(
        self, client: TestClient, capsys: pytest.CaptureFixture[str], method: str, path: str, most: int, said: bool
    ) -> None:
        piece = b"x" * 65536
        pieces = [piece] * (most // len(piece)) + [b"x"]
        body: Any = b"".join(pieces) if said else iter(pieces)
        kind = "application/x-www-form-urlencoded" if path == "/" else "application/json"
        answer = client.request(method, path, content=body, headers={"Content-Type": kind})
        logged = capsys.readouterr().err
        assert answer.status_code == 413 and ("мегабайт" in answer.text or "забагато" in answer.text)
        assert answer.headers["content-security-policy"] and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith("text/html" if path == "/" else "application/problem+json")
        assert '"status": 413' in logged and "incident" not in logged

    def test_of_just_that_length_is_read(self, client: TestClient) -> None:
        for length, status in ((LARGEST_BODY, 400), (LARGEST_BODY + 1, 413)):
            answer = client.post(
                "/api/v1/dwellings", content=b"x" * length, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == status

    def test_of_a_lookup_that_nobody_reads_does_no_harm(self, registry: Registry, tmp_path: Path) -> None:
        public = TestClient(create_public_app(registry, installation(data=tmp_path)))
        for path, status in (("/status/000000", 404), ("/bring", 200), ("/none", 404)):
            answer = public.request("GET", path, content=b"x" * (LARGEST_BODY + 1))
            assert answer.status_code in (status, 413) and answer.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("multipart/form-data; boundary=x", b"--y\r\nnonsense"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n"),
            ("multipart/form-data", b"no boundary"),
            ("Multipart/Form-Data; boundary=x", b"\x00\xff"),
        ],
    )
    def test_a_broken_form_is_called_a_form(self, client: TestClient, kind: str, body: bytes) -> None:
        answer = client.post("/", content=body, headers={"Content-Type": kind})
        assert answer.status_code in (400, 422) and "JSON" not in answer.text
        if answer.status_code == 400:
            assert "Форму надіслано не цілою" in answer.text and "надішліть форму ще раз" in answer.text.lower()


class Quick(Hurried):
    head_seconds, idle_seconds, body_seconds = 0.5, 0.5, 2.0


@pytest.mark.slow
class TestHalfARequest:
    @pytest.mark.parametrize(
        ("pieces", "pause"),
        [
            ([b""], 0),
            ([b"GET / HT"], 0),
            ([b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"], 0),
            ([b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"], 0),
            ([b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx"], 0),
            ([b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", *[b"X: y\r\n"] * 1000], 0.05),  # drop by drop
            ([b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 999], 0.05),
            ([b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET / HT"], 0),  # after a whole one
        ],
    )
    def test_is_hung_up_on(self, pieces: list[bytes], pause: float) -> None:
        async def sent(port: int) -> int:
            """How many pieces were taken until the other side hung up."""
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            ended = asyncio.create_task(_until_the_end(reader))
            taken = 0
            for piece in pieces:
                if ended.done():
                    break
                writer.write(piece)
                taken += 1
                await asyncio.sleep(pause)
            await asyncio.wait_for(ended, LONG)
            writer.close()
            return taken

        taken = asyncio.run(_while_serving(_reads_all, sent))
        assert taken < 1000 if pause else taken == len(pieces)

    def test_a_whole_one_is_answered_however_long_that_takes(self) -> None:
        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await _read(receive)
            await asyncio.sleep(1.5)
            await _answer(send)

        async def sent(port: int) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(2):  # over one connection
                writer.write(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhe")
                await asyncio.sleep(0.2)
                writer.write(b"llo")
                answer = await reader.readuntil(b"done")
            writer.close()
            return answer

        answer = asyncio.run(_while_serving(slow, sent))
        assert answer.startswith(b"HTTP/1.1 200") and b"server:" not in answer.lower()


@pytest.mark.parametrize(
    "said",
    [b"GET /\r\n\r\n", b"GET /v/\t HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"],
    ids=["0.9", "a tab", "two hosts"],
)
def test_what_is_no_request_is_told_so_in_our_words(said: bytes) -> None:
    async def sent(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        answer = await reader.read()
        writer.close()
        return answer

    head, _, body = asyncio.run(_while_serving(_reads_all, sent)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400") and texts.TEXTS["problem_details"]["not-http"].encode() == body
    assert {b"nosniff", b"no-store"} <= set(head.replace(b"\r\n", b" ").split())


async def _while_serving(app: Any, sent: Any) -> Any:
    listener = Listener(app, Quick)
    bound = socket.create_server(("127.0.0.1", 0))
    served = asyncio.create_task(listener.serve([bound]))
    try:
        return await sent(bound.getsockname()[1])
    finally:
        listener.should_exit = True
        await served


async def _until_the_end(reader: asyncio.StreamReader) -> None:
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass


async def _read(receive: Any) -> None:
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass


async def _answer(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"done"})


async def _reads_all(scope: Any, receive: Any, send: Any) -> None:
    await _read(receive)
    await _answer(send)


HELD = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHo",
    "half a body": b"POST /api/v1/dwellings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{",
    "half a form": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nq",
    "kept alive": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "never reads": b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 200,
}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda one: one.name)
def test_a_signal_ends_it_whatever_clients_hold(database_url: str, tmp_path: Path, number: signal.Signals) -> None:
    log = tmp_path / "log"
    with log.open("wb") as written:
        server = Server(database_url, tmp_path / "data", written)
    held = []
    for port in (server.port, server.public_port):
        for said in HELD.values():
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(said)
            held.append(one)
    assert asked(f"{server.address}/healthz")[1].get("server") is None
    server.process.send_signal(number)
    assert server.process.wait(20) == 0
    for one in held:
        one.close()
    assert "incident" not in log.read_text("utf-8")
    # Both ports are free again.
    for port in (server.port, server.public_port):
        socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.slow
class TestWhoMayEnterTheDatabase:
    def test_nobody_over_the_network_without_a_password(self, embedded: Embedded) -> None:
        [port] = free_ports(1)
        rules = embedded.pg / "pg_hba.conf"
        with psycopg.connect(embedded.url, autocommit=True) as own:
            own.execute("ALTER SYSTEM SET listen_addresses = '127.0.0.1'")
            own.execute(f"ALTER SYSTEM SET port = {port}")
        assert not re.search(r"^host.*trust", rules.read_text(), re.MULTILINE)
        # As folders of earlier releases have it, and with a rule that somebody added.
        kept = "host    all    reader    10.0.0.0/8    scram-sha-256\n"
        old = re.sub(r"^(host.*)reject$", r"\1trust", rules.read_text(), flags=re.MULTILINE) + kept
        assert "trust" in re.sub(r"^local.*$|^#.*$", "", old, flags=re.MULTILINE)
        rules.write_text(old)
        with psycopg.connect(embedded.url, autocommit=True) as own:
            own.execute("ALTER SYSTEM SET port = 5432")
            own.execute("ALTER SYSTEM RESET port")
        embedded.stop()
        embedded.start()
        assert not re.search(r"^host.*trust", rules.read_text(), re.MULTILINE) and kept in rules.read_text()
        assert rules.stat().st_mode & 0o077 == 0
        with pytest.raises(psycopg.OperationalError, match="pg_hba"):
            psycopg.connect("host=127.0.0.1 port=5432 user=hromada dbname=hromada")
        psycopg.connect(embedded.url).close()

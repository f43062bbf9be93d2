"""What may be asked of an address: HEAD as GET, OPTIONS, and `Allow` at every 405."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from given import installation
from running import served
from test_api import routes_of

from api.main import create_app
from registry.opening import opened
from registry.roles import ROLES

OF_AN_ID = {(way, f"/api/v1/outbox/{at}") for way in ("GET", "HEAD") for at in ("sent", "done")}
"""What is looked up as the id of a message, and is none: 404."""
NOWHERE = "7f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b99"


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with (
        opened(database_url) as registry,
        TestClient(create_app(registry, installation(data=tmp_path, roles=frozenset(ROLES)))) as client,
    ):
        yield client


def addresses(client: TestClient) -> dict[str, set[str]]:
    """Every address of the application, filled in, with the methods of the routes that it is an address of."""
    ways = [way.partition(" ")[::2] for way in sorted(routes_of(client.app)) if not way.endswith(" /static")]
    found: dict[str, set[str]] = {}
    for method, path in ways:
        found.setdefault(re.sub(r"{\w+}", NOWHERE, path), set()).add(method)
    return {**found, "/static/style.css": {"GET"}}


def test_head_is_get_without_a_body(client: TestClient) -> None:
    asked = [at for at, methods in addresses(client).items() if "GET" in methods]
    assert "/" in asked and len(asked) > 40
    for at in asked:
        got, head = client.get(at), client.head(at)
        assert (head.status_code, head.content) == (got.status_code, b""), at
        assert head.headers["content-type"] == got.headers["content-type"], at
        # Where looks are listed, the first of the two is on the list of the second.
        if not at.endswith("/looks"):
            assert head.headers.get("content-length") == got.headers.get("content-length"), at
        assert head.headers.get("etag") == got.headers.get("etag"), at


def test_head_of_the_first_page_and_of_the_api(client: TestClient) -> None:
    assert [client.head(at).status_code for at in ("/", "/readyz", "/api/v1/services")] == [200, 200, 200]
    assert client.head("/nothing").status_code == 404


def test_every_address_names_all_that_is_allowed_there(client: TestClient) -> None:
    for at, methods in addresses(client).items():
        allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
            if method not in allowed and (method, at) not in OF_AN_ID:
                answer = client.request(method, at)
                assert answer.status_code == 405, (method, at)
                assert set(answer.headers["allow"].split(", ")) == allowed, (method, at)
        answer = client.options(at)
        assert (answer.status_code, answer.content) == (204, b""), at
        assert set(answer.headers["allow"].split(", ")) == allowed, at
        assert "access-control-allow-origin" not in answer.headers


def test_nothing_is_allowed_where_nothing_is(client: TestClient) -> None:
    answer = client.options("/api/v1/nothing")
    assert answer.status_code == 404 and "allow" not in answer.headers


def test_an_outsider_learns_no_more_by_asking_so(client: TestClient) -> None:
    foreign = {"Host": "elsewhere.example"}
    assert [client.request(method, "/", headers=foreign).status_code for method in ("HEAD", "OPTIONS")] == [400, 400]


def test_a_real_server_sends_the_length_and_no_body(client: TestClient) -> None:
    with served(client.app) as address:
        host = address.removeprefix("http://")
        with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2]))) as line:
            line.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            said = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and body == b""
    assert int(re.search(rb"content-length: (\d+)", head)[1]) > 1000

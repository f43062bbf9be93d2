"""The public pages on a listener of their own: nothing that a client, a header or a proxy says opens the desk there."""

import asyncio
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from extracting import Town
from fastapi.routing import APIRoute
from given import installation
from running import HROMADA, Server, assert_refused, free_ports
from starlette.testclient import TestClient
from test_check_page import town

from api import guards, limits
from api.commands import serving
from api.main import create_app, create_public_app
from registry.settings import Settings, SettingsError

__all__ = ["town"]

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
PUBLIC = ("/v/AAAAAAAAAAAA", "/status/000000", "/api/v1/status/000000", "/static/style.css", "/bring")
OF_THE_DESK = (
    *("/", "/api/v1/changes", "/api/v1/openapi.json", "/api/v1/persons", "/api/v1/search/people", "/healthz"),
    *("/persons/00000000-0000-4000-8000-000000000000", "/v/../", "/v/..%2f", "/static/../api/v1/changes", "//", "/v//../"),
)
SAID = (
    {},
    {"Host": "127.0.0.1"},
    {"Host": "localhost:8080"},
    {"Host": "[::1]"},
    {"Host": "evil.example"},
    {"Host": "reiestr.example.ua", "X-Forwarded-Host": "127.0.0.1"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost;proto=http"},
    {"X-Original-URL": "/api/v1/changes", "X-Rewrite-URL": "/api/v1/changes"},
    {"X-HTTP-Method-Override": "POST", "Authorization": "Bearer key", "Access-Ground": "court"},
)


@pytest.fixture
def public(town: Town) -> Iterator[TestClient]:
    with TestClient(create_public_app(town.registry, town.settings)) as client:
        yield client


class TestTheApplication:
    def test_has_only_what_is_public(self, town: Town) -> None:
        app = create_public_app(town.registry, town.settings)
        listed = {one.path: one for one in app.routes if isinstance(one, APIRoute)}
        assert all(guards.PUBLIC.fullmatch(re.sub(r"\{\w+\}", "x", path)) for path in listed), set(listed)
        assert {getattr(one, "path", "") for one in app.routes} - set(listed) == {"/static"}
        of_desk = {one.path for one in create_app(town.registry, town.settings).routes if isinstance(one, APIRoute)}
        open_to_all = {path for path in of_desk if guards.PUBLIC.fullmatch(re.sub(r"\{\w+\}", "x", path))}
        assert set(listed) == open_to_all

    @pytest.mark.parametrize("headers", SAID, ids=lambda said: "-".join(said) or "nothing")
    def test_answers_under_any_name_and_never_with_the_desk(self, public: TestClient, headers: dict[str, str]) -> None:
        for path in PUBLIC:
            assert public.get(path, headers=headers).status_code in (200, 404), path
        for path in OF_THE_DESK:
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = public.request(method, path, headers=headers)
                assert answer.status_code in (404, 405), (method, path)
                assert answer.headers["content-security-policy"] and answer.headers["cache-control"] == "no-store"

    def test_a_refusal_leads_to_no_desk(self, public: TestClient) -> None:
        page = public.get("/")
        assert page.status_code == 404 and 'href="/"' not in page.text and 'action="/"' not in page.text
        assert public.get("/api/v1/changes").headers["content-type"] == "application/problem+json"

    def test_an_issued_extract_is_checked_at_both(self, public: TestClient, town: Town) -> None:
        issued = town.issue(town.person)
        code = re.search(r"/v/([0-9A-Z]+)", town.printed(issued))
        assert code
        for client in (public, TestClient(create_app(town.registry, town.settings))):
            assert client.get(f"/v/{code[1]}").status_code == 200

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site", "Origin": "https://reiestr.example.ua"}, 403),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "https://reiestr.example.ua"}, 405),  # a proxy has put its own name for Host
            ({"Sec-Fetch-Site": "same-origin", "Origin": "https://reiestr.example.ua"}, 405),
            ({}, 405),
        ],
    )
    def test_a_form_of_another_page_is_refused(self, town: Town, headers: dict[str, str], status: int) -> None:
        settings = installation(data=town.settings.data, public_url="https://reiestr.example.ua")
        client = TestClient(create_public_app(town.registry, settings))
        assert client.post("/bring", headers=headers).status_code == status


class TestTheDesk:
    @pytest.mark.parametrize(
        "header",
        ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via", "X-Original-URL"],
    )
    def test_answers_nobody_who_comes_through_a_proxy(self, town: Town, header: str) -> None:
        client = TestClient(create_app(town.registry, town.settings), headers={header: "127.0.0.1"})
        assert client.get("/").status_code == client.get("/api/v1/changes").status_code == 400
        assert "HROMADA_PUBLIC_PORT" in client.get("/api/v1/changes").json()["detail"]
        assert client.get("/status/000000").status_code == 404  # what is public still is


class TestWhoAsks:
    PROXIES = tuple(ip_network(one) for one in ("127.0.0.1", "10.0.0.0/8", "fd00::/8"))

    @pytest.mark.parametrize(
        ("peer", "forwarded", "asker"),
        [
            ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # no proxy of ours: what it says is nothing
            ("127.0.0.1", [], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),  # the left one was only said
            ("127.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),  # in two headers
            ("127.0.0.1", ["203.0.113.7, 10.1.2.3"], "203.0.113.7"),  # a chain of ours
            ("127.0.0.1", ["evil, 203.0.113.7 , 10.1.2.3,10.9.9.9"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, junk"], "127.0.0.1"),  # what is no address ends the walk
            ("127.0.0.1", ["203.0.113.7, junk, 10.1.2.3"], "10.1.2.3"),
            ("127.0.0.1", ["", ",,", "203.0.113.7,"], "127.0.0.1"),
            ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),  # nobody but proxies
            ("127.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
            ("127.0.0.1", ['"[2001:db8::1]:4711"'], "2001:db8::1"),
            ("127.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
            ("::ffff:127.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
            ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
            ("testclient", ["203.0.113.7"], "testclient"),
            ("", ["203.0.113.7"], ""),
        ],
    )
    def test_is_the_last_that_no_proxy_of_ours_is(self, peer: str, forwarded: list[str], asker: str) -> None:
        assert limits.asker(peer, forwarded, self.PROXIES) == asker
        assert limits.asker(peer, forwarded, ()) in (peer, "127.0.0.1")

    def test_whatever_is_said_one_client_is_one(self, town: Town) -> None:
        said = dict(data=town.settings.data, public_rate="3/minute")
        app = create_public_app(town.registry, installation(**said))
        client = TestClient(app, client=("127.0.0.1", 5))
        answers = [
            client.get("/status/000000", headers={"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(6)
        ]
        assert [one.status_code for one in answers] == [404] * 3 + [429] * 3
        behind = create_public_app(town.registry, installation(**said, proxies=self.PROXIES))
        client = TestClient(behind, client=("127.0.0.1", 5))
        answers = [
            client.get("/status/000000", headers={"X-Forwarded-For": f"203.0.113.{number}, 2001:db8::{number}"})
            for number in range(6)
        ]
        assert [one.status_code for one in answers] == [404] * 3 + [429] * 3  # one subscriber of IPv6
        elsewhere = client.get("/status/000000", headers={"X-Forwarded-For": "2001:db8:0:1::1"})
        assert elsewhere.status_code == 404

    @pytest.mark.parametrize("text", ["localhost", "127.0.0.1/8", "10.0.0.0/33", "*", "127.0.0.1; ::1"])
    def test_a_bad_list_says_what_to_write(self, text: str) -> None:
        with pytest.raises(SettingsError, match=r"HROMADA_PROXIES.*10\.0\.0\.0/8"):
            Settings.read({"HROMADA_PROXIES": text})
        assert len(Settings.read({"HROMADA_PROXIES": "127.0.0.1, 10.0.0.0/8,::1,"}).proxies) == 3
        assert Settings.read({}).proxies == ()


class TestThePort:
    def test_is_the_next_one_unless_said(self) -> None:
        assert (Settings.read({}).port, Settings.read({}).public_port) == (8080, 8081)
        assert Settings.read({"HROMADA_PORT": "8090"}).local_public_url == "http://127.0.0.1:8091"
        assert Settings.read({"HROMADA_PORT": "8090", "HROMADA_PUBLIC_PORT": "80"}).public_port == 80

    @pytest.mark.parametrize(
        "said", [{"HROMADA_PUBLIC_PORT": "8080"}, {"HROMADA_PUBLIC_PORT": "door"}, {"HROMADA_PORT": "65535"}]
    )
    def test_a_bad_one_is_named(self, said: dict[str, str]) -> None:
        with pytest.raises(SettingsError, match="HROMADA_PUBLIC_PORT"):
            Settings.read(said)

    @pytest.mark.parametrize("name", ["HROMADA_PORT", "HROMADA_PUBLIC_PORT"])
    def test_a_taken_one_is_named(self, name: str, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ports = dict(zip(("HROMADA_PORT", "HROMADA_PUBLIC_PORT"), map(str, free_ports(2)), strict=True))
            said = ports | {name: str(taken.getsockname()[1])}
            environment = {"HROMADA_DATA": str(tmp_path), "DATABASE_URL": "postgresql:///none", **said}
            from running import Command

            assert_refused(Command(**environment)("serve"), 4, said[name], f"інший {name}.")

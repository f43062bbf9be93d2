"""The public pages on a listener of their own: nothing that a client, a header or a proxy says opens the desk there."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from ipaddress import ip_network
from pathlib import Path

import pytest
from given import installation
from running import Command, Server, assert_refused, free_ports
from starlette.testclient import TestClient
from test_api import routes_of
from test_check_page import Town, town

from api import limits, ways
from api.main import create_app, create_public_app
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings, SettingsError

__all__ = ["town"]

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
PUBLIC = ("/v/AAAAAAAAAAAA", "/status/000000", "/api/v1/status/000000", "/static/style.css", "/bring")
OF_THE_DESK = (
    *("/", "/api/v1/changes", "/api/v1/openapi.json", "/api/v1/persons", "/api/v1/search/people", "/healthz"),
    *(
        "/persons/00000000-0000-4000-8000-000000000000",
        "/v/../",
        "/v/..%2f",
        "/static/../api/v1/changes",
        "//",
        "/v/x/../../",
    ),
)
STATIC = "GET /static"
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


def _filled(route: str) -> str:
    """The address of a route, with something for each name in it."""
    return re.sub(r"\{\w+\}", "x", route.partition(" ")[2])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(data=tmp_path, public_rate="100000/minute")


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


@pytest.fixture
def public(registry: Registry, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_public_app(registry, settings)) as client:
        yield client


class TestTheApplication:
    def test_has_only_what_is_public(self, registry: Registry, settings: Settings) -> None:
        listed, of_desk = (routes_of(made(registry, settings)) for made in (create_public_app, create_app))
        assert listed == {
            one for one in of_desk if ways.PUBLIC.fullmatch(f"{_filled(one)}/x" if one == STATIC else _filled(one))
        }
        assert {"GET /v/{code}", "GET /status/{code}", "GET /bring", STATIC} < listed

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
        assert all(public.get(way).status_code == 200 for way in re.findall('href="(/[^"]*)"', page.text))
        assert {"/v/", "/status/", "/bring"} < set(re.findall('href="(/[^"]*)"', page.text))
        assert public.get("/api/v1/changes").headers["content-type"] == "application/problem+json"

    def test_an_issued_extract_is_checked_at_both(self, town: Town) -> None:
        for made in (create_app, create_public_app):
            assert TestClient(made(town.registry, town.settings)).get(f"/v/{town.valid.code}").status_code == 200

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
    def test_a_form_of_another_page_is_refused(
        self, registry: Registry, settings: Settings, headers: dict[str, str], status: int
    ) -> None:
        known = replace(settings, public_url="https://reiestr.example.ua")
        client = TestClient(create_public_app(registry, known))
        assert client.post("/bring", headers=headers).status_code == status


class TestTheDesk:
    @pytest.mark.parametrize(
        "header",
        [
            *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"),
            *("X-Original-URL", "X-Rewrite-URL", "X-Forwarded", "X-Client-IP", "X-Cluster-Client-IP"),
            *("X-Envoy-Internal", "CDN-Loop"),
        ],
    )
    def test_answers_nobody_who_comes_through_a_proxy(
        self, registry: Registry, settings: Settings, header: str
    ) -> None:
        client = TestClient(create_app(registry, settings), headers={header: "127.0.0.1"})
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

    def test_whatever_is_said_one_client_is_one(self, registry: Registry, settings: Settings) -> None:
        said = dict(data=settings.data, public_rate="3/minute")
        app = create_public_app(registry, installation(**said))
        client = TestClient(app, client=("127.0.0.1", 5))
        answers = [
            client.get("/status/000000", headers={"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(6)
        ]
        assert [one.status_code for one in answers] == [404] * 3 + [429] * 3
        behind = create_public_app(registry, installation(**said, proxies=self.PROXIES))
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
            assert_refused(Command(**environment)("serve"), 4, said[name], f"інший {name}.")


class Nginx:
    """Debian's nginx in a process of its own, with a folder of its own and on high ports."""

    def __init__(self, folder: Path, conf: str, *ports: int):
        self.folder = folder
        for name in ("logs", "temp"):
            (folder / name).mkdir(exist_ok=True)
        temps = "".join(
            f"{kind}_temp_path temp/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid logs/pid; error_log logs/error.log;"
            f"events {{}} http {{ access_log off; {temps} types {{ text/css css; }}\n{conf}\n}}"
        )
        self.command = ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "logs/error.log"]
        self.ports = ports

    def tested(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)

    def __enter__(self) -> "Nginx":
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in self.ports:
            wait_for(port, self.process)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def asked(port: int, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, bytes]:
    """The status and the body of an answer, byte for byte as asked: no client mends the address or the Host."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in {**({"Content-Length": str(len(body))} if body else {}), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        try:
            answer = connection.getresponse()
        except RemoteDisconnected:
            return 0, b""
        return answer.status, answer.read()


PLAIN = """
server {{ listen 127.0.0.1:{plain}; location / {{ proxy_pass http://127.0.0.1:{public}; }} }}
server {{ listen 127.0.0.1:{careful}; server_name reiestr.example.ua;
    location / {{ proxy_pass http://127.0.0.1:{public};
        proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }}
server {{ listen 127.0.0.1:{wrong}; location / {{ proxy_pass http://127.0.0.1:{desk};
    proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }}
server {{ listen 127.0.0.1:{wrongest}; location / {{ proxy_pass http://127.0.0.1:{desk}; }} }}
"""
"""As somebody in a hurry writes it, and somebody careful; and both before the desk's port, where none belongs."""
HOSTS = ("reiestr.example.ua", "127.0.0.1", "localhost", "[::1]", "127.0.0.1:8080", "evil.example", "")


@pytest.fixture
def machine(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """`hromada serve` that believes the proxies of this machine."""
    server = Server(database_url, tmp_path, HROMADA_PROXIES="127.0.0.1", HROMADA_PUBLIC_RATE="100000/minute")
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("nginx"), reason="немає nginx: apt-get install nginx-light")
class TestBehindNginx:
    def test_no_proxy_and_no_header_opens_the_desk(self, machine: Server, tmp_path: Path) -> None:
        names = ("plain", "careful", "wrong", "wrongest")
        ports = dict(zip(names, free_ports(4), strict=True))
        conf = PLAIN.format(**ports, public=machine.public_port, desk=machine.port)
        with Nginx(tmp_path, conf, *ports.values()):
            for door, port in [*ports.items(), ("itself", machine.public_port)]:
                for said in ({}, *({"Host": host} for host in HOSTS), *SAID):
                    assert asked(port, "GET", "/status/000000", said)[0] in (400, 401, 404), (door, said)
                    for path in OF_THE_DESK:
                        assert 400 <= asked(port, "GET", path, said)[0] < 500, (door, path, said)
                    home = b'{"kind": "private", "address": {"settlement": "x", "street": "x", "house": "1"}}'
                    typed = {"Content-Type": "application/json", **said}
                    assert 400 <= asked(port, "POST", "/api/v1/dwellings", typed, home)[0] < 500, (door, said)
            assert b'"position":0' in asked(machine.port, "GET", "/readyz", {})[1]
            assert asked(machine.port, "GET", "/", machine.by)[0] == 200  # the clerk's own way

    def test_who_asks_is_counted_through_a_chain(self, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path, HROMADA_PROXIES="127.0.0.1", HROMADA_PUBLIC_RATE="3/minute")
        outer, inner = free_ports(2)
        conf = f"""
            server {{ listen 127.0.0.1:{outer}; location / {{ proxy_pass http://127.0.0.1:{inner};
                proxy_set_header X-Forwarded-For "$http_x_forwarded_for, $arg_from"; }} }}
            server {{ listen 127.0.0.1:{inner}; location / {{ proxy_pass http://127.0.0.1:{server.public_port};
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }}
        """
        # The outer one stands for a proxy that sees its client's address; here all are 127.0.0.1, so the query says it.
        try:
            with Nginx(tmp_path, conf, outer, inner):
                for client in ("203.0.113.7", "203.0.113.8"):
                    said = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(5)]
                    found = [asked(outer, "GET", f"/status/000000?from={client}", one)[0] for one in said]
                    assert found == [404] * 3 + [429] * 2, client
        finally:
            server.stop()

    def test_the_example_is_sound_and_lets_nothing_else_through(self, machine: Server, tmp_path: Path) -> None:
        http, https = free_ports(2)
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        made += ["-subj", "/CN=reiestr.example.ua", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(made, check=True, capture_output=True)
        conf = (EXAMPLES / "nginx.conf").read_text("utf-8")
        for old, new in {
            "127.0.0.1:8081": f"127.0.0.1:{machine.public_port}",
            "listen 80": f"listen 127.0.0.1:{http}",
            "listen 443": f"listen 127.0.0.1:{https}",
            "/etc/ssl/reiestr.example.ua.pem": str(certificate),
            "/etc/ssl/reiestr.example.ua.key": str(key),
        }.items():
            assert old in conf
            conf = conf.replace(old, new)
        nginx = Nginx(tmp_path, conf, http, https)
        assert nginx.tested().returncode == 0, nginx.tested().stderr
        assert not re.search(r"proxy_pass[^;]*8080", conf)
        with nginx:
            for host in HOSTS[1:]:
                assert asked(http, "GET", "/status/000000", {"Host": host})[0] in (0, 400), host
            assert asked(http, "GET", "/", {"Host": "reiestr.example.ua"})[0] == 301
            seen = _through_tls(https, certificate, ["/status/000000", "/bring", "/static/style.css", *OF_THE_DESK])
            assert seen[:3] == [404, 200, 200] and set(seen[3:]) <= {400, 404}


def _through_tls(port: int, certificate: Path, paths: list[str]) -> list[int]:
    trusted = ssl.create_default_context(cafile=str(certificate))
    found = []
    for path in paths:
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            trusted.wrap_socket(plain, server_hostname="reiestr.example.ua") as secret,
        ):
            secret.sendall(f"GET {path} HTTP/1.1\r\nHost: reiestr.example.ua\r\nConnection: close\r\n\r\n".encode())
            answer = HTTPResponse(secret)
            answer.begin()
            found.append(answer.status)
    return found


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("caddy"), reason="немає caddy: apt-get install caddy")
def test_the_example_for_caddy_is_sound(tmp_path: Path) -> None:
    file = EXAMPLES / "Caddyfile"
    told = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert re.findall(r"reverse_proxy (.*)", file.read_text("utf-8")) == ["127.0.0.1:8081"]

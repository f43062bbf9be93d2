"""The desk opened from other computers: through a named proxy by HTTPS, or without TLS where whoever serves says so.

Real nginx and caddy stand in front; whatever a client writes itself, no way is open that is not meant to be.
"""

import html
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from browsing import PASSWORD, user_of
from given import installation
from running import Command, Server, assert_refused, free_ports
from starlette.responses import Response
from starlette.testclient import TestClient
from test_pages import CHROMIUM, FLAGS, PATIENCE, chromium
from test_public_listener import EXAMPLES, HOSTS, SAID, Nginx, asked, wait_for
from test_viewer import MORE, ROUTES, World, leaks, world
from test_viewer import asked as of_viewer

from api import cookies, guards, ways
from api.main import create_app
from registry import texts
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings, SettingsError

__all__ = ["chromium", "world"]

DESK = "desk.example.ua"
URL = f"https://{DESK}"
PROXY = "127.0.0.3"
"""Of this machine, and not the address that its programs come from."""
TEMPLATES = Path(guards.__file__).parent / "templates"
ASKED = {"way": 303, "no way": 400}
"""Of `/` somebody who has not signed in is led to where they do, if they came by a way that is open."""
PRIVATE = {"HROMADA_PROXIES": PROXY, "HROMADA_DESK_URL": URL}


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


class TestServe:
    @pytest.mark.parametrize(
        ("words", "variables", "said"),
        [
            ((), {"HROMADA_DESK_URL": URL}, "Назвіть адресу проксі в HROMADA_PROXIES"),
            ((), {"HROMADA_DESK_URL": f"http://{DESK}"}, "--insecure-http"),
            (("--host", "0.0.0.0"), {}, "HROMADA_DESK_URL=https://"),
            (("--host", "10.0.0.5"), {"HROMADA_PROXIES": "10.0.0.1"}, "--insecure-http"),
            (("--host", "::"), {"HROMADA_DESK_URL": URL}, "HROMADA_PROXIES"),
            (("--host", "0.0.0.0"), {**PRIVATE, "HROMADA_DESK_URL": f"http://{DESK}"}, "https://"),
            (("--insecure-http",), PRIVATE, "суперечать"),
            (("--host", "desk"), {}, "«desk» не є адресою"),
            (("--host", "203.0.113.7"), PRIVATE, "203.0.113.7 на цій машині немає"),
            ((), {"HROMADA_DESK_URL": "desk.example.ua"}, "без шляху"),
            ((), {"HROMADA_DESK_URL": f"{URL}/hromada"}, "без шляху"),
            ((), {"HROMADA_DESK_URL": "https://who:what@desk.example.ua"}, "без шляху"),
        ],
    )
    def test_elsewhere_it_wants_tls_or_to_be_told(
        self, tmp_path: Path, words: tuple[str, ...], variables: dict[str, str], said: str
    ) -> None:
        ports = dict(zip(("HROMADA_PORT", "HROMADA_PUBLIC_PORT"), map(str, free_ports(2)), strict=True))
        serve = Command(HROMADA_DATA=str(tmp_path), DATABASE_URL="postgresql:///none", **ports, **variables)
        assert_refused(serve("serve", *words), 2, said)

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("HTTPS://Desk.example.ua/", URL),
            (f"{URL}:443", URL),
            (f"{URL}:8443", f"{URL}:8443"),
            (f"http://{DESK}:80", f"http://{DESK}"),
            ("https://[fd00::5]:8443", "https://[fd00::5]:8443"),
            ("", None),
        ],
    )
    def test_the_address_is_as_browsers_write_it(self, written: str, meant: str | None) -> None:
        assert Settings.read({"HROMADA_DESK_URL": written}).desk_url == meant

    def test_how_it_is_served_the_command_alone_says(self) -> None:
        read = Settings.read({"HROMADA_HOST": "0.0.0.0", "HROMADA_INSECURE_HTTP": "1"})
        assert (read.host, read.insecure_http) == ("127.0.0.1", False)
        assert read.served_at("localhost", False).host == "127.0.0.1"
        served = read.served_at("0.0.0.0", True)
        assert (served.host, served.insecure_http, served.desk_address) == ("0.0.0.0", True, read.local_url)
        assert read.served_at("fd00::5", True).desk_address == "http://[fd00::5]:8080"
        with pytest.raises(SettingsError):
            read.served_at("127.0.0.1/8", False)


BY_PROXY = Settings(proxies=tuple(map(ip_network, (PROXY, "10.0.0.1"))), desk_url=URL)
INSECURE = Settings(host="0.0.0.0", insecure_http=True)
SECRET = {"X-Forwarded-Proto": "https"}
OPEN = None


def way(settings: Settings, peer: str, here: str, path: str = "/", version: str = "1.1", **headers: str) -> str | None:
    said = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    ends = {"client": (peer, 5000), "server": (here, 8080)}
    scope = {"type": "http", "http_version": version, "scheme": "http", "path": path, "headers": said, **ends}
    refused = ways.refused(scope, settings, "reiestr.example.ua")
    by_https = refused is None and headers.get("X_Forwarded_Proto") == "https" and path == "/"
    assert scope["scheme"] == ("https" if by_https else "http")
    return refused


class TestWays:
    HERE, LAN = "127.0.0.1", "10.0.0.5"

    @pytest.mark.parametrize(
        ("peer", "here", "headers", "refused"),
        [
            # As today on this machine.
            (HERE, HERE, {"Host": "127.0.0.1:8080"}, OPEN),
            (HERE, HERE, {"Host": "LocalHost"}, OPEN),
            ("::1", "::1", {"Host": "[::1]:8080"}, OPEN),
            (HERE, HERE, {"Host": "evil.example"}, "foreign-host"),
            (HERE, HERE, {}, "foreign-host"),
            # The named proxy, by HTTPS, under the desk's name.
            (PROXY, HERE, {"Host": DESK, "X_Forwarded_Proto": "https"}, OPEN),
            (PROXY, HERE, {"Host": DESK.upper(), "X_Forwarded_Proto": "https"}, OPEN),
            (PROXY, HERE, {"Host": DESK, "X_Forwarded_Proto": "http"}, "not-by-https"),
            (PROXY, HERE, {"Host": DESK, "X_Forwarded_Proto": "https, http"}, "not-by-https"),
            (PROXY, HERE, {"Host": DESK}, "not-by-https"),
            (PROXY, HERE, {"Host": "evil.example", "X_Forwarded_Proto": "https"}, "foreign-host"),
            (PROXY, HERE, {"Host": f"{DESK}:8443", "X_Forwarded_Proto": "https"}, "foreign-host"),
            (PROXY, HERE, {"Host": "127.0.0.1", "X_Forwarded_Proto": "https"}, "foreign-host"),
            (
                PROXY,
                HERE,
                {"Host": "evil.example", "X_Forwarded_Host": DESK, "X_Forwarded_Proto": "https"},
                "foreign-host",
            ),
            ("10.0.0.1", LAN, {"Host": DESK, "X_Forwarded_Proto": "https"}, OPEN),
            ("::ffff:10.0.0.1", f"::ffff:{LAN}", {"Host": DESK, "X_Forwarded_Proto": "https"}, OPEN),
            # Anybody else, whatever they write.
            (HERE, HERE, {"Host": DESK}, "foreign-host"),
            (HERE, HERE, {"Host": DESK, "X_Forwarded_Proto": "https"}, "through-a-proxy"),
            (HERE, HERE, {"Host": "127.0.0.1", "Forwarded": f"for={PROXY};proto=https"}, "through-a-proxy"),
            ("10.0.0.9", LAN, {"Host": DESK, "X_Forwarded_Proto": "https"}, "through-a-proxy"),
            ("10.0.0.9", LAN, {"Host": DESK, "X_Forwarded_For": PROXY}, "through-a-proxy"),
            ("10.0.0.9", LAN, {"Host": DESK}, "directly"),
            ("10.0.0.9", LAN, {"Host": "127.0.0.1"}, "directly"),
            ("10.0.0.9", LAN, {"Host": f"{LAN}:8080"}, "directly"),
            ("", LAN, {"Host": "127.0.0.1"}, "directly"),
        ],
    )
    def test_by_https(self, peer: str, here: str, headers: dict[str, str], refused: str | None) -> None:
        assert way(BY_PROXY, peer, here, **headers) == refused

    @pytest.mark.parametrize(
        ("here", "headers", "refused"),
        [
            (LAN, {"Host": f"{LAN}:8080"}, OPEN),
            ("fd00::5", {"Host": "[fd00::5]:8080"}, OPEN),
            (HERE, {"Host": "localhost:8080"}, OPEN),
            (LAN, {"Host": "desk.lan:8080"}, "foreign-host"),  # a name that somebody gave to this address
            (LAN, {"Host": "127.0.0.1:8080"}, "foreign-host"),
            (LAN, {"Host": LAN}, "foreign-host"),
            (LAN, {}, "foreign-host"),
            (LAN, {"Host": f"{LAN}:8080", "X_Forwarded_Proto": "http"}, "through-a-proxy"),
        ],
    )
    def test_without_tls(self, here: str, headers: dict[str, str], refused: str | None) -> None:
        assert way(INSECURE, "10.0.0.9", here, **headers) == refused

    def test_without_tls_under_its_name(self) -> None:
        named = replace(INSECURE, desk_url="http://desk.lan:8080")
        for here in (self.HERE, self.LAN):
            assert way(named, "10.0.0.9", here, Host="desk.lan:8080") is OPEN
            assert way(named, "10.0.0.9", here, Host="evil.lan:8080") == "foreign-host"
        assert way(INSECURE, "10.0.0.9", self.LAN, Host="\0") == "foreign-host"

    def test_what_is_public_is_so_on_this_machine_alone(self) -> None:
        for version, said in (("1.1", {}), ("1.0", {}), ("1.1", {"X_Forwarded_For": "203.0.113.7"})):
            of_public = {"path": "/status/000000", "version": version, "Host": "reiestr.example.ua", **said}
            assert way(BY_PROXY, self.HERE, self.HERE, **of_public) is OPEN
            assert way(BY_PROXY, "10.0.0.9", self.LAN, **of_public) in ("directly", "through-a-proxy")
        assert way(Settings(), self.HERE, self.HERE, version="1.0", Host="127.0.0.1") == "through-a-proxy"

    @pytest.mark.parametrize("code", ["through-a-proxy", "directly", "not-by-https", "foreign-host"])
    def test_each_refusal_says_what_to_do(self, code: str) -> None:
        assert re.search(r"HROMADA_|Налаштуйте", texts.say("problem_details", code))


def proxied(registry: Registry, folder: Path, **said: Any) -> TestClient:
    settings = installation(data=folder, proxies=BY_PROXY.proxies, desk_url=URL)
    return TestClient(create_app(registry, settings), client=(PROXY, 5000), headers={"Host": DESK, **SECRET, **said})


class TestAnswers:
    def test_by_https_alone_a_browser_is_told_to_keep_to_it(self, registry: Registry, tmp_path: Path) -> None:
        answer = proxied(registry, tmp_path).get("/healthz")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        here = TestClient(create_app(registry, installation(data=tmp_path))).get("/healthz")
        assert here.status_code == 200 and "strict-transport-security" not in here.headers

    def test_the_administrator_is_told_how_others_open_it(self, registry: Registry, tmp_path: Path) -> None:
        ways = {"local": {}, "tls": {"proxies": BY_PROXY.proxies, "desk_url": URL}, "insecure": {"insecure_http": True}}
        for says, said in ways.items():
            client = TestClient(create_app(registry, installation(data=tmp_path, roles=frozenset({"admin"}), **said)))
            lines = {one["id"]: one for one in client.get("/api/v1/state").json()["lines"]}
            assert lines["transport"]["text_uk"] == texts.TEXTS["health_says"][f"transport-{says}"]

    def test_a_page_of_the_desk_is_one_of_its_own_address(self, registry: Registry, tmp_path: Path) -> None:
        desk = proxied(registry, tmp_path)
        for headers, status in (
            ({"Origin": URL}, 200),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
            ({}, 200),
            ({"Origin": f"http://{DESK}"}, 403),
            ({"Origin": "http://127.0.0.1:8080"}, 403),
            ({"Origin": "https://reiestr.example.ua"}, 403),
            ({"Origin": "null"}, 403),
            ({"Sec-Fetch-Site": "same-site", "Origin": URL}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
        ):
            found = desk.post("/api/v1/search/people", json={"q": "а"}, headers=headers)
            assert found.status_code == status, headers

    def test_every_answer_has_all_the_headers(self, registry: Registry, tmp_path: Path) -> None:
        here = TestClient(create_app(registry, installation(data=tmp_path)), raise_server_exceptions=False)
        for path, host in (("/", ""), ("/no-such", ""), ("/static/style.css", ""), ("/api/v1/x", ""), ("/", "evil")):
            answer = here.get(path, headers={"Host": host} if host else {})
            for name, value in guards.HEADERS.items():
                assert answer.headers[name] == value or path == "/docs", (path, name)
        without = TestClient(create_app(registry, installation(data=tmp_path, insecure_http=True)))
        assert without.get("/healthz").headers["referrer-policy"] == "same-origin"
        assert "unsafe" not in guards.CSP and "default-src 'none'" in guards.CSP
        assert here.get("/").headers["cache-control"] == here.get("/static/style.css").headers["cache-control"]

    @pytest.mark.parametrize("insecure", [False, True])
    def test_a_page_says_that_nothing_is_encrypted(self, registry: Registry, tmp_path: Path, insecure: bool) -> None:
        app = create_app(registry, installation(data=tmp_path, insecure_http=insecure))
        here = TestClient(app, raise_server_exceptions=False)
        for path in ("/", "/no-such-page", "/docs", "/v/", "/persons/00000000-0000-4000-8000-000000000000"):
            assert (texts.say("page", "insecure") in here.get(path).text) is insecure, path

    @pytest.mark.parametrize("insecure", [False, True])
    def test_a_cookie_is_bound_to_the_host_unless_there_is_no_tls(self, insecure: bool) -> None:
        settings, answer = installation(insecure_http=insecure), Response()
        cookies.set_session(answer, "x", settings)
        [said] = answer.headers.getlist("set-cookie")
        name, *flags = said.split("; ")
        assert name == ("hromada=x" if insecure else "__Host-hromada=x")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(flags)
        assert ("Secure" in flags) is not insecure and not any("domain" in one.lower() for one in flags)


class TestTemplates:
    def test_none_has_a_style_or_a_script_of_its_own(self) -> None:
        """What the CSP would leave out, and whoever wrote it would not see."""
        found = sorted(TEMPLATES.rglob("*.html"))
        assert len(found) > 10
        inline = re.compile(
            r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=\"/static/)|\son[a-z]+\s*=|javascript:", re.IGNORECASE
        )
        for template in found:
            assert not inline.search(template.read_text("utf-8")), template.name

    def test_none_takes_anything_from_another_host(self) -> None:
        for template in TEMPLATES.rglob("*.html"):
            assert not re.search(r"(src|href|action)=\"(https?:)?//", template.read_text("utf-8")), template.name
        for file in (TEMPLATES.parent / "static").glob("*.css"):
            assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", file.read_text("utf-8")), file.name


def test_no_title_address_header_or_line_of_the_log_tells_of_anybody(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stay in histories, in logs of proxies, on the screen of the next one: of the canary nothing is in any, asked
    by who sees all of her; every link leads by ids."""
    seen = 0
    for name, call in {**ROUTES, **MORE}.items():
        answer = of_viewer(world, name, call)
        page = answer.text if "html" in answer.headers.get("content-type", "") else ""
        left = re.findall(r"<head>.*?<title>(.*?)</title>|\b(?:href|src|(?:form)?action)=\"([^\"]*)\"", page, re.DOTALL)
        said = html.unescape(unquote(" ".join(["".join(one) for one in left] + list(answer.headers.values()))))
        assert (name, leaks(said)) == (name, set())
        seen += bool(page and leaks(page))
    assert seen > 2
    logged = capsys.readouterr().err
    assert leaks(logged) == set() and "/persons/{person}" in logged
    by = {json.loads(line).get("by") for line in logged.splitlines() if line.startswith("{")}
    assert by - {None} == {"clerk-1", "key-of-tests"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of the desk's name, made by ourselves; and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "desk.pem", folder / "desk.key"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-subj", f"/CN={DESK}", "-addext", f"subjectAltName=DNS:{DESK}", "-keyout", str(key), "-out", str(made)]
    subprocess.run(words, check=True, capture_output=True)
    return made, key


def browser(port: int, certificate: Path) -> httpx.Client:
    """A client that knows the desk by its name and its certificate, and comes to this port of this machine."""

    def named(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = DESK

    return httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        verify=ssl.create_default_context(cafile=str(certificate)),
        event_hooks={"request": [named]},
        headers={"Host": DESK},
        timeout=60,
    )


def example_of_nginx(folder: Path, desk: int, certificate: tuple[Path, Path]) -> tuple[Nginx, int, int]:
    http, https = free_ports(2)
    conf = (EXAMPLES / "desk-nginx.conf").read_text("utf-8")
    for old, new in {
        "127.0.0.1:8080": f"127.0.0.1:{desk}",
        "listen 80": f"listen 127.0.0.1:{http}",
        "listen 443": f"listen 127.0.0.1:{https}",
        "/etc/ssl/desk.example.ua.pem": str(certificate[0]),
        "/etc/ssl/desk.example.ua.key": str(certificate[1]),
        "proxy_http_version 1.1;": f"proxy_http_version 1.1; proxy_bind {PROXY};",
    }.items():
        assert old in conf
        conf = conf.replace(old, new)
    return Nginx(folder, conf, http, https), http, https


CARELESS = """
server {{ listen 127.0.0.1:{plain}; location / {{ proxy_pass http://127.0.0.1:{desk}; }} }}
server {{ listen 127.0.0.1:{other}; location / {{ proxy_pass http://127.0.0.1:{desk};
    proxy_http_version 1.1; proxy_set_header Host desk.example.ua; proxy_set_header X-Forwarded-Proto https; }} }}
server {{ listen 127.0.0.1:{named}; location / {{ proxy_pass http://127.0.0.1:{desk}; proxy_bind {proxy};
    proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme; }} }}
server {{ listen 127.0.0.1:{nameless}; location / {{ proxy_pass http://127.0.0.1:{desk}; proxy_bind {proxy};
    proxy_http_version 1.1; proxy_set_header X-Forwarded-Proto https; }} }}
"""
"""In a hurry; one that nobody has named, though it speaks as if; the named one without TLS, and without the Host."""
WRITTEN = (
    *SAID,
    SECRET,
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": DESK},
    {"Forwarded": f"host={DESK};proto=https"},
)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("nginx"), reason="немає nginx: apt-get install nginx-light")
class TestBehindNginx:
    @pytest.fixture
    def machine(self, database_url: str, tmp_path: Path) -> Iterator[Server]:
        server = Server(database_url, tmp_path, **PRIVATE)
        try:
            yield server
        finally:
            server.stop()

    def test_the_example_opens_the_desk_and_nothing_that_a_client_writes_does(
        self, machine: Server, tmp_path: Path, certificate: tuple[Path, Path]
    ) -> None:
        nginx, http, https = example_of_nginx(tmp_path, machine.port, certificate)
        assert nginx.tested().returncode == 0, nginx.tested().stderr
        with nginx, browser(https, certificate[0]) as desk:
            assert asked(http, "GET", "/", {"Host": DESK})[0] == 301
            answer = desk.get("/")
            assert answer.status_code == ASKED["way"] and answer.headers["location"] == "/sign-in?to=%2F"
            assert answer.headers["strict-transport-security"] and answer.headers["content-security-policy"]
            for said in WRITTEN:
                host = said.get("Host", DESK)
                found = desk.get("/api/v1/changes", headers=said).status_code
                assert found == (401 if host == DESK else 400), said
            for host in HOSTS[:-1]:
                assert desk.get("/", headers={"Host": host}).status_code == 400, host

    def test_no_other_proxy_does_and_nobody_at_the_port(self, machine: Server, tmp_path: Path) -> None:
        names = ("plain", "other", "named", "nameless")
        ports = dict(zip(names, free_ports(4), strict=True))
        with Nginx(tmp_path, CARELESS.format(**ports, desk=machine.port, proxy=PROXY), *ports.values()):
            others = [*({"Host": one} for one in HOSTS), *({"Host": DESK} | one for one in WRITTEN)]
            for door, port in [*ports.items(), ("itself", machine.port)]:
                for said in others:
                    if door == "itself" and ways.THIS_MACHINE.fullmatch(said["Host"]) and len(said) == 1:
                        continue  # the way of whoever sits at this machine
                    assert asked(port, "GET", "/", said)[0] == 400, (door, said)
            assert asked(machine.port, "GET", "/", {"Host": "localhost"})[0] == ASKED["way"]


class Caddy:
    """Debian's caddy in a process of its own, with a folder of its own and on high ports."""

    def __init__(self, folder: Path, conf: str, *ports: int):
        self.file, self.ports = folder / "Caddyfile", ports
        self.file.write_text(conf, "utf-8")
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }

    def __enter__(self) -> "Caddy":
        words = ["caddy", "run", "--adapter", "caddyfile", "--config", str(self.file)]
        silent = subprocess.DEVNULL
        self.process = subprocess.Popen(words, env=self.environment, stdout=silent, stderr=silent)
        for port in self.ports:
            wait_for(port, self.process)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("caddy"), reason="немає caddy: apt-get install caddy")
def test_the_example_for_caddy_opens_the_desk(
    database_url: str, tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    http, https = free_ports(2)
    server = Server(database_url, tmp_path, HROMADA_PROXIES="127.0.0.1", HROMADA_DESK_URL=URL)
    conf = (EXAMPLES / "desk-Caddyfile").read_text("utf-8")
    assert conf.count("127.0.0.1:8080") == 1 and f"\n{DESK} {{\n" in conf
    conf = conf.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}")
    conf = conf.replace(f"\n{DESK} {{\n", f"\n{DESK} {{\n\tbind 127.0.0.1\n\ttls {certificate[0]} {certificate[1]}\n")
    try:
        with (
            Caddy(tmp_path, f"{{\n\tadmin off\n\thttp_port {http}\n\thttps_port {https}\n}}\n{conf}", https),
            browser(https, certificate[0]) as desk,
        ):
            answer = desk.get("/")
            assert answer.status_code == ASKED["way"] and answer.headers["strict-transport-security"]
            for said in WRITTEN:
                found = desk.get("/api/v1/changes", headers=said)
                assert found.status_code == 401 or (found.status_code < 500 and "Host" in said), said
                assert found.status_code == 401 or not found.content, said  # another's Host comes to no site of caddy's
    finally:
        server.stop()


def own_address() -> str | None:
    """An address of this machine that is not of the loop, if it has one; nothing is sent."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return None


@pytest.mark.slow
@pytest.mark.skipif(own_address() in (None, "127.0.0.1"), reason="машина не має іншої адреси, крім 127.0.0.1")
class TestOnAnotherAddress:
    def test_nobody_comes_past_the_proxy(self, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path, words=("--host", "0.0.0.0"), **PRIVATE)
        try:
            direct = f"http://{own_address()}:{server.port}"
            for said in ({}, {"Host": DESK}, {"Host": "127.0.0.1"}, {"Host": DESK, **SECRET}):
                answer = httpx.get(direct, headers=said)
                assert answer.status_code == 400 and "HROMADA_" in answer.text, said
            assert httpx.get(server.address).status_code == ASKED["way"]
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"http://{own_address()}:{server.public_port}")
        finally:
            server.stop()

    def test_without_tls_it_says_so_everywhere(self, database_url: str, tmp_path: Path) -> None:
        with (tmp_path / "log").open("w+") as log:
            server = Server(database_url, tmp_path, log, words=("--host", "0.0.0.0", "--insecure-http"))
            try:
                direct = f"http://{own_address()}:{server.port}"
                assert httpx.get(direct).status_code == ASKED["way"]
                assert texts.say("page", "insecure") in httpx.get(f"{direct}/no-such-page", follow_redirects=True).text
                assert httpx.get(direct, headers={"Host": "desk.lan"}).status_code == 400
            finally:
                server.stop()
            log.seek(0)
            assert texts.say("commands_say", "insecure").split(".")[0] in log.read()


@pytest.fixture
def clerk(database_url: str) -> None:
    """Somebody who may sign in."""
    with opened(database_url) as registry:
        user_of(registry)


def signed_in(browser: Any, address: str) -> dict[str, Any]:
    """Signs in, looks for somebody, signs out; the cookie of the session as the browser kept it."""
    context = browser.new_context(base_url=address, ignore_https_errors=True, locale="uk-UA")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/")
    assert urlsplit(page.url).path == "/sign-in"
    page.fill("[name=login]", "olena")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    [cookie] = [one for one in context.cookies() if re.fullmatch("(__Host-)?hromada", one["name"])]
    assert page.evaluate("document.cookie") == ""
    page.fill("main [name=q]", "Нікого Такого")
    with page.expect_response(lambda one: one.request.method == "POST") as found:
        page.press("main [name=q]", "Enter")
    assert found.value.status == 200
    page.wait_for_load_state()
    assert "Нікого" not in f"{page.title()} {page.url}"
    cookie["warned"] = page.locator("p.insecure").is_visible()
    page.click("form[action='/sign-out'] button")
    page.wait_for_url(f"{address}/sign-in*")
    assert cookie["value"] not in [one["value"] for one in context.cookies()]
    page.goto("/")
    assert urlsplit(page.url).path == "/sign-in"
    context.close()
    return dict(cookie)


@pytest.mark.usefixtures("clerk")
class TestInABrowser:
    @pytest.mark.skipif(not shutil.which("nginx"), reason="немає nginx: apt-get install nginx-light")
    def test_through_the_proxy(
        self, chromium: Any, database_url: str, tmp_path: Path, certificate: tuple[Path, Path]
    ) -> None:
        server = Server(database_url, tmp_path, **PRIVATE)
        nginx, _, https = example_of_nginx(tmp_path, server.port, certificate)
        flags = [*FLAGS, f"--host-resolver-rules=MAP {DESK} 127.0.0.1:{https}"]
        try:
            with nginx, closing(chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)) as browser:
                cookie = signed_in(browser, URL)
        finally:
            server.stop()
        assert (cookie["name"], cookie["domain"], cookie["path"]) == ("__Host-hromada", DESK, "/")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        assert not cookie["warned"]

    def test_on_this_machine(self, chromium: Any, database_url: str, tmp_path: Path) -> None:
        """127.0.0.1 is for a browser as good as TLS: the same cookie."""
        server = Server(database_url, tmp_path)
        try:
            cookie = signed_in(chromium, server.address)
        finally:
            server.stop()
        assert (cookie["name"], cookie["secure"], cookie["warned"]) == ("__Host-hromada", True, False)

    @pytest.mark.skipif(own_address() in (None, "127.0.0.1"), reason="машина не має іншої адреси, крім 127.0.0.1")
    def test_without_tls(self, chromium: Any, database_url: str, tmp_path: Path) -> None:
        server = Server(database_url, tmp_path, words=("--host", "0.0.0.0", "--insecure-http"))
        try:
            cookie = signed_in(chromium, f"http://{own_address()}:{server.port}")
        finally:
            server.stop()
        assert (cookie["name"], cookie["secure"], cookie["warned"]) == ("hromada", False, True)
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")

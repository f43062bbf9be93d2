"""Who may do what: every route with every role, by real keys and sessions; whoever has not come in learns nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from callers import bearer, key_of
from conftest import _database
from given import NAMED
from starlette.testclient import TestClient
from test_api import NOBODY, SECRET, Desk, codes, has_cyrillic, routes_of

from api import cookies, rights
from api.door import Door
from api.main import create_app
from api.rights import ANYONE, FIRST_PAGES, ROUTES, SIGNED_IN
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.clock import utc_now
from registry.opening import opened
from registry.roles import ROLES, Role
from registry.settings import Settings
from registry.staff import keys, sessions, substitutes, users
from registry.staff.sessions import Terms
from registry.storage.embedded import Embedded
from registry.storage.mapper import kyiv_day

ADMIN = Actor("admin", "Адміністратор Вигаданий А. А.")
PASSWORD = "вигаданий пароль 1991"
COOKIE = "__Host-hromada"
OPEN = {
    *("GET /healthz", "GET /readyz", "GET /static", "GET /docs", "GET /api/v1/openapi.json"),
    *("GET /v", "GET /v/", "POST /v", "POST /v/", "GET /v/{code}", "GET /v/{code}.jws", "GET /.well-known/jwks.json"),
    *("GET /status", "GET /status/", "POST /status", "POST /status/", "GET /status/{code}"),
    *("GET /api/v1/status/{code}", "GET /bring", "GET /sign-in", "POST /sign-in"),
    *("GET /api/v1/services", "GET /api/v1/services/{service}", "GET /api/v1/community", "GET /api/v1/territories"),
    *("GET /api/v1/offices", "GET /api/v1/offices/{office}"),
}
"""What is open to anybody: a new one has to be written here too."""
SEARCHES = {"POST /", "POST /api/v1/search/people", "POST /api/v1/search/dwellings"}
CLOSED = sorted(way for way, said in ROUTES.items() if said != ANYONE)
Headers = dict[str, Any]


@dataclass
class House:
    """A register with people who may come in, and the application as it is served."""

    registry: Registry
    client: TestClient

    def ask(self, way: str, headers: Headers, **said: Any) -> Any:
        """What is answered at a route, whose blanks nobody fills."""
        method, _, path = way.partition(" ")
        path = "/static/style.css" if path == "/static" else re.sub(r"\{\w+\}", NOBODY, path)
        body = {} if method == "GET" or said else {"json": {}}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **body, **said)

    def user(self, role: Role, **said: Any) -> users.User:
        login = f"{role}-{uuid4().hex[:8]}"
        named = {"login": login, "name": "Вигадана Особа", "password": PASSWORD, **said}
        return users.add(self.registry.staff, role=role, by=ADMIN, now=utc_now(), **named)[0]

    def session(self, user: users.User, ago: timedelta = timedelta()) -> Headers:
        """The headers of a browser in which somebody signed in: its cookie, and the token of its pages."""
        cookie, _ = sessions.begin(self.registry.staff, user, now=utc_now() - ago, terms=Terms())
        return {"Cookie": f"{COOKIE}={cookie}", "X-CSRF-Token": sessions.csrf_token(cookie)}

    def key(self, role: Role, **said: Any) -> Headers:
        return bearer(key_of(self.registry, role, f"{role}-program", **said))

    def by(self, headers: Headers) -> Desk:
        """The words of tests, for whoever comes with these headers."""
        return Desk(TestClient(self.client.app, headers=headers), self.registry)


def _house(url: str, folder: Path) -> Iterator[House]:
    with opened(url) as registry:
        app = create_app(registry, Settings(**NAMED, data=folder))
        yield House(registry, TestClient(app, raise_server_exceptions=False))


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    yield from _house(database_url, tmp_path)


@pytest.fixture
def another(server: Embedded, tmp_path: Path) -> Iterator[House]:
    """Another register, with people of its own."""
    for url in _database(server, template="hromada"):
        yield from _house(url, tmp_path)


def kind(answer: Any) -> str:
    return answer.json()["type"].removeprefix("/problems/")


def let_in(answer: Any) -> bool:
    """Whether it got past the door, whatever is behind it."""
    to = answer.headers.get("location", "")
    return answer.status_code not in (401, 403) and "/sign-in?to=" not in to and to not in FIRST_PAGES.values()


class TestTheTable:
    def test_names_every_route_and_no_other(self, house: House) -> None:
        assert routes_of(house.client.app) == set(ROUTES)

    def test_a_route_that_it_does_not_name_keeps_the_application_from_starting(self, house: House) -> None:
        house.client.app.get("/new")(lambda: {})
        with pytest.raises(KeyError, match="GET /new"):
            Door(house.client.app, house.client.app.routes)

    def test_lists_what_is_public(self) -> None:
        assert {way for way, said in ROUTES.items() if said == ANYONE} == OPEN

    def test_an_auditor_reads_and_never_acts(self) -> None:
        for way, said in ROUTES.items():
            if said not in (ANYONE, SIGNED_IN) and way.partition(" ")[0] != "GET" and way not in SEARCHES:
                assert "auditor" not in said, way

    def test_an_administrator_a_reader_and_a_machine_see_no_person(self) -> None:
        about = re.compile(r"person|dwelling|application|search|extract|outbox|changes|moved|past|scans|/$")
        for way, said in ROUTES.items():
            if said not in (ANYONE, SIGNED_IN) and about.search(way):
                allowed = {"machine"} if way == "POST /api/v1/applications" else set()
                assert said & {"admin", "reader", "machine"} == allowed, way

    def test_a_head_may_all_that_a_clerk_may_and_approves_besides(self) -> None:
        for way, said in ROUTES.items():
            assert said == ANYONE or "clerk" not in said or "head" in said, way
        assert ROUTES["POST /api/v1/applications/{application}/approval"] == {"head"}


@pytest.mark.parametrize("comes", ["key", "session"])
@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_open_to_its_roles_and_shut_to_others(house: House, role: Role, comes: str) -> None:
    user = house.user(role)
    key = house.key(role)
    for way, said in ROUTES.items():
        answer = house.ask(way, key if comes == "key" else house.session(user))
        assert let_in(answer) == (said == ANYONE or role in said), (way, answer.status_code)
        if not let_in(answer) and way.partition(" ")[2].startswith("/api/"):
            assert (answer.status_code, kind(answer)) == (403, "not-your-role"), way
            assert has_cyrillic(answer.json()["detail"])


class TestNobody:
    """Who has not come in, or no more: the same answer at every door, whoever they were."""

    @pytest.fixture
    def strangers(self, house: House, another: House) -> dict[str, Headers]:
        ended, gone, disabled = house.user("head"), house.user("head"), house.user("head")
        cookies_of = {"ended": house.session(ended), "disabled": house.session(disabled)}
        sessions.end_all(house.registry.staff, ended.id, now=utc_now(), why="signed-out")
        users.disable(house.registry.staff, disabled.login, by=ADMIN, now=utc_now())
        past, key = utc_now() - timedelta(days=2), house.key("head")
        for one in keys.listed(house.registry.staff):
            keys.end(house.registry.staff, one.id, by=ADMIN, now=utc_now())
        return {
            "nothing": {},
            **cookies_of,
            "old": house.session(gone, ago=timedelta(hours=12)),
            "foreign session": another.session(another.user("head")),
            "foreign key": another.key("head"),
            "key that ended": key,
            "key that expired": house.key("head", now=past, expires_at=past + timedelta(days=1)),
            "no key": bearer(SECRET.encode().hex()),
            "no cookie": {"Cookie": f"{COOKIE}=нічий".encode()},
            "what is no key": {"Authorization": "Basic aGVhZDpoZWFk"},
            "what a proxy would say": {
                "X-Role": "head",
                "Remote-User": "head",
                "X-Remote-User": "head",
                "Role": "head",
            },
            "a cookie of another name": {"Cookie": "hromada=head; role=head; user=head"},
        }

    def test_is_let_in_nowhere_but_where_anybody_is(self, house: House, strangers: dict[str, Headers]) -> None:
        for who, headers in strangers.items():
            for way in CLOSED if who == "nothing" else CLOSED[::7]:
                answer, (method, _, path) = house.ask(way, headers), way.partition(" ")
                if path.startswith("/api/"):
                    assert (answer.status_code, kind(answer)) == (401, "not-signed-in"), (who, way)
                    assert answer.headers["www-authenticate"] == "Bearer"
                    assert SECRET not in answer.text
                elif method == "GET":
                    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?to=%2F"), way
                else:
                    assert answer.status_code == 401 and 'href="/sign-in"' in answer.text, way
            for way in OPEN:
                assert let_in(house.ask(way, headers)), (who, way)

    def test_learns_of_nobody_whether_there_is_such_a_one(self, house: House) -> None:
        clerk = house.by(house.key("clerk"))
        person, home = clerk.person(), clerk.dwelling()
        for path in ("/persons/{}", "/persons/{}/residences", "/persons/{}/facts", "/dwellings/{}", "/applications/{}"):
            there, nowhere = (
                house.client.get("/api/v1" + path.format(id)) for id in (home if "dwell" in path else person, NOBODY)
            )
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content) == (401, there.content)

    def test_an_address_that_nothing_has_is_told_apart_from_one_that_is_shut(self, house: House) -> None:
        assert house.client.get("/api/v1/nothing").status_code == house.client.get("/nothing").status_code == 404
        assert house.client.delete("/api/v1/persons").status_code == 401
        key = house.key("clerk")
        assert house.client.delete("/api/v1/persons", headers=key).status_code == 405

    def test_no_method_goes_round_the_door(self, house: House) -> None:
        where = f"/api/v1/persons/{NOBODY}"
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get"):
            assert house.client.request(method, where).status_code == 401, method
        admin, clerk = house.key("admin"), house.key("clerk")
        for method, status in (("HEAD", 404), ("OPTIONS", 204)):
            assert house.client.request(method, where, headers=admin).status_code == 403
            assert house.client.request(method, where, headers=clerk).status_code == status

    @pytest.mark.parametrize("path", ["//api/v1/persons", "/api/v1/persons/", "/API/v1/changes", "/api/v1/./changes"])
    def test_nor_does_an_address_that_is_written_otherwise(self, house: House, path: str) -> None:
        answers = [house.client.request(method, f"http://127.0.0.1:8080{path}") for method in ("GET", "POST")]
        assert {one.status_code for one in answers} <= {401, 404}


class TestTheOrderOfRefusals:
    def test_is_the_host_the_address_who_comes_the_role_and_the_body(self, house: House) -> None:
        auditor, clerk, broken = house.key("auditor"), house.key("clerk"), {"content": b"{" * 2_000_000}
        json = {"Content-Type": "application/json"}

        def asked(path: str, headers: Headers, **said: Any) -> tuple[int, str]:
            answer = house.client.post(path, headers={**json, **headers}, **said)
            return answer.status_code, kind(answer)

        evil = {"Host": "evil.example"}
        assert asked("/api/v1/nothing", evil, **broken) == (400, "forbidden")
        assert asked("/api/v1/nothing", {}, **broken)[0] == 404
        assert asked("/api/v1/persons", {}, **broken) == (401, "not-signed-in")
        assert asked("/api/v1/persons", auditor, **broken) == (403, "not-your-role")
        assert asked("/api/v1/persons", clerk, **broken) == (413, "too-large")
        assert asked("/api/v1/persons", clerk, content=b"{") == (400, "broken-json")

    def test_of_a_session_the_token_is_asked_for_after_the_role(self, house: House) -> None:
        auditor, clerk = (house.session(house.user(role)) for role in ("auditor", "clerk"))
        for headers, refused in ((auditor, "not-your-role"), (clerk, "forbidden")):
            del headers["X-CSRF-Token"]
            assert kind(house.client.post("/api/v1/persons", json={}, headers=headers)) == refused


class TestTheToken:
    """What a page of another site could make a browser send, and what our own pages send."""

    def post(self, house: House, headers: Headers, path: str = "/", **said: Any) -> int:
        return house.client.post(path, headers=headers, **({"data": {"q": ""}} | said)).status_code

    def test_of_the_session_lets_in_by_a_field_or_by_a_header(self, house: House) -> None:
        mine = house.session(house.user("clerk"))
        token = mine.pop("X-CSRF-Token")
        assert self.post(house, mine, data={"q": "", "csrf": token}) == 200
        assert self.post(house, {**mine, "X-CSRF-Token": token}) == 200
        assert self.post(house, {**mine, "X-CSRF-Token": token}, "/api/v1/persons", json={}, data=None) == 422
        named = {"q": (None, ""), "csrf": (None, token)}
        assert self.post(house, mine, files=named, data=None) == 200

    def test_missing_or_of_another_session_does_not(self, house: House) -> None:
        mine, other = house.session(house.user("clerk")), house.session(house.user("clerk"))
        token = mine.pop("X-CSRF-Token")
        for wrong in ("", token[:-1], token + "x", other["X-CSRF-Token"], "ключ"):
            assert self.post(house, mine, data={"q": "", "csrf": wrong}) == 403, wrong
            assert self.post(house, {**mine, "X-CSRF-Token": wrong.encode()}) == 403, wrong
        assert self.post(house, mine) == 403
        answer = house.client.post("/api/v1/persons", json={"csrf": token}, headers=mine)
        assert answer.status_code == 403 and "сеансу" in answer.json()["detail"]

    def test_does_not_let_in_what_comes_from_elsewhere(self, house: House) -> None:
        mine = house.session(house.user("clerk"))
        for elsewhere in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert self.post(house, {**mine, **elsewhere}) == 403

    def test_is_not_asked_of_a_key_and_a_key_is_never_a_session(self, house: House) -> None:
        assert house.client.post("/api/v1/persons", json={}, headers=house.key("clerk")).status_code == 422
        both = {**house.session(house.user("head")), **house.key("auditor")}
        assert kind(house.client.post("/api/v1/persons", json={}, headers=both)) == "not-your-role"
        both |= bearer("нічий".encode().hex())
        assert kind(house.client.post("/api/v1/persons", json={}, headers=both)) == "not-signed-in"

    def test_a_form_that_is_too_long_or_none_is_refused_in_our_words(self, house: House) -> None:
        mine = house.session(house.user("clerk"))
        del mine["X-CSRF-Token"]
        answer = house.client.post("/", content=b"q=" + b"x" * 2_000_000, headers={**mine, **FORM})
        assert answer.status_code == 413 and has_cyrillic(answer.text)
        torn = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = house.client.post("/", content=b"--x\r\nnothing", headers={**mine, **torn})
        assert answer.status_code in (400, 403) and has_cyrillic(answer.text)

    def test_stands_in_every_form_of_the_desk(self) -> None:
        """But for those of pages that anybody opens, at which nobody has come in yet."""
        folder = Path(rights.__file__).parent / "templates"
        for template in folder.glob("*.html"):
            for form in re.findall(r"<form.*?</form>", template.read_text("utf-8"), re.DOTALL):
                if 'method="post"' in form and template.name not in ("public.html", "sign_in.html"):
                    assert '{% include "token.html" %}' in form, template.name


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class TestTheSecondPerson:
    @pytest.fixture
    def asked(self, house: House) -> Callable[[Headers], str]:
        """Somebody asks to take an entry back; the application on which it waits."""

        def ask(headers: Headers) -> str:
            desk = house.by(headers)
            answer = desk.post(f"/persons/{desk.person()}/withdrawal", {"reason": "внесено двічі"})
            assert answer.status_code == 202, answer.text
            return f"/applications/{answer.json()['application']}"

        return ask

    def test_is_a_head_and_never_who_asked(self, house: House, asked: Callable[[Headers], str]) -> None:
        clerk, one, other = house.key("clerk"), house.session(house.user("head")), house.session(house.user("head"))
        change = asked(clerk)
        assert house.by(clerk).refused(f"{change}/approval", {}, 403)["type"] == "/problems/not-your-role"
        assert house.by(one).act(f"{change}/approval")
        own = asked(one)
        assert codes(house.by(one).refused(f"{own}/approval", {})) == [("same-person", None)]
        assert house.by(other).act(f"{own}/approval")

    def test_a_clerk_takes_back_only_what_is_their_own(self, house: House, asked: Callable[[Headers], str]) -> None:
        mine, other = house.session(house.user("clerk")), house.session(house.user("clerk"))
        change, no = asked(mine), {"reason": "помилково запитано"}
        problem = house.by(other).refused(f"{change}/rejection", no, 403)
        assert problem["type"] == "/problems/not-your-role" and "керівник" in problem["detail"]
        assert house.by(mine).act(f"{change}/rejection", no)
        change = asked(mine)
        assert house.by(house.key("head")).act(f"{change}/rejection", no)

    def test_is_a_substitute_on_the_days_of_the_head(self, house: House, asked: Callable[[Headers], str]) -> None:
        head, clerk, today = house.user("head"), house.user("clerk"), kyiv_day(utc_now())
        change = asked(house.key("clerk"))
        assert house.by(house.session(clerk)).post(f"{change}/approval").status_code == 403
        named = {"head": head.login, "substitute": clerk.login, "by": ADMIN, "now": utc_now()}
        substitutes.stand_in(house.registry.staff, since=today + timedelta(days=1), until=None, **named)
        assert house.by(house.session(clerk)).post(f"{change}/approval").status_code == 403
        substitutes.stand_in(house.registry.staff, since=today, until=today + timedelta(days=1), **named)
        said = house.by(house.session(clerk)).act(f"{change}/approval")
        entry = house.registry.of_command(said["command"]).entries[0]
        assert entry.by == clerk.actor

    def test_no_header_makes_anybody_one(self, house: House, asked: Callable[[Headers], str]) -> None:
        clerk = house.key("clerk")
        change = asked(clerk)
        said = {"X-Role": "head", "Role": "head", "X-Remote-User": "head", "Cookie": "role=head", "X-Key-Role": "head"}
        assert house.by({**clerk, **said}).post(f"{change}/approval?role=head", {"role": "head"}).status_code == 403


class TestASession:
    def test_that_is_locked_opens_nothing(self, house: House) -> None:
        user = house.user("clerk")
        idle = house.session(user, ago=timedelta(minutes=10))
        assert house.ask("GET /api/v1/applications", idle).status_code == 401
        assert kind(house.ask("GET /api/v1/applications", idle)) == "screen-locked"
        page = house.client.get(f"/persons/{NOBODY}?all=1", headers=idle, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, f"/unlock?to=%2Fpersons%2F{NOBODY}%3Fall%3D1")
        form = house.ask("POST /", idle)
        assert form.status_code == 401 and 'href="/unlock"' in form.text
        assert let_in(house.ask("GET /v/", idle))

    def test_with_a_temporary_password_opens_nothing_but_its_change(self, house: House) -> None:
        fresh = house.session(house.user("clerk", password=None))
        assert kind(house.ask("GET /api/v1/applications", fresh)) == "password-first"
        page = house.ask("GET /", fresh)
        assert (page.status_code, page.headers["location"]) == (303, "/password?to=%2F")
        assert house.ask("POST /", fresh).status_code == 403

    def test_acts_in_the_name_of_its_user(self, house: House, capsys: pytest.CaptureFixture[str]) -> None:
        user = house.user("clerk")
        said = house.by(house.session(user)).act("/persons", {"particulars": {"surname": "Вигадана"}})
        assert house.registry.of_command(said["command"]).entries[0].by == user.actor
        assert f'"by": "{user.login}"' in capsys.readouterr().err

    def test_of_a_user_whose_role_changed_has_the_new_one_at_once(self, house: House) -> None:
        user = house.user("clerk")
        mine = house.session(user)
        assert let_in(house.ask("POST /api/v1/persons", mine))
        now = {"name": user.name, "role": "auditor", "office": None, "os_account": None}
        users.change(house.registry.staff, user.login, by=ADMIN, now=utc_now(), **now)
        assert not let_in(house.ask("POST /api/v1/persons", mine))


def test_the_cookie_is_of_this_host_and_of_tls_alone() -> None:
    from starlette.responses import Response

    answer = Response()
    cookies.set_session(answer, "x", Settings())
    said = answer.headers["set-cookie"].lower()
    assert said.startswith("__host-hromada=x;")
    assert all(one in said for one in ("httponly", "secure", "samesite=strict", "path=/")) and "domain" not in said


def test_of_the_public_listener_nobody_is_asked_who_they_are(database_url: str, tmp_path: Path) -> None:
    from api.main import create_public_app

    with opened(database_url) as registry:
        client = TestClient(create_public_app(registry, Settings(**NAMED, data=tmp_path)))
        assert client.get("/v/").status_code == 200 and client.post("/v/", data={"code": "?"}).status_code == 422
        for path in ("/", "/sign-in", "/api/v1/persons/1", "/api/v1/changes"):
            assert client.get(path, headers=bearer("x")).status_code == 404
        assert not hasattr(client.app.state, "callers")

"""Pages of users, sessions, keys, substitutes and the state of the server, over HTTP and signed in in earnest."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from clerks import Clerk
from clocks import StoppedClock
from given import CLERK, NAMED, founded
from starlette.responses import Response
from starlette.testclient import TestClient

from api import cookies
from api.main import create_app
from api.shapes.staff import browser
from registry import texts
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.opening import opened
from registry.roles import ROLES, Role
from registry.settings import Settings
from registry.staff import events, keys, sessions, substitutes, users
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import AT_A_DESK

SETUP = Actor("tests", "Тести")
PASSWORD = "кіт на даху співає"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EVIL = "<script>alert(1)</script> Вигадана"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt; Вигадана"
OF_ADMIN = ("/staff", "/staff/admin", "/sessions", "/keys", "/substitutes", "/staff-events", "/state")


class Seat:
    """Somebody signed in: a browser with its cookie, which sends forms as our pages do."""

    def __init__(self, app: Any, registry: Registry, settings: Settings, login: str):
        self.registry, self.login = registry, login
        user = users.of_login(registry.staff, login)
        assert user
        terms = cookies.terms_of(settings)
        cookie, self.session = sessions.begin(
            registry.staff, user, now=registry.clock(), terms=terms, address="192.0.2.7", agent=FIREFOX
        )
        self.client = TestClient(app, follow_redirects=False)
        signed_in = Response()
        cookies.set_session(signed_in, cookie, settings)
        self.client.headers["Cookie"] = signed_in.headers["set-cookie"].partition(";")[0]
        self.token = sessions.csrf_token(cookie)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def page(self, path: str) -> str:
        """A page that opens, as it is written."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **form: str) -> Any:
        return self.client.post(path, data={"csrf": self.token, **form})

    def done(self, path: str, **form: str) -> str:
        """What is said after a form was taken and the browser led on."""
        answer = self.post(path, **form)
        assert answer.status_code == 303, answer.text
        [said] = re.findall(r'<p class="done" role="status">(.*?)</p>', self.page(answer.headers["location"]))
        return said

    def refused(self, path: str, **form: str) -> str:
        """What stands above the field that is wrong, or in the summary alone; nothing was changed."""
        before = everything(self.registry)
        answer = self.post(path, **form)
        assert answer.status_code == 422, answer.text
        assert everything(self.registry) == before
        [summary] = re.findall(r'<section class="faults".*?</section>', answer.text, re.DOTALL)
        [[field, said]] = re.findall(r"<li>(?:<a href=\"#(\w+)\">)?([^<]+)(?:</a>)?</li>", summary)
        if field:
            assert f'<p class="fault" id="{field}-fault">{said}</p>' in answer.text
            assert re.search(
                rf'id="{field}" name="{field}"[^>]* aria-invalid="true" aria-describedby="{field}-fault"', answer.text
            )
        return f"{field}: {unescape(said)}"


def everything(registry: Registry) -> list[Any]:
    """All that is kept of users, keys, substitutes, sessions and what was done with them."""
    tables = ("users", "api_keys", "substitutes", "staff_events")
    with registry.staff.get_connection() as connection:
        kept = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
        return [*kept, connection.execute("SELECT id, ended_at FROM sessions").fetchall()]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(**NAMED, data=tmp_path)


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url, clock=StoppedClock(), patience=AT_A_DESK) as register:
        for role in ROLES:
            made(register, role, role)
        yield register


def made(registry: Registry, login: str, role: Role, name: str = "") -> users.User:
    said = {"login": login, "name": name or f"Вигадана О. О., {role}", "role": role, "password": PASSWORD}
    return users.add(registry.staff, **said, by=SETUP, now=registry.clock())[0]


Seated = Callable[[str], Seat]


@pytest.fixture
def seated(registry: Registry, settings: Settings) -> Seated:
    """Signs somebody in."""
    app = create_app(registry, settings)
    return lambda login: Seat(app, registry, settings, login)


@pytest.fixture
def admin(seated: Seated) -> Seat:
    return seated("admin")


def secret_of(answer: Any) -> str:
    """What is shown once."""
    assert answer.status_code == 200, answer.text
    [secret] = re.findall(r'id="secret">([^<]+)<', answer.text)
    return str(unescape(secret))


NEW = {"login": "yasinska", "name": "Ясінська Л. М.", "role": "clerk", "office": "", "os_account": ""}


class TestUsers:
    def test_a_user_is_made_whose_password_is_shown_once(
        self, admin: Seat, registry: Registry, capfd: pytest.CaptureFixture[str]
    ) -> None:
        answer = admin.post("/staff", **NEW)
        password = secret_of(answer)
        user = users.with_password(registry.staff, "yasinska", password)
        assert user and (user.name, user.role, user.must_change) == ("Ясінська Л. М.", "clerk", True)
        assert "location" not in answer.headers and "no-store" in answer.headers["cache-control"]
        assert not any(password in admin.page(path) for path in (*OF_ADMIN, "/staff/yasinska"))
        assert password not in str(everything(registry)) + "".join(capfd.readouterr())
        again = admin.refused("/staff", **NEW)
        assert again == f"login: {texts.say('staff', 'login_taken')}"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            *(({"login": login}, "login") for login in ("", "ab", "Ясінська", "a b c", "../x", "a" * 41, "x\0yz")),
            *(({"name": name}, "name") for name in ("", " ", "123", "Ясін\0ська")),
            *(({"role": role}, "role") for role in ("", "root", "керівник")),
            *(({"office": office}, "office") for office in ("nowhere", "<b>")),
            ({"os_account": "x\0y"}, "os_account"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_makes_nobody(
        self, admin: Seat, registry: Registry, wrong: dict[str, str], field: str
    ) -> None:
        founded(registry)
        assert admin.refused("/staff", **{**NEW, **wrong}).startswith(f"{field}: ")

    def test_what_was_typed_stays_to_be_mended(self, admin: Seat) -> None:
        answer = admin.post("/staff", **{**NEW, "login": "?"})
        assert 'value="Ясінська Л. М."' in answer.text and '<option value="clerk" selected>' in answer.text

    def test_markup_in_a_name_is_a_name(self, admin: Seat, registry: Registry) -> None:
        made(registry, "evil", "head", EVIL)
        keys.add(registry.staff, name=EVIL, role="reader", by=SETUP, now=registry.clock())
        pages = [admin.page(path) for path in (*OF_ADMIN, "/staff/evil")]
        pages.append(admin.post("/staff", **{**NEW, "login": "<script>", "name": EVIL}).text)
        pages.append(admin.post("/staff/evil/reset").text)
        assert not any("<script>alert" in page for page in pages)
        assert sum(ESCAPED in page for page in pages) >= 5

    def test_nobody_is_found_under_a_login_that_is_none(self, admin: Seat) -> None:
        for login in ("nobody", "A B", "%00", "x" * 3000):
            assert admin.get(f"/staff/{login}").status_code == 404
            assert admin.post(f"/staff/{login}/disable").status_code == 404

    def test_another_name_and_office_are_kept(self, admin: Seat, registry: Registry) -> None:
        founded(registry)
        said = {"name": "Ясінська-Вигадана Л. М.", "role": "clerk", "office": "metalurhiinyi", "os_account": "yas"}
        assert admin.done("/staff/clerk", **said) == texts.say("staff_done", "changed")
        user = users.of_login(registry.staff, "clerk")
        assert user and {one: getattr(user, one) for one in said} == said
        page = admin.page("/staff/clerk")
        assert '<option value="metalurhiinyi" selected>' in page and 'value="yas"' in page
        assert admin.refused("/staff/clerk", **{**said, "office": "nowhere"}).startswith("office: ")

    def test_an_office_that_is_ours_no_more_stays_to_be_chosen(self, admin: Seat, registry: Registry) -> None:
        admin.done("/staff/clerk", name="Вигадана", role="clerk", office="old-office", os_account="")
        founded(registry)
        assert "<option selected>old-office</option>" in admin.page("/staff/clerk")

    def test_another_role_holds_at_once_in_sessions_that_are_open(self, admin: Seat, seated: Seated) -> None:
        clerk = seated("clerk")
        assert clerk.get("/state").status_code == 403
        admin.done("/staff/clerk", name="Вигадана", role="admin", office="", os_account="")
        assert clerk.get("/state").status_code == 200
        assert clerk.get("/").headers["location"] == "/staff"

    def test_the_last_administrator_stays_one(self, admin: Seat) -> None:
        last = f": {texts.say('staff', 'last_admin')}"
        assert admin.refused("/staff/admin", name="Вигадана", role="clerk", office="", os_account="") == last
        assert admin.refused("/staff/admin/disable") == last

    def test_nobody_shuts_themselves_out(self, admin: Seat, registry: Registry) -> None:
        made(registry, "other", "admin")
        oneself = f": {texts.say('staff', 'oneself')}"
        assert admin.refused("/staff/admin", name="Вигадана", role="clerk", office="", os_account="") == oneself
        assert admin.refused("/staff/admin/disable") == oneself
        assert "/staff/admin/disable" not in admin.page("/staff/admin")
        assert admin.done("/staff/admin", name="Інакша О. О.", role="admin", office="", os_account="")

    def test_who_is_disabled_is_out_at_once_and_a_reset_lets_them_in(
        self, admin: Seat, seated: Seated, registry: Registry
    ) -> None:
        clerk = seated("clerk")
        assert admin.done("/staff/clerk/disable") == texts.say("staff_done", "disabled")
        assert clerk.get("/").headers["location"].startswith("/sign-in")
        assert users.with_password(registry.staff, "clerk", PASSWORD) is None
        page = admin.page("/staff/clerk")
        assert texts.say("staff_pages", "disabled") in page and "/staff/clerk/disable" not in page
        password = secret_of(admin.post("/staff/clerk/reset"))
        assert users.with_password(registry.staff, "clerk", PASSWORD) is None
        assert users.with_password(registry.staff, "clerk", password)


class TestWhoMay:
    @pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
    def test_the_pages_are_the_administrators(self, seated: Seated, registry: Registry, role: str) -> None:
        seat, before = seated(role), everything(registry)[:4]
        shown = {"head": {"/substitutes"}, "auditor": {"/staff-events"}}.get(role, set())
        assert {path for path in OF_ADMIN if seat.get(path).status_code != 403} == shown
        for path in ("/staff", "/staff/admin", "/staff/admin/reset", "/staff/admin/disable", "/sessions/end"):
            assert seat.post(path, **NEW).status_code == 403
        for path in ("/keys", "/keys/end"):
            assert seat.post(path, name="mine", role="admin").status_code == 403
        assert everything(registry)[:4] == before

    def test_an_administrator_names_no_substitute(self, admin: Seat) -> None:
        assert admin.post("/substitutes", substitute="clerk", since="01.01.2030").status_code == 403
        assert admin.post("/substitutes/end", substitute=str(uuid4())).status_code == 403

    def test_a_form_without_the_token_of_the_page_is_not_taken(self, admin: Seat, registry: Registry) -> None:
        before = everything(registry)
        for path in ("/staff", "/staff/clerk", "/staff/clerk/reset", "/staff/clerk/disable", "/keys", "/sessions/end"):
            assert admin.client.post(path, data=NEW).status_code == 403
            assert admin.client.post(path, data={**NEW, "csrf": "x"}).status_code == 403
        assert everything(registry) == before

    def test_an_administrator_sees_no_person(self, admin: Seat, registry: Registry) -> None:
        who = Particulars(surname="Щиглевська", given_names="Пташина", birth_date="1987-06-05", unzr="19870605-07779")
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=who)
        told = "".join(admin.page(path) for path in (*OF_ADMIN, "/api/v1/state"))
        assert not any(word in told for word in ("Щиглевська", "Пташина", "07779", "1987"))
        assert admin.get("/").headers["location"] == "/staff"
        assert admin.get(f"/persons/{uuid4()}").status_code == 403


class TestSessions:
    def test_open_ones_are_listed_with_whence_and_by_what(self, admin: Seat, seated: Seated) -> None:
        seated("clerk")
        page = admin.page("/sessions")
        assert page.count("192.0.2.7") == page.count("Firefox 140, Linux") == 2
        assert page.count(texts.say("staff_pages", "own") + "</span>") == 1

    def test_one_is_ended_and_the_browser_is_out(self, admin: Seat, seated: Seated) -> None:
        first, second = seated("clerk"), seated("clerk")
        assert admin.done("/sessions/end", session=str(first.session.id)) == texts.say("staff_done", "session-ended")
        assert first.get("/").status_code == 303 and second.get("/").status_code == 200

    def test_all_of_a_user_are_ended_from_their_page(self, admin: Seat, seated: Seated) -> None:
        there = [seated("clerk"), seated("clerk"), seated("head")]
        answer = admin.post("/sessions/end", user="clerk", at="clerk")
        assert answer.headers["location"] == "/staff/clerk?done=sessions-ended"
        assert [seat.get("/").status_code for seat in there] == [303, 303, 200]

    def test_of_ones_own_the_one_at_work_stays(self, admin: Seat, seated: Seated) -> None:
        other = seated("admin")
        assert admin.done("/sessions/end", user="admin") == texts.say("staff_done", "sessions-ended")
        assert other.get("/state").status_code == 303

    @pytest.mark.parametrize("form", [{}, {"session": "x"}, {"session": str(uuid4())}, {"user": "nobody"}])
    def test_what_is_no_open_session_is_not_found(self, admin: Seat, form: dict[str, str]) -> None:
        assert admin.post("/sessions/end", **form).status_code == 404

    def test_a_way_back_is_never_anywhere_else(self, admin: Seat, seated: Seated) -> None:
        session = str(seated("clerk").session.id)
        answer = admin.post("/sessions/end", session=session, at="//evil.example/")
        assert answer.headers["location"] == "/sessions?done=session-ended"
        assert '<p class="done"' not in admin.page("/sessions?done=<b>x")

    @pytest.mark.parametrize(
        ("agent", "said"),
        [
            (FIREFOX, "Firefox 140, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36 Edg/138.0.1",
                "Edge 138, Windows",
            ),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36", "Chrome 138, Windows"),
            ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18.5 Mobile Safari/604.1", "Safari 18, iPhone"),
            ("<script>", "інший браузер"),
            ("curl/8.0", "інший браузер"),
            (None, "інший браузер"),
        ],
    )
    def test_a_browser_is_said_in_words(self, agent: str | None, said: str) -> None:
        assert browser(agent) == said


class TestKeys:
    def test_a_key_is_made_that_is_shown_once_and_opens_what_its_role_may(
        self, admin: Seat, registry: Registry, capfd: pytest.CaptureFixture[str]
    ) -> None:
        answer = admin.post("/keys", name="нагляд", role="admin", expires_at="")
        text = secret_of(answer)
        bearer = {"Authorization": f"Bearer {text}"}
        stranger = TestClient(admin.client.app)
        assert stranger.get("/api/v1/state", headers=bearer).status_code == 200
        assert stranger.get("/api/v1/changes", headers=bearer).status_code == 403
        assert not any(text in admin.page(path) for path in OF_ADMIN)
        assert text not in str(everything(registry)) + "".join(capfd.readouterr())
        [key] = keys.listed(registry.staff)
        assert admin.done("/keys/end", key=str(key.id)) == texts.say("staff_done", "key-ended")
        assert stranger.get("/api/v1/state", headers=bearer).status_code == 401

    def test_its_last_day_is_the_whole_day_of_kyiv(self, admin: Seat, registry: Registry) -> None:
        registry.clock.set("2026-11-30T10:00")  # type: ignore[attr-defined]
        admin = Seat(admin.client.app, registry, Settings(**NAMED), "admin")
        secret_of(admin.post("/keys", name="портал", role="machine", expires_at="01.12.2026"))
        [key] = keys.listed(registry.staff)
        assert key.expires_at and key.expires_at.isoformat() == "2026-12-01T22:00:00+00:00"
        assert texts.say("staff_pages", "ending") in admin.page("/keys")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            *(({"name": name}, "name") for name in ("", " ", "x" * 101, "x\0y", "clerk", "system")),
            *(({"role": role}, "role") for role in ("", "root")),
            *(
                ({"expires_at": day}, "expires_at")
                for day in ("завтра", "31.02.2027", "2027", "01.01.2020", "1.1.9999")
            ),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, admin: Seat, wrong: dict[str, str], field: str) -> None:
        said = {"name": "портал", "role": "machine", "expires_at": "", **wrong}
        assert admin.refused("/keys", **said).startswith(f"{field}: ")

    @pytest.mark.parametrize("key", ["", "x", "00000000-0000-4000-8000-000000000000"])
    def test_no_such_key_ends(self, admin: Seat, key: str) -> None:
        assert admin.refused("/keys/end", key=key).startswith(": ")


class TestSubstitutes:
    def test_a_head_names_one_who_is_head_on_those_days(self, seated: Seated, registry: Registry) -> None:
        registry.clock.set("2026-11-30T10:00")  # type: ignore[attr-defined]
        head = seated("head")
        said = {"substitute": "clerk", "since": "01.12.2026", "until": "02.12.2026"}
        assert head.done("/substitutes", **said) == texts.say("staff_done", "appointed")
        roles = []
        for day in ("2026-11-30T10:00", "2026-12-01T10:00", "2026-12-02T21:59", "2026-12-02T22:00"):
            registry.clock.set(day)  # type: ignore[attr-defined]
            roles.append(seated("clerk").get("/api/v1/changes").status_code)
        assert roles == [403, 200, 200, 403]
        assert "02.12.2026" in seated("head").page("/substitutes")

    def test_one_is_ended_by_their_head_alone(self, seated: Seated, registry: Registry) -> None:
        made(registry, "head2", "head")
        head, other = seated("head"), seated("head2")
        today = texts.day(kyiv_day(registry.clock()))
        head.done("/substitutes", substitute="clerk", since=today, until="")
        [one] = substitutes.listed(registry.staff)
        assert other.refused("/substitutes/end", substitute=str(one.id)).startswith(": ")
        assert f'value="{one.id}"' not in other.page("/substitutes")
        clerk = seated("clerk")
        assert clerk.get("/substitutes").status_code == 200
        assert texts.say("staff_pages", "only_heads") in clerk.page("/substitutes")
        assert clerk.post("/substitutes", substitute="head2", since=today).status_code == 422
        assert clerk.refused("/substitutes/end", substitute=str(one.id)).startswith(": ")
        assert head.done("/substitutes/end", substitute=str(one.id)) == texts.say("staff_done", "substitute-ended")
        assert clerk.get("/substitutes").status_code == 403

    def test_the_administrator_sees_all_and_changes_none(self, seated: Seated, admin: Seat, registry: Registry) -> None:
        seated("head").done("/substitutes", substitute="clerk", since=texts.day(kyiv_day(registry.clock())), until="")
        page = admin.page("/substitutes")
        assert "Вигадана О. О., clerk" in page and '<form method="post" action="/substitutes' not in page

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            *(({"substitute": login}, "substitute") for login in ("", "nobody", "head", "auditor", "admin", "x\0")),
            *(({"since": day}, "since") for day in ("", "завтра", "01.01.2020", "2030")),
            *(({"until": day}, "until") for day in ("колись", "01.01.2020")),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, seated: Seated, registry: Registry, wrong: dict[str, str], field: str
    ) -> None:
        said = {"substitute": "clerk", "since": texts.day(kyiv_day(registry.clock())), "until": "", **wrong}
        assert seated("head").refused("/substitutes", **said).startswith(f"{field}: ")

    def test_there_may_be_nobody_to_name(self, seated: Seated, registry: Registry, admin: Seat) -> None:
        admin.done("/staff/clerk/disable")
        assert texts.say("staff_pages", "nobody_to_appoint") in seated("head").page("/substitutes")


class TestEvents:
    def test_what_was_done_is_told_to_auditors_with_who_and_whom(self, admin: Seat, seated: Seated) -> None:
        password = secret_of(admin.post("/staff", **NEW))
        admin.done("/staff/yasinska", name="Інша Л. М.", role="auditor", office="", os_account="")
        page = seated("auditor").page("/staff-events")
        for said in (
            texts.say("staff_events", "user-changed"),
            "Інша Л. М.",
            texts.label("roles", "auditor"),
            "yasinska",
        ):
            assert said in page
        assert password not in page

    def test_older_ones_are_on_further_pages(self, admin: Seat, registry: Registry) -> None:
        for number in range(120):
            keys.add(registry.staff, name=f"k{number}", role="machine", by=SETUP, now=registry.clock())
        first = admin.page("/staff-events")
        [further] = re.findall(r'href="(/staff-events\?before=\d+)"', first)
        second = admin.page(further)
        assert first.count("<tr>") == 101 and 'href="/staff-events?' not in second
        both = {event.number for event in events.listed(registry.staff, limit=1000)}
        assert len(both) == first.count("<tr>") + second.count("<tr>") - 2
        assert [admin.get(f"/staff-events?before={wrong}").status_code for wrong in ("x", "0", "9" * 30)] == [422] * 3


class TestState:
    def test_the_page_tells_what_the_api_does(self, admin: Seat) -> None:
        told = admin.get("/api/v1/state").json()
        page = unescape(admin.page("/state"))
        assert {"database", "disk-data", "clock", "outbox", "access", "facts", "keys"} <= {
            one["id"] for one in told["lines"]
        }
        for line in told["lines"]:
            assert (
                line["title_uk"] in page and f'<span class="chip {line["status"]}">{line["status_uk"]}</span>' in page
            )

    @pytest.mark.parametrize("table", ["facts", "outbox", "access"])
    def test_it_opens_where_somebody_keeps_a_table(self, admin: Seat, database_url: str, table: str) -> None:
        with psycopg.connect(database_url) as holder:
            holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            page = admin.page("/state")
            assert admin.get("/api/v1/state").json()["status"] == "bad"
        assert texts.TEXTS["health_todo"]["unread"] in page

    def test_a_broken_outbox_and_a_clock_gone_wrong_are_told(
        self, admin: Seat, registry: Registry, database_url: str
    ) -> None:
        with psycopg.connect(database_url) as broken:
            broken.execute("ALTER TABLE outbox RENAME TO lost")
        registry.clock.set((registry.clock() + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))  # type: ignore[attr-defined]
        troubled = {one["id"] for one in admin.get("/api/v1/state").json()["lines"] if one["status"] == "bad"}
        with psycopg.connect(database_url) as mended:
            mended.execute("ALTER TABLE lost RENAME TO outbox")
        assert troubled == {"outbox", "clock"}

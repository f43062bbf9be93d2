"""Sessions as browsers have them: begun by a password, locked, in two windows, ended; and who cannot get at one."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from browsing import AGENT, DEVICE, OTHER, PASSWORD, SESSION, SYSTEM, Window, led_to, token_of, user_of
from clocks import StoppedClock
from fastapi import FastAPI
from given import NAMED

from api import signing
from api.main import create_app, create_public_app
from api.routes.own import browser
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings, SettingsError
from registry.staff import kept, sessions, sign_ins, users, visits
from registry.staff.sessions import Terms

MORNING = "2026-03-02T07:00"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        registry.clock = StoppedClock(MORNING)
        user_of(registry)
        user_of(registry, "halyna", "head", name="Вигадана Г. Г.")
        yield registry


@pytest.fixture
def app(registry: Registry, tmp_path: Path) -> FastAPI:
    return create_app(registry, Settings(data=tmp_path, **NAMED))


@pytest.fixture
def window(app: FastAPI) -> Iterator[Window]:
    with Window(app) as window:
        yield window


@pytest.fixture
def inside(window: Window) -> Window:
    assert window.sign_in().status_code == 303
    return window


def with_pin(registry: Registry, pin: str = "2580", login: str = "olena") -> None:
    user = users.of_login(registry.staff, login)
    users.set_pin(registry.staff, user.id, pin, now=registry.clock())


def of_cookie(registry: Registry, cookie: str):
    return sessions.of_cookie(registry.staff, cookie, now=registry.clock(), terms=Terms())


class TestSigningIn:
    def test_by_login_and_password_and_back_to_where_one_was_going(self, window):
        assert led_to(window.get("/me?x=1")) == ("/sign-in", "/me?x=1")
        assert 'value="/me?x=1"' in window.get("/sign-in?to=/me%3Fx%3D1").text
        assert window.sign_in(to="/me?x=1").headers["location"] == "/me?x=1"
        page = window.get("/me")
        assert (
            page.status_code == 200 and "Вигадана О. О., реєстратор" in page.text and "Firefox 128, Linux" in page.text
        )

    def test_as_people_type_a_login(self, window):
        assert window.sign_in(" Olena ").status_code == 303

    def test_one_answer_for_whatever_is_wrong(self, registry, window):
        users.disable(registry.staff, "halyna", by=SYSTEM, now=registry.clock())
        typed = [("olena", OTHER), ("nobody", PASSWORD), ("halyna", PASSWORD), ("ostap-v", PASSWORD)]
        answers = [window.sign_in(*one) for one in typed]
        assert {one.status_code for one in answers} == {422} and not window.cookies
        said = {one.text.replace(login, "") for one, (login, _) in zip(answers, typed, strict=True)}
        assert len(said) == 1 and "Логін або пароль неправильний" in answers[0].text
        assert all(password not in one.text for one in answers for password in (PASSWORD, OTHER))

    def test_the_other_layout_is_told_of(self, window):
        answer = window.sign_in("щдутф")
        assert answer.status_code == 422 and "українські літери" in answer.text and "щдутф" in answer.text
        assert window.sign_in("", "").status_code == 422

    def test_too_often_is_told_when_to_come_and_a_known_browser_goes_on(self, app, window, monkeypatch):
        monkeypatch.setattr("api.attempts.WRONG_SECONDS", 0.0)
        with Window(app, address="198.51.100.7") as stranger:
            for _ in range(10):
                assert stranger.sign_in("olena", OTHER).status_code == 422
            refused = stranger.sign_in()
            assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
            assert "Забагато спроб" in refused.text and not stranger.cookies
        with Window(app, address="198.51.100.8") as known:
            assert known.sign_in().status_code == 303
            known.sends("/sign-out")
            for _ in range(10):
                known.post("/sign-in", data={"login": "halyna", "password": OTHER})
            assert known.sign_in("halyna").status_code == 429
            assert known.sign_in().status_code == 303

    def test_a_browser_is_known_to_several(self, window):
        for login in ("olena", "halyna", "olena"):
            assert window.sign_in(login).status_code == 303
        assert window.cookies[DEVICE].count(".") == 1

    @pytest.mark.parametrize(
        "to",
        [
            *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)"),
            *("/\t/evil.example", "/\n/evil.example", "evil.example", "%2F%2Fevil.example", "https:evil", " //evil"),
            *("///evil.example", "/\u2028/evil", "", "/" + "a" * 550, "/sign-in", "/unlock?to=//evil.example", "/lock"),
        ],
    )
    def test_nobody_is_led_away(self, window, to):
        assert window.sign_in(to=to).headers["location"] == "/"
        assert 'name="to" value="/"' in window.get("/sign-in", params={"to": to}).text
        assert window.get("/unlock", params={"to": to}).headers["location"] == "/"
        assert window.get("/pin", params={"to": to}).text.count('href="/"') == window.get("/pin").text.count('href="/"')

    def test_paths_of_ours_are_kept_as_they_are(self):
        for to in ("/", "/persons/1?on=2026-01-01&all=1", "/%2F/evil", "/kept", "/sign-in-sheets", "/a//b"):
            assert signing.own_path(to) == to

    def test_the_cookies_are_this_hosts_and_no_scripts(self, window):
        said = window.sign_in().headers.get_list("set-cookie")
        assert len(said) == 2 and all(one.startswith("__Host-hromada") for one in said)
        for part in ("; HttpOnly", "; Path=/", "; SameSite=strict", "; Secure"):
            assert all(part in one for one in said)
        assert not any("Domain" in one for one in said) and "Max-Age" not in said[0]

    def test_a_foreign_page_signs_nobody_in(self, window):
        form = {"login": "olena", "password": PASSWORD}
        answer = window.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403 and not window.cookies

    def test_the_public_pages_show_nothing_of_it(self, registry, tmp_path, inside):
        with Window(create_public_app(registry, Settings(data=tmp_path, **NAMED))) as public:
            public.cookies.update(inside.cookies)
            page = public.get("/bring")
            assert page.status_code == 200 and not re.search(r"sign-out|Вигадана О|desk\.js|id=.lock.", page.text)
            assert public.get("/sign-in").status_code == 404


class TestFixation:
    def test_every_sign_in_has_a_new_cookie_and_ends_the_one_before(self, registry, window):
        window.cookies.set(SESSION, "chosen-by-somebody-else", domain="127.0.0.1", path="/")
        window.sign_in()
        first = window.cookies.get(SESSION, domain="127.0.0.1") or window.cookie
        assert of_cookie(registry, "chosen-by-somebody-else") is None
        window.cookies.clear()
        window.cookies.set(SESSION, first)
        window.sign_in()
        cookies_now = {one.value for one in window.cookies.jar if one.name == SESSION}
        assert of_cookie(registry, first) is None and len(cookies_now - {first}) == 1

    def test_a_new_password_has_a_new_cookie_and_ends_all_others(self, app, registry, inside):
        with Window(app) as other:
            other.sign_in()
            before, elsewhere = inside.cookie, other.cookie
            answer = inside.sends("/password", current=PASSWORD, password=OTHER, again=OTHER, to="/me")
            assert led_to(answer) == ("/pin", "/me")
            assert inside.cookie != before and inside.get("/me").status_code == 200
            assert of_cookie(registry, before) is None and of_cookie(registry, elsewhere) is None
            assert led_to(other.get("/me")) == ("/sign-in", "/me")
        assert (
            inside.sign_in(password=PASSWORD).status_code == 422 and inside.sign_in(password=OTHER).status_code == 303
        )

    def test_a_stolen_cookie_is_dead_after_sign_out(self, app, registry, inside):
        stolen = inside.cookie
        assert led_to(inside.sends("/sign-out")) == ("/sign-in", None)
        assert inside.cookie is None
        with Window(app) as thief:
            thief.cookies.set(SESSION, stolen)
            assert led_to(thief.get("/me")) == ("/sign-in", "/me")
            assert thief.get("/api/v1/changes").status_code == 401
            form = {"csrf": sessions.csrf_token(stolen), "q": "Вигадана"}
            assert thief.post("/", data=form).status_code == 401
        user = users.of_login(registry.staff, "olena")
        assert kept.of_user(registry.staff, user.id, now=registry.clock()) == []

    def test_a_form_of_another_session_is_refused(self, app, inside):
        with Window(app) as other:
            other.sign_in("halyna")
            assert other.post("/sign-out", data={"csrf": token_of(inside.get("/me"))}).status_code == 403
            assert other.post("/sign-out").status_code == 403 and other.get("/me").status_code == 200


class TestTheEnd:
    def test_idle_it_is_locked_and_then_over(self, registry, inside):
        registry.clock.set("2026-03-02T07:09:59")
        assert inside.get("/me").status_code == 200
        registry.clock.set("2026-03-02T07:20")
        assert led_to(inside.get("/me?a=1")) == ("/unlock", "/me?a=1")
        assert inside.get("/api/v1/changes").status_code == 401
        registry.clock.set("2026-03-02T09:09:59")
        assert led_to(inside.get("/me")) == ("/sign-in", "/me")

    def test_who_types_for_long_is_not_idle(self, registry, inside):
        token = token_of(inside.get("/me"))
        for minute in range(5, 60, 5):
            registry.clock.set(f"2026-03-02T07:{minute:02}")
            headers = {"Accept": "application/json", "X-CSRF-Token": token}
            assert inside.post("/seen", headers=headers).status_code == 204
        assert inside.get("/me").status_code == 200

    def test_it_ends_after_its_hours_whatever_is_done(self, registry, inside):
        token = token_of(inside.get("/me"))
        for hour in range(7, 19):
            for minute in range(0, 60, 8):
                registry.clock.set(f"2026-03-02T{hour:02}:{minute:02}")
                assert inside.post("/seen", headers={"X-CSRF-Token": token}).status_code == 204
        registry.clock.set("2026-03-02T19:00")
        assert led_to(inside.get("/me")) == ("/sign-in", "/me")

    def test_the_terms_are_settings(self, registry, tmp_path):
        settings = Settings(data=tmp_path, session_lock=1, session_idle=3, session_hours=1, **NAMED)
        with Window(create_app(registry, settings)) as window:
            window.sign_in()
            registry.clock.set("2026-03-02T07:01")
            assert led_to(window.get("/me")) == ("/unlock", "/me")
            registry.clock.set("2026-03-02T07:03")
            assert led_to(window.get("/me")) == ("/sign-in", "/me")

    def test_a_role_changes_at_once(self, registry, inside):
        assert inside.get("/").status_code == 200
        user = users.of_login(registry.staff, "olena")
        said = {"name": user.name, "office": None, "os_account": None, "by": SYSTEM, "now": registry.clock()}
        users.change(registry.staff, "olena", role="reader", **said)
        assert inside.get("/").headers["location"] == "/household-answer"
        assert inside.get("/me").status_code == 200
        users.disable(registry.staff, "olena", by=SYSTEM, now=registry.clock())
        assert led_to(inside.get("/me")) == ("/sign-in", "/me")

    def test_signing_out_ends_the_visit(self, registry, inside):
        visit = visit_in(registry, inside)
        inside.sends("/sign-out")
        assert visits.of(registry.staff, visit).ended_at is not None

    def test_ones_own_sessions_are_listed_and_ended(self, app, registry, inside):
        with Window(app, address="2001:db8::7") as other, Window(app) as head:
            other.sign_in()
            head.sign_in("halyna")
            page = inside.get("/me").text
            assert page.count("Firefox 128, Linux") == 4 and "2001:db8::7" in page
            theirs = of_cookie(registry, head.cookie).id
            assert inside.sends("/me/end", session=theirs).status_code == 404
            assert led_to(inside.sends("/me/end", session=of_cookie(registry, other.cookie).id)) == ("/me", None)
            assert led_to(other.get("/me")) == ("/sign-in", "/me") and head.get("/me").status_code == 200
            other.sign_in()
            inside.sends("/me/end")
            assert led_to(other.get("/me")) == ("/sign-in", "/me") and inside.get("/me").status_code == 200
        latest = sign_ins.latest(registry.staff, users.of_login(registry.staff, "olena").id)
        assert Counter(one.ended_why for one in latest) == {"signed-out": 2, None: 1}


def visit_in(registry: Registry, window: Window):
    session = of_cookie(registry, window.cookie)
    by, now = session.user.actor, registry.clock()
    visit = visits.begin(registry.staff, by=by, purpose="application", office=None, now=now)
    sessions.in_visit(registry.staff, session.id, visit.id)
    return visit.id


class TestTheLock:
    def test_in_one_window_locks_the_other_and_unlocks_it(self, registry, inside):
        with_pin(registry)
        page = inside.get("/me")
        assert led_to(inside.sends("/lock", to="/me?b=2")) == ("/unlock", "/me?b=2")
        assert led_to(inside.get("/me")) == ("/unlock", "/me")
        token = token_of(inside.get("/unlock"))
        assert token == token_of(page)
        assert led_to(inside.post("/unlock", data={"csrf": token, "pin": "2580", "to": "/me?b=2"})) == ("/me", None)
        assert inside.get("/me").status_code == 200

    def test_its_page_says_nothing_of_what_was_open(self, registry, inside):
        with_pin(registry)
        inside.sends("/lock", to="/persons/P-000129")
        page = inside.get("/unlock?to=/persons/P-000129").text
        assert "Екран заблоковано" in page and "Вигадана О. О. · з 09:00" in page
        assert page.count("P-000129") == 2 and 'role="search"' not in page and 'action="/lock"' not in page
        assert "P-000129" not in page.split("</title>")[0]

    def test_five_wrong_pins_end_the_session(self, registry, inside):
        with_pin(registry)
        cookie = inside.cookie
        inside.sends("/lock")
        token = token_of(inside.get("/unlock"))
        said = [inside.post("/unlock", data={"csrf": token, "pin": "0000"}) for _ in range(5)]
        assert [one.status_code for one in said] == [422] * 5
        assert "Лишилося спроб: 4" in said[0].text and "остання спроба" in said[3].text
        assert "Увійдіть за паролем" in said[4].text and inside.cookie is None
        assert of_cookie(registry, cookie) is None

    def test_a_script_of_ours_is_answered_in_json(self, registry, inside):
        with_pin(registry)
        headers = {"Accept": "application/json", "X-CSRF-Token": token_of(inside.get("/me"))}
        assert inside.post("/lock", headers=headers).status_code == 204
        locked = inside.post("/seen", headers=headers)
        assert locked.status_code == 401 and locked.json()["type"].endswith("screen-locked")
        wrong = inside.post("/unlock", headers=headers, data={"pin": "1"})
        assert wrong.status_code == 422 and "Лишилося спроб: 4" in wrong.json()["fault"]
        assert inside.post("/unlock", headers=headers, data={"pin": "2580"}).status_code == 204
        assert inside.post("/seen", headers=headers).status_code == 204
        inside.post("/lock", headers=headers)
        assert [inside.post("/unlock", headers=headers, data={"pin": "1"}).status_code for _ in range(5)][-1] == 401

    def test_a_password_unlocks_where_there_is_no_pin_or_it_is_forgotten(self, registry, inside, monkeypatch):
        monkeypatch.setattr("api.attempts.WRONG_SECONDS", 0.0)
        visit, cookie = visit_in(registry, inside), inside.cookie
        inside.sends("/lock")
        page = inside.get("/unlock?to=/me")
        assert "PIN ще не задано" in page.text and 'name="pin"' not in page.text
        token = token_of(page)
        assert inside.post("/unlock", data={"csrf": token, "password": OTHER}).status_code == 422
        assert led_to(inside.post("/unlock", data={"csrf": token, "password": PASSWORD, "to": "/me"})) == ("/me", None)
        assert inside.cookie == cookie and of_cookie(registry, cookie).visit == visit
        with_pin(registry)
        inside.sends("/lock")
        assert "by=password" in inside.get("/unlock").text
        assert 'name="password"' in inside.get("/unlock?by=password").text

    def test_another_who_signs_in_there_ends_the_visit(self, registry, inside):
        visit = visit_in(registry, inside)
        inside.sends("/lock")
        inside.sign_in("halyna")
        assert visits.of(registry.staff, visit).ended_at is not None
        assert of_cookie(registry, inside.cookie).visit is None

    def test_whoever_signs_in_again_goes_on_with_the_visit(self, registry, inside):
        visit = visit_in(registry, inside)
        inside.sends("/lock")
        inside.sign_in()
        assert of_cookie(registry, inside.cookie).visit == visit
        assert visits.of(registry.staff, visit).ended_at is None

    def test_who_locks_may_leave_at_once(self, inside):
        inside.sends("/lock")
        assert led_to(inside.post("/sign-out", data={"csrf": token_of(inside.get("/unlock"))})) == ("/sign-in", None)


class TestTheFirstPassword:
    def test_is_changed_before_anything_else(self, registry, window):
        _, given = users.add(
            registry.staff, login="nova", name="Нова Н. Н.", role="clerk", by=SYSTEM, now=registry.clock()
        )
        assert window.sign_in("nova", given, to="/me").headers["location"] == "/me"
        for path in ("/", "/me", "/pin", "/kept", f"/persons/{uuid4()}"):
            assert led_to(window.get(path)) == ("/password", path)
        assert window.get("/api/v1/changes").status_code == 403
        page = window.get("/password?to=/me")
        assert "Придумайте свій пароль" in page.text and 'name="current"' not in page.text
        form = {"csrf": token_of(page), "to": "/me"}
        for password, again, said in [
            (OTHER, PASSWORD, "Двічі набрано різне"),
            ("коротко", "коротко", "закороткий"),
            (given, given, "той самий"),
        ]:
            answer = window.post("/password", data={**form, "password": password, "again": again})
            assert answer.status_code == 422 and said in answer.text and password not in answer.text
        assert led_to(window.post("/password", data={**form, "password": OTHER, "again": OTHER})) == ("/pin", "/me")
        page = window.get("/pin?to=/me")
        answer = window.post("/pin", data={"csrf": token_of(page), "pin": "12", "again": "12", "to": "/me"})
        assert answer.status_code == 422 and "від 4 до 8 цифр" in answer.text
        answer = window.post("/pin", data={"csrf": token_of(page), "pin": "2580", "again": "0852", "to": "/me"})
        assert answer.status_code == 422 and "Двічі набрано різне" in answer.text
        form = {"csrf": token_of(page), "pin": "2580", "again": "2580", "to": "/me"}
        assert led_to(window.post("/pin", data=form)) == ("/me", None)
        assert users.of_login(registry.staff, "nova").has_pin

    def test_ones_own_needs_the_one_before(self, inside, monkeypatch):
        monkeypatch.setattr("api.attempts.WRONG_SECONDS", 0.0)
        answer = inside.sends("/password", current="не той пароль", password=OTHER, again=OTHER)
        assert answer.status_code == 422 and "Теперішній пароль неправильний" in answer.text

    def test_a_pin_is_changed_by_whoever_knows_the_password(self, registry, inside, monkeypatch):
        monkeypatch.setattr("api.attempts.WRONG_SECONDS", 0.0)
        with_pin(registry)
        assert inside.sends("/pin", pin="1111", again="1111", current="не той").status_code == 422
        assert inside.sends("/pin", pin="1111", again="1111", current=PASSWORD).status_code == 303
        assert users.has_pin(registry.staff, users.of_login(registry.staff, "olena").id, "1111")


class TestSettings:
    def test_are_minutes_and_hours(self):
        read = Settings.read({"HROMADA_SESSION_LOCK": "5", "HROMADA_SESSION_IDLE": "30", "HROMADA_SESSION_HOURS": "8"})
        assert (read.session_lock, read.session_idle, read.session_hours) == (5, 30, 8)
        plain, short = Settings.read({}), Settings.read({"HROMADA_SESSION_HOURS": "1"})
        assert (plain.session_lock, plain.session_idle, plain.session_hours) == (10, 120, 12)
        assert (short.session_lock, short.session_idle) == (10, 60)

    @pytest.mark.parametrize(
        "said",
        [
            *({"HROMADA_SESSION_HOURS": one} for one in ("0", "25", "-1", "день", "1.5", "٣")),
            *({"HROMADA_SESSION_IDLE": one} for one in ("0", "721", "10 хв")),
            *({"HROMADA_SESSION_LOCK": one} for one in ("0", "121", "9" * 5000)),
            {"HROMADA_SESSION_IDLE": "5", "HROMADA_SESSION_LOCK": "6"},
            {"HROMADA_SESSION_HOURS": "1", "HROMADA_SESSION_IDLE": "61"},
        ],
    )
    def test_that_make_no_sense_are_refused_with_words(self, said):
        with pytest.raises(SettingsError, match=r"HROMADA_SESSION_\w+: «.*» не підходить. Вкажіть ціле число від 1 до"):
            Settings.read(said)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (AGENT, "Firefox 128, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge 131, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1", "Safari 18, macOS"),
        ("curl/8", "інший браузер"),
        (None, "інший браузер"),
    ],
)
def test_a_browser_in_words(agent, said):
    assert browser(agent) == said

"""The visit on the pages: begun and ended by somebody who signed in, and named by all that is seen and done in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from browsing import PASSWORD, SYSTEM, Window, led_to, shown, token_of, user_of
from clocks import StoppedClock
from fastapi import FastAPI
from given import NAMED, founded
from running import served
from test_pages import DESK, PATIENCE, PHONE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry import texts
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings
from registry.staff import sessions, users, visits
from registry.staff.sessions import Terms
from registry.staff.visits import PURPOSES, CounterVisit
from registry.storage import access
from registry.storage.access import LookEntry

__all__ = ["chromium"]
API = "/api/v1"
NAMES = {"clerk": "olena", "head": "halyna", "auditor": "ihor", "admin": "anna", "reader": "roman"}
OFFICE = "metalurhiinyi"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        registry.clock = StoppedClock("2026-03-02T12:05")
        founded(registry)
        for role, login in NAMES.items():
            user_of(registry, login, role, office=OFFICE if role == "clerk" else None)  # type: ignore[arg-type]
        yield registry


@pytest.fixture
def app(registry: Registry, tmp_path: Path) -> FastAPI:
    return create_app(registry, Settings(data=tmp_path, **NAMED))


@pytest.fixture
def window(app: FastAPI) -> Iterator[Window]:
    with Window(app) as window:
        assert led_to(window.sign_in()) == ("/", None)
        yield window


def begin(window: Window, purpose: str = "extract") -> None:
    assert led_to(window.sends("/visit", purpose=purpose)) == ("/", None)


def going_on(registry: Registry, window: Window) -> CounterVisit:
    """The visit in the session of a browser."""
    session = sessions.of_cookie(registry.staff, window.cookie or "", now=registry.clock(), terms=Terms())
    assert session and session.visit
    visit = visits.of(registry.staff, session.visit)
    assert visit
    return visit


def ended(registry: Registry, visit: CounterVisit) -> bool:
    found = visits.of(registry.staff, visit.id)
    return found is not None and found.ended_at is not None


def latest(registry: Registry) -> LookEntry:
    return access.latest(registry.access, limit=1)[0]


def entered(window: Window, surname: str = "Вигадана") -> dict[str, Any]:
    """Somebody new, by the API as a page's script would call it."""
    said = {"particulars": {"surname": surname, "birth_date": "1990-05-04"}, "confirmed": True}
    answer = window.post(f"{API}/persons", json=said, headers={"X-CSRF-Token": token_of(window.get("/me"))})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def bar(window: Window, path: str = "/") -> str:
    """What the bar of a page says, without its tags, choices and keys."""
    found = re.search(r'<div class="visit.*?</div>', window.get(path).text, re.DOTALL)
    said = re.sub(r"<select.*?</select>|<kbd.*?</kbd>|<[^>]+>", " ", found[0], flags=re.DOTALL) if found else ""
    return " ".join(said.split())


class TestTheBar:
    def test_says_what_goes_on_and_what_may_be_done(self, registry: Registry, window: Window) -> None:
        where = re.escape(bar(window).removeprefix("Візиту немає · ").removesuffix(" Мета Почати візит"))
        assert where and bar(window) == bar(window, "/me")
        begin(window)
        assert re.fullmatch(rf"Візит з 14:05 · видача витягу · {where} Завершити візит Мета Наступний", bar(window))
        assert going_on(registry, window).office == OFFICE
        assert led_to(window.sends("/visit/end")) == ("/", None)
        assert bar(window).startswith("Візиту немає")

    def test_offers_every_purpose(self, window: Window) -> None:
        offered = re.findall(r'<option value="(\w+)">', window.get("/").text)
        assert tuple(offered) == PURPOSES

    def test_is_not_there_where_nobody_works(self, registry: Registry, window: Window) -> None:
        begin(window)
        assert bar(window, "/sign-in") == bar(window, "/docs") == bar(window, "/bring") == ""
        window.sends("/lock")
        page = window.get("/unlock").text
        assert 'class="visit' not in page and texts.label("purposes", "extract") not in page

    def test_nor_before_the_first_password_was_changed(self, registry: Registry, app: FastAPI) -> None:
        _, password = users.add(
            registry.staff, login="nova", name="Нова Н. Н.", role="clerk", by=SYSTEM, now=registry.clock()
        )
        with Window(app) as window:
            window.sign_in("nova", password)
            assert bar(window, "/password") == ""
            assert window.sends("/visit", page="/password", purpose="extract").status_code == 403

    @pytest.mark.parametrize("role", ["auditor", "admin", "reader"])
    def test_is_not_for_those_who_receive_nobody(self, app: FastAPI, role: str) -> None:
        with Window(app) as window:
            window.sign_in(NAMES[role])
            assert bar(window, "/me") == ""
            for path in ("/visit", "/visit/end"):
                assert window.sends(path, purpose="extract").status_code == 403

    def test_a_head_has_it_too(self, registry: Registry, app: FastAPI) -> None:
        with Window(app) as window:
            window.sign_in("halyna")
            begin(window, "approval")
            assert bar(window).startswith("Візит з 14:05 · погодження зміни другою особою Завершити")
            assert going_on(registry, window).office is None


class TestWhatIsDoneInIt:
    def test_looks_searches_and_acts_name_it_until_it_ends(self, registry: Registry, window: Window) -> None:
        person = entered(window)["person"]
        begin(window)
        said = {"visit": str(going_on(registry, window).id), "reason": "extract"}
        assert window.get(f"/persons/{person}").status_code == 200
        assert latest(registry).persons == (UUID(person),) and said.items() <= latest(registry).about.items()
        assert "Вигадана" in window.sends("/", page="/", q="Вигадана").text
        assert latest(registry).about["route"] == "pages.found" and said.items() <= latest(registry).about.items()
        made = entered(window, "Придумана")
        look = latest(registry)
        assert look.action == "acted" and look.about == {
            **{"command": made["command"], "route": "enter_person"},
            **said,
        }
        window.sends("/visit/end")
        position = latest(registry).position
        assert window.get(f"/persons/{person}").status_code == 200
        assert latest(registry).position > position and not {"visit", "reason"} & latest(registry).about.keys()

    def test_two_windows_of_a_browser_share_it(self, registry: Registry, app: FastAPI, window: Window) -> None:
        begin(window)
        with Window(app) as other:
            other.cookies.update(window.cookies)
            assert bar(other) == bar(window)
            other.sends("/visit/end")
        assert bar(window).startswith("Візиту немає")
        assert led_to(window.sends("/visit/end")) == ("/", None)

    def test_the_next_visitor_ends_the_one_before(self, registry: Registry, window: Window) -> None:
        begin(window)
        before = going_on(registry, window)
        begin(window, "consultation")
        after = going_on(registry, window)
        assert ended(registry, before) and not ended(registry, after)
        assert (after.purpose, after.by.id) == ("consultation", "olena")

    @pytest.mark.parametrize("typed", [{}, {"purpose": ""}, {"purpose": "цікавість"}, {"purpose": "x" * 5000}])
    def test_no_purpose_is_refused_and_changes_nothing(
        self, registry: Registry, window: Window, typed: dict[str, str]
    ) -> None:
        begin(window)
        before = going_on(registry, window)
        refused = window.sends("/visit", **typed)
        assert refused.status_code == 422 and "Мета візиту має бути однією з переліку: прийом" in refused.text
        assert "цікавість" not in refused.text and "xxx" not in refused.text
        assert going_on(registry, window) == before

    def test_is_not_begun_from_a_foreign_page(self, registry: Registry, window: Window) -> None:
        begin(window)
        before = going_on(registry, window)
        for path in ("/visit", "/visit/end"):
            assert window.post(path, data={"purpose": "extract", "csrf": "x"}).status_code == 403
        assert going_on(registry, window) == before

    def test_from_a_locked_screen_nothing_is_begun_nor_kept(self, registry: Registry, window: Window) -> None:
        begin(window)
        before, token = going_on(registry, window), token_of(window.get("/me"))
        window.post("/lock", data={"csrf": token})
        for path in ("/visit", "/visit/end"):
            assert window.post(path, data={"purpose": "consultation", "csrf": token}).status_code == 401
        assert going_on(registry, window) == before


class TestTheEndOfASession:
    def test_by_signing_out(self, registry: Registry, window: Window) -> None:
        begin(window)
        visit = going_on(registry, window)
        window.sends("/sign-out")
        assert ended(registry, visit)

    def test_by_somebody_else_who_signs_in_there(self, registry: Registry, window: Window) -> None:
        begin(window)
        visit = going_on(registry, window)
        window.sign_in("halyna")
        assert ended(registry, visit) and bar(window).startswith("Візиту немає")

    def test_by_time(self, registry: Registry, window: Window) -> None:
        begin(window)
        visit = going_on(registry, window)
        registry.clock = StoppedClock("2026-03-02T15:05")
        assert led_to(window.get("/me")) == ("/sign-in", "/me")
        assert ended(registry, visit)
        window.sign_in()
        assert bar(window).startswith("Візиту немає")

    def test_by_an_administrator_or_with_the_user(self, registry: Registry, app: FastAPI, window: Window) -> None:
        begin(window)
        visit, user = going_on(registry, window), users.of_login(registry.staff, "olena")
        assert user and sessions.end_all(registry.staff, user.id, now=registry.clock(), why="ended-by-admin") == 1
        assert ended(registry, visit)
        window.sign_in()
        begin(window)
        visit = going_on(registry, window)
        users.disable(registry.staff, "olena", by=SYSTEM, now=registry.clock())
        assert ended(registry, visit)

    def test_not_by_ones_own_new_password_or_sign_in(self, registry: Registry, window: Window) -> None:
        begin(window)
        visit = going_on(registry, window)
        other = "калина росте край поля"
        window.sends("/password", current=PASSWORD, password=other, again=other)
        assert going_on(registry, window) == visit and not ended(registry, visit)
        window.sign_in(password=other)
        assert going_on(registry, window) == visit and not ended(registry, visit)


@pytest.mark.parametrize(
    ("role", "first"),
    [*((one, None) for one in ("clerk", "head", "auditor")), ("admin", "/staff"), ("reader", "/household-answer")],
)
def test_each_role_begins_on_a_page_of_its_own(app: FastAPI, role: str, first: str | None) -> None:
    with Window(app) as window:
        assert led_to(window.sign_in(NAMES[role])) == ("/", None)
        there = window.get("/")
        if first:
            assert led_to(there) == (first, None)
            assert window.sends("/", q="Вигадана").status_code == 403
            there = window.get(first)
        assert there.status_code == 200
        assert led_to(window.sign_in(NAMES[role], to="/me")) == ("/me", None)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.mark.slow
def test_the_end_of_a_visit_clears_every_window_of_the_browser(chromium: Any, address: str, registry: Registry) -> None:
    context = chromium.new_context(base_url=address, viewport=DESK)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page)
    page.get_by_role("button", name="Почати візит").click()
    shown(page.get_by_role("button", name="Завершити візит"))
    assert page.title().startswith("Візит 14:05 · Черга")
    other = context.new_page()
    other.goto("/services")
    shown(other.locator("h1"))
    with other.expect_navigation(url=f"{address}/"):
        page.keyboard.press("Escape")
        page.keyboard.press("KeyP")
    for one in (page, other):
        shown(one.get_by_text("Візиту немає"))
        assert "Візит 14:05" not in one.title()
    context.close()


def test_by_keyboard_without_javascript_and_read_by_axe(chromium: Any, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    context = chromium.new_context(base_url=address, viewport=DESK, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    def looked() -> None:
        """By axe, which needs scripts: in another window of the same browser."""
        reading = chromium.new_context(base_url=address, storage_state=context.storage_state())
        reading.set_default_timeout(PATIENCE)
        other = reading.new_page()
        other.goto("/")
        assert other.locator(".visit").is_visible()
        for screen in (PHONE, DESK):
            other.set_viewport_size(screen)
            assert axe.Axe().run(other).response["violations"] == []
            assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
        reading.close()

    sign_in(page)
    assert page.get_by_text("Візиту немає").is_visible()
    looked()
    page.goto("/me")
    page.locator("#main").focus()
    press("Tab", "ArrowDown", "Tab", "Enter")
    page.get_by_text("Візит з 14:05 · видача витягу").wait_for()
    assert page.url == f"{address}/"
    looked()
    page.goto("/me")
    page.locator("#main").focus()
    press("Tab", "Tab", "Tab", "Enter")
    page.get_by_text("Візит з 14:05 · прийом і розгляд заяви").wait_for()
    page.goto("/me")
    page.locator("#main").focus()
    press("Tab", "Enter")
    page.get_by_text("Візиту немає").wait_for()
    context.close()

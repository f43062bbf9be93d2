"""Signing in as somebody does it in a real Chromium: by keyboard, with the lock that keeps what is typed, and without
JavaScript. The desk is on plain http://127.0.0.1, where a browser takes cookies that want TLS."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import AGENT, PASSWORD, SESSION, fits, shown, user_of
from given import NAMED
from running import served
from test_pages import DESK, PATIENCE, chromium

from api.main import create_app
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings
from registry.staff import sessions, users

__all__ = ["chromium"]
PIN = "2580"
EXPECTED = re.compile(r"status of 4|net::ERR_FAILED")
"""What Chromium writes of a refusal, and of a request that a test lets go nowhere."""


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        user = user_of(registry)
        users.set_pin(registry.staff, user.id, PIN, now=registry.clock())
        user_of(registry, "admin", "admin", name="Вигаданий А. А.")
        yield registry


@pytest.fixture
def address(registry: Registry, tmp_path: Path) -> Iterator[str]:
    app = create_app(registry, Settings(data=tmp_path, **NAMED))
    with served(app) as at:
        yield at


@pytest.fixture
def browser(chromium: Any, address: str) -> Iterator[Any]:
    """Windows of one browser, which complained about nothing."""
    context, complaints = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA"), []
    context.set_default_timeout(PATIENCE)
    context.on("console", lambda said: None if EXPECTED.search(said.text) else complaints.append(said.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert complaints == []


def sign_in(page: Any, login: str = "olena", to: str = "/") -> None:
    """By keyboard alone: the field of the login has the focus."""
    page.goto(f"/sign-in?to={to}")
    page.locator("#login:focus").wait_for()  # the first letters of a quick hand would go nowhere
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    shown(page.get_by_role("button", name="Вийти"))


class TestByKeyboard:
    def test_signs_in_locks_unlocks_with_the_form_kept_and_out(self, registry, browser):
        page = browser.new_page()
        sign_in(page)
        assert {one["name"] for one in browser.cookies()} == {SESSION, "__Host-hromada-device"}
        assert all(one["secure"] and one["httpOnly"] and one["sameSite"] == "Strict" for one in browser.cookies())
        title = page.title()
        page.locator("#q").fill("Вигаданко Зіновій")
        page.get_by_role("button", name="Заблокувати").focus()
        page.keyboard.press("Enter")
        lock = page.get_by_role("dialog", name="Екран заблоковано")
        lock.wait_for()
        assert page.title() == "Екран заблоковано" and not page.locator("#q").is_visible()
        assert page.evaluate("document.activeElement.name") == "pin"
        for _ in range(2):
            page.keyboard.press("Escape")
        page.locator("#lock-pin:focus").wait_for()
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        lock.get_by_text("Лишилося спроб: 4").wait_for()
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        lock.wait_for(state="detached")
        assert page.locator("#q").input_value() == "Вигаданко Зіновій" and page.title() == title
        with page.expect_navigation():
            page.locator("#q").press("Enter")
        page.get_by_role("heading", name="Знайти особу або житло").wait_for()
        page.get_by_role("button", name="Вийти").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Вхід до реєстру").wait_for()
        page.goto("/me")
        assert page.url.endswith("/sign-in?to=%2Fme")
        assert SESSION not in {one["name"] for one in browser.cookies()}

    def test_one_window_locks_unlocks_and_ends_the_other(self, browser):
        one, other = browser.new_page(), browser.new_page()
        sign_in(one)
        other.goto("/me")
        one.get_by_role("button", name="Заблокувати").click()
        other.get_by_role("dialog").wait_for()
        one.locator("#lock-pin").fill(PIN)
        one.keyboard.press("Enter")
        other.get_by_role("dialog").wait_for(state="detached")
        other.get_by_role("button", name="Вийти").click()
        one.get_by_role("heading", name="Вхід до реєстру").wait_for()

    def test_is_locked_by_itself_when_nobody_does_anything(self, registry, browser):
        page = browser.new_page()
        page.clock.install()
        sign_in(page, to="/me")
        page.clock.fast_forward("09:00")
        assert page.get_by_role("dialog").count() == 0
        page.clock.fast_forward("02:00")
        page.get_by_role("dialog", name="Екран заблоковано").wait_for()
        [session] = sessions.open_ones(registry.staff, now=registry.clock(), terms=sessions.Terms())
        for _ in range(100):
            if session.locked_at:
                break
            time.sleep(0.1)
            [session] = sessions.open_ones(registry.staff, now=registry.clock(), terms=sessions.Terms())
        assert session.locked_at and session.user.login == "olena"

    def test_five_wrong_pins_lead_out_and_the_password_unlocks(self, browser):
        page = browser.new_page()
        sign_in(page, to="/me")
        page.get_by_role("button", name="Заблокувати").click()
        page.get_by_role("button", name="Увійти за паролем").click()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for(state="detached")
        page.get_by_role("button", name="Заблокувати").click()
        for left in (4, 3, 2):
            page.locator("#lock-pin").fill("0000")
            page.keyboard.press("Enter")
            page.get_by_text(f"Лишилося спроб: {left}").wait_for()
        page.locator("#lock-pin").fill("0000")
        page.keyboard.press("Enter")
        page.get_by_text("остання спроба").wait_for()
        page.locator("#lock-pin").fill("0000")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Вхід до реєстру").wait_for()

    def test_a_wrong_pin_that_is_quicker_than_the_lock_opens_nothing(self, browser):
        page = browser.new_page()
        sign_in(page)
        waiting = []
        page.route("**/lock", lambda route: waiting.append(route))
        page.get_by_role("button", name="Заблокувати").click()
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert page.get_by_role("heading", name="Екран заблоковано").is_visible()
        for one in waiting:
            one.continue_()
        page.get_by_text("Лишилося спроб: 4").wait_for()
        assert len(waiting) == 1

    def test_a_lock_that_did_not_reach_the_server_is_sent_again_before_the_pin(self, browser):
        page = browser.new_page()
        sign_in(page)
        page.route("**/lock", lambda route: route.abort(), times=1)
        page.get_by_role("button", name="Заблокувати").click()
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        page.get_by_text("Лишилося спроб: 4").wait_for()

    def test_a_lock_that_is_lost_after_the_pin_was_typed_is_sent_again(self, browser):
        page = browser.new_page()
        sign_in(page)
        waiting = []
        page.route("**/lock", lambda route: waiting.append(route), times=1)
        page.get_by_role("button", name="Заблокувати").click()
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert page.get_by_role("heading", name="Екран заблоковано").is_visible()
        [lost] = waiting
        lost.abort()
        page.get_by_text("Лишилося спроб: 4").wait_for()


def test_without_javascript(chromium, address, registry):
    context = chromium.new_context(base_url=address, java_script_enabled=False, viewport=DESK, user_agent=AGENT)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, to="/me")
    assert page.url.endswith("/me") and page.get_by_text("Firefox 128").count() == 2
    elsewhere = context.new_page()
    elsewhere.goto("/")
    page.get_by_role("button", name="Заблокувати").click()
    page.get_by_role("heading", name="Екран заблоковано").wait_for()
    elsewhere.locator("#q").fill("Вигаданко")
    elsewhere.locator("#q").press("Enter")
    elsewhere.wait_for_url("**/unlock?to=/kept")
    elsewhere.locator("#pin:focus").wait_for()
    elsewhere.keyboard.type(PIN)
    elsewhere.keyboard.press("Enter")
    elsewhere.get_by_role("heading", name="Ваша форма збережена").wait_for()
    elsewhere.get_by_role("button", name="Надіслати").click()
    elsewhere.get_by_role("heading", name="Знайти особу або житло").wait_for()
    assert elsewhere.locator("#q").input_value() == "Вигаданко"
    page.goto("/me")
    page.get_by_role("button", name="Вийти").click()
    page.get_by_role("heading", name="Вхід до реєстру").wait_for()
    context.close()


def test_its_states_are_for_everybody(browser):
    page = browser.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Увійти").click()
    page.locator("#why").wait_for()
    fits(page, "sign-in")
    sign_in(page, "admin")
    for path in ("/me", "/password", "/pin", "/kept"):
        page.goto(path)
        fits(page, path)
    sign_in(page)
    page.get_by_role("button", name="Заблокувати").click()
    page.locator("#lock-pin").press("Enter")
    page.get_by_text("Лишилося спроб: 4").wait_for()
    fits(page, "lock of the page")
    page.goto("/me")
    page.get_by_role("button", name="Розблокувати").click()
    page.get_by_text("Лишилося спроб: 3").wait_for()
    fits(page, "lock")

"""Pages of users, sessions and keys in a real Chromium: by keyboard alone, and their states read by axe."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import fits
from given import NAMED, founded
from running import served
from test_pages import DESK, PATIENCE, chromium

from api.main import create_app
from registry import texts
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.opening import opened
from registry.roles import Role
from registry.settings import Settings
from registry.staff import keys, substitutes, users
from registry.storage.mapper import kyiv_day

__all__ = ["chromium"]
SETUP = Actor("tests", "Тести")
PASSWORD = "кіт на даху співає"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as register:
        founded(register)
        for login, name, role in (
            ("admin", "Адмін А. А.", "admin"),
            ("head", "Вигадана О. О.", "head"),
            ("auditor", "Придуманий П. П.", "auditor"),
            ("yasinska", "Ясінська Л. М.", "clerk"),
        ):
            _made(register, login, name, role)  # type: ignore[arg-type]
        users.disable(
            register.staff, _made(register, "pishla", "Пішла П. П.", "reader"), by=SETUP, now=register.clock()
        )
        _keys_and_substitutes(register)
        yield register


def _made(registry: Registry, login: str, name: str, role: Role) -> str:
    said = {"login": login, "name": name, "role": role, "password": PASSWORD, "office": "metalurhiinyi"}
    return users.add(registry.staff, **said, by=SETUP, now=registry.clock())[0].login


def _keys_and_substitutes(registry: Registry) -> None:
    now = registry.clock()
    keys.add(registry.staff, name="портал Дія", role="machine", by=SETUP, now=now, expires_at=now + timedelta(days=9))
    ended, _ = keys.add(registry.staff, name="соціальний захист", role="reader", by=SETUP, now=now)
    keys.end(registry.staff, ended.id, by=SETUP, now=now)
    today = kyiv_day(now)
    by = Actor("head", "Вигадана О. О.")
    days = {"since": today, "until": today + timedelta(days=5)}
    substitutes.stand_in(registry.staff, head="head", substitute="yasinska", **days, by=by, now=now)


@pytest.fixture
def address(registry: Registry, tmp_path: Path) -> Iterator[str]:
    """The application behind a real server."""
    app = create_app(registry, Settings(**NAMED, data=tmp_path))
    with served(app) as at:
        yield at


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    """A page without JavaScript."""
    context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA", java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Any, login: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.wait_for_selector("#login:focus")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def tab_to(page: Any, selector: str) -> None:
    """By Tab alone to what a selector names."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_a_user_is_made_and_comes_in_by_keyboard_alone(page: Any) -> None:
    sign_in(page, "admin")
    page.goto("/staff")
    tab_to(page, 'a[href="#add"]')
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("nova")
    page.keyboard.press("Enter")
    page.wait_for_selector("section.faults:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#role").get_attribute("aria-describedby") == "role-fault"
    # The link of the summary led to the field.
    page.keyboard.press("ArrowDown")
    assert page.locator("#role").input_value() == "clerk"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Нова Н. Н.")
    tab_to(page, "form.fields button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector("#secret")
    password = page.locator("#secret").inner_text()
    assert password not in page.url and page.url.endswith("/staff")
    page.goto("/staff")
    tab_to(page, 'form[action="/sign-out"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")
    sign_in(page, "nova", password)
    assert "/password" in page.url


def test_a_session_is_ended_by_keyboard_alone(page: Any, chromium: Any, address: str) -> None:
    sign_in(page, "admin")
    other = chromium.new_context(base_url=address, java_script_enabled=False)
    other.set_default_timeout(PATIENCE)
    clerk = other.new_page()
    sign_in(clerk, "yasinska")
    page.goto("/sessions")
    tab_to(page, 'button[aria-label*="Ясінська"]')
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    assert page.locator(".done").inner_text() == texts.say("staff_done", "session-ended")
    clerk.goto("/")
    assert "/sign-in" in clerk.url
    other.close()


def test_its_states_are_for_everybody(chromium: Any, address: str) -> None:
    context = chromium.new_context(base_url=address, locale="uk-UA")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, "admin")
    page.goto("/keys")
    page.locator("form.fields button.main").click()
    page.locator("section.faults").wait_for()
    fits(page, "faults of a key")
    page.goto("/staff/yasinska")
    page.locator('form[action$="/reset"] button').click()
    page.wait_for_selector("#secret")
    fits(page, "a secret")
    context.close()

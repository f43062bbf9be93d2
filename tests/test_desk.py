"""The desk in a real Chromium: what is done by keys alone, in either layout of the keyboard."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from browsing import shown, user_of
from clerks import Clerk
from given import CLERK, NAMED, founded
from running import served
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings

__all__ = ["chromium"]
pytestmark = pytest.mark.slow
BENIGN = "Autofocus processing was blocked"
"""What Chromium says where somebody was quicker than the page."""
LAYOUTS = {"ukrainian": {"KeyY": "н", "KeyP": "з", "Slash": "."}, "english": {"KeyY": "y", "KeyP": "p", "Slash": "/"}}


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        founded(registry)
        user_of(registry)
        yield registry


@pytest.fixture
def page(registry: Registry, chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """A window of a clerk who has signed in; nothing was complained about."""
    app = create_app(registry, Settings(data=tmp_path, **NAMED))
    with served(app) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        complaints: list[str] = []
        context.on("console", lambda said: None if BENIGN in said.text else complaints.append(said.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        sign_in(page)
        yield page
        context.close()
    assert complaints == []


def press(page: Any, code: str, layout: str) -> None:
    """A key where it lies on the keyboard, with the letter that a layout has there, once the page listens."""
    page.wait_for_load_state()
    page.evaluate(
        """([code, key]) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))""",
        [code, LAYOUTS[layout][code]],
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_visit_begins_and_ends_by_keys(page, layout):
    page.goto("/me")
    press(page, "KeyY", layout)
    shown(page.get_by_role("button", name="Завершити візит"))
    page.keyboard.press("Escape")
    press(page, "KeyP", layout)
    shown(page.get_by_text("Візиту немає"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_search_is_reached_from_anywhere_and_its_results_by_arrows(page, registry, layout):
    for name in ("Вигадана", "Вигаданко"):
        said = Particulars(surname=name, birth_date="1990-05-04")
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=said, confirmed=True)
    page.goto("/me")
    press(page, "Slash", layout)
    page.keyboard.type("вигад")
    page.keyboard.press("Enter")
    shown(page.locator("a.hit").nth(1))
    page.locator("#q").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Вигаданко"
    page.keyboard.press("Enter")
    shown(page.get_by_role("heading", name="Вигаданко", level=1))


def test_in_a_field_letters_are_letters_until_escape(page):
    page.locator("#q").focus()
    page.keyboard.press("KeyY")
    assert page.locator("#q").input_value() == "y" and page.get_by_text("Візиту немає").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyY")
    shown(page.get_by_role("button", name="Завершити візит"))


def test_letters_are_turned_off_where_they_disturb(page):
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Slash")
    shown(page.get_by_role("heading", name="Довідка"))
    page.get_by_role("button", name="Вимкнути літери").click()
    shown(page.get_by_role("button", name="Увімкнути літери"))
    page.keyboard.press("KeyY")
    page.keyboard.press("Slash")
    page.wait_for_timeout(300)
    assert page.get_by_text("Візиту немає").is_visible()
    assert page.evaluate("document.activeElement.tagName") != "INPUT"


@pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
def test_axe_finds_nothing_in_the_help_and_nothing_scrolls_sideways(page, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    page.set_viewport_size(screen)
    for path in ("/help", "/help/register_residence"):
        page.goto(path)
        assert axe.Axe().run(page).response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.goto("/help")
        page.screenshot(path=f"{folder}/help-{screen['width']}.png")
        page.goto("/help/register_residence")
        page.screenshot(path=f"{folder}/help-service-{screen['width']}.png")


def test_it_is_found_as_one_types_in_the_head_of_a_page_too(page, registry):
    for name in ("Вигадана", "Вигаданко"):
        said = Particulars(surname=name, birth_date="1990-05-04")
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=said, confirmed=True)
    page.goto("/services")
    page.wait_for_load_state()
    field, found = page.locator(".quick input[name=q]"), page.locator("#quick-found")
    page.keyboard.press("Slash")
    page.keyboard.type("вигад")
    found.locator("a.hit").nth(1).wait_for()
    assert page.url.endswith("/services") and "Особи" in page.locator("#quick-found-said").text_content()
    shade = "one => getComputedStyle(one)"
    assert field.evaluate(f"{shade}.color") != field.evaluate(f"{shade}.backgroundColor")
    page.keyboard.press("Escape")
    found.wait_for(state="hidden")
    page.keyboard.press("Slash")
    found.wait_for()
    page.keyboard.type("вигаданк")
    found.locator("a.hit").nth(1).wait_for(state="detached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert field.evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Вигаданко", level=1).wait_for()


@pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
def test_axe_finds_nothing_in_what_is_found_in_the_head(page, registry, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    said = Particulars(surname="Вигадана", birth_date="1990-05-04")
    person = Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=said, confirmed=True).entries[0].stream
    page.set_viewport_size(screen)
    page.goto(f"/persons/{person}")
    page.wait_for_load_state()
    page.keyboard.press("Slash")
    page.keyboard.type("вигад")
    page.locator("#quick-found a.hit").wait_for()
    assert axe.Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_is_found_as_one_types_and_the_arrows_lead_through_it(page, registry):
    for name in ("Вигадана", "Вигаданко"):
        said = Particulars(surname=name, birth_date="1990-05-04")
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=said, confirmed=True)
    page.goto("/")
    page.locator("#q:focus").wait_for()
    shown(page.locator("#found"))
    at_rest = page.locator("#found").inner_text()
    page.keyboard.type("вигад")
    page.locator("a.hit").nth(1).wait_for()
    assert page.locator("#q:focus").count() and page.locator("#q").input_value() == "вигад"
    assert "Особи" in page.locator("#found-said").inner_text() and page.url.endswith("/") and "?" not in page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.locator("#q:focus").wait_for()
    page.keyboard.type("анко")
    page.locator("a.hit").nth(1).wait_for(state="detached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Вигаданко", level=1).wait_for()
    page.goto("/")
    page.locator("#q:focus").wait_for()
    page.keyboard.type("виг")
    page.locator("a.hit").first.wait_for()
    page.locator("#q").fill("")
    page.locator("a.hit").first.wait_for(state="detached")
    assert page.locator("#found").inner_text() == at_rest

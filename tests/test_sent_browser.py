"""A declaration that came by itself, in a browser: from the queue to its decision by keys, each page looked at."""

import os
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk
from test_as_sent import RIGHT
from test_machines import desk as machines_desk
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_sent_beside import declaration, lives
from test_signing_browser import sign_in

from api.main import create_app
from registry.settings import Settings

__all__ = ["chromium", "machines_desk"]
pytestmark = pytest.mark.slow
MOST_TABS = 40


@pytest.mark.parametrize("screen", [DESK, NARROW], ids=["desk", "narrow"])
def test_a_declaration_by_keys(machines_desk: Desk, chromium: Any, screen: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    desk = machines_desk
    user_of(desk.registry)
    person = lives(desk, **RIGHT)
    where = declaration(desk)
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def looked(what: str) -> None:
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/sent-{what}-{screen['width']}.png", full_page=True)

        def tab_to(place: str) -> None:
            for _ in range(MOST_TABS):
                page.keyboard.press("Tab")
                if page.locator(f"{place}:focus").count():
                    return
            raise AssertionError(place)

        sign_in(page, to="/")
        shown(page.locator(".queue"))
        looked("queue")
        tab_to(f'a[href="{where}"]')
        page.keyboard.press("Enter")
        shown(page.locator("#comes"))
        looked("asks")
        tab_to('input[name="reason"]')
        page.keyboard.type("паспорт той самий")
        tab_to('button[value="compare"]')
        page.keyboard.press("Enter")
        shown(page.locator("#found"))
        looked("found")
        page.locator("main").focus()
        page.keyboard.press("KeyE")
        shown(page.locator(".headrow .chip.ok"))
        looked("granted")
        context.close()
    assert desk.residences(person)[0]["kind"] == "declared"

"""The guided pages in a browser: by keys, with axe, without scrolling sideways; the panel asks by itself."""

import os
from pathlib import Path
from typing import Any

import pytest
from browsing import user_of
from given import NAMED
from running import served
from test_api import Desk, desk
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry.settings import Settings

__all__ = ["chromium", "desk"]


@pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
def test_a_newcomer_by_keys(desk: Desk, chromium: Any, screen: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    user_of(desk.registry)
    desk.dwelling()
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def looked(what: str) -> None:
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/guided-{what}-{screen['width']}.png", full_page=True)

        sign_in(page, to="/services")
        page.locator("a.hit").first.wait_for()
        looked("services")
        page.goto("/services/register_residence")
        page.wait_for_load_state()
        looked("empty")
        for name, text in (("surname", "Вигаданенко"), ("given_names", "Тест"), ("birth_date", "03.02.1988")):
            page.locator(f'[id="1-{name}"]').fill(text)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator('[id="1-dwelling-find"]').fill("Калинова")
            page.locator('[id="1-dwelling-find"]').press("Tab")
        page.locator("#asked label", has_text="Калинова").click()
        page.locator("#panel", has_text="паспортний документ").wait_for()
        page.locator("main").focus()
        page.keyboard.press("KeyE")
        page.get_by_role("alert").wait_for()
        looked("fault")
        assert page.locator(".faults:focus").count() == 1
        assert page.locator('[id="1-surname"]').input_value() == "Вигаданенко"
        context.close()

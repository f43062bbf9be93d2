"""An institution's week in a browser without scripts, and by keys with them; with axe, without scrolling sideways."""

from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk, desk
from test_batches import HEAD, IVAN, NAMES, OLHA, home
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry.settings import Settings

__all__ = ["chromium", "desk", "home"]
pytestmark = pytest.mark.slow
PATH = "/batches/arrivals"


@pytest.mark.parametrize(("screen", "scripts"), [(DESK, True), (NARROW, False)], ids=["by-keys", "without-scripts"])
def test_a_week(desk: Desk, home: str, chromium: Any, screen: Any, scripts: bool, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    user_of(desk.registry)
    held = desk.act("/persons", {"particulars": NAMES, "confirmed": True})["person"]
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA", java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def press(value: str, code: str = "") -> None:
            """A button, or its key, and the page that comes of it."""
            with page.expect_navigation():
                if scripts and code:
                    page.locator("h1").click()
                    page.keyboard.press(code)
                else:
                    page.locator(f'#batch button[name="press"][value="{value}"]:not(.hid)').first.click()
            shown(page.locator("h1"))

        def looked() -> None:
            if scripts:
                assert axe.Axe().run(page).response["violations"] == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        sign_in(page, to="/me")
        page.goto(PATH)
        shown(page.locator("h1"))
        page.locator("#pasted").fill("\n".join([HEAD, IVAN, OLHA.replace("04.05.1990", "31.02.1990")]))
        page.locator('[id="0-dwelling-find"]').fill("Калинова")
        with page.expect_navigation():
            page.locator('[id="0-dwelling-look"]').click()
        shown(page.locator("h1"))
        page.locator(f'[id="0-dwelling-{home}"]').check()
        page.locator('[id="0-right-paper"]').check()
        page.locator('[id="0-applicant_name"]').fill("Вигадана Установа")
        page.locator('[id="0-authority-yes"]').check()
        page.locator('[id="0-ownership-owners"]').fill("1")
        page.locator('[id="0-encumbrance-encumbrance"]').select_option("none")
        press("load")
        looked()
        # The first looks like somebody of the register; the second has a day that no calendar has.
        assert page.locator("#row-1 .chip").first.inner_text() == "потрібен вибір"
        assert page.locator("#row-2 .chip").first.inner_text() == "виправити"
        page.locator('[id="1-payment-kopiykas"]').fill("49,92")
        page.locator('[id="2-birth_date"]').fill("04.05.1990")
        with page.expect_navigation():
            page.locator(f'button[name="1-person"][value="{held}"]').click()
        shown(page.locator("h1"))
        # Of whom the day is known the fee is known too.
        page.locator('[id="2-payment-kopiykas"]').fill("49,92")
        press("check", "KeyG")
        page.get_by_text("Записати готові: 2").first.wait_for()
        looked()
        press("record", "KeyE")
        page.locator(".done").wait_for()
        looked()
        assert page.locator("table.rows tbody tr").count() == 2
        told = [one["name"] for one in desk.get(f"/persons/{held}/facts").json()["facts"]]
        assert told == ["person-entered", "residence-registered"]
        context.close()

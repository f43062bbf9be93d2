"""The first-day guide (`docs/first-day.md`) and its pictures: taken of the invented community as a clerk sees it.

The pictures of a run are left in `build/screens/first-day/`; those that the guide and README show are copies of them.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_demo import NOW
from test_pages import DESK, PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry import demo
from registry.opening import opened
from registry.settings import Settings

__all__ = ["chromium"]
ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "first-day.md"
SCREENS = ROOT / "build" / "screens" / "first-day"
IMAGE = re.compile(r"!\[([^\]]+)\]\((?:docs/)?([a-z-]+\.png)\)")


@pytest.mark.slow
def test_the_pictures_are_taken(database_url: str, tmp_path: Path, chromium: Any) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with opened(database_url) as registry:
        made = demo.seed(registry, persons=200, seed=1, now=NOW)
        person = dict(reversed(made.examples))[next(iter(dict(made.examples)))]
        user_of(registry)
        with served(create_app(registry, Settings(data=tmp_path, **NAMED))) as address:
            context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            sign_in(page)
            page.get_by_role("button", name="Почати візит").click()
            shown(page.get_by_role("button", name="Завершити візит"))
            where = {
                "home.png": "/",
                "person.png": f"/persons/{person}",
                "service.png": f"/persons/{person}/services/deregister_residence",
            }
            for name, path in where.items():
                assert page.goto(path).status == 200
                page.evaluate("document.fonts.ready.then(() => true)")
                shown(page.locator("h1").first)
                page.screenshot(path=SCREENS / name)
                assert (SCREENS / name).stat().st_size > 30_000
            context.close()


def test_each_picture_that_is_shown_is_there_and_says_what_it_shows() -> None:
    for page in (GUIDE, ROOT / "README.md"):
        found = IMAGE.findall(page.read_text("utf-8"))
        assert found, page.name
        for said, name in found:
            assert (ROOT / "docs" / name).is_file() and len(said) > 20
    assert {name for _, name in IMAGE.findall(GUIDE.read_text("utf-8"))} == {"home.png", "person.png", "service.png"}

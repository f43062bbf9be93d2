"""The pages of what goes out: by deadline, its text, and one press is one act."""

import os
import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from browsing import Window, user_of
from given import NAMED, anywhere
from running import served
from test_api import Desk, desk
from test_outbox_acts import item, moved, one
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from api.routes import outbox_pages
from registry.settings import Settings

__all__ = ["chromium", "desk"]


@pytest.fixture
def letter(desk: Desk) -> dict[str, Any]:
    moved(desk)
    return item(desk, "previous_office_paper")


def at(desk: Desk, role: Any = "clerk") -> Window:
    """A browser of somebody with this role."""
    user_of(desk.registry, role=role)
    window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    window.sign_in()
    return window


def press(window: Window, letter: dict[str, Any], **typed: str) -> httpx.Response:
    """What the form of the page sends; the command and the version are of the page unless typed."""
    page = f"/outbox/{letter['id']}"
    drawn = window.get(page).text
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
    return window.sends(page, page=page, **{**fields, **typed})


def test_what_waits_is_listed_and_leads_to_its_text(desk: Desk, letter: dict[str, Any]) -> None:
    window = at(desk)
    listed = window.get("/outbox").text
    assert f'href="/outbox/{letter["id"]}"' in listed
    page = window.get(f"/outbox/{letter['id']}").text
    assert all(line in page for line in letter["text"].split("\n") if "'" not in line and "’" not in line)


def test_all_that_waits_is_paged_what_failed_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_pages, "LIMIT", 2)
    for house in ("7", "8", "9"):
        moved(desk, house)
    window, waits = at(desk), [row["id"] for row in desk.get("/outbox", order="deadline").json()["waiting"]]
    for failed in (waits[4], waits[7], waits[8]):
        desk.act(f"/outbox/{failed}/failed", {"reason": "не доставлено"})
    seen: list[str] = []
    path: str | None = "/outbox"
    while path:
        listed = window.get(path).text
        seen += re.findall(r'class="hit" href="/outbox/([^"]+)"', listed)
        further = re.findall(r'class="button" href="(/outbox\?[^"]+)"', listed)
        path = unescape(further[0]) if further else None
        if len(seen) == 4:
            # What went out meanwhile is where the next page begins all the same.
            desk.act(f"/outbox/{seen[-1]}/done")
    assert len(seen) == 9 and set(seen) == set(waits)
    assert set(seen[:3]) == {waits[4], waits[7], waits[8]} and seen[3:] == [one for one in waits if one in seen[3:]]
    assert "Нічого не чекає" not in window.get("/outbox?of=waiting&after=хтозна").text


def test_a_letter_is_sent_once_however_often_it_is_pressed(desk: Desk, letter: dict[str, Any]) -> None:
    window, command = at(desk), str(uuid4())
    typed = {"what": "sent", "how": "post", "number": "вих. 17", "command": command, "version": "0"}
    said = [press(window, letter, **typed) for _ in range(2)]
    assert [answer.status_code for answer in said] == [303, 303]
    assert [entry["name"] for entry in one(desk, letter["id"])["history"]] == ["outgoing-sent"]
    assert "вих. 17" in window.get(f"/outbox/{letter['id']}").text
    assert letter["id"] not in window.get("/outbox").text
    assert press(window, letter, what="reopened", reason="не той лист").status_code == 303
    assert letter["id"] in window.get("/outbox").text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"what": "sent"}, 422),
        ({"what": "failed"}, 422),
        ({"what": ""}, 422),
        ({"what": "sent", "how": "воза"}, 422),
        ({"what": "sent", "how": "post", "on": "учора"}, 422),
        ({"what": "sent", "how": "post", "command": "?"}, 400),
    ],
)
def test_a_bad_press_says_why_and_records_nothing(
    desk: Desk, letter: dict[str, Any], typed: dict[str, str], status: int
) -> None:
    answer = press(at(desk), letter, **typed)
    assert answer.status_code == status, answer.text
    assert "<h1>" in answer.text
    assert one(desk, letter["id"])["history"] == []


def test_an_auditor_reads_and_does_not_act(desk: Desk, letter: dict[str, Any]) -> None:
    window, page = at(desk, "auditor"), f"/outbox/{letter['id']}"
    assert 'name="what"' not in window.get(page).text
    assert window.sends(page, what="sent", how="post").status_code == 403


def test_an_administrator_sees_none_of_it(desk: Desk, letter: dict[str, Any]) -> None:
    window = at(desk, "admin")
    assert [window.get(path).status_code for path in ("/outbox", f"/outbox/{letter['id']}")] == [403, 403]


def test_a_page_that_has_grown_old_records_nothing(desk: Desk, letter: dict[str, Any]) -> None:
    window = at(desk)
    assert press(window, letter, what="failed", reason="не доставлено").status_code == 303
    assert press(window, letter, what="sent", how="post", version="0").status_code == 412
    assert [entry["name"] for entry in one(desk, letter["id"])["history"]] == ["outgoing-failed"]


@pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
def test_by_keys_with_axe_and_without_scrolling_sideways(
    desk: Desk, letter: dict[str, Any], chromium: Any, screen: Any, tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def looked(what: str) -> None:
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/outbox-{what}-{screen['width']}.png", full_page=True)

        sign_in(page, to="/outbox")
        page.locator("a.hit").first.wait_for()
        looked("list")
        page.goto(f"/outbox/{letter['id']}")
        looked("item")
        page.keyboard.press("KeyG")
        page.get_by_role("alert").wait_for()
        looked("fault")
        context.close()

"""A dwelling is renumbered or merged by a page: what comes of it first, one press one act, refusals in words."""

import os
import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from browsing import Window, shown, user_of
from given import NAMED, anywhere
from running import served
from test_api import Desk, desk
from test_dwelling_card import lives
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry.settings import Settings

__all__ = ["chromium", "desk"]

SAID = {"since": "01.01.2024", "reason": "рішення № 7 від 20.12.2023"}


def at(desk: Desk, role: Any = "clerk") -> Window:
    """A browser of somebody with this role."""
    user_of(desk.registry, role=role)
    window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    window.sign_in()
    return window


def plain(answer: httpx.Response) -> str:
    return unescape(answer.text).replace("\u00a0", " ")


def mains(page: str) -> int:
    """How many filled buttons the page has, but for the lock that is laid over it."""
    return page[: page.index("<template")].count('class="main"')


def press(window: Window, home: str, further: str = "", **typed: str) -> httpx.Response:
    """What a form of the page sends; the command and the version are of the page unless typed."""
    path = f"/dwellings/{home}/readdress"
    drawn = window.get(path).text
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
    return window.sends(path + further, page=path, **{**fields, **typed})


@pytest.fixture
def old(desk: Desk) -> str:
    home = desk.dwelling("1")
    lives(desk, home, "Перенесенко", "1980-01-01", "2010-01-01")
    lives(desk, home, "Перенесена", "1982-01-01", "2011-01-01")
    return home


def test_what_would_come_of_it_is_told_and_nothing_recorded(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    before = desk.registry.position()
    page = plain(window.get(f"/dwellings/{old}/readdress?successor={new}"))
    assert "буд. 1" in page and "буд. 2" in page and "Тут проживає 2 особи" in page and "Там ніхто не проживає" in page
    assert mains(page) == 1 and "Що вийде" in page and "Записати" not in page
    tried = press(window, old, what="try", successor=new, **SAID)
    assert tried.status_code == 200, tried.text
    assert "перейде 2 особи" in plain(tried) and "рішення № 7" in plain(tried) and "Записати" in plain(tried)
    assert mains(plain(tried)) == 1
    assert desk.registry.position() == before


def test_one_press_is_one_act_and_leads_to_the_card(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    before, command = desk.registry.position(), str(uuid4())
    said = [press(window, old, what="record", successor=new, command=command, version="1", **SAID) for _ in range(2)]
    assert [one.status_code for one in said] == [303, 303] and said[0].headers["location"] == f"/dwellings/{old}"
    assert desk.registry.position() == before + 3
    card = plain(window.get(f"/dwellings/{old}"))
    assert "перенумеровано або об’єднано з 01.01.2024" in card and f"/dwellings/{new}" in card and "№ 7" in card
    assert "/readdress" not in card
    assert "Перенесенко" in plain(window.get(f"/dwellings/{new}"))


def test_a_merge_says_that_somebody_lives_there_already(desk: Desk, old: str) -> None:
    new = desk.dwelling("2")
    lives(desk, new, "Тамешній", "1980-01-01", "2015-01-01")
    page = plain(at(desk).get(f"/dwellings/{old}/readdress?successor={new}"))
    assert "Там уже проживає 1 особа: житло буде об’єднано" in page and "Тамешній" in page


def test_a_new_number_is_entered_first_and_comes_back_chosen(desk: Desk, old: str) -> None:
    window = at(desk)
    drawn = plain(window.get(f"/dwellings/{old}/readdress"))
    assert 'name="house" value="1"' in drawn and f"/addresses?readdress={old}" in drawn
    address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "1-А"}
    said = press(window, old, "/new", **address)
    assert said.status_code == 303, said.text
    entered = said.headers["location"].rpartition("=")[2]
    assert desk.registry.dwelling(UUID(entered)).kind == "private"
    assert "буд. 1-А" in plain(window.get(said.headers["location"]))


def test_a_new_number_that_is_there_already_is_offered_and_confirmed(desk: Desk, old: str) -> None:
    there, window = desk.dwelling("2"), at(desk)
    before = desk.registry.position()
    address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "2"}
    said = press(window, old, "/new", **address)
    assert said.status_code == 409 and f"/dwellings/{old}/readdress?successor={there}" in said.text
    assert 'name="confirmed"' in said.text and desk.registry.position() == before
    assert 'name="house" value="2"' in said.text
    assert press(window, old, "/new", confirmed="1", **address).status_code == 303


def test_what_is_not_expected_is_confirmed(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    early = {**SAID, "since": "2010-06-01"}
    before = desk.registry.position()
    said = press(window, old, what="record", successor=new, **early)
    assert said.status_code == 409 and "не пізніша за початок проживання" in plain(said)
    assert 'name="confirmed"' in said.text and 'value="2010-06-01"' in said.text and desk.registry.position() == before
    assert press(window, old, what="record", successor=new, confirmed="1", **early).status_code == 303


BAD = [
    ({"since": ""}, "Вкажіть дату початку"),
    ({"reason": ""}, "Вкажіть причину"),
    ({"since": "31.02.2020"}, "Дата початку"),
    ({"since": "01.01.2999"}, "Дата початку"),
    ({"reason": "х" * 5000}, "Причина"),
    ({"reason": "\0"}, "Причина"),
    ({"successor": "00000000-0000-4000-8000-000000000000"}, "Такого житла в реєстрі немає"),
    ({"successor": "щось"}, "Такого житла в реєстрі немає"),
    ({"successor": "SELF"}, "однакові"),
]


def test_a_bad_press_says_why_and_records_nothing(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    before = desk.registry.position()
    for what in ("try", "record", ""):
        for typed, said in BAD:
            typed = {name: old if value == "SELF" else value for name, value in typed.items()}
            answer = press(window, old, **{"what": what, "successor": new, **SAID, **typed})
            assert (answer.status_code, said in plain(answer)) == (422, True), (typed, plain(answer))
    assert desk.registry.position() == before


def test_a_bad_form_is_refused(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    for typed in ({"command": "?"}, {"version": "х"}, {"version": ""}):
        assert press(window, old, **{"what": "record", "successor": new, **SAID, **typed}).status_code == 400
    bad = press(window, old, "/new", settlement="х" * 9000)
    assert bad.status_code == 422 and "Не записано" in bad.text
    empty = press(window, old, "/new")
    assert empty.status_code == 422 and "Вкажіть адресу" in plain(empty)
    assert window.get("/dwellings/00000000-0000-4000-8000-000000000000/readdress").status_code == 404
    assert "немає або це те саме" in plain(window.get(f"/dwellings/{old}/readdress?successor={old}"))


def test_a_page_that_has_grown_old_records_nothing_and_says_who_was_first(desk: Desk, old: str) -> None:
    new, window = desk.dwelling("2"), at(desk)
    names = {"address": {"settlement": "смт Вигадівка", "street": "вул. Нова", "house": "1"}, "since": "2020-01-01"}
    desk.act(f"/dwellings/{old}/names", {**names, "basis": "рішення", "confirmed": True})
    before = desk.registry.position()
    said = press(window, old, what="record", successor=new, version="1", **SAID)
    assert said.status_code == 409 and "Не записано" in said.text and desk.registry.position() == before
    assert 'name="version" value="2"' in said.text


def test_is_for_those_who_act(desk: Desk, old: str) -> None:
    window = at(desk, "auditor")
    assert window.get(f"/dwellings/{old}/readdress").status_code == 403
    assert "/readdress" not in window.get(f"/dwellings/{old}").text


@pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
def test_by_keys_with_axe_and_without_scrolling_sideways(
    desk: Desk, old: str, chromium: Any, screen: Any, tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    new = desk.dwelling("2")
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def looked(what: str) -> None:
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/readdress-{what}-{screen['width']}.png", full_page=True)

        sign_in(page)
        page.goto(f"/dwellings/{old}/readdress")
        shown(page.locator("h1"))
        looked("choose")
        page.goto(f"/dwellings/{old}/readdress?successor={new}")
        shown(page.locator("#since"))
        page.locator("#since").fill("01.01.2024")
        page.locator("#reason").fill("рішення № 7")
        page.locator("#main").focus()
        with page.expect_navigation():
            page.keyboard.press("KeyG")
        shown(page.locator(".tried:focus"))
        looked("tried")
        with page.expect_navigation():
            page.keyboard.press("KeyG")
        page.wait_for_url(f"**/dwellings/{old}")
        shown(page.locator(".advice"))
        looked("done")
        context.close()

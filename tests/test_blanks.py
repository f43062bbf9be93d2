"""Blank forms for an outage: what the cards ask for stands on them, and nothing that no source says."""

import re
from html import unescape
from typing import Any

import pytest
from browsing import Window, user_of
from given import NAMED, anywhere
from running import served
from test_api import Desk, desk
from test_pages import PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from api.routes.blanks import PLAIN
from api.shapes import law
from registry.settings import Settings

__all__ = ["chromium", "desk"]

ON_PAPER = {
    *("register_residence", "deregister_residence", "register_child_residence", "deregister_child_residence"),
    *("register_stay", "amend_record", "issue_extract"),
}


@pytest.fixture
def window(desk: Desk) -> Window:
    user_of(desk.registry)
    window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    window.sign_in()
    return window


def test_there_is_one_for_each_service_that_is_asked_for_on_paper(window: Window) -> None:
    listed = set(re.findall(r'href="/blanks/(\w+)"', window.get("/blanks").text))
    assert listed == ON_PAPER | set(PLAIN)
    assert 'href="/blanks"' in window.get("/help").text


@pytest.mark.parametrize("service", sorted(ON_PAPER))
def test_it_lists_what_its_card_asks_for_and_says_that_its_form_is_free(
    desk: Desk, window: Window, service: str
) -> None:
    page = unescape(window.get(f"/blanks/{service}").text)
    card = law.service_on(service, desk.clock().date())["cards"][0]
    wanted = {one["name"] for name in ("documents", "consents") for one in card[name] if one["id"] != "application"}
    boxes = re.findall(r"<li>([^<]+)</li>", page)
    assert wanted == set(boxes) and len(boxes) == len(set(boxes))
    assert card["title"] in page and "Довільна форма" in page and NAMED["office_name"] in page
    assert "№ у журналі прийому під час відключення" in page and "data-print" in page


def test_a_consent_names_those_that_the_cards_know_and_a_receipt_has_room(window: Window) -> None:
    consent, receipt = (unescape(window.get(f"/blanks/{one}").text) for one in PLAIN)
    assert "<li>згода власника (співвласника) житла</li>" in consent
    assert "згода особи, місце проживання якої декларується" not in consent
    assert receipt.count("<tr>") == 10


@pytest.mark.parametrize("blank", ["no_such", "declare_residence", "adopt", "%00", "consent'"])
def test_what_is_no_form_is_said_to_be_none(window: Window, blank: str) -> None:
    answer = window.get(f"/blanks/{blank}")
    assert answer.status_code == 404 and "Не знайдено" in answer.text


def test_none_is_for_whoever_is_not_in(desk: Desk, window: Window) -> None:
    user_of(desk.registry, login="auditor", role="auditor")
    other = Window(window.app)  # type: ignore[arg-type]
    assert other.get("/blanks").status_code == 303
    other.sign_in("auditor")
    assert other.get("/blanks").status_code == 403


@pytest.mark.slow
def test_each_is_printed_on_one_sheet(desk: Desk, chromium: Any) -> None:
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=anywhere(), **NAMED))) as address:
        page = chromium.new_page(base_url=address)
        page.set_default_timeout(PATIENCE)
        sign_in(page, "olena", to="/blanks")
        for blank in (*sorted(ON_PAPER), *PLAIN):
            page.goto(f"/blanks/{blank}")
            sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
            assert (blank, sheets) == (blank, 1)
        page.close()

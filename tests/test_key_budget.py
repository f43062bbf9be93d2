"""How many keys a clerk presses: commands and moves, by the places of keys; not what is copied from papers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk, desk
from test_pages import DESK, PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry.settings import Settings

__all__ = ["chromium", "desk"]
pytestmark = pytest.mark.slow
NEWCOMER = {
    "surname": "Вигаданенко",
    "given_names": "Тест",
    "patronymic": "Тестович",
    "birth_date": "03.02.1988",
    "document_number": "000900003",
}


class Hand:
    """Keys on a page, counted: `type` is what stands on a paper, and costs nothing."""

    def __init__(self, page: Any):
        self.page, self.pressed = page, []

    def press(self, code: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(code)
            self.pressed.append(code)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, what: str, most: int = 30) -> int:
        """By Tab alone to what a selector names; how many it took."""
        for count in range(most + 1):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", what):
                return count
            self.press("Tab")
        raise AssertionError(f"{what}: farther than {most} Tabs; at {self.at}")

    @property
    def at(self) -> str:
        return str(self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


@pytest.fixture
def page(desk: Desk, chromium: Any, tmp_path: Path) -> Iterator[Any]:
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page)
        yield page
        context.close()


def found(page: Any, hand: Hand, words: str) -> None:
    """The results of a search, with the focus in its field."""
    page.goto("/")
    page.locator("#q:focus").wait_for()
    page.wait_for_load_state()
    hand.type(words)
    with page.expect_navigation():
        hand.press("Enter")
    shown(page.get_by_text("Особи немає в реєстрі"))
    page.wait_for_load_state()


def asked_again(page: Any, answer: Callable[[], object]) -> None:
    """An answer, after which the page asks again by its script and shows what came of it."""
    with page.expect_response(lambda one: one.request.resource_type == "fetch" and "/services/" in one.url) as told:
        answer()
    told.value.finished()
    page.wait_for_timeout(100)


def test_an_extract_of_a_person_takes_two_keys(page: Any, desk: Desk) -> None:
    person = desk.person()
    desk.settled(person, desk.dwelling())
    page.goto(f"/persons/{person}")
    shown(page.locator("h1"))
    page.wait_for_load_state()
    hand = Hand(page)
    with page.context.expect_page():
        hand.press("KeyD")
    issued = page.locator("a[href^='/extracts/']")
    for _ in range(50):
        page.reload()
        if issued.count():
            break
        page.wait_for_timeout(200)
    assert issued.count() and len(hand.pressed) <= 2


def test_a_newcomer_to_a_known_flat_takes_sixty_keys(page: Any, desk: Desk) -> None:
    home = desk.dwelling("7")
    hand = Hand(page)
    found(page, hand, "Вигаданенко")
    hand.press("Escape")
    hand.press("KeyG")
    page.wait_for_url("**/services")
    page.wait_for_load_state()
    hand.tab_to("a.hit")
    hand.press("Enter")
    page.wait_for_url("**/register_residence")
    page.wait_for_load_state()
    page.locator("#\\31 -surname:focus").wait_for()
    hand.type(NEWCOMER["surname"])
    for name in ("given_names", "patronymic", "birth_date"):
        hand.tab_to(f"#\\31 -{name}")
        hand.type(NEWCOMER[name])
    asked_again(page, lambda: hand.tab_to("#\\31 -document_kind"))
    asked_again(page, lambda: hand.press("ArrowDown"))
    hand.tab_to("#\\31 -document_number")
    hand.type(NEWCOMER["document_number"])
    asked_again(page, lambda: hand.tab_to("#\\31 -dwelling-find"))
    hand.type("Калинова 7")
    asked_again(page, lambda: hand.press("Tab"))
    hand.tab_to(f"#\\31 -dwelling-{home}")
    asked_again(page, lambda: hand.press("Space"))
    hand.tab_to("#\\31 -right-owner")
    asked_again(page, lambda: hand.press("Space"))
    # What comes of it, and what is yet to be said there.
    hand.press("KeyD")
    for one in ("application", "identity_document", "dwelling_right_document", "fee_evidence"):
        hand.tab_to(f"#\\31 -documents-{one}")
        asked_again(page, lambda: hand.press("Space"))
    hand.tab_to("#\\31 -ownership-owners")
    hand.type("1")
    hand.tab_to("#\\31 -encumbrance-encumbrance")
    asked_again(page, lambda: hand.press("ArrowDown"))
    hand.tab_to("#\\31 -payment-kopiykas")
    hand.type("49,92")
    hand.tab_to("#\\31 -payment-receipt")
    hand.type("118")
    hand.press("Escape")
    hand.press("KeyE")
    page.wait_for_url("**/applications/*")
    shown(page.get_by_text("Зареєстровано місце проживання"))
    assert len(hand.pressed) <= 60, hand.pressed


def test_a_draft_is_kept_by_itself_and_goes_on(page: Any, desk: Desk) -> None:
    page.goto("/services/register_residence")
    page.locator("#\\31 -surname:focus").wait_for()
    page.wait_for_load_state()
    hand = Hand(page)
    with page.expect_response("**/drafts") as told:
        hand.type("Чернеткевич")
        hand.press("Tab")
    assert told.value.status == 200
    shown(page.get_by_text("Чернетку збережено о"))
    page.goto("/drafts")
    page.locator("a.hit").click()
    shown(page.locator("#\\31 -surname"))
    assert page.locator("#\\31 -surname").input_value() == "Чернеткевич"
    page.wait_for_load_state()
    page.locator("#main").focus()
    with page.expect_navigation():
        hand.press("KeyX")
    shown(page.get_by_role("heading", name="Чернетки"))

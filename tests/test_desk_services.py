"""Each of the nine services from the question to the register in a real Chromium, without JavaScript; and what goes
wrong at a desk: pressed twice, changed meanwhile, a role that may not, a locked screen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk, desk
from test_guided_services import CHECKED, NEWCOMER
from test_pages import DESK, PATIENCE, chromium
from test_signing_browser import PIN, sign_in

from api.main import create_app
from registry.settings import Settings
from registry.staff import users

__all__ = ["chromium", "desk"]
pytestmark = pytest.mark.slow
ADULT, CHILD = "1990-05-04", "2019-03-02"
BABY = {**NEWCOMER, "1-surname": "Вигаданенчук", "1-birth_date": "02.03.2019", "1-document_kind": "birth_certificate"}


@pytest.fixture
def address(desk: Desk, tmp_path: Path) -> Iterator[str]:
    users.set_pin(desk.registry.staff, user_of(desk.registry).id, PIN, now=desk.registry.clock())
    user_of(desk.registry, "auditor", "auditor")
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        yield address


@pytest.fixture
def windows(chromium: Any, address: str) -> Iterator[Any]:
    """Gives a window of somebody who has signed in, with or without JavaScript."""
    opened = []

    def window(login: str = "olena", scripts: bool = False) -> Any:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA", java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        sign_in(page, login, to="/me")
        return page

    yield window
    for context in opened:
        context.close()


def press(page: Any, name: str) -> None:
    """A button of the guided form, and the page that comes of it."""
    with page.expect_navigation():
        page.locator(f'#guided button[name="press"][value="{name}"]:not(.hid)').first.click()
    shown(page.locator("h1"))


def says(page: Any, **answers: str) -> None:
    """Answers where the page has their fields, each as somebody would give it."""
    for name, value in answers.items():
        field = page.locator(f'[name="{name}"]').first
        for fold in page.locator("details:not([open])", has=page.locator(f'[name="{name}"]')).all():
            fold.locator("summary").first.click()
        kind = field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
        if kind == "select":
            field.select_option(value)
        elif kind in ("radio", "checkbox"):
            page.locator(f"[name='{name}'][value='{value}']").check(force=True)
        else:
            field.fill(value)


def finds(page: Any, field: str, words: str, id: str) -> None:
    """Looks for somebody or a dwelling in place, and takes it."""
    says(page, **{f"{field}_find": words})
    press(page, "refresh")
    says(page, **{field: id})


def brings_everything(page: Any) -> None:
    """Every paper that is asked for is there, every register was asked."""
    for _ in range(3):
        for box in page.locator(
            'input[type="checkbox"][name$="-documents"], input[type="checkbox"][name$="-consents"]'
        ).all():
            box.check()
        fee = re.search(r"Збір ([0-9]+,[0-9]{2}) грн", page.locator("#panel").inner_text())
        for check, said in CHECKED.items():
            said = {**said, "kopiykas": fee[1]} if check == "payment" and fee else said
            there = {f"1-{check}-{name}": value for name, value in said.items()}
            says(page, **{name: value for name, value in there.items() if page.locator(f'[name="{name}"]').count()})
        press(page, "refresh")


class TestEachOfTheNine:
    def lives(self, desk: Desk, born: str = ADULT) -> str:
        person = desk.person(birth_date=born)
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        return person

    def granted(self, page: Any, *recorded: str) -> None:
        brings_everything(page)
        press(page, "decide")
        assert re.search(r"/applications/[0-9a-f-]{36}$", page.url), page.locator("main").inner_text()
        said = page.locator("#recorded").locator("..").inner_text()
        for one in recorded:
            assert one in said, said

    @pytest.mark.parametrize(
        ("service", "recorded"),
        [
            ("register_residence", "Зареєстровано місце проживання"),
            ("register_stay", "Зареєстровано місце перебування"),
            ("declare_residence", "Задекларовано місце проживання"),
        ],
    )
    def test_settling(self, desk: Desk, windows: Any, service: str, recorded: str) -> None:
        home, page = desk.dwelling(), windows()
        page.goto(f"/services/{service}")
        says(page, **NEWCOMER)
        finds(page, "1-dwelling", "Калинова 7", home)
        says(page, **{"1-right": "owner"})
        press(page, "refresh")
        self.granted(page, "Внесено особу до реєстру", recorded)

    @pytest.mark.parametrize("service", ["register_child_residence", "declare_child_residence"])
    def test_settling_a_child(self, desk: Desk, windows: Any, service: str) -> None:
        parent, page = self.lives(desk), windows()
        page.goto(f"/services/{service}")
        says(page, **BABY)
        finds(page, "1-dwelling", "Калинова 7", desk.residences(parent)[0]["dwelling_id"])
        finds(page, "1-applicant", "Вигадана", parent)
        for name, value in {"1-right": "paper", "1-parents": "one", "1-where_from": "never"}.items():
            says(page, **{name: value})
            press(page, "refresh")
        self.granted(page, "Внесено особу до реєстру")

    def test_leaving_of_a_child(self, desk: Desk, windows: Any) -> None:
        page = windows()
        page.goto(f"/persons/{self.lives(desk, CHILD)}/services/deregister_child_residence")
        says(page, **{"1-applicant_name": "Вигаданенко Оксана", "1-parents": "one"})
        press(page, "refresh")
        self.granted(page, "Знято")

    def test_a_mistake(self, desk: Desk, windows: Any) -> None:
        person, other, page = self.lives(desk), desk.dwelling("8"), windows()
        page.goto(f"/persons/{person}/services/amend_record")
        says(page, **{"1-ground": "residence_mistake"})
        press(page, "refresh")
        says(page, **{"1-residence": desk.residences(person)[0]["residence_id"]})
        press(page, "refresh")
        says(page, **{"1-now_kind": "registered", "1-now_since": "15.07.2020", "1-mistake": "не той будинок"})
        finds(page, "1-now_dwelling", "Калинова 8", other)
        brings_everything(page)
        press(page, "decide")
        page.locator("section.wait").wait_for()  # for the second person

    def test_leaving(self, desk: Desk, windows: Any) -> None:
        page = windows()
        page.goto(f"/persons/{self.lives(desk)}/services/deregister_residence")
        self.granted(page, "Знято")

    def test_an_extract(self, desk: Desk, windows: Any) -> None:
        page = windows()
        page.goto(f"/persons/{self.lives(desk)}/services/issue_extract")
        brings_everything(page)
        press(page, "decide")
        page.locator('a[href^="/extracts/"]').first.wait_for()


class TestWhatGoesWrong:
    def asked(self, desk: Desk, page: Any) -> str:
        """A removal with all that it needs, before the press; of whom it is."""
        person = desk.person(birth_date=ADULT)
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        page.goto(f"/persons/{person}/services/deregister_residence")
        brings_everything(page)
        return person

    def facts(self, desk: Desk, person: str) -> list[str]:
        return [one["name"] for one in desk.get(f"/persons/{person}/facts").json()["facts"]]

    def test_a_double_click_is_one_act(self, desk: Desk, windows: Any) -> None:
        page = windows(scripts=True)
        person = self.asked(desk, page)
        page.locator('#guided button[name="press"][value="decide"]').dblclick()
        page.wait_for_url("**/applications/*")
        assert self.facts(desk, person).count("residence-deregistered") == 1

    def test_a_change_in_between_is_shown_and_nothing_is_done(self, desk: Desk, windows: Any) -> None:
        page = windows()
        person = self.asked(desk, page)
        desk.core("change_particulars", person, corrects=True, changes={"surname": "Вигадайко"}, basis="описка")
        before = desk.registry.position()
        press(page, "decide")
        assert desk.registry.position() == before and "/services/" in page.url
        assert "Вигадайко" in page.locator("main").inner_text()

    def test_under_a_locked_screen_the_answers_stay(self, desk: Desk, windows: Any) -> None:
        page = windows(scripts=True)
        page.goto("/services/register_residence")
        shown(page.locator("h1"))
        says(page, **{"1-surname": NEWCOMER["1-surname"]})
        page.get_by_role("button", name="Заблокувати").click()
        page.get_by_role("dialog", name="Екран заблоковано").wait_for()
        assert not page.locator("[id='1-surname']").is_visible()
        page.locator("#lock-pin:focus").wait_for()
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for(state="detached")
        assert page.locator("[id='1-surname']").input_value() == NEWCOMER["1-surname"]

    @pytest.mark.parametrize("path", ["/services", "/services/register_residence", "/notices", "/drafts", "/blanks"])
    def test_a_role_that_may_not_is_told_so(self, windows: Any, path: str) -> None:
        page = windows("auditor")
        assert page.goto(path).status == 403
        assert len(page.locator("main").inner_text()) > 40

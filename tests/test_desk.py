"""A working day at the desk in a real Chromium: each of the nine services by keys and without scripts, the keys of
the desk, and what goes wrong: a lost session, a double click, a change in between, a role that may not, the lock."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from browsing import PASSWORD, shown, user_of
from clerks import Clerk
from conftest import _database
from desk_stories import CHECKED, NEWCOMER, STORIES, asks_api, leaves, settles, stored
from desk_windows import ByFields, ByKeys, Windows, address, clicks_twice, windows
from filing import amendment
from given import CLERK, NAMED, installation
from running import served
from starlette.testclient import TestClient
from test_api import Desk, desk
from test_outbox_acts import item, moved, one
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import PIN, sign_in

from api.main import create_app
from registry.aggregates.person.events import Particulars
from registry.opening import opened
from registry.settings import Settings
from registry.staff import sessions, users

__all__ = ["address", "chromium", "desk", "windows"]
pytestmark = pytest.mark.slow
APPLICATION = r"/applications/[0-9a-f-]{36}$"
LAYOUTS = {"ukrainian": {"KeyY": "н", "KeyP": "з", "Slash": "."}, "english": {"KeyY": "y", "KeyP": "p", "Slash": "/"}}
REGISTER = settles("register_residence", "text=Зареєстровано місце проживання")
SURNAME = "[id='1-surname']"


@pytest.fixture
def beside(server: Any, tmp_path: Path) -> Iterator[Desk]:
    """A register of its own, for programs."""
    for url in _database(server, template="hromada"):
        with opened(url) as registry:
            yield for_two(Desk(TestClient(create_app(registry, installation())), registry), tmp_path)


def for_two(desk: Desk, data: Path) -> Desk:
    """A program at the register of a desk, where corrections wait for a second person."""
    said = installation(data=data, actor_id="program", actor_name="Вигадана О. О.", second_person=True)
    return Desk(TestClient(create_app(desk.registry, said)), desk.registry)


class TestEachOfTheNine:
    @pytest.mark.parametrize("service", STORIES)
    def test_by_keys_alone(self, desk: Desk, windows: Windows, service: str) -> None:
        story, page = STORIES[service](desk), windows()
        hand = ByKeys(page)
        hand.tells(story.page, story.answers, CHECKED)
        hand.decides()
        assert re.search(APPLICATION, page.url), page.locator("main").inner_text()
        page.locator("main").locator(story.shows).first.wait_for()

    @pytest.mark.parametrize("service", STORIES)
    def test_without_scripts_pressed_twice_it_stores_what_the_api_stores(
        self, desk: Desk, beside: Desk, windows: Windows, service: str
    ) -> None:
        story, twin, page = STORIES[service](desk), STORIES[service](beside), windows(scripts=False)
        before = desk.registry.position(), beside.registry.position()
        hand = ByFields(page)
        hand.tells(story.page, story.answers, CHECKED)
        assert desk.registry.position() == before[0]
        clicks_twice(page, hand.button("decide"), APPLICATION)
        page.locator("main").locator(story.shows).first.wait_for()
        asks_api(beside, service, twin.body)
        assert stored(desk, before[0]) == stored(beside, before[1])


def press(page: Any, code: str, layout: str) -> None:
    """A key where it lies on the keyboard, with the letter that a layout has there, once the page listens."""
    page.wait_for_load_state()
    page.evaluate(
        """([code, key]) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))""",
        [code, LAYOUTS[layout][code]],
    )


class TestTheKeysOfTheDesk:
    def entered(self, desk: Desk) -> None:
        for name in ("Вигадана", "Вигаданко"):
            said = Particulars(surname=name, birth_date="1990-05-04")
            Clerk(desk.registry, CLERK).enter_person(command=uuid4(), particulars=said, confirmed=True)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_a_visit_begins_and_ends(self, windows: Windows, layout: str) -> None:
        page = windows()
        press(page, "KeyY", layout)
        shown(page.get_by_role("button", name="Завершити візит"))
        page.keyboard.press("Escape")
        press(page, "KeyP", layout)
        shown(page.get_by_text("Візиту немає"))

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_the_search_is_reached_from_anywhere_and_its_results_by_arrows(
        self, desk: Desk, windows: Windows, layout: str
    ) -> None:
        self.entered(desk)
        page = windows()
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

    def test_in_a_field_letters_are_letters_until_escape(self, windows: Windows) -> None:
        page = windows()
        page.goto("/")
        page.locator("#q:focus").wait_for()
        page.wait_for_load_state()
        page.keyboard.press("KeyY")
        assert page.locator("#q").input_value() == "y" and page.get_by_text("Візиту немає").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("KeyY")
        shown(page.get_by_role("button", name="Завершити візит"))

    def test_letters_are_turned_off_where_they_disturb(self, windows: Windows) -> None:
        page = windows()
        page.keyboard.press("Shift+Slash")
        shown(page.get_by_role("heading", name="Довідка"))
        page.get_by_role("button", name="Вимкнути літери").click()
        shown(page.get_by_role("button", name="Увімкнути літери"))
        page.keyboard.press("KeyY")
        page.keyboard.press("Slash")
        page.wait_for_timeout(300)
        assert page.get_by_text("Візиту немає").is_visible()
        assert page.evaluate("document.activeElement.tagName") != "INPUT"

    def test_it_is_found_as_one_types_and_the_arrows_lead_through_it(self, desk: Desk, windows: Windows) -> None:
        self.entered(desk)
        page = windows()
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

    def test_it_is_found_as_one_types_in_the_head_of_a_page_too(self, desk: Desk, windows: Windows) -> None:
        self.entered(desk)
        page = windows()
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
    def test_axe_finds_nothing_in_what_is_found_in_the_head(self, desk: Desk, windows: Windows, screen: Any) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        person, page = desk.person(), windows()
        page.set_viewport_size(screen)
        page.goto(f"/persons/{person}")
        page.wait_for_load_state()
        page.keyboard.press("Slash")
        page.keyboard.type("вигад")
        page.locator("#quick-found a.hit").first.wait_for()
        assert axe.Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestALostSession:
    """What was typed is there again after the next sign-in of whoever typed it, and for nobody else."""

    def typed(self, windows: Windows) -> Any:
        page = windows()
        page.goto("/services/register_residence")
        page.locator(f"{SURNAME}:focus").wait_for()
        page.wait_for_load_state()
        page.keyboard.type("Вигаданенко")
        return page

    def waits(self, page: Any) -> None:
        """It is handed back, and leads to the page with what was typed."""
        page.get_by_role("heading", name="Ваша форма збережена").wait_for()
        with page.expect_navigation():
            page.get_by_role("button", name="Надіслати").click()
        shown(page.locator(SURNAME))
        assert page.locator(SURNAME).input_value() == "Вигаданенко"

    def signs_in(self, page: Any, login: str = "olena") -> None:
        """Where the page has led to."""
        page.wait_for_url("**/sign-in?to=/kept")
        page.locator("#login:focus").wait_for()
        for text, key in ((login, "Tab"), (PASSWORD, "Enter")):
            page.keyboard.type(text)
            page.keyboard.press(key)
        shown(page.get_by_role("button", name="Вийти"))

    def test_that_an_administrator_ended(self, desk: Desk, windows: Windows) -> None:
        page, by = self.typed(windows), users.of_login(desk.registry.staff, "olena")
        sessions.end_all(desk.registry.staff, by.id, now=desk.registry.clock(), why="ended-by-admin")
        page.keyboard.press("Tab")
        self.signs_in(page)
        self.waits(page)

    def test_that_was_left_in_another_window(self, windows: Windows) -> None:
        page = self.typed(windows)
        other = page.context.new_page()
        other.goto("/me")
        shown(other.get_by_role("button", name="Вийти"))
        other.get_by_role("button", name="Вийти").click()
        self.signs_in(page)
        self.waits(page)

    def test_nobody_else_sees_what_was_typed(self, windows: Windows) -> None:
        page = self.typed(windows)
        page.evaluate("over()")
        self.signs_in(page, "head")
        page.get_by_text("Збережених форм немає").wait_for()

    def test_that_was_too_old_at_the_press(self, desk: Desk, windows: Windows) -> None:
        story, page = leaves(desk), windows(scripts=False)
        hand, before = ByFields(page), desk.registry.position()
        hand.tells(story.page, story.answers, CHECKED)
        desk.clock.set((desk.registry.clock() + timedelta(hours=13)).isoformat())
        hand.press("decide")
        self.signs_in(page)
        assert desk.registry.position() == before
        with page.expect_navigation():
            page.get_by_role("button", name="Надіслати").click()
        page.locator("main").locator(story.shows).first.wait_for()

    def test_no_session_ends_where_the_server_is_started_anew(self, desk: Desk, chromium: Any, tmp_path: Path) -> None:
        user_of(desk.registry)
        story, settings = leaves(desk), Settings(data=tmp_path, **NAMED)
        with served(create_app(desk.registry, settings)) as at:
            page = chromium.new_context(base_url=at, java_script_enabled=False).new_page()
            page.set_default_timeout(PATIENCE)
            sign_in(page, to="/me")
            hand = ByFields(page)
            hand.tells(story.page, story.answers, CHECKED)
        with served(create_app(desk.registry, settings), port=int(at.rpartition(":")[2])):
            hand.press("decide")
            page.locator("main").locator(story.shows).first.wait_for()
            page.context.close()


class TestADoubleClick:
    """Is one act, with scripts too; of the guided pages without them see `TestEachOfTheNine`."""

    def test_of_a_decision(self, desk: Desk, windows: Windows) -> None:
        story, page = leaves(desk), windows()
        ByKeys(page).tells(story.page, story.answers, CHECKED)
        before = desk.registry.position()
        clicks_twice(page, page.locator("#guided button[value=decide]"), APPLICATION)
        page.locator("main").locator(story.shows).first.wait_for()
        assert [name for name, _ in stored(desk, before)].count("ResidenceDeregistered") == 1

    def test_of_a_visit(self, desk: Desk, windows: Windows) -> None:
        page = windows()
        clicks_twice(page, page.locator("form[action='/visit'] button"), r"[0-9]/$")
        shown(page.get_by_role("button", name="Завершити візит"))
        with desk.registry.staff.get_connection() as connection:
            assert [row["ended_at"] for row in connection.execute("SELECT ended_at FROM visits")] == [None]

    def test_of_an_approval(self, desk: Desk, windows: Windows, tmp_path: Path) -> None:
        program = for_two(desk, tmp_path)
        waiting = program.post("/applications", {**amendment(program)[1], "decide": True}).json()["application"]
        page = windows("head")
        page.goto(f"/approvals/{waiting}")
        before = desk.registry.position()
        clicks_twice(page, page.locator("form[action$='/approval'] button"), "/approvals")
        page.locator("form[action$='/approval']").wait_for(state="detached")
        assert desk.get(f"/applications/{waiting}").json()["status"] == "granted"
        assert [name for name, _ in stored(desk, before)].count("ResidenceCorrected") == 1

    def test_of_a_letter_that_was_sent(self, desk: Desk, windows: Windows) -> None:
        moved(desk)
        letter, page = item(desk, "previous_office_paper")["id"], windows()
        page.goto(f"/outbox/{letter}")
        page.locator("#how").select_option("post")
        page.locator("#number").fill("вих. 17")
        clicks_twice(page, page.locator("form.card button.main"), f"/outbox/{letter}$|/outbox$")
        page.get_by_text("вих. 17").wait_for()
        assert [entry["name"] for entry in one(desk, letter)["history"]] == ["outgoing-sent"]

    def test_of_a_new_address(self, desk: Desk, windows: Windows) -> None:
        old, new, page = desk.dwelling("1"), desk.dwelling("2"), windows()
        desk.settled(desk.person(), old)
        page.goto(f"/dwellings/{old}/readdress?successor={new}")
        page.locator("#since").fill("01.01.2024")
        page.locator("#reason").fill("рішення № 7 від 20.12.2023")
        with page.expect_navigation():
            page.locator("form.card button.main").click()
        before = desk.registry.position()
        clicks_twice(page, page.locator("button[value=record]"), f"/dwellings/{old}$")
        assert [name for name, _ in stored(desk, before)].count("ResidenceCarriedOver") == 1


class TestAChangeInBetween:
    """Is shown beside what was known, and nothing is done."""

    def shows(self, desk: Desk, hand: ByFields, was: str, now: str) -> None:
        before = desk.registry.position()
        hand.press("decide")
        assert desk.registry.position() == before and "/services/" in hand.page.url
        row = hand.page.locator("table.cmp tbody tr").first.locator("td")
        assert (was in row.nth(0).inner_text(), now in row.nth(1).inner_text()) == (True, True)

    def test_of_somebody_who_leaves(self, desk: Desk, windows: Windows) -> None:
        story, hand = leaves(desk), ByFields(windows(scripts=False))
        hand.tells(story.page, story.answers, CHECKED)
        person, other = story.page.split("/")[2], desk.dwelling("9")
        desk.core("settle", person, kind="registered", dwelling=other, since="2024-01-01")
        self.shows(desk, hand, "Калинова, буд. 7", "Калинова, буд. 9")

    def test_of_the_dwelling_of_a_newcomer(self, desk: Desk, windows: Windows) -> None:
        story, hand = REGISTER(desk), ByFields(windows(scripts=False))
        hand.tells(story.page, story.answers, CHECKED)
        address = {"settlement": "смт Вигадівка", "street": "вул. Нова", "house": "7"}
        renamed = {"address": address, "since": "2024-01-01", "confirmed": True}
        desk.act(f"/dwellings/{story.answers['1-dwelling']}/names", renamed)
        self.shows(desk, hand, "вул. Калинова", "вул. Нова")


def test_under_a_locked_screen_the_answers_stay(windows: Windows) -> None:
    page = windows()
    page.goto("/services/register_residence")
    page.locator(f"{SURNAME}:focus").wait_for()
    page.keyboard.type(NEWCOMER["1-surname"])
    page.get_by_role("button", name="Заблокувати").click()
    page.get_by_role("dialog", name="Екран заблоковано").wait_for()
    assert not page.locator(SURNAME).is_visible()
    page.locator("#lock-pin:focus").wait_for()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.locator(SURNAME).input_value() == NEWCOMER["1-surname"]


COUNTER = {"/services", "/services/register_residence", "/notices", "/drafts", "/blanks", "/day/journal", "/day/cash"}
READING = {"/", "/addresses", "/outbox", "/coming/leases"}
MAY = {
    "clerk": COUNTER | READING | {"/household-answer"},
    "head": COUNTER | READING | {"/household-answer", "/approvals", "/day", "/substitutes"},
    "auditor": READING | {"/approvals", "/staff-events"},
    "admin": {"/staff", "/sessions", "/keys", "/state", "/substitutes", "/staff-events"},
    "reader": {"/household-answer"},
}
"""The pages of the desk, by who works there."""
ASKED = """paths => Promise.all(paths.map(async path => {
    const answer = await fetch(path);
    return [path, answer.redirected ? "elsewhere" : String(answer.status)];
}))"""


@pytest.mark.parametrize("role", MAY)
def test_a_role_that_may_not_is_told_so_and_no_link_leads_there(windows: Windows, role: str) -> None:
    page = windows("olena" if role == "clerk" else role)
    linked = page.locator("nav.own a").evaluate_all("all => all.map(one => new URL(one.href).pathname)")
    every = set().union(*MAY.values())
    found = dict(page.evaluate(ASKED, sorted(every | set(linked))))
    assert {path for path in every if found[path] == "200"} == MAY[role]
    assert {found[path] for path in every - MAY[role]} <= {"403", "elsewhere"}
    assert {path: found[path] for path in linked if found[path] != "200"} == {}
    assert page.goto("/staff" if role != "admin" else "/drafts").status == 403
    assert len(page.locator("main").inner_text()) > 40

"""The pages in a real Chromium: what a clerk sees, by keyboard, on a phone and enlarged twice."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from clerks import Clerk
from extracting import text
from given import CLERK, installation
from running import served
from starlette.testclient import TestClient

from api.main import create_app
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.cases import at_desk
from registry.cases.at_desk import AtDesk
from registry.cases.cases import Cases
from registry.opening import opened

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
PATIENCE = 300_000
"""Milliseconds that the slowest machine may need for anything a browser does; whoever is quicker is not waited for."""
NARROW = {"width": 320, "height": 640}
TWICE = {"width": 683, "height": 384}
"""The desk's screen enlarged to 200 %."""


class Town:
    """A small invented register: one life with everything in it, a namesake, a withdrawn entry."""

    def __init__(self, registry: Registry):
        self.registry = registry
        self.clerk = Clerk(registry, Actor("1", "Реєстратор Вигадана О. О."))
        self.old, self.home, self.wrong = (self._dwelling(house) for house in ("1", "7", "9"))
        self.person = self._person("Вигадана", "Оксана", "1990-05-04")
        self._past("1990", "2010-07-15")
        self.first = self._settle(self.home, "2010-07-15")
        self._act("deregister_residence", residence=self.first, until="2018-03-15")
        self.second = self._settle(self.home, "2021-11-20")
        annulled = self._settle(self.wrong, "2023-02-01")
        self._act("annul_residence", residence=annulled, basis="рішення суду", revives=True)
        self._act("change_particulars", corrects=False, changes={"surname": "Придумана"}, basis="шлюб")
        self.namesake = self._person("Їжак <b>", "Остап", "1990")
        self.gone = self._person("Зайва", "Ганна", None)
        self.clerk.withdraw_entry(self.gone, command=uuid4(), reason="внесено двічі")

    def ask_for_a_correction(self) -> None:
        """Something about the person that waits for a second one."""
        asking = Clerk(self.registry, Actor("2", "Реєстратор Друга Д. Д."), second_person=True)
        changes = {"since": "2021-11-21"}
        asking.correct_residence(self.person, command=uuid4(), residence=self.second, changes=changes, reason="описка")

    def _dwelling(self, house: str) -> UUID:
        address = Address(settlement="смт Вигадівка", street="вул. Калинова", house=house)
        return self.clerk.enter_dwelling(command=uuid4(), address=address, kind="private").entries[0].stream

    def _person(self, surname: str, given_names: str, birth_date: str | None) -> UUID:
        who = Particulars(surname=surname, given_names=given_names, birth_date=birth_date)
        return self.clerk.enter_person(command=uuid4(), particulars=who).entries[0].stream

    def _past(self, since: str, until: str) -> None:
        self._act("enter_past_residence", kind="registered", dwelling=self.old, since=since, until=until)

    def _settle(self, dwelling: UUID, since: str) -> UUID:
        return self._act("settle", kind="registered", dwelling=dwelling, since=since).entries[0].fact.residence

    def _act(self, name: str, **asked: Any) -> Any:
        return getattr(self.clerk, name)(self.person, command=uuid4(), **asked)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with opened(database_url) as registry:
        yield Town(registry)


@pytest.fixture
def client(town: Town, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(town.registry, installation(data=tmp_path))) as client:
        yield client


@pytest.fixture
def address(town: Town, tmp_path: Path) -> Iterator[str]:
    """The application behind a real server."""
    app = create_app(town.registry, installation(data=tmp_path))
    with served(app) as at:
        yield at


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="немає playwright")
    if not shutil.which(CHROMIUM):
        pytest.skip(f"немає {CHROMIUM}: apt-get install chromium")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    """A page whose browser complained about nothing."""
    context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "status of 4" not in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def search(page: Any, words: str) -> None:
    page.goto("/")
    page.locator("#q:focus").wait_for()
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


class TestSearch:
    def test_by_keyboard_alone_to_a_card(self, page: Any, town: Town) -> None:
        search(page, "вигадана")
        assert page.url.endswith("/") and "?" not in page.url
        row = page.locator("section[aria-labelledby=people] tbody tr:not(.rank)")
        assert row.count() == 1
        assert "раніше Вигадана Оксана" in row.inner_text() and re.search(r"04\.05\.1990, [0-9]{2}\b", row.inner_text())
        assert row.locator(".tag.ok").inner_text() == "зареєстровано"
        link = row.locator("a")
        for _ in range(20):
            if link.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        assert link.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(f"/persons/{town.person}")
        assert page.locator("h1").inner_text() == "Придумана Оксана"

    def test_counts_and_dwellings(self, page: Any) -> None:
        search(page, " ")
        assert "2 особи" in page.locator(".counts").inner_text() and "3 житла" in page.locator(".counts").inner_text()
        search(page, "калинова 7")
        with page.expect_navigation():
            page.locator("section[aria-labelledby=dwellings] a").click()
        assert page.locator("h1").inner_text().replace("\u00a0", " ").endswith("буд. 7")
        assert page.locator("section.now tbody tr").count() == 1

    def test_nothing_found_says_what_to_try(self, page: Any) -> None:
        search(page, "хтосьнемає")
        text = page.locator("main").inner_text()
        assert "Нічого не знайдено" in text and "phfprjdf" in text and "апостроф" in text

    def test_pages_of_results(self, client: TestClient, town: Town) -> None:
        letters = "абвгґдеєжзиійклмнопрстуфх"
        for letter in letters:
            town._person(f"Масовий{letter}", "Іван", None)
        first = client.post("/", data={"q": "масовий"}).text
        assert first.count("/persons/") == 20 and "Наступні особи" in first
        token = first.split('name="after_people" value="')[1].split('"')[0]
        second = client.post("/", data={"q": "масовий", "after_people": token}).text
        assert second.count("/persons/") == 5 and f"Масовий{letters[-1]}" in second and "Наступні особи" not in second


class TestPerson:
    def test_the_current_residence_first_and_the_dates_of_acts(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        now = page.locator("section.now").inner_text()
        assert "буд. 7" in now.replace("\u00a0", " ") and "20.11.2021" in now
        cells = [row.inner_text() for row in page.locator("section[aria-labelledby=others] td.date").all()]
        assert cells == ["15.07.2010", "15.03.2018", "1990", "15.07.2010"]
        assert (
            "Станом на" in page.locator(".said").inner_text()
            and "запис реєстру №" in page.locator(".said").inner_text()
        )
        history = page.locator("section[aria-labelledby=history] tbody tr")
        assert history.count() == 8 and "Реєстратор Вигадана О. О." in history.first.inner_text()
        assert "Вигадана → Придумана" in history.first.inner_text()

    def test_annulled_ones_on_request(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        assert page.locator(".void").count() == 0
        page.get_by_text("Показати заміщені та скасовані").click()
        assert "скасоване" in page.locator(".void").inner_text()

    def test_both_times(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        assert page.get_by_label("Станом на день").is_visible() and not page.get_by_text("Інший день").is_visible()
        page.get_by_label("Станом на день").fill("01.06.2012")
        with page.expect_navigation():
            page.get_by_role("button", name="Показати").click()
        assert "15.07.2010" in page.locator("section.now").inner_text()
        assert "знято 15.03.2018" in page.locator("section.now").inner_text()
        assert "01.06.2012" in page.locator(".said").inner_text()
        page.get_by_label("Станом на день").fill("2012-02-31")
        page.get_by_label("Як було записано").fill("01.01.2199")
        with page.expect_navigation():
            page.get_by_role("button", name="Показати").click()
        assert page.locator(".fault").count() == 2 and page.locator("[aria-invalid]").count() == 2

    def test_before_the_entry_and_before_the_register(self, client: TestClient, town: Town) -> None:
        entries = town.registry.entries(town.namesake)
        before = (entries[0].recorded_at - timedelta(microseconds=1)).isoformat()
        answer = client.get(f"/persons/{town.namesake}", params={"known_at": before})
        assert answer.status_code == 410 and "Тоді цієї особи в реєстрі не було" in answer.text
        early = client.get(f"/persons/{town.person}", params={"known_at": "01.01.2000"})
        assert "Реєстр ще не вівся" in early.text
        assert "Реєстр ще не вівся" in client.get(f"/dwellings/{town.home}", params={"known_at": "2000-01-01"}).text

    def test_what_is_recorded_is_text_and_never_markup(self, client: TestClient, town: Town) -> None:
        assert "Їжак &lt;b&gt;" in client.get(f"/persons/{town.namesake}").text

    def test_a_withdrawn_entry_keeps_its_history(self, client: TestClient, town: Town) -> None:
        answer = client.get(f"/persons/{town.gone}")
        assert answer.status_code == 410 and "відкликано" in answer.text and "внесено двічі" in answer.text

    @pytest.mark.parametrize("history", [False, True])
    def test_an_extract(self, page: Any, town: Town, history: bool) -> None:
        page.goto(f"/persons/{town.person}")
        if history:
            page.get_by_label("з попередніми періодами").check()
        with page.context.expect_event("response", lambda answer: "/extracts/2" in answer.url) as got:
            page.get_by_role("button", name="Сформувати витяг").click()
        assert got.value.status == 200 and got.value.headers["content-type"] == "application/pdf"
        issued = town.registry.query("extracts", "of_person", person=town.person)
        assert len(issued) == 1 and issued[0]["issued"]
        assert town.registry.extract(issued[0]["extract"]).requested.history is history

    def test_the_same_form_sent_twice_gives_one_document(self, client: TestClient, town: Town) -> None:
        form = {"command": str(uuid4())}
        first, second = (client.post(f"/persons/{town.person}/extracts", data=form) for _ in range(2))
        assert first.content == second.content and first.content.startswith(b"%PDF")
        assert len(town.registry.query("extracts", "of_person", person=town.person)) == 1


class TestEveryPage:
    def paths(self, town: Town) -> list[str]:
        today = datetime.now(UTC).date()
        return [
            "/",
            f"/persons/{town.person}?all=1",
            f"/persons/{town.person}?on={today - timedelta(days=5000)}",
            f"/persons/{town.gone}",
            f"/dwellings/{town.home}",
            "/nothing-here",
            "/v/",
            "/v/AAAABBBBCCCC",
            "/status/",
            "/status/000000",
            "/bring",
        ]

    @pytest.mark.parametrize("screen", [DESK, PHONE, TWICE], ids=["desk", "phone", "twice"])
    def test_no_sideways_scroll_and_targets_to_hit(self, page: Any, town: Town, screen: dict[str, int]) -> None:
        page.set_viewport_size(screen)
        for path in self.paths(town):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            small = page.evaluate(
                """[...document.querySelectorAll('button, .button, input')]
                .filter(one => !['hidden', 'checkbox', 'radio'].includes(one.type) && one.getClientRects().length)
                .filter(one => one.getBoundingClientRect().height < 32).length"""
            )
            assert small == 0, path

    @pytest.mark.parametrize("screen", [DESK, PHONE, NARROW, TWICE], ids=["desk", "phone", "narrow", "twice"])
    def test_axe_finds_nothing(self, page: Any, town: Town, screen: dict[str, int]) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        town.ask_for_a_correction()
        page.set_viewport_size(screen)
        for path in self.paths(town):
            page.goto(path)
            assert axe.Axe().run(page).response["violations"] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    @pytest.mark.parametrize("screen", [PHONE, TWICE], ids=["phone", "twice"])
    def test_the_address_is_on_the_first_screen(self, page: Any, town: Town, screen: dict[str, int]) -> None:
        town.ask_for_a_correction()
        page.set_viewport_size(screen)
        page.goto(f"/persons/{town.person}")
        box = page.locator(".address").bounding_box()
        assert box["y"] + box["height"] < screen["height"]

    def test_the_letters_come_from_here(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        page.evaluate("document.fonts.ready.then(() => true)")
        loaded = page.evaluate("[...document.fonts].filter(one => one.status == 'loaded').map(one => one.family)")
        assert loaded and {one.strip('"') for one in loaded} == {"Noto Sans"}

    def test_the_extract_is_few_stops_away(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        pressed = 2
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        while page.evaluate("document.activeElement.textContent") != "Сформувати витяг":
            page.keyboard.press("Tab")
            pressed += 1
            assert pressed <= 6
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    def test_a_printed_card_is_one_sheet_that_says_what_it_is(self, page: Any, town: Town) -> None:
        town.ask_for_a_correction()
        page.goto(f"/persons/{town.person}")
        page.evaluate("document.fonts.ready.then(() => true)")
        made = page.pdf(prefer_css_page_size=True)
        said = text(made)
        assert len(pypdfium2.PdfDocument(made)) == 1 and "1 / 1" in said
        assert "Це не витяг. Виконавчий комітет Вигадівської міської ради. Роздруковано: " in said
        assert "Сформувати витяг" not in said and "Знайти" not in said and "Інший день" not in said
        assert "Візиту немає" not in said
        page.emulate_media(media="print")
        ink = page.evaluate(
            "[...document.querySelectorAll('main a:not(.button)')].map(one => getComputedStyle(one).color)"
        )
        assert not {"rgb(29, 79, 145)"} & set(ink)

    def test_it_speaks_to_a_screen_reader(self, page: Any, town: Town) -> None:
        for path in self.paths(town):
            page.goto(path)
            assert page.evaluate("document.documentElement.lang") == "uk"
            assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
            page.evaluate("document.activeElement.blur()")
            unnamed = page.evaluate(
                """[...document.querySelectorAll('input:not([type=hidden])')]
                .filter(one => !one.labels.length && !one.getAttribute('aria-label')).length"""
            )
            assert unnamed == 0, path
            assert page.evaluate("[...document.querySelectorAll('table')].every(one => one.caption)"), path
            assert page.evaluate(
                "[...document.querySelectorAll('[id]')].length == new Set("
                "[...document.querySelectorAll('[id]')].map(one => one.id)).size"
            ), path

    def test_the_first_stop_of_tab_skips_to_the_content(self, page: Any, town: Town) -> None:
        page.goto(f"/persons/{town.person}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "До змісту сторінки"
        page.keyboard.press("Enter")
        page.locator("#main:focus").wait_for()

    def test_no_name_in_an_address_a_title_or_a_cache(self, client: TestClient, town: Town) -> None:
        for path in self.paths(town):
            answer = client.get(path)
            assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
            assert "unsafe" not in answer.headers["content-security-policy"] and "<script>" not in answer.text
            assert " style=" not in answer.text and "Придумана" not in answer.text.split("</title>")[0]

    def test_errors_say_what_to_do(self, client: TestClient, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        missing = client.get(f"/persons/{uuid4()}")
        assert missing.status_code == 404 and "Знайти особу або житло" in missing.text
        assert client.get("/persons/x").status_code == 404
        assert client.get(f"/dwellings/{town.person}").status_code == 404
        assert client.get(f"/persons/{town.home}").status_code == 404
        assert client.delete("/").headers["allow"]
        assert client.post("/", data={"q": "а\u0000б"}).status_code == 422
        foreign = client.post("/", data={"q": "а"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403 and "чужої сторінки" in foreign.text

        def fail(registry: Registry, *_: Any, **__: Any) -> None:
            raise RuntimeError("Придумана")

        monkeypatch.setattr(Registry, "query", fail)
        broken = client.get("/")
        assert broken.status_code == 500 and "Повторіть" in broken.text and "Придумана" not in broken.text


def test_the_public_check_knows_the_number_and_nothing_of_the_person(database_url, tmp_path):
    settings = installation(data=tmp_path)
    with opened(database_url) as registry:
        person = Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигаданко"))
        cases = Cases(Clerk(registry, CLERK), settings)
        issued = at_desk.issue(cases, AtDesk(person=person.entries[0].stream), command=uuid4())
        client = TestClient(create_app(registry, settings))
        code = issued.code
        for typed in (code, f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()):
            answer = client.get(f"/v/{typed}")
            assert answer.status_code == 200 and issued.number in answer.text and "Вигаданко" not in answer.text
        unknown, malformed = client.get(f"/v/{code[::-1]}"), client.get("/v/нічого")
        assert unknown.status_code == malformed.status_code == 404
        assert unknown.text == malformed.text and "не видавав" in unknown.text

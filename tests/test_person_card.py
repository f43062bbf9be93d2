"""The card of a person: its first screen, its picture, its way through the changes, and what it hides."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from filing import strict
from given import installation
from running import served
from starlette.testclient import TestClient
from test_api import Desk
from test_pages import DESK, NARROW, PHONE, TWICE, chromium, page
from test_pages_agree import form_of, plain

from api.desk import Desk as AtWork
from api.main import create_app
from api.shapes import person_card
from api.shapes.cards import PageTimes, TimesForm
from registry.aggregates.dwelling.events import LeaseRecorded
from registry.aggregates.values import Actor
from registry.opening import opened
from registry.roles import Role
from registry.storage.mapper import kyiv_day

__all__ = ["chromium", "page", "strict"]

Desks = tuple[Desk, Desk]
STREETS = "абвгґдеєжзиї"


def card(desk: Desk, person: str, **times: str) -> str:
    answer = desk.client.get(f"/persons/{person}", params=times)
    assert answer.status_code == 200
    return answer.text


def neighbours(desk: Desk, home: str, count: int) -> list[str]:
    """People who live in a dwelling, from one day after another."""
    found = []
    for number, letter in enumerate(STREETS[:count]):
        found.append(desk.person(surname=f"Сусіденко{letter}", given_names="Іван", birth_date=f"{1980 + number}-03-04"))
        desk.settled(found[-1], home, since=f"2012-01-{number + 1:02}")
    return found


def way(page_: str, key: str) -> str:
    """Where the link of a key leads."""
    return unescape(re.findall(rf'<a href="([^"]*)" data-key="{key}"', page_)[0])


class TestAge:
    @pytest.mark.parametrize(
        ("born", "on", "said"),
        [
            ("1991-08-14", "2026-08-13", "34 роки"),
            ("1991-08-14", "2026-08-14", "35 років"),
            ("2005-11-30", "2026-11-30", "21 рік"),
            ("2012-02-29", "2023-02-28", "10 років"),
            ("1991", "2026-06-01", "34–35 років"),
            ("1991-06", "2026-06-15", "34–35 років"),
            ("1991", "2026-12-31", "35 років"),
            ("2026-11-01", "2026-11-30", "менше року"),
            ("2026", "2026-05-05", "менше року"),
            ("2025", "2026-05-05", "0–1 рік"),
            ("2027-01-01", "2026-05-05", ""),
            (None, "2026-05-05", ""),
        ],
    )
    def test_in_words_and_never_more_exact_than_the_birth(self, born: str | None, on: str, said: str) -> None:
        assert person_card.age(born, date.fromisoformat(on)).replace("\u00a0", " ") == said


class TestFirstWords:
    def test_status_goes_by_the_day_and_the_sex(self, strict: Desks) -> None:
        desk = strict[0]
        person = desk.person(sex="female")
        assert "Не зареєстрована" in card(desk, person)
        desk.settled(person, desk.dwelling(), since="2010-07-15")
        assert "Зареєстрована в громаді" in card(desk, person)
        assert "Не зареєстрована" not in card(desk, person) and "Зареєстрована в" not in card(
            desk, person, on="2009-01-01"
        )
        desk.core("record_death", person, registered_on="2021-02-03")
        dead = card(desk, person)
        assert "Померла" in dead and "Зареєстрована в" not in dead
        assert "років</p>" not in dead and 'data-key="KeyD"' not in dead

    def test_who_lives_outside_is_not_registered_here_and_stands_hatched(self, strict: Desks) -> None:
        desk = strict[0]
        person = desk.person(sex="female")
        desk.settled(person, desk.dwelling(), since="2010-07-15")
        abroad = desk.act("/dwellings", {"address": {"settlement": "Вигадград, Вигадія"}, "kind": "abroad"})["dwelling"]
        desk.settled(person, abroad, since="2020-01-02")
        now, then = card(desk, person), card(desk, person, on="2019-01-01")
        assert "Проживає поза громадою" in now and "Зареєстрована в громаді" not in now
        assert '<rect class="away"' in now and '<rect class="open"' not in now
        assert "Зареєстрована в громаді" in then

    def test_a_document_that_ends_or_has_ended(self, strict: Desks) -> None:
        desk = strict[0]
        today = kyiv_day(desk.registry.clock())
        until = (today + timedelta(20), today - timedelta(1), today + timedelta(200))
        papers = [
            {"kind": "passport_card", "number": f"00000000{n}", "valid_until": str(day)} for n, day in enumerate(until)
        ]
        said = []
        for number, paper in enumerate(papers):
            who = {"surname": f"Строкова{STREETS[number]}", "given_names": "Оксана", "birth_date": f"199{number}-01-01"}
            body = {"particulars": who, "documents": [paper], "confirmed": True}
            said.append(card(desk, desk.act("/persons", body)["person"]))
        ends, over, good = said
        assert "Строк дії документа закінчується" in ends and until[0].strftime("%d.%m.%Y") in ends
        assert "Строк дії документа минув" in over and 'class="warnings"' not in good

    def test_an_absence_and_a_lease(self, strict: Desks) -> None:
        desk = strict[0]
        today = kyiv_day(desk.registry.clock())
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        desk.act(f"/persons/{person}/absences", {"ground": "custody", "since": "2024-05", "paper": "довідка"})
        until = str(today + timedelta(30))
        lease = LeaseRecorded(number="17", until=until, lessee=UUID(person), of_residence=UUID(residence))
        version = desk.registry.entries(UUID(home))[-1].version
        desk.registry.append([(UUID(home), [lease], version)], by=Actor("1", "Вигаданий"), command=uuid4())
        now = card(desk, person)
        assert "Поважна відсутність" in now and "Строк договору оренди № 17 закінчується" in now
        assert "Поважна відсутність" not in card(desk, person, on="2024-01-01")
        ended = {"ground": "care", "since": "2020-05", "until": "2020-08", "paper": "довідка"}
        desk.act(f"/persons/{person}/absences", ended)
        last, after = (card(desk, person, on=day) for day in ("2020-08-31", "2020-09-01"))
        assert "Поважна відсутність" in last and "Поважна відсутність" not in after


class TestNeighbours:
    def test_the_first_eight_with_their_age_and_how_many(self, strict: Desks) -> None:
        desk = strict[0]
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        assert "Ще тут" not in card(desk, person)
        others = neighbours(desk, home, 11)
        page_ = card(desk, person)
        told = page_[page_.index('class="quiet beside"') :].split("</p>")[0]
        assert "Ще тут 11 осіб" in told and told.count("/persons/") == 8 and "і ще 3" in told
        assert f"/persons/{others[0]}" in told and person not in told and "років" in told
        assert "Ще тут 2 особи" in card(desk, person, on="2012-01-02")

    def test_asked_of_the_register_in_one_bounded_question(
        self, strict: Desks, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = strict[0]
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        neighbours(desk, home, 10)
        told: list[int] = []
        asked = desk.registry.query

        def counted(table: str, name: str, **params: Any) -> Any:
            rows = asked(table, name, **params)
            told.append(len(rows))
            return rows

        monkeypatch.setattr(desk.registry, "query", counted)
        card(desk, person)
        assert told and max(told) == person_card.BESIDE


class TestChanges:
    def test_lead_back_and_forth_by_the_instants_of_the_record(self, strict: Desks) -> None:
        desk = strict[0]
        person = desk.person(surname="Перша")
        for surname in ("Друга", "Третя"):
            desk.core("change_particulars", person, corrects=False, changes={"surname": surname}, basis="шлюб")
        names = []
        at = f"/persons/{person}?on=2020-01-01"
        for key in ("BracketLeft", "BracketLeft", "BracketRight", "BracketRight"):
            at = way(desk.client.get(at).text, key)
            assert "on=2020-01-01" in at and "known_at=" in at
            names.append(re.findall("<h1>([^<]*)", desk.client.get(at).text)[0].split()[0])
        assert names == ["Друга", "Перша", "Друга", "Третя"]
        assert 'data-key="BracketLeft"' not in card(desk, desk.person(surname="Одна"))

    def test_days_lead_to_another_address_as_known(self, strict: Desks) -> None:
        desk = strict[0]
        person = desk.person()
        desk.settled(person, desk.dwelling("1"), since="2010-07-15")
        desk.settled(person, desk.dwelling("2"), since="2015-05-05")
        page_ = card(desk, person, on="2012-01-01")
        steps = page_[page_.index('<nav class="steps"') :].split("</nav>")[0]
        assert "on=2010-07-15" in steps and "on=2015-05-05" in steps

    def test_what_cannot_be_read_steps_nowhere(self, strict: Desks) -> None:
        person = strict[0].person()
        assert 'class="steps"' not in card(strict[0], person, on="31.02.2020")


class TestPicture:
    def test_of_nobody_without_a_residence(self, strict: Desks) -> None:
        page_ = card(strict[0], strict[0].person())
        assert "<svg" not in page_ and "Чинного місця проживання немає" in page_

    def test_of_sixty_with_the_numbers_of_the_table(self, strict: Desks) -> None:
        desk = strict[0]
        person, homes = desk.person(birth_date="1930-01-01"), [desk.dwelling(str(one)) for one in (1, 2)]
        for number in range(60):
            desk.settled(person, homes[number % 2], since=f"{1950 + number}-02-03")
        page_ = card(desk, person)
        picture = page_[page_.index("<svg") : page_.index("</svg>")]
        assert picture.count('<rect class="ours"') == 59 and picture.count('<rect class="open"') == 1
        assert sorted(map(int, re.findall(r'class="no"[^>]*>(\d+)', page_))) == list(range(1, 61))
        assert "<title>60 · вул. " in picture
        assert "style=" not in picture and "періоди" in page_.lower()

    def test_what_counts_no_more_on_request_alone_and_a_diamond_where_something_waits(self, strict: Desks) -> None:
        desk, head = strict
        person = desk.person()
        residence = desk.settled(person, desk.dwelling())
        assert 'class="mark"' not in card(desk, person)
        asked = desk.post(
            f"/persons/{person}/residences/{residence}/annulment", {"basis": "рішення суду", "revives": False}
        )
        assert 'class="mark"' in card(desk, person)
        head.act(f"/applications/{asked.json()['application']}/approval")
        assert "<svg" not in card(desk, person) and 'class="gone"' in card(desk, person, all="1")
        assert 'class="gone"' not in plain(card(desk, person))


class TestWork:
    def test_extracts_with_their_state_and_none_of_later(self, strict: Desks) -> None:
        desk, head = strict
        person = desk.person()
        residence = desk.settled(person, desk.dwelling())
        moment = desk.registry.recorded_at(desk.registry.position())
        assert moment and "Видані витяги" not in card(desk, person)
        desk.client.post(f"/persons/{person}/extracts", data=form_of(card(desk, person)))
        page_ = card(desk, person)
        assert "Видані витяги" in page_ and "чинний" in page_ and 'href="/extracts/' in page_
        said = {"since": "2010-07-16", "reason": "описка"}
        asked = desk.post(f"/persons/{person}/residences/{residence}/correction", said).json()["application"]
        head.act(f"/applications/{asked}/approval")
        assert "застарів" in card(desk, person)
        assert "Видані витяги" not in card(desk, person, known_at=moment.isoformat())

    def test_the_button_with_periods_sends_the_form_of_the_page(self, strict: Desks) -> None:
        desk = strict[0]
        page_ = card(desk, desk.person())
        buttons = re.findall(r'<button form="form-extract"([^>]*)>', page_)
        assert [re.findall(r'name="history" value="1"', one) for one in buttons] == [[], ['name="history" value="1"']]
        assert len(re.findall(r'class="(?:button )?main"', page_)) == 1 and 'id="form-extract"' in page_

    @pytest.mark.parametrize(("role", "told"), [("clerk", False), ("head", True), ("auditor", True)])
    def test_who_looked_is_for_those_who_may_ask_it(self, strict: Desks, role: Role, told: bool) -> None:
        desk = strict[0]
        person = desk.person()
        card(desk, person)
        app: Any = desk.client.app
        who = AtWork(desk.registry, app.state.settings, desk.registry.clock()).who
        work = AtWork(desk.registry, app.state.settings, desk.registry.clock(), replace(who, roles=frozenset({role})))
        found = person_card.looks(work, UUID(person), PageTimes(work, TimesForm()))
        assert bool(found) == told
        if found:
            assert found[0]["action_uk"] and person not in str(found)


@pytest.fixture
def crowded(database_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where a server is, and somebody with neighbours, a document that ended and a change that waits."""
    with opened(database_url) as registry:
        app = create_app(registry, installation(data=tmp_path, second_person=False))
        desk = Desk(TestClient(app), registry)
        who = {"surname": "Вигаданенко-Довгопридумана", "given_names": "Олександра", "patronymic": "Костянтинівна"}
        paper = {"kind": "passport_card", "number": "000000009", "valid_until": "2021-01-01"}
        said = {"particulars": {**who, "birth_date": "1990", "sex": "female"}, "documents": [paper], "confirmed": True}
        person, home = desk.act("/persons", said)["person"], desk.dwelling()
        desk.settled(person, desk.dwelling("1"), since="1999-02-03")
        residence = desk.settled(person, home, since="2010-07-15")
        neighbours(desk, home, 10)
        asking = Clerk(registry, Actor("2", "Реєстратор Друга Д. Д."), second_person=True)
        changes = {"since": "2010-07-16"}
        asking.correct_residence(
            UUID(person), command=uuid4(), residence=UUID(residence), changes=changes, reason="описка в даті"
        )
        with served(app) as at:
            yield at, person


@pytest.fixture
def address(crowded: tuple[str, str]) -> str:
    return crowded[0]


class TestInABrowser:
    def test_the_first_screen_holds_what_a_clerk_asks_first(self, page: Any, crowded: tuple[str, str]) -> None:
        page.goto(f"/persons/{crowded[1]}")
        parts = ["h1", ".head .tag.ok", ".head .tag.note", ".head .acts", ".warnings", ".address", ".beside"]
        for part in [*parts, "section.wait", "svg.timeline"]:
            box = page.locator(part).bounding_box()
            assert box and box["y"] + box["height"] <= DESK["height"], (part, box)

    def test_axe_finds_nothing_and_nothing_scrolls_sideways(self, page: Any, crowded: tuple[str, str]) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        for screen in (DESK, PHONE, NARROW, TWICE):
            page.set_viewport_size(screen)
            page.goto(f"/persons/{crowded[1]}?all=1")
            assert axe.Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_keys_step_and_ask_for_an_extract(self, page: Any, crowded: tuple[str, str]) -> None:
        # The script comes with a session; this register has no users.
        page.goto(f"/persons/{crowded[1]}")
        page.add_script_tag(url="/static/keys.js")
        with page.expect_navigation():
            page.keyboard.press("BracketLeft")
        assert "known_at=" in page.url
        page.add_script_tag(url="/static/keys.js")
        before = page.url
        with page.expect_navigation():
            page.keyboard.press("BracketRight")
        assert "known_at=" in page.url and page.url != before
        page.goto(f"/persons/{crowded[1]}")
        page.add_script_tag(url="/static/keys.js")
        with page.context.expect_page() as another:
            page.keyboard.press("KeyS")
        assert another.value

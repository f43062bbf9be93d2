"""The card of a dwelling: residents with age, its composition over the years, owners, terms, what it was and became."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from filing import strict
from given import CLERK, installation
from running import served
from starlette.testclient import TestClient
from test_api import Desk, desk
from test_pages import DESK, NARROW, TWICE, chromium, page
from test_pages_agree import OWNER, SHOWN

from api.main import create_app
from api.shapes import dwelling_card
from registry import seals, viewer
from registry.aggregates.dwelling.events import EncumbranceRecorded, LeaseRecorded, Owner, OwnersRecorded
from registry.aggregates.person.events import Particulars, PersonEntered, ResidenceRegistered
from registry.opening import opened
from registry.storage.mapper import kyiv_day

__all__ = ["chromium", "desk", "page", "strict"]


def card(desk: Desk, home: str, **times: Any) -> str:
    answer = desk.client.get(f"/dwellings/{home}", params=times)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\u00a0", " ")


def part(page_: str, of: str) -> str:
    """The section of a heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{of}".*?</section>', page_, re.DOTALL)
    return unescape(found[0]) if found else ""


def told(desk: Desk, home: str, *facts: Any) -> None:
    """Facts that no route of the API is for."""
    version = desk.registry.dwelling(UUID(home)).version
    desk.registry.append([(UUID(home), list(facts), version)], by=CLERK, command=uuid4())


def lives(desk: Desk, home: str, surname: str, born: str | None, since: str, **more: Any) -> str:
    person = desk.person(surname=surname, given_names="Іван", patronymic="Петрович", birth_date=born)
    desk.settled(person, home, since=since, **more)
    return person


def names(section: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/persons/[^"]*">([^<]*)</a>', section)


class TestResidents:
    def test_the_longest_first_with_age_day_and_children(self, desk: Desk) -> None:
        home, today = desk.dwelling(), kyiv_day(desk.registry.clock())
        lives(desk, home, "Друга", f"{today.year - 9}-01-01", f"{today.year - 2}-03-04")
        lives(desk, home, "Перша", f"{today.year - 46}-01-01", "2009-03-14")
        lives(desk, home, "Третя", f"{today.year - 4}-01-01", f"{today.year - 1}-03-04")
        there = part(card(desk, home), "residents")
        assert names(there) == [f"{one} Іван Петрович" for one in ("Перша", "Друга", "Третя")]
        assert "3 особи" in there and "2 дитини" in there and "14.03.2009" in there
        assert re.findall(r'class="number">([^<]*)<', there) == ["46 років", "9 років", "4 роки"]

    def test_who_is_of_age_on_the_day_is_no_child(self, desk: Desk) -> None:
        home = desk.dwelling()
        lives(desk, home, "Вигаданенко", "2002-05-06", "2010-01-01")
        assert "дитина" in part(card(desk, home, on="2020-05-05"), "residents")
        assert "дитина" not in part(card(desk, home, on="2020-05-06"), "residents")

    def test_an_owner_who_lives_there_is_said_to_be(self, desk: Desk) -> None:
        home = desk.dwelling()
        person = lives(desk, home, "Власниченко", "1980-05-06", "2010-01-01")
        lives(desk, home, "Інша", "1981-05-06", "2011-01-01")
        told(desk, home, OwnersRecorded(owners=(Owner(name="Власниченко І. П.", share="1/2", person=UUID(person)),)))
        there = part(card(desk, home), "residents")
        assert there.count("власник") == 1 and there.index("власник") < there.index("Інша")

    def test_the_api_tells_all_by_their_marks_or_a_crowd_page_by_page(self, desk: Desk) -> None:
        home = desk.dwelling("40")
        path = f"/dwellings/{home}/residents"
        ids = [
            lives(desk, home, f"Вигаданенко{letter}", None, f"20{year}-01-01")
            for letter, year in zip("абвгґ", ("12", "10", "14", "11", "13"), strict=True)
        ]
        whole = desk.get(path).json()
        assert sorted(ids) == sorted(row["person_id"] for row in whole["answer"]) and whole["next"] is None
        marks = [row["person_ref"] for row in whole["answer"]]
        assert marks == sorted(marks) and desk.get(path, limit=5).json() == whole
        first = desk.get(path, limit=2).json()
        # Who comes after the first page was read is not on the next ones: they are of the same position.
        lives(desk, home, "Пізніша", None, "2009-01-01")
        pages = [first]
        while pages[-1]["next"]:
            pages.append(desk.get(path, limit=2, after=pages[-1]["next"]).json())
        assert [len(one["answer"]) for one in pages] == [2, 2, 1]
        assert {one["position"] for one in pages} == {whole["position"]}
        came = [row["since"] for one in pages for row in one["answer"]]
        assert came == sorted(came) and sorted(ids) == sorted(
            row["person_id"] for one in pages for row in one["answer"]
        )
        for wrong in ("7", "7.", "-1.2", "1.2.3", "x.1"):
            assert desk.get(path, after=wrong).status_code == 422, wrong
        assert desk.get(path, limit=501).status_code == desk.get(path, after="900000000.0").status_code == 422
        over = desk.get(path, **{"from": "2010-01-01", "until": "2015-01-01"}).json()
        assert "next" not in over and over["answer"][0]["persons"]

    def test_a_dormitory_is_paged_and_quick(self, desk: Desk) -> None:
        home = desk.dwelling("40")
        crowd(desk, home, 900)
        before = time.monotonic()
        first = card(desk, home)
        took = time.monotonic() - before
        assert len(names(part(first, "residents"))) == dwelling_card.RESIDENTS and "900 осіб" in first
        assert took < 2, took
        assert len(set(re.findall("/persons/[0-9a-f-]*", first))) <= dwelling_card.RESIDENTS + dwelling_card.LINES
        further = unescape(re.findall(r'href="([^"]*page=2)#residents"', first)[0])
        second = desk.client.get(further).text
        assert not set(names(part(first, "residents"))) & set(names(part(second, "residents")))
        assert len(names(part(card(desk, home, page="9"), "residents"))) == 100
        assert names(part(card(desk, home, page="хто"), "residents")) == names(part(first, "residents"))

    def test_so_is_the_card_of_one_that_became_another(self, desk: Desk) -> None:
        home, new = desk.dwelling("40"), desk.dwelling("41")
        crowd(desk, home, 300)
        desk.act(f"/dwellings/{home}/extracts", {**OWNER, **SHOWN})
        said = {"successor": new, "since": "2024-01-01", "reason": "рішення"}
        desk.act(f"/dwellings/{home}/readdressing", said)
        before = time.monotonic()
        assert "застарів" in part(card(desk, home), "issued")
        assert time.monotonic() - before < 2


def crowd(desk: Desk, home: str, count: int) -> None:
    """Many who live in one dwelling, recorded in one act."""
    lines: list[Any] = []
    for number in range(count):
        who = Particulars(
            surname=f"Гуртожитченко{number:03}", given_names="Іван", birth_date=f"{1990 + number % 10}-02-03"
        )
        since = str(date(2015, 1, 1) + timedelta(number))
        lived = ResidenceRegistered(residence=uuid4(), dwelling=UUID(home), since=since)
        lines.append((uuid4(), [PersonEntered(particulars=who), lived], 0))
    desk.registry.append(lines, by=CLERK, command=uuid4())


class TestComposition:
    def test_a_line_a_person_those_of_now_first_and_the_same_as_a_table(self, strict: Sequence[Desk]) -> None:
        desk = strict[0]
        home, other = desk.dwelling(), desk.dwelling("9")
        left = lives(desk, home, "Колишній", "1950-01-01", "1998-06-02")
        desk.settled(left, other, since="2019-01-19")
        age = kyiv_day(desk.registry.clock()).year - 1980
        lives(desk, home, "Теперішній", "1980-01-01", "2009-03-14")
        there = part(card(desk, home), "lived")
        picture = there[there.index("<svg") : there.index("</svg>")]
        assert re.findall(r'<text x="0"[^>]*>([^<]*)', picture) == [
            f"Теперішній І. П., {age}",
            "Колишній І. П.",
        ]
        assert picture.count('class="open"') == 1 and picture.count('class="ours"') == 1 and "style=" not in picture
        table = there[there.index("<table") :]
        assert names(table) == ["Теперішній Іван Петрович", "Колишній Іван Петрович"]
        assert "02.06.1998" in table and "19.01.2019" in table and "по цей час" in table

    def test_what_was_annulled_is_dashed_and_counts_in_no_headcount(self, strict: Sequence[Desk]) -> None:
        desk, head = strict
        home = desk.dwelling()
        person = desk.person(surname="Помилкова")
        residence = desk.settled(person, home, since="2020-01-01")
        said = {"basis": "рішення суду", "revives": False}
        asked = desk.post(f"/persons/{person}/residences/{residence}/annulment", said).json()["application"]
        head.act(f"/applications/{asked}/approval")
        page_ = card(desk, home)
        assert 'class="gone"' in part(page_, "lived") and "скасоване" in part(page_, "lived")
        assert "0 осіб" in part(page_, "residents") and "Помилкова" not in part(page_, "residents")

    def test_of_nobody_there_is_no_picture(self, desk: Desk) -> None:
        assert "<svg" not in card(desk, desk.dwelling())

    def test_more_lines_than_a_page_are_paged(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dwelling_card, "LINES", 2)
        home = desk.dwelling()
        for number in range(3):
            lives(desk, home, f"Лінійна{number}", "1980-01-01", f"201{number}-01-01")
        first = card(desk, home, on="2021-01-01")
        assert "1–2 з 3" in part(first, "lived")
        further = unescape(re.findall(r'href="([^"]*line=2)#lived"', first)[0])
        assert "on=2021-01-01" in further
        second = desk.client.get(further).text
        assert len(names(part(second, "lived"))) == 1 and "3–3 з 3" in part(second, "lived")

    def test_of_a_crowd_those_of_the_day_are_drawn(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        home, other = desk.dwelling(), desk.dwelling()
        left = lives(desk, home, "Колишня", "2015-01-01", "2015-01-01")
        desk.settled(left, other, since="2018-01-01")
        for number in range(3):
            lives(desk, home, f"Гуртова{number}", "2015-01-01", f"201{number + 6}-01-01")
        whole = card(desk, home)
        assert "Колишня" in part(whole, "lived") and "3 дитини" in part(whole, "residents")
        monkeypatch.setattr(dwelling_card, "LINES", 2)
        monkeypatch.setattr(dwelling_card, "CROWD", 2)
        crowd = card(desk, home)
        drawn = part(crowd, "lived")
        assert names(drawn) == [f"Гуртова{n} Іван Петрович" for n in range(2)] and "1–2 з 3" in drawn
        assert "забагато осіб" in drawn and "Колишня" not in drawn
        there = part(crowd, "residents")
        assert "3 особи" in there and "дитин" not in there

    def test_nothing_recorded_later_is_on_it(self, desk: Desk) -> None:
        home = desk.dwelling()
        lives(desk, home, "Раніша", "1980-01-01", "2010-01-01")
        moment = desk.registry.recorded_at(desk.registry.position())
        assert moment
        lives(desk, home, "Пізніша", "1981-01-01", "2005-01-01")
        then = card(desk, home, known_at=moment.isoformat())
        assert "Пізніша" not in then and then.count("<rect") == 1 + then.count('class="unsure"')

    def test_steps_lead_to_the_days_on_which_somebody_came_or_left(self, desk: Desk) -> None:
        home = desk.dwelling()
        lives(desk, home, "Раніша", "1980-01-01", "2010-01-01")
        lives(desk, home, "Пізніша", "1981-01-01", "2015-01-01")
        steps = re.findall(r'<nav class="steps".*?</nav>', card(desk, home, on="2012-01-01"), re.DOTALL)[0]
        assert "on=2010-01-01" in steps and "on=2015-01-01" in steps


class TestHidden:
    def test_rows_and_lines_stay_and_say_nothing(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        home, today = desk.dwelling(), kyiv_day(desk.registry.clock())
        person = lives(desk, home, "Прихована", str(today - timedelta(2000)), "2022-02-03")
        lives(desk, home, "Видима", "1980-01-01", "2023-02-03")
        owner = Owner(name="Прихована І. П.", share="1/2", person=UUID(person))
        told(desk, home, OwnersRecorded(owners=(owner,)), LeaseRecorded(number="5", lessee=UUID(person), tenant="П."))

        class Denies:
            sees_everything = False

            def sees(self, one: UUID) -> bool:
                return str(one) != person

        monkeypatch.setattr(seals, "viewer_of", lambda *_: Denies())
        page_ = card(desk, home)
        assert "Прихована" not in page_ and person not in page_ and "Видима" in page_
        there = part(page_, "residents")
        assert viewer.HIDDEN in there and "2 особи" in there and "дитина" not in there and "власник" not in there
        assert there.count('class="number">—') == 1
        assert part(page_, "lived").count("<rect") == 2 and part(page_, "lived").count(viewer.HIDDEN) == 2
        assert viewer.HIDDEN in part(page_, "owners") and "1/2" in part(page_, "owners")
        assert viewer.HIDDEN in part(page_, "leases")


class TestTerms:
    def test_owners_with_shares_and_links_to_those_whom_we_have(self, desk: Desk) -> None:
        home, person = desk.dwelling(), desk.person(surname="Власниченко")
        assert "не внесено" in part(card(desk, home), "owners")
        owners = (Owner(name="Власниченко О.", share="3/4", person=UUID(person)), Owner(name="Чужий <b>"))
        told(desk, home, OwnersRecorded(owners=owners, since="2009-02-20", basis="договір"))
        there = part(card(desk, home, on="2020-01-01"), "owners")
        assert f'href="/persons/{person}?on=2020-01-01"' in there and "3/4" in there
        assert "Чужий" in there and "частку не зазначено" in there and "з 20.02.2009" in there
        assert "Чужий <b>" not in card(desk, home)

    def test_a_lease_has_its_last_day(self, desk: Desk) -> None:
        terms: list[tuple[str | None, str, str, bool]] = [
            ("2027-01-31", "2026-12-01", "діє до 31.01.2027", False),
            ("2027-01-31", "2026-12-02", "ще 60 днів", False),
            ("2027-01-31", "2026-12-31", "ще 31 день", False),
            ("2027-01-31", "2027-01-31", "ще 0 днів", False),
            ("2027-01-31", "2027-02-01", "закінчено", True),
            ("2027", "2027-12-31", "ще 0 днів", False),
            (None, "2026-11-30", "без строку", False),
        ]
        home = desk.dwelling()
        for until, on, said, over in terms:
            told(desk, home, LeaseRecorded(number="14", since="2019-02-01", until=until, tenant="Вигаданий Орендар"))
            there = part(card(desk, home, on=on), "leases")
            assert "№ 14" in there and "Вигаданий Орендар" in there and said in there, there
            assert ("<details" in there) == over

    def test_a_terminated_lease_is_over_before_its_term(self, desk: Desk) -> None:
        home, person = desk.dwelling(), desk.person(surname="Орендаренко")
        lease = LeaseRecorded(
            number="", until="2030-01-01", lessee=UUID(person), terminated_on="2024-05-06", basis="угода"
        )
        told(desk, home, lease)
        now, before = (part(card(desk, home, on=day), "leases") for day in ("2024-05-06", "2024-05-05"))
        assert "закінчено" in now and "розірвано з 06.05.2024" in now and "закінчено" not in before
        assert f"/persons/{person}" in now and "Орендаренко" in now

    def test_encumbrances_with_their_kind_and_end(self, desk: Desk) -> None:
        home = desk.dwelling()
        assert part(card(desk, home), "encumbrances") == ""
        told(
            desk,
            home,
            EncumbranceRecorded(kind="mortgage", number="99-0417", until="2029-02-20", holder="АТ «Вигаданий банк»"),
            EncumbranceRecorded(kind="forbids_registration", number="99-0102", since="2013-04-11", until="2014-09-30"),
        )
        there = part(card(desk, home, on="2026-11-30"), "encumbrances")
        assert "Іпотека № 99-0417" in there and "діє до 20.02.2029" in there and "АТ «Вигаданий банк»" in there
        assert "Припинені: 1" in there and there.index("Іпотека") < there.index("Заборона реєстрації")
        last, after = (part(card(desk, home, on=day), "encumbrances") for day in ("2029-02-19", "2029-02-20"))
        assert "Припинені: 1" in last and "ще 1 день" in last and "Припинені: 2" in after


class TestSuccession:
    def test_what_it_became_and_what_it_was_are_links_with_both_times(self, desk: Desk) -> None:
        old, new = desk.dwelling("1"), desk.dwelling("2")
        person = lives(desk, old, "Перенесена", "1980-01-01", "2010-01-01")
        said = {"successor": new, "since": "2024-01-01", "reason": "рішення № 7"}
        desk.act(f"/dwellings/{old}/readdressing", said)
        was, now = card(desk, old, on="2024-02-03"), card(desk, new, on="2024-02-03")
        assert f'href="/dwellings/{new}?on=2024-02-03"' in was and "рішення № 7" in was and "буд. 2" in was
        assert f'href="/dwellings/{old}?on=2024-02-03"' in part(now, "what") and "буд. 1" in part(now, "what")
        assert person in part(now, "residents") and person not in part(was, "residents")
        assert "перенумеровано" in part(now, "lived")


class TestExtracts:
    def test_those_about_residents_with_their_state(self, strict: Sequence[Desk]) -> None:
        desk = strict[0]
        home = desk.dwelling()
        lives(desk, home, "Мешканенко", "1980-01-01", "2010-01-01")
        assert "Видані витяги" not in card(desk, home)
        desk.act(f"/dwellings/{home}/extracts", {**OWNER, **SHOWN})
        there = part(card(desk, home), "issued")
        assert "чинний" in there and 'href="/extracts/' in there
        lives(desk, home, "Новий", "1990-01-01", "2011-01-01")
        assert "застарів" in part(card(desk, home), "issued")


@pytest.fixture
def full(database_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server, and a dwelling with everything that a card can tell."""
    with opened(database_url) as registry:
        app = create_app(registry, installation(data=tmp_path, second_person=False))
        desk = Desk(TestClient(app), registry)
        old, home, away = desk.dwelling("1"), desk.dwelling("10"), desk.dwelling("3")
        gone = lives(desk, home, "Гай-Вигаданенко", "1940-01-01", "1998-06-02")
        desk.settled(gone, away, since="2019-01-19")
        for number, name in enumerate(("Вигаданенко-Довгопридумана", "Чумаченко", "Чумаченка")):
            lives(desk, home, name, f"{1975 + 17 * number}-03-04", f"20{10 + number}-08-11")
        lives(desk, old, "Перенесенко", "1971-02-03", "2001-01-01")
        desk.act(f"/dwellings/{old}/readdressing", {"successor": home, "since": "2020-01-01", "reason": "рішення № 7"})
        until = str(kyiv_day(registry.clock()) + timedelta(30))
        told(
            desk,
            home,
            OwnersRecorded(
                owners=(Owner(name="Гай-Вигаданенко О. Р.", share="1/4", person=UUID(gone)),), since="2009-02-20"
            ),
            LeaseRecorded(number="14", since="2026-02-01", until=until, tenant="Вигаданий Орендар"),
            LeaseRecorded(number="3", since="2020-02-01", until="2021-02-01", tenant="Колишній Орендар"),
            EncumbranceRecorded(kind="mortgage", number="99-0417", until="2039-02-20", holder="АТ «Вигаданий банк»"),
        )
        with served(app) as at:
            yield at, home


@pytest.fixture
def address(full: tuple[str, str]) -> str:
    return full[0]


class TestInABrowser:
    def test_axe_finds_nothing_and_nothing_scrolls_sideways(self, page: Any, full: tuple[str, str]) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        for screen in (DESK, NARROW, TWICE):
            page.set_viewport_size(screen)
            page.goto(f"/dwellings/{full[1]}")
            for details in page.locator("details.same summary").all():
                details.click()
            assert axe.Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/dwelling-{screen['width']}.png", full_page=True)

    def test_the_first_screen_holds_who_lives_there_and_the_terms(self, page: Any, full: tuple[str, str]) -> None:
        page.goto(f"/dwellings/{full[1]}")
        for what in ("h1", "#residents", "section.now tbody tr:last-child", "#owners", "#leases", "#lived"):
            box = page.locator(what).first.bounding_box()
            assert box and box["y"] + box["height"] <= DESK["height"], (what, box)

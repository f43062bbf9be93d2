"""The first page of the desk: what waits and with whom, what was not sent, the last cards, the coming month."""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from browsing import Window, shown, user_of
from callers import of_machine
from clerks import Clerk
from filing import BORN, DAY, LEAVE, MOVE, NEXT, PROOF, about, filed, received
from given import CLERK, NAMED, anywhere, application
from running import served
from test_api import Desk, desk
from test_outbox_acts import moved
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry import coming, texts
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.dwelling.events import DwellingSucceeded, LeaseRecorded
from registry.aggregates.person.events import Document, OccupiedAddressNoted, ParticularsUpdated
from registry.aggregates.territory.events import TerritoryEntered, entry_id
from registry.aggregates.values import Actor
from registry.coming import Month
from registry.queue import SHOWN
from registry.services.terms import months_after
from registry.settings import Settings
from registry.viewer import HIDDEN

__all__ = ["chromium", "desk"]
TODAY = date(2026, 11, 30)
MARK = {"basis": "рішення суду", "since": "2024-02-01"}


def plain(page: str) -> str:
    """The words of the main part of a page, with one blank between them."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def home(desk: Desk, moment: str | None = None) -> str:
    """The page as it is at a moment of Kyiv."""
    desk.clock.moment = moment
    answer = desk.client.get("/")
    desk.clock.moment = None
    assert answer.status_code == 200, answer.text
    return answer.text


def groups(page: str) -> dict[str, int]:
    """How many wait, by the group."""
    return {name: int(count) for name, count in re.findall(r'href="#(\w+)">[^<]*<span class="n \w+">(\d+)<', page)}


def row(page: str, code: str) -> str:
    """The row of the queue with a code, in words."""
    found = [one for one in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if code in one.replace("\u00a0", "")]
    assert len(found) == 1, page
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def coded(desk: Desk, application: str) -> str:
    return str(desk.get(f"/applications/{application}").json()["code"])


def window(desk: Desk, role: Any = "clerk", login: str = "olena") -> Window:
    """A browser of somebody with this role."""
    user_of(desk.registry, login, role)
    found = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    found.sign_in(login)
    return found


def told(desk: Desk, stream: str, *facts: Any) -> None:
    """Facts as an act of the desk would have made them."""
    after = len(desk.registry.entries(UUID(stream)))
    desk.registry.append([(UUID(stream), list(facts), after)], by=CLERK, command=uuid4())


def lives(desk: Desk, house: str, **particulars: Any) -> tuple[str, str, str]:
    """Somebody with a residence: who, where, and its id."""
    person, dwelling = desk.person(given_names=f"Оксана {house}", **particulars), desk.dwelling(house)
    return person, dwelling, desk.settled(person, dwelling, "2020-07-15")


def correction(desk: Desk, person: str, residence: str) -> None:
    """Asks for one that waits for a second person."""
    asking = Clerk(desk.registry, Actor("2", "Реєстратор Друга Д. Д."), second_person=True)
    changes = {"since": "2020-07-16"}
    said = {"residence": UUID(residence), "changes": changes, "reason": "описка"}
    asking.correct_residence(UUID(person), command=uuid4(), **said)


class TestTheQueue:
    def test_what_is_not_decided_today_is_overdue_after_midnight_of_kyiv(self, desk: Desk) -> None:
        person, dwelling, _ = lives(desk, "1")
        move = received(desk, **MOVE, register=about(person, dwelling=desk.dwelling("2")))
        code = coded(desk, move)
        assert groups(home(desk, f"{DAY}T00:00")) == groups(home(desk, f"{DAY}T23:59")) == {"today": 1}
        assert groups(home(desk, "2025-03-10T23:59")) == {"later": 1}
        late = home(desk, f"{NEXT}T00:00")
        assert groups(late) == {"overdue": 1} and "прострочено" in row(late, code)
        said = row(home(desk, f"{DAY}T12:00"), code)
        assert "Вигадана О." in said and "сьогодні" in said and "Вирішити" in said
        assert f'href="/applications/{move}" aria-label="Вирішити' in home(desk, f"{DAY}T12:00")
        assert dwelling not in said

    def test_what_came_by_a_machine_is_nobodys_until_a_clerk_acts(self, desk: Desk) -> None:
        person, _, _ = lives(desk, "1")
        body = filed(desk, **LEAVE, channel="diia", register=about(person))
        sent = {name: said for name, said in body.items() if name not in ("transcribed", "acted_on", "office")}
        told = desk.act("/applications", sent, **of_machine(desk.registry))
        page = home(desk, "2025-03-10T12:00")
        assert groups(page) == {"arrived": 1} and groups(home(desk, f"{DAY}T12:00")) == {"today": 1}
        said = row(page, told["code"])
        assert "вільна" in said and "завтра" in said and "Розглянути" in said
        checked = {name: body["checks"][0][name] for name in ("check", "said")}
        desk.act(f"/applications/{told['application']}/checks", checked)
        taken = row(home(desk, "2025-03-10T12:00"), told["code"])
        assert " ви " in taken and "вільна" not in taken
        assert "Реєстратор Вигадана О. О." in row(window(desk).get("/").text, told["code"])

    def test_a_newcomer_is_called_as_their_papers_say(self, desk: Desk) -> None:
        dwelling = desk.dwelling("3")
        new = {"particulars": {"surname": "Новосел", "given_names": "Тарас", "patronymic": "Тестович"}}
        new["particulars"]["birth_date"] = BORN
        one = received(desk, **MOVE, register=about({**new, "documents": PROOF}, dwelling=dwelling))
        page = home(desk, f"{DAY}T12:00")
        assert "Новосел Т. Т." in row(page, coded(desk, one))
        assert f'href="/applications/{one}"' in page

    def test_what_waits_for_approval_is_there_and_nowhere_else(self, desk: Desk) -> None:
        person, _, residence = lives(desk, "1")
        correction(desk, person, residence)
        page = home(desk)
        assert groups(page) == {"approval": 1}
        said = plain(page)
        assert "зміна №" in said and "просили" in said and "керівник" in said and "Переглянути" in said
        assert 'href="/approvals/' in page

    def test_of_a_card_that_a_later_release_brought_it_says_so(self, desk: Desk) -> None:
        desk.registry.append([(uuid4(), [application(card="c77")], 0)], by=CLERK, command=uuid4())
        assert "послуга за карткою c77" in plain(home(desk))

    def test_a_change_of_nobody_is_reviewed_too(self, desk: Desk) -> None:
        change = ChangeRequested(asked_for="territory-ended", after=0, facts=())
        desk.registry.append([(uuid4(), [change], 0)], by=CLERK, command=uuid4())
        assert 'href="/approvals/' in home(desk)

    def test_a_group_shows_its_first_and_counts_all(self, desk: Desk) -> None:
        for number in range(SHOWN + 2):
            said = application(uuid4(), card="card_1", received="2026-01-12T10:30", due_by=f"2026-01-{number + 10}")
            desk.registry.append([(uuid4(), [said], 0)], by=CLERK, command=uuid4())
        page = home(desk, "2026-02-01T12:00")
        assert groups(page) == {"overdue": SHOWN + 2}
        assert page.count('aria-label="Вирішити') == SHOWN and f"Показано {SHOWN} із {SHOWN + 2}" in page
        assert "10.01.2026" in page and "21.01.2026" not in page

    def test_of_whoever_is_hidden_only_that_it_waits(self, desk: Desk) -> None:
        person, _, _ = lives(desk, "1", surname="Потайна")
        code = coded(desk, received(desk, **LEAVE, register=about(person)))
        desk.act(f"/persons/{person}/address-protection", MARK)
        at_desk = window(desk)
        page = at_desk.get("/").text
        said = row(page, code)
        assert HIDDEN in said and "Потайна" not in page and person not in page
        assert "Вирішити" not in said and "програмою" not in said
        assert "Потайна О." in row(home(desk), code)


class TestTheRest:
    def test_a_register_that_has_just_begun_is_calm(self, desk: Desk) -> None:
        page = home(desk)
        assert "У черзі нічого немає." in page and "<table" not in page and groups(page) == {}
        assert not re.search(r'id="(unsent|cards|coming)"', page)

    def test_an_auditor_searches_and_an_administrator_sees_none_of_it(self, desk: Desk) -> None:
        auditor = window(desk, "auditor").get("/").text
        assert 'id="q"' in auditor and "Черга" not in auditor
        admin = window(desk, "admin", "anna")
        assert admin.get("/").headers["location"] == "/staff"
        assert admin.get("/coming/fourteen").status_code == 403

    def test_what_was_not_sent_leads_to_it(self, desk: Desk) -> None:
        moved(desk)
        rows = desk.get("/outbox").json()["waiting"]
        desk.act(f"/outbox/{rows[0]['id']}/failed", {"reason": "не доставлено"})
        page = home(desk, "2099-01-01T12:00")
        assert f'href="/outbox/{rows[0]["id"]}"' in page and "не вдалося" in page and "строк минув" in page
        assert f'class="n overdue">{len(rows)}<' in page
        at_desk = window(desk)
        assert f'href="/outbox">Надсилання <span class="n">{len(rows)}<' in at_desk.get("/").text
        assert 'href="/outbox">Надсилання</a>' in at_desk.get("/me").text

    def test_the_last_cards_are_those_that_one_opened_oneself_today(self, desk: Desk) -> None:
        person, dwelling, _ = lives(desk, "1")
        others = [desk.person(surname=f"Друга{'аб'[number]}") for number in range(2)]
        at_desk, other = window(desk), window(desk, "head", "halyna")
        for path in (f"/persons/{person}", f"/dwellings/{dwelling}", f"/persons/{person}"):
            assert at_desk.get(path).status_code == 200
        assert other.get(f"/persons/{others[0]}").status_code == 200
        at_desk.sends("/", page="/", q="Друга")

        def cards(of: Window) -> list[str]:
            page = of.get("/").text
            return re.findall(r'href="(/(?:persons|dwellings)/[^"]+)"', page)

        assert cards(at_desk) == [f"/persons/{person}", f"/dwellings/{dwelling}"] == cards(at_desk)
        assert cards(other) == [f"/persons/{others[0]}"]
        assert "Вигадана\u00a0О., 1990" in at_desk.get("/").text
        desk.act(f"/persons/{person}/address-protection", MARK)
        page = at_desk.get("/").text
        assert person not in page and "Вигадана" not in plain(page) and HIDDEN in page

    def test_the_last_cards_are_five_and_none_of_yesterday(self, desk: Desk) -> None:
        people = [desk.person(surname=f"Друга{letter}") for letter in "абвгде"]
        for one in people:
            assert desk.client.get(f"/persons/{one}").status_code == 200
        assert re.findall(r'href="/persons/([^"]+)"', home(desk)) == people[:0:-1]
        tomorrow = date.today() + timedelta(2)
        assert not re.findall(r'href="/persons/([^"]+)"', home(desk, f"{tomorrow}T00:30"))


class TestTheComingMonth:
    def rows(self, desk: Desk, name: str) -> list[str]:
        """The ids of whom a list is about, in its order; its page says as many as the home."""
        desk.clock.moment = f"{TODAY}T12:00"
        page, front = desk.client.get(f"/coming/{name}"), desk.client.get("/").text
        desk.clock.moment = None
        assert page.status_code == 200, page.text
        found = re.findall(r'class="hit" href="/(?:persons|dwellings)/([^"]+)"', page.text)
        counted = re.search(rf'href="/coming/{name}">[^<]*</a> <b class="number">(\d+)<', front)
        assert (int(counted[1]) if counted else 0) == len(found)
        return found

    @pytest.mark.parametrize(("name", "year"), [("fourteen", 2012), ("eighteen", 2008)])
    def test_children_who_come_of_age_from_today_to_the_same_day_of_the_next_month(
        self, desk: Desk, name: str, year: int
    ) -> None:
        born = [f"{year}-11-29", f"{year}-11-30", f"{year}-12-30", f"{year}-12-31", f"{year}-12", str(year)]
        people = [lives(desk, str(number), birth_date=day)[0] for number, day in enumerate(born, 1)]
        desk.person(surname="Ніде", birth_date=f"{year}-12-05")
        assert self.rows(desk, name) == people[1:3]

    def test_permits_and_leases_that_end(self, desk: Desk) -> None:
        ends = ["2026-11-29", "2026-11-30", "2026-12-30", "2026-12-31"]
        there = [lives(desk, str(number), surname="Чужинська") for number, _ in enumerate(ends, 1)]
        for (person, dwelling, residence), day in zip(there, ends, strict=True):
            permit = (Document(kind="temporary_permit", number="900000001", valid_until=day),)
            told(desk, person, ParticularsUpdated(changes=(), documents=permit, basis="посвідка"))
            said = {"number": "7", "lessee": UUID(person), "of_residence": UUID(residence)}
            told(desk, dwelling, LeaseRecorded(**said, until=day))
        assert self.rows(desk, "permits") == self.rows(desk, "leases") == [there[1][0], there[2][0]]
        # Prolonged, or ended by whoever moved: neither comes any more.
        told(desk, there[1][1], LeaseRecorded(**{**said, "lessee": UUID(there[1][0])}, until="2028-01-01"))
        desk.core("deregister_residence", there[2][0], residence=there[2][2], until="2025-01-01")
        assert self.rows(desk, "leases") == self.rows(desk, "permits")[1:] == []

    def test_a_lease_of_nobody_leads_to_its_dwelling_as_it_is_numbered_now(self, desk: Desk) -> None:
        old, new = desk.dwelling("1"), desk.dwelling("2")
        told(desk, old, LeaseRecorded(number="7", until="2026-12"))
        assert self.rows(desk, "leases") == []
        told(desk, old, LeaseRecorded(number="7", until="2026-12-05"))
        told(desk, old, DwellingSucceeded(successor=UUID(new), since="2025-01-01", reason="перенумерація"))
        assert self.rows(desk, "leases") == [new]

    def test_addresses_kept_by_an_entry_that_ends(self, desk: Desk) -> None:
        code = "UA12060170010065850"
        entries = []
        for number, until in enumerate(("2026-11-29", "2026-11-30", "2026-12-30", "2026-12-31", None)):
            since = f"2022-03-0{number + 1}"
            said = {"name": "Вигадана громада", "code": code, "kind": "occupied", "since": since, "until": until}
            entry = entry_id(code, "occupied", since)
            desk.registry.append([(entry, [TerritoryEntered(**said, source="list")], 0)], by=CLERK, command=uuid4())
            person, dwelling, residence = lives(desk, str(number))
            noted = {"residence": UUID(residence), "dwelling": UUID(dwelling), "list_entry": "II.4"}
            told(desk, person, OccupiedAddressNoted(**noted, territory=entry))
            entries.append(person)
        assert self.rows(desk, "territories") == entries[1:3]

    def test_whoever_is_hidden_is_counted_and_not_told(self, desk: Desk) -> None:
        person, dwelling, _ = lives(desk, "1", birth_date="2012-12-05")
        told(desk, dwelling, LeaseRecorded(number="7", lessee=UUID(person), until="2026-12-05"))
        desk.act(f"/persons/{person}/address-protection", MARK)
        at_desk = window(desk)
        desk.clock.moment = f"{TODAY}T12:00"
        at_desk.sign_in()
        for name in ("fourteen", "leases"):
            page = at_desk.get(f"/coming/{name}").text
            assert HIDDEN in page and person not in page and dwelling not in page and "Вигадана" not in plain(page)
        assert 'href="/coming/fourteen">' in at_desk.get("/").text
        desk.clock.moment = None

    def test_page_by_page(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(coming, "PAGE", 2)
        monkeypatch.setattr(coming.page, "__kwdefaults__", {"number": 1, "size": 2})
        for number in range(3):
            lives(desk, str(number), birth_date="2012-12-05")
        desk.clock.moment = f"{TODAY}T12:00"
        first, second = (desk.client.get(f"/coming/fourteen?page={number}").text for number in (1, 2))
        assert [page.count('class="hit"') for page in (first, second)] == [2, 1]
        assert 'href="/coming/fourteen?page=2"' in first and 'href="/coming/fourteen?page=1"' in second
        assert "page=3" not in second and "page=0" not in first
        desk.clock.moment = None

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/coming/all", 404), ("/coming/fourteen?page=0", 422), ("/coming/fourteen?page=друга", 422)],
    )
    def test_what_is_not_there_is_refused_in_words(self, desk: Desk, path: str, status: int) -> None:
        answer = desk.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == status and "<h1" in answer.text

    def test_29_february_comes_with_1_march_where_the_year_has_none(self) -> None:
        assert coming.birthday(date(2012, 2, 29), 14) == date(2026, 3, 1)
        assert coming.birthday(date(2012, 2, 28), 14) == date(2026, 2, 28)
        assert coming.birthday(date(2010, 2, 28), 18) == date(2028, 2, 28)

        def asked(first: date, years: int) -> tuple[str, str]:
            name = {one: name for name, one in coming.AGES.items()}[years]
            said = coming.LISTS[name](Month(first))[2]
            return said["born_after"], said["born_by"]

        for first in (date(2026, 1, 28), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1), date(2028, 1, 29)):
            for years in (14, 18):
                after, by = asked(first, years)
                for born in (date(first.year - years, 2, 28), date(first.year - years, 3, 1)):
                    there = first <= coming.birthday(born, years) <= Month(first).last
                    assert (after < born.isoformat() <= by) == there, (first, born)
        leap = date(2012, 2, 29).isoformat()
        assert [low < leap <= high for low, high in (asked(date(2026, 1, 28), 14), asked(date(2026, 3, 1), 14))] == [
            False,
            True,
        ]


@pytest.fixture
def filled(desk: Desk) -> Iterator[Desk]:
    """A desk where every part of the page has something."""
    soon = months_after(date.today() + timedelta(1), -14 * 12).isoformat()
    person, _, residence = lives(desk, "1", birth_date=soon)
    long, _, _ = lives(desk, "2", surname="Довгопрізвищенко-Вигадана")
    received(desk, **LEAVE, register=about(long))
    correction(desk, person, residence)
    moved(desk, "8")
    yield desk


@pytest.mark.parametrize("screen", [DESK, TWICE, NARROW], ids=["desk", "twice", "narrow"])
def test_in_a_browser_with_axe_by_keys(filled: Desk, chromium: Any, screen: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    user_of(filled.registry)
    with served(create_app(filled.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, to="/")
        page.locator("#q:focus").wait_for()
        page.wait_for_load_state()

        def looked(what: str) -> None:
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{what}-{screen['width']}.png", full_page=True)

        looked("home")
        page.goto("/coming/fourteen")
        shown(page.locator("h1"))
        looked("coming")
        page.goto("/")
        page.locator("#q:focus").wait_for()
        page.wait_for_load_state()
        page.keyboard.press("Escape")
        page.keyboard.press("Slash")
        page.locator("#q:focus").wait_for()
        page.keyboard.type("довгопрізвищ")
        page.keyboard.press("Enter")
        page.locator("a.hit").first.wait_for()
        assert "Довго" not in page.title() and texts.say("home_page", "title") not in page.title()
        context.close()

"""The head's page, the journal and the cash sheet of a day: every number against acts made by hand, on both sides of
midnight in Kyiv; who sees whose; what a bad day answers."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from browsing import Window, user_of
from callers import bearer, key_of
from clerks import Clerk
from clocks import StoppedClock
from filing import LEAVE, MOVE, NOTICE, about, filed
from given import CLERK, NAMED, founded, installation
from running import served
from starlette.testclient import TestClient
from test_api import Desk
from test_pages import PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from api.routes import day_lists as lists
from api.routes import days as pages
from registry import days
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.days import DecidedCase
from registry.opening import opened
from registry.roles import Role
from registry.settings import Settings
from registry.staff import sessions, users, visits
from registry.viewer import HIDDEN

__all__ = ["chromium"]

DAY, NEXT = "2025-03-11", "2025-03-12"
BARE = {"documents": [], "consents": []}


class Office:
    """A head and two clerks at one register, whose clock stands where a test says."""

    def __init__(self, registry: Registry, clock: StoppedClock, folder: Path) -> None:
        self.registry, self.clock, self.folder = registry, clock, folder
        founded(registry)
        self.by = {name: self.desk(name) for name in ("head", "clerk", "other")}
        self.home, self.old = self.by["head"].dwelling("1"), self.by["head"].dwelling("2")

    def desk(self, name: str) -> Desk:
        roles: frozenset[Role] = frozenset({"head" if name == "head" else "clerk"})
        said = {"data": self.folder, "actor_id": name, "actor_name": f"Вигадана {name}", "roles": roles}
        return Desk(TestClient(create_app(self.registry, installation(**said, second_person=False))), self.registry)

    def at(self, moment: str) -> None:
        self.clock.moment = moment

    def decided(self, by: str, **body: Any) -> dict[str, Any]:
        desk, moment = self.by[by], str(self.clock.moment)
        said = filed(desk, **{**MOVE, "received": moment, **body})
        # A refusal and a receipt for the money, as far as there is any.
        for one in said["checks"]:
            one["said"] |= {"receipt": f"квитанція {by}-1"} if one["check"] == "payment" else {}
        return desk.act("/applications", {**said, "decide": True, "acted_on": moment[:10]})

    def page(self, path: str, by: str = "head", status: int = 200) -> str:
        answer = self.by[by].client.get(path)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def numbers(self, on: str) -> dict[str, str]:
        """The numbers of a day, by what they count."""
        found = re.findall(r"<strong>([^<]+)</strong> <small>([^<]+)</small>", self.page(f"/day?on={on}"))
        return {what: number for number, what in found}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    clock = StoppedClock("2025-03-03T08:00")
    with opened(database_url, clock=clock) as registry:
        yield Office(registry, clock, tmp_path)


def rows_of(page: str) -> list[list[str]]:
    """The cells of the bodies of tables, as text."""
    bodies = "".join(re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL))
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", bodies, re.DOTALL)
    ]


def visit(office: Office, began: str, ended: str | None) -> None:
    by, moments = Actor(str(uuid4()), "Вигадана О. О."), [began, ended]
    instants = [datetime.fromisoformat(one).replace(tzinfo=UTC) if one else None for one in moments]
    staff = office.registry.staff
    begun = visits.begin(staff, by=by, purpose="application", office=None, now=instants[0] or datetime.now(UTC))
    if instants[1]:
        visits.end(staff, begun.id, by=by, now=instants[1])


class TestTheDay:
    def test_counts_what_was_recorded_on_it_in_kyiv_and_nothing_else(self, office: Office) -> None:
        people = [office.by["head"].person(surname=f"Вигаданенко{number}") for number in range(4)]
        office.at(f"{DAY}T00:00")
        office.decided("clerk", register=about(people[0], dwelling=office.home))
        office.decided("clerk", **BARE, register=about(people[1], dwelling=office.home))
        office.at(f"{DAY}T23:59")
        office.decided("other", register=about(people[2], dwelling=office.home))
        office.at(f"{NEXT}T00:00")
        office.decided("clerk", register=about(people[3], dwelling=office.home))
        # Kyiv is two hours ahead: the last minute of the tenth, two visits of the eleventh, one that goes on.
        visit(office, "2025-03-10T21:59", "2025-03-10T22:30")
        visit(office, "2025-03-10T22:00", "2025-03-10T22:10")
        visit(office, "2025-03-11T21:59", "2025-03-11T22:19")
        visit(office, "2025-03-11T10:00", None)
        said = office.numbers("11.03.2025")
        assert said == {
            "візитів почато": "3",
            "рішень": "3",
            "відмов": "1",
            "середній візит, із 2 завершених": "15 хв",
            "гривень збору за рішеннями": "136,26",
        }
        assert office.numbers(NEXT)["рішень"] == "1" and office.numbers("2025-03-10")["рішень"] == "0"

    def test_says_of_today_alone_what_is_due_and_who_works(self, office: Office) -> None:
        person = office.by["head"].person()
        office.at(f"{DAY}T10:00")
        said = filed(office.by["clerk"], **MOVE, received=f"{DAY}T10:00", register=about(person, dwelling=office.home))
        office.by["clerk"].act("/applications", {name: one for name, one in said.items() if name != "acted_on"})
        users_of = user_of(office.registry, name="Вигадана Соломія")
        assert office.numbers("")["строк сьогодні"] == "1"
        sessions.begin(office.registry.staff, users_of, now=office.clock(), terms=sessions.Terms())
        assert "Вигадана Соломія" in office.page("/day") and "Вигадана Соломія" not in office.page("/day?on=2025-03-10")
        assert users.of_login(office.registry.staff, "olena")
        office.at("2025-03-20T10:00")
        said_later = office.numbers("")
        assert (said_later["строк сьогодні"], said_later["прострочено"]) == ("0", "1")
        assert "прострочено" not in office.numbers(DAY) and "Ніхто не ввійшов" in office.page("/day")

    def test_a_day_that_is_none_is_refused_in_words(self, office: Office) -> None:
        for on in ("учора", "2025-02-30", "2025", "1999-01-01", "2025-03-04", "'; --", "0" * 200, "2025-03-04T10:00"):
            for path in ("/day", "/day/journal", "/day/cash"):
                page = office.page(f"{path}?on={on}", status=422)
                assert 'role="alert"' in page and "<table" not in page, (path, on)
            office.page(f"/day/movement.csv?on={on}", status=422)
        office.page("/day/journal?after=0", status=422)

    def test_is_the_heads_and_a_clerk_has_the_journal(self, office: Office) -> None:
        for role, status in {"clerk": 403, "auditor": 403, "admin": 403, "head": 200}.items():
            headers = bearer(key_of(office.registry, role, f"key-{role}"))  # type: ignore[arg-type]
            for path in ("/day", "/day/movement.csv", f"/day/decisions/{uuid4()}"):
                answer = office.by["head"].client.get(path, headers=headers)
                assert answer.status_code == (404 if status == 200 and "decisions" in path else status), (role, path)


class TestToReadAgain:
    def test_all_refusals_and_a_few_others_that_nobody_chooses(self) -> None:
        made = [drawn(UUID(int=number), granted=number > 2) for number in range(1, 40)]
        chosen = days.to_read_again(made, date(2025, 3, 11))
        assert [one.application.int for one in chosen][:2] == [1, 2] and len(chosen) == 2 + days.SAMPLED
        assert days.to_read_again(list(reversed(made)), date(2025, 3, 11))[::-1] == chosen
        assert days.to_read_again(made, date(2025, 3, 12)) != chosen

    def test_what_a_head_opened_since_is_read_by_them_alone(self, office: Office) -> None:
        office.by["second"] = office.desk("head")
        office.by["second"] = Desk(
            TestClient(create_app(office.registry, installation(data=office.folder, actor_id="second"))),
            office.registry,
        )
        office.at(f"{DAY}T10:00")
        person = office.by["clerk"].person()
        said = office.decided("clerk", **BARE, register=about(person, dwelling=office.home))
        page = office.page("/day")
        where = f"/day/decisions/{said['application']}"
        assert "не читано" in page and where in page
        assert "Вигадана" not in re.sub(r"Вигадана \w+", "", page) and said["code"] in page
        opened_one = office.page(where)
        assert "відмовлено" in opened_one and "Вигадана Оксана" in opened_one and said["code"] in opened_one
        assert "не читано" not in office.page("/day") and "не читано" in office.page("/day", by="second")


def drawn(application: UUID, granted: bool) -> DecidedCase:
    class Told(DecidedCase):
        is_granted = granted  # type: ignore[assignment]

    return Told(application, (), None, CLERK)  # type: ignore[arg-type]


class TestDepartures:
    def test_are_counted_of_whoever_decided_or_asked(self, office: Office) -> None:
        office.at(f"{DAY}T10:00")
        person = office.by["clerk"].person(surname="Вигаданенко")
        lives = office.by["clerk"].person(surname="Придуманий")
        office.by["clerk"].settled(lives, office.old)
        office.decided("clerk", register=about(person, dwelling=office.home))
        newcomer = {"surname": "Вигаданенко", "given_names": "Оксана", "birth_date": "1990-05-04"}
        twin = {"particulars": newcomer, "documents": [{"kind": "passport_card", "number": "000000009"}]}
        office.decided("clerk", register=about(twin, dwelling=office.home))
        doubtful = {**twin, "particulars": {"surname": "Вигадка", "birth_date": "1990-05-04", "unzr": "19900504-00012"}}
        doubtful["documents"] = [{"kind": "passport_card", "number": "000000010"}]
        office.decided("clerk", register=about(doubtful, dwelling=office.home), confirmed=True)
        told = {"ground": "court_eviction", "applicant": {"kind": "court"}, "channel": "notice", "notice": NOTICE}
        office.decided("other", **{**LEAVE, **told}, register=about(lives))
        rows = [row for row in rows_of(office.page("/day")) if len(row) == 6]
        assert rows == [["Вигадана clerk", "3", "1", "0", "0", "1"], ["Вигадана other", "1", "0", "0", "1", "0"]]
        assert [row for row in rows_of(office.page("/day?on=2025-03-03")) if len(row) == 6] == rows


class TestTheMonth:
    def test_whoever_comes_and_leaves_and_nobody_who_moves_within(self, office: Office) -> None:
        head = office.by["head"]
        away = head.dwelling("9", kind="elsewhere")
        stays, leaves, dies, comes_back = (head.person(surname=f"Вигаданенко{number}") for number in range(4))
        office.at("2025-03-28T10:00")
        head.settled(stays, office.home, "2025-03-01")
        head.settled(stays, office.old, "2025-03-10")
        head.settled(leaves, office.home, "2025-02-28")
        head.settled(leaves, away, "2025-03-11")
        head.settled(dies, office.home, "2020-01-01")
        head.core("record_death", dies, registered_on="2025-03-12", basis="актовий запис № 1")
        head.settled(comes_back, away, "2020-01-01")
        head.settled(comes_back, office.old, "2025-03-10")
        written = head.client.get("/day/movement.csv?on=2025-03-28").content.decode("utf-8-sig").splitlines()
        lines = {line.split(";")[0]: line.split(";")[1:] for line in written}
        moved = {day: counts for day, counts in lines.items() if counts != ["0", "0", "0"]}
        assert moved.pop("День") == ["Прибуло", "Вибуло", "З них померло"]
        assert moved == {
            "2025-03-01": ["1", "0", "0"],
            "2025-03-10": ["1", "0", "0"],
            "2025-03-11": ["0", "1", "0"],
            "2025-03-12": ["0", "1", "1"],
        }
        assert len(lines) == 1 + 28
        weeks = [row for row in rows_of(office.page("/day")) if len(row) == 5]
        assert weeks[0] == ["01.03 – 02.03", "1", "0", "0", "+1"] and weeks[2] == ["10.03 – 16.03", "1", "2", "1", "−1"]
        assert weeks[-1] == ["березень 2025", "2", "2", "1", "0"]


def listed(page: str) -> list[list[str]]:
    """The lines of a list of a day."""
    return [row for row in rows_of(page) if row]


class TestTheLists:
    """Each number leads to what it counts."""

    def leads(self, office: Office, page: str) -> dict[str, tuple[str, str]]:
        """Each link of a number of the page to a list: the number, and the list that it leads to."""
        found = re.findall(r'<a href="(/day/lists/[^"]+)">(?:<strong>)?([^<]+)<', page)
        return {where: (number, office.page(where)) for where, number in found}

    def test_have_as_many_lines_as_the_number_says(self, office: Office) -> None:
        office.at(f"{DAY}T10:00")
        clerk = office.by["clerk"]
        people = [clerk.person(surname=f"Вигаданенко{number}") for number in range(3)]
        clerk.settled(people[2], office.old, "2025-03-03")
        visit(office, f"{DAY}T08:00", f"{DAY}T08:10")
        office.decided("clerk", register=about(people[0], dwelling=office.home))
        office.decided("other", **BARE, register=about(people[1], dwelling=office.home))
        told = {"ground": "court_eviction", "applicant": {"kind": "court"}, "channel": "notice", "notice": NOTICE}
        office.decided("other", **{**LEAVE, **told}, register=about(people[2]))
        found = self.leads(office, office.page("/day"))
        kinds = {where.split("/")[3].split("?")[0] for where in found}
        assert kinds >= {"visits", "decisions", "refused", "came", "left", "notices"}
        for where, (number, page) in found.items():
            lines = listed(page)
            if "/visits" in where:
                assert [line[:2] for line in lines] == [["10:00", "10:10"]], lines
                continue
            assert len(lines) == int(number) and f"усього {number}" in page, (where, number, lines)
        [refused] = [page for where, (_, page) in found.items() if "/refused" in where]
        assert "відмовлено" in refused and 'href="/day/decisions/' in refused
        [came] = [page for where, (_, page) in found.items() if "/came" in where and "span=month" in where]
        assert [line[1] for line in listed(came)] == ["Вигаданенко2 О.", "Вигаданенко0 О."]
        assert all("Вигадана other" in str(line) for line in listed(office.page("/day/lists/notices?span=month")))

    def test_of_the_due_and_the_money_are_the_queue_and_the_cash_sheet(self, office: Office) -> None:
        office.at(f"{DAY}T10:00")
        page = office.page("/day")
        assert re.findall(r'<a href="(/(?:#\w+|day/cash\?on=[\d-]+))"><strong>', page) == [
            *("/#today", "/#overdue"),
            f"/day/cash?on={DAY}",
        ]

    def test_go_on_page_by_page_and_hide_whoever_is_hidden(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office.at(f"{DAY}T09:40")
        head = office.by["head"]
        people = [head.person(surname=f"Вигаданенко{number}") for number in range(3)]
        for one in people:
            head.settled(one, office.old, "2025-03-04")
        monkeypatch.setattr(lists, "PAGE", 2)
        first = office.page("/day/lists/came?span=month")
        assert len(listed(first)) == 2 and "усього 3" in first
        further = re.search(r'href="(/day/lists/came\?[^"]*page=2)"', first)
        assert further and len(listed(office.page(further[1]))) == 1
        assert office.page("/day/lists/came?span=month&page=9").count("<tr>") == 0

    def test_are_the_heads_and_of_a_known_name(self, office: Office) -> None:
        office.page("/day/lists/came", by="clerk", status=403)
        office.page("/day/lists/whoever", status=404)
        office.page("/day/lists/came?span=year", status=422)
        assert "Це не день" in office.page("/day/lists/came?on=ab", status=422)


class TestTheOffices:
    def test_a_head_has_all_and_a_clerk_their_own(self, office: Office) -> None:
        first, second = list(office.by["head"].get("/offices").json()["offices"])[:2]
        office.clock.instant = None
        office.at(f"{DAY}T09:40")
        staff = {
            login: user_of(office.registry, login, role, office=of["id"])
            for login, role, of in (("one", "clerk", first), ("two", "clerk", second), ("chief", "head", first))
        }
        mate = user_of(office.registry, "mate", "clerk", office=first["id"])
        for number, user in enumerate([staff["one"], staff["two"], mate]):
            said = Particulars(surname=f"Вигаданенко{number}", given_names="Оксана")
            Clerk(office.registry, user.actor).enter_person(command=uuid4(), particulars=said, confirmed=True)
        app = create_app(office.registry, Settings(data=office.folder, **NAMED))

        def shown(login: str, of: str = "") -> list[str]:
            with Window(app) as browser:
                browser.sign_in(login)
                answer = browser.get("/day/journal", params={"on": DAY, "office": of} if of else {"on": DAY})
                assert answer.status_code == 200 and browser.get(f"/day/cash?on={DAY}&office={of}").status_code == 200
                return re.findall(r">(Вигаданенко\d)", answer.text)

        everybody = ["Вигаданенко0", "Вигаданенко1", "Вигаданенко2"]
        assert shown("chief") == everybody
        assert shown("chief", first["id"]) == ["Вигаданенко0", "Вигаданенко2"]
        assert shown("chief", second["id"]) == ["Вигаданенко1"]
        assert shown("one") == ["Вигаданенко0"]
        assert shown("one", first["id"]) == ["Вигаданенко0", "Вигаданенко2"]
        assert shown("one", second["id"]) == ["Вигаданенко0"]


class TestTheJournal:
    def test_has_the_acts_of_a_day_in_their_order_and_a_clerk_their_own(self, office: Office) -> None:
        people = [office.by["head"].person(surname=f"Вигаданенко{number}") for number in range(2)]
        office.at(f"{DAY}T09:40")
        first = office.decided("clerk", register=about(people[0], dwelling=office.home))
        office.at(f"{DAY}T23:59")
        second = office.decided("other", **BARE, register=about(people[1], dwelling=office.home))
        office.at(f"{NEXT}T09:00")
        rows = rows_of(office.page(f"/day/journal?on={DAY}"))
        decided = [row for row in rows if row[1]]
        assert [(row[0], row[1], row[4], row[5], row[6]) for row in decided] == [
            ("09:40", first["code"], "надано", "Вигадана clerk", "45,42"),
            ("23:59", second["code"], "відмовлено", "Вигадана other", "45,42"),
        ]
        assert decided[0][3] == "Вигаданенко0 О."
        own = rows_of(office.page(f"/day/journal?on={DAY}", by="clerk"))
        assert [row for row in rows if row[5] == "Вигадана clerk"] == own and len(own) < len(rows)
        assert rows_of(office.page("/day/journal", by="clerk")) == []

    def test_goes_on_page_by_page(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        office.at(f"{DAY}T09:40")
        for number in range(5):
            office.by["clerk"].person(surname=f"Вигаданенко{number}")
        monkeypatch.setattr(pages, "PAGE", 2)
        at, found = "/day/journal", []
        while at:
            page = office.page(at, by="clerk")
            found += [row[3] for row in rows_of(page)]
            further = re.search(r'href="(/day/journal\?on=[\d-]+&after=\d+)"', page)
            at = further[1] if further else ""
        assert found == [f"Вигаданенко{number} О." for number in range(5)]

    def test_hides_whoever_the_clerk_may_not_see(self, office: Office) -> None:
        office.at(f"{DAY}T09:40")
        person = office.by["clerk"].person(surname="Вигаданенко")
        said = office.decided("clerk", register=about(person, dwelling=office.home))
        mark = {"basis": "рішення суду від 01.02.2024 № 2-17/2024", "since": "2024-02-01"}
        office.by["head"].act(f"/persons/{person}/address-protection", mark)
        for path in ("/day/journal", "/day/cash"):
            hidden, seen = office.page(path, by="clerk"), office.page(path)
            assert HIDDEN in hidden and not {said["code"], person, "Вигаданенко", "квитанція"} & set(
                re.split(r"[<>/\"]", hidden)
            )
            assert said["code"] in seen and HIDDEN not in seen


class TestTheCashSheet:
    def test_adds_up_by_hand_and_a_clerk_has_their_own(self, office: Office) -> None:
        people = [office.by["head"].person(surname=f"Вигаданенко{number}") for number in range(4)]
        for number, (moment, by) in enumerate(
            [
                (f"{DAY}T09:00", "clerk"),
                (f"{DAY}T10:00", "clerk"),
                (f"{DAY}T23:59", "other"),
                (f"{NEXT}T00:00", "clerk"),
            ]
        ):
            office.at(moment)
            office.decided(by, register=about(people[number], dwelling=office.home))
        page = office.page(f"/day/cash?on={DAY}")
        rows = rows_of(page)
        assert [(row[0], row[1], row[3], row[7]) for row in rows] == [
            ("1", "09:00", "квитанція clerk-1", "45,42"),
            ("2", "10:00", "квитанція clerk-1", "45,42"),
            ("3", "23:59", "квитанція other-1", "45,42"),
        ]
        assert "2 × 45,42 = 90,84" in page and "Квитанцій: 3. Усього: 136,26 грн" in page
        own = office.page(f"/day/cash?on={DAY}", by="other")
        assert len(rows_of(own)) == 1 and "Квитанцій: 1. Усього: 45,42 грн" in own


@pytest.mark.slow
def test_the_keys_of_the_day_lead_to_the_journal_and_the_cash_sheet(office: Office, chromium: Any) -> None:
    office.clock.instant = None
    user_of(office.registry, role="head")
    with served(create_app(office.registry, Settings(data=office.folder, **NAMED))) as address:
        page = chromium.new_page(base_url=address)
        page.set_default_timeout(PATIENCE)
        sign_in(page, "olena", to="/day")
        for key, path in {"KeyL": "/day/journal?on=*", "KeyR": "/day/cash?on=*", "KeyG": "/approvals"}.items():
            page.goto("/day")
            page.wait_for_load_state()
            page.locator("#main:focus").wait_for()
            page.keyboard.press(key)
            page.wait_for_url(f"**{path}")
        page.goto("/day/cash")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
        page.close()

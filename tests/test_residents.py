"""A resident whom the register has not yet: by JSON, and by a page that does the same; a second person agrees."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from browsing import Window, shown, user_of
from clerks import Clerk
from filing import strict
from given import CLERK, NAMED, anywhere
from running import served
from test_api import Desk, codes, desk
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_readdressing_pages import mains, plain
from test_signing_browser import sign_in
from test_updating import facts, window_of

from api.forms import NewResident
from api.main import create_app
from registry.aggregates.person.events import PersonEntered, ResidenceRegistered
from registry.settings import Settings
from replay.compare import verify

__all__ = ["chromium", "desk", "strict"]

HANNA = {"surname": "Папероваха", "given_names": "Ганна", "birth_date": "1961-02-03"}
BASIS = "картка реєстрації, ящик 3"


@pytest.fixture
def home(desk: Desk) -> str:
    return desk.dwelling()


def said(home: str, **more: Any) -> dict[str, Any]:
    return {"particulars": HANNA, "dwelling": home, "since": "1998-07", "basis": BASIS, **more}


def typed(home: str, **more: str) -> dict[str, str]:
    return {**HANNA, "dwelling": home, "since": "1998-07", "basis": BASIS, **more}


def press(window: Window, **fields: Any) -> httpx.Response:
    drawn = window.get("/residents/new").text
    command = re.findall(r'name="command" value="([^"]*)"', drawn)[0]
    return window.sends("/residents/new", page="/residents/new", **{"command": command, **fields})


class TestByJson:
    def test_is_entered_where_they_live_by_one_act(self, desk: Desk, home: str) -> None:
        made = desk.act("/residents", said(home, documents=[{"kind": "passport_booklet", "number": "АА 000001"}]))
        entered, lives = facts(desk, made["person"])
        assert isinstance(entered, PersonEntered) and isinstance(lives, ResidenceRegistered)
        assert (lives.since, lives.basis, str(lives.dwelling)) == ("1998-07", BASIS, home)
        [row] = desk.residences(made["person"])
        assert row["kind"] == "registered" and made["residence"] == row["residence_id"]
        assert desk.get("/outbox").json()["waiting"] == []
        assert verify(desk.registry).found == 0

    def test_waits_for_a_second_person_and_is_nobody_until_then(self, strict: tuple[Desk, Desk]) -> None:
        clerk, head = strict
        waits = clerk.post("/residents", said(clerk.dwelling()))
        assert waits.status_code == 202 and waits.json()["asked_for"] == "person-entered"
        assert clerk.post("/search/people", {"q": "Папероваха"}).json()["people"] == []
        where = f"/applications/{waits.json()['application']}/approval"
        assert codes(clerk.refused(where, {}))[0][0] == "same-person"
        head.act(where)
        [found] = clerk.post("/search/people", {"q": "Папероваха"}).json()["people"]
        assert [one.NAME for one in facts(clerk, found["id"])] == ["person-entered", "residence-registered"]

    @pytest.mark.parametrize(
        ("wrong", "wanted"),
        [
            ({"basis": None}, ("basis-missing", "basis")),
            ({"since": None}, ("since-missing", "since")),
            ({"since": "1950"}, ("before-birth", "since")),
            ({"dwelling": None}, ("dwelling-unknown", "dwelling")),
            ({"kind": "declared"}, ("value-unknown", "kind")),
            ({"particulars": {"birth_date": "1961-02-03"}}, ("name-missing",)),
        ],
    )
    def test_what_cannot_be_is_refused(self, desk: Desk, home: str, wrong: Any, wanted: tuple[str, ...]) -> None:
        found = codes(desk.refused("/residents", {**said(home), **wrong}))
        assert any(one[: len(wanted)] == wanted for one in found), found

    def test_both_halves_are_refused_at_once(self, desk: Desk, home: str) -> None:
        wrong = said(home, particulars={"surname": "Папероваха", "birth_date": "2999-01-01"}, since=None, basis=None)
        found = {field for _, field in codes(desk.refused("/residents", wrong))}
        assert {"particulars.birth_date"} == found
        wrong["particulars"] = {"patronymic": "Тестівна"}
        assert {field for _, field in codes(desk.refused("/residents", wrong))} >= {"since", "basis"}

    def test_a_number_of_somebody_else_and_a_home_elsewhere_are_refused(self, desk: Desk, home: str) -> None:
        desk.person(surname="Інша", unzr="19610203-00012")
        mine = said(home, particulars={**HANNA, "unzr": "19610203-00012"}, confirmed=True)
        assert codes(desk.refused("/residents", mine)) == [("unzr-taken", "particulars.unzr")]
        there = {"settlement": "м. Далеке", "street": "вул. Калинова", "house": "7"}
        far = desk.act("/dwellings", {"address": there, "kind": "elsewhere", "confirmed": True})["dwelling"]
        assert codes(desk.refused("/residents", said(far))) == [("resident-elsewhere", "dwelling")]

    def test_who_looks_like_somebody_is_asked_about(self, desk: Desk, home: str) -> None:
        there = desk.person(**HANNA)
        problem = desk.refused("/residents", said(home), 409)
        assert codes(problem)[0][0] == "perhaps-the-same" and problem["errors"][0]["candidate"]["person"] == there
        made = desk.act("/residents", said(home, distinct_from=[there], distinct_reason="паспорти звірено"))
        assert [str(one) for one in facts(desk, made["person"])[0].distinct_from] == [there]

    def test_is_tried_without_being_stored(self, desk: Desk, home: str) -> None:
        before = desk.registry.position()
        told = desk.post("/residents?dry_run=1", said(home)).json()
        [made] = told["would_record"].values()
        assert [one["name"] for one in made] == ["person-entered", "residence-registered"]
        assert desk.registry.position() == before


class TestThePage:
    def test_finds_a_dwelling_shows_what_comes_and_records_nothing(self, desk: Desk, home: str) -> None:
        window, before = window_of(desk), desk.registry.position()
        assert "/residents/new" in window.get("/services").text
        found = plain(press(window, what="find", dwelling_find="Калинова 7", **HANNA))
        assert f'value="{home}" checked' in found and 'value="Папероваха"' in found
        page = plain(press(window, what="try", **typed(home)))
        assert "Чекатиме на погодження другої особи" in page and "Просити погодження" in page
        assert "Папероваха Ганна" in page and "07.1998" in page and mains(page) == 1
        assert desk.registry.position() == before

    def test_a_press_is_one_request_and_facts_are_those_of_json(self, desk: Desk, home: str) -> None:
        asked = NewResident.model_validate(said(home)).request(UUID(home))
        tried, _ = Clerk(desk.registry, CLERK).tried(asked)
        [by_json] = tried.values()
        window = window_of(desk)
        command = "00000000-0000-4000-8000-00000000000b"
        answers = [press(window, what="record", command=command, **typed(home)) for _ in range(2)]
        [where] = {one.headers["location"] for one in answers}
        assert [one.status_code for one in answers] == [303, 303] and where.startswith("/approvals/")
        other = press(window, what="record", command=command, **{**typed(home), "surname": "Інакша"})
        assert other.status_code == 409
        head = window_of(desk, "head", "holova")
        page = head.get(where).text
        assert "Папероваха" in page and BASIS in page
        version = re.findall(r'name="version" value="(\d+)"', page)[0]
        approved = head.sends(f"{where}/approval", page=where, command=command[:-1] + "c", version=version)
        assert approved.status_code == 303, approved.text
        [found] = desk.post("/search/people", {"q": "Папероваха"}).json()["people"]
        entered, lives = facts(desk, found["id"])
        assert entered == by_json[0]
        assert (lives.since, lives.dwelling, lives.basis) == (by_json[1].since, by_json[1].dwelling, by_json[1].basis)

    def test_who_looks_like_them_stands_beside_first(self, desk: Desk, home: str) -> None:
        there, window = desk.person(**HANNA), window_of(desk)
        said = press(window, what="record", **typed(home))
        page = plain(said)
        assert said.status_code == 409 and f'href="/persons/{there}"' in page and "Вписано зараз" in page
        assert f'name="distinct_from" value="{there}"' in page and desk.registry.position() == 2
        no_reason = press(window, what="record", distinct_from=there, **typed(home))
        assert no_reason.status_code == 422 and 'href="#distinct_reason"' in no_reason.text
        other = press(window, what="record", distinct_from=there, distinct_reason="паспорти звірено", **typed(home))
        assert other.status_code == 303

    def test_what_was_taken_in_on_paper_lately_goes_on_as_an_application(self, desk: Desk, home: str) -> None:
        window = window_of(desk)
        page = press(window, what="try", how="journal", **typed(home)).text
        assert 'action="/services/register_residence"' in page and "Це заява" in page
        fields = dict(re.findall(r'name="(1-[a-z_]+)" value="([^"]*)"', page))
        fields["1-birth_date"] = "03.02.1961"
        there = window.sends("/services/register_residence", page="/residents/new", press="refresh", **fields)
        assert there.status_code == 200
        asked = plain(there)
        assert 'value="Папероваха"' in asked and "Номер у журналі" in asked and f'value="{home}" checked' in asked

    @pytest.mark.parametrize(
        ("wrong", "at"),
        [
            ({"since": ""}, "since"),
            ({"since": "колись"}, "since"),
            ({"basis": ""}, "basis"),
            ({"dwelling": ""}, "dwelling"),
            ({"dwelling": "щось"}, "dwelling"),
            ({"birth_date": "31.02.1961"}, "birth_date"),
            ({"surname": "", "given_names": ""}, "surname"),
        ],
    )
    def test_a_bad_press_is_told_beside_its_field(self, desk: Desk, home: str, wrong: Any, at: str) -> None:
        window, before = window_of(desk), desk.registry.position()
        for what in ("try", "record"):
            answer = press(window, what=what, **{**typed(home), **wrong})
            assert answer.status_code == 422 and f'id="{at}-fault"' in answer.text and f'href="#{at}"' in answer.text
        assert desk.registry.position() == before

    def test_is_for_who_may(self, desk: Desk, home: str) -> None:
        assert window_of(desk, "auditor", "revizor").get("/residents/new").status_code == 403

    def test_of_a_protected_person_nothing_is_asked(self, desk: Desk, home: str) -> None:
        there = desk.person(**HANNA)
        desk.act(f"/persons/{there}/address-protection", {"basis": "рішення", "since": "2024-01-01"})
        page = press(window_of(desk), what="try", **typed(home))
        assert page.status_code == 200 and there not in page.text


def test_the_journal_goes_with_an_application_of_a_guided_page(desk: Desk, home: str) -> None:
    window, person = window_of(desk), desk.person()
    desk.settled(person, desk.dwelling("9"))
    path = f"/persons/{person}/services/issue_extract"
    page = window.sends(path, page=path, press="refresh", **{"1-journal_kind": "outage"}).text
    assert "Номер у журналі" in page


@pytest.mark.slow
def test_by_keyboard_alone(desk: Desk, home: str, chromium: Any) -> None:
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=anywhere(), **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, to="/services")
        page.get_by_role("link", name="Внести мешканця за паперовою карткою").press("Enter")
        shown(page.get_by_role("heading", name="Мешканець, якого ще не внесено"))
        page.get_by_label("Прізвище").focus()
        for text in ("Папероваха", "Ганна", "", "03.02.1961"):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.get_by_role("searchbox", name="Вулиця, будинок, квартира").focus()
        page.keyboard.type("Калинова 7")
        page.keyboard.press("Enter")
        shown(page.locator(f'input[name="dwelling"][value="{home}"]:checked'))
        page.get_by_label("З якого дня").focus()
        page.keyboard.type("1998")
        page.get_by_label("Папір", exact=True).focus()
        page.keyboard.type(BASIS)
        page.keyboard.press("Enter")
        shown(page.get_by_text("Чекатиме на погодження другої особи"))
        page.screenshot(path="build/resident-desk.png", full_page=True)
        page.set_viewport_size(NARROW)
        page.screenshot(path="build/resident-narrow.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size(DESK)
        page.keyboard.press("KeyG")
        shown(page.get_by_role("heading", name="Внесення особи до реєстру"))
        context.close()

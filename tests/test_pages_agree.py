"""Pages and papers never say two things: one press is one act, what waits is seen, and the past shows nothing later."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from extracting import text
from fastapi import Request
from filing import strict
from given import installation
from starlette.testclient import TestClient
from test_api import API, Desk

from api.errors import Problem, answer
from api.main import create_app
from registry import journal, texts
from registry.aggregates.case.state import Outcome
from registry.aggregates.community.events import CommunityChangeRequested
from registry.aggregates.dwelling.events import DwellingFact, Owner, OwnersRecorded
from registry.aggregates.person.events import PersonFact
from registry.aggregates.street.events import StreetFact
from registry.aggregates.territory.events import TerritoryFact
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.cases.waiting import of_dwelling
from registry.opening import opened
from registry.projections import applications
from registry.services.terms import months_after
from registry.storage.database import migrate
from registry.storage.mapper import kyiv_day
from registry.viewer import OPEN

__all__ = ["strict"]

Desks = tuple[Desk, Desk]
FOR_PROGRAMS = re.compile(
    r"Idempotency|If-Match|Allow|[Зз]аголов|UUID|\berrors\b|JSON|\bGET\b|\bPOST\b|/api/|confirmed"
)
ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-")
OWNER = {"basis": "dwelling_owner", "requester": "Власник Придуманий"}
SHOWN = {"documents": ["identity_document", "ownership_document"]}


def form_of(page: str) -> dict[str, str]:
    """The fields of the form that asks for an extract, as a browser sends them."""
    form = page[page.index("/extracts") : page.index("</form>", page.index("/extracts"))]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def plain(page: str) -> str:
    """What a page says, without its markup."""
    main = re.sub(r'<p class="printed">.*?</p>', "", page[page.index("<main") : page.index("</main>")])
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


class Card:
    """Somebody who lives somewhere, and whose date is recorded wrongly."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.person, self.home = desk.person(), desk.dwelling()
        self.residence = desk.settled(self.person, self.home)
        self.where = f"/persons/{self.person}"

    def open(self, **times: str) -> Any:
        return self.desk.client.get(self.where, params=times)

    def press(self, form: dict[str, str], **chosen: str) -> Any:
        return self.desk.client.post(self.where + "/extracts", data={**form, **chosen})

    def correct(self, since: str = "2010-07-16", desk: Desk | None = None) -> str:
        path = f"{self.where}/residences/{self.residence}/correction"
        said = (desk or self.desk).post(path, {"since": since, "reason": "описка в даті"})
        assert said.status_code == 202, said.text
        return said.json()["application"]

    def issued(self) -> list[dict[str, Any]]:
        return self.desk.registry.query("extracts", "of_person", person=UUID(self.person))


@pytest.fixture
def card(strict: Desks) -> Card:
    return Card(strict[0])


class TestOnePress:
    def test_it_leads_to_a_document_with_an_address_of_its_own(self, card: Card) -> None:
        form = form_of(card.open().text)
        pressed = card.desk.client.post(card.where + "/extracts", data=form, follow_redirects=False)
        [row] = card.issued()
        number = texts.extract_number(row["year"], row["number"])
        assert pressed.status_code == 303 and pressed.headers["location"] == f"/extracts/{number}"
        again = [card.desk.client.get(f"/extracts/{number}") for _ in range(2)]
        assert {one.headers["content-type"] for one in again} == {"application/pdf"}
        assert again[0].content == again[1].content == card.press(form).content
        assert len(card.issued()) == 1
        back = card.desk.client.get(card.where + "/extracts")
        assert back.status_code == 200 and back.url.path == card.where

    def test_whoever_died_asks_for_none_on_no_page_of_whatever_moment(self, card: Card) -> None:
        form, moment = form_of(card.open().text), moment_of(card.desk.registry)
        card.desk.core("record_death", card.person, registered_on="2021-02-03")
        assert "Сформувати витяг" not in card.open().text
        for asked in ({"command": form["command"]}, {**form, "known_at": moment}, {"on": "2015-01-01"}):
            refused = card.press(asked)
            assert refused.status_code == 422 and not card.issued()

    def test_two_at_the_same_time_are_one_too(self, card: Card) -> None:
        form = form_of(card.open().text)
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda _: card.press(form), range(2)))
        assert found[0].content == found[1].content and len(card.issued()) == 1

    def test_another_choice_is_another_act_and_back_again_the_first(self, card: Card) -> None:
        form = form_of(card.open().text)
        plain, with_history, of_day = (card.press(form, **one) for one in ({}, {"history": "1"}, {"on": "2015-01-01"}))
        assert [one.status_code for one in (plain, with_history, of_day)] == [200] * 3
        assert len(card.issued()) == 3 and card.press(form).content == plain.content
        assert card.press(form, history="1").content == with_history.content

    def test_a_child_is_not_offered_one(self, card: Card) -> None:
        today = kyiv_day(card.desk.registry.clock())
        youngest = months_after(today, -14 * 12)
        too_young = youngest + timedelta(1)
        births = {too_young: False, youngest: True, f"{today.year - 13}": False, f"{youngest.year}": True}
        for born, offered in ((str(one), offered) for one, offered in births.items()):
            page = card.desk.client.get(f"/persons/{card.desk.person(surname='Мала', birth_date=born)}").text
            assert ("Сформувати витяг" in page, "законний представник" in page) == (offered, not offered)

    def test_of_two_cards_each_is_an_act(self, card: Card) -> None:
        assert len({card.press(form_of(card.open().text)).content for _ in range(2)}) == 2

    def test_a_form_without_a_name_is_an_act_each_time(self, card: Card) -> None:
        assert [card.press({}).status_code for _ in range(2)] == [200, 200] and len(card.issued()) == 2

    @pytest.mark.parametrize("how", ["approved", "moved", "renamed"])
    def test_after_a_change_the_open_page_says_so_and_asks_again(self, strict: Desks, card: Card, how: str) -> None:
        form = form_of(card.open().text)
        first = card.press(form)
        if how == "approved":
            strict[1].act(f"/applications/{card.correct()}/approval")
        elif how == "moved":
            card.desk.core("deregister_residence", card.person, residence=card.residence, until="2020-01-01")
        else:
            address = {"settlement": "смт Вигадівка", "street": "вул. Інша", "house": "7"}
            said = {"address": address, "since": "2021-01-01", "basis": "рішення"}
            card.desk.act(f"/dwellings/{card.home}/names", said)
        asks = card.press(form)
        assert asks.status_code == 409 and "Відомості змінено, відколи ви відкрили картку" in asks.text
        assert len(card.issued()) == 1
        second = card.press(form_of(asks.text))
        assert second.status_code == 200 and second.content != first.content and len(card.issued()) == 2
        fresh = {"approved": "16.07.2010", "moved": "01.01.2020", "renamed": "вул. Інша"}[how]
        assert fresh in text(second.content) and fresh not in text(first.content)
        number = texts.extract_number(card.issued()[0]["year"], card.issued()[0]["number"])
        assert card.desk.get(f"/extracts/{number}").json()["superseded_on"] is None

    def test_a_form_that_does_not_say_what_it_saw_gives_the_fresh_document_too(self, strict: Desks, card: Card) -> None:
        form = {"command": str(uuid4())}
        first = card.press(form)
        strict[1].act(f"/applications/{card.correct()}/approval")
        second = card.press(form)
        assert second.status_code == 200 and second.content != first.content
        assert "16.07.2010" in text(second.content) and "15.07.2010" in text(first.content)

    def test_the_clerk_reads_no_word_for_programs(self, card: Card) -> None:
        pages = [card.desk.client.put(card.where + "/extracts"), card.press({"command": "x", "on": "31.02.2020"})]
        pages += [card.desk.client.get("/nothing"), card.desk.client.get("/extracts/2026/000000099")]
        for page in pages:
            assert page.status_code >= 400 and not FOR_PROGRAMS.search(plain(page.text))
        assert card.press({"seen": "²", "waiting": "-1"}).status_code == 200

    def test_nor_in_any_refusal_that_a_page_may_show(self, card: Card) -> None:
        app = card.desk.client.app
        scope = {"type": "http", "method": "GET", "path": "/persons/x", "headers": [], "query_string": b"", "app": app}
        for kind in texts.TEXTS["problems"]:
            problem = Problem(409, kind, texts.TEXTS["problem_details"].get(kind, ""))
            said = plain(bytes(answer(Request({**scope, "state": {}}), problem).body).decode())
            assert not FOR_PROGRAMS.search(said), said


class TestWhatWaits:
    def test_is_on_the_card_of_the_person_and_of_the_dwelling(self, card: Card) -> None:
        assert "Чекає погодження" not in card.open().text
        card.correct()
        for page in (card.open().text, card.desk.client.get(f"/dwellings/{card.home}").text):
            said = plain(page)
            assert "Чекає погодження" in said and "виправлення відомостей про місце проживання" in said
            assert "15.07.2010 → 16.07.2010" in said and "описка в даті" in said and "Просить Вигадана clerk з" in said
            assert "Виправлено відомості" not in said

    def test_is_not_on_anybody_elses(self, card: Card) -> None:
        other, elsewhere = card.desk.person(surname="Інша"), card.desk.dwelling("9")
        card.desk.settled(other, elsewhere)
        card.correct()
        for where in (f"/persons/{other}", f"/dwellings/{elsewhere}"):
            assert "Чекає погодження" not in card.desk.client.get(where).text

    def test_a_move_into_a_dwelling_is_on_both(self, card: Card) -> None:
        elsewhere = card.desk.dwelling("9")
        path = f"{card.where}/residences/{card.residence}/correction"
        assert card.desk.post(path, {"dwelling": elsewhere, "reason": "описка"}).status_code == 202
        for home in (card.home, elsewhere):
            assert "Чекає погодження" in card.desk.client.get(f"/dwellings/{home}").text

    def test_goes_with_the_word_on_it_and_the_history_names_both(self, strict: Desks, card: Card) -> None:
        application = card.correct()
        strict[1].act(f"/applications/{application}/approval")
        said = plain(card.open().text)
        assert "Чекає погодження" not in said
        assert re.search(r"Вигадана clerk \d\d\.\d\d\.\d{4} \d\d:\d\d Вигадана head", said)
        rejected = card.correct("2010-07-17")
        strict[1].act(f"/applications/{rejected}/rejection", {"reason": "ні"})
        assert "Чекає погодження" not in card.open().text

    def test_is_told_before_an_extract_and_again_when_another_comes(self, card: Card) -> None:
        form = form_of(card.open().text)
        application = card.correct()
        asks = card.press(form)
        assert asks.status_code == 409 and "Чекає погодження" in asks.text and not card.issued()
        agreed = form_of(asks.text)
        assert card.press(agreed).headers["content-type"] == "application/pdf"
        assert card.press(agreed).content and len(card.issued()) == 1
        card.desk.act(f"/applications/{application}/rejection", {"reason": "ні"})
        card.correct("2010-07-18")
        assert card.press(agreed).status_code == 409 and len(card.issued()) == 1

    def test_over_http_as_a_warning_and_the_same_when_repeated(self, card: Card) -> None:
        key = str(uuid4())
        assert "warnings" not in card.desk.act(card.where + "/extracts", {}, Idempotency_Key=str(uuid4()))
        application = card.correct()
        said = card.desk.post(card.where + "/extracts", {}, Idempotency_Key=key)
        [warning] = said.json()["warnings"]
        assert warning["id"] == "change-awaited" and "Просить Вигадана clerk з" in warning["text"]
        card.desk.act(f"/applications/{application}/rejection", {"reason": "ні"})
        assert card.desk.post(card.where + "/extracts", {}, Idempotency_Key=key).json() == said.json()
        assert "warnings" not in card.desk.act(card.where + "/extracts", {})

    def test_a_dry_run_that_asks_for_an_extract_says_so(self, card: Card) -> None:
        part = {"service": "issue_extract", "documents": ["identity_document"], "applicant": {"kind": "person"}}
        body = {**part, "register": {"persons": [{"person": card.person}]}}

        def warned() -> list[str]:
            said = card.desk.post("/applications?dry_run=1", body)
            assert said.status_code == 200, said.text
            return [one["id"] for one in said.json()["warnings"]]

        assert "change-awaited" not in warned()
        card.correct()
        assert warned().count("change-awaited") == 1

    def test_of_the_past_says_what_waited_then(self, strict: Desks, card: Card) -> None:
        application = card.correct()
        moment = moment_of(card.desk.registry)
        strict[1].act(f"/applications/{application}/approval")
        said = plain(card.open(known_at=moment).text)
        assert "Тоді чекало погодження" in said and "15.07.2010 → 16.07.2010" in said

    def test_of_a_dwelling_then_too_whoever_lives_there_and_what_names_it(self, strict: Desks, card: Card) -> None:
        registry, elsewhere = card.desk.registry, card.desk.dwelling("9")
        path = f"{card.where}/residences/{card.residence}/correction"
        asked = card.desk.post(path, {"dwelling": elsewhere, "reason": "описка"}).json()["application"]
        then = registry.position()
        for home in map(UUID, (card.home, elsewhere)):
            assert [str(one.asked.stream) for one in of_dwelling(registry, home, then)] == [asked]
        strict[1].act(f"/applications/{asked}/approval")
        for home in map(UUID, (card.home, elsewhere)):
            assert [str(one.asked.stream) for one in of_dwelling(registry, home, then)] == [asked]
            assert of_dwelling(registry, home, registry.position()) == []

    @pytest.mark.parametrize("name", ["waiting_of_person", "waiting_of_dwelling", "approvals"])
    def test_is_found_by_an_index(self, card: Card, name: str) -> None:
        asked = {"person": UUID(card.person), "dwelling": UUID(card.home), "position": 9, "commands": [uuid4()]}
        with card.desk.registry.datastore.get_connection() as connection:
            connection.execute("SET LOCAL enable_seqscan = off")
            plan = str(connection.execute(f"EXPLAIN {applications.SQL[name]}", asked).fetchall())
        assert "Seq Scan" not in plan and "Index" in plan

    def test_has_words_for_every_fact_that_may_wait(self) -> None:
        unions = (PersonFact, DwellingFact, TerritoryFact, StreetFact, Outcome)
        facts = {fact.NAME for union in unions for fact in get_args(union)}
        assert set(texts.TEXTS["asked"]) == facts | {CommunityChangeRequested.NAME}

    def test_the_list_says_what_is_asked_and_not_that_it_is_done(self, card: Card) -> None:
        application = card.correct()
        [change] = card.desk.get("/changes").json()["changes"]
        assert change["label_uk"] == change["facts"][0]["label_uk"] == texts.TEXTS["asked"]["residence-corrected"]
        assert card.desk.get(f"/applications/{application}").status_code == 200


class TestAMerge:
    def test_is_told_by_names_and_leads_to_the_entry_that_stays(self, strict: Desks, card: Card) -> None:
        desk, head = strict
        survivor = desk.person(surname="Лишенська", given_names="Ганна")
        opened_before, moment = form_of(card.open().text), moment_of(desk.registry)
        said = {"into": survivor, "keep": [card.residence], "reason": "внесено двічі", "confirmed": True}
        waiting = desk.post(f"{card.where}/merge", said)
        assert waiting.status_code == 202, waiting.text
        for page in (card.open().text, desk.client.get(f"/persons/{survivor}").text, card.press(opened_before).text):
            assert "приєднання одного запису" in page and "Лишенська Ганна" in page and "Вигадана Оксана" in page
            assert not ID.search(plain(page))
        head.act(f"/applications/{waiting.json()['application']}/approval")
        pressed = card.press(opened_before, on="2015-05-05")
        assert pressed.status_code == 409 and "Лишенська Ганна" in plain(pressed.text)
        assert not ID.search(plain(pressed.text)) and 'class="main"' not in pressed.text
        assert f'href="{card.where}?on=2015-05-05"' in pressed.text
        led = desk.client.get(f"{card.where}?on=2015-05-05", follow_redirects=False)
        assert led.status_code == 303 and led.headers["location"].endswith(f"/persons/{survivor}?on=2015-05-05")
        then = plain(card.open(known_at=moment).text)
        assert "Лишенська" not in then and "приєдн" not in then
        assert card.issued() == []

    def test_somebody_told_apart_is_named(self, strict: Desks) -> None:
        desk, _ = strict
        desk.person()
        other = desk.person()
        told = plain(desk.client.get(f"/persons/{other}").text)
        assert "інша особа, ніж: Вигадана Оксана" in told and not ID.search(told)


class TestOfADwelling:
    def warned(self, card: Card, **more: Any) -> list[str]:
        said = card.desk.act(f"/dwellings/{card.home}/extracts", {**OWNER, **SHOWN, **more})
        return [one["id"] for one in said.get("warnings", [])]

    def test_owners_who_are_not_entered_and_another_name_are_told(self, card: Card) -> None:
        assert self.warned(card) == ["owners-unknown"]
        home = UUID(card.home)
        fact = OwnersRecorded(owners=(Owner(name="Власник  Придуманий"),))
        version = card.desk.registry.dwelling(home).version
        card.desk.registry.append([(home, [fact], version)], by=Actor("1", "1"), command=uuid4())
        assert self.warned(card) == [] and self.warned(card, requester="Інший Хтось") == ["owner-differs"]

    def test_so_is_what_waits_about_who_lives_there(self, card: Card) -> None:
        card.correct()
        assert self.warned(card) == ["change-awaited", "owners-unknown"]


def moment_of(registry: Registry) -> str:
    told = registry.recorded_at(registry.position())
    assert told
    return told.isoformat()


@pytest.fixture
def other(empty_database_url: str) -> Iterator[Registry]:
    migrate(empty_database_url)
    with opened(empty_database_url) as registry:
        yield registry


class TestTheTwoTimes:
    def life(self, strict: Desks) -> tuple[Desk, dict[str, str]]:
        """A life whose later part says everything otherwise; its marks by name."""
        desk = strict[0]
        card = Card(desk)
        other = desk.person(surname="Сусідська", given_names="Ганна")
        desk.settled(other, card.home, since="2012-01-01")
        ids = {"person": card.person, "home": card.home, "neighbour": other, "waiting": card.correct()}
        return desk, {**ids, "moment": moment_of(desk.registry), "position": str(desk.registry.position())}

    def later(self, strict: Desks, ids: dict[str, str]) -> None:
        desk, head = strict
        head.act(f"/applications/{ids['waiting']}/approval")
        successor, late = desk.dwelling("99"), desk.person(surname="Пізніша")
        desk.settled(late, ids["home"], since="2013-03-03")
        names = {"address": {"settlement": "смт Вигадівка", "street": "вул. Пізня", "house": "7"}}
        desk.act(f"/dwellings/{ids['home']}/names", {**names, "since": "2011-01-01", "basis": "рішення"})
        desk.core("change_particulars", ids["person"], corrects=False, changes={"surname": "Пізнішенко"}, basis="шлюб")
        desk.act(
            f"/dwellings/{ids['home']}/readdressing",
            {"successor": successor, "since": "2024-01-01", "reason": "Пізнє рішення", "confirmed": True},
        )
        desk.post(f"/persons/{ids['neighbour']}/withdrawal", {"reason": "Пізня помилка"})

    def test_a_page_of_the_past_is_the_page_of_the_register_as_it_was(
        self, strict: Desks, other: Registry, tmp_path: Path
    ) -> None:
        desk, ids = self.life(strict)
        raw = io.BytesIO()
        journal.write(desk.registry, raw, seen_by=OPEN)
        self.later(strict, ids)
        path = tmp_path / "cut.jsonl"
        path.write_bytes(raw.getvalue())
        journal.load(other, path, other.clock())
        then = TestClient(create_app(other, installation(data=tmp_path, actor_id="clerk", actor_name="Вигадана clerk")))
        both = {"known_at": ids["moment"], "on": "2015-05-05"}
        for where in (f"/persons/{ids['person']}?all=1", f"/persons/{ids['neighbour']}", f"/dwellings/{ids['home']}"):
            sign = "&" if "?" in where else "?"
            asked = f"{where}{sign}on=2015-05-05&known_at="
            now, was = (one.get(asked + ids["moment"].replace("+", "%2B")) for one in (desk.client, then))
            assert now.status_code == was.status_code == 200, where
            assert plain(now.text) == plain(was.text) and "Пізн" not in now.text, where
        for where in ("/persons/{person}", "/persons/{person}/facts", "/dwellings/{home}"):
            asked = API + where.format(**ids)
            known = {"known_at": ids["moment"]}
            answers = [one.get(asked, params=known).json() for one in (desk.client, then)]
            for one in answers:
                one.pop("marks", None)
            assert answers[0] == answers[1] and answers[0]["position"] == int(ids["position"])
            by_position = desk.client.get(asked, params={"position": ids["position"]}).json()
            assert {**by_position, "marks": 0} == {**answers[0], "marks": 0}
        for where in ("/persons/{person}/residences", "/persons/{person}/family", "/dwellings/{home}/residents"):
            answers = [one.get(API + where.format(**ids), params=both).json() for one in (desk.client, then)]
            assert answers[0] == answers[1] and "Пізн" not in str(answers[0])

    def test_before_the_entry_there_is_no_later_history(self, strict: Desks) -> None:
        desk, _ = strict
        desk.dwelling()
        before = moment_of(desk.registry)
        person, home = desk.person(), desk.dwelling("9")
        for where in (f"/persons/{person}", f"/dwellings/{home}"):
            page = desk.client.get(where, params={"known_at": before})
            assert page.status_code == 410 and "в реєстрі не було" in page.text
            assert "Історія записів" not in page.text and "Внесено" not in page.text
        assert desk.get(f"/persons/{person}/facts", known_at=before).status_code == 404
        assert desk.get(f"/persons/{person}", known_at=before).status_code == 404
        assert desk.get(f"/dwellings/{home}", known_at=before).status_code == 404

    def test_both_go_with_every_link_and_form(self, strict: Desks) -> None:
        desk, ids = self.life(strict)
        asked = {"on": "2015-05-05", "known_at": datetime.fromisoformat(ids["moment"]).isoformat()}
        for where in ("/persons/{person}", "/dwellings/{home}"):
            page = desk.client.get(where.format(**ids), params=asked).text
            # What steps to another change has both too, one of them another.
            steps = "".join(re.findall(r'<nav class="steps".*?</nav>', page, re.DOTALL))
            ways = re.findall(r'href="([^"]*)"', steps)
            assert ways and all("on=" in one and "known_at=" in one for one in ways)
            page = page.replace(steps, "")
            links = re.findall(r'href="(/(?:persons|dwellings)/[^"]*)"', page)
            # The one button that leads to now has neither.
            alone = [one for one in links if "on=2015-05-05" not in one or "known_at=" not in one]
            assert alone == [where.format(**ids)]
            assert page.count('name="known_at"') >= 2 and page.count('name="on"') >= 2
        found = desk.client.post("/", data={"q": "вигадана", **asked}).text
        assert f"/persons/{ids['person']}?on=2015-05-05&amp;known_at=" in found and "Пошук іде" in found

    def test_a_search_from_the_past_shows_what_was_known_then(self, strict: Desks) -> None:
        desk, ids = self.life(strict)
        self.later(strict, ids)
        asked = {"known_at": ids["moment"]}
        assert "Пізн" in desk.client.post("/", data={"q": "пізн"}).text.replace('value="пізн"', "")
        found = desk.client.post("/", data={"q": "пізнішенко", **asked}).text
        assert "Вигадана Оксана" in found and "Пізнішенко" not in found
        assert "/dwellings/" not in desk.client.post("/", data={"q": "калинова 99", **asked}).text

    def test_a_search_says_of_which_day_it_is_and_counts_nothing_of_now(self, strict: Desks) -> None:
        desk, ids = self.life(strict)
        self.later(strict, ids)
        asked = {"known_at": ids["moment"], "on": "2015-05-05"}
        found = plain(desk.client.post("/", data={"q": "пізнішенко", **asked}).text)
        assert "Місце проживання на 05.05.2015" in found and "сьогодні" not in found
        # By what it was found is of now, too.
        assert texts.TEXTS["matches"]["surname"] not in found
        for page in (desk.client.get("/", params=asked), desk.client.post("/", data={"q": " ", **asked})):
            assert "05.05.2015" in page.text and "У реєстрі" not in page.text
            assert page.text.count('name="known_at"') == 1
        assert "У реєстрі" in desk.client.post("/", data={"q": " "}).text

    def test_the_first_page_counts_whoever_was_entered_a_moment_ago(self, strict: Desks) -> None:
        desk, _ = strict
        for expected in ("1 особа", "2 особи"):
            desk.person()
            for _ in range(2):
                assert f"У реєстрі {expected} і " in plain(desk.client.post("/", data={"q": ""}).text)

    def test_the_way_back_from_a_page_keeps_them(self, strict: Desks) -> None:
        desk, ids = self.life(strict)
        where, asked = f"/persons/{ids['person']}", "?on=2015-05-05"
        assert f'class="brand" href="/{asked}"' in desk.client.get(where + asked).text
        back = desk.client.get(f"{where}/extracts{asked}", follow_redirects=False)
        assert back.status_code == 303 and back.headers["location"] == where + asked
        told = desk.client.post(f"{where}/extracts", data={"on": "2015-05-05"})
        assert told.status_code == 409 and f'href="{where}{asked}"' in told.text and f'href="{where}"' not in told.text
        assert told.text.count('name="on" value="2015-05-05"') == 2

    def test_a_withdrawn_entry_is_called_so_on_whatever_day(self, strict: Desks) -> None:
        desk, head = strict
        person = desk.person()
        waits = desk.post(f"/persons/{person}/withdrawal", {"reason": "внесено за чужим паспортом"})
        head.act(f"/applications/{waits.json()['application']}/approval")
        told = desk.client.get(f"/persons/{person}", params={"on": "2015-05-05"}).text
        assert "Запис про особу відкликано" in told and "не було" not in told

    def test_what_cannot_be_read_is_carried_nowhere(self, strict: Desks) -> None:
        desk, ids = self.life(strict)
        page = desk.client.get(f"/persons/{ids['person']}", params={"on": "31.02.2020", "known_at": "2015-01-01"}).text
        assert "?on=" not in page and "?known_at=" not in page


class TestCodes:
    CODE = "4K7M-2RTX-9QHB"

    @pytest.mark.parametrize(
        "typed",
        [CODE, "4k7m2rtx9qhb", " 4K7M 2RTX\u00a09QHB ", "4К7М-2RТХ-9QНВ", "4к7м–2rтх—9qнв", "４K7M.2RTX.9QHB"],
    )
    def test_of_a_paper_is_forgiving(self, strict: Desks, typed: str) -> None:
        said = strict[0].client.post("/v/", data={"code": typed}, follow_redirects=False)
        assert (said.status_code, said.headers["location"]) == (303, "/v/4K7M2RTX9QHB")

    @pytest.mark.parametrize("typed", ["526359", "526 359", "526-359", " 5 2 6 3 5 9 ", "５２６３５９"])
    def test_of_an_application_too(self, strict: Desks, typed: str) -> None:
        said = strict[0].client.post("/status/", data={"code": typed}, follow_redirects=False)
        assert (said.status_code, said.headers["location"]) == (303, "/status/526359")

    @pytest.mark.parametrize("where", ["/v", "/v/", "/status", "/status/"])
    @pytest.mark.parametrize("typed", ["", "Вигадана Оксана", "<b>1</b>", "0OI1-0OI1-0OI1", "1234567", "٣٣٣٣٣٣"])
    def test_what_is_none_is_said_beside_the_field_and_repeated_nowhere(
        self, strict: Desks, where: str, typed: str
    ) -> None:
        page = strict[0].client.post(where, data={"code": typed}, follow_redirects=False)
        assert page.status_code == 422 and 'aria-invalid="true"' in page.text
        assert not typed or typed not in page.text
        assert 'id="code"' in strict[0].client.get(where).text

    def test_of_nothing_asks_again_on_the_page(self, strict: Desks) -> None:
        for where in ("/v/4K7M2RTX9QHB", "/status/000000"):
            page = strict[0].client.get(where)
            assert page.status_code == 404 and 'id="code"' in page.text and "<form" in page.text

"""The protocol of article 197 and the referral to ДМС: filled in, numbered and the task done by one press."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from browsing import Window, shown, user_of
from extracting import text
from filing import BORN, CHILD_BORN, MOVE, about, decided, filed
from given import CLERK, NAMED, anywhere
from running import served
from test_api import Desk, desk
from test_extract_pdf import missing_glyphs
from test_outbox_letters import BODIES, WHO, known, of
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_signing_browser import sign_in

from api.main import create_app
from registry import viewer
from registry.aggregates.community.events import COMMUNITY, CommunityDescribed
from registry.aggregates.outgoing.events import OutgoingDrawn
from registry.letters import content
from registry.outgoing import drawing
from registry.settings import Settings
from registry.storage import access
from registry.storage.following import PlaceInLog
from registry.texts import day
from replay.compare import verify

__all__ = ["chromium", "desk"]

LEFT = {"deregistered_on": "2024-11-01", "deregistered_from": "other_community"}
LATE = {"born": BORN, **LEFT}
FOREIGN = {"citizenship": "foreigner", "identity_document": "permanent_permit"}
PASSPORT = [{"kind": "passport_card", "number": "000900017", "issued_on": "2020-02-03", "issued_by": "8001"}]


@pytest.fixture(autouse=True)
def known_here(desk: Desk) -> None:
    """A community that is known."""
    known(desk)


def late(desk: Desk, **more: Any) -> dict[str, Any]:
    """A citizen who came 131 days after a removal: 101 too late."""
    person = desk.act("/persons", {"particulars": WHO, "documents": PASSPORT, "confirmed": True})["person"]
    return decided(desk, **MOVE, subject=LATE, register=about(person, dwelling=desk.dwelling("12")), **more)


def referred(desk: Desk, **more: Any) -> dict[str, Any]:
    person = desk.person(**WHO, citizenship="foreigner")
    register = about(person, dwelling=desk.dwelling("12"))
    return decided(desk, **MOVE, subject={**LATE, **FOREIGN}, register=register, **more)


def removed(desk: Desk) -> dict[str, Any]:
    """A foreigner who shows an invalid document to be removed: two purposes of one referral."""
    person = desk.person(**WHO, citizenship="foreigner")
    desk.settled(person, desk.dwelling("9"))
    return decided(
        desk,
        service="deregister_residence",
        ground="application",
        subject={"born": BORN, **FOREIGN},
        register=about(person),
        invalid_documents=["identity_document"],
    )


def of_child(desk: Desk) -> tuple[dict[str, Any], str, str]:
    """The protocol about a parent who showed an invalid passport; the parent, and the child."""
    child = desk.person(surname="Вигаданий", given_names="Іван", birth_date=CHILD_BORN)
    parent = desk.person(**WHO)
    said = decided(
        desk,
        service="register_child_residence",
        applicant={"kind": "parent"},
        subject={"born": CHILD_BORN},
        dwelling={"right_document_held": True},
        register={**about(child, dwelling=desk.dwelling()), "applicant": parent},
        invalid_documents=["parent_identity_document"],
    )
    return draw(desk, said), parent, child


def draw(desk: Desk, said: dict[str, Any], item: str = "offence_protocol", **headers: str) -> dict[str, Any]:
    return desk.act(f"/outbox/{of(desk, said, item)['id']}/drawn", {}, **headers)


def printed(desk: Desk, row: dict[str, Any]) -> str:
    answer = desk.get(f"/outbox/{row['outgoing']}/document")
    assert answer.headers["content-type"] == "application/pdf" and missing_glyphs(answer.content) == 0
    return " ".join(text(answer.content).split())


def on(desk: Desk, made: dict[str, Any]) -> str:
    """The day on which it was drawn up, as it is printed."""
    return day(fact(desk, made).on)


def fact(desk: Desk, made: dict[str, Any]) -> OutgoingDrawn:
    return desk.registry.entries(UUID(made["outgoing"]))[0].fact


class TestProtocol:
    def test_is_filled_in_from_the_register_and_the_application(self, desk: Desk) -> None:
        said = late(desk)
        made = draw(desk, said)
        shown = printed(desk, made)
        for words in (
            "Протокол про адміністративне правопорушення",
            f"№ 1/{on(desk, made)[-4:]} від {on(desk, made)}",
            "Вигадана Оксана Тестівна",
            "04.05.1990",
            "№ 000900017",
            "вул. Калинова, буд. 12",
            f"11.03.2025 09:40, заява, код {said['code']}",
            "Знято з реєстрації 01.11.2024",
            "Останній день строку 01.12.2024",
            "Прострочено календарних днів 100",
            "статтею 197 Кодексу",
            "інформаційна картка послуги № 1, рядок 16",
            "за статтею 256",
            "Пояснення особи",
            "за статтею 268",
            "Реєстратор Вигадана О. О., посадова особа органу реєстрації або адміністратор Центру",
        ):
            assert words in shown, words
        assert made["state"] == "done"

    def test_of_an_invalid_passport_names_it(self, desk: Desk) -> None:
        register = about(desk.person(**WHO), dwelling=desk.dwelling())
        said = decided(desk, **MOVE, subject={"born": BORN}, register=register, invalid_documents=["identity_document"])
        assert said["status"] == "refused"
        shown = printed(desk, draw(desk, said))
        assert "Подано недійсний документ паспортний документ особи" in shown and "Прострочено" not in shown

    def test_of_a_child_is_about_whoever_filed(self, desk: Desk) -> None:
        made, parent, child = of_child(desk)
        shown = printed(desk, made)
        assert "Особа Вигадана Оксана Тестівна" in shown and "За кого зверталася Вигаданий Іван" in shown
        assert fact(desk, made).applicant == UUID(parent)
        [look] = access.latest(desk.registry.access, limit=1)
        assert {parent, child} <= set(map(str, look.persons))

    def test_of_the_reasons_only_what_is_one(self, desk: Desk) -> None:
        """A newborn who is late by its own term: nobody answers for that, but for the passport somebody does."""
        child = desk.person(surname="Вигаданий", given_names="Іван", birth_date="2024-05-04")
        said = decided(
            desk,
            service="register_child_residence",
            applicant={"kind": "parent"},
            applicant_name="Вигадана Оксана Тестівна",
            subject={"born": "2024-05-04", "birth_registered_on": "2024-05-10"},
            dwelling={"right_document_held": True},
            register=about(child, dwelling=desk.dwelling()),
            invalid_documents=["parent_identity_document"],
        )
        assert desk.get(f"/applications/{said['application']}").json()["parts"][0]["outcome"]["late"]
        assert "подано недійсний документ" in of(desk, said, "offence_protocol")["text"]
        shown = printed(desk, draw(desk, said))
        assert "Прострочено" not in shown and "Подано недійсний документ" in shown
        assert "Особа Вигадана Оксана Тестівна" in shown and "вписати з документа" in shown


class TestReferral:
    def test_goes_to_dms_with_why(self, desk: Desk) -> None:
        made = draw(desk, referred(desk), "dms_referral")
        shown = printed(desk, made)
        for words in (
            "Направлення до територіального підрозділу Державної міграційної служби України",
            f"№ 1/{on(desk, made)[-4:]}",
            BODIES.dms.name if BODIES.dms else "",
            "Прострочено календарних днів 100",
            "для вжиття до них заходів адміністративного впливу",
            "Направлення отримано",
        ):
            assert words in shown, words
        assert "Пояснення особи" not in shown and "197" not in shown

    def test_is_no_protocol(self, desk: Desk) -> None:
        """R-138, R-140: none is drawn up against a foreigner."""
        items = {one["item"] for one in desk.get(f"/applications/{referred(desk)['application']}").json()["follows"]}
        assert "dms_referral" in items and "offence_protocol" not in items

    def test_both_purposes_of_a_removal_are_one_sheet(self, desk: Desk) -> None:
        said = removed(desk)
        made = draw(desk, said, "dms_new_document")
        shown = printed(desk, made)
        assert "заходів адміністративного впливу" in shown and "для оформлення нового документа" in shown.lower()
        follows = desk.get(f"/applications/{said['application']}").json()["follows"]
        states = {one["item"]: (one["state"], one["last"]["name"]) for one in follows if one["role"] == "task"}
        assert states == {"dms_new_document": ("done", "outgoing-drawn"), "dms_referral": ("done", "outgoing-done")}
        assert verify(desk.registry).differences == []


class TestNumber:
    def test_each_kind_of_a_year_has_its_own_without_a_gap(self, desk: Desk) -> None:
        cases = [late(desk), referred(desk), late(desk)]
        items = ["offence_protocol", "dms_referral", "offence_protocol"]
        made = [draw(desk, *one) for one in zip(cases, items, strict=True)]
        assert [(fact(desk, one).kind, fact(desk, one).number) for one in made] == [
            *(("protocol", 1), ("referral", 1), ("protocol", 2)),
        ]
        drawn = fact(desk, made[0])
        with desk.registry.snapshot() as connection:
            for year, number in ((int(drawn.on[:4]), 3), (int(drawn.on[:4]) + 1, 1)):
                new = drawing.numbered(connection, drawn, PlaceInLog(date(year, 1, 1), 0, 0))
                assert (new.number, new.on) == (number, f"{year}-01-01")

    def test_two_at_the_same_time_have_two(self, desk: Desk) -> None:
        items = [of(desk, late(desk), "offence_protocol")["id"] for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda item: desk.post(f"/outbox/{item}/drawn", {}), items))
        assert [one.status_code for one in answers] == [201, 201]
        assert {fact(desk, one.json()).number for one in answers} == {1, 2}

    def test_pressed_twice_it_is_one_paper(self, desk: Desk) -> None:
        said, key = late(desk), str(uuid4())
        first = draw(desk, said, Idempotency_Key=key)
        again = desk.post(f"/outbox/{first['outgoing']}/drawn", {}, Idempotency_Key=key)
        assert (again.status_code, again.json()["position"]) == (200, first["position"])
        problem = desk.refused(f"/outbox/{first['outgoing']}/drawn", {})
        assert [one["code"] for one in problem["errors"]] == ["outgoing-done-already"]
        assert len(desk.registry.entries(UUID(first["outgoing"]))) == 1

    def test_one_taken_back_is_drawn_up_anew_under_the_next(self, desk: Desk) -> None:
        made = draw(desk, late(desk))
        desk.act(f"/outbox/{made['outgoing']}/reopened", {"reason": "аркуш зіпсовано"})
        said = f"Після складення Позначку знято, чекає знову, {on(desk, made)}: аркуш зіпсовано."
        assert said in printed(desk, made)
        desk.act(f"/outbox/{made['outgoing']}/drawn", {})
        shown = printed(desk, made)
        year = on(desk, made)[-4:]
        assert f"№ 2/{year}" in shown and "Після складення" not in shown
        history = desk.get(f"/outbox/{made['outgoing']}").json()["history"]
        assert [one.get("number") for one in history] == [f"1/{year}", None, f"2/{year}"]


class TestWhatHasNone:
    @pytest.mark.parametrize("item", ["dms", "applicant_sms"])
    def test_is_not_drawn_up(self, desk: Desk, item: str) -> None:
        row = of(desk, late(desk), item)
        problem = desk.refused(f"/outbox/{row['id']}/drawn", {})
        assert [one["code"] for one in problem["errors"]] == ["outgoing-no-paper"]
        assert desk.get(f"/outbox/{row['id']}").json()["history"] == []

    def test_nothing_is_drawn_up_in_nobody_s_name(self, desk: Desk) -> None:
        said = late(desk)
        nobody, version = CommunityDescribed(), desk.registry.community().version
        desk.registry.append([(COMMUNITY, [nobody], version)], by=CLERK, command=uuid4())
        problem = desk.refused(f"/outbox/{of(desk, said, 'offence_protocol')['id']}/drawn", {}, status=409)
        assert problem["type"] == "/problems/no-identity"


class TestSince:
    def test_what_was_corrected_afterwards_is_said_and_the_paper_stays(self, desk: Desk) -> None:
        said = late(desk)
        made = draw(desk, said)
        before = printed(desk, made)
        [one] = desk.get(f"/applications/{said['application']}").json()["parts"]
        person = one["register"]["persons"][0]["person"]
        desk.core("change_particulars", person, corrects=True, changes={"surname": "Інша"}, basis="описка")
        after = printed(desk, made)
        assert f"Після складення Виправлено відомості про особу, {on(desk, made)}." in after
        assert "Вигадана Оксана" in after and "Інша" not in after and "Після складення" not in before
        assert content.read(fact(desk, made).content).title == "Протокол"

    def test_another_s_is_not(self, desk: Desk) -> None:
        made = draw(desk, late(desk))
        other = desk.person(surname="Сторонній")
        desk.core("change_particulars", other, corrects=True, changes={"surname": "Інша"}, basis="описка")
        assert "Після складення" not in printed(desk, made)


@pytest.fixture
def window(desk: Desk) -> Window:
    user_of(desk.registry)
    window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    window.sign_in()
    return window


def pressing(window: Window, page: str) -> tuple[str, dict[str, str]]:
    """The form of the page that draws up, and its fields."""
    drawn = window.get(page).text
    [form] = [one for one in re.findall(r"<form.*?</form>", drawn, re.DOTALL) if 'value="drawn"' in one]
    [action] = re.findall(r'action="([^"]+)"', form)
    return action, dict(re.findall(r'type="hidden" name="(command|version|what)" value="([^"]*)"', form))


class TestPage:
    @pytest.mark.parametrize("from_case", [True, False], ids=["case", "outbox"])
    def test_one_press_leads_to_the_paper(self, desk: Desk, window: Window, from_case: bool) -> None:
        said = late(desk)
        item = of(desk, said, "offence_protocol")["id"]
        page = f"/applications/{said['application']}" if from_case else f"/outbox/{item}"
        action, fields = pressing(window, page)
        answers = [window.sends(action, page=page, **fields) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303]
        assert {one.headers["location"] for one in answers} == {f"/outbox/{item}/paper"}
        assert len(desk.registry.entries(UUID(item))) == 1
        shown = window.get(f"/outbox/{item}/paper").text
        for words in ("Протокол", "Прострочено календарних днів", "Вигадана Оксана Тестівна", "вул. Калинова, буд. 12"):
            assert words in shown, words
        [title] = re.findall(r"<title>([^<]*)", shown)
        assert "Вигадан" not in title
        after = window.get(page).text
        assert f'href="/outbox/{item}/paper"' in after and 'value="drawn"' not in after

    def test_a_case_of_two_purposes_has_one_press(self, desk: Desk, window: Window) -> None:
        said = removed(desk)
        action, fields = pressing(window, f"/applications/{said['application']}")
        assert window.sends(action, **fields).status_code == 303

    def test_before_the_decision_it_says_so(self, desk: Desk, window: Window) -> None:
        body = filed(desk, **MOVE, subject=LATE, register=about(desk.person(**WHO), dwelling=desk.dwelling()))
        body.pop("acted_on")
        told = desk.act("/applications", body)
        assert "Після рішення складають протокол" in window.get(f"/applications/{told['application']}").text

    def test_whoever_is_in_time_is_told_of_none(self, desk: Desk, window: Window) -> None:
        register = about(desk.person(**WHO), dwelling=desk.dwelling())
        said = decided(desk, **MOVE, subject={"born": BORN}, register=register)
        page = window.get(f"/applications/{said['application']}").text
        assert 'value="drawn"' not in page and "протокол" not in page.lower()

    def test_is_a_look_at_whom_it_names(self, desk: Desk, window: Window) -> None:
        made, parent, child = of_child(desk)
        window.get(f"/outbox/{made['outgoing']}/paper")
        [look] = access.latest(desk.registry.access, limit=1)
        assert {parent, child} <= set(map(str, look.persons))

    def test_there_is_none_before_it_is_drawn_up_or_for_the_hidden(
        self, desk: Desk, window: Window, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = f"/outbox/{of(desk, late(desk), 'offence_protocol')['id']}/paper"
        assert window.get(page).status_code == 404
        monkeypatch.setattr(viewer, "viewer_of", lambda who: viewer.NOBODY)
        assert window.get(page).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("screen", [DESK, NARROW], ids=["desk", "narrow"])
def test_by_keys_on_one_sheet_for_everybody(desk: Desk, chromium: Any, tmp_path: Path, screen: Any) -> None:
    """The case, the press, the paper: axe finds nothing, nothing scrolls sideways, it is printed on one sheet."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    user_of(desk.registry)
    said = late(desk)
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        page = chromium.new_page(base_url=address, viewport=screen, locale="uk-UA")
        page.set_default_timeout(PATIENCE)

        def looked(what: str) -> None:
            shown(page.locator("h1").first)
            assert axe.Axe().run(page).response["violations"] == [], what
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/drawn-{what}-{screen['width']}.png", full_page=True)

        sign_in(page, to=f"/applications/{said['application']}")
        looked("case")
        page.locator("#main:focus").wait_for()
        page.keyboard.press("KeyG")
        page.wait_for_url("**/outbox/*/paper")
        looked("paper")
        made = page.pdf(prefer_css_page_size=True)
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder, "drawn.pdf").write_bytes(made)
            id = page.url.split("/")[-2]
            Path(folder, "drawn-typst.pdf").write_bytes(desk.get(f"/outbox/{id}/document").content)
        sheets, words = len(pypdfium2.PdfDocument(made)), " ".join(text(made).split())
        page.close()
    assert sheets == 1 and "Прострочено календарних днів 100" in words and "Надрукувати" not in words
    assert "Візиту немає" not in words and "Знайти" not in words

"""Particulars by a document alone: by JSON, and by a page that does the same; what would come of it is told first."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from browsing import Window, shown, user_of
from clerks import Clerk
from given import CLERK, NAMED, anywhere
from running import served
from test_api import Desk, codes, desk
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_readdressing_pages import plain
from test_signing_browser import sign_in

from api.forms import ParticularsUpdate
from api.main import create_app
from registry.aggregates.person.events import ParticularsCorrected, ParticularsUpdated
from registry.settings import Settings

__all__ = ["chromium", "desk"]

PAPER = {"kind": "passport_card", "number": "000000002", "valid_until": "2035-01-01"}
MARRIED = {"changes": {"surname": "Придумана"}, "documents": [PAPER], "basis": "свідоцтво про шлюб № 7"}
TYPED = {
    **{"basis": "свідоцтво про шлюб № 7", "surname": "Придумана", "doc_kind": "passport_card"},
    **{"doc_number": "000000002", "doc_valid_until": "01.01.2035"},
}


@pytest.fixture
def oksana(desk: Desk) -> str:
    old = [{"kind": "passport_card", "number": "000000001"}, {"kind": "birth_certificate", "number": "5"}]
    said = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": "1990-05-04"}
    person = desk.act("/persons", {"particulars": said, "documents": old})["person"]
    desk.settled(person, desk.dwelling())
    return person


def facts(desk: Desk, person: str) -> list[Any]:
    return [entry.fact for entry in desk.registry.entries(UUID(person))]


def window_of(desk: Desk, role: Any = "clerk", login: str = "olena") -> Window:
    user_of(desk.registry, login, role)
    window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
    window.sign_in(login)
    return window


def press(window: Window, person: str, **typed: str) -> httpx.Response:
    path = f"/persons/{person}/particulars"
    drawn = window.get(path).text
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
    return window.sends(path, page=path, **{**fields, **typed})


class TestByJson:
    def test_what_changed_is_recorded_at_once_and_a_document_takes_the_place_of_its_kind(
        self, desk: Desk, oksana: str
    ) -> None:
        desk.act(f"/persons/{oksana}/particulars-update", MARRIED)
        fact = facts(desk, oksana)[-1]
        assert isinstance(fact, ParticularsUpdated) and fact.basis == "свідоцтво про шлюб № 7"
        assert [(one.kind, one.number) for one in fact.documents or ()] == [
            ("birth_certificate", "5"),
            ("passport_card", "000000002"),
        ]
        read = desk.get(f"/persons/{oksana}").json()
        assert read["particulars"]["surname"] == "Придумана" and read["former"][0]["surname"] == "Вигадана"

    def test_is_tried_without_being_stored(self, desk: Desk, oksana: str) -> None:
        before = desk.registry.position()
        said = desk.post(f"/persons/{oksana}/particulars-update?dry_run=1", MARRIED).json()
        assert [one["name"] for one in said["would_record"][oksana]] == ["particulars-updated"]
        assert said["waits"] is False and desk.registry.position() == before

    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"basis": None}, ("basis-missing", "basis")),
            ({"changes": {"birth_date": "1990-05-05"}}, ("never-changes", "birth_date")),
            ({"changes": {"surname": "Вигадана"}, "documents": []}, ("nothing-changed", "changes")),
            ({"changes": {}, "documents": [{"kind": "passport_card", "number": "000000001"}]}, ("nothing-changed",)),
            ({"corrects": True}, ("field-unknown", "corrects")),
        ],
    )
    def test_what_is_no_change_is_refused(self, desk: Desk, oksana: str, said: Any, refused: tuple[str, ...]) -> None:
        problem = desk.refused(f"/persons/{oksana}/particulars-update", {**MARRIED, **said})
        assert codes(problem)[0][: len(refused)] == refused

    def test_a_number_of_somebody_else_is_refused(self, desk: Desk, oksana: str) -> None:
        desk.person(surname="Інша", unzr="19900504-00018")
        changes = {"changes": {"unzr": "19900504-00018"}, "basis": "паспорт", "confirmed": True}
        assert codes(desk.refused(f"/persons/{oksana}/particulars-update", changes))[0][0] == "unzr-taken"


class TestThePage:
    def test_tells_what_comes_and_records_nothing(self, desk: Desk, oksana: str) -> None:
        desk.act(f"/persons/{oksana}/extracts", {"contact": "+380000000001"})
        window, before = window_of(desk), desk.registry.position()
        drawn = plain(window.get(f"/persons/{oksana}/particulars"))
        assert "У реєстрі: Вигадана" in drawn and "000000001" in drawn and "Записати" not in drawn
        said = press(window, oksana, what="try", **TYPED)
        page = plain(said)
        assert said.status_code == 200 and "погодження другої особи не потрібне" in page
        assert re.search(r"<del>Вигадана</del>.*<ins>Придумана</ins>", page, re.S), page
        assert "застаріє" in page and "Повідомлень і завдань не буде" in page and "Записати" in page
        assert desk.registry.position() == before

    def test_records_the_facts_that_json_records(self, desk: Desk, oksana: str) -> None:
        asked = ParticularsUpdate.model_validate(MARRIED).request(UUID(oksana))
        by_json, _ = Clerk(desk.registry, CLERK).tried(asked)
        said = press(window_of(desk), oksana, what="record", **TYPED)
        assert said.status_code == 303 and said.headers["location"] == f"/persons/{oksana}"
        assert facts(desk, oksana)[2:] == by_json[UUID(oksana)]

    def test_a_second_press_is_the_same_act(self, desk: Desk, oksana: str) -> None:
        window, path = window_of(desk), f"/persons/{oksana}/particulars"
        drawn = window.get(path).text
        fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
        said = [window.sends(path, page=path, what="record", **fields, **TYPED).status_code for _ in range(2)]
        assert said == [303, 303] and len(facts(desk, oksana)) == 3
        other = window.sends(path, page=path, what="record", **fields, **{**TYPED, "surname": "Друга"})
        assert other.status_code == 409 and len(facts(desk, oksana)) == 3

    def test_what_came_between_is_said_and_nothing_recorded(self, desk: Desk, oksana: str) -> None:
        window, path = window_of(desk), f"/persons/{oksana}/particulars"
        drawn = window.get(path).text
        fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
        desk.act(f"/persons/{oksana}/particulars-update", {"changes": {"phone": "+380000000003"}, "basis": "заява"})
        said = window.sends(path, page=path, what="record", **fields, **TYPED)
        assert said.status_code == 409 and "+380000000003" in said.text and 'value="Придумана"' in said.text
        assert len(facts(desk, oksana)) == 3

    def test_what_was_wrong_waits_for_a_head(self, desk: Desk, oksana: str) -> None:
        window, wrong = window_of(desk), {"how": "wrong", "basis": "паспорт", "birth_date": "05.05.1990"}
        assert "Чекатиме на погодження" in plain(press(window, oksana, what="try", **wrong))
        said = press(window, oksana, what="record", doc_kind="passport_card", doc_number="000000002", **wrong)
        assert said.status_code == 303 and said.headers["location"].startswith("/approvals/")
        assert len(facts(desk, oksana)) == 2
        head = window_of(desk, "head", "holova")
        page = head.get(said.headers["location"]).text
        version = re.findall(r'name="version" value="(\d+)"', page)[0]
        where = said.headers["location"] + "/approval"
        command = "00000000-0000-4000-8000-00000000000a"
        assert head.sends(where, page=said.headers["location"], command=command, version=version).status_code == 303
        fact = facts(desk, oksana)[-1]
        assert isinstance(fact, ParticularsCorrected) and fact.changes[0].now == "1990-05-05"
        assert {one.number for one in fact.documents or ()} == {"000000002", "5"}

    @pytest.mark.parametrize(
        ("typed", "at"),
        [
            ({"basis": ""}, "basis"),
            ({"birth_date": "05.05.1990"}, "birth_date"),
            ({"unzr": "щось"}, "unzr"),
            ({"doc_kind": ""}, "doc_kind"),
            ({"doc_valid_until": "колись"}, "doc_valid_until"),
            ({"surname": "х" * 900}, "surname"),
        ],
    )
    def test_a_bad_press_is_told_beside_its_field(self, desk: Desk, oksana: str, typed: Any, at: str) -> None:
        window, before = window_of(desk), desk.registry.position()
        for what in ("try", "record"):
            said = press(window, oksana, what=what, **{**TYPED, **typed})
            assert said.status_code == 422 and f'id="{at}-fault"' in said.text and f'href="#{at}"' in said.text
        assert desk.registry.position() == before

    def test_what_is_not_expected_is_confirmed(self, desk: Desk, oksana: str) -> None:
        desk.person(surname="Придумана", given_names="Оксана", birth_date="1990-05-04")
        window = window_of(desk)
        said = press(window, oksana, what="record", **TYPED)
        assert said.status_code == 409 and 'name="confirmed"' in said.text and len(facts(desk, oksana)) == 2
        assert press(window, oksana, what="record", confirmed="1", **TYPED).status_code == 303
        assert facts(desk, oksana)[-1].confirmed == ("same-as-another",)

    def test_is_for_who_may_and_of_whom_they_may_see(self, desk: Desk, oksana: str) -> None:
        path = f"/persons/{oksana}/particulars"
        assert window_of(desk, "auditor", "revizor").get(path).status_code == 403
        desk.act(f"/persons/{oksana}/address-protection", {"basis": "рішення", "since": "2024-01-01"})
        window = window_of(desk)
        assert window.get(path).status_code == 403
        assert window.sends(path, what="try", **TYPED).status_code == 403
        assert window.get("/persons/00000000-0000-4000-8000-000000000000/particulars").status_code == 404


@pytest.mark.slow
def test_by_keyboard_alone(desk: Desk, oksana: str, chromium: Any) -> None:
    user_of(desk.registry)
    with served(create_app(desk.registry, Settings(data=anywhere(), **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, to=f"/persons/{oksana}")
        page.get_by_role("link", name="Оновити відомості").press("Enter")
        shown(page.get_by_role("heading", name="Відомості на показаний документ"))
        page.get_by_label("За яким документом").focus()
        page.keyboard.type("свідоцтво про шлюб № 7")
        page.keyboard.press("Tab")
        page.keyboard.type("Придумана")
        page.keyboard.press("Enter")
        shown(page.locator("ins", has_text="Придумана"))
        page.screenshot(path="build/update-desk.png", full_page=True)
        page.set_viewport_size(NARROW)
        page.screenshot(path="build/update-narrow.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size(DESK)
        page.keyboard.press("KeyG")
        shown(page.get_by_role("heading", name="Придумана Оксана"))
        context.close()
    assert isinstance(facts(desk, oksana)[-1], ParticularsUpdated)

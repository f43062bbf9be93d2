"""The letter of a refusal and of «не можна»: formed with the decision, issued, proved by its document (A17.1)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from conftest import _database
from extracting import text
from filing import BORN, CHILD_BORN, LEAVE, MOVE, NEXT, about, decided, filed, granted, strict
from given import CLERK, founded, installation
from starlette.testclient import TestClient
from test_api import Desk, desk

from api.main import create_app
from registry import journal
from registry.aggregates.community.events import AppealDescribed, CommunityDescribed, SignatoryNamed
from registry.aggregates.letter.events import LetterFormed, LetterIssued
from registry.app import Registry
from registry.cases.refusals import LetterWriter, where
from registry.extracts import keys
from registry.extracts.statement import LETTER, LETTER_STATUS, checked
from registry.opening import opened
from registry.projections import letters as letter_rows
from registry.storage import access
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

WHO = CommunityDescribed(name="Вигадівська громада", body="Виконавчий комітет Вигадівської ради")
APPEAL = AppealDescribed(
    since="2025-03-01",
    article="вигадана стаття вигаданого закону",
    body="Вигадівський голова",
    term="вигаданий строк",
    address="м. Вигадів, майдан 1",
    court="Вигаданий суд",
)
SIGNATORY = SignatoryNamed(since="2025-03-01", name="Ївга Вигаданко", position="Начальниця відділу")
BARE = {**MOVE, "documents": [], "consents": []}
ADULT = {"surname": "Дорослий", "given_names": "Устим", "birth_date": BORN}


def refused(desk: Desk, **body: Any) -> dict[str, Any]:
    said = decided(desk, **{**BARE, "register": about(desk.person(), dwelling=desk.dwelling()), **body})
    assert said["status"] == "refused"
    return said


def barred(desk: Desk, **body: Any) -> dict[str, Any]:
    child = desk.person(birth_date=CHILD_BORN, surname="Мала")
    parent = {"applicant": {"kind": "parent"}, "subject": {"born": CHILD_BORN}, "register": about(child)}
    said = decided(desk, **{**MOVE, **parent, **body})
    assert said["status"] == "not-possible"
    return said


def letters(said: dict[str, Any]) -> list[dict[str, Any]]:
    return said["decision"]["letters"]


def made(desk: Desk, letter: dict[str, Any]) -> bytes:
    answer = desk.client.get(letter["document"])
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf", answer.text
    return answer.content


def printed(desk: Desk, said: dict[str, Any]) -> str:
    (letter,) = letters(said)
    return text(made(desk, letter))


def facts(registry: Registry, kind: type) -> list[Any]:
    with registry.snapshot() as connection:
        rows = connection.execute("SELECT originator_id FROM facts WHERE topic = %s", [kind.NAME]).fetchall()
    return [one.fact for row in rows for one in registry.entries(row["originator_id"]) if isinstance(one.fact, kind)]


class TestWhatItSays:
    def test_who_which_day_each_ground_and_where_it_stands(self, desk: Desk) -> None:
        person = desk.person(surname="Вигаданко", given_names="Ївга", patronymic="Остапівна")
        dwelling = {"mortgaged": True, "address_assigned": False}
        said = refused(desk, dwelling=dwelling, register=about(person, dwelling=desk.dwelling()))
        (letter,), shown = letters(said), printed(desk, said)
        assert letter["number"] == f"{said['code']}/1" and letter["parts"] == [1]
        assert f"№ {letter['number']} від 11.03.2025" in shown and "Відмова у наданні" in shown
        assert "Заявник Вигаданко Ївга Остапівна" in shown and f"11.03.2025 09:40, код {said['code']}" in shown
        for ground in said["decision"]["parts"][0]["grounds"]:
            assert f"{ground['number']}) {ground['wording']}" in shown
            assert f"Інформаційна картка № 1, рядок 13, пункт {ground['number']}" in shown
        assert "Не подано: заява; паспортний документ особи; " in shown and "Житлу не присвоєно адреси" in shown
        assert "«Про надання публічних (електронних публічних) послуг щодо декларування" in shown

    @pytest.mark.parametrize(
        ("card", "body"),
        [("71-01", {"received": "2021-03-10T10:00"}), ("2", {**LEAVE, "dwelling": {}})],
    )
    def test_by_the_card_of_the_day(self, desk: Desk, card: str, body: dict[str, Any]) -> None:
        shown = printed(desk, refused(desk, **body))
        assert f"Інформаційна картка № {card}, рядок 13" in shown
        assert ("«Про адміністративну процедуру»" in shown) == (card == "2")
        assert ("«Про свободу пересування" in shown) == (card == "71-01")

    def test_what_is_not_possible_gets_the_same_paper(self, desk: Desk) -> None:
        said = barred(desk, applicant_name="Вигаданий Батько")
        shown, (part,) = printed(desk, said), said["decision"]["parts"]
        assert "Повідомлення про неможливість надати послугу" in shown and "Відмова" not in shown
        assert part["barred"][0]["wording"] in shown and "Інформаційна картка № 1, рядок" in shown
        assert "Заявник Вигаданий Батько" in shown and "Про кого Мала Оксана" in shown

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({"invalid_documents": ["identity_document"]}, "Недійсне: паспортний документ особи"),
            (
                {"valid_until": {"identity_document": "2020-01-31"}},
                "Строк дії закінчився: паспортний документ особи, строк дії до 31.01.2020",
            ),
        ],
    )
    def test_names_what_is_not_good(self, desk: Desk, body: dict[str, Any], told: str) -> None:
        body = {"dwelling": {"right_document_held": True}, **body}
        said = decided(desk, **{**MOVE, **body, "register": about(desk.person(), dwelling=desk.dwelling())})
        assert told in printed(desk, said)

    def test_of_several_owners_it_says_how_many_are_missing(self, desk: Desk) -> None:
        shown = printed(desk, refused(desk, dwelling={"owners": 3}, consents=["owner_2"]))
        assert "згода власника (співвласника) житла (від 2 осіб)" in shown

    def test_names_the_papers_with_what_is_written_on_them(self, desk: Desk) -> None:
        shown = {"id": "identity_document", "number": "000000017", "dated": "2016-02-03", "issuer": "9901"}
        body = {
            "dwelling": {"right_document_held": True},
            "invalid_documents": ["identity_document"],
            "papers": [shown],
        }
        register = about(desk.person(), dwelling=desk.dwelling())
        printed_ = printed(desk, decided(desk, **{**MOVE, **body, "register": register}))
        line = "паспортний документ особи, № 000000017, від 03.02.2016, видано: 9901"
        assert f"Недійсне: {line}" in printed_ and f"Подані папери • {line}" in printed_

    @pytest.mark.parametrize(
        ("paper", "body", "why"),
        [
            (
                {"id": "owner_1", "number": "3", "valid_until": "2025-03-10"},
                {"dwelling": {}},
                "строк дії вже закінчився",
            ),
            ({"id": "dwelling_right_document", "number": "3", "in_force_on": NEXT}, {}, "законної сили ще не має"),
            (
                {"id": "representative_authority", "number": "3", "powers": ["issue_extract"]},
                {"applicant": {"kind": "proxy_representative"}},
                "Повноваження не поширюються на цю послугу",
            ),
        ],
    )
    def test_says_of_a_paper_that_does_not_count_why(
        self, desk: Desk, paper: dict[str, Any], body: dict[str, Any], why: str
    ) -> None:
        body = filed(desk, **{**MOVE, **body}, register=about(desk.person(), dwelling=desk.dwelling()))
        shown = printed(desk, desk.act("/applications", {**body, "papers": [paper], "decide": True}))
        assert "Не враховано: " in shown and why in shown and shown.count("№ 3,") == 2
        papers = [paper, {"id": paper["id"], "number": "4"}]
        assert desk.act("/applications", {**body, "papers": papers, "decide": True})["status"] == "granted"

    def test_without_adopted_words_it_says_that_the_office_tells_how_to_appeal(self, desk: Desk) -> None:
        shown = printed(desk, refused(desk))
        assert "Інформаційна картка не описує, як оскаржити рішення" in shown and "«Про адміністративну" in shown
        assert "повідомить Виконавчий комітет Вигадівської міської ради" in shown and "Строк" not in shown
        assert "Працівник органу реєстрації Реєстратор Вигадана О. О." in shown

    def test_adopted_words_and_signatory_from_their_day_on(self, desk: Desk) -> None:
        founded(desk.registry, [WHO, APPEAL, SIGNATORY])
        shown = printed(desk, refused(desk))
        for said in (APPEAL.article, APPEAL.body, APPEAL.term, APPEAL.address, APPEAL.court):
            assert said and said in shown
        assert "Начальниця відділу Ївга Вигаданко" in shown and "Підготовлено: Реєстратор Вигадана О. О." in shown
        assert "не описує, як оскаржити" not in shown

    def test_a_decision_of_the_day_before_has_them_not(self, desk: Desk) -> None:
        founded(desk.registry, [WHO, APPEAL, SIGNATORY])
        shown = printed(desk, refused(desk, received="2025-02-28T10:00"))
        assert "не описує, як оскаржити" in shown and "Ївга Вигаданко" not in shown

    @pytest.mark.parametrize("name", ["漢字 Пе\u0301тренко", "Щ" * 100, "#[x] <b>Назва</b>", "ქართული"])
    def test_any_name_is_printed_or_told_by_its_codes(self, desk: Desk, name: str) -> None:
        shown = printed(desk, refused(desk, applicant_name=name)).replace(" ", "")
        assert name.replace(" ", "") in shown or "[U+6F22]" in shown

    def test_a_reference_of_another_form_stays_as_it_is(self) -> None:
        assert where("003 c71-01 r11.2", None) == "Інформаційна картка № 71-01, рядок 11.2"
        assert (where("003 c4", None), where("наказ 7", 3)) == ("Інформаційна картка № 4", "наказ 7")


class TestWhoGetsWhich:
    def family(self, desk: Desk, *parts: dict[str, Any]) -> dict[str, Any]:
        mother, home = desk.person(surname="Мати"), desk.dwelling()
        body = {**BARE, "dwelling": {"address_assigned": False}, "register": about(mother, dwelling=home)}
        children = [{**one, "register": about(one["register"], dwelling=home)} for one in parts]
        return decided(desk, **body, children=children)

    def test_who_files_has_one_with_the_children(self, desk: Desk) -> None:
        child = {**BARE, "service": "register_child_residence", "subject": {"born": CHILD_BORN}}
        child |= {"applicant": {"kind": "parent"}, "dwelling": {"address_assigned": False}}
        child["register"] = desk.person(surname="Мала", birth_date=CHILD_BORN)
        said = self.family(desk, child)
        (letter,) = letters(said)
        shown = text(made(desk, letter))
        assert letter["parts"] == [1, 2] and "Заявник Мати Оксана" in shown
        assert "Частина 1 звернення: Мати Оксана" in shown and "Частина 2 звернення: Мала Оксана" in shown

    def test_another_adult_has_a_paper_of_their_own(self, desk: Desk) -> None:
        other = {**BARE, "subject": {"born": BORN}, "dwelling": {"address_assigned": False}}
        said = self.family(desk, {**other, "register": desk.person(surname="Брат")})
        one, two = letters(said)
        assert (one["number"], two["number"]) == (f"{said['code']}/1", f"{said['code']}/2")
        first, second = text(made(desk, one)), text(made(desk, two))
        assert "Мати" in first and "Брат" not in first and "Брат" in second and "Мати" not in second

    @pytest.mark.parametrize(
        ("kind", "to"), [("dwelling_owner", "Власник житла"), ("dwelling_co_owner", "Співвласник")]
    )
    def test_who_acts_for_another_is_written_to_and_never_whom_it_is_about(
        self, desk: Desk, kind: str, to: str
    ) -> None:
        person = desk.person(surname="Мешканець")
        desk.settled(person, desk.dwelling())
        removal = {**LEAVE, "ground": "owner_application", "applicant": {"kind": kind}, "documents": ["application"]}
        shown = printed(desk, decided(desk, **removal, register=about(person)))
        assert f"Заявник {to}" in shown and "Про кого Мешканець Оксана" in shown and shown.count("Мешканець") == 1

    def test_who_files_has_what_they_ask_about_another_adult(self, desk: Desk) -> None:
        removed, home = desk.person(surname="Мешканець"), desk.dwelling()
        desk.settled(removed, home)
        removal = {**LEAVE, "ground": "owner_application", "applicant": {"kind": "dwelling_owner"}, "documents": []}
        said = self.family(desk, {**removal, "subject": {"born": BORN}, "register": removed})
        (letter,) = letters(said)
        assert letter["parts"] == [1, 2] and "Заявник Мати Оксана" in printed(desk, said)

    def test_who_withdrew_their_own_part_is_who_files_all_the_same(self, desk: Desk) -> None:
        """The paper of another adult is theirs, whoever came first."""
        home, other = desk.dwelling(), {**BARE, "subject": {"born": BORN}, "dwelling": {"address_assigned": False}}
        other |= {"register": about(desk.person(surname="Брат"), dwelling=home)}
        body = filed(
            desk, **MOVE, register=about(desk.person(), dwelling=home), applicant_name="Мати", children=[other]
        )
        desk.clock.moment = body["received"]
        where = f"/applications/{desk.act('/applications', {**body, 'acted_on': None})['application']}"
        desk.act(f"{where}/withdrawal", {"said_by": "applicant", "parts": [1], "paper": "заява"})
        (letter,) = desk.act(f"{where}/decision", {})["letters"]
        shown = text(made(desk, letter))
        assert "Заявник Брат Оксана" in shown and "Мати" not in shown

    def test_a_part_that_was_granted_has_none(self, desk: Desk) -> None:
        home = desk.dwelling()
        child = {**BARE, "service": "register_child_residence", "subject": {"born": CHILD_BORN}}
        child |= {"applicant": {"kind": "parent"}, "register": about(desk.person(birth_date=CHILD_BORN), dwelling=home)}
        said = decided(desk, **MOVE, register=about(desk.person(surname="Мати"), dwelling=home), children=[child])
        assert said["status"] == "partly-granted"
        (letter,) = letters(said)
        assert letter["parts"] == [2] and "Заявник Мати Оксана" in printed(desk, said)

    def test_who_is_not_in_the_register_is_named_as_told(self, desk: Desk) -> None:
        shown = printed(desk, refused(desk, register=about({"particulars": ADULT}, dwelling=desk.dwelling())))
        assert "Заявник Дорослий Устим" in shown

    def test_a_content_too_long_for_a_line_is_cut_by_parts(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("registry.cases.refusals.LONGEST", 100)
        child = {**BARE, "service": "register_child_residence", "subject": {"born": CHILD_BORN}}
        child |= {"applicant": {"kind": "parent"}, "register": desk.person(birth_date=CHILD_BORN)}
        assert [one["parts"] for one in letters(self.family(desk, child))] == [[1], [2]]

    def test_of_one_part_that_is_too_long_papers_have_their_names_only(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registry.cases.refusals.LONGEST", 100)
        register = about(desk.person(), dwelling=desk.dwelling())
        body = filed(desk, **MOVE, invalid_documents=["identity_document"], register=register)
        paper = {"id": "identity_document", "number": "000000017"}
        shown = printed(desk, desk.act("/applications", {**body, "papers": [paper], "decide": True}))
        assert "Недійсне: паспортний документ особи" in shown and "000000017" not in shown


class TestWhenItIsFormed:
    def test_not_by_a_dry_run_nor_where_all_is_granted(self, desk: Desk) -> None:
        body = filed(desk, **BARE, register=about(desk.person(), dwelling=desk.dwelling()))
        assert desk.post("/applications?dry_run=1", body).status_code == 200
        said = granted(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling("9")))
        assert letters(said) == [] and facts(desk.registry, LetterFormed) == []
        answer = desk.get(f"/applications/{said['application']}/letters/1/document")
        assert answer.status_code == 409 and answer.json()["type"] == "/problems/no-letter"

    def test_with_a_decision_that_comes_later(self, desk: Desk) -> None:
        body = filed(desk, **BARE, false_data=True, register=about(desk.person(), dwelling=desk.dwelling()))
        application = desk.act("/applications", body)["application"]
        assert desk.get(f"/applications/{application}/letters").json()["letters"] == []
        said = desk.act(f"/applications/{application}/decision", {"acted_on": body["acted_on"]})
        (letter,) = said["letters"]
        listed = desk.get(f"/applications/{application}/letters").json()
        assert listed == {"application": application, "letters": [letter]}
        assert desk.get(f"/applications/{application}/decision").json()["letters"] == [letter]
        assert desk.client.get(f"/applications/{application}/letter").text.count(letter["document"]) == 1

    def test_with_the_approval_of_one_that_waits(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        body = filed(desk, **BARE, register=about(desk.person(), dwelling=desk.dwelling()))
        desk.clock.moment = f"{NEXT}T10:00"
        asked = desk.post("/applications", {**body, "reason": "внесли з паперу", "decide": True})
        assert asked.status_code == 202, asked.text
        assert facts(desk.registry, LetterFormed) == []
        approved = head.act(f"/applications/{asked.json()['application']}/approval")
        (letter,) = approved["letters"]
        assert "Працівник органу реєстрації Вигадана head" in text(made(head, letter))

    def test_with_the_refusal_of_an_extract_at_the_desk(self, desk: Desk) -> None:
        person = desk.person()
        asked = {"basis": "legal_representative", "requester": "Представник Вигаданий", "documents": []}
        answer = desk.post(f"/persons/{person}/extracts", asked)
        assert answer.status_code == 422, answer.text
        said = desk.client.get(answer.headers["location"] + "/letters").json()
        (letter,) = said["letters"]
        assert "Заявник Представник Вигаданий" in text(made(desk, letter))

    def test_a_decision_of_an_earlier_release_is_printed_as_before(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(LetterWriter, "lines", lambda *_: [])
        said = refused(desk)
        page = desk.client.get(f"/applications/{said['application']}/letter")
        assert page.status_code == 200 and "Не подано" in page.text and "/document" not in page.text

    def test_a_repeated_request_gives_the_same_letter(self, desk: Desk) -> None:
        body = filed(desk, **BARE, register=about(desk.person(), dwelling=desk.dwelling()))
        key = str(uuid4())
        first = desk.act("/applications", {**body, "decide": True}, Idempotency_Key=key)
        again = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        assert again.status_code == 200 and again.json()["decision"]["letters"] == letters(first)
        assert len(facts(desk.registry, LetterFormed)) == len(facts(desk.registry, LetterIssued)) == 1

    def test_numbers_of_extracts_stay_without_a_gap(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling("9"))
        one = desk.act(f"/persons/{person}/extracts", {})["number"]
        refused(desk)
        two = desk.act(f"/persons/{person}/extracts", {})["number"]
        assert int(two.split("/")[1]) == int(one.split("/")[1]) + 1


class TestTheDocument:
    def test_is_the_same_ever_after(self, desk: Desk, tmp_path: Path) -> None:
        (letter,) = letters(refused(desk))
        first = made(desk, letter)
        (issued,) = facts(desk.registry, LetterIssued)
        (kept,) = (tmp_path / "documents").iterdir()
        assert kept.name == f"{issued.sha256}.pdf" and kept.read_bytes() == first == made(desk, letter)
        kept.unlink()
        assert made(desk, letter) == first
        desk.registry.query("letters", "by_code", code=letter["code"])
        assert len(facts(desk.registry, LetterIssued)) == 1

    def test_whose_bytes_are_lost_is_told(self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (letter,) = letters(refused(desk))
        (kept,) = (tmp_path / "documents").iterdir()
        kept.unlink()
        monkeypatch.setattr("registry.letters.pdf.RENDERER", "0")
        answer = desk.client.get(letter["document"])
        assert answer.status_code == 404 and "цього листа" in answer.text

    def test_and_the_same_request_again_is_answered_all_the_same(self, desk: Desk, tmp_path: Path) -> None:
        body = {**filed(desk, **BARE, register=about(desk.person(), dwelling=desk.dwelling())), "decide": True}
        key = str(uuid4())
        first = desk.act("/applications", body, Idempotency_Key=key)
        (kept,) = (tmp_path / "documents").iterdir()
        kept.unlink()
        (lost,) = (tmp_path / "keys").iterdir()
        lost.unlink()
        again = desk.post("/applications", body, Idempotency_Key=key)
        assert again.status_code == 200 and again.json()["decision"]["letters"] == letters(first)

    def test_that_could_not_be_made_is_made_when_asked_for(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any, **__: Any) -> bytes:
            raise RuntimeError("Таємниця")

        with monkeypatch.context() as broken:
            broken.setattr("registry.letters.pdf.render", fail)
            said = refused(desk)
            (letter,) = letters(said)
            answer = desk.client.get(letter["document"])
            assert answer.status_code == 503 and "Таємниця" not in answer.text
            assert desk.client.get(f"/v/{letter['code']}").status_code == 404
        assert f"№ {letter['number']}" in text(made(desk, letter))
        assert desk.client.get(f"/v/{letter['code']}").status_code == 200

    def test_proves_itself_without_a_register(self, desk: Desk) -> None:
        (letter,) = letters(refused(desk))
        document, jwks = made(desk, letter), desk.client.get("/.well-known/jwks.json").json()
        found = checked(document, jwks)
        assert (found.outcome, found.kind) == ("valid", LETTER)
        assert (found.number, found.code) == (letter["number"], letter["code"])
        assert checked(document.replace(b"/Title", b"/Titel", 1), jwks).outcome == "altered"

    def test_is_checked_by_its_code_and_tells_nobodys_data(self, desk: Desk) -> None:
        said = refused(desk, applicant_name="Вигаданко Ївга")
        (letter,) = letters(said)
        page = desk.client.get(f"/v/{letter['code'][:4]}-{letter['code'][4:]}")
        assert page.status_code == 200 and "Лист справжній, рішення чинне" in page.text
        assert letter["number"] in page.text and "11.03.2025" in page.text
        assert not any(word in page.text for word in ("Вигаданко", "Ївга", "Оксана", "Реєстрація місця"))
        status = desk.client.get(f"/v/{letter['code']}.jws").text
        found = checked(status.encode(), desk.client.get("/.well-known/jwks.json").json())
        assert (found.outcome, found.kind, found.number) == ("valid", LETTER_STATUS, letter["number"])

    def test_who_saw_it_is_written_down(self, desk: Desk) -> None:
        person = desk.person()
        (letter,) = letters(refused(desk, register=about(person, dwelling=desk.dwelling())))
        made(desk, letter)
        last = access.entries(desk.registry.access)[-1]
        assert (last.action, last.persons) == ("printed", (UUID(person),))
        assert list(last.about) == ["letter", "route"] and letter["code"] not in str(last)

    @pytest.mark.parametrize("part", ["2", "0", "x", "9" * 30])
    def test_of_no_such_part(self, desk: Desk, part: str) -> None:
        said = refused(desk)
        answer = desk.get(f"/applications/{said['application']}/letters/{part}/document")
        assert answer.status_code in (404, 409) and answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
def empty(server: Any) -> Iterator[Registry]:
    with contextmanager(_database)(server, template="hromada") as url, opened(url) as registry:
        yield registry


class TestTheJournal:
    def test_keeps_it_and_another_register_prints_the_same(self, desk: Desk, empty: Registry, tmp_path: Path) -> None:
        (letter,) = letters(refused(desk))
        document = made(desk, letter)
        assert verify(desk.registry).differences == []
        one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
        journal.export(desk.registry, one, seen_by=OPEN)
        journal.load(empty, one, desk.registry.clock())
        journal.export(empty, two, seen_by=OPEN)
        assert one.read_bytes() == two.read_bytes() and verify(empty).differences == []
        with TestClient(create_app(empty, installation(data=tmp_path))) as client:
            assert client.get(letter["document"]).content == document
            assert client.get(f"/v/{letter['code']}").status_code == 200

    def test_one_of_a_decision_that_is_none_is_a_difference(self, desk: Desk) -> None:
        said = refused(desk)
        (formed,) = facts(desk.registry, LetterFormed)
        for changed in ({"parts": (2,)}, {"application": UUID(int=7)}, {"decided_on": "2025-03-12"}):
            false = replace(formed, **{"code": uuid4().hex[:12].upper(), **changed})
            act = desk.registry.append([(uuid4(), [false], 0)], by=CLERK, command=uuid4())
            found = verify(desk.registry).differences
            assert any(f"position {act.position}: a letter" in one for one in found), changed
        assert said["status"] == "refused"


def test_each_question_is_answered_by_an_index(desk: Desk) -> None:
    with desk.registry.datastore.get_connection() as connection, connection.transaction(force_rollback=True):
        connection.execute(
            "INSERT INTO letters (letter, application, number, code, parts, issued, known_from) "
            "SELECT md5(n::text)::uuid, md5('a' || n)::uuid, n || '/1', 'C' || n, '{1}', false, n "
            "FROM generate_series(1, 30000) n"
        )
        connection.execute("ANALYZE letters")
        for name, asked in (("of_application", {"application": uuid4()}), ("by_code", {"code": "C7"})):
            plan = connection.execute(f"EXPLAIN {letter_rows.SQL[name]}", asked).fetchall()
            said = "\n".join(line["QUERY PLAN"] for line in plan)
            assert "Index" in said and "Seq Scan on letters" not in said, said


class TestTheRegisterBefore:
    def test_knows_whom_it_is_about_on_both_times(self, desk: Desk) -> None:
        """A name that changed since stays on the letter as it was."""
        person = desk.person(surname="Колишня")
        (letter,) = letters(refused(desk, register=about(person, dwelling=desk.dwelling())))
        first = made(desk, letter)
        clerk = Clerk(desk.registry, CLERK)
        clerk.change_particulars(
            UUID(person), command=uuid4(), changes={"surname": "Нова"}, basis="шлюб", corrects=False
        )
        assert made(desk, letter) == first and "Колишня" in text(first)


def test_a_key_of_later_does_not_spoil_an_earlier_letter(desk: Desk, tmp_path: Path) -> None:
    (letter,) = letters(refused(desk))
    first = made(desk, letter)
    settings = installation(data=tmp_path)
    keys.rotate(settings, desk.registry.clock())
    (kept,) = (tmp_path / "documents").iterdir()
    kept.unlink()
    assert made(desk, letter) == first
    assert json.loads(json.dumps(desk.client.get("/.well-known/jwks.json").json()))["keys"][1:]

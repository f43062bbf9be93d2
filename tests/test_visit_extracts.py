"""An extract asked for at a visit: it states the register after the act, in the act itself (semantics 9), over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from extracting import text
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    about,
    amendment,
    decided,
    filed,
    granted,
    listed,
    received,
    strict,
)
from test_api import Desk, desk

from registry.extracts import issuing

pytestmark = pytest.mark.slow

__all__ = ["desk", "strict"]

SEVEN, NINE = (f"смт Вигадівка, вул. Калинова, буд. {house}" for house in "79")
LISTED = "UA12060170010065850"
ASKS = {"service": "issue_extract", "subject": {"born": BORN}}
NEWCOMER = {"surname": "Нова", "given_names": "Людина", "birth_date": BORN, "unzr": "19900504-00011"}
MARRIES = {"corrects": False, "changes": {"surname": "Заміжня"}, "basis": "свідоцтво"}
Rows = list[tuple[str, str, str | None]]


def lives(desk: Desk, **said: Any) -> tuple[str, str, str]:
    """Somebody who lives at 7 since 2010, that dwelling, and another one at 9."""
    person, seven, nine = desk.person(**said), desk.dwelling(), desk.dwelling("9")
    desk.settled(person, seven)
    return person, seven, nine


def rows(said: list[dict[str, Any]]) -> Rows:
    return [(row["address"], row["since"], row["until"]) for row in said]


def holds(desk: Desk, act: dict[str, Any], nth: int = 0) -> dict[str, Any]:
    """What an extract of an act states, once it is seen to be of that very act, not superseded, and printed so."""
    made = act["extracts"][nth]
    assert made["error"] is None
    told = desk.get(f"/extracts/{made['number']}").json()
    assert (told["position"], told["status"], told["superseded_on"]) == (act["position"], "issued", None)
    assert "Витяг чинний" in desk.client.get(f"/v/{made['code']}").text
    content = told["content"]
    printed = text(desk.client.get(made["document"]).content)
    for row in content["residences"]:
        assert row["address"].removeprefix("смт Вигадівка, ") in printed
        assert all(f"{day[8:]}.{day[5:7]}.{day[:4]}" in printed for day in (row["since"], row["until"]) if day)
    if content["person"]:
        assert content["person"]["surname"] in printed
        lives_now = desk.residences(told["person"], known_at=act["recorded_at"])
        stated = [row for row in content["residences"] if row["until"] is None and not row["note_id"] == "annulled"]
        assert sorted(rows(stated)) == sorted(rows(lives_now))
    return content


class TestTheMoveItself:
    def test_asked_for_with_it(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        said = granted(desk, **MOVE, extract={}, register=about(person, dwelling=nine))
        content = holds(desk, said["decision"])
        assert rows(content["residences"]) == [(NINE, DAY, None)] and content["previous"] is None

    def test_asked_for_by_a_second_part_before_or_behind_it(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        behind = {**ASKS, "register": about(person)}
        said = granted(desk, **MOVE, register=about(person, dwelling=nine), children=[behind])
        assert rows(holds(desk, said["decision"])["residences"]) == [(NINE, DAY, None)]
        person, _, nine = lives(desk)
        move = {**MOVE, "subject": {"born": BORN}, "register": about(person, dwelling=nine)}
        said = granted(desk, **ASKS, register=about(person), children=[move])
        assert rows(holds(desk, said["decision"])["residences"]) == [(NINE, DAY, None)]

    def test_decided_by_a_second_request(self, desk: Desk) -> None:
        for second_part in (False, True):
            person, _, nine = lives(desk)
            extra = {"children": [{**ASKS, "register": about(person)}]} if second_part else {"extract": {}}
            where = received(desk, **MOVE, register=about(person, dwelling=nine), **extra)
            act = desk.act(f"/applications/{where}/decision", {"acted_on": DAY})
            assert rows(holds(desk, act)["residences"]) == [(NINE, DAY, None)]

    def test_with_previous_periods_what_was_left_is_one(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        wants = {"history_requested": True}
        said = granted(desk, **MOVE, extract=wants, register=about(person, dwelling=nine))
        content = holds(desk, said["decision"])
        assert rows(content["previous"]) == [(SEVEN, "2010-07-15", DAY)]

    def test_from_another_community_and_an_address_that_is_kept(self, desk: Desk) -> None:
        person, seven, _ = lives(desk)
        there = {"address": "м. Неіснуюче, вул. Тиха, буд. 1", "since": "2015-05-05"}
        subject = {"born": BORN, "current_residence": {"place": "other_community"}}
        newcomer = desk.person(surname="Приїжджа")
        register = about(newcomer, dwelling=seven, elsewhere=there)
        said = granted(desk, **MOVE, extract={"history_requested": True}, subject=subject, register=register)
        content = holds(desk, said["decision"])
        assert rows(content["residences"]) == [(SEVEN, DAY, None)] and content["previous"] == []
        keeps = {"born": BORN, "current_residence": {"kept": True, "occupied": {}}}
        address = {"katottg": LISTED, "settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}
        desk.act(f"/dwellings/{seven}/correction", {"address": address, "kind": "private", "reason": "код"})
        listed(desk, LISTED)
        register = about(person, dwelling=desk.dwelling("11"), list_entry="II.4")
        said = granted(desk, **MOVE, extract={}, subject=keeps, register=register)
        kept = [(row["kept"], row["since"]) for row in holds(desk, said["decision"])["residences"]]
        assert kept == [(False, DAY), (True, "2010-07-15")]

    def test_a_parent_and_a_child_each_with_an_extract_of_their_own(self, desk: Desk) -> None:
        parent, _, nine = lives(desk)
        child = desk.person(surname="Вигаданко", birth_date=CHILD_BORN)
        of_child = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}, "extract": {}}
        of_child |= {"applicant": {"kind": "parent"}, "register": about(child, dwelling=nine)}
        register = about(parent, dwelling=nine)
        said = granted(desk, **MOVE, extract={}, register=register, children=[of_child], applicant_name="Вигадана О.")
        act = said["decision"]
        found = [holds(desk, act, nth)["person"]["surname"] for nth in (0, 1)]
        assert found == ["Вигадана", "Вигаданко"]
        first, second = (int(one["number"].partition("/")[2]) for one in act["extracts"])
        assert second == first + 1

    def test_of_the_dwelling_that_somebody_moves_into(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        desk.settled(desk.person(surname="Давня"), nine, "2001-01-01")
        owner = {**ASKS, "applicant": {"kind": "dwelling_owner"}, "register": {"dwelling": nine}}
        register = about(person, dwelling=nine)
        said = granted(desk, **MOVE, register=register, children=[owner], applicant_name="Вигаданий Власник")
        content = holds(desk, said["decision"])
        assert [(one["surname"], one["since"]) for one in content["residents"]] == [
            ("Вигадана", DAY),
            ("Давня", "2001-01-01"),
        ]


class TestTheRemoval:
    def test_of_what_is_removed_by_it(self, desk: Desk) -> None:
        for extra in ({"state": "removed"}, {}):
            person, _, _ = lives(desk)
            said = granted(desk, **LEAVE, extract=extra, register=about(person))
            content = holds(desk, said["decision"])
            assert rows(content["residences"]) == [(SEVEN, "2010-07-15", DAY)] and "знято" in content["kind"]

    def test_by_a_second_part_and_by_a_second_request(self, desk: Desk) -> None:
        person, _, _ = lives(desk)
        behind = {**ASKS, "extract": {"state": "removed"}, "register": about(person)}
        where = received(desk, **LEAVE, register=about(person), children=[behind])
        act = desk.act(f"/applications/{where}/decision", {"acted_on": DAY})
        assert rows(holds(desk, act)["residences"]) == [(SEVEN, "2010-07-15", DAY)]

    def test_by_a_representative_one_for_each_person_removed(self, desk: Desk) -> None:
        people = [lives(desk)[0], lives(desk, surname="Інша")[0]]
        body = {**LEAVE, "applicant": {"kind": "legal_representative"}, "persons": 2}
        body |= {"extract": {"state": "removed"}, "applicant_name": "Вигаданий Опікун"}
        act = granted(desk, **body, register=about(*people))["decision"]
        assert [holds(desk, act, nth)["person"]["surname"] for nth in (0, 1)] == ["Вигадана", "Інша"]
        assert len(act["extracts"]) == 2

    def test_a_cancelled_residence_stays_what_it_was_beside_a_move(self, desk: Desk) -> None:
        person, seven, nine = desk.person(), desk.dwelling(), desk.dwelling("9")
        residence = desk.settled(person, seven)
        basis = {"basis": "рішення суду", "revives": False}
        desk.act(f"/persons/{person}/residences/{residence}/annulment", basis)
        said = granted(desk, **MOVE, extract={"state": "cancelled"}, register=about(person, dwelling=nine))
        (row,) = holds_cancelled(desk, said["decision"])
        assert (row["residence_id"], row["note_id"]) == (residence, "annulled")


def holds_cancelled(desk: Desk, act: dict[str, Any]) -> list[dict[str, Any]]:
    told = desk.get(f"/extracts/{act['extracts'][0]['number']}").json()
    assert told["position"] == act["position"] and told["superseded_on"] is None
    return told["content"]["residences"]


class TestANewcomer:
    def test_registers_and_leaves_with_the_extract(self, desk: Desk) -> None:
        nine = desk.dwelling("9")
        someone = {"particulars": NEWCOMER, "documents": [{"kind": "passport_card", "number": "1", "latin": "Nova"}]}
        said = granted(desk, **MOVE, extract={}, register=about(someone, dwelling=nine))
        content = holds(desk, said["decision"])
        assert rows(content["residences"]) == [(NINE, DAY, None)]
        assert {**NEWCOMER, "patronymic": None, "rnokpp": None, "latin": "Nova"} == content["person"]
        assert content["requester"] == "Нова Людина"

    def test_by_a_second_part_that_tells_of_the_same_person_and_by_a_second_request(self, desk: Desk) -> None:
        nine, who = desk.dwelling("9"), {"particulars": {**NEWCOMER, "unzr": None}}
        body = filed(desk, **MOVE, register=about(who, dwelling=nine), children=[{**ASKS, "register": about(who)}])
        key = "6f1c2a52-9d0e-4a55-8a11-0d6a2f0e9f01"
        act = desk.act("/applications", {**body, "decide": True}, Idempotency_Key=key)["decision"]
        assert len(act["recorded"]) == 1 and rows(holds(desk, act)["residences"]) == [(NINE, DAY, None)]
        again = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        assert again.status_code == 200 and again.json()["decision"]["extracts"] == act["extracts"]
        where = desk.act("/applications", body)["application"]
        later = desk.act(f"/applications/{where}/decision", {"acted_on": DAY})
        assert rows(holds(desk, later)["residences"]) == [(NINE, DAY, None)]

    def test_twins_without_names_are_two(self, desk: Desk) -> None:
        child = {"surname": "Вигаданко", "birth_date": CHILD_BORN}
        part = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}}
        part |= {"applicant": {"kind": "parent"}, "register": about({"particulars": child}, dwelling=desk.dwelling())}
        said = granted(desk, **part, children=[part])
        assert len(said["decision"]["recorded"]) == 2

    def test_refused_gets_none_and_is_nobody(self, desk: Desk) -> None:
        register = about({"particulars": NEWCOMER}, dwelling=desk.dwelling())
        said = decided(desk, **MOVE, extract={}, false_data=True, register=register)
        (person,) = desk.get(f"/applications/{said['application']}").json()["parts"][0]["register"]["persons"]
        assert said["status"] == "refused" and said["decision"]["extracts"] == []
        assert desk.get(f"/persons/{person['person']}").status_code == 404


class TestTheSecondPerson:
    @pytest.mark.parametrize("at_once", [True, False], ids=["asked at the visit", "by a second request"])
    def test_whose_approval_forms_it(self, strict: tuple[Desk, Desk], at_once: bool) -> None:
        desk, head = strict
        person, body = amendment(desk, extract={"history_requested": True})
        said = desk.post("/applications", {**body, "decide": at_once}).json()
        where = f"/applications/{said['application']}"
        if not at_once:
            assert desk.post(where + "/decision", {"acted_on": DAY}).status_code == 202
        assert desk.registry.query("extracts", "of_person", person=UUID(person)) == []
        key = "6f1c2a52-9d0e-4a55-8a11-0d6a2f0e9f02"
        act = head.act(where + "/approval", Idempotency_Key=key)
        content = holds(head, act)
        assert rows(content["residences"]) == [(NINE, "2010-07-16", None)] and content["clerk"] == "Вигадана head"
        assert head.post(where + "/approval", Idempotency_Key=key).json()["extracts"] == act["extracts"]
        assert desk.get(where).json()["status"] == "granted"

    def test_rejected_it_is_not_formed(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        person, body = amendment(desk, extract={})
        said = desk.post("/applications", {**body, "decide": True}).json()
        act = head.act(f"/applications/{said['application']}/rejection", {"reason": "немає підстав"})
        assert "extracts" not in act and desk.registry.query("extracts", "of_person", person=UUID(person)) == []

    def test_where_nobody_is_asked_it_is_in_the_act(self, desk: Desk) -> None:
        _, body = amendment(desk, extract={})
        act = desk.act("/applications", {**body, "decide": True})["decision"]
        assert rows(holds(desk, act)["residences"]) == [(NINE, "2010-07-16", None)]


class TestWhoeverWasFaster:
    """All that an extract states is as it was read, or nothing of the visit is recorded."""

    def test_changes_what_it_would_state(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        person, seven, nine = lives(desk)
        renamed = {"address": {"settlement": "смт Вигадівка", "street": "вул. Вільна", "house": "7"}}
        owner = {**ASKS, "applicant": {"kind": "dwelling_owner"}, "register": {"dwelling": seven}}
        move = filed(desk, **MOVE, extract={"history_requested": True}, register=about(person, dwelling=nine))
        other = desk.person(surname="Інша")
        home = filed(desk, **owner, applicant_name="Вигаданий Власник")
        for body, change in (
            (move, lambda: desk.act(f"/dwellings/{seven}/names", {**renamed, "since": "2015-01-01"})),
            (filed(desk, **ASKS, register=about(person)), lambda: desk.core("change_particulars", person, **MARRIES)),
            (home, lambda: desk.settled(other, seven, "2020-01-01")),
            (home, lambda: desk.core("change_particulars", other, **MARRIES)),
        ):
            real = desk.registry.append

            def late(*lines: Any, real: Any = real, change: Any = change, **how: Any) -> Any:
                monkeypatch.setattr(desk.registry, "append", real)
                change()
                return real(*lines, **how)

            monkeypatch.setattr(desk.registry, "append", late)
            answer = desk.post("/applications", {**body, "decide": True})
            assert answer.status_code == 409 and answer.json()["type"] == "/problems/record-changed", answer.text
            again = desk.act("/applications", {**body, "decide": True})
            assert holds(desk, again["decision"])


class TestNothingIsGrantedThatWasNotIssued:
    def test_who_says_no_more_than_that_gets_what_the_register_says_first(self, desk: Desk) -> None:
        person, _, _ = lives(desk)
        content = holds(desk, granted(desk, **ASKS, register=about(person))["decision"])
        assert rows(content["residences"]) == [(SEVEN, "2010-07-15", None)]
        gone = desk.person(surname="Ніденко")
        assert holds(desk, granted(desk, **ASKS, register=about(gone))["decision"])["no_data"]

    def test_a_dry_run_says_that_there_will_be_one(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        for body, shown in (
            (ASKS, {"state": "active"}),
            ({**MOVE, "extract": {"state": "removed"}}, {"state": "removed"}),
        ):
            part = desk.post("/applications?dry_run=1", filed(desk, **body, register=about(person, dwelling=nine)))
            assert part.json()["parts"][0]["extract"] == {**shown, "previous_periods": []}
        assert desk.registry.query("extracts", "of_person", person=UUID(person)) == []

    def test_one_who_was_not_in_the_register_is_said_not_to_live_here(self, desk: Desk) -> None:
        act = granted(desk, **ASKS, register=about({"particulars": NEWCOMER}))["decision"]
        content = holds(desk, act)
        assert content["no_data"] and content["person"]["surname"] == "Нова"

    def test_a_document_that_cannot_be_made_is_told_and_the_move_stays(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person, _, nine = lives(desk)
        monkeypatch.setattr(issuing, "_made", lambda *_: 1 / 0)
        (made,) = granted(desk, **MOVE, extract={}, register=about(person, dwelling=nine))["decision"]["extracts"]
        assert made["document"] is None and made["error"].startswith("Документ не сформовано")
        assert rows(desk.residences(person)) == [(NINE, DAY, None)]

    def test_one_that_cannot_be_is_no_visit(self, desk: Desk) -> None:
        person, _, nine = lives(desk)
        body = filed(desk, **MOVE, register=about(person, dwelling=nine))
        body |= {"applicant": {"kind": "social_institution"}, "applicant_name": "Вигадана установа", "extract": {}}
        body["decide"] = True
        assert desk.refused("/applications", body)["type"] == "/problems/cannot-issue"

"""What a desk has to confirm is asked in one question: doubtful values and who may be the same person together."""

from typing import Any

import pytest
from callers import of_machine
from filing import BORN, DAY, MOVE, PROOF, about, filed
from test_api import Desk, codes, desk
from test_machines import desk as machines_desk

__all__ = ["desk", "machines_desk"]

HELD = {"surname": "Нова", "given_names": "Ганна", "birth_date": BORN, "sex": "female", "unzr": None, "rnokpp": None}
DOUBTED = {**HELD, "unzr": "19850402-00016"}
BOTH = ["unzr-check-digit", "unzr-birth-date", "perhaps-the-same"]


@pytest.fixture
def held(desk: Desk) -> str:
    return desk.person(**HELD)


def others(person: str) -> dict[str, Any]:
    return {"distinct_from": [person], "distinct_reason": "інша особа: тезка, бачили обох"}


def asked(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.text
    return [code for code, _ in codes(answer.json())]


def test_who_is_entered(desk: Desk, held: str) -> None:
    body = {"particulars": DOUBTED}
    before = desk.registry.position()
    answer = desk.post("/persons", body)
    assert asked(answer) == BOTH
    assert codes(answer.json())[0][1] == "unzr"
    assert asked(desk.post("/persons?dry_run=1", body)) == BOTH
    assert asked(desk.post("/persons", {**body, "confirmed": True})) == ["perhaps-the-same"]
    assert asked(desk.post("/persons", {**body, **others(held)})) == BOTH[:2]
    assert desk.registry.position() == before
    assert desk.post("/persons", {**body, **others(held), "confirmed": True}).status_code == 201


@pytest.mark.parametrize("how", [{}, {"decide": True}])
@pytest.mark.parametrize("tried", [True, False])
def test_a_newcomer_of_a_visit(desk: Desk, held: str, how: dict[str, Any], tried: bool) -> None:
    said = {**MOVE, "subject": {"born": BORN}}
    one = {"particulars": DOUBTED, "documents": PROOF, **others(held)}
    body = filed(desk, **said, register=about(one, dwelling=desk.dwelling()), confirmed=True)
    first = {**body, **how, "confirmed": False}
    first["register"] = {
        **body["register"],
        "persons": [{name: value for name, value in one.items() if not name.startswith("distinct")}],
    }
    where = "/applications?dry_run=1" if tried else "/applications"
    assert asked(desk.post(where, first)) == BOTH
    answer = desk.post(where, {**body, **how})
    assert answer.status_code == (200 if tried else 201), answer.text


def test_a_decision_on_what_a_machine_sent(machines_desk: Desk) -> None:
    desk = machines_desk
    one = {"particulars": DOUBTED, "documents": PROOF}
    asked_for = {**MOVE, "service": "declare_residence", "channel": "diia", "subject": {"born": BORN}}
    body = filed(desk, **asked_for, register=about(one, dwelling=desk.dwelling()), confirmed=True)
    sent = {name: said for name, said in body.items() if name not in ("transcribed", "acted_on", "confirmed")}
    held = desk.person(**HELD)
    told = desk.post("/applications", sent, **of_machine(desk.registry))
    assert told.status_code == 201, told.text
    where = f"/applications/{told.json()['application']}/decision"
    assert asked(desk.post(where, {"acted_on": DAY})) == BOTH
    assert asked(desk.post(where + "?dry_run=1", {"acted_on": DAY})) == BOTH
    done = desk.post(where, {"acted_on": DAY, "confirmed": True, **others(held)})
    assert done.status_code == 201 and done.json()["status"] == "granted", done.text


class TestAnAmendment:
    def test_asks_too(self, desk: Desk) -> None:
        one = {"particulars": {**HELD, "surname": "Колишня"}, "documents": PROOF}
        said = {**MOVE, "subject": {"born": BORN}}
        home = desk.dwelling()
        body = filed(desk, **said, register=about(one, dwelling=home))
        id = desk.act("/applications", body)["application"]
        held = desk.person(**HELD)
        kept = ("received", "office", "acted_on", "confirmed", "channel", "decide")
        anew = {name: value for name, value in body.items() if name not in kept}
        anew |= {"register": about({**one, "particulars": DOUBTED}, dwelling=home), "reason": "описка"}
        where, before = f"/applications/{id}/amendment", desk.registry.position()
        assert asked(desk.post(where, anew)) == BOTH
        assert asked(desk.post(where + "?dry_run=1", anew)) == BOTH
        assert asked(desk.post(where, {**anew, "confirmed": True})) == ["perhaps-the-same"]
        assert desk.registry.position() == before
        sure = about({**one, "particulars": DOUBTED, **others(held)}, dwelling=home)
        answer = desk.post(where, {**anew, "register": sure, "confirmed": True})
        assert answer.status_code == 201, answer.text
        done = desk.post(f"/applications/{id}/decision", {"acted_on": DAY})
        assert done.status_code == 201 and done.json()["status"] == "granted", done.text

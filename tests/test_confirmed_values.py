"""What disagrees with itself is asked at a desk, by every door that enters who somebody is, and kept as confirmed."""

from typing import Any
from uuid import UUID

import pytest
from callers import of_machine
from filing import DAY, MOVE, PROOF, about, filed
from test_api import Desk, codes, desk
from test_machines import desk as machines_desk

__all__ = ["desk", "machines_desk"]

BORN = "1991-08-24"
RIGHT = {"surname": "Нова", "given_names": "Ганна", "birth_date": BORN, "sex": "female", "unzr": "19910824-00026"}
DOUBTS = [
    ({"unzr": "19910824-00025"}, ["unzr-check-digit"], "unzr"),
    ({"unzr": "19850402-00016"}, ["unzr-check-digit", "unzr-birth-date"], "unzr"),
    ({"rnokpp": "1111111111", "birth_date": "1930-06-03", "unzr": None, "sex": None}, ["rnokpp-check-digit"], "rnokpp"),
    ({"rnokpp": "3068208400"}, ["rnokpp-birth-date"], "rnokpp"),
    ({"rnokpp": "3652504575"}, ["rnokpp-birth-date", "rnokpp-sex"], "rnokpp"),
    ({"surname": "Пeтренко"}, ["look-alike-letters"], "surname"),
    ({"given_names": "0ксана"}, ["look-alike-letters"], "given_names"),
    ({"patronymic": "Iванівна"}, ["look-alike-letters"], "patronymic"),
]


def confirmed_in(desk: Desk, person: str) -> Any:
    return desk.get(f"/persons/{person}/facts").json()["facts"][-1]["body"].get("confirmed")


class TestAtADesk:
    @pytest.mark.parametrize(("said", "wanted", "field"), DOUBTS)
    def test_who_is_entered(self, desk: Desk, said: dict[str, Any], wanted: list[str], field: str) -> None:
        body = {"particulars": {**RIGHT, **said}}
        answer = desk.post("/persons", body)
        assert answer.status_code == 409 and answer.json()["type"] == "/problems/confirmation-needed"
        told = [one for one in codes(answer.json()) if one[0] != "perhaps-the-same"]
        assert told == [(code, field) for code in wanted]
        assert "19910824" not in answer.text and "Пeтренко" not in answer.text
        person = desk.act("/persons", {**body, "confirmed": True})["person"]
        assert confirmed_in(desk, person) == wanted
        page = desk.client.get(f"/persons/{person}")
        assert page.status_code == 200

    def test_what_agrees_is_asked_nothing(self, desk: Desk) -> None:
        person = desk.act("/persons", {"particulars": RIGHT})["person"]
        assert confirmed_in(desk, person) is None

    def test_what_is_corrected(self, desk: Desk) -> None:
        person = desk.act("/persons", {"particulars": RIGHT})["person"]
        body = {"changes": {"birth_date": "25.08.1991"}, "basis": "свідоцтво"}
        answer = desk.post(f"/persons/{person}/particulars-correction", body)
        assert answer.status_code == 409 and codes(answer.json()) == [("unzr-birth-date", "unzr")]
        made = desk.post(f"/persons/{person}/particulars-correction", {**body, "confirmed": True})
        assert made.status_code in (201, 202), made.text
        again = desk.post(f"/persons/{person}/particulars-correction", {"changes": {"phone": "1"}, "basis": "заява"})
        assert again.status_code in (201, 202, 409) and "unzr" not in again.text

    @pytest.mark.parametrize("how", [{}, {"decide": True}])
    def test_a_newcomer_of_a_visit(self, desk: Desk, how: dict[str, Any]) -> None:
        who = {"particulars": {**RIGHT, "unzr": "19910824-00025"}, "documents": PROOF}
        asked = {**MOVE, "subject": {"born": BORN}, "register": about(who, dwelling=desk.dwelling())}
        wanted = [("unzr-check-digit", "register.persons.0.particulars.unzr")]
        tried = desk.post("/applications?dry_run=1", asked | {"received": f"{DAY}T09:40"})
        assert tried.status_code == 409 and codes(tried.json()) == wanted
        body = filed(desk, **asked, confirmed=True)
        before = desk.registry.position()
        answer = desk.post("/applications", {**body, **how, "confirmed": False})
        assert answer.status_code == 409 and codes(answer.json()) == wanted
        assert desk.registry.position() == before
        told = desk.act("/applications", {**body, **how})
        if not how:
            desk.act(f"/applications/{told['application']}/decision", {"acted_on": DAY})
        held = desk.get(f"/applications/{told['application']}").json()
        assert held["status"] == "granted"
        facts = [one.fact for one in desk.registry.entries(_only_person(desk))]
        assert facts[0].confirmed == ("unzr-check-digit",)

    def test_a_document_of_an_impossible_day(self, desk: Desk) -> None:
        papers = [{"kind": "passport_card", "number": "000000001", "issued_on": "23.08.1991"}]
        body = {"particulars": RIGHT, "documents": papers, "confirmed": True}
        assert codes(desk.refused("/persons", body)) == [("issued-before-birth", "documents.0.issued_on")]


class TestAMachine:
    @pytest.fixture
    def desk(self, machines_desk: Desk) -> Desk:
        return machines_desk

    def test_is_never_stopped_by_a_doubt_and_the_clerk_is_asked(self, desk: Desk) -> None:
        who = {"particulars": {"surname": "Пeтренко", "birth_date": "1991"}, "documents": PROOF}
        asked = {**MOVE, "service": "declare_residence", "channel": "diia", "subject": {"born": BORN}}
        body = filed(desk, **asked, register=about(who, dwelling=desk.dwelling()), confirmed=True)
        sent = {name: said for name, said in body.items() if name not in ("transcribed", "acted_on", "confirmed")}
        told = desk.post("/applications", sent, **of_machine(desk.registry))
        assert told.status_code == 201, told.text
        where = f"/applications/{told.json()['application']}/decision"
        answer = desk.post(where, {"acted_on": DAY})
        assert answer.status_code == 409 and [code for code, _ in codes(answer.json())] == ["look-alike-letters"]
        assert desk.act(where, {"acted_on": DAY, "confirmed": True})["status"] == "granted"


def _only_person(desk: Desk) -> Any:
    found = desk.post("/search/people", {"q": "Нова"}).json()["people"]
    return UUID(found[0]["id"])

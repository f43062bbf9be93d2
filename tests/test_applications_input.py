"""Applications over HTTP: lists by term, bad input one by one, nothing echoed, nothing stored."""

from typing import Any

import pytest
from filing import (
    BORN,
    DAY,
    LEAVE,
    MOVE,
    PROOF,
    VISIT,
    about,
    granted,
    received,
)
from test_api import NOBODY, SECRET, Desk, codes, desk, has_cyrillic

__all__ = ["desk"]


class TestLists:
    def test_by_term_and_by_person(self, desk: Desk) -> None:
        person, other = desk.person(ref="К-7"), desk.person()
        later = received(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        earlier = received(
            desk, **MOVE, received="2024-03-11T09:40", register=about(other, dwelling=desk.dwelling("9"))
        )
        listed = desk.get("/applications").json()["applications"]
        assert [one["application"] for one in listed] == [earlier, later]
        assert listed[0]["due_by"] == "2024-03-11" and listed[0]["services"] == ["register_residence"]
        assert len(desk.get("/applications", limit=1).json()["applications"]) == 1
        assert [one["application"] for one in desk.get("/applications", person="К-7").json()["applications"]] == [later]
        desk.act(f"/applications/{later}/decision", {"acted_on": DAY})
        assert desk.get("/applications", person=person, status="open").json()["applications"] == []
        assert len(desk.get("/applications", person=person).json()["applications"]) == 1
        assert len(desk.get("/applications", status="open").json()["applications"]) == 1

    def test_what_waits(self, desk: Desk) -> None:
        for moment, house in ((VISIT, "8"), ("2024-03-11T09:40", "9")):
            granted(desk, **MOVE, received=moment, register=about(desk.person(), dwelling=desk.dwelling(house)))
        waiting = desk.get("/outbox", order="deadline").json()["waiting"]
        assert [one["deadline"] for one in waiting] == ["2024-03-11"] * 2 + [DAY] * 2
        assert [one["deadline"] for one in desk.get("/outbox").json()["waiting"]] == [DAY] * 2 + ["2024-03-11"] * 2
        assert all(has_cyrillic(one["label_uk"]) and one["sent_at"] is None for one in waiting)
        assert len(desk.get("/outbox", role="message", limit=3).json()["waiting"]) == 3
        assert desk.get("/outbox", role="task").json()["waiting"] == []

    @pytest.mark.parametrize(
        ("path", "params", "code"),
        [
            ("/applications", {"status": SECRET}, "value-unknown"),
            ("/applications", {"limit": "0"}, "too-small"),
            ("/applications", {SECRET: "1"}, "field-unknown"),
            ("/outbox", {"role": SECRET}, "value-unknown"),
            ("/outbox", {"limit": "x"}, "not-a-number"),
        ],
    )
    def test_bad_questions(self, desk: Desk, path: str, params: dict[str, str], code: str) -> None:
        answer = desk.get(path, **params)
        assert answer.status_code == 422 and SECRET not in answer.text and answer.json()["errors"][0]["code"] == code

    def test_nobody_and_no_number_in_an_address(self, desk: Desk) -> None:
        assert desk.get("/applications", person=NOBODY).status_code == 404
        assert desk.get("/applications", person="19900504-00011").json()["type"] == "/problems/unzr-in-url"


class TestBadInput:
    @pytest.mark.parametrize(
        ("changed", "wanted"),
        [
            ({"office": SECRET}, [("offices-unknown", "office")]),
            ({"register": None}, [("person-missing", "register")]),
            ({"register": {}}, [("person-missing", "register")]),
            ({"register": about(NOBODY)}, [("person-unknown", "register.persons.0.person")]),
            ({"register": about(SECRET, dwelling=SECRET)}, [
                ("person-unknown", "register.persons.0.person"), ("dwelling-unknown", "register.dwelling")]),
            ({"register": about({})}, [("person-missing", "register.persons.0")]),
            ({"register": about({"person": SECRET, "particulars": {"surname": "А"}})}, [
                ("person-missing", "register.persons.0"), ("person-unknown", "register.persons.0.person")]),
            ({"register": about({"particulars": {}, "documents": PROOF})}, [("name-missing", "surname")]),
            ({"register": about({"particulars": {"surname": "А"}})}, [
                ("identity-number-missing", "register.persons.0.documents")]),
            ({"register": about({"particulars": {"surname": "А", SECRET: 1}})}, [
                ("field-unknown", "register.persons.0.particulars")]),
            ({"register": about(*[NOBODY] * 51)}, [("too-many", "register.persons")]),
            ({"register": about({"person": "P", "residence": NOBODY})}, [
                ("residence-unknown", "register.persons.0.residence")]),
            ({"register": {"persons": [], SECRET: 1}}, [("field-unknown", "register")]),
            ({"register": about("P", elsewhere={"katottg": SECRET})}, [
                ("missing", "register.elsewhere.address"), ("katottg-shape", "register.elsewhere.katottg")]),
            ({"register": about("P", elsewhere={"address": "а", "since": SECRET})}, [
                ("not-a-date", "register.elsewhere.since")]),
            ({"register": about("P")}, [("dwelling-missing", "register.dwelling")]),
            ({"children": [{"service": "register_stay", "subject": {"born": BORN}}] * 500}, [("too-many", "children")]),
            ({"children": [{"service": "register_stay", "subject": {"born": BORN}}]}, [
                ("person-missing", "children.0.register")]),
            ({"children": [{"service": SECRET, "subject": {}, "received": VISIT}]}, [
                ("value-unknown", "children.0.service"),
                ("field-unknown", "children.0.received"),
            ]),
            ({"checks": [{"check": SECRET, "said": {}}]}, [("value-unknown", "checks.0.check")]),
            ({"checks": [SECRET]}, [("not-an-object", "checks.0")]),
            ({"checks": [{"check": "civil_status", "said": {}}]}, [("check-not-asked", "check")]),
            ({"checks": [{"check": "ownership", "said": {}, "part": 3}]}, [("part-unknown", "part")]),
            ({"checks": [{"check": "payment", "said": {"receipt": "а" * 501}}]}, [
                ("text-too-long", "checks.0.said.receipt")]),
            ({"applicant_name": SECRET + "\u202e"}, [("text-broken", "applicant_name")]),
            ({"acted_on": SECRET}, [("not-a-day", "acted_on")]),
            ({"decide": "так"}, [("not-a-boolean", "decide")]),
            ({"persons": 2}, [("persons-differ", "persons")]),
        ],
    )  # fmt: skip
    def test_one_by_one(self, desk: Desk, changed: dict[str, Any], wanted: list[Any]) -> None:
        desk.person(ref="P")
        desk.dwelling(ref="D")
        body = {**MOVE, "received": VISIT, "subject": {"born": BORN}, "register": about("P", dwelling="D")}
        body["documents"] = ["application", "identity_document", "dwelling_right_document", "fee_evidence"]
        for path in ("/applications", "/applications?dry_run=1"):
            said = {name: value for name, value in {**body, **changed}.items() if value is not None}
            if path == "/applications" or said.get("register") is not None:
                assert codes(desk.refused(path, said)) == wanted, path

    def test_markup_is_text(self, desk: Desk) -> None:
        name = "<script>alert(1)</script> O'Нова"
        someone = {"particulars": {"surname": name, "birth_date": BORN}}
        how = {"register": about(someone, dwelling=desk.dwelling()), "confirmed": True}  # a Latin O before a Н
        said = granted(desk, **MOVE, applicant_name=name, phone="<b>", **how)
        read = desk.get(f"/applications/{said['application']}")
        assert read.headers["content-type"] == "application/json"
        assert read.json()["applicant_name"].startswith("<script>") and read.json()["phone"] == "<b>"
        person = next(iter(said["decision"]["recorded"]))
        assert "<script>alert" not in desk.client.get(f"/persons/{person}").text

    def test_a_person_twice(self, desk: Desk) -> None:
        person = desk.person()
        body = {**LEAVE, "persons": 2, "subject": {"born": BORN}, "register": about(person, person)}
        assert codes(desk.refused("/applications", body)) == [("persons-differ", "persons")]

    def test_the_log_of_requests_names_nobody(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        said = granted(
            desk, **MOVE, applicant_name=SECRET, register=about(desk.person(surname=SECRET), dwelling=desk.dwelling())
        )
        desk.client.get(f"/status/{said['code']}")
        logged = capsys.readouterr().err
        assert "/status/{code}" in logged and SECRET not in logged and said["code"] not in logged

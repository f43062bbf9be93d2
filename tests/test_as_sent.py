"""What a portal sends of people is received as it is, kept as sent, and its faults go to the decision (003 c8 r12)."""

import json
from typing import Any

import pytest
from callers import of_machine
from filing import BORN, DAY, MOVE, PROOF, about, filed
from test_api import Desk, codes, desk
from test_applications_api import entries_after
from test_machines import desk as machines_desk

__all__ = ["desk", "machines_desk"]

RIGHT = {"surname": "Нова", "given_names": "Ганна", "birth_date": BORN, "sex": "female"}
DECLARED = {"service": "declare_residence", "channel": "diia"}
FAULTY: list[tuple[dict[str, Any], str, str]] = [
    ({"unzr": "1990-0504"}, "unzr", "unzr-shape"),
    ({"unzr": "А9900504-00026"}, "unzr", "unzr-shape"),
    ({"rnokpp": "33000"}, "rnokpp", "rnokpp-shape"),
    ({"birth_date": "1990-02-30"}, "birth_date", "not-a-date"),
    ({"birth_date": "04/05/1990"}, "birth_date", "not-a-date"),
    ({"birth_date": "9999-12-31"}, "birth_date", "far-day"),
    ({"birth_date": "2199-12-31"}, "birth_date", "date-in-future"),
    ({"surname": "Вига\ufffdдана"}, "surname", "text-lost"),
    ({"surname": "????????"}, "surname", "text-lost"),
    ({"given_names": "Ган\x07на"}, "given_names", "text-broken"),
    ({"given_names": "Ган\x00на"}, "given_names", "text-broken"),
    ({"birth_place": "\u202eмісто"}, "birth_place", "text-broken"),
    ({"sex": "не знаю"}, "sex", "value-unknown"),
    ({"citizenship": "марсіанин"}, "citizenship", "value-unknown"),
]
PAPERS = [
    ({"kind": "passport_card", "number": "00000\ufffd001"}, "number", "text-lost"),
    ({"kind": "passport_card", "number": "000000001", "issued_on": "31.06.2020"}, "issued_on", "not-a-date"),
    ({"kind": "passport_card", "number": "000000001", "issued_on": "1989-05-04"}, "issued_on", "issued-before-birth"),
]


def sent(desk: Desk, said: dict[str, Any], papers: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """What a portal sends of somebody sound, with these values in place of theirs."""
    who = {"particulars": RIGHT, "documents": PROOF}
    asked = {**DECLARED, "subject": {"born": BORN}, **more}
    body = filed(desk, **asked, register=about(who, dwelling=desk.dwelling()), confirmed=True)
    left = ("transcribed", "acted_on", "confirmed")
    body = {name: value for name, value in body.items() if name not in left}
    one = {"particulars": {**RIGHT, **said}, "documents": papers or PROOF}
    return {**body, "register": {**body["register"], "persons": [one]}}


@pytest.fixture
def portal(machines_desk: Desk) -> Desk:
    return machines_desk


def declared(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    told = desk.client.post(
        "/api/v1/applications",
        content=json.dumps(body),
        headers={"Content-Type": "application/json", **of_machine(desk.registry)},
    )
    assert told.status_code == 201, told.text
    return told.json()


class TestAFaultyValue:
    @pytest.mark.parametrize(("said", "field", "code"), FAULTY)
    def test_is_received_and_refused_for_false_data(
        self, portal: Desk, said: dict[str, Any], field: str, code: str
    ) -> None:
        told = declared(portal, sent(portal, said))
        assert told["status"] == "received"
        self.refused(portal, told, f"particulars.{field}", code, str(said[field]))

    @pytest.mark.parametrize(("paper", "field", "code"), PAPERS)
    def test_of_a_document_too(self, portal: Desk, paper: dict[str, Any], field: str, code: str) -> None:
        told = declared(portal, sent(portal, {}, [paper]))
        self.refused(portal, told, f"documents.0.{field}", code, paper[field])

    def refused(self, desk: Desk, told: dict[str, Any], place: str, code: str, value: str) -> None:
        [part] = told["parts"]
        assert [(one["field"], one["code"]) for one in part["faulty"]] == [(place, code)]
        assert part["outcome"] == "refused"
        case = f"/applications/{told['application']}"
        [one] = desk.get(case).json()["parts"][0]["register"]["persons"]
        assert one["faulty"] == {place: code}
        kept = one.get("sent", {}).get(place) or value
        assert kept == value
        before = desk.registry.position()
        done = desk.act(case + "/decision", {"acted_on": DAY})
        assert done["status"] == "refused"
        grounds = done["parts"][0]["grounds"]
        assert [ground["id"] for ground in grounds] == ["false_or_invalid"]
        [why] = [one["text"] for one in grounds[0]["triggered_by"] if one["id"] == "false_data"]
        assert why.startswith("відомості недостовірні: ")
        assert {entry.fact.NAME for entry in entries_after(desk, before)} <= {
            "application-refused",
            "letter-formed",
            "key-begun",
            "letter-issued",
        }
        assert desk.post("/search/people", {"q": "Нова"}).json()["people"] == []

    def test_several_of_several_people_are_told_each(self, portal: Desk) -> None:
        body = sent(portal, {"unzr": "1", "birth_date": "завтра"}, [{"kind": "passport_card", "number": "\ufffd"}])
        told = declared(portal, body)
        places = {one["field"] for one in told["parts"][0]["faulty"]}
        assert places == {"particulars.unzr", "particulars.birth_date", "documents.0.number"}

    def test_without_any_name_or_birth_that_can_be_read(self, portal: Desk) -> None:
        body = sent(portal, {"surname": "\ufffd", "given_names": "\ufffd", "birth_date": "?"})
        del body["subject"]
        told = declared(portal, body)
        assert told["parts"][0]["outcome"] == "refused"
        assert portal.act(f"/applications/{told['application']}/decision", {"acted_on": DAY})["status"] == "refused"

    def test_how_to_reach_somebody_is_asked_about_and_refuses_nobody(self, portal: Desk) -> None:
        told = declared(portal, sent(portal, {"email": "ганна"}))
        assert told["parts"][0]["outcome"] == "granted"
        where = f"/applications/{told['application']}/decision"
        answer = portal.post(where, {"acted_on": DAY})
        assert answer.status_code == 409
        assert [code for code, _ in codes(answer.json())] == ["email-shape"]
        assert portal.act(where, {"acted_on": DAY, "confirmed": True})["status"] == "granted"

    def test_is_transcribed_by_a_desk_as_sent(self, portal: Desk) -> None:
        body = {**sent(portal, {"unzr": "12345"}), "transcribed": True}
        told = portal.act("/applications", body)
        assert told["parts"][0]["outcome"] == "refused"

    def test_sent_again_is_the_same(self, portal: Desk) -> None:
        body, key = sent(portal, {"unzr": "12345"}), {"Idempotency-Key": "5f3d2a56-1111-4222-8333-944455566677"}
        answers = [portal.post("/applications", body, **of_machine(portal.registry), **key) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 200]
        other = sent(portal, {"unzr": "123456"})
        other["register"]["dwelling"] = body["register"]["dwelling"]
        assert portal.post("/applications", other, **of_machine(portal.registry), **key).status_code == 422


class TestWhatIsSound:
    def test_is_kept_in_its_one_form_and_as_sent(self, portal: Desk) -> None:
        body = sent(portal, {"surname": "Д'Вигаданко", "unzr": "1990050400026", "birth_date": "04.05.1990"})
        told = declared(portal, body)
        [one] = portal.get(f"/applications/{told['application']}").json()["parts"][0]["register"]["persons"]
        assert one["particulars"]["surname"] == "Д\u02bcВигаданко"
        assert one["sent"] == {
            "particulars.surname": "Д'Вигаданко",
            "particulars.unzr": "1990050400026",
            "particulars.birth_date": "04.05.1990",
            "documents.0.number": PROOF[0]["number"],
        }
        assert "faulty" not in one

    def test_as_sent_already_is_not_kept_twice(self, portal: Desk) -> None:
        told = declared(portal, sent(portal, {}, [{"kind": "passport_card", "number": "000000001"}]))
        [one] = portal.get(f"/applications/{told['application']}").json()["parts"][0]["register"]["persons"]
        assert "sent" not in one and "faulty" not in one


class TestWhatStaysRefused:
    @pytest.mark.parametrize(
        "said",
        [
            {"surname": "А" * 501},
            {"surname": 17},
            {"unzr": ["19900504-00026"]},
            {"surname": "Нова\ud800"},
            {"nobody_knows": "А"},
            {"birth_date": {"year": 1990}},
        ],
    )
    def test_what_is_no_text_of_a_person(self, portal: Desk, said: dict[str, Any]) -> None:
        body, before = sent(portal, said), portal.registry.position()
        told = portal.client.post(
            "/api/v1/applications",
            content=json.dumps(body),
            headers={"Content-Type": "application/json", **of_machine(portal.registry)},
        )
        assert told.status_code == 422
        assert portal.registry.position() == before

    def test_what_a_desk_types_itself(self, portal: Desk) -> None:
        who = {"particulars": {**RIGHT, "unzr": "12345"}, "documents": PROOF}
        body = {**MOVE, "received": f"{DAY}T09:40", "subject": {"born": BORN}}
        told = portal.post("/applications", {**body, "register": about(who, dwelling=portal.dwelling())})
        assert told.status_code == 422
        assert codes(told.json()) == [("unzr-shape", "register.persons.0.particulars.unzr")]

    @pytest.mark.parametrize("name", ["sent", "faulty", "_sent", "_faulty"])
    def test_nobody_says_what_was_sent(self, portal: Desk, name: str) -> None:
        body = sent(portal, {})
        body["register"]["persons"][0][name] = {}
        assert portal.post("/applications", body, **of_machine(portal.registry)).status_code == 422


class TestOfOthers:
    def test_of_a_child_of_the_same_visit(self, portal: Desk) -> None:
        home = portal.dwelling()
        parent = {"particulars": RIGHT, "documents": PROOF}
        child = {"particulars": {"surname": "Нова", "birth_date": "2018-02-03"}, "documents": PROOF}
        part = {
            "service": "declare_child_residence",
            "subject": {"born": "2018-02-03"},
            "applicant": {"kind": "parent"},
            "register": about(child, dwelling=home),
        }
        asked = {**DECLARED, "subject": {"born": BORN}, "register": about(parent, dwelling=home), "children": [part]}
        body = filed(portal, **asked)
        body = {name: value for name, value in body.items() if name not in ("transcribed", "acted_on", "confirmed")}
        body["children"][0]["register"]["persons"][0]["particulars"] = {"surname": "Нова", "birth_date": "2018-02-31"}
        told = declared(portal, body)
        assert ["faulty" in one for one in told["parts"]] == [False, True]
        done = portal.act(f"/applications/{told['application']}/decision", {"acted_on": DAY})
        assert [one["outcome"] for one in done["parts"]] == ["granted", "refused"]
        assert [one["id"] for one in done["parts"][1]["grounds"]] == ["false_or_invalid"]

    @pytest.mark.parametrize(
        ("said", "place"),
        [
            ({"changed": {"paper": "паспорт", "particulars": {"surname": "Н?ва"}}}, "changed.particulars.surname"),
            (
                {"changed": {"paper": "паспорт", "documents": [{"kind": "passport_card", "issued_on": "2020-13"}]}},
                "changed.documents.0.issued_on",
            ),
            ({"documents": [{"kind": "passport_card", "number": "1\ufffd"}]}, "documents.0.number"),
        ],
    )
    def test_of_who_is_held(self, portal: Desk, said: dict[str, Any], place: str) -> None:
        person = portal.person(**RIGHT)
        body = filed(portal, **DECLARED, subject={"born": BORN}, register=about(person, dwelling=portal.dwelling()))
        body = {name: value for name, value in body.items() if name not in ("transcribed", "acted_on", "confirmed")}
        body["register"]["persons"] = [{"person": person, **said}]
        told = declared(portal, body)
        assert [one["field"] for one in told["parts"][0]["faulty"]] == [place]
        before = portal.get(f"/persons/{person}/facts").json()["facts"]
        assert portal.act(f"/applications/{told['application']}/decision", {"acted_on": DAY})["status"] == "refused"
        assert portal.get(f"/persons/{person}/facts").json()["facts"] == before

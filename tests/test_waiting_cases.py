"""A case that waits for the second person waits as a whole, whoever it is about (semantics 11), over HTTP."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from filing import BORN, CHILD_BORN, DAY, MOVE, NEXT, about, alive, amendment, everything, filed, follows, strict
from given import CLERK
from test_api import Desk, codes
from test_counter import VISITS
from test_second_person import touch

from registry import viewer
from registry.aggregates.case.events import ApplicationReceived, ChangeApproved, CheckAnswered
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.person.events import PersonEntered
from registry.projections import applications
from registry.storage import mapper
from replay.compare import verify

__all__ = ["strict"]

Two = tuple[Desk, Desk]
BEFORE = (ApplicationReceived, CheckAnswered, ChangeApproved)
NEW = {"particulars": {"surname": "Новенька", "given_names": "Ганна", "birth_date": CHILD_BORN}}


def asked(desk: Desk, **body: Any) -> dict[str, Any]:
    """The answer to a visit that waits."""
    answer = desk.post("/applications", {**body, "decide": True})
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "awaiting-approval"
    return answer.json()


def beside(desk: Desk, body: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A visit with one more part, all checks answered anew."""
    return filed(desk, **{name: said for name, said in body.items() if name != "checks"}, children=[part])


def with_child(desk: Desk, child: Any, **register: Any) -> tuple[str, dict[str, Any]]:
    """A mother whose residence is corrected, and at the same visit a child that comes to live with her."""
    part = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}, "applicant": {"kind": "parent"}}
    mother, body = amendment(desk)
    home = body["register"]["now"]["dwelling"]
    part |= {"register": about(child, dwelling=home, **register)}
    return mother, beside(desk, body, part)


class TestSeveral:
    def test_a_child_waits_with_its_mothers_correction(self, strict: Two) -> None:
        desk, head = strict
        child = desk.person(birth_date=CHILD_BORN)
        mother, body = with_child(desk, child)
        told = asked(desk, **body)
        assert (told["decision"]["person"], told["decision"]["persons"]) == (mother, [mother, child])
        assert everything(desk, child) == [] and follows(desk, told) == []
        (change,) = head.get("/changes").json()["changes"]
        assert [(one["name"], one["person"]) for one in change["facts"]] == [
            ("residence-corrected", mother),
            ("family-link-entered", child),
            ("residence-registered", child),
        ]
        done = head.act(f"/applications/{told['application']}/approval")
        assert done["person"] == mother
        read = desk.get(f"/applications/{told['application']}").json()
        assert (read["status"], read["received"], read["due_by"]) == ("granted", body["received"], DAY)
        outcomes = [part["outcome"] for part in read["parts"]]
        said = [(one["outcome"], one["decided_on"], one["by"]["id"]) for one in outcomes]
        assert said == [("granted", DAY, "head")] * 2
        assert outcomes[1]["effective_on"] == DAY and alive(desk, child) == [(DAY, None)]
        assert alive(desk, mother) == [("2010-07-16", None)]
        assert {person for item, person, _ in follows(desk, told) if item == "dms"} == {mother, child}
        assert verify(desk.registry).differences == []

    def test_a_newcomer_is_entered_by_the_approval_and_leaves_with_the_extract(self, strict: Two) -> None:
        desk, head = strict
        _, body = with_child(desk, NEW)
        body |= {"applicant_name": "Мати Вигадана"}
        body["children"][0]["extract"] = {}
        key = str(uuid4())
        answer = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        told = answer.json()
        child = told["decision"]["persons"][1]
        assert answer.status_code == 202 and desk.get(f"/persons/{child}").status_code == 404
        again = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, told)
        path, key = f"/applications/{told['application']}/approval", str(uuid4())
        done = head.act(path, Idempotency_Key=key)
        number = done["extracts"][0]["number"]
        content = desk.get(f"/extracts/{number}").json()["content"]
        assert content["person"]["surname"] == "Новенька" and content["residences"][0]["since"] == DAY
        assert alive(desk, child) == [(DAY, None)]
        again = head.post(path, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, done)

    def test_what_is_refused_beside_it_is_refused_with_it(self, strict: Two) -> None:
        desk, head = strict
        minor = desk.person(birth_date="2009-01-02")
        _, body = amendment(desk)
        part = {**MOVE, "subject": {"born": "2009-01-02"}, "register": about(minor, dwelling=desk.dwelling("11"))}
        told = asked(desk, **beside(desk, body, {**part, "consents": []}))
        head.act(f"/applications/{told['application']}/approval")
        read = desk.get(f"/applications/{told['application']}").json()
        assert [part["outcome"]["outcome"] for part in read["parts"]] == ["granted", "refused"]
        assert read["parts"][1]["outcome"]["missing"] == ["any_parent"] and everything(desk, minor) == []

    def test_who_comes_from_elsewhere_brings_a_dwelling(self, strict: Two) -> None:
        desk, head = strict
        one = desk.person(surname="Приїжджа")
        _, body = amendment(desk)
        there = {"place": "other_community"}
        part = {
            **MOVE,
            "subject": {"born": BORN, "current_residence": there},
            "register": about(one, dwelling=desk.dwelling("11"), elsewhere={"address": "м. Деінде, вул. Нова, 1"}),
        }
        told = asked(desk, **beside(desk, body, part))
        (change,) = head.get("/changes").json()["changes"]
        (dwelling,) = [fact for fact in change["facts"] if fact["name"] == "dwelling-entered"]
        assert "person" not in dwelling and dwelling["dwelling"] not in change["persons"]
        head.act(f"/applications/{told['application']}/approval")
        assert alive(desk, one) == [(DAY, None)] and len(everything(desk, one)) == 2
        assert verify(desk.registry).differences == []

    def test_what_is_recorded_of_a_dwelling_waits_with_it(self, strict: Two) -> None:
        desk, head = strict
        one, home = desk.person(surname="Орендарка"), desk.dwelling("11")
        rented = {"right_document_held": True, "rental": {"until": "2031-01-01"}}
        _, body = amendment(desk)
        part = {**MOVE, "dwelling": rented, "subject": {"born": BORN}, "register": about(one, dwelling=home)}
        told = asked(desk, **beside(desk, body, part))
        assert one in told["decision"]["persons"] and home not in told["decision"]["persons"]
        (change,) = head.get("/changes").json()["changes"]
        (lease,) = [fact for fact in change["facts"] if fact["name"] == "lease-recorded"]
        assert (lease["dwelling"], lease["body"]["until"]) == (home, "2031-01-01")
        head.act(f"/applications/{told['application']}/approval")
        assert alive(desk, one) == [(DAY, None)] and desk.registry.dwelling(UUID(home)).leases
        assert verify(desk.registry).differences == []

    def test_several_corrections_wait_together(self, strict: Two) -> None:
        desk, head = strict
        wrong, right = desk.dwelling(), desk.dwelling("9")
        people = [desk.person(), desk.person(surname="Друга")]
        ones = [{"person": one, "residence": desk.settled(one, wrong)} for one in people]
        now = {"kind": "registered", "dwelling": right, "since": "2010-07-16"}
        register = about(*ones, now=now, reason="описка")
        told = asked(desk, **filed(desk, service="amend_record", persons=2, register=register))
        assert told["decision"]["persons"] == people
        head.act(f"/applications/{told['application']}/approval")
        assert [alive(desk, one) for one in people] == [[("2010-07-16", None)]] * 2


class TestMoved:
    @pytest.mark.parametrize("whose", ["mother", "child", "dwelling"])
    def test_can_only_be_rejected_and_asked_for_again(self, strict: Two, whose: str) -> None:
        desk, head = strict
        child = desk.person(birth_date=CHILD_BORN)
        mother, body = with_child(desk, child)
        application = asked(desk, **body)["application"]
        if whose == "dwelling":
            address = {"settlement": "смт Вигадівка", "street": "вул. Інша", "house": "9"}
            path = f"/dwellings/{body['children'][0]['register']['dwelling']}/names"
            desk.act(path, {"address": address, "since": "2020-01-01"})
        else:
            touch(desk.registry, mother if whose == "mother" else child)
        problem = head.refused(f"/applications/{application}/approval", {}, 409)
        assert problem["type"] == "/problems/record-changed" and "відхилити" in problem["detail"]
        assert codes(desk.refused(f"/applications/{application}/decision", {}))[0][0] == "change-waiting"
        head.act(f"/applications/{application}/rejection", {"reason": "запис змінився"})
        read = desk.get(f"/applications/{application}").json()
        assert (read["status"], read["received"]) == ("received", body["received"])
        again = desk.post(f"/applications/{application}/decision", {"acted_on": DAY})
        assert again.status_code == 202
        head.act(f"/applications/{application}/approval")
        assert desk.get(f"/applications/{application}").json()["status"] == "granted"


UNNAMED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{6}\b|\b[0-9A-Z]{12}\b")

WHO = re.compile(r'(?<="signer":)"[^"]*"|(?<="clerk":)"[^"]*"')


def said_by(facts: Iterable[Any]) -> list[str]:
    """What facts say, whoever they are about and in which codes. An extract or a letter says who made it."""
    facts = [one for one in facts if not isinstance(one, ExtractRequested)]
    # Who looks like somebody entered before is another person, as the first of the two had no need to say.
    facts = [
        replace(one, distinct_from=None, distinct_reason=None) if isinstance(one, PersonEntered) else one
        for one in facts
    ]
    said = [f"{one.NAME} {mapper.encode_body(one).decode()}" for one in facts]
    return sorted(WHO.sub("…", UNNAMED.sub("…", one)) for one in said)


class TestAsAsked:
    @pytest.mark.parametrize(
        "visit", [*VISITS[1:3], *(pytest.param(one, marks=pytest.mark.slow) for one in (VISITS[0], *VISITS[3:]))]
    )
    def test_approved_it_is_what_would_have_been_recorded_at_once(self, strict: Two, visit: Any) -> None:
        desk, head = strict
        later = {"reason": "прийнято на папері", "decide": True}
        waiting, at_once = visit(desk)[1], visit(desk)[1]
        desk.clock.moment = f"{NEXT}T10:00"
        application = asked(desk, **waiting, **later)["application"]
        approved = head.act(f"/applications/{application}/approval")
        desk.client.app.state.settings = replace(desk.client.app.state.settings, second_person=False)
        recorded = desk.act("/applications", {**at_once, **later})
        found, follow = [], []
        for told in (approved, recorded):
            act = desk.registry.of_command(UUID(told["command"]))
            found.append(said_by(one.fact for one in act.entries if not isinstance(one.fact, BEFORE)))
            follow.append([item for item, _, _ in follows(desk, {"application": told["application"]})])
        assert found[0] == found[1] and found[0] and follow[0] == follow[1]

    def test_not_by_rules_that_are_others_now(self, strict: Two) -> None:
        desk, head = strict
        person, body = amendment(desk)
        proxy = {"applicant": {"kind": "proxy_representative"}, "subject": {"born": BORN}}
        papers = ["identity_document", "representative_identity", "representative_authority"]
        part = {"service": "issue_extract", **proxy, "documents": papers, "register": about(person)}
        body |= {"applicant_name": "Представниця Вигадана"}
        application = asked(desk, **beside(desk, body, part))["application"]
        assert desk.get(f"/applications/{application}").json()["change"]["outcomes"] == ["granted", "refused"]
        head.client.app.state.settings = replace(head.client.app.state.settings, proxy_gets_extract=True)
        told = head.refused(f"/applications/{application}/approval", {})
        assert codes(told) == [("change-differs", None)]
        head.act(f"/applications/{application}/rejection", {"reason": "правила змінилися"})
        assert desk.get(f"/applications/{application}").json()["status"] == "received"

    def test_one_that_an_earlier_release_asked_for_is_decided_on_the_day_of_the_approval(self, strict: Two) -> None:
        desk, head = strict
        _, body = amendment(desk)
        id = UUID(desk.act("/applications", body)["application"])
        told = asked(desk, **body)
        change = desk.registry.entries(UUID(told["application"]))[-1].fact
        kept = replace(change, acted_on=None, because=None)
        desk.registry.append([(id, [kept], desk.registry.application(id).version)], by=CLERK, command=uuid4())
        head.act(f"/applications/{id}/approval")
        (part,) = desk.get(f"/applications/{id}").json()["parts"]
        assert part["outcome"]["outcome"] == "granted" and part["outcome"]["decided_on"] > "2026"


class TestShown:
    def test_of_the_hidden_nothing_and_of_the_others_all(self, strict: Two, monkeypatch: pytest.MonkeyPatch) -> None:
        desk, head = strict
        _, body = with_child(desk, NEW)
        head.clock.moment = f"{NEXT}T10:00"
        told = asked(desk, **{**body, "reason": "через Новеньку"})
        mother, child = told["decision"]["persons"]

        class Denies:
            sees_everything = False

            def sees(self, person: UUID) -> bool:
                return str(person) != child

        monkeypatch.setattr(viewer, "viewer_of", lambda who: Denies())
        answer = head.get("/changes")
        assert "Новеньк" not in answer.text
        (change,) = answer.json()["changes"]
        assert change["recorded_later"] == viewer.HIDDEN
        bodies = {fact["person"]: fact["body"] for fact in change["facts"]}
        assert set(bodies[child].values()) == {viewer.HIDDEN} and viewer.HIDDEN not in bodies[mother].values()

    def test_is_found_by_everybody_whom_it_is_about(self, strict: Two) -> None:
        desk, _ = strict
        child = desk.person(birth_date=CHILD_BORN)
        mother, body = with_child(desk, child)
        application = asked(desk, **body)["application"]
        for one in (mother, child):
            listed = desk.get("/applications", person=one).json()["applications"]
            assert [row["application"] for row in listed] == [application]
        assert desk.registry.rebuild(applications.TABLE) and verify(desk.registry).found == 0

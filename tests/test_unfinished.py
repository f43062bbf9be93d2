"""Work that is not finished can be (A16, C2): papers later, «без руху», withdrawal, a slip mended, over HTTP."""

from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from conftest import _database
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    NEXT,
    VISIT,
    about,
    alive,
    amendment,
    everything,
    filed,
    follows,
    strict,
)
from given import CLERK, application, entries, uid
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_api import SECRET, Desk, codes, desk
from tiers import tries

from registry import journal
from registry.aggregates.case.events import ChangeRejected, ChangeRequested, CheckAnswered, Concerned
from registry.aggregates.case.state import NO_CASE, STATUSES, evolve
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    PapersBrought,
)
from registry.aggregates.person.events import Document
from registry.clock import utc_now
from registry.opening import opened
from registry.projections import applications
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

LATER, LAST = "2025-03-14", "2025-03-20"
AGREED = {"agreed": True, "consent": "заява від 11.03.2025 про згоду"}


def lacking(desk: Desk, *papers: str, **said: Any) -> tuple[str, dict[str, Any]]:
    """Somebody who files everything but these papers, and the application as it was received."""
    person = said.pop("person", None) or desk.person()
    whole = {**MOVE, "register": about(person, dwelling=desk.dwelling("11")), **said}
    body = filed(desk, **whole)
    for name in ("documents", "consents"):
        body[name] = [one for one in body[name] if one not in papers]
    desk.clock.moment = VISIT
    return person, desk.act("/applications", {**body, "acted_on": None})


def at(desk: Desk, moment: str) -> None:
    desk.clock.moment = f"{moment}T10:00" if "T" not in moment else moment


def read(desk: Desk, told: dict[str, Any] | str) -> dict[str, Any]:
    id = told if isinstance(told, str) else told["application"]
    return desk.get(f"/applications/{id}").json()


def path(told: dict[str, Any], act: str) -> str:
    return f"/applications/{told['application']}/{act}"


def decide(desk: Desk, told: dict[str, Any], **said: Any) -> dict[str, Any]:
    return desk.act(path(told, "decision"), said)


def agrees(desk: Desk) -> None:
    """What is stored, what a rebuild makes and what replay makes are the same."""
    assert verify(desk.registry).differences == []
    assert desk.registry.rebuild(applications.TABLE) and verify(desk.registry).found == 0


class TestPapersBrought:
    @pytest.mark.parametrize(
        ("missing", "said", "kind"),
        [
            (["identity_document"], {}, "documents"),
            (["owner_2"], {"dwelling": {"right_document_held": False, "owners": 2}}, "consents"),
            (["fee_evidence"], {}, "documents"),
        ],
    )
    def test_a_missing_one_completes_the_case(
        self, desk: Desk, missing: list[str], said: dict[str, Any], kind: str
    ) -> None:
        person, told = lacking(desk, *missing, **said)
        at(desk, LATER)
        tried = desk.post(path(told, "decision?dry_run=1")).json()["parts"][0]
        assert (tried["outcome"], [one["id"] for one in tried["missing"]]) == ("refused", missing)
        before = read(desk, told)
        would = desk.post(path(told, "papers?dry_run=1"), {kind: missing}).json()
        assert would["parts"][0]["outcome"] == "granted" and read(desk, told) == before
        assert isinstance(would["warnings"], list)
        brought = desk.act(path(told, "papers"), {kind: missing})
        assert (brought["status"], brought["due_by"]) == ("received", LATER)
        (part,) = read(desk, told)["parts"]
        assert set(missing) <= set(part["asked"][kind]) and part["due_by"] == LATER
        assert decide(desk, told)["status"] == "granted" and alive(desk, person)[0] == (LATER, None)
        agrees(desk)

    def test_without_it_the_case_is_refused_as_before(self, desk: Desk) -> None:
        person, told = lacking(desk, "identity_document")
        at(desk, LATER)
        decided = decide(desk, told)
        assert decided["parts"][0]["missing"] == ["identity_document"] and everything(desk, person) == []

    @pytest.mark.parametrize("late", [True, False])
    def test_fee_and_lateness_are_of_the_first_day(self, desk: Desk, late: bool) -> None:
        """Removed 30 days before the visit: the paper that comes later makes nobody late, and nobody in time."""
        removed = "2025-02-08" if late else "2025-02-09"
        subject = {"born": BORN, "deregistered_on": removed, "deregistered_from": "other_community"}
        _, told = lacking(desk, "identity_document", subject=subject)
        at(desk, LATER)
        desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        (part,) = decide(desk, told)["parts"]
        assert part["late"] == late and part["charge"]["due"] == part["charge"]["paid"]
        assert part["outcome"] == "granted"

    def test_a_good_one_takes_the_place_of_an_invalid_one(self, desk: Desk) -> None:
        _, told = lacking(desk, invalid_documents=["identity_document"])
        at(desk, LATER)
        assert desk.post(path(told, "decision?dry_run=1")).json()["parts"][0]["outcome"] == "refused"
        desk.act(path(told, "papers"), {"documents": ["identity_document"], "valid_until": {}})
        (part,) = read(desk, told)["parts"]
        assert part["asked"]["invalid_documents"] == []
        assert decide(desk, told)["status"] == "granted"

    def test_a_new_passport_in_place_of_the_one_that_the_register_holds(self, desk: Desk) -> None:
        old = {"kind": "passport_card", "number": "000000001", "valid_until": "2020-01-01"}
        said = {"particulars": {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN}}
        person = desk.act("/persons", {**said, "documents": [old]})["person"]
        _, told = lacking(desk, person=person)
        at(desk, LATER)
        tried = desk.post(path(told, "decision?dry_run=1")).json()["parts"][0]
        assert tried["outcome"] == "refused" and tried["missing"] == []
        new = {**old, "number": "000000002", "valid_until": "2035-01-01"}
        desk.act(path(told, "papers"), {"persons": [{"person": person, "documents": [new]}]})
        decided = decide(desk, told)
        assert decided["status"] == "granted" and decided["due_by"] == LATER
        held = desk.get(f"/persons/{person}").json()["documents"]
        assert [one["number"] for one in held] == ["000000002"]
        agrees(desk)

    @pytest.mark.parametrize("force", ["2025-03-12", "2025-04-01"])
    def test_what_is_written_on_it_is_of_the_day_on_which_it_came(self, desk: Desk, force: str) -> None:
        """A decision that was not in force as the application came is a ground once it is, and not before."""
        person, home = desk.person(), desk.dwelling("11")
        desk.settled(person, home)
        ground = {"ground": "court_removal", "applicant": {"kind": "other"}}
        body = filed(desk, **LEAVE, **ground, register=about(person))
        body["documents"] = [one for one in body["documents"] if one != "court_decision"]
        desk.clock.moment = VISIT
        told = desk.act("/applications", {**body, "acted_on": None})
        at(desk, LATER)
        paper = {"id": "court_decision", "number": "2/17", "dated": "2025-03-12", "in_force_on": force}
        said = {"documents": ["court_decision"], "papers": [paper]}
        key = str(UUID(int=8))
        once = desk.act(path(told, "papers"), said, Idempotency_Key=key)
        assert desk.post(path(told, "papers"), said, Idempotency_Key=key).json() == once
        (part,) = read(desk, told)["parts"]
        assert [(one["number"], one["in_force_on"]) for one in part["papers"]] == [("2/17", force)]
        assert "2/17" in read(desk, told)["went_on"][0]["papers"][0]["text"]
        decided = decide(desk, told)["parts"][0]
        assert decided["outcome"] == ("granted" if force <= LATER else "refused")
        agrees(desk)

    def test_a_paper_of_what_was_not_brought_is_none(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        paper = {"id": "identity_document", "number": "1", "dated": "2025-03-12"}
        of_later = desk.refused(path(told, "papers"), {"documents": ["identity_document"], "papers": [paper]})
        assert codes(of_later) == [("paper-of-later", "papers.0.dated")]
        none = desk.refused(path(told, "papers"), {"documents": ["application"], "papers": [paper]})
        assert ("paper-not-shown", "papers.0.id") in codes(none)

    def test_an_amendment_keeps_the_paper_that_it_names(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling("11")
        told, form = typed(desk, register=about(person, dwelling=home))
        paper = {"id": "identity_document", "number": "000000001"}
        desk.act(path(told, "papers"), {"documents": ["identity_document"], "papers": [paper]})
        (held,) = read(desk, told)["parts"][0]["papers"]
        anew = {**form, "papers": [{"id": "identity_document", "paper": held["paper"]}], "reason": "описка"}
        desk.act(path(told, "amendment"), anew)
        (again,) = read(desk, told)["parts"][0]["papers"]
        assert (again["paper"], again["number"]) == (held["paper"], "000000001")
        desk.act(path(told, "amendment"), {**form, "papers": [], "reason": "описка"})
        assert read(desk, told)["parts"][0]["papers"] == []
        agrees(desk)

    @pytest.mark.parametrize(("until", "status"), [("2025-03-13", "refused"), (LATER, "granted")])
    @pytest.mark.parametrize("how", ["said", "written", "of_the_person"])
    def test_one_that_was_over_on_the_day_on_which_it_came_is_not_good(
        self, desk: Desk, until: str, status: str, how: str
    ) -> None:
        """That it still held as the application came makes no passport good that is shown after its last day."""
        person, told = lacking(desk, "identity_document")
        at(desk, LATER)
        passport = {"kind": "passport_card", "number": "000000002", "valid_until": until}
        said: dict[str, Any] = {
            "said": {"valid_until": {"identity_document": until}},
            "written": {"papers": [{"id": "identity_document", "valid_until": until}]},
            "of_the_person": {"persons": [{"person": person, "documents": [passport]}]},
        }
        desk.act(path(told, "papers"), {"documents": ["identity_document"], **said[how]})
        at(desk, LAST)
        assert decide(desk, told)["status"] == status
        agrees(desk)

    def test_one_that_held_as_it_was_shown_stays_good(self, desk: Desk) -> None:
        said = {"dwelling": {"right_document_held": False, "owners": 2}, "valid_until": {"identity_document": NEXT}}
        _, told = lacking(desk, "owner_2", **said)
        at(desk, LATER)
        desk.act(path(told, "papers"), {"consents": ["owner_2"]})
        assert decide(desk, told)["status"] == "granted"

    def test_a_title_that_is_brought_is_held(self, desk: Desk) -> None:
        person, told = lacking(desk, "owner_1", dwelling={"right_document_held": False})
        at(desk, LATER)
        desk.act(path(told, "papers"), {"documents": ["dwelling_right_document"]})
        assert decide(desk, told)["status"] == "granted" and alive(desk, person)

    def test_what_changes_nothing_moves_no_term(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        at(desk, LATER)
        brought = desk.act(path(told, "papers"), {"documents": ["application"]})
        assert brought["due_by"] == DAY and read(desk, told)["went_on"][0]["documents"] == ["application"]

    def test_nothing_is_decided_before_the_last_paper(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        at(desk, LATER)
        desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        assert codes(desk.refused(path(told, "decision"), {"acted_on": NEXT})) == [("acted-on-impossible", "acted_on")]
        at(desk, LAST)
        late = desk.refused(path(told, "decision"), {"acted_on": LATER})
        assert codes(late) == [("acted-earlier", "reason")]
        assert decide(desk, told)["parts"][0]["decided_on"] == LAST

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({}, ("nothing-brought", "documents")),
            ({"documents": ["identity_document"], "part": 2}, ("part-unknown", "part")),
            ({"documents": [SECRET]}, ("paper-unknown", "documents")),
            ({"documents": ["identity_document"], "brought": "2025-03-10T10:00"}, ("brought-impossible", "brought")),
            ({"documents": ["identity_document"], "brought": "2025-03-15T10:00"}, ("brought-impossible", "brought")),
            (
                {"persons": [{"person": str(UUID(int=7)), "documents": [{"kind": "passport_card"}]}]},
                ("person-not-concerned", "persons"),
            ),
        ],
    )
    def test_what_is_none_is_refused(self, desk: Desk, said: dict[str, Any], code: tuple[str, str]) -> None:
        _, told = lacking(desk, "identity_document")
        at(desk, LATER)
        for how in ("", "?dry_run=1"):
            assert codes(desk.refused(path(told, f"papers{how}"), said)) == [code]

    def test_once_decided_it_is_too_late(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        decide(desk, told)
        said = {"documents": ["identity_document"]}
        assert codes(desk.refused(path(told, "papers"), said)) == [("application-decided", None)]

    def test_repeated_it_is_done_once_and_a_stale_version_loses(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        key, said = str(UUID(int=5)), {"documents": ["identity_document"]}
        once = desk.act(path(told, "papers"), said, Idempotency_Key=key)
        again = desk.post(path(told, "papers"), said, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, once)
        other = desk.post(path(told, "papers"), {"documents": ["application"]}, Idempotency_Key=key)
        assert other.status_code == 422 and other.json()["type"] == "/problems/key-reused"
        stale = desk.refused(path(told, "papers"), {"documents": ["application"]}, 412, If_Match='"1"')
        assert stale["type"] == "/problems/record-changed"

    def test_what_was_declared_is_completed_by_nobody(self, desk: Desk) -> None:
        person = desk.person()
        declared = {"service": "declare_residence", "channel": "diia", "dwelling": {"subject_is_owner": True}}
        body = filed(desk, **declared, register=about(person, dwelling=desk.dwelling("9")))
        told = desk.act("/applications", body)
        of_visit = ("received", "channel", "transcribed", "acted_on")
        anew = {**{name: said for name, said in body.items() if name not in of_visit}, "reason": "описка"}
        papers = {"documents": ["identity_document"]}
        for act, said in (("papers", papers), ("without-movement", AGREED), ("amendment", anew)):
            assert ("declared-unchangeable", None) in codes(desk.refused(path(told, act), said))
        assert desk.act(path(told, "withdrawal"), {"said_by": "applicant"})["status"] == "withdrawn"


def left(desk: Desk, *papers: str, **said: Any) -> tuple[str, dict[str, Any]]:
    """The same, and the applicant agreed that it stands without movement until the twentieth."""
    person, told = lacking(desk, *(papers or ("identity_document",)), **said)
    desk.act(path(told, "without-movement"), {**AGREED, "bring_by": LAST})
    return person, told


class TestWithoutMovement:
    @pytest.mark.parametrize("brought", ["on_the_day", "after_it"])
    def test_the_term_stands_until_the_papers_come(self, desk: Desk, brought: str) -> None:
        person, told = left(desk)
        found = read(desk, told)
        assert (found["status"], found["due_by"]) == ("left-without-movement", "2025-03-21")
        assert found["without_movement"]["lacking"] == [{"part": 1, "papers": ["identity_document"]}]
        assert [row["status"] for row in desk.get("/applications", status="left").json()["applications"]] == [
            "left-without-movement"
        ]
        day = {"on_the_day": LAST, "after_it": "2025-03-25"}[brought]
        at(desk, day)
        moved = desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        assert (moved["status"], moved["due_by"], moved["without_movement"]) == ("received", day, None)
        assert decide(desk, told)["status"] == "granted" and alive(desk, person) == [(day, None)]
        agrees(desk)

    def test_it_is_not_decided_meanwhile_and_after_the_day_as_it_stands(self, desk: Desk) -> None:
        _, told = left(desk)
        at(desk, LAST)
        refused = desk.refused(path(told, "decision"), {})
        assert codes(refused) == [("left-without-movement", None)] and "20.03.2025" in refused["detail"]
        at(desk, "2025-03-21")
        assert read(desk, told)["status"] == "left-without-movement"
        decided = decide(desk, told)
        assert decided["status"] == "refused" and decided["parts"][0]["decided_on"] == "2025-03-21"
        agrees(desk)

    def test_one_of_two_papers_leaves_it_where_it_is(self, desk: Desk) -> None:
        _, told = left(desk, "identity_document", "owner_2", dwelling={"right_document_held": False, "owners": 2})
        at(desk, LATER)
        one = desk.act(path(told, "papers"), {"consents": ["owner_2"]})
        assert (one["status"], one["due_by"]) == ("left-without-movement", "2025-03-21")
        two = desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        assert (two["status"], two["due_by"]) == ("received", LATER)

    @pytest.mark.parametrize(
        "said", [{}, {"agreed": True}, {"consent": "заява"}, {"agreed": False, "consent": "заява"}]
    )
    def test_only_as_the_applicant_agrees(self, desk: Desk, said: dict[str, Any]) -> None:
        _, told = lacking(desk, "identity_document")
        assert codes(desk.refused(path(told, "without-movement"), said)) == [("applicant-disagrees", "consent")]
        assert decide(desk, told)["status"] == "refused"

    def test_the_applicant_may_ask_for_a_decision(self, desk: Desk) -> None:
        _, told = left(desk)
        assert codes(desk.refused(path(told, "movement"), {})) == [("reason-missing", "reason")]
        at(desk, LATER)
        moved = desk.act(path(told, "movement"), {"reason": "документа не буде"})
        assert (moved["status"], moved["due_by"]) == ("received", LATER)
        assert codes(desk.refused(path(told, "movement"), {"reason": "ще раз"})) == [("not-left", None)]
        assert decide(desk, told)["status"] == "refused"

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"bring_by": DAY}, ("bring-by-past", "bring_by")),
            ({"bring_by": "2024-01-01"}, ("bring-by-past", "bring_by")),
        ],
    )
    def test_until_a_day_to_come(self, desk: Desk, said: dict[str, Any], code: tuple[str, str]) -> None:
        _, told = lacking(desk, "identity_document")
        assert codes(desk.refused(path(told, "without-movement"), {**AGREED, **said})) == [code]

    def test_without_a_day_named_as_many_as_the_community_gives(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        said = desk.act(path(told, "without-movement"), AGREED)
        assert said["without_movement"]["bring_by"] == "2025-03-21"

    def test_nothing_is_left_that_lacks_nothing_unless_why_is_said(self, desk: Desk) -> None:
        _, told = lacking(desk)
        assert codes(desk.refused(path(told, "without-movement"), AGREED)) == [("nothing-lacking", "reason")]
        said = desk.act(path(told, "without-movement"), {**AGREED, "reason": "підпис нерозбірливий"})
        assert said["without_movement"]["reason"] == "підпис нерозбірливий"

    def test_a_notice_is_not_left(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        ground = {"ground": "court_eviction", "channel": "notice", "applicant": {"kind": "court"}}
        told = desk.act("/applications", filed(desk, **LEAVE, **ground, register=about(person)))
        assert ("notice-moves", None) in codes(desk.refused(path(told, "without-movement"), AGREED))

    def test_anybody_is_told_until_when_and_the_applicant_gets_what_is_missing(self, desk: Desk) -> None:
        _, told = left(desk, applicant_name=SECRET)
        code = read(desk, told)["code"]
        said = desk.get(f"/status/{code}").json()
        assert (said["status"], said["bring_by"]) == ("left-without-movement", LAST)
        public = desk.client.get(f"/status/{code}").text
        assert "20.03.2025" in public and "паспорт" not in public and SECRET not in public
        page = desk.client.get(f"/applications/{told['application']}/without-movement")
        assert page.status_code == 200
        for words in (SECRET, "паспортний документ особи", "20.03.2025", code, AGREED["consent"]):
            assert words in page.text, words
        desk.act(path(told, "withdrawal"), {"said_by": "applicant"})
        assert set(desk.get(f"/status/{code}").json()) == {"status", "status_uk", "due_by", "office"}

    def test_there_is_no_paper_for_what_was_never_left(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document")
        assert desk.client.get(f"/applications/{told['application']}/without-movement").status_code == 409


class TestWithdrawn:
    @pytest.mark.parametrize("who", ["applicant", "representative"])
    def test_the_whole_is_closed(self, desk: Desk, who: str) -> None:
        person, told = lacking(desk)
        said = {"said_by": who, "paper": "заява від 14.03.2025", "reason": "передумала"}
        at(desk, LATER)
        back = desk.act(path(told, "withdrawal"), said)
        assert (back["status"], back["withdrawn"], back["paid"]) == ("withdrawn", [1], 4542)
        assert back["paid_uk"] == "Сплачено 45 грн 42 коп. Чи повертають його, картки не кажуть."
        for act, more in (("decision", {}), ("papers", {"documents": ["application"]}), ("withdrawal", said)):
            assert codes(desk.refused(path(told, act), more)) == [("application-withdrawn", None)]
        check = {"check": "payment", "said": {"kopiykas": 1}}
        assert codes(desk.refused(path(told, "checks"), check)) == [("application-withdrawn", None)]
        assert everything(desk, person) == [] and follows(desk, told) == []
        found = read(desk, told)
        assert found["went_on"][0]["said_by_uk"] and found["went_on"][0]["paper"] == said["paper"]
        assert desk.get("/applications").json()["applications"] == []
        assert desk.get(f"/status/{found['code']}").json()["status"] == "withdrawn"
        assert desk.client.get(f"/status/{found['code']}").status_code == 200
        agrees(desk)

    def test_the_person_may_apply_anew(self, desk: Desk) -> None:
        new = {"particulars": {"surname": "Новенька", "given_names": "Оксана", "birth_date": BORN}}
        new["documents"] = [{"kind": "passport_card", "number": "000000009"}]
        whole = {**MOVE, "register": about(new, dwelling=desk.dwelling("11"))}
        body = filed(desk, **whole)
        told = desk.act("/applications", body)
        desk.act(path(told, "withdrawal"), {"said_by": "applicant"})
        again = desk.act("/applications", {**body, "decide": True})
        assert again["status"] == "granted" and "namesakes" not in again

    def test_a_part_goes_and_the_rest_goes_on(self, desk: Desk) -> None:
        mother, child = desk.person(), desk.person(birth_date=CHILD_BORN)
        home = desk.dwelling("11")
        part = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}, "applicant": {"kind": "parent"}}
        part |= {"register": about(child, dwelling=home), "parents": {"other_exists": False}}
        body = filed(desk, **MOVE, register=about(mother, dwelling=home), children=[part])
        desk.clock.moment = VISIT
        told = desk.act("/applications", {**body, "acted_on": None})
        back = desk.act(path(told, "withdrawal"), {"said_by": "applicant", "parts": [2]})
        assert (back["status"], back["withdrawn"]) == ("received", [2])
        again = desk.refused(path(told, "withdrawal"), {"said_by": "applicant", "parts": [2]})
        assert codes(again) == [("part-withdrawn", "parts")]
        none = desk.refused(path(told, "withdrawal"), {"said_by": "applicant", "parts": [3]})
        assert codes(none) == [("part-unknown", "parts")]
        check = {"part": 2, "check": "payment", "said": {"kopiykas": 1}}
        assert codes(desk.refused(path(told, "checks"), check)) == [("part-withdrawn", "part")]
        decided = decide(desk, told)
        assert decided["status"] == "granted" and [one["part"] for one in decided["parts"]] == [1]
        assert alive(desk, mother) == [(DAY, None)] and everything(desk, child) == []
        (_, second) = read(desk, told)["parts"]
        assert second["outcome"] is None and read(desk, told)["withdrawn"] == [2]
        agrees(desk)

    @pytest.mark.parametrize(("gone", "due_by"), [(2, LATER), (1, "2025-03-21")])
    def test_what_stood_for_it_alone_moves_again_from_that_day(self, desk: Desk, gone: int, due_by: str) -> None:
        """Without the part that lacked a paper the rest lacks nothing; without another it stands as before."""
        mother, child = desk.person(), desk.person(birth_date=CHILD_BORN)
        home = desk.dwelling("11")
        part = {"service": "register_child_residence", "subject": {"born": CHILD_BORN}, "applicant": {"kind": "parent"}}
        part |= {"register": about(child, dwelling=home), "parents": {"other_exists": False}}
        body = filed(desk, **MOVE, register=about(mother, dwelling=home), children=[part])
        body["children"][0]["documents"].remove("birth_certificate")
        desk.clock.moment = VISIT
        told = desk.act("/applications", {**body, "acted_on": None})
        desk.act(path(told, "without-movement"), {**AGREED, "bring_by": LAST})
        at(desk, LATER)
        back = desk.act(path(told, "withdrawal"), {"said_by": "applicant", "parts": [gone]})
        assert (back["status"] == "received", back["due_by"]) == (gone == 2, due_by)
        agrees(desk)

    def test_once_decided_there_is_nothing_to_take_back(self, desk: Desk) -> None:
        _, told = lacking(desk)
        decide(desk, told)
        said = {"said_by": "applicant"}
        assert codes(desk.refused(path(told, "withdrawal"), said)) == [("application-decided", None)]

    def test_a_notice_is_taken_back_by_its_sender(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        ground = {"ground": "court_eviction", "channel": "notice", "applicant": {"kind": "court"}}
        told = desk.act("/applications", filed(desk, **LEAVE, **ground, register=about(person)))
        wrong = desk.refused(path(told, "withdrawal"), {"said_by": "applicant"})
        assert codes(wrong) == [("withdrawn-by", "said_by")]
        assert desk.act(path(told, "withdrawal"), {"said_by": "sender", "paper": "лист"})["status"] == "withdrawn"
        assert alive(desk, person) == [("2010-07-15", None)]

    def test_a_change_that_waits_goes_with_it(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        person, body = amendment(desk)
        told = desk.post("/applications", {**body, "decide": True}).json()
        assert told["status"] == "awaiting-approval"
        back = desk.act(path(told, "withdrawal"), {"said_by": "applicant"})
        assert back["status"] == "withdrawn" and head.get("/changes").json()["changes"] == []
        assert codes(head.refused(path(told, "approval"), {})) == [("no-change-waiting", None)]
        assert alive(desk, person) == [("2010-07-15", None)]
        agrees(desk)

    def test_of_a_visit_that_waits_the_rest_is_open_again(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        _, body = amendment(desk)
        other = desk.person(surname="Друга")
        part = {**MOVE, "subject": {"born": BORN}, "register": about(other, dwelling=desk.dwelling("12"))}
        said = {name: value for name, value in body.items() if name not in ("documents", "consents", "checks")}
        whole = filed(desk, **{**said, "children": [part]})
        told = desk.post("/applications", {**whole, "decide": True}).json()
        assert told["status"] == "awaiting-approval"
        back = desk.act(path(told, "withdrawal"), {"said_by": "applicant", "parts": [1]})
        assert back["status"] == "received"
        assert decide(desk, told, acted_on=DAY)["status"] == "granted" and alive(desk, other) == [(DAY, None)]
        assert head.get("/changes").json()["changes"] == []
        agrees(desk)


OF_VISIT = ("received", "channel", "acted_on", "notice", "transcribed")
CHECKS = [{"check": "ownership", "said": {"owners": 1}}, {"check": "encumbrance", "said": {"encumbrance": "none"}}]


def typed(desk: Desk, **said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An application with all its papers as it was received on its day, and the form of which it can be typed anew."""
    body = filed(desk, **{**MOVE, **said})
    desk.clock.moment = body["received"]
    told = desk.act("/applications", {**body, "acted_on": None})
    at(desk, LATER)
    return told, {name: value for name, value in body.items() if name not in (*OF_VISIT, "checks")}


class TestAmended:
    @pytest.mark.parametrize("what", ["person", "dwelling"])
    def test_it_is_decided_as_it_should_have_been_typed(self, desk: Desk, what: str) -> None:
        wrong, right = desk.person(surname="Хибна"), desk.person(surname="Слушна")
        first, second = desk.dwelling("11"), desk.dwelling("12")
        told, form = typed(desk, register=about(wrong, dwelling=first))
        before = read(desk, told)
        who, home = (right, first) if what == "person" else (wrong, second)
        anew = {**form, "register": about(who, dwelling=home), "reason": "описка"}
        would = desk.post(path(told, "amendment?dry_run=1"), anew)
        assert would.status_code == 200 and read(desk, told) == before
        said = desk.act(path(told, "amendment"), anew)
        assert {one["check"] for one in said["fell_away"]} == {"ownership", "encumbrance"}
        assert would.json()["fell_away"] == said["fell_away"]
        for name in ("code", "received", "due_by", "status"):
            assert said[name] == before[name]
        waits = desk.refused(path(told, "decision"), {})
        assert codes(waits) == [("check-unanswered", "checks")] * 2
        for check in CHECKS:
            desk.act(path(told, "checks"), check)
        decided = decide(desk, told)
        assert decided["status"] == "granted" and decided["parts"][0]["persons"] == [who]
        assert decided["parts"][0]["charge"]["paid"] == 4542
        assert alive(desk, who) == [(LATER, None)] and (who == wrong or everything(desk, wrong) == [])
        (went,) = read(desk, told)["went_on"]
        (was,) = went["was"]["parts"]
        assert went["reason"] == "описка" and was["register"]["persons"] == [{"person": wrong}]
        assert was["register"]["dwelling"] == first
        agrees(desk)

    def test_what_is_the_same_keeps_its_answers(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling("11")
        told, form = typed(desk, register=about(person, dwelling=home), applicant_name="Хибна О. О.")
        said = desk.act(path(told, "amendment"), {**form, "applicant_name": "Слушна О. О.", "reason": "описка в імені"})
        assert said["fell_away"] == [] and read(desk, told)["applicant_name"] == "Слушна О. О."
        assert read(desk, told)["went_on"][0]["was"]["applicant_name"] == "Хибна О. О."
        assert decide(desk, told, acted_on=LATER)["status"] == "granted"

    def test_the_answers_come_with_it_too(self, desk: Desk) -> None:
        person = desk.person()
        told, form = typed(desk, register=about(person, dwelling=desk.dwelling("11")))
        anew = {**form, "register": about(person, dwelling=desk.dwelling("12")), "checks": CHECKS, "reason": "описка"}
        assert desk.act(path(told, "amendment"), anew)["fell_away"] == []
        assert decide(desk, told)["status"] == "granted"

    def test_another_service_of_another_card(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling("11")
        told, form = typed(desk, register=about(person, dwelling=home))
        anew = {**form, "service": "register_stay", "reason": "обрано не ту послугу"}
        said = desk.act(path(told, "amendment"), anew)
        assert {one["check"] for one in said["fell_away"]} == {"ownership", "encumbrance", "payment"}
        (part,) = read(desk, told)["parts"]
        assert part["service"] == "register_stay" and part["card"]["card"] == "5"
        assert part["checks"] and not any(one["answered"] for one in part["checks"])

    def test_one_more_service_and_one_less(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling("11")
        told, form = typed(desk, register=about(person, dwelling=home))
        extract = {"service": "issue_extract", "documents": ["identity_document"], "register": about(person)}
        extract |= {"subject": {"born": BORN}}
        assert desk.act(path(told, "amendment"), {**form, "children": [extract], "reason": "забули"})["fell_away"] == []
        assert [one["service"] for one in read(desk, told)["parts"]] == ["register_residence", "issue_extract"]
        assert read(desk, told)["parts"][1]["due_by"] == DAY
        desk.act(path(told, "amendment"), {**form, "reason": "передумала"})
        assert len(read(desk, told)["parts"]) == 1
        assert decide(desk, told)["extracts"] == []

    def test_of_what_was_withdrawn_the_rest(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling("11")
        extract = {"service": "issue_extract", "documents": ["identity_document"], "register": about(person)}
        extract |= {"subject": {"born": BORN}}
        told, form = typed(desk, register=about(person, dwelling=home), children=[extract])
        desk.act(path(told, "withdrawal"), {"said_by": "applicant", "parts": [1]})
        (only,) = form.pop("children")
        anew = {**only, "reason": "описка", "subject": {"born": BORN}}
        assert desk.act(path(told, "amendment"), anew)["withdrawn"] == [2]
        assert [one["service"] for one in read(desk, told)["parts"]] == ["issue_extract", "register_residence"]
        decided = decide(desk, told)
        assert decided["status"] == "granted" and len(decided["extracts"]) == 1 and everything(desk, person) == []
        agrees(desk)

    def test_somebody_new_typed_anew_is_the_same_person(self, desk: Desk) -> None:
        new = {"particulars": {"surname": "Новенька", "given_names": "Оксана", "birth_date": BORN}}
        new["documents"] = [{"kind": "passport_card", "number": "000000009"}]
        told, form = typed(desk, register=about(new, dwelling=desk.dwelling("11")))
        before = read(desk, told)["parts"][0]["register"]["persons"][0]["person"]
        said = desk.act(path(told, "amendment"), {**form, "phone": "+380000000002", "reason": "телефон"})
        assert said["fell_away"] == [] and read(desk, told)["parts"][0]["register"]["persons"][0]["person"] == before
        other = {**new, "particulars": {**new["particulars"], "surname": "Новеська"}}
        anew = {**form, "register": {**form["register"], "persons": [other]}, "reason": "літера в прізвищі"}
        said = desk.act(path(told, "amendment"), anew)
        assert {one["check"] for one in said["fell_away"]} == {"ownership", "encumbrance"}
        for check in CHECKS:
            desk.act(path(told, "checks"), check)
        assert decide(desk, told)["status"] == "granted"

    @pytest.mark.parametrize(("how", "act"), [("mended", "amendment"), ("taken_back", "withdrawal")])
    def test_one_whose_words_came_to_contradict_the_register(self, desk: Desk, how: str, act: str) -> None:
        person, home = desk.person(), desk.dwelling("11")
        subject = {"born": BORN, "citizenship": "ua"}
        told, form = typed(desk, register=about(person, dwelling=home), subject=subject)
        changes = {"changes": {"citizenship": "foreigner"}, "basis": "паспорт"}
        desk.act(f"/persons/{person}/particulars-correction", changes)
        refused = desk.refused(path(told, "decision"), {})
        assert codes(refused)[0][0] == "differs-from-register"
        if how == "taken_back":
            assert desk.act(path(told, act), {"said_by": "applicant"})["status"] == "withdrawn"
            return
        del form["subject"]["citizenship"]
        desk.act(path(told, act), {**form, "reason": "запис змінився"})
        assert decide(desk, told)["status"] in ("granted", "refused")

    @pytest.mark.parametrize(("papers", "status"), [(["identity_document"], "received"), ([], "left-without-movement")])
    def test_one_that_stands_moves_if_it_lacked_only_what_was_not_typed(
        self, desk: Desk, papers: list[str], status: str
    ) -> None:
        person, told = left(desk)
        at(desk, LATER)
        (part,) = read(desk, told)["parts"]
        form = {name: part["asked"][name] for name in ("service", "subject", "dwelling", "documents")}
        form["register"] = about(person, dwelling=part["register"]["dwelling"])
        anew = {**form, "documents": [*form["documents"], *papers], "reason": "забули позначити паспорт"}
        assert desk.act(path(told, "amendment"), anew)["status"] == status
        assert read(desk, told)["due_by"] == (LATER if papers else "2025-03-21")

    @pytest.mark.parametrize("name", ["received", "channel", "office", "paper_journal", "decide", "acted_on"])
    def test_how_it_came_stays(self, desk: Desk, name: str) -> None:
        told, form = typed(desk, register=about(desk.person(), dwelling=desk.dwelling("11")))
        said = {
            "received": "2025-03-10T09:00",
            "channel": "diia",
            "office": "x",
            "paper_journal": {"kind": "outage", "number": "1"},
            "decide": True,
            "acted_on": DAY,
        }
        anew = {**form, "reason": "описка", name: said[name]}
        assert codes(desk.refused(path(told, "amendment"), anew)) == [("visit-stays", name)]

    def test_it_takes_a_reason_and_is_judged_as_if_it_came_so(self, desk: Desk) -> None:
        person = desk.person()
        told, form = typed(desk, register=about(person, dwelling=desk.dwelling("11")))
        assert codes(desk.refused(path(told, "amendment"), form)) == [("reason-missing", "reason")]
        unknown = {**form, "documents": ["x"], "reason": "описка"}
        assert codes(desk.refused(path(told, "amendment"), unknown)) == [("paper-unknown", "documents")]
        nobody = {
            **form,
            "register": about(str(UUID(int=3)), dwelling=form["register"]["dwelling"]),
            "reason": "описка",
        }
        assert codes(desk.refused(path(told, "amendment"), nobody))[0][0] == "person-unknown"
        differs = {**form, "subject": {"born": "1991-01-01"}, "reason": "описка"}
        assert codes(desk.refused(path(told, "amendment"), differs))[0][0] == "differs-from-register"

    def test_neither_once_decided_nor_while_a_change_waits(self, strict: tuple[Desk, Desk]) -> None:
        desk, _ = strict
        _, body = amendment(desk)
        told = desk.post("/applications", {**body, "decide": True}).json()
        form = {name: value for name, value in body.items() if name not in (*OF_VISIT, "checks")}
        anew = {**form, "reason": "описка"}
        papers = {"documents": ["application"]}
        for act, said in (("amendment", anew), ("papers", papers), ("without-movement", AGREED)):
            assert codes(desk.refused(path(told, act), said)) == [("change-waiting", None)]
        desk.act(path(told, "rejection"), {"reason": "помилка"})
        assert desk.act(path(told, "amendment"), anew)["status"] == "received"

    def test_repeated_it_is_done_once(self, desk: Desk) -> None:
        new = {"particulars": {"surname": "Новенька", "given_names": "Оксана", "birth_date": BORN}}
        new["documents"] = [{"kind": "passport_card", "number": "000000009"}]
        told, form = typed(desk, register=about(new, dwelling=desk.dwelling("11")))
        key, anew = str(UUID(int=6)), {**form, "phone": "+380000000003", "reason": "описка"}
        once = desk.act(path(told, "amendment"), anew, Idempotency_Key=key)
        again = desk.post(path(told, "amendment"), anew, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, once)
        other = desk.post(path(told, "amendment"), {**anew, "phone": None}, Idempotency_Key=key)
        assert other.json()["type"] == "/problems/key-reused"


class TestBesides:
    def test_an_extract_of_the_visit_states_the_register_after_the_paper(self, desk: Desk) -> None:
        _, told = lacking(desk, "identity_document", extract={})
        at(desk, LATER)
        desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        (extract,) = decide(desk, told)["extracts"]
        read_ = desk.get(f"/extracts/{extract['number']}").json()
        assert extract["error"] is None and "буд. 11" in str(read_["content"]["residences"])

    def test_nothing_goes_out_before_the_decision_and_all_of_it_after(self, desk: Desk) -> None:
        _, told = left(desk)
        desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        assert follows(desk, told) == []
        decide(desk, told)
        assert {item for item, _, _ in follows(desk, told)} == {"applicant_sms", "dms"}

    def test_the_head_sees_of_a_late_receipt_that_it_was_taken_back(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling("11")))
        at(desk, LATER)
        told = desk.act("/applications", {**body, "acted_on": None, "reason": "прийнято на папері"})
        desk.act(path(told, "withdrawal"), {"said_by": "applicant"})
        (row,) = head.get("/past-entries").json()["entries"]
        assert (row["approval"], row["status"]) == ("withdrawn", "withdrawn") and row["approval_uk"]

    def test_an_approval_and_a_withdrawal_do_not_meet(self, strict: tuple[Desk, Desk]) -> None:
        desk, head = strict
        person, body = amendment(desk)
        told = desk.post("/applications", {**body, "decide": True}).json()
        seen = f'"{told["version"]}"'
        head.act(path(told, "approval"))
        late = desk.refused(path(told, "withdrawal"), {"said_by": "applicant"}, 412, If_Match=seen)
        assert late["type"] == "/problems/record-changed"
        assert read(desk, told)["status"] == "granted" and alive(desk, person) == [("2010-07-16", None)]

    def test_a_mistyped_notice_is_mended_by_who_typed_it(self, desk: Desk) -> None:
        wrong, right = desk.person(surname="Хибна"), desk.person(surname="Слушна")
        for one in (wrong, right):
            desk.settled(one, desk.dwelling())
        ground = {"ground": "court_eviction", "channel": "notice", "applicant": {"kind": "court"}}
        told, form = typed(desk, **{**LEAVE, **ground, "register": about(wrong)})
        anew = {**form, "dwelling": {}, "register": about(right), "reason": "описка"}
        desk.act(path(told, "amendment"), anew)
        assert decide(desk, told)["status"] == "granted"
        assert alive(desk, wrong) == [("2010-07-15", None)] and alive(desk, right) == []

    def test_the_open_ones_are_read_by_their_index(self, desk: Desk) -> None:
        with desk.registry.datastore.get_connection() as connection, connection.transaction(force_rollback=True):
            connection.execute(
                "INSERT INTO applications (application, status, services, persons, known_from, received, due_by) "
                "SELECT md5(n::text)::uuid, CASE WHEN n % 50 = 0 THEN 'left-without-movement' ELSE 'granted' END, "
                "'{register_residence}', '{}', n, '2026-01-12T09:00', '2026-01-12' FROM generate_series(1, 30000) n"
            )
            connection.execute("ANALYZE applications")
            asked = {"statuses": ["left-without-movement"], "limit": 100}
            plan = connection.execute(f"EXPLAIN {applications.SQL['by_term']}", asked).fetchall()
            said = "\n".join(line["QUERY PLAN"] for line in plan)
            assert "applications_open" in said and "Seq Scan on applications" not in said, said


class TestKept:
    @pytest.mark.parametrize(
        "fact",
        [
            PapersBrought(part=9, brought=VISIT, due_by=DAY, documents=("application",)),
            PapersBrought(part=1, brought=VISIT, due_by=DAY, concerned=(Concerned(person=uid(77)),)),
            ApplicationMovesAgain(due_by=DAY),
            ApplicationWithdrawn(parts=(1, 2), said_by="applicant"),
        ],
        ids=lambda fact: fact.NAME,
    )
    def test_a_fact_that_names_nothing_of_the_case_is_a_difference(self, desk: Desk, fact: Any) -> None:
        _, told = lacking(desk)
        id = UUID(told["application"])
        act = desk.registry.append([(id, [fact], told["version"])], by=CLERK, command=uid(78))
        (difference,) = verify(desk.registry).differences
        assert difference.startswith(f"position {act.position}: it names a part or a person")
        assert read(desk, told)["status"] == "received"

    def test_a_journal_restores_it_and_is_the_same_bytes(self, desk: Desk, server: Any, tmp_path: Any) -> None:
        _, told = left(desk)
        desk.act(path(told, "papers"), {"documents": ["identity_document"]})
        _, gone = left(desk)
        desk.act(path(gone, "withdrawal"), {"said_by": "applicant"})
        one, form = typed(desk, register=about(desk.person(), dwelling=desk.dwelling("21")))
        desk.act(path(one, "amendment"), {**form, "phone": None, "reason": "описка"})
        first, second = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
        journal.export(desk.registry, first, seen_by=OPEN)
        with contextmanager(_database)(server, template="hromada") as url, opened(url, connections=3) as other:
            journal.load(other, first, utc_now())
            journal.export(other, second, seen_by=OPEN)
            assert verify(other).found == 0
            again = [other.query("applications", "by_term", statuses=["received"], limit=9)]
            assert again == [desk.registry.query("applications", "by_term", statuses=["received"], limit=9)]
        assert first.read_bytes() == second.read_bytes()


FACTS = st.one_of(
    st.builds(
        PapersBrought,
        part=st.integers(0, 3),
        brought=st.sampled_from(["2026-01-13T09:00", "2026-01-12T10:30"]),
        due_by=st.just("2026-01-14"),
        documents=st.sampled_from([(), ("identity_document",), ("dwelling_right_document",)]),
        concerned=st.sampled_from([(), (Concerned(person=uid(1), documents=(Document(kind="passport_card"),)),)]),
    ),
    st.just(
        ApplicationLeftWithoutMovement(lacking=(), bring_by="2026-01-20", due_by="2026-01-21", consent="-", text="-")
    ),
    st.just(ApplicationMovesAgain(due_by="2026-01-15")),
    st.builds(ApplicationWithdrawn, parts=st.sampled_from([(1,), (2,), (1, 2), (9,)]), said_by=st.just("applicant")),
    st.builds(
        ApplicationAmended,
        parts=st.sampled_from([application(uid(2)).parts, application(uid(1), uid(3)).parts * 2]),
        reason=st.just("описка"),
        withdrawn=st.sampled_from([(), (2,)]),
    ),
    st.just(CheckAnswered(part=2, check="ownership", said={}, source="clerk")),
    st.just(ChangeRequested(person=uid(1), asked_for="residence-corrected", after=1, facts=())),
    st.just(ChangeRejected(person=uid(1), reason="ні")),
)


@settings(max_examples=tries(200), deadline=None)
@given(st.lists(FACTS, max_size=8), st.booleans())
def test_whatever_is_in_the_log_is_folded(facts: list[Any], received: bool) -> None:
    """In any order, lawful or not, with or without a receipt: nothing is refused, and a row has everybody concerned."""
    listed = [application(uid(1), uid(4)), *facts] if received else facts
    record = NO_CASE
    for entry in entries(listed):
        record = evolve(record, entry)
        assert record.status in STATUSES and record.version == entry.version
        rows = list(applications.view(uid(9), record))
        assert not record.received or {uid(1), uid(4)} <= set(rows[0][8])


ACTS = ("papers", "papers_too", "without-movement", "movement", "withdrawal", "withdrawal_of_one", "amendment")


@settings(max_examples=tries(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from((*ACTS, "checks", "decision")), st.sampled_from([DAY, LATER, LAST])), max_size=7)
)
def test_in_whatever_order_it_goes_on_the_register_stays_whole(desk: Desk, acts: list[tuple[str, str]]) -> None:
    """Each act is recorded or refused in words; what is then asked of the case, of a rebuild and of replay agrees."""
    desk.clock.moment = VISIT
    person, home = desk.person(), desk.dwelling("11")
    extract = {"service": "issue_extract", "documents": ["identity_document"], "register": about(person)}
    children = [{**extract, "subject": {"born": BORN}}]
    _, told = lacking(desk, "identity_document", person=person, children=children)
    asked = read(desk, told)["parts"][0]["asked"]
    form = {name: asked[name] for name in ("service", "subject", "dwelling", "documents")}
    said: dict[str, Any] = {
        "papers": {"documents": ["identity_document"]},
        "papers_too": {"documents": ["application"], "papers": [{"id": "application", "number": "1"}]},
        "without-movement": AGREED,
        "movement": {"reason": "просить вирішити"},
        "withdrawal": {"said_by": "applicant"},
        "withdrawal_of_one": {"said_by": "applicant", "parts": [2]},
        "amendment": {**form, "register": about(person, dwelling=home), "reason": "описка"},
        "checks": CHECKS[0],
        "decision": {},
    }
    for act, day in sorted(acts, key=lambda one: one[1]):
        at(desk, day)
        before = desk.registry.position()
        answer = desk.post(path(told, act.partition("_")[0]), said[act])
        assert answer.status_code in (201, 422), answer.text
        assert (desk.registry.position() == before) == (answer.status_code == 422)
        assert read(desk, told)["status"] in STATUSES
    agrees(desk)

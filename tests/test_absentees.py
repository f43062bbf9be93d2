"""Protected absentees: a mark with its ground that has to be answered before an owner removes somebody (card 2, r9).

The cards name point 61 of the Procedure and not its list: a mark refuses nothing by itself, unless the community says
so.
"""

from pathlib import Path
from typing import Any

import pytest
from clocks import StoppedClock
from conftest import _database
from filing import BORN, DAY, LEAVE, VISIT, about, filed, granted, recorded, strict
from given import founded, installation
from starlette.testclient import TestClient
from test_api import NOBODY, Desk, codes, desk

from api.main import create_app
from registry import journal
from registry.aggregates.community.events import CommunityDescribed, ReadingsAdopted
from registry.opening import opened
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

PAPER = "довідка військової частини А0000 від 01.02.2025 № 7"
OWNER = {**LEAVE, "ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}
SERVES = {"ground": "military_service", "since": "2024-05-01", "paper": PAPER}
ANSWER = {"stands": True, "reason": "повістку про розгляд вручено, заперечень немає"}


def resident(desk: Desk, **more: Any) -> str:
    person = desk.person(**more)
    desk.settled(person, desk.dwelling())
    return person


def marked(desk: Desk, person: str, **more: Any) -> str:
    desk.act(f"/persons/{person}/absences", {**SERVES, **more})
    (mark,) = [one["mark"] for one in desk.get(f"/persons/{person}/absences").json()["answer"]]
    return mark


def absence(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in part["checks"] if one["check"] == "absence"]


def with_answer(body: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    checks = [one for one in body["checks"] if one["check"] != "absence"]
    return {**body, "checks": [*checks, {"check": "absence", "said": said}], "decide": True}


class TestAnOwnersRemoval:
    @pytest.mark.parametrize("ground", ["military_service", "custody"])
    def test_of_somebody_marked_has_to_be_answered(self, desk: Desk, ground: str) -> None:
        person = resident(desk)
        marked(desk, person, ground=ground)
        tried = desk.post("/applications?dry_run=1", {**OWNER, "received": VISIT, "register": about(person)}).json()
        assert [one["answered"] for one in absence(tried["parts"][0])] == [False]
        assert "protected_absence_bars" in [one["id"] for one in tried["parts"][0]["readings"]]
        body = filed(desk, **OWNER, register=about(person))
        body["checks"] = [one for one in body["checks"] if one["check"] != "absence"]
        assert codes(desk.refused("/applications", {**body, "decide": True})) == [("check-unanswered", "checks")]
        answer = desk.post("/applications", with_answer(body, ANSWER))
        assert answer.status_code == 201, answer.text
        said = answer.json()
        assert said["status"] == "granted" and recorded(said, person) == ["residence-deregistered"]
        assert "protected_absence_bars" in [one["id"] for one in said["decision"]["parts"][0]["readings"]]
        stored = desk.get(f"/applications/{said['application']}").json()["parts"][0]
        assert [one["said"] for one in absence(stored)] == [ANSWER]
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize(
        ("said", "field"), [({}, "stands"), ({"stands": True}, "reason"), ({"reason": "так"}, "stands")]
    )
    def test_an_answer_says_whether_it_stands_and_why(self, desk: Desk, said: dict[str, Any], field: str) -> None:
        person = resident(desk)
        marked(desk, person)
        body = filed(desk, **OWNER, register=about(person))
        assert codes(desk.refused("/applications", with_answer(body, said))) == [("absence-unanswered", field)]

    def test_who_is_back_is_told_so(self, desk: Desk) -> None:
        person = resident(desk)
        marked(desk, person)
        body = with_answer(filed(desk, **OWNER, register=about(person)), {"stands": False, "reason": "звільнено"})
        said = desk.post("/applications", body).json()
        assert said["status"] == "granted"
        assert "protected_absence_bars" not in [one["id"] for one in said["decision"]["parts"][0]["readings"]]

    @pytest.mark.parametrize("when", ["never", "ended", "later", "annulled"])
    def test_of_others_is_as_it_was(self, desk: Desk, when: str) -> None:
        person = resident(desk)
        if when == "ended":
            mark = marked(desk, person)
            desk.act(f"/persons/{person}/absences/{mark}/end", {"until": DAY, "paper": "наказ про звільнення"})
        if when == "later":
            marked(desk, person, since="2025-06-01")
        if when == "annulled":
            mark = marked(desk, person)
            desk.act(f"/persons/{person}/absences/{mark}/annulment", {"basis": "тезка"})
        tried = desk.post("/applications?dry_run=1", {**OWNER, "received": VISIT, "register": about(person)}).json()
        assert absence(tried["parts"][0]) == []
        granted(desk, **OWNER, register=about(person))

    def test_their_own_application_is_never_asked(self, desk: Desk) -> None:
        person = resident(desk)
        marked(desk, person)
        said = granted(desk, **LEAVE, register=about(person))
        assert absence(said["parts"][0]) == []

    def test_words_that_deny_the_mark_are_not_believed(self, desk: Desk) -> None:
        person = resident(desk)
        marked(desk, person)
        subject = {"born": BORN, "absence_protected": False}
        body = {**filed(desk, **OWNER, register=about(person)), "subject": subject, "decide": True}
        body["checks"] = [one for one in body["checks"] if one["check"] != "absence"]
        problem = desk.refused("/applications", body)
        assert codes(problem) == [("differs-from-register", "subject.absence_protected")]

    def test_a_mark_made_after_the_receipt_is_asked_too(self, desk: Desk) -> None:
        person = resident(desk)
        application = desk.act("/applications", filed(desk, **OWNER, register=about(person)))["application"]
        marked(desk, person)
        problem = desk.refused(f"/applications/{application}/decision", {"acted_on": DAY})
        assert codes(problem) == [("check-unanswered", "checks")]

    @pytest.mark.parametrize(("bars", "status"), [(True, "not-possible"), (False, "granted")])
    def test_a_community_may_read_that_it_is_not_possible(
        self, database_url: str, tmp_path: Path, bars: bool, status: str
    ) -> None:
        with opened(database_url) as registry:
            named = CommunityDescribed(code="UA12", name="Вигадана", body="Виконком")
            founded(registry, (named, ReadingsAdopted(readings={"protected_absence_bars": bars})))
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path, second_person=False))), registry)
            person = resident(desk)
            marked(desk, person)
            body = filed(desk, **OWNER, register=about(person))
            unsaid = {**body, "checks": [one for one in body["checks"] if one["check"] != "absence"], "decide": True}
            assert codes(desk.refused("/applications", unsaid)) == [("check-unanswered", "checks")]
            assert desk.post("/applications", with_answer(body, ANSWER)).json()["status"] == status
            back = resident(desk)
            marked(desk, back)
            body = filed(desk, **OWNER, register=about(back))
            said = desk.post("/applications", with_answer(body, {"stands": False, "reason": "звільнено"})).json()
            assert said["status"] == "granted" and verify(registry).differences == []


class TestMarks:
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"ground": "боявся"}, [("absence-ground-unknown", "ground")]),
            ({"since": ""}, [("since-missing", "since")]),
            ({"paper": None}, [("basis-missing", "paper")]),
            ({"since": "2024-02-30"}, [("not-a-date", "since")]),
            ({"since": "1980"}, [("before-birth", "since")]),
            ({"until": "2024-01-01"}, [("ends-before-start", "until")]),
        ],
    )
    def test_what_cannot_be_is_refused(self, desk: Desk, said: dict[str, Any], told: list[Any]) -> None:
        assert codes(desk.refused(f"/persons/{resident(desk)}/absences", {**SERVES, **said})) == told

    def test_of_an_unknown_one_and_twice_the_same(self, desk: Desk) -> None:
        person = resident(desk)
        for act, body in (
            ("end", {"until": "2025-01-01", "paper": "довідка"}),
            ("annulment", {"basis": "помилка"}),
        ):
            assert codes(desk.refused(f"/persons/{person}/absences/{NOBODY}/{act}", body)) == [
                ("absence-unknown", "mark")
            ]
        mark = marked(desk, person)
        problem = desk.refused(f"/persons/{person}/absences/{mark}/correction", {"reason": "описка"})
        assert codes(problem) == [("nothing-changed", None)]
        problem = desk.refused(f"/persons/{person}/absences/{mark}/correction", {"since": "2024-04-01"})
        assert codes(problem) == [("reason-missing", "reason")]
        ended = desk.refused(f"/persons/{person}/absences/{mark}/end", {})
        assert codes(ended) == [("until-missing", "until"), ("basis-missing", "paper")]

    def test_annulling_waits_for_a_second_person(self, strict: tuple[Desk, Desk]) -> None:
        clerk, head = strict
        person = resident(clerk)
        mark = marked(clerk, person)
        answer = clerk.post(f"/persons/{person}/absences/{mark}/annulment", {"basis": "тезка"})
        assert answer.status_code == 202
        assert len(clerk.get(f"/persons/{person}/absences").json()["answer"]) == 1
        head.act(f"/applications/{answer.json()['application']}/approval")
        assert clerk.get(f"/persons/{person}/absences").json()["answer"] == []
        assert verify(clerk.registry).differences == []


class TestBothTimes:
    def test_of_a_day_as_known_at_an_instant(self, database_url: str, tmp_path: Path, server: Any) -> None:
        clock = StoppedClock("2025-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path, second_person=False))), registry)
            person = resident(desk)
            mark = marked(desk, person, since="2024-05")
            clock.set("2025-06-01T09:00")
            desk.act(f"/persons/{person}/absences/{mark}/end", {"until": "2025-05-15", "paper": "наказ"})
            clock.set("2025-07-01T09:00")
            desk.act(f"/persons/{person}/absences/{mark}/correction", {"since": "2024-06-10", "reason": "описка"})

            def said(**times: str) -> list[tuple[str, str | None]]:
                rows = desk.get(f"/persons/{person}/absences", **times).json()["answer"]
                return [(one["since"], one["until"]) for one in rows]

            assert said(known_at="2025-04-01") == [("2024-05", None)]
            assert said(known_at="2025-06-15") == [("2024-05", "2025-05-15")]
            assert said() == [("2024-06-10", "2025-05-15")]
            assert said(on="2024-05-20", known_at="2025-04-01") == [("2024-05", None)] and said(on="2024-05-20") == []
            assert said(on="2025-05-14") and said(on="2025-05-15") == []
            assert said(on="2025-05-15", known_at="2025-04-01")
            before = desk.get(f"/persons/{person}/absences", known_at="2025-02-01").json()
            assert before["answer"] == "реєстр ще не вівся"
            file, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
            journal.export(registry, file, seen_by=OPEN)
            for url in _database(server, template="hromada"):
                with opened(url) as other:
                    journal.load(other, file, other.clock())
                    journal.export(other, again, seen_by=OPEN)
                    assert verify(other).differences == []
                    other.rebuild("absences")
                    assert verify(other).differences == []
            assert file.read_bytes() == again.read_bytes()

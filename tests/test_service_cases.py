"""What is decided on an application: every case of `cases/SERVICES.md`, taken in, checked and decided for good.

Every `*.json` in the folder named by SERVICE_CASES (default: this project's copy of the sample) is read, one test a
case. Each goes through the application aggregate: received with as many people as it concerns, every check that it
needs answered «as the applicant says», decided on the last day for the entry. Compared is exactly what `expect` asks,
with the pure decision and with the fact that is stored; lists are sets, but for the previous periods of an extract.
"""

import json
import os
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from given import HOURS, judged, uid
from test_services import GROUNDS

from registry.aggregates.case.case import supposing, take_in
from registry.aggregates.case.events import ApplicationBarred, ApplicationRefused, Concerned, Part
from registry.aggregates.case.ruling import rule
from registry.aggregates.case.state import Outcome
from registry.services.application import Application, read
from registry.services.catalogue import NoCard
from registry.services.decision import Decision, Dues, dues
from registry.services.fees import NoPublishedAmount
from registry.services.terms import due_by

FOLDER = Path(os.environ.get("SERVICE_CASES") or Path(__file__).parent / "cases" / "services")
CASES = [case for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text("utf-8"))["cases"]]
ABOUT_THE_CASE = {"id", "title", "rules", "by_hand", "expect"}


@dataclass(frozen=True)
class Stored:
    """What the aggregate made of a case: the part as received, the decision, the fact that says so."""

    part: Part
    decision: Decision
    outcome: Outcome


def facts_of(case: dict[str, Any]) -> dict[str, Any]:
    """The facts that a case gives."""
    return {name: value for name, value in case.items() if name not in ABOUT_THE_CASE}


def due(asked: Application) -> int:
    """What has to be paid; nothing is known to be where no amount is published."""
    try:
        return dues(asked).fee.kopiykas
    except NoPublishedAmount:
        return 0


def through_the_aggregate(said: dict[str, Any]) -> Stored:
    """Received, checked and decided. Raises `NoCard` for a day without one."""
    asked = read(said)
    people = tuple(Concerned(person=uid(number)) for number in range(1, asked.persons + 1))
    part = Part(asked=said, card="", due_by="", concerned=people)
    case = take_in(uid(900), parts=[part], now=asked.received, timetable=HOURS)
    for check in case.services[0].required:
        answer = {"kopiykas": due(asked)} if check == "payment" else {}
        case = case.answered(part=1, check=check, said=answer, source="clerk")
    by = date.fromisoformat(case.received.parts[0].due_by)
    ruling = rule(case, on=by, today=by)
    ruling.insist_on_deciding()
    ((ruled,), (outcome,)) = ruling.parts, ruling.outcomes
    assert supposing(case.record, [outcome]).decided
    return Stored(ruled.service.part, ruled.decision, outcome)


def of_decision(decision: Decision) -> dict[str, Any]:
    """Everything that a case may ask, as decided."""
    return {
        "decision": decision.decision,
        **{name: {one.id for one in getattr(decision, name)} for name in LISTS},
        "missing": set(decision.missing),
        **of_any_day(decision),
        "due_by": day(decision.due_by),
        "effective_on": day(decision.effective_on),
        "message_deadlines": {one.id: day(one.deadline) for one in decision.messages if one.deadline},
        "extract": shown(decision),
        **{name: getattr(decision, name) for name in PLAIN},
    }


LISTS = ("grounds", "barred", "documents_required", "consents_required", "messages", "tasks")
PLAIN = ("previous_residence", "family_set", "batch_overdue", "removed_under_name")
NAMES = {"application-granted": "granted", "application-refused": "refused", "application-barred": "not_possible"}


def of_fact(stored: Stored) -> dict[str, Any]:
    """What of it the facts hold."""
    outcome = stored.outcome
    held: dict[str, Any] = {"decision": NAMES[outcome.NAME], "due_by": stored.part.due_by}
    if isinstance(outcome, ApplicationBarred):
        return {**held, "barred": {one.id for one in outcome.barred}}
    refused = isinstance(outcome, ApplicationRefused)
    return {
        **held,
        "grounds": {one.id for one in outcome.grounds} if refused else set(),
        "missing": set(outcome.missing) if refused else set(),
        "fee_kopiykas": outcome.charge.due,
        "late": outcome.late,
        "effective_on": None if refused else outcome.effective_on,
        "messages": {one.id for one in outcome.follows if one.role == "message"},
        "message_deadlines": {one.id: one.deadline for one in outcome.follows if one.role == "message"},
        "tasks": {one.id for one in outcome.follows if one.role == "task"},
    }


def of_any_day(due: Decision | Dues) -> dict[str, Any]:
    return {"fee_kopiykas": due.fee.kopiykas, "late": due.late}


def shown(decision: Decision) -> dict[str, Any] | None:
    said = decision.extract
    return said and {"state": said.state, "previous_periods": list(said.previous_periods)}


def day(value) -> str | None:
    return value and value.isoformat()


def compared(expect: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The part of the answer that is asked, in the form in which it is asked."""
    asked = {name: answer[name] for name in expect if name not in ("not_required", "message_deadlines")}
    if "message_deadlines" in expect:
        told = answer["message_deadlines"]
        asked["message_deadlines"] = {name: told.get(name) for name in expect["message_deadlines"]}
    if "not_required" in expect:
        demanded = answer["documents_required"] | answer["consents_required"]
        asked["not_required"] = [name for name in expect["not_required"] if name not in demanded]
    return asked


def as_sets(expect: dict[str, Any]) -> dict[str, Any]:
    return {
        name: set(value) if isinstance(value, list) and name != "not_required" else value
        for name, value in expect.items()
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    expect, asked = as_sets(case["expect"]), read(facts_of(case))
    try:
        stored = through_the_aggregate(facts_of(case))
    except NoCard:
        by = due_by(asked.service, asked.received, asked.channel, HOURS)
        assert compared(case["expect"], {**of_any_day(dues(asked)), "due_by": day(by)}) == expect, case["title"]
        return
    assert compared(case["expect"], of_decision(stored.decision)) == expect, case["title"]
    held = of_fact(stored)
    in_facts = {name: value for name, value in expect.items() if name in held}
    assert compared(in_facts, held) == in_facts, f"{case['title']}: {stored.outcome.NAME}"


def test_the_fact_holds_all_that_was_decided_for_everybody_and_a_dry_run_decides_the_same():
    for case in CASES:
        asked = read(facts_of(case))
        try:
            stored = through_the_aggregate(facts_of(case))
        except NoCard:
            continue
        assert stored.decision == judged(asked, paid=due(asked)), case["id"]
        assert lost(stored, asked) == [], case["id"]


def lost(stored: Stored, asked: Application) -> list[str]:
    """What a fact does not say as the decision does."""
    decision, outcome = stored.decision, stored.outcome
    if isinstance(outcome, ApplicationBarred):
        return [] if [astuple(one) for one in outcome.barred] == [astuple(one) for one in decision.barred] else ["bars"]
    told = [one for one in decision.messages if one.id.startswith("applicant_")]
    others = len(decision.messages) - len(told) + len(decision.tasks)
    pairs = {
        "rule": (outcome.charge.rule, decision.fee.rule),
        "reference": (outcome.charge.reference, decision.fee.reference),
        "paid": (outcome.charge.paid, decision.fee.kopiykas or None),
        "follows": (len(outcome.follows), len(told) + others * asked.persons),
    }
    if isinstance(outcome, ApplicationRefused):
        grounds = [astuple(one) for one in outcome.grounds]
        pairs["grounds"] = (grounds, [astuple(one) for one in decision.grounds])
        if asked.received.date() >= date(2021, 12, 1):
            pairs["numbers"] = ([one[1] for one in grounds], [GROUNDS[one[0]][0] for one in grounds])
    return [name for name, (held, decided) in pairs.items() if held != decided]


def test_there_are_cases_and_each_has_an_id_of_its_own():
    assert CASES and len({case["id"] for case in CASES}) == len(CASES)

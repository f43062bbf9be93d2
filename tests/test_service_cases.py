"""What is decided on an application: every case of `cases/SERVICES.md`, through the card in force and the decision.

Every `*.json` in the folder named by SERVICE_CASES (default: this project's copy of the sample) is read, one test a
case. Compared is exactly what `expect` asks; lists are sets, but for the previous periods of an extract.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from registry.services.application import Application, read
from registry.services.catalogue import NoCard
from registry.services.decision import Decision, Dues, card_for, decide, dues

FOLDER = Path(os.environ.get("SERVICE_CASES") or Path(__file__).parent / "cases" / "services")
CASES = [case for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text("utf-8"))["cases"]]
ABOUT_THE_CASE = {"id", "title", "rules", "by_hand", "expect"}


def application(case: dict[str, Any]) -> Application:
    """The application that a case gives."""
    return read({name: value for name, value in case.items() if name not in ABOUT_THE_CASE})


def found(asked: Application) -> dict[str, Any]:
    """Everything that a case may ask, worked out."""
    try:
        decision = decide(asked, card_for(asked))
    except NoCard:
        return asked_of_any_day(dues(asked))
    return {
        "decision": decision.decision,
        **{name: {one.id for one in getattr(decision, name)} for name in LISTS},
        "missing": set(decision.missing),
        **asked_of_any_day(decision),
        "effective_on": day(decision.effective_on),
        "message_deadlines": {one.id: day(one.deadline) for one in decision.messages if one.deadline},
        "extract": shown(decision),
        **{name: getattr(decision, name) for name in PLAIN},
    }


LISTS = ("grounds", "barred", "documents_required", "consents_required", "messages", "tasks")
PLAIN = ("previous_residence", "family_set", "batch_overdue", "removed_under_name")


def asked_of_any_day(due: Decision | Dues) -> dict[str, Any]:
    return {"fee_kopiykas": due.fee.kopiykas, "late": due.late, "due_by": day(due.due_by)}


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
    expect = case["expect"]
    assert compared(expect, found(application(case))) == as_sets(expect), case["title"]


def test_there_are_cases_and_each_has_an_id_of_its_own():
    assert CASES and len({case["id"] for case in CASES}) == len(CASES)

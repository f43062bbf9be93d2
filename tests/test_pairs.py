"""Each rule of the catalogue that data decide, shown by pairs of applications that differ in one thing.

`cases/services/pairs.json` holds them, `R-020-1-a` and `R-020-1-b`; what is expected `by_hand` is what the rule's text
says. `contrib/find_pairs.py` searched for them. That each is decided and recorded as expected is seen in
`test_service_cases.py`, as of every case.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from given import founded
from test_api import Desk, desk
from test_api_services import assert_as_expected, body_of, decided
from test_services import NOT_BY_DATA, TESTED_IN

__all__ = ["desk"]

FILE = Path(__file__).parent / "cases" / "services" / "pairs.json"
CASES = json.loads(FILE.read_text("utf-8"))["cases"]
PAIRS = list(zip(CASES[::2], CASES[1::2], strict=True))
ASPECTS = {
    "decision": {"decision", "grounds", "barred", "missing", "previous_residence", "extract", "removed_under_name"},
    "fee": {"fee_kopiykas"},
    "term": {"late", "due_by", "effective_on", "family_set", "batch_overdue"},
    "message": {"messages", "message_deadlines"},
    "task": {"tasks"},
}
"""What may be shown to change."""
GONE = object()


def leaves(said: Any, path: str = "") -> dict[str, Any]:
    """What is said, each thing by its place; a paper, a consent and a moment are a thing of their own."""
    if isinstance(said, dict) and said:
        return {place: value for name, one in said.items() for place, value in leaves(one, f"{path}.{name}").items()}
    if isinstance(said, list):
        named = {
            f"{path}.{number}" if isinstance(one, dict) else f"{path}:{one}": one for number, one in enumerate(said)
        }
        return {place: value for name, one in named.items() for place, value in leaves(one, name).items()}
    return {path: said}


def things(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """Where two applications differ; a moment that is another is one thing, not one that went and one that came."""
    first, second = leaves(one), leaves(other)
    found = {path for path in first.keys() | second.keys() if first.get(path, GONE) != second.get(path, GONE)}
    return {path.partition(":")[0] if path.startswith(".family_formed") else path for path in found}


def test_the_two_are_about_the_same_rules_and_differ_in_one_thing():
    for one, other in PAIRS:
        name = one["id"].removesuffix("-a")
        assert (one["id"], other["id"]) == (f"{name}-a", f"{name}-b") and name.startswith(one["rules"][0])
        assert (one["title"], one["rules"]) == (other["title"], other["rules"]), name
        assert len(things(body_of(one), body_of(other))) == 1, name


def test_they_are_answered_otherwise_as_the_rule_says_and_not_only_as_it_happens():
    for one, other in PAIRS:
        first, second = one["expect"], other["expect"]
        assert set(one["by_hand"]) <= first.keys() and set(other["by_hand"]) <= second.keys(), one["id"]
        changed = {name for name in first.keys() & second.keys() if first[name] != second[name]}
        by_hand = {*one["by_hand"], *other["by_hand"]}
        assert any(changed & by_hand & names for names in ASPECTS.values()), one["id"]


def test_every_rule_is_shown_by_a_pair_or_it_is_said_why_not():
    shown = {rule for one, _ in PAIRS for rule in one["rules"]}
    assert sorted([*shown, *TESTED_IN, *NOT_BY_DATA]) == [f"R-{number:03}" for number in range(1, 157)]
    assert all(NOT_BY_DATA.values())


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_the_law_answers_so_over_http(desk: Desk, every: int) -> None:
    founded(desk.registry)
    for pair in PAIRS[::every]:
        for case in pair:
            assert_as_expected(case, decided(desk, body_of(case)))

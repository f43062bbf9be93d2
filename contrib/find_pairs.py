"""Searches for the pairs of applications that show the rules: each two differ in one thing, and it changes the answer.

    PYTHONPATH=.:tests .venv/bin/python contrib/find_pairs.py [RULE …]

`wanted_pairs.jsonl` says of a rule what its text says (the catalogue's «Pass» and «Refused»): what both applications
are about (`given`), the one `thing` that differs, and what is to be answered to the `first` and the `second`. The thing
is `now` in the first (without it as `given` says, or as nobody says) and `then` in the second; or the second is the
next day or minute, or the one before; to a list (`documents+`) `then` is added, from one (`documents-`) it is taken.

The search begins at the cases of the sample that are about it, then at the plainest application with all that its card
asks for, and tries the values of that one thing; what it finds goes to `tests/cases/services/pairs.json`: the wanted
answers as `by_hand`, and whatever else differs. What it cannot find it prints, and then writes nothing. Read what was
found beside the rule before it is kept.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from given import judged

from registry.services.application import read
from registry.services.decision import Decision

WANTED = Path(__file__).with_name("wanted_pairs.jsonl")
CASES = Path(__file__).parents[1] / "tests" / "cases" / "services"
NOT_FACTS = {"id", "title", "rules", "by_hand", "expect"}
GONE = "—"
"""In place of a value: the thing is not there."""
BESIDE = {
    "next day": timedelta(days=1),
    "day before": timedelta(days=-1),
    "next minute": timedelta(minutes=1),
    "minute before": timedelta(minutes=-1),
}
SPAN = 40
"""So many days or minutes on both sides of `now` are tried."""

Said = dict[str, Any]


def starts(wanted: Said) -> Iterator[Said]:
    """Where to begin: the cases of the sample that are about it, then the plainest application of all."""
    plain = {name: value for name, value in wanted["given"].items() if name not in ("received", "documents")}
    for case in json.loads((CASES / "services_sample.json").read_text("utf-8"))["cases"]:
        facts = {name: value for name, value in case.items() if name not in NOT_FACTS}
        # With another moment of receipt its other days would be out of order.
        same_day = facts["received"][:7] == wanted["given"]["received"][:7] and wanted["thing"] != "received"
        if same_day and covers(facts, plain):
            yield facts
    yield wanted["given"]


def covers(said: Any, asked: Any) -> bool:
    """Whether all that is asked is said, and so."""
    if isinstance(asked, dict):
        return isinstance(said, dict) and all(name in said and covers(said[name], one) for name, one in asked.items())
    return bool(said == asked)


def pairs(wanted: Said, start: Said) -> Iterator[tuple[Said, Said]]:
    """Two applications that differ in the one thing, for each value that it may have."""
    thing, then = wanted["thing"], wanted.get("then")
    if thing[-1] in "+-":
        base, named = completed(start), thing[:-1]
        others = [one for one in base.get(named, []) if one != then]
        yield base, {**base, named: sorted([*others, then]) if thing[-1] == "+" else others}
        return
    now = wanted.get("now", leaf(start, thing))
    if "beside" not in wanted:
        base = completed(start if now == GONE else put(start, thing, now))
        yield base, put(base, thing, then)
        return
    step = BESIDE[wanted["beside"]]
    for steps in sorted(range(-SPAN, SPAN + 1), key=abs):
        moments = [datetime.fromisoformat(now) + count * step for count in (steps, steps + 1)]
        first, second = (one.isoformat(timespec="minutes")[: len(now)] for one in moments)
        base = completed(put(start, thing, first))
        yield base, put(base, thing, second)


def leaf(said: Any, path: str) -> Any:
    """What stands at `subject.current_residence.kept`."""
    for name in path.split("."):
        said = said[int(name)] if isinstance(said, list) else said.get(name, GONE)
        if said == GONE:
            break
    return said


def put(said: Said, path: str, value: Any) -> Said:
    """The same with another value there."""
    result = deepcopy(said)
    *way, last = path.split(".")
    where: Any = result
    for name in way:
        where = where[int(name)] if isinstance(where, list) else where.setdefault(name, {})
    if value == GONE:
        del where[last]
    else:
        where[int(last) if isinstance(where, list) else last] = value
    return result


def completed(said: Said) -> Said:
    """With all that its card asks for, unless it says what is submitted."""
    needed = answer(said)
    documents = sorted(one.id for one in needed.documents_required if not one.optional)
    consents = sorted("parent_1" if one.id == "any_parent" else one.id for one in needed.consents_required)
    return {**said, "documents": said.get("documents", documents), "consents": said.get("consents", consents)}


def answer(said: Said) -> Decision:
    """By the hours of the community of the cards."""
    return judged(read(said))


def told(decision: Decision) -> Said:
    """The answer in the words of the cases."""
    listed = ("grounds", "barred", "documents_required", "consents_required", "messages", "tasks")
    shown = decision.extract
    return {
        "decision": decision.decision,
        **{name: sorted(one.id for one in getattr(decision, name)) for name in listed},
        "missing": sorted(decision.missing),
        "fee_kopiykas": decision.fee.kopiykas,
        "late": decision.late,
        "due_by": decision.due_by.isoformat(),
        "effective_on": decision.effective_on.isoformat() if decision.effective_on else None,
        "message_deadlines": {one.id: one.deadline.isoformat() for one in decision.messages if one.deadline},
        "extract": shown and {"state": shown.state, "previous_periods": list(shown.previous_periods)},
        "previous_residence": decision.previous_residence,
        "family_set": decision.family_set,
        "batch_overdue": decision.batch_overdue,
        "removed_under_name": decision.removed_under_name,
    }


def found(wanted: Said) -> list[tuple[Said, Said, Said]]:
    """Each side of the first pair that is answered as wanted: what is said, what by hand, and all that is answered."""
    hands = (wanted["first"], wanted["second"])
    for start in starts(wanted):
        for pair in pairs(wanted, start):
            answers = [told(answer(one)) for one in pair]
            sides = list(zip(pair, hands, answers, strict=True))
            if all(whole[name] == value for _, hand, whole in sides for name, value in hand.items()):
                return sides
    return []


def cases(id: str, wanted: Said, sides: list[tuple[Said, Said, Said]]) -> Iterator[Said]:
    """Both sides as cases: what the rule says by hand, and what else differs; of a bar nothing else is asked."""
    (_, _, first), (_, _, second) = sides
    differ = {name for name in first if first[name] != second[name]}
    for side, (said, hand, whole) in zip("ab", sides, strict=True):
        asked = {"decision", "barred"} if whole["barred"] else {"decision", *differ, *hand}
        if whole["decision"] == "granted":
            asked -= {"missing"}
        yield {
            "id": f"{id}-{side}",
            "title": wanted["title"],
            "rules": wanted["rules"],
            **said,
            "by_hand": sorted(hand),
            "expect": {name: value for name, value in whole.items() if name in asked},
        }


def main(only: list[str]) -> int:
    kept: list[Said] = []
    lost: list[str] = []
    numbers = Counter[str]()
    for wanted in map(json.loads, WANTED.read_text("utf-8").splitlines()):
        first = wanted["rules"][0]
        numbers[first] += 1
        id = f"{first}-{numbers[first]}"
        if sides := found(wanted):
            kept += cases(id, wanted, sides)
        else:
            lost.append(id)
    for id in lost:
        print(id, "not found")
    for one in kept:
        if set(only) & set(one["rules"]):
            print(json.dumps(one, ensure_ascii=False))
    if not (lost or only):
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in kept)
        (CASES / "pairs.json").write_text(f'{{"cases": [\n{lines}\n]}}\n', "utf-8")
        print(len(kept) // 2, "pairs")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

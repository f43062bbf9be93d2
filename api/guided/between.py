"""What was recorded of the people and dwellings of a page between its drawing and its press."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.errors import Problem
from api.guided import view
from api.guided.visit import GuidedVisit, dwellings_of, people_of
from api.shapes.cards import history
from registry import questions, texts
from registry.aggregates.values import Entry


def seen_by(asked: GuidedVisit) -> int:
    """The position at which a page was drawn. Raises `Problem` where no page of ours says it."""
    seen = asked.said("seen")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        raise Problem(400, "bad-header", texts.say("problem_details", "bad-version"))
    return int(seen)


def newer(asked: GuidedVisit, seen: int, desk: Desk) -> list[dict[str, Any]]:
    """What was recorded of the people and dwellings of a visit since a page was drawn: of each what was known, what is
    known now, and the facts in between."""
    people = people_of(asked)
    found = [(id, desk.registry.entries(id)) for id in (*people, *dwellings_of(asked))]
    changed = [(id, entries) for id, entries in found if entries and entries[-1].position > seen]
    return [_changed(id, entries, seen, desk, id in people) for id, entries in changed]


def _changed(id: UUID, entries: Sequence[Entry], seen: int, desk: Desk, is_person: bool) -> dict[str, Any]:
    now = desk.registry.position()
    fresh = [one for one in entries if one.position > seen]
    said: dict[str, Any] = {"facts": history(desk, fresh, now), "was": "", "now": ""}
    if is_person:
        return {
            **said,
            "title": view.person_row(id, desk)["name"],
            "was": _lived(id, desk, seen),
            "now": _lived(id, desk, now),
        }
    rows = [desk.registry.query("dwellings", "by_id", dwelling=id, position=at) for at in (seen, now)]
    was, is_now = (found[0]["address"] if found else "" for found in rows)
    return {**said, "title": is_now, "was": was, "now": is_now}


def _lived(person: UUID, desk: Desk, position: int) -> str:
    if not position:
        return ""
    rows = questions.residences_of(
        desk.registry, person, questions.asked(now=desk.now()), position, seen_by=desk.viewer
    )
    return "; ".join(row["address"] for row in rows)

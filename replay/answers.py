"""Answers folded from the log alone, in the shape of those that the projections give."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry.aggregates.person.state import Person
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL
from replay.engine import Stretch, stretches


def residence_on(person: Person, day: date) -> list[Stretch]:
    """The stretches of a person that hold on a day, newest first."""
    return residence_over(person, day, date.fromordinal(day.toordinal() + 1))


def residence_over(person: Person, start: date | None, end: date | None) -> list[Stretch]:
    """The stretches of a person that share a day with `[start, end)` (None: unbounded), newest first, not clipped."""
    low, high = start or BEFORE_ALL, end or AFTER_ALL
    return [one for one in stretches(person) if (one.since or BEFORE_ALL) < high and (one.until or AFTER_ALL) > low]


def occupancy_over(
    people: Mapping[UUID, Person], dwelling: UUID, start: date | None, end: date | None
) -> list[dict[str, Any]]:
    """Who lived in a dwelling during `[start, end)`: ascending segments `from`, `until`, `persons` (ids) of equal
    composition, clipped, gaps with nobody left out."""
    low, high = start or BEFORE_ALL, end or AFTER_ALL
    there = [
        (person, max(one.since or BEFORE_ALL, low), min(one.until or AFTER_ALL, high))
        for person, state in people.items()
        for one in residence_over(state, start, end)
        if one.residence.dwelling == dwelling
    ]
    days = sorted({day for _, first, last in there for day in (first, last)})
    answer: list[dict[str, Any]] = []
    for first, last in pairwise(days):
        persons = sorted({person for person, since, until in there if since <= first and last <= until}, key=str)
        if answer and persons and answer[-1]["until"] == first and answer[-1]["persons"] == persons:
            answer[-1]["until"] = last
        elif persons:
            answer.append({"from": first, "until": last, "persons": persons})
    return answer


def stretch_json(one: Stretch) -> dict[str, Any]:
    """One stretch as `hromada replay --json` prints it."""
    return {
        "residence_id": str(one.residence.id),
        "kind": one.residence.kind,
        "dwelling_id": str(one.residence.dwelling),
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "since_known": one.since_known,
        "until_known": one.until_known,
        "kept": one.residence.kept,
        "carried": one.residence.carried_from is not None,
        "facts": list(one.facts),
    }


def covers(one: Stretch, first: date, last: date) -> bool:
    """Whether a stretch holds on all of `[first, last)` whatever the unknown parts of its dates are."""
    return one.certain_since <= first and last <= (one.certain_until or AFTER_ALL)

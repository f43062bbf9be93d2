"""Questions about a family: whose child or ward somebody is and who are theirs, in both times."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from registry import occasion, texts
from registry.aggregates.values import sure
from registry.app import Registry
from registry.questions import Asked, not_yet, settled
from registry.viewer import Viewer, insist, shown_row

INVERSE = {"parent": "child", "guardian": "ward", "adopter": "adopted"}
"""What somebody is to whoever is this to them."""


def family(registry: Registry, person: UUID, question: Asked, now: datetime, *, seen_by: Viewer) -> dict[str, Any]:
    """Parents, guardians, children and wards on a day, or over a period; those of whom somebody is the child first.
    Raises `Hidden`."""
    question = settled(registry, question, now)
    position = sure(question.position)
    if not position:
        return not_yet(question)
    insist(seen_by, person)
    occasion.asks("asked")
    occasion.shows(person)
    return {**question.head, "position": position, "answer": links(registry, person, question, position, seen_by)}


def links(registry: Registry, person: UUID, question: Asked, position: int, seen_by: Viewer) -> list[dict[str, Any]]:
    """The rows of a person for a question, as JSON values."""
    start, end = (question.start, question.end) if question.period else (question.day, question.day + timedelta(1))
    asked = {"person": person, "position": position, "from": start, "until": end}
    above = registry.query("family", "of_person", **asked)
    below = registry.query("family", "of_relative", **asked)
    days = (start or date.min, end or date.max)
    return [
        *(_row(row, row["role"], row["relative"], days, seen_by) for row in above),
        *(_row(row, INVERSE[row["role"]], row["person"], days, seen_by) for row in below),
    ]


def _row(
    row: dict[str, Any], role: str, other: UUID | None, days: tuple[date, date], seen_by: Viewer
) -> dict[str, Any]:
    """A link as it is told of one of its two: who the other is to them. Of a hidden one only that there is somebody."""
    name = texts.joined_name(row["surname"], row["given_names"], row["patronymic"])
    said = {
        "link_id": str(row["link"]),
        "role": role,
        "role_uk": texts.label("family_roles", role),
        "person_id": str(other) if other else None,
        "person_ref": (row["relative_ref"] or str(other)) if other else None,
        "name": name if other else row["relative_name"],
        "since": row["since"].isoformat() if row["since"] else None,
        "until": row["until"].isoformat() if row["until"] else None,
        "since_known": row["since_known"],
        "until_known": row["until_known"],
        "certain": _certain(row, days),
        "facts": row["facts"],
    }
    if other is None:
        return said
    return shown_row(said, other, seen_by, words=["name", "person_ref"], ids=["person_id", "link_id", "since", "until"])


def _certain(row: dict[str, Any], days: tuple[date, date]) -> bool:
    """Whether a link holds on all that it shares with the asked days, whatever the unknown parts of its dates are."""
    first, last = max(row["since"] or date.min, days[0]), min(row["until"] or date.max, days[1])
    return (row["certain_since"] or date.min) <= first and last <= (row["certain_until"] or date.max)

"""What waits at the desk: open applications by their last day, and what waits for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.app import Registry

Row = Mapping[str, Any]
SHOWN = 10
"""How many of each group are shown, the nearest term first."""
GROUPS = ("overdue", "today", "arrived", "approval", "later")
"""In this order. Overdue and for today is what is not decided, however it came; of the rest `arrived` are declarations
and notices, which came without anybody at the desk, `later` what was filed there. What waits for a second person is in
`approval` and nowhere else."""


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """How many wait, and the first of them, as rows of `applications`."""

    total: int
    rows: list[Row]


def groups(registry: Registry, today: date) -> dict[str, QueueGroup]:
    """The groups in which anything waits on a day of Kyiv, in their order."""
    tomorrow = today + timedelta(1)
    asked: dict[str, tuple[date, date, bool | None]] = {
        "overdue": (date.min, today, None),
        "today": (today, tomorrow, None),
        "arrived": (tomorrow, date.max, False),
        "later": (tomorrow, date.max, True),
    }
    found = {"approval": registry.query("applications", "queued_for_approval", limit=SHOWN)}
    for name, (first, until, at_desk) in asked.items():
        days = {"due_from": first, "due_until": until}
        found[name] = registry.query("applications", "queued", **days, at_desk=at_desk, limit=SHOWN)
    return {name: QueueGroup(rows[0]["total"], list(rows)) for name in GROUPS if (rows := found[name])}


def requests(registry: Registry, today: date) -> dict[str, QueueGroup]:
    """The requests of departments that wait for an answer, as tasks of the outbox, in the groups of the queue."""
    tomorrow = today + timedelta(1)
    days = {"overdue": (date.min, today), "today": (today, tomorrow), "arrived": (tomorrow, date.max)}
    found: dict[str, QueueGroup] = {}
    for name, (first, until) in days.items():
        asked = {"item": "answer_household", "due_from": first, "due_until": until, "limit": SHOWN}
        if rows := registry.query("outbox", "queued_of_item", **asked):
            found[name] = QueueGroup(rows[0]["total"], list(rows))
    return found


def troubles(registry: Registry, today: date) -> tuple[dict[str, int], list[Row]]:
    """How many messages and tasks failed and how many are overdue, and the first few of both."""
    counts = registry.query("outbox", "troubles", today=today)[0]
    rows: list[Row] = []
    for state, overdue in (("failed", None), ("waiting", today)):
        asked = {"state": state, "role": None, "item": None, "overdue": overdue, "after": None}
        rows += registry.query("outbox", "nearest", **asked, limit=TROUBLES - len(rows)) if len(rows) < TROUBLES else []
    return dict(counts), rows


TROUBLES = 4
"""How many of what was not sent are shown."""

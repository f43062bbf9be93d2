"""The queue in words: of each row its code, what is asked for and by whom, until when, who has it, the next step."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.shapes import law
from registry import occasion, queue, texts
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.case.state import CaseRecord, fold
from registry.aggregates.values import Entry
from registry.storage import mapper
from registry.viewer import HIDDEN

Row = Mapping[str, Any]
STEPS = {"overdue": "decide", "today": "decide", "later": "decide", "arrived": "consider", "approval": "review"}
"""By the group of a row what is to be done with it: one of `[queue_steps]`."""
OF_STATUS = {"left-without-movement": "complete"}
"""The same by its status, which comes first."""


def groups(desk: Desk) -> list[dict[str, Any]]:
    """The groups that are not empty: each with its name, how many wait, and the first rows."""
    found = queue.groups(desk.registry, desk.today())
    rows = [row for group in found.values() for row in group.rows]
    streams = desk.registry.of_streams([row["application"] for row in rows]) if rows else {}
    names, asked = _names(desk, rows), queue.requests(desk.registry, desk.today())
    told = {
        name: [_row(desk, name, row, streams[row["application"]], names) for row in group.rows]
        for name, group in found.items()
    }
    for name, rows_of in _requests(desk, asked).items():
        told[name] = sorted([*told.get(name, ()), *rows_of], key=lambda row: row["due"])[: queue.SHOWN]
    counts = {name: sum(one[name].total for one in (found, asked) if name in one) for name in told}
    return [{"name": name, "total": counts[name], "rows": told[name]} for name in queue.GROUPS if name in told]


def _requests(desk: Desk, groups: Mapping[str, queue.QueueGroup]) -> dict[str, list[dict[str, Any]]]:
    """The requests of departments, each as a row: who asks, and whom about is said on its page."""
    positions = [row["position"] for group in groups.values() for row in group.rows]
    acts = desk.registry.query("outbox", "acts_of", positions=positions) if positions else []
    entries = {one["position"]: mapper.read_entry(bytes(one["state"])) for one in acts}
    return {
        name: [_request(desk, row, entries[row["position"]]) for row in group.rows] for name, group in groups.items()
    }


def _request(desk: Desk, row: Row, entry: Entry) -> dict[str, Any]:
    asked = entry.fact
    due = {"due_by": row["deadline"]}
    return {
        "code": texts.say("queue", "request", entry.position),
        "title": texts.say("queue", "asks", asked.card),
        "parts": 0,
        "hidden": False,
        "name": asked.sender,
        "others": 0,
        "asked": None,
        "asked_today": False,
        "due": row["deadline"],
        "when": _when(desk, due),
        "status": "received",
        "who": texts.say("queue", "yours") if entry.by.id == desk.actor.id else entry.by.name,
        "step": "answer",
        "href": f"/requests/{entry.stream}",
    }


def next_step(group: str, row: Row) -> dict[str, Any]:
    """What comes next with an application, and the page where that is done."""
    page = "approvals" if group == "approval" else "applications"
    return {"step": OF_STATUS.get(row["status"], STEPS[group]), "href": f"/{page}/{row['application']}"}


def _row(desk: Desk, group: str, row: Row, entries: Sequence[Entry], names: Mapping[UUID, Row]) -> dict[str, Any]:
    record = fold(entries)
    asked = next((one for one in reversed(entries) if isinstance(one.fact, ChangeRequested)), None)
    seen = all(map(desk.viewer.sees, row["persons"]))
    return {
        "code": _code(row, asked or entries[-1]),
        "title": _title(record),
        "parts": len(record.parts) - 1,
        "hidden": not seen,
        "name": _whose(row, record, names) if seen else HIDDEN,
        "others": len(row["persons"]) - 1,
        "asked": asked.recorded_at if asked and group == "approval" else None,
        "asked_today": asked is not None and asked.recorded_on == desk.today(),
        "came": _came(record) if seen and group != "approval" else "",
        "due": row["due_by"],
        "when": _when(desk, row),
        "status": row["status"],
        "who": _who_has(desk, group, record, entries),
        **next_step(group, row),
    }


def _code(row: Row, entry: Entry) -> str:
    """The six digits in two groups; of a change without an application the number of the entry that asks for it."""
    code = row["code"]
    return f"{code[:3]}\u00a0{code[3:]}" if code else texts.say("queue", "change", entry.position)


def _title(record: CaseRecord) -> str:
    if record.parts:
        return str(law.titled(record.parts[0].card)["title"])
    return texts.begun(texts.label("asked", record.change.asked_for)) if record.change else ""


def _came(record: CaseRecord) -> str:
    """From whom it came and when, of what nobody brought to the office."""
    received = record.received
    if received is None or received.channel == "office":
        return ""
    sender = received.notice.sender if received.notice else texts.label("sent_channels", received.channel)
    return texts.say("queue", "came", texts.begun(sender), texts.day(received.received[:10]))


def _when(desk: Desk, row: Row) -> str:
    """How far its last day is: one of `[queue_days]`, or nothing."""
    if row["due_by"] is None:
        return ""
    days = (row["due_by"] - desk.today()) // timedelta(1)
    return "overdue" if days < 0 else {0: "today", 1: "tomorrow"}.get(days, "")


def _who_has(desk: Desk, group: str, record: CaseRecord, entries: Sequence[Entry]) -> str:
    """Nobody is assigned: it is with whoever acted on it last, and with nobody as long as only a machine did."""
    last = entries[-1]
    if group == "approval":
        return texts.say("queue", "of_head")
    if last.by.id == desk.actor.id:
        return texts.say("queue", "yours")
    if record.received and record.received.machine and last.by == entries[0].by:
        return texts.say("queue", "free")
    return last.by.name


def _names(desk: Desk, rows: Sequence[Row]) -> dict[UUID, Row]:
    """The people of the register who come first in these rows."""
    ids = [row["persons"][0] for row in rows if row["persons"]]
    return {one["person"]: one for one in desk.registry.query("people", "described", ids=ids)} if ids else {}


def _whose(row: Row, record: CaseRecord, names: Mapping[UUID, Row]) -> str:
    """Whom it is about first, in short; a newcomer as their papers say."""
    if not row["persons"]:
        return ""
    first = row["persons"][0]
    occasion.shows(first)
    if known := names.get(first):
        parts = (known["surname"], known["given_names"], known["patronymic"])
    elif said := _newcomers(record).get(first):
        parts = (said.surname, said.given_names, said.patronymic)
    else:
        parts = (None, None, None)
    return texts.short_name(*parts) or texts.say("pages", "no_name")


def _newcomers(record: CaseRecord) -> dict[UUID, Any]:
    parts = record.received.parts if record.received else ()
    return {one.person: one.particulars for part in parts for one in part.concerned if one.particulars}

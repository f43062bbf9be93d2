"""Messages and tasks as JSON values: what, to whom, about whom, by when, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from api.desk import Desk
from api.shapes.names import people_of
from registry import occasion, texts
from registry.aggregates.community.state import Here
from registry.aggregates.outgoing.events import OutgoingDrawn
from registry.aggregates.outgoing.state import LEADS_TO, OPEN, Delivery, fold
from registry.aggregates.values import Entry
from registry.outgoing import notices, papers
from registry.outgoing.delivering import KEY
from registry.outgoing.notices import Notification
from registry.storage.mapper import instant_text
from registry.viewer import HIDDEN, insist

Row = Mapping[str, Any]
_WRITTEN = ("number", "handed_to", "note", "outcome", "reason")
"""What people write of a delivery: whoever may not see whom it is about does not see it."""


def rows(desk: Desk, found: Sequence[Row]) -> list[dict[str, Any]]:
    """Each with its text and what became of it last; what is said of people only where nobody of them is hidden."""
    entries = desk.registry.of_streams([row["id"] for row in found])
    shown, said = seen(desk, found), notices.of_rows(desk.registry, found, desk.here())
    return [_row(row, fold(entries.get(row["id"], ())), desk, shown[row["id"]], said.get(row["id"])) for row in found]


def whole(desk: Desk, row: Row, entries: Sequence[Entry]) -> dict[str, Any]:
    """One, with everything that was recorded of it."""
    shown = seen(desk, [row])[row["id"]]
    told = notices.of_rows(desk.registry, [row], of_the_day(desk, entries))
    said = _row(row, fold(entries), desk, shown, told.get(row["id"]))
    return {**said, "history": [_recorded(entry, shown) for entry in entries]}


def of_the_day(desk: Desk, entries: Sequence[Entry]) -> Here:
    """Who we are, and whom we write to: today, or as it went out."""
    last = fold(entries).last
    if last is None or LEADS_TO[last.fact.NAME] in OPEN:
        return desk.here()
    return desk.here(last.recorded_on, last.position)


def seen(desk: Desk, found: Sequence[Row]) -> dict[Any, bool]:
    """Of which rows the viewer may see whom they are about."""
    about = people_of(desk.registry, found)
    viewer = desk.viewer
    shown = {
        id: viewer.sees_everything if people is None else all(map(viewer.sees, people)) for id, people in about.items()
    }
    # A text names them all; the row has the id of one.
    occasion.shows(*(one for id, people in about.items() if shown[id] for one in people or ()))
    return shown


def also_named(desk: Desk, drawn: Entry) -> set[UUID]:
    """Whom a paper that was drawn up names beside those whom its task is about. Raises `Hidden`."""
    applicant = drawn.fact.applicant
    insist(desk.viewer, *([applicant] if applicant else []))
    return {applicant} if applicant else set()


def _row(row: Row, delivery: Delivery, desk: Desk, shown: bool, said: Notification | None) -> dict[str, Any]:
    ids = {name: str(row[name]) if row[name] else None for name in ("person", "residence", "application", "extract")}
    state = row["state"]
    return {
        "id": str(row["id"]),
        "version": delivery.version,
        "position": row["position"],
        "item": row["item"],
        "role": row["role"],
        "label_uk": item_label(row["item"], row["role"]),
        **ids,
        "deadline": row["deadline"].isoformat(),
        "text": _text(row, said) if shown else HIDDEN,
        "addressee": _addressee(row, said, shown),
        "made_at": instant_text(row["made_at"]),
        "sent_at": _sent_at(row, delivery),
        "state": state,
        "state_uk": texts.label("outgoing_states", state),
        "overdue": state in OPEN and row["deadline"] < desk.today(),
        "last": _recorded(delivery.last, shown) if delivery.last else None,
    }


def _text(row: Row, said: Notification | None) -> str | None:
    text: str | None = said.words.text if said and row["text"] is None else row["text"]
    return text


def _addressee(row: Row, said: Notification | None, shown: bool) -> dict[str, str | None]:
    """To whom it goes; who an applicant is, and which body is near an address, is not told of whoever is hidden."""
    if said is None or not shown:
        return {"kind": row["addressee"], "name": None if said is None else HIDDEN, "address": None}
    return {"kind": row["addressee"], "name": said.addressee.name, "address": said.addressee.address}


def item_label(item: str, role: str) -> str:
    """A message or a task in words."""
    return texts.label(f"{role}s", item)


def _sent_at(row: Row, delivery: Delivery) -> str | None:
    """When it was recorded that it went out or was done, if it stands so."""
    at = delivery.last.recorded_at if delivery.last else row["sent_at"]
    return instant_text(at) if at and row["state"] not in OPEN else None


def _recorded(entry: Entry, shown: bool) -> dict[str, Any]:
    """What was recorded, by whom and when."""
    said = {name: value for name, value in msgspec.to_builtins(entry.fact).items() if name not in KEY and value}
    if isinstance(entry.fact, OutgoingDrawn):
        said = {"on": entry.fact.on, "number": papers.number_of(entry.fact)}
    how = {"how_uk": texts.label("outgoing_how", said["how"])} if "how" in said else {}
    if not shown:
        said |= {name: HIDDEN for name in _WRITTEN if name in said}
    return {
        "name": entry.fact.NAME,
        "label_uk": texts.label("facts", entry.fact.NAME),
        **said,
        **how,
        "by": {"id": entry.by.id, "name": entry.by.name},
        "recorded_at": instant_text(entry.recorded_at),
        "version": entry.version,
    }

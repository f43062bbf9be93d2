"""What the first page of the desk shows besides the queue, and the lists of the coming month."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.desk import Desk
from api.shapes import outgoing
from api.shapes.law import guided_titles
from api.shapes.names import people_of
from api.shapes.queue import groups
from registry import coming, drafts, looks, queue, texts
from registry.coming import Month
from registry.storage.mapper import day_over
from registry.viewer import HIDDEN

Row = Mapping[str, Any]
LAST_CARDS, LAST_DRAFTS = 5, 5


def home(desk: Desk) -> dict[str, Any]:
    """Everything on the page; a list of nothing is empty."""
    waits, unsent, month = groups(desk), _unsent(desk), Month(desk.today())
    totals = {group["name"]: group["total"] for group in waits}
    waiting = totals.get("approval", 0)
    counted = {"queue": sum(totals.values()) - waiting, "approval": waiting, "outbox": unsent["total"]}
    return {
        "today": desk.today(),
        "groups": waits,
        "unsent": unsent,
        "drafts": _drafts(desk),
        "cards": _last_cards(desk),
        "coming": coming.counts(desk.registry, month),
        "month": month,
        "nav_counts": counted,
    }


def _drafts(desk: Desk) -> list[dict[str, Any]]:
    """One's own drafts that were saved last, by what they are of; whom they are about is said where they are opened."""
    if not desk.who.user:
        return []
    own, titles = drafts.of_owner(desk.registry.staff, desk.who.user, now=desk.now()), guided_titles(desk.today())
    last = sorted(own, key=lambda one: one.saved_at, reverse=True)[:LAST_DRAFTS]
    return [{"id": one.id, "saved_at": one.saved_at, "title": titles.get(one.service, "")} for one in last]


def listed(desk: Desk, name: str, number: int) -> dict[str, Any]:
    """One page of a list of the coming month."""
    month = Month(desk.today())
    found = coming.page(desk.registry, name, month, number=number)
    rows = [_coming_row(desk, row, coming.AGES.get(name)) for row in found.rows]
    there = {"previous": number - 1 if number > 1 else None}
    there["next"] = number + 1 if number * coming.PAGE < found.total else None
    return {"of": name, "month": month, "rows": rows, "total": found.total, "page": number, **there}


def _coming_row(desk: Desk, row: Row, years: int | None) -> dict[str, Any]:
    """A row of a list; of whoever is hidden its day alone."""
    person = row["person"]
    day = coming.birthday(date.fromisoformat(row["birth_date"]), years).isoformat() if years else row["until"]
    said = {"day": day, "kind": texts.label("document_kinds", row.get("kind")), "territory": row.get("territory")}
    if person and not desk.viewer.sees(person):
        return {**said, "name": HIDDEN}
    return {
        **said,
        "person": person,
        "name": _name(row) if person else "",
        "born": row["birth_date"],
        "dwelling": row["dwelling"],
        "address": row["address"],
    }


def _name(row: Row) -> str:
    return texts.joined_name(row["surname"], row["given_names"], row["patronymic"]) or texts.say("pages", "no_name")


def _unsent(desk: Desk) -> dict[str, Any]:
    """What failed or is overdue; a link to none whose text the viewer may not see."""
    counts, rows = queue.troubles(desk.registry, desk.today())
    about = people_of(desk.registry, rows)
    shown = [
        {
            "id": row["id"] if _all_seen(desk, about[row["id"]]) else None,
            "label": texts.begun(outgoing.item_label(row["item"], row["role"])),
            "position": row["position"],
            "state": "failed" if row["state"] == "failed" else "overdue",
        }
        for row in rows
    ]
    return {"total": sum(counts.values()), "counts": counts, "rows": shown}


def _all_seen(desk: Desk, people: Any) -> bool:
    return desk.viewer.sees_everything if people is None else all(map(desk.viewer.sees, people))


def _last_cards(desk: Desk) -> list[dict[str, Any]]:
    """The cards that whoever looks opened last today; of those who are hidden now only when."""
    midnight = day_over(desk.today() - timedelta(1))
    opened = looks.cards(desk.registry, desk.actor, midnight.astimezone(UTC), limit=LAST_CARDS)
    people = [id for page, id, _ in opened if page == "pages.person"]
    named = {row["person"]: row for row in desk.registry.query("people", "described", ids=people)} if people else {}
    found = (
        _person_card(desk, named.get(id), at) if page == "pages.person" else _dwelling_card(desk, id, at)
        for page, id, at in opened
    )
    return [one for one in found if one]


def _person_card(desk: Desk, row: Row | None, at: datetime) -> dict[str, Any] | None:
    if row is None:
        return None
    if not desk.viewer.sees(row["person"]):
        return {"href": None, "called": HIDDEN, "at": at}
    name = texts.short_name(row["surname"], row["given_names"], row["patronymic"]) or texts.say("pages", "no_name")
    born = (row["birth_date"] or "")[:4]
    return {"href": f"/persons/{row['person']}", "called": ", ".join(filter(None, (name, born))), "at": at}


def _dwelling_card(desk: Desk, id: Any, at: datetime) -> dict[str, Any] | None:
    rows = desk.registry.query("dwellings", "by_id", dwelling=id, position=desk.registry.position())
    return {"href": f"/dwellings/{id}", "called": rows[0]["address"], "at": at} if rows else None

"""What a dwelling's card says: who lives there and did, owners, contracts, encumbrances, what it was and became."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.desk import Desk
from api.shapes import person_card
from api.shapes.cards import PageTimes
from api.shapes.composition_picture import LivedHere, composition
from api.shapes.names import person_at
from api.shapes.paging import number_of, part_of
from api.shapes.timeline_picture import Period
from registry import questions, texts, ukrainian
from registry.aggregates.dwelling.events import LeaseRecorded
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.values import first_day, last_day
from registry.services.terms import months_after
from registry.viewer import HIDDEN, Viewer

RESIDENTS, LINES, PREDECESSORS = 100, 25, 20
"""How many of each a page shows."""
CROWD = 2_000
"""Of a dwelling where more lived than this (an address for the homeless, a dormitory) those of the day are drawn."""
OF_AGE = 18 * 12
"""Months of age from which nobody is a child."""


def query(times: PageTimes, **more: int | None) -> str:
    """What stands behind the address of another page of the card: its times, and the numbers of its parts."""
    said = times.kept | {name: str(number) for name, number in more.items() if number and number > 1}
    return f"?{urlencode(said)}" if said else ""


def residents(desk: Desk, dwelling: UUID, home: Dwelling, times: PageTimes, page: str) -> dict[str, Any]:
    """Those who live there on the day, the longest first, a page of them; how many, and how many of them surely are
    children, as far as whoever looks may know: not counted where more live there than in any house."""
    on = times.question.day
    asked = {"dwelling": dwelling, "on": on, "position": times.position}
    [there] = desk.registry.query("residences", "living_count", **asked)
    part = part_of(there["people"], RESIDENTS, page)
    rows = desk.registry.query("residences", "living_page", limit=RESIDENTS, skipped=part.start, **asked)
    owners = {one.person for one in home.owners.owners} if home.owners else set()
    return {
        "rows": [_resident(row, times, desk.viewer, owners) for row in rows],
        "count": there["counted"],
        "children": _children(desk, asked) if there["counted"] <= CROWD else 0,
        "previous": query(times, page=part.previous) if part.previous else None,
        "next": query(times, page=part.next) if part.next else None,
    }


def _children(desk: Desk, asked: Mapping[str, Any]) -> int:
    rows = desk.registry.query("residences", "living_births", **asked)
    born_after = months_after(asked["on"], -OF_AGE)
    return sum(_is_child(row, born_after) for row in rows if desk.viewer.sees(row["person"]))


def _resident(row: Mapping[str, Any], times: PageTimes, seen_by: Viewer, owners: set[UUID | None]) -> dict[str, Any]:
    said = questions.occupant(dict(row), times.question, seen_by)
    seen = said["person_id"] is not None
    age = person_card.age(row["birth_date"], times.question.day) if seen else ""
    return {**said, "age": age, "owner": seen and row["person"] in owners}


def _is_child(row: Mapping[str, Any], born_after: date) -> bool:
    return bool(row["birth_date"]) and first_day(row["birth_date"]) > born_after


def composed(desk: Desk, dwelling: UUID, times: PageTimes, line: str) -> dict[str, Any]:
    """Who ever lived there, as known: those of the day first, then the last who left; as a picture and as rows. Of a
    crowd, those of the day alone."""
    page = min(max(number_of(line), 1), 10_000)
    asked = {"dwelling": dwelling, "on": times.question.day, "position": times.position}
    [ever] = desk.registry.query("residences", "ever_lived", limit=CROWD + 1, **asked)
    crowd = ever["rows"] > CROWD
    part = {"limit": LINES, "skipped": (page - 1) * LINES, **asked}
    found = desk.registry.query("residences", "composition_of_now" if crowd else "composition", **part)
    by_person: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in found:
        by_person.setdefault(row["person"], []).append(row)
    people = [_lived(person, rows, desk.viewer, times.question.day) for person, rows in by_person.items()]
    count = found[0]["people"] if found else 0
    lines = [LivedHere(name=one["short"], periods=one["periods"]) for one in people]
    return {
        "people": people,
        "count": count,
        "crowd": crowd,
        "picture": composition(lines, on=times.question.day, today=times.question.today),
        "previous": query(times, line=page - 1) if page > 1 else None,
        "next": query(times, line=page + 1) if page * LINES < count else None,
        "first": (page - 1) * LINES + 1,
        "days": person_card.day_changes({"current": [row for one in people for row in one["rows"]]}, times),
    }


def _lived(person: UUID, rows: Sequence[Mapping[str, Any]], seen_by: Viewer, on: date) -> dict[str, Any]:
    one, seen = rows[0], seen_by.sees(person)
    name = texts.joined_name(one["surname"], one["given_names"], one["patronymic"]) if seen else HIDDEN
    age = person_card.years(one["birth_date"], on) if seen and one["now"] else ""
    short = _short(one) if seen else HIDDEN
    return {
        "id": person if seen else None,
        "name": name,
        "short": f"{short}, {age}" if age else short,
        "periods": [_period(row) for row in rows],
        "rows": [_stretch(row) for row in rows],
    }


def _short(row: Mapping[str, Any]) -> str:
    """A surname with initials."""
    given = " ".join(filter(None, (row["given_names"], row["patronymic"])))
    initials = "\u00a0".join(f"{word[0]}." for word in given.split())
    return "\u00a0".join(filter(None, (row["surname"], initials))) or texts.say("pages", "no_name")


def _period(row: Mapping[str, Any]) -> Period:
    known = {name: row[name] for name in ("since", "until", "since_known", "until_known")}
    since = texts.since_day(row["since"], row["since_known"])
    until = texts.until_day(row["until"], row["until_known"])
    says = f"{since} – {until}" if row["until"] else texts.say("person_page", "since", since)
    return Period(number=0, lane="void" if row["state"] != "standing" else "residence", says=(says,), **known)


def _stretch(row: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: row[name].isoformat() if row[name] else None for name in ("since", "until")}
    known = {name: row[name] for name in ("since_known", "until_known", "kind", "kept", "carried", "past")}
    state = {"state": row["state"]} if row["state"] != "standing" else {}
    return {**days, **known, "certain": True, **state}


def leases(desk: Desk, home: Dwelling, times: PageTimes) -> list[dict[str, Any]]:
    """The contracts, those that go on first, each with who lives there by it and how long it has left."""
    found = [_lease(desk, one, times) | {"of": of} for of, one in reversed(list(enumerate(home.leases, 1)))]
    return sorted(found, key=lambda one: one["over"])


def _lease(desk: Desk, one: LeaseRecorded, times: PageTimes) -> dict[str, Any]:
    by = one.tenant or ""
    if one.lessee and desk.viewer.sees(one.lessee):
        by = texts.person_name(person_at(desk.registry.entries(one.lessee), times.position).particulars) or by
    on = times.question.day
    ended = one.terminated_on is not None and first_day(one.terminated_on) <= on
    over = ended or (one.until is not None and last_day(one.until) < on)
    return {"said": one, "by": by, "person": one.lessee, "over": over, **_left(one.until, over, on)}


def encumbrances(home: Dwelling, times: PageTimes) -> list[dict[str, Any]]:
    """The encumbrances, those in force first, each with its term; one that ends on a day is no more on that day."""
    on = times.question.day
    found = []
    for of, one in enumerate(home.encumbrances, 1):
        over = one.until is not None and last_day(one.until) <= on
        found.append({"said": one, "of": of, "over": over, **_left(one.until, over, on)})
    return sorted(found, key=lambda one: one["over"])


def _left(until: str | None, over: bool, on: date) -> dict[str, str]:
    """The chip of a term: its tone and its word, with the days that are left where they are few."""
    if over:
        return {"tone": "note", "word": texts.say("dwelling_card", "over")}
    if until is None:
        return {"tone": "note", "word": texts.say("dwelling_card", "open_ended")}
    left = (last_day(until) - on).days
    if left > person_card.SOON.days:
        return {"tone": "note", "word": texts.say("dwelling_card", "runs_until", texts.day(until))}
    days = ukrainian.plural(left, *texts.say("plurals", "days").split("|"))
    return {"tone": "warn", "word": texts.say("dwelling_card", "days_left", left, days)}


def predecessors(desk: Desk, dwelling: UUID, times: PageTimes) -> list[dict[str, Any]]:
    """The dwellings that became this one, as known."""
    asked = {"dwelling": dwelling, "position": times.position, "limit": PREDECESSORS}
    return list(desk.registry.query("dwellings", "predecessors", **asked))


def successor(desk: Desk, home: Dwelling, times: PageTimes) -> str:
    """What the dwelling that this one became is called, as known; nothing where it became none."""
    if not home.succession:
        return ""
    rows = desk.registry.query("dwellings", "by_id", dwelling=home.succession.successor, position=times.position)
    return rows[0]["address"] if rows else texts.say("dwelling_page", "another")

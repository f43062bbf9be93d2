"""What a person's card says in words: age, status, warnings, who else lives there, changes, extracts, looks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.desk import Desk
from api.rights import OVERSEE as MAY_SEE_LOOKS
from api.shapes import looks as look_shapes
from api.shapes.cards import PageTimes
from registry import merged, texts, ukrainian
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.extract.state import asked_for
from registry.aggregates.person import away
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, days, first_day, last_day
from registry.extracts import content, superseding
from registry.services.terms import age_on
from registry.storage import access
from registry.viewer import HIDDEN

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
BESIDE, ISSUED, LOOKS = 8, 5, 5
"""How many of each the card shows."""
SOON = timedelta(60)
"""How long before its end something is said to end."""


def age(born: str | None, on: date) -> str:
    """The age on a day in words; of a birth known to its year or month alone both ages that it may be. Nothing of who
    was not born yet, or of whose birth nothing is known."""
    if not born:
        return ""
    first, last = days(born)
    if first > on:
        return ""
    most = age_on(first, on)
    if most == 0:
        return texts.say("person_card", "under_one")
    word = ukrainian.plural(most, *texts.say("plurals", "years").split("|"))
    return f"{_years(first, last, on)}\u00a0{word}"


def years(born: str | None, on: date) -> str:
    """The same as a number alone: «34», «34–35»."""
    first, last = days(born) if born else (on, on)
    return _years(first, last, on) if born and first <= on else ""


def _years(first: date, last: date, on: date) -> str:
    least, most = max(age_on(last, on), 0), age_on(first, on)
    return str(most) if least == most else f"{least}–{most}"


def status(person: Person, rows: Rows) -> dict[str, str]:
    """The status of somebody on the day of a page: the tone of the chip and its word."""
    kinds = {row["kind"] for row in rows["current"] if row["ours"]}
    found = next((kind for kind in ("registered", "declared", "stay") if kind in kinds), None)
    if person.death:
        code = "died"
    elif found:
        code = found
    elif rows["current"]:
        code = "outside"
    else:
        code = "kept_only" if rows["kept"] else "removed" if rows["others"] else "never"
    tone = "ok" if found and not person.death else "note"
    word = f"{code}_{person.particulars.sex}"
    return {"tone": tone, "word": texts.TEXTS["status_words"].get(word) or texts.label("status_words", code)}


def warnings(desk: Desk, person: Person, rows: Rows, times: PageTimes) -> list[str]:
    """What the register holds that whoever serves the person has to know on the day of the page."""
    on = times.question.day
    if person.death:
        return []
    papers = [(texts.label("document_kinds", one.kind), one.valid_until) for one in person.documents]
    leases = _leases(desk, rows["current"], times.position)
    found = [_ending(*one, on, over="document_over", ends="document_ends") for one in papers]
    found += [_ending(*one, on, over="lease_over", ends="lease_ends") for one in leases]
    for mark in away.holding(person, on):
        if says := mark.says:
            ground = texts.label("absence_grounds", says.ground)
            found.append(texts.say("person_card", "absent", ground, texts.day(says.since)))
    return [one for one in found if one]


def _ending(called: str, until: str | None, on: date, *, over: str, ends: str) -> str:
    """That something is over, or soon will be; an uncertain date is over once its last possible day is."""
    if not until or first_day(until) > on + SOON:
        return ""
    return texts.say("person_card", over if last_day(until) < on else ends, called, texts.day(until))


def _leases(desk: Desk, rows: Iterable[Mapping[str, Any]], position: int) -> list[tuple[str, str | None]]:
    """The contracts on which these residences rest, each with its last day as known at a position."""
    found = []
    for row in rows:
        if not row["dwelling_id"]:
            continue
        known = (one for one in desk.registry.entries(UUID(row["dwelling_id"])) if one.position <= position)
        for lease in dwelling_state.fold(known).leases:
            if str(lease.of_residence) == row["residence_id"]:
                found.append((lease.number, lease.terminated_on or lease.until))
    return found


def beside(desk: Desk, person: UUID, row: Mapping[str, Any] | None, times: PageTimes) -> dict[str, Any]:
    """Who else lives in the dwelling of a row on the day of the page: the first few with their age, and how many."""
    if not row or not row["dwelling_id"]:
        return {"count": 0, "people": []}
    asked = {"dwelling": UUID(row["dwelling_id"]), "besides": person, "on": times.question.on, "limit": BESIDE}
    rows = desk.registry.query("residences", "beside", position=times.position, **asked)
    people = [_neighbour(desk, one, times.question.day) for one in rows]
    return {"count": rows[0]["people"] if rows else 0, "people": people}


def _neighbour(desk: Desk, row: Mapping[str, Any], on: date) -> dict[str, Any]:
    if not desk.viewer.sees(row["person"]):
        return {"id": None, "name": HIDDEN, "age": ""}
    name = texts.joined_name(row["surname"], row["given_names"], row["patronymic"])
    return {"id": row["person"], "name": name, "age": age(row["birth_date"], on)}


def changes(entries: Sequence[Entry], times: PageTimes) -> dict[str, str]:
    """The queries that lead to the previous and the next instant at which a person's record changed, each with the day
    of the page. Behind the last one comes the register as it stands."""
    instants = sorted({one.recorded_at for one in entries})
    known = [one for one in instants if one <= times.known_at]
    found = {"previous": _query(times, known[-2])} if len(known) > 1 else {}
    if not times.known_now:
        later = instants[len(known)] if len(known) < len(instants) else times.opened
        found["next"] = _query(times, later)
    return found


def _query(times: PageTimes, known_at: datetime) -> str:
    kept = {name: value for name, value in times.kept.items() if name != "position"}
    return f"?{urlencode({**kept, 'known_at': known_at.isoformat()})}"


def day_changes(rows: Rows, times: PageTimes) -> dict[str, str]:
    """The queries that lead to the previous and the next day on which the residence of a person changed."""
    standing = [row for name in ("current", "kept", "others") for row in rows.get(name, ())]
    all_of = sorted({date.fromisoformat(row[name]) for row in standing for name in ("since", "until") if row[name]})
    before = [day for day in all_of if day < times.question.day]
    after = [day for day in all_of if day > times.question.day]
    found = {"previous": before[-1]} if before else {}
    found |= {"next": after[0]} if after else {}
    return {name: f"?{urlencode({**times.kept, 'on': day.isoformat()})}" for name, day in found.items()}


def issued(desk: Desk, times: PageTimes, of: str, **whose: UUID) -> list[dict[str, Any]]:
    """The last extracts of a person or a dwelling, by the query that finds them, that the register had issued by the
    moment of the page; of now also whether each still holds."""
    rows = desk.registry.query("extracts", of, **whose)
    streams = desk.registry.of_streams([row["extract"] for row in rows])
    entries = {row["extract"]: asked_for(streams[row["extract"]]) for row in rows if row["issued"]}
    shown = (
        row
        for row in rows
        if (asked := entries.get(row["extract"]))
        and asked.position <= times.position
        and content.is_seen(asked.fact, desk.viewer)
    )
    last = list(islice(shown, ISSUED))
    states: dict[UUID, str] = {}
    if times.known_now:
        given = [entries[row["extract"]] for row in last]
        with desk.registry.snapshot() as connection:
            held = {one.stream for one in superseding.holding(connection, given, today=desk.today())}
        states = {one.stream: "valid" if one.stream in held else "superseded" for one in given}
    return [
        {
            "year": row["year"],
            "number": row["number"],
            "called": texts.extract_number(row["year"], row["number"]),
            "formed_at": entries[row["extract"]].recorded_at,
            "state": states.get(row["extract"], ""),
        }
        for row in last
    ]


def looks(desk: Desk, person: UUID, times: PageTimes) -> list[dict[str, Any]] | None:
    """The last looks that name a person, for whom they are; None for others, and of another moment."""
    if not times.known_now or not desk.who.may(MAY_SEE_LOOKS):
        return None
    people = [person, *merged.entries_of(desk.registry, [person], times.position)]
    found = access.of_person(desk.registry.access, *people, limit=LOOKS)
    return [{**look_shapes.look(one, persons=False), "at": one.recorded_at} for one in found]

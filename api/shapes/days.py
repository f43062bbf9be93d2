"""A day and a month of the office as pages show them: acts, decisions, receipts, weeks. People by the viewer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.shapes.cases import OUTCOMES
from api.shapes.law import titled
from api.shapes.words import clock, grouped
from registry import days, occasion, texts
from registry.aggregates.case.events import ApplicationReceived, ChangeRequested
from registry.aggregates.case.state import Outcome
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry
from registry.days import DayMovement, DecidedCase, Departures
from registry.staff import visits
from registry.staff.sessions import Session
from registry.viewer import HIDDEN

NAMED = 3
"""How many people of one act its line names; of more it says how many there are."""
CHIPS = {"granted": "ok", "refused": "bad", "not_possible": "warn"}
_INITIALS = "{}\u00a0{}"


@dataclass(frozen=True, slots=True)
class PersonInLine:
    """Somebody in a line: what they are called, and their id if the register holds them; None of whom it has not, or
    the viewer may not see."""

    name: str
    id: UUID | None = None


def money(kopiykas: int) -> str:
    """A sum in hryvnias: `1 148,16`."""
    return f"{grouped(kopiykas // 100)},{kopiykas % 100:02}"


def short_name(said: Any) -> str:
    """The surname and the initials of a row or of particulars: on one line, and no longer than a list needs."""
    first = [f"{name[0]}." for name in (said["given_names"], said["patronymic"]) if name]
    whole = _INITIALS.format(said["surname"], "\u00a0".join(first)) if said["surname"] and first else said["surname"]
    return whole or said["given_names"] or texts.say("pages", "no_name")


def service_titles(entries: Iterable[Entry], received: ApplicationReceived | None) -> list[str]:
    """What an act decided on, or what the application asks for, each title once."""
    cards = [one.fact.card for one in entries if isinstance(one.fact, Outcome)]
    cards = cards or [part.card for part in received.parts] if received else cards
    return list(dict.fromkeys(titled(card)["title"] for card in cards))


def outcome_chip(entries: Sequence[Entry]) -> tuple[str, str]:
    """What was decided, worst first: the class of a chip, and the word."""
    kinds = [OUTCOMES[one.fact.NAME] for one in entries]
    kind = next(one for one in ("refused", "not_possible", "granted") if one in kinds)
    mixed = kind != "granted" and "granted" in kinds
    return CHIPS[kind], texts.say("day_outcomes", "mixed" if mixed else kind)


def people_of(received: ApplicationReceived) -> list[UUID]:
    """Whom an application concerns."""
    return list(dict.fromkeys(one.person for part in received.parts for one in part.concerned))


def sees_all(desk: Desk, people: Iterable[UUID]) -> bool:
    """Whether whoever looks may see each of these; each is asked about, so that each is noted."""
    return all([desk.viewer.sees(one) for one in people])


def decided(desk: Desk, chosen: Sequence[DecidedCase]) -> list[dict[str, Any]]:
    """Decisions without a word about people; of one that names somebody hidden nothing leads on."""
    return [
        {
            "application": one.application if sees_all(desk, people_of(one.received)) else None,
            "code": one.received.code,
            "services": ", ".join(service_titles(one.entries, one.received)),
            "outcome": outcome_chip(one.entries),
            "by": one.asked_by.name,
            "on": texts.day(one.entries[0].recorded_on),
            "at": clock(one.recorded_at),
        }
        for one in chosen
    ]


def sampled(desk: Desk, chosen: Sequence[DecidedCase]) -> list[dict[str, Any]]:
    """Decisions to read again, each with whether it was read."""
    read = days.read(desk.registry, desk.actor, chosen)
    rows = decided(desk, chosen)
    return [{**row, "read": one.application in read} for row, one in zip(rows, chosen, strict=True)]


def people_of_days(desk: Desk, moved: Sequence[tuple[date, UUID]]) -> list[dict[str, Any]]:
    """Who came or left on which day."""
    held = _held(desk, {person for _, person in moved})
    return [{"on": texts.day(day), "person": called(desk, person, None, held)} for day, person in moved]


def visits_shown(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Visits with whose they are, what for and how long; who came, no visit says."""
    here = desk.here()
    return [
        {
            "at": clock(row["began_at"]),
            "until": clock(row["ended_at"]) if row["ended_at"] else "",
            "purpose": texts.label("purposes", row["purpose"]),
            "by": row["by_name"],
            "office": here.office_name(row["office"]),
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a day: what it counts, and where the list of that is; `kind` is the class of its card."""

    kind: str
    number: str
    what: str
    href: str


def numbers(desk: Desk, on: date, made: Sequence[DecidedCase]) -> list[Number]:
    """The numbers of a day. What is due is known of today alone."""
    of_visits = days.visits(desk.registry, on)
    of_day = f"/day/lists/{{}}?on={on}".format
    refused = sum(one.is_refused for one in made)
    barred = sum(not one.is_granted and not one.is_refused for one in made)
    found = [("", grouped(of_visits.begun), texts.say("day_numbers", "visits"), of_day("visits"))]
    found.append(("", grouped(len(made)), texts.say("day_numbers", "decisions"), of_day("decisions")))
    found.append(("", grouped(refused), texts.say("day_numbers", "refused"), of_day("refused")))
    if barred:
        found.append(("", grouped(barred), texts.say("day_numbers", "barred"), of_day("barred")))
    if on == desk.today():
        due = days.due(desk.registry, on)
        for name, kind in (("today", "warn"), ("overdue", "bad")):
            what = texts.say("day_numbers", name)
            found.append((kind if due[name] else "", grouped(due[name]), what, f"/#{name}"))
    if of_visits.minutes is not None:
        mean = texts.say("day_numbers", "minutes", of_visits.minutes)
        found.append(("", mean, texts.say("day_numbers", "mean", of_visits.ended), of_day("visits")))
    paid = money(sum(one.paid for one in made))
    found.append(("", paid, texts.say("day_numbers", "fee"), f"/day/cash?on={on}"))
    return [Number(*one) for one in found]


def weeks(moved: Sequence[DayMovement]) -> list[dict[str, Any]]:
    """The days of a month by weeks, Monday to Sunday, and all of them at the end."""
    by_week = [list(those) for _, those in groupby(moved, key=lambda one: one.day - timedelta(one.day.weekday()))]
    return [_sum(those) for those in by_week] + ([{**_sum(moved), "whole": True}] if moved else [])


def _sum(those: Sequence[DayMovement]) -> dict[str, Any]:
    came, left = sum(one.came for one in those), sum(one.left for one in those)
    difference = f"{came - left:+}".replace("-", "\u2212") if came != left else "0"
    return {
        "days": (those[0].day, those[-1].day),
        "came": came,
        "left": left,
        "died": sum(one.died for one in those),
        "difference": difference,
    }


def month_name(day: date) -> str:
    """The month of a day: «листопад 2026»."""
    return f"{texts.label('months', str(day.month))} {day.year}"


def departures(found: Sequence[Departures]) -> list[dict[str, Any]]:
    """A line a clerk: how often, and out of how many."""
    names = ("decisions", "confirmed", "late_entries", "notices", "distinct")
    return [
        {"name": one.by.name, "by": one.by.id, "counts": [(name, getattr(one, name)) for name in names]}
        for one in found
    ]


def at_work(desk: Desk, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """Who is signed in, each once, by their session seen last: in a visit, at a locked screen, or neither."""
    latest: dict[UUID, Session] = {}
    for one in sessions:
        if one.user.role in ("clerk", "head"):
            latest.setdefault(one.user.id, one)
    here = desk.here()
    return [
        {"name": one.user.name, "office": here.office_name(one.user.office), "does": _does(desk, one)}
        for one in sorted(latest.values(), key=lambda one: one.user.name)
    ]


def _does(desk: Desk, session: Session) -> str:
    if session.locked_at:
        return texts.say("day_page", "locked", clock(session.locked_at))
    visit = visits.of(desk.registry.staff, session.visit) if session.visit else None
    if visit and visit.ended_at is None:
        return texts.say("day_page", "in_visit", clock(visit.began_at))
    return texts.say("day_page", "idle", clock(session.seen_at))


def journal(desk: Desk, acts: Sequence[list[Entry]]) -> list[dict[str, Any]]:
    """The lines of a journal: each act with its time, applications, people, outcome, clerk and fee."""
    streams = {one.stream for act in acts for one in act if AGGREGATE_OF[one.fact.NAME] == "application"}
    came = days.receipts(desk.registry, streams)
    received = {
        stream: next((one.fact for one in found if isinstance(one.fact, ApplicationReceived)), None)
        for stream, found in came.items()
    }
    whom = [_concerned(act, received) for act in acts]
    held = _held(desk, {one for people in whom for one in people})
    return [_line(desk, act, received, people, held) for act, people in zip(acts, whom, strict=True)]


def _concerned(act: Sequence[Entry], received: Mapping[UUID, ApplicationReceived | None]) -> dict[UUID, Any]:
    """Whom an act concerns, and what was said of whom the register may not hold."""
    found: dict[UUID, Any] = {}
    for entry in act:
        match AGGREGATE_OF[entry.fact.NAME]:
            case "application" if came := received.get(entry.stream):
                found |= {one.person: one.particulars for part in came.parts for one in part.concerned}
            case "application" if isinstance(entry.fact, ChangeRequested):
                found |= dict.fromkeys(entry.fact.people)
            case "person":
                found.setdefault(entry.stream, None)
            case "extract" if isinstance(entry.fact, ExtractRequested) and entry.fact.person:
                found.setdefault(entry.fact.person, None)
    return found


def _held(desk: Desk, people: set[UUID]) -> dict[UUID, str]:
    rows = desk.registry.query("people", "described", ids=list(people)) if people else []
    return {row["person"]: short_name(row) for row in rows}


def _line(
    desk: Desk,
    act: Sequence[Entry],
    received: Mapping[UUID, ApplicationReceived | None],
    people: Mapping[UUID, Any],
    held: Mapping[UUID, str],
) -> dict[str, Any]:
    decided = [one for one in act if isinstance(one.fact, Outcome)]
    streams = dict.fromkeys(one.stream for one in act if received.get(one.stream))
    cases = [came for stream in streams if (came := received[stream])]
    shown = sees_all(desk, people)
    paid = [one.fact.charge.paid or 0 for one in decided if hasattr(one.fact, "charge")]
    return {
        "position": act[0].position,
        "at": clock(act[0].recorded_at),
        "codes": [came.code for came in cases] if shown else [],
        "what": list(dict.fromkeys(title for came in cases for title in service_titles(decided, came))) or _what(act),
        "outcome": outcome_chip(decided) if decided else None,
        "step": None if decided or not cases else _what(act)[0],
        "people": _named(desk, people, held),
        "more": max(len(people) - NAMED, 0),
        "by": act[0].by.name,
        "paid": money(sum(paid)) if any(paid) else "",
    }


def _what(act: Sequence[Entry]) -> list[str]:
    """What an act recorded first, of which the rest follows."""
    return [texts.label("facts", act[0].fact.NAME)]


def _named(desk: Desk, people: Mapping[UUID, Any], held: Mapping[UUID, str]) -> list[PersonInLine]:
    return [called(desk, one, said, held) for one, said in list(people.items())[:NAMED]]


def called(desk: Desk, person: UUID, said: Any, held: Mapping[UUID, str]) -> PersonInLine:
    """Somebody in a line. Of whom the register does not hold no id stands in the answer: they are noted here."""
    if not desk.viewer.sees(person):
        return PersonInLine(HIDDEN)
    if person in held:
        return PersonInLine(held[person], person)
    occasion.shows(person)
    fields = ("surname", "given_names", "patronymic")
    return PersonInLine(short_name({name: getattr(said, name, None) for name in fields}))


def receipts(desk: Desk, made: Sequence[DecidedCase]) -> list[dict[str, Any]]:
    """What was paid for the parts of decisions, each with the receipt that was named; of somebody hidden neither
    receipt nor code. Whose receipt is shown is noted."""
    found = []
    for one in made:
        shown = sees_all(desk, people_of(one.received))
        for entry in one.entries:
            charge = getattr(entry.fact, "charge", None)
            if charge is None or not charge.paid:
                continue
            if shown:
                occasion.shows(*(who.person for who in one.received.parts[entry.fact.part - 1].concerned))
            found.append(_receipt(one, entry, shown))
    return found


def _receipt(one: DecidedCase, entry: Entry, shown: bool) -> dict[str, Any]:
    charge = entry.fact.charge
    return {
        "at": clock(one.recorded_at),
        "code": one.received.code if shown else HIDDEN,
        "receipt": (charge.receipt or texts.say("cash_page", "no_number")) if shown else HIDDEN,
        "service": titled(entry.fact.card)["title"],
        "due": charge.due,
        "paid": charge.paid,
        "by": one.by.name,
    }


def sums(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The receipts of each clerk together: how many of which sum, what that makes, and all of it; sums that a hand can
    check."""
    found = []
    for name in sorted({row["by"] for row in rows}):
        theirs = [row["paid"] for row in rows if row["by"] == name]
        by_sum = [(theirs.count(paid), paid) for paid in sorted(set(theirs))]
        found.append({"name": name, "lines": [(n, paid, n * paid) for n, paid in by_sum], "whole": sum(theirs)})
    return found


def heading(on: date) -> str:
    """A day in words: «понеділок, 30.11.2026»."""
    return f"{texts.label('weekday_names', str(on.isoweekday()))}, {texts.day(on)}"


def as_of(now: datetime) -> str:
    """The moment at which a page was made."""
    return clock(now)

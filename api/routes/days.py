"""The head's page: a day in numbers, its month, what to read again; and the journal and the cash sheet of a day."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import cookies
from api.desk import Desk, desk_of
from api.shapes import days as shapes
from api.shapes import month_picture
from api.shapes.cards import rendered
from api.shapes.cases import OUTCOMES
from api.shapes.law import titled
from api.shapes.names import find_application
from registry import days, queue, texts, typed_days
from registry.aggregates.case.state import Outcome
from registry.aggregates.values import sure
from registry.questions import BadQuestion
from registry.staff import sessions

router = APIRouter(include_in_schema=False)
PAGE = 60
"""How many acts one page of the journal has."""
EARLIEST = date(2016, 1, 1)
"""Since when there are service cards: no office worked by them earlier."""


@dataclass(frozen=True, slots=True)
class DayAsked:
    """The day of a page; `fault` says what is wrong with what was typed, and the day is today then."""

    on: date
    typed: str
    fault: str = ""

    @property
    def status(self) -> int:
        return 422 if self.fault else 200


def asked_day(desk: Desk, typed: str) -> DayAsked:
    """The day as typed, today if nothing is; none that has not come, and none before there was anything to count."""
    today, text = desk.today(), typed.strip()
    said = typed_days.whole_day(text or None)
    if said.faults or (text and not said.value):
        return DayAsked(today, text[:40], texts.say("day_page", "no_day"))
    on = date.fromisoformat(said.value) if said.value else today
    if not EARLIEST <= on <= today:
        return DayAsked(today, text[:40], texts.say("day_page", "not_come" if on > today else "too_early"))
    return DayAsked(on, texts.day(on))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose acts a page shows: `by` are the logins of who recorded them, None of everybody. `offices` may be chosen, by
    id with their names; `office` is."""

    by: Sequence[str] | None
    office: str
    offices: Mapping[str, str]
    own: bool


def whose_of(desk: Desk, office: str) -> Whose:
    """A head sees all offices, or the one they chose; a clerk what they recorded, or, if they chose it, their office.
    Whoever works there now is of it."""
    here, is_head = desk.here(), "head" in desk.who.roles
    known = {id: one.name for id, one in here.timetable.offices.items() if is_head or id == desk.who.office}
    chosen = office if office in known else ""
    by = days.of_office(desk.registry, chosen) if chosen else None if is_head else [desk.actor.id]
    return Whose(by, chosen, known, own=not is_head)


@router.get("/day")
def day(request: Request, on: str = "") -> Response:
    """What was done on a day, how its month goes, and who works now."""
    desk = desk_of(request)
    asked = asked_day(desk, on)
    first, behind = days.month_of(asked.on)
    of_month = days.decisions(desk.registry, first, behind)
    made = [one for one in of_month if one.entries[0].recorded_on == asked.on]
    moved = _moved(desk, asked.on)
    drawn = [(one.day, one.came, one.left) for one in moved]
    drawn += [(first + timedelta(number), 0, 0) for number in range(len(moved), (behind - first).days)]
    shown: dict[str, Any] = {
        "numbers": shapes.numbers(desk, asked.on, made),
        "month": shapes.month_name(first),
        "picture": month_picture.drawn(drawn),
        "weeks": shapes.weeks(moved),
        "other_months": [one for one in (first - timedelta(1), behind) if EARLIEST <= one <= desk.today()],
        "sample": shapes.sampled(desk, days.to_read_again(made, asked.on)),
        "departures": shapes.departures(days.departures(desk.registry, of_month)),
        "at_work": shapes.at_work(desk, _sessions(desk)) if asked.on == desk.today() else None,
        "month_name": shapes.month_name,
        "waiting": _waiting(desk),
    }
    return day_page(request, "day.html", asked, **shown)


@router.get("/day/movement.csv")
def movement(request: Request, on: str = "") -> Response:
    """The arrivals and departures of a month, a line a day."""
    desk = desk_of(request)
    asked = asked_day(desk, on)
    if asked.fault:
        raise BadQuestion(asked.fault)
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerow([texts.say("day_page", name) for name in ("day", "came", "left", "died")])
    lines.writerows([one.day.isoformat(), one.came, one.left, one.died] for one in _moved(desk, asked.on))
    name = f"rukh-{asked.on:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/day/decisions/{application}")
def decision(application: str, request: Request) -> Response:
    """A decision to be read again; that it was opened, the access journal says."""
    desk = desk_of(request)
    id = find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)
    entries = desk.registry.entries(id)
    received = sure(desk.registry.application(id).received)
    people = {one.person: one.particulars for part in received.parts for one in part.concerned}
    rows = desk.registry.query("people", "described", ids=list(people))
    held = {row["person"]: texts.joined_name(row["surname"], row["given_names"], row["patronymic"]) for row in rows}
    parts = [(entry, *_told(entry)) for entry in entries if isinstance(entry.fact, Outcome)]
    shown: dict[str, Any] = {
        "received": received,
        "people": [shapes.called(desk, one, said, held) for one, said in people.items()],
        "parts": parts,
        "history": [(one.recorded_at, texts.label("facts", one.fact.NAME), one.by.name) for one in entries],
        "letter": id if any(OUTCOMES[entry.fact.NAME] != "granted" for entry, *_ in parts) else None,
        "day": parts[-1][0].recorded_on if parts else None,
        "money": shapes.money,
    }
    return rendered(request, "day_decision.html", **shown)


@router.get("/day/journal")
def journal(
    request: Request, on: str = "", office: str = "", after: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """The acts of a day in their order: of all offices or of one; of a clerk their own, or those of their office."""
    desk = desk_of(request)
    asked, whose = asked_day(desk, on), whose_of(desk, office)
    found = days.acts(desk.registry, asked.on, by=whose.by, after=after, limit=PAGE + 1)
    rows = shapes.journal(desk, found[:PAGE])
    further = rows[-1]["position"] if len(found) > PAGE else None
    shown: dict[str, Any] = {"rows": rows, "further": further, "beginning": after is None}
    return day_page(request, "day_journal.html", asked, whose=whose, **shown)


@router.get("/day/cash")
def cash(request: Request, on: str = "", office: str = "") -> Response:
    """The receipts of the fees that the decisions of a day rest on; whose as in the journal."""
    desk = desk_of(request)
    asked, whose = asked_day(desk, on), whose_of(desk, office)
    made = days.decisions(desk.registry, asked.on, asked.on + timedelta(1))
    rows = shapes.receipts(desk, [one for one in made if whose.by is None or one.by.id in whose.by])
    shown: dict[str, Any] = {"rows": rows, "sums": shapes.sums(rows), "whole": sum(row["paid"] for row in rows)}
    return day_page(request, "day_cash.html", asked, whose=whose, money=shapes.money, **shown)


def _waiting(desk: Desk) -> int:
    """How many changes wait for approval."""
    found = queue.groups(desk.registry, desk.today()).get("approval")
    return found.total if found else 0


def day_page(request: Request, name: str, asked: DayAsked, **shown: Any) -> Response:
    desk = desk_of(request)
    shown |= {"asked": asked, "heading": shapes.heading(asked.on), "today": desk.today(), "opened": desk.now()}
    shown |= {"letters": cookies.has_letters(request)}
    return rendered(request, name, asked.status, **shown)


def _told(entry: Any) -> tuple[tuple[str, str], str, list[str]]:
    """The outcome of a part, the title of its card, and the lines of its text, if it has one."""
    text = getattr(entry.fact, "text", "")
    return shapes.outcome_chip([entry]), titled(entry.fact.card)["title"], text.split("\n") if text else []


def _moved(desk: Desk, on: date) -> list[days.DayMovement]:
    first, behind = days.month_of(on)
    behind = min(behind, desk.today() + timedelta(1))
    return days.movement(desk.registry, first, behind, desk.here().within)


def _sessions(desk: Desk) -> list[sessions.Session]:
    terms = cookies.terms_of(desk.settings)
    return sessions.open_ones(desk.registry.staff, now=desk.now(), terms=terms)

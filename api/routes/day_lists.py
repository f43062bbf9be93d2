"""What each number of a day and of its month counts, as a list: visits, decisions, people who came or left."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.desk import Desk, desk_of
from api.routes.days import asked_day, day_page
from api.shapes import days as shapes
from registry import days, texts
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)
PAGE = 60
"""How many rows one page of a list has."""
MOVED = ("came", "left", "died")
DEPARTED = ("confirmed", "late_entries", "notices", "distinct")
COLUMNS = {
    "visits": ("at", "until", "purpose", "by", "office"),
    "moved": ("on", "person"),
    "decided": ("on", "at", "code", "services", "outcome", "by"),
}
LISTS = ("visits", "decisions", "refused", "barred", *MOVED, *DEPARTED)


class ListAsked(BaseModel):
    """Which list of a day or of its month: of the decisions of whom, of the people of which days."""

    on: str = ""
    by: str = Field(default="", max_length=100)
    span: Literal["", "week", "month"] = ""
    page: int = Field(default=1, ge=1, le=10_000)


@router.get("/day/lists/{name}")
def listed(name: str, request: Request, asking: Annotated[ListAsked, Query()]) -> Response:
    """What a number of the day or of its month counts, page by page."""
    if name not in LISTS:
        raise NotFound(texts.say("pages", "gone"))
    desk = desk_of(request)
    asked = asked_day(desk, asking.on)
    first, behind = _days(desk, name, asked.on, asking.span)
    found = [] if asked.fault else _found(desk, name, first, behind, asking.by)
    rows = _in_words(desk, name, found[(asking.page - 1) * PAGE : asking.page * PAGE])
    there = {"previous": asking.page - 1, "next": asking.page + 1 if len(found) > asking.page * PAGE else 0}
    kept = {"on": asked.on.isoformat(), "span": asking.span, "by": asking.by}
    shown: dict[str, Any] = {
        "list_of": name,
        "columns": COLUMNS["visits" if name == "visits" else "moved" if name in MOVED else "decided"],
        "rows": rows,
        "total": len(found),
        "of": _period(first, behind),
        "there": there,
        "carried": urlencode({name: value for name, value in kept.items() if value}),
    }
    return day_page(request, "day_list.html", asked, **shown)


def _days(desk: Desk, name: str, on: date, span: str) -> tuple[date, date]:
    """The days of a list, half-open: the day, its week within its month, or its month, and none that has not come."""
    if name == "visits" or not span:
        return on, on + timedelta(1)
    first, behind = days.week_of(on) if span == "week" else days.month_of(on)
    return first, min(behind, desk.today() + timedelta(1))


def _period(first: date, behind: date) -> str:
    last = behind - timedelta(1)
    return shapes.heading(first) if first == last else f"{texts.day(first)} – {texts.day(last)}"


def _found(desk: Desk, name: str, first: date, behind: date, by: str) -> Sequence[Any]:
    """What a list has: visits, decisions, or people with their days."""
    if name == "visits":
        return days.visits_of(desk.registry, first)
    if name in MOVED:
        return days.moved(desk.registry, first, behind, desk.here().within)[name]
    made = days.decisions(desk.registry, first, behind)
    if name in DEPARTED:
        made = days.departing(desk.registry, made)[name]
    if name == "refused":
        made = [one for one in made if one.is_refused]
    if name == "barred":
        made = [one for one in made if not one.is_granted and not one.is_refused]
    return [one for one in made if not by or one.asked_by.id == by]


def _in_words(desk: Desk, name: str, found: Sequence[Any]) -> list[dict[str, Any]]:
    if name == "visits":
        return shapes.visits_shown(desk, found)
    return shapes.people_of_days(desk, found) if name in MOVED else shapes.decided(desk, found)

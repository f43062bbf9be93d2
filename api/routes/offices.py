"""The offices: where people are received, and when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import AtMoment, OnDay
from api.routes.services import day_of
from api.shapes import law as law_shapes
from registry.storage.mapper import KYIV

router = APIRouter(prefix="/api/v1", tags=["services"])


@router.get("/offices")
def offices(asked: Annotated[OnDay, Query()], request: Request) -> dict[str, Any]:
    """All offices with their hours on a day: empty if closed, as mobile ones are but on announced days."""
    desk = desk_of(request)
    on = day_of(asked, desk)
    timetable = desk.here(on).timetable
    rows = [law_shapes.office_on(office, on, timetable) for office in timetable.offices.values()]
    return {"on": on.isoformat(), "offices": rows}


@router.get("/offices/{office}")
def office(office: str, asked: Annotated[AtMoment, Query()], request: Request) -> dict[str, Any]:
    """Whether an office is open at a moment by the clock of Kyiv; the minute of closing counts no more."""
    desk = desk_of(request)
    local = desk.now().astimezone(KYIV).replace(tzinfo=None)
    at = datetime.fromisoformat(asked.at) if asked.at else local
    return law_shapes.office_at(office, at, desk.here(at.date()).timetable)

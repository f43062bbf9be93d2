"""The offices: where people are received, and when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import AtMoment, OnDay
from api.routes.services import day_of
from api.shapes import law as law_shapes
from registry.services.offices import OFFICES
from registry.storage.mapper import KYIV
from registry.texts import say

router = APIRouter(prefix="/api/v1", tags=[say("api_tags", "services")])


@router.get("/offices")
def offices(asked: Annotated[OnDay, Query()], request: Request) -> dict[str, Any]:
    """All offices with their hours on a day: empty if closed, as mobile ones are but on announced days."""
    on = day_of(asked, desk_of(request))
    return {"on": on.isoformat(), "offices": [law_shapes.office_on(office, on) for office in OFFICES.values()]}


@router.get("/offices/{office}")
def office(office: str, asked: Annotated[AtMoment, Query()], request: Request) -> dict[str, Any]:
    """Whether an office is open at a moment by the clock of Kyiv; the minute of closing counts no more."""
    local = desk_of(request).now().astimezone(KYIV).replace(tzinfo=None)
    at = datetime.fromisoformat(asked.at) if asked.at else local
    return law_shapes.office_at(office, at)

"""The offices: where people are received, and when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.forms import AtMoment, OnDay
from api.routes import explaining
from api.routes.finding import now
from api.routes.services import day_of
from registry.services.offices import OFFICES
from registry.storage.mapper import KYIV

router = APIRouter(prefix="/api/v1", tags=["послуги"])


@router.get("/offices", summary="Офіси та їхні години на день")
def offices(asked: Annotated[OnDay, Query()]) -> dict[str, Any]:
    """Порожній `hours`: того дня не приймають. Мобільні офіси приймають лише в оголошені дні."""
    on = day_of(asked)
    return {"on": on.isoformat(), "offices": [explaining.office_on(office, on) for office in OFFICES.values()]}


@router.get("/offices/{office}", summary="Чи відкрито офіс")
def office(office: str, asked: Annotated[AtMoment, Query()]) -> dict[str, Any]:
    """На момент за київським часом; хвилина закриття вже не рахується."""
    at = datetime.fromisoformat(asked.at) if asked.at else now().astimezone(KYIV).replace(tzinfo=None)
    return explaining.office_at(office, at)

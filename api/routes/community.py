"""The community: who we are on a day."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import OnDay
from api.routes.services import day_of
from registry import community as identity

router = APIRouter(prefix="/api/v1", tags=["services"])


@router.get("/community")
def community(asked: Annotated[OnDay, Query()], request: Request) -> dict[str, Any]:
    """Its code and name, its offices with their hours, its readings; and the change that waits for a second person."""
    desk = desk_of(request)
    return identity.described(desk.registry, desk.settings, day_of(asked, desk))

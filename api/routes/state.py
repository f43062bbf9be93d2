"""How the server is, for the administrator: a page, and the same as JSON. Counts only, of nobody."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.cookies import terms_of
from api.desk import desk_of
from api.shapes import vitals
from api.shapes.words import templates
from registry import health
from registry.settings import Settings

router = APIRouter(tags=["status"])


@router.get("/state", include_in_schema=False)
def page(request: Request) -> Response:
    """It opens where the database is locked, too: nothing else on it is asked of the database."""
    found = _measured(request)
    if found.facts is None:
        request.state.refused = True
    shown: dict[str, Any] = {"state": vitals.state(found), "measured_at": found.at, "marks": []}
    return templates.TemplateResponse(request, "state.html", shown)


@router.get("/api/v1/state")
def state(request: Request) -> JSONResponse:
    """How the server is, line by line."""
    return JSONResponse(vitals.state(_measured(request)))


def _measured(request: Request) -> health.Measured:
    desk = desk_of(request)
    return health.measured(desk.registry, desk.settings.data, terms_of(desk.settings), _transport(desk.settings))


def _transport(settings: Settings) -> health.Transport:
    """How others open the desk."""
    return "insecure" if settings.insecure_http else "tls" if settings.by_https else "local"

"""The first page of the desk, and the lists of the coming month."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.desk import desk_of
from api.routes.pages import counts
from api.shapes import home as shapes
from api.shapes.cards import PageTimes, TimesForm, rendered
from registry import coming, texts
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/")
def front(request: Request, form: Annotated[TimesForm, Query()]) -> Response:
    """What waits, for whoever works at the desk; for an auditor, and of another day, the search alone."""
    desk = desk_of(request)
    times = PageTimes(desk, form)
    if times.kept or times.faults or not desk.who.may({"clerk", "head"}):
        return rendered(request, "search.html", q="", times=times, **counts(desk))
    return rendered(request, "home.html", times=times, **shapes.home(desk))


@router.get("/coming/{name}")
def listed(request: Request, name: str, page: Annotated[int, Query(ge=1, le=1_000)] = 1) -> Response:
    """One of the lists of the coming month, page by page."""
    if name not in coming.LISTS:
        raise NotFound(texts.say("pages", "gone"))
    return rendered(request, "coming.html", **shapes.listed(desk_of(request), name, page))

"""Forms that were sent when the screen was locked: to be sent after all, or thrown away."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.desk import desk_of
from api.errors import Problem
from api.kept import SentAgain, typed
from api.shapes.cards import rendered
from registry.staff import kept
from registry.staff.kept import KeptPost

router = APIRouter(include_in_schema=False)
Named = Annotated[UUID, Form()]


@router.get("/kept")
def listed(request: Request) -> Response:
    rows = [{"form": one, "place": one.path.split("/")[1].split("?")[0], "typed": typed(one)} for one in _own(request)]
    return rendered(request, "kept.html", rows=rows)


@router.post("/kept/send")
def send(request: Request, form: Named) -> Response:
    found = next((one for one in _own(request) if one.id == form), None)
    if found is None:
        raise Problem(404, "not-found")
    return SentAgain(request, found)


@router.post("/kept/drop")
def drop(request: Request, form: Named) -> Response:
    desk = desk_of(request)
    if request.state.who.user:
        kept.take(desk.registry.staff, form, request.state.who.user, now=desk.now())
    return RedirectResponse("/kept" if _own(request) else "/", 303)


def _own(request: Request) -> list[KeptPost]:
    """What is kept for whoever asks; a program's key has nothing."""
    desk, user = desk_of(request), request.state.who.user
    return kept.of_user(desk.registry.staff, user, now=desk.now()) if user else []

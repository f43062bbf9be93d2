"""The visit at the counter: begun and ended by whoever works there. It says why they look, and is no act of the log.

A program names it in each request; in a browser it is the session's, and so all windows of it share one.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse
from starlette.responses import RedirectResponse, Response

from api.acts import PREFIX, insist_on_no_question
from api.desk import Desk, desk_of
from api.errors import Problem
from api.look_forms import NewVisit
from api.shapes import looks as shapes
from registry.aggregates.values import Fault, Impossible
from registry.questions import NotFound
from registry.staff import sessions, visits
from registry.staff.users import StaffError
from registry.staff.visits import CounterVisit

router = APIRouter()
PLAINLY = [Depends(insist_on_no_question)]


@router.post(f"{PREFIX}/visits", status_code=201, tags=["visits"], dependencies=PLAINLY)
def begin(body: NewVisit, request: Request) -> JSONResponse:
    """The next visitor; the visit before ends."""
    desk = desk_of(request)
    known = desk.here().timetable.offices
    if body.office and body.office not in known:
        raise Impossible([Fault("office-unknown", "office", {"offices": ", ".join(sorted(known))})])
    return JSONResponse(shapes.visit(_begun(desk, body.purpose, body.office)), 201)


@router.post(f"{PREFIX}/visits/{{visit}}/end", tags=["visits"], dependencies=PLAINLY)
def end(visit: UUID, request: Request) -> JSONResponse:
    """The visitor has gone; said again, it changes nothing."""
    try:
        return JSONResponse(shapes.visit(_ended(desk_of(request), visit)))
    except StaffError as error:
        raise NotFound(str(error)) from None


@router.post("/visit", include_in_schema=False)
def next_visitor(
    request: Request, purpose: Annotated[str, Form()] = "", visit: Annotated[UUID | None, Form()] = None
) -> Response:
    """From the bar of a page, and to the first page: nothing of the visitor before is left on the screen. The bar names
    the visit that it begins, so that a double click begins one."""
    try:
        _begun(desk_of(request), purpose, id=visit)
    except StaffError as error:
        raise Problem(422, "invalid", str(error)) from None
    return RedirectResponse("/", 303)


@router.post("/visit/end", include_in_schema=False)
def gone(request: Request) -> Response:
    """The visitor has gone; another window may have said so before."""
    desk = desk_of(request)
    if desk.who.visit:
        _ended(desk, desk.who.visit)
    return RedirectResponse("/", 303)


def _begun(desk: Desk, purpose: str, office: str | None = None, id: UUID | None = None) -> CounterVisit:
    """In the office that is said, else where they work."""
    staff, who = desk.registry.staff, desk.who
    made = visits.begin(staff, by=who.actor, purpose=purpose, office=office or who.office, now=desk.now(), id=id)
    if who.session:
        sessions.in_visit(staff, who.session, made.id)
    return made


def _ended(desk: Desk, visit: UUID) -> CounterVisit:
    staff, who = desk.registry.staff, desk.who
    ended = visits.end(staff, visit, by=who.actor, now=desk.now())
    if who.session and who.visit == visit:
        sessions.in_visit(staff, who.session, None)
    return ended

"""The visit at the counter: begun and ended by whoever works there. It says why they look, and is no act of the log."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.acts import PREFIX
from api.desk import desk_of
from api.look_forms import NewVisit
from api.shapes import looks as shapes
from registry.aggregates.values import Fault, Impossible
from registry.questions import NotFound
from registry.staff import sessions, visits
from registry.staff.users import StaffError

router = APIRouter(prefix=PREFIX, tags=["visits"])


@router.post("/visits", status_code=201)
def begin(body: NewVisit, request: Request) -> JSONResponse:
    """The next visitor; the visit before ends."""
    desk = desk_of(request)
    who = desk.who
    known = desk.here().timetable.offices
    office = body.office or who.office
    if body.office and body.office not in known:
        raise Impossible([Fault("office-unknown", "office", {"offices": ", ".join(sorted(known))})])
    made = visits.begin(desk.registry.staff, by=who.actor, purpose=body.purpose, office=office, now=desk.now())
    if who.session:
        sessions.in_visit(desk.registry.staff, who.session, made.id)
    return JSONResponse(shapes.visit(made), 201)


@router.post("/visits/{visit}/end")
def end(visit: UUID, request: Request) -> JSONResponse:
    """The visitor has gone; said again, it changes nothing."""
    desk = desk_of(request)
    who = desk.who
    try:
        ended = visits.end(desk.registry.staff, visit, by=who.actor, now=desk.now())
    except StaffError as error:
        raise NotFound(str(error)) from None
    if who.session and who.visit == visit:
        sessions.in_visit(desk.registry.staff, who.session, None)
    return JSONResponse(shapes.visit(ended))

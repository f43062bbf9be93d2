"""What an applicant is handed whose application is left without movement: the stored words, for printing."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.desk import desk_of
from api.errors import Problem
from api.shapes.names import find_application
from api.shapes.words import templates
from registry import occasion
from registry.aggregates.case.unfinished import ApplicationLeftWithoutMovement
from registry.aggregates.values import sure

router = APIRouter(include_in_schema=False)


@router.get("/applications/{application}/without-movement")
def letter(application: str, request: Request) -> Response:
    """What the applicant is handed: what is missing and until when to bring it, as it was stored."""
    desk = desk_of(request)
    id = find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)
    told = [one for one in desk.registry.entries(id) if isinstance(one.fact, ApplicationLeftWithoutMovement)]
    if not told:
        raise Problem(409, "not-left")
    then = desk.here(told[-1].recorded_on)
    if not then.may_issue:
        raise Problem(409, "no-identity")
    record = desk.registry.application(id)
    received = sure(record.received)
    occasion.shows(*(one.person for part in record.parts for one in part.concerned))
    head, *lines = told[-1].fact.text.split("\n")
    shown = {
        "letters": [(told[-1], head, lines)],
        "office": desk.here(date.fromisoformat(received.received[:10])).office_name(received.office),
        "applicant": received.applicant,
        "body": then.identity.body,
    }
    return templates.TemplateResponse(request, "letter.html", {**shown, "marks": []})

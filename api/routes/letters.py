"""What an applicant is handed when a service is not given: the stored words, for printing."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.desk import desk_of
from api.errors import Problem
from api.shapes.names import find_application
from api.shapes.words import templates
from registry.aggregates.case.events import ApplicationBarred, ApplicationRefused
from registry.aggregates.values import sure

router = APIRouter(include_in_schema=False)


@router.get("/applications/{application}/letter")
def letter(application: str, request: Request) -> Response:
    """The refusal of each part (or why it cannot be done this way) as it was stored, who decided and when."""
    desk = desk_of(request)
    id = find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)
    kinds = ApplicationRefused | ApplicationBarred
    told = [entry for entry in desk.registry.entries(id) if isinstance(entry.fact, kinds)]
    if not told:
        raise Problem(409, "no-letter")
    then = desk.here(date.fromisoformat(told[0].fact.decided_on))
    if not then.may_issue:
        raise Problem(409, "no-identity")
    received = sure(desk.registry.application(id).received)
    shown = {
        "letters": [(entry, *_lines(entry.fact)) for entry in told],
        "office": desk.here(date.fromisoformat(received.received[:10])).office_name(received.office),
        "applicant": received.applicant,
        "body": then.identity.body,
    }
    return templates.TemplateResponse(request, "letter.html", {**shown, "marks": []})


def _lines(fact: ApplicationRefused | ApplicationBarred) -> tuple[str, list[str]]:
    """The heading, and the grounds below it."""
    head, *lines = fact.text.split("\n")
    return head, lines

"""What an applicant is handed when a service is not given: the letter as a document, and its words on a page."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.desk import Desk, desk_of
from api.errors import Problem
from api.routes.extracts import pdf
from api.shapes import letters as shapes
from api.shapes.names import find_application
from api.shapes.words import templates
from registry import occasion, texts
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.values import sure
from registry.letters import issuing
from registry.letters.issuing import NOT_GRANTED, Formed

router = APIRouter(tags=["applications"])


@router.get("/api/v1/applications/{application}/letters")
def letters(application: str, request: Request) -> dict[str, Any]:
    """The letters that tell of what was not granted."""
    desk = desk_of(request)
    id = _found(application, desk)
    return {"application": str(id), "letters": shapes.listed(id, issuing.of_application(desk.registry, id))}


@router.get(
    "/api/v1/applications/{application}/letters/{part}/document",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": texts.say("api", "pdf_file")}},
)
def letter_document(application: str, part: int, request: Request) -> Response:
    """The document of the letter that tells of a part: the issued bytes, once their hash is checked."""
    desk = desk_of(request)
    id = _found(application, desk)
    asked = next((one for one in issuing.of_application(desk.registry, id) if part in one.parts), None)
    if asked is None:
        raise Problem(409, "no-letter")
    persons = _told_of(desk.registry.application(id), asked)
    try:
        made = issuing.document(desk.registry, desk.settings, asked, persons=persons, by=desk.actor)
    except issuing.CannotForm as error:
        raise Problem(503, "unavailable", str(error)) from None
    return pdf(made, f"lyst-{asked.number.replace('/', '-')}")


@router.get("/applications/{application}/letter", include_in_schema=False)
def letter(application: str, request: Request) -> Response:
    """The refusal of each part (or why it cannot be done this way) as it was stored, who decided and when, with the
    documents; a decision of an earlier release has none."""
    desk = desk_of(request)
    id = _found(application, desk)
    told = [entry for entry in desk.registry.entries(id) if isinstance(entry.fact, NOT_GRANTED)]
    if not told:
        raise Problem(409, "no-letter")
    then = desk.here(date.fromisoformat(told[0].fact.decided_on))
    if not then.may_issue:
        raise Problem(409, "no-identity")
    record = desk.registry.application(id)
    received = sure(record.received)
    occasion.shows(*(one.person for part in record.parts for one in part.concerned))
    shown = {
        "letters": [(entry, *_lines(entry.fact)) for entry in told],
        "documents": shapes.listed(id, issuing.of_application(desk.registry, id)),
        "office": desk.here(date.fromisoformat(received.received[:10])).office_name(received.office),
        "applicant": received.applicant,
        "body": then.identity.body,
    }
    return templates.TemplateResponse(request, "letter.html", {**shown, "marks": []})


def _found(application: str, desk: Desk) -> UUID:
    return find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)


def _told_of(record: CaseRecord, asked: Formed) -> tuple[UUID, ...]:
    """Everybody whom the parts of a letter concern."""
    parts = sure(record.received).parts
    return tuple(dict.fromkeys(one.person for number in asked.parts for one in parts[number - 1].concerned))


def _lines(fact: Any) -> tuple[str, list[str]]:
    """The heading, and the grounds below it."""
    head, *lines = fact.text.split("\n")
    return head, lines

"""What is printed before the decision: the application to be signed, each consent, the receipt of what was handed in.

The cards say that an application has a form and do not give it: each is in free form, and says so. None has a number.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.case_forms import NewApplication
from api.desk import Desk, desk_of
from api.errors import Problem, input_fault
from api.guided.body import body_of
from api.guided.visit import read
from api.routes.drafting import UNSIGNED, own_draft
from api.shapes import application_paper as shapes
from api.shapes.cards import rendered
from api.shapes.names import find_application
from api.visits import visit_of
from registry import texts
from registry.aggregates.case.events import Part
from registry.cases.as_of import AsOf
from registry.drafts import SavedDraft
from registry.questions import NotFound
from registry.storage.mapper import KYIV

router = APIRouter(include_in_schema=False)


@router.get("/applications/{application}/application")
def application(application: str, request: Request) -> Response:
    """The application as it was received, to be signed."""
    return _paper(request, "application_paper.html", **_received(application, desk_of(request)))


@router.get("/applications/{application}/receipt")
def receipt(application: str, request: Request) -> Response:
    """What was handed in with it, for whoever brought it."""
    return _paper(request, "application_receipt.html", **_received(application, desk_of(request)))


@router.get("/drafts/{draft}/application")
def of_draft(draft: str, request: Request) -> Response:
    """The application that one's own draft would be, to be signed before it is filed."""
    desk = desk_of(request)
    return _paper(request, "application_paper.html", **_drafted(own_draft(desk, draft), desk))


def _received(ref: str, desk: Desk) -> dict[str, Any]:
    id = find_application(desk.registry, ref, desk.registry.position(), seen_by=desk.viewer)
    record = desk.registry.application(id)
    received = record.received
    if received is None:  # a change asked for without an application
        raise NotFound(texts.say("pages", "gone"))
    on = date.fromisoformat(received.received[:10])
    said = {"day": on, "code": received.code, "back": f"/applications/{id}"}
    return {**said, **_of_parts(record.parts, received.applicant, received.office, on, desk)}


def _drafted(draft: SavedDraft, desk: Desk) -> dict[str, Any]:
    """What a draft would file; raises `Problem`, or `Impossible`, while it cannot be read as an application."""
    if draft.page.startswith(UNSIGNED):
        raise NotFound(texts.say("pages", "gone"))
    typed: dict[str, list[str]] = {}
    for name, value in draft.answers:
        typed.setdefault(name, []).append(value)
    asked = read(draft.service, typed, desk.today(), person=draft.person)
    try:
        said = NewApplication(**body_of(asked.parts, office=None, confirmed=False))
    except ValidationError as error:
        faults = [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        raise Problem(422, "invalid", errors=faults) from None
    position = desk.registry.position()
    visit = visit_of(said, AsOf(desk.registry, position), position, _moment(desk), seen_by=desk.viewer)
    shown = {"day": desk.today(), "code": None, "back": f"/drafts/{draft.id}"}
    return {**shown, **_of_parts(visit.parts, visit.applicant, desk.who.office, desk.today(), desk)}


def _of_parts(parts: Sequence[Part], named: str | None, office: str | None, on: date, desk: Desk) -> dict[str, Any]:
    here = desk.here(on)
    said = {"sheets": shapes.sheets(parts, on, desk), "filer": shapes.filer(parts, named, desk)}
    return {**said, "office": here.office_name(office), "body": here.identity.body}


def _moment(desk: Desk) -> str:
    return desk.now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")


def _paper(request: Request, template: str, **shown: Any) -> Response:
    desk = desk_of(request)
    return rendered(request, template, opened=desk.now(), **shown)

"""Extracts (витяги): issuing one, and its document."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.errors import KeyReused, Problem
from api.forms import NewExtract
from api.routes.acting import Acting, Asking
from api.routes.finding import desk_of, find_person, now
from registry import questions, texts
from registry.aggregates.extract.events import ExtractRequested
from registry.extracts.issuing import Issued, document, issue
from registry.storage.mapper import instant_text

router = APIRouter(prefix="/api/v1", tags=["витяги"])


@router.post("/persons/{person}/extracts", status_code=201, summary="Сформувати витяг")
def issue_extract(person: str, body: NewExtract, asking: Acting, request: Request) -> JSONResponse:
    """Витяг про місце проживання; `history`: з попередніми періодами. Документ — за адресою з Location."""
    issued = issued_for(find_person(asking.registry, person, asking.position), body, asking, request)
    said = {name: getattr(issued, name) for name in ("number", "code", "sha256", "position", "fact", "residences")}
    headers = {"Location": f"/api/v1/extracts/{issued.number}/document"}
    if asking.done:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(said, 200 if asking.done else 201, headers=headers)


@router.get(
    "/extracts/{year}/{number}/document",
    summary="Документ витягу",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "Файл PDF"}},
)
def extract_document(year: str, number: str, request: Request) -> Response:
    """Видані байти після перевірки їхнього хешу."""
    desk = desk_of(request)
    return pdf(document(desk.registry, desk.settings, f"{year}/{number}"), f"{year}-{number}")


def issued_for(person: UUID, body: NewExtract, asking: Asking, request: Request) -> Issued:
    """The extract that a request asks for; a repeated key gives the first one again."""
    if asking.done and not _same(asking.done.entries[0].fact, person, body):
        raise KeyReused
    moment = now()
    return issue(
        asking.registry,
        person,
        settings=desk_of(request).settings,
        by=asking.clerk.by,
        command=asking.command,
        now=moment,
        history=body.history,
        on=_day(body.on),
        known_at=questions.instant(body.known_at, moment) if body.known_at else None,
        basis=body.basis or "person",
        requester=body.requester,
    )


def pdf(document: bytes, name: str) -> Response:
    """A document for the browser's own viewer, which needs more than our policy allows to pages."""
    headers = {
        "Content-Disposition": f'inline; filename="vytiah-{name}.pdf"',
        "Content-Security-Policy": "frame-ancestors 'none'",
    }
    return Response(document, media_type="application/pdf", headers=headers)


def _same(fact: Any, person: UUID, body: NewExtract) -> bool:
    if not isinstance(fact, ExtractRequested):
        return False
    known = instant_text(questions.instant(body.known_at, now())) if body.known_at else None
    return (
        (fact.person, fact.history, fact.basis) == (person, body.history, body.basis or "person")
        and body.on in (None, fact.on)
        and known in (None, fact.content["known_at"])
        and bool(body.on or known) >= fact.content["past"]
        and body.requester in (None, fact.requester)
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fault = {"code": "not-a-date", "field": "on", "detail": texts.TEXTS["faults"]["not-a-date"]}
        raise Problem(422, "not-a-date", fault["detail"], [fault]) from None

"""Extracts (витяги): issuing one about a person or a dwelling, its document, what it states, which no longer hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.acts import Acting, Asking
from api.desk import desk_of
from api.errors import KeyReused, Problem
from api.extract_forms import AnyExtract, NewDwellingExtract, NewExtract
from api.forms import Since
from api.shapes import law as law_shapes
from api.shapes.names import find_dwelling, find_person
from api.visits import papers_alone
from registry import questions, texts
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.extract.state import asked_for, fold
from registry.aggregates.facts import AGGREGATE_OF
from registry.app import Act, Registry
from registry.cases import at_desk, extract_warnings
from registry.cases.at_desk import AtDesk
from registry.extracts import content, issuing, superseding
from registry.storage.access import Look
from registry.storage.mapper import instant_text

router = APIRouter(prefix="/api/v1", tags=["extracts"])


@router.post("/persons/{person}/extracts", status_code=201)
def issue_extract(person: str, body: NewExtract, asking: Acting) -> JSONResponse:
    """An extract about a person; the document is where Location says."""
    find = partial(find_person, seen_by=asking.clerk.viewer)
    stream = _found(asking, body, find, person)
    issued = issued_about(asking, body, stream)
    return _answer(issued, asking, body.asked_of(stream, _because(asking, body), **_when(asking, body)))


@router.post("/dwellings/{dwelling}/extracts", status_code=201)
def issue_dwelling_extract(dwelling: str, body: NewDwellingExtract, asking: Acting) -> JSONResponse:
    """An extract about those registered in a dwelling, for those to whom card 7 gives it."""
    home = _found(asking, body, find_dwelling, dwelling)
    asked = body.asked(dwelling=home, **_when(asking, body))
    return _answer(_issued(asking, body, asked), asking, asked)


@router.get("/extracts/superseded")
def superseded_extracts(request: Request, asked: Annotated[Since, Query()]) -> dict[str, Any]:
    """The issued extracts that a correction or annulment recorded since then concerns."""
    desk = desk_of(request)
    return superseding.listed(desk.registry, questions.beginning(asked.since or "", desk.now()), seen_by=desk.viewer)


@router.get("/extracts/{year}/{number}")
def extract(year: str, number: str, request: Request) -> dict[str, Any]:
    """What an extract states, on which basis, to whom and when; since when it no longer holds."""
    desk = desk_of(request)
    entries = desk.registry.entries(issuing.by_number(desk.registry, f"{year}/{number}")["extract"])
    whole = asked_for(entries)
    asked: ExtractRequested = whole.fact
    content.insist_on_shown(asked, desk.viewer)
    became = fold(entries)
    with desk.registry.snapshot() as connection:
        since = superseding.superseded_on(connection, whole, today=desk.today()) if became.issued else None
    named = texts.extract_number(asked.year, asked.number)
    desk.registry.looked(
        Look(action="looked", persons=content.shown_people(asked), about={"extract": named}), desk.actor
    )
    return {
        "number": named,
        "status": "issued" if became.issued else "voided" if became.voided else "requested",
        "reason": became.voided.reason if became.voided else None,
        "person": str(asked.person) if asked.person else None,
        "dwelling": str(asked.dwelling) if asked.dwelling else None,
        "about": asked.asked_for,
        "history": asked.history,
        "on": asked.on,
        "position": asked.read_at,
        "as_known": bool(asked.as_known),
        "basis": asked.basis,
        "requester": asked.requester,
        "contact": asked.contact,
        "application": str(asked.application) if asked.application else None,
        "formed_at": instant_text(entries[0].recorded_at),
        "code": asked.code,
        "sha256": became.issued.sha256 if became.issued else None,
        "superseded_on": since.isoformat() if since else None,
        "content": asked.content,
    }


@router.get(
    "/extracts/{year}/{number}/document",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": texts.say("api", "pdf_file")}},
)
def extract_document(year: str, number: str, request: Request) -> Response:
    """The issued bytes, once their hash is checked."""
    desk = desk_of(request)
    named = f"{year}/{number}"
    made = issuing.document(desk.registry, desk.settings, named, by=desk.actor, seen_by=desk.viewer)
    return pdf(made, f"vytiah-{year}-{number}")


def issued_about(asking: Asking, body: NewExtract, person: UUID) -> issuing.Issued:
    """The extract about a person that a request asks for; a repeated key gives the first one again."""
    return _issued(asking, body, body.asked_of(person, _because(asking, body), **_when(asking, body)))


def issued_of_dwelling(asking: Asking, body: NewDwellingExtract, dwelling: UUID) -> issuing.Issued:
    """The same about a dwelling."""
    return _issued(asking, body, body.asked(dwelling=dwelling, **_when(asking, body)))


def _because(asking: Asking, body: NewExtract) -> UUID | None:
    """The dwelling because of which somebody asks about a person, if they do."""
    return _found(asking, body, find_dwelling, body.dwelling) if body.dwelling else None


def _when(asking: Asking, body: AnyExtract) -> dict[str, Any]:
    """The day and the moment that are asked about."""
    return {"on": _day(body.on), "known_at": _moment(asking, body)}


def _moment(asking: Asking, body: AnyExtract) -> datetime | None:
    """The moment that is asked about; None: as the register stands."""
    return questions.moment_of(asking.registry, body.known_at, body.position, asking.clerk.now())


def _issued(asking: Asking, body: AnyExtract, asked: AtDesk) -> issuing.Issued:
    cases = desk_of(asking.request).cases
    papers = papers_alone(
        body.papers,
        at_desk.facts_shown(cases, asked),
        asking.registry,
        asking.position,
        people=[asked.person] if asked.person else [],
        command=asking.command,
        seen_by=asking.clerk.viewer,
    )
    asked = replace(asked, papers=papers)
    if asking.done and not _repeated(asking.done, asked):
        raise KeyReused
    try:
        return at_desk.issue(cases, asked, command=asking.command)
    except at_desk.AskedOtherwise:
        raise KeyReused from None


def pdf(document: bytes, name: str) -> Response:
    """A document for the browser's own viewer, which needs more than our policy allows to pages."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Content-Security-Policy": "frame-ancestors 'none'",
    }
    return Response(document, media_type="application/pdf", headers=headers)


def _answer(issued: issuing.Issued, asking: Asking, asked: AtDesk) -> JSONResponse:
    """What was issued; with `warnings`, if there are any: what to know before it is given out."""
    headers = {"Location": f"/api/v1/extracts/{issued.number}/document"}
    if asking.done:
        headers["Idempotency-Replayed"] = "true"
    found = extract_warnings.warnings(asking.registry, asked, asking.position)
    body = {**issued.said, **(law_shapes.warnings(found) if found else {})}
    return JSONResponse(body, 200 if asking.done else 201, headers=headers)


def _found(asking: Asking, body: AnyExtract, find: Callable[[Registry, str, int], UUID], ref: str) -> UUID:
    """Whom or what a request is about, as known at the moment that it asks for: an entry withdrawn since can still be
    found as it stood."""
    position = asking.position
    if moment := _moment(asking, body):
        position = asking.registry.position_known_at(moment) or position
    try:
        return find(asking.registry, ref, position)
    except questions.NotFound:
        if asking.done:
            raise KeyReused from None
        raise


def _repeated(act: Act, asked: AtDesk) -> bool:
    """Whether a recorded act asked for the same extract; of one without a digest, for one of the same."""
    if act.digest is not None:
        return act.digest == at_desk.digest(asked)
    alone = {AGGREGATE_OF[entry.fact.NAME] for entry in act.entries} <= {"application", "extract", "letter"}
    facts = [entry.fact for entry in act.entries if isinstance(entry.fact, ExtractRequested)]
    return alone and [(one.person, one.dwelling) for one in facts] == [(asked.person, asked.dwelling)]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fault = {"code": "not-a-date", "field": "on", "detail": texts.TEXTS["faults"]["not-a-date"]}
        raise Problem(422, "not-a-date", fault["detail"], [fault]) from None

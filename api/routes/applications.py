"""The applications that were received: one, with what is to be sent or done because of it, and those that are open."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from api.desk import Desk, desk_of
from api.fields import Text
from api.forms import Form
from api.shapes import cases as shapes
from api.shapes import law as law_shapes
from api.shapes import outgoing, unfinished
from api.shapes import papers as paper_shapes
from api.shapes.names import find_application, find_person
from registry import merged
from registry.aggregates.case.case import Case
from registry.aggregates.case.events import ApplicationReceived, ChangeRequested
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.values import Entry
from registry.cases.as_of import AsOf
from registry.storage.mapper import instant_text

router = APIRouter(prefix="/api/v1", tags=["applications"])
STATUSES = {
    "open": ["received", "awaiting-approval", "left-without-movement"],
    "awaiting": ["awaiting-approval"],
    "left": ["left-without-movement"],
}


class Listed(Form):
    status: Literal["open", "awaiting", "left"] | None = Field(default=None)
    person: Text = Field(default=None)
    limit: int = Field(default=100, ge=1, le=500)


@router.get("/applications")
def applications(asked: Annotated[Listed, Query()], request: Request) -> dict[str, Any]:
    """The nearest term first: open ones, or with `person` all that concern a person, decided ones too."""
    desk = desk_of(request)
    registry = desk.registry
    if asked.person:
        person = find_person(registry, asked.person, registry.position(), seen_by=desk.viewer)
        wanted = STATUSES.get(asked.status or "")
        people = [person, *merged.entries_of(registry, [person], registry.position())]
        rows = registry.query("applications", "of_person", people=people)
        rows = [row for row in rows if row["received"] and (wanted is None or row["status"] in wanted)]
        rows = sorted(rows, key=lambda row: row["due_by"])[: asked.limit]
    else:
        rows = registry.query("applications", "by_term", statuses=STATUSES[asked.status or "open"], limit=asked.limit)
    return {"applications": [_row(row) for row in rows]}


@router.get("/applications/{application}")
def application(application: str, request: Request) -> JSONResponse:
    """What was asked for, checked and decided, as recorded, and what follows from it, with its last day."""
    desk = desk_of(request)
    id = find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)
    said = whole(id, desk)
    return JSONResponse(said, headers={"ETag": f'"{said["version"]}"'})


def whole(id: UUID, desk: Desk) -> dict[str, Any]:
    """Everything that is told of an application."""
    registry, read = desk.registry, AsOf(desk.registry)
    entries, state = read.entries(id), read.record(id)
    follows = outgoing.rows(desk, registry.query("outbox", "of_application", application=id))
    return {
        **shapes.head(id, state),
        "recorded_at": instant_text(entries[0].recorded_at),
        "by": {"id": entries[0].by.id, "name": entries[0].by.name},
        **(_of_visit(state.received, desk) if state.received else {}),
        **unfinished.standing(state),
        "parts": _parts(id, state, entries),
        "went_on": unfinished.went_on(entries),
        "change": _change(entries),
        "follows": follows,
    }


def _of_visit(received: ApplicationReceived, desk: Desk) -> dict[str, Any]:
    return shapes.of_visit(received, desk.here(date.fromisoformat(received.received[:10])))


def _parts(id: UUID, record: CaseRecord, entries: list[Entry]) -> list[dict[str, Any]]:
    """Each part; what is yet to be checked is asked of the law only while nothing is decided."""
    answered = shapes.answers_of(entries)
    outcomes = {row["part"]: row for row in shapes.outcomes(entries, record.received)}
    services = () if record.decided or not record.standing else Case.of(id, record).services
    unanswered = {one.number: one.unanswered for one in services if one.number not in outcomes}
    parts = record.received.parts if record.received else ()
    return [
        {
            "part": number,
            "service": part.asked["service"],
            "card": law_shapes.titled(part.card),
            "due_by": part.due_by,
            "asked": part.asked,
            "known": part.known or {},
            "papers": paper_shapes.of_part(record, number, part.card),
            "register": shapes.to_record(part),
            "checks": shapes.checks(number, answered, unanswered.get(number, ())),
            "outcome": outcomes.get(number),
            **shapes.as_sent(part),
        }
        for number, part in enumerate(parts, 1)
    ]


def _change(entries: list[Entry]) -> dict[str, Any] | None:
    asked = [entry for entry in entries if isinstance(entry.fact, ChangeRequested)]
    return shapes.change(asked[-1]) if asked else None


def _row(row: dict[str, Any]) -> dict[str, Any]:
    names = ("status", "code", "services", "received", "channel", "office")
    ids = {"application": str(row["application"]), "persons": [str(one) for one in row["persons"]]}
    return {**ids, **{name: row[name] for name in names}, "due_by": row["due_by"].isoformat()}

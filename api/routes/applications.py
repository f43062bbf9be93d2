"""The applications that were received: one, those that are open, what waits to be sent or done because of them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from api.fields import Text
from api.forms import Form
from api.routes import deciding, explaining, recounting
from api.routes.finding import desk_of, find_application, find_person
from registry.aggregates.case import decisions
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.case.state import Application
from registry.aggregates.values import Entry
from registry.storage.mapper import instant_text

router = APIRouter(prefix="/api/v1", tags=["заяви"])
STATUSES = {"open": ["received", "awaiting-approval"], "awaiting": ["awaiting-approval"]}


class Listed(Form):
    status: Literal["open", "awaiting"] | None = Field(
        default=None, description="open: не вирішені; awaiting: чекають на погодження. Без особи — open."
    )
    person: Text = Field(default=None, description="Ідентифікатор особи або позначка картки.")
    limit: int = Field(default=100, ge=1, le=500, description="Скільки найбільше показати.")


class Waiting(Form):
    role: Literal["message", "task"] | None = Field(default=None, description="message: повідомити; task: зробити.")
    limit: int = Field(default=100, ge=1, le=500, description="Скільки найбільше показати.")


@router.get("/applications", summary="Заяви за строком")
def applications(asked: Annotated[Listed, Query()], request: Request) -> dict[str, Any]:
    """Найближчий строк перший. З `person` — усі заяви, що стосуються особи, і без `status` також вирішені."""
    registry = desk_of(request).registry
    if asked.person:
        person = find_person(registry, asked.person, registry.position())
        wanted = STATUSES.get(asked.status or "")
        rows = registry.query("applications", "of_person", person=person)
        rows = [row for row in rows if row["received"] and (wanted is None or row["status"] in wanted)]
        rows = sorted(rows, key=lambda row: row["due_by"])[: asked.limit]
    else:
        rows = registry.query("applications", "by_term", statuses=STATUSES[asked.status or "open"], limit=asked.limit)
    return {"applications": [_row(row) for row in rows]}


@router.get("/applications/{application}", summary="Заява")
def application(application: str, request: Request) -> JSONResponse:
    """Що просили, що перевірено і ким, що вирішено — як записано, — і що з цього випливає, з останнім днем."""
    registry = desk_of(request).registry
    id = find_application(registry, application, registry.position())
    entries, state = registry.entries(id), registry.application(id)
    follows = [recounting.outbox_row(row) for row in registry.query("outbox", "of_application", application=id)]
    said = {
        **recounting.head(id, state),
        "recorded_at": instant_text(entries[0].recorded_at),
        "by": {"id": entries[0].by.id, "name": entries[0].by.name},
        **(recounting.of_visit(state.received) if state.received else {}),
        "parts": _parts(state, entries),
        "change": _change(entries),
        "follows": follows,
    }
    return JSONResponse(said, headers={"ETag": f'"{state.version}"'})


@router.get("/outbox", summary="Що чекає на відправлення або виконання")
def outbox(asked: Annotated[Waiting, Query()], request: Request) -> dict[str, Any]:
    """Повідомлення і завдання, що випливають з рішень, найближчий строк перший."""
    rows = desk_of(request).registry.query("outbox", "waiting", role=asked.role, limit=asked.limit)
    return {"waiting": [recounting.outbox_row(row) for row in rows]}


def _parts(state: Application, entries: list[Entry]) -> list[dict[str, Any]]:
    """Each part; what is yet to be checked is asked of the law only while nothing is decided."""
    answered = recounting.answers_of(entries)
    outcomes = {row["part"]: row for row in deciding.outcomes(entries)}
    parts = state.received.parts if state.received else ()
    return [
        {
            "part": number,
            "service": part.asked["service"],
            "card": explaining.titled(part.card),
            "due_by": part.due_by,
            "asked": part.asked,
            "register": recounting.to_record(part),
            "checks": recounting.checks(
                number, answered, () if number in outcomes else decisions.unanswered(state, number)
            ),
            "outcome": outcomes.get(number),
        }
        for number, part in enumerate(parts, 1)
    ]


def _change(entries: list[Entry]) -> dict[str, Any] | None:
    asked = [entry for entry in entries if isinstance(entry.fact, ChangeRequested)]
    return recounting.change(asked[-1]) if asked else None


def _row(row: dict[str, Any]) -> dict[str, Any]:
    names = ("status", "code", "services", "received", "channel", "office")
    ids = {"application": str(row["application"]), "persons": [str(one) for one in row["persons"]]}
    return {**ids, **{name: row[name] for name in names}, "due_by": row["due_by"].isoformat()}

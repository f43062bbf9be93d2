"""What was recorded later than on its day, or on paper first: the list for the head of office (cards, row 12)."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import PastEntries
from api.shapes import past as shapes
from registry import texts
from registry.questions import BadQuestion
from registry.storage.mapper import KYIV

router = APIRouter(prefix="/api/v1", tags=["approval"])


@router.get("/past-entries")
def past_entries(asked: Annotated[PastEntries, Query()], request: Request) -> dict[str, Any]:
    """The newest first, between days of recording; `next` is the `before` of the next page, if there is one."""
    desk = desk_of(request)
    if asked.start and asked.until and asked.until <= asked.start:
        raise BadQuestion(texts.say("questions", "empty_period"))
    days = {"since": _beginning(asked.start), "until": _beginning(asked.until)}
    rows = desk.registry.query("applications", "past", before_position=asked.before, limit=asked.limit + 1, **days)
    shown = rows[: asked.limit]
    found = desk.registry.of_streams([row["application"] for row in shown])
    return {
        "entries": [shapes.past_entry(row, found[row["application"]], desk.viewer) for row in shown],
        "next": shown[-1]["known_from"] if len(rows) > len(shown) else None,
    }


def _beginning(day: str | None) -> datetime | None:
    """The instant at which a day begins in Kyiv."""
    return datetime.combine(date.fromisoformat(day), time.min, KYIV).astimezone(UTC) if day else None

"""The list of territories of hostilities or occupation: what it says on a day, as known at an instant."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import Territories
from registry import listing, questions, texts
from registry.aggregates.values import sure
from registry.card_index.territory_list import shown

router = APIRouter(prefix="/api/v1", tags=["services"])


@router.get("/territories")
def territories(asked: Annotated[Territories, Query()], request: Request) -> dict[str, Any]:
    """Its entries in the order of codes: with `on` those that hold that day, without it all; those that cover `code`,
    those whose name has `name` in it."""
    desk = desk_of(request)
    now, registry = desk.now(), desk.registry
    question = questions.asked(on=asked.on, known_at=asked.known_at, position=asked.position, now=now)
    question = questions.settled(registry, question, now)
    position = sure(question.position)
    rows = listing.listed(
        registry,
        on=question.day if asked.on else None,
        code=asked.code,
        name=asked.name,
        position=position,
        after=asked.after,
        limit=asked.limit + 1,
    )
    page = rows[: asked.limit]
    return {
        **question.head,
        "on": asked.on,
        "position": position,
        "answer": [shown(row) for row in page] if position else texts.say("answers", "not-yet"),
        "next": str(page[-1]["entry"]) if len(rows) > len(page) else None,
    }

"""The access journal, for the head and the auditor: who saw a person, and what somebody looked at and did.

Whoever asks is written down in it too.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.acts import PREFIX
from api.desk import desk_of
from api.look_forms import Looks, Page
from api.shapes import looks as shapes
from api.shapes.names import person_entries
from registry import looks, occasion
from registry.storage import access
from registry.storage.access import LookEntry

router = APIRouter(prefix=PREFIX, tags=["looks"])


@router.get("/persons/{person}/looks")
def of_person(person: str, asked: Annotated[Page, Query()], request: Request) -> dict[str, Any]:
    """Who saw a person, by every entry that was merged into theirs; also of one that was withdrawn, by its id."""
    desk = desk_of(request)
    entries = person_entries(desk.registry, person, desk.registry.position(), seen_by=desk.viewer)
    id = entries[0].stream
    occasion.asks("asked")
    occasion.shows(id)
    found = looks.of_person(desk.registry, id, limit=asked.limit + 1, before=asked.before)
    return {"person": str(id), **_page(found, asked.limit, persons=False)}


@router.get("/looks")
def all_of_them(asked: Annotated[Looks, Query()], request: Request) -> dict[str, Any]:
    """The entries of an actor, of a visit, or all."""
    journal = desk_of(request).registry.access
    occasion.asks("asked")
    size: dict[str, Any] = {"limit": asked.limit + 1, "before": asked.before}
    if asked.visit:
        found = access.of_visit(journal, asked.visit, **size)
        found = [one for one in found if asked.by in (None, one.by.id)]
    elif asked.by:
        found = access.of_actor(journal, asked.by, **size)
    else:
        found = access.latest(journal, **size)
    return _page(found, asked.limit, persons=True)


def _page(found: list[LookEntry], limit: int, *, persons: bool) -> dict[str, Any]:
    shown = found[:limit]
    more = shown[-1].position if len(found) > limit else None
    return {"looks": [shapes.look(one, persons=persons) for one in shown], "next": more}

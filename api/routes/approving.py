"""The second person: which changes wait, and the word on each (semantics 11)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import Acting
from api.desk import desk_of
from api.errors import not_of_role
from api.forms import Changes, Rejection
from api.shapes import cases as shapes
from registry import texts
from registry.aggregates.case.events import ChangedStream, ChangeRequested
from registry.aggregates.case.state import fold
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry
from registry.app import Act
from registry.storage.mapper import instant_text
from registry.viewer import HIDDEN, Viewer

router = APIRouter(prefix="/api/v1", tags=["approval"])


@router.get("/changes")
def changes(asked: Annotated[Changes, Query()], request: Request) -> dict[str, Any]:
    """Changes that wait, the oldest first: about whom, the very facts and whose each is, who asked and when."""
    desk = desk_of(request)
    registry = desk.registry
    waiting = [row["application"] for row in registry.query("applications", "awaiting", limit=asked.limit)]
    found = registry.of_streams(waiting)
    return {"changes": [_change_row(found[application], desk.viewer) for application in waiting]}


@router.post("/applications/{application}/approval", status_code=201)
def approve(application: str, asking: Acting, request: Request) -> JSONResponse:
    """Records exactly what was asked for; not by who asked, and not on a record that changed since."""
    return asking.on_application(
        application,
        "change-approved",
        {},
        lambda id, digest: desk_of(request).cases.approve(id, command=asking.command, version=asking.version),
    )


@router.post("/applications/{application}/rejection", status_code=201)
def reject(application: str, body: Rejection, asking: Acting) -> JSONResponse:
    """With a reason; who asked takes back the request so, and only a head that of another."""
    desk = desk_of(asking.request)

    def rejected(id: UUID, digest: bytes) -> Act:
        asked_by = desk.registry.application(id).asked_by
        if asked_by and asked_by.id != desk.actor.id and not desk.who.may({"head"}):
            raise not_of_role({"head"})
        return asking.clerk.reject(
            id, reason=body.reason, command=asking.command, version=asking.version, digest=digest
        )

    return asking.on_application(application, "change-rejected", {"reason": body.reason}, rejected)


def _change_row(entries: list[Entry], seen_by: Viewer) -> dict[str, Any]:
    """The last change asked for on a stream, with the bodies of its facts."""
    entry = next(one for one in reversed(entries) if isinstance(one.fact, ChangeRequested))
    change: ChangeRequested = entry.fact
    received = fold(entries).received
    concerned = {one.person for part in (received.parts if received else ()) for one in part.concerned}
    asked = shapes.asked_change(change)
    if asked.get("recorded_later") and not all(map(seen_by.sees, concerned.union(change.people))):
        asked |= {"recorded_later": HIDDEN}
    return {
        "application": str(entry.stream),
        "version": entries[-1].version,
        **asked,
        "after": change.after,
        "label_uk": texts.label("asked", change.asked_for),
        "facts": [_fact_row(one, said, change, seen_by) for one in change.streams for said in one.facts],
        "recorded_at": instant_text(entry.recorded_at),
        "asked_by": {"id": entry.by.id, "name": entry.by.name},
    }


def _fact_row(on: ChangedStream, said: dict[str, Any], change: ChangeRequested, seen_by: Viewer) -> dict[str, Any]:
    """A fact and whose it is; a new dwelling tells where somebody whom the change is about lived."""
    of_list = AGGREGATE_OF.get(said["name"])
    whose = of_list if of_list in ("territory", "street") else "person" if on.stream in change.people else "dwelling"
    about = [on.stream] if whose == "person" else change.people
    body = said["body"] if all(map(seen_by.sees, about)) else dict.fromkeys(said["body"], HIDDEN)
    return {"label_uk": texts.label("asked", said["name"]), **said, "body": body, whose: str(on.stream)}

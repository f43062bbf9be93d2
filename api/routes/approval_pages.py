"""Approval as pages: what waits for a second person, each change as it was and as it would be, and the word on it.

The form is bound to the version that the page shows, and to one command: what was changed meanwhile is refused with the
page as it is now, and the same press again is the same act.
"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.acts import Asking, of_press
from api.desk import Desk, desk_of
from api.errors import KeyReused, OutdatedChange, Stale, input_fault, not_of_role, problem_of, told
from api.forms import Rejection
from api.routes import approving
from api.shapes import approvals
from api.shapes.approvals import AskedChange
from api.shapes.cards import rendered
from registry import community, seals, texts
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.values import Impossible, id_of
from registry.app import LostRace
from registry.extracts.issuing import CannotIssue
from registry.questions import NotFound
from registry.viewer import Hidden, insist

router = APIRouter(include_in_schema=False)
REFUSALS = (Impossible, Stale, OutdatedChange, LostRace, KeyReused, CannotIssue)
ROWS = 200
"""How many rows of a difference a page shows: a list of houses may have thousands."""
Grounded = Annotated[str, Query(max_length=40)]


class Word(BaseModel):
    """The form as sent; `command` is of the form, `version` what it was drawn at, `ground` on what it is looked at."""

    reason: str = ""
    command: str = ""
    version: str = ""
    ground: str = ""


@router.get("/approvals")
def listed(request: Request) -> Response:
    """What waits, the oldest first, and how much in all."""
    desk = desk_of(request)
    waiting, count = approvals.queue(desk)
    return rendered(request, "approvals.html", rows=approvals.of_queue(desk, waiting), count=count)


@router.get("/approvals/{change}")
def one(change: str, request: Request, ground: Grounded = "") -> Response:
    """A change with all that its approval would do; of one that was decided, how."""
    desk = _on_ground(request, ground)
    asked = _found(desk, change)
    try:
        insist(desk.viewer, *asked.people)
    except Hidden:
        grounds = sorted({id for role in desk.who.roles for id in seals.GROUNDS_OF.get(role, ())})
        if asked.waits and (ground or not grounds):
            raise
        return rendered(request, "approval_hidden.html", 403 if asked.waits else 200, change=asked, grounds=grounds)
    return _page(request, desk, asked, Word(ground=ground))


@router.post("/approvals/{change}/approval")
def approve(change: str, typed: Annotated[Word, Form()], request: Request) -> Response:
    """Records what was asked for, and comes back to it; or the page again with what stands in the way."""

    def approved(desk: Desk, asking: Asking) -> None:
        if id_of(change) == COMMUNITY:
            community.approve(desk.registry, desk.actor, command=asking.command, version=asking.version)
        else:
            approving.approve(change, asking, request)

    return _said(change, typed, request, approved)


@router.post("/approvals/{change}/rejection")
def reject(change: str, typed: Annotated[Word, Form()], request: Request) -> Response:
    """The change is not to be; with a reason, by a head or by who asked."""

    def rejected(desk: Desk, asking: Asking) -> None:
        body = Rejection(reason=typed.reason)
        if id_of(change) != COMMUNITY:
            approving.reject(change, body, asking)
            return
        asked_by = desk.registry.community().asked_by
        if asked_by and asked_by.id != desk.actor.id and not desk.who.may({"head"}):
            raise not_of_role({"head"})
        community.reject(desk.registry, desk.actor, body.reason, command=asking.command, version=asking.version)

    return _said(change, typed, request, rejected)


def _said(change: str, typed: Word, request: Request, act: Callable[[Desk, Asking], None]) -> Response:
    """The word on a change, or the page as it is now with why it was not recorded."""
    desk = _on_ground(request, typed.ground)
    asked = _found(desk, change)
    insist(desk.viewer, *asked.people)
    asking = of_press(request, desk, typed.command, typed.version)
    try:
        act(desk, asking)
    except ValidationError as error:
        faults = [input_fault({**one, "loc": ("body", *one["loc"])})["detail"] for one in error.errors()]
        return _page(request, desk, _found(desk, change), typed, faults, 422, at_reason=True)
    except REFUSALS as error:
        # Only of the community itself: of an application the act says so.
        problem = problem_of(request, Stale(error) if isinstance(error, LostRace) else error)
        faults = [one["detail"] for one in problem.errors] or [problem.body()["detail"]]
        at_reason = {one["field"] for one in problem.errors} == {"reason"}
        return _page(request, desk, _found(desk, change), typed, faults, problem.status, at_reason=at_reason)
    query = f"?ground={typed.ground}" if desk.ground else ""
    return RedirectResponse(f"/approvals/{asked.stream}{query}", 303)


def _on_ground(request: Request, ground: str) -> Desk:
    """The desk of a request whose page names on what it looks at what is sealed."""
    desk = desk_of(request)
    if ground not in seals.GROUNDS or desk.ground:
        return desk
    request.state.ground = seals.NamedGround(ground)
    return desk_of(request)


def _found(desk: Desk, name: str) -> AskedChange:
    id = id_of(name)
    if id is None:
        raise NotFound(texts.TEXTS["faults"]["application-unknown"])
    return approvals.found(desk, id)


def _page(
    request: Request,
    desk: Desk,
    change: AskedChange,
    typed: Word,
    faults: list[str] | None = None,
    status: int = 200,
    *,
    at_reason: bool = False,
) -> Response:
    waiting, count = approvals.queue(desk)
    shown: dict[str, Any] = {
        "change": change,
        "told": approvals.told(desk, change),
        "reasons": approvals.reasons(change),
        "why": approvals.why_waits(change),
        "outcomes": approvals.outcomes(change),
        "papers": approvals.papers_of(desk, change),
        "mine": approvals.is_mine(desk, change),
        "typed": typed,
        "faults": faults or [],
        "at_reason": at_reason,
        "command": uuid4(),
        "count": count,
        "limit": ROWS,
        "on_ground": desk.ground.id if desk.ground else "",
        **approvals.beside(waiting, change.stream),
    }
    if change.waits:
        shown |= approvals.consequences(desk, change)
        shown["barred"] = [one["detail"] for one in told(desk.registry, shown["barred"], None, seen_by=desk.viewer)]
    if following := shown["next"]:
        shown["following"] = approvals.of_queue(desk, [following])[0]
    return rendered(request, "approval.html", status, **shown)

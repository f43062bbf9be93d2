"""Pages of who stands in for a head, and of what was done with users and keys."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.desk import Desk, desk_of
from api.routes.staffing import day_of, faults_of
from api.shapes import staff
from api.shapes.cards import rendered
from registry import texts
from registry.staff import events, substitutes, users
from registry.staff.events import StaffError, refused

router = APIRouter(include_in_schema=False)
SHOWN = 100


class SubstituteForm(BaseModel):
    """A substitute as typed, with the first and the last day."""

    substitute: str = ""
    since: str = ""
    until: str = ""


@router.get("/substitutes")
def listed(request: Request, done: str = "") -> Response:
    """Who stands in for whom; a head's own form for another."""
    form = SubstituteForm(since=texts.day(desk_of(request).today()))
    return _page(request, form, done=done)


@router.post("/substitutes")
def appoint(request: Request, form: Annotated[SubstituteForm, Form()]) -> Response:
    """A head names who stands in for them, and for nobody else."""
    desk = desk_of(request)
    try:
        since, last = day_of(form.since, "since"), day_of(form.until, "until")
        if since is None:
            raise StaffError(texts.say("staff_pages", "no_day"), "since")
        substitutes.stand_in(
            desk.registry.staff,
            head=desk.actor.id,
            substitute=form.substitute,
            since=since,
            until=last and last + timedelta(days=1),
            by=desk.actor,
            now=desk.now(),
        )
    except StaffError as error:
        return _page(request, form, error)
    return RedirectResponse("/substitutes?done=appointed", 303)


@router.post("/substitutes/end")
def end(request: Request, substitute: Annotated[str, Form()] = "") -> Response:
    """A head's own substitute stands in no more."""
    desk = desk_of(request)
    own = substitutes.listed(desk.registry.staff, head=desk.actor.id)
    found: UUID | None = next((one.id for one in own if str(one.id) == substitute), None)
    if found is None:
        return _page(request, SubstituteForm(), refused("no_stand_in"))
    substitutes.end(desk.registry.staff, found, by=desk.actor, now=desk.now())
    return RedirectResponse("/substitutes?done=substitute-ended", 303)


@router.get("/staff-events")
def happened(request: Request, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None) -> Response:
    """What was done with users, substitutes and keys, the latest first."""
    desk = desk_of(request)
    found = events.listed(desk.registry.staff, limit=SHOWN + 1, before=before)
    here = desk.here()
    shown: dict[str, Any] = {
        "events": [staff.event_row(here, event) for event in found[:SHOWN]],
        "next": found[SHOWN - 1].number if len(found) > SHOWN else None,
    }
    return rendered(request, "staff_events.html", **shown)


def _page(request: Request, form: SubstituteForm, error: StaffError | None = None, done: str = "") -> Response:
    desk = desk_of(request)
    listed, login = substitutes.listed(desk.registry.staff), desk.actor.id
    if not desk.who.may({"admin"}):
        listed = [one for one in listed if login in (one.head.id, one.substitute.id)]
    everybody = users.listed(desk.registry.staff)
    shown: dict[str, Any] = {
        "substitutes": [staff.substitute_row(one, desk.today(), login) for one in listed],
        "is_head": any(one.login == login and one.role == "head" for one in everybody),
        "may": [(one.login, one.name) for one in everybody if _may(desk, one)],
        "typed": form,
        "faults": faults_of(error, tuple(SubstituteForm.model_fields)),
        "done": texts.TEXTS["staff_done"].get(done),
    }
    return rendered(request, "substitutes.html", 422 if error else 200, **shown)


def _may(desk: Desk, user: users.User) -> bool:
    return user.role in substitutes.MAY and not user.disabled_at and user.login != desk.actor.id

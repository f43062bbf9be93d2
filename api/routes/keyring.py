"""Pages of the administrator: who is signed in, and the keys of programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.cookies import terms_of
from api.desk import desk_of
from api.routes.staffing import day_of, faults_of
from api.shapes import staff
from api.shapes.cards import rendered
from registry import texts
from registry.aggregates.values import id_of
from registry.questions import NotFound
from registry.roles import ROLES
from registry.staff import keys, sessions
from registry.staff.events import StaffError
from registry.storage.mapper import day_over

router = APIRouter(include_in_schema=False)
NO_KEY = UUID(int=0)


class KeyForm(BaseModel):
    """A key as typed; `expires_at` is its last day."""

    name: str = ""
    role: str = ""
    expires_at: str = ""


class EndForm(BaseModel):
    """Which session is ended, or whose all; `at` is the login whose page it is done on."""

    session: str = ""
    user: str = ""
    at: str = ""


@router.get("/sessions")
def signed_in(request: Request, done: str = "") -> Response:
    """Every open session."""
    desk = desk_of(request)
    there = sessions.open_ones(desk.registry.staff, now=desk.now(), terms=terms_of(desk.settings))
    rows = [staff.session_row(session, desk.who.session) for session in there]
    return rendered(request, "sessions.html", sessions=rows, done=texts.TEXTS["staff_done"].get(done))


@router.post("/sessions/end")
def end_sessions(request: Request, form: Annotated[EndForm, Form()]) -> Response:
    """One session ends, or all of a user but the one that is at work."""
    desk = desk_of(request)
    there = sessions.open_ones(desk.registry.staff, now=desk.now(), terms=terms_of(desk.settings))
    found = next((one for one in there if form.session == str(one.id) or form.user == one.user.login), None)
    if found is None:
        raise NotFound(texts.say("staff_pages", "no_such_session"))
    if form.session:
        sessions.end(desk.registry.staff, found.id, now=desk.now(), why="ended-by-admin")
    else:
        own = desk.who.session
        sessions.end_all(desk.registry.staff, found.user.id, now=desk.now(), why="ended-by-admin", but=own)
    done = "session-ended" if form.session else "sessions-ended"
    place = f"/staff/{found.user.login}" if form.at == found.user.login else "/sessions"
    return RedirectResponse(f"{place}?done={done}", 303)


@router.get("/keys")
def keyring(request: Request, done: str = "") -> Response:
    """The keys of programs, and a form for another."""
    return _keys(request, KeyForm(), done=done)


@router.post("/keys")
def add_key(request: Request, form: Annotated[KeyForm, Form()]) -> Response:
    """Another key; its text is on the answer and nowhere else."""
    desk = desk_of(request)
    try:
        if not form.role:
            raise StaffError(texts.say("staff_pages", "choose_role"), "role")
        key, text = keys.add(
            desk.registry.staff,
            name=form.name,
            role=form.role,  # type: ignore[arg-type]  # what is none is refused there
            by=desk.actor,
            now=desk.now(),
            expires_at=_end_of(form.expires_at),
        )
    except StaffError as error:
        return _keys(request, form, error)
    return rendered(request, "shown_once.html", title="new_key", of=key, secret=text)


@router.post("/keys/end")
def end_key(request: Request, key: Annotated[str, Form()] = "") -> Response:
    """A key opens nothing any more."""
    desk = desk_of(request)
    try:
        keys.end(desk.registry.staff, id_of(key) or NO_KEY, by=desk.actor, now=desk.now())
    except StaffError as error:
        return _keys(request, KeyForm(), error)
    return RedirectResponse("/keys?done=key-ended", 303)


def _keys(request: Request, form: KeyForm, error: StaffError | None = None, done: str = "") -> Response:
    desk = desk_of(request)
    shown: dict[str, Any] = {
        "keys": [staff.key_row(one, desk.now()) for one in keys.listed(desk.registry.staff)],
        "roles": [(one, texts.label("roles", one)) for one in ROLES],
        "typed": form,
        "faults": faults_of(error, tuple(KeyForm.model_fields)),
        "done": texts.TEXTS["staff_done"].get(done),
    }
    return rendered(request, "keyring.html", 422 if error else 200, **shown)


def _end_of(typed: str) -> datetime | None:
    """The instant (UTC) at which a last day in Kyiv is over. Raises StaffError for what is no day."""
    day = day_of(typed, "expires_at")
    return day_over(day) if day else None

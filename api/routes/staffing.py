"""Pages of the administrator: users, and one of them. They see no person of the register, here or anywhere."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.cookies import terms_of
from api.desk import Desk, desk_of
from api.shapes import staff
from api.shapes.cards import rendered
from registry import texts, typed_days
from registry.questions import NotFound
from registry.roles import ROLES
from registry.staff import events, sessions, users
from registry.staff.events import StaffError
from registry.staff.users import User

router = APIRouter(include_in_schema=False)
LATEST = 20
"""How many of the events of one user their page shows."""
OF_PEOPLE = tuple(one for one in ROLES if one != "machine")


class UserForm(BaseModel):
    """A user as typed; nothing of it is refused before it can be said beside its field."""

    login: str = ""
    name: str = ""
    role: str = ""
    office: str = ""
    os_account: str = ""


@router.get("/staff")
def listed(request: Request) -> Response:
    """Everybody who has a login, and a form for another."""
    return _list(request, UserForm())


@router.post("/staff")
def add(request: Request, form: Annotated[UserForm, Form()]) -> Response:
    """Another user; their password is on the answer and nowhere else."""
    desk = desk_of(request)
    try:
        user, password = users.add(
            desk.registry.staff, login=form.login.strip(), by=desk.actor, now=desk.now(), **_said(desk, form)
        )
    except StaffError as error:
        return _list(request, form, error)
    return _secret(request, user, password)


@router.get("/staff/{login}")
def one(request: Request, login: str, done: str = "") -> Response:
    """A user: who they are, their sessions, what was done with them."""
    user = _known(desk_of(request), login)
    form = UserForm(name=user.name, role=user.role, office=user.office or "", os_account=user.os_account or "")
    return _page(request, user, form, done=done)


@router.post("/staff/{login}")
def change(request: Request, login: str, form: Annotated[UserForm, Form()]) -> Response:
    """Another name, role, office or account; the role holds at once."""
    desk = desk_of(request)
    user = _known(desk, login)
    try:
        users.change(desk.registry.staff, login, by=desk.actor, now=desk.now(), **_said(desk, form))
    except StaffError as error:
        return _page(request, user, form, error)
    return _back(login, "changed")


@router.post("/staff/{login}/reset")
def reset(request: Request, login: str) -> Response:
    """A new temporary password, likewise."""
    desk = desk_of(request)
    _known(desk, login)
    return _secret(request, *users.reset(desk.registry.staff, login, by=desk.actor, now=desk.now()))


@router.post("/staff/{login}/disable")
def disable(request: Request, login: str) -> Response:
    """They sign in no more."""
    desk = desk_of(request)
    user = _known(desk, login)
    try:
        users.disable(desk.registry.staff, login, by=desk.actor, now=desk.now())
    except StaffError as error:
        form = UserForm(name=user.name, role=user.role, office=user.office or "", os_account=user.os_account or "")
        return _page(request, user, form, error)
    return _back(login, "disabled")


def faults_of(error: StaffError | None, fields: tuple[str, ...]) -> dict[str, str]:
    """What is wrong, by the field of the page that it stands at; under "" what belongs to none."""
    if error is None:
        return {}
    return {error.field if error.field in fields else "": str(error)}


def day_of(typed: str, field: str) -> date | None:
    """A day as typed. Raises StaffError for what is none."""
    said = typed_days.whole_day(typed.strip() or None)
    if said.faults:
        raise StaffError(texts.say("staff_pages", "no_day"), field)
    return date.fromisoformat(said.value) if said.value else None


def _said(desk: Desk, form: UserForm) -> dict[str, Any]:
    """What is said of a user. Raises StaffError for no role: none is the one that somebody gets by not choosing."""
    if not form.role:
        raise StaffError(texts.say("staff_pages", "choose_role"), "role")
    said: dict[str, Any] = form.model_dump(exclude={"login"})
    return {**said, "office": form.office or None, "os_account": form.os_account or None, "offices": _offices(desk)}


def _list(request: Request, form: UserForm, error: StaffError | None = None) -> Response:
    desk = desk_of(request)
    there, here = _open(desk), desk.here()
    shown: dict[str, Any] = {
        "users": [staff.user_row(here, user, there) for user in users.listed(desk.registry.staff)],
        "typed": form,
        "faults": faults_of(error, tuple(UserForm.model_fields)),
        **_choices(desk),
    }
    return rendered(request, "staff.html", 422 if error else 200, **shown)


def _page(request: Request, user: User, form: UserForm, error: StaffError | None = None, done: str = "") -> Response:
    desk = desk_of(request)
    here = desk.here()
    own = desk.who.session
    shown: dict[str, Any] = {
        "user": staff.user_row(here, user, ()),
        "made": user.made_at,
        "oneself": user.login == desk.actor.id,
        "closed": user.disabled_at is not None,
        "sessions": [staff.session_row(session, own) for session in _open(desk, user)],
        "events": [
            staff.event_row(here, event) for event in events.listed(desk.registry.staff, whom=user.login, limit=LATEST)
        ],
        "typed": form,
        "faults": faults_of(error, ("name", "role", "office", "os_account")),
        "done": texts.TEXTS["staff_done"].get(done),
        **_choices(desk),
    }
    return rendered(request, "staff_user.html", 422 if error else 200, **shown)


def _secret(request: Request, user: User, password: str) -> Response:
    return rendered(request, "shown_once.html", title="new_password", of=user, secret=password)


def _known(desk: Desk, login: str) -> User:
    user = users.of_login(desk.registry.staff, login)
    if user is None:
        raise NotFound(texts.say("staff_pages", "no_such_user"))
    return user


def _open(desk: Desk, user: User | None = None) -> list[sessions.Session]:
    terms = terms_of(desk.settings)
    return sessions.open_ones(desk.registry.staff, now=desk.now(), terms=terms, user=user.id if user else None)


def _choices(desk: Desk) -> Mapping[str, Any]:
    """What roles there are for people, and what offices."""
    return {"roles": [(one, texts.label("roles", one)) for one in OF_PEOPLE], "offices": list(_offices(desk).items())}


def _offices(desk: Desk) -> dict[str, str]:
    return {id: office.name for id, office in desk.here().timetable.offices.items()}


def _back(login: str, done: str) -> Response:
    return RedirectResponse(f"/staff/{login}?done={done}", 303)

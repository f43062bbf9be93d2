"""What somebody who works here has of their own: the password, the PIN, the sessions."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import cookies, signing
from api.attempts import TooOften
from api.desk import desk_of
from api.errors import Problem
from api.shapes.cards import rendered
from api.shapes.staff import browser
from registry import texts
from registry.staff import sessions, sign_ins, users
from registry.staff.sessions import Session
from registry.staff.users import StaffError

router = APIRouter(include_in_schema=False)
Secret = Annotated[str, Form(max_length=300)]
To = Annotated[str, Form(max_length=600)]


@router.get("/password")
def ask_password(request: Request, to: str = "/") -> Response:
    return _password(request, _own(request), to)


@router.post("/password")
async def set_password(
    request: Request, current: Secret = "", password: Secret = "", again: Secret = "", to: To = "/"
) -> Response:
    """A new password; whoever was given a first one has just typed it. All other sessions end, and this one goes on
    under a new cookie."""
    desk, session = desk_of(request), _own(request)
    staff, user, attempts = desk.registry.staff, session.user, request.app.state.attempts
    if password != again:
        return await run_in_threadpool(_password, request, session, to, again=texts.say("password_page", "differs"))
    if not user.must_change and (fault := await _not_theirs(request, session, current)):
        return await run_in_threadpool(_password, request, session, to, current=fault)
    try:
        await attempts.known(partial(users.set_password, staff, user.id, password, now=desk.now()))
    except StaffError as error:
        return await run_in_threadpool(_password, request, session, to, password=str(error))
    then = signing.own_path(to)
    if not user.has_pin:
        then = f"/pin?{urlencode({'to': then})}"
    return await run_in_threadpool(_again, request, session, then)


@router.get("/pin")
def ask_pin(request: Request, to: str = "/") -> Response:
    return _pin(request, _own(request), to)


@router.post("/pin")
async def set_pin(
    request: Request, pin: Secret = "", again: Secret = "", current: Secret = "", to: To = "/"
) -> Response:
    """A PIN; who has one already gives their password too: whoever finds an open screen shall not change it."""
    desk, session = desk_of(request), _own(request)
    if pin != again:
        return await run_in_threadpool(_pin, request, session, to, again=texts.say("pin_page", "differs"))
    if session.user.has_pin and (fault := await _not_theirs(request, session, current)):
        return await run_in_threadpool(_pin, request, session, to, current=fault)
    try:
        await run_in_threadpool(users.set_pin, desk.registry.staff, session.user.id, pin, now=desk.now())
    except StaffError as error:
        return await run_in_threadpool(_pin, request, session, to, pin=str(error))
    return signing.led(to)


@router.get("/me")
def me(request: Request) -> Response:
    desk, session = desk_of(request), _own(request)
    staff, user = desk.registry.staff, session.user
    terms = cookies.terms_of(desk.settings)
    open_ones = sessions.open_ones(staff, now=desk.now(), terms=terms, user=user.id)
    latest = sign_ins.latest(staff, user.id)
    agents = {*(one.agent for one in open_ones), *(one.agent for one in latest)}
    browsers = {agent: browser(agent) for agent in agents}
    return rendered(request, "me.html", user=user, this=session.id, open=open_ones, latest=latest, browsers=browsers)


@router.post("/me/end")
def end(request: Request, session: Annotated[UUID | None, Form()] = None) -> Response:
    """Ends one session of one's own, or all but this one."""
    desk, own = desk_of(request), _own(request)
    staff, now = desk.registry.staff, desk.now()
    if session is None:
        sessions.end_all(staff, own.user.id, now=now, why="signed-out", but=own.id)
        return RedirectResponse("/me", 303)
    terms = cookies.terms_of(desk.settings)
    theirs = sessions.open_ones(staff, now=now, terms=terms, user=own.user.id)
    if session not in {one.id for one in theirs}:
        raise Problem(404, "not-found")
    sessions.end(staff, session, now=now, why="signed-out")
    return RedirectResponse("/me", 303)


def _own(request: Request) -> Session:
    """The session that the request comes in; a program's key has none, and nothing of its own here."""
    session: Session | None = request.state.session
    if session is None:
        raise Problem(404, "not-found")
    return session


async def _not_theirs(request: Request, session: Session, password: str) -> str | None:
    """What is wrong with a password that is said to be theirs."""
    staff, login = desk_of(request).registry.staff, session.user.login
    try:
        user = await request.app.state.attempts.password(
            login, signing.address_of(request), str(session.id), lambda: users.with_password(staff, login, password)
        )
    except TooOften as refused:
        return texts.say("sign_in_page", "often", refused.seconds)
    return None if user else texts.say("password_page", "wrong")


def _again(request: Request, session: Session, to: str) -> Response:
    """The same session, begun anew after all of theirs ended with the old password."""
    desk = desk_of(request)
    staff, user = desk.registry.staff, session.user
    sessions.end_all(staff, user.id, now=desk.now(), why="password-changed")
    answer = signing.begun(request, desk, user, session.visit, "/")
    answer.headers["Location"] = to
    return answer


def _password(request: Request, session: Session, to: str, **faults: str) -> Response:
    shown: dict[str, Any] = {"to": signing.own_path(to), "faults": faults, "first": session.user.must_change}
    return rendered(request, "password.html", 422 if faults else 200, login=session.user.login, **shown)


def _pin(request: Request, session: Session, to: str, **faults: str) -> Response:
    shown: dict[str, Any] = {"to": signing.own_path(to), "faults": faults, "had": session.user.has_pin}
    return rendered(request, "pin.html", 422 if faults else 200, login=session.user.login, **shown)

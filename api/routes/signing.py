"""Signing in and out, and the lock of the screen.

One answer for whatever was wrong with a login and a password. The page of the lock says nothing of what was open.
"""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from api import cookies, signing
from api.attempts import Attempts, TooOften
from api.desk import desk_of
from api.errors import wants_json
from api.shapes.cards import rendered
from api.shapes.words import templates
from registry import texts
from registry.staff import sessions, visits
from registry.staff.sessions import Session
from registry.staff.users import StaffError

router = APIRouter(include_in_schema=False)
OF_UKRAINIAN_KEYS = re.compile(r"[\u0400-\u04ff]")
LONGEST = 300
Typed = Annotated[str, Form(max_length=LONGEST)]
To = Annotated[str, Form(max_length=600)]


@router.get("/sign-in")
def ask(request: Request, to: str = "/") -> Response:
    return _sign_in(request, to)


@router.post("/sign-in")
async def sign_in(request: Request, login: Typed = "", password: Typed = "", to: To = "/") -> Response:
    attempts: Attempts = request.app.state.attempts
    desk, login = desk_of(request), login.strip().lower()
    if not login or not password:
        return _sign_in(request, to, login, "empty", 422)
    if OF_UKRAINIAN_KEYS.search(login):
        # No login has such letters: nothing is told by saying so.
        return _sign_in(request, to, login, "cyrillic", 422)
    address = signing.address_of(request)
    try:
        if not cookies.device_of(request):
            attempts.insist(login, address)
        device, check = await run_in_threadpool(signing.tried, request, login, password)
        user = await attempts.password(login, address, device, check)
    except TooOften as refused:
        await attempts.hold()
        return _sign_in(request, to, login, "often", 429, refused.seconds)
    if user is None:
        return _sign_in(request, to, login, "wrong", 422)
    try:
        return await run_in_threadpool(signing.signed_in, request, desk, user, to)
    except StaffError:
        return _sign_in(request, to, login, "wrong", 422)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    desk, session = desk_of(request), request.state.session
    if session:
        sessions.end(desk.registry.staff, session.id, now=desk.now(), why="signed-out")
    answer = RedirectResponse("/sign-in", 303)
    cookies.forget(answer, desk.settings)
    return answer


@router.post("/lock")
def lock(request: Request, to: To = "/") -> Response:
    """At once; a script of ours that shows its own lock is told no more than that."""
    desk, session = desk_of(request), request.state.session
    if session:
        sessions.lock(desk.registry.staff, session.id, now=desk.now())
    return Response(status_code=204) if wants_json(request) else _to_unlock(to)


@router.post("/seen", status_code=204)
def seen(request: Request) -> Response:
    """Somebody types: the door has seen to it that the session is not idle."""
    return Response(status_code=204)


@router.get("/unlock")
def ask_pin(request: Request, to: str = "/", by: str = "") -> Response:
    session: Session | None = request.state.session
    if not session or not session.locked_at:
        return signing.led(to)
    return _locked(request, session, to, by_password=by == "password")


@router.post("/unlock")
async def unlock(
    request: Request, pin: Typed = "", password: Annotated[str | None, Form(max_length=LONGEST)] = None, to: To = "/"
) -> Response:
    """By PIN; by password where there is none, or it is forgotten: the session and its visit go on."""
    desk, session = desk_of(request), request.state.session
    staff = desk.registry.staff
    if not session or not session.locked_at:
        return _open(request, to)
    if password is None:
        left = await run_in_threadpool(sessions.unlock, staff, session, pin.strip(), now=desk.now())
        if left == 0:
            return _open(request, to)
        if left < 0:
            return await run_in_threadpool(_over, request, to)
        said = texts.say("lock_page", "wrong_pin_last" if left == 1 else "wrong_pin", left)
        return await run_in_threadpool(_locked, request, session, to, said)
    login = session.user.login
    device, check = await run_in_threadpool(signing.tried, request, login, password)
    try:
        user = await request.app.state.attempts.password(login, signing.address_of(request), device, check)
    except TooOften as refused:
        said = texts.say("sign_in_page", "often", refused.seconds)
        return await run_in_threadpool(_locked, request, session, to, said, 429, by_password=True)
    if user is None:
        said = texts.say("lock_page", "wrong_password")
        return await run_in_threadpool(_locked, request, session, to, said, by_password=True)
    await run_in_threadpool(sessions.reopen, staff, session.id, now=desk.now())
    return _open(request, to)


def _sign_in(
    request: Request, to: str, login: str = "", fault: str | None = None, status: int = 200, seconds: int = 0
) -> Response:
    """The page; what was typed comes back but for the password. Whoever is refused costs no question to a database."""
    request.state.refused = fault is not None
    shown = {"to": signing.own_path(to), "login": login, "fault": fault, "seconds": seconds}
    answer = templates.TemplateResponse(request, "sign_in.html", shown, status_code=status)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _locked(
    request: Request,
    session: Session,
    to: str,
    fault: str | None = None,
    status: int = 422,
    *,
    by_password: bool = False,
) -> Response:
    if fault and wants_json(request):
        return JSONResponse({"fault": fault}, status)
    by_password = by_password or not session.user.has_pin
    visit = visits.of(request.app.state.registry.staff, session.visit) if session.visit else None
    shown = {"to": signing.own_path(to), "locked": session, "visit": visit, "fault": fault, "by_password": by_password}
    return rendered(request, "lock.html", status if fault else 200, **shown)


def _open(request: Request, to: str) -> Response:
    return Response(status_code=204) if wants_json(request) else signing.led(to)


def _over(request: Request, to: str) -> Response:
    """The fifth wrong PIN: the session is over."""
    if wants_json(request):
        answer: Response = JSONResponse({"over": True}, 401)
    else:
        answer = _sign_in(request, to, fault="pin", status=422)
    cookies.forget(answer, request.app.state.settings)
    return answer


def _to_unlock(to: str) -> Response:
    return RedirectResponse(f"/unlock?{urlencode({'to': signing.own_path(to)})}", 303)

"""What signing in leaves behind: a session with a cookie of its own, a browser that is known, and the way back."""

import re
from collections.abc import Callable
from functools import partial
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.desk import Desk
from api.limits import asker
from registry.staff import devices, sessions, users
from registry.staff.sessions import Session
from registry.staff.users import User
from registry.storage.recorder import Datastore

OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,499}")
"""A path of ours as a browser reads it: it takes `\\` for `/`, and leaves out tabs and ends of lines."""
ELSEWHERE = re.compile(r"/(sign-in|sign-out|lock|unlock|password|pin|seen|visit(/end)?)(?![^?#])")
"""Where nobody is led back to: they would come round again, or there is no page."""


def own_path(to: str) -> str:
    """Where to go afterwards: a path of ours; the first page in place of anything else."""
    return to if OWN_PATH.fullmatch(to) and not ELSEWHERE.match(to) else "/"


def led(to: str) -> RedirectResponse:
    """To a page of ours, by GET."""
    return RedirectResponse(own_path(to), 303)


def address_of(request: Request) -> str:
    """The address that somebody signs in from, behind proxies of ours too."""
    peer = request.client.host if request.client else ""
    return asker(peer, request.headers.getlist("x-forwarded-for"), request.app.state.settings.proxies)


def tried(request: Request, login: str, password: str) -> tuple[str | None, Callable[[], User | None] | None]:
    """What `Attempts.password` is to know of a login: the token by which this browser is known as its own, if it is,
    and how its password is tried; None of anything if nobody has it."""
    staff: Datastore = request.app.state.registry.staff
    user = users.of_login(staff, login)
    if user is None:
        return None, None
    device = next((one for one in cookies.devices_of(request) if devices.of_token(staff, one) == user.id), None)
    return device, partial(users.with_password, staff, login, password)


def signed_in(request: Request, desk: Desk, user: User, to: str) -> Response:
    """Begins a session of somebody who gave their password, and ends the one that the browser had. The visit goes on if
    that was theirs too; another's is over."""
    staff, now = desk.registry.staff, desk.now()
    cookie = cookies.session_of(request)
    before = sessions.of_cookie(staff, cookie, now=now, terms=cookies.terms_of(desk.settings)) if cookie else None
    visit = None
    if before:
        if before.user.id == user.id:
            visit = taken_along(staff, before)
        sessions.end(staff, before.id, now=now, why="signed-out")
    answer = begun(request, desk, user, visit, to)
    tokens = cookies.devices_of(request)
    if not any(devices.of_token(staff, one) == user.id for one in tokens):
        tokens = [devices.remember(staff, user.id, now), *tokens][: cookies.BROWSERS]
    cookies.set_device(answer, ".".join(tokens), desk.settings)
    return answer


def begun(request: Request, desk: Desk, user: User, visit: UUID | None, to: str) -> Response:
    """Begins a session, in which a visit goes on, and leads to where its owner was going."""
    staff, settings = desk.registry.staff, desk.settings
    cookie, session = sessions.begin(
        staff,
        user,
        now=desk.now(),
        terms=cookies.terms_of(settings),
        address=address_of(request),
        agent=request.headers.get("user-agent"),
    )
    if visit:
        sessions.in_visit(staff, session.id, visit)
    answer = led(to)
    cookies.set_session(answer, cookie, settings)
    return answer


def taken_along(staff: Datastore, session: Session) -> UUID | None:
    """The visit of a session, which goes on in the next one: it does not end with this."""
    sessions.in_visit(staff, session.id, None)
    return session.visit

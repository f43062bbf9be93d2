"""The door: who comes, and whether a role of theirs opens the route (`api.rights`).

Whoever has not signed in learns nothing but whether there is such an address: of what the register has every answer is
the same. It stands within the guard and before the body is read; what a form has to carry is asked for once it is.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors, kept, looking, methods
from api.callers import STRANGER, Caller, bearer
from api.rights import ANYONE, ROUTES, Rights, first_page
from api.ways import PUBLIC
from registry.roles import Role

PATHS = 256
"""Of so many paths it is remembered which routes they are."""
WHILE_LOCKED = frozenset({"/unlock", "/lock", "/sign-out"})
"""What somebody may open whose screen is locked, or to lock it."""
WITH_FIRST_PASSWORD = WHILE_LOCKED | {"/password"}
"""What somebody may open who has yet to choose a password of their own."""


class Door:
    """Lets in whoever may; `routes` are those of the application. Raises KeyError for one that has no rights."""

    def __init__(self, app: ASGIApp, routes: Iterable[Any]):
        self.app = app
        self.rights = [
            (route, {one: ROUTES[f"{one} {route.path}"] for one in methods.of_route(route)})
            for route in methods.routes_within(routes)
        ]
        self._at = lru_cache(PATHS)(self._matching)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = await self._refusal(scope) if scope["type"] == "http" else None
        if refused and refused.status_code == 401 and kept.may_be_kept(request := Request(scope, receive)):
            refused = kept.led(request) if await kept.keep(request, await kept.read(request)) else refused
        await (refused or self.app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        """What is answered instead; None lets in."""
        request, rights = Request(scope), self._rights(scope)
        state = scope.setdefault("state", {})
        state |= {"who": STRANGER.who, "csrf": STRANGER.csrf, "session": None}
        # Where a page of ours is shown to anybody, whoever is signed in is still greeted; not where the public comes.
        if rights == ANYONE and PUBLIC.fullmatch(scope["path"]):
            return None
        return await run_in_threadpool(_met, request, rights)

    def _rights(self, scope: Scope) -> Rights | None:
        """The roles of what is asked for; None where there is no such address. What no route answers, and OPTIONS, is
        for whoever may ask anything there."""
        path, method = methods.path_of(scope), "GET" if scope["method"] == "HEAD" else scope["method"]
        at = self._at(path)
        if not at:
            return None
        for route, rights in at:
            if method in rights:
                scope["route"] = route  # for the log, if it is refused
                return rights[method]
        every = [one for _, rights in at for one in rights.values()]
        named = [one for one in every if one != ANYONE]
        return frozenset().union(*named) if len(named) == len(every) else ANYONE

    def _matching(self, path: str) -> list[tuple[Any, dict[str, Rights]]]:
        return [(route, rights) for route, rights in self.rights if methods.matches(route, path)]


def _met(request: Request, rights: Rights | None) -> Response | None:
    """Who comes, and why they look, by the database: what is answered instead; None lets in."""
    state, app = request.scope["state"], request.app.state
    caller = app.callers.of(request)
    state |= {"who": caller.who, "csrf": caller.csrf}
    if rights is None or rights == ANYONE:
        return None
    state["session"] = caller.session
    if refused := _refused(request, caller, rights):
        return refused
    found = looking.with_reason(caller.who, request.headers, app.registry)
    if isinstance(found, errors.Problem):
        return errors.answer(request, found)
    state["who"], state["visit"] = found
    return None


def _refused(request: Request, caller: Caller, rights: frozenset[Role]) -> Response | None:
    """Why somebody is not let in through a door that is not everybody's; a browser that opens a page is led to what
    has to be done first."""
    path, session = request.url.path, caller.session
    page = request.method in ("GET", "HEAD") and not errors.wants_json(request)
    if not caller.who.roles:
        return _led("/sign-in", request) if page else errors.answer(request, _unknown(request))
    if session and session.locked_at and path not in WHILE_LOCKED:
        return _led("/unlock", request) if page else errors.answer(request, errors.Problem(401, "screen-locked"))
    if session and session.user.must_change and path not in WITH_FIRST_PASSWORD:
        return _led("/password", request) if page else errors.answer(request, errors.Problem(403, "password-first"))
    if not caller.who.may(rights):
        if page and path == "/" and (first := first_page(caller.who)):
            return RedirectResponse(first, 303)
        return errors.answer(request, errors.not_of_role(rights))
    return None


def _led(where: str, request: Request) -> Response:
    """To a page that leads back here afterwards."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{where}?{urlencode({'to': back})}", 303)


def _unknown(request: Request) -> errors.Problem:
    """Nobody, or nobody any more; a key that opens nothing is never quoted."""
    detail = errors.DETAILS["not-signed-in" if bearer(request) is None else "unknown-key"]
    return errors.Problem(401, "not-signed-in", detail, headers={"WWW-Authenticate": "Bearer"})

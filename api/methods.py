"""HEAD, OPTIONS and Allow: what may be asked of an address, the same for every route and page.

FastAPI answers HEAD only where a route says so, and names in `Allow` the methods of one route of an address alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response
from starlette.routing import Mount, Route, get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ORDER = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


class Methods:
    """Answers HEAD as GET without its body, and OPTIONS with what is allowed at the address (RFC 9110)."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if scope["type"] != "http" or method not in ("HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
        elif method == "HEAD":
            await self._head(scope, receive, send)
        elif allowed := allow(scope):
            await Response(status_code=204, headers={"Allow": allowed})(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server has to know that no body will come, and the log which route it was.
        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, without_body)
        finally:
            scope.update({name: asked[name] for name in ("route", "state") if name in asked})


def allow(scope: Scope) -> str:
    """The methods of an address, as `Allow` names them; nothing where there is no such address."""
    path = path_of(scope)
    at = [(_blanks(route), of_route(route)) for route in routes_within(scope["app"].routes) if matches(route, path)]
    if not at:
        return ""
    # `/outbox/sent` is one thing, though it could be the id of a message as well.
    closest = min(blanks for blanks, _ in at)
    found = {method for blanks, methods in at if blanks == closest for method in methods}
    more = {"OPTIONS", *(("HEAD",) if "GET" in found else ())}
    return ", ".join(sorted(found | more, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER)))


def path_of(scope: Scope) -> str:
    """The path that is asked for; within what is mounted, one is counted from there."""
    return get_route_path({**scope, "root_path": scope.get("app_root_path", scope.get("root_path", ""))})


def routes_within(routes: Iterable[Any]) -> Iterator[Route | Mount]:
    """The routes of an application, in the order in which they are tried."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if isinstance(inner, APIRouter):
            yield from routes_within(inner.routes)
        elif isinstance(route, Route | Mount):
            yield route


def of_route(route: Route | Mount) -> set[str]:
    """The methods that a route answers, HEAD aside."""
    return {"GET"} if isinstance(route, Mount) else set(route.methods or ()) - {"HEAD"}


def matches(route: Route | Mount, path: str) -> bool:
    """Whether a path is a route's."""
    inside = not isinstance(route, Mount) or path.startswith(route.path + "/")
    return inside and route.path_regex.match(path) is not None


def _blanks(route: Route | Mount) -> int:
    """How much of the path of a route is open."""
    return route.path.count("{")

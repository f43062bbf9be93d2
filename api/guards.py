"""What stands before every route: whose host and page, which headers, one line of log, no word of an accident.

The desk answers by the ways that are open (`api.ways`) and only to its own pages. The listener of the public pages
alone has a guard that lets any `Host` in: there is nothing behind it but what anybody may see.
"""

import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware, RequestBodyLimitResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, ways
from api.desk import GROUND, desk_of
from registry.roles import NOBODY
from registry.seals import GROUNDS

HERE = Path(__file__).parents[1]
SAFE = ("GET", "HEAD", "OPTIONS")
CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()",
}
BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""A year; of this name alone, whose neighbours may be served otherwise."""
WITHOUT_TLS = {"Referrer-Policy": "same-origin"}
"""Of an address without TLS browsers send no Sec-Fetch-Site, and of a page without referrers no Origin: by one of the
two we know our own pages. Within them an address tells of nobody, and to others none is told."""
LOGGED = {"event", "level", "timestamp", "method", "route", "status", "ms", "by", "incident", "errors", "frames"}


class Guard:
    """The outermost layer of the desk: nothing that a route raises gets past it."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.log = structlog.get_logger("hromada")

    async def refusal(self, scope: Scope) -> errors.Problem | None:
        """Why a request is not let in, before any route sees it."""
        return await _refusal(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), _headers(scope))
            await send(message)

        try:
            if refusal := await self.refusal(scope):
                await errors.answer(Request(scope), refusal)(scope, receive, send_guarded)
            else:
                await self.app(scope, receive, send_guarded)
        except Exception as error:
            silent = isinstance(error, errors.DATABASE_SILENT)
            problem = errors.problem_of(Request(scope), error) if silent else self._incident(error)
            if not status:
                await errors.answer(Request(scope), problem)(scope, receive, send_guarded)
        route = getattr(scope.get("route"), "path", "-")
        taken = round((perf_counter() - started) * 1000, 1)
        who = scope.get("state", {}).get("who", NOBODY)
        by = {"by": who.actor.id} if who.roles else {}
        self.log.info("request", method=scope["method"], route=route, status=status, ms=taken, **by)

    def _incident(self, error: BaseException) -> errors.Problem:
        """Logs which errors and where in the code, never their messages: they quote what people typed."""
        incident = uuid4().hex[:12]
        stack = traceback.extract_tb(error.__traceback__)
        # Of the libraries only where it ended.
        told = [frame for frame in stack[:-1] if HERE in Path(frame.filename).parents and ".venv" not in frame.filename]
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in [*told, *stack[-1:]]]
        kinds: list[str] = []
        cause: BaseException | None = error
        while cause is not None and len(kinds) < 10:
            kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
            cause = cause.__cause__ or cause.__context__
        self.log.error("incident", incident=incident, errors=kinds, frames=frames)
        detail = errors.DETAILS["incident"].format(incident)
        return errors.Problem(500, "incident", detail, headers={"X-Incident": incident})


class PublicGuard(Guard):
    """That of the public pages' own listener: anybody asks, under whatever name, by way of a proxy or not."""

    async def refusal(self, scope: Scope) -> errors.Problem | None:
        """Only what another's page sends is refused; a proxy may have put another name in place of the public one."""
        headers = Headers(scope=scope)
        if scope["method"] in SAFE or _of_own_page(scope, headers):
            return None
        known = urlsplit(await _public_url(scope))
        if "sec-fetch-site" not in headers and headers.get("origin") == f"{known.scheme}://{known.netloc}":
            return None
        return errors.Problem(403, "forbidden", errors.DETAILS["foreign-page"])


class BodyLimit(RequestBodyLimitMiddleware):
    """Starlette's limit of a body, whose refusal is the application's own, in our words."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Limited(self.app, self.max_body_size)(scope, receive, send)


class _Limited(RequestBodyLimitResponder):
    async def send_with_limit(self, message: Message) -> None:
        """Where Starlette would answer by a text of its own if the body was said to be too long."""
        self.response_started = self.response_started or message["type"] == "http.response.start"
        await self.send(message)


async def _refusal(scope: Scope) -> errors.Problem | None:
    headers = Headers(scope=scope)
    asks_public = ways.PUBLIC.fullmatch(scope["path"]) and not ways.THIS_MACHINE.fullmatch(headers.get("host", ""))
    # Asked for only where it matters: who says that the program is alive asks no database.
    public_host = urlsplit(await _public_url(scope)).netloc.lower() if asks_public else ""
    if refused := ways.refused(scope, scope["app"].state.settings, public_host):
        return errors.Problem(400, "forbidden", errors.DETAILS[refused])
    if headers.get(GROUND, GROUNDS[0]) not in GROUNDS:
        return errors.Problem(400, "bad-header", errors.DETAILS["bad-ground"].format(", ".join(GROUNDS)))
    if scope["method"] in SAFE:
        return None
    return None if _of_own_page(scope, headers) else errors.Problem(403, "forbidden", errors.DETAILS["foreign-page"])


def _of_own_page(scope: Scope, headers: Headers) -> bool:
    """Whether one of our pages sends it, or a program: browsers of today say whose page it is; an older one only names
    an origin, and programs name neither."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = f"{scope['scheme']}://{headers.get('host', '')}"
    return site in ("same-origin", "none") if site else origin in (None, own)


async def _public_url(scope: Scope) -> str:
    desk = desk_of(Request(scope))
    return await run_in_threadpool(lambda: desk.public_url)


def _headers(scope: Scope) -> dict[str, str]:
    by_way = BY_HTTPS if scope["scheme"] == "https" else {}
    return HEADERS | by_way | (WITHOUT_TLS if scope["app"].state.settings.insecure_http else {})


def _add_headers(headers: MutableHeaders, added: Mapping[str, str]) -> None:
    for name, value in added.items():
        headers.setdefault(name, value)


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What may be in a log line; anything else, a name above all, is left out."""
    return {name: value for name, value in event.items() if name in LOGGED}


def configure_logs(least: str = "info") -> None:
    """One JSON line an event of at least this level on standard error, unless structlog was configured already."""
    if structlog.is_configured():
        return
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )

"""Every look is written down before it is shown (semantics 10): one entry a request, or nothing is shown.

The answer of whoever is known waits, whole, until the entry is written. What is for anybody waits for nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.operations import OPERATIONS
from registry import gate, looks, occasion, questions, texts
from registry.aggregates.values import id_of
from registry.app import Registry
from registry.occasion import Occasion
from registry.roles import Who
from registry.staff import visits
from registry.staff.visits import PURPOSES, CounterVisit
from registry.storage.access import NotRecorded
from registry.storage.mapper import instant_text

VISIT, REASON = "Visit", "Access-Reason"
"""The headers by which a request names the visit that it is a part of, and a reason of its own."""
_DAYS, _INSTANTS = ("on", "from", "until"), ("known_at", "since")


class WrittenDown:
    """Within the door: who asks is known, and what refuses them shows nobody."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = _who(scope) if scope["type"] == "http" else None
        if who is None:
            await self.app(scope, receive, send)
            return
        at = occasion.of(who, lambda: route_of(scope))
        with occasion.going_on(at):
            await self.app(scope, receive, _Recorded(at, scope, receive, send).send)


class _Recorded:
    """An answer that is sent once it is written down whom it shows."""

    def __init__(self, at: Occasion, scope: Scope, receive: Receive, send: Send):
        self.at, self.scope, self.receive, self.onward = at, scope, receive, send
        self.start: Message | None = None
        self.body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self.at.happened:
            self.start = message
            return
        if self.start is None or message["type"] != "http.response.body":
            await self.onward(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        if refusal := await self._refusal(self.start["status"]):
            await errors.answer(Request(self.scope), refusal)(self.scope, self.receive, self.onward)
            return
        await self.onward(self.start)
        await self.onward({"type": "http.response.body", "body": bytes(self.body)})

    async def _refusal(self, status: int) -> errors.Problem | None:
        """Writes the entry; why nothing may be shown if it cannot be written."""
        registry: Registry = self.scope["app"].state.registry
        refused = status >= 400
        try:
            if not refused:
                self.at.about = {**named(Request(self.scope), registry), **self.at.about}
            await run_in_threadpool(looks.record, registry, self.at, bytes(self.body), refused=refused)
        except NotRecorded as error:
            return _not_recorded(self.at, errors.problem_of(Request(self.scope), error))
        return None


def _who(scope: Scope) -> Who | None:
    """Who asks; None for whoever comes to what is for anybody."""
    who: Who | None = scope.get("state", {}).get("who")
    return who if who and who.roles else None


def with_reason(
    who: Who, headers: Mapping[str, str], registry: Registry
) -> tuple[Who, CounterVisit | None] | errors.Problem:
    """Somebody with why they look, and the visit: the one that they name, else that of their session (`who.visit`), and
    its purpose, or a reason that they name; or what is wrong with what they name."""
    reason, named = headers.get(REASON), headers.get(VISIT)
    if reason is not None and reason not in PURPOSES:
        return errors.Problem(400, "bad-header", texts.say("problem_details", "bad-reason", ", ".join(PURPOSES)))
    visit = _going_on(registry, who.visit if named is None else named, who)
    if named is not None and visit is None:
        return errors.Problem(400, "bad-header", texts.say("problem_details", "bad-visit"))
    return replace(who, visit=visit.id if visit else None, reason=reason or (visit.purpose if visit else None)), visit


def _going_on(registry: Registry, named: str | UUID | None, who: Who) -> CounterVisit | None:
    """The visit of a name, if it is theirs and goes on."""
    id = id_of(str(named)) if named else None
    visit = visits.of(registry.staff, id) if id else None
    return visit if visit and visit.by.id == who.actor.id and visit.ended_at is None else None


def route_of(scope: Scope) -> str:
    """The stable name of the route that a request came to: of an operation of the API its id, of a page that of its
    function."""
    route = scope.get("route")
    said = OPERATIONS.get(f"{scope['method']} {getattr(route, 'path', '')}")
    if said:
        return said.id
    endpoint = scope.get("endpoint")
    return f"{endpoint.__module__.rpartition('.')[2]}.{endpoint.__name__}" if endpoint else "nowhere"


def named(request: Request, registry: Registry) -> dict[str, Any]:
    """What an address says of a question: the ids in it, but for a person's, and the times."""
    said: dict[str, Any] = {}
    for name, value in request.path_params.items():
        if name != "person" and (id := id_of(str(value))):
            said[name] = str(id)
    for name, value in request.query_params.items():
        if time := _time(name, value, registry):
            said[name] = time
    return said


def _time(name: str, value: str, registry: Registry) -> str | int | None:
    if name == "position" and value.isascii() and value.isdigit():
        return int(value)
    if name in _DAYS:
        return gate.whole_day(value).value
    if name not in _INSTANTS:
        return None
    now = registry.clock()
    try:
        moment = questions.beginning(value, now) if name == "since" else questions.instant(value, now)
        return instant_text(moment or now)
    except questions.BadQuestion:
        return None


def _not_recorded(at: Occasion, problem: errors.Problem) -> errors.Problem:
    """Of an act that was made: that it was, and under which command it is asked for again."""
    commands = [one for one, repeated in at.acts.items() if not repeated]
    if not commands:
        return problem
    problem.detail = errors.DETAILS["act-not-recorded"]
    problem.headers = {**problem.headers, "Idempotency-Key": str(commands[0])}
    return problem

"""The token of our own pages: what the browser of a session sends has it, or is not let through.

It stands behind the door, and within the limit of a body, because a form has the token in its body.
"""

import hmac

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.guards import SAFE

FIELD, HEADER = "csrf", "X-CSRF-Token"


class Tokens:
    """Lets through what changes something only with the token of the session: the field of a form, or the header."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or not scope["state"]["session"]:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            given: object = request.headers.get(HEADER)
            if given is None and request.headers.get("content-type", "").lower().startswith(errors.FORMS):
                receive = _again(await request.body(), receive)
                given = (await Request(scope, receive).form()).get(FIELD)
                receive = _again(await request.body(), receive)
            own = isinstance(given, str) and hmac.compare_digest(given.encode(), scope["state"]["csrf"].encode())
            refused = None if own else errors.Problem(403, "forbidden", errors.DETAILS["no-token"])
        except HTTPException as error:  # too long, or no form at all
            refused = errors.problem_of(request, error)
        if refused:
            await errors.answer(request, refused)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read again."""
    told = False

    async def once_more() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more

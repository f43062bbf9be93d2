"""The token of our own pages: what the browser of a session sends has it, or is not let through.

It stands behind the door, and within the limit of a body, because a form has the token in its body. A form of a session
that is over, sent by a browser in which its user has signed in again, is kept for them and not lost (`api/kept.py`).
"""

import hmac

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors, kept, sent_forms
from api.guards import SAFE


class Tokens:
    """Lets through what changes something only with the token of the session: the field of a form, or the header."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or not scope["state"]["session"]:
            await self.app(scope, receive, send)
            return
        request, body = Request(scope, receive), b""
        try:
            if sent_forms.is_form(request):
                body = await request.body()
                receive = sent_forms.again(body, receive)
                token = await sent_forms.token_of(request, body)
            else:
                token = request.headers.get(sent_forms.HEADER)
            own = token is not None and hmac.compare_digest(token.encode(), scope["state"]["csrf"].encode())
            refused = None if own else await _not_of_now(request, body)
        except HTTPException as error:  # too long, or no form at all
            refused = errors.answer(request, errors.problem_of(request, error))
        await (refused or self.app)(scope, receive, send)


async def _not_of_now(request: Request, body: bytes) -> Response:
    """Without the token of the session. A form of an earlier one of the same user is handed back to them."""
    if await kept.keep(request, body, user=request.state.who.user):
        return kept.led(request)
    return errors.answer(request, errors.Problem(403, "forbidden", errors.DETAILS["no-token"]))

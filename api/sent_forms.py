"""A form as a browser sends it: the token that it carries, and its body, which is read once and given on."""

from fastapi import Request
from starlette.types import Message, Receive

from api.errors import FORMS

FIELD, HEADER = "csrf", "X-CSRF-Token"


def is_form(request: Request) -> bool:
    """Whether it is a form of a page, and no script's JSON."""
    return request.headers.get("content-type", "").lower().startswith(FORMS)


async def token_of(request: Request, body: bytes) -> str | None:
    """The token of a form whose body was read: its header or its field. Raises HTTPException for what is no form."""
    given: object = request.headers.get(HEADER)
    if given is None:
        given = (await Request(request.scope, again(body, request.receive)).form()).get(FIELD)
    return given if isinstance(given, str) else None


def again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read again."""
    told = False

    async def once_more() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more

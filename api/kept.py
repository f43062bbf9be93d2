"""A form that comes to a locked screen or after the end of a session is kept for whoever sent it, not lost.

However the session ended: by itself, by an administrator, in another window, by a new password. Whose form it is says
the token that it carries, and that it comes from a browser in which they have signed in.
"""

from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from api import cookies, sent_forms
from api.errors import FORMS, wants_json
from api.guided.batch import PACKED, unpacked
from api.signing import ELSEWHERE
from registry.aggregates.values import id_of
from registry.staff import kept
from registry.staff.kept import KeptPost

URLENCODED = FORMS[1]
OF_ITS_PAGE = ("csrf", "command", "version")
"""Fields that a page puts into its form itself."""
UNSENT = "X-Unsent"
"""The token of a page whose script hands over what stands typed there, to be kept and never done: without the field of
the token no session takes it."""
OF_THE_REQUEST = (b"content-type", b"content-length", b"transfer-encoding", b"x-csrf-token", b"x-unsent")


async def read(request: Request) -> bytes | None:
    """The body of a form that was refused before it was read; None: it is too large to be kept."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > kept.LARGEST:
            return None
    return bytes(body)


def may_be_kept(request: Request) -> bool:
    """Whether it is a page's form, and none that holds a password or a PIN."""
    path = request.url.path
    if request.method != "POST" or wants_json(request) or not sent_forms.is_form(request):
        return False
    return not (ELSEWHERE.match(path) or path.startswith(("/kept", "/me")))


async def keep(request: Request, body: bytes | None, *, user: UUID | None = None) -> bool:
    """Keeps a page's form for the user of the session whose token it carries; whether it did. Only of `user`, where
    somebody has signed in meanwhile: whoever else sits there now may have typed it."""
    if body is None or not may_be_kept(request):
        return False
    try:
        token = request.headers.get(UNSENT) or await sent_forms.token_of(request, body)
    except HTTPException:
        return False
    if not token:
        return False
    state = request.app.state
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return await run_in_threadpool(
        lambda: kept.keep(
            state.registry.staff,
            kept.Sender(cookies.session_of(request), cookies.devices_of(request), token, user),
            path=where,
            content_type=request.headers["content-type"],
            body=body,
            now=state.registry.clock(),
        )
    )


def led(request: Request) -> Response:
    """To the forms that are kept, by way of the lock or of the sign-in."""
    session = request.state.session
    if session and not session.locked_at:
        return RedirectResponse("/kept", 303)
    return RedirectResponse(f"{'/unlock' if session else '/sign-in'}?to=/kept", 303)


def typed(one: KeptPost) -> list[str]:
    """What somebody typed or chose in a form, without what its page put there."""
    if not one.content_type.lower().startswith(URLENCODED):
        return []
    pairs = parse_qsl(one.body.decode("utf-8", "replace"))
    packed = [pair for name, text in pairs if name.endswith(f"-{PACKED}") for pair in unpacked(text).items()]
    values = [value for name, value in pairs if name not in OF_ITS_PAGE and not name.endswith(f"-{PACKED}")]
    values += [value for _, many in packed for value in many]
    return [value[:200] for value in values if not id_of(value)]


class Posted(Response):
    """The answer to a form that comes to the application by its front door, with the session and the token of now."""

    def __init__(self, request: Request, path: str, content_type: str, body: bytes):
        self.request, self.path, self.content_type, self.body_sent = request, path, content_type, body
        super().__init__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting = [{"type": "http.request", "body": self.body_sent, "more_body": False}]

        async def received() -> Message:
            return waiting.pop() if waiting else await receive()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                await self.taken()
            await send(message)

        await self.request.app(self._scope(), received, sent)

    async def taken(self) -> None:
        """What is done once the form is not refused, before its answer is sent."""

    def _scope(self) -> Scope:
        path, _, query = self.path.partition("?")
        scope = self.request.scope
        said = [pair for pair in scope["headers"] if pair[0] not in OF_THE_REQUEST]
        said += [
            (b"content-type", self.content_type.encode("latin-1", "replace")),
            (b"content-length", str(len(self.body_sent)).encode()),
            (b"x-csrf-token", self.request.state.csrf.encode()),
        ]
        kept_of = ("type", "asgi", "http_version", "scheme", "client", "server", "root_path", "extensions")
        return {
            **{name: scope[name] for name in kept_of if name in scope},
            **{"method": "POST", "path": path, "raw_path": path.encode(), "query_string": query.encode()},
            **{"headers": said, "state": {}},
        }


class SentAgain(Posted):
    """The answer to a kept form. What is done is kept no more; what is refused may be sent again."""

    def __init__(self, request: Request, one: KeptPost):
        self.one = one
        super().__init__(request, one.path, one.content_type, one.body)

    async def taken(self) -> None:
        state, user = self.request.app.state, self.request.state.who.user
        staff, clock = state.registry.staff, state.registry.clock
        await run_in_threadpool(lambda: kept.take(staff, self.one.id, user, now=clock()))

"""A form that comes to a locked screen or after the end of a session is kept for whoever sent it, not lost."""

from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from api import cookies
from api.errors import FORMS, wants_json
from api.guided.batch import PACKED, unpacked
from api.signing import ELSEWHERE
from registry.aggregates.values import id_of
from registry.staff import kept
from registry.staff.kept import KeptPost

URLENCODED = FORMS[1]
OF_ITS_PAGE = ("csrf", "command", "version")
"""Fields that a page puts into its form itself."""
OF_THE_REQUEST = (b"content-type", b"content-length", b"transfer-encoding", b"x-csrf-token")


async def keep(request: Request) -> bool:
    """Keeps a page's form for the user of the session that it comes in, locked or over; whether it did. The body must
    be unread. What holds a password or a PIN is never kept."""
    cookie, content_type = cookies.session_of(request), request.headers.get("content-type", "")
    path = request.url.path
    if request.method != "POST" or wants_json(request) or not cookie:
        return False
    if ELSEWHERE.match(path) or path.startswith(("/kept", "/me")):
        return False
    if not content_type.lower().startswith(FORMS):
        return False
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > kept.LARGEST:
            return False
    state = request.app.state
    where = path + (f"?{request.url.query}" if request.url.query else "")
    return await run_in_threadpool(
        lambda: kept.keep(
            state.registry.staff,
            cookie,
            path=where,
            content_type=content_type,
            body=bytes(body),
            now=state.registry.clock(),
        )
    )


def led(request: Request) -> Response:
    """By way of the lock or of the sign-in to the forms that are kept."""
    return RedirectResponse(f"{'/unlock' if request.state.session else '/sign-in'}?to=/kept", 303)


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

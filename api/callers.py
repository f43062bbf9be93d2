"""Who a request comes from: a program with a key, or somebody whose browser has the cookie of a session."""

from dataclasses import dataclass

from fastapi import Request

from api import cookies
from registry.app import Registry
from registry.roles import NOBODY, Who
from registry.settings import Settings
from registry.staff import keys, sessions
from registry.staff.sessions import Session, csrf_token


@dataclass(frozen=True, slots=True)
class Caller:
    """`csrf` is what the forms of their pages carry; nothing of whoever comes without a session."""

    who: Who = NOBODY
    session: Session | None = None
    csrf: str = ""


STRANGER = Caller()


class Callers:
    """Knows by the database who comes; what a request says of itself beside a key or a cookie makes nobody anybody."""

    def __init__(self, registry: Registry, settings: Settings):
        self.registry, self.settings, self.terms = registry, settings, cookies.terms_of(settings)

    def of(self, request: Request) -> Caller:
        """Who it comes from; `STRANGER` without a key or a cookie, or with one that opens nothing (any more). A request
        with a key is the program's, whatever cookie comes along."""
        key = bearer(request)
        if key is not None:
            return self._of_key(key)
        cookie = cookies.session_of(request)
        return self._of_cookie(cookie) if cookie else STRANGER

    def _of_key(self, text: str) -> Caller:
        key = keys.of_text(self.registry.staff, text, now=self.registry.clock())
        return Caller(Who(actor=key.actor, roles=frozenset({key.role}), key=key.id)) if key else STRANGER

    def _of_cookie(self, cookie: str) -> Caller:
        session = sessions.of_cookie(self.registry.staff, cookie, now=self.registry.clock(), terms=self.terms)
        if session is None:
            return STRANGER
        user = session.user
        who = Who(
            actor=user.actor,
            roles=session.roles,
            office=user.office,
            user=user.id,
            session=session.id,
            visit=session.visit,
        )
        return Caller(who, session, csrf_token(cookie))


def bearer(request: Request) -> str | None:
    """The text of the key that a request brings, if it brings any."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None

"""The cookie of a session: its name binds it to this host and to TLS (`__Host-`), which browsers take 127.0.0.1 for."""

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from registry.settings import Settings

SESSION = "hromada"


def session_of(request: Request) -> str | None:
    """The cookie of a session that a request brings."""
    return request.cookies.get(_named(SESSION, request.app.state.settings))


def set_session(response: Response, cookie: str, settings: Settings) -> None:
    """Gives a browser a session's cookie, for as long as it is open."""
    _set(response, SESSION, cookie, settings, None)


def forget(response: Response, settings: Settings) -> None:
    """Takes the session's cookie from a browser."""
    _set(response, SESSION, "", settings, timedelta())


def _set(response: Response, name: str, value: str, settings: Settings, lasts: timedelta | None) -> None:
    response.set_cookie(
        _named(name, settings),
        value,
        max_age=None if lasts is None else int(lasts.total_seconds()),
        path="/",
        secure=_secure(settings),
        httponly=True,
        samesite="strict",
    )


def _named(name: str, settings: Settings) -> str:
    return f"__Host-{name}" if _secure(settings) else name


def _secure(settings: Settings) -> bool:
    """Not where the desk is served without TLS to other computers, which somebody has to ask for."""
    return not getattr(settings, "insecure_http", False)

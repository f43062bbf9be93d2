"""The cookies: a session's, the one by which a browser is known to have signed in before, and whether letters are keys.

Their names bind them to this host and to TLS (`__Host-`); browsers take 127.0.0.1 for as good as TLS.
"""

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from registry.settings import Settings
from registry.staff.sessions import Terms

SESSION, DEVICE, LETTERS = "hromada", "hromada-device", "hromada-letters"
DEVICE_DAYS = 180
"""How long a browser is known after somebody signed in there."""
BROWSERS = 6
"""So many people may be known in one browser."""


def terms_of(settings: Settings) -> Terms:
    """How long sessions last here."""
    return Terms(
        lock=timedelta(minutes=settings.session_lock),
        idle=timedelta(minutes=settings.session_idle),
        whole=timedelta(hours=settings.session_hours),
    )


def session_of(request: Request) -> str | None:
    """The cookie of a session that a request brings."""
    return request.cookies.get(_named(SESSION, request.app.state.settings))


def set_session(response: Response, cookie: str, settings: Settings) -> None:
    """Gives a browser a session's cookie, for as long as it is open."""
    _set(response, SESSION, cookie, settings, None)


def forget(response: Response, settings: Settings) -> None:
    """Takes the session's cookie from a browser."""
    _set(response, SESSION, "", settings, timedelta())


def device_of(request: Request) -> str | None:
    """The cookie by which a browser is known."""
    return request.cookies.get(_named(DEVICE, request.app.state.settings))


def devices_of(request: Request) -> list[str]:
    """The tokens by which people are known in a browser."""
    return [one for one in (device_of(request) or "").split(".")[:BROWSERS] if one]


def set_device(response: Response, cookie: str, settings: Settings) -> None:
    """Makes a browser known."""
    _set(response, DEVICE, cookie, settings, timedelta(days=DEVICE_DAYS))


def has_letters(request: Request) -> bool:
    """Whether letters are keys of the desk in this browser, as they are unless somebody has turned them off."""
    return request.cookies.get(_named(LETTERS, request.app.state.settings)) != "off"


def set_letters(response: Response, on: bool, settings: Settings) -> None:
    """Makes letters keys in a browser, or not."""
    _set(response, LETTERS, "" if on else "off", settings, timedelta() if on else timedelta(days=DEVICE_DAYS))


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
    return not settings.insecure_http

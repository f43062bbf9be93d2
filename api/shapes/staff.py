"""Users, sessions, keys, substitutes and what was done with them, as pages show them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from api.shapes.words import minute
from registry import texts
from registry.aggregates.community.state import Here
from registry.health import SOON
from registry.staff.events import StaffEvent
from registry.staff.keys import Key
from registry.staff.sessions import Session
from registry.staff.substitutes import Substitute
from registry.staff.users import User

PAGES = "staff_pages"
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Version": "Safari"}
"""By the word before the number of a version, the most particular first: they all call themselves each other."""
_SYSTEMS = {
    **{"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad"},
    **{"Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"},
}


def browser(agent: str | None) -> str:
    """A browser's name, number and system by what it says of itself: `Firefox 140, Linux`; never its own words."""
    said = agent or ""
    found = (re.search(rf"\b{word}/(\d{{1,4}})", said) for word in _BROWSERS)
    named = next((f"{name} {one[1]}" for name, one in zip(_BROWSERS.values(), found, strict=True) if one), None)
    system = next((name for word, name in _SYSTEMS.items() if word in said), None)
    return ", ".join(filter(None, (named, system))) or texts.say("staff_pages", "unknown_browser")


def user_row(here: Here, user: User, sessions: Iterable[Session]) -> dict[str, Any]:
    """A line of the list of users."""
    status = (
        ("note", "disabled") if user.disabled_at else ("warn", "temporary") if user.must_change else ("ok", "active")
    )
    return {
        "login": user.login,
        "name": user.name,
        "role": texts.label("roles", user.role),
        "office": _office(here, user.office),
        "status": (status[0], texts.TEXTS[PAGES][status[1]]),
        "signed_in": minute(user.signed_in_at) if user.signed_in_at else texts.say("staff_pages", "never"),
        "sessions": sum(one.user.id == user.id for one in sessions),
    }


def session_row(session: Session, own: Any) -> dict[str, Any]:
    """An open session; `own` is the id of that of whoever looks. Whom it serves (a visit) is nobody's business here."""
    if session.id == own:
        status = ("info", texts.say("staff_pages", "own"))
    elif session.locked_at:
        status = ("note", texts.say("staff_pages", "locked"))
    else:
        status = ("ok", texts.say("staff_pages", "working"))
    return {
        "id": session.id,
        "login": session.user.login,
        "name": session.user.name,
        "since": minute(session.began_at),
        "seen": minute(session.seen_at),
        "address": session.address or texts.say("staff_pages", "no_address"),
        "browser": browser(session.agent),
        "status": status,
    }


def key_row(key: Key, now: datetime) -> dict[str, Any]:
    """A key and how it stands."""
    if key.ended_at:
        status = ("note", "ended")
    elif key.expires_at and key.expires_at <= now:
        status = ("bad", "expired")
    elif key.expires_at and key.expires_at <= now + SOON:
        status = ("warn", "ending")
    else:
        status = ("ok", "in_force")
    return {
        "id": key.id,
        "name": key.name,
        "role": texts.label("roles", key.role),
        "made": minute(key.made_at),
        "expires": minute(key.expires_at) if key.expires_at else texts.say("staff_pages", "unlimited"),
        "used": minute(key.used_at) if key.used_at else texts.say("staff_pages", "never"),
        "status": (status[0], texts.TEXTS[PAGES][status[1]]),
        "open": status[1] in ("in_force", "ending"),
    }


def substitute_row(one: Substitute, today: date, login: str) -> dict[str, Any]:
    """Who stands in, on which days (the last one included), and whether `login` may end it."""
    if one.ended_at or (one.until and one.until <= today):
        status = ("note", "ended" if one.ended_at else "past")
    else:
        status = ("ok", "now") if one.since <= today else ("info", "to_come")
    return {
        "id": one.id,
        "head": one.head,
        "substitute": one.substitute,
        "since": texts.day(one.since),
        "last": texts.day(one.until - timedelta(days=1)) if one.until else texts.say("staff_pages", "unlimited"),
        "status": (status[0], texts.TEXTS[PAGES][status[1]]),
        "may_end": status[0] != "note" and one.head.id == login,
    }


def event_row(here: Here, event: StaffEvent) -> dict[str, Any]:
    """What was done with users, substitutes and keys, in words."""
    return {
        "number": event.number,
        "at": minute(event.at),
        "by": event.by,
        "what": texts.label("staff_events", event.what),
        "whom": event.whom,
        "details": [
            (texts.label("staff_details", name), _said(here, name, value)) for name, value in _told(event.details)
        ],
    }


def _told(details: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in details.items() if value not in (None, False))


def _said(here: Here, name: str, value: Any) -> str:
    match name:
        case "role":
            return texts.label("roles", value)
        case "office":
            return _office(here, value)
        case "since":
            return texts.day(value)
        case "until":
            return texts.day(date.fromisoformat(value) - timedelta(days=1))
        case "expires_at":
            return minute(datetime.fromisoformat(value))
    return "" if value is True else str(value)


def _office(here: Here, office: str | None) -> str:
    """What an office is called, or its id where the community names none such (any more)."""
    return here.office_name(office) or office or texts.say("staff_pages", "no_office")

"""Entries of the access journal, and visits, as JSON values."""

from typing import Any

from api.operations import OPERATIONS
from registry import texts
from registry.staff.visits import CounterVisit
from registry.storage.access import LookEntry
from registry.storage.mapper import instant_text

_WHY = ("route", "visit", "reason")
_APART = {*_WHY, "opened"}
"""What an answer says elsewhere: whose card it was, who may be told of the people says among them."""
_TITLES = {said.id: texts.TEXTS["routes"].get(route, "").partition("\n")[0] for route, said in OPERATIONS.items()}


def look(entry: LookEntry, *, persons: bool) -> dict[str, Any]:
    """An entry; with the ids of all whom it showed, if `persons`."""
    route, visit, reason = (entry.about.get(name) for name in _WHY)
    return {
        "position": entry.position,
        "recorded_at": instant_text(entry.recorded_at),
        "by": {"id": entry.by.id, "name": entry.by.name},
        "action": entry.action,
        "action_uk": texts.label("access", entry.action),
        "route": route,
        "route_uk": called(route),
        "visit": visit,
        "reason": reason,
        "reason_uk": texts.label("purposes", reason) if reason else None,
        "shown": entry.about["count"] if "query" in entry.about else len(entry.persons),
        "question": "query" in entry.about,
        "about": {name: value for name, value in entry.about.items() if name not in _APART},
        **({"persons": list(map(str, entry.persons))} if persons else {}),
    }


def called(route: str | None) -> str | None:
    """What was asked for, in words: an operation of the API by its title, a command by itself, a page by its name."""
    if route is None:
        return None
    if route.startswith("command."):
        return f"hromada {route.removeprefix('command.').replace('.', ' ')}"
    return _TITLES.get(route) or texts.label("pages_looked_at", route)


def visit(one: CounterVisit) -> dict[str, Any]:
    """A visit."""
    return {
        "visit": str(one.id),
        "purpose": one.purpose,
        "purpose_uk": texts.label("purposes", one.purpose),
        "office": one.office,
        "by": {"id": one.by.id, "name": one.by.name},
        "began_at": instant_text(one.began_at),
        "ended_at": instant_text(one.ended_at) if one.ended_at else None,
    }

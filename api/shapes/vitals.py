"""How the server is, in words: for the administrator's page and the same as JSON."""

from datetime import datetime
from typing import Any

from api.shapes.words import grouped, instant
from registry import health, texts
from registry.storage.mapper import instant_text

_STEPS = {"bytes": (1024,) * 4, "seconds": (60, 60, 24)}
"""How many of a unit make one of the next."""


def state(found: health.Measured) -> dict[str, Any]:
    """What was measured at an instant, line by line."""
    vitals = health.judged(found)
    overall = health.worst(vitals)
    return {
        "status": overall,
        "status_uk": texts.label("health_overall", overall),
        "at": instant_text(found.at),
        "lines": [_line(one) for one in vitals],
    }


def _line(vital: health.Vital) -> dict[str, Any]:
    told = {name: _told(name, value) for name, value in vital.values.items()}
    return {
        "id": vital.id,
        "title_uk": texts.label("health", vital.id),
        "status": vital.status,
        "status_uk": texts.label("health_statuses", vital.status),
        "text_uk": texts.TEXTS["health_says"][vital.says].format(**told),
        "todo_uk": None if vital.status == "ok" else texts.TEXTS["health_todo"][vital.says],
        "values": {name: _plain(value) for name, value in vital.values.items()},
    }


def _plain(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


def _told(name: str, value: Any) -> str:
    """A value by its kind, which the end of its name says."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, list):
        return ", ".join(texts.label("verified", one) if name == "stale" else one for one in value)
    unit = name.rpartition("_")[2]
    if unit in _STEPS:
        return _measure(unit, value)
    return grouped(value) if isinstance(value, int) else str(value)


def _measure(unit: str, value: int) -> str:
    """A size or a duration in its largest unit: `1,2 ГБ`, `3 год`."""
    names = texts.TEXTS["health_units"][unit].split("|")
    amount, at = float(value), 0
    for step in _STEPS[unit]:
        if amount < step:
            break
        amount, at = amount / step, at + 1
    said = f"{amount:.1f}".removesuffix(".0").replace(".", ",")
    return f"{said}\u00a0{names[at]}"

"""The issued extracts that corrections and annulments made untrue, as the desk and the API list them."""

from datetime import datetime
from typing import Any

from registry import texts
from registry.aggregates.extract.events import ExtractRequested
from registry.app import Registry
from registry.storage.mapper import instant_text
from registry.superseding import Superseded, superseded_since


def listed(registry: Registry, since: datetime) -> dict[str, Any]:
    """Those that facts recorded from an instant on made untrue: which, to whom they were given, and since when."""
    with registry.snapshot() as connection:
        found = superseded_since(connection, since)
        position = registry.position_at(connection, None)
    return {"since": instant_text(since), "position": position, "answer": [_said(one) for one in found]}


def _said(one: Superseded) -> dict[str, Any]:
    asked: ExtractRequested = one.asked.fact
    return {
        "number": texts.extract_number(asked.year, asked.number),
        "kind": asked.content["kind"],
        "on": asked.on,
        "formed_at": instant_text(one.asked.recorded_at),
        "basis": asked.content["basis"],
        "requester": asked.requester,
        "contact": asked.contact,
        "person_id": str(asked.person) if asked.person else None,
        "dwelling_id": str(asked.dwelling) if asked.dwelling else None,
        "superseded_on": one.by.recorded_on.isoformat(),
        "fact": one.by.position,
        "because": texts.label("facts", one.by.fact.NAME),
    }

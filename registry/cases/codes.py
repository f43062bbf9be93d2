"""The six digits of an application, by which whoever filed it asks how far it is (design 2).

No two applications of one year have the same. They may be drawn before the log's lock, so that a letter of the same act
can hold them; under the lock they are looked at again.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from registry.aggregates.case.events import ApplicationReceived
from registry.app import Registry
from registry.projections import applications
from registry.storage.following import PlaceInLog
from registry.storage.recorder import Connection

Made = TypeVar("Made")
CODE_KEPT = timedelta(365)
"""For so long after an application was received nobody else gets its code."""
CODES_A_DRAW = 20


class CodeTaken(Exception):
    """Another application got these six digits since they were drawn: draw again. Nothing was written."""


def free_code(registry: Registry, today: date) -> str:
    """Six random digits that no application received in the year before `today` (a day of Kyiv) has. Until the act that
    takes them somebody else may: then it raises `CodeTaken`."""
    with registry.datastore.get_connection() as connection:
        return _drawn(connection, today)


def under_code(registry: Registry, today: date, recorded: Callable[[str], Made]) -> Made:
    """What is recorded under a code that is drawn before it; drawn anew where somebody got it meanwhile."""
    while True:
        try:
            return recorded(free_code(registry, today))
        except CodeTaken:
            continue


def coded(connection: Connection, fact: ApplicationReceived, place: PlaceInLog) -> ApplicationReceived:
    """The fact with a code of its own, drawn now unless it says one. Raises `CodeTaken`."""
    if not fact.code:
        return replace(fact, code=_drawn(connection, place.day))
    if _taken(connection, [fact.code], place.day):
        raise CodeTaken
    return fact


def _drawn(connection: Connection, today: date) -> str:
    while True:
        drawn = [f"{secrets.randbelow(1_000_000):06}" for _ in range(CODES_A_DRAW)]
        taken = _taken(connection, drawn, today)
        if free := [code for code in drawn if code not in taken]:
            return free[0]


def _taken(connection: Connection, codes: list[str], today: date) -> set[str]:
    since = (today - CODE_KEPT).isoformat()
    found = connection.execute(applications.SQL["codes_taken"], {"codes": codes, "since": since})
    return {row["code"] for row in found}

"""What a portal sends of people: kept as sent, and decided on as it is.

A declaration is locked before it is sent (003 c8 r9) and decided on the day on which it comes (003 c8 r12): nobody can
be asked to write it again, so that what cannot be read is no reason to turn it away. It is false data, on which the
card refuses (003 c8 r13; c3, c9 r13 alike); how to be reached is not what anybody is refused for, and whoever decides
is asked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.values import Fault, last_day
from registry.services import terms
from registry.services.headers import SERVICES

_TO_REACH = ("particulars.phone", "particulars.email", "changed.particulars.phone", "changed.particulars.email")


def unsound(one: Concerned) -> list[Fault]:
    """What was sent of somebody and is no data of theirs, by its place."""
    return [Fault(code, place) for place, code in (one.faulty or {}).items() if place not in _TO_REACH]


def unreachable(one: Concerned) -> list[Fault]:
    """What was sent of how to reach somebody, and reaches nobody."""
    return [Fault(code, place) for place, code in (one.faulty or {}).items() if place in _TO_REACH]


def judged_as_sent(part: Part, asked: dict[str, Any]) -> dict[str, Any]:
    """The facts of a part as they can be judged: a birth that is known to the year on its last possible day, which is
    of the same age (`witness.birth_told`); of whom unsound data were sent that they are false."""
    subject = asked.get("subject") or {}
    born, false = subject.get("born"), any(unsound(one) for one in part.concerned)
    if isinstance(born, str) and len(born) < len("2001-01-01"):
        asked = {**asked, "subject": {**subject, "born": last_day(born).isoformat()}}
    if not false:
        return asked
    if born is None:
        asked = {**asked, "subject": {**subject, "born": _any_age(asked)}}
    return {**asked, "false_data": True}


def _any_age(asked: Mapping[str, Any]) -> str:
    """A birth for whom nobody can say one, by which the card can be read: nothing rests on it, for it refuses."""
    day, does = date.fromisoformat(asked["received"][:10]), SERVICES.get(asked.get("service", ""))
    years = 1 if does and does.of_children else terms.FULL_AGE
    return terms.months_after(day, -12 * years).isoformat()

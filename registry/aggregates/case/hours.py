"""A desk that takes something in while its office is closed: told before it is accepted, and nobody is refused for it.

Rows 1 and 2 of the cards say where and when people are received. What comes by a portal or as a notice comes at any
hour; what was written on paper first was taken in on a visit or in an outage, and a mobile place without announced days
has no hours that anybody knows.
"""

from collections.abc import Mapping
from datetime import date, datetime

from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.values import Fault
from registry.services.offices import Hours, NoWorkingDay, Timetable


def closed_then(received: ApplicationReceived, timetable: Timetable) -> list[Fault]:
    """That the office was closed at the moment of a receipt, with its hours and its next opening; nothing if not."""
    if received.channel != "office" or received.office is None or received.paper_journal is not None:
        return []
    return closed(received.office, datetime.fromisoformat(received.received), timetable)


def closed(office: str | None, at: datetime, timetable: Timetable) -> list[Fault]:
    """The same of a moment by the clock of Kyiv, naive. An office that the community has not is nobody's here."""
    place = timetable.offices.get(office or "")
    if office is None or place is None or timetable.is_open(office, at):
        return []
    hours = timetable.hours_on(office, at.date())
    if place.schedule is None and not hours:
        return []
    later = _opens(office, at, timetable)
    named = {"office": place.name, "at": _moment(at), "hours": _hours(hours), **later}
    if hours:
        return [Fault("office-closed" if later else "office-closed-for-long", "office", named)]
    return [Fault("office-day-off" if later else "office-day-off-for-long", "office", named)]


def _opens(office: str, at: datetime, timetable: Timetable) -> Mapping[str, str]:
    """When it opens next: later on the day, or on the next day on which it receives people; empty if in no year."""
    later = [opens for opens, _ in timetable.hours_on(office, at.date()) if opens > at.time()]
    if later:
        return {"opens": _moment(datetime.combine(at.date(), min(later)))}
    try:
        day: date = timetable.next_working_day(at.date(), office)
    except NoWorkingDay:
        return {}
    return {"opens": _moment(datetime.combine(day, timetable.hours_on(office, day)[0][0]))}


def _moment(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M}"


def _hours(hours: Hours) -> str:
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in hours)

"""Where and when: each office with its hours of the coming week, and when it is open next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from registry import texts
from registry.services.offices import WEEK, Hours, Office, Timetable

DAYS = 7
AHEAD = 28
"""Days to look ahead for an open one."""


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """An office: what it is called, where it is, whether it is open now, and the words of when it is next; its hours of
    the coming days, those of a kind together."""

    name: str
    address: str | None
    open: bool
    next: str
    hours: tuple[tuple[str, str], ...]


def places(timetable: Timetable, moment: datetime) -> tuple[OfficeHours, ...]:
    """The offices in the order of the community, those without any hours last."""
    found = [_place(office, timetable, moment) for office in timetable.offices.values()]
    return tuple(sorted(found, key=lambda one: not one.hours and not one.open))


def _place(office: Office, timetable: Timetable, moment: datetime) -> OfficeHours:
    address = office.address if office.address and office.address not in office.name else None
    rooms = ", ".join(room for room in office.rooms if room not in office.name)
    where = ", ".join(filter(None, (address, texts.say("bring_page", "rooms", rooms) if rooms else None)))
    is_open = timetable.is_open(office.id, moment)
    return OfficeHours(
        name=office.name,
        address=where or None,
        open=is_open,
        next=_next(office.id, timetable, moment),
        hours=_week(office.id, timetable, moment.date()),
    )


def _next(office: str, timetable: Timetable, moment: datetime) -> str:
    """Until when it is open, or when it opens."""
    for number in range(AHEAD):
        day = moment.date() + timedelta(days=number)
        for opens, closes in timetable.hours_on(office, day):
            if number == 0 and opens <= moment.time() < closes:
                return texts.say("bring_page", "open_until", clock(closes))
            if number or moment.time() < opens:
                return _opens(day, opens, number)
    return texts.say("bring_page", "by_arrangement")


def _opens(day: date, opens: time, number: int) -> str:
    if number < 2:
        return texts.say("bring_page", "opens_tomorrow" if number else "opens_today", clock(opens))
    weekday = texts.label("weekdays", WEEK[day.weekday()])
    return texts.say("bring_page", "opens_on", weekday, texts.day(day), clock(opens))


def _week(office: str, timetable: Timetable, today: date) -> tuple[tuple[str, str], ...]:
    """The hours of seven days from today as a week from Monday, days with the same hours together."""
    coming = sorted((today + timedelta(days=number) for number in range(DAYS)), key=date.weekday)
    hours = {WEEK[day.weekday()]: timetable.hours_on(office, day) for day in coming}
    alike: dict[Hours, list[str]] = {}
    for day, said in hours.items():
        alike.setdefault(said, []).append(day)
    return tuple((_days(days), _clocks(said)) for said, days in alike.items() if said)


def _days(days: Iterable[str]) -> str:
    """Days of a week, runs of three and more with a dash."""
    runs: list[list[int]] = []
    for number in map(WEEK.index, days):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [_run(run) for run in runs]
    return ", ".join(said)


def _run(run: list[int]) -> str:
    words = [texts.label("weekdays", WEEK[number]) for number in run]
    return f"{words[0]}–{words[-1]}" if len(words) > 2 else ", ".join(words)


def _clocks(hours: Hours) -> str:
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in hours)


def clock(at: time) -> str:
    """A time of the day as people write it: 8:00."""
    return f"{at.hour}:{at.minute:02}"

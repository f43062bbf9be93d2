"""The offices and their hours, and the working time of the registration body, on any day: `offices.toml`.

Rows 1 and 2 of the cards 1-9; before 1 December 2021 row 2 of card 71-01. Moments are naive local times of Kyiv. The
opening minute is inside, the closing minute is outside.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

Hours = tuple[tuple[time, time], ...]

BODY = "BODY"
"""The registration body among the schedules and single days."""

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SATURDAY = 5
_FAR = 366
"""Days to look ahead for a working one."""


class UnknownOffice(LookupError):
    """No office has this id."""


class NoWorkingDay(LookupError):
    """No working day within a year: a mobile place whose days are not entered."""


@dataclass(frozen=True, slots=True)
class Office:
    """A place where people are received; `name` as the cards print it. Without a schedule: a mobile place."""

    id: str
    name: str
    district: str | None = None
    address: str | None = None
    rooms: tuple[str, ...] = ()
    schedule: str | None = None


class Timetable:
    """Offices, schedules, Saturdays and single days, as one file says them."""

    def __init__(self, said: Mapping[str, Any]):
        self.offices = {
            one["id"]: Office(**{**one, "rooms": tuple(one.get("rooms", ()))}) for one in said.get("office", ())
        }
        self._schedules = tuple(said.get("schedule", ()))
        self._saturdays = tuple(said.get("saturday", ()))
        self._days = tuple(said.get("day", ()))

    def office(self, office: str) -> Office:
        """The office of this id. Raises `UnknownOffice`."""
        if office not in self.offices:
            raise UnknownOffice(office)
        return self.offices[office]

    def hours_on(self, office: str, day: date) -> Hours:
        """When the office receives people on the day, in order; empty if it does not."""
        return self._hours(office, self.office(office).schedule, day)

    def is_open(self, office: str, at: datetime) -> bool:
        """Whether the office receives people at the moment."""
        moment = local(at).time()
        return any(opens <= moment < closes for opens, closes in self.hours_on(office, at.date()))

    def body_hours(self, day: date) -> tuple[time, time] | None:
        """From when until when the registration body works on the day; None on a day off."""
        hours = self._hours(BODY, BODY, day)
        return (hours[0][0], hours[-1][1]) if hours else None

    def next_working_day(self, day: date, office: str | None = None) -> date:
        """The first day after `day` on which the registration body works, or the office if one is named."""
        for number in range(1, _FAR + 1):
            later = day + timedelta(days=number)
            if self.hours_on(office, later) if office else self.body_hours(later):
                return later
        raise NoWorkingDay(office or BODY)

    def _hours(self, who: str, schedule: str | None, day: date) -> Hours:
        single = [one for one in self._days if one["on"] == day and who in one.get("offices", (who,))]
        if single:
            # What is said of this office outweighs what is said of all.
            return _read(max(single, key=lambda one: "offices" in one).get("hours", ()))
        if who == BODY and day.weekday() == _SATURDAY and not any(one["works"] for one in _on(self._saturdays, day)):
            return ()
        weekday = _WEEK[day.weekday()]
        return next(
            (_read(one.get(weekday, ())) for one in _on(self._schedules, day) if one["id"] == schedule),
            (),
        )


def local(at: datetime) -> datetime:
    """The moment, which must be a naive local time: an aware one has to be brought to Kyiv by whoever knows how."""
    if at.tzinfo is not None:
        raise ValueError("a naive local time of Kyiv is wanted")
    return at


def _on(blocks: tuple[Mapping[str, Any], ...], day: date) -> list[Mapping[str, Any]]:
    return [one for one in blocks if one.get("from", date.min) <= day < one.get("until", date.max)]


def _read(hours: Any) -> Hours:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in hours)


TIMETABLE = Timetable(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")))

OFFICES = TIMETABLE.offices
office = TIMETABLE.office
hours_on = TIMETABLE.hours_on
is_open = TIMETABLE.is_open
body_hours = TIMETABLE.body_hours
next_working_day = TIMETABLE.next_working_day

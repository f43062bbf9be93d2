"""The offices of a community and their hours, and the working time of its registration body, on any day.

They are the community's own (rows 1 and 2 of its cards), dated data in its facts. Moments are naive local times of
Kyiv. The opening minute is inside, the closing minute is outside.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

Hours = tuple[tuple[time, time], ...]

BODY = "BODY"
"""The registration body among the schedules and single days."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SATURDAY = 5
_WHOLE_DAY = ((time.min, time.max),)
_FAR = 366
"""Days to look ahead for a working one."""


class UnknownOffice(LookupError):
    """No office has this id; `known` are the ids that there are."""

    def __init__(self, office: str, known: Iterable[str]):
        self.known = tuple(sorted(known))
        super().__init__(office)


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
    """Offices, schedules, Saturdays and single days, as one file says them.

    On a day of which no schedule of the body says anything, the body works from Monday to Friday, the whole day.
    """

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
            raise UnknownOffice(office, self.offices)
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
        blocks = [one for one in _on(self._schedules, day) if one["id"] == schedule]
        if who == BODY and not blocks:
            return _WHOLE_DAY if day.weekday() < _SATURDAY else ()
        if who == BODY and day.weekday() == _SATURDAY and not any(one["works"] for one in _on(self._saturdays, day)):
            return ()
        return _read(blocks[0].get(WEEK[day.weekday()], ())) if blocks else ()


def local(at: datetime) -> datetime:
    """The moment, which must be a naive local time: an aware one has to be brought to Kyiv by whoever knows how."""
    if at.tzinfo is not None:
        raise ValueError("a naive local time of Kyiv is wanted")
    return at


def _on(blocks: tuple[Mapping[str, Any], ...], day: date) -> list[Mapping[str, Any]]:
    return [one for one in blocks if one.get("from", date.min) <= day < one.get("until", date.max)]


def _read(hours: Any) -> Hours:
    """What is read of hours; what is none, as a journal of others may hold, is left out."""
    found = []
    for opens, closes in hours:
        with suppress(ValueError):
            both = (time.fromisoformat(opens), time.fromisoformat(closes))
            if both[0].tzinfo is both[1].tzinfo is None:
                found.append(both)
    return tuple(found)


PLAIN_WEEK = Timetable({})
"""Where nothing is known of hours: no office, and every day from Monday to Friday is a working one."""

"""Terms: by when a service is due (row 12 of the cards), by when a person had to apply (row 16), and ages.

Day 1 of a term is the day after the event; a last day on a day off is not moved (T-25).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.services.fees import SERVICES, UnknownService
from registry.services.offices import TIMETABLE, Timetable, local

LAW = date(2021, 12, 1)
"""Law 1871-IX in force: the cards 1-9 instead of 71-01 to 71-05."""

TERM = timedelta(days=30)
NEWBORN_MONTHS = 3

REGISTRATIONS = frozenset(
    {"register_residence", "register_child_residence", "declare_residence", "declare_child_residence"}
)
"""The services that one can be late for: cards 1, 3, 8, 9 (cards 71-01). Never a removal, a stay or an extract."""

OF_CHILDREN = frozenset({"register_child_residence", "declare_child_residence"})
DECLARATIONS = frozenset({"declare_residence", "declare_child_residence"})
REMOVALS = frozenset({"deregister_residence", "deregister_child_residence"})


@dataclass(frozen=True, slots=True)
class Electronic:
    """What row 12 says of an application that comes by wire, for some services and channels between two days.

    It is due on the next working day if it came after closing, on a day off, with `before_opening` also before
    opening, and within the `last` time before closing.
    """

    services: frozenset[str]
    channels: frozenset[str]
    since: date = date.min
    until: date = date.max
    before_opening: bool = False
    last: timedelta = timedelta(0)


ELECTRONIC = (
    # Cards 71-01, 71-02: «у неробочий час або за годину до закінчення робочого часу».
    Electronic(REGISTRATIONS | REMOVALS, frozenset({"diia"}), until=LAW, before_opening=True, last=timedelta(hours=1)),
    # Card 71-01 of єМалятко: «у разі їх отримання поза робочим часом органу реєстрації», without the last hour.
    Electronic(REGISTRATIONS | REMOVALS, frozenset({"emaliatko", "notice"}), until=LAW, before_opening=True),
    # Cards 2, 3, 4: «в разі їх надходження після закінчення робочого часу органу реєстрації».
    Electronic(REMOVALS | {"register_child_residence"}, frozenset({"diia", "emaliatko", "notice"}), since=LAW),
    # Cards 8, 9: «у разі, коли декларація надійшла в неробочий час».
    Electronic(DECLARATIONS, frozenset({"diia", "emaliatko", "notice"}), since=LAW, before_opening=True),
)


def due_by(service: str, received: datetime, channel: str, timetable: Timetable = TIMETABLE) -> date:
    """The last day for the entry; doing it earlier is never wrong. `received` is a naive local time of Kyiv.

    In an office on the day of the visit (row 12 of every card). By wire on the day too, or on the next working day:
    cards 2, 3, 4 if received after closing, so before opening it is that same day; cards 8, 9 if received outside
    hours, before opening too. Before 1 December 2021 outside hours or in the last hour of them (cards 71-01, 71-02).
    Cards 1, 5, 6, 7 have no electronic term: the day itself (T-15). A notice of another body goes as what comes by
    wire. Raises `UnknownService`.
    """
    if service not in SERVICES:
        raise UnknownService(service)
    day = local(received).date()
    for said in ELECTRONIC:
        if service in said.services and channel in said.channels and said.since <= day < said.until:
            return timetable.next_working_day(day) if _is_outside(said, received, timetable) else day
    return day


def _is_outside(said: Electronic, received: datetime, timetable: Timetable) -> bool:
    hours = timetable.body_hours(received.date())
    if hours is None:
        return True
    opens, closes = (datetime.combine(received.date(), moment) for moment in hours)
    return received >= closes - said.last or (said.before_opening and received < opens)


def last_day_in_time(
    service: str,
    *,
    foreign: bool = False,
    deregistered_on: date | None = None,
    permit_received_on: date | None = None,
    birth_registered_on: date | None = None,
    removed_in_same_act: bool = False,
) -> date | None:
    """The last day on which an application is in time; None where no term runs.

    30 calendar days after removal (cards 1, 3, row 16; card 8). A newborn three months after the state registration
    of the birth, to the end of a shorter month (cards 3, 9). A foreigner or stateless person, and their children
    under 14, 30 days after the latest of the permit or certificate, the removal and, for a child, the registration of
    the birth (cards 3, 9; T-12). In cards 3, 9 `foreign` and the permit are those of the parent who applies. A
    residence still active is removed in the same act: no term (R-069). Only for `REGISTRATIONS`.
    """
    if service not in SERVICES:
        raise UnknownService(service)
    if service not in REGISTRATIONS or removed_in_same_act:
        return None
    birth = birth_registered_on if service in OF_CHILDREN else None
    if foreign:
        events = [day for day in (deregistered_on, permit_received_on, birth) if day]
        return max(events) + TERM if events else None
    if deregistered_on:
        return deregistered_on + TERM
    return months_after(birth, NEWBORN_MONTHS) if birth else None


def is_late(
    service: str,
    on: date,
    *,
    foreign: bool = False,
    deregistered_on: date | None = None,
    permit_received_on: date | None = None,
    birth_registered_on: date | None = None,
    removed_in_same_act: bool = False,
) -> bool:
    """Whether an application of the day `on` comes after `last_day_in_time`: a dearer fee, never a refusal (R-093)."""
    last = last_day_in_time(
        service,
        foreign=foreign,
        deregistered_on=deregistered_on,
        permit_received_on=permit_received_on,
        birth_registered_on=birth_registered_on,
        removed_in_same_act=removed_in_same_act,
    )
    return last is not None and on > last


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(born: date, day: date) -> int:
    """Full years on the day; the birthday itself counts (rules, B).

    Who was born on 29 February is a year older on 1 March where the year has no such day: the year from 29 February
    is full when 28 February is over. The sources do not say; this is the neutral rule.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

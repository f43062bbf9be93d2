"""Terms: by when a service is due, by when a person had to apply, and ages: the arithmetic of days.

What the terms are stands in the cards (rows 12 and 16). Day 1 of a term is the day after the event; a last day on a day
off is not moved (T-25).
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from registry.services.application import Facts
from registry.services.catalogue import priced_by
from registry.services.offices import PLAIN_WEEK, NoWorkingDay, Timetable, local
from registry.services.rules import Lateness, Term

FULL_AGE = 18
"""From which a person is of age: whoever is not has parents to ask (cards 1-5, 8, 9, row 9)."""


def due_by(service: str, received: datetime, channel: str, timetable: Timetable = PLAIN_WEEK) -> date:
    """The last day for the entry by the card of the day. `received` is a naive local time of Kyiv.

    Raises `UnknownService`, or `NoCard` for a day on which no card says so.
    """
    return entry_by(priced_by(service, local(received).date()).terms, received, channel, timetable)


def entry_by(terms: Iterable[Term], received: datetime, channel: str, timetable: Timetable = PLAIN_WEEK) -> date:
    """The last day for the entry; doing it earlier is never wrong. `received` is a naive local time of Kyiv.

    On the day itself, or on the next working day where a term of the channel says so (T-15).
    """
    day = local(received).date()
    by_wire = next((one for one in terms if channel in one.channels), None)
    return papers_by(day, timetable) if by_wire and _is_outside(by_wire, received, timetable) else day


def papers_by(day: date, timetable: Timetable = PLAIN_WEEK) -> date:
    """The last day for bringing in what was taken in on paper on a day: the next on which the registration body works;
    where none is within a year, the next day."""
    try:
        return timetable.next_working_day(day)
    except NoWorkingDay:
        return day + timedelta(days=1)


def answer_by(received: date, days: int, timetable: Timetable = PLAIN_WEEK) -> date:
    """The last day for the answer to a request: so many working days of the registration body after it came."""
    last = received
    for _ in range(days):
        last = papers_by(last, timetable)
    return last


def _is_outside(said: Term, received: datetime, timetable: Timetable) -> bool:
    hours = timetable.body_hours(received.date())
    if hours is None:
        return True
    opens, closes = (datetime.combine(received.date(), moment) for moment in hours)
    return received >= closes - timedelta(minutes=said.last_minutes) or (said.before_opening and received < opens)


def last_day_in_time(rules: Iterable[Lateness], facts: Facts) -> date | None:
    """The last day on which an application is in time: of the first rule that holds and an event of which is known.

    None where no term runs: no rule, none that holds, no event.
    """
    happened = {
        "deregistered_on": facts.asked.subject.deregistered_on,
        "permit_received_on": facts.permit_received_on,
        "birth_registered_on": facts.asked.subject.birth_registered_on,
    }
    for rule in rules:
        events = [day for name in rule.after if (day := happened[name])]
        if events and rule.holds(facts):
            return months_after(max(events), rule.months) + timedelta(days=rule.days)
    return None


def is_late(rules: Iterable[Lateness], facts: Facts) -> bool:
    """Whether an application comes after `last_day_in_time`: a dearer fee, never a refusal (R-093)."""
    last = last_day_in_time(rules, facts)
    return last is not None and facts.day > last


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month if it has no such day; no earlier and no later
    than the days that a calendar has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(born: date, day: date) -> int:
    """Full years on the day; the birthday itself counts (rules, B).

    Who was born on 29 February is a year older on 1 March where the year has no such day: the year from 29 February
    is full when 28 February is over. The sources do not say; this is the neutral rule.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

"""Small values that every aggregate shares: dates as written, the actor, the envelope of a fact.

A **date as written** (`DateText`) is `YYYY-MM-DD`, `YYYY-MM` or `YYYY` (semantics 4): old papers know no more.
`first_day` and `last_day` give the days it can mean; questions decide which of the two they need.
"""

import dataclasses
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from uuid import UUID

DateText = Annotated[str, "a date as written"]
Something = TypeVar("Something")

BEFORE_ALL = date.min
AFTER_ALL = date.max


class NotADate(ValueError):
    """The text is none of `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or names a day that no calendar has."""


@lru_cache(maxsize=100_000)
def days(text: DateText) -> tuple[date, date]:
    """The first and the last day (both included) that a date as written can mean. Raises `NotADate`.

    Old cards say 30 February: such a day, up to the 31st, can be any day of its month. Acts refuse it (`is_real`).
    """
    if not text.isascii() or not text.replace("-", "").isdigit():
        raise NotADate
    try:
        match len(text), text.count("-"):
            case 10, 2:
                if "29" <= text[8:] <= "31" and int(text[8:]) > monthrange(int(text[:4]), int(text[5:7]))[1]:
                    return days(text[:7])
                day = date.fromisoformat(text)
                return day, day
            case 7, 1:
                year, month = int(text[:4]), int(text[5:])
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
            case 4, 0:
                return date(int(text), 1, 1), date(int(text), 12, 31)
    except (ValueError, IndexError) as error:
        raise NotADate from error
    raise NotADate


def first_day(text: DateText) -> date:
    """The first day that a date as written can mean."""
    return days(text)[0]


def last_day(text: DateText) -> date:
    """The last day that a date as written can mean."""
    return days(text)[1]


def last_held(until: DateText) -> date:
    """The last day on which something may hold that ended so: the day before an exact end."""
    first, last = days(until)
    return date.fromordinal(first.toordinal() - 1) if first == last else last


def is_real(text: DateText) -> bool:
    """Whether a date as written is one of the calendar's: not 30 February. Raises `NotADate`."""
    if len(text) < 10:
        return True
    first, last = days(text)
    return first == last


def known(text: DateText | None) -> str:
    """How exactly a date is known: `day`, `month`, `year` or, for an absent one, `none`."""
    if text is None:
        return "none"
    return {4: "year", 7: "month"}.get(len(text)) or ("day" if is_real(text) else "month")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as printed."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact in its envelope: what was recorded, where it stands in the log, when and by whom.

    `position` counts the whole log from 1, `version` this stream from 1. `recorded_at` is an instant in UTC, equal for
    all entries of one act; `recorded_on` is its calendar day in Europe/Kyiv.
    """

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    recorded_on: date
    by: Actor
    command: UUID
    fact: Any


def supposed(facts: Sequence[Any], version: int, day: date) -> Iterator[Entry]:
    """Facts as entries that would follow a version of a stream on a day, recorded by nobody: for folding only."""
    nobody, nowhere = Actor("", ""), UUID(int=0)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for number, fact in enumerate(facts, version + 1):
        yield Entry(0, nowhere, number, instant, day, nobody, nowhere, fact)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that stands in the way of an act: a code with a text of its own, and the field that it speaks of."""

    code: str
    field: str | None = None
    named: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What the text names: ids of residences, dates of the law. Never a person's data."""


class Impossible(ValueError):
    """The asked act cannot be: `faults` lists every reason at once. Nothing was changed."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.code for fault in self.faults))


def id_of(text: str) -> UUID | None:
    """The id that a text is; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def refuse(faults: Sequence[Fault]) -> None:
    """Raises `Impossible` with every fault once, in the order in which they were found; nothing if there is none."""
    if faults:
        raise Impossible(fault for number, fault in enumerate(faults) if fault not in faults[:number])


def sure(value: Something | None) -> Something:
    """A value that the rules before have made sure of; that it is missing is an error of the program."""
    if value is None:
        raise TypeError("a value that must be there is missing")
    return value


class NeedsConfirmation(Exception):
    """The asked act is possible, and does something that the clerk may not expect: `faults` says what, naming it."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.code for fault in self.faults))


def confirm(faults: Sequence[Fault], confirmed: bool) -> None:
    """Raises `NeedsConfirmation` for what an act would do, unless it was confirmed."""
    if faults and not confirmed:
        raise NeedsConfirmation(faults)

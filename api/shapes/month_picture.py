"""Arrivals and departures of a month as a picture: days in, geometry out.

Arrivals stand above the axis, departures hang below it, both on one scale; days of rest have a ground of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, LEFT, RIGHT = 832.0, 44.0, 826.0
TOP, HALF, FOOT = 18.0, 84.0, 22.0
GAP = 6.0
STEPS = (1, 2, 5)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class DayBar:
    """What is drawn of a day: the left edge and width of its bars, the tops and heights of both, its number, whether
    that stands below, and whether the day is one of rest."""

    day: int
    x: float
    width: float
    came: tuple[float, float]
    left: tuple[float, float]
    numbered: bool
    rests: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class MonthPicture:
    """What the template draws: the bars of the days, and the lines of the scale with what each says."""

    bars: tuple[DayBar, ...]
    lines: tuple[tuple[float, int], ...]
    width: float = WIDTH
    height: float = TOP + 2 * HALF + FOOT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    axis: float = TOP + HALF

    @property
    def foot(self) -> float:
        """Where the numbers of days stand."""
        return self.height - 6


def drawn(days: Sequence[tuple[date, int, int]]) -> MonthPicture:
    """The picture of days, each with how many came and how many left; of none it has no bars."""
    step = scale(max((max(came, left) for _, came, left in days), default=0))
    most, axis = 2 * step, TOP + HALF
    lines = tuple((round(axis - HALF * number / most, 1), abs(number)) for number in range(most, -most - 1, -step))
    return MonthPicture(tuple(_bar(one, number, len(days), most) for number, one in enumerate(days)), lines)


def scale(most: int) -> int:
    """The step of the scale: the least of 1, 2, 5, 10, 20, 50… of which two reach the highest bar."""
    power = 1
    while True:
        for one in STEPS:
            if 2 * one * power >= most:
                return one * power
        power *= 10


def _bar(said: tuple[date, int, int], number: int, of: int, most: int) -> DayBar:
    day, came, left = said
    pitch, axis = (RIGHT - LEFT) / of, TOP + HALF
    up, down = (round(HALF * count / most, 1) for count in (came, left))
    return DayBar(
        day=day.day,
        x=round(LEFT + number * pitch + GAP / 2, 1),
        width=round(pitch - GAP, 1),
        came=(round(axis - up, 1), up),
        left=(axis + 1, down),
        numbered=day.day == 1 or day.day % 5 == 0,
        rests=day.weekday() == SUNDAY,
    )

"""Who lived in a dwelling over the years, as a picture: a line a person, periods in, geometry out.

It draws the lines in the order in which they come. What is open of a date is drawn as on a person's timeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.shapes.timeline_picture import RIGHT, WIDTH, DrawnPeriod, Period, Scale, bar_of, scale_of

LEFT, TOP, ROW, BAR, FOOT = 190.0, 8, 26, 17, 24
LONGEST = 27
"""Letters of a name that fit before the bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivedHere:
    """Somebody as the picture calls them, and when they lived in the dwelling; `lane` of a period is `void` where it
    counts no more."""

    name: str
    periods: Sequence[Period]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of the picture: the name, cut to its place, at its height, and the bars."""

    name: str
    y: int
    bars: tuple[DrawnPeriod, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """What the template draws: lines, years with their places, the asked day."""

    height: int
    lines: tuple[DrawnLine, ...]
    ticks: tuple[tuple[float, int], ...]
    day: float
    width: float = WIDTH
    left: float = LEFT
    right: float = RIGHT
    bar: int = BAR

    @property
    def all_bars(self) -> list[DrawnPeriod]:
        return [bar for line in self.lines for bar in line.bars]


def composition(people: Sequence[LivedHere], *, on: date, today: date) -> Composition | None:
    """The picture of these people up to today, with a line at the day asked about; none of nobody."""
    periods = [period for one in people for period in one.periods]
    if not periods:
        return None
    scale = scale_of(periods, on=on, today=today, left=LEFT)
    lines = tuple(
        DrawnLine(_cut(one.name), TOP + ROW * number, _bars(one.periods, scale, TOP + ROW * number))
        for number, one in enumerate(people)
    )
    return Composition(TOP + ROW * len(lines) + FOOT, lines, scale.ticks(), scale.x(on))


def _bars(periods: Sequence[Period], scale: Scale, y: int) -> tuple[DrawnPeriod, ...]:
    return tuple(bar_of(one, scale, y, alone=len(periods) == 1) for one in periods)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"

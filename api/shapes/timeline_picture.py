"""Where somebody lived, as a picture: periods in, geometry out.

A period stands in a lane. What no period of the lane of residence covers is hatched: outside the community, or unknown.
Where a date is known to its month or year alone, the part of the bar that may not be is drawn lighter.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LANES = ("residence", "stay", "kept", "void")
WIDTH, LEFT, RIGHT = 760.0, 92.0, 750.0
TOP, LANE, BAR = 10, 30, 22
LETTER, MARGIN = 6.6, 14.0
"""How wide a letter of a bar is at most, and what stays free beside the text in it."""
TICKS = 9
UNKNOWN_YEARS = 3
"""How far before the first known day a period is drawn that began nobody knows when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period, half-open; `since` None: since nobody knows when, `until` None: still. `*_known` as in an answer.
    `outside`: not in this community. `says`: where and when, in words, the more important first."""

    number: int
    lane: str
    since: date | None
    until: date | None
    since_known: str = "day"
    until_known: str = "day"
    marked: bool = False
    outside: bool = False
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPeriod:
    """A period as drawn; `unsure` are the parts (left, width) that the dates leave open; `open`: it still runs. `text`
    stands in the bar, or `before` or `after` it where `beside` says so."""

    number: int
    lane: str
    x: float
    y: int
    width: float
    unsure: tuple[tuple[float, float], ...]
    open: bool
    marked: bool
    outside: bool = False
    whole: str = ""
    text: str = ""
    beside: str = ""

    @property
    def look(self) -> str:
        """How it is filled: `gone` counts no more, `away` is outside the community, `open` still runs."""
        if self.lane == "void":
            return "gone"
        return "away" if self.outside else "open" if self.open else "ours"

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws: names of lanes with their height, bars, gaps (left, width), years, the asked day."""

    height: int
    lanes: tuple[tuple[str, int], ...]
    bars: tuple[DrawnPeriod, ...]
    gaps: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, int], ...]
    day: float
    width: float = WIDTH
    left: float = LEFT
    right: float = RIGHT
    bar: int = BAR

    @property
    def unsure(self) -> bool:
        return any(bar.unsure for bar in self.bars)

    @property
    def marked(self) -> bool:
        return any(bar.marked for bar in self.bars)

    def has(self, look: str) -> bool:
        """Whether there is a bar that is filled so; a gap is filled as what is outside."""
        return any(bar.look == look for bar in self.bars) or (look == "away" and bool(self.gaps))


def drawn(periods: Sequence[Period], *, on: date, today: date, ended: date | None = None) -> Picture | None:
    """The picture of periods up to today, with a line at the day asked about; none of no periods. After `ended`, a
    death, nothing is a gap."""
    if not periods:
        return None
    scale = scale_of(periods, on=on, today=today)
    lanes = tuple((lane, TOP + LANE * row) for row, lane in enumerate(_lanes(periods)))
    height = dict(lanes)
    many = Counter(one.lane for one in periods)
    bars = tuple(bar_of(one, scale, height[one.lane], alone=many[one.lane] == 1) for one in periods)
    gaps = tuple((scale.x(a), scale.width(a, b)) for a, b in _gaps(periods, scale.first, min(today, ended or today)))
    return Picture(TOP + LANE * len(lanes) + 24, lanes, bars, gaps, scale.ticks(), scale.x(on))


def scale_of(periods: Sequence[Period], *, on: date, today: date, left: float = LEFT) -> "Scale":
    """The years that a picture of these periods has, up to today, from `left` to the right edge."""
    starts = [day for one in periods for day in (one.since, one.until) if day]
    earliest = min([*starts, on, today]).year - (UNKNOWN_YEARS if any(one.since is None for one in periods) else 0)
    latest = max([today, on, *(one.since for one in periods if one.since)])
    return Scale(date(max(earliest, date.min.year), 1, 1), min(latest, date.max - timedelta(1)) + timedelta(1), left)


@dataclass(frozen=True, slots=True)
class Scale:
    """Days as places on a picture."""

    first: date
    last: date
    left: float

    def x(self, day: date) -> float:
        """Where a day stands."""
        inside = min(max(day, self.first), self.last)
        return round(self.left + (RIGHT - self.left) * (inside - self.first).days / (self.last - self.first).days, 1)

    def width(self, since: date, until: date) -> float:
        """How wide a period is."""
        return round(max(self.x(until) - self.x(since), 0.0), 1)

    def ticks(self) -> tuple[tuple[float, int], ...]:
        """The years that are named, each with its place."""
        years = self.last.year - self.first.year + 1
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10_000) if years / step <= TICKS)
        named = [
            self.first.year,
            *(year for year in range(self.first.year + 1, self.last.year + 1) if year % step == 0),
        ]
        places = [(self.x(date(year, 1, 1)), year) for year in named]
        # The first year stands at the edge; a round one too near to it, or to the other edge, would cover it.
        return (places[0], *(one for one in places[1:] if one[0] - places[0][0] > 36 and RIGHT - one[0] > 14))


def _lanes(periods: Sequence[Period]) -> list[str]:
    return [lane for lane in LANES if lane == LANES[0] or any(one.lane == lane for one in periods)]


def bar_of(one: Period, scale: Scale, y: int, *, alone: bool) -> DrawnPeriod:
    """A period as drawn at a height; where it is `alone` there, words that have no room in it may stand beside it."""
    since, until = one.since or scale.first, one.until or scale.last
    x, width = scale.x(since), max(scale.width(since, until), 2.0)
    parts = [(scale.x(a), scale.width(a, b)) for a, b in _unsure(one, since, until)]
    open_ = one.until is None or one.until >= scale.last
    unsure, words = tuple(part for part in parts if part[1]), _words(one)
    text, beside = _text(words, bool(one.number), x, width, scale.left if alone else RIGHT)
    return DrawnPeriod(
        one.number,
        one.lane,
        x,
        y,
        width,
        unsure,
        open_,
        one.marked,
        one.outside,
        words[0] if words else "",
        text,
        beside,
    )


def _words(one: Period) -> list[str]:
    """What may be said of a period, the longest first: its number, where, when."""
    said = [*([str(one.number)] if one.number else []), *one.says]
    return [" · ".join(said[:most]) for most in range(len(said), 0, -1)]


def _text(words: Sequence[str], numbered: bool, x: float, width: float, left: float) -> tuple[str, str]:
    """What stands in a bar: as much as has the room in it; of one without a number, where there is room between `left`
    and the right edge, beside it."""
    for text in words:
        if _wide(text) <= width:
            return text, ""
    for text in () if numbered or left == RIGHT else words:
        if x - _wide(text) >= left:
            return text, "before"
        if x + width + _wide(text) <= RIGHT:
            return text, "after"
    return "", ""


def _wide(text: str) -> float:
    return len(text) * LETTER + (MARGIN if len(text) > 2 else 4)


def _unsure(one: Period, since: date, until: date) -> list[tuple[date, date]]:
    """The parts of a period in which it may not have begun, or may have been over."""
    if (one.since is None or one.since_known == "none") and one.until_known in ("none", "day"):
        return [(since, until)]
    begun = min(_after(since, one.since_known), until)
    over = max(_before(until, one.until_known), since) if one.until else until
    return [(a, b) for a, b in ((since, begun), (over, until)) if a < b]


def _after(day: date, known: str) -> date:
    """The end of the month or year in which something began; of a day, itself."""
    if known == "year":
        return date(min(day.year + 1, date.max.year), 1, 1)
    if known == "month" and day.year < date.max.year:
        return (day.replace(day=1) + timedelta(32)).replace(day=1)
    return day


def _before(day: date, known: str) -> date:
    """The beginning of the month or year in which something ended, whose last possible day this is."""
    inside = day - timedelta(1) if day > date.min else day
    if known == "year":
        return inside.replace(month=1, day=1)
    return inside.replace(day=1) if known == "month" else day


def _gaps(periods: Sequence[Period], first: date, today: date) -> list[tuple[date, date]]:
    """What no residence covers between the first of them and today."""
    spans = sorted((one.since or first, one.until or date.max) for one in periods if one.lane == LANES[0])
    if not spans:
        return []
    gaps, covered = [], spans[0][0]
    for since, until in [*spans, (today, today)]:
        if covered < since <= today:
            gaps.append((covered, since))
        covered = max(covered, until)
    return gaps

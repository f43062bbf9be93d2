"""The picture of where somebody lived: periods in, geometry out."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from api.shapes.timeline_picture import LEFT, RIGHT, Period, Picture, drawn

TODAY = date(2026, 11, 30)


def period(number: int, since: str | None, until: str | None, lane: str = "residence", **known: Any) -> Period:
    days = (date.fromisoformat(one) if one else None for one in (since, until))
    return Period(number=number, lane=lane, since=next(days), until=next(days), **known)  # type: ignore[arg-type]


def picture(*periods: Period, on: date = TODAY, ended: date | None = None) -> Picture:
    found = drawn(periods, on=on, today=TODAY, ended=ended)
    assert found
    return found


def test_of_nothing_there_is_none() -> None:
    assert drawn([], on=TODAY, today=TODAY) is None


def test_periods_follow_one_another_and_only_the_last_runs() -> None:
    one, two = picture(period(1, "2010-01-01", "2020-01-01"), period(2, "2020-01-01", None)).bars
    assert one.x + one.width == pytest.approx(two.x, abs=0.2) and not one.open and two.open
    assert one.x == LEFT and two.x + two.width == pytest.approx(RIGHT, abs=0.2)


def test_a_gap_is_hatched_between_and_after_and_not_before() -> None:
    told = picture(period(1, "2010-06-01", "2012-01-01"), period(2, "2015-01-01", "2020-01-01"))
    one, two = told.bars
    (first, width), (last, rest) = told.gaps
    assert first == pytest.approx(one.x + one.width, abs=0.2) and first + width == pytest.approx(two.x, abs=0.2)
    assert last == pytest.approx(two.x + two.width, abs=0.2) and last + rest > RIGHT - 1


def test_after_a_death_nothing_is_a_gap() -> None:
    life = period(1, "2010-06-01", "2012-01-01")
    assert len(picture(life).gaps) == 1 and picture(life, ended=date(2012, 1, 1)).gaps == ()


def test_a_year_is_as_wide_as_it_may_be_and_its_open_part_is_told() -> None:
    bar = picture(period(1, "2010-01-01", "2020-01-01", since_known="year", until_known="year")).bars[0]
    (start, begun), (over, ending) = bar.unsure
    assert start == bar.x and over + ending == pytest.approx(bar.x + bar.width, abs=0.2)
    assert begun == pytest.approx(ending, abs=0.2) and 30 < begun < bar.width / 5
    assert picture(period(1, "2010-01-01", "2020-01-01")).bars[0].unsure == ()


def test_a_month_is_narrower_and_of_an_unknown_start_all_is_open() -> None:
    told = picture(
        period(1, "2010-12-01", "2020-01-01", since_known="month"), period(2, None, "2009-01-01", since_known="none")
    )
    month, unknown = told.bars
    assert 0 < month.unsure[0][1] < 6
    assert unknown.unsure == ((unknown.x, unknown.width),) and unknown.x == LEFT and unknown.width > 40


def test_lanes_are_those_that_there_are_below_one_another() -> None:
    told = picture(period(1, "2010-01-01", None, lane="kept"), period(0, "2011-01-01", "2012-01-01", lane="void"))
    assert [lane for lane, _ in told.lanes] == ["residence", "kept", "void"]
    assert [y for _, y in told.lanes] == sorted({y for _, y in told.lanes}) and told.gaps == ()


@pytest.mark.parametrize("first", ["0001-01-01", "1926-02-03", "1999-01-01", "2026-11-30", "2030-05-05", "9999-12-30"])
def test_nothing_is_outside_and_the_years_do_not_cover_one_another(first: str) -> None:
    told = picture(period(1, first, None), on=date(2026, 1, 1))
    assert all(LEFT <= bar.x <= RIGHT and bar.width > 0 for bar in told.bars) and LEFT <= told.day <= RIGHT
    places = [x for x, _ in told.ticks]
    assert places and all(b - a > 30 for a, b in pairwise(places))


def test_sixty_are_drawn_each_and_a_narrow_one_has_no_number() -> None:
    many = [period(n, f"{1960 + n}-01-01", f"{1960 + n}-12-01") for n in range(1, 61)]
    told = picture(*many)
    assert len(told.bars) == 60 and len(told.gaps) == 60 and not any(bar.text for bar in told.bars)


def test_a_bar_says_as_much_as_has_the_room() -> None:
    long, short, day = picture(
        period(1, "2000-01-01", "2024-01-01", says=("вул. Х, 1", "01.01.2000 – 01.01.2024")),
        period(2, "2024-01-01", "2025-06-01", says=("вул. Х, 2", "01.01.2024 – 01.06.2025")),
        period(3, "2025-06-01", "2025-06-02", says=("вул. Х, 3", "01.06.2025 – 02.06.2025")),
    ).bars
    assert long.text == long.whole == "1 · вул. Х, 1 · 01.01.2000 – 01.01.2024"
    assert short.text == "2" and short.whole.startswith("2 · вул. Х, 2 · ") and day.text == "" and not day.beside


@pytest.mark.parametrize(
    ("since", "until", "side"), [("2024-01-01", "2024-03-01", "before"), ("2000-01-01", "2000-03-01", "after")]
)
def test_what_counts_no_more_says_it_beside_its_bar_where_there_is_room(since: str, until: str, side: str) -> None:
    here = period(1, "2000-01-01", None)
    void = period(0, since, until, lane="void", says=("вул. Х, 9",))
    bar = picture(here, void).bars[1]
    assert (bar.text, bar.beside, bar.look) == ("вул. Х, 9", side, "gone")
    assert [one.beside for one in picture(here, void, void).bars] == ["", "", ""]


def test_what_is_outside_is_drawn_as_a_gap_is_and_needs_no_gap() -> None:
    told = picture(period(1, "2010-01-01", "2020-01-01"), period(2, "2020-01-01", None, outside=True))
    assert [bar.look for bar in told.bars] == ["ours", "away"]
    assert told.has("away") and not told.has("open") and told.gaps == ()

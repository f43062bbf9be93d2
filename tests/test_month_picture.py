"""The picture of a month: both series on one scale, no bar beyond it, every day in its place."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from api.shapes.month_picture import HALF, LEFT, RIGHT, TOP, drawn, scale


def month(*counts: tuple[int, int]) -> list[tuple[date, int, int]]:
    return [(date(2026, 11, 1) + timedelta(number), *one) for number, one in enumerate(counts)]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (9, 5), (21, 20), (40, 20), (41, 50)]
)
def test_two_steps_of_the_scale_reach_the_highest_bar(most: int, step: int) -> None:
    assert scale(most) == step


def test_arrivals_stand_above_the_axis_and_departures_hang_below() -> None:
    picture = drawn(month((4, 0), (2, 4), *[(0, 0)] * 28))
    first, second, third = picture.bars[:3]
    assert first.came == (TOP, HALF) and first.left[1] == 0
    assert second.came == (TOP + HALF / 2, HALF / 2) and second.left == (TOP + HALF + 1, HALF)
    assert third.came[1] == third.left[1] == 0
    assert [number for _, number in picture.lines] == [4, 2, 0, 2, 4]


def test_days_stand_side_by_side_within_the_frame() -> None:
    bars = drawn(month(*[(1, 1)] * 30)).bars
    assert all(one.x + one.width < other.x for one, other in pairwise(bars))
    assert bars[0].x > LEFT and bars[-1].x + bars[-1].width < RIGHT
    assert [one.day for one in bars if one.numbered] == [1, 5, 10, 15, 20, 25, 30]
    assert [one.day for one in bars if one.rests] == [1, 8, 15, 22, 29]


def test_a_month_of_nobody_has_a_scale_and_no_bar_of_any_height() -> None:
    picture = drawn(month(*[(0, 0)] * 28))
    assert {one.came[1] + one.left[1] for one in picture.bars} == {0} and len(picture.lines) == 5
    assert drawn([]).bars == ()

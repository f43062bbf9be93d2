"""The picture of who lived in a dwelling: people in, geometry out."""

from datetime import date

import pytest

from api.shapes.composition_picture import LEFT, LONGEST, ROW, Composition, LivedHere, composition
from api.shapes.timeline_picture import RIGHT, Period

TODAY = date(2026, 11, 30)


def lived(name: str, *spans: tuple[str | None, str | None], lane: str = "residence", **known: str) -> LivedHere:
    days = [[date.fromisoformat(one) if one else None for one in span] for span in spans]
    periods = [Period(number=0, lane=lane, since=since, until=until, **known) for since, until in days]  # type: ignore[arg-type]
    return LivedHere(name=name, periods=periods)


def picture(*people: LivedHere, on: date = TODAY) -> Composition:
    found = composition(people, on=on, today=TODAY)
    assert found
    return found


def test_of_nobody_there_is_none() -> None:
    assert composition([], on=TODAY, today=TODAY) is None
    assert composition([lived("А")], on=TODAY, today=TODAY) is None


def test_a_line_a_person_in_the_order_they_come() -> None:
    told = picture(lived("А", ("2010-01-01", None)), lived("Б", ("2012-01-01", "2020-01-01"), ("2022-01-01", None)))
    assert [line.name for line in told.lines] == ["А", "Б"]
    assert told.lines[1].y - told.lines[0].y == ROW and told.height > told.lines[1].y + ROW
    assert [len(line.bars) for line in told.lines] == [1, 2]
    assert [bar.open for bar in told.all_bars] == [True, False, True]


def test_all_share_one_scale_that_begins_behind_the_names() -> None:
    told = picture(lived("А", ("2000-01-01", None)), lived("Б", ("2013-06-15", "2020-01-01")))
    first, second = told.lines[0].bars[0], told.lines[1].bars[0]
    assert first.x == LEFT and first.x + first.width == pytest.approx(RIGHT, abs=0.2)
    assert second.x == pytest.approx((LEFT + RIGHT) / 2, abs=2) and second.x + second.width < RIGHT
    assert told.ticks[0] == (LEFT, 2000) and told.day <= RIGHT


def test_what_is_open_of_a_date_is_drawn_so() -> None:
    bar = picture(lived("А", ("2010-01-01", "2020-01-01"), since_known="year")).lines[0].bars[0]
    assert bar.unsure and bar.unsure[0][0] == bar.x


def test_the_asked_day_moves_the_line_and_not_the_bars() -> None:
    one = lived("А", ("2000-01-01", None))
    now, then = picture(one), picture(one, on=date(2013, 6, 15))
    assert then.day < now.day and then.lines == now.lines


def test_a_long_name_is_cut_and_a_short_one_is_not() -> None:
    told = picture(lived("Я" * LONGEST, ("2010-01-01", None)), lived("Я" * (LONGEST + 1), ("2010-01-01", None)))
    assert told.lines[0].name == "Я" * LONGEST and told.lines[1].name == "Я" * (LONGEST - 1) + "…"

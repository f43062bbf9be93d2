"""The two ways of working out who lived where agree, whatever was recorded: by intervals, and by asking day by day."""

from datetime import date, timedelta
from itertools import pairwise

from given import entries, lives
from hypothesis import given, settings
from tiers import tries

from registry.aggregates.person.state import fold
from registry.aggregates.person.timeline import timeline
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL
from replay.engine import Life, stretches


def shape(residence, row):
    return (
        residence,
        row.since,
        row.until,
        row.since_known,
        row.until_known,
        row.certain_since,
        row.certain_until,
        row.facts,
    )


@settings(max_examples=tries(1500), deadline=None)
@given(lives())
def test_intervals_equal_days(facts):
    person = fold(entries(facts))
    by_intervals = {shape(row.residence, row) for row in timeline(person) if row.state == "standing"}
    by_days = {shape(one.residence.id, one) for one in stretches(person)}
    assert by_intervals == by_days


@settings(max_examples=tries(300), deadline=None)
@given(lives())
def test_periods_never_overlap_and_every_residence_has_a_row(facts):
    person = fold(entries(facts))
    rows = timeline(person)
    assert {row.residence for row in rows} == {one.id for one in person.residences}
    spans = sorted(
        (row.since or BEFORE_ALL, row.until or AFTER_ALL) for row in rows if row.state == "standing" and not row.kept
    )
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start


@settings(max_examples=tries(200), deadline=None)
@given(lives())
def test_each_day_is_held_by_whom_the_rule_names(facts):
    person = fold(entries(facts))
    rows = [row for row in timeline(person) if row.state == "standing" and not row.kept]
    life = Life(person)
    for number in range(0, 4 * 366, 17):
        day = date(2000, 1, 1) + timedelta(number)
        there = [row.residence for row in rows if (row.since or BEFORE_ALL) <= day < (row.until or AFTER_ALL)]
        holder = life.holder(day)
        assert there == ([holder.id] if holder else [])

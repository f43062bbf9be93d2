"""`certain` is never wrongly true (semantics 4): a third judge completes the unknown parts of the dates, and asks who
lived there then by the rule for exact dates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from given import entries, lives, uid
from hypothesis import given, settings
from hypothesis import strategies as st
from tiers import tries

from registry.aggregates.person import events
from registry.aggregates.person.state import Person, fold
from registry.aggregates.person.timeline import timeline
from registry.aggregates.values import AFTER_ALL, days
from replay.engine import Life, stretches

DAY = timedelta(1)
HOME, OTHER = uid(100), uid(101)


def days_of(row: Any) -> tuple[str, str | None] | None:
    """The certain days of a row; None if there are none."""
    if row.certain_since == row.certain_until:
        return None
    return str(row.certain_since), row.certain_until and str(row.certain_until)


def certain_of(*facts: Any) -> dict[int, tuple[str, str | None] | None]:
    """The certain days of the last row of each residence that stands, by its number; both engines say the same."""
    entered = events.PersonEntered(particulars=events.Particulars(surname="Вигадана"))
    person = fold(entries([entered, *facts]))
    by_intervals = {row.residence: days_of(row) for row in timeline(person) if row.state == "standing"}
    assert by_intervals == {one.residence.id: days_of(one) for one in reversed(stretches(person))}
    return {id.int - 200: found for id, found in by_intervals.items()}


def declared(number: int, since: str | None) -> events.ResidenceDeclared:
    return events.ResidenceDeclared(residence=uid(200 + number), dwelling=HOME, since=since)


def ended(number: int, until: str) -> events.ResidenceDeregistered:
    return events.ResidenceDeregistered(residence=uid(200 + number), dwelling=HOME, until=until)


def past(number: int, since: str | None, until: str) -> events.PastResidenceEntered:
    return events.PastResidenceEntered(
        residence=uid(200 + number), kind="registered", dwelling=OTHER, since=since, until=until
    )


def died(on: str) -> events.Deceased:
    return events.Deceased(registered_on=on)


class TestExamples:
    """What an auditor found, each with two neighbours."""

    @pytest.mark.parametrize(
        ("death", "until"), [("2023-07", "2023-07-01"), ("2023", None), ("2023-07-20", "2023-07-20")]
    )
    def test_an_exact_end_hides_no_death_that_is_not(self, death, until):
        found = certain_of(declared(1, "2023-01-01"), ended(1, "2023-07-26"), died(death))
        assert found == {1: until and ("2023-01-01", until)}

    @pytest.mark.parametrize(
        ("since", "death", "days"),
        [
            ("2023-07-25", "2023-07", None),
            ("2023-02-01", "2023", None),
            ("2022-02-01", "2023", ("2022-02-01", "2023-01-01")),
        ],
    )
    def test_nor_does_that_of_a_past_one(self, since, death, days):
        assert certain_of(past(1, since, "2023-07-26"), died(death)) == {1: days}

    @pytest.mark.parametrize(
        ("until", "days"),
        [
            ("2007", None),
            ("2007-08", ("2007-03-25", "2007-08-01")),
            ("2007-10", ("2007-03-25", "2007-09-26")),
        ],
    )
    def test_an_exact_death_hides_no_end_that_is_not(self, until, days):
        assert certain_of(past(1, "2007-03-25", until), died("2007-09-26")) == {1: days}

    @pytest.mark.parametrize(
        ("since", "until", "days"),
        [
            ("2022", "2022", None),
            ("2022-10", "2022", ("2022-08-19", "2022-10-01")),
            ("2022-01-01", "2022-09", ("2022-09-30", "2022-11-29")),
        ],
    )
    def test_where_another_one_may_stand_a_past_one_is_not_certain(self, since, until, days):
        found = certain_of(declared(1, since), ended(1, until), past(2, "2022-08-19", "2022-11-29"))
        assert found.get(2) == days

    @pytest.mark.parametrize(
        ("since", "until", "days"),
        [
            ("2002", "2003-05-01", ("2003-05-01", "2005-01-01")),
            ("2002", "2003", ("2003-12-31", "2005-01-01")),
            ("2000", "2003-05-01", ("2001-12-31", "2005-01-01")),
        ],
    )
    def test_where_a_later_past_one_may_be_another_is_not_certain(self, since, until, days):
        found = certain_of(past(1, "2001", "2005-01-01"), past(2, since, until))
        assert found[1] == days


class TestWhoCapsAnEnd:
    def test_a_residence_without_a_day_does_not(self):
        found = timeline(
            fold(
                entries(
                    [
                        events.PersonEntered(particulars=events.Particulars(surname="Вигадана")),
                        declared(1, "2015-06-15"),
                        declared(2, "2015-01-01"),
                        ended(2, "2015"),
                    ]
                )
            )
        )
        assert [(row.state, str(row.since), str(row.until)) for row in found] == [
            ("superseded", "2015-06-15", "None"),
            ("standing", "2015-01-01", "2015-12-31"),
        ]

    def test_one_with_a_day_does(self):
        person = fold(
            entries(
                [
                    events.PersonEntered(particulars=events.Particulars(surname="Вигадана")),
                    declared(1, "2015-01-01"),
                    ended(1, "2015"),
                    past(2, "2015-06-15", "2016-01-01"),
                ]
            )
        )
        assert [(str(row.since), str(row.until)) for row in timeline(person)] == [
            ("2015-01-01", "2015-06-15"),
            ("2015-06-15", "2016-01-01"),
        ]


def completed(person: Person, random: Random, near: list[date]) -> Person | None:
    """The person with a day for each unknown part of a date, often near to the days that are asked; None for what the
    record does not allow: an end before its start, a start before the birth or after it was recorded."""

    def day(text: str | None, latest: date = AFTER_ALL) -> str | None:
        if text is None:
            return None
        first, last = days(text)
        last = last if first == last else max(first, min(last, latest))
        chosen = random.choice([first, last, *(one for one in near if first <= one <= last)])
        return (chosen if random.random() < 0.8 else first + DAY * random.randint(0, (last - first).days)).isoformat()

    born = day(person.particulars.birth_date)
    residences = tuple(
        replace(one, since=day(one.since, one.recorded_on), until=day(one.until)) for one in person.residences
    )
    if any(one.since and one.until and one.until < one.since for one in residences):
        return None
    if born and any(one.since and one.since < born for one in residences):
        return None
    death = person.death and replace(person.death, registered_on=day(person.death.registered_on))
    particulars = replace(person.particulars, birth_date=born)
    return replace(person, residences=residences, death=death, particulars=particulars)


def asked_days(person: Person) -> Iterator[date]:
    """The bounds of what is called certain, and the days beside them."""
    for one in stretches(person):
        if one.certain_since != one.certain_until:
            last = (one.certain_until or date(2030, 1, 1)) - DAY
            yield from (max(one.certain_since, date(1900, 1, 1)), last)


@settings(max_examples=tries(1500), deadline=None)
@given(lives(longest=6), st.randoms(use_true_random=False))
def test_what_is_certain_holds_for_every_completion(facts, random):
    person = fold(entries(facts))
    sure = [one for one in stretches(person) if one.certain_since != one.certain_until]
    near = sorted({two for one in asked_days(person) for two in (one - DAY, one, one + DAY)})
    for _ in range(20):
        possible = completed(person, random, near)
        if possible is None:
            continue
        life = Life(possible)
        kept = {one.residence.id: one for one in life.kept_beside()}
        for day in near:
            there = [one for one in sure if one.certain_since <= day < (one.certain_until or AFTER_ALL)]
            for one in there:
                if one.residence.kept:
                    other = kept[one.residence.id]
                    assert (other.since or date.min) <= day < (other.until or AFTER_ALL)
                else:
                    holder = life.holder(day)
                    assert holder and holder.id == one.residence.id

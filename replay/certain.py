"""Whether a residence holds a day for certain, asked day by day: no completion of the dates answers otherwise
(semantics 4).

It shares nothing with `aggregates.person.certainty`, which works out intervals. Both take for possible what a date as
written allows by itself: a day may be called uncertain that is not, never the other way round.
"""

from collections.abc import Callable
from datetime import date
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from registry.aggregates.person.state import Residence
from registry.aggregates.values import AFTER_ALL, DateText, first_day, last_day

if TYPE_CHECKING:
    from replay.engine import Life


def certain_days(life: "Life", one: Residence, since: date, until: date) -> tuple[date, date]:
    """Of the days `[since, until)` on which a residence counts the longest stretch of certain ones, the first of
    several; two equal days if there are none."""
    asked = sorted({since, until, *(day for day in life.turns if since < day < until)})
    runs = groupby(pairwise(asked), key=lambda span: holds_surely(life, one, span[0]))
    stretches = [(spans[0][0], spans[-1][1]) for sure, found in runs if sure and (spans := list(found))]
    if stretches:
        return max(stretches, key=lambda span: (span[1] - span[0], AFTER_ALL - span[0]))
    nowhere = min(max(since, latest_start(life, one)), until, *_ends(life, one, first_day))
    return nowhere, nowhere


def holds_surely(life: "Life", one: Residence, day: date) -> bool:
    """Whether it has begun and not ended whatever the dates are, and nobody who goes before it may hold the day."""
    if not latest_start(life, one) <= day < min(_ends(life, one, first_day)):
        return False
    others = [other for other in life.in_force if other is not one and not other.kept]
    if one.since is None and any(_may_precede(life, other, one, day) for other in others):
        return False
    if one.kept:
        return True
    if one.since and not one.past:
        return not any(life.start(higher) <= day for higher in life.ranks if higher.rank > one.rank)
    return not any(_may_hold(life, other, day) and _may_go_before(life, other, one) for other in others)


def latest_start(life: "Life", one: Residence) -> date:
    """The last day on which it can have begun: nothing begins after it was recorded."""
    if one.since is None:
        return max(life.start(one), one.recorded_on)
    first, last = first_day(one.since), last_day(one.since)
    if first == last:
        return life.start(one)
    return max(life.start(one), min(last, max(first, one.recorded_on)))


def _ends(life: "Life", one: Residence, bound: Callable[[DateText], date]) -> list[date]:
    """The first, or the last, days that its own end, the death and its carry-over can mean."""
    death = life.person.death
    written = [one.until, death and death.registered_on]
    written += [other.since for other in life.in_force if other.carried_from == one.id]
    return [bound(text) for text in written if text] or [AFTER_ALL]


def _may_hold(life: "Life", one: Residence, day: date) -> bool:
    """Whether it can have begun and not ended on a day, nor given way to one of a higher rank."""
    if one.since and not life.start(one) <= day:
        return False
    if not one.past and any(latest_start(life, higher) <= day for higher in life.ranks if higher.rank > one.rank):
        return False
    return day < min(_ends(life, one, last_day))


def _may_go_before(life: "Life", other: Residence, one: Residence) -> bool:
    """Whether the other one can be asked before a past one, or before one without a since."""
    if not other.past:
        # One without a since begins where the last one that ends before it has ended.
        return bool(other.since) or not one.since or _last_end(life, one) >= _first_end(life, other)
    if not one.past or (one.since and not other.since):
        return False
    if other.since and not one.since:
        return True
    if one.since and other.since and latest_start(life, other) != life.start(one):
        return latest_start(life, other) > life.start(one)
    theirs, ours = _first_end(life, other), _last_end(life, one)
    return theirs < ours or (theirs == ours and other.rank > one.rank)


def _may_precede(life: "Life", other: Residence, one: Residence, day: date) -> bool:
    """Whether one without a since can begin only after a day, because another one begins or ends behind it and before
    its end."""
    before = _last_end(life, one)
    ends_behind = day < _last_end(life, other) < AFTER_ALL and _first_end(life, other) < before
    return ends_behind or (other.since is not None and day < latest_start(life, other) and life.start(other) < before)


def _first_end(life: "Life", one: Residence) -> date:
    above = [life.start(higher) for higher in _above(life, one)]
    return min(*_ends(life, one, first_day), *above, AFTER_ALL)


def _last_end(life: "Life", one: Residence) -> date:
    above = [latest_start(life, higher) for higher in _above(life, one)]
    return min(*_ends(life, one, last_day), *above, AFTER_ALL)


def _above(life: "Life", one: Residence) -> list[Residence]:
    takes_turns = not one.past and not one.kept
    return [higher for higher in life.ranks if takes_turns and higher.rank > one.rank]


def turns(life: "Life") -> set[date]:
    """The days on which an answer can change."""
    days: set[date] = set()
    for one in life.that_matter:
        days |= {life.start(one), latest_start(life, one)}
        days.update(_ends(life, one, first_day), _ends(life, one, last_day))
    return days

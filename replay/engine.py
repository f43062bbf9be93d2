"""Replay: the register as of any day, as it stood at any instant, folded from the log itself.

It shares the facts and `evolve` with the rest and nothing else: where `aggregates.person.timeline` works out intervals,
this asks the rules of semantics 1-4 literally, day by day, at every day on which something can change. It never reads a
projection, because it is what checks them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise

from registry.aggregates.person.state import Person, Residence
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, first_day, known, last_day, sure
from replay.certain import certain_days, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days `[since, until)` on which one residence counts, with what is known of its bounds; None where unbounded."""

    residence: Residence
    since: date | None
    until: date | None
    since_known: str
    until_known: str
    certain_since: date
    certain_until: date | None
    facts: tuple[int, ...]


def stretches(person: Person) -> list[Stretch]:
    """Every stretch of days on which a residence of the person counts, newest first; kept ones beside the others."""
    return Life(person).stretches()


def idle(person: Person, running: Iterable[Stretch] | None = None) -> list[tuple[Residence, str]]:
    """The residences that count on no day, which is in none of the stretches: `annulled`, or in force and
    `superseded`."""
    counting = {one.residence.id for one in (stretches(person) if running is None else running)}
    return [
        (one, "annulled" if one.annulled else "superseded")
        for one in person.residences
        if one.annulled or one.id not in counting
    ]


class Life:
    """The rules asked of one person."""

    def __init__(self, person: Person):
        self.person = person
        self.death = last_day(person.death.registered_on) if person.death else AFTER_ALL
        self.birth = first_day(person.particulars.birth_date) if person.particulars.birth_date else BEFORE_ALL
        self.in_force = [one for one in person.residences if not one.annulled]
        self.past = [one for one in self.in_force if one.past and not one.kept]
        self.undated = [one for one in self.in_force if not one.past and not one.kept and not one.since]
        self.ranks = sorted(
            (
                one
                for one in person.residences
                if one.since and not one.past and not one.kept and (one.blocks or not one.annulled)
            ),
            key=lambda one: -one.rank,
        )
        self.that_matter = [*self.in_force, *(one for one in self.ranks if one.annulled)]
        self.capping = {one.id for one in self.in_force if one.since and not one.kept}
        if any(one.until and known(one.until) != "day" for one in self.in_force):
            self._leave_out_superseded()

    def stretches(self) -> list[Stretch]:
        """Those of every residence, newest first."""
        found = [*self.in_turn(), *self.kept_beside()]
        order = {residence.id: number for number, residence in enumerate(self.person.residences)}
        return sorted(found, key=lambda one: (one.since or BEFORE_ALL, order[one.residence.id]), reverse=True)

    def _leave_out_superseded(self) -> None:
        """One that is left without a day caps no end (semantics 4); without its cap others may be left without, too."""
        while True:
            holders = [self.holder(day) for day in self._days()]
            idle = self.capping - {one.id for one in holders if one}
            if not idle:
                return
            self.capping -= idle

    @cached_property
    def turns(self) -> set[date]:
        """The days on which it can change whether something is certain."""
        return turns(self)

    def holder(self, day: date) -> Residence | None:
        """Who the rules of semantics 1.1, 1.2 and 4 name on a day; kept residences are beside and not asked here."""
        return self._dated(day) or self._undated(day) or self._past(day)

    def in_turn(self) -> Iterator[Stretch]:
        """The stretches of those that take turns: the holder asked on every day on which it can change."""
        for holder, days in groupby(pairwise(self._days()), key=lambda span: self.holder(span[0])):
            spans = list(days)
            if holder is not None:
                yield self._stretch(holder, spans[0][0], spans[-1][1])

    def kept_beside(self) -> Iterator[Stretch]:
        for one in self.in_force:
            if one.kept:
                start = self.start(one)
                end = min(self.own_end(one), self.death, self._carried_on(one))
                if start < end:
                    yield self._stretch(one, start, end)

    def start(self, one: Residence) -> date:
        """The first possible day, never before the first possible birth; for an unknown since see `_begins`."""
        if one.since is None:
            return self._begins(one)
        first = first_day(one.since)
        return first if first > self.birth else self.birth

    def own_end(self, one: Residence) -> date:
        """The last possible day of its own end; where that is not exact, no later than the next residence's since."""
        if one.until is None:
            return AFTER_ALL
        first, last = first_day(one.until), last_day(one.until)
        if first == last:
            return last
        after = BEFORE_ALL if one.since is None else self.start(one)
        for other in self.in_force:
            if other is not one and other.id in self.capping:
                begins = self.start(other)
                if begins > after and first <= begins <= last:
                    last = begins
        return last

    def _dated(self, day: date) -> Residence | None:
        """The highest-ranked one with since <= day decides: it holds unless it ended by then."""
        deciding = next((one for one in self.ranks if self.start(one) <= day), None)
        if deciding is None or deciding.annulled:
            return None
        ended = day >= min(self.own_end(deciding), self.death, self._carried_on(deciding))
        return None if ended else deciding

    def _undated(self, day: date) -> Residence | None:
        """A card-index row without a since: it never supersedes, and ends like any other."""
        for one in self.undated:
            if self.start(one) <= day < self._end(one):
                return one
        return None

    def _past(self, day: date) -> Residence | None:
        """The later first-possible since decides, then the earlier until, the later recorded; undated ones last."""
        there = [one for one in self.past if self.start(one) <= day < self._end(one)]
        return max(
            there,
            key=lambda one: (
                one.since is not None,
                self.start(one) if one.since else BEFORE_ALL,
                AFTER_ALL - self._end(one),
                one.rank,
            ),
            default=None,
        )

    def _end(self, one: Residence) -> date:
        """Where a residence ends by the rules of its kind, whoever else may hold its days."""
        ends = [self.own_end(one), self.death, self._carried_on(one)]
        if not one.past and not one.kept:
            ends += [self.start(higher) for higher in self.ranks if higher.rank > one.rank]
        return min(ends)

    def _begins(self, one: Residence) -> date:
        """The latest known end, failing that start, of the others that begin or end before its own end; else birth."""
        end = self._end(one)
        others = [other for other in self.in_force if other is not one and not other.kept]
        dated = [other for other in others if other.since and self.start(other) < self._end(other)]
        undated = [other for other in others if not other.since]
        ends = [self._end(other) for other in [*dated, *undated] if self._end(other) < end]
        if ends:
            return max(self.birth, *ends)
        starts = [self.start(other) for other in dated if self.start(other) < end]
        return max(self.birth, *starts) if starts else self.birth

    def _carried_on(self, one: Residence) -> date:
        """The day on which its dwelling was renumbered, if it was."""
        days = [first_day(other.since) for other in self.in_force if other.carried_from == one.id and other.since]
        return min(days, default=AFTER_ALL)

    def _days(self) -> list[date]:
        """Every day on which the holder can change, and the ends of time."""
        days = {BEFORE_ALL, AFTER_ALL, self.death}
        for one in self.that_matter:
            days |= {self.start(one), self.own_end(one), self._end(one)}
        return sorted(days)

    def _stretch(self, one: Residence, since: date, until: date) -> Stretch:
        since_known, before = self._beginning(one, since)
        until_known, after = self._ending(one, until)
        certain_since, certain_until = certain_days(self, one, since, until)
        return Stretch(
            residence=one,
            since=None if since == BEFORE_ALL else since,
            until=None if until == AFTER_ALL else until,
            since_known=since_known,
            until_known=until_known,
            certain_since=certain_since,
            certain_until=None if certain_until == AFTER_ALL else certain_until,
            facts=tuple(sorted({*one.made_by, *one.ended_by, *before, *after})),
        )

    def _beginning(self, one: Residence, since: date) -> tuple[str, Sequence[int]]:
        """How exactly a beginning is known, and the facts of whoever else set it."""
        if since != self.start(one):
            cut_by = sure(self.holder(date.fromordinal(since.toordinal() - 1)))
            return known(cut_by.until), (*cut_by.made_by, *cut_by.ended_by)
        return known(one.since), ()

    def _ending(self, one: Residence, until: date) -> tuple[str, Sequence[int]]:
        """How exactly an end is known, and the facts of whoever else set it."""
        if until == AFTER_ALL:
            return "none", ()
        if one.until and until == self.own_end(one):
            return known(one.until), ()
        death = self.person.death
        if death and until == self.death:
            return known(death.registered_on), (death.position,)
        next_one = self._next(one, until)
        return known(next_one.since), next_one.made_by

    def _next(self, one: Residence, day: date) -> Residence:
        """Whose since ends a stretch: the ranked one that decides from then on, the next holder, or the carry-over."""
        deciding = next((other for other in self.ranks if self.start(other) <= day), None)
        decides = deciding if deciding is not None and self.start(deciding) == day else None
        takes_turns = not one.kept and (one.past or not one.since)
        found = (takes_turns and self.holder(day)) or (not one.kept and decides) or None
        if found:
            return found
        carried = (other for other in self.in_force if other.carried_from == one.id)
        return next(other for other in carried if other.since and first_day(other.since) == day)

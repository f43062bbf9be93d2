"""Which days of a residence are certain: on them it holds for every completion of what is unknown of the person's dates
(semantics 4), worked out by intervals.

A date as written allows each of its days; a since none after the day on which it was recorded. On a certain day a
residence has begun however late it can have begun, has not ended however early it, or the person, can have ended, and
nobody who goes before it can hold the day: of those that take turns by rank nobody later has begun; before a past one,
and before one without a since, none of the others may be there. What others can hold is taken as far as it can reach,
by their own dates alone: a day may be called uncertain that is not, never the other way round.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.aggregates.person.state import Person, Residence
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, days

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Reach:
    """The first and the last day on which a residence can begin, and on which it can end."""

    begins: Span
    ends: Span


class Certainty:
    """The certain days of one person's residences. `live` are those in force, `ranked` those that take turns by rank
    and have a since, annulled ones too that go on to block; `starts` are the first possible days of all of these."""

    def __init__(
        self, person: Person, live: Sequence[Residence], ranked: Sequence[Residence], starts: Mapping[UUID, date]
    ):
        self.death = days(person.death.registered_on) if person.death else (AFTER_ALL, AFTER_ALL)
        self.live = live
        self.ranked = ranked
        self.begins = {one.id: (starts[one.id], self._latest(one, starts[one.id])) for one in (*live, *ranked)}
        self.ends = {one.id: self._ends(one) for one in live}

    def of(self, one: Residence, span: Span) -> Span:
        """Of a stretch of days on which a residence holds the longest stretch of certain ones; two equal
        days if there are none."""
        first, last = max(span[0], self.begins[one.id][1]), min(span[1], self.ends[one.id][0])
        parts = [(first, last)] if first < last else []
        for start, end in (held for held in self._before(one) if held[0] < held[1]):
            parts = [part for left, right in parts for part in ((left, min(right, start)), (max(left, end), right))]
            parts = [part for part in parts if part[0] < part[1]]
        longest = max(parts, key=lambda part: (part[1] - part[0], AFTER_ALL - part[0]), default=None)
        return longest or (min(first, last), min(first, last))

    def _latest(self, one: Residence, start: date) -> date:
        """The last day on which it can begin: nothing begins after it was recorded."""
        if one.since is None:
            return max(start, one.recorded_on)
        earliest, latest = days(one.since)
        return max(start, latest if earliest == latest else max(earliest, min(latest, one.recorded_on)))

    def _ends(self, one: Residence) -> Span:
        """By its own end, the death, its carry-over, and whoever is ranked above it."""
        ends = [days(one.until) if one.until else (AFTER_ALL, AFTER_ALL), self.death]
        ends += [days(other.since) for other in self.live if other.carried_from == one.id and other.since]
        if not one.past and not one.kept:
            ends += [self.begins[other.id] for other in self.ranked if other.rank > one.rank]
        return min(end for end, _ in ends), min(end for _, end in ends)

    def _before(self, one: Residence) -> Iterable[Span]:
        """The days that others can hold before it, as far as they can reach."""
        others = [other for other in self.live if other is not one and not other.kept]
        if one.since is None:
            yield BEFORE_ALL, self._begun(one, others)
        if one.kept or (one.since and not one.past):
            return
        for other in others:
            (begins, _), (_, ends) = self.begins[other.id], self.ends[other.id]
            if not other.past and other.since:
                yield begins, ends
            elif not other.past:
                # It begins where the last one before its own end has ended.
                if one.since is None or self.ends[one.id][1] >= self.ends[other.id][0]:
                    yield BEFORE_ALL, ends
            elif one.past and self._goes_before(other, one):
                yield begins if other.since else BEFORE_ALL, ends

    def _begun(self, one: Residence, others: Iterable[Residence]) -> date:
        """When one without a since has begun, whichever of the others it begins after."""
        last = self.ends[one.id][1]
        ends = [self.ends[other.id] for other in others]
        begins = [self.begins[other.id] for other in others if other.since]
        return max(
            [BEFORE_ALL, *(latest for earliest, latest in (*ends, *begins) if earliest < last and latest < AFTER_ALL)]
        )

    def _goes_before(self, other: Residence, one: Residence) -> bool:
        """Whether of two past residences the other can go first: the later since, then the earlier end, then the later
        recorded; one without a since never before one that has one."""
        if bool(other.since) != bool(one.since):
            return bool(other.since)
        if one.since and other.since:
            theirs, ours = self.begins[other.id][1], self.begins[one.id][0]
            if theirs != ours:
                return theirs > ours
        theirs, ours = self.ends[other.id][0], self.ends[one.id][1]
        return theirs < ours or (theirs == ours and other.rank > one.rank)

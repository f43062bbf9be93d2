"""When each residence of a person ran: the rules of semantics 1-4 worked out by intervals.

`replay.engine` answers the same by asking the rule day by day; the two are compared by `hromada verify` and in tests.
Inside, a missing bound is `BEFORE_ALL` or `AFTER_ALL`; in the rows that come out it is None.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.aggregates.person.certainty import Certainty
from registry.aggregates.person.state import Person, Residence
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, first_day, known, last_day, sure

Span = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One version of one residence, or of one part of it where another cuts it.

    `since` (included) and `until` (excluded) are resolved days, None where unbounded; `since_known` and `until_known`
    tell how exactly each is known. Between `certain_since` and `certain_until` (excluded; None = for ever) the person
    lived there whatever the unknown parts of the dates are; equal bounds mean on no day for certain. `state` is
    `standing`, `superseded` (left without a day) or `annulled`. `facts` are the positions that made it so.
    """

    residence: UUID
    part: int
    kind: str
    dwelling: UUID
    since: date | None
    until: date | None
    since_known: str
    until_known: str
    certain_since: date
    certain_until: date | None
    state: str
    kept: bool
    past: bool
    carried: bool
    facts: tuple[int, ...]


def timeline(person: Person) -> tuple[Row, ...]:
    """The rows of a person, in the order in which their residences were recorded; parts of one by their days."""
    life = _Life(person)
    rows = [row for residence in person.residences for row in life.rows(residence)]
    return tuple(rows)


def standing(rows: Iterable[Row]) -> list[Row]:
    """The rows that count, newest first: by since, then the later recorded."""
    counted = [row for row in rows if row.state == "standing"]
    return sorted(reversed(counted), key=lambda row: row.since or BEFORE_ALL, reverse=True)


def current(rows: Iterable[Row]) -> Row | None:
    """The row of the current residence: standing, without an end, not kept. None if the person has none."""
    return next((row for row in rows if row.state == "standing" and row.until is None and not row.kept), None)


def lives_in(person: Person, dwelling: UUID, on: date) -> bool:
    """Whether somebody has a residence in a dwelling that counts on a day, a kept one too; of the dead, whether they
    had one until they died."""
    died = last_day(person.death.registered_on) if person.death else None
    there = (row for row in standing(timeline(person)) if row.dwelling == dwelling)
    begun = (row for row in there if row.since is None or row.since <= on)
    return any(row.until is None or on < row.until or row.until == died for row in begun)


class _Life:
    """One person's residences resolved to days, worked out once."""

    def __init__(self, person: Person):
        self.person = person
        born = person.particulars.birth_date
        self.birth = first_day(born) if born else BEFORE_ALL
        self.death = last_day(person.death.registered_on) if person.death else AFTER_ALL
        self.live = [one for one in person.residences if not one.annulled]
        in_ranks = [one for one in person.residences if not one.past and not one.kept]
        in_ranks = [one for one in in_ranks if not one.annulled or one.blocks]
        self.ranked = [one for one in in_ranks if one.since]
        self.capping = {one.id for one in self.live if one.since and not one.kept}
        """Whose since caps an end that is not exact: not of those that are left without a day (semantics 4)."""
        self._run()
        while any(one.until and known(one.until) != "day" for one in self.live):
            idle = {one for one in self.capping if not self.spans[one]}
            if not idle:
                break
            self.capping -= idle
            self._run()
        self.certain = Certainty(person, self.live, self.ranked, self.starts)

    def _run(self) -> None:
        self.starts = {one.id: self._start(one) for one in (*self.live, *self.ranked) if one.since}
        self.spans: dict[UUID, list[Span]] = {}
        for residence in self.live:
            if residence.since and (residence.kept or not residence.past):
                self.spans[residence.id] = _without((self._start(residence), self._end(residence)), ())
        self._undated_ranked()
        self._past()

    def rows(self, residence: Residence) -> Iterable[Row]:
        if residence.annulled:
            yield self._idle(residence, "annulled")
            return
        spans = self.spans[residence.id]
        if not spans:
            yield self._idle(residence, "superseded")
        for part, span in enumerate(spans, 1):
            yield self._row(residence, part, span)

    def _start(self, residence: Residence) -> date:
        return max(first_day(sure(residence.since)), self.birth)

    def _own_end(self, residence: Residence) -> date:
        """Its own end: the last day that the written end can mean, but where that is not exact, no later than the
        next residence that begins within the unknown."""
        if residence.until is None:
            return AFTER_ALL
        earliest, latest = first_day(residence.until), last_day(residence.until)
        if earliest == latest:
            return latest
        starts = (self._start(one) for one in self.live if one.id in self.capping and one is not residence)
        own = self._start(residence) if residence.since else BEFORE_ALL
        return min([latest, *(start for start in starts if start > own and earliest <= start)])

    def _end(self, residence: Residence) -> date:
        """The earliest of its own end, the death, its carry-over, and the since of any higher-ranked one in force
        (semantics 1.1); nothing but its own end, the death and its carry-over ends a kept or a past one."""
        ends = [self._own_end(residence), self.death]
        ends += [first_day(one.since) for one in self.live if one.carried_from == residence.id and one.since]
        if not residence.kept and not residence.past:
            ends += [self._start(one) for one in self.ranked if one.rank > residence.rank]
        return min(ends)

    def _undated_ranked(self) -> None:
        """A card-index row without a since: it takes only days that no dated one holds."""
        for residence in self.live:
            if residence.since or (residence.past and not residence.kept):
                continue
            beside = () if residence.kept else (one for one in self.live if not one.past and not one.kept)
            taken = [span for one in beside for span in self.spans.get(one.id, ())]
            end = self._end(residence)
            self.starts[residence.id] = self._begin(residence, end)
            self.spans[residence.id] = _without((self.starts[residence.id], end), taken)

    def _past(self) -> None:
        """Past residences hold on days that none of the ranked covers; among them the later first possible since
        decides, then the earlier until, then the later recorded (semantics 1.2). Undated ones come last."""
        past = [one for one in self.live if one.past and not one.kept]
        dated = sorted(
            (one for one in past if one.since),
            key=lambda one: (-self._start(one).toordinal(), self._end(one), -one.rank),
        )
        undated = sorted((one for one in past if not one.since), key=lambda one: (self._end(one), -one.rank))
        taken = [span for one in self.live if not one.kept for span in self.spans.get(one.id, ())]
        for residence in [*dated, *undated]:
            end = self._end(residence)
            if not residence.since:
                self.starts[residence.id] = self._begin(residence, end)
            self.spans[residence.id] = _without((self.starts[residence.id], end), taken)
            taken = taken + self.spans[residence.id]

    def _begin(self, residence: Residence, end: date) -> date:
        """Where a residence without a since begins (semantics 4): at the latest known end, failing that start, of the
        person's others that begin or end before its own end, else at birth, else unbounded."""
        others = [one for one in self.live if one is not residence and not one.kept]
        known_ends = [self._end(one) for one in others if one.since is None or self._start(one) < self._end(one)]
        ends = [day for day in known_ends if day < end]
        starts = [self._start(one) for one in others if one.since and self._start(one) < min(end, self._end(one))]
        return max(self.birth, *(ends or starts or [self.birth]))

    def _row(self, residence: Residence, part: int, span: Span) -> Row:
        start, end = span
        facts = {*residence.made_by, *residence.ended_by}
        since_known = known(residence.since)
        if start != self.starts[residence.id]:
            before = self._holder_until(start)
            facts |= {*before.made_by, *before.ended_by}
            since_known = known(before.until)
        until_known, more = self._bound(residence, end)
        certain_since, certain_until = self.certain.of(residence, span)
        return Row(
            residence=residence.id,
            part=part,
            kind=residence.kind,
            dwelling=residence.dwelling,
            since=None if start == BEFORE_ALL else start,
            until=None if end == AFTER_ALL else end,
            since_known=since_known,
            until_known=until_known,
            certain_since=certain_since,
            certain_until=None if certain_until == AFTER_ALL else certain_until,
            state="standing",
            kept=residence.kept,
            past=residence.past,
            carried=residence.carried_from is not None,
            facts=tuple(sorted(facts | more)),
        )

    def _bound(self, residence: Residence, end: date) -> tuple[str, set[int]]:
        """Of the end of a row: how exactly it is known, and the facts of whoever set it."""
        if end == AFTER_ALL:
            return "none", set()
        if residence.until and end == self._own_end(residence):
            return known(residence.until), set()
        death = self.person.death
        if death and end == self.death:
            return known(death.registered_on), {death.position}
        after = self._successor(residence, end)
        return known(after.since), set(after.made_by)

    def _successor(self, residence: Residence, day: date) -> Residence:
        """Whose since ends a row on this day: whoever holds from then, the ranked one that decides, its carry-over."""
        carried = [one for one in self.live if one.carried_from == residence.id]
        above = [one for one in self.ranked if residence.past or one.rank > residence.rank]
        deciding = [one for one in above if self._start(one) == day]
        holding = [one for one in self.live if not one.kept and any(day == span[0] for span in self.spans[one.id])]
        if residence.kept:
            deciding, holding = [], []
        elif residence.since and not residence.past:
            holding = []
        by_rank = sorted(deciding, key=lambda one: -one.rank)
        return [*holding, *by_rank, *(one for one in carried if one.since and first_day(one.since) == day)][0]

    def _holder_until(self, day: date) -> Residence:
        """The residence that held the day before: what cut the row."""
        return next(one for one in self.live if not one.kept and any(span[1] == day for span in self.spans[one.id]))

    def _idle(self, residence: Residence, state: str) -> Row:
        """The row of a residence that counts on no day: its own dates, as they would have run."""
        start = self._start(residence) if residence.since else BEFORE_ALL
        end = last_day(residence.until) if residence.until else AFTER_ALL
        return Row(
            residence=residence.id,
            part=1,
            kind=residence.kind,
            dwelling=residence.dwelling,
            since=None if start == BEFORE_ALL else start,
            until=None if end == AFTER_ALL else end,
            since_known=known(residence.since),
            until_known=known(residence.until),
            certain_since=start,
            certain_until=start,
            state=state,
            kept=residence.kept,
            past=residence.past,
            carried=residence.carried_from is not None,
            facts=tuple(sorted({*residence.made_by, *residence.ended_by})),
        )


def _without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """The parts of a span that none of the taken ones covers, by their days."""
    parts = [span] if span[0] < span[1] else []
    for start, end in taken:
        parts = [
            part
            for left, right in parts
            for part in ((left, min(right, start)), (max(left, end), right))
            if part[0] < part[1]
        ]
    return parts

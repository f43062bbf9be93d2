"""The town while it is being invented: its days, and the stories that go on in it.

A story is a generator: it yields the day on which it wants to act and is given the act of that day. People are invented
before its first day, so that they can be counted; what it does, it does through the real decisions.
"""

import heapq
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.state import successor
from registry.aggregates.street import decisions as about_street
from registry.aggregates.values import Actor
from registry.demo.book import Book, BookedAct
from registry.demo.inventing import DATA, PAPERS, Inventor, Newcomer, Place, outside, places
from registry.storage.mapper import KYIV, Draft, Envelope, kyiv_day

Story = Generator[date, BookedAct, None]

SPAN = timedelta(days=2376)
"""Six and a half years of keeping the register."""
OPEN = time(8, 0)
CLOSE = {1: time(20, 0), 5: time(12, 30), 6: None}
"""By weekday, Monday 0: late on Tuesdays, a short Saturday, no Sundays."""
CLOSE_USUALLY = time(15, 30)
DECLARING_SINCE = date(2021, 12, 1)
"""Law 1871-IX in force."""


@dataclass(slots=True)
class Town:
    """`first` and `last` are the first and the last working day of the register; `invented` counts the people;
    `community` is who keeps it, as facts;
    `left` are dwellings that somebody moved out of, `streets` those of the list by their names, `singles` who may
    marry."""

    random: Random
    first: date
    last: date
    book: Book
    inventor: Inventor
    free: list[Place]
    invented: int = 0
    earliest: date = date.min
    renamed: bool = False
    examples: list[tuple[str, UUID]] = field(default_factory=list)
    left: list[UUID] = field(default_factory=list)
    outside: dict[tuple[str, int], UUID] = field(default_factory=dict)
    streets: dict[str, list[UUID]] = field(default_factory=dict)
    singles: list[Newcomer] = field(default_factory=list)
    community: Sequence[Any] = ()
    _agenda: list[tuple[date, int, Story]] = field(default_factory=list)
    _numbers: count = field(default_factory=count)

    def at(self, part: float) -> date:
        """A day about so far between the first (0) and the last (1)."""
        return self.first + timedelta(int((self.last - self.first).days * part) + self.random.randint(0, 12))

    def between(self, after: date, before: date) -> date:
        """Some day between two."""
        return after + timedelta(self.random.randint(0, max(0, (before - after).days)))

    def chance(self, part: float) -> bool:
        """Whether something happens that happens so often."""
        return self.random.random() < part

    def kind(self, day: date) -> str:
        """How a residence comes about on a day: more and more are declared through Дія."""
        return "declared" if day >= DECLARING_SINCE and self.chance(0.35) else "registered"

    def person(self, sex: str, age: float, **said: str | None) -> Newcomer:
        """Invents somebody who has this age at the end; see `Inventor.person`."""
        born = self.last - timedelta(int(age * 365.25) + self.random.randint(0, 300))
        self.invented += 1
        return self.inventor.person(sex, born, **said)

    def born(self, sex: str, born: date, **said: str | None) -> Newcomer:
        """The same with a date of birth."""
        self.invented += 1
        return self.inventor.person(sex, born, **said)

    def home(self, act: BookedAct, place: Place | None = None) -> UUID:
        """A dwelling to live in: the given one; else one that somebody left, or a new one."""
        while place is None and self.left and self.chance(0.5):
            dwelling = self.left.pop(self.random.randrange(len(self.left)))
            if successor(self.book.dwellings[dwelling]) is None:
                return dwelling
        place = place or self.free.pop()
        return act.enter_home(self.called(place))

    def called(self, place: Place) -> Place:
        """A place under today's name of its street."""
        territory = DATA["territory"]
        if not self.renamed or place.address.street != territory["renamed_from"]:
            return place
        return replace(place, address=replace(place.address, street=territory["renamed_to"]))

    def rename_street(self, act: BookedAct) -> None:
        """Renames a street: every dwelling on it gets the new name in one act."""
        territory = DATA["territory"]
        self.renamed = True
        for id, dwelling in list(self.book.dwellings.items()):
            address = dwelling.names[-1].address
            if address.street == territory["renamed_from"]:
                asked = {"since": act.ago(14), "basis": PAPERS["street_renamed"]}
                now = replace(address, street=territory["renamed_to"])
                act.dwelling(id, about_dwelling.rename_address, address=now, **asked)
        for id in self.streets.get(territory["renamed_from"], ()):
            asked = {"since": act.ago(14), "basis": PAPERS["street_renamed"]}
            act.street(id, about_street.rename, name=territory["renamed_to"], **asked)

    def away(self, act: BookedAct, group: str, which: int | None = None) -> UUID:
        """A dwelling `elsewhere` or `abroad`; entered when it is first needed."""
        listed = DATA["territory"][group]
        which = self.random.randrange(len(listed)) if which is None else which
        if (group, which) not in self.outside:
            self.outside[group, which] = act.enter_home(outside(group, which))
        return self.outside[group, which]

    def show(self, code: str, person: UUID) -> None:
        """Notes somebody worth looking at; the code is that of a label in `texts.toml`."""
        self.examples.append((texts.say("stories", code), person))

    def start(self, story: Story, room: int | None = None) -> bool:
        """Lets a story begin, if the people whom it invents are no more than `room`; whether it did."""
        before = self.invented
        day = next(story)
        if room is not None and self.invented - before > room:
            self.invented = before
            story.close()
            return False
        self._plan(day, story)
        return True

    def live(self, progress: Callable[[int], None]) -> None:
        """Day by day, lets every story act that wants to. `progress` is told how many facts were decided since."""
        while self._agenda:
            day, before = self._agenda[0][0], self.book.position
            self.earliest = day + timedelta(1)
            stories = []
            while self._agenda and self._agenda[0][0] == day:
                stories.append(heapq.heappop(self._agenda)[2])
            for instant, story in zip(self._instants(day, len(stories)), stories, strict=True):
                self._act(instant, story)
            progress(self.book.position - before)

    def describe(self) -> None:
        """Who the community is, entered by its first administrator on the working day before the first."""
        day = self.first - timedelta(2 if self.first.weekday() == 0 else 1)
        instant = datetime.combine(day, OPEN, KYIV).astimezone(UTC)
        drafts = [Draft(COMMUNITY, number, fact) for number, fact in enumerate(self.community, 1)]
        self.book.acts.insert(0, (Envelope(instant, _actor(0), self.book.id()), drafts))

    def _act(self, instant: datetime, story: Story) -> None:
        number = self.random.randrange(len(DATA["actors"]))
        act = BookedAct(self.book, Envelope(instant, _actor(number), self.book.id()))
        wanted = next_day(story, act)
        if act.drafts:
            self.book.acts.append((act.envelope, act.drafts))
        if wanted:
            self._plan(wanted, story)

    def _plan(self, wanted: date, story: Story) -> None:
        """A working day from the wanted one on, never today; what would come after the last day never happens."""
        day = working_day(max(wanted, self.first, self.earliest))
        if day <= self.last:
            heapq.heappush(self._agenda, (day, next(self._numbers), story))

    def _instants(self, day: date, wanted: int) -> list[datetime]:
        """So many different instants in the office's hours of a day, rising."""
        opens = datetime.combine(day, OPEN, KYIV)
        closes = datetime.combine(day, CLOSE.get(day.weekday(), CLOSE_USUALLY) or OPEN, KYIV)
        moments = self.random.sample(range(int((closes - opens).total_seconds() * 1_000_000)), wanted)
        return [opens.astimezone(UTC) + timedelta(microseconds=moment) for moment in sorted(moments)]


def _actor(number: int) -> Actor:
    return Actor(f"admin-{number + 1}", DATA["actors"][number])


def found(random: Random, now: datetime, persons: int) -> Town:
    """An empty town for so many people, whose register is kept until the last working day before `now`."""
    last = kyiv_day(now) - timedelta(1)
    last -= timedelta(last.weekday() == 6)
    inventor = Inventor(random, last)
    free = places(random, persons + 200)
    return Town(random, working_day(last - SPAN), last, Book(random), inventor, free)


def working_day(day: date) -> date:
    """The day itself, or Monday for a Sunday."""
    return day + timedelta(day.weekday() == 6)


def next_day(story: Story, act: BookedAct) -> date | None:
    """Lets a story act; the next day that it wants, None when it is over."""
    try:
        return story.send(act)
    except StopIteration:
        return None

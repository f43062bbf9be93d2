"""The invented community of Вигадів, for trying the register: nobody and nothing in it is real.

All of it is decided by the register's own decisions on states in memory, then loaded in one transaction with the
recorded times of six and a half years; the register is marked so (semantics 5).
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from registry.aggregates.community import events as community
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import Matter
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.outgoing.events import named_by
from registry.app import Registry
from registry.demo import counter, kin, lists, stories
from registry.demo.families import family, household
from registry.demo.town import Town, found
from registry.salts import seeded
from registry.storage.mapper import Draft, Envelope
from registry.storage.recorder import NotEmpty, Writer

__all__ = ["COMMUNITY", "FEWEST", "Counts", "NotEmpty", "described", "invent", "seed"]

COMMUNITY = "UA99020010"
"""What the codes of all its settlements begin with; no oblast of КАТОТТГ has the number 99."""
FEWEST = 20
STORIES = (*lists.STORIES, *stories.STORIES, *kin.STORIES, *counter.STORIES)
"""Everything rare, in the order of its worth: a small community has only the first ones."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was recorded: people whose entry is in force, dwellings, residences (annulled and carried over too), facts.

    `examples`: what may be seen, and the person with whom to look.
    """

    persons: int
    dwellings: int
    residences: int
    facts: int
    examples: tuple[tuple[str, UUID], ...]


def seed(
    registry: Registry,
    *,
    persons: int = 2000,
    seed: int = 1,
    now: datetime,
    progress: Callable[[int], None] = lambda facts: None,
) -> Seeded:
    """Fills an empty register with an invented community of so many persons (20 or more), the same for the same
    (persons, seed, now). `progress` is told how many facts were decided, day by day. Raises `NotEmpty`.

    A register that holds its community alone is empty too: it becomes this one, and all is recorded behind it.
    """
    if not registry.is_empty():
        raise NotEmpty
    town = invent(persons=persons, seed=seed, now=now, progress=progress)
    with registry.loading(behind_community=True) as log:
        log.salts = seeded(seed)
        log.write_acts(_behind(log, town.book.acts), registry.mapper)
        # All that came with its time is of the mark, also where it had to be dated behind a community founded just now.
        log.execute("mark", mark="given-times", made_at=max(log.now, log.last_recorded_at or log.now))
        registry.refill(log, log.position)
    return counts(town)


def invent(*, persons: int, seed: int, now: datetime, progress: Callable[[int], None] = lambda facts: None) -> Town:
    """The community with all its acts, in memory only. The rare stories take up to half of the people."""
    if persons < FEWEST:
        raise ValueError(f"a community has at least {FEWEST} persons")
    town = found(Random(seed), now, persons)
    town.community = described()
    town.book.ahead = len(town.community)
    for story in STORIES:
        town.start(story(town), room=persons // 2 - town.invented)
    while town.invented < persons:
        town.start(family(town, household(town, persons - town.invented)))
    town.live(progress)
    town.describe()
    return town


def described() -> list[Matter]:
    """Who the invented community is."""
    return facts_of(tomllib.loads(Path(__file__).with_name("vyhadiv.toml").read_text("utf-8")))


def _behind(log: Writer, acts: Sequence[tuple[Envelope, list[Draft]]]) -> Iterator[tuple[Envelope, list[Draft]]]:
    """The acts as they were invented; behind facts that are there already, one right after another: times rise."""
    before, start = log.position, log.next_instant()
    for number, (envelope, drafts) in enumerate(acts):
        if before:
            envelope = replace(envelope, recorded_at=start + timedelta(microseconds=number))
            drafts = [
                replace(one, originator_version=before + one.originator_version)
                if one.originator_id == community.COMMUNITY
                else one
                for one in (_moved(draft, before) for draft in drafts)
            ]
        yield envelope, drafts


def _moved(draft: Draft, by: int) -> Draft:
    """A fact that says at which position its item was made, behind so many facts more."""
    if AGGREGATE_OF[draft.fact.NAME] != "outgoing":
        return draft
    fact = replace(draft.fact, position=draft.fact.position + by)
    return replace(draft, originator_id=named_by(fact), fact=fact)


def counts(town: Town) -> Seeded:
    """What a community that has lived amounts to."""
    facts = [draft.fact for _, drafts in town.book.acts for draft in drafts]
    residences = {fact.residence for fact in facts if fact.NAME in _RESIDENCES}
    return Seeded(
        persons=sum(person.entered for person in town.book.people.values()),
        dwellings=len(town.book.dwellings),
        residences=len(residences),
        facts=len(facts),
        examples=tuple(town.examples),
    )


_RESIDENCES = {
    *("residence-declared", "residence-registered", "stay-registered"),
    *("residence-carried-over", "past-residence-entered"),
}

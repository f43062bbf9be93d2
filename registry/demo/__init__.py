"""The invented community of Вигадів, for trying the register: nobody and nothing in it is real.

All of it is decided by the register's own decisions on states in memory, then loaded in one transaction with the
recorded times of six and a half years; the register is marked so (semantics 5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from registry.app import Registry
from registry.demo.families import family, household
from registry.demo.stories import STORIES
from registry.demo.town import Town, found
from registry.storage.recorder import NotEmpty

__all__ = ["COMMUNITY", "FEWEST", "Counts", "NotEmpty", "invent", "seed"]

COMMUNITY = "UA99020010"
"""What the codes of all its settlements begin with; no oblast of КАТОТТГ has the number 99."""
FEWEST = 20


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
    (persons, seed, now). `progress` is told how many facts were decided, day by day. Raises `NotEmpty`."""
    if registry.position():
        raise NotEmpty
    town = invent(persons=persons, seed=seed, now=now, progress=progress)
    with registry.loading() as log:
        log.write_acts(town.book.acts, registry.mapper)
        log.execute("mark", mark="given-times", made_at=log.now)
        registry.refill(log, log.position)
    return counts(town)


def invent(*, persons: int, seed: int, now: datetime, progress: Callable[[int], None] = lambda facts: None) -> Town:
    """The community with all its acts, in memory only. The rare stories take up to half of the people."""
    if persons < FEWEST:
        raise ValueError(f"a community has at least {FEWEST} persons")
    town = found(Random(seed), now, persons)
    for story in STORIES:
        town.start(story(town), room=persons // 2 - town.invented)
    while town.invented < persons:
        town.start(family(town, household(town, persons - town.invented)))
    town.live(progress)
    return town


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

"""What the register will say once a waiting change is approved (semantics 11): whoever it is about before and after,
and the extracts that will be untrue. Worked out from the log and the facts of the change; nothing is recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.acts import requested_facts, versions_seen
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.street import state as street_state
from registry.aggregates.territory import state as territory_state
from registry.aggregates.values import Entry, supposed
from registry.app import Registry
from registry.cases.after_act import AfterAct
from registry.extracts import superseding

FOLDS: Mapping[str, Callable[[Iterable[Entry]], Any]] = {
    "person": person_state.fold,
    "dwelling": dwelling_state.fold,
    "territory": territory_state.fold,
    "street": street_state.fold,
}
"""The streams that a change may be about, by their aggregate, each with its fold."""
LOOKED_THROUGH = 100
"""Of how many extracts that speak of whoever is concerned, the newest, it is asked whether they will still hold."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A stream that a change is about: its state `before`, as the change was decided on, and `after` it."""

    stream: UUID
    aggregate: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Falling:
    """An issued extract that holds and will not; `told`: whoever got it will get a message."""

    asked: Entry
    told: bool


def subjects(registry: Registry, change: ChangeRequested, today: date) -> list[Foreseen]:
    """Everybody and everything that a change is about, in its order."""
    return subjects_of(registry, [change], today)[0]


def subjects_of(registry: Registry, changes: Sequence[ChangeRequested], today: date) -> list[list[Foreseen]]:
    """The same of several changes, read at once."""
    streams = list(dict.fromkeys(one.stream for change in changes for one in change.streams))
    found = registry.of_streams(streams) if streams else {}
    return [_subjects(found, change, today) for change in changes]


def _subjects(found: Mapping[UUID, Sequence[Entry]], change: ChangeRequested, today: date) -> list[Foreseen]:
    facts, versions = requested_facts(change), versions_seen(change)
    told = []
    for stream, made in facts.items():
        before = found.get(stream, [])[: versions[stream]]
        names = [*made, *(entry.fact for entry in before[:1])]
        if names:
            aggregate = AGGREGATE_OF[names[0].NAME]
            fold = FOLDS[aggregate]
            after = [*before, *supposed(made, len(before), today)]
            told.append(Foreseen(stream, aggregate, fold(before), fold(after)))
    return told


def moved(registry: Registry, change: ChangeRequested) -> Entry | None:
    """The last fact that was recorded since on a stream which the change was decided on: with one it can only be
    rejected."""
    versions = versions_seen(change)
    found = registry.of_streams(list(versions)) if versions else {}
    later = (entry for stream, entries in found.items() for entry in entries[versions[stream] :])
    return max(later, key=lambda entry: entry.position, default=None)


def falling(registry: Registry, change: ChangeRequested, today: date) -> tuple[list[Falling], bool]:
    """The extracts that hold today and will not once the change is approved, the newest first; and whether more than
    `LOOKED_THROUGH` speak of whoever is concerned, of which the newest were asked."""
    homes = [home.dwelling for home in change.homes]
    return falling_after(registry, requested_facts(change), versions_seen(change), today, homes=homes)


def falling_after(
    registry: Registry,
    facts: Mapping[UUID, Sequence[Any]],
    versions: Mapping[UUID, int],
    today: date,
    homes: Iterable[UUID] = (),
) -> tuple[list[Falling], bool]:
    """The same of an act that would record facts on streams at their versions, and put somebody into `homes`."""
    # Facts of the lists of territories and streets change nothing that an extract states.
    stating = {
        one: made for one, made in facts.items() if made and AGGREGATE_OF[made[0].NAME] in ("person", "dwelling")
    }
    concerned = {*stating, *homes}
    with registry.snapshot() as connection:
        asked, more = superseding.standing(connection, concerned, today=today, limit=LOOKED_THROUGH)
    # It reads on connections of its own, so behind the snapshot.
    after = AfterAct(registry, facts=stating, versions=versions, today=today)
    changing = any(fact.NAME in superseding.CHANGING for made in stating.values() for fact in made)
    gone = [one for one in asked if not superseding.still_so(after, one, today=today)]
    reached = [changing and bool(one.fact.contact) and not superseding.so_on_its_day(after, one) for one in gone]
    return [Falling(*one) for one in zip(gone, reached, strict=True)], more


def as_entries(change: ChangeRequested, beside: Mapping[UUID, Sequence[Any]], last: int, today: date) -> list[Entry]:
    """The facts of the act that approves as entries behind the last position, by nobody: those of the change, and what
    else it records."""
    versions = versions_seen(change)
    lines = [*beside.items(), *requested_facts(change).items()]
    made = ((stream, one) for stream, facts in lines for one in supposed(facts, versions.get(stream, 0), today))
    return [replace(one, stream=stream, position=last + number) for number, (stream, one) in enumerate(made, 1)]


def housed(found: Sequence[Foreseen]) -> Iterator[UUID]:
    """The people who will have residences."""
    for one in found:
        if isinstance(one.after, Person) and one.after.residences:
            yield one.stream

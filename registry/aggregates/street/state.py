"""A street of the community's list as its facts say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import assert_never

from registry.aggregates.street.events import (
    HousesListed,
    HousesUnlisted,
    ListedHouse,
    StreetAnnulled,
    StreetCorrected,
    StreetEntered,
    StreetFact,
    StreetName,
    StreetRenamed,
    StreetVersion,
)
from registry.aggregates.values import Entry, first_day


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldHouse:
    """A house as it was last said, and where that came from."""

    said: ListedHouse
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """What is on record: `says` None where nothing is, or it was annulled. `houses` by their keys; `unmatched` are the
    versions of facts about a street that was none."""

    version: int = 0
    says: StreetVersion | None = None
    houses: Mapping[str, HeldHouse] = field(default_factory=lambda: MappingProxyType({}))
    unmatched: tuple[int, ...] = ()


NO_STREET = Street()


def fold(entries: Iterable[Entry], street: Street = NO_STREET) -> Street:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        street = evolve(street, entry)
    return street


def evolve(street: Street, entry: Entry) -> Street:
    """The state after one more entry. Never refuses."""
    fact: StreetFact = entry.fact
    street = replace(street, version=entry.version)
    if street.says is None and not isinstance(fact, StreetEntered) and isinstance(fact, StreetFact):
        return replace(street, unmatched=(*street.unmatched, entry.version))
    match fact:
        case StreetEntered():
            said = {name: getattr(fact, name) for name in ("settlement", "names", "katottg", "district", "source")}
            return replace(street, says=StreetVersion(**said))
        case StreetRenamed():
            says = street.says and _called(street.says, StreetName(name=fact.name, since=fact.since))
            return replace(street, says=says)
        case StreetCorrected():
            return replace(street, says=fact.now)
        case StreetAnnulled():
            return replace(street, says=None, houses={})
        case HousesListed():
            said_now = {one.key: HeldHouse(said=one, source=fact.source) for one in fact.houses}
            return replace(street, houses={**street.houses, **said_now})
        case HousesUnlisted():
            gone = {one.key for one in fact.houses}
            return replace(street, houses={key: one for key, one in street.houses.items() if key not in gone})
        case _:
            assert_never(fact)


def _called(said: StreetVersion, name: StreetName) -> StreetVersion:
    """The street under one more name, in the order of days."""
    names = sorted((*said.names, name), key=lambda one: first_day(one.since) if one.since else date.min)
    return replace(said, names=tuple(names))


def dated_names(said: StreetVersion) -> list[tuple[date | None, date | None, str]]:
    """The names with the days `[since, until)` on which they hold, oldest first; of two from one day the later."""
    latest = {first_day(one.since) if one.since else None: one.name for one in said.names}
    starts = list(latest)
    return [(start, until, latest[start]) for start, until in zip(starts, [*starts[1:], None], strict=True)]

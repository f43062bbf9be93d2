"""An entry of the list of territories as its facts say."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from registry.aggregates.territory.events import (
    Order,
    TerritoryAnnulled,
    TerritoryCorrected,
    TerritoryEnded,
    TerritoryEntered,
    TerritoryFact,
    TerritoryVersion,
)
from registry.aggregates.values import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """What is on record: `says` None where nothing is, or it was annulled. `order` is the last that spoke of it;
    `unmatched` are the versions of facts about an entry that was none."""

    version: int = 0
    says: TerritoryVersion | None = None
    order: Order | None = None
    source: str | None = None
    unmatched: tuple[int, ...] = ()


UNLISTED = Territory()


def fold(entries: Iterable[Entry], territory: Territory = UNLISTED) -> Territory:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        territory = evolve(territory, entry)
    return territory


def evolve(territory: Territory, entry: Entry) -> Territory:
    """The state after one more entry. Never refuses."""
    fact: TerritoryFact = entry.fact
    territory = replace(territory, version=entry.version)
    match fact:
        case TerritoryEntered():
            said = TerritoryVersion(name=fact.name, code=fact.code, kind=fact.kind, since=fact.since, until=fact.until)
            return replace(territory, says=said, order=fact.order, source=fact.source)
        case TerritoryEnded():
            ended = replace(territory.says, until=fact.until) if territory.says else None
            return _saying(territory, entry, ended, fact.order)
        case TerritoryCorrected():
            return _saying(territory, entry, fact.now, fact.order)
        case TerritoryAnnulled():
            return replace(_saying(territory, entry, None, None), order=None, source=None)
        case _:
            assert_never(fact)


def _saying(territory: Territory, entry: Entry, says: TerritoryVersion | None, order: Order | None) -> Territory:
    """The entry as a later fact leaves it; one that was none stays none."""
    if territory.says is None:
        return replace(territory, unmatched=(*territory.unmatched, entry.version))
    return replace(territory, says=says, order=order or territory.order)

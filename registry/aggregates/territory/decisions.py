"""What may be done to an entry of the list of territories: entered, ended, corrected, annulled.

Each takes the entry as folded and returns the facts to append; `Impossible` lists every fault at once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from registry.aggregates.territory.events import (
    KINDS,
    Order,
    TerritoryAnnulled,
    TerritoryCorrected,
    TerritoryEnded,
    TerritoryEntered,
    TerritoryFact,
    TerritoryVersion,
)
from registry.aggregates.territory.state import Territory
from registry.aggregates.values import Fault, NotADate, first_day, last_day, refuse, sure
from registry.gate import KATOTTG


def enter(
    territory: Territory,
    said: TerritoryVersion,
    *,
    order: Order | None,
    source: str,
    application: UUID | None = None,
    today: date,
) -> list[TerritoryFact]:
    """A new entry; also after one that was annulled, on the same stream."""
    faults = [Fault("territory-listed")] if territory.says else []
    refuse([*faults, *faults_of(said), *order_faults(order, today)])
    return [
        TerritoryEntered(
            name=said.name,
            code=said.code,
            kind=said.kind,
            since=said.since,
            until=said.until,
            order=order,
            source=source,
            application=application,
        )
    ]


def amend(
    territory: Territory, now: TerritoryVersion, *, order: Order | None = None, today: date
) -> list[TerritoryFact]:
    """What the list says now: an end where none was set is one, anything else corrects; nothing if it is the same."""
    refuse([*_unknown(territory), *faults_of(now), *order_faults(order, today)])
    was = sure(territory.says)
    if was == now:
        return []
    if was.until is None and was == replace(now, until=None):
        return [TerritoryEnded(until=sure(now.until), order=order)]
    return [TerritoryCorrected(was=was, now=now, order=order)]


def annul(territory: Territory, *, basis: str | None) -> list[TerritoryFact]:
    """The list never said so."""
    refuse([*_unknown(territory), *([] if basis else [Fault("basis-missing", "basis")])])
    return [TerritoryAnnulled(basis=sure(basis))]


def insist_none_waits(waiting: Sequence[UUID]) -> None:
    """Raises `Impossible` while another change of the list waits for its second person."""
    refuse([Fault("territory-change-waits")] if waiting else [])


def faults_of(said: TerritoryVersion) -> list[Fault]:
    """What is wrong with what an entry says, by its fields."""
    faults = [] if said.name else [Fault("territory-nameless", "name")]
    faults += [] if KATOTTG.fullmatch(said.code) else [Fault("katottg-shape", "code")]
    faults += [] if said.kind in KINDS else [Fault("kind-unknown", "kind")]
    faults += [*_day(said.since, "since"), *(_day(said.until, "until") if said.until else [])]
    if not faults and said.until and first_day(said.until) < first_day(said.since):
        faults.append(Fault("ends-before-start", "until"))
    return faults


def order_faults(order: Order | None, today: date) -> list[Fault]:
    """What is wrong with the order that says so: it has a number, and a day that has come."""
    if order is None:
        return []
    faults = [] if order.number else [Fault("number-missing", "order.number")]
    if wrong := _day(order.dated, "order.dated"):
        return [*faults, *wrong]
    return [*faults, *([Fault("date-in-future", "order.dated")] if first_day(order.dated) > today else [])]


def _day(text: str, field: str) -> list[Fault]:
    try:
        return [] if text and first_day(text) == last_day(text) else [Fault("not-a-day", field)]
    except NotADate:
        return [Fault("not-a-day", field)]


def _unknown(territory: Territory) -> list[Fault]:
    return [] if territory.says else [Fault("territory-unknown", "entry")]

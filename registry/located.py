"""Which dwelling of this community an address means that somebody has typed: it is found whole, or not at all.

By what dwellings are called now, by every name that the list of streets gives their street, and then by what they were
called before. Nothing is guessed and no candidate is told: where several dwellings or streets may be meant, a refusal
says what to add.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from registry import addresses, streets
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.state import Dwelling, in_this_community, successor
from registry.aggregates.street.matching import OnList, home_key, identifies, judged, same
from registry.aggregates.values import Fault, Impossible
from registry.app import Registry
from registry.projections.addresses import PARTS

PLACE = "address"
"""The field of a request that a refusal names."""


def located(registry: Registry, address: Address, *, today: date, position: int, within: str) -> UUID:
    """The dwelling in force that an address means. `within` is the beginning of this community's codes. Raises
    `Impossible` with what to add or to check."""
    if not address.settlement or not identifies(address):
        raise Impossible([Fault("home-unsaid", PLACE)])
    on_list = streets.meant(registry, [addresses.street(address.street).key], position)
    said = judged(address, on_list, today)
    if "street-ambiguous" in said.reasons:
        raise Impossible([Fault("home-street-ambiguous", PLACE)])
    street = next((one for one in on_list if one.street == said.street), None)
    spelled = list(_spellings(address, street))
    rows = [row for row in _rows(registry, spelled) if _means(registry, row, address, street, today)]
    now = [row["dwelling"] for row in rows if row["until"] is None and row["successor"] is None]
    found = _in_force(registry, now or [row["dwelling"] for row in rows])
    if not found:
        raise Impossible([Fault("home-flat-unsaid" if _has_flats(registry, spelled) else "home-unknown", PLACE)])
    here = [id for id, home in found.items() if in_this_community(home, within)]
    if len(here) != 1:
        raise Impossible([Fault("home-ambiguous" if here else "home-elsewhere", PLACE)])
    return here[0]


def _spellings(address: Address, street: OnList | None) -> Iterator[Address]:
    """The address as typed, and by each name that its street has or had."""
    yield address
    if street:
        yield from (replace(address, settlement=street.settlement, street=name) for _, _, name in street.names)


def _rows(registry: Registry, spelled: Sequence[Address]) -> list[Any]:
    """The rows of all dwellings that were ever called so."""
    keys = list({addresses.street(one.street).key for one in spelled})
    rows = registry.query("addresses", "ever_of_homes", street_keys=keys, home_key=home_key(spelled[0]))
    return [row for row in rows if any(same(one, _address(row)) for one in spelled)]


def _means(registry: Registry, row: Any, address: Address, street: OnList | None, today: date) -> bool:
    """Whether a row that was found by another name of the street is on that street: an old name may be of two."""
    there = _address(row)
    if street is None or same(address, there):
        return True
    on_list = streets.meant(registry, [addresses.street(there.street).key], streets.NOW)
    return judged(there, on_list, today).street == street.street


def _in_force(registry: Registry, ids: Iterable[UUID]) -> dict[UUID, Dwelling]:
    """Each dwelling, or the one that stands in its place since it was renumbered or merged."""
    found: dict[UUID, Dwelling] = {}
    for id in ids:
        home, passed = registry.dwelling(id), {id}
        while (then := successor(home)) and then not in passed:
            passed.add(then)
            id, home = then, registry.dwelling(then)
        found[id] = home
    return found


def _has_flats(registry: Registry, spelled: Sequence[Address]) -> bool:
    """Whether the house is there, and dwellings in it, where no flat was named."""
    first = spelled[0]
    if first.flat or first.room:
        return False
    keys = list({addresses.street(one.street).key for one in spelled})
    house = addresses.house(first.house, first.building)
    rows = registry.query("addresses", "any_flat", street_keys=keys, house=house)
    return any(same(one, Address(**row)) for row in rows for one in spelled)


def _address(row: Any) -> Address:
    return Address(**{part: row[part] for part in PARTS})

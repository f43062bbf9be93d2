"""Picking a dwelling from the community's list of streets: the houses of a street, the flats of a house.

What the list names and what the register has stand together: a house or a flat without a dwelling is told, and so is a
dwelling that the list has not. Everything is of a day, as known at a position; nobody who lives there is asked about.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry import addresses, streets, ukrainian
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.state import in_community
from registry.aggregates.street.matching import OnList
from registry.app import Registry
from registry.projections.addresses import PARTS

MOST = 5_000
"""Houses of a street, or flats of a house, that are looked at; no street of a city has as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A street of the list on a day, as known at a position, in a community whose codes begin so."""

    street: OnList
    day: date
    position: int
    community: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """What the questions about it take."""
        places = [addresses.settlement(self.street.settlement).key, ""]
        return {"keys": list(self.street.keys), "places": places, "day": self.day, "position": self.position}

    def has(self, row: Any) -> bool:
        """Whether a stored address is on it."""
        address = Address(**{part: row[part] for part in PARTS if part in row})
        return self.street.called(address) and in_community(row["kind"], row["katottg"], self.community)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedHouse:
    """A house: its key, how it is written, how many dwellings it has; `only` is the one that is the whole house;
    `listed` if the community's list names it."""

    key: str
    house: str
    building: str | None
    homes: int = 0
    only: UUID | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedHome:
    """A dwelling of a house, as it is called on the day."""

    dwelling: UUID
    address: Address


def houses(registry: Registry, where: Where) -> list[PickedHouse]:
    """The houses of a street in the order of their numbers: those of the list, and those that only dwellings name."""
    found = {
        key: PickedHouse(key=key, house=held.said.house, building=held.said.building)
        for key, held in where.street.houses.items()
    }
    for row in registry.query("addresses", "houses_on", limit=MOST, **where.asked):
        if not row["house_key"] or not where.has(row):
            continue
        key = row["house_key"]
        one = found.get(key) or PickedHouse(key=key, house=row["house"], building=row["building"], listed=False)
        homes = one.homes + row["homes"]
        whole = homes == 1 and not row["parted"]
        found[key] = replace(one, homes=homes, only=UUID(row["dwelling"]) if whole else None)
    return sorted(found.values(), key=lambda one: ukrainian.sort_key(one.house, one.building))


def homes(registry: Registry, where: Where, house: str) -> list[PickedHome]:
    """The dwellings of a house, by the number of the flat and the room."""
    rows = registry.query("addresses", "of_house", limit=MOST, house=house, **where.asked)
    found = [PickedHome(dwelling=row["dwelling"], address=streets.address_of(row)) for row in rows if where.has(row)]
    return sorted(found, key=lambda one: ukrainian.sort_key(one.address.flat, one.address.room))


def house_key(house: str, building: str | None) -> str:
    """By what a house is looked for on its street."""
    return addresses.house(house, building or None)


def flats_without(where: Where, house: str, found: list[PickedHome]) -> str:
    """The flats that the list names in a house and no dwelling has, in short: «1-3, 5»."""
    held = where.street.houses.get(house)
    taken = {addresses.flat(one.address.flat) for one in found}
    listed = addresses.within(held.said.flats) if held else []
    return addresses.in_short(one for one in listed if addresses.flat(one) not in taken)

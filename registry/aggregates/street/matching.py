"""Which street and house of the list an address is, and what of it differs. Pure: it changes neither.

An address is looked for among the streets of its name, old names too: the settlement has to be the same, the district
where both say one, and one whose code agrees goes before one whose code does not. A street that only a part of the
address tells apart (two of one name, no kind, no district) is not guessed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from registry import addresses
from registry.aggregates.dwelling.events import Address
from registry.aggregates.street.events import LIST
from registry.aggregates.street.state import HeldHouse
from registry.aggregates.territory.codes import around, covered

Verdict = Literal["verified", "proposed", "differing", "missing"]
STATES: tuple[Verdict, ...] = ("verified", "proposed", "differing", "missing")
"""As the list says it; as a proposal of the register itself does; found, and spelled otherwise; not on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """A street of the list as of some position: names with their days, oldest first."""

    street: UUID
    settlement: str
    names: tuple[tuple[date | None, date | None, str], ...]
    katottg: str | None = None
    district: str | None = None
    source: str = LIST
    houses: Mapping[str, HeldHouse] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """By what its names are looked for."""
        return {addresses.street(name).key for _, _, name in self.names}

    def name_on(self, day: date) -> tuple[date | None, str]:
        """What it is called on a day, and since when; before its first name, that one."""
        return next(((since, name) for since, _, name in reversed(self.names) if since is None or since <= day))

    def called(self, address: Address) -> bool:
        """Whether the address may be on it: by the names of the street and of the settlement, and the district."""
        said = addresses.street(address.street)
        here, there = addresses.settlement(self.settlement), addresses.settlement(address.settlement)
        district, other = addresses.district(self.district), addresses.district(address.district)
        return (
            any(addresses.street(name).may_be(said) for _, _, name in self.names)
            and (here.may_be(there) if there.key else self.holds(address.katottg))
            and (not district or not other or district == other)
        )

    def holds(self, katottg: str | None) -> bool:
        """Whether a code lies within that of the street."""
        return bool(self.katottg and katottg) and covered(self.katottg or "") in around(katottg or "")

    def contradicts(self, katottg: str | None) -> bool:
        """Whether a code is of another settlement; one that is not said contradicts nothing."""
        return bool(self.katottg and katottg) and not self.holds(katottg) and not _within(self.katottg, katottg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the list says of an address. `street` is None where no street is found; `house` is the key of the listed
    house; `reasons` say what differs or is missing; `right` is the address as the list spells it, where that is known,
    and `since` the day of the street's name if it is the name that changed."""

    state: Verdict
    reasons: tuple[str, ...] = ()
    street: UUID | None = None
    house: str | None = None
    right: Address | None = None
    since: date | None = None


def judged(address: Address, streets: Sequence[OnList], day: date) -> Judged:
    """An address of a day against the streets that may be meant."""
    found = _closest([one for one in streets if one.called(address)], address, day)
    if not found and not addresses.street(address.street).key:
        return Judged(state="missing", reasons=("street-absent",))
    if len(found) != 1:
        return Judged(state="missing", reasons=("street-ambiguous" if found else "street-unlisted",))
    street = found[0]
    key = addresses.house(address.house, address.building)
    held = street.houses.get(key)
    missing = _missing(street, held, address)
    since, name = street.name_on(day)
    house = (held.said.house, held.said.building) if held else (address.house, address.building)
    place = {"settlement": street.settlement, "street": name or None, "katottg": _code(street, address)}
    right = replace(address, **place, house=house[0], building=house[1])
    reasons = (*missing, *_differences(address, right, street, name))
    said = Judged(state="missing", reasons=reasons, street=street.street, house=key if held else None)
    if missing:
        return said
    renamed = "street-renamed" in reasons
    if reasons:
        return replace(said, state="differing", right=right, since=since if renamed else None)
    proposed = street.source != LIST or (held is not None and held.source != LIST)
    return replace(said, state="proposed" if proposed else "verified")


def same(one: Address, other: Address) -> bool:
    """Whether two addresses are one, however they are spelled; with too little said of either, they are not."""
    if not (identifies(one) and identifies(other)):
        return False
    places = addresses.settlement(one.settlement), addresses.settlement(other.settlement)
    districts = addresses.district(one.district), addresses.district(other.district)
    codes = (one.katottg, other.katottg)
    return (
        places[0].may_be(places[1])
        and addresses.street(one.street).may_be(addresses.street(other.street))
        and (not all(districts) or districts[0] == districts[1])
        and (not all(codes) or _within(*codes) or _within(*reversed(codes)))
        and home_key(one) == home_key(other)
    )


def identifies(address: Address) -> bool:
    """Whether an address says enough to be one: a house, and a street or a settlement."""
    return bool(addresses.house(address.house) and (address.street or address.settlement))


def twins(said: Iterable[tuple[str, Address]]) -> dict[str, str]:
    """Of many addresses by their names: each that one before it is the same as → the first of them."""
    by_key: dict[tuple[str, str], list[tuple[str, Address]]] = {}
    found: dict[str, str] = {}
    for name, address in said:
        if not identifies(address):
            continue
        before = by_key.setdefault((addresses.street(address.street).key, home_key(address)), [])
        if first := next((other for other, there in before if same(address, there)), None):
            found[name] = first
        else:
            before.append((name, address))
    return found


def home_key(address: Address) -> str:
    """The house, the flat and the room of an address as they are compared."""
    house = addresses.house(address.house, address.building)
    return "|".join((house, addresses.flat(address.flat), addresses.flat(address.room)))


def without_dwelling(street: OnList, homes: Iterable[tuple[Judged, Address]]) -> list[tuple[str, str | None]]:
    """The houses of a street, or their flats, that no dwelling is found for: key of the house, the flat as written."""
    taken = {(one.house, addresses.flat(address.flat)) for one, address in homes if one.house}
    houses = {house for house, _ in taken}
    empty: list[tuple[str, str | None]] = []
    for key, held in street.houses.items():
        flats = addresses.within(held.said.flats)
        empty += [(key, one) for one in flats if (key, addresses.flat(one)) not in taken]
        empty += [(key, None)] if not flats and key not in houses else []
    return empty


def _within(part: str | None, whole: str | None) -> bool:
    return bool(part and whole) and covered(whole or "") in around(part or "")


def _closest(found: list[OnList], address: Address, day: date) -> list[OnList]:
    """Of several, those that more of the address speaks for, one thing after another."""
    tests: tuple[Callable[[OnList], bool], ...] = (
        lambda one: not one.contradicts(address.katottg),
        lambda one: addresses.street(one.name_on(day)[1]).may_be(addresses.street(address.street)),
        lambda one: addresses.district(one.district) == addresses.district(address.district),
        lambda one: addresses.house(address.house, address.building) in one.houses,
    )
    for test in tests:
        if len(found) > 1:
            found = [one for one in found if test(one)] or found
    return found


def _missing(street: OnList, held: HeldHouse | None, address: Address) -> tuple[str, ...]:
    """What of the address the list has not: a street without houses, and a house without flats, say nothing of them."""
    if held is None:
        return ("house-unlisted",) if street.houses else ()
    if held.said.flats and addresses.flat(address.flat) not in addresses.keys_within(held.said.flats):
        return ("flat-unlisted",)
    return ()


def _differences(address: Address, right: Address, street: OnList, name: str) -> tuple[str, ...]:
    """What is spelled otherwise than the list does."""
    renamed = not addresses.street(name).may_be(addresses.street(address.street))
    found = {
        "settlement-spelling": address.settlement != right.settlement,
        "street-renamed": renamed,
        "street-spelling": not renamed and (address.street or None) != right.street,
        "house-spelling": (address.house, address.building) != (right.house, right.building),
        "katottg-differs": street.contradicts(address.katottg),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _code(street: OnList, address: Address) -> str | None:
    """The code of an address as it should be: its own where that agrees."""
    return street.katottg if street.contradicts(address.katottg) or not address.katottg else address.katottg

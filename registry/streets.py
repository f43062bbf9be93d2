"""The community's list of streets as the register holds it: its pages, and the dwellings reconciled with it.

Reconciling reads and compares, street by street; it moves nobody and changes no dwelling. What would set a differing
dwelling right is given as the body of an act that a clerk may send.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry import addresses
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.state import in_community
from registry.aggregates.street.events import ListedHouse
from registry.aggregates.street.matching import (
    STATES,
    Judged,
    OnList,
    home_key,
    identifies,
    judged,
    same,
    without_dwelling,
)
from registry.aggregates.street.state import HeldHouse
from registry.aggregates.values import Fault
from registry.app import Registry
from registry.projections.addresses import PARTS

NOW = 2**62
"""A position behind all that there are."""
NO_ID = UUID(int=0)
KEYS_AT_ONCE, HOMES_AT_ONCE = 200, 5_000
_UNKNOWN = {
    "street-absent": "address-street-absent",
    "street-unlisted": "address-street-unlisted",
    "street-ambiguous": "address-street-ambiguous",
    "house-unlisted": "address-house-unlisted",
    "flat-unlisted": "address-flat-unlisted",
}
"""Why an address is not found on the list → of what a clerk is warned who enters it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A dwelling as it is called on the asked day, and what the list says of that; `since` is from when it is called
    so."""

    dwelling: UUID
    address: Address
    kind: str | None
    since: date | None
    said: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A street of the list, the dwellings on it, and the houses or flats that no dwelling is found for."""

    street: OnList
    homes: list[Home]
    empty: list[tuple[str, str | None]]
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        found = Counter(one.said.state for one in self.homes)
        counts = {state: found[state] for state in STATES} | {"without_dwelling": len(self.empty)}
        object.__setattr__(self, "counts", counts)


def page(
    registry: Registry,
    *,
    position: int,
    name: str | None = None,
    settlement: str | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[OnList]:
    """Streets of the list in the order of settlements and names, those with a word that begins so in any of their
    names. `after` is the last of the page before."""
    last = (
        [row for row in _rows(registry, "by_ids", position, streets=[after]) if row["until"] is None] if after else []
    )
    beginning = addresses.found_by(name or "")
    rows = _rows(
        registry,
        "page",
        position,
        place=addresses.settlement(settlement).key if settlement else None,
        beginning=f"% {beginning}%" if beginning else None,
        after_key=last[0]["sort_key"] if last else "",
        after=after or NO_ID,
        limit=limit,
    )
    return of_ids(registry, [row["street"] for row in rows], position)


def of_ids(registry: Registry, ids: Sequence[UUID], position: int) -> list[OnList]:
    """Streets with their houses, those that there are, in the order in which they are named."""
    names: dict[UUID, list[Any]] = {}
    houses: dict[UUID, dict[str, HeldHouse]] = {}
    for row in _rows(registry, "by_ids", position, streets=list(ids)):
        names.setdefault(row["street"], []).append(row)
    for row in registry.query("houses", "of_streets", streets=list(ids), position=position):
        houses.setdefault(row["street"], {})[row["house_key"]] = HeldHouse(said=_house(row), source=row["source"])
    return [
        OnList(
            street=id,
            settlement=names[id][-1]["settlement"],
            names=tuple((row["since"], row["until"], row["name"]) for row in names[id]),
            katottg=names[id][-1]["katottg"],
            district=names[id][-1]["district"],
            source=names[id][-1]["source"],
            houses=houses.get(id, {}),
        )
        for id in ids
        if id in names
    ]


def houses(
    registry: Registry, street: OnList, position: int, *, number: str | None, after: str | None, limit: int
) -> list[tuple[str, HeldHouse]]:
    """The houses of a street in the order of their numbers, those that begin so; `after` is the key of the last of the
    page before."""
    rows = registry.query("houses", "one", street=street.street, house=after, position=position) if after else []
    asked = {"after_key": rows[0]["sort_key"] if rows else "", "after": after if rows else ""}
    beginning = addresses.house(number) if number else None
    found = registry.query(
        "houses",
        "page",
        street=street.street,
        position=position,
        beginning=f"{beginning}%" if beginning else None,
        limit=limit,
        **asked,
    )
    return [(row["house_key"], HeldHouse(said=_house(row), source=row["source"])) for row in found]


def meant(registry: Registry, keys: Iterable[str], position: int) -> list[OnList]:
    """The streets of the list that any of these keys of names may mean."""
    rows = _rows(registry, "by_keys", position, keys=list(keys))
    return of_ids(registry, [row["street"] for row in rows], position)


def reconciled(
    registry: Registry, streets: Sequence[OnList], *, day: date, position: int, community: str = ""
) -> list[Reconciled]:
    """Each street with the dwellings of this community that are on it on a day, as known at a position."""
    keys = {key for one in streets for key in one.keys}
    homes = _homes(registry, keys, day, position, community)
    by_street: dict[UUID | None, list[Home]] = {}
    for home in homes:
        by_street.setdefault(home.said.street, []).append(home)
    found = ((street, by_street.get(street.street, [])) for street in streets)
    return [
        Reconciled(street=street, homes=here, empty=without_dwelling(street, ((one.said, one.address) for one in here)))
        for street, here in found
    ]


def unlisted(
    registry: Registry, *, day: date, position: int, community: str = "", after: str | None = None, least: int = 1
) -> tuple[list[Home], str | None]:
    """The dwellings of this community whose street is not found on the list, at least so many if there are, with all
    of the last street; and the key of the last street looked at, None where it was the last of all."""
    found: list[Home] = []
    while len(found) < least:
        rows = registry.query("addresses", "street_keys", position=position, after=after, limit=KEYS_AT_ONCE)
        keys = [row["street_key"] for row in rows]
        for key, of_key in _by_key(_homes(registry, keys, day, position, community)):
            if len(found) >= least:
                return found, after
            found += [one for one in of_key if one.said.street is None]
            after = key
        if len(keys) < KEYS_AT_ONCE:
            return found, None
        after = keys[-1]
    return found, after


def same_address(registry: Registry, address: Address, but: UUID | None = None) -> list[UUID]:
    """The dwellings in force that this address is of, however it is spelled; `but` one that is asked about itself."""
    return [id for id in same_addresses(registry, {"": address}).get("", []) if id != but]


def same_addresses(registry: Registry, said: Mapping[str, Address]) -> dict[str, list[UUID]]:
    """The same of many addresses by their names; those that no dwelling has are left out. One question of a few
    thousand keys at a time, so that a card index of a city can be asked about."""
    by_key: dict[tuple[str, str], list[str]] = {}
    for name, address in said.items():
        if identifies(address):
            key = (addresses.street(address.street).key, home_key(address))
            by_key.setdefault(key, []).append(name)
    found: dict[str, list[UUID]] = {}
    keys = list(by_key)
    for start in range(0, len(keys), HOMES_AT_ONCE):
        streets_of, homes = zip(*keys[start : start + HOMES_AT_ONCE], strict=True)
        for row in registry.query("addresses", "of_homes", street_keys=list(streets_of), home_keys=list(homes)):
            there = address_of(row)
            for name in by_key[row["street_key"], row["home_key"]]:
                if same(said[name], there):
                    found.setdefault(name, []).append(row["dwelling"])
    return found


def surprises(
    registry: Registry, address: Address, kind: str | None, today: date, but: UUID | None = None
) -> list[Fault]:
    """What a clerk may not expect of an address that is entered: it is that of another dwelling, or the list, where the
    community has one, knows no such street or house. Each is confirmed, none is in the way."""
    found = [Fault("dwelling-exists", "address", {"dwelling": str(id)}) for id in same_address(registry, address, but)]
    if kind in ("elsewhere", "abroad"):
        return found
    return found + [Fault(code, "address") for code in not_on_list(registry, {"": address}, today).get("", ())]


def not_on_list(registry: Registry, said: Mapping[str, Address], today: date) -> dict[str, list[str]]:
    """Of addresses by their names, what of each the list does not know, by code; nothing where the community has no
    list."""
    if not registry.query("streets", "any")[0]["listed"]:
        return {}
    by_key = _by_name(meant(registry, {addresses.street(one.street).key for one in said.values()}, NOW))
    found: dict[str, list[str]] = {}
    for name, address in said.items():
        one = judged(address, by_key.get(addresses.street(address.street).key, ()), today)
        unknown = [_UNKNOWN[reason] for reason in one.reasons if reason in _UNKNOWN] if one.state == "missing" else []
        found |= {name: unknown} if unknown else {}
    return found


def act_for(home: Home) -> dict[str, Any] | None:
    """The act that would call a differing dwelling as the list does: where it is sent and its body; None where nothing
    is to be done, or the list does not know how."""
    right = home.said.right
    if right is None:
        return None
    place = f"/api/v1/dwellings/{home.dwelling}"
    address = {part: value for part in PARTS if (value := getattr(right, part))}
    since = max((day for day in (home.since, home.said.since) if day), default=None)
    if since:
        return {"post": f"{place}/names", "body": {"address": address, "since": since.isoformat()}}
    if "street-renamed" in home.said.reasons:
        return None
    return {"post": f"{place}/correction", "body": {"address": address, "kind": home.kind}}


def _homes(registry: Registry, keys: Iterable[str], day: date, position: int, community: str) -> list[Home]:
    """The dwellings of this community on streets of these keys, each judged by the streets that it may be on."""
    keys = list(keys)
    by_key = _by_name(meant(registry, keys, position))
    rows = registry.query("addresses", "on_streets", keys=keys, day=day, position=position)
    return [
        Home(
            dwelling=row["dwelling"],
            address=(address := address_of(row)),
            kind=row["kind"],
            since=row["since"],
            said=judged(address, by_key.get(row["street_key"], ()), day),
        )
        for row in rows
        if in_community(row["kind"], row["katottg"], community)
    ]


def _by_name(streets: Iterable[OnList]) -> dict[str, list[OnList]]:
    found: dict[str, list[OnList]] = {}
    for one in streets:
        for key in one.keys:
            found.setdefault(key, []).append(one)
    return found


def _by_key(homes: Iterable[Home]) -> Iterator[tuple[str, list[Home]]]:
    found: dict[str, list[Home]] = {}
    for one in homes:
        found.setdefault(addresses.street(one.address.street).key, []).append(one)
    yield from sorted(found.items())


def _rows(registry: Registry, name: str, position: int, **asked: Any) -> list[Any]:
    return registry.query("streets", name, position=position, **asked)


def _house(row: Any) -> ListedHouse:
    return ListedHouse(house=row["house"], building=row["building"], flats=row["flats"])


def address_of(row: Any) -> Address:
    """The address of a stored row."""
    return Address(**{part: row[part] for part in PARTS})

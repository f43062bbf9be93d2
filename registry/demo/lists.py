"""The lists: of territories, as the ministry's orders changed it (an end and another section, a slip, a false entry);
and the community's own of streets, with a renamed one, a slip, one that never was and a house pulled down."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from registry import addresses
from registry.aggregates.dwelling.events import Address
from registry.aggregates.street import decisions as about_street
from registry.aggregates.street.events import LIST as OF_LIST
from registry.aggregates.street.events import ListedHouse, StreetName, StreetVersion, street_id
from registry.aggregates.territory import decisions
from registry.aggregates.territory.events import DESK, LIST, Order, TerritoryVersion, entry_id
from registry.demo.book import BookedAct
from registry.demo.inventing import DATA, Place
from registry.demo.town import DECLARING_SINCE, Story, Town

LISTED, STREETS, TERRITORY = DATA["listed"], DATA["streets"], DATA["territory"]
UNLISTED = 29
"""Every so many houses one is not on the list."""


def listed(town: Town) -> Story:
    """The border village is listed twice, one entry after the other; its neighbour once, typed from the order."""
    act = yield max(town.at(0.54), DECLARING_SINCE)
    border, neighbour, false = LISTED["border"], LISTED["neighbour"], LISTED["false"]
    first = _entered(act, border, "possible_hostilities", act.ago(40))
    typed = _entered(act, neighbour, "occupied", act.ago(41), order=_order(act))
    never = _entered(act, false, "possible_hostilities", act.ago(40))
    act = yield act.today + timedelta(9)
    was = town.book.others[typed].says
    right = TerritoryVersion(name=was.name, code=was.code, kind=was.kind, since=act.ago(49))
    act.territory(typed, decisions.amend, now=right, order=_order(act))
    act.territory(never, decisions.annul, basis=LISTED["false"]["basis"])
    act = yield town.at(0.67)
    was = town.book.others[first].says
    over = TerritoryVersion(name=was.name, code=was.code, kind=was.kind, since=was.since, until=act.ago(3))
    act.territory(first, decisions.amend, now=over, order=_order(act))
    _entered(act, border, "active_hostilities", act.ago(3))


def _entered(act: BookedAct, said: dict[str, str], kind: str, since: str, order: Order | None = None) -> UUID:
    """Enters an entry: from the list, or typed from the order that says so."""
    entry = entry_id(said["code"], kind, since)
    now = TerritoryVersion(name=said["name"], code=said["code"], kind=kind, since=since)
    act.territory(entry, decisions.enter, said=now, order=order, source=DESK if order else LIST)
    return entry


def _order(act: BookedAct) -> Order:
    return Order(number=LISTED["order"], dated=act.ago(2))


def streets(town: Town) -> Story:
    """The list of streets comes with nearly all houses; then the office puts it right."""
    places = list(town.free)
    act = yield town.at(0.3)
    for said, here in _by_street(places):
        if addresses.street(said.names[0].name) == addresses.street(TERRITORY["renamed_from"]) and town.renamed:
            said = replace(said, names=(*said.names, StreetName(name=TERRITORY["renamed_to"], since=act.ago(14))))
        _street(town, act, said, here)
    false = StreetVersion(
        settlement=TERRITORY["places"][2]["settlement"], names=(StreetName(name=STREETS["false"]),), source=OF_LIST
    )
    never = _street(town, act, false, ())
    act = yield act.today + timedelta(30)
    act.street(never, about_street.annul, basis=STREETS["false_basis"])
    [slip] = town.streets[STREETS["slip"]]
    right = replace(town.book.others[slip].says, names=(StreetName(name=STREETS["slip"]),))
    act.street(slip, about_street.amend, now=right)
    last = list(town.book.others[slip].houses.values())[-1].said
    act.street(slip, about_street.unlist_houses, houses=[last.house], basis=STREETS["gone_basis"])
    act = yield town.at(0.9)
    [later] = town.streets[STREETS["renamed_later"]]
    since, basis = act.ago(10), STREETS["decision"]
    act.street(later, about_street.rename, name=STREETS["renamed_later_to"], since=since, basis=basis)


def _street(town: Town, act: BookedAct, said: StreetVersion, here: Iterable[Address]) -> UUID:
    """Enters a street with its houses, those that the list knows."""
    id, name = street_id(said), said.names[0].name
    town.streets.setdefault(name, []).append(id)
    as_listed = STREETS["slip_was"] if name == STREETS["slip"] else name
    said = replace(said, names=(StreetName(name=as_listed), *said.names[1:]))
    act.street(id, about_street.enter, said=said)
    flats: dict[str, list[str]] = {}
    for one in here:
        flats.setdefault(one.house or "", []).extend([one.flat] if one.flat else [])
    houses = [
        ListedHouse(house=house, flats=addresses.in_short(of_house) or None)
        for number, (house, of_house) in enumerate(sorted(flats.items()), 1)
        if number % UNLISTED
    ]
    act.street(id, about_street.list_houses, houses=houses)
    return id


def _by_street(places: Iterable[Place]) -> Iterator[tuple[StreetVersion, list[Address]]]:
    """Every street of the community with its addresses; of those of the stories the houses are not known."""
    found: dict[tuple[Any, ...], list[Address]] = {
        (where["settlement"], where["katottg"], where.get("district"), street): []
        for where in TERRITORY["places"]
        for street in where["streets"]
    }
    for one in (place.address for place in places):
        found[one.settlement, one.katottg, one.district, one.street or ""].append(one)
    first, village, example = TERRITORY["places"][0], TERRITORY["places"][3], DATA["found"]
    found[first["settlement"], first["katottg"], first["district"], TERRITORY["story_street"]] = []
    found[village["settlement"], village["katottg"], None, TERRITORY["border_street"]] = []
    found[example["settlement"], example["katottg"], None, example["street"]] = []
    for (settlement, katottg, district, street), here in found.items():
        said = {"settlement": settlement, "katottg": katottg, "district": district, "source": OF_LIST}
        yield StreetVersion(names=(StreetName(name=street),), **said), here


def found(town: Town) -> Story:
    """Whom the examples of the search page find."""
    said = DATA["found"]
    who = town.born("female", said["born"], surname=said["surname"], given=said["given"])
    act = yield town.at(0.1)
    act.enter(who)
    address = Address(**{name: said[name] for name in ("settlement", "katottg", "street", "house", "flat")})
    act.settle(who.id, act.enter_home(Place(address)), kind=town.kind(act.today))
    town.show("found", who.id)


STORIES: tuple[Callable[[Town], Story], ...] = (found, listed, streets)

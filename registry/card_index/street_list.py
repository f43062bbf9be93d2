"""The community's list of streets and houses: from a file (as the card index is read), or proposed from the dwellings.

A row of the file is a house of a street, or a street alone. What is on record already is not recorded again. The first
file is recorded at once; later changes once a second person agrees. What is in the file no more is told, and stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from registry import addresses, gate, streets, texts
from registry.acts import Clerk
from registry.aggregates.dwelling.events import Address
from registry.aggregates.street import decisions
from registry.aggregates.street.events import (
    LIST,
    REGISTER,
    ListedHouse,
    StreetFact,
    StreetName,
    StreetVersion,
    street_id,
)
from registry.aggregates.street.state import Street, fold
from registry.aggregates.values import Fault, refuse
from registry.app import Act, Line
from registry.card_index import reading, territory_list
from registry.card_index.files import Table, TableSource
from registry.card_index.reading import Examined, Reject, Rejected
from registry.storage.mapper import encode_body

COLUMNS = (
    *("settlement", "street", "former_names", "basis", "katottg", "district"),
    *("house", "building", "flats"),
)
REQUIRED = ("settlement", "street")
_GATES = {
    **{name: gate.ADDRESS[name] for name in ("settlement", "street", "katottg", "district", "house", "building")},
    **dict.fromkeys(("former_names", "basis", "flats"), gate.words),
}
_DAY = r"(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})"


@dataclass(kw_only=True)
class Planned:
    """A street as a source says it: `known`: its former names are said too, so that they take the place of others."""

    says: StreetVersion
    line: int = 0
    known: bool = False
    basis: str | None = None
    houses: dict[str, ListedHouse] = field(default_factory=dict)

    @property
    def called(self) -> list[addresses.Called]:
        return [addresses.street(one.name) for one in self.says.names]

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it is, and what it is called: what tells it from the other streets of the same source."""
        here = addresses.settlement(self.says.settlement)
        return (here.key, here.kind, addresses.district(self.says.district), self.called[-1].key, self.called[-1].kind)


@dataclass(kw_only=True)
class LoadedStreets:
    """What was recorded, or waits for a second person, by the name of the fact, and how many houses that lists; how
    many streets the list has just so already; which the file has no more, and how many houses; the rejected rows, and
    what to look at in those that are not; how the file was read."""

    facts: dict[str, int] = field(default_factory=dict)
    houses: int = 0
    same: int = 0
    gone: list[tuple[UUID, StreetVersion]] = field(default_factory=list)
    houses_gone: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    waits: bool = False
    acts: list[Act] = field(default_factory=list)
    sources: list[TableSource] = field(default_factory=list)


def load(path: Path, *, clerk: Clerk, dry_run: bool = False) -> LoadedStreets:
    """Loads a file. Raises `BadFile` before anything is written, `Impossible` while another change waits, `LostRace`.
    A second run loads nothing twice."""
    loaded = LoadedStreets()
    planned = _read(path, clerk, loaded)
    held = _held(clerk)
    seen = _plan(clerk, planned, held, loaded, path.name, dry_run=dry_run)
    listed = {id: one for id, one in held.items() if one.says and one.says.source == LIST}
    loaded.gone = [(id, one.says) for id, one in listed.items() if one.says and id not in seen]
    loaded.houses_gone = sum(
        1
        for id, one in seen.items()
        if id in listed and one.houses
        for key in listed[id].houses
        if key not in one.houses
    )
    return loaded


def table(path: Path) -> Table:
    """A file of the list. Raises `BadFile`."""
    called = {label: name for name, label in texts.TEXTS["street_columns"].items()}
    return reading.table_of(path, COLUMNS, REQUIRED, path.name, called)


def propose(*, clerk: Clerk, dry_run: bool = False) -> LoadedStreets:
    """Enters the streets and houses of dwellings that the list does not have, as proposals of the register: as most
    dwellings spell them. A file that says the same makes them entries of the list. Raises as `load` does."""
    loaded = LoadedStreets()
    day, position = clerk.today(), clerk.registry.position()
    homes, _ = streets.unlisted(clerk.registry, day=day, position=position, least=10**9)
    held = _held(clerk)
    ours = [id for id, one in held.items() if one.says and one.says.source == REGISTER]
    there = streets.reconciled(
        clerk.registry, streets.of_ids(clerk.registry, ours, position), day=day, position=position
    )
    found = [one.address for one in homes] + [one.address for street in there for one in street.homes]
    _plan(clerk, _proposed(found), held, loaded, "", dry_run=dry_run)
    return loaded


def change(clerk: Clerk, street: UUID, decide: Any, **asked: Any) -> LoadedStreets:
    """One street changed by a decision. Raises as `load` does."""
    decisions.insist_none_waits(waiting(clerk))
    state = clerk.registry.street(street)
    loaded = LoadedStreets()
    _record(clerk, [(street, decide(state, **asked), state.version)], loaded, waits=clerk.second_person)
    return loaded


def waiting(clerk: Clerk) -> list[UUID]:
    """The changes of the list that wait for a second person, the oldest first."""
    return territory_list.waiting(clerk, "street")


def _plan(
    clerk: Clerk,
    planned: Sequence[Planned],
    held: dict[UUID, Street],
    loaded: LoadedStreets,
    file: str,
    *,
    dry_run: bool,
) -> dict[UUID, Planned]:
    """Records what differs from what is held, and tells which street each planned one is."""
    waits = clerk.second_person and any(one.says and one.says.source == LIST for one in held.values())
    if not dry_run:
        decisions.insist_none_waits(waiting(clerk))
    index = _index(held)
    seen: dict[UUID, Planned] = {}
    lines: list[Line] = []
    for one in planned:
        id = _meant(one, held, index, seen)
        if id is None:
            loaded.rejects.append(reading.reject(file, one.line, Rejected("street", "street-old-name")))
            continue
        seen[id] = one
        street = held.get(id, Street())
        facts = _facts(street, one, clerk)
        loaded.same += not facts
        lines += [(id, facts, street.version)] if facts else []
    _record(clerk, lines, loaded, waits=waits, dry_run=dry_run)
    return seen


def _record(clerk: Clerk, lines: Sequence[Line], loaded: LoadedStreets, *, waits: bool, dry_run: bool = False) -> None:
    for _, facts, _ in lines:
        for fact in facts:
            loaded.facts[fact.NAME] = loaded.facts.get(fact.NAME, 0) + 1
            loaded.houses += len(fact.houses) if fact.NAME == "houses-listed" else 0
    if dry_run or not lines:
        return
    if waits:
        too_long = any(sum(len(encode_body(fact)) for fact in facts) > territory_list.AN_ACT for _, facts, _ in lines)
        refuse([Fault("street-change-too-long")] if too_long else [])
    loaded.waits = waits
    for batch in territory_list.batches(lines) if waits else [lines]:
        loaded.acts.append(territory_list.recorded(clerk, batch, waits=waits))


def _facts(street: Street, planned: Planned, clerk: Clerk) -> list[StreetFact]:
    """What makes the list say of a street what a source says; a proposal changes nothing that a file said."""
    houses, source, today = list(planned.houses.values()), planned.says.source, clerk.today()
    if street.says is None:
        facts = decisions.enter(street, planned.says, today=today)
    elif source == REGISTER:
        facts = []
    else:
        facts = decisions.amend(street, _now(street.says, planned), basis=planned.basis, today=today)
    return [*facts, *decisions.houses_as_facts(street, houses, source)]


def _now(held: StreetVersion, planned: Planned) -> StreetVersion:
    """A held street as the file says it: what the file does not say stays."""
    said = planned.says
    last = replace(held.names[-1], name=said.names[-1].name)
    return replace(
        said,
        names=said.names if planned.known else (*held.names[:-1], last),
        katottg=said.katottg or held.katottg,
        district=said.district or held.district,
    )


def _held(clerk: Clerk) -> dict[UUID, Street]:
    """Every street that the list ever had, as it is now."""
    ids = [row["street"] for row in clerk.registry.query("streets", "held")]
    found = clerk.registry.of_streams(ids)
    return {id: fold(found[id]) for id in ids}


def _index(held: dict[UUID, Street]) -> dict[str, list[UUID]]:
    index: dict[str, list[UUID]] = {}
    for id, one in held.items():
        for name in one.says.names if one.says else ():
            index.setdefault(addresses.street(name.name).key, []).append(id)
    return index


def _meant(
    planned: Planned, held: dict[UUID, Street], index: dict[str, list[UUID]], seen: dict[UUID, Planned]
) -> UUID | None:
    """Which street a planned one is: a held one whose present name it says, or had; else a new one. None where it says
    a name that the held one has no more."""
    here = addresses.settlement(planned.says.settlement)
    district = addresses.district(planned.says.district)
    found: list[UUID] = []
    older = False
    for id in dict.fromkeys(id for called in planned.called for id in index.get(called.key, ())):
        says = held[id].says
        if says is None or id in seen or not addresses.settlement(says.settlement).may_be(here):
            continue
        if district and says.district and addresses.district(says.district) != district:
            continue
        present = addresses.street(says.names[-1].name)
        if any(present.may_be(called) for called in planned.called):
            found.append(id)
        older |= any(addresses.street(one.name).may_be(planned.called[-1]) for one in says.names[:-1])
    if found or older:
        return found[0] if found else None
    nth = 1
    while (id := street_id(planned.says, nth)) in seen or (id in held and held[id].says):
        nth += 1
    return id


def _read(path: Path, clerk: Clerk, loaded: LoadedStreets) -> list[Planned]:
    """The streets of a file with their houses; rows that cannot be are rejected, with all that is wrong with them."""
    read: dict[tuple[Any, ...], Planned] = {}
    file = table(path)
    loaded.sources.append(file.source)
    for line, row in file:
        one, said = _row(line, dict.fromkeys(COLUMNS) | row, clerk)
        faults = said.faults or _joined(read.setdefault(one.place, one), one)
        loaded.rejects += [reading.reject(path.name, line, why) for why in faults]
        if not faults:
            loaded.warnings += [reading.reject(path.name, line, why) for why in said.warnings]
    return list(read.values())


def _row(line: int, row: reading.Row, clerk: Clerk) -> tuple[Planned, Examined]:
    """What a row says, and all that is wrong with it."""
    said = Examined(row, *(column for column in REQUIRED if column != "street"))
    said.take(gate.fields_of(said.texts(COLUMNS), _GATES))
    value = said.value
    # «-», «немає», «без вулиць» in a village say that its houses stand on no street; an empty cell says nothing.
    none = bool(row["street"]) and (not value["street"] or addresses.says_none(value["street"]))
    none = none and decisions.without_streets(value["settlement"])
    for column in REQUIRED:
        if not value[column] and not (none and column == "street"):
            said.fault(column, "missing")
    former, wrong = _former(value["former_names"])
    if wrong:
        said.fault("former_names", wrong)
    names = _names("" if none else value["street"] or "", former)
    says = StreetVersion(
        settlement=value["settlement"] or "", names=names, katottg=value["katottg"], district=value["district"]
    )
    faults = decisions.faults_of(says, clerk.today())
    house = None
    if value["house"]:
        house = ListedHouse(house=value["house"], building=value["building"], flats=value["flats"])
        faults += decisions.house_faults(house)
    elif value["building"] or value["flats"]:
        faults.append(Fault("house-missing", "house"))
    for fault in faults:
        said.fault(fault.field or "", fault.code)
    houses = {house.key: house} if house else {}
    return Planned(says=says, line=line, known=len(names) > 1, basis=value["basis"], houses=houses), said


def _former(text: str | None) -> tuple[list[tuple[str, str]], str | None]:
    """Former names with the day until which each held, the oldest first: «вул. Перша до 19.02.2016; вул. Друга до
    2003-01-01»; and the code of what is wrong with them."""
    until = re.escape(texts.say("streets_say", "until"))
    ends: list[tuple[str, str]] = []
    for part in filter(None, (one.strip() for one in (text or "").split(";"))):
        found = re.fullmatch(rf"(\S.*?)[\s,(]*(?:{until}\s+)?{_DAY}[^\d;]*", part)
        name, day = (gate.name(found[1].strip()), gate.whole_day(found[2])) if found else (gate.ABSENT, gate.ABSENT)
        if not (name.value and day.value):
            return [], next(iter((*name.faults, *day.faults)), "former-names")
        ends.append((day.value, name.value))
    return sorted(ends), None


def _names(street: str, former: Sequence[tuple[str, str]]) -> tuple[StreetName, ...]:
    """The names of a street, the oldest first."""
    names, starts = [*(name for _, name in former), street], [None, *(day for day, _ in former)]
    return tuple(StreetName(name=name, since=since) for name, since in zip(names, starts, strict=True))


def _joined(street: Planned, row: Planned) -> list[Rejected]:
    """Adds a row to its street, unless it says something else of the street than a row before: what that is."""
    if row is street:
        return []
    differs = [
        Rejected(column, "street-differs", str(street.line))
        for column, other, said in (
            ("katottg", street.says.katottg, row.says.katottg),
            ("former_names", street.says.names[:-1], row.says.names[:-1]),
            ("street", street.says.names[-1].name, row.says.names[-1].name),
            ("settlement", street.says.settlement, row.says.settlement),
        )
        if other and said and other != said
    ]
    houses = dict(row.houses)
    for key, house in row.houses.items():
        if before := street.houses.get(key):
            houses[key] = _with_flats(before, house)
            differs += [Rejected("flats", "text-too-long")] if decisions.house_faults(houses[key]) else []
    if differs:
        return differs
    names = row.says.names if row.known else street.says.names
    street.says = replace(street.says, names=names, katottg=street.says.katottg or row.says.katottg)
    street.known, street.basis = street.known or row.known, street.basis or row.basis
    street.houses |= houses
    return []


def _with_flats(house: ListedHouse, more: ListedHouse) -> ListedHouse:
    """A house whose flats stand in several rows."""
    flats = addresses.in_short([*addresses.within(house.flats), *addresses.within(more.flats)])
    return replace(house, flats=flats or None)


def _proposed(found: Iterable[Address]) -> list[Planned]:
    """The streets of addresses, each as most of them spell it."""
    groups: dict[tuple[Any, ...], list[Address]] = {}
    for one in found:
        street, place = addresses.street(one.street), addresses.settlement(one.settlement)
        if place.key and (street.key or (one.house and not one.street and decisions.without_streets(one.settlement))):
            group = (place.key, addresses.district(one.district), street.key, street.kind)
            groups.setdefault(group, []).append(one)
    for group, members in list(groups.items()):
        kinds = [other for other in groups if other[:3] == group[:3] and other[3]] if group[3] is None else []
        if len(kinds) == 1:
            groups[kinds[0]] += groups.pop(group, members)
    planned = (_of_group(members) for members in groups.values())
    return [one for one in planned if not decisions.faults_of(one.says, date.max)]


def _of_group(members: Sequence[Address]) -> Planned:
    codes = {one.katottg for one in members}
    says = StreetVersion(
        settlement=_usual(one.settlement for one in members) or "",
        names=(StreetName(name=_usual(one.street for one in members) or ""),),
        katottg=codes.pop() if len(codes) == 1 else None,
        district=_usual(one.district for one in members),
        source=REGISTER,
    )
    by_house: dict[str, list[Address]] = {}
    for one in members:
        if one.house:
            by_house.setdefault(addresses.house(one.house, one.building), []).append(one)
    houses = {key: house for key, here in by_house.items() for house in _house(here)}
    return Planned(says=says, houses=houses)


def _house(members: Sequence[Address]) -> Iterator[ListedHouse]:
    (house, building), _ = Counter((one.house or "", one.building) for one in members).most_common(1)[0]
    flats = addresses.in_short(one.flat for one in members if one.flat)
    said = ListedHouse(house=house, building=building, flats=flats or None)
    yield from [said] if not decisions.house_faults(said) else []


def _usual(said: Iterable[str | None]) -> str | None:
    found = Counter(one for one in said if one).most_common(1)
    return found[0][0] if found else None

"""What may be done to a street of the list: entered, renamed, corrected, annulled, its houses listed and unlisted.

Each takes the street as folded and returns the facts to append; `Impossible` lists every fault at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from registry import addresses
from registry.aggregates.street.events import (
    LIST,
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
from registry.aggregates.street.state import Street
from registry.aggregates.values import Fault, NotADate, first_day, last_day, refuse, sure
from registry.gate import KATOTTG

HOUSES_A_FACT = 60
"""So many houses, with their flats, fit into one line of the log (semantics 7)."""
LONGEST, LONGEST_HOUSE, MOST_NAMES = 200, 30, 12


def enter(street: Street, said: StreetVersion, *, today: date) -> list[StreetFact]:
    """A new street; also after one that was annulled, on the same stream."""
    refuse([*([Fault("street-listed")] if street.says else []), *faults_of(said, today)])
    fields = {name: getattr(said, name) for name in ("settlement", "names", "katottg", "district", "source")}
    return [StreetEntered(**fields)]


def amend(street: Street, now: StreetVersion, *, basis: str | None = None, today: date) -> list[StreetFact]:
    """What the list says now: one later name more, by a decision, is a renaming, anything else corrects; nothing if it
    is the same."""
    refuse([*_unknown(street), *faults_of(now, today)])
    was = sure(street.says)
    if was == now:
        return []
    if basis and now == replace(was, names=now.names) and now.names[:-1] == was.names:
        return rename(street, name=now.names[-1].name, since=now.names[-1].since, basis=basis, today=today)
    return [StreetCorrected(was=was, now=now)]


def rename(street: Street, *, name: str | None, since: str | None, basis: str | None, today: date) -> list[StreetFact]:
    """The street is called otherwise from a day on, later than its other names. No dwelling is changed."""
    faults = [*_unknown(street), *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [] if name and addresses.street(name).key else [Fault("street-nameless", "name")]
    faults += [Fault("street-nameless", "street")] if street.says and not street.says.names[-1].name else []
    day_faults = _day(since, "since", today)
    if street.says and not day_faults:
        last = street.says.names[-1]
        if last.since and first_day(sure(since)) <= first_day(last.since):
            day_faults = [Fault("name-before-last", "since")]
        if name == last.name:
            faults.append(Fault("nothing-changed", "name"))
    refuse([*faults, *day_faults])
    return [StreetRenamed(name=sure(name), since=sure(since), basis=sure(basis))]


def annul(street: Street, *, basis: str | None) -> list[StreetFact]:
    """There never was such a street."""
    refuse([*_unknown(street), *([] if basis else [Fault("basis-missing", "basis")])])
    return [StreetAnnulled(basis=sure(basis))]


def list_houses(street: Street, houses: Sequence[ListedHouse], *, source: str = LIST) -> list[StreetFact]:
    """The houses that are new or said otherwise than before; what the register proposes never changes what a file
    said."""
    refuse([*_unknown(street), *(fault for one in houses for fault in house_faults(one))])
    return list(houses_as_facts(street, houses, source))


def houses_as_facts(street: Street, houses: Sequence[ListedHouse], source: str) -> Iterator[StreetFact]:
    """The same for houses that have no fault, on a street that this act may enter."""
    new = []
    for one in houses:
        held = street.houses.get(one.key)
        if held and (held.source == LIST != source or (held.said, held.source) == (one, source)):
            continue
        new.append(one)
    yield from (HousesListed(houses=part, source=source) for part in _parts(new))


def unlist_houses(street: Street, houses: Sequence[str], *, basis: str | None) -> list[StreetFact]:
    """Houses of the list that are not there."""
    faults = [*_unknown(street), *([] if basis else [Fault("basis-missing", "basis")])]
    keys = [addresses.house(one) for one in houses]
    faults += [Fault("house-unknown", "house")] if not keys or any(key not in street.houses for key in keys) else []
    refuse(faults)
    gone = [street.houses[key].said for key in dict.fromkeys(keys)]
    return [HousesUnlisted(houses=part, basis=sure(basis)) for part in _parts(gone)]


def insist_none_waits(waiting: Sequence[UUID]) -> None:
    """Raises `Impossible` while another change of the list waits for its second person."""
    refuse([Fault("street-change-waits")] if waiting else [])


def faults_of(said: StreetVersion, today: date) -> list[Fault]:
    """What is wrong with what the list says of a street, by its fields."""
    faults = [] if addresses.settlement(said.settlement).key else [Fault("settlement-missing", "settlement")]
    faults += [Fault("katottg-shape", "katottg")] if said.katottg and not KATOTTG.fullmatch(said.katottg) else []
    named = said.names and all(addresses.street(one.name).key for one in said.names)
    # A village without streets: its houses stand in the settlement itself.
    named = named or (without_streets(said.settlement) and said.names == (StreetName(name=""),))
    faults += [] if named else [Fault("street-nameless", "street")]
    texts = [said.settlement, said.district or "", *(one.name for one in said.names)]
    if len(said.names) > MOST_NAMES or any(len(text) > LONGEST for text in texts):
        faults.append(Fault("text-too-long", "street"))
    days = [_day(one.since, "former_names", today) for one in said.names[1:]]
    if any(days) or (said.names and said.names[0].since):
        return [*faults, *(fault for of_name in days for fault in of_name)] or [Fault("not-a-day", "former_names")]
    starts = [first_day(sure(one.since)) for one in said.names[1:]]
    return faults if starts == sorted(set(starts)) else [*faults, Fault("names-out-of-order", "former_names")]


def without_streets(settlement: str | None) -> bool:
    """Whether a settlement may have houses on no street: a village or a settlement may, a city may not."""
    return addresses.settlement(settlement).kind in ("village", "settlement")


def house_faults(said: ListedHouse) -> list[Fault]:
    """What is wrong with a house of the list."""
    faults = [] if any(char.isdigit() for char in said.key) else [Fault("house-missing", "house")]
    if max(len(said.house), len(said.building or "")) > LONGEST_HOUSE or len(said.flats or "") > LONGEST:
        faults.append(Fault("text-too-long", "house"))
    try:
        addresses.within(said.flats)
        return faults
    except addresses.NotFlats:
        return [*faults, Fault("flats-shape", "flats")]


def _parts(houses: Sequence[ListedHouse]) -> Iterator[tuple[ListedHouse, ...]]:
    yield from (tuple(houses[start : start + HOUSES_A_FACT]) for start in range(0, len(houses), HOUSES_A_FACT))


def _day(text: str | None, field: str, today: date) -> list[Fault]:
    try:
        if not text or first_day(text) != last_day(text):
            return [Fault("not-a-day", field)]
        return [Fault("date-in-future", field)] if first_day(text) > today else []
    except NotADate:
        return [Fault("not-a-day", field)]


def _unknown(street: Street) -> list[Fault]:
    return [] if street.says else [Fault("street-unknown", "street")]

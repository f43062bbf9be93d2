"""A dwelling as its facts say. Like the person's, this fold never refuses and never ignores."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from registry.aggregates.dwelling.events import (
    Address,
    AddressRenameAnnulled,
    AddressRenamed,
    DwellingCorrected,
    DwellingEntered,
    DwellingFact,
    DwellingKindChanged,
    DwellingSucceeded,
    EncumbranceRecorded,
    LeaseRecorded,
    OwnersRecorded,
)
from registry.aggregates.values import BEFORE_ALL, DateText, Entry, first_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What the dwelling is called from `since` on; the first name has none. `basis` is the decision that it rests on,
    `fact` the version of the fact that gave it."""

    address: Address
    since: DateText | None = None
    basis: str | None = None
    fact: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling:
    """`unmatched` are the versions of the facts that name nothing."""

    version: int = 0
    entered: bool = False
    ref: str | None = None
    kind: str | None = None
    names: tuple[Name, ...] = ()
    succession: DwellingSucceeded | None = None
    owners: OwnersRecorded | None = None
    encumbrances: tuple[EncumbranceRecorded, ...] = ()
    leases: tuple[LeaseRecorded, ...] = ()
    unmatched: tuple[int, ...] = ()


NOWHERE = Dwelling()


def fold(entries: Iterable[Entry], dwelling: Dwelling = NOWHERE) -> Dwelling:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        dwelling = evolve(dwelling, entry)
    return dwelling


def evolve(dwelling: Dwelling, entry: Entry) -> Dwelling:
    """The state after one more entry of this dwelling's stream."""
    fact: DwellingFact = entry.fact
    dwelling = replace(dwelling, version=entry.version)
    match fact:
        case DwellingEntered():
            return replace(dwelling, entered=True, ref=fact.ref, kind=fact.kind, names=(Name(address=fact.address),))
        case AddressRenamed():
            name = Name(address=fact.address, since=fact.since, basis=fact.basis, fact=entry.version)
            return replace(dwelling, names=(*dwelling.names, name))
        case AddressRenameAnnulled():
            names = tuple(name for name in dwelling.names if name.since is None or name.fact != fact.takes_back)
            if names == dwelling.names:
                return replace(dwelling, unmatched=(*dwelling.unmatched, entry.version))
            return replace(dwelling, names=names)
        case DwellingCorrected():
            return replace(dwelling, kind=fact.kind, names=(Name(address=fact.address), *dwelling.names[1:]))
        case DwellingSucceeded():
            return replace(dwelling, succession=fact)
        case OwnersRecorded():
            return replace(dwelling, owners=fact)
        case EncumbranceRecorded():
            encumbrances = (one for one in dwelling.encumbrances if one.number != fact.number)
            return replace(dwelling, encumbrances=(*encumbrances, fact))
        case LeaseRecorded():
            which = (fact.number, fact.lessee)
            leases = (one for one in dwelling.leases if (one.number, one.lessee) != which)
            return replace(dwelling, leases=(*leases, fact))
        case DwellingKindChanged():
            return replace(dwelling, kind=fact.kind)
        case _:
            assert_never(fact)


def dated_names(dwelling: Dwelling) -> list[tuple[date | None, date | None, Address]]:
    """The names with the days `[since, until)` on which they hold, oldest first; of two from one day the later
    recorded holds. The first name has no since, the last no until."""
    latest = {first_day(name.since) if name.since else BEFORE_ALL: name.address for name in dwelling.names}
    starts = sorted(latest)
    return [
        (None if start == BEFORE_ALL else start, until, latest[start])
        for start, until in zip(starts, [*starts[1:], None][: len(starts)], strict=True)
    ]


def address_on(dwelling: Dwelling, day: date) -> Address:
    """What the dwelling was called on a day; before its first name, that one."""
    names = dated_names(dwelling)
    return next((address for since, _, address in reversed(names) if since is None or since <= day), names[0][2])


def in_community(kind: str | None, katottg: str | None, community: str) -> bool:
    """Whether a dwelling lies in this community (semantics 3): by code where both have one, else by its kind."""
    if community and katottg:
        return katottg.startswith(community)
    return kind not in ("elsewhere", "abroad")


def in_this_community(home: Dwelling, community: str) -> bool:
    """Whether a dwelling lies in this community, as it is called now."""
    return in_community(home.kind, home.names[-1].address.katottg if home.names else None, community)


def successor(dwelling: Dwelling) -> UUID | None:
    """The dwelling that this one was renumbered or merged into, or None."""
    return dwelling.succession.successor if dwelling.succession else None

"""By which entry of the list of territories a part keeps an address: found among those that the register holds, or
typed from the order that says so (cards 1, 3, 5, 8, 9, r16; R-002 to R-004; semantics 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.events import OccupiedAddressNoted
from registry.aggregates.person.leaving import kept_home
from registry.aggregates.person.state import Person, notes_elsewhere
from registry.aggregates.territory import decisions
from registry.aggregates.territory.events import DESK, TerritoryFact, TerritoryVersion, TypedTerritory, entry_id
from registry.aggregates.territory.listing import ListedTerritory, Listing, Rest, Sought
from registry.aggregates.territory.state import UNLISTED
from registry.aggregates.values import Fault, Impossible, refuse

_IN_ELSEWHERE = {"list_entry": "register.elsewhere.list_entry"}
_HERE = {"list_entry": "register.list_entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The address that a part keeps: whether it is in this community, by what its entry is looked for, and whether an
    entry is claimed at all: without a claim the card says that there is one address only (R-001)."""

    ours: bool
    sought: Sought
    claimed: bool


def kept_by(part: Part, one: Concerned, person: Person, homes: Mapping[UUID, Dwelling], community: str) -> Kept | None:
    """What a part keeps of somebody's; None where it keeps nothing. A dwelling without a code of its own has that of
    the community."""
    said: Mapping[str, Any] = part.asked.get("subject", {}).get("current_residence") or {}
    if not said.get("kept"):
        return None
    claimed = said.get("occupied") is not None or part.territory is not None
    if said.get("place", "this_community") == "other_community":
        there = part.elsewhere
        named = there.list_entry if there else None
        sought = Sought(named=named, code=there.katottg if there else None, typed=part.territory)
        return Kept(ours=False, sought=sought, claimed=claimed or bool(named))
    home = homes.get(kept_home(person, one.residence) or UUID(int=0))
    code = home.names[-1].address.katottg if home and home.names else None
    sought = Sought(named=part.list_entry, code=code or community or None, typed=part.territory)
    return Kept(ours=True, sought=sought, claimed=claimed or bool(part.list_entry))


def rests_on(
    kept: Kept, part: Part, listing: Listing, *, day: date, today: date, person: UUID | None = None
) -> ListedTerritory:
    """The entry that a kept address rests on, on a day. Raises `Impossible`, each fault with the field that it is of:
    nothing is kept by an entry that the register does not hold, nor an address of ours by that of another territory."""
    if part.territory:
        typed_entry(part.territory, today=today)
    if kept.ours and kept.sought.code is None:
        refuse([Fault("dwelling-code-missing", "register.list_entry")])
    fields = _HERE if kept.ours else _IN_ELSEWHERE
    try:
        found = listing.of(kept.sought, day)
    except Impossible as error:
        where = {"list_entry": "register.territory"} if part.territory else fields
        refuse([replace(fault, field=where.get(fault.field or "", fault.field)) for fault in error.faults])
        raise
    since = part.elsewhere.list_since if part.elsewhere and not kept.ours else None
    if since and since != found.since:
        named = {"held": found.since, "said": since, **({"person": str(person)} if person else {})}
        refuse([Fault("differs-from-register", "register.elsewhere.list_since", named)])
    return found


def typed_entry(typed: TypedTerritory, *, application: UUID | None = None, today: date) -> list[TerritoryFact]:
    """The entry as it is recorded. Raises `Impossible`, naming its fields."""
    said = TerritoryVersion(name=typed.name, code=typed.code, kind=typed.kind, since=typed.since)
    try:
        return decisions.enter(UNLISTED, said, order=typed.order, source=DESK, application=application, today=today)
    except Impossible as error:
        refuse([replace(fault, field=f"register.territory.{fault.field}") for fault in error.faults])
        raise


def begun(typed: TypedTerritory | None, listing: Listing, *, application: UUID, today: date) -> dict[UUID, Any]:
    """The facts that enter a typed entry, by its stream; none of one that the register holds already."""
    if typed is None:
        return {}
    entry = entry_id(typed.code, typed.kind, typed.since)
    known = any(one.entry == entry for one in listing.entries)
    return {} if known else {entry: typed_entry(typed, application=application, today=today)}


def ended_elsewhere(person: Person, listing: Listing) -> list[tuple[OccupiedAddressNoted, str]]:
    """The addresses outside this community that somebody keeps by an entry that has ended, each with the day."""
    found = ((note, rest_of(note)) for note in notes_elsewhere(person))
    ends = ((note, listing.ended(rest)) for note, rest in found if rest)
    return [(note, until) for note, until in ends if until]


def rest_of(note: OccupiedAddressNoted) -> Rest | None:
    """What an address outside this community rests on; None of a note of earlier releases, which names no entry."""
    if note.territory is None:
        return None
    return Rest(entry=note.territory, since=note.list_since, code=note.katottg)


def told_of(ended: Sequence[tuple[OccupiedAddressNoted, str]]) -> list[Fault]:
    """What whoever acts next is told of such addresses first."""
    return [Fault("noted-address-ended", None, {"until": until}) for _, until in ended]

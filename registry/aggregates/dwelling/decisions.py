"""The decisions about dwellings: entering, renaming, correcting, and renumbering or merging with everybody inside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
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
    Owner,
    OwnersRecorded,
)
from registry.aggregates.dwelling.state import Dwelling, Name, address_on, in_community
from registry.aggregates.person.events import ResidenceCarriedOver
from registry.aggregates.person.state import Person
from registry.aggregates.person.timeline import Row, timeline
from registry.aggregates.values import (
    DateText,
    Fault,
    NotADate,
    confirm,
    days,
    first_day,
    is_real,
    last_day,
    refuse,
    sure,
)

KINDS = (
    "private",
    "state_or_communal",
    "dormitory_school",
    "dormitory_other",
    "social_institution",
    "orphan_institution",
    "military_unit",
    "family_type_home",
    "foster_family",
    "elsewhere",
    "abroad",
)
"""The kinds of `services_vocabulary.yaml`, a military unit (card 71-05), and the two that lie outside the community
(semantics 3)."""

ENCUMBRANCES = ("forbids_registration", "mortgage", "trust", "other")


def enter_dwelling(
    dwelling: Dwelling, *, address: Address, kind: str | None = None, ref: str | None = None
) -> list[DwellingFact]:
    faults = [Fault("already-entered")] if dwelling.entered else []
    faults += [] if kind is None or kind in KINDS else [Fault("kind-unknown", "kind")]
    if address == Address() and kind not in ("elsewhere", "abroad"):
        faults.append(Fault("address-missing", "address"))
    refuse(faults)
    return [DwellingEntered(address=address, kind=kind, ref=ref)]


def rename_address(
    dwelling: Dwelling, *, address: Address, since: DateText | None, basis: str | None = None, today: date
) -> list[DwellingFact]:
    """The same dwelling is called otherwise from a day on; nobody moves."""
    faults = [*_entered(dwelling), *_day_faults(since, today)]
    faults += [Fault("address-missing", "address")] if address == Address() else []
    refuse(faults)
    return [AddressRenamed(address=address, since=sure(since), basis=basis)]


def rename_by_decision(
    dwelling: Dwelling, *, parts: Mapping[str, str | None], since: DateText | None, basis: str, within: str, today: date
) -> list[DwellingFact]:
    """One of many dwellings whose addresses a decision changes in these parts (a settlement merged into another): as
    `rename_address`; nothing if it is called so on that day already. `within` is how the codes of the community begin:
    a dwelling that is outside from now on is no matter of a name."""
    refuse([*_entered(dwelling), *_day_faults(since, today)])
    day = first_day(sure(since))
    was = address_on(dwelling, day)
    now = replace(was, **parts)
    faults = [Fault("dwelling-renumbered", "dwelling")] if dwelling.succession else []
    faults += _renamed_later(dwelling.names, day)
    if in_community(dwelling.kind, was.katottg, within) and not in_community(dwelling.kind, now.katottg, within):
        faults.append(Fault("address-leaves-community", "katottg"))
    refuse(faults)
    return [] if now == was else rename_address(dwelling, address=now, since=since, basis=basis, today=today)


def annul_renames(dwelling: Dwelling, *, decision: str, basis: str | None = None) -> list[DwellingFact]:
    """The names that rest on a decision never were, for it is no more; nobody moves."""
    refuse(_entered(dwelling))
    ours = [one for one in dwelling.names if one.since and one.basis == decision]
    if ours:
        others = [one for one in dwelling.names if one not in ours]
        refuse(_renamed_later(others, min(first_day(sure(one.since)) for one in ours)))
    return [AddressRenameAnnulled(takes_back=one.fact, basis=basis) for one in ours]


def correct_dwelling(
    dwelling: Dwelling, *, address: Address, kind: str | None, reason: str | None
) -> list[DwellingFact]:
    """Its first address or its kind was recorded wrongly: the complete right version."""
    faults = [*_entered(dwelling), *([] if reason else [Fault("reason-missing", "reason")])]
    faults += [] if kind is None or kind in KINDS else [Fault("kind-unknown", "kind")]
    if dwelling.entered and (address, kind) == (dwelling.names[0].address, dwelling.kind):
        faults.append(Fault("nothing-changed", "address"))
    refuse(faults)
    return [DwellingCorrected(address=address, kind=kind, reason=sure(reason))]


def change_kind(
    dwelling: Dwelling, *, kind: str | None, basis: str | None, application: UUID | None = None
) -> list[DwellingFact]:
    """It has become of another kind, on a paper shown; what was recorded wrongly is corrected."""
    faults = [*_entered(dwelling), *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [] if kind in KINDS else [Fault("kind-unknown", "kind")]
    if dwelling.entered and kind == dwelling.kind:
        faults.append(Fault("nothing-changed", "kind"))
    refuse(faults)
    return [DwellingKindChanged(kind=sure(kind), basis=sure(basis), application=application)]


def record_owners(
    dwelling: Dwelling, *, owners: Sequence[Owner], since: DateText | None, basis: str | None, today: date
) -> list[DwellingFact]:
    """Who owns it from a day on, all of them; an empty list: nobody known."""
    refuse([*_entered(dwelling), *_term_faults(today, since=since)])
    return [OwnersRecorded(owners=tuple(owners), since=since, basis=basis)]


def record_encumbrance(
    dwelling: Dwelling,
    *,
    kind: str,
    number: str | None,
    since: DateText | None,
    until: DateText | None = None,
    holder: str | None = None,
    today: date,
) -> list[DwellingFact]:
    """An encumbrance of the property register, or, with `until`, its end."""
    faults = [*_entered(dwelling), *_term_faults(today, since=since, until=until)]
    faults += [] if kind in ENCUMBRANCES else [Fault("kind-unknown", "kind")]
    faults += [] if number else [Fault("number-missing", "number")]
    refuse(faults)
    return [EncumbranceRecorded(kind=kind, number=sure(number), since=since, until=until, holder=holder)]


def record_lease(
    dwelling: Dwelling,
    *,
    number: str | None,
    since: DateText | None,
    until: DateText | None = None,
    tenant: str | None = None,
    lessee: UUID | None = None,
    terminated_on: DateText | None = None,
    basis: str | None = None,
    application: UUID | None = None,
    of_residence: UUID | None = None,
    today: date,
) -> list[DwellingFact]:
    """A lease; without `until` it is open-ended. One of a person of the register (`lessee`) may have no number; the
    same again says how it now stands: prolonged, or terminated."""
    faults = [*_entered(dwelling), *_term_faults(today, since=since, until=until, terminated_on=terminated_on)]
    faults += [] if number or lessee else [Fault("number-missing", "number")]
    refuse(faults)
    fact = LeaseRecorded(
        number=number or "",
        since=since,
        until=until,
        tenant=tenant,
        lessee=lessee,
        terminated_on=terminated_on,
        basis=basis,
        application=application,
        of_residence=of_residence,
    )
    return [fact]


def readdress(
    old_id: UUID,
    old: Dwelling,
    new_id: UUID,
    new: Dwelling,
    *,
    residents: Mapping[UUID, Person],
    since: DateText | None,
    reason: str | None,
    ids: Iterator[UUID],
    today: date,
    confirmed: bool = False,
) -> dict[UUID, list[Any]]:
    """Renumbers or merges a dwelling into another: facts by stream, the dwelling's and a carry-over for each of
    `residents` (person id → state) whose current residence is there, and for every kept one (semantics 2)."""
    faults = [*_entered(old), *_entered(new), *_day_faults(since, today)]
    faults += [Fault("same-dwelling", "successor")] if old_id == new_id else []
    faults += [] if reason else [Fault("reason-missing", "reason")]
    refuse(faults)
    since, reason = sure(since), sure(reason)
    carried = [(person, row) for person, state in residents.items() for row in _rows_to_carry(state, old_id)]
    surprises = [
        Fault("dwelling-succeeded", "dwelling", {"dwelling": str(one.succession.successor)})
        for one in (old, new)
        if one.succession
    ]
    surprises += [
        Fault("carried-before-since", "since", {"person": str(person), "residence": str(row.residence)})
        for person, row in carried
        if row.since and row.since >= first_day(since)
    ]
    confirm(surprises, confirmed)
    facts: dict[UUID, list[Any]] = {old_id: [DwellingSucceeded(successor=new_id, since=since, reason=reason)]}
    for person, row in carried:
        fact = ResidenceCarriedOver(
            from_residence=row.residence,
            residence=next(ids),
            dwelling=new_id,
            since=since,
            succession=old.version + 1,
        )
        facts.setdefault(person, []).append(fact)
    return facts


def _rows_to_carry(person: Person, dwelling: UUID) -> list[Row]:
    rows = timeline(person)
    return [row for row in rows if row.dwelling == dwelling and row.state == "standing" and row.until is None]


def _renamed_later(names: Sequence[Name], day: date) -> list[Fault]:
    """A name of a later day says the whole address: what is changed before it would not reach today."""
    return [Fault("renamed-later", "since")] if any(one.since and first_day(one.since) > day for one in names) else []


def _entered(dwelling: Dwelling) -> list[Fault]:
    return [] if dwelling.entered else [Fault("dwelling-unknown", "dwelling")]


def _term_faults(
    today: date,
    *,
    since: DateText | None = None,
    until: DateText | None = None,
    terminated_on: DateText | None = None,
) -> list[Fault]:
    """Of dates that may be absent: each is one that was, and only a term may end after today."""
    said = (("since", since, today), ("until", until, date.max), ("terminated_on", terminated_on, today))
    faults = [fault for field, text, latest in said if text for fault in _day_faults(text, latest, field)]
    if faults or not since:
        return faults
    ends = (("until", until), ("terminated_on", terminated_on))
    return [Fault("ends-before-start", field) for field, text in ends if text and last_day(text) < first_day(since)]


def _day_faults(day: DateText | None, latest: date, field: str = "since") -> list[Fault]:
    if not day:
        return [Fault("since-missing", field)]
    try:
        if days(day)[0] > latest:
            return [Fault("date-in-future", field)]
        return [] if is_real(day) else [Fault("not-a-date", field)]
    except NotADate:
        return [Fault("not-a-date", field)]

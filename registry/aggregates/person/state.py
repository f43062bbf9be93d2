"""A person as the facts say: `evolve` folds one entry into the state.

It never refuses and never ignores: what the law thinks of a fact was decided before it was recorded, and an unknown
class of fact is an error of the program. A fact that names nothing this life holds is kept in `unmatched`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from registry.aggregates.facts import RESIDENCE_KINDS
from registry.aggregates.papers import Paper
from registry.aggregates.person.absence_events import (
    AbsenceProtected,
    AbsenceProtectionAnnulled,
    AbsenceProtectionCorrected,
    AbsenceProtectionEnded,
    AbsenceVersion,
)
from registry.aggregates.person.events import (
    CardRow,
    CarryOverAnnulled,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    Document,
    EntryWithdrawn,
    FamilyLinkAnnulled,
    FamilyLinkCorrected,
    FamilyLinkEnded,
    FamilyLinkEntered,
    FamilyLinkVersion,
    FormerIdentitySealed,
    OccupiedAddressNoted,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    PersonFact,
    ResidenceAnnulled,
    ResidenceCarriedOver,
    ResidenceCorrected,
    ResidenceDeclared,
    ResidenceDeregistered,
    ResidenceRegistered,
    SealAnnulled,
    StayRegistered,
)
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.protection_events import (
    AddressProtected,
    AddressProtectionAnnulled,
    AddressProtectionEnded,
)
from registry.aggregates.values import DateText, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """One residence as recorded; when it really ran is for the timeline to say.

    `rank` is the version of the fact that created it. `until` is its own end. `made_by` are the positions that say what
    it is and from when, `ended_by` those about its end. `annulled` with `blocks`: it still stands in the way of those
    below it (semantics 1.5, `revives` false). A `kept` one rests on the entry `territory` of the list.
    """

    id: UUID
    rank: int
    kind: str
    dwelling: UUID
    since: DateText | None
    recorded_on: date
    made_by: tuple[int, ...]
    until: DateText | None = None
    ended_by: tuple[int, ...] = ()
    deregistration: int | None = None
    past: bool = False
    kept: bool = False
    kept_until: DateText | None = None
    territory: UUID | None = None
    annulled: bool = False
    blocks: bool = False
    carried_from: UUID | None = None
    basis: str | None = None
    ground: str | None = None
    row: CardRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    registered_on: DateText
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedAbsence:
    """A mark of a protected absence: `says` None once it was annulled."""

    mark: UUID
    says: AbsenceVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedAddress:
    """A mark by which the person is hidden on its days, unless it was `annulled`."""

    mark: UUID
    basis: str
    since: DateText
    until: DateText | None
    annulled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLink:
    """Who somebody is to this person, as recorded: see `FamilyLinkEntered`. `facts` are the positions that say so."""

    id: UUID
    role: str
    relative: UUID | None
    relative_name: str | None
    since: DateText | None
    until: DateText | None
    paper: Paper | None
    facts: tuple[int, ...]
    annulled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedIdentity:
    """The former identity was sealed, by the fact of this version."""

    version: int
    successor: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedEntry:
    """Another entry is the same person, as the fact of this version `says`; `before` is what this one held."""

    version: int
    says: EntryMerged
    before: "Person"


NAMELESS = Particulars()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything that the register holds of one person. `version` is the last version of the stream."""

    version: int = 0
    entered: bool = False
    ref: str | None = None
    particulars: Particulars = NAMELESS
    former: tuple[Particulars, ...] = ()
    documents: tuple[Document, ...] = ()
    residences: tuple[Residence, ...] = ()
    death: Death | None = None
    occupied: tuple[OccupiedAddressNoted, ...] = ()
    absences: tuple[ProtectedAbsence, ...] = ()
    protections: tuple[ProtectedAddress, ...] = ()
    unmatched: tuple[int, ...] = ()
    links: tuple[FamilyLink, ...] = ()
    seal: SealedIdentity | None = None
    merged: MergedEntry | None = None


NOBODY = Person()

FIELDS = frozenset(field.name for field in fields(Particulars))
OF_LINK = tuple(field.name for field in fields(FamilyLinkVersion))


def fold(entries: Iterable[Entry], person: Person = NOBODY) -> Person:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        person = evolve(person, entry)
    return person


def evolve(person: Person, entry: Entry) -> Person:
    """The state after one more entry of this person's stream. Raises nothing but for an unknown class of fact."""
    fact: PersonFact = entry.fact
    person = replace(person, version=entry.version)
    match fact:
        case PersonEntered():
            return replace(
                NOBODY,
                version=entry.version,
                entered=True,
                ref=fact.ref,
                particulars=fact.particulars,
                documents=fact.documents,
                protections=person.protections,
            )
        case ResidenceDeclared() | ResidenceRegistered() | StayRegistered():
            return _with_residence(person, entry, kind=RESIDENCE_KINDS[fact.NAME], basis=fact.basis, row=fact.row)
        case PastResidenceEntered():
            return _with_residence(
                person,
                entry,
                kind=fact.kind,
                until=fact.until,
                ended_by=(entry.position,),
                past=True,
                basis=fact.basis,
                row=fact.row,
            )
        case ResidenceCarriedOver():
            return _carried_over(person, entry)
        case ResidenceDeregistered():
            changes = {"until": fact.until, "deregistration": entry.version, "ground": fact.ground}
            return _about_end(person, entry, fact.residence, **changes)
        case ResidenceCorrected():
            return _corrected(person, entry)
        case ResidenceAnnulled():
            person = _about(person, entry, fact.residence, annulled=True, blocks=not fact.revives)
            if fact.revived is None or fact.revived_until is None:
                return person
            return _about_end(person, entry, fact.revived, until=fact.revived_until)
        case DeregistrationAnnulled():
            return _deregistration_annulled(person, entry)
        case DeathAnnulled():
            if person.death is None or person.death.version != fact.takes_back:
                return _unmatched(person, entry)
            return replace(person, death=None)
        case CarryOverAnnulled():
            return _carry_over_annulled(person, entry)
        case OccupiedAddressNoted():
            person = replace(person, occupied=(*person.occupied, fact))
            if fact.residence is None:
                return person
            rests = {"kept": True, "kept_until": fact.list_until, "territory": fact.territory}
            return _about(person, entry, fact.residence, **rests)
        case ParticularsUpdated() | ParticularsCorrected():
            return _changed(person, entry)
        case Deceased():
            death = Death(registered_on=fact.registered_on, version=entry.version, position=entry.position)
            return _unmatched(person, entry) if person.death else replace(person, death=death)
        case EntryWithdrawn():
            # Whom it hides, it hides whatever becomes of the entry.
            return replace(NOBODY, version=entry.version, protections=person.protections)
        case EntryMerged():
            if not person.entered:
                return _unmatched(person, entry)
            merged = MergedEntry(version=entry.version, says=fact, before=person)
            return replace(NOBODY, version=entry.version, merged=merged)
        case MergeAnnulled():
            if person.merged is None or person.merged.version != fact.takes_back:
                return _unmatched(person, entry)
            return replace(person.merged.before, version=entry.version)
        case AbsenceProtected():
            said = AbsenceVersion(ground=fact.ground, since=fact.since, until=fact.until, paper=fact.paper)
            return replace(person, absences=(*person.absences, ProtectedAbsence(mark=fact.mark, says=said)))
        case AbsenceProtectionEnded() | AbsenceProtectionCorrected() | AbsenceProtectionAnnulled():
            return _about_absence(person, entry)
        case AddressProtected():
            made = ProtectedAddress(mark=fact.mark, basis=fact.basis, since=fact.since, until=fact.until)
            return replace(person, protections=(*person.protections, made))
        case AddressProtectionEnded():
            return _about_protection(person, entry, until=fact.until)
        case AddressProtectionAnnulled():
            return _about_protection(person, entry, annulled=True)
        case FamilyLinkEntered():
            return _with_link(person, entry)
        case FamilyLinkEnded():
            return _about_link(person, entry, until=fact.until)
        case FamilyLinkCorrected():
            return _about_link(person, entry, **{name: getattr(fact.now, name) for name in OF_LINK})
        case FamilyLinkAnnulled():
            return _about_link(person, entry, annulled=True)
        case FormerIdentitySealed():
            seal = SealedIdentity(version=entry.version, successor=fact.successor)
            return _unmatched(person, entry) if person.seal else replace(person, seal=seal)
        case SealAnnulled():
            if person.seal is None or person.seal.version != fact.takes_back:
                return _unmatched(person, entry)
            return replace(person, seal=None)
        case _:
            assert_never(fact)


def with_shown(held: Sequence[Document], shown: Sequence[Document]) -> tuple[Document, ...]:
    """The documents that are held once some were shown: each in place of those of its kind."""
    kinds = {paper.kind for paper in shown}
    return (*(paper for paper in held if paper.kind not in kinds), *shown)


def find(person: Person, residence: UUID) -> Residence | None:
    """The residence with this id in the person's present entry, or None."""
    return next((one for one in person.residences if one.id == residence), None)


def notes_elsewhere(person: Person) -> list[OccupiedAddressNoted]:
    """The addresses outside this community that somebody keeps by an entry of the list, as noted last."""
    last = {(one.address, one.katottg): one for one in person.occupied if one.residence is None}
    return [one for one in last.values() if one.territory and one.list_until is None]


def _with_residence(person: Person, entry: Entry, **details: Any) -> Person:
    fact = entry.fact
    residence = Residence(
        id=fact.residence,
        rank=entry.version,
        dwelling=fact.dwelling,
        since=fact.since,
        recorded_on=entry.recorded_on,
        made_by=(entry.position,),
        **details,
    )
    return replace(person, residences=(*person.residences, residence))


def _carried_over(person: Person, entry: Entry) -> Person:
    """Kind, basis and `kept` are inherited, as they stand when it is recorded (semantics 2)."""
    left = find(person, entry.fact.from_residence)
    if left is None:
        return _unmatched(
            _with_residence(person, entry, kind="registered", carried_from=entry.fact.from_residence), entry
        )
    return _with_residence(
        person,
        entry,
        kind=left.kind,
        basis=left.basis,
        kept=left.kept,
        kept_until=left.kept_until,
        territory=left.territory,
        carried_from=left.id,
    )


def _corrected(person: Person, entry: Entry) -> Person:
    now = entry.fact.now
    before = find(person, entry.fact.residence)
    details = {"kind": now.kind, "dwelling": now.dwelling, "since": now.since, "until": now.until}
    if now.until is None:
        details["deregistration"] = None
    if before is not None and now.until != before.until:
        details["ended_by"] = (*before.ended_by, entry.position)
    return _about(person, entry, entry.fact.residence, recorded_on=entry.recorded_on, **details)


def _deregistration_annulled(person: Person, entry: Entry) -> Person:
    fact = entry.fact
    residence = find(person, fact.residence)
    if residence is None or residence.deregistration != fact.takes_back:
        return _unmatched(person, entry)
    return _about_end(person, entry, residence.id, until=None, deregistration=None, ground=None)


def _carry_over_annulled(person: Person, entry: Entry) -> Person:
    carried = next((one for one in person.residences if one.rank == entry.fact.takes_back and one.carried_from), None)
    if carried is None:
        return _unmatched(person, entry)
    return _about(person, entry, carried.id, annulled=True, blocks=False)


def _changed(person: Person, entry: Entry) -> Person:
    fact = entry.fact
    known = {change.field: change.now for change in fact.changes if change.field in FIELDS}
    if len(known) < len(fact.changes):
        person = _unmatched(person, entry)
    particulars = replace(person.particulars, **known)
    documents = person.documents if fact.documents is None else fact.documents
    former = person.former if particulars == person.particulars else (*person.former, person.particulars)
    return replace(person, particulars=particulars, documents=documents, former=former)


def _about(person: Person, entry: Entry, residence: UUID, **changes: Any) -> Person:
    before = find(person, residence)
    if before is None:
        return _unmatched(person, entry)
    after = replace(before, made_by=(*before.made_by, entry.position), **changes)
    return replace(person, residences=tuple(after if one is before else one for one in person.residences))


def _about_end(person: Person, entry: Entry, residence: UUID, **changes: Any) -> Person:
    before = find(person, residence)
    if before is None:
        return _unmatched(person, entry)
    after = replace(before, ended_by=(*before.ended_by, entry.position), **changes)
    return replace(person, residences=tuple(after if one is before else one for one in person.residences))


def _about_absence(person: Person, entry: Entry) -> Person:
    fact = entry.fact
    before = next((one for one in person.absences if one.mark == fact.mark and one.says), None)
    if before is None or before.says is None:
        return _unmatched(person, entry)
    now = getattr(fact, "now", None)
    if isinstance(fact, AbsenceProtectionEnded):
        now = replace(before.says, until=fact.until)
    after = replace(before, says=now)
    return replace(person, absences=tuple(after if one is before else one for one in person.absences))


def _about_protection(person: Person, entry: Entry, **changes: Any) -> Person:
    mark = entry.fact.mark
    before = next((one for one in person.protections if one.mark == mark and not one.annulled), None)
    if before is None:
        return _unmatched(person, entry)
    after = replace(before, **changes)
    return replace(person, protections=tuple(after if one is before else one for one in person.protections))


def find_link(person: Person, link: UUID) -> FamilyLink | None:
    """The family link with this id in the person's present entry, or None."""
    return next((one for one in person.links if one.id == link), None)


def _with_link(person: Person, entry: Entry) -> Person:
    fact = entry.fact
    if not person.entered or find_link(person, fact.link):
        return _unmatched(person, entry)
    said = {name: getattr(fact, name) for name in OF_LINK}
    link = FamilyLink(id=fact.link, paper=fact.paper, facts=(entry.position,), **said)
    return replace(person, links=(*person.links, link))


def _about_link(person: Person, entry: Entry, **changes: Any) -> Person:
    before = find_link(person, entry.fact.link)
    if before is None:
        return _unmatched(person, entry)
    after = replace(before, facts=(*before.facts, entry.position), **changes)
    return replace(person, links=tuple(after if one is before else one for one in person.links))


def _unmatched(person: Person, entry: Entry) -> Person:
    return replace(person, unmatched=(*person.unmatched, entry.version))

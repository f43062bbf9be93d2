"""The decisions about one person who was entered twice (semantics 1.9): the entry that goes is merged into the one that
stays, or is taken out of it again.

Nothing is lost in silence: what the entry that goes holds is entered on the other in the same act, refused, or asked
about. Each returns the facts by stream, those of the entry that goes first.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from registry.aggregates.dwelling.state import NOWHERE, Dwelling
from registry.aggregates.person.absence_events import AbsenceProtected, AbsenceProtectionAnnulled
from registry.aggregates.person.checks import kept_faults, left_dayless, not_entered, supposing
from registry.aggregates.person.decisions import SETTLED, annul_residence, enter_past_residence
from registry.aggregates.person.events import (
    FamilyLinkAnnulled,
    FamilyLinkCorrected,
    FamilyLinkEntered,
    FamilyLinkVersion,
    PastResidenceEntered,
    PersonFact,
)
from registry.aggregates.person.links import version_of
from registry.aggregates.person.merge_events import EntryMerged, KeptResidence, MergeAnnulled, Relinked
from registry.aggregates.person.protection_events import AddressProtected, AddressProtectionAnnulled
from registry.aggregates.person.protections import in_force
from registry.aggregates.person.state import (
    NOBODY,
    FamilyLink,
    Person,
    ProtectedAddress,
    Residence,
    find,
    find_link,
    notes_elsewhere,
)
from registry.aggregates.person.timeline import Row, standing, timeline
from registry.aggregates.values import (
    BEFORE_ALL,
    DateText,
    Fault,
    Impossible,
    confirm,
    last_day,
    refuse,
    sure,
)

Facts = dict[UUID, list[PersonFact]]
People = Mapping[UUID, Person]
NUMBERS = ("unzr", "rnokpp")
_WRITTEN = {"day": 10, "month": 7, "year": 4, "none": 0}
"""How much of a day a date as written says, by how exactly it is known."""


def merge_entries(
    people: People,
    *,
    loser: UUID,
    into: UUID,
    keep: Collection[UUID],
    reason: str | None,
    homes: Mapping[UUID, Dwelling],
    ids: Iterator[UUID],
    today: date,
    confirmed: bool = False,
) -> Facts:
    """The entry `loser` is the person of `into`. `people` holds both and everybody whose family link names the loser;
    `keep` are the residences of the loser that are entered on the other, `homes` their dwellings."""
    lost, stays = people.get(loser, NOBODY), people.get(into, NOBODY)
    rows = [row for row in standing(timeline(lost)) if not row.kept]
    refuse(_merge_faults(people, loser, into, reason))
    refuse([fault for one in keep for fault in _keep_faults(lost, rows, one, loser)])
    kept = [row for row in rows if row.residence in keep]
    pairs, moved, after = _residences(kept, lost, stays, into, homes, ids, today)
    links = [_entered(link, next(ids)) for link in _links_to_keep(lost, stays)]
    marks = [
        AbsenceProtected(
            mark=next(ids), ground=one.says.ground, since=one.says.since, until=one.says.until, paper=one.says.paper
        )
        for one in lost.absences
        if one.says and one.says not in [other.says for other in stays.absences]
    ]
    hides = [
        AddressProtected(mark=next(ids), basis=one.basis, since=one.since, until=one.until)
        for one in in_force(lost)
        if _hides(one) not in map(_hides, in_force(stays))
    ]
    asked = [
        *_about(into, left_dayless(stays, moved, today)),
        *_dayless(pairs, after, into),
        *(_named("residence-not-kept", loser, row.residence) for row in rows if row.residence not in keep),
        *_numbers_lost(lost, stays, loser),
    ]
    confirm(asked, confirmed)
    others = {id: person for id, person in people.items() if id not in (loser, into)}
    relinked, facts_of_others = _relinked(others, loser, into, sure(reason))
    fact = EntryMerged(
        survivor=into,
        reason=sure(reason),
        residences=tuple(pairs) or None,
        links=tuple(one.link for one in links) or None,
        marks=(*(one.mark for one in marks), *(one.mark for one in hides)) or None,
        relinked=relinked or None,
    )
    return {loser: [fact], into: [*links, *marks, *hides, *moved], **facts_of_others}


def annul_merge(people: People, *, loser: UUID, as_merged: Person, basis: str | None, today: date) -> Facts:
    """The two are two people after all. `people` holds both and everybody whose link was changed; `as_merged` is the
    survivor as the merge left them. What the act entered on the survivor is annulled; where a later act rests on it,
    that one is taken back first."""
    lost = people.get(loser, NOBODY)
    faults = [] if basis else [Fault("basis-missing", "basis")]
    refuse([*faults, *([] if lost.merged else [Fault("not-merged", "person")])])
    merged, basis = sure(lost.merged), sure(basis)
    into = merged.says.survivor
    stays = people.get(into, NOBODY)
    refuse([Fault("survivor-merged", "person", {"person": str(into)})] if stays.merged else [])
    refuse(_built_upon(merged.says, stays, as_merged, into))
    facts: list[PersonFact] = []
    for one in reversed(merged.says.residences or ()):
        found = find(stays, one.residence)
        if found and not found.annulled:
            made = annul_residence(stays, residence=found.id, basis=basis, revives=True, today=today, confirmed=True)
            facts, stays = [*facts, *made], supposing(stays, made, today)
    links = (link for id in merged.says.links or () if (link := find_link(stays, id)))
    facts += [FamilyLinkAnnulled(link=link.id, basis=basis) for link in links if not link.annulled]
    marks = {one.mark for one in stays.absences if one.says}
    facts += [AbsenceProtectionAnnulled(mark=id, basis=basis) for id in merged.says.marks or () if id in marks]
    hides = {one.mark for one in in_force(stays)}
    facts += [AddressProtectionAnnulled(mark=id, basis=basis) for id in merged.says.marks or () if id in hides]
    back: Facts = {}
    for other in merged.says.relinked or ():
        link = find_link(people.get(other.person, NOBODY), other.link)
        if link and link.relative == into and not link.annulled:
            back.setdefault(other.person, []).append(_renamed(link, loser, basis))
    return {loser: [MergeAnnulled(takes_back=merged.version, basis=basis)], into: facts, **back}


def _merge_faults(people: People, loser: UUID, into: UUID, reason: str | None) -> list[Fault]:
    """What no merge can be: of whom there is no entry, with oneself, of a former identity, of relatives, of the dead
    with the living, of somebody who keeps an address by the list."""
    lost, stays = people.get(loser, NOBODY), people.get(into, NOBODY)
    faults = [*not_entered(lost), *([] if reason else [Fault("reason-missing", "reason")])]
    faults += [] if stays.entered else [Fault("person-unknown", "into")]
    if loser == into:
        return [*faults, Fault("merge-itself", "into")]
    faults += [Fault("merge-sealed", "into")] if lost.seal or stays.seal else []
    related = {link.relative for link in lost.links if not link.annulled}
    if into in related or loser in {link.relative for link in stays.links if not link.annulled}:
        faults.append(Fault("merge-relatives", "into"))
    if lost.death and (stays.death is None or stays.death.registered_on != lost.death.registered_on):
        faults.append(Fault("merge-loses-death", "into", {"registered_on": lost.death.registered_on}))
    if notes_elsewhere(lost) or any(row.kept and row.until is None for row in standing(timeline(lost))):
        faults.append(Fault("merge-loses-kept", "into"))
    return [*faults, *(replace(one, named={**one.named, "person": str(into)}) for one in kept_faults(stays))]


def _keep_faults(lost: Person, rows: Collection[Row], residence: UUID, loser: UUID) -> list[Fault]:
    if find(lost, residence) is None:
        return [Fault("residence-unknown", "keep")]
    if residence not in {row.residence for row in rows}:
        return [Fault("residence-not-standing", "keep", {"person": str(loser), "residence": str(residence)})]
    return []


def _residences(
    rows: Collection[Row],
    lost: Person,
    stays: Person,
    into: UUID,
    homes: Mapping[UUID, Dwelling],
    ids: Iterator[UUID],
    today: date,
) -> tuple[list[KeptResidence], list[PersonFact], Person]:
    """The residences that are kept, as facts of who stays, and that person after them: the current one first, which is
    recorded as it was. One that who stays has moved on from, or did not outlive, is a past one. Raises `Impossible`."""
    pairs, facts, faults, person = list[KeptResidence](), list[PersonFact](), list[Fault](), stays
    for row in sorted(rows, key=lambda row: (row.until is not None, row.since or BEFORE_ALL)):
        found, until = sure(find(lost, row.residence)), row.until or _moved_on(stays, row)
        since, id = _as_written(row.since, row.since_known), next(ids)
        try:
            made = (
                _past(person, found, row, since, until, homes, id, today)
                if until
                else [_settled(found, row, since, id)]
            )
        except Impossible as error:
            faults += _about(into, error.faults)
            continue
        facts, person = [*facts, *made], supposing(person, made, today)
        pairs.append(KeptResidence(was=found.id, residence=id))
    refuse(faults)
    return pairs, facts, person


def _settled(found: Residence, row: Row, since: DateText | None, id: UUID) -> PersonFact:
    return SETTLED[row.kind](residence=id, dwelling=row.dwelling, since=since, basis=found.basis, row=found.row)


def _past(
    person: Person,
    found: Residence,
    row: Row,
    since: DateText | None,
    until: date,
    homes: Mapping[UUID, Dwelling],
    id: UUID,
    today: date,
) -> list[PersonFact]:
    """Its end no more exactly than it is known."""
    ends = _as_written(until, row.until_known) if row.until else until.isoformat()
    (fact,) = enter_past_residence(
        person,
        kind=row.kind,
        residence=id,
        dwelling=row.dwelling,
        home=homes.get(row.dwelling, NOWHERE),
        since=since,
        until=ends,
        basis=found.basis,
        today=today,
        confirmed=True,
    )
    return [replace(fact, row=found.row)] if isinstance(fact, PastResidenceEntered) else [fact]


def _moved_on(stays: Person, row: Row) -> date | None:
    """The day on which who stays began to live elsewhere, or died, after a current residence had begun: its end."""
    begun = row.since or BEFORE_ALL
    later = [one.since for one in standing(timeline(stays)) if not one.kept and one.since and one.since > begun]
    died = [last_day(stays.death.registered_on)] if stays.death else []
    return min([*later, *died], default=None)


def _as_written(day: date | None, exactly: str) -> DateText | None:
    return day.isoformat()[: _WRITTEN[exactly]] or None if day else None


def _dayless(pairs: Collection[KeptResidence], after: Person, into: UUID) -> list[Fault]:
    """The residences that would be entered and hold on no day."""
    there = {row.residence for row in standing(timeline(after))}
    return [_named("kept-without-a-day", into, one.residence) for one in pairs if one.residence not in there]


def _links_to_keep(lost: Person, stays: Person) -> list[FamilyLink]:
    """The family links of who goes that who stays has not."""
    there = [version_of(link) for link in stays.links if not link.annulled]
    return [link for link in lost.links if not link.annulled and version_of(link) not in there]


def _entered(link: FamilyLink, id: UUID) -> FamilyLinkEntered:
    said = version_of(link)
    return FamilyLinkEntered(
        link=id,
        role=said.role,
        relative=said.relative,
        relative_name=said.relative_name,
        since=said.since,
        until=said.until,
        paper=link.paper,
    )


def _numbers_lost(lost: Person, stays: Person, loser: UUID) -> list[Fault]:
    """The numbers and papers of who goes that who stays does not have, to be entered on the latter if they are good."""
    asked = [
        Fault("number-not-kept", name, {"person": str(loser)})
        for name in NUMBERS
        if getattr(lost.particulars, name) not in (None, getattr(stays.particulars, name))
    ]
    more = set(lost.documents) - set(stays.documents)
    return [*asked, *([Fault("number-not-kept", "documents", {"person": str(loser)})] if more else [])]


def _relinked(others: People, loser: UUID, into: UUID, reason: str) -> tuple[tuple[Relinked, ...], Facts]:
    """The links of others that named who goes name who stays from here on."""
    theirs = [
        (id, link)
        for id, person in others.items()
        for link in person.links
        if link.relative == loser and not link.annulled
    ]
    facts: Facts = {}
    for id, link in theirs:
        facts.setdefault(id, []).append(_renamed(link, into, reason))
    return tuple(Relinked(person=id, link=link.id) for id, link in theirs), facts


def _renamed(link: FamilyLink, relative: UUID, reason: str) -> FamilyLinkCorrected:
    was: FamilyLinkVersion = version_of(link)
    return FamilyLinkCorrected(link=link.id, was=was, now=replace(was, relative=relative), reason=reason)


def _built_upon(said: EntryMerged, now: Person, then: Person, into: UUID) -> list[Fault]:
    """What later acts did to what the merge had entered."""
    carried = {one.carried_from for one in now.residences if not one.annulled}
    moved = {one.residence for one in said.residences or ()}
    faults = [
        _named("merge-built-upon", into, one.id)
        for one in now.residences
        if one.id in moved and not one.annulled and (one.id in carried or _content(one) != _content(find(then, one.id)))
    ]
    links = [link for link in now.links if link.id in (said.links or ()) and not link.annulled]
    changed = [link for link in links if version_of(link) != version_of(find_link(then, link.id) or link)]
    marked = {one.mark: one.says for one in then.absences}
    marks = [one for one in now.absences if one.says and marked.get(one.mark, one.says) != one.says]
    changed_too = {one.mark for one in marks}
    hid = {one.mark: _hides(one) for one in in_force(then)}
    changed_too |= {one.mark for one in in_force(now) if hid.get(one.mark, _hides(one)) != _hides(one)}
    changed_too &= set(said.marks or ())
    return [*faults, *([Fault("merge-built-upon", "person", {"person": str(into)})] if changed or changed_too else [])]


def _hides(one: ProtectedAddress) -> tuple[str, DateText, DateText | None]:
    return one.basis, one.since, one.until


def _content(one: Residence | None) -> tuple[object, ...] | None:
    return (one.kind, one.dwelling, one.since, one.until, one.kept) if one else None


def _named(code: str, person: UUID, residence: UUID) -> Fault:
    return Fault(code, None, {"person": str(person), "residence": str(residence)})


def _about(person: UUID, faults: Collection[Fault]) -> list[Fault]:
    return [replace(fault, named={**fault.named, "person": str(person)}) for fault in faults]

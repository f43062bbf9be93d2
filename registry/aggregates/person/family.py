"""The decisions about a family: who is whose parent, guardian or adopter.

The facts stand on the stream of the child or the ward. A family is no residence: nothing here moves anybody. Faults as
everywhere: `Impossible` lists all.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.papers import Paper
from registry.aggregates.person.checks import (
    birth_faults,
    date_faults,
    impossible_period,
    not_alive,
    not_entered,
)
from registry.aggregates.person.events import (
    FamilyLinkAnnulled,
    FamilyLinkCorrected,
    FamilyLinkEnded,
    FamilyLinkEntered,
    FamilyLinkVersion,
    PersonFact,
)
from registry.aggregates.person.links import BY_BIRTH, ROLES, same_relative, version_of
from registry.aggregates.person.state import NOBODY, OF_LINK, FamilyLink, Person, find_link
from registry.aggregates.values import (
    AFTER_ALL,
    BEFORE_ALL,
    DateText,
    Fault,
    NotADate,
    first_day,
    last_day,
    refuse,
    sure,
)

People = Mapping[UUID, Person]


def enter_link(
    person: Person,
    *,
    id: UUID,
    link: UUID,
    said: FamilyLinkVersion,
    people: People,
    paper: Paper | None = None,
    basis: str | None = None,
    application: UUID | None = None,
    today: date,
) -> list[PersonFact]:
    """Who somebody is to the person of stream `id`; `people` holds the relative and whose child they are in turn."""
    refuse([*not_alive(person), *_faults(person, id, said, people, today)])
    return [
        FamilyLinkEntered(
            link=link,
            **{name: getattr(said, name) for name in OF_LINK},
            paper=paper,
            basis=basis,
            application=application,
        )
    ]


def end_link(person: Person, *, link: UUID, until: DateText | None, basis: str | None, today: date) -> list[PersonFact]:
    """It was so until a day; one that has ended is corrected."""
    faults, found = _named(person, link)
    faults = [*not_alive(person), *faults, *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [Fault("link-ended", "link", {"until": found.until})] if found and found.until else []
    faults += [] if until else [Fault("until-missing", "until")]
    faults += date_faults("until", until, today)
    if found and until and not faults:
        faults += impossible_period(None, found.since, until) or birth_faults(person, None, until)
    refuse(faults)
    return [FamilyLinkEnded(link=link, until=sure(until), basis=basis)]


def correct_link(
    person: Person,
    *,
    id: UUID,
    link: UUID,
    now: FamilyLinkVersion,
    people: People,
    reason: str | None,
    today: date,
) -> list[PersonFact]:
    """What was recorded wrongly, and how it is: the complete new version; possible after a death too."""
    faults, found = _named(person, link)
    faults += [] if reason else [Fault("reason-missing", "reason")]
    faults += _faults(person, id, now, people, today, but=link) if person.entered else []
    if found and version_of(found) == now:
        faults.append(Fault("nothing-changed", "link"))
    refuse(faults)
    return [FamilyLinkCorrected(link=link, was=version_of(sure(found)), now=now, reason=sure(reason))]


def annul_link(person: Person, *, link: UUID, basis: str | None) -> list[PersonFact]:
    """It never was; possible after a death too."""
    faults, _ = _named(person, link)
    refuse([*faults, *([] if basis else [Fault("basis-missing", "basis")])])
    return [FamilyLinkAnnulled(link=link, basis=sure(basis))]


def _faults(
    person: Person, id: UUID, said: FamilyLinkVersion, people: People, today: date, but: UUID | None = None
) -> list[Fault]:
    faults = [] if said.role in ROLES else [Fault("role-unknown", "role")]
    if (said.relative is None) == (said.relative_name is None):
        faults.append(Fault("relative-missing", "relative"))
    faults += [*date_faults("since", said.since, today), *date_faults("until", said.until, today)]
    if not faults:
        faults += impossible_period(None, said.since, said.until) or birth_faults(person, said.since, said.until)
    if said.relative == id:
        return [*faults, Fault("relative-themselves", "relative")]
    faults += _relative_faults(person, id, said, people) if said.relative else []
    if not faults and any(_at_once(one, said) for one in person.links if one.id != but):
        faults.append(Fault("link-twice", "relative"))
    return faults


def _relative_faults(person: Person, id: UUID, said: FamilyLinkVersion, people: People) -> list[Fault]:
    relative = people.get(sure(said.relative), NOBODY)
    if not relative.entered:
        return [Fault("relative-unknown", "relative")]
    if said.role not in BY_BIRTH:
        return []
    if _certainly_younger(relative, person):
        return [Fault("parent-younger", "relative")]
    return [Fault("link-cyclic", "relative")] if _descends(sure(said.relative), id, people) else []


def _certainly_younger(parent: Person, child: Person) -> bool:
    """Whether no completion of the birth dates lets the parent be older."""
    born = (parent.particulars.birth_date, child.particulars.birth_date)
    try:
        return bool(born[0] and born[1]) and first_day(sure(born[0])) >= last_day(sure(born[1]))
    except NotADate:
        return False


def _descends(who: UUID, of: UUID, people: People) -> bool:
    """Whether somebody is a child, or a child's child, of another."""
    seen: set[UUID] = set()
    above = {who}
    while above:
        seen |= above
        links = [one for id in above for one in people.get(id, NOBODY).links]
        above = {one.relative for one in links if one.relative and one.role in BY_BIRTH and not one.annulled} - seen
    return of in seen


def _at_once(one: FamilyLink, said: FamilyLinkVersion) -> bool:
    """Whether the same is said of a day twice, whatever the unknown parts of the dates are."""
    if one.annulled or not same_relative(one, said):
        return False
    sinces = (last_day(since) if since else BEFORE_ALL for since in (one.since, said.since))
    untils = (first_day(until) if until else AFTER_ALL for until in (one.until, said.until))
    return max(sinces) < min(untils)


def _named(person: Person, link: UUID) -> tuple[list[Fault], FamilyLink | None]:
    found = find_link(person, link)
    if not person.entered:
        return not_entered(person), None
    if found is None:
        return [Fault("link-unknown", "link")], None
    return ([Fault("link-annulled", "link")] if found.annulled else []), found


def with_changes(found: FamilyLink | None, changes: Mapping[str, Any]) -> FamilyLinkVersion:
    """The complete new version of a link, of which only what differs is said; what is wrong with an unknown link, the
    decision says."""
    was = {name: getattr(found, name) for name in OF_LINK} if found else {"role": ""}
    said = {**was, **changes}
    if "relative" in changes and "relative_name" not in changes:
        said["relative_name"] = None
    if "relative_name" in changes and "relative" not in changes:
        said["relative"] = None
    return FamilyLinkVersion(**said)

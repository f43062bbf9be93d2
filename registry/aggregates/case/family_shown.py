"""The family that the papers of a part show: what a granted part records of whose child or ward somebody is.

A link rests on a paper that the card lists, or on a consent that was signed (cards 1, 3, 4, 5, row 9). A parent who
files and shows the certificate of birth is recorded as one without being told of; whoever says nothing loses nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from registry.aggregates.case.events import Concerned, Part, ShownLink
from registry.aggregates.case.kin import Filing
from registry.aggregates.person import family
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.events import FamilyLinkVersion, PersonFact
from registry.aggregates.person.links import BY_BIRTH, links_on, same_relative
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.values import Fault, Impossible, refuse

OF_BIRTH = ("birth_certificate", "foreign_birth_document")
"""The documents of the cards that name the parents of a child (cards 3, 4, 5, row 9)."""
_ITS_OWN_PAPER = ("diia", "emaliatko", "notice")
"""Where the declaration, signed by whoever files, or the notice of the civil registry is the paper itself."""
People = Mapping[UUID, Person]


def shown(one: Concerned, filing: Filing, person: Person, people: People, ids: Iterator[UUID], today: date) -> Person:
    """The person as the family that the papers show leaves them, whether or not the papers were shown yet. Raises
    `Impossible`."""
    return supposing(person, recorded(one, filing, person, people, ids, today, papers=False), today)


def recorded(
    one: Concerned,
    filing: Filing,
    person: Person,
    people: People,
    ids: Iterator[UUID],
    today: date,
    *,
    papers: bool = True,
) -> list[PersonFact]:
    """The links that a part records: those that its papers show, then the parent who files by a birth certificate,
    unless they stand already. Raises `Impossible` for a link that is none and, of `papers`, for one that rests on none
    that was shown; never for what nobody said."""
    made: list[PersonFact] = []
    faults: list[Fault] = []
    for number, said in enumerate(one.family or ()):
        try:
            refuse(_paper_faults(said, filing.part) if papers else [])
            facts = _shown(one, said, filing, person, people, ids, today)
        except Impossible as error:
            faults += [Fault(fault.code, _place(number, fault), fault.named) for fault in error.faults]
            continue
        made, person = [*made, *facts], supposing(person, facts, today)
    refuse(faults)
    try:
        return [*made, *_by_certificate(one, filing, person, people, ids, today)]
    except Impossible:
        return made


def _shown(
    one: Concerned,
    said: ShownLink,
    filing: Filing,
    person: Person,
    people: People,
    ids: Iterator[UUID],
    today: date,
) -> list[PersonFact]:
    """The link that a paper shows. Nothing where it stands already, or where the relative was to be entered at the same
    visit and was not."""
    version = FamilyLinkVersion(
        role=said.role,
        relative=said.relative,
        relative_name=said.relative_name,
        since=said.since,
        until=said.until,
    )
    if said.of_part and not (said.relative and people.get(said.relative, NOBODY).entered):
        return []
    if any(same_relative(link, version) for link in links_on(person, today)) and not said.until:
        return []
    return _enter(one, version, said.paper, filing, person, people, ids, today)


def _by_certificate(
    one: Concerned, filing: Filing, person: Person, people: People, ids: Iterator[UUID], today: date
) -> list[PersonFact]:
    """The parent who files and has shown the certificate of birth."""
    paper = next((id for id in OF_BIRTH if id in filing.part.asked.get("documents", ())), None)
    who = filing.by_parent
    if who is None or paper is None or not people.get(who, NOBODY).entered:
        return []
    if any(link.relative == who and link.role in BY_BIRTH and not link.annulled for link in person.links):
        return []
    version = FamilyLinkVersion(role="parent", relative=who)
    return _enter(one, version, paper, filing, person, people, ids, today)


def _enter(
    one: Concerned,
    version: FamilyLinkVersion,
    paper: str | None,
    filing: Filing,
    person: Person,
    people: People,
    ids: Iterator[UUID],
    today: date,
) -> list[PersonFact]:
    details = (found for found in filing.part.papers or () if found.id == paper)
    return family.enter_link(
        person,
        id=one.person,
        link=next(ids),
        said=version,
        people=people,
        paper=next(details, None),
        basis=paper or filing.part.asked.get("service"),
        application=filing.application,
        today=today,
    )


def _paper_faults(said: ShownLink, part: Part) -> list[Fault]:
    """A link rests on a paper of the part: a document that its card lists, or a consent that was signed."""
    papers = {*part.asked.get("documents", ()), *part.asked.get("consents", ())}
    if said.paper is None:
        return [] if part.asked.get("channel") in _ITS_OWN_PAPER else [Fault("link-paper-missing", "paper")]
    return [] if said.paper in papers else [Fault("link-paper-unshown", "paper")]


def _place(number: int, fault: Fault) -> str:
    return f"register.persons.family.{number}" + (f".{fault.field}" if fault.field else "")

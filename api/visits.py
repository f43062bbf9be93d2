"""Whom and what an application names: ids and marks of a request → what the register knows, all faults at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from api.case_forms import Corrected, LeftElsewhere, NewApplication, PersonConcerned
from api.family_forms import FamilyShown
from api.forms import documents
from api.paper_forms import PaperShown
from api.papers_shown import as_asked, papers_shown
from api.shapes.names import UNKNOWN
from registry import questions, texts
from registry.aggregates.case.events import Changed, Concerned, Elsewhere, Part, ShownLink
from registry.aggregates.case.wanted_details import numbered
from registry.aggregates.papers import Paper
from registry.aggregates.person.checks import date_faults, document_faults
from registry.aggregates.person.events import Document, Particulars, ResidenceVersion
from registry.aggregates.person.state import find
from registry.aggregates.values import Fault, refuse
from registry.app import Registry
from registry.cases.as_of import AsOf
from registry.cases.intake import Visit
from registry.services.headers import SERVICES, Service
from registry.viewer import Viewer, insist


def visit_of(
    body: NewApplication, held: AsOf, position: int, received: str, stored: Sequence[Part] = (), *, seen_by: Viewer
) -> Visit:
    """A visit, as `Cases` take it in. `held` is the register at the position at which names are read; `stored` are the
    parts of a request that is repeated: who was new then has an id already. Raises `Impossible`, or `Hidden`."""
    naming = _Naming(held, position, seen_by)
    ids = iter(one.person for part in stored for one in part.concerned)
    facts = {**body.facts(), "received": received}
    of_visit = {"received": received, "channel": body.channel}
    parts = [_part(naming, body.to_record, facts, "", ids, body.papers)]
    for number, child in enumerate(body.children):
        facts = {**child.facts(), **of_visit}
        parts.append(_part(naming, child.to_record, facts, f"children.{number}.", ids, child.papers))
    parts = [_with_relatives(naming, part, parts) for part in parts]
    asked = (body, *body.children)
    nameless = any(_asks_unnamed(one, asked[:number]) for number, one in enumerate(asked))
    if nameless and not (body.applicant_name or body.notice):
        naming.faults.append(Fault("applicant-missing", "applicant_name"))
    refuse(naming.faults)
    return Visit(
        parts=parts,
        answers=body.answers(),
        office=body.office,
        applicant=body.applicant_name,
        phone=body.phone,
        notice=body.notice_sent(),
        transcribed=body.transcribed,
        paper=body.written_first(),
        reason=body.reason,
    )


def without_new_ids(visit: Visit, body: NewApplication) -> Visit:
    """What was asked for: without the ids that were drawn for people whom the register did not hold and for papers."""
    parts = [
        replace(
            part,
            concerned=tuple(map(_without_new_id, part.concerned)),
            papers=as_asked(part.papers, said.papers, UNKNOWN) or None,
        )
        for part, said in zip(visit.parts, (body, *body.children), strict=True)
    ]
    return replace(visit, parts=parts)


def brought_papers(
    rows: Sequence[PaperShown], asked: dict[str, Any], part: Part, held: AsOf, position: int, *, seen_by: Viewer
) -> tuple[Paper, ...] | None:
    """The papers that come later for a part, whose facts are `asked` with what comes, on the day on which it does.
    Raises `Impossible`, or `Hidden`."""
    naming = _Naming(held, position, seen_by)
    found = papers_shown(naming, rows, asked, [one.person for one in part.concerned], "papers")
    refuse(naming.faults)
    return found


def papers_alone(
    rows: Sequence[PaperShown],
    facts: Mapping[str, Any],
    registry: Registry,
    position: int,
    *,
    people: Collection[UUID] = (),
    command: UUID | None = None,
    seen_by: Viewer,
) -> tuple[Paper, ...] | None:
    """The papers of what is no visit, by its facts: of a question to the law alone, of an extract asked for at once. Of
    a `command` new ones get the same keys each time. Raises `Impossible`, or `Hidden`."""
    naming = _Naming(AsOf(registry, position), position, seen_by)
    found = papers_shown(naming, rows, facts, people, "papers", command)
    refuse(naming.faults)
    return found


def _asks_unnamed(said: Any, before: Sequence[Any]) -> bool:
    """An extract names who asked for it (domain 4.2): who it is about, somebody of the register, or a parent who has
    applied for themselves by a part before."""
    if said.extract is None and not SERVICES[said.service].informs:
        return False
    known = said.to_record and said.to_record.applicant
    files = said.applicant.kind == "parent" and any(one.applicant.kind == "person" for one in before)
    return said.applicant.kind != "person" and not known and not files


@dataclass
class _Naming:
    """Looks up what is named, and remembers what is not there."""

    held: AsOf
    position: int
    seen_by: Viewer
    faults: list[Fault] = field(default_factory=list)
    newcomers: dict[Particulars, UUID] = field(default_factory=dict)

    def newcomer(self, who: Particulars, does: Service) -> UUID:
        """Somebody whom the register does not hold. Told of twice with a full name and a birth, it is one person: who
        registers by one part may ask for an extract by another. Of one name only the extract is theirs: two who settle
        are twins who have none yet."""
        full = who.surname and who.given_names
        if not who.birth_date or not (full or does.informs or who not in self.newcomers):
            return uuid4()
        return self.newcomers.setdefault(who, uuid4())

    def person(self, name: str, where: str) -> UUID:
        find = partial(questions.find_person, seen_by=self.seen_by)
        return self._found(find, name, Fault("person-unknown", where))

    def dwelling(self, name: str, where: str) -> UUID:
        return self._found(questions.find_dwelling, name, Fault("dwelling-unknown", where))

    def taken(self, unzr: str | None, by: UUID | None = None) -> bool:
        """Whether somebody else has the number, whoever asks: nobody may have it twice."""
        return questions.number_taken(self.held.registry, unzr, self.position, by)

    def _found(self, look: Any, name: str, fault: Fault) -> UUID:
        try:
            return look(self.held.registry, name, self.position)
        except questions.NotFound:
            self.faults.append(fault)
            return UNKNOWN


def _part(
    naming: _Naming, said: Any, asked: dict[str, Any], place: str, ids: Any, papers: Sequence[PaperShown]
) -> Part:
    where = f"{place}register"
    if said is None:
        naming.faults.append(Fault("person-missing", where))
        return Part(asked=asked, card="", due_by="")
    does = SERVICES[asked["service"]]
    concerned = tuple(
        _concerned(naming, one, f"{where}.persons.{number}", next(ids, None), does, asked["received"][:10])
        for number, one in enumerate(said.persons)
    )
    applicant = naming.person(said.applicant, f"{where}.applicant") if said.applicant else None
    people = {*(one.person for one in concerned), *([applicant] if applicant else [])}
    return Part(
        asked=asked,
        card="",
        due_by="",
        concerned=concerned,
        dwelling=naming.dwelling(said.dwelling, f"{where}.dwelling") if said.dwelling else None,
        elsewhere=_elsewhere(said.elsewhere),
        list_entry=said.list_entry,
        country=said.country,
        destination=said.destination,
        now=_corrected(naming, said.now, f"{where}.now.dwelling"),
        reason=said.reason,
        applicant=applicant,
        dwelling_changed=said.dwelling_changed.as_fact() if said.dwelling_changed else None,
        papers=papers_shown(naming, papers, asked, people, f"{place}papers"),
        territory=said.territory.as_fact() if said.territory else None,
    )


def _concerned(
    naming: _Naming, one: PersonConcerned, where: str, known: UUID | None, does: Service, day: str
) -> Concerned:
    if known:
        insist(naming.seen_by, known)
    if (one.person is None) == (one.particulars is None):
        naming.faults.append(Fault("person-missing", where))
    if one.changed and one.person is None:
        naming.faults.append(Fault("change-of-newcomer", f"{where}.changed"))
    if one.particulars and not one.by_portal and naming.taken(one.particulars.unzr):
        naming.faults.append(Fault("unzr-taken", f"{where}.particulars.unzr"))
    told = one.person or known or one.faulty or numbered(documents(one.documents) or ())
    if does.settles and one.particulars and not told:
        naming.faults.append(Fault("identity-number-missing", f"{where}.documents"))
    who = Particulars(**one.particulars.model_dump()) if one.particulars else None
    new = known or (naming.newcomer(who, does) if who else uuid4())
    person = naming.person(one.person, f"{where}.person") if one.person else new
    if one.changed and one.changed.particulars and naming.taken(one.changed.particulars.unzr, person):
        naming.faults.append(Fault("unzr-taken", f"{where}.changed.particulars.unzr"))
    if one.military and (does.settles != "declared" or does.of_children):
        naming.faults.append(Fault("military-data-unasked", f"{where}.military"))
    if one.residence and person != UNKNOWN and find(naming.held.person(person), one.residence) is None:
        naming.faults.append(Fault("residence-unknown", f"{where}.residence"))
    return Concerned(
        person=person,
        residence=one.residence,
        particulars=who,
        documents=documents(one.documents) or (),
        changed=_changed(one),
        family=tuple(_link(naming, said, f"{where}.family.{number}") for number, said in enumerate(one.family)) or None,
        military=one.military.as_fact() if one.military else None,
        distinct_from=tuple(one.distinct_from) or None,
        distinct_reason=one.distinct_reason,
        sent=one.sent or None,
        faulty=_faulty(one, who, date.fromisoformat(day)) or None,
    )


def _faulty(one: PersonConcerned, who: Particulars | None, day: date) -> dict[str, str]:
    """What of that which a portal sent of somebody cannot be read, or be so: days that are to come, or cross."""
    if not one.by_portal or who is None:
        return one.faulty
    born = date_faults("birth_date", who.birth_date, day)
    papers = document_faults(documents(one.documents) or (), None if born else who.birth_date, day)
    return {
        **{f"particulars.{fault.field}": fault.code for fault in born},
        **{str(fault.field): fault.code for fault in papers},
        **one.faulty,
    }


def _link(naming: _Naming, said: FamilyShown, where: str) -> ShownLink:
    """Somebody whom a paper names, of the register, by a part of the visit or by name."""
    relative = naming.person(said.relative, f"{where}.relative") if said.relative else None
    return ShownLink(**{**said.model_dump(), "relative": relative})


def _with_relatives(naming: _Naming, part: Part, parts: Sequence[Part]) -> Part:
    """A part whose links name the people of other parts by their ids."""

    def named(link: ShownLink) -> ShownLink:
        if link.of_part is None:
            return link
        people = parts[link.of_part - 1].concerned if link.of_part <= len(parts) else ()
        if len(people) != 1 or link.relative or link.relative_name:
            naming.faults.append(Fault("relative-of-part", "register.persons.family.of_part"))
            return link
        return replace(link, relative=people[0].person)

    concerned = (replace(one, family=tuple(map(named, one.family)) if one.family else None) for one in part.concerned)
    return replace(part, concerned=tuple(concerned))


def _changed(one: PersonConcerned) -> Changed | None:
    """What a paper says otherwise of somebody of the register: told so, or by a document that was shown, which is its
    own paper."""
    if one.changed:
        return one.changed.as_fact()
    if one.person is None or not one.documents:
        return None
    return of_papers(documents(one.documents) or ())


def of_papers(shown: Sequence[Document]) -> Changed:
    """What documents that were shown say of somebody of the register."""
    named = (" ".join(filter(None, (texts.label("document_kinds", paper.kind), paper.number))) for paper in shown)
    return Changed(paper=", ".join(named), documents=tuple(shown))


def _elsewhere(said: LeftElsewhere | None) -> Elsewhere | None:
    return Elsewhere(**said.model_dump()) if said else None


def _corrected(naming: _Naming, said: Corrected | None, where: str) -> ResidenceVersion | None:
    if said is None:
        return None
    home = naming.dwelling(said.dwelling, where)
    return ResidenceVersion(kind=said.kind, dwelling=home, since=said.since, until=said.until)


def _without_new_id(one: Concerned) -> Concerned:
    """A person without the ids of newcomers, their own and that of a relative whom another part names: those are given
    anew each time."""
    links = (replace(link, relative=None) if link.of_part else link for link in one.family or ())
    return replace(one, person=UNKNOWN if one.particulars else one.person, family=tuple(links) or None)

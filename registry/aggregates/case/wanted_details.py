"""Which details of a paper the desk asks for: what an appeal needs, and what the law looks at. A detail that nobody
said is told, and stands in nobody's way: no card demands one (counter A15, A18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from registry.aggregates.case.case import AskedService
from registry.aggregates.case.events import Part
from registry.aggregates.case.written import AUTHORITY, JUDGMENT, TITLE
from registry.aggregates.papers import Paper
from registry.aggregates.person.events import Document
from registry.aggregates.person.state import NOBODY, Person

_OF_SUBJECT = ("identity_document", "foreigner_passport", "birth_certificate")
_OF_APPLICANT = ("parent_identity_document", "representative_identity", "owner_identity")
_DEATHS = ("death_certificate", "foreign_death_document")
_WANTED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*_OF_SUBJECT, *_OF_APPLICANT, "foreign_birth_document"), ("number",)),
    **dict.fromkeys((TITLE, "ownership_document"), ("number", "dated")),
    **dict.fromkeys(_DEATHS, ("number", "dated", "issuer")),
    AUTHORITY: ("number", "dated"),
    JUDGMENT: ("number", "dated", "issuer", "in_force_on"),
}
_OF_PROXY = ("dated", "valid_until", "powers")
"""Of a proxy: till when, and for what."""
_DECIDED = ("guardianship_body",)
"""A consent that is a decision of a body."""
_SIGNED_IN_APPLICATION = ("subject",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """What nobody said of a paper that was shown: of which part, counted from 1, what it stands for, which details."""

    part: int
    id: str
    details: tuple[str, ...]


def unsaid(service: AskedService, people: Mapping[UUID, Person]) -> list[Unsaid]:
    """The details that the desk asks for and nobody said, of every document and consent that was shown for a part.
    `people` are those whom it names, as the register holds them."""
    part, said = service.part, service.part.asked
    consents = tuple(said.get("consents") or ())
    found = []
    for id in dict.fromkeys((*(said.get("documents") or ()), *consents)):
        told = [paper for paper in part.papers or () if paper.id == id]
        details = tuple(name for name in _wanted(id, consents, service) if not _is_said(name, told))
        if details == ("number",) and _holds_number(id, part, people):
            continue
        if details:
            found.append(Unsaid(part=service.number, id=id, details=details))
    return found


def numbered(documents: Sequence[Document]) -> bool:
    """Whether a document of somebody has a number."""
    return any(one.number for one in documents)


def _wanted(id: str, consents: Sequence[str], service: AskedService) -> tuple[str, ...]:
    if id in consents:
        return ("number", "dated") if id in _DECIDED else () if id in _SIGNED_IN_APPLICATION else ("whose",)
    if id == AUTHORITY and service.asked.applicant.kind == "proxy_representative":
        return _OF_PROXY
    return _WANTED.get(id, ())


def _is_said(name: str, told: Sequence[Paper]) -> bool:
    if name == "whose":
        return any(paper.whose or paper.holder for paper in told)
    return any(getattr(paper, name) is not None for paper in told)


def _holds_number(id: str, part: Part, people: Mapping[UUID, Person]) -> bool:
    """Whether the number is with the register already, or comes with whoever is entered."""
    if id in _OF_APPLICANT:
        return bool(part.applicant) and numbered(people.get(part.applicant or UUID(int=0), NOBODY).documents)
    held = (numbered((*one.documents, *people.get(one.person, NOBODY).documents)) for one in part.concerned)
    return bool(part.concerned) and all(held) and id in _OF_SUBJECT

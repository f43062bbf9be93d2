"""A family: asked with both times, what of it ended or was recorded wrongly; and who somebody was before an adoption.

Whose child or ward somebody is comes with an application alone, by its papers (`register.persons[].family`).
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.family_forms import IdentitySeal, LinkAnnulment, LinkCorrection, LinkEnd
from api.forms import Times
from api.shapes.names import find_person
from api.shapes.times import question_of
from registry import families, questions
from registry.aggregates.person.family_requests import AnnulLink, AnnulSeal, CorrectLink, EndLink, SealIdentity
from registry.aggregates.values import sure

router = APIRouter(prefix="/api/v1/persons/{person}", tags=["family"])


@router.get("/family")
def family(person: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """On a day or over a period, as the register stood at `known_at`."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    question = questions.settled(registry, question_of(times, moment), moment)
    position = sure(question.position)
    if not position:
        return questions.not_yet(question)
    id = find_person(registry, person, position, seen_by=desk.viewer)
    return families.family(registry, id, question, moment, seen_by=desk.viewer)


@router.post("/family/{link}/end", status_code=201)
def end(person: str, link: UUID, body: LinkEnd, asking: Acting) -> JSONResponse:
    """A guardianship that was lifted, rights that a court took away."""
    return asking.act(EndLink(person=asking.person(person), link=link, until=body.until, basis=body.basis))


@router.post("/family/{link}/correction", status_code=201, responses=MAY_WAIT)
def correct(person: str, link: UUID, body: LinkCorrection, asking: Acting) -> JSONResponse:
    """Only what was written wrongly; null in `since` or `until` means unknown, or not ended."""
    changes = body.given("role", "relative_name", "since", "until")
    if "relative" in body.model_fields_set:
        changes["relative"] = asking.relative(body.relative)
    return asking.act(CorrectLink(person=asking.person(person), link=link, changes=changes, reason=body.reason))


@router.post("/family/{link}/annulment", status_code=201, responses=MAY_WAIT)
def annul(person: str, link: UUID, body: LinkAnnulment, asking: Acting) -> JSONResponse:
    """It never was."""
    return asking.act(AnnulLink(person=asking.person(person), link=link, basis=body.basis))


@router.post("/identity-seal", status_code=201, responses=MAY_WAIT)
def seal(person: str, body: IdentitySeal, asking: Acting) -> JSONResponse:
    """This entry is who an adopted person was; a removal for an adoption seals by itself (card 4, row 9)."""
    successor = asking.relative(body.successor)
    return asking.act(SealIdentity(person=asking.person(person), basis=body.basis, successor=successor))


@router.post("/identity-seal-annulment", status_code=201, responses=MAY_WAIT)
def annul_seal(person: str, body: LinkAnnulment, asking: Acting) -> JSONResponse:
    """The seal was put on a wrong entry; asked on a ground, as it is not seen otherwise."""
    return asking.act(AnnulSeal(person=asking.person(person), basis=body.basis))

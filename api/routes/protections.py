"""Protected addresses: a head puts and ends the mark by which somebody is hidden, in both times."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.forms import AbsenceAnnulment, NewProtection, OnKnown, ProtectionEnd
from api.shapes.names import find_person
from registry import occasion, questions, texts
from registry.aggregates.person.protection_requests import AnnulAddressProtection, EndAddressProtection, ProtectAddress
from registry.aggregates.values import sure

router = APIRouter(prefix="/api/v1/persons/{person}/address-protection", tags=["residences"])


@router.get("")
def protections(person: str, asked: Annotated[OnKnown, Query()], request: Request) -> dict[str, Any]:
    """The marks of a person: with `on` those that may hold that day, without it all; as known at `known_at`."""
    desk = desk_of(request)
    now, registry = desk.now(), desk.registry
    question = questions.asked(on=asked.on, known_at=asked.known_at, position=asked.position, now=now)
    question = questions.settled(registry, question, now)
    position = sure(question.position)
    if not position:
        return {**question.head, "on": asked.on, "position": 0, "answer": texts.say("answers", "not-yet")}
    id = find_person(registry, person, position, seen_by=desk.viewer)
    occasion.asks("asked")
    occasion.shows(id)
    day = question.day if asked.on else None
    rows = registry.query("protections", "of_person", person=id, position=position, on=day)
    return {**question.head, "on": asked.on, "position": position, "answer": [_row(row) for row in rows]}


@router.post("", status_code=201)
def protect(person: str, body: NewProtection, asking: Acting) -> JSONResponse:
    """By a decision: whoever may not see protected people sees this one no more."""
    return asking.act(ProtectAddress(person=asking.person(person), **body.model_dump()))


@router.post("/{mark}/end", status_code=201)
def end(person: str, mark: UUID, body: ProtectionEnd, asking: Acting) -> JSONResponse:
    """From this day on the person is seen as anybody."""
    request = EndAddressProtection(person=asking.person(person), mark=mark, until=body.until, basis=body.basis)
    return asking.act(request)


@router.post("/{mark}/annulment", status_code=201, responses=MAY_WAIT)
def annul(person: str, mark: UUID, body: AbsenceAnnulment, asking: Acting) -> JSONResponse:
    """There was no such decision."""
    return asking.act(AnnulAddressProtection(person=asking.person(person), mark=mark, basis=body.basis))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {"mark": str(row["mark"]), **{name: row[name] for name in ("basis", "since", "until")}}

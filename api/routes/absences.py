"""Protected absentees: marks that an owner who removes somebody has to reckon with, in both times."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.forms import AbsenceAnnulment, AbsenceCorrection, AbsenceEnd, NewAbsence, OnKnown
from api.shapes.names import find_person
from registry import occasion, questions, texts
from registry.aggregates.person.absence_requests import AnnulAbsence, CorrectAbsence, EndAbsence, ProtectAbsence
from registry.aggregates.values import sure

router = APIRouter(prefix="/api/v1/persons/{person}/absences", tags=["residences"])


@router.get("")
def absences(person: str, asked: Annotated[OnKnown, Query()], request: Request) -> dict[str, Any]:
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
    rows = registry.query("absences", "of_person", person=id, position=position, on=day)
    return {**question.head, "on": asked.on, "position": position, "answer": [_row(row) for row in rows]}


@router.post("", status_code=201)
def protect(person: str, body: NewAbsence, asking: Acting) -> JSONResponse:
    """A mark, from a paper: whoever removes the person as the owner is asked about it first."""
    said = body.model_dump()
    return asking.act(ProtectAbsence(person=asking.person(person), **said))


@router.post("/{mark}/end", status_code=201)
def end(person: str, mark: UUID, body: AbsenceEnd, asking: Acting) -> JSONResponse:
    """The person is back, from this day on."""
    return asking.act(EndAbsence(person=asking.person(person), mark=mark, until=body.until, paper=body.paper))


@router.post("/{mark}/correction", status_code=201, responses=MAY_WAIT)
def correct(person: str, mark: UUID, body: AbsenceCorrection, asking: Acting) -> JSONResponse:
    """Only what was recorded wrongly."""
    said = body.given("ground", "since", "until", "paper")
    return asking.act(CorrectAbsence(person=asking.person(person), mark=mark, reason=body.reason, **said))


@router.post("/{mark}/annulment", status_code=201, responses=MAY_WAIT)
def annul(person: str, mark: UUID, body: AbsenceAnnulment, asking: Acting) -> JSONResponse:
    """There was no such absence."""
    return asking.act(AnnulAbsence(person=asking.person(person), mark=mark, basis=body.basis))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in ("ground", "since", "until", "paper")}
    return {"mark": str(row["mark"]), **said, "ground_uk": texts.label("absence_grounds", row["ground"])}

"""Where a person lives: asking with both times, rows of a card index, and what was recorded wrongly.

Somebody comes to live somewhere, leaves it or dies by an application or an official notice alone (`applying.py`).
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.forms import (
    Annulment,
    DeregistrationTakingBack,
    PastResidence,
    ResidenceCorrection,
    TakingBack,
    Times,
)
from api.shapes.names import find_person
from api.shapes.times import question_of
from registry import questions
from registry.aggregates.person.requests import (
    AnnulCarryOver,
    AnnulDeregistration,
    AnnulResidence,
    CorrectResidence,
    EnterPastResidence,
)
from registry.aggregates.requests import UNCHANGED
from registry.aggregates.values import sure

router = APIRouter(prefix="/api/v1/persons/{person}", tags=["residences"])


@router.get("/residences")
def residences(person: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """On a day or over a period, as the register stood at `known_at`."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    question = questions.settled(registry, question_of(times, moment), moment)
    position = sure(question.position)
    name = str(find_person(registry, person, position, seen_by=desk.viewer)) if position else person
    return questions.residence(registry, name, question, moment, seen_by=desk.viewer)


@router.post("/past-residences", status_code=201)
def enter_past(person: str, body: PastResidence, asking: Acting) -> JSONResponse:
    """From a paper card or another register: begun and ended before it was entered."""
    return asking.act(
        EnterPastResidence(
            person=asking.person(person),
            kind=body.kind,
            dwelling=asking.home(body.dwelling),
            since=body.since,
            until=body.until,
            basis=body.basis,
            confirmed=body.confirmed,
        )
    )


@router.post("/residences/{residence}/correction", status_code=201, responses=MAY_WAIT)
def correct(person: str, residence: UUID, body: ResidenceCorrection, asking: Acting) -> JSONResponse:
    """Only what was written wrongly; null in `since` or `until` means unknown, or not ended."""
    given = body.model_fields_set
    return asking.act(
        CorrectResidence(
            person=asking.person(person),
            residence=residence,
            kind=(body.kind or "") if "kind" in given else UNCHANGED,
            dwelling=asking.home(body.dwelling) if "dwelling" in given else UNCHANGED,
            since=body.since if "since" in given else UNCHANGED,
            until=body.until if "until" in given else UNCHANGED,
            reason=body.reason,
            confirmed=body.confirmed,
        )
    )


@router.post("/residences/{residence}/annulment", status_code=201, responses=MAY_WAIT)
def annul(person: str, residence: UUID, body: Annulment, asking: Acting) -> JSONResponse:
    """Law 1871-IX, art. 17; whether the one before runs on, and until when."""
    return asking.act(
        AnnulResidence(
            person=asking.person(person),
            residence=residence,
            basis=body.basis,
            revives=body.revives,
            revived_until=body.revived_until,
            confirmed=body.confirmed,
        )
    )


@router.post(
    "/residences/{residence}/carry-over-annulment",
    status_code=201,
    responses=MAY_WAIT,
)
def annul_carry_over(person: str, residence: UUID, body: TakingBack, asking: Acting) -> JSONResponse:
    """The residence in the dwelling before stands again."""
    return asking.act(
        AnnulCarryOver(person=asking.person(person), residence=residence, basis=body.basis, confirmed=body.confirmed)
    )


@router.post("/deregistration-annulment", status_code=201, responses=MAY_WAIT)
def annul_deregistration(person: str, body: DeregistrationTakingBack, asking: Acting) -> JSONResponse:
    """The last one that stands; what it ended stands again."""
    return asking.act(
        AnnulDeregistration(
            person=asking.person(person), residence=body.residence, basis=body.basis, confirmed=body.confirmed
        )
    )

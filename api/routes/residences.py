"""Where a person lives: asking with both times, and the acts about it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.forms import (
    Annulment,
    Deregistration,
    DeregistrationTakingBack,
    NewResidence,
    OccupiedAddress,
    PastResidence,
    ResidenceCorrection,
    TakingBack,
    Times,
)
from api.shapes.names import find_person
from api.shapes.times import question_of
from registry import questions, texts
from registry.aggregates.person.requests import (
    AnnulCarryOver,
    AnnulDeregistration,
    AnnulResidence,
    CorrectResidence,
    DeregisterResidence,
    EnterPastResidence,
    NoteOccupiedAddress,
    Settle,
)
from registry.aggregates.requests import UNCHANGED

router = APIRouter(prefix="/api/v1/persons/{person}", tags=[texts.say("api_tags", "residences")])


@router.get("/residences")
def residences(person: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """On a day or over a period, as the register stood at `known_at`."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    question = question_of(times, moment)
    position = questions.position_of(registry, question, moment)
    name = str(find_person(registry, person, position, seen_by=desk.viewer)) if position else person
    return questions.residence(registry, name, question, moment, seen_by=desk.viewer)


@router.post("/residences", status_code=201)
def settle(person: str, body: NewResidence, asking: Acting) -> JSONResponse:
    """A new residence or stay; the one before ends by itself."""
    return asking.act(
        Settle(
            person=asking.person(person),
            kind=body.kind,
            dwelling=asking.home(body.dwelling),
            since=body.since,
            basis=body.basis,
            confirmed=body.confirmed,
        )
    )


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


@router.post("/residences/{residence}/deregistration", status_code=201)
def deregister(person: str, residence: UUID, body: Deregistration, asking: Acting) -> JSONResponse:
    """The day `until` is no longer part of it."""
    return asking.act(
        DeregisterResidence(
            person=asking.person(person),
            residence=residence,
            until=body.until,
            ground=body.ground,
            country=body.country,
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


@router.post("/occupied-address", status_code=201)
def note_occupied(person: str, body: OccupiedAddress, asking: Acting) -> JSONResponse:
    """An address that may stay with the person; `residence` if it is in this community."""
    return asking.act(
        NoteOccupiedAddress(
            person=asking.person(person),
            list_entry=body.list_entry,
            residence=body.residence,
            address=body.address,
            katottg=body.katottg,
            list_since=body.list_since,
            list_until=body.list_until,
            confirmed=body.confirmed,
        )
    )

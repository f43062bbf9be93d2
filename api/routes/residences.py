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
from registry import questions
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

router = APIRouter(prefix="/api/v1/persons/{person}", tags=["місця проживання"])


@router.get("/residences", summary="Де особа проживає (проживала)")
def residences(person: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """На день `on` або за період `from`–`until`, за станом реєстру на `known_at`."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    question = question_of(times, moment)
    position = questions.position_of(registry, question, moment)
    name = str(find_person(registry, person, position)) if position else person
    return questions.residence(registry, name, question, moment)


@router.post("/residences", status_code=201, summary="Зареєструвати або задекларувати місце проживання")
def settle(person: str, body: NewResidence, asking: Acting) -> JSONResponse:
    """`kind`: declared, registered або stay. Попереднє місце проживання закінчується само."""
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


@router.post("/past-residences", status_code=201, summary="Внести попереднє місце проживання")
def enter_past(person: str, body: PastResidence, asking: Acting) -> JSONResponse:
    """З паперової картки або іншого реєстру: почалося й закінчилося до внесення."""
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


@router.post("/residences/{residence}/deregistration", status_code=201, summary="Зняти з місця проживання")
def deregister(person: str, residence: UUID, body: Deregistration, asking: Acting) -> JSONResponse:
    """День `until` уже не входить: це й є дата зняття."""
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


@router.post(
    "/residences/{residence}/correction", status_code=201, summary="Виправити місце проживання", responses=MAY_WAIT
)
def correct(person: str, residence: UUID, body: ResidenceCorrection, asking: Acting) -> JSONResponse:
    """Лише те, що записано хибно; null у `since` чи `until` означає «невідомо» або «не закінчилося»."""
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


@router.post(
    "/residences/{residence}/annulment", status_code=201, summary="Скасувати місце проживання", responses=MAY_WAIT
)
def annul(person: str, residence: UUID, body: Annulment, asking: Acting) -> JSONResponse:
    """Закон 1871-IX, ст. 17. `revives`: чи поновлюється попереднє, `revived_until`: до якого дня."""
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
    summary="Скасувати перенесення після перенумерації",
    responses=MAY_WAIT,
)
def annul_carry_over(person: str, residence: UUID, body: TakingBack, asking: Acting) -> JSONResponse:
    """Проживання в попередньому житлі знову чинне."""
    return asking.act(
        AnnulCarryOver(person=asking.person(person), residence=residence, basis=body.basis, confirmed=body.confirmed)
    )


@router.post("/deregistration-annulment", status_code=201, summary="Скасувати останнє зняття", responses=MAY_WAIT)
def annul_deregistration(person: str, body: DeregistrationTakingBack, asking: Acting) -> JSONResponse:
    """Останнє чинне зняття; те, що воно закінчило, знову чинне."""
    return asking.act(
        AnnulDeregistration(
            person=asking.person(person), residence=body.residence, basis=body.basis, confirmed=body.confirmed
        )
    )


@router.post("/occupied-address", status_code=201, summary="Зазначити адресу на окупованій території")
def note_occupied(person: str, body: OccupiedAddress, asking: Acting) -> JSONResponse:
    """Адреса, яка може лишатися за особою; `residence`, якщо вона в цій громаді."""
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

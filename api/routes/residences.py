"""Where a person lives: asking with both times, and the acts about it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

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
from api.routes.acting import FOR_TWO, Acting
from api.routes.finding import desk_of, dwelling_or_nowhere, find_person, now, question_of
from registry import questions
from registry.aggregates.facts import RESIDENCE_KINDS

router = APIRouter(prefix="/api/v1/persons/{person}", tags=["місця проживання"])

FACT_OF_KIND = {kind: name for name, kind in RESIDENCE_KINDS.items()}


@router.get("/residences", summary="Де особа проживає (проживала)")
def residences(person: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """На день `on` або за період `from`–`until`, за станом реєстру на `known_at`."""
    registry, moment = desk_of(request).registry, now()
    question = question_of(times, moment)
    position = questions.position_of(registry, question, moment)
    name = str(find_person(registry, person, position)) if position else person
    return questions.residence(registry, name, question, moment)


@router.post("/residences", status_code=201, summary="Зареєструвати або задекларувати місце проживання")
def settle(person: str, body: NewResidence, asking: Acting) -> JSONResponse:
    """`kind`: declared, registered або stay. Попереднє місце проживання закінчується само."""
    asked = {"kind": body.kind, "dwelling": body.dwelling, "since": body.since, "basis": body.basis}
    name = FACT_OF_KIND[body.kind]
    return asking.on_person(person, asking.clerk.settle, name, asked, confirmed=body.confirmed)


@router.post("/past-residences", status_code=201, summary="Внести попереднє місце проживання")
def enter_past(person: str, body: PastResidence, asking: Acting) -> JSONResponse:
    """З паперової картки або іншого реєстру: почалося й закінчилося до внесення."""
    names = ("kind", "dwelling", "since", "until", "basis")
    asked = {name: getattr(body, name) for name in names}
    act = asking.clerk.enter_past_residence
    return asking.on_person(person, act, "past-residence-entered", asked, confirmed=body.confirmed)


@router.post("/residences/{residence}/deregistration", status_code=201, summary="Зняти з місця проживання")
def deregister(person: str, residence: UUID, body: Deregistration, asking: Acting) -> JSONResponse:
    """День `until` уже не входить: це й є дата зняття."""
    asked = {"residence": residence, "until": body.until, "ground": body.ground, "country": body.country}
    act = asking.clerk.deregister_residence
    return asking.on_person(person, act, "residence-deregistered", asked, confirmed=body.confirmed)


@router.post(
    "/residences/{residence}/correction", status_code=201, summary="Виправити місце проживання", responses=FOR_TWO
)
def correct(person: str, residence: UUID, body: ResidenceCorrection, asking: Acting) -> JSONResponse:
    """Лише те, що записано хибно; null у `since` чи `until` означає «невідомо» або «не закінчилося»."""
    changes = body.given("kind", "dwelling", "since", "until")
    if "dwelling" in changes:
        changes["dwelling"] = dwelling_or_nowhere(asking.registry, changes["dwelling"], asking.position)
    asked = {"residence": residence, "changes": changes, "reason": body.reason}
    act = asking.clerk.correct_residence
    return asking.on_person(person, act, "residence-corrected", asked, confirmed=body.confirmed)


@router.post(
    "/residences/{residence}/annulment", status_code=201, summary="Скасувати місце проживання", responses=FOR_TWO
)
def annul(person: str, residence: UUID, body: Annulment, asking: Acting) -> JSONResponse:
    """Закон 1871-IX, ст. 17. `revives`: чи поновлюється попереднє, `revived_until`: до якого дня."""
    asked = {"residence": residence, **{name: getattr(body, name) for name in ("basis", "revives", "revived_until")}}
    act = asking.clerk.annul_residence
    return asking.on_person(person, act, "residence-annulled", asked, confirmed=body.confirmed)


@router.post(
    "/residences/{residence}/carry-over-annulment",
    status_code=201,
    summary="Скасувати перенесення після перенумерації",
    responses=FOR_TWO,
)
def annul_carry_over(person: str, residence: UUID, body: TakingBack, asking: Acting) -> JSONResponse:
    """Проживання в попередньому житлі знову чинне."""
    asked = {"residence": residence, "basis": body.basis}
    act = asking.clerk.annul_carry_over
    return asking.on_person(person, act, "carry-over-annulled", asked, confirmed=body.confirmed)


@router.post("/deregistration-annulment", status_code=201, summary="Скасувати останнє зняття", responses=FOR_TWO)
def annul_deregistration(person: str, body: DeregistrationTakingBack, asking: Acting) -> JSONResponse:
    """Останнє чинне зняття; те, що воно закінчило, знову чинне."""
    asked = {"basis": body.basis, **({"residence": body.residence} if body.residence else {})}
    act = asking.clerk.annul_deregistration
    return asking.on_person(person, act, "deregistration-annulled", asked, confirmed=body.confirmed)


@router.post("/occupied-address", status_code=201, summary="Зазначити адресу на окупованій території")
def note_occupied(person: str, body: OccupiedAddress, asking: Acting) -> JSONResponse:
    """Адреса, яка може лишатися за особою; `residence`, якщо вона в цій громаді."""
    asked = body.model_dump(exclude={"confirmed"})
    act = asking.clerk.note_occupied_address
    return asking.on_person(person, act, "occupied-address-noted", asked, confirmed=body.confirmed)

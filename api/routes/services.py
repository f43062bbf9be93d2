"""The services: the cards of a day, what they cost, and what would be decided on an application. Nothing is stored."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.applications import NewApplication
from api.errors import Problem, no_card
from api.forms import DryRun, OnDay
from api.routes import explaining
from api.routes.finding import today
from registry import texts
from registry.services.application import Application
from registry.services.catalogue import NoCard
from registry.services.fees import NoPublishedAmount

router = APIRouter(prefix="/api/v1", tags=["послуги"])
NOT_YET: dict[int | str, dict[str, Any]] = {501: {"description": "Без `dry_run=1`: заяви ще не зберігаються"}}


@router.get("/services", summary="Послуги, що діють на день")
def services(asked: Annotated[OnDay, Query()]) -> dict[str, Any]:
    """Картки на день, кожна з офіційною назвою. До 01.12.2021 на ті самі послуги відповідають картки 71-01…71-05."""
    on = day_of(asked)
    return {"on": on.isoformat(), "services": explaining.listed(on)}


@router.get("/services/{service}", summary="Картка послуги на день")
def service(service: str, asked: Annotated[OnDay, Query()]) -> dict[str, Any]:
    """Уся картка: підстави, заявники, документи і згоди з причинами, підстави для відмови, збір, строки і наслідки.

    `when` і `unless` — назви умов; `inferred` — чому картку прочитано саме так, якщо прямо вона цього не каже."""
    return explaining.service_on(service, day_of(asked))


@router.post("/applications", summary="Перевірити заяву: чи можна і що для цього треба", responses=NOT_YET)
def apply(body: NewApplication, how: Annotated[DryRun, Query()]) -> dict[str, Any]:
    """Рішення за карткою дня заяви з усіма підставами одразу: що бракує, скільки коштує, до якого дня, що далі.

    Лише з `dry_run=1`: нічого не записується. **Заяви ще не зберігаються**, тому без нього відповідь 501."""
    if not how.dry_run:
        raise Problem(501, "not-stored-yet")
    return _decided(body.asked())


def day_of(asked: OnDay) -> date:
    """The day of a question; without one today in Kyiv."""
    return date.fromisoformat(asked.on) if asked.on else today()


def _decided(asked: Application) -> dict[str, Any]:
    """A day without a card or an amount, and an application for nobody, are faults of the input."""
    if asked.persons < 1:
        raise _fault("no-persons", "persons", texts.TEXTS["law"]["no-persons"])
    try:
        return explaining.decided(asked)
    except NoCard as none:
        raise _fault("no-card", "received", no_card(none)) from None
    except NoPublishedAmount as missing:
        raise _fault("no-published-amount", "received", explaining.unpublished(missing)) from None


def _fault(code: str, field: str, detail: str) -> Problem:
    return Problem(422, code, detail, [{"code": code, "field": field, "detail": detail}])

"""A dwelling: entering, reading, its residents, its names; and who moved how often."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.acts import Acting
from api.desk import desk_of
from api.forms import DwellingCorrection, Movers, NewDwelling, NewName, Readdressing, Times
from api.shapes.names import NO_DWELLING, find_dwelling
from api.shapes.times import question_of
from registry import questions, texts
from registry.aggregates.dwelling.requests import CorrectDwelling, EnterDwelling, Readdress, RenameAddress
from registry.aggregates.dwelling.state import Dwelling, dated_names
from registry.aggregates.values import Fault, Impossible

router = APIRouter(prefix="/api/v1", tags=["житло"])


@router.post("/dwellings", status_code=201, summary="Внести житло")
def enter(body: NewDwelling, asking: Acting) -> JSONResponse:
    """Частини адреси окремо, як у документі; номер будинку — текст: «13-А», «12/1»."""
    return asking.act(EnterDwelling(address=body.address.address(), kind=body.kind, ref=body.ref))


@router.get("/dwellings/{dwelling}", summary="Відомості про житло")
def dwelling(dwelling: str, request: Request, response: Response) -> dict[str, Any]:
    """Назви з датами, вид, наступник, власники, обтяження, договори оренди."""
    registry = desk_of(request).registry
    id = find_dwelling(registry, dwelling, registry.position())
    found = registry.dwelling(id)
    response.headers["ETag"] = f'"{found.version}"'
    return {"id": str(id), **described(found)}


@router.get("/dwellings/{dwelling}/residents", summary="Хто проживає (проживав) у житлі")
def residents(dwelling: str, times: Annotated[Times, Query()], request: Request) -> dict[str, Any]:
    """На день — люди; за період — відтинки з однаковим складом."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    question = question_of(times, moment)
    position = questions.position_of(registry, question, moment)
    name = str(find_dwelling(registry, dwelling, position)) if position else dwelling
    return questions.occupancy(registry, name, question, moment)


@router.get("/moved", summary="Хто змінював місце проживання")
def moved(asked: Annotated[Movers, Query()], request: Request) -> dict[str, Any]:
    """Особи від 14 років, що мають щонайменше `least` місць проживання в громаді; перенумерації не рахуються."""
    desk = desk_of(request)
    moment = desk.now()
    question = question_of(Times(on=asked.on, known_at=asked.known_at), moment)
    return questions.moved(
        desk.registry,
        question,
        moment,
        least=asked.least,
        first=asked.first,
        community=desk.settings.community_prefix,
    )


@router.post("/dwellings/{dwelling}/names", status_code=201, summary="Змінити назву адреси")
def rename(dwelling: str, body: NewName, asking: Acting) -> JSONResponse:
    """Вулицю перейменовано: житло те саме, ніхто не переїжджає."""
    address = body.address.address()
    return asking.act(
        RenameAddress(dwelling=asking.dwelling(dwelling), address=address, since=body.since, basis=body.basis)
    )


@router.post("/dwellings/{dwelling}/correction", status_code=201, summary="Виправити відомості про житло")
def correct(dwelling: str, body: DwellingCorrection, asking: Acting) -> JSONResponse:
    """Перша адреса або вид записані хибно: повні правильні відомості."""
    address = body.address.address()
    return asking.act(
        CorrectDwelling(dwelling=asking.dwelling(dwelling), address=address, kind=body.kind, reason=body.reason)
    )


@router.post("/dwellings/{dwelling}/readdressing", status_code=201, summary="Перенумерувати або об’єднати житло")
def readdress(dwelling: str, body: Readdressing, asking: Acting) -> JSONResponse:
    """Усі мешканці переносяться в нове житло однією дією; це не переїзд."""
    successor = asking.home(body.successor)
    if successor == NO_DWELLING and not asking.done:
        raise Impossible([Fault("dwelling-unknown", "successor")])
    return asking.act(
        Readdress(
            dwelling=asking.dwelling(dwelling),
            successor=successor,
            since=body.since,
            reason=body.reason,
            confirmed=body.confirmed,
        )
    )


def described(found: Dwelling) -> dict[str, Any]:
    """A dwelling as folded, as JSON values."""
    names = dated_names(found)
    return {
        "ref": found.ref,
        "version": found.version,
        "kind": found.kind,
        "kind_uk": texts.label("dwelling_kinds", found.kind),
        "address": texts.address_label(names[-1][2]),
        "names": [
            {
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
                "address": texts.address_label(address),
                "parts": asdict(address),
            }
            for since, until, address in names
        ],
        "successor": msgspec.to_builtins(found.succession) if found.succession else None,
        "owners": msgspec.to_builtins(found.owners) if found.owners else None,
        "encumbrances": [msgspec.to_builtins(one) for one in found.encumbrances],
        "leases": [msgspec.to_builtins(one) for one in found.leases],
    }

"""An application is checked and decided: what other registers say, the decision, and the decision as it is stored."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.applications import CheckSaid, ToDecide
from api.errors import KeyReused, Problem, Stale
from api.forms import DryRun
from api.routes import recounting
from api.routes.acting import FOR_TWO, PREFIX, Acting, Asking
from api.routes.finding import desk_of, find_application
from api.routes.services import by_law
from registry import texts
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.case.state import Outcome
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry
from registry.app import Act, LostRace, Registry
from registry.cases.cases import Applications
from registry.extracts.issuing import CannotIssue
from registry.questions import NotFound
from registry.storage.mapper import instant_text, kyiv_day

router = APIRouter(prefix=PREFIX + "/applications/{application}", tags=["заяви"])
ANSWERS = {**FOR_TWO, 200: {"description": "З `dry_run=1`: що було б вирішено; нічого не записано"}}


def handling_of(request: Request) -> Applications:
    """The applications of this installation, as the actor at work handles them."""
    desk = desk_of(request)
    return Applications(desk.clerk, desk.settings)


def day(text: str | None) -> date | None:
    """The day of an act, if one is named."""
    return date.fromisoformat(text) if text else None


@router.post("/checks", status_code=201, summary="Внести відповідь реєстру")
def answer(application: str, body: CheckSaid, asking: Acting) -> JSONResponse:
    """Що каже реєстр, якого ми не ведемо; чого не сказано, те як у заяві. Нова відповідь заступає попередню."""
    part, check, said = body.said_of()
    asked = {"part": part, "check": check, "said": said}
    return asking.on_application(application, handling_of(asking.request).answer, "check-answered", asked)


@router.post("/decision", status_code=201, summary="Вирішити заяву", responses=ANSWERS)
def decide(application: str, body: ToDecide, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """Усі частини одразу, кожна за карткою дня надходження: записує, надає витяг або відмовляє з усіма підставами.

    Виправлення чекає на другу особу: 202. `acted_on` — день запису: від надходження до сьогодні; без нього сьогодні."""
    handling = handling_of(asking.request)
    id = _found(application, asking)
    with by_law():
        if how.dry_run:
            return JSONResponse(_tried(id, body, handling), 200)
        act = _made(id, body, asking, handling)
    headers = {"Location": f"{PREFIX}/applications/{id}/decision", "ETag": f'"{_version(id, act)}"'}
    if act.repeated:
        headers["Idempotency-Replayed"] = "true"
    waits = isinstance(act.entries[0].fact, ChangeRequested)
    return JSONResponse(told(handling, id, act), 200 if act.repeated else 202 if waits else 201, headers=headers)


@router.get("/decision", summary="Рішення за заявою")
def decision(application: str, request: Request) -> JSONResponse:
    """Як записано, ніколи не перераховано: підстави, збір, що далі; `text` — відмова для друку."""
    registry = desk_of(request).registry
    id = find_application(registry, application, registry.position())
    entries = registry.entries(id)
    state = registry.application(id)
    if not state.outcomes:
        raise Problem(404, "not-decided")
    said = {**recounting.head(id, state), "parts": outcomes(entries)}
    return JSONResponse(said, headers={"ETag": f'"{state.version}"'})


def outcomes(entries: list[Entry]) -> list[dict[str, Any]]:
    """The decision on each part, by whom and when."""
    return [
        {
            **recounting.outcome(entry.fact),
            "by": {"id": entry.by.id, "name": entry.by.name},
            "recorded_at": instant_text(entry.recorded_at),
            "position": entry.position,
        }
        for entry in entries
        if isinstance(entry.fact, Outcome)
    ]


def decided(handling: Applications, application: UUID, **how: Any) -> Act:
    """The decision. A document that could not be made leaves it as it is: the answer says why there is none."""
    try:
        return handling.decide(application, **how)
    except CannotIssue:
        act = handling.registry.of_command(how["command"])
        if act is None:
            raise
        return act


def told(handling: Applications, application: UUID, act: Act) -> dict[str, Any]:
    """What an act of deciding did: the outcome of each part, what was recorded of whom, the extract that was formed."""
    first = act.entries[0]
    state = handling.as_of(act.position, kyiv_day(act.recorded_at)).registry.application(application)
    said = {
        "command": str(act.command),
        "position": act.position,
        "recorded_at": instant_text(act.recorded_at),
        **recounting.head(application, state),
    }
    if isinstance(first.fact, ChangeRequested):
        return {**said, "asked_for": first.fact.asked_for, "person": str(first.fact.person)}
    return {
        **said,
        "facts": [entry.position for entry in act.entries],
        "parts": outcomes([entry for entry in act.entries if entry.stream == application]),
        "recorded": _recorded(act),
        "extracts": [
            _extract(handling.registry, entry) for entry in act.entries if isinstance(entry.fact, ExtractRequested)
        ],
    }


def _recorded(act: Act) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in act.entries:
        if AGGREGATE_OF[entry.fact.NAME] == "person":
            fact = {"position": entry.position, **recounting.fact_name(entry.fact.NAME)}
            found.setdefault(str(entry.stream), []).append(fact)
    return found


def _extract(registry: Registry, entry: Entry) -> dict[str, Any]:
    number = texts.extract_number(entry.fact.year, entry.fact.number)
    voided = registry.extract(entry.stream).voided
    place = None if voided else f"{PREFIX}/extracts/{number}/document"
    return {"number": number, "code": entry.fact.code, "document": place, "error": voided.reason if voided else None}


def _tried(application: UUID, body: ToDecide, handling: Applications) -> dict[str, Any]:
    judged = handling.dry_run_of(application, acted_on=day(body.acted_on), confirmed=body.confirmed)
    answered = recounting.answers_of(handling.registry.entries(application))
    parts = [recounting.judged_part(number, one, answered) for number, one in enumerate(judged, 1)]
    return {"dry_run": True, "application": str(application), "parts": parts}


def _found(application: str, asking: Asking) -> UUID:
    try:
        return find_application(asking.registry, application, asking.position)
    except NotFound:
        if asking.done:
            raise KeyReused from None
        raise


def _made(application: UUID, body: ToDecide, asking: Asking, handling: Applications) -> Act:
    """The decision; a repeated one must have asked for the same."""
    if asking.done and not _same(asking.done, application, body):
        raise KeyReused
    how = {"command": asking.command, "acted_on": day(body.acted_on), "confirmed": body.confirmed}
    try:
        act = decided(handling, application, **how, version=asking.version)
    except LostRace as race:
        if asking.version is not None and any(one.stream == application for one in race.raced):
            raise Stale(race) from None
        raise
    if act.repeated and not _same(act, application, body):
        raise KeyReused
    return act


def _same(act: Act, application: UUID, body: ToDecide) -> bool:
    first = act.entries[0]
    if first.stream != application or not isinstance(first.fact, Outcome | ChangeRequested):
        return False
    on = body.acted_on or kyiv_day(act.recorded_at).isoformat()
    return isinstance(first.fact, ChangeRequested) or first.fact.decided_on == on


def _version(application: UUID, act: Act) -> int:
    return max(entry.version for entry in act.entries if entry.stream == application)

"""An application is checked and decided: what other registers say, the decision, and the decision as it is stored."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, PREFIX, Acting, Asking
from api.case_forms import CheckSaid, ToDecide
from api.desk import desk_of
from api.errors import KeyReused, Problem, Stale
from api.forms import DryRun
from api.routes.services import by_law
from api.shapes import cases as shapes
from api.shapes import letters as letter_shapes
from api.shapes import papers as paper_shapes
from api.shapes.names import find_application
from registry import texts
from registry.aggregates.case.events import ChangeRequested
from registry.aggregates.case.state import Outcome
from registry.aggregates.requests import digest_of
from registry.app import Act, LostRace
from registry.cases.as_of import AsOf
from registry.cases.cases import Cases
from registry.cases.newcomers import Distinct
from registry.letters import issuing
from registry.questions import NotFound
from registry.storage.mapper import kyiv_day

router = APIRouter(prefix=PREFIX + "/applications/{application}", tags=["applications"])
ANSWERS = {**MAY_WAIT, 200: {"description": texts.say("api", "would_decide")}}


@router.post("/checks", status_code=201)
def answer(application: str, body: CheckSaid, asking: Acting) -> JSONResponse:
    """What a register says that is not ours; a new answer replaces the one before."""
    part, check, said = body.said_of()
    return asking.on_application(
        application,
        "check-answered",
        {"part": part, "check": check, "said": said},
        lambda id, digest: desk_of(asking.request).cases.answer(
            id, part=part, check=check, said=said, command=asking.command, version=asking.version, digest=digest
        ),
    )


@router.post("/decision", status_code=201, responses=ANSWERS)
def decide(application: str, body: ToDecide, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """All parts at once, each by the card of the day it came; what needs a second person waits."""
    cases = desk_of(asking.request).cases
    id = _found(application, asking)
    with by_law():
        if how.dry_run:
            return JSONResponse(tried(id, body, cases), 200)
        act = _made(id, body, asking, cases)
    record = AsOf(cases.registry, act.position).record(id)
    headers = {"Location": f"{PREFIX}/applications/{id}/decision", "ETag": f'"{record.version}"'}
    if act.repeated:
        headers["Idempotency-Replayed"] = "true"
    said = shapes.decided(cases.registry, id, record, act)
    return JSONResponse(said, 200 if act.repeated else 202 if shapes.waiting(act) else 201, headers=headers)


@router.get("/decision")
def decision(application: str, request: Request) -> JSONResponse:
    """As recorded, never worked out again."""
    desk = desk_of(request)
    registry = desk.registry
    id = find_application(registry, application, registry.position(), seen_by=desk.viewer)
    read = AsOf(registry)
    record = read.record(id)
    if not record.outcomes:
        raise Problem(404, "not-decided")
    letters = letter_shapes.listed(id, issuing.of_application(registry, id))
    said = {**shapes.head(id, record), "parts": shapes.outcomes(read.entries(id), record.received), "letters": letters}
    return JSONResponse(said, headers={"ETag": f'"{record.version}"'})


def day(text: str | None) -> date | None:
    """The day of an act, if one is named."""
    return date.fromisoformat(text) if text else None


def tried(application: UUID, body: ToDecide, cases: Cases) -> dict[str, Any]:
    ruling = cases.tried_again(
        application, acted_on=day(body.acted_on), confirmed=body.confirmed, distinct=_distinct(body)
    )
    answered = shapes.answers_of(cases.registry.entries(application))
    said = {"dry_run": True, "application": str(application), **shapes.waits_for(ruling.waits_for)}
    return {**said, **paper_shapes.warnings(ruling), "parts": shapes.ruled(ruling, answered)}


def _distinct(body: ToDecide) -> Distinct:
    return Distinct(people=tuple(body.distinct_from), reason=body.distinct_reason)


def _found(application: str, asking: Asking) -> UUID:
    try:
        return find_application(asking.registry, application, asking.position, seen_by=asking.clerk.viewer)
    except NotFound:
        if asking.done:
            raise KeyReused from None
        raise


def _made(application: UUID, body: ToDecide, asking: Asking, cases: Cases) -> Act:
    """The decision; a repeated one must have asked for the same."""
    if asking.done and not _same(asking.done, application, body):
        raise KeyReused
    on = day(body.acted_on) or cases.clerk.today()
    try:
        act = cases.decide(
            application,
            command=asking.command,
            acted_on=on,
            confirmed=body.confirmed,
            reason=body.reason,
            distinct=_distinct(body),
            version=asking.version,
            digest=_digest(application, on, body),
        )
    except LostRace as race:
        if asking.version is not None and any(one.stream == application for one in race.raced):
            raise Stale(race) from None
        raise
    if act.repeated and not _same(act, application, body):
        raise KeyReused
    return act


def _digest(application: UUID, on: date, body: ToDecide) -> bytes:
    said: dict[str, Any] = {"reason": body.reason} if body.reason else {}
    if body.distinct_from:
        said |= {"distinct_from": body.distinct_from, "distinct_reason": body.distinct_reason}
    return digest_of("decide", {"application": application, "acted_on": on, **said})


def _same(act: Act, application: UUID, body: ToDecide) -> bool:
    """Whether an act is the decision that is asked for; of one without a digest, by what it did to whom."""
    if act.digest is not None:
        return act.digest == _digest(application, day(body.acted_on) or kyiv_day(act.recorded_at), body)
    first = act.entries[0]
    return first.stream == application and isinstance(first.fact, Outcome | ChangeRequested)

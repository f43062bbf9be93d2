"""An application comes: tried («чи можна?»), or taken in, and decided in the same act where that is asked."""

from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, PREFIX, Acting, Asking
from api.case_forms import NewApplication
from api.desk import desk_of
from api.errors import KeyReused
from api.forms import DryRun
from api.routes.deciding import day
from api.routes.services import by_law, law_alone
from api.shapes import cases as shapes
from api.shapes import papers as paper_shapes
from api.shapes.law import warnings
from api.visits import visit_of, without_new_ids
from registry import texts
from registry.aggregates.case.events import ApplicationReceived, ChangeRequested, CheckAnswered
from registry.aggregates.case.ruling import Ruling
from registry.aggregates.case.state import Outcome, fold
from registry.aggregates.requests import digest_of
from registry.aggregates.values import Impossible
from registry.app import Act
from registry.cases import extract_warnings
from registry.cases.as_of import AsOf
from registry.cases.cases import Cases
from registry.cases.intake import Visit
from registry.storage.mapper import KYIV, instant_text, kyiv_day

router = APIRouter(prefix=PREFIX, tags=["applications"])
ANSWERS = {**MAY_WAIT, 200: {"description": texts.say("api", "would_decide")}}


@router.post("/applications", status_code=201, responses=ANSWERS)
def apply(body: NewApplication, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """Takes in the application of one visit and decides it at once if asked; with `dry_run` only says how."""
    desk = desk_of(asking.request)
    if how.dry_run and body.about_nobody:
        return JSONResponse(law_alone(body, desk), 200)
    cases = desk.cases
    with by_law():
        if how.dry_run:
            return JSONResponse(tried(body, cases), 200)
        if asking.done:
            return _repeated(body, asking.done, cases)
        act, ruling = _received(body, asking, cases)
        if act.repeated:
            return _repeated(body, act, cases)
    return _answer(body, act, act if body.decide else None, ruling, cases)


def tried(body: NewApplication, cases: Cases) -> dict[str, Any]:
    """Each part with what the law says and what the register would hold of whom; nothing is stored."""
    ruling = cases.tried(_visit(body, cases), acted_on=day(body.acted_on), confirmed=body.confirmed)
    parts = shapes.ruled(ruling, shapes.answers_with(ruling.case))
    namesakes = shapes.namesakes(ruling, AsOf(cases.registry), cases.clerk.viewer)
    told = {**shapes.waits_for(ruling.waits_for), **namesakes, **_warnings(ruling, cases)}
    return {"dry_run": True, **told, "parts": parts}


def _warnings(ruling: Ruling, cases: Cases) -> dict[str, Any]:
    """What stands in nobody's way: a closed office, a change that waits about whom an extract is asked, and what nobody
    said of a paper."""
    parts = [part.service.part for part in ruling.parts]
    waits = extract_warnings.of_visit(cases.registry, parts, cases.registry.position())
    shut = warnings([*cases.closed(ruling), *waits])["warnings"]
    return {"warnings": [*shut, *paper_shapes.warnings(ruling)["warnings"]]}


def _received(body: NewApplication, asking: Asking, cases: Cases) -> tuple[Act, Ruling]:
    visit, on = _visit(body, cases), day(body.acted_on) or cases.clerk.today()
    digest = _digest(body, visit, on.isoformat())
    if not body.decide:
        return cases.receive(visit, command=asking.command, digest=digest, confirmed=body.confirmed)
    return cases.receive_and_decide(visit, acted_on=on, confirmed=body.confirmed, command=asking.command, digest=digest)


def _visit(body: NewApplication, cases: Cases) -> Visit:
    moment = cases.clerk.now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")
    position = cases.registry.position()
    held, received = AsOf(cases.registry, position), body.received or moment
    return visit_of(body, held, position, received, seen_by=cases.clerk.viewer)


def _digest(body: NewApplication, visit: Visit, on: str) -> bytes:
    """What was asked for, names resolved; the ids of people whom the register did not hold are not part of it."""
    decided = {"decide": True, "acted_on": on} if body.decide else {}
    return digest_of("apply", {"visit": without_new_ids(visit, body), **decided})


def _repeated(body: NewApplication, done: Act, cases: Cases) -> JSONResponse:
    """The answer of the first time, all as it stood then; the request must have asked for the same."""
    first, today = done.entries[0], kyiv_day(done.recorded_at)
    if not isinstance(first.fact, ApplicationReceived):
        raise KeyReused
    held = AsOf(cases.registry, first.position - 1)
    try:
        received, viewer = body.received or first.fact.received, cases.clerk.viewer
        visit = visit_of(body, held, first.position - 1, received, first.fact.parts, seen_by=viewer)
    except Impossible:
        raise KeyReused from None
    if not _same(body, visit, done, cases):
        raise KeyReused
    decided = _decision_of(done, body, cases) if body.decide else None
    receipt = fold(entry for entry in done.entries if isinstance(entry.fact, ApplicationReceived | CheckAnswered))
    ruling = cases.ruled_then(first.stream, receipt, held, acted_on=day(body.acted_on), today=today)
    return _answer(body, done, decided, ruling, cases)


def _same(body: NewApplication, visit: Visit, done: Act, cases: Cases) -> bool:
    """Whether an act is the receipt that is asked for; of one without a digest, by whom it concerns."""
    on = body.acted_on or kyiv_day(done.recorded_at).isoformat()
    if done.digest is not None:
        return done.digest == _digest(body, visit, on)
    if not body.decide and (_decides(done) or cases.registry.of_command(_second(done))):
        return False
    asked = [[one.person for one in part.concerned] for part in visit.parts]
    return asked == [[one.person for one in part.concerned] for part in done.entries[0].fact.parts]


def _decision_of(done: Act, body: NewApplication, cases: Cases) -> Act:
    """The decision on a visit: the same act, or, as an earlier release recorded it, one that followed the receipt."""
    if _decides(done):
        return cases.with_documents(done)
    application, acted_on = done.entries[0].stream, day(body.acted_on)
    return cases.decide(application, command=_second(done), acted_on=acted_on, confirmed=body.confirmed)


def _decides(act: Act) -> bool:
    """Whether an act decided, or asked a second person."""
    return any(isinstance(entry.fact, Outcome | ChangeRequested) for entry in act.entries)


def _second(receipt: Act) -> UUID:
    """The command under which an earlier release decided what it had received at once."""
    return uuid5(receipt.command, "decided")


def _answer(body: NewApplication, act: Act, decided: Act | None, ruling: Ruling, cases: Cases) -> JSONResponse:
    application = act.entries[0].stream
    acts = [act] if decided in (None, act) else [act, decided]
    record = fold(entry for one in acts if one for entry in one.entries if entry.stream == application)
    said = {
        **shapes.head(application, record),
        "position": act.position,
        "recorded_at": instant_text(act.recorded_at),
        "command": str(act.command),
        **shapes.namesakes(ruling, AsOf(cases.registry, act.entries[0].position - 1), cases.clerk.viewer),
        **_warnings(ruling, cases),
        "parts": paper_shapes.beside(shapes.ruled(ruling, shapes.answers_of(act.entries)), record),
    }
    if decided:
        said["decision"] = shapes.decided(cases.registry, application, record, decided)
    headers = {"ETag": f'"{record.version}"', "Location": f"{PREFIX}/applications/{application}"}
    if act.repeated:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(said, 200 if act.repeated else 202 if record.awaiting else 201, headers=headers)

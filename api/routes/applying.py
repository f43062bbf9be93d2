"""An application comes: tried («чи можна?»), or taken in, and decided at once where that is asked."""

from typing import Annotated, Any
from uuid import uuid5

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.applications import NewApplication
from api.errors import KeyReused, Problem, raced
from api.forms import DryRun
from api.routes import deciding, recounting
from api.routes.acting import FOR_TWO, PREFIX, Acting, Asking
from api.routes.concerning import parts_of
from api.routes.finding import now
from api.routes.services import by_law, law_alone
from registry.aggregates.case.events import ApplicationReceived, Part
from registry.aggregates.values import Impossible
from registry.app import Act, LostRace
from registry.cases.cases import Applications
from registry.storage.mapper import KYIV, instant_text, kyiv_day

router = APIRouter(prefix=PREFIX, tags=["заяви"])
ANSWERS = {**FOR_TWO, 200: {"description": "З `dry_run=1`: що було б вирішено; нічого не записано"}}
RECEIVED_ONLY = "Заяву прийнято, рішення ще ні. Повторіть запит з тим самим Idempotency-Key."


@router.post("/applications", status_code=201, summary="Прийняти заяву або спитати, чи можна", responses=ANSWERS)
def apply(body: NewApplication, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """Приймає заяву одного відвідування: `register` — що записати й про кого, `children` — інші послуги тієї ж заяви,
    `checks` — відповіді реєстрів, яких ми не ведемо. З `decide` одразу й вирішує: записує, надає витяг або відмовляє.

    `dry_run=1`: лише скаже, що було б вирішено. Без `register` це питання тільки до закону, і день треба назвати."""
    handling = deciding.handling_of(asking.request)
    if how.dry_run and body.about_nobody:
        return JSONResponse(law_alone(body, handling.law), 200)
    with by_law():
        if how.dry_run:
            return JSONResponse(_tried(body, asking, handling), 200)
        act = _received(body, asking, handling)
        decided = _decided(body, act, asking, handling)
    return _answer(body, act, decided, handling)


def _tried(body: NewApplication, asking: Asking, handling: Applications) -> dict[str, Any]:
    """Each part with what the law says and what the register would hold of whom; nothing is stored."""
    judged = handling.dry_run(
        _parts(body, asking.registry, asking.registry.position(), None),
        **_said(body),
        acted_on=deciding.day(body.acted_on),
        confirmed=body.confirmed,
    )
    answered = {(part, check): {"said": said} for part, check, said in body.answers()}
    parts = [recounting.judged_part(number, one, answered) for number, one in enumerate(judged, 1)]
    return {"dry_run": True, "parts": parts}


def _received(body: NewApplication, asking: Asking, handling: Applications) -> Act:
    """The receipt; a repeated one must have asked for the same."""
    if asking.done:
        return _repeated(body, asking.done, handling)
    parts, said = _parts(body, asking.registry, asking.registry.position(), None), _said(body)
    if body.decide:
        handling.rehearse(parts, **said, acted_on=deciding.day(body.acted_on), confirmed=body.confirmed)
    else:
        handling.check(parts, **said)
    act = handling.receive(parts, command=asking.command, **said)
    return _repeated(body, act, handling) if act.repeated else act


def _repeated(body: NewApplication, act: Act, handling: Applications) -> Act:
    first, position = act.entries[0], act.entries[0].position - 1
    if not isinstance(first.fact, ApplicationReceived):
        raise KeyReused
    then = handling.as_of(position, kyiv_day(act.recorded_at))
    try:
        parts = _parts(body, then.registry, position, first.fact)
    except Impossible:
        raise KeyReused from None
    decided = handling.registry.of_command(_second(act)) is not None
    if (decided and not body.decide) or not handling.repeats(act, parts, **_said(body)):
        raise KeyReused
    return act


def _decided(body: NewApplication, act: Act, asking: Asking, handling: Applications) -> Act | None:
    if not body.decide:
        return None
    application = act.entries[0].stream
    acted_on = deciding.day(body.acted_on)
    try:
        return deciding.decided(
            handling, application, command=_second(act), acted_on=acted_on, confirmed=body.confirmed
        )
    except LostRace as race:
        place = {"Location": f"{PREFIX}/applications/{application}"}
        raise Problem(409, "record-changed", raced(race, RECEIVED_ONLY), headers=place) from None


def _second(act: Act) -> Any:
    """The command id of the decision that follows a receipt at once."""
    return uuid5(act.command, "decided")


def _parts(body: NewApplication, registry: Any, position: int, stored: ApplicationReceived | None) -> list[Part]:
    moment = stored.received if stored else now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")
    return parts_of(body, registry, position, body.received or moment, stored.parts if stored else ())


def _said(body: NewApplication) -> dict[str, Any]:
    of_visit = {"office": body.office, "applicant": body.applicant_name, "phone": body.phone}
    return {"answers": body.answers(), **of_visit}


def _answer(body: NewApplication, act: Act, decided: Act | None, handling: Applications) -> JSONResponse:
    """The same for a repeated request: all as it stood when it was recorded."""
    application, day = act.entries[0].stream, kyiv_day(act.recorded_at)
    last = (decided or act).position
    state = handling.as_of(last, day).registry.application(application)
    acted_on = deciding.day(body.acted_on) if body.decide else None
    judged = handling.as_of(act.position, day).first_told(application, acted_on=acted_on)
    answered = recounting.answers_of(act.entries)
    said = {
        **recounting.head(application, state),
        "position": act.position,
        "recorded_at": instant_text(act.recorded_at),
        "command": str(act.command),
        "parts": [recounting.judged_part(number, one, answered) for number, one in enumerate(judged, 1)],
    }
    if decided:
        said["decision"] = deciding.told(handling, application, decided)
    headers = {"ETag": f'"{state.version}"', "Location": f"{PREFIX}/applications/{application}"}
    if act.repeated:
        headers["Idempotency-Replayed"] = "true"
    waits = state.awaiting
    return JSONResponse(said, 200 if act.repeated else 202 if waits else 201, headers=headers)

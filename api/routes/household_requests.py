"""Official requests of departments: taken in with their term, answered from the register, and the reply goes out by the
outbox. For programs, and the page of one request; it is taken in on the page that answers a department at once."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from api.acts import Acting, Asking, of_press
from api.desk import Desk, desk_of
from api.household_forms import HouseholdReply, HouseholdRequest
from api.pressed import PressedForm, Refusal, said_in_words
from api.shapes import household_requests as shapes
from api.shapes.cards import rendered
from registry import household_requests as requests
from registry.aggregates.household.events import HouseholdAnswered, HouseholdRequested
from registry.aggregates.household.state import HouseholdRecord
from registry.aggregates.values import id_of, refuse, sure
from registry.services.adjacent import adjacent_card
from registry.services.terms import answer_by
from registry.viewer import Hidden

router = APIRouter()
API, PAGE = "/api/v1/household-requests", "/requests/{household}"


class RequestPressed(PressedForm):
    """`what`: `answer` from the register, or `without` it, for a `reason`."""

    what: str = ""
    reason: str = ""


@router.post(API, status_code=201, tags=["households"])
def receive(body: HouseholdRequest, asking: Acting) -> JSONResponse:
    """Takes a request in, with the last day for its answer."""
    return received(body, asking)


@router.get(API + "/{household}", tags=["households"])
def one(household: str, request: Request) -> dict[str, Any]:
    """A request as it came, by when, and what was answered."""
    desk = desk_of(request)
    id, record = _found(desk, household)
    return shapes.request_row(desk, id, record)


@router.post(API + "/{household}/answer", status_code=201, tags=["households"])
def answer(household: str, body: HouseholdReply, asking: Acting) -> JSONResponse:
    """Answers it from the register as it is now, or without it, for a reason; the reply waits in the outbox."""
    return _answered(household, body, asking)


@router.get(PAGE, include_in_schema=False)
def page(household: str, request: Request) -> Response:
    """A request with what the register answers now, or what was answered."""
    desk = desk_of(request)
    return _page(request, desk, household, RequestPressed())


@router.post(PAGE, include_in_schema=False)
def press(household: str, request: Request, typed: Annotated[RequestPressed, Form()]) -> Response:
    """Answers it and leads to the reply, to be printed and sent; or the page with what is wrong."""
    desk = desk_of(request)
    asking = of_press(request, desk, typed.command, typed.version)
    _found(desk, household)

    def pressed() -> Any:
        reason = typed.reason if typed.what == "without" else ""
        body = HouseholdReply.model_validate({"reason": reason, "without": typed.what == "without"})
        return json.loads(bytes(_answered(household, body, asking).body))

    try:
        done = said_in_words(desk, pressed)
    except Hidden as error:
        return _page(request, desk, household, typed, Refusal(403, [("reason", str(error))]))
    except Refusal as refusal:
        return _page(request, desk, household, typed, refusal)
    return RedirectResponse(f"/outbox/{done['outgoing']}", 303)


def received(body: HouseholdRequest, asking: Asking) -> JSONResponse:
    """Takes a request in. Raises `Impossible`."""
    desk = desk_of(asking.request)
    today = desk.today()
    refuse(body.faults(adjacent_card(body.card, today), today, taken_in=True))
    came = body.received or today.isoformat()
    here = desk.here()
    fact = HouseholdRequested(
        card=body.card,
        **body.notice.model_dump(),
        came_on=came,
        due_by=answer_by(body.day(came), here.readings.days_to_answer, here.timetable).isoformat(),
        applicant=body.applicant.particulars(),
        applicant_is=body.applicant_is,
        address=body.address.address() if body.address else None,
        member=body.member.particulars() if body.member else None,
    )

    def act(digest: bytes) -> Any:
        return requests.receive(asking.clerk, fact, command=asking.command, digest=digest)

    return asking.on_household(None, HouseholdRequested.NAME, body.model_dump(), act, {"due_by": fact.due_by})


def _answered(household: str, body: HouseholdReply, asking: Asking) -> JSONResponse:
    desk = desk_of(asking.request)
    id, record = _found(desk, household)

    def act(digest: bytes) -> Any:
        text, people, read_at = shapes.reply(desk, record, body.reason)
        return requests.answer(
            asking.clerk,
            id,
            record,
            text=text,
            people=people,
            read_at=read_at,
            reason=body.reason,
            command=asking.command,
            version=asking.version,
            digest=digest,
        )

    return asking.on_household(id, HouseholdAnswered.NAME, body.model_dump(), act)


def _found(desk: Desk, household: str) -> tuple[UUID, HouseholdRecord]:
    id = id_of(household)
    return id or UUID(int=0), requests.found(desk.registry, id)


def _page(
    request: Request, desk: Desk, household: str, typed: RequestPressed, refusal: Refusal | None = None
) -> Response:
    id, record = _found(desk, household)
    row = shapes.request_row(desk, id, record)
    asks = desk.who.may({"clerk", "head"}) and not record.answer
    found, why = shapes.preview(desk, record) if asks and not row["hidden"] else (None, [])
    shown: dict[str, Any] = {
        "row": row,
        "lines": shapes.reply_lines(found, sure(record.requested)) if found else [],
        "why": why,
        "asks": asks,
        "typed": typed,
        "refusal": refusal,
        "faults": [("reason", text) for _, text in refusal.faults] if refusal else [],
        "command": uuid4(),
    }
    return rendered(request, "household_request.html", refusal.status if refusal else 200, **shown)

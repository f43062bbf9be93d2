"""The answers to other departments of the municipality, for programs and as a page. By POST: names and addresses are
asked."""

import json
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.acts import insist_on_no_question, of_press
from api.desk import desk_of
from api.errors import input_fault, told
from api.household_forms import HouseholdAsked, HouseholdRequest
from api.routes.household_requests import received
from api.shapes.cards import rendered
from api.shapes.households import household_answer
from registry import texts
from registry.aggregates.dwelling.events import Address
from registry.aggregates.values import Impossible
from registry.services.adjacent import EVERY_ADJACENT, INSTEAD, adjacent_card

router = APIRouter()
PAGE = "/household-answer"
PARTS: dict[str, tuple[str, ...]] = {
    "notice": ("sender", "number", "dated"),
    "applicant": ("surname", "given_names", "patronymic", "birth_date", "unzr"),
    "address": ("settlement", "district", "street", "house", "building", "flat", "room"),
    "member": ("surname", "given_names", "patronymic", "birth_date", "unzr"),
}
"""The fields of the page; each is called `part_name` there."""


class HouseholdTyped(BaseModel):
    """The form as typed: nothing of it is refused before it can be said beside its field."""

    what: str = ""
    command: str = ""
    received: str = ""
    card: str = ""
    applicant_is: str = ""
    notice_sender: str = ""
    notice_number: str = ""
    notice_dated: str = ""
    applicant_surname: str = ""
    applicant_given_names: str = ""
    applicant_patronymic: str = ""
    applicant_birth_date: str = ""
    applicant_unzr: str = ""
    address_settlement: str = ""
    address_district: str = ""
    address_street: str = ""
    address_house: str = ""
    address_building: str = ""
    address_flat: str = ""
    address_room: str = ""
    member_surname: str = ""
    member_given_names: str = ""
    member_patronymic: str = ""
    member_birth_date: str = ""
    member_unzr: str = ""

    def asked(self) -> dict[str, Any]:
        """The same as a request to the API says it; a part of which nothing was typed is not there."""
        found: dict[str, Any] = {"card": self.card, "applicant_is": self.applicant_is}
        for part, names in PARTS.items():
            said = {name: text for name in names if (text := getattr(self, f"{part}_{name}").strip())}
            if said or part in ("notice", "applicant"):
                found[part] = said
        return found


@router.post("/api/v1/household-answers", tags=["households"], dependencies=[Depends(insist_on_no_question)])
def answer(body: HouseholdAsked, request: Request) -> dict[str, Any]:
    """What the card of another department lets it know today."""
    return household_answer(desk_of(request), body)


@router.get(PAGE, include_in_schema=False)
def form(request: Request) -> Response:
    """The request as a form."""
    return _form(request, HouseholdTyped(), [])


@router.post(PAGE, include_in_schema=False)
def answered(request: Request, typed: Annotated[HouseholdTyped, Form()]) -> Response:
    """The answer, to be read or printed; or the form again with what is wrong."""
    desk = desk_of(request)
    try:
        if typed.what == "later" and desk.who.may({"clerk", "head"}):
            asking = of_press(request, desk, typed.command, None)
            body = HouseholdRequest(**typed.asked(), received=typed.received.strip() or None)
            made = json.loads(bytes(received(body, asking).body))
            return RedirectResponse(f"/requests/{made['household']}", 303)
        asked = HouseholdAsked(**typed.asked())
        found = household_answer(desk, asked)
    except ValidationError as error:
        return _form(request, typed, [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()])
    except Impossible as error:
        return _form(request, typed, told(desk.registry, error.faults, None, seen_by=desk.viewer))
    shown: dict[str, Any] = {
        "answer": found,
        "notice": asked.notice,
        "at": texts.address_label(asked.address.address() if asked.address else Address()),
        "of_dwelling": asked.address is not None,
        "card": adjacent_card(asked.card, desk.today()),
        "opened": desk.now(),
    }
    return rendered(request, "household_answer.html", **shown)


def _form(request: Request, typed: HouseholdTyped, faults: list[dict[str, Any]]) -> Response:
    """The form with what was typed, and each fault beside its field, or above where it is of several."""
    listed = [{"at": _at(one["field"]), "text": one["detail"]} for one in faults]
    cards = {one.number: one.title for one in EVERY_ADJACENT}
    shown = {"typed": typed, "faults": listed, "parts": PARTS, "cards": cards, "instead": INSTEAD, "command": uuid4()}
    return rendered(request, "household_form.html", 422 if faults else 200, **shown)


def _at(field: str | None) -> str:
    """The id of the first field of the page that a fault is about."""
    named = (field or "card").replace(".", "_")
    return f"{named}_{PARTS[named][0]}" if named in PARTS else named

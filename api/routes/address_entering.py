"""A dwelling that the register has not yet, entered from the picker: on a street of the list, in a house that the list
names, or in another one, which is said and confirmed."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.acts import of_press
from api.pressed import Refusal
from api.routes.address_pages import PickerForm, Picking, street_named
from api.shapes.dwelling_acts import AddressPressed, called, said_in_words, there
from registry import picking, texts
from registry.aggregates.dwelling.decisions import KINDS
from registry.aggregates.dwelling.requests import EnterDwelling
from registry.picking import Where

router = APIRouter(include_in_schema=False)
TYPED = ("house", "building", "flat", "room")
"""What of an address is typed; the rest is the street's."""


class HomePressed(AddressPressed):
    """`readdress`: which dwelling it is entered for, that becomes it."""

    kind: str = ""
    readdress: str = ""


@router.get("/addresses/{street}/new")
def form(request: Request, street: UUID, asked: Annotated[PickerForm, Query()]) -> Response:
    """The rest of the address, with the house of the list that was picked."""
    at = Picking(request, asked)
    where = at.street(street)
    held = where.street.houses.get(asked.house)
    typed = HomePressed(readdress=asked.readdress)
    if held:
        typed.house, typed.building = held.said.house, held.said.building or ""
    return _page(at, where, typed)


@router.post("/addresses/{street}/new")
def enter(request: Request, street: UUID, typed: Annotated[HomePressed, Form()]) -> Response:
    """Enters the dwelling and leads to where a picked one leads; or the page again with what is wrong."""
    at = Picking(request, PickerForm(readdress=typed.readdress))
    where = at.street(street)
    asking = of_press(request, at.desk, typed.command, None)
    for part in ("settlement", "district", "katottg"):
        setattr(typed, part, getattr(where.street, part) or "")
    typed.street = where.street.name_on(at.desk.today())[1]

    def act() -> str:
        if not typed.house.strip():
            raise Refusal(422, [("", texts.say("address_new", "house_missing"))])
        body = typed.body(typed.kind or None)
        asked = EnterDwelling(address=body.address.address(), kind=body.kind, confirmed=body.confirmed)
        entered: str = json.loads(bytes(asking.act(asked).body))["dwelling"]
        return entered

    try:
        return RedirectResponse(at.home(said_in_words(at.desk, act)), 303)
    except Refusal as refusal:
        return _page(at, where, typed, refusal)


def _page(at: Picking, where: Where, typed: HomePressed, refusal: Refusal | None = None) -> Response:
    key = picking.house_key(typed.house, typed.building)
    held = where.street.houses.get(key) if typed.house else None
    shown: dict[str, Any] = {
        "street": street_named(where.street, at),
        "typed": typed,
        "typed_parts": TYPED,
        "kinds": KINDS,
        "listed": held is not None,
        "without": picking.flats_without(where, key, picking.homes(at.desk.registry, where, key)) if held else "",
        "refusal": refusal,
        "there": [(one, called(at.desk, at.desk.registry.dwelling(one))) for one in there(refusal)],
        "command": uuid4(),
    }
    return at.rendered("address_new.html", refusal.status if refusal else 200, **shown)

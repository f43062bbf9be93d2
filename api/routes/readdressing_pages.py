"""A dwelling is renumbered or merged: what it is, what it becomes, what would come of it, and one press is one act.

The dwelling that it becomes is picked from the register, or entered first, which is an act of its own. Nobody moves by
it, and it waits for no second person; what a clerk may not expect is confirmed beside the button.
"""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.acts import Asking, of_press
from api.desk import Desk, desk_of
from api.forms import Readdressing
from api.pressed import PressedForm, Refusal
from api.shapes.cards import rendered
from api.shapes.dwelling_acts import AddressPressed, called, said_in_words, there, told_of, typed_address
from api.shapes.names import find_dwelling
from registry.aggregates.dwelling.requests import EnterDwelling, Readdress
from registry.aggregates.values import id_of
from registry.projections.addresses import PARTS

router = APIRouter(include_in_schema=False)


class ReaddressPressed(PressedForm):
    """`what`: `try` shows what would come of it, `record` records it."""

    what: str = ""
    successor: str = ""
    since: str = ""
    reason: str = ""

    def body(self) -> Readdressing:
        """The same as the API takes it. Raises `ValidationError`."""
        said = {name: getattr(self, name).strip() or None for name in ("successor", "since", "reason")}
        return Readdressing(**said, confirmed=bool(self.confirmed))


@router.get("/dwellings/{dwelling}/readdress")
def form(request: Request, dwelling: UUID, successor: Annotated[str, Query()] = "") -> Response:
    """What the dwelling is, and the first or the second step: what it becomes, and from when."""
    desk = desk_of(request)
    return _page(request, desk, _found(desk, dwelling), ReaddressPressed(successor=successor))


@router.post("/dwellings/{dwelling}/readdress")
def press(request: Request, dwelling: UUID, typed: Annotated[ReaddressPressed, Form()]) -> Response:
    """Shows what would come of it, or records it and leads to the card; or the page again with what is wrong."""
    desk = desk_of(request)
    id, asking = _found(desk, dwelling), of_press(request, desk, typed.command, typed.version)
    try:
        tried = said_in_words(desk, lambda: _pressed(desk, asking, id, typed))
    except Refusal as refusal:
        return _page(request, desk, id, typed, refusal)
    if typed.what == "record":
        return RedirectResponse(f"/dwellings/{id}", 303)
    return _page(request, desk, id, typed, tried=tried)


@router.post("/dwellings/{dwelling}/readdress/new")
def enter(request: Request, dwelling: UUID, typed: Annotated[AddressPressed, Form()]) -> Response:
    """Enters the dwelling that it becomes, and comes back with it; or the page again with what is wrong."""
    desk = desk_of(request)
    id, asking = _found(desk, dwelling), of_press(request, desk, typed.command, typed.version)
    asking.version = None
    try:
        entered = said_in_words(desk, lambda: _entered(desk, asking, id, typed))
    except Refusal as refusal:
        return _page(request, desk, id, ReaddressPressed(), refusal, address=typed)
    return RedirectResponse(f"/dwellings/{id}/readdress?successor={entered}", 303)


def _pressed(desk: Desk, asking: Asking, dwelling: UUID, typed: ReaddressPressed) -> int:
    """How many people are carried over: by the act, or by what was tried."""
    body = typed.body()
    successor = asking.home(body.successor)
    asked = Readdress(
        dwelling=dwelling, successor=successor, since=body.since, reason=body.reason, confirmed=body.confirmed
    )
    if typed.what == "record":
        asking.act(asked)
        return 0
    facts, _ = desk.clerk.tried(asked, version=asking.version)
    return len(facts) - 1


def _entered(desk: Desk, asking: Asking, dwelling: UUID, typed: AddressPressed) -> str:
    """The id of the dwelling that was entered."""
    body = typed.body(desk.registry.dwelling(dwelling).kind)
    asked = EnterDwelling(address=body.address.address(), kind=body.kind, confirmed=body.confirmed)
    answer: str = json.loads(bytes(asking.act(asked).body))["dwelling"]
    return answer


def _found(desk: Desk, dwelling: UUID) -> UUID:
    return find_dwelling(desk.registry, str(dwelling), desk.registry.position())


def _page(
    request: Request,
    desk: Desk,
    dwelling: UUID,
    typed: ReaddressPressed,
    refusal: Refusal | None = None,
    *,
    tried: int | None = None,
    address: AddressPressed | None = None,
) -> Response:
    registry, home = desk.registry, desk.registry.dwelling(dwelling)
    to = id_of(typed.successor)
    becomes = registry.dwelling(to) if to and to != dwelling else None
    shown: dict[str, Any] = {
        "id": dwelling,
        "version": home.version,
        "command": uuid4(),
        "was": told_of(desk, dwelling, home),
        "becomes": told_of(desk, to, becomes) if to and becomes and becomes.entered else None,
        "unknown": bool(typed.successor) and not (becomes and becomes.entered),
        "succeeded": home.succession,
        "typed": typed,
        "tried": tried,
        "refusal": refusal,
        "there": [(one, called(desk, registry.dwelling(one))) for one in there(refusal) if one != dwelling],
        "address": address or typed_address(home, desk),
        "parts": PARTS,
    }
    return rendered(request, "readdress.html", refusal.status if refusal else 200, **shown)

"""A dwelling is called otherwise from a day on, or was written wrongly: what it was and will be, who lives there, which
extracts will be untrue, and one press is one act. Nobody moves by it, and it waits for no second person."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from api.acts import of_press
from api.desk import Desk, desk_of
from api.forms import DwellingCorrection, NewName
from api.pressed import Refusal
from api.shapes.approvals import falling_row
from api.shapes.cards import rendered
from api.shapes.dwelling_acts import AddressPressed, said_in_words, there, told_of
from api.shapes.names import find_dwelling
from registry import texts
from registry.aggregates.dwelling.decisions import KINDS
from registry.aggregates.dwelling.requests import CorrectDwelling, RenameAddress
from registry.aggregates.dwelling.state import Dwelling, address_on
from registry.cases import foreseen
from registry.projections.addresses import PARTS

router = APIRouter(include_in_schema=False)
Way = Literal["renamed", "wrong"]
"""`renamed`: it is called so from a day on; `wrong`: its first address or its kind was recorded wrongly."""


class Chosen(BaseModel):
    """Which of the two it is; anything else is the first."""

    way: str = ""

    @property
    def chosen(self) -> Way:
        """The way, one of the two."""
        return "wrong" if self.way == "wrong" else "renamed"


class NewAddressPressed(AddressPressed, Chosen):
    """`what`: `try` shows what would come of it, `record` records it. `since` of a renaming; `kind` of a correction."""

    what: str = ""
    since: str = ""
    reason: str = ""
    kind: str = ""

    def asked(self, dwelling: UUID) -> RenameAddress | CorrectDwelling:
        """The same as the API takes it. Raises `ValidationError`."""
        said = {"address": self.parts, "confirmed": bool(self.confirmed)}
        reason = self.reason.strip() or None
        if self.chosen == "renamed":
            name = NewName.model_validate({**said, "since": self.since.strip() or None, "basis": reason})
            return RenameAddress(
                dwelling=dwelling,
                address=name.address.address(),
                since=name.since,
                basis=name.basis,
                confirmed=name.confirmed,
            )
        right = DwellingCorrection.model_validate({**said, "kind": self.kind or None, "reason": reason})
        return CorrectDwelling(
            dwelling=dwelling,
            address=right.address.address(),
            kind=right.kind,
            reason=right.reason,
            confirmed=right.confirmed,
        )


@router.get("/dwellings/{dwelling}/address")
def form(request: Request, dwelling: UUID, asked: Annotated[Chosen, Query()]) -> Response:
    """What the dwelling is called, to be written as it is right."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    home = desk.registry.dwelling(id)
    said = address_on(home, desk.today()) if asked.chosen == "renamed" else home.names[0].address
    parts = {part: getattr(said, part) or "" for part in PARTS}
    return _page(request, desk, id, NewAddressPressed(way=asked.chosen, kind=home.kind or "", **parts))


@router.post("/dwellings/{dwelling}/address")
def press(request: Request, dwelling: UUID, typed: Annotated[NewAddressPressed, Form()]) -> Response:
    """Shows what would come of it, or records it and leads to the card; or the page again with what is wrong."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    asking = of_press(request, desk, typed.command, typed.version)

    def act() -> dict[str, Any]:
        asked = typed.asked(id)
        if typed.what == "record":
            asking.act(asked)
            return {}
        facts, _ = desk.clerk.tried(asked, version=asking.version)
        versions = {id: desk.registry.dwelling(id).version}
        falls, more = foreseen.falling_after(desk.registry, facts, versions, desk.today())
        return {
            "address": texts.address_label(asked.address),
            "falls": [falling_row(desk, one) for one in falls],
            "more": foreseen.LOOKED_THROUGH if more else 0,
        }

    try:
        tried = said_in_words(desk, act)
    except Refusal as refusal:
        return _page(request, desk, id, typed, refusal)
    if typed.what == "record":
        return RedirectResponse(f"/dwellings/{id}", 303)
    return _page(request, desk, id, typed, tried=tried)


def _page(
    request: Request,
    desk: Desk,
    dwelling: UUID,
    typed: NewAddressPressed,
    refusal: Refusal | None = None,
    *,
    tried: dict[str, Any] | None = None,
) -> Response:
    home = desk.registry.dwelling(dwelling)
    shown: dict[str, Any] = {
        "id": dwelling,
        "version": home.version,
        "command": uuid4(),
        "was": told_of(desk, dwelling, home),
        "first": _first(home) if typed.chosen == "wrong" else None,
        "typed": typed,
        "tried": tried,
        "falls": tried["falls"] if tried else [],
        "more": tried["more"] if tried else 0,
        "refusal": refusal,
        "there": [(one, told_of(desk, one, desk.registry.dwelling(one))["called"]) for one in there(refusal)],
        "parts": PARTS,
        "kinds": KINDS,
    }
    return rendered(request, "dwelling_address.html", refusal.status if refusal else 200, **shown)


def _first(home: Dwelling) -> str | None:
    """The first address, which a correction is of, where the dwelling was renamed since."""
    return texts.address_label(home.names[0].address) if len(home.names) > 1 else None

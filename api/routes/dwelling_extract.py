"""An extract about those registered in a dwelling, from its card: who asks comes first, compared with the recorded
owners; what card 7 would refuse is said before anything is recorded; one press is one act."""

import json
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from api.acts import Asking, of_press
from api.desk import Desk, desk_of
from api.extract_forms import NewDwellingExtract
from api.pressed import Refusal
from api.routes.extracts import issued_of_dwelling
from api.shapes.cards import rendered
from api.shapes.dwelling_acts import said_in_words, told_of
from api.shapes.names import find_dwelling
from registry import texts
from registry.aggregates.dwelling.state import Dwelling, fold
from registry.cases import at_desk
from registry.extracts.requesting import OWNERS_SIDE
from registry.services.decision import Decision
from registry.viewer import shown_owners

router = APIRouter(include_in_schema=False)
OWNERS = ("dwelling_owner", "owner_representative")
"""Of those who may ask, the ones who are or stand for an owner, whom the register may have recorded."""


class ExtractPressed(BaseModel):
    """`what`: `try` draws the papers of whoever asks, `issue` issues it."""

    what: str = ""
    basis: str = "dwelling_owner"
    requester: str = ""
    documents: list[str] = []
    command: str = ""
    confirmed: str = ""

    def body(self) -> NewDwellingExtract:
        """The same as the API takes it. Raises `ValidationError`."""
        return NewDwellingExtract(
            basis=self.basis.strip() or None, requester=self.requester.strip() or None, documents=self.documents
        )


@router.get("/dwellings/{dwelling}/extracts")
def form(request: Request, dwelling: UUID) -> Response:
    """Who asks, and what is shown for it: of the one owner that the register knows it is filled in."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    owners = _owners(desk, id)
    typed = ExtractPressed(requester=owners[0] if len(owners) == 1 else "")
    return _page(request, desk, id, typed, all_shown=len(owners) == 1)


@router.post("/dwellings/{dwelling}/extracts")
def press(request: Request, dwelling: UUID, typed: Annotated[ExtractPressed, Form()]) -> Response:
    """Leads to the document; or the page again with what is in the way, and nothing recorded."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    if typed.what != "issue":
        return _page(request, desk, id, typed)
    asking = of_press(request, desk, _command(desk, id, typed), None)
    try:
        number = said_in_words(desk, lambda: _issued(desk, asking, id, typed))
    except Refusal as refusal:
        return _page(request, desk, id, typed, refusal)
    return RedirectResponse(f"/extracts/{number}", 303)


def _issued(desk: Desk, asking: Asking, dwelling: UUID, typed: ExtractPressed) -> str:
    body = typed.body()
    if not asking.done:
        decision = _decision(desk, body, dwelling)
        if decision.decision != "granted":
            lacks = [one.name for one in decision.documents_required if one.id in decision.missing]
            grounds = [one.wording for one in decision.grounds] + [one.wording for one in decision.barred]
            said = [texts.say("dwelling_extract", "lacks", ", ".join(lacks))] if lacks else grounds
            raise Refusal(422, [("", one) for one in said])
        if typed.basis in OWNERS and not typed.confirmed and (why := _unlike_owners(desk, dwelling, typed)):
            raise Refusal(409, confirm=[why])
    return issued_of_dwelling(asking, body, dwelling).number


def _unlike_owners(desk: Desk, dwelling: UUID, typed: ExtractPressed) -> str:
    """Why whoever asks as an owner is to be looked at again: none is recorded, or none of this name."""
    owners = _owners(desk, dwelling)
    if not owners:
        return texts.say("dwelling_extract", "no_owners")
    named = " ".join(typed.requester.split()).casefold()
    if typed.basis == "dwelling_owner" and named not in {" ".join(one.split()).casefold() for one in owners}:
        return texts.say("dwelling_extract", "other_owner")
    return ""


def _decision(desk: Desk, body: NewDwellingExtract, dwelling: UUID) -> Decision:
    return at_desk.tried(desk.cases, body.asked(dwelling=dwelling)).parts[0].decision


def _owners(desk: Desk, dwelling: UUID) -> list[str]:
    """The names of the recorded owners, as far as whoever looks may know them."""
    home: Dwelling = fold(shown_owners(desk.registry.entries(dwelling), desk.viewer))
    return [one.name for one in home.owners.owners] if home.owners else []


def _command(desk: Desk, dwelling: UUID, typed: ExtractPressed) -> str:
    """The command of a press: of the form, what it says, and all that the document would say otherwise with."""
    rows = desk.registry.query("extracts", "touched_dwelling_after", dwelling=dwelling, person=None, position=0)
    touched = max((row["position"] for row in rows), default=0)
    here = desk.here().identity
    said: list[Any] = [typed.command, typed.basis, typed.requester, typed.documents, touched, desk.today().isoformat()]
    said += [here.name, here.body, desk.public_url, bool(here.sample)]
    return str(uuid5(NAMESPACE_URL, json.dumps(said, ensure_ascii=False)))


def _page(
    request: Request,
    desk: Desk,
    dwelling: UUID,
    typed: ExtractPressed,
    refusal: Refusal | None = None,
    *,
    all_shown: bool = False,
) -> Response:
    needed: list[tuple[str, str]] = []
    try:
        # The papers are those of the basis, whoever it is: nobody need be named yet.
        asked = typed.model_copy(update={"requester": typed.requester.strip() or desk.actor.name})
        required = said_in_words(desk, lambda: _decision(desk, asked.body(), dwelling)).documents_required
        needed = [(one.id, one.name) for one in required if not one.optional]
    except Refusal as found:
        refusal = refusal or found
    shown: dict[str, Any] = {
        "id": dwelling,
        "home": told_of(desk, dwelling, desk.registry.dwelling(dwelling)),
        "typed": typed,
        "owners": _owners(desk, dwelling),
        "bases": OWNERS_SIDE,
        "needed": needed,
        "ticked": [id for id, _ in needed] if all_shown else typed.documents,
        "refusal": refusal,
        "there": [],
        "command": typed.command if refusal and refusal.status == 409 else uuid4(),
    }
    return rendered(request, "dwelling_extract.html", refusal.status if refusal else 200, **shown)

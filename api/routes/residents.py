"""A resident whom the register has not yet: registered here by an old paper, entered as a row of a card index is, once
a second person agrees. Who looks like them stands beside them first; what was taken in on paper lately is an
application."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from api.acts import MAY_WAIT, Acting, Asking, of_press
from api.desk import Desk, desk_of
from api.errors import candidate
from api.forms import DryRun, NewResident, PersonalData
from api.guided.view import dwellings_found
from api.pressed import PressedForm, Refusal, said_in_words
from api.routes.updating import FIELDS, LISTS, PAPER, called
from api.shapes.alike import side_by_side
from api.shapes.cards import rendered
from api.shapes.tried import would_come
from registry import questions
from registry.aggregates.dwelling.state import in_this_community
from registry.aggregates.person.requests import EnterResident
from registry.aggregates.values import Fault, id_of, refuse
from registry.twice import ALIKE

router = APIRouter()
FIRST = ("surname", "given_names", "patronymic", "birth_date")
"""What is asked first: by them somebody is known."""


class ResidentPressed(PressedForm):
    """`what`: `find` looks for the dwelling, `try` shows what would come of it, `record` asks for it; `how`: by which
    paper, an old `card`, or a `journal` of what was taken in lately."""

    what: str = ""
    how: str = "card"
    surname: str = ""
    given_names: str = ""
    patronymic: str = ""
    birth_date: str = ""
    sex: str = ""
    birth_country: str = ""
    birth_place: str = ""
    citizenship: str = ""
    unzr: str = ""
    rnokpp: str = ""
    phone: str = ""
    email: str = ""
    doc_kind: str = ""
    doc_number: str = ""
    doc_issued_on: str = ""
    doc_issued_by: str = ""
    doc_valid_until: str = ""
    doc_latin: str = ""
    dwelling_find: str = ""
    dwelling: str = ""
    kind: str = "registered"
    since: str = ""
    basis: str = ""
    distinct_from: tuple[str, ...] = ()
    distinct_reason: str = ""

    def body(self) -> NewResident:
        """The same as the API takes it. Raises `ValidationError`."""
        paper = {name: text for name in PAPER if (text := getattr(self, f"doc_{name}").strip())}
        own = ("dwelling", "kind", "since", "basis", "distinct_reason")
        return NewResident.model_validate(
            {
                "particulars": {name: getattr(self, name) for name in PersonalData.model_fields},
                "documents": [paper] if paper else [],
                "distinct_from": self.distinct_from,
                "confirmed": bool(self.confirmed),
                **{name: getattr(self, name) for name in own},
            }
        )


@router.post("/api/v1/residents", status_code=201, responses=MAY_WAIT, tags=["persons"])
def enter(body: NewResident, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """Somebody who is registered here by an old paper, and whom the register has not."""
    asked = _asked(asking, body)
    return asking.tried(asked) if how.dry_run else asking.act(asked)


@router.get("/residents/new", include_in_schema=False)
def form(request: Request) -> Response:
    """Who it is, where they live, by which paper."""
    return _page(request, desk_of(request), ResidentPressed())


@router.post("/residents/new", include_in_schema=False)
def press(request: Request, typed: Annotated[ResidentPressed, Form()]) -> Response:
    """Finds a dwelling, shows what would come of it, or asks a second person; or the page with what is wrong."""
    desk = desk_of(request)
    # Enter in the line of search looks for the dwelling, whatever the first button of the form says.
    looks = typed.what != "record" and typed.dwelling_find.strip() and not typed.dwelling
    if looks or typed.what not in ("try", "record") or typed.how == "journal":
        return _page(request, desk, typed)
    asking = of_press(request, desk, typed.command, None)

    def pressed() -> Any:
        asked = _asked(asking, typed.body())
        if typed.what == "record":
            return json.loads(bytes(asking.act(asked).body))
        facts, waits = desk.clerk.tried(asked)
        [made] = facts.values()
        return {"waits": waits, **would_come(desk, uuid4(), made, homes=[asked.dwelling])}

    try:
        done = said_in_words(desk, pressed, shown=(ALIKE,))
    except Refusal as refusal:
        return _page(request, desk, typed, refusal)
    if typed.what != "record":
        return _page(request, desk, typed, tried=done)
    return RedirectResponse(
        f"/approvals/{done['application']}" if "status" in done else f"/persons/{done['person']}", 303
    )


def _asked(asking: Asking, body: NewResident) -> EnterResident:
    """What is asked for; whoever lives elsewhere is no resident."""
    home = asking.home(body.dwelling)
    known = asking.registry.dwelling(home)
    if known.entered and not in_this_community(known, desk_of(asking.request).here().within):
        refuse([Fault("resident-elsewhere", "dwelling")])
    if questions.number_taken(asking.registry, body.particulars.unzr, asking.position):
        refuse([Fault("unzr-taken", "particulars.unzr")])
    return body.request(home)


def _page(
    request: Request,
    desk: Desk,
    typed: ResidentPressed,
    refusal: Refusal | None = None,
    *,
    tried: dict[str, Any] | None = None,
) -> Response:
    asked = [one for one in (refusal.asked if refusal else ()) if one.code == ALIKE]
    shown: dict[str, Any] = {
        "first": [(name, called(name)) for name in FIRST],
        "fields": [(name, called(name)) for name in FIELDS if name not in FIRST],
        "lists": LISTS,
        "paper": [(name, called(name)) for name in PAPER],
        "homes": dwellings_found(desk, typed.dwelling_find, id_of(typed.dwelling)),
        "typed": typed,
        "alike": [_alike(desk, typed, id) for one in asked if desk.viewer.sees(id := UUID(one.named["person"]))],
        "tried": tried,
        "refusal": refusal,
        "faults": [(_anchor(field), text) for field, text in refusal.faults] if refusal else [],
        # The same press again is the same act: what is mended is another one.
        "command": uuid4(),
        **(tried or {}),
    }
    return rendered(request, "resident.html", refusal.status if refusal else 200, **shown)


def _alike(desk: Desk, typed: ResidentPressed, person: UUID) -> dict[str, Any]:
    held = candidate(desk.registry, person)
    return {"person": person, "rows": side_by_side(lambda name: getattr(typed, name), held)}


def _anchor(field: str) -> str:
    """The id of the field of the page that a fault is about."""
    last = field.rpartition(".")[2]
    name = f"doc_{last}" if field.startswith("documents") else last
    return name if name in ResidentPressed.model_fields and name not in PressedForm.model_fields else "surname"

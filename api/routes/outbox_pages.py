"""The outbox as pages: what has yet to go out, by deadline; each with its text, and what became of it."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.acts import of_press
from api.desk import Desk, desk_of
from api.errors import input_fault, told
from api.outgoing_forms import Done, Drawn, Failed, Reopened, Sent
from api.routes import outgoing as acts
from api.shapes import outgoing as shapes
from api.shapes.cards import rendered
from api.shapes.names import find_outgoing
from registry import household_requests, texts
from registry.aggregates.outgoing.events import PAPERS
from registry.aggregates.outgoing.state import OPEN, fold
from registry.aggregates.values import Impossible, id_of
from registry.outgoing import delivering, papers
from registry.viewer import HIDDEN

router = APIRouter(include_in_schema=False)
LIMIT = 100
"""How many a page has: what failed, then what waits, the nearest deadlines first."""
LISTS = ("failed", "waiting")
ACTS: dict[str, tuple[type[BaseModel], Any]] = {
    "sent": (Sent, acts.sent),
    "done": (Done, acts.done),
    "failed": (Failed, acts.failed),
    "reopened": (Reopened, acts.reopened),
    "drawn": (Drawn, acts.drawn),
}


class Pressed(BaseModel):
    """The form as typed; `command` is of the form, `version` what it was drawn at."""

    what: str = ""
    on: str = ""
    how: str = ""
    number: str = ""
    reason: str = ""
    command: str = ""
    version: str = ""

    def said(self) -> dict[str, str]:
        """What the act that was chosen takes of what was typed."""
        fields = ACTS[self.what][0].model_fields
        return {name: text for name in fields if (text := getattr(self, name, "").strip())}


@router.get("/outbox")
def waiting(
    request: Request, of: Annotated[str, Query()] = "", after: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """What failed, is overdue, is for today, and comes later. A further page begins in the list `of` a state, after
    one of its rows."""
    desk = desk_of(request)
    today = desk.today().isoformat()
    groups: dict[str, list[dict[str, Any]]] = {"failed": [], "overdue": [], "today": [], "later": []}
    last, found = id_of(after) if of in LISTS else None, list[Any]()
    for state in LISTS[LISTS.index(of) if last else 0 :]:
        wanted = {"state": state, "role": None, "item": None, "overdue": None, "limit": LIMIT + 1 - len(found)}
        found += desk.registry.query("outbox", "nearest", **wanted, after=last if state == of else None)
    shown = found[:LIMIT]
    for row in shapes.rows(desk, shown):
        groups[_group(row, today)].append(row)
    following = f"/outbox?of={shown[-1]['state']}&after={shown[-1]['id']}" if len(found) > LIMIT else None
    return rendered(request, "outbox.html", groups=groups, next=following, further=bool(last), hidden=HIDDEN)


@router.get("/outbox/{outgoing}")
def one(outgoing: str, request: Request) -> Response:
    """A message or a task as it goes out, with everything that was recorded of it."""
    desk = desk_of(request)
    return _page(request, desk, _found(desk, outgoing), Pressed(), [])


@router.post("/outbox/{outgoing}")
def press(outgoing: str, typed: Annotated[Pressed, Form()], request: Request) -> Response:
    """Records what became of it, and comes back to it; or the page again with what is wrong."""
    desk = desk_of(request)
    id = _found(desk, outgoing)
    if typed.what not in ACTS:
        return _page(request, desk, id, typed, [texts.say("outbox_page", "choose")])
    form, act = ACTS[typed.what]
    try:
        body = form(**typed.said())
        act(str(id), body, of_press(request, desk, typed.command, typed.version), request)
    except ValidationError as error:
        faults = [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        return _page(request, desk, id, typed, [_fault(one) for one in faults])
    except Impossible as error:
        faults = told(desk.registry, error.faults, None, seen_by=desk.viewer)
        return _page(request, desk, id, typed, [one["detail"] for one in faults])
    return RedirectResponse(f"/outbox/{id}/paper" if typed.what == "drawn" else f"/outbox/{id}", 303)


def _found(desk: Desk, ref: str) -> UUID:
    return find_outgoing(desk.registry, ref, desk.registry.position(), seen_by=desk.viewer)


def _page(request: Request, desk: Desk, id: UUID, typed: Pressed, faults: list[str]) -> Response:
    entries = desk.registry.entries(id)
    row = shapes.whole(desk, delivering.items(desk.registry, [id])[0], entries)
    offered = ("sent", "done", "failed") if row["state"] in OPEN else ("reopened",)
    paper = fold(entries).drawn
    history = list(zip((entry.recorded_at for entry in entries), row["history"], strict=True))
    shown = {"row": row, "history": history, "typed": typed, "faults": faults, "offered": offered, "command": uuid4()}
    shown |= {
        "drawn": papers.number_of(paper.fact) if paper else None,
        "draws": PAPERS.get(row["item"]),
        "draw": uuid4(),
        "of_request": household_requests.of_item(desk.registry, row),
    }
    return rendered(request, "outbox_item.html", 422 if faults else 200, **shown)


def _fault(fault: dict[str, Any]) -> str:
    name = texts.TEXTS["outbox_page"].get(fault["field"])
    return f"{name}: {fault['detail']}" if name else str(fault["detail"])


def _group(row: dict[str, Any], today: str) -> str:
    if row["state"] == "failed":
        return "failed"
    if row["overdue"]:
        return "overdue"
    return "today" if row["deadline"] == today else "later"

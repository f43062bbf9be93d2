"""The page's way to an extract: one press is one act, and what it gives is what the register says now.

A press names the form that it is of. The same press again, a double click, gives the same document; after anything has
changed, or with another choice, it is another act. A page that has grown old says so and asks again, and so does one of
somebody about whom a change waits. The document itself is behind an address of its own, to be opened again.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.acts import Asking
from api.desk import Desk, desk_of
from api.errors import Problem
from api.extract_forms import NewExtract
from api.routes.extracts import issued_about, pdf
from api.shapes.cards import PageTimes, TimesForm, history, rendered, waiting_rows
from registry import texts
from registry.aggregates.person.state import fold
from registry.aggregates.values import Entry
from registry.cases import waiting
from registry.cases.waiting import Waiting
from registry.extracts import issuing
from registry.questions import BadQuestion
from registry.viewer import insist

router = APIRouter(include_in_schema=False)


class ExtractForm(BaseModel):
    """`command` is of the form; `seen` the position that it was drawn at; `waiting` the last change it told of."""

    history: str = ""
    on: str = ""
    known_at: str = ""
    position: str = ""
    command: str = ""
    seen: str = ""
    waiting: str = ""


@dataclass(frozen=True)
class _Standing:
    """What an extract of somebody would rest on now: the facts of the person, the last position that touched what it
    states, and the changes that wait."""

    entries: list[Entry]
    touched: int
    waiting: list[Waiting]

    @property
    def asked_last(self) -> int:
        return max((one.asked.position for one in self.waiting), default=0)


@router.get("/persons/{person}/extracts")
def back(request: Request, person: UUID, form: Annotated[TimesForm, Query()]) -> Response:
    """Whoever opens the address of a press again comes to the card."""
    return RedirectResponse(f"/persons/{person}{PageTimes(desk_of(request), form).query}", 303)


@router.post("/persons/{person}/extracts")
def extract(request: Request, person: UUID, form: Annotated[ExtractForm, Form()]) -> Response:
    """The address of the document; or the page that says what to look at first, with nothing issued."""
    desk = desk_of(request)
    try:
        position = _number(form.position)
        if form.position and position is None:
            raise BadQuestion(texts.say("questions", "no_position"))
        body = NewExtract(history=bool(form.history), on=form.on, known_at=form.known_at, position=position)
    except ValidationError:
        raise Problem(422, "not-a-date", texts.TEXTS["faults"]["not-a-date"]) from None
    standing = _standing(desk, person)
    # What was known at an earlier moment is not changed by what came later.
    if not body.of_then and (told := _to_look_at(desk, form, standing)):
        state = fold(standing.entries)
        shown = {
            "id": person,
            "full": texts.person_name(state.particulars),
            "gone": not state.entered,
            "times": PageTimes(desk, TimesForm(on=form.on)),
            "form": form,
            "command": form.command or uuid4(),
            "seen": desk.registry.position(),
            "asked_last": standing.asked_last,
        }
        return rendered(request, "confirm.html", 409, **shown, **told)
    command = _command(desk, form.command or str(uuid4()), body, standing)
    asking = Asking(request, desk.clerk, command, None, desk.registry.of_command(command))
    return RedirectResponse(f"/extracts/{issued_about(asking, body, person).number}", 303)


@router.get("/extracts/{year}/{number}")
def document(request: Request, year: str, number: str) -> Response:
    """An issued extract, for the browser's own viewer."""
    desk = desk_of(request)
    made = issuing.document(desk.registry, desk.settings, f"{year}/{number}", by=desk.actor, seen_by=desk.viewer)
    return pdf(made, f"vytiah-{year}-{number}")


def _standing(desk: Desk, person: UUID) -> _Standing:
    registry = desk.registry
    insist(desk.viewer, person)
    entries, position = registry.entries(person), registry.position()
    if not entries:
        return _Standing([], 0, [])
    rows = registry.query("extracts", "touched_person_after", person=person, position=0)
    touched = max((one["position"] for one in rows), default=0)
    return _Standing(entries, max(touched, entries[-1].position), waiting.of_person(registry, person, position))


def _to_look_at(desk: Desk, form: ExtractForm, standing: _Standing) -> dict[str, Any]:
    """What has changed since the page was drawn, and what waits that it has not told of; nothing if neither."""
    position, seen = desk.registry.position(), _number(form.seen)
    changed = seen is not None and standing.touched > seen
    untold = standing.asked_last > (_number(form.waiting) or 0)
    if not changed and not untold:
        return {}
    rows = history(desk, standing.entries, position)
    newer = [row for row in rows if changed and row["entry"].position > (seen or 0)]
    return {"changed": changed, "newer": newer, "waiting": waiting_rows(desk, standing.waiting, position)}


def _command(desk: Desk, pressed: str, body: NewExtract, standing: _Standing) -> UUID:
    """The command of a press: of the form, the choices, and all that the document would say otherwise with."""
    here = desk.here().identity
    issuer = [here.name, here.body, desk.public_url, bool(here.sample)]
    of_now = None if body.of_then else [standing.touched, desk.today().isoformat()]
    then = body.known_at if body.position is None else body.position
    said = [pressed, body.history, body.on, then, of_now, issuer]
    return uuid5(NAMESPACE_URL, json.dumps(said, ensure_ascii=False))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

"""Particulars by a document alone: which document, what it says beside what the register holds, what would come of it,
and one press records it. What was recorded wrongly is asked of a second person by the same page."""

import json
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.acts import of_press
from api.desk import Desk, desk_of
from api.forms import ParticularsCorrection, ParticularsUpdate, PersonalData
from api.forms import documents as as_facts
from api.pressed import PressedForm, Refusal, said_in_words
from api.shapes.cards import rendered
from api.shapes.names import person_at, person_entries
from api.shapes.person_card import age
from api.shapes.tried import would_come
from api.shapes.words import field_label, field_text
from registry import texts
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.requests import ChangeParticulars
from registry.aggregates.person.state import Person, with_shown
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)
FIELDS = tuple(PersonalData.model_fields)
LISTS = {"sex": "sex", "citizenship": "citizenship", "doc_kind": "document_kinds"}
"""The fields that are chosen, each with the group of texts that it is chosen from."""
PAPER = ("kind", "number", "issued_on", "issued_by", "valid_until", "latin")
"""What stands on a document; each is called `doc_field` on the page."""


class UpdatePressed(PressedForm):
    """`what`: `try` shows what would come of it, `record` records it; `how`: whether it has `changed`, or was recorded
    `wrong`. A particular of which nothing is typed is not what the document is for."""

    what: str = ""
    how: str = "changed"
    basis: str = ""
    surname: str = ""
    given_names: str = ""
    patronymic: str = ""
    sex: str = ""
    birth_date: str = ""
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

    def asked(self, id: UUID, person: Person) -> ChangeParticulars:
        """The same as the API is asked for it. Raises `ValidationError`, or `Refusal`."""
        paper = {name: text for name in PAPER if (text := getattr(self, f"doc_{name}").strip())}
        if paper and "kind" not in paper:
            raise Refusal(422, [("documents.0.kind", texts.say("update_page", "kind_first"))])
        said: dict[str, Any] = {
            "changes": {name: text for name in FIELDS if (text := getattr(self, name).strip())},
            "basis": self.basis,
            "confirmed": bool(self.confirmed),
        }
        if self.how != "wrong":
            return ParticularsUpdate.model_validate({**said, "documents": [paper] if paper else []}).request(id)
        # A correction names all the documents that there are.
        shown = as_facts(ParticularsCorrection.model_validate({**said, "documents": [paper]}).documents) or ()
        listed = [asdict(one) for one in with_shown(person.documents, shown)] if paper else None
        return ParticularsCorrection.model_validate({**said, "documents": listed}).request(id)


@router.get("/persons/{person}/particulars")
def form(request: Request, person: UUID) -> Response:
    """What the register holds, and the first step: which document was shown and what it says."""
    desk = desk_of(request)
    return _page(request, desk, person, _known(desk, person), UpdatePressed())


@router.post("/persons/{person}/particulars")
def press(request: Request, person: UUID, typed: Annotated[UpdatePressed, Form()]) -> Response:
    """Shows what would come of it, or records it and leads to where that stands; or the page with what is wrong."""
    desk = desk_of(request)
    known, asking = _known(desk, person), of_press(request, desk, typed.command, typed.version)

    def pressed() -> Any:
        asked = typed.asked(person, known)
        if typed.what == "record":
            return json.loads(bytes(asking.act(asked).body))
        facts, waits = desk.clerk.tried(asked, version=asking.version)
        return {"waits": waits, **would_come(desk, person, facts[person])}

    try:
        done = said_in_words(desk, pressed)
    except Refusal as refusal:
        return _page(request, desk, person, known, typed, refusal)
    if typed.what != "record":
        return _page(request, desk, person, known, typed, tried=done)
    return RedirectResponse(f"/approvals/{done['application']}" if "status" in done else f"/persons/{person}", 303)


def _known(desk: Desk, person: UUID) -> Person:
    """Somebody of the register as they are now. Raises `NotFound`, or `Hidden`."""
    entries = person_entries(desk.registry, str(person), desk.registry.position(), seen_by=desk.viewer)
    found = person_at(entries, desk.registry.position())
    if not found.entered:
        raise NotFound(texts.say("pages", "gone"))
    return found


def _page(
    request: Request,
    desk: Desk,
    id: UUID,
    person: Person,
    typed: UpdatePressed,
    refusal: Refusal | None = None,
    *,
    tried: dict[str, Any] | None = None,
) -> Response:
    held = person.particulars
    faults = [(_anchor(field), text) for field, text in refusal.faults] if refusal else []
    shown: dict[str, Any] = {
        "id": id,
        "person": person,
        "full": texts.person_name(held),
        "age": age(held.birth_date, desk.today()),
        "held": [(name, called(name), _said(held, name)) for name in FIELDS],
        "lists": LISTS,
        "paper": [(name, called(name)) for name in PAPER],
        "typed": typed,
        "tried": tried,
        "refusal": refusal,
        "faults": faults,
        "command": uuid4(),
        # What is pressed is what was tried, unless somebody came between: then what is shown is new.
        "version": person.version,
        **(tried or {}),
    }
    return rendered(request, "update.html", refusal.status if refusal else 200, **shown)


def _said(held: Particulars, name: str) -> str:
    said = getattr(held, name)
    return field_text(held, name, said) if said else ""


def called(name: str) -> str:
    """What a field is called on the page."""
    return texts.begun(field_label(name))


def _anchor(field: str) -> str:
    """The id of the field of the page that a fault is about."""
    last = field.rpartition(".")[2]
    name = f"doc_{last}" if field.startswith("documents") else last
    return name if name in UpdatePressed.model_fields and name not in PressedForm.model_fields else "basis"

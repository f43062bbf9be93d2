"""Who owns a dwelling, who lives there by which contract, what it is burdened with: noted by a paper from the card, as
new or as it now stands; what would be otherwise is shown first, and one press is one act."""

from itertools import zip_longest
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from api.acts import of_press
from api.desk import Desk, desk_of
from api.dwelling_forms import DwellingNote, EncumbranceNoted, LeaseNoted, OwnersNoted
from api.pressed import PressedForm, Refusal, said_in_words
from api.shapes.cards import rendered
from api.shapes.dwelling_acts import called
from api.shapes.dwelling_notes import (
    BLANK,
    BURDEN,
    TERMS,
    as_seen,
    choices,
    differs,
    filled,
    insist_on_named,
)
from api.shapes.names import find_dwelling
from registry.aggregates.values import id_of

router = APIRouter(include_in_schema=False)
Way = Literal["owners", "lease", "encumbrance"]
WAYS: tuple[Way, ...] = ("owners", "lease", "encumbrance")
ROWS = 50
"""How many lines of a difference the page shows."""


class WayChosen(BaseModel):
    """What is noted; anything else is the first. `of`: which contract or encumbrance of the card, counted from 1."""

    way: str = ""
    of: str = ""

    @property
    def chosen(self) -> Way:
        """The way, one of them."""
        return next((way for way in WAYS if way == self.way), WAYS[0])


class RightsPressed(PressedForm, WayChosen):
    """`what`: `try` shows what would come of it, `record` records it. Of the owners a line each."""

    what: str = ""
    owner: list[str] = []
    share: list[str] = []
    person: list[str] = []
    kind: str = ""
    number: str = ""
    since: str = ""
    until: str = ""
    holder: str = ""
    tenant: str = ""
    lessee: str = ""
    terminated_on: str = ""
    basis: str = ""

    def lines(self) -> list[tuple[str, str, str]]:
        """The owners as typed, without the lines that say nothing: name, share, person."""
        lines = zip_longest(self.owner, self.share, self.person, fillvalue="")
        return [line for line in ((a.strip(), b.strip(), c.strip()) for a, b, c in lines) if any(line)]

    def body(self, names: dict[str, str]) -> DwellingNote:
        """The same as the API takes it; `names` call those who were only chosen. Raises `ValidationError`."""
        if self.chosen == "owners":
            owners = [
                {"name": name or names.get(person, ""), "share": share or None, "person": person or None}
                for name, share, person in self.lines()
            ]
            return OwnersNoted.model_validate({"owners": owners, **self._said("since", "basis")})
        if self.chosen == "lease":
            return LeaseNoted.model_validate(self._said(*TERMS))
        return EncumbranceNoted.model_validate(self._said(*BURDEN))

    def _said(self, *names: str) -> dict[str, str | None]:
        return {name: getattr(self, name).strip() or None for name in names}


@router.get("/dwellings/{dwelling}/rights")
def form(request: Request, dwelling: UUID, asked: Annotated[WayChosen, Query()]) -> Response:
    """The form, filled with how it stands."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    of = int(asked.of) if asked.of.isascii() and asked.of.isdigit() and len(asked.of) < 6 else 0
    said = filled(as_seen(desk, id), asked.chosen, of)
    return _page(request, desk, id, RightsPressed(way=asked.chosen, **said))


@router.post("/dwellings/{dwelling}/rights")
def press(request: Request, dwelling: UUID, typed: Annotated[RightsPressed, Form()]) -> Response:
    """Shows what would be otherwise, or records it and leads to the card; or the page again with what is wrong."""
    desk = desk_of(request)
    id = find_dwelling(desk.registry, str(dwelling), desk.registry.position())
    asking = of_press(request, desk, typed.command, typed.version)

    def act() -> dict[str, Any]:
        body = typed.body(dict(choices(desk, id, _named(typed))))
        insist_on_named(desk.viewer, desk.registry.dwelling(id), body)
        asked = body.request(id, asking.relative)
        if typed.what == "record":
            asking.act(asked)
            return {}
        facts, _ = desk.clerk.tried(asked, version=asking.version)
        return differs(desk, id, facts[id])

    try:
        tried = said_in_words(desk, act)
    except Refusal as refusal:
        return _page(request, desk, id, typed, refusal)
    if typed.what == "record":
        return RedirectResponse(f"/dwellings/{id}", 303)
    return _page(request, desk, id, typed, tried=tried)


def _named(typed: RightsPressed) -> list[str]:
    """Who is named in the form by an id."""
    return [id for id in (*typed.person, typed.lessee) if id_of(id)]


def _page(
    request: Request,
    desk: Desk,
    dwelling: UUID,
    typed: RightsPressed,
    refusal: Refusal | None = None,
    *,
    tried: dict[str, Any] | None = None,
) -> Response:
    home = desk.registry.dwelling(dwelling)
    lines = [*typed.lines(), *[("", "", "")] * BLANK]
    shown: dict[str, Any] = {
        "id": dwelling,
        "called": called(desk, home),
        "version": home.version,
        "command": uuid4(),
        "ways": WAYS,
        "typed": typed,
        "lines": lines,
        "people": choices(desk, dwelling, _named(typed)),
        "faults": [(_anchor(field), text) for field, text in refusal.faults] if refusal else [],
        "refusal": refusal,
        "tried": tried,
        "change": {"judged": None},
        "limit": ROWS,
    }
    return rendered(request, "dwelling_rights.html", refusal.status if refusal else 200, **shown)


def _anchor(field: str) -> str:
    """The id of the field of the page that a fault is about."""
    parts = field.split(".")
    if parts[0] == "owners":
        return f"owner-{int(parts[1]) + 1}" if len(parts) > 1 and parts[1].isdigit() else "owner-1"
    return parts[0] if parts[0] in (*TERMS, *BURDEN) else "note"

"""Picking a dwelling without a name: a street of the community's list, a house, a flat. Links alone are enough.

No address of these pages names a person: a street by its id, a house by its key. Where a dwelling is picked for another
one, the one that this becomes, `readdress` is the other's id and goes with every link.
"""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.desk import Desk, desk_of
from api.forms import Streets
from api.shapes.cards import PageTimes, TimesForm, rendered
from api.shapes.paging import part_of
from registry import addresses, picking, streets, texts, ukrainian
from registry.aggregates.street.matching import OnList
from registry.aggregates.values import id_of
from registry.picking import Where
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)
STREETS, HOUSES, HOMES = 60, 120, 120
"""How many of each a page has."""


class PickerForm(TimesForm):
    """What the links carry: `name` the first letters of a street, `after` the last street of the page before, `house`
    the key of a house, `page` a number from 1."""

    name: str = ""
    after: str = ""
    house: str = ""
    page: str = ""
    readdress: str = ""


class Picking:
    """A page of the picker: its times, and what its links carry on."""

    def __init__(self, request: Request, form: PickerForm):
        self.desk: Desk = desk_of(request)
        self.request, self.form, self.times = request, form, PageTimes(self.desk, form)
        self.readdress = id_of(form.readdress)

    def link(self, path: str = "", **more: Any) -> str:
        """The address of another page of the picker."""
        carried = self.times.kept | ({"readdress": str(self.readdress)} if self.readdress else {})
        query = urlencode(carried | {name: value for name, value in more.items() if value})
        return f"/addresses{path}" + (f"?{query}" if query else "")

    @property
    def before_home(self) -> str:
        """What stands before the id of a picked dwelling: the address of its card, or of the page that it is for."""
        return f"/dwellings/{self.readdress}/readdress?successor=" if self.readdress else "/dwellings/"

    def home(self, dwelling: UUID | str) -> str:
        """Where a picked dwelling leads: to its card, or back to what becomes it."""
        return f"{self.before_home}{dwelling}{'' if self.readdress else self.times.query}"

    def street(self, street: UUID) -> Where:
        """The street of an address. Raises `NotFound`."""
        position, day = self.times.position, self.times.question.day
        if found := streets.of_ids(self.desk.registry, [street], position):
            within = self.desk.here(day, position).within
            return Where(street=found[0], day=day, position=position, community=within)
        raise NotFound(texts.say("questions", "no_street"))

    def part(self, rows: list[Any], size: int) -> dict[str, Any]:
        """The rows of the asked page, and the numbers of the pages before and after it."""
        part = part_of(len(rows), size, self.form.page)
        return {"rows": rows[part.start : part.end], "previous": part.previous, "next": part.next}

    def rendered(self, name: str, status: int = 200, **shown: Any) -> Response:
        """The page."""
        return rendered(self.request, name, status, times=self.times, picked=self, **shown)


Asked = Annotated[PickerForm, Query()]


@router.get("/addresses")
def list_of_streets(request: Request, form: Asked) -> Response:
    """Streets of the list whose name, an old one too, has a word that begins so."""
    at = Picking(request, form)
    shown: dict[str, Any] = {"begins": form.name.strip(), "letters": ukrainian.FIRST_LETTERS}
    try:
        asked = Streets.model_validate({"name": form.name, "after": id_of(form.after)})
    except ValidationError:
        return at.rendered("addresses.html", 422, fault=texts.TEXTS["faults"]["text-broken"], rows=[], **shown)
    registry, position = at.desk.registry, at.times.position
    how: dict[str, Any] = {"position": position, "name": asked.name, "after": asked.after, "limit": STREETS + 1}
    # Signs alone are the beginning of no name.
    found = streets.page(registry, **how) if not form.name.strip() or addresses.found_by(asked.name or "") else []
    rows = [street_named(one, at) for one in found[:STREETS]]
    following = str(found[STREETS - 1].street) if len(found) > STREETS else None
    return at.rendered("addresses.html", rows=rows, next=following, **shown)


@router.get("/addresses/{street}")
def houses_of_street(request: Request, street: UUID, form: Asked) -> Response:
    """The houses of a street; one that is a single dwelling leads to it."""
    at = Picking(request, form)
    where = at.street(street)
    found = at.part(picking.houses(at.desk.registry, where), HOUSES)
    return at.rendered("address_street.html", street=street_named(where.street, at), **found)


@router.get("/addresses/{street}/homes")
def homes_of_house(request: Request, street: UUID, form: Asked) -> Response:
    """The dwellings of a house, and the flats that the list names and the register has not."""
    at = Picking(request, form)
    where = at.street(street)
    found = picking.homes(at.desk.registry, where, form.house)
    held = where.street.houses.get(form.house)
    if not found and not held:
        raise NotFound(texts.say("pages", "no_such_record"))
    first = found[0].address if found else None
    number, building = (held.said.house, held.said.building) if held else (first.house, first.building)  # type: ignore[union-attr]
    rows = [{"dwelling": one.dwelling, "label": _flat(one)} for one in found]
    return at.rendered(
        "address_house.html",
        listed=held is not None,
        street=street_named(where.street, at),
        number=_number(number, building),
        without=picking.flats_without(where, form.house, found),
        **at.part(rows, HOMES),
    )


def street_named(one: OnList, at: Picking) -> dict[str, Any]:
    """A street by what it is called on the day, and its other names."""
    name = one.name_on(at.times.question.day)[1]
    others = [{"name": other, "until": until} for _, until, other in one.names if other != name and until]
    return {"id": one.street, "name": name, "place": one.settlement, "district": one.district, "others": others}


def _number(house: str | None, building: str | None) -> str:
    parts = (("house", house), ("building", building))
    return ", ".join(texts.say("address", name).format(text) for name, text in parts if text)


def _flat(one: picking.PickedHome) -> str:
    parts = (("flat", one.address.flat), ("room", one.address.room))
    return ", ".join(texts.say("address", name).format(text) for name, text in parts if text)

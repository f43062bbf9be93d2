"""No text comes in by a form of the API without a gate: each is one of `api/fields.py`, or of a closed list."""

import enum
import importlib
import pkgutil
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from given import installation
from pydantic import AfterValidator, BaseModel

import api
from api import fields
from api.case_forms import NewApplication
from api.forms import AddressForm, PersonalData
from api.main import create_app
from api.methods import routes_within
from registry import gate
from registry.app import Registry

AS_TYPED = {
    "api.routes.dwelling_address.Chosen": "one of two words, or the first of them",
    "api.routes.dwelling_address.NewAddressPressed": "read by NewName and DwellingCorrection",
    "api.routes.dwelling_rights.WayChosen": "one of three words, or the first of them; a number of a list",
    "api.routes.dwelling_rights.RightsPressed": "read by OwnersNoted, LeaseNoted and EncumbranceNoted",
    "api.routes.dwelling_extract.ExtractPressed": "read by NewDwellingExtract; the rest is a word, an id, a mark",
    "api.routes.address_entering.HomePressed": "read by NewDwelling; an id, or none",
    "api.routes.residents.ResidentPressed": "read by NewResident; a dwelling is looked for by Search",
    "api.routes.household_requests.RequestPressed": "read by HouseholdReply",
    "api.routes.updating.UpdatePressed": "read by ParticularsUpdate and ParticularsCorrection",
    "api.pressed.PressedForm": "a command and a version are ids and numbers, or the press is refused",
    "api.routes.readdressing_pages.ReaddressPressed": "read by Readdressing",
    "api.shapes.dwelling_acts.AddressPressed": "read by NewDwelling",
    "api.routes.approval_pages.Word": "read by Rejection; a ground is of a list",
    "api.routes.pages.DwellingForm": "read by Times; numbers of pages",
    "api.routes.address_pages.PickerForm": "read by Times; a street is looked for, and keys are there or not",
    "api.routes.pages.SearchForm": "read by Search and Times",
    "api.routes.issuing.ExtractForm": "read by Times, and as an id and a position",
    "api.shapes.cards.TimesForm": "read by Times",
    "api.routes.households.HouseholdTyped": "read by HouseholdAsked",
    "api.routes.outbox_pages.Pressed": "read by Sent, Done, Failed and Reopened",
    "api.routes.staffing.UserForm": "read by registry.staff.users: a name by the gate, all else a pattern or a list",
    "api.routes.keyring.KeyForm": "read by registry.staff.keys, and as a day",
    "api.routes.keyring.EndForm": "read as ids and a login that there are",
    "api.routes.day_lists.ListAsked": "read as a day; a login is compared, and nothing is shown of it",
    "api.routes.substituting.SubstituteForm": "read as a login that there is, and as days",
}
"""What a page shows again beside its field as it was typed; the form of the API that reads it has the gate."""
NO_TEXTS = (int, float, bool, UUID, bytes, NoneType)
GATES = [one for one in vars(gate).values() if callable(one)]


def modules() -> Iterator[Any]:
    for one in pkgutil.walk_packages(api.__path__, "api."):
        yield importlib.import_module(one.name)


def forms() -> list[type[BaseModel]]:
    """Every form of the house, those that are made of a dataclass too."""
    list(modules())
    found: list[type[BaseModel]] = []
    rest = [BaseModel]
    while rest:
        one = rest.pop()
        rest += one.__subclasses__()
        if one.__module__.startswith("api.") and one not in found:
            found.append(one)
    return found


def ungated(hint: Any, metadata: tuple[Any, ...] = ()) -> Iterator[str]:
    """Each text of an annotation that no gate looks at, as a short word for it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        yield from ungated(parts[0], (*metadata, *parts[1:]))
    elif origin in (Union, UnionType):
        for part in parts:
            yield from ungated(part, metadata)
    elif origin in (list, tuple, set, frozenset):
        for part in parts:
            yield from ungated(part)
    elif origin is Literal or hint in NO_TEXTS:
        return
    elif isinstance(hint, type) and issubclass(hint, BaseModel | enum.Enum):
        return  # a form has its own turn, an enumeration is a closed list
    elif not any(_is_gate(one) for one in metadata):
        yield str(hint)


def _is_gate(one: Any) -> bool:
    if not isinstance(one, AfterValidator):
        return False
    called = getattr(one.func, "gate", None)
    return one.func is fields._days_by_id or getattr(called, "func", called) in GATES


@pytest.mark.parametrize("form", forms(), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_text_of_a_form(form: type[BaseModel]) -> None:
    found = {name: list(ungated(one.annotation, tuple(one.metadata))) for name, one in form.model_fields.items()}
    loose = {name for name, texts in found.items() if texts}
    assert bool(loose) == (f"{form.__module__}.{form.__name__}" in AS_TYPED), loose


def test_the_walk_finds_what_has_none() -> None:
    class Loose(BaseModel):
        bare: str
        may: str | None = None
        listed: list[str] = []
        by_name: dict[str, str] = {}
        anything: Any = None
        checked: Annotated[str, AfterValidator(str.strip)] = ""

    found = {name for name, one in Loose.model_fields.items() if list(ungated(one.annotation, tuple(one.metadata)))}
    assert found == set(Loose.model_fields)
    assert {NewApplication, PersonalData, AddressForm} < set(forms()) and len(forms()) > 60


BESIDE = {
    "of": "one of two words, or nothing",
    "dwelling": "the id of a dwelling, or none",
    "after": "an id, or nothing; as long as one",
    "code": "a code that somebody types into a public page: it is one or none",
    **dict.fromkeys(("login", "key", "substitute", "office"), "one that there is, or none"),
    **dict.fromkeys(("password", "pin", "current", "again"), "a secret, which is compared and never shown"),
    **dict.fromkeys(("purpose", "by", "done", "letters", "ground"), "a word of a list"),
    "on": "a day, or today",
    "successor": "the id of a dwelling, or none",
    "to": "a path of ours, or the first page",
}
"""What routes take beside a form."""


def test_no_route_takes_a_text_beside_a_form() -> None:
    app = create_app(cast(Registry, None), installation())
    routes = [one for one in routes_within(app.routes) if isinstance(one, APIRoute)]
    taken = {
        (route.path, one.name)
        for route in routes
        for one in (*route.dependant.query_params, *route.dependant.body_params)
        if list(ungated(one.field_info.annotation, tuple(one.field_info.metadata)))
    }
    assert len(routes) > 100 and {name for _, name in taken} == set(BESIDE)
    assert {path.rstrip("/") for path, name in taken if name == "code"} == {"/v", "/status"}

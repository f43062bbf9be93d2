"""What the pages of a dwelling's acts have in common: the form as pressed, refusals in words, who lives there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from api import pressed
from api.desk import Desk
from api.forms import NewDwelling
from api.pressed import PressedForm, Refusal
from registry import questions, texts
from registry.aggregates.dwelling.state import Dwelling, address_on
from registry.projections.addresses import PARTS

RESIDENTS = 50
"""How many residents a page tells one by one."""
THERE = "dwelling-exists"
"""What asks whether a dwelling is the one that has the address already: the page offers it."""


class AddressPressed(PressedForm):
    """The address of a dwelling that the register has not yet."""

    katottg: str = ""
    settlement: str = ""
    district: str = ""
    street: str = ""
    house: str = ""
    building: str = ""
    flat: str = ""
    room: str = ""

    @property
    def parts(self) -> dict[str, str | None]:
        """What was typed, part by part."""
        return {part: getattr(self, part).strip() or None for part in PARTS}

    def body(self, kind: str | None) -> NewDwelling:
        """The same as the API takes it; of the kind of the one that becomes it. Raises `ValidationError`."""
        return NewDwelling.model_validate({"address": self.parts, "kind": kind, "confirmed": bool(self.confirmed)})


def said_in_words(desk: Desk, act: Callable[[], Any]) -> Any:
    """What the act gives. Raises `Refusal` in place of what stands in its way; the dwellings that have the address
    already are shown as `there`."""
    return pressed.said_in_words(desk, act, shown=(THERE,))


def there(refusal: Refusal | None) -> list[UUID]:
    """The dwellings that have the address already."""
    return [UUID(one.named["dwelling"]) for one in (refusal.asked if refusal else ()) if one.code == THERE]


def told_of(desk: Desk, id: UUID, home: Dwelling) -> dict[str, Any]:
    """A dwelling and the first of those who live there."""
    question = questions.asked(now=desk.now())
    asked = {"dwelling": id, "on": question.day, "position": desk.registry.position()}
    [there] = desk.registry.query("residences", "living_count", **asked)
    rows = desk.registry.query("residences", "living_page", limit=RESIDENTS, skipped=0, **asked)
    people = [questions.occupant(row, question, desk.viewer) for row in rows]
    return {"id": id, "called": called(desk, home), "people": people, "count": there["people"]}


def called(desk: Desk, home: Dwelling) -> str:
    return texts.address_label(address_on(home, desk.today()))


def typed_address(home: Dwelling, desk: Desk) -> AddressPressed:
    now = address_on(home, desk.today())
    return AddressPressed(**{part: getattr(now, part) or "" for part in PARTS})

"""What the pages of a dwelling's acts have in common: the form as pressed, refusals in words, who lives there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from api.desk import Desk
from api.errors import Stale, input_fault, raced, told
from api.forms import NewDwelling
from registry import questions, texts
from registry.aggregates.dwelling.state import Dwelling, address_on
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation
from registry.app import LostRace
from registry.projections.addresses import PARTS

RESIDENTS, FAULTS = 50, 20
"""How many residents, and how many things to confirm, a page tells one by one."""


class PressedForm(BaseModel):
    """What every form of the page says: `command` is of the form, `version` of the dwelling as it was drawn."""

    command: str = ""
    version: str = ""
    confirmed: str = ""


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


class Refusal(Exception):
    """Why nothing was recorded, in words: `faults` to be mended, `confirm` to be confirmed; `there` are the dwellings
    that have the address already."""

    def __init__(
        self, status: int, faults: Sequence[str] = (), confirm: Sequence[str] = (), there: Sequence[UUID] = ()
    ):
        self.status, self.faults, self.confirm, self.there = status, list(faults), list(confirm), list(there)


def said_in_words(desk: Desk, act: Any) -> Any:
    """What the act gives. Raises `Refusal` in place of what stands in its way."""
    try:
        return act()
    except ValidationError as error:
        faults = [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        raise Refusal(422, list(map(_labelled, faults))) from None
    except Impossible as error:
        raise Refusal(422, [_labelled(one) for one in _told(desk, error.faults)]) from None
    except NeedsConfirmation as error:
        there = [UUID(one.named["dwelling"]) for one in error.faults if one.code == "dwelling-exists"]
        others = [one for one in error.faults if one.code != "dwelling-exists"]
        more = len(others) - FAULTS
        said = list(dict.fromkeys(one["detail"] for one in _told(desk, others[:FAULTS])))
        said += [texts.say("readdress_page", "and_more", more)] if more > 0 else []
        raise Refusal(409, confirm=said, there=there) from None
    except (Stale, LostRace) as error:
        raise Refusal(409, [raced(error.race if isinstance(error, Stale) else error)]) from None


def _told(desk: Desk, faults: Sequence[Fault]) -> list[dict[str, Any]]:
    return told(desk.registry, faults, None, seen_by=desk.viewer, on_page=True)


def _labelled(fault: dict[str, Any]) -> str:
    name = texts.TEXTS["fields"].get((fault["field"] or "").rpartition(".")[2])
    return f"{name[:1].upper()}{name[1:]}: {fault['detail']}" if name else str(fault["detail"])


def told_of(desk: Desk, id: UUID, home: Dwelling) -> dict[str, Any]:
    """A dwelling and the first of those who live there."""
    moment = desk.now()
    question = questions.asked(now=moment)
    rows = questions.living_in(desk.registry, id, question, desk.registry.position())
    rows.sort(key=lambda row: (row["since"] is not None, row["since"], row["person"]))
    people = [questions.occupant(row, question, desk.viewer) for row in rows[:RESIDENTS]]
    return {"id": id, "called": called(desk, home), "people": people, "count": len(rows)}


def called(desk: Desk, home: Dwelling) -> str:
    return texts.address_label(address_on(home, desk.today()))


def typed_address(home: Dwelling, desk: Desk) -> AddressPressed:
    now = address_on(home, desk.today())
    return AddressPressed(**{part: getattr(now, part) or "" for part in PARTS})

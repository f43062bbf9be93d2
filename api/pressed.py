"""The press of a page's form: what the act gives, or why nothing was recorded, in words beside the fields."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from api.desk import Desk
from api.errors import KeyReused, Stale, input_fault, raced, told
from registry import texts
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation
from registry.app import LostRace

FAULTS = 20
"""How many things to confirm a page tells one by one."""
Told = tuple[str, str]
"""The field of the request that something is about (empty: of none), and its words."""


class PressedForm(BaseModel):
    """What every form of such a page says: `command` is of the form, `version` of the record as it was drawn."""

    command: str = ""
    version: str = ""
    confirmed: str = ""


class Refusal(Exception):
    """Why nothing was recorded: `faults` to be mended, `confirm` to be confirmed; `asked` are the questions
    themselves."""

    def __init__(
        self, status: int, faults: Sequence[Told] = (), confirm: Sequence[str] = (), asked: Sequence[Fault] = ()
    ):
        self.status, self.faults, self.confirm, self.asked = status, list(faults), list(confirm), list(asked)


def said_in_words(desk: Desk, act: Callable[[], Any], *, shown: Collection[str] = ()) -> Any:
    """What the act gives. Raises `Refusal` in place of what stands in its way; what is to be confirmed of a code that
    the page has `shown` otherwise has no words here."""
    try:
        return act()
    except ValidationError as error:
        faults = [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        raise Refusal(422, list(map(_labelled, faults))) from None
    except Impossible as error:
        raise Refusal(422, [_labelled(one) for one in _told(desk, error.faults)]) from None
    except NeedsConfirmation as error:
        others = [one for one in error.faults if one.code not in shown]
        more = len(others) - FAULTS
        said = list(dict.fromkeys(one["detail"] for one in _told(desk, others[:FAULTS])))
        said += [texts.say("pressed", "and_more", more)] if more > 0 else []
        raise Refusal(409, confirm=said, asked=error.faults) from None
    except (Stale, LostRace) as error:
        raise Refusal(409, [("", raced(error.race if isinstance(error, Stale) else error))]) from None
    except KeyReused:
        raise Refusal(409, [("", texts.say("pressed", "another"))]) from None


def _told(desk: Desk, faults: Sequence[Fault]) -> list[dict[str, Any]]:
    return told(desk.registry, faults, None, seen_by=desk.viewer, on_page=True)


def _labelled(fault: dict[str, Any]) -> Told:
    field = fault["field"] or ""
    name = texts.TEXTS["fields"].get(field.rpartition(".")[2])
    return field, f"{name[:1].upper()}{name[1:]}: {fault['detail']}" if name else str(fault["detail"])

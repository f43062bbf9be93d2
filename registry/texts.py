"""What the register says in Ukrainian, from `texts.toml`: labels, faults, addresses, dates."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

from registry import ukrainian
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Fault
from registry.services.catalogue import EVERY_CARD

TEXTS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# A residence that a service began has the service for its basis: where no label is written, the title of its card.
TEXTS["bases"] = {one.id: card.title for card in EVERY_CARD for one in card.services.values() if one.settles} | TEXTS[
    "bases"
]
_CODE = re.compile(r"[a-z0-9_]+")


def label(group: str, code: str | None) -> str:
    """The text of a code in a group; the code itself where there is none, so that nothing stored is ever hidden."""
    return document_kind(code) if group == "document_kinds" else TEXTS[group].get(code or "", code or "")


def document_kind(kind: str | None) -> str:
    """The kind of a document in words: of our list, or as somebody wrote it; what another program called by a code of
    its own is another document, since no card is to show a code."""
    known = TEXTS["document_kinds"]
    return known.get(kind or "") or (known["other"] if _CODE.fullmatch(kind or "") else kind or "")


def say(group: str, code: str, *filled: Any, **named: Any) -> str:
    """A sentence of the program with its braces filled, or as it stands if nothing is to be filled. Raises KeyError for
    a code that the group has not: `label` is for codes that are stored, and a sentence is never missing in silence."""
    text = TEXTS[group][code]
    return text.format(*filled, **named) if filled or named else text


def fault_text(fault: Fault, named: Mapping[str, str] | None = None, *, on_page: bool = False) -> str:
    """What stands in the way and what to do, with what it names filled in; `named` adds what only storage knows. On a
    page it names the fields by their words, and not as programs do."""
    text = TEXTS["faults"][fault.code]
    text = TEXTS["faults_on_page"].get(fault.code, text) if on_page else text
    known = {**fault.named, **(named or {})}
    wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
    told = {name: day(value) for name, value in known.items() if name in ("registered_on", "until")}
    told |= {"check_name": label("checks", known["check"])} if "check" in known else {}
    told |= {name: value_text(known[name]) for name in ("held", "said") if name in known}
    return text.format(**{**dict.fromkeys(wanted, "…"), **known, **told})


def place_text(place: str) -> str:
    """A field of a person or of their document, by its place in a request, as people call it."""
    *around, name = place.split(".")
    called = TEXTS["fact_fields"].get(name) or label("fields", name)
    return say("sent_by_portal", "document", called) if "documents" in around else called


def value_text(value: str) -> str:
    """A value of an application, or several, for people: a code of a closed list, or a date as written."""
    return ", ".join(_value_text(one) for one in value.split(", "))


def _value_text(one: str) -> str:
    if one[:4].isdigit():
        return day(one)
    groups = ("values", "citizenship", "document_kinds", "dwelling_kinds")
    return next((TEXTS[group][one] for group in groups if one in TEXTS[group]), one)


def address_label(address: Address) -> str:
    """An address in one line, as people write it."""
    plain = (address.settlement, address.district, address.street)
    numbered = ((name, getattr(address, name)) for name in ("house", "building", "flat", "room"))
    parts = [part for part in plain if part] + [TEXTS["address"][name].format(text) for name, text in numbered if text]
    return ", ".join(parts) or TEXTS["address"]["unknown"]


def person_name(said: Particulars) -> str:
    """Surname, given names and patronymic, those that there are."""
    return joined_name(said.surname, said.given_names, said.patronymic)


def rnokpp(value: str | None) -> str | None:
    """РНОКПП for people: the number, or that it was refused by belief."""
    return label("rnokpp_values", value) if value else None


def joined_name(*parts: str | None) -> str:
    """The parts of a name that there are, separated by spaces."""
    return " ".join(part for part in parts if part)


def begun(text: str) -> str:
    """A text as it stands at the beginning of a line: with a capital letter."""
    return text[:1].upper() + text[1:]


def short_name(surname: str | None, *others: str | None) -> str:
    """The surname and the first letters of the other names, unbroken: «Вигадана О. Т.»; without a surname the others
    in full."""
    if not surname:
        return joined_name(*others)
    return "\u00a0".join([surname, *(f"{part[0]}." for part in others if part)])


def wrong_clock(code: str, apart: timedelta) -> str:
    """Why no act may be dated now, by the code of `WrongClock`, and by how much."""
    seconds = round(apart.total_seconds())
    units = {"days": 86400, "minutes": 60, "seconds": 1}
    unit = next(name for name, size in units.items() if seconds >= 2 * size or size == 1)
    return say("wrong_clock", code, say("wrong_clock", unit, seconds // units[unit]))


def extract_number(year: int, number: int) -> str:
    """The number of an extract as printed: `2026/000000017`."""
    return f"{year}/{number:09d}"


def day(text: str | date | None) -> str:
    """A date for people: 04.05.2008, 05.2008, 2008; «дата невідома» for none."""
    if text is None:
        return TEXTS["dates"]["unknown"]
    return ukrainian.format_day(text.isoformat() if isinstance(text, date) else text)


def since_day(day_: date | None, known: str) -> str:
    """The resolved start of a row, no more exactly than it is known."""
    return day(_as_known(day_, known))


def until_day(day_: date | None, known: str) -> str:
    """The resolved end of a row, no more exactly than it is known; «по цей час» if it has none."""
    return day(_as_known(day_, known)) if day_ else TEXTS["dates"]["open"]


def _as_known(day_: date | None, known: str) -> str | None:
    if day_ is None or known == "none":
        return None
    return day_.isoformat()[: {"day": 10, "month": 7, "year": 4}[known]]

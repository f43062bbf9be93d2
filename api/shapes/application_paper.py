"""An application as it is printed to be signed: each part with whom it is about, where, and what is handed in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.shapes import law
from registry import occasion, texts
from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.person.state import fold
from registry.viewer import insist

SIGNED = ("application", "declaration")
"""Of the papers of a part: what is printed here itself."""


def sheets(parts: Sequence[Part], on: date, desk: Desk) -> list[dict[str, Any]]:
    """Each part in words, by its card of the day. Whoever of the register is named is shown; raises `Hidden` where the
    viewer may not see somebody."""
    return [_sheet(part, on, desk) for part in parts]


def filer(parts: Sequence[Part], named: str | None, desk: Desk) -> str:
    """Who files: as named, else who of the register does, else the person of the first part."""
    first = parts[0]
    if named:
        return named
    if first.applicant:
        return str(_person(Concerned(person=first.applicant), desk)["name"])
    return str(_person(first.concerned[0], desk)["name"]) if first.concerned else ""


def _sheet(part: Part, on: date, desk: Desk) -> dict[str, Any]:
    card = law.service_on(part.asked["service"], on)["cards"][0]
    elsewhere = part.elsewhere.address if part.elsewhere else None
    return {
        "title": card["title"],
        "card": card["card"],
        "declares": any(rule["id"] == "declaration" for rule in card["documents"]),
        "people": [_person(one, desk) for one in part.concerned],
        "lines": _lines(part, elsewhere, desk),
        "documents": _named(part.asked.get("documents") or (), card["documents"]),
        "consents": _named(part.asked.get("consents") or (), card["consents"]),
    }


def _lines(part: Part, elsewhere: str | None, desk: Desk) -> list[tuple[str, str]]:
    said = {
        "dwelling": _address(part.dwelling, desk) if part.dwelling else None,
        "elsewhere": elsewhere,
        "destination": part.destination,
        "country": part.country,
        "reason": part.reason,
    }
    return [(texts.label("application_paper_lines", name), text) for name, text in said.items() if text]


def _address(dwelling: UUID, desk: Desk) -> str:
    rows = desk.registry.query("dwellings", "by_id", dwelling=dwelling, position=desk.registry.position())
    return str(rows[0]["address"]) if rows else texts.say("address", "unknown")


def _person(one: Concerned, desk: Desk) -> dict[str, Any]:
    """Somebody by name, birth and document: as the register has them, or as was said of a newcomer."""
    held = fold(desk.registry.entries(one.person))
    if held.entered:
        insist(desk.viewer, one.person)
        occasion.shows(one.person)
    known = held.particulars if held.entered else one.particulars
    documents = one.documents or held.documents
    return {
        "name": (texts.person_name(known) if known else "") or texts.say("pages", "no_name"),
        "birth": texts.day(known.birth_date) if known and known.birth_date else "",
        "documents": [
            " ".join(filter(None, (texts.label("document_kinds", paper.kind) if paper.kind else "", paper.number)))
            for paper in documents
        ],
    }


def _named(ids: Iterable[str], rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """Papers by their names on the card; of several owners each has the name of the one rule."""
    names = {rule["id"]: rule.get("name") or rule["wording"] for rule in rules}
    found = (names.get(id) or names.get(re.sub(r"_[0-9]+$", "_N", id)) for id in ids if id not in SIGNED)
    return [name for name in found if name]

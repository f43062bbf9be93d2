"""Papers as JSON values: what is written on those of a part, and what nobody said of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry import papers, texts
from registry.aggregates.case.ruling import Ruling
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.case.wanted_details import Unsaid, unsaid


def of_part(record: CaseRecord, part: int, card: str) -> list[dict[str, Any]]:
    """The papers that were shown for a part, counted from 1, as they are now believed."""
    return [
        {
            "paper": str(one.paper.paper),
            **papers.as_json(one.paper, card),
            "shown_by": one.paper.shown_by,
            "annulled": one.annulled,
        }
        for one in record.papers
        if one.part == part
    ]


def beside(parts: Sequence[dict[str, Any]], record: CaseRecord) -> list[dict[str, Any]]:
    """The parts of an answer, each with its papers and their keys."""
    cards = [part.card for part in record.parts]
    return [{**part, "papers": of_part(record, part["part"], cards[part["part"] - 1])} for part in parts]


def warnings(ruling: Ruling) -> dict[str, Any]:
    """What the desk asks for and nobody said of a paper shown: it stands in nobody's way."""
    cards = {part.service.number: part.service.card.id for part in ruling.parts}
    found = (one for part in ruling.parts for one in unsaid(part.service, ruling.holdings.people))
    return {"warnings": [_warning(one, cards) for one in found]}


def _warning(one: Unsaid, cards: Mapping[int, str]) -> dict[str, Any]:
    name, details = papers.named(one.id, cards[one.part]), _details(one.details)
    text = texts.say("api", "paper_warning", name=name, details=details)
    return {"part": one.part, "id": one.id, "name_uk": name, "unsaid": list(one.details), "text": text}


def _details(names: Sequence[str]) -> str:
    return ", ".join(texts.label("paper_details", name) for name in names)

"""Letters as JSON values: their numbers and codes, and where their documents are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from registry.aggregates.letter.events import LetterFormed
from registry.app import Act
from registry.letters.issuing import Formed

PREFIX = "/api/v1"


def of_act(act: Act) -> list[dict[str, Any]]:
    """The letters that an act formed."""
    formed = (one.fact for one in act.entries if isinstance(one.fact, LetterFormed))
    return [_letter(one.application, one.number, one.code, one.parts) for one in formed]


def listed(application: UUID, letters: Iterable[Formed]) -> list[dict[str, Any]]:
    """The letters of an application."""
    return [_letter(application, one.number, one.code, one.parts) for one in letters]


def place(application: UUID, part: int) -> str:
    """The address of the document whose first part this is."""
    return f"{PREFIX}/applications/{application}/letters/{part}/document"


def _letter(application: UUID, number: str, code: str, parts: Iterable[int]) -> dict[str, Any]:
    of_parts = list(parts)
    return {"number": number, "code": code, "parts": of_parts, "document": place(application, of_parts[0])}

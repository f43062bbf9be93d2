"""Somebody who is to be entered beside somebody of the register who looks like them."""

from collections.abc import Callable, Mapping
from typing import Any

from registry import gate, texts

SIGNS = ("surname", "given_names", "patronymic", "birth_date")


def side_by_side(typed: Callable[[str], str], held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was typed by sign beside what the register holds (a `candidate`), and where they live."""
    lives = {"title": texts.label("fields", "address"), "typed": "", "held": held["address"] or "", "same": None}
    return [*(_row(name, typed(name), held[name]) for name in SIGNS), lives]


def _row(name: str, typed: str, held: str | None) -> dict[str, Any]:
    said, there = _plain(name, typed), _plain(name, held)
    return {"title": texts.label("fields", name), "typed": said, "held": there, "same": said.lower() == there.lower()}


def _plain(name: str, value: str | None) -> str:
    if name == "birth_date" and value:
        return texts.day(gate.day(value).value) if gate.day(value).value else value
    return value or ""

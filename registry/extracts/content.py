"""All that is printed on an extract but its number, code and moment of forming: JSON values, kept in the fact."""

from datetime import date
from typing import Any

from registry import texts
from registry.aggregates.person.state import Person
from registry.stating import Stated


def content(
    stated: Stated, *, title: str, person: Person | None, dwelling: dict[str, Any] | None, on: date, **head: Any
) -> dict[str, Any]:
    """`title` names the document (`texts.toml`); of `person` and `dwelling` there is one, whom or what it is about."""
    words = texts.TEXTS["extract"]
    label = words[stated.kind]
    name, of = texts.TEXTS["extract_titles"][title].split("|")
    return {
        "title": {"name": name, "of": of},
        "kind": label if stated.previous is None else words["with_history"].format(label),
        "register": words["register"],
        **head,
        "on": on.isoformat(),
        "person": None if person is None else {**(stated.person or {}), "latin": latin(person)},
        "died": stated.died,
        "residences": list(stated.residences),
        "previous": None if stated.previous is None else list(stated.previous),
        "no_data": stated.kind == "none",
        "dwelling": dwelling,
        "residents": None if stated.residents is None else list(stated.residents),
    }


def latin(person: Person) -> str | None:
    """The name in Latin letters as the first document that has one says it."""
    return next((one.latin for one in person.documents if one.latin), None)

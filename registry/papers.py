"""The papers of which the register knows what is written on them, in words."""

import re

from registry import texts
from registry.aggregates.papers import Paper
from registry.services.catalogue import EVERY_CARD
from registry.services.headers import SERVICES

_SECTIONS = ("documents", "consents")
_NAMES = {
    (card.id, rule.id): rule.name
    for card in EVERY_CARD
    for section, rule in card.every_rule()
    if section in _SECTIONS and rule.name
}
"""What a paper is called, by its card and id; `_N` stands for the number of an owner."""
_OF_ANY = {id: name for (_, id), name in reversed(_NAMES.items())}
_OF_OWNER = re.compile(r"\d+$")
_TITLES = {id: card.title for card in reversed(EVERY_CARD) for id in card.services if id in SERVICES}


def named(id: str, card: str | None = None) -> str:
    """What a document or a consent is called, by the card that it was shown for; without one, by any that names it. An
    id that no card names is its own name."""
    for one in (id, _OF_OWNER.sub("N", id)):
        if name := _NAMES.get((card or "", one)) or _OF_ANY.get(one):
            return name
    return id


def kind_text(kind: str | None) -> str | None:
    """What kind of paper it is, in words: a code of a closed list, or as it was typed."""
    return next(
        (texts.TEXTS[group][kind] for group in ("document_kinds", "paper_kinds") if kind in texts.TEXTS[group]), kind
    )


def said(paper: Paper, card: str | None = None, whose: str | None = None) -> str:
    """A paper in one line, as it is printed: what it is and every detail that is known. `card` is the id of the one
    that it was shown for; `whose` the name of whoever of the register it belongs to, where that may be told."""
    kind, name = kind_text(paper.kind), named(paper.id, card)
    powers = None if paper.powers is None else "; ".join(_TITLES.get(one, one) for one in paper.powers)
    details = {
        "number": paper.number,
        "dated": texts.day(paper.dated) if paper.dated else None,
        "issuer": paper.issuer,
        "valid_until": texts.day(paper.valid_until) if paper.valid_until else None,
        "in_force_on": texts.day(paper.in_force_on) if paper.in_force_on else None,
        "powers": powers,
        "holder": whose or paper.holder,
        "shown_by": paper.shown_by,
    }
    told = [texts.TEXTS["papers"][name].format(value) for name, value in details.items() if value]
    return ", ".join([f"{name} ({kind})" if kind and kind != name else name, *told])

"""The papers of which the register knows what is written on them: in words, by their keys, and of whom.

A paper that was shown is known by the key that it got then; an identity document that is held of a person is one too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID, uuid5

from registry import merged, texts
from registry.aggregates.papers import Paper
from registry.aggregates.person.events import Document
from registry.aggregates.person.state import fold
from registry.app import Registry
from registry.services.catalogue import EVERY_CARD
from registry.services.headers import SERVICES
from registry.storage.mapper import instant_text
from registry.viewer import HIDDEN, Viewer, insist

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
TITLES = {id: card.title for card in reversed(EVERY_CARD) for id in card.services if id in SERVICES}
"""What a service is called, by its id."""


def named(id: str, card: str | None = None) -> str:
    """What a document or a consent is called, by the card that it was shown for; without one, by any that names it. An
    id that no card names is its own name."""
    for one in (id, _OF_OWNER.sub("N", id)):
        if name := _NAMES.get((card or "", one)) or _OF_ANY.get(one):
            return name
    return id


def kind_text(kind: str | None) -> str | None:
    """What kind of paper it is, in words: a code of a closed list, or as it was typed."""
    return texts.TEXTS["paper_kinds"].get(kind or "") or texts.document_kind(kind) or None


def said(paper: Paper, card: str | None = None, whose: str | None = None) -> str:
    """A paper in one line, as it is printed: what it is and every detail that is known. `card` is the id of the one
    that it was shown for; `whose` the name of whoever of the register it belongs to, where that may be told."""
    kind, name = kind_text(paper.kind), named(paper.id, card)
    powers = None if paper.powers is None else "; ".join(TITLES.get(one, one) for one in paper.powers)
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


def of_documents(whose: UUID, documents: Sequence[Document]) -> list[Paper]:
    """The identity documents that the register holds of somebody, each as a paper under a key of its own: that of the
    person, its kind and its number, and of its place among those that have the same. Stored nowhere twice."""
    found: dict[UUID, Paper] = {}
    for one in documents:
        turn = 0
        while (key := _key(whose, one, turn)) in found:
            turn += 1
        found[key] = Paper(
            paper=key,
            id="birth_certificate" if one.kind == "birth_certificate" else "identity_document",
            kind=one.kind,
            number=one.number,
            dated=one.issued_on,
            issuer=one.issued_by,
            valid_until=one.valid_until,
            whose=whose,
        )
    return list(found.values())


def _key(whose: UUID, document: Document, turn: int) -> UUID:
    return uuid5(whose, "\n".join((document.kind or "", document.number or "", str(turn))))


def of_row(row: Mapping[str, Any]) -> Paper:
    """A paper from its row of the projection."""
    names = (one.name for one in fields(Paper) if one.name != "powers")
    powers = None if row["powers"] is None else tuple(row["powers"])
    return Paper(**{name: row[name] for name in names}, powers=powers)


def known(registry: Registry, key: UUID, position: int, *, seen_by: Viewer) -> tuple[Paper, bool] | None:
    """The paper of a key that was shown with an application, as last taken down, and whether it was annulled; None if
    none was. Raises `Hidden` where it is of somebody whom the viewer may not see."""
    rows = registry.query("papers", "by_key", paper=key, position=position)
    if not rows:
        return None
    last = rows[0]
    insist(seen_by, *([last["whose"]] if last["whose"] else last["people"]))
    return of_row(last), last["annulled"]


def of_person(registry: Registry, person: UUID, position: int, *, seen_by: Viewer) -> list[dict[str, Any]]:
    """The papers of somebody, or shown for them, as known at a position: what the register holds of their identity
    first, then the latest shown; one key is one paper, with every time that it was shown. What belongs to somebody
    whom the viewer may not see, or stands at a case of theirs, is hidden."""
    entries = [entry for entry in registry.entries(person) if entry.position <= position]
    held = of_documents(person, fold(entries).documents)
    found: dict[UUID, list[dict[str, Any]]] = {one.paper: [] for one in held}
    people = [person, *merged.entries_of(registry, [person], position)]
    for row in registry.query("papers", "of_person", people=people, position=position):
        found.setdefault(row["paper"], []).append(row)
    of_register = {one.paper: one for one in held}
    return [
        _listed(of_register.get(key) or of_row(rows[0]), rows, key in of_register, seen_by)
        for key, rows in found.items()
    ]


def _listed(paper: Paper, rows: Sequence[Mapping[str, Any]], held: bool, seen_by: Viewer) -> dict[str, Any]:
    people = {*([paper.whose] if paper.whose else []), *(one for row in rows for one in row["case_persons"])}
    hidden = not all(map(seen_by.sees, people))
    head: dict[str, Any] = {"paper": str(paper.paper), "held": held, "annulled": bool(rows and rows[0]["annulled"])}
    return {**head, **as_json(paper, hidden=hidden), "shown": [_shown(row, hidden) for row in rows]}


def _shown(row: Mapping[str, Any], hidden: bool) -> dict[str, Any]:
    """Where a paper was shown, for what, and since which fact it says so."""
    return {
        "application": str(row["application"]),
        "code": row["code"],
        "received": row["received"],
        "part": row["part"],
        "id": row["id"],
        "name_uk": named(row["id"]),
        "shown_by": HIDDEN if hidden and row["shown_by"] else row["shown_by"],
        "position": row["known_from"],
        "recorded_at": instant_text(row["recorded_at"]),
    }


def as_json(paper: Paper, card: str | None = None, *, hidden: bool = False) -> dict[str, Any]:
    """What is written on a paper, as JSON values, with its line in words; of a hidden person's nothing is told."""
    told = {one.name: getattr(paper, one.name) for one in fields(Paper) if one.name not in ("paper", "shown_by")}
    told |= {"whose": str(paper.whose) if paper.whose else None}
    told |= {"powers": None if paper.powers is None else list(paper.powers)}
    if hidden:
        told |= {name: HIDDEN for name, value in told.items() if value is not None and name not in ("id", "whose")}
        return {**told, "whose": None, "kind_uk": HIDDEN, "text": HIDDEN}
    alone = replace(paper, shown_by=None)
    return {**told, "kind_uk": kind_text(paper.kind), "text": said(alone, card)}

"""What a page shows of a note about a dwelling: the form filled with how it stands, and what would be otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.dwelling_forms import DwellingNote, OwnersNoted
from api.shapes import before_after
from api.shapes.approvals import NamesAsAsked
from registry import questions, texts
from registry.aggregates.dwelling.events import OwnersRecorded
from registry.aggregates.dwelling.state import Dwelling, fold
from registry.aggregates.values import supposed
from registry.viewer import Viewer, insist, shown_owners

BLANK = 2
"""How many owners more than there are the form has room for."""
RESIDENTS = 100
"""How many residents a note can be about."""
TERMS = ("number", "since", "until", "tenant", "lessee", "terminated_on", "basis")
BURDEN = ("kind", "number", "since", "until", "holder")


def insist_on_named(seen_by: Viewer, home: Dwelling, body: DwellingNote) -> None:
    """Raises `Hidden` where owners would be replaced among whom somebody is hidden."""
    if isinstance(body, OwnersNoted) and home.owners:
        insist(seen_by, *(one.person for one in home.owners.owners if one.person))


def as_seen(desk: Desk, dwelling: UUID) -> Dwelling:
    """A dwelling as it is now, for whoever looks."""
    return fold(shown_owners(desk.registry.entries(dwelling), desk.viewer))


def differs(desk: Desk, dwelling: UUID, facts: Sequence[Any]) -> dict[str, Any]:
    """How the dwelling would differ, statement by statement."""
    before = as_seen(desk, dwelling)
    after = fold(shown_owners(supposed(facts, before.version, desk.today()), desk.viewer), before)
    difference = before_after.difference("dwelling", before, after, NamesAsAsked(desk, []))
    return {"name": texts.say("dwelling_rights", "here"), "page": None, "age": "", "differs": difference}


def filled(home: Dwelling, way: str, of: int) -> dict[str, Any]:
    """The form with how it stands: all the owners, or the contract or encumbrance of this number on the card."""
    if way == "owners":
        return _owners(home.owners)
    listed = home.leases if way == "lease" else home.encumbrances
    if not 0 < of <= len(listed):
        return {}
    said: Mapping[str, Any] = asdict(listed[of - 1])
    return {name: str(said[name] or "") for name in (TERMS if way == "lease" else BURDEN)}


def _owners(noted: OwnersRecorded | None) -> dict[str, Any]:
    owners = noted.owners if noted else ()
    return {
        "owner": [one.name for one in owners],
        "share": [one.share or "" for one in owners],
        "person": [str(one.person or "") for one in owners],
    }


def choices(desk: Desk, dwelling: UUID, named: Sequence[str]) -> list[tuple[str, str]]:
    """Whom a note can be about: those who live there, and those whom it names already; id and name."""
    question = questions.asked(now=desk.now())
    rows = questions.living_in(desk.registry, dwelling, question, desk.registry.position())
    found = [questions.occupant(row, question, desk.viewer) for row in rows[:RESIDENTS]]
    listed = {str(row["person_id"]): row["name"] for row in found if row["person_id"]}
    called = NamesAsAsked(desk, [])
    for id in named:
        if id and id not in listed and desk.viewer.sees(UUID(id)):
            listed[id] = called.person(UUID(id))
    return list(listed.items())

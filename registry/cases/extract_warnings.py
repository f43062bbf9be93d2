"""What whoever gives an extract out should know first: a change that waits, an owner whom the register does not hold.

Nothing of it stands in the way: the law gives the extract of what the register says now.
"""

from collections.abc import Iterable
from uuid import UUID

from registry import texts, ukrainian
from registry.aggregates.case.events import Part
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.values import Fault
from registry.app import Registry
from registry.cases import waiting
from registry.cases.at_desk import AtDesk
from registry.cases.cases import INFORMING
from registry.cases.waiting import Waiting
from registry.extracts.requesting import OWNERS_SIDE
from registry.storage.mapper import KYIV

OWNERS = ("dwelling_owner",)
"""Who says to be an owner; the others of the owner's side show whose authority they have."""


def warnings(registry: Registry, asked: AtDesk, position: int) -> list[Fault]:
    """Of an extract that is asked for at a position: `change-awaited`, `owners-unknown`, `owner-differs`. One as known
    at an earlier moment says what was recorded then, whatever waits now."""
    return [*([] if asked.known_at else _changes(registry, asked, position)), *_owners(registry, asked, position)]


def of_visit(registry: Registry, parts: Iterable[Part], position: int) -> list[Fault]:
    """Of a visit that asks for extracts: the changes that wait about whomever they are of, each once."""
    found: dict[UUID, Waiting] = {}
    for part in parts:
        if part.asked.get("service") in INFORMING or part.asked.get("extract"):
            asks = [one for who in part.concerned for one in waiting.of_person(registry, who.person, position)]
            if not part.concerned and part.dwelling:
                asks = waiting.of_dwelling(registry, part.dwelling, position)
            found |= {one.asked.stream: one for one in asks}
    return [of_waiting(one) for one in found.values()]


def of_waiting(one: Waiting) -> Fault:
    """A change that waits, as a warning: what is asked for, by whom, since when."""
    at = one.asked.recorded_at.astimezone(KYIV).strftime("%d.%m.%Y %H:%M")
    named = {"what": texts.label("asked", one.change.asked_for), "by": one.asked.by.name, "at": at}
    return Fault("change-awaited", None, named)


def _changes(registry: Registry, asked: AtDesk, position: int) -> list[Fault]:
    if asked.person:
        found = waiting.of_person(registry, asked.person, position)
    else:
        found = waiting.of_dwelling(registry, asked.dwelling, position) if asked.dwelling else []
    return [of_waiting(one) for one in found]


def _owners(registry: Registry, asked: AtDesk, position: int) -> list[Fault]:
    home = asked.dwelling or asked.home
    if home is None or asked.basis not in OWNERS_SIDE:
        return []
    held = dwelling_state.fold(one for one in registry.entries(home) if one.position <= position).owners
    if held is None or not held.owners:
        return [Fault("owners-unknown", "dwelling")]
    names = {ukrainian.sort_key(owner.name) for owner in held.owners if owner.name}
    if asked.basis in OWNERS and asked.requester and ukrainian.sort_key(asked.requester) not in names:
        return [Fault("owner-differs", "requester")]
    return []

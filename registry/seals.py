"""Former identities that are sealed (card 4, row 9): seen by nobody but on a named ground, each look written down.

Which role may name which ground is ours to say, because the cards are silent (`GROUNDS_OF`): the head answers for what
is opened; an auditor reads what a body asks about, and keeps no record; a clerk keeps it, and answers nobody about it.

Whoever was adopted with another name is two entries, who they were and who they are, and nothing of the second leads to
the first. Of the first every place that asks a viewer says what it says of any hidden person; by name, number or ref it
is not found at all, because «hidden» would say that there was an adoption.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from registry import occasion, protected, texts, viewer
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.roles import Role, Who
from registry.storage.access import Look
from registry.viewer import OPEN, Hidden, Viewer

GROUNDS = tuple(texts.TEXTS["seal_grounds"])
"""On what a sealed identity may be looked at. The cards are silent: the list is ours."""
GROUNDS_OF: Mapping[Role, frozenset[str]] = {
    "head": frozenset(GROUNDS),
    "auditor": frozenset({"court", "investigation", "guardianship_body"}),
    "clerk": frozenset({"own_record"}),
}


@dataclass(frozen=True)
class NamedGround:
    """The ground that a look names, and whom it has shown so far: each is written down once."""

    id: str
    shown: set[UUID] = field(default_factory=set)


class BeyondSeals:
    """A viewer who does not see what is sealed, or who does, on a ground; of everybody else as the one within says."""

    def __init__(
        self, within: Viewer, registry: Registry, by: Actor, sealed: frozenset[UUID], ground: NamedGround | None
    ):
        self.within, self.registry, self.by, self.sealed, self.ground = within, registry, by, sealed, ground

    @property
    def sees_everything(self) -> bool:
        """The record itself, which the journal exports, is not sealed; what it says of somebody is, by `sees`."""
        return self.within.sees_everything

    def sees(self, person: UUID) -> bool:
        """Raises `NotRecorded` where the look could not be written down."""
        if person not in self.sealed:
            return self.within.sees(person)
        if self.ground is None or not self.within.sees(person):
            return False
        if person not in self.ground.shown:
            if not occasion.opens(person, self.ground.id):
                self.registry.looked(Look("looked", (person,), {"ground": self.ground.id}), self.by)
            self.ground.shown.add(person)
        return True


def viewer_of(registry: Registry, who: Who | Actor, ground: NamedGround | None = None) -> Viewer:
    """What somebody may see of a register, on a ground or on none. Raises `Hidden` for a ground that is not for any of
    their roles; an actor without roles is the program itself, and may name each."""
    if ground and isinstance(who, Who) and not any(ground.id in GROUNDS_OF.get(role, ()) for role in who.roles):
        raise Hidden(texts.say("viewer", "ground"))
    hidden = protected.hiding(registry)
    within = protected.beyond(hidden, viewer.viewer_of(who), who)
    return _beyond(registry, within, _actor(who), hidden.sealed, ground)


def told_by_law(registry: Registry, who: Who | Actor) -> Viewer:
    """Whom an answer may tell of that a service gives to whoever asks, whatever they see else: everybody but those who
    are sealed, which no ground opens there, and those whose address is protected."""
    hidden = protected.hiding(registry)
    return _beyond(registry, protected.without(hidden, OPEN), _actor(who), hidden.sealed, None)


def sealed(registry: Registry) -> frozenset[UUID]:
    """The former identities that are sealed now, and the entries that were merged into one."""
    return protected.hiding(registry).sealed


def _actor(who: Who | Actor) -> Actor:
    return who.actor if isinstance(who, Who) else who


def _beyond(
    registry: Registry, within: Viewer, by: Actor, hidden: frozenset[UUID], ground: NamedGround | None
) -> Viewer:
    return occasion.noting(BeyondSeals(within, registry, by, hidden, ground) if hidden else within)


def is_sealed_from(seen_by: Viewer, person: UUID) -> bool:
    """Whether it is a seal that hides somebody from a viewer."""
    within = occasion.within(seen_by)
    return isinstance(within, BeyondSeals) and person in within.sealed and not seen_by.sees(person)


def tells_of_all(seen_by: Viewer) -> bool:
    """Whether a viewer may be told of people whom nothing names by id: nobody is hidden, and nobody sealed."""
    return seen_by.sees_everything and not isinstance(occasion.within(seen_by), BeyondSeals)

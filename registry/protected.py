"""People whose address is protected: hidden from most of those who look, while a mark of theirs holds.

No source tells of it: the mark, who puts it and who sees beyond it are settings of this program, never a legal rule.
"""

from dataclasses import dataclass
from uuid import UUID

from registry.aggregates.values import Actor
from registry.app import LATEST, Registry
from registry.roles import Role, Who
from registry.storage.mapper import kyiv_day
from registry.viewer import Viewer

PROTECTED_SEEN_BY: frozenset[Role] = frozenset({"head", "auditor"})
"""The roles that see them: the head puts and ends the marks, the auditor reads and proves."""


@dataclass(frozen=True, slots=True)
class WithoutProtected:
    """A viewer who does not see those whose address is protected; of everybody else as the one within says."""

    within: Viewer
    protected: frozenset[UUID]

    @property
    def sees_everything(self) -> bool:
        """Whether nobody is hidden: somebody is."""
        return False

    def sees(self, person: UUID) -> bool:
        return person not in self.protected and self.within.sees(person)


@dataclass(frozen=True, slots=True)
class Hiding:
    """Who is hidden now, from some or from all, and why; with the entries that were merged into one of them."""

    protected: frozenset[UUID]
    """Those whose address is protected today."""
    sealed: frozenset[UUID]
    """The former identities that are sealed."""


def hiding(registry: Registry) -> Hiding:
    """Who is hidden: one question for both, for each look asks it."""
    rows = registry.query("protections", "hidden", on=kyiv_day(registry.clock()))
    both = (frozenset(row["person"] for row in rows if row["sealed"] is sealed) for sealed in (False, True))
    return Hiding(*(with_entries_of(registry, people) for people in both))


def with_entries_of(registry: Registry, people: frozenset[UUID]) -> frozenset[UUID]:
    """These people, and the entries that were merged into one of them: what speaks of such an entry leads there too."""
    rows = registry.query("merged", "into", people=list(people), position=LATEST) if people else []
    return people | {row["person"] for row in rows}


def beyond(hidden: Hiding, within: Viewer, who: Who | Actor) -> Viewer:
    """What somebody who may see as the viewer `within` does sees in truth; the program itself, an actor without roles,
    sees all."""
    if isinstance(who, Actor) or who.may(PROTECTED_SEEN_BY):
        return within
    return without(hidden, within)


def without(hidden: Hiding, within: Viewer) -> Viewer:
    """The viewer within, but for those whose address is protected, whoever asks."""
    return WithoutProtected(within, hidden.protected) if hidden.protected else within

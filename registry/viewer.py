"""Who may see whom: every place where the data of people leaves asks a viewer, whom `viewer_of` gives by roles.

Hidden is who somebody is (names, birth, numbers, papers, contacts) and where they live; an id beside an address tells
that too, an id alone says nobody. Whoever names a hidden person is refused: an empty answer would be a lie. In a list
the row stays, so that counts are true, and says that it is hidden; but a search finds none, because a row would say
that what was typed is so. What is about everybody at once is all or nothing.

What the register does by itself is no view and sees all: projections, replay, `verify`, what supersedes an extract, the
numbers that nobody may have twice.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from registry import texts
from registry.aggregates.dwelling.events import LeaseRecorded, Owner, OwnersRecorded
from registry.aggregates.values import Actor, Entry
from registry.roles import Role, Who

HIDDEN = texts.say("viewer", "hidden")


class Viewer(Protocol):
    """Somebody who looks."""

    @property
    def sees_everything(self) -> bool:
        """Whether nobody is hidden, nor anything that does not say by id of whom it is."""

    def sees(self, person: UUID) -> bool:
        """Whether they may know who a person is and where they live."""


class Hidden(Exception):
    """Whoever asks may not see this. The text, in Ukrainian, says what to do, and of nobody anything."""


@dataclass(frozen=True, slots=True)
class _Of:
    """The people of the register alike: all of them, or none."""

    sees_everything: bool
    people: bool

    def sees(self, person: UUID) -> bool:
        return self.people


OPEN: Viewer = _Of(sees_everything=True, people=True)
"""Sees everything."""
WHOM_IT_NAMES: Viewer = _Of(sees_everything=False, people=True)
"""May name anybody, and is told of nobody whom it does not name."""
NOBODY: Viewer = _Of(sees_everything=False, people=False)
"""Sees no person: their rows are there, and say that they are hidden."""
SEE_PEOPLE: frozenset[Role] = frozenset({"clerk", "head", "auditor"})
"""The roles that read the register itself. What an admin keeps running is no person's data; a reader gets the answers
of `households.py`, and a machine that to its one application, which names people."""


def viewer_of(who: Who | Actor) -> Viewer:
    """What somebody who came in may see; of several roles the one that sees most. An actor without roles is the program
    itself, which sees everything."""
    if isinstance(who, Actor) or who.may(SEE_PEOPLE):
        return OPEN
    return WHOM_IT_NAMES if who.may({"machine"}) else NOBODY


def insist(seen_by: Viewer, *people: UUID) -> None:
    """Raises `Hidden` if somebody of these is hidden."""
    if not all(seen_by.sees(person) for person in people):
        raise Hidden(texts.say("viewer", "person"))


def insist_on_everything(seen_by: Viewer) -> None:
    """Raises `Hidden` if anybody is."""
    if not seen_by.sees_everything:
        raise Hidden(texts.say("viewer", "everything"))


def shown_address(address: str | None, person: UUID, seen_by: Viewer) -> str:
    """Where a person lives or lived, in words."""
    return (address or texts.say("address", "unknown")) if seen_by.sees(person) else HIDDEN


def shown_row(
    row: dict[str, Any], person: UUID, seen_by: Viewer, *, words: Collection[str] = (), ids: Collection[str] = ()
) -> dict[str, Any]:
    """A row about a person: of a hidden one `words` say so, and `ids`, which tell who it is or where, are None."""
    if seen_by.sees(person):
        return row
    return {**row, **dict.fromkeys(words, HIDDEN), **dict.fromkeys(ids)}


def shown_owners(entries: Iterable[Entry], seen_by: Viewer) -> list[Entry]:
    """The entries of a dwelling, where an owner who is hidden has only a share, and a contract of whoever is hidden is
    nobody's."""
    return [replace(entry, fact=_owners(entry.fact, seen_by)) for entry in entries]


def _owners(fact: Any, seen_by: Viewer) -> Any:
    if isinstance(fact, LeaseRecorded) and fact.lessee and not seen_by.sees(fact.lessee):
        return replace(fact, lessee=None, of_residence=None, tenant=HIDDEN)
    if not isinstance(fact, OwnersRecorded):
        return fact
    shown = (
        one if one.person is None or seen_by.sees(one.person) else Owner(name=HIDDEN, share=one.share)
        for one in fact.owners
    )
    return replace(fact, owners=tuple(shown))

"""Who may see whom: every place where the data of people leaves asks a viewer. Roles change one place, `viewer_of`.

Hidden is who somebody is (names, birth, numbers, papers, contacts) and where they live; an id beside an address tells
that too, an id alone says nobody. Whoever names a hidden person is refused: an empty answer would be a lie. In a list
the row stays, so that counts are true, and says that it is hidden; but a search finds none, because a row would say
that what was typed is so. What is about everybody at once is all or nothing.

What the register does by itself is no view and sees all: projections, replay, `verify`, what supersedes an extract, the
numbers that nobody may have twice.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from registry import texts
from registry.aggregates.dwelling.events import LeaseRecorded, Owner, OwnersRecorded
from registry.aggregates.values import Actor, Entry

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


class _Open:
    sees_everything = True

    def sees(self, person: UUID) -> bool:
        return True


OPEN: Viewer = _Open()
"""Sees everything."""


def viewer_of(actor: Actor) -> Viewer:
    """What an actor may see: until there are roles, everything."""
    return OPEN


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

"""The family of whom a part concerns, as the register knows it by its links, beside what was said.

A missing link is never a ground, and a parent whom this register has nowhere contradicts nothing: a mismatch needs an
entry, which is a link (or the parent who files) and that parent's standing residence (cards 1, 3, 5, 8, 9, row 13).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Protocol
from uuid import UUID

from registry.aggregates.case.events import Concerned, Part
from registry.aggregates.person.links import BY_BIRTH, holds_surely, links_on
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.person.timeline import standing, timeline

MOST_PARENTS = 2
"""Of more than two, of whom one adopted and one is of before, the register does not know who they are now."""
OF_AUTHORITY = "representative_authority"
People = Mapping[UUID, Person]


@dataclass(frozen=True, kw_only=True)
class Filing:
    """The part that a family is shown by: its papers, the application that it is of, and who files it, where known."""

    part: Part
    application: UUID
    filed_by: UUID | None = None

    @property
    def by_parent(self) -> UUID | None:
        """The parent (or adopter) who files."""
        return self.filed_by if self.part.asked.get("applicant", {}).get("kind") == "parent" else None


@dataclass(frozen=True, kw_only=True)
class Kinship:
    """What the register knows of the parents and guardians of a child, about one dwelling. None: it does not know.

    `at_one_address`: whether the parents live together; `there`: whether one of them lives in the dwelling;
    `contradicts`: one lives elsewhere; `one_left`: the other parent has died; `no_guardian_more`: the guardianship of
    whoever files has ended.
    """

    at_one_address: bool | None = None
    there: bool | None = None
    contradicts: bool = False
    one_left: bool = False
    no_guardian_more: bool = False


NO_KIN = Kinship()


def kinship(person: Person, filing: Filing, people: People, home: UUID | None, on: date) -> Kinship:
    """What the register knows on a day; `people` holds the relatives whom it has."""
    links = links_on(person, on)
    sure = {one.relative: one.relative in people and holds_surely(one, on) for one in links if one.relative}
    by_birth = {one.relative or one.relative_name: one.relative for one in links if one.role in BY_BIRTH}
    if filing.by_parent:
        by_birth[filing.by_parent], sure[filing.by_parent] = filing.by_parent, filing.by_parent in people
    guardians = [one.relative for one in links if one.role == "guardian"]
    parents = [id for id in by_birth.values() if not _died(id, people)]
    asked = guardians if guardians and not filing.by_parent else parents
    where = {id: _homes(people[id]) for id, known in sure.items() if known}
    homes = [where.get(id, frozenset()) if id else frozenset() for id in asked]
    everywhere = set[UUID]().union(*(where.get(id, ()) for id in [*parents, *guardians] if id))
    return Kinship(
        at_one_address=_at_one(homes) if len(asked) <= MOST_PARENTS else None,
        there=_there(home, homes, everywhere, one_left=len(by_birth) > len(parents)),
        contradicts=bool(home and everywhere - {home}),
        one_left=len(by_birth) > len(parents) == 1,
        no_guardian_more=_was_guardian(person, filing, on),
    )


def relatives(person: Person, one: Concerned | None = None) -> set[UUID]:
    """Everybody of the register whom the links of a person name, or those that a part shows."""
    shown_too = (said.relative for said in (one.family or () if one else ()))
    return {id for id in (*(link.relative for link in person.links), *shown_too) if id}


class Compared(Protocol):
    """What was said beside what is held, as the witness fills it in."""

    said: Mapping[str, Any]
    words: Mapping[str, Mapping[str, Any]]

    def value(self, where: str, name: str) -> Any: ...
    def fill(self, where: str, name: str, value: Any) -> None: ...
    def hold(self, where: str, name: str, value: Any, *, told: Any = None) -> None: ...
    def differs(self, field: str, held: Any, said: Any) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Around:
    """Who is in the dwelling where a child settles, as `Held` says it, and what is known of the family."""

    kin: Kinship
    lived_in: bool | None
    files_from: bool | None
    awaited: bool
    decisive: bool
    """The address of a parent opens the service, or relieves of a consent."""


def compare(found: Compared, around: Around) -> None:
    """What the register knows of the parents, filled in or compared.

    A dwelling in which nobody lives is no parent's address, nor one where the parent who files does not live, unless
    the parents live apart. Of parents who are said not to be in this register nothing is compared, where their address
    decides nothing (card 3 at an office).
    """
    kin, words = around.kin, found.words["parents"]
    if kin.one_left:
        found.fill("parents", "other_exists", False)
    if kin.at_one_address is not None:
        _compare_one_address(found, around, kin.at_one_address, words)
    if kin.no_guardian_more and OF_AUTHORITY not in found.said.get("documents", ()):
        found.hold("applicant", "authority_proved", False, told="guardian-no-more")
    if words.get("registry_agrees") is False:
        if kin.there or not (kin.contradicts or around.files_from is False or around.lived_in is False):
            found.differs("parents.registry_agrees", "no-contradiction", "mismatch")
        return
    _compare_address(found, around, words)


def _compare_one_address(found: Compared, around: Around, at_one: bool, words: Mapping[str, Any]) -> None:
    """Whether the parents live at one address; of those who are to move at the same visit, and were not granted it, the
    words are about where they come to live."""
    if not around.awaited:
        found.hold("parents", "same_address", at_one)
        return
    found.fill("parents", "same_address", at_one)
    if words.get("same_address") and not at_one:
        found.fill("parents", "registry_agrees", False)


def _compare_address(found: Compared, around: Around, words: Mapping[str, Any]) -> None:
    """Whether the dwelling is the parents', as it was said, or not said."""
    kin, empty = around.kin, around.lived_in is False
    apart = found.value("parents", "same_address") is False
    if kin.there:
        found.hold("parents", "dwelling_is_parents", True, told="parent-there")
    elif around.awaited and words.get("dwelling_is_parents"):
        # The card's own ground: the registry says otherwise of the parents than the application.
        found.fill("parents", "registry_agrees", False)
    elif around.awaited:
        found.fill("parents", "dwelling_is_parents", False)
    elif kin.there is False:
        found.hold("parents", "dwelling_is_parents", False, told="parents-elsewhere")
    elif around.files_from is False and (empty or not apart):
        found.hold("parents", "dwelling_is_parents", False, told="nobody" if empty else "parent-elsewhere")
    elif empty and words.get("dwelling_is_parents") and not _outside(found, around):
        found.differs("parents.dwelling_is_parents", "nobody", True)


def _outside(found: Compared, around: Around) -> bool:
    """Whether the parents are said not to be in this register, of a child for whom that changes no consent."""
    return not around.decisive and found.words["parents"].get("in_this_registry") is False


def _died(id: UUID | None, people: People) -> bool:
    return id is not None and people.get(id, NOBODY).death is not None


def _homes(person: Person) -> frozenset[UUID]:
    """Where the register has somebody living now, with an address that is kept."""
    return frozenset(row.dwelling for row in standing(timeline(person)) if row.until is None)


def _at_one(homes: Sequence[frozenset[UUID]]) -> bool | None:
    """Whether several live at one address; None where the register does not have them all, or one of them has two
    addresses, of which either may be meant."""
    known = [home for home in homes if home]
    if any(not (one & other) for one, other in combinations(known, 2)):
        return False
    alike = len(set(known)) == 1 and len(known[0]) == 1
    return True if alike and len(homes) == len(known) > 1 else None


def _there(
    home: UUID | None, homes: Sequence[frozenset[UUID]], everywhere: Iterable[UUID], *, one_left: bool
) -> bool | None:
    """Whether a parent or guardian lives in a dwelling; that none does is known where the register has both parents, or
    the one who is left, at other addresses."""
    if home is None:
        return None
    if home in everywhere:
        return True
    known = all(homes) and (len(homes) > 1 or (one_left and len(homes) == 1))
    return False if known else None


def _was_guardian(person: Person, filing: Filing, on: date) -> bool:
    """Whether who files as a legal representative was a guardian, and is none on the day."""
    if filing.filed_by is None or filing.part.asked.get("applicant", {}).get("kind") != "legal_representative":
        return False
    theirs = [link for link in person.links if link.relative == filing.filed_by and not link.annulled]
    return bool(theirs) and not any(link in theirs for link in links_on(person, on))

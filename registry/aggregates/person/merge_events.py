"""The facts of one person who was entered twice, on the stream of the entry that goes: no logic (semantics 1.9)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """A family link of somebody else that named the one entry, and names the other since."""

    person: UUID
    link: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResidence:
    """A residence of the entry that goes, and which one of the entry that stays it is since; of one that is cut in two,
    each part."""

    was: UUID
    residence: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMerged:
    """One person was entered twice (semantics 1.9): from here on this entry counts as withdrawn, and `survivor` answers
    to its id and refs. The rest is what the same act entered elsewhere, so that it can be taken back: residences,
    family links and marks (of an absence, of a protected address) on the survivor, and the links of others that name
    the survivor since.
    """

    NAME: ClassVar[str] = "entry-merged"
    survivor: UUID
    reason: str
    residences: tuple[KeptResidence, ...] | None = None
    links: tuple[UUID, ...] | None = None
    marks: tuple[UUID, ...] | None = None
    relinked: tuple[Relinked, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeAnnulled:
    """They are two people after all: this entry is as it was before it was merged."""

    NAME: ClassVar[str] = "merge-annulled"
    takes_back: int
    basis: str


MergeFact = EntryMerged | MergeAnnulled

"""What can be asked about one person who was entered twice: acts on several streams at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import merging
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import Person
from registry.aggregates.requests import ActRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEntries(ActRequest):
    """The entry `person` is the same person as `into`, which stays; `keep` are its residences worth keeping."""

    FACT: ClassVar[type[EntryMerged]] = EntryMerged
    person: UUID
    into: UUID
    keep: frozenset[UUID] = frozenset()
    reason: str | None
    confirmed: bool = field(default=False, compare=False)

    @property
    def stream(self) -> UUID:
        return self.person

    @property
    def makes(self) -> str:
        return self.FACT.NAME

    def decide(
        self, people: Mapping[UUID, Person], homes: Mapping[UUID, Dwelling], ids: Iterator[UUID], today: date
    ) -> merging.Facts:
        """The facts by stream. Raises `Impossible` or `NeedsConfirmation`."""
        return merging.merge_entries(
            people,
            loser=self.person,
            into=self.into,
            keep=self.keep,
            reason=self.reason,
            homes=homes,
            ids=ids,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulMerge(ActRequest):
    """The entry that was merged is another person after all."""

    FACT: ClassVar[type[MergeAnnulled]] = MergeAnnulled
    person: UUID
    basis: str | None

    @property
    def stream(self) -> UUID:
        return self.person

    @property
    def makes(self) -> str:
        return self.FACT.NAME

    def decide(self, people: Mapping[UUID, Person], as_merged: Person, today: date) -> merging.Facts:
        """The facts by stream; `as_merged` is the survivor as the merge left them. Raises `Impossible`."""
        return merging.annul_merge(people, loser=self.person, as_merged=as_merged, basis=self.basis, today=today)

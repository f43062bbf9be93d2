"""What can be asked about a family: one frozen class an act. Links are entered by an application alone."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import family, sealing
from registry.aggregates.person.events import (
    FamilyLinkAnnulled,
    FamilyLinkCorrected,
    FamilyLinkEnded,
    FormerIdentitySealed,
    PersonFact,
    SealAnnulled,
)
from registry.aggregates.person.requests import OfPerson
from registry.aggregates.person.state import Person, find_link
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class AmongRelatives(OfPerson):
    """An act that names somebody beside the person."""

    @abstractmethod
    def names(self, person: Person) -> UUID | None:
        """Whom it names beside the person."""

    @abstractmethod
    def among(self, person: Person, people: family.People, today: date) -> Sequence[PersonFact]:
        """What `decide` is of other acts; `people` holds whom it names and their ancestors."""

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        """Of an act that names nobody after all."""
        return self.among(person, {}, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLink(OfPerson):
    """A link that has ended."""

    FACT = FamilyLinkEnded
    link: UUID
    until: DateText | None
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return family.end_link(person, link=self.link, until=self.until, basis=self.basis, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLink(AmongRelatives):
    """How a link is, instead of how it was recorded: only what differs, by the fields of its version."""

    FACT = FamilyLinkCorrected
    FOR_TWO = True
    link: UUID
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None

    def names(self, person: Person) -> UUID | None:
        return family.with_changes(find_link(person, self.link), self.changes).relative

    def among(self, person: Person, people: family.People, today: date) -> Sequence[PersonFact]:
        now = family.with_changes(find_link(person, self.link), self.changes)
        return family.correct_link(
            person, id=self.person, link=self.link, now=now, people=people, reason=self.reason, today=today
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulLink(OfPerson):
    """A link that never was."""

    FACT = FamilyLinkAnnulled
    FOR_TWO = True
    link: UUID
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return family.annul_link(person, link=self.link, basis=self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealIdentity(AmongRelatives):
    """The former identity of an adopted person; `successor` is who they are now."""

    FACT = FormerIdentitySealed
    FOR_TWO = True
    basis: str | None
    successor: UUID | None = None

    def names(self, person: Person) -> UUID | None:
        return self.successor

    def among(self, person: Person, people: family.People, today: date) -> Sequence[PersonFact]:
        return sealing.seal_removed(
            person, id=self.person, basis=self.basis, successor=self.successor, people=people, today=today
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulSeal(OfPerson):
    """A seal on a wrong entry."""

    FACT = SealAnnulled
    FOR_TWO = True
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return sealing.annul_seal(person, basis=self.basis)

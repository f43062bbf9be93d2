"""What can be asked about protected addresses: one frozen class an act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import protections
from registry.aggregates.person.events import PersonFact
from registry.aggregates.person.protection_events import (
    AddressProtected,
    AddressProtectionAnnulled,
    AddressProtectionEnded,
)
from registry.aggregates.person.requests import OfPerson
from registry.aggregates.person.state import Person
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectAddress(OfPerson):
    """The address of somebody is protected, by a decision of a body."""

    FACT = AddressProtected
    basis: str | None
    since: DateText | None
    until: DateText | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return protections.protect(
            person, mark=next(ids), basis=self.basis, since=self.since, until=self.until, today=today
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAddressProtection(OfPerson):
    """It is protected no more."""

    FACT = AddressProtectionEnded
    mark: UUID
    until: DateText | None
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return protections.end(person, mark=self.mark, until=self.until, basis=self.basis, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulAddressProtection(OfPerson):
    """There was no such decision."""

    FACT = AddressProtectionAnnulled
    FOR_TWO = True
    mark: UUID
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return protections.annul(person, mark=self.mark, basis=self.basis)

"""What can be asked about a dwelling: one frozen class an act, with the pure decision that it calls."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.dwelling import decisions
from registry.aggregates.dwelling.events import (
    Address,
    AddressRenamed,
    DwellingCorrected,
    DwellingEntered,
    DwellingFact,
    DwellingKindChanged,
    DwellingSucceeded,
    EncumbranceRecorded,
    LeaseRecorded,
    Owner,
    OwnersRecorded,
)
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.state import Person
from registry.aggregates.requests import ActRequest
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingRequest(ActRequest):
    """An act on the stream of one dwelling. `confirmed`: what the clerk may not expect of its address was seen."""

    FACT: ClassVar[type[DwellingFact]]
    confirmed: bool = field(default=False, compare=False)

    @property
    def makes(self) -> str:
        return self.FACT.NAME

    @abstractmethod
    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        """The facts that it records, by its decision. Raises `Impossible`."""

    def calls(self, dwelling: Dwelling) -> Address | None:
        """The address that the dwelling is called by from now on, if it was not before."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDwelling(DwellingRequest):
    """A new dwelling."""

    FACT = DwellingEntered
    address: Address
    kind: str | None = None
    ref: str | None = None

    @property
    def stream(self) -> None:
        return None

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        return decisions.enter_dwelling(dwelling, address=self.address, kind=self.kind, ref=self.ref)

    def calls(self, dwelling: Dwelling) -> Address | None:
        return self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameAddress(DwellingRequest):
    """A new name of the same dwelling from a day on."""

    FACT = AddressRenamed
    dwelling: UUID
    address: Address
    since: DateText | None
    basis: str | None = None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        return decisions.rename_address(dwelling, address=self.address, since=self.since, basis=self.basis, today=today)

    def calls(self, dwelling: Dwelling) -> Address | None:
        return self.address if any(one.address != self.address for one in dwelling.names[-1:]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDwelling(DwellingRequest):
    """A dwelling that was recorded wrongly: the complete right version."""

    FACT = DwellingCorrected
    dwelling: UUID
    address: Address
    kind: str | None
    reason: str | None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        return decisions.correct_dwelling(dwelling, address=self.address, kind=self.kind, reason=self.reason)

    def calls(self, dwelling: Dwelling) -> Address | None:
        """Where it was renamed since, the address that is corrected is a former one."""
        return self.address if [one.address != self.address for one in dwelling.names] == [True] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeKind(DwellingRequest):
    """A dwelling that has become of another kind."""

    FACT = DwellingKindChanged
    dwelling: UUID
    kind: str | None
    basis: str | None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        return decisions.change_kind(dwelling, kind=self.kind, basis=self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOwners(DwellingRequest):
    """Who owns a dwelling from a day on: a note, for the property register says it."""

    FACT = OwnersRecorded
    dwelling: UUID
    owners: tuple[Owner, ...]
    since: DateText | None = None
    basis: str | None = None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        return decisions.record_owners(dwelling, owners=self.owners, since=self.since, basis=self.basis, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEncumbrance(DwellingRequest):
    """An encumbrance, or its end: a note too."""

    FACT = EncumbranceRecorded
    dwelling: UUID
    kind: str
    number: str | None
    since: DateText | None = None
    until: DateText | None = None
    holder: str | None = None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        said = {name: getattr(self, name) for name in ("kind", "number", "since", "until", "holder")}
        return decisions.record_encumbrance(dwelling, **said, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLease(DwellingRequest):
    """A contract on which somebody lives in a dwelling, or how it now stands; of which residence it is stays said."""

    FACT = LeaseRecorded
    dwelling: UUID
    number: str | None = None
    since: DateText | None = None
    until: DateText | None = None
    tenant: str | None = None
    lessee: UUID | None = None
    terminated_on: DateText | None = None
    basis: str | None = None

    @property
    def stream(self) -> UUID:
        return self.dwelling

    def decide(self, dwelling: Dwelling, today: date) -> Sequence[DwellingFact]:
        names = ("number", "since", "until", "tenant", "lessee", "terminated_on", "basis")
        said = {name: getattr(self, name) for name in names}
        rests = (
            one.of_residence for one in dwelling.leases if (one.number, one.lessee) == (self.number or "", self.lessee)
        )
        return decisions.record_lease(dwelling, **said, of_residence=next(rests, None), today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readdress(ActRequest):
    """Renumbers or merges a dwelling into its successor, with everybody inside (semantics 2, 6)."""

    dwelling: UUID
    successor: UUID
    since: DateText | None
    reason: str | None
    confirmed: bool = field(default=False, compare=False)

    @property
    def stream(self) -> UUID:
        return self.dwelling

    @property
    def makes(self) -> str:
        return DwellingSucceeded.NAME

    def decide(
        self, old: Dwelling, new: Dwelling, residents: Mapping[UUID, Person], today: date, ids: Iterator[UUID]
    ) -> dict[UUID, list[Any]]:
        """The facts that it records, by stream. Raises `Impossible` or `NeedsConfirmation`."""
        return decisions.readdress(
            self.dwelling,
            old,
            self.successor,
            new,
            residents=residents,
            since=self.since,
            reason=self.reason,
            ids=ids,
            today=today,
            confirmed=self.confirmed,
        )

"""What can be asked about a person: one frozen class an act, with its flags and the pure decision that it calls."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import decisions
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.events import (
    CarryOverAnnulled,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    Document,
    EntryWithdrawn,
    OccupiedAddressNoted,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    PersonFact,
    ResidenceAnnulled,
    ResidenceCorrected,
    ResidenceDeregistered,
    ResidenceVersion,
)
from registry.aggregates.person.state import Person, Residence, find, with_shown
from registry.aggregates.requests import UNCHANGED, ActRequest, Unchanged
from registry.aggregates.values import DateText, Fault, Impossible, NeedsConfirmation, confirm, refuse

NO_DWELLING = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest(ActRequest):
    """An act on the stream of one person."""

    FACT: ClassVar[type[PersonFact]]
    FOR_TWO: ClassVar[bool] = False
    """Whether a second person has to agree, where a setting says so (semantics 1.4 to 1.7, 11)."""

    @property
    def makes(self) -> str:
        return self.FACT.NAME

    @property
    def may_return(self) -> bool:
        """Whether the person may come back into a dwelling that was renumbered since, without a question."""
        return True

    def home(self, person: Person) -> UUID | None:
        """The dwelling that it puts the person into by naming it."""
        return None

    @abstractmethod
    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        """The facts that it records, by its decision; `home` is the dwelling that it names, `ids` are for what it
        makes. Raises `Impossible` or `NeedsConfirmation`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPerson(PersonRequest):
    """A new person; `person` is the stream of a withdrawn entry that is entered anew. `distinct_from` are those who
    look like the same person and are not, by `distinct_reason`."""

    FACT = PersonEntered
    person: UUID | None = None
    particulars: Particulars
    documents: Sequence[Document] = ()
    ref: str | None = None
    distinct_from: Sequence[UUID] = ()
    distinct_reason: str | None = None
    confirmed: bool = field(default=False, compare=False)

    @property
    def stream(self) -> UUID | None:
        return self.person

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.enter_person(
            person,
            particulars=self.particulars,
            documents=self.documents,
            ref=self.ref,
            distinct_from=self.distinct_from,
            distinct_reason=self.distinct_reason,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterResident(EnterPerson):
    """Somebody who is registered here by an old paper, and whom the register has not: what a row of a card index says
    of them, typed at a desk. They are entered where they live, by one act; `basis` is the paper. Nothing is decided by
    a card of a service and nobody is told: it was, when they were registered. So a second person has a word."""

    FOR_TWO = True
    kind: str
    dwelling: UUID
    since: DateText | None
    basis: str | None = None

    def home(self, person: Person) -> UUID:
        return self.dwelling

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        residence, faults, surprises = next(ids), list[Fault](), list[Fault]()
        # What stands in the way of either half is told at once.
        entered: Sequence[PersonFact] = [PersonEntered(particulars=Particulars())]
        lives: Sequence[PersonFact] = ()
        try:
            entered = EnterPerson.decide(self, person, home, today, ids)
        except Impossible as error:
            faults += error.faults
        except NeedsConfirmation as question:
            surprises += question.faults
            entered = EnterPerson.decide(replace(self, confirmed=True), person, home, today, ids)
        try:
            lives = decisions.settle(
                supposing(person, entered, today),
                kind=self.kind,
                residence=residence,
                dwelling=self.dwelling,
                home=home,
                since=self.since,
                basis=self.basis,
                today=today,
                confirmed=self.confirmed,
            )
        except Impossible as error:
            faults += error.faults
        except NeedsConfirmation as question:
            surprises += question.faults
        refuse([*faults, *([] if self.basis else [Fault("basis-missing", "basis")])])
        confirm(surprises, self.confirmed)
        return [*entered, *lives]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson(PersonRequest):
    """An act on somebody who was entered."""

    person: UUID

    @property
    def stream(self) -> UUID:
        return self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmable(OfPerson):
    """An act that may do what the clerk does not expect: then it has to be `confirmed`."""

    GOES_BACK: ClassVar[bool] = False
    """Whether going back into the dwelling before is the very act."""
    confirmed: bool = field(default=False, compare=False)

    @property
    def may_return(self) -> bool:
        return self.GOES_BACK or self.confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Confirmable):
    """A new residence: `declared`, `registered` or `stay`."""

    kind: str
    dwelling: UUID
    since: DateText | None
    basis: str | None = None

    @property
    def makes(self) -> str:
        return decisions.SETTLED[self.kind].NAME

    def home(self, person: Person) -> UUID:
        return self.dwelling

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.settle(
            person,
            kind=self.kind,
            residence=next(ids),
            dwelling=self.dwelling,
            home=home,
            since=self.since,
            basis=self.basis,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPastResidence(Confirmable):
    """A residence from old papers, which began and ended before it is entered."""

    FACT = PastResidenceEntered
    kind: str
    dwelling: UUID
    since: DateText | None
    until: DateText | None
    basis: str | None = None

    def home(self, person: Person) -> UUID:
        return self.dwelling

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.enter_past_residence(
            person,
            kind=self.kind,
            residence=next(ids),
            dwelling=self.dwelling,
            home=home,
            since=self.since,
            until=self.until,
            basis=self.basis,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeregisterResidence(Confirmable):
    """The end of a named residence; `country` is where an emigrant goes."""

    FACT = ResidenceDeregistered
    residence: UUID
    until: DateText | None
    ground: str | None = None
    country: str | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.deregister_residence(
            person,
            residence=self.residence,
            until=self.until,
            ground=self.ground,
            country=self.country,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectResidence(Confirmable):
    """How a residence is, instead of how it was recorded: only what differs. A `since` or `until` of None says that it
    is unknown, or that it has not ended."""

    FACT = ResidenceCorrected
    FOR_TWO = True
    residence: UUID
    kind: str | Unchanged = UNCHANGED
    dwelling: UUID | Unchanged = UNCHANGED
    since: DateText | Unchanged | None = UNCHANGED
    until: DateText | Unchanged | None = UNCHANGED
    reason: str | None = None

    def home(self, person: Person) -> UUID:
        return self._now(find(person, self.residence)).dwelling

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.correct_residence(
            person,
            residence=self.residence,
            now=self._now(find(person, self.residence)),
            home=home,
            reason=self.reason,
            today=today,
            confirmed=self.confirmed,
        )

    def _now(self, was: Residence | None) -> ResidenceVersion:
        """The complete new version; what is wrong with an unknown residence, the decision says."""
        return ResidenceVersion(
            kind=(was.kind if was else "") if self.kind is UNCHANGED else self.kind,
            dwelling=(was.dwelling if was else NO_DWELLING) if self.dwelling is UNCHANGED else self.dwelling,
            since=(was.since if was else None) if self.since is UNCHANGED else self.since,
            until=(was.until if was else None) if self.until is UNCHANGED else self.until,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulResidence(Confirmable):
    """A residence that should never have been recorded; `revives`: whether the one before runs on."""

    FACT = ResidenceAnnulled
    FOR_TWO = True
    residence: UUID
    basis: str | None
    revives: bool
    revived_until: DateText | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.annul_residence(
            person,
            residence=self.residence,
            basis=self.basis,
            revives=self.revives,
            revived_until=self.revived_until,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulDeregistration(Confirmable):
    """Takes back the latest deregistration; `residence`, if given, must be the one that it ended."""

    FACT = DeregistrationAnnulled
    FOR_TWO = True
    basis: str | None
    residence: UUID | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.annul_deregistration(
            person, basis=self.basis, residence=self.residence, today=today, confirmed=self.confirmed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulCarryOver(Confirmable):
    """Takes back a carry-over: the person lives in the dwelling before again."""

    FACT = CarryOverAnnulled
    FOR_TWO = True
    GOES_BACK = True
    residence: UUID
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.annul_carry_over(
            person, residence=self.residence, basis=self.basis, today=today, confirmed=self.confirmed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath(Confirmable):
    """A death, by the date of its registration."""

    FACT = Deceased
    registered_on: DateText | None
    basis: str | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.record_death(
            person, registered_on=self.registered_on, basis=self.basis, today=today, confirmed=self.confirmed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulDeath(OfPerson):
    """Takes back a death: the namesake's, or a wrong date of it."""

    FACT = DeathAnnulled
    FOR_TWO = True
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.annul_death(person, basis=self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOccupiedAddress(Confirmable):
    """The address in a listed territory that may stay; `residence` if it is in this community."""

    FACT = OccupiedAddressNoted
    list_entry: str | None
    residence: UUID | None = None
    address: str | None = None
    katottg: str | None = None
    list_since: DateText | None = None
    list_until: DateText | None = None
    territory: UUID | None = None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.note_occupied_address(
            person,
            list_entry=self.list_entry,
            residence=self.residence,
            address=self.address,
            katottg=self.katottg,
            list_since=self.list_since,
            list_until=self.list_until,
            territory=self.territory,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeParticulars(OfPerson):
    """Particulars that changed, or that were recorded wrongly (`corrects`); `changes` by field, None: has none."""

    corrects: bool
    changes: Mapping[str, str | None]
    documents: Sequence[Document] | None = None
    basis: str | None
    confirmed: bool = field(default=False, compare=False)

    @property
    def makes(self) -> str:
        return (ParticularsCorrected if self.corrects else ParticularsUpdated).NAME

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        decide = decisions.correct_particulars if self.corrects else decisions.update_particulars
        return decide(
            person,
            changes=self.changes,
            documents=self.documents,
            basis=self.basis,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectParticulars(ChangeParticulars):
    """The same of what was recorded wrongly, asked for at a desk: by somebody's age the cards decide."""

    FOR_TWO = True
    corrects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateParticulars(ChangeParticulars):
    """What a document that was shown says otherwise than the register, because it has changed; no service is asked for.
    `documents` are those that were shown, each in place of those of its kind."""

    corrects: bool = False
    documents: Sequence[Document] = ()

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        if "birth_date" in self.changes:
            refuse([Fault("never-changes", "birth_date")])
        now = with_shown(person.documents, self.documents)
        return decisions.update_particulars(
            person,
            changes=self.changes,
            documents=None if set(now) == set(person.documents) else now,
            basis=self.basis,
            today=today,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEntry(OfPerson):
    """The entry itself was an error."""

    FACT = EntryWithdrawn
    FOR_TWO = True
    reason: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return decisions.withdraw_entry(person, reason=self.reason)

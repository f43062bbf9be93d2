"""What can be asked about the marks of protected absentees: one frozen class an act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import absences, away
from registry.aggregates.person.absence_events import (
    AbsenceProtected,
    AbsenceProtectionAnnulled,
    AbsenceProtectionCorrected,
    AbsenceProtectionEnded,
    AbsenceVersion,
)
from registry.aggregates.person.events import PersonFact
from registry.aggregates.person.requests import OfPerson
from registry.aggregates.person.state import Person
from registry.aggregates.requests import UNCHANGED, Unchanged
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectAbsence(OfPerson):
    """A mark of a protected absence, from a paper."""

    FACT = AbsenceProtected
    ground: str
    since: DateText | None
    until: DateText | None = None
    paper: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        said = {"ground": self.ground, "since": self.since, "until": self.until, "paper": self.paper}
        return absences.protect(person, mark=next(ids), today=today, **said)  # type: ignore[arg-type]  # of these


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAbsence(OfPerson):
    """The person is back."""

    FACT = AbsenceProtectionEnded
    mark: UUID
    until: DateText | None
    paper: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return absences.end(person, mark=self.mark, until=self.until, paper=self.paper, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectAbsence(OfPerson):
    """How a mark is, instead of how it was recorded: only what differs."""

    FACT = AbsenceProtectionCorrected
    FOR_TWO = True
    mark: UUID
    ground: str | Unchanged = UNCHANGED
    since: DateText | Unchanged = UNCHANGED
    until: DateText | Unchanged | None = UNCHANGED
    paper: str | Unchanged = UNCHANGED
    reason: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        was = away.version(person, self.mark)
        now = AbsenceVersion(
            ground=(was.ground if was else "") if self.ground is UNCHANGED else self.ground,
            since=(was.since if was else "") if self.since is UNCHANGED else self.since,
            until=(was.until if was else None) if self.until is UNCHANGED else self.until,
            paper=(was.paper if was else "") if self.paper is UNCHANGED else self.paper,
        )
        return absences.correct(person, mark=self.mark, now=now, reason=self.reason, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulAbsence(OfPerson):
    """There was no such absence."""

    FACT = AbsenceProtectionAnnulled
    FOR_TWO = True
    mark: UUID
    basis: str | None

    def decide(self, person: Person, home: Dwelling, today: date, ids: Iterator[UUID]) -> Sequence[PersonFact]:
        return absences.annul(person, mark=self.mark, basis=self.basis)

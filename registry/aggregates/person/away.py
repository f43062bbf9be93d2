"""Who is away on a day by a mark of a protected absence, and what has to be said of it before an owner's removal."""

from datetime import date
from uuid import UUID

from registry.aggregates.person.absence_events import AbsenceVersion
from registry.aggregates.person.state import Person, ProtectedAbsence
from registry.aggregates.values import Fault, first_day, last_held


def holding(person: Person, day: date) -> list[ProtectedAbsence]:
    """The marks that may hold on a day: an unknown part of a date speaks for the absent."""
    return [one for one in person.absences if one.says and _holds(one.says, day)]


def version(person: Person, mark: UUID) -> AbsenceVersion | None:
    """What a mark says now."""
    return next((one.says for one in person.absences if one.mark == mark), None)


def _holds(says: AbsenceVersion, day: date) -> bool:
    return first_day(says.since) <= day and (says.until is None or day <= last_held(says.until))


def answer_faults(stands: bool | None, reason: str | None) -> list[Fault]:
    """What an answer about such a mark leaves out: whether it still stands, and why so."""
    if stands is not None and reason:
        return []
    return [Fault("absence-unanswered", "stands" if stands is None else "reason")]

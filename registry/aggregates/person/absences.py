"""Protected absentees: marks that an owner who removes somebody has to reckon with, and what may be done to them.

The cards name point 61 of the Procedure (P265) and not its list of absentees; what is known of the list is secondary
(domain, 3, rule 10; question 11), so that a mark refuses nothing by itself: it has to be answered, with a reason.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from registry.aggregates.person.absence_events import (
    AbsenceProtected,
    AbsenceProtectionAnnulled,
    AbsenceProtectionCorrected,
    AbsenceProtectionEnded,
    AbsenceVersion,
)
from registry.aggregates.person.away import version
from registry.aggregates.person.checks import date_faults, impossible_period, not_alive, not_entered
from registry.aggregates.person.events import PersonFact
from registry.aggregates.person.state import Person
from registry.aggregates.values import DateText, Fault, refuse, sure

GROUNDS = {
    "rotation_work": "domain 3, rule 10",
    "long_trip": "domain 3, rule 10",
    "custody": "domain 3, rule 10",
    "care": "domain 3, rule 10",
    "treatment": "domain 3, rule 10",
    "military_service": "domain 11, question 11",
    "imprisonment": "domain 11, question 11",
    "missing": "domain 11, question 11",
    "other": "domain 11, question 11",
}
"""Why somebody may be away, each with where it is named; the list of the Procedure is not in the sources, so `other` is
what the paper says."""


def protect(
    person: Person,
    *,
    mark: UUID,
    ground: str,
    since: DateText | None,
    until: DateText | None = None,
    paper: str | None,
    today: date,
) -> list[PersonFact]:
    """A new mark, from a paper; an end that is still to come is one that the paper names."""
    refuse([*not_alive(person), *_faults(person, ground, since, until, paper, today)])
    return [AbsenceProtected(mark=mark, ground=ground, since=sure(since), until=until, paper=sure(paper))]


def end(person: Person, *, mark: UUID, until: DateText | None, paper: str | None, today: date) -> list[PersonFact]:
    """The person is back."""
    faults, says = _named(person, mark)
    faults += [] if until else [Fault("until-missing", "until")]
    faults += [] if paper else [Fault("basis-missing", "paper")]
    faults += date_faults("until", until, today)
    if not faults and says and until:
        faults += impossible_period(None, says.since, until)
    refuse([*not_entered(person), *faults])
    return [AbsenceProtectionEnded(mark=mark, until=sure(until), paper=sure(paper))]


def correct(person: Person, *, mark: UUID, now: AbsenceVersion, reason: str | None, today: date) -> list[PersonFact]:
    """What was recorded wrongly, and how it is."""
    faults, was = _named(person, mark)
    faults += [] if reason else [Fault("reason-missing", "reason")]
    faults += _faults(person, now.ground, now.since, now.until, now.paper, today)
    faults += [Fault("nothing-changed")] if was == now else []
    refuse([*not_entered(person), *faults])
    return [AbsenceProtectionCorrected(mark=mark, was=sure(was), now=now, reason=sure(reason))]


def annul(person: Person, *, mark: UUID, basis: str | None) -> list[PersonFact]:
    """There was no such absence."""
    faults, _ = _named(person, mark)
    faults += [] if basis else [Fault("basis-missing", "basis")]
    refuse([*not_entered(person), *faults])
    return [AbsenceProtectionAnnulled(mark=mark, basis=sure(basis))]


def _named(person: Person, mark: UUID) -> tuple[list[Fault], AbsenceVersion | None]:
    says = version(person, mark)
    return ([] if says else [Fault("absence-unknown", "mark")]), says


def _faults(
    person: Person, ground: str, since: DateText | None, until: DateText | None, paper: str | None, today: date
) -> Sequence[Fault]:
    faults = [] if ground in GROUNDS else [Fault("absence-ground-unknown", "ground")]
    faults += [] if since else [Fault("since-missing", "since")]
    faults += [] if paper else [Fault("basis-missing", "paper")]
    faults += date_faults("since", since, today)
    faults += date_faults("until", until, date.max)
    if not faults:
        faults += impossible_period(person.particulars.birth_date, since, until)
    return faults

"""Protected addresses: what may be done to their marks; from whom one hides, says `registry/protected.py`."""

from datetime import date
from uuid import UUID

from registry.aggregates.person.checks import date_faults, impossible_period, not_alive
from registry.aggregates.person.events import PersonFact
from registry.aggregates.person.protection_events import (
    AddressProtected,
    AddressProtectionAnnulled,
    AddressProtectionEnded,
)
from registry.aggregates.person.state import Person, ProtectedAddress
from registry.aggregates.values import DateText, Fault, last_held, refuse, sure


def protect(
    person: Person,
    *,
    mark: UUID,
    basis: str | None,
    since: DateText | None,
    until: DateText | None = None,
    today: date,
) -> list[PersonFact]:
    """A new mark, by a decision; an end that is still to come is one that the decision names."""
    faults = [*not_alive(person), *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [] if since else [Fault("since-missing", "since")]
    faults += [*date_faults("since", since, today), *date_faults("until", until, date.max)]
    if not faults:
        faults += impossible_period(person.particulars.birth_date, since, until)
        faults += [] if all(_over(one, today) for one in in_force(person)) else [Fault("already-protected")]
    refuse(faults)
    return [AddressProtected(mark=mark, basis=sure(basis), since=sure(since), until=until)]


def end(person: Person, *, mark: UUID, until: DateText | None, basis: str | None, today: date) -> list[PersonFact]:
    """The mark holds no more; also of somebody who died, or whose entry was withdrawn: the mark stays with them."""
    faults, found = _named(person, mark)
    faults += [] if until else [Fault("until-missing", "until")]
    faults += [] if basis else [Fault("basis-missing", "basis")]
    faults += date_faults("until", until, today)
    if not faults and found:
        faults += [Fault("protection-over", "mark")] if _over(found, today) else []
        faults += impossible_period(None, found.since, until)
    refuse(faults)
    return [AddressProtectionEnded(mark=mark, until=sure(until), basis=sure(basis))]


def annul(person: Person, *, mark: UUID, basis: str | None) -> list[PersonFact]:
    """There was no such decision."""
    faults, _ = _named(person, mark)
    refuse([*faults, *([] if basis else [Fault("basis-missing", "basis")])])
    return [AddressProtectionAnnulled(mark=mark, basis=sure(basis))]


def in_force(person: Person) -> list[ProtectedAddress]:
    """The marks that nobody annulled, ended ones too."""
    return [one for one in person.protections if not one.annulled]


def _named(person: Person, mark: UUID) -> tuple[list[Fault], ProtectedAddress | None]:
    found = next((one for one in in_force(person) if one.mark == mark), None)
    return ([] if found else [Fault("protection-unknown", "mark")]), found


def _over(one: ProtectedAddress, today: date) -> bool:
    return one.until is not None and last_held(one.until) < today

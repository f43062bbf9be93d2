"""`identities`: by what one finds that somebody may be in the register already, however they are spelled."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from registry import ukrainian
from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import DateText, NotADate, days
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "identities"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "names", "born_from", "born_until", "numbers")
KEY = {"person": "uuid"}
IGNORES: Sequence[type] = (
    events.ResidenceDeclared,
    events.ResidenceRegistered,
    events.StayRegistered,
    events.ResidenceCarriedOver,
    events.PastResidenceEntered,
    events.ResidenceDeregistered,
    events.ResidenceCorrected,
    events.ResidenceAnnulled,
    events.DeregistrationAnnulled,
    events.DeathAnnulled,
    events.CarryOverAnnulled,
    events.OccupiedAddressNoted,
    events.Deceased,
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    absence_events.AbsenceProtected,
    absence_events.AbsenceProtectionEnded,
    absence_events.AbsenceProtectionCorrected,
    absence_events.AbsenceProtectionAnnulled,
    protection_events.AddressProtected,
    protection_events.AddressProtectionEnded,
    protection_events.AddressProtectionAnnulled,
)

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """The row of a person as now believed; none for a withdrawn or merged entry, nor for a sealed one."""
    if person.entered and not person.seal:
        yield (stream, *identity(person.particulars, person.documents, person.former))


def identity(
    said: events.Particulars,
    documents: Sequence[events.Document],
    former: Sequence[events.Particulars] = (),
) -> tuple[tuple[str, ...], date | None, date | None, tuple[str, ...]]:
    """What tells somebody: the names, former ones too, each in one spelling, the days on which they can be born, РНОКПП
    and documents."""
    # Without a digit it says why there is no number: nobody is told by that.
    numbers = [f"rnokpp {said.rnokpp}"] if _is_number(said.rnokpp) else []
    documented = (ukrainian.document_key(one.kind, one.number) for one in documents if _is_number(one.number))
    numbers += filter(None, documented)
    first, last = _born(said.birth_date)
    names = (ukrainian.names_key(one.surname, one.given_names) for one in (said, *former))
    return tuple(dict.fromkeys(filter(None, names))), first, last, tuple(dict.fromkeys(numbers))


def _is_number(text: str | None) -> bool:
    return any(map(str.isdecimal, text or ""))


def _born(text: DateText | None) -> tuple[date, date] | tuple[None, None]:
    try:
        return days(text) if text else (None, None)
    except NotADate:
        return None, None

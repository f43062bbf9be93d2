"""`protections`: the marks of protected addresses, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import first_day, last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "protections"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "mark", "begins", "ends", "since", "until", "basis")
KEY = {"person": "uuid", "mark": "uuid"}
NEEDS = protection_events.AddressProtected
IGNORES: Sequence[type] = (
    # Whoever is hidden stays so, whatever becomes of the entry.
    events.PersonEntered,
    events.EntryWithdrawn,
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
    events.ParticularsUpdated,
    events.ParticularsCorrected,
    events.Deceased,
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
    absence_events.AbsenceProtected,
    absence_events.AbsenceProtectionEnded,
    absence_events.AbsenceProtectionCorrected,
    absence_events.AbsenceProtectionAnnulled,
)

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """A row for each mark as now believed; `begins` and `ends` are the widest days that its dates can mean."""
    for one in person.protections:
        if not one.annulled:
            ends = last_day(one.until) if one.until else None
            yield stream, one.mark, first_day(one.since), ends, one.since, one.until, one.basis

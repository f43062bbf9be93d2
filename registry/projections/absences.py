"""`absences`: the marks of protected absentees, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import first_day, last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "absences"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "mark", "ground", "begins", "ends", "since", "until", "paper")
KEY = {"person": "uuid", "mark": "uuid"}
NEEDS = absence_events.AbsenceProtected
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
    events.ParticularsUpdated,
    events.ParticularsCorrected,
    events.Deceased,
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
    protection_events.AddressProtected,
    protection_events.AddressProtectionEnded,
    protection_events.AddressProtectionAnnulled,
)

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """A row for each mark as now believed; `begins` and `ends` are the widest days that its dates can mean."""
    for one in person.absences:
        if one.says:
            until = one.says.until
            yield (
                stream,
                one.mark,
                one.says.ground,
                first_day(one.says.since),
                last_day(until) if until else None,
                one.says.since,
                until,
                one.says.paper,
            )

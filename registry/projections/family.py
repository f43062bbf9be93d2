"""`family`: who is whose parent, guardian or adopter, in both times. A row is one version of one link."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import first_day, known, last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "family"
VERSION = 1
AGGREGATE = "person"
COLUMNS = (
    *("person", "link", "role", "relative", "relative_name", "since", "until", "since_known", "until_known"),
    *("certain_since", "certain_until", "state", "facts"),
)
KEY = {"person": "uuid", "link": "uuid"}
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
    events.CarryOverAnnulled,
    events.OccupiedAddressNoted,
    events.ParticularsUpdated,
    events.ParticularsCorrected,
    events.Deceased,
    events.DeathAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
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
    """The rows of a child or a ward as now believed. Between `certain_since` and `certain_until` a link holds whatever
    the unknown parts of its dates are; None: without a bound."""
    for link in person.links:
        yield (
            *(stream, link.id, link.role, link.relative, link.relative_name),
            first_day(link.since) if link.since else None,
            last_day(link.until) if link.until else None,
            known(link.since),
            known(link.until),
            last_day(link.since) if link.since else None,
            first_day(link.until) if link.until else None,
            "annulled" if link.annulled else "standing",
            link.facts,
        )

"""`kept_addresses`: whose address, kept as an exception, rests on which entry of the list of territories."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid5

from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold, notes_elsewhere
from registry.aggregates.person.timeline import timeline
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "kept_addresses"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "place", "territory", "residence")
KEY = {"person": "uuid", "place": "uuid"}
NEEDS = events.OccupiedAddressNoted
IGNORES: Sequence[type] = (
    events.ResidenceDeclared,
    events.ResidenceRegistered,
    events.StayRegistered,
    events.PastResidenceEntered,
    events.ParticularsUpdated,
    events.ParticularsCorrected,
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
    protection_events.AddressProtected,
    protection_events.AddressProtectionEnded,
    protection_events.AddressProtectionAnnulled,
)

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """A row for each address that somebody alive keeps by an entry; `place` is the residence, or stands for an address
    outside this community."""
    if not person.occupied or person.death:
        return
    open_ended = {row.residence for row in timeline(person) if row.state == "standing" and row.until is None}
    for one in person.residences:
        if one.kept and one.territory and one.id in open_ended:
            yield stream, one.id, one.territory, one.id
    for note in notes_elsewhere(person):
        yield stream, uuid5(stream, f"{note.address} {note.katottg}"), note.territory, None

"""`permits`: until when foreigners may live here by the permits that the register has of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid5

from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "permits"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "permit", "kind", "ends", "until")
KEY = {"person": "uuid", "permit": "uuid"}
KINDS = ("permanent_permit", "temporary_permit")
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
    """A row for each permit with an end; `ends` is the last day that it can mean. None of an entry that is gone."""
    if not person.entered:
        return
    rows = {}
    for one in person.documents:
        if one.kind in KINDS and (until := one.valid_until):
            rows[uuid5(stream, f"{one.kind} {one.number} {until}")] = (one.kind, last_day(until), until)
    for permit, said in rows.items():
        yield stream, permit, *said

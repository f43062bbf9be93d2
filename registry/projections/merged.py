"""`merged`: the entries of one person that was entered twice, each with the entry that answers in its place."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import ukrainian
from registry.aggregates.person import absence_events, events, merge_events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "merged"
VERSION = 1
AGGREGATE = "person"
COLUMNS = ("person", "survivor", "ref", "unzr", "keys")
KEY = {"person": "uuid"}
NAMED = "="
"""What a key of names begins with: no number does."""
NEEDS = merge_events.EntryMerged
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
    """The row of an entry that is merged now, with the ref and the УНЗР that it had."""
    if person.merged:
        before = person.merged.before
        yield (stream, person.merged.says.survivor, before.ref, before.particulars.unzr, _keys(before))


def _keys(person: Person) -> tuple[str, ...]:
    """By what a search finds who answers: its mark and numbers, and its names, in one spelling."""
    said = person.particulars
    official = (said.unzr, said.rnokpp, *(one.number for one in person.documents))
    numbers = [person.ref, *(one for one in official if one and any(map(str.isdecimal, one)))]
    names = (ukrainian.names_key(one.surname, one.given_names) for one in (said, *person.former))
    found = (*(ukrainian.number_key(one) for one in numbers if one), *(NAMED + one for one in names if one))
    return tuple(dict.fromkeys(filter(None, found)))

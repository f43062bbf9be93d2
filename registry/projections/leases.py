"""`leases`: the leases of dwellings that have an end, by its day."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid5

from registry.aggregates.dwelling import events
from registry.aggregates.dwelling.state import NOWHERE, Dwelling, fold
from registry.aggregates.values import last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "leases"
VERSION = 1
AGGREGATE = "dwelling"
COLUMNS = ("dwelling", "lease", "lessee", "ends", "until")
KEY = {"dwelling": "uuid", "lease": "uuid"}
NEEDS = events.LeaseRecorded
IGNORES: Sequence[type] = (
    events.DwellingEntered,
    events.AddressRenameAnnulled,
    events.AddressRenamed,
    events.DwellingCorrected,
    events.DwellingSucceeded,
    events.OwnersRecorded,
    events.EncumbranceRecorded,
    events.DwellingKindChanged,
)

EMPTY, FOLD = NOWHERE, fold


def view(stream: UUID, dwelling: Dwelling) -> Iterator[tuple]:
    """A row for each lease that ends or was ended; `ends` is the last day that its end can mean, as written in `until`.
    `lease` stands for its number and its lessee, by which it is known."""
    for one in dwelling.leases:
        if until := one.terminated_on or one.until:
            yield stream, uuid5(stream, f"{one.number} {one.lessee}"), one.lessee, last_day(until), until

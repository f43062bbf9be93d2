"""`addresses`: the parts of each dwelling's address with the keys by which addresses are compared, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import addresses, ukrainian
from registry.aggregates.dwelling import events
from registry.aggregates.dwelling.state import NOWHERE, Dwelling, dated_names, fold, successor
from registry.aggregates.street.matching import home_key
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "addresses"
VERSION = 1
AGGREGATE = "dwelling"
PARTS = ("katottg", "settlement", "district", "street", "house", "building", "flat", "room")
COLUMNS = (
    *("dwelling", "since", "until", *PARTS, "kind", "successor"),
    *("place_key", "street_key", "home_key", "sort_key"),
)
KEY = {"dwelling": "uuid", "since": "date"}
IGNORES: Sequence[type] = (events.OwnersRecorded, events.EncumbranceRecorded, events.LeaseRecorded)

EMPTY, FOLD = NOWHERE, fold


def view(stream: UUID, dwelling: Dwelling) -> Iterator[tuple]:
    """A row for each name of a dwelling as now believed."""
    for since, until, address in dated_names(dwelling):
        yield (
            stream,
            since,
            until,
            *(getattr(address, part) for part in PARTS),
            dwelling.kind,
            successor(dwelling),
            addresses.settlement(address.settlement).key,
            addresses.street(address.street).key,
            home_key(address),
            ukrainian.sort_key(address.settlement, address.street, address.house, address.building, address.flat),
        )

"""`dwellings`: what each dwelling is, and what it was called on which days."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import texts, ukrainian
from registry.aggregates.dwelling import events
from registry.aggregates.dwelling.state import NOWHERE, Dwelling, dated_names, fold, successor
from registry.finding import lexemes
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "dwellings"
VERSION = 2
AGGREGATE = "dwelling"
COLUMNS = (
    *("dwelling", "since", "until", "address", "ref", "kind", "katottg", "successor"),
    *("sort_key", "haystack", "words"),
)
KEY = {"dwelling": "uuid", "since": "date"}
IGNORES: Sequence[type] = (events.OwnersRecorded, events.EncumbranceRecorded, events.LeaseRecorded)

EMPTY, FOLD = NOWHERE, fold


def view(stream: UUID, dwelling: Dwelling) -> Iterator[tuple]:
    """A row for each name of a dwelling as now believed."""
    for since, until, address in dated_names(dwelling):
        label = texts.address_label(address)
        yield (
            stream,
            since,
            until,
            label,
            dwelling.ref,
            dwelling.kind,
            address.katottg,
            successor(dwelling),
            ukrainian.sort_key(address.settlement, address.street, address.house, address.building, address.flat),
            lexemes.haystack(*label.split(", ")),
            lexemes.of_dwelling(address, dwelling.ref),
        )

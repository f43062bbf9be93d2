"""`houses`: the houses of the community's list, with their flats as the list writes them, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import ukrainian
from registry.aggregates.street import events
from registry.aggregates.street.state import NO_STREET, Street, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "houses"
VERSION = 1
AGGREGATE = "street"
COLUMNS = ("street", "house_key", "house", "building", "flats", "source", "sort_key")
KEY = {"street": "uuid", "house_key": "text"}
IGNORES: Sequence[type] = (events.StreetEntered, events.StreetRenamed, events.StreetCorrected)

EMPTY, FOLD = NO_STREET, fold


def view(stream: UUID, street: Street) -> Iterator[tuple]:
    """A row for each house of a street as now believed."""
    for key, held in street.houses.items():
        said = held.said
        order = ukrainian.sort_key(said.house, said.building)
        yield (stream, key, said.house, said.building, said.flats, held.source, order)

"""`streets`: the community's list of streets, a row a name with its days, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import addresses, ukrainian
from registry.aggregates.street import events
from registry.aggregates.street.state import NO_STREET, Street, dated_names, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "streets"
VERSION = 1
AGGREGATE = "street"
COLUMNS = (
    *("street", "since", "until", "name", "street_key", "haystack", "settlement", "place_key", "district"),
    *("katottg", "source", "sort_key"),
)
KEY = {"street": "uuid", "since": "date"}
IGNORES: Sequence[type] = (events.HousesListed, events.HousesUnlisted)

EMPTY, FOLD = NO_STREET, fold


def view(stream: UUID, street: Street) -> Iterator[tuple]:
    """A row for each name of a street as now believed; none of one that was annulled."""
    said = street.says
    if said is None:
        return
    # In the alphabet of their names, the word for the kind of a street or of a settlement behind.
    order = ukrainian.sort_key(*(addresses.in_order(text) for text in (said.settlement, said.names[-1].name)))
    for since, until, name in dated_names(said):
        yield (
            stream,
            since,
            until,
            name,
            addresses.street(name).key,
            f" {addresses.found_by(name)} ",
            said.settlement,
            addresses.settlement(said.settlement).key,
            said.district,
            said.katottg,
            said.source,
            order,
        )

"""`territories`: the list of territories of hostilities or occupation, entry by entry, in both times."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.territory.codes import covered
from registry.aggregates.territory.listing import plain_name
from registry.aggregates.territory.state import UNLISTED, Territory, fold
from registry.aggregates.values import first_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "territories"
VERSION = 1
AGGREGATE = "territory"
COLUMNS = (
    *("entry", "name", "plain", "code", "covers", "kind", "since", "until"),
    *("order_number", "order_dated", "source"),
)
KEY = {"entry": "uuid"}
IGNORES: Sequence[type] = ()

EMPTY, FOLD = UNLISTED, fold


def view(stream: UUID, territory: Territory) -> Iterator[tuple]:
    """The row of an entry as now believed; none of one that was annulled."""
    said, order = territory.says, territory.order
    if said is None:
        return
    yield (
        stream,
        said.name,
        plain_name(said.name),
        said.code,
        covered(said.code),
        said.kind,
        first_day(said.since),
        first_day(said.until) if said.until else None,
        order.number if order else None,
        first_day(order.dated) if order else None,
        territory.source,
    )

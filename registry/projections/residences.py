"""`residences`: who lives where, in both times. See `residences.sql` for what is asked of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from registry import lives
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.person.timeline import timeline
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "residences"
VERSION = 2
AGGREGATE = "person"
COLUMNS = (
    *("person", "residence", "part", "kind", "dwelling", "since", "until", "since_known", "until_known"),
    *("certain_since", "certain_until", "state", "kept", "past", "carried", "facts"),
)
KEY = {"person": "uuid", "residence": "uuid", "part": "integer"}
IGNORES = lives.QUIET
"""Facts that never change a row. Even particulars may, by a date of birth: nothing begins before it."""

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """The rows of a person as now believed."""
    for row in timeline(person):
        yield (
            stream,
            row.residence,
            row.part,
            row.kind,
            row.dwelling,
            row.since,
            row.until,
            row.since_known,
            row.until_known,
            row.certain_since,
            row.certain_until,
            row.state,
            row.kept,
            row.past,
            row.carried,
            row.facts,
        )

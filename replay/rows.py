"""The rows of projections, held against what replay makes of the same streams.

Residences are compared with the rules asked day by day (`replay.engine`), at every act that ever changed them; the
other projections with their own view over a fresh fold. Differences name ids and columns, never what a row says.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

from psycopg.rows import tuple_row
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier

from registry.aggregates.person.state import Person
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, first_day, known, last_day
from registry.projections import history, residences
from replay.engine import Life, idle
from replay.report import Report
from replay.stream import Stream
from replay.words import told

Row = tuple[Any, ...]
BETWEEN = Text("SELECT {columns} FROM {table} WHERE {key} BETWEEN %(first)s AND %(last)s")


def compare(connection: Any, projection: ModuleType, streams: Sequence[Stream], report: Report) -> int:
    """Compares the rows of some streams of the projection's aggregate, which are all there are from the first to the
    last or have none; returns how many rows they have."""
    stored = _stored(connection, projection, streams[0].id, streams[-1].id)
    count = 0
    for one in streams:
        rows = stored.get(one.id, [])
        count += len(rows)
        try:
            expected = history.believed(one.after_acts(projection), _view(projection, one.id))
        except Exception as error:
            report.differ(told("unfollowed", type(error).__name__, where=f"{projection.TABLE} {one.id}"))
            continue
        # Most streams have one row; what is equal need not be hashed.
        if expected != rows and (difference := _differ(projection, set(expected), set(rows))):
            report.differ(f"{projection.TABLE} {one.id}: {difference}")
    return count


def _view(projection: ModuleType, stream: UUID) -> history.View:
    return partial(asked_day_by_day if projection is residences else projection.view, stream)


def _stored(connection: Any, projection: ModuleType, first: UUID, last: UUID) -> dict[UUID, list[Row]]:
    """The rows of streams from one to another: columns, `known_from`, `known_until`."""
    columns = (*projection.COLUMNS, "known_from", "known_until")
    query = BETWEEN.format(
        columns=Text(", ").join(map(Identifier, columns)),
        table=Identifier(projection.TABLE),
        key=Identifier(next(iter(projection.KEY))),
    )
    found: dict[UUID, list[Row]] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for row in cursor.execute(query, {"first": first, "last": last}):
            said = tuple([tuple(value) if type(value) is list else value for value in row])
            found.setdefault(row[0], []).append(said)
    return found


def _differ(projection: ModuleType, expected: set[Row], stored: set[Row]) -> str | None:
    missing, extra = expected - stored, stored - expected
    if not missing and not extra:
        return None
    names = (*projection.COLUMNS, "known_from", "known_until")
    pairs = zip(sorted(missing, key=repr), sorted(extra, key=repr), strict=False)
    columns = sorted({name for one, other in pairs for name, a, b in zip(names, one, other, strict=True) if a != b})
    said = f"{len(missing)} rows missing, {len(extra)} not from the log"
    return said + (f" ({', '.join(columns)})" if columns else "")


def asked_day_by_day(stream: UUID, person: Person) -> Iterator[Row]:
    """The rows of `residences` as the rules give them when asked day by day."""
    life = Life(person)
    running = life.stretches()
    parts: dict[UUID, int] = {}
    for one in reversed(running):
        residence = one.residence
        parts[residence.id] = parts.get(residence.id, 0) + 1
        yield (
            *(stream, residence.id, parts[residence.id], residence.kind, residence.dwelling),
            *(one.since, one.until, one.since_known, one.until_known, one.certain_since, one.certain_until),
            *("standing", residence.kept, residence.past, residence.carried_from is not None, one.facts),
        )
    for residence, state in idle(person, running):
        start = max(life.birth, first_day(residence.since)) if residence.since else BEFORE_ALL
        end = last_day(residence.until) if residence.until else AFTER_ALL
        yield (
            *(stream, residence.id, 1, residence.kind, residence.dwelling),
            *(None if start == BEFORE_ALL else start, None if end == AFTER_ALL else end),
            *(known(residence.since), known(residence.until), start, start),
            *(state, residence.kept, residence.past, residence.carried_from is not None),
            tuple(sorted({*residence.made_by, *residence.ended_by})),
        )

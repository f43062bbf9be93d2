"""How projections are kept: inline with an act, filled from the log, rebuilt while acts go on.

Every projection is a module with `TABLE`, `VERSION`, `AGGREGATE`, `COLUMNS`, `KEY`, `EMPTY`, `FOLD` and a pure `view`;
and `NEEDS`, if a stream without a fact of one of these classes has no row. Its rows are asked through
`<table>_at(position)` and `<table>_now()`. Code that makes other rows has another `VERSION`.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from eventsourcing.persistence import OperationalError
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier

from registry import lives
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry, Fault
from registry.projections import (
    absences,
    addresses,
    applications,
    dwellings,
    extracts,
    family,
    history,
    houses,
    identities,
    kept_addresses,
    leases,
    letters,
    merged,
    papers,
    people,
    permits,
    protections,
    residences,
    streets,
    territories,
    versions,
)
from registry.storage import mapper, queries
from registry.storage.following import Touched
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Busy, Connection, LogRecorder, Progress, batches_of_streams, by_stream, one_row
from registry.storage.sending import Sending, copy

PROJECTIONS: tuple[ModuleType, ...] = (
    residences,
    people,
    dwellings,
    extracts,
    applications,
    papers,
    territories,
    kept_addresses,
    letters,
    family,
    absences,
    protections,
    merged,
    identities,
    streets,
    houses,
    addresses,
    leases,
    permits,
)
"""All of them; the migration that makes the table of another one calls `make_known` for it."""
SQL = queries.load(Path(__file__).with_suffix(".sql"))
GUARDS = {
    "people_unzr_in_force": Fault("unzr-taken", "unzr"),
    "people_ref_in_force": Fault("ref-taken", "ref"),
    "dwellings_ref_in_force": Fault("ref-taken", "ref"),
    "residences_one_at_a_time": Fault("overlaps", "since"),
}
"""What the database's last guards refuse, as a fault for the clerk."""

AT_ONCE = 1_000
"""So many people whose lives are not plain are folded from one reading of the log."""
TRIES, PAUSE = 1_000, 1.0
"""How often, and after how many seconds, a rebuild tries to put its table in place of one that is being read."""


def aggregate_of(entries: Sequence[Entry]) -> str:
    """Whose stream these entries are."""
    return AGGREGATE_OF[entries[0].fact.NAME]


def update(sending: Sending, touched: Sequence[Touched]) -> None:
    """Brings every projection up to acts, in their own transaction. One that ignores what is new costs nothing."""
    if any(one.new[0].position == 1 for one in touched):
        versions.write(sending.connection, PROJECTIONS)
    closed: dict[str, list[tuple]] = {}
    added: dict[str, list[tuple]] = {}
    for one in touched:
        new = _kinds(one.new)
        held = new | _kinds(one.before)
        folded: dict[Any, tuple[Any, Any]] = {}
        position = one.new[-1].position
        for projection in _concerned(aggregate_of(one.new), new, held):
            if projection.FOLD not in folded:
                before = projection.FOLD(one.before, projection.EMPTY)
                folded[projection.FOLD] = before, projection.FOLD(one.new, before)
            before, after = folded[projection.FOLD]
            view = partial(projection.view, one.stream)
            gone, come = history.changes(before, after, view) if one.before else (set(), set(view(after)))
            closed.setdefault(projection.TABLE, []).extend([(*_key(projection, row), position) for row in gone])
            added.setdefault(projection.TABLE, []).extend([(*row, position, None) for row in come])
    for projection in PROJECTIONS:
        if rows := closed.get(projection.TABLE):
            sending.close(projection.TABLE, tuple(projection.KEY), rows)
        if rows := added.get(projection.TABLE):
            sending.insert(projection.TABLE, (*projection.COLUMNS, "known_from", "known_until"), rows)


def fill(
    connection: Connection,
    position: int,
    tables: dict[str, Identifier],
    progress: Progress = lambda facts: None,
) -> None:
    """Fills empty tables (projection's name → table) from the log up to a position, stream by stream by COPY; the
    residences of plain lives (`registry.lives`) in one statement, those of all others by COPY.

    `progress` is told how many facts were read, batch by batch.
    """
    wanted = [one for one in PROJECTIONS if one.TABLE in tables and one is not residences]
    if residences.TABLE in tables:
        _fill_residences(connection, position, tables[residences.TABLE])
        if not wanted:
            progress(position)
    for batch in batches_of_streams(connection, position, progress) if wanted else ():
        for projection in wanted:
            rows = (row for entries in batch for row in all_rows(projection, entries))
            _copy(connection, tables[projection.TABLE], projection, rows)


def _fill_residences(connection: Connection, position: int, table: Identifier) -> None:
    others = lives.versions(connection, position, table)
    for start in range(0, len(others), AT_ONCE):
        found = connection.execute(LOG["of_streams"], {"streams": others[start : start + AT_ONCE]})
        read = (mapper.read_entry(bytes(row["state"])) for row in found)
        entries = (entry for entry in read if entry.position <= position)
        _copy(connection, table, residences, (row for one in by_stream(entries) for row in all_rows(residences, one)))


def refill(connection: Connection, position: int, progress: Progress = lambda facts: None) -> None:
    """Fills the projections of a register whose log was just loaded into emptiness, in the same transaction; the guard
    of "one at a time" and the indexes of words are taken off before and built again after."""
    connection.execute("ANALYZE facts")  # what is asked of a log set by set is planned by how much of it there is
    connection.execute(SQL["drop_guard"])
    fill(connection, position, {one.TABLE: Identifier(one.TABLE) for one in PROJECTIONS}, progress)
    connection.execute(SQL["add_guard"])
    versions.write(connection, PROJECTIONS)
    tables = Text(", ").join(Identifier(one.TABLE) for one in PROJECTIONS)
    connection.execute(Text("ANALYZE {}").format(tables))


def stale(recorder: LogRecorder) -> list[str]:
    """The names of the projections whose rows another code made, so that they have to be rebuilt."""
    with recorder.datastore.get_connection() as connection:
        return versions.stale(connection, PROJECTIONS)


def rebuild(recorder: LogRecorder, projection: ModuleType, progress: Progress = lambda facts: None) -> int:
    """Remakes a projection from the log into a shadow table while acts go on; then, under the log's lock, catches up
    and puts it in place of the old one. Returns the number of its rows. Sends nothing."""
    table = projection.TABLE
    shadow = Identifier("shadow", table)
    with recorder.datastore.get_connection() as connection:
        connection.execute(SQL["one_rebuild_at_a_time"], {"table": table})
        try:
            with connection.transaction():
                _make_shadow(connection, table)
                position = one_row(connection.execute(LOG["last_position"]))["position"]
                fill(connection, position, {table: shadow}, progress)
                _finish_shadow(connection, table)
            return _exchange(recorder, projection, shadow, position)
        finally:
            connection.execute(SQL["next_rebuild_may_begin"], {"table": table})


def _exchange(recorder: LogRecorder, projection: ModuleType, shadow: Identifier, position: int) -> int:
    """Catches up and swaps under the log's lock. Whoever reads a snapshot of the projection (a verify takes minutes) is
    waited for with the lock given back between tries, so that acts go on."""
    for _ in range(TRIES):
        try:
            with recorder.writing() as log:
                _catch_up(log.connection, projection, shadow, position)
                versions.write(log.connection, [projection])
                return _swap(log.connection, projection.TABLE)
        except OperationalError as error:
            if not isinstance(error, Busy):
                raise
            time.sleep(PAUSE)
    raise OperationalError(f"{projection.TABLE} is being read all the time")


def _kinds(entries: Sequence[Entry]) -> frozenset[type]:
    return frozenset([type(entry.fact) for entry in entries])


@lru_cache(maxsize=10_000)
def _concerned(aggregate: str, new: frozenset[type], held: frozenset[type]) -> list[ModuleType]:
    """The projections in which facts of these classes may make other rows of a stream that holds such as these."""
    return [
        one
        for one in PROJECTIONS
        if one.AGGREGATE == aggregate and not new <= set(one.IGNORES) and may_have_rows(one, held)
    ]


def may_have_rows(projection: ModuleType, held: Collection[type]) -> bool:
    """Whether a stream that holds facts of these classes can have a row."""
    needs = getattr(projection, "NEEDS", None)
    return needs is None or any(issubclass(one, needs) for one in held)


def _key(projection: ModuleType, row: tuple) -> tuple:
    said = dict(zip(projection.COLUMNS, row, strict=True))
    return tuple(said[name] for name in projection.KEY)


def all_rows(projection: ModuleType, entries: Sequence[Entry]) -> list[tuple]:
    """Every row of a projection that was ever believed of a stream; none if it is another aggregate's."""
    if aggregate_of(entries) != projection.AGGREGATE or not may_have_rows(
        projection, [type(one.fact) for one in entries]
    ):
        return []
    view = partial(projection.view, entries[0].stream)
    return history.versions(entries, projection.FOLD, projection.EMPTY, view)


def stored_count(connection: Connection, projection: ModuleType, streams: Collection[UUID] | None = None) -> int:
    """How many rows a projection's table holds, of all streams or of some."""
    query = Text("SELECT count(*) AS rows FROM {}").format(Identifier(projection.TABLE))
    if streams is not None:
        query += Text(" WHERE {} = ANY(%(streams)s)").format(Identifier(next(iter(projection.KEY))))
    return one_row(connection.execute(query, {"streams": list(streams or ())}))["rows"]


def _copy(connection: Connection, table: Identifier, projection: ModuleType, rows: Iterable[tuple[Any, ...]]) -> None:
    copy(connection, table, (*projection.COLUMNS, "known_from", "known_until"), rows)


def _make_shadow(connection: Connection, table: str) -> None:
    connection.execute(Text("CREATE SCHEMA IF NOT EXISTS shadow"))
    connection.execute(Text("DROP TABLE IF EXISTS {}").format(Identifier("shadow", table)))
    connection.execute(
        Text("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES)").format(
            Identifier("shadow", table), Identifier(table)
        )
    )


def _finish_shadow(connection: Connection, table: str) -> None:
    """Gives the shadow the constraints and indexes of the table that it will replace, under the same names."""
    for row in connection.execute(SQL["constraints"], {"table": table}).fetchall():
        connection.execute(
            Text("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                Identifier("shadow", table), Identifier(row["name"]), Text(row["definition"])
            )
        )
    for row in connection.execute(SQL["indexes"], {"table": table}).fetchall():
        connection.execute(Text(row["definition"]))
    connection.execute(Text("ANALYZE {}").format(Identifier("shadow", table)))


def _catch_up(connection: Connection, projection: ModuleType, shadow: Identifier, position: int) -> None:
    streams = [row["stream"] for row in connection.execute(LOG["streams_after"], {"position": position})]
    found = connection.execute(LOG["of_streams"], {"streams": streams}).fetchall()
    entries = [mapper.read_entry(bytes(row["state"])) for row in found]
    first = Identifier(next(iter(projection.KEY)))
    connection.execute(Text("DELETE FROM {} WHERE {} = ANY(%s)").format(shadow, first), [streams])
    _copy(connection, shadow, projection, (row for one in by_stream(entries) for row in all_rows(projection, one)))


def _swap(connection: Connection, table: str) -> int:
    schema = one_row(connection.execute(Text("SELECT current_schema() AS name")))["name"]
    connection.execute(SQL["wait_a_second_at_most"])
    connection.execute(Text("DROP TABLE {}").format(Identifier(table)))
    connection.execute(Text("ALTER TABLE {} SET SCHEMA {}").format(Identifier("shadow", table), Identifier(schema)))
    return stored_count(connection, next(one for one in PROJECTIONS if table == one.TABLE))

"""How the server of a register is: measured once, then judged by pure functions.

Only reading, and nothing of anybody: counts, sizes, clocks. What could not be read is told as such, and the rest still
is: a table that somebody keeps locked costs a second, and hides none of the others.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Literal, TypeVar

from eventsourcing.persistence import PersistenceError
from psycopg.rows import DictRow

from registry.app import Registry
from registry.clock import Clock
from registry.projections import people, runner, versions
from registry.staff import keys, sessions
from registry.storage import access, queries
from registry.storage.database import newest_migration
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Datastore, one_row

SQL = queries.load(Path(__file__).with_suffix(".sql"))
Status = Literal["ok", "warn", "bad"]
STATUSES: tuple[Status, ...] = ("ok", "warn", "bad")
"""From what asks for nothing to what must be done now."""
TAIL = 1_000
"""How many of the last entries of the access journal are checked; all of them `hromada access --verify` checks."""
SOON = timedelta(days=30)
"""A key that expires so soon is told of."""
GIB = 1024**3
LONG, TOO_LONG = timedelta(minutes=5), timedelta(hours=1)
"""How long a transaction may last: a backup takes minutes, a forgotten one hours."""
APART, FAR_APART = timedelta(seconds=2), timedelta(minutes=1)
"""How far two clocks may be apart, where nobody says how far those of the server and the database may be."""
Read = TypeVar("Read")
Transport = Literal["local", "tls", "insecure"]
"""How browsers reach the desk: on this machine alone, through a proxy with TLS, or openly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Room on the disk of a folder (bytes): `data` of the register, or `database` where it is on this machine."""

    of: Literal["data", "database"]
    free: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseServer:
    """The database: its version, size in bytes, how far its clock is ahead of ours, for how long the longest of the
    others' transactions lasts, and its folder, if it may be on this machine and we may know."""

    version: int
    size: int
    ahead: timedelta
    longest: timedelta | None
    folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How much is on record, and when the last of it was recorded (UTC)."""

    count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found at an instant (UTC); None for what could not be read."""

    at: datetime
    server: DatabaseServer | None
    schema: str | None
    disks: tuple[Disk, ...]
    facts: Recorded | None
    people: int | None
    looks: Recorded | None
    faults_of_looks: tuple[str, ...] | None
    outbox: tuple[int, int, int] | None
    """How many messages and tasks are open, are overdue, did not succeed."""
    stale: tuple[str, ...] | None
    sessions: int | None
    expiring: tuple[str, ...] | None
    """The names of keys that expire within `SOON`."""
    transport: Transport
    apart: timedelta = FAR_APART
    """How far the clocks of the server and the database may be apart for anything to be recorded."""


@dataclass(frozen=True, slots=True)
class Vital:
    """One line of the state page: `id` is what it is about, `says` which sentence of `[health_says]` tells it
    and of `[health_todo]` what to do, `values` what was found: counts, `…_bytes`, `…_seconds`, `…_at` (UTC)."""

    id: str
    status: Status
    says: str
    values: dict[str, Any]


def measured(registry: Registry, data: Path, terms: sessions.Terms, transport: Transport) -> Measured:
    """What there is to be known now. Takes seconds where somebody keeps tables locked; raises nothing for that."""
    at = registry.clock()
    server = _tried(lambda: _server(registry.staff, registry.clock))

    def found(read: Callable[[], Read]) -> Read | None:
        # Where the database does not answer at all, each question would wait for it once more.
        return _tried(read) if server else None

    looks = found(lambda: _looks(registry.access))
    return Measured(
        at=at,
        server=server,
        schema=found(lambda: str(_row(registry.staff, SQL["schema"])["schema"])),
        disks=tuple(_disks(data, server.folder if server else None)),
        facts=found(lambda: _recorded(_row(registry.staff, LOG["tip"]))),
        people=found(lambda: int(_row(registry.staff, people.SQL["count"])["people"])),
        looks=looks[0] if looks else None,
        faults_of_looks=looks[1] if looks else None,
        outbox=found(lambda: _outbox(registry)),
        stale=found(lambda: _stale(registry.staff)),
        sessions=found(lambda: len(sessions.open_ones(registry.staff, now=at, terms=terms))),
        expiring=found(lambda: _expiring(registry.staff, at)),
        transport=transport,
        apart=registry.apart or FAR_APART,
    )


def judged(found: Measured) -> list[Vital]:
    """What was measured, line by line, each with how it stands. Of a database that does not answer nothing else is
    told: there would be nothing but the same."""
    return [
        *(_of_database(found, found.server) if found.server else [Vital("database", "bad", "database-silent", {})]),
        *(_of_disk(one, found.server.size if found.server else 0) for one in found.disks),
        Vital("transport", "bad" if found.transport == "insecure" else "ok", f"transport-{found.transport}", {}),
        Vital("version", "ok", "version", {"version": installed_version("hromada-registry")}),
    ]


def worst(vitals: list[Vital]) -> Status:
    """How all of it stands: as the worst of it does."""
    return max((one.status for one in vitals), key=STATUSES.index)


def _of_database(found: Measured, server: DatabaseServer) -> Iterator[Vital]:
    yield Vital("database", "ok", "database", {"version": server.version, "size_bytes": server.size})
    yield _of_schema(found.schema)
    yield _of_longest(server.longest)
    yield _of_clock("clock", server.ahead, found.apart)
    yield from _of_facts(found)
    yield _of_stale(found.stale)
    yield _of_outbox(found.outbox)
    yield _of_looks(found.looks, found.faults_of_looks)
    yield _counted("sessions", found.sessions)
    yield _of_keys(found.expiring)


def _of_longest(longest: timedelta | None) -> Vital:
    """A transaction that somebody keeps open for so long."""
    lasts = longest or timedelta()
    status: Status = "bad" if lasts >= TOO_LONG else "warn" if lasts >= LONG else "ok"
    says = "transactions" if longest else "no-transactions"
    return Vital("transactions", status, says, {"longest_seconds": int(lasts.total_seconds())})


def _of_clock(id: str, ahead: timedelta, most: timedelta = FAR_APART) -> Vital:
    """A clock that is `ahead` of ours, or behind it (negative), by `most` or more."""
    apart = abs(ahead)
    status: Status = "bad" if apart >= most else "warn" if apart >= APART else "ok"
    direction = "" if status == "ok" else "-ahead" if ahead > timedelta() else "-behind"
    return Vital(id, status, id + direction, {"apart_seconds": round(apart.total_seconds())})


def _of_schema(schema: str | None) -> Vital:
    if schema is None:
        return _unread("schema")
    newest = newest_migration()
    values = {"schema": schema, "newest": newest}
    return Vital("schema", "ok", "schema", values) if schema == newest else Vital("schema", "bad", "schema-old", values)


def _of_disk(disk: Disk, database: int) -> Vital:
    """There should be room for another copy of the database (bytes): a rebuild, an export and a backup make one."""
    status: Status = "bad" if disk.free < GIB else "warn" if disk.free < max(5 * GIB, database) else "ok"
    return Vital(f"disk-{disk.of}", status, "disk", {"free_bytes": disk.free, "total_bytes": disk.total})


def _of_facts(found: Measured) -> Iterator[Vital]:
    if found.facts is None or found.people is None:
        yield _unread("facts")
        return
    yield Vital("facts", "ok", "facts", {"facts": found.facts.count, "people": found.people})
    if found.facts.last_at is None:
        return
    ahead = max(found.facts.last_at - found.at, timedelta())
    said = _of_clock("recorded", ahead)
    yield Vital(said.id, said.status, said.says, {**said.values, "last_at": found.facts.last_at})


def _of_stale(stale: tuple[str, ...] | None) -> Vital:
    if stale is None:
        return _unread("projections")
    values = {"stale": list(stale)}
    if stale:
        return Vital("projections", "bad", "projections-stale", values)
    return Vital("projections", "ok", "projections", values)


def _of_outbox(outbox: tuple[int, int, int] | None) -> Vital:
    if outbox is None:
        return _unread("outbox")
    open_, overdue, failed = outbox
    values = {"open": open_, "overdue": overdue, "failed": failed}
    if overdue or failed:
        return Vital("outbox", "warn", "outbox-late", values)
    return Vital("outbox", "ok", "outbox", values)


def _of_looks(looks: Recorded | None, faults: tuple[str, ...] | None) -> Vital:
    if looks is None or faults is None:
        return _unread("access")
    values = {
        "entries": looks.count,
        "last_at": looks.last_at,
        "checked": min(looks.count, TAIL),
        "faults": len(faults),
    }
    if faults:
        return Vital("access", "bad", "access-broken", values)
    return Vital("access", "ok", "access" if looks.last_at else "access-empty", values)


def _of_keys(expiring: tuple[str, ...] | None) -> Vital:
    if expiring is None:
        return _unread("keys")
    values = {"expiring": list(expiring)}
    return Vital("keys", "warn", "keys-expire", values) if expiring else Vital("keys", "ok", "keys", values)


def _counted(id: str, count: int | None) -> Vital:
    return _unread(id) if count is None else Vital(id, "ok", id, {"count": count})


def _unread(id: str) -> Vital:
    return Vital(id, "bad", "unread", {})


def _tried(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except PersistenceError:
        return None


def _row(datastore: Datastore, query: str, **params: Any) -> DictRow:
    """The row of a query that has one, or one of nothing; whoever has locked what it asks for is not waited for."""
    with datastore.get_connection() as connection, connection.transaction():
        connection.execute(SQL["patience"])
        return one_row(connection.execute(query, params))


def _server(datastore: Datastore, clock: Clock) -> DatabaseServer:
    row = _row(datastore, SQL["server"])
    ahead = row.pop("clock") - clock()
    return DatabaseServer(ahead=ahead, **row)


def _disks(data: Path, database: str | None) -> Iterator[Disk]:
    """Of the folders that we may ask about; of two within each other only the outer one. Of a folder that is not made
    yet: of the one in which it will be."""
    data = data.absolute()
    yield from _disk("data", next(one for one in (data, *data.parents) if one.exists()))
    if database and not Path(database).is_relative_to(data):
        yield from _disk("database", Path(database))


def _disk(of: Literal["data", "database"], folder: Path) -> Iterator[Disk]:
    try:
        there = shutil.disk_usage(folder)
    except OSError:
        return
    yield Disk(of=of, free=there.free, total=there.total)


def _recorded(tip: DictRow) -> Recorded:
    return Recorded(count=tip["position"], last_at=tip["recorded_at"])


def _looks(datastore: Datastore) -> tuple[Recorded, tuple[str, ...]]:
    """How many looks there are, and what is wrong with the last of them."""
    last = _recorded(_row(datastore, access.SQL["tip"]))
    return last, tuple(access.check(datastore, after=max(last.count - TAIL, 0)))


def _outbox(registry: Registry) -> tuple[int, int, int]:
    row = _row(registry.staff, SQL["outbox"], today=kyiv_day(registry.clock()))
    return row["open"], row["overdue"], row["failed"]


def _stale(datastore: Datastore) -> tuple[str, ...]:
    with datastore.get_connection() as connection, connection.transaction():
        connection.execute(SQL["patience"])
        return tuple(versions.stale(connection, runner.PROJECTIONS))


def _expiring(datastore: Datastore, at: datetime) -> tuple[str, ...]:
    listed = (one for one in keys.listed(datastore) if one.ended_at is None and one.expires_at)
    return tuple(sorted({one.name for one in listed if one.expires_at and at < one.expires_at <= at + SOON}))

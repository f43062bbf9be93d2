"""The log: the eventsourcing library's recorder with typed heads, dense positions and times taken under the lock.

Reading is the library's own (`select_events`, `select_notifications`, `subscribe`). Writing goes through `writing()`,
which holds the table lock from the first look at the last position to the commit: positions are dense and rise with
commits, so that a follower never misses one. Nothing large goes through a pipeline (it hangs: the rows go by COPY).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresAggregateRecorder, PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier

from registry import texts
from registry.aggregates.facts import Heads
from registry.aggregates.values import Entry, Fault, Impossible, sure
from registry.clock import Clock
from registry.salts import Salts
from registry.storage import mapper, queries
from registry.storage.database import session_url
from registry.storage.lent import LatestFirst, Lent, Watched, alive, of_the_library
from registry.storage.sending import LOCKED, Sending, copy
from registry.storage.turns import NoTurn, PlaceInTurn, Turns

SQL = queries.load(Path(__file__).parent / "log.sql")
Connection = psycopg.Connection[DictRow]
Progress = Callable[[int], None]
"""Told how many facts were done since it was told last."""
BEFORE_HEADS = ("originator_id", "originator_version", "topic", "state", "notification_id", "recorded_at", "command")
HEADS = ("kind", "since", "until", "person", "dwelling", "residence", "target", "kept", "revives", "ref", "born")
COLUMNS = (*BEFORE_HEADS, *HEADS, "leaf")
"""Those of the table, as a row has them in `_columns`."""


class NotEmpty(Exception):
    """The log already holds facts, and the asked load is only into an empty one."""


class Busy(OperationalError):
    """What is asked for was not free in time, for others are at work. Nothing was written; it may be tried again."""


class NotFinal(Busy):
    """What is asked about is so near to now that acts in flight may belong to it, and they did not end in time."""


class WrongClock(OperationalError):
    """No act may be dated: `code` says why (`last-ahead`: the last fact is of a time to come; `clocks-apart`: the
    server's clock and the database's differ), `apart` by how much. Nothing was written."""

    def __init__(self, code: str, apart: timedelta):
        self.code, self.apart = code, apart
        super().__init__(f"{code}: {apart}")


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds are waited for a connection; by an act, for the log's lock; by a look, for a table that others
    have locked (0: as long as it takes); for one's turn at a connection, while others finish and give theirs back."""

    connection: float
    lock: int
    table: int
    turn: float


PATIENT = Patience(30.0, 30, 0, 30.0)
"""Commands: an import or a rebuild may stand before them."""
AT_A_DESK = Patience(2.0, 3, 3, 20.0)
"""Requests: somebody sits before the page. A crowd is served in its order; a register that stands still says so."""
MOST_AHEAD = timedelta(minutes=1)
"""How far the last fact may be ahead of the clock of an act: more than a correction of the clock is a wrong one."""
ACTS_A_FLUSH, BYTES_A_FLUSH = 32, 2**20
"""How many acts, and of what size, are recorded in one transaction at the most, so that none waits long for others."""
LOST_SECONDS = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""When a server that is gone from the network counts as gone; a socket of this machine has none of it."""


class Datastore(PostgresDatastore):
    """The library's pool on a libpq connection string, sessions in UTC. Each connection is tried before it is given
    out (`alive`), so that whoever comes after a restart of the server gets a live one; of those who want more than
    `size`, only `waiting` may wait (0: all)."""

    def __init__(self, url: str, size: int = 4, patience: Patience = PATIENT, waiting: int = 0):
        said: dict[str, Any] = conninfo_to_dict(session_url(url))
        known = {name: said.pop(name, "") for name in ("dbname", "host", "port", "user", "password")}
        super().__init__(
            **known,
            pool_size=1,
            max_overflow=size - 1,
            connect_timeout=patience.connection,
            lock_timeout=patience.lock,
        )
        kwargs = {name: value for name, value in known.items() if value} | LOST_SECONDS | said
        kwargs["options"] = f"{said['options']} -c lock_timeout={patience.table}s"
        kwargs.setdefault("connect_timeout", max(2, int(patience.connection)))
        self._said = kwargs
        self.pool.kwargs = {**kwargs, "row_factory": psycopg.rows.dict_row}
        self.pool.connection_class = Watched
        # Where `check` of its constructor goes, which the library's `pre_ping` alone fills.
        self.pool._check = cast(Any, alive)
        self.pool._pool = LatestFirst()
        # Whoever comes after that makes the next try at once; the pool's own tries come ever more seldom.
        self.pool.reconnect_timeout = patience.connection
        self.turns = Turns(
            size, waiting=waiting, still=patience.connection, most=patience.turn, broken=OperationalError
        )

    @property
    def address(self) -> str:
        """For a connection like these, in another process. It has the password in it."""
        return make_conninfo("", **self._said)

    def get_connection(self) -> Lent:  # type: ignore[override]
        """As the library's. Raises `Busy` where others have locked what is asked for, or hold every connection."""
        return Lent(self.pool, self.turns, Busy)

    def shared(self, mine: PlaceInTurn, work: Callable[[Connection], None]) -> Any:
        """What comes of the work of a place: `work` does it on a connection, with that of its company, unless the turn
        of somebody else does it first. Raises as `get_connection`, or what the work met."""
        with _busy():
            with self.turns.one(mine) as turn:
                if turn:
                    with super().get_connection() as connection:
                        work(connection)
            try:
                return mine.outcome()
            except psycopg.Error as error:
                raise of_the_library(error) from error


@contextmanager
def _busy() -> Iterator[None]:
    try:
        yield
    except NoTurn as error:
        raise Busy from error
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise Busy from error
        raise


class Writer:
    """The log while its lock is held. `position` is the last one; `now` what the clock showed then, and `apart` how
    far from the database's it may have been (None: they are not compared); `salts` gives each line its own. What is
    written waits in `sending` until something is read."""

    def __init__(self, sending: Sending, tip: DictRow, now: datetime, salts: Salts, apart: timedelta | None = None):
        self.sending, self.salts = sending, salts
        self.position: int = tip["position"]
        self.last_recorded_at: datetime | None = tip["recorded_at"]
        self.now = now
        self.differs = abs(tip["clock"] - now)
        self.apart = apart

    @property
    def connection(self) -> Connection:
        """That of the lock, once everything that was written has been sent."""
        return self.sending.connection

    def next_instant(self) -> datetime:
        """The recorded time of an act of now. Raises `WrongClock` (semantics 5)."""
        ahead = self.last_recorded_at - self.now if self.last_recorded_at else timedelta()
        if ahead > MOST_AHEAD:
            raise WrongClock("last-ahead", ahead)
        if self.apart is not None and self.differs > self.apart:
            raise WrongClock("clocks-apart", self.differs)
        return next_instant(self.now, self.last_recorded_at)

    def execute(self, name: str, **params: Any) -> psycopg.Cursor[DictRow]:
        """One of the queries of `log.sql`."""
        return self.connection.execute(SQL[name], params)

    def entries(self, name: str, **params: Any) -> list[Entry]:
        """The entries that a query of `log.sql` finds."""
        return [mapper.read_entry(bytes(row["state"])) for row in self.execute(name, **params)]

    def versions(self, streams: Sequence[UUID]) -> dict[UUID, int]:
        """The last version of each stream; 0 for one that does not exist."""
        found = {row["stream"]: row["version"] for row in self.execute("versions", streams=list(streams))}
        return {stream: found.get(stream, 0) for stream in streams}

    def write(
        self, drafts: Iterable[mapper.Draft], envelope: mapper.Envelope, events: mapper.FactMapper
    ) -> list[Entry]:
        """Appends facts as one act (or a part of one) and returns their entries. The caller checked the versions. The
        log is as before where a fact is too long."""
        before = self.position, self.last_recorded_at
        on = mapper.kyiv_day(envelope.recorded_at)
        entries, lines = [], []
        try:
            for draft in drafts:
                lines.append(self._next_line(draft, envelope, events))
                entries.append(
                    Entry(
                        self.position,
                        draft.originator_id,
                        draft.originator_version,
                        envelope.recorded_at,
                        on,
                        envelope.by,
                        envelope.command,
                        draft.fact,
                    )
                )
        except Impossible:
            self.position, self.last_recorded_at = before
            raise
        self.sending.insert("facts", COLUMNS, lines)
        return entries

    def write_acts(
        self, acts: Iterable[tuple[mapper.Envelope, Iterable[mapper.Draft]]], events: mapper.FactMapper
    ) -> None:
        """Appends many acts by one COPY, each under its own envelope; their times rise, and the caller saw to that."""
        self._copy(self._next_line(draft, envelope, events) for envelope, drafts in acts for draft in drafts)

    def write_lines(self, lines: Iterable[tuple[bytes, mapper.Line, Any]]) -> None:
        """Appends lines of a journal as they are: their bytes, what was read of them, and the fact of each. The caller
        checked that their heads are those of the fact."""
        self._copy(
            _columns(
                line.position,
                StoredEvent(line.stream, line.version, line.name, b""),
                state,
                mapper.Envelope(line.recorded_at, line.by, line.command),
                mapper.heads(line.stream, fact),
            )
            for state, line, fact in lines
        )

    def _next_line(self, draft: mapper.Draft, envelope: mapper.Envelope, events: mapper.FactMapper) -> tuple:
        self.position += 1
        self.last_recorded_at = envelope.recorded_at
        event = events.to_stored_event(draft)
        said = mapper.heads(draft.originator_id, draft.fact)
        state = mapper.encode_line(self.position, event, said, envelope, self.salts().hex())
        if len(state) + mapper.LEAF_BYTES > mapper.LONGEST:
            raise Impossible([too_long(draft.fact)])
        return _columns(self.position, event, state, envelope, said)

    def _copy(self, rows: Iterable[tuple]) -> None:
        copy(self.connection, Identifier("facts"), COLUMNS, rows)


class LogRecorder(PostgresApplicationRecorder):
    """The library's recorder over the table `facts`, which migrations make. `clock` dates what is written and `salts`
    salt it, over connections of its own, `acts`: those who wait for the log's lock leave the others to those who look.
    The clock is at most `apart` from the database's, or nothing is written."""

    def __init__(
        self, datastore: PostgresDatastore, acts: Datastore, clock: Clock, salts: Salts, apart: timedelta | None = None
    ):
        super().__init__(datastore, events_table_name="facts")
        self.acts, self.clock, self.salts, self.apart = acts, clock, salts, apart
        notify = Text("NOTIFY {}").format(Identifier(self.channel_name))
        steps = [Text("BEGIN"), *self.lock_table_statements, notify, Text("SAVEPOINT {}").format(Identifier(LOCKED))]
        self._begin = Text("; ").join(steps).as_string(None)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction under the log's lock: commits when the block ends, leaves nothing if it raises. Raises `Busy`
        if somebody else keeps the lock for longer than an act may wait."""
        with self.acts.get_connection() as connection, self._locked(connection) as sending:
            yield self.writer(sending, one_row(connection.execute(SQL["tip"])))
            sending.commit()

    def share(self, mine: PlaceInTurn, record: Callable[[Sending, Sequence[PlaceInTurn]], None]) -> Any:
        """What comes of the work of a place, which `record` does in one transaction under the log's lock with that of
        all who wait by then, and commits. Raises `Busy` as `writing`."""

        def lead(connection: Connection) -> None:
            company = self.acts.turns.company(ACTS_A_FLUSH - 1, BYTES_A_FLUSH - mine.size)
            with self._locked(connection) as sending, company as others:
                record(sending, [mine, *others])

        return self.acts.shared(mine, lead)

    def writer(self, sending: Sending, tip: DictRow) -> Writer:
        """The log under its lock, of which `tip` was read under it."""
        return Writer(sending, tip, self.clock(), self.salts, self.apart)

    @contextmanager
    def _locked(self, connection: Connection) -> Iterator[Sending]:
        """The log's lock, asked for in one trip with all that stands before the first look; whatever is not committed
        in the block is not there after it."""
        sending = Sending(connection)
        try:
            connection.execute(self._begin, prepare=False)
            with self.acts.turns.working():
                yield sending
        finally:
            sending.give_up()

    @contextmanager
    def reading(self, tables: Sequence[str]) -> Iterator[Connection]:
        """A connection on which all reads see the same register. `tables` are those that a rebuild may put others in
        place of: they are locked before the first look, for an older snapshot would see a new table empty."""
        with self.datastore.get_connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if tables:
                named = Text(", ").join(map(Identifier, tables))
                connection.execute(Text("LOCK TABLE {} IN ACCESS SHARE MODE").format(named))
            yield connection

    def select_events(self, *asked: Any, **how: Any) -> Sequence[StoredEvent]:
        """As the library's, asked once: its ten tries keep whoever asks waiting for a server that is away."""
        once: Callable[..., Sequence[StoredEvent]] = PostgresAggregateRecorder.select_events.__wrapped__
        return once(self, *asked, **how)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        raise TypeError("facts go into the log by registry.append, the one door")


def too_long(fact: Any) -> Fault:
    """What a fact would say is more than a line of the journal holds (semantics 7): which one, and what to do."""
    advice = texts.TEXTS["too_long"]
    named = {"fact": texts.label("facts", fact.NAME), "advice": advice.get(fact.NAME, advice["else"])}
    return Fault("fact-too-long", named=named)


def next_instant(now: datetime, last: datetime | None) -> datetime:
    """The recorded time of what comes after the last one: max(clock, last + 1 µs) (semantics 5)."""
    return max(now, last + timedelta(microseconds=1)) if last else now


def one_row(cursor: psycopg.Cursor[DictRow]) -> DictRow:
    """The row of a query that always has one."""
    return sure(cursor.fetchone())


def batches_of_streams(
    connection: Connection,
    position: int,
    progress: Progress = lambda facts: None,
) -> Iterator[list[list[Entry]]]:
    """Whole streams with their entries up to a position, some thousands of facts at a time, in the connection's
    transaction. `progress` is told how many facts were read."""
    kept: list[Entry] = []
    connection.execute(SQL["declare_by_stream"], {"position": position})
    while found := connection.execute(SQL["fetch_by_stream"]).fetchall():
        kept += [mapper.read_entry(bytes(row["state"])) for row in found]
        progress(len(found))
        last = kept[-1].stream
        yield by_stream(entry for entry in kept if entry.stream != last)
        kept = [entry for entry in kept if entry.stream == last]
    if kept:
        yield by_stream(kept)
    connection.execute(SQL["close_by_stream"])


def entries_of(connection: Connection, streams: Sequence[UUID], position: int | None = None) -> dict[UUID, list[Entry]]:
    """The entries of streams up to a position, by stream."""
    found: dict[UUID, list[Entry]] = {}
    for row in connection.execute(SQL["of_streams"], {"streams": list(streams)}) if streams else ():
        entry = mapper.read_entry(bytes(row["state"]))
        if position is None or entry.position <= position:
            found.setdefault(entry.stream, []).append(entry)
    return found


def by_stream(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries that stand stream by stream, as a list for each stream."""
    return [list(same) for _, same in groupby(entries, key=lambda entry: entry.stream)]


def _columns(position: int, event: StoredEvent, state: bytes, envelope: mapper.Envelope, said: Heads) -> tuple:
    return (
        event.originator_id,
        event.originator_version,
        event.topic,
        state,
        position,
        envelope.recorded_at,
        envelope.command,
        *(getattr(said, name) for name in HEADS),
        mapper.leaf(state),
    )

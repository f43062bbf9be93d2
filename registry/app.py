"""The register: the one door to the log, and the people, dwellings, extracts and applications that it holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from psycopg.rows import DictRow

from registry import occasion
from registry.aggregates.case import state as application_state
from registry.aggregates.community import state as community_state
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.state import Community
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.extract import state as extract_state
from registry.aggregates.extract.state import Extract
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.street import state as street_state
from registry.aggregates.street.state import Street
from registry.aggregates.territory import state as territory_state
from registry.aggregates.territory.state import Territory
from registry.aggregates.values import Actor, Entry, Impossible
from registry.appending import Act, AskedAct, Line, LogDoor, LostRace, bodies_of, recorded
from registry.clock import Clock
from registry.salts import Salts
from registry.storage import access
from registry.storage.following import Follower, Prepare
from registry.storage.held import AtWork, is_held
from registry.storage.mapper import FactMapper
from registry.storage.recorder import (
    PATIENT,
    Connection,
    Datastore,
    LogRecorder,
    NotEmpty,
    NotFinal,
    Patience,
    Progress,
    Writer,
    batches_of_streams,
    entries_of,
    one_row,
)
from registry.storage.recorder import SQL as LOG

__all__ = ["Act", "Line", "LostRace", "Registry"]

LATEST = 2**62
"""A position behind all that there are."""
IN_FLIGHT_SECONDS, AGAIN_SECONDS = 5.0, 0.01
"""How long a question waits for acts that may belong to its answer, and how often it looks whether they ended."""
ACTING, WAITING = 1, 159
"""How many connections acts have of their own, and how many more acts may wait for one; all others are refused. One
writes at a time, and for those who wait: more would wait for the log's lock, out of their order and no longer than a
lock is waited for."""


class Registry(Application[UUID]):
    """One register on one database; `opening.opened` makes it with all that follows its log. Close it, or use it as a
    context.

    `clock` is the one that all acts on it, and all looks at it, read; `salts` is where each line's comes from.
    `followers` are told of each act in its own transaction, in their order. `prepared`: what gives facts of a class
    their numbers under the lock. `founding`: what is recorded of the community before the first act of a register that
    knows nothing of it. `connections` are for looking; acts have others. `patience`: how long both wait. `apart`: how
    far the clock and the database's may differ for an act to be made (None: they are not compared).
    """

    name = "hromada"
    recorder: LogRecorder
    mapper: FactMapper

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        followers: Sequence[Follower],
        prepared: Mapping[type, Prepare],
        salts: Salts,
        founding: Sequence[Any] = (),
        connections: int = 8,
        patience: Patience = PATIENT,
        apart: timedelta | None = None,
    ):
        self.clock, self.salts, self.apart = clock, salts, apart
        self.followers, self.founding = tuple(followers), tuple(founding)
        self.community_read = community_state.UNKNOWN
        """The community as it was last read: the log only grows."""
        self._queries = {table: named for one in followers for table, named in one.queries.items()}
        self._guards = {name: fault for one in followers for name, fault in one.guards.items()}
        self.datastore = Datastore(url, connections, patience)
        self.acts = Datastore(url, ACTING, patience, WAITING)
        self.access = access.connections(url, patience)
        self.staff = access.connections(url, patience)
        """For who comes in: whoever signs in waits neither for acts nor for looks."""
        self.held = AtWork(url)
        """What this process is making outside of any act: documents."""
        super().__init__()
        self.door = LogDoor(self.recorder, self.mapper, followers, prepared, founding)

    def construct_mapper(self) -> FactMapper:
        return FactMapper()

    def construct_recorder(self) -> LogRecorder:
        return LogRecorder(self.datastore, self.acts, self.clock, self.salts, self.apart)

    def close(self) -> None:
        super().close()
        for pool in (self.datastore, self.acts, self.access, self.staff):
            pool.close()
        self.held.close()

    def is_held(self, id: UUID) -> bool:
        """Whether any process of this register is at something."""
        with self.datastore.get_connection() as connection, connection.transaction():
            return is_held(connection, id)

    def person(self, id: UUID) -> Person:
        """The person of a stream as folded now; `NOBODY` (version 0) if there is no such stream."""
        return person_state.fold(self.entries(id))

    def dwelling(self, id: UUID) -> Dwelling:
        """The dwelling of a stream as folded now; `NOWHERE` (version 0) if there is no such stream."""
        return dwelling_state.fold(self.entries(id))

    def extract(self, id: UUID) -> Extract:
        """The extract of a stream as folded now."""
        return extract_state.fold(self.entries(id))

    def application(self, id: UUID) -> application_state.CaseRecord:
        """The application of a stream as folded now; `NO_CASE` (version 0) if there is no such stream."""
        return application_state.fold(self.entries(id))

    def territory(self, id: UUID) -> Territory:
        """The entry of the list of territories as folded now; `UNLISTED` (version 0) if there is no such stream."""
        return territory_state.fold(self.entries(id))

    def street(self, id: UUID) -> Street:
        """The street of the community's list as folded now; `NO_STREET` (version 0) if there is no such stream."""
        return street_state.fold(self.entries(id))

    def community(self, position: int | None = None) -> Community:
        """The community as its facts say now, or said at a position."""
        known = self.community_read
        newer = self.recorder.select_events(COMMUNITY, gt=known.version)
        if newer:
            known = self.community_read = community_state.fold(map(self.mapper.to_domain_event, newer), known)
        if position is None or known.position <= position:
            return known
        return community_state.fold(one for one in self.entries(COMMUNITY) if one.position <= position)

    def is_empty(self) -> bool:
        """Whether nothing but the community is on record."""
        with self.datastore.get_connection() as connection:
            last = _position(connection.execute(LOG["last_position"]))
            return last == _version_of_community(connection.execute(LOG["versions"], {"streams": [COMMUNITY]}))

    def entries(self, id: UUID) -> list[Entry]:
        """The entries of a stream in the order of versions."""
        return [self.mapper.to_domain_event(event) for event in self.recorder.select_events(id)]

    def of_streams(self, streams: Sequence[UUID]) -> dict[UUID, list[Entry]]:
        """The entries of several streams at once, by stream."""
        with self.datastore.get_connection() as connection:
            return self.entries_at(connection, streams)

    def entries_at(
        self, connection: Connection, streams: Sequence[UUID], position: int | None = None
    ) -> dict[UUID, list[Entry]]:
        """The entries of streams up to a position, read on a connection that is held already: where each of eight holds
        one and waits for a second, all wait for ever."""
        return entries_of(connection, streams, position)

    def streams(self, position: int, progress: Progress = lambda facts: None) -> Iterator[list[Entry]]:
        """Every stream's entries up to a position, stream by stream, read from the log in one snapshot."""
        with self.snapshot() as connection:
            for batch in batches_of_streams(connection, position, progress):
                yield from batch

    def append(
        self,
        entries: Sequence[Line],
        *,
        by: Actor,
        command: UUID,
        unchanged: Sequence[tuple[UUID, int]] = (),
        digest: bytes | None = None,
        imported: bool = False,
        insist: Callable[[Connection, int], None] | None = None,
    ) -> Act:
        """Appends facts to streams as one act: all or nothing, one recorded time (semantics 6).

        `entries`: (stream, facts, after) with `after` the version that the decision saw; without facts it only checks
        the version. `unchanged`: (dwelling, position): refuses if a later fact changed who lives there. A repeated
        `command` returns the first result; `digest`, of what is asked, is kept with it. Of a register that is founded
        by its first act, what is `imported` is none. `insist` looks once more, under the lock, at what somebody may
        have done meanwhile: given the connection and the last position, it refuses the act by what it raises. Raises
        `LostRace`, or `Impossible` where a fact is too long or the database's last guard refuses.
        """
        asked = AskedAct(
            entries=entries,
            by=by,
            command=command,
            unchanged=unchanged,
            digest=digest,
            imported=imported,
            insist=insist,
            bodies=bodies_of(entries, by),
        )
        with self._guarded():
            return _noted(self.door.append(asked))

    def looked(self, look: access.Look, by: Actor) -> int:
        """Records a look in the access journal, before anything of it is shown, with why, if it is a part of an
        occasion; returns its position there. It never waits for acts. Raises `access.NotRecorded`: the look is
        refused."""
        at = occasion.current()
        if at is None:
            return access.record(self.access, look, by, self.clock)
        position = access.record(self.access, replace(look, about={**look.about, **at.why}), by, self.clock)
        at.recorded.update(look.persons)
        return position

    def of_command(self, command: UUID) -> Act | None:
        """The act that a command id already made, or None."""
        with self.datastore.get_connection() as connection:
            done = recorded(command, connection.execute(LOG["of_command"], {"command": command}).fetchall())
        return _noted(done) if done else None

    @contextmanager
    def loading(self, *, behind_community: bool = False) -> Iterator[Writer]:
        """The log under its lock for a bulk load into an empty register, or one that holds its community alone, in one
        transaction: facts first, then `refill`. Raises `NotEmpty`."""
        with self._guarded(), self.recorder.writing() as log:
            if log.position != (log.versions([COMMUNITY])[COMMUNITY] if behind_community else 0):
                raise NotEmpty
            yield log

    def refill(self, log: Writer, position: int, progress: Progress = lambda facts: None) -> None:
        """Brings every follower up to a log that was just loaded into emptiness, in the transaction of `loading`."""
        for follower in self.followers:
            follower.refill(log.connection, position, progress)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A read-only connection on which every read sees the same register."""
        remade = [table for one in self.followers if one.rebuild for table in one.queries]
        with self.recorder.reading(remade) as connection:
            yield connection

    def query(self, table: str, name: str, **params: Any) -> list[DictRow]:
        """The rows of a named query of a follower's table."""
        with self.datastore.get_connection() as connection:
            return connection.execute(self._queries[table][name], params).fetchall()

    def position(self) -> int:
        """The last committed position; 0 for an empty log."""
        with self.datastore.get_connection() as connection:
            return _position(connection.execute(LOG["last_position"]))

    def position_at(self, connection: Connection) -> int:
        """The last position that a connection sees."""
        return _position(connection.execute(LOG["last_position"]))

    def position_known_at(self, known_at: datetime) -> int:
        """The last position that was recorded by an instant, which is not to come: for ever (semantics 5).

        Times rise with commits: by the time of the last committed fact nothing more will be recorded. Behind it, an act
        that holds the log's lock may have read the clock before `known_at`; whoever gets the lock later reads it later.
        No connection is held and no lock taken while it waits. Raises `NotFinal`.
        """
        ends = monotonic() + IN_FLIGHT_SECONDS
        while True:
            with self.datastore.get_connection() as connection:
                found = one_row(connection.execute(LOG["position_known_at"], {"known_at": known_at}))
                if found["behind_all"]:
                    return int(found["position"])
                if not one_row(connection.execute(LOG["act_in_flight"]))["held"]:
                    # Looked for again: an act may have committed between the two.
                    return _position(connection.execute(LOG["position_known_at"], {"known_at": known_at}))
            if monotonic() > ends:
                raise NotFinal
            sleep(AGAIN_SECONDS)

    def last_act(self) -> tuple[datetime, int] | None:
        """The instant of the last committed act and the position of its last fact; None for an empty log."""
        with self.datastore.get_connection() as connection:
            last = one_row(connection.execute(LOG["tip"]))
        return (last["recorded_at"], last["position"]) if last["position"] else None

    def act_of(self, position: int) -> tuple[datetime, int] | None:
        """The same of the act that the fact of a position is of; None if there is no such fact yet."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(LOG["act_of_position"], {"position": position}).fetchone()
        return (row["recorded_at"], row["position"]) if row else None

    def recorded_at(self, position: int) -> datetime | None:
        """When the fact of a position was recorded; None if there is none yet."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(LOG["recorded_at"], {"position": position}).fetchone()
        return row["recorded_at"] if row else None

    def marks(self) -> list[DictRow]:
        """What is marked about this register outside the log."""
        with self.datastore.get_connection() as connection:
            return connection.execute(LOG["marks"]).fetchall()

    def rebuild(self, table: str, progress: Progress = lambda facts: None) -> int:
        """Remakes a table from the log while acts go on; returns the number of its rows. Sends nothing."""
        remade = next(one.rebuild for one in self.followers if one.rebuild and table in one.queries)
        return remade(self.recorder, table, progress)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            constraint = _constraint(error)
            if constraint in self._guards:
                raise Impossible([self._guards[constraint]]) from None
            raise


def _version_of_community(cursor: psycopg.Cursor[DictRow]) -> int:
    row = cursor.fetchone()
    version: int = row["version"] if row else 0
    return version


def _position(cursor: psycopg.Cursor[DictRow]) -> int:
    position: int = one_row(cursor)["position"]
    return position


def _constraint(error: BaseException | None) -> str | None:
    """The name of the constraint that an error of psycopg, or one that wraps it, speaks of."""
    while error is not None:
        if isinstance(error, psycopg.errors.IntegrityError):
            return error.diag.constraint_name
        error = error.__cause__
    return None


def _noted(act: Act) -> Act:
    """An act, once the occasion knows of it."""
    if at := occasion.current():
        at.acted(act.entries[0].by, act.command, repeated=act.repeated)
    return act

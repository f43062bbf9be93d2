"""Acts on their way into the log: what is recorded of each, together with those that wait meanwhile.

Whoever has the turn records all of them in one transaction under the log's lock (`storage/turns.py`): one look at the
versions, the facts, what the followers make of them, one commit that all wait for. Each is refused by itself. Acts of
different streams that look at nothing else go in one piece; one that looks about itself under the lock goes alone, once
what is before it was written. Where the database refuses anything, all is taken back and each tried behind a savepoint.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg.rows import DictRow

from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.state import fold
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Actor, Entry, refuse
from registry.storage import mapper
from registry.storage.following import Follower, PlaceInLog, Prepare, Touched
from registry.storage.mapper import Draft, Envelope, FactMapper
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Connection, LogRecorder, Writer, one_row, too_long
from registry.storage.sending import Sending
from registry.storage.turns import PlaceInTurn

Line = tuple[UUID, Sequence[Any], int]
STREAMS_A_TRIP = 1_000
"""Of so many streams at the most versions and entries are asked for in one trip: nothing large goes in a pipeline."""
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError)
"""What is no fault of one act: the database, or the clock, is not there for any."""


@dataclass(frozen=True, slots=True)
class Raced:
    """A stream that somebody else wrote meanwhile: by whom and when (UTC), as the last fact says."""

    stream: UUID
    by: str
    recorded_at: datetime


class LostRace(Exception):
    """The record changed after it was read: `raced` names every stream that lost. Nothing was written."""

    def __init__(self, raced: Sequence[Raced]):
        self.raced = tuple(raced)
        super().__init__(f"{len(self.raced)} streams changed meanwhile")


@dataclass(frozen=True, slots=True)
class Act:
    """What was recorded at once: its entries, its instant (UTC), and whether an earlier call had recorded it.

    `digest` is that of the request it was recorded for, if it was kept: not for what was imported.
    """

    command: UUID
    recorded_at: datetime
    entries: tuple[Entry, ...]
    repeated: bool = False
    digest: bytes | None = None

    @property
    def position(self) -> int:
        """The position of its last fact."""
        return self.entries[-1].position


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAct:
    """What `registry.append` was asked for; `bodies` are those of the facts, `context` that of whoever asks, in which
    their own looks under the lock are made."""

    entries: Sequence[Line]
    by: Actor
    command: UUID
    unchanged: Sequence[tuple[UUID, int]]
    digest: bytes | None
    imported: bool
    insist: Callable[[Connection, int], None] | None
    bodies: list[list[bytes]]
    context: Context = field(default_factory=copy_context)

    @property
    def size(self) -> int:
        """The bytes of its bodies."""
        return sum(len(body) for bodies in self.bodies for body in bodies)


@dataclass(frozen=True, slots=True)
class UnderLock:
    """What the log held when it was looked at under the lock: the last position, which of the commands were given
    before, the last version of each stream, and the entries of those that are written to."""

    tip: DictRow
    commands: frozenset[UUID]
    versions: Mapping[UUID, int]
    before: Mapping[UUID, list[Entry]]


class LogDoor:
    """The one way into the log. `followers`, `prepared`, `founding` as of `Registry`."""

    def __init__(
        self,
        recorder: LogRecorder,
        events: FactMapper,
        followers: Sequence[Follower],
        prepared: Mapping[type, Prepare],
        founding: Sequence[Any],
    ):
        self.recorder, self.events = recorder, events
        self.followers, self.prepared, self.founding = tuple(followers), dict(prepared), tuple(founding)
        self._alone = frozenset(prepared).union(*(one.alone for one in followers))
        self._founded = not founding

    def append(self, asked: AskedAct) -> Act:
        """Has an act recorded. Raises as `Registry.append`, but for the names of the database's guards."""
        act: Act = self.recorder.share(PlaceInTurn(asked, asked.size), self._record)
        return act

    def _record(self, sending: Sending, places: Sequence[PlaceInTurn]) -> None:
        """Records the acts of places in a transaction that holds the lock, and commits. Raises where none can be."""
        asked: list[AskedAct] = [place.work for place in places]
        held = _held(sending.connection, asked)
        try:
            made = self._together(self.recorder.writer(sending, held.tip), held, places)
            _end(sending, made)
        except AWAY:
            raise
        except Exception:
            if len(places) == 1 or not sending.is_open:
                raise
            sending.again()
            made = self._each(self.recorder.writer(sending, held.tip), places)
            _end(sending, made)
        for place, act in made.items():
            place.done = act

    def _together(self, log: Writer, held: UnderLock, places: Sequence[PlaceInTurn]) -> dict[PlaceInTurn, Act]:
        """All of them, as many in one piece as can be."""
        made: dict[PlaceInTurn, Act] = {}
        for group, anew in self._groups(places):
            if anew:
                held = _held(log.connection, [place.work for place in group])
            made |= self._group(log, held, group)
        return made

    def _each(self, log: Writer, places: Sequence[PlaceInTurn]) -> dict[PlaceInTurn, Act]:
        """One by one, each behind a savepoint."""
        made: dict[PlaceInTurn, Act] = {}
        for place in places:
            place.failed, before = None, (log.position, log.last_recorded_at)
            try:
                with log.connection.transaction():
                    of_one = self._group(log, _held(log.connection, [place.work]), [place])
                    log.sending.send()
                made |= of_one
            except AWAY:
                raise
            except Exception as error:
                log.sending.forget()
                log.position, log.last_recorded_at = before
                place.failed = error
        return made

    def _groups(self, places: Sequence[PlaceInTurn]) -> Iterator[tuple[list[PlaceInTurn], bool]]:
        """Acts that go in one piece, in the order of asking, and whether what they name was written or given since it
        was looked at."""
        group: list[PlaceInTurn] = []
        anew, written, commands = False, set[UUID](), set[UUID]()
        for place in places:
            asked: AskedAct = place.work
            alone = self._goes_alone(asked)
            met = asked.command in commands or any(stream in written for stream, _, _ in asked.entries)
            if group and (alone or met):
                yield group, anew
                group, anew = [], False
            if met:
                anew, written, commands = True, set(), set()
            group.append(place)
            commands.add(asked.command)
            written.update(stream for stream, facts, _ in asked.entries if facts)
            if alone:
                yield group, anew
                group, anew = [], False
        if group:
            yield group, anew

    def _goes_alone(self, asked: AskedAct) -> bool:
        """Whether an act looks, under the lock, at more than its streams."""
        if asked.insist or asked.unchanged or not (self._founded or asked.imported):
            return True
        return any(type(fact) in self._alone for _, facts, _ in asked.entries for fact in facts)

    def _group(self, log: Writer, held: UnderLock, places: Sequence[PlaceInTurn]) -> dict[PlaceInTurn, Act]:
        """Acts of which none names what another one writes: their facts, then all that follows."""
        made: dict[PlaceInTurn, Act] = {}
        touched: list[Touched] = []
        for place in places:
            asked: AskedAct = place.work
            try:
                act = made[place] = asked.context.run(self._facts, log, held, asked)
            except psycopg.Error:
                raise
            except Exception as error:
                place.failed = error
                continue
            if not act.repeated:
                touched += _touched(held.before, act.entries)
        self._follow(log, touched)
        for act in made.values():
            if act.digest is not None and not act.repeated:
                log.sending.execute(LOG["keep_request"], {"command": act.command, "digest": act.digest})
        return made

    def _facts(self, log: Writer, held: UnderLock, asked: AskedAct) -> Act:
        """Checks an act and writes its facts, or finds it made."""
        if asked.command in held.commands:
            found = recorded(asked.command, log.execute("of_command", command=asked.command).fetchall())
            if found:
                return found
        _check(log, held, asked)
        if asked.insist:
            asked.insist(log.connection, log.position)
        if not asked.imported:
            self._found(log, asked)
        envelope = Envelope(log.next_instant(), asked.by, asked.command)
        drafts = self._drafts(log, asked, envelope)
        if not drafts:
            raise ValueError("an act has at least one fact")
        written = log.write(drafts, envelope, self.events)
        return Act(asked.command, envelope.recorded_at, tuple(written), digest=asked.digest)

    def _follow(self, log: Writer, touched: Sequence[Touched]) -> None:
        if touched:
            for follower in self.followers:
                follower.follow(log.sending, touched)

    def _found(self, log: Writer, asked: AskedAct) -> None:
        """Records what is known of the community before the first act, as an act of its own under the same lock."""
        if self._founded or any(stream == COMMUNITY for stream, _, _ in asked.entries):
            return
        before = log.entries("of_streams", streams=[COMMUNITY])
        stands = fold(before)
        if stands.known:
            self._founded = True
            return
        envelope = Envelope(log.next_instant(), asked.by, uuid4())
        drafts = [Draft(COMMUNITY, number, fact) for number, fact in enumerate(self.founding, stands.version + 1)]
        self._follow(log, _touched({COMMUNITY: before}, log.write(drafts, envelope, self.events)))

    def _drafts(self, log: Writer, asked: AskedAct, envelope: Envelope) -> list[Draft]:
        """The facts of an act in their order, each with what is given under the lock."""
        day = mapper.kyiv_day(envelope.recorded_at)
        last = log.position + sum(len(facts) for _, facts, _ in asked.entries)
        drafts: list[Draft] = []
        prepared: Counter[type] = Counter()
        for (stream, facts, after), bodies in zip(asked.entries, asked.bodies, strict=True):
            for number, (fact, said) in enumerate(zip(facts, bodies, strict=True), 1):
                kind = type(fact)
                if prepare := self.prepared.get(kind):
                    given = prepare(log.connection, fact, PlaceInLog(day, last, prepared[kind]))
                    prepared[kind] += 1
                    drafts.append(Draft(stream, after + number, given))
                else:
                    drafts.append(Draft(stream, after + number, fact, said))
        return drafts


def bodies_of(entries: Sequence[Line], by: Actor) -> list[list[bytes]]:
    """The bodies of facts, line by line, each encoded once. Raises `Impossible` where a fact is too long for a line."""
    bodies = [[mapper.encode_body(fact) for fact in facts] for _, facts, _ in entries]
    each = [
        (fact, body)
        for (_, facts, _), of_line in zip(entries, bodies, strict=True)
        for fact, body in zip(facts, of_line, strict=True)
    ]
    refuse([too_long(fact) for fact, body in each if not mapper.body_fits(body, by)])
    return bodies


def recorded(command: UUID, rows: Sequence[DictRow]) -> Act | None:
    """The act that the rows of a command make, if there are any."""
    found = tuple(mapper.read_entry(bytes(row["state"])) for row in rows)
    if not found:
        return None
    return Act(command, found[0].recorded_at, found, repeated=True, digest=rows[0]["digest"])


def _held(connection: Connection, asked: Sequence[AskedAct]) -> UnderLock:
    """What the log holds of what acts name, in one trip."""
    streams = list(dict.fromkeys(stream for one in asked for stream, _, _ in one.entries))
    longer = list(dict.fromkeys(stream for one in asked for stream, facts, after in one.entries if facts and after))
    named = {"commands": [one.command for one in asked], "streams": streams}
    with connection.pipeline() if longer and len(streams) <= STREAMS_A_TRIP else nullcontext():
        tip = connection.execute(LOG["before_acts"], named, prepare=True)
        rows = connection.execute(LOG["of_streams"], {"streams": longer}, prepare=True) if longer else ()
    found = one_row(tip)
    versions = {UUID(stream): version for stream, version in (found["versions"] or {}).items()}
    before: dict[UUID, list[Entry]] = {}
    for row in rows:
        entry = mapper.read_entry(bytes(row["state"]))
        before.setdefault(entry.stream, []).append(entry)
    return UnderLock(found, frozenset(found["done"]), versions, before)


def _check(log: Writer, held: UnderLock, asked: AskedAct) -> None:
    """Raises `LostRace` naming every stream and dwelling that somebody changed meanwhile."""
    streams = {stream for stream, _, _ in asked.entries}
    if len(streams) < len(asked.entries):
        raise ValueError("an act names each stream once")
    lost: dict[UUID, Raced] = {}
    for stream, _, after in asked.entries:
        if held.versions.get(stream, 0) != after:
            lost[stream] = _raced(log, stream)
    for dwelling, position in asked.unchanged:
        if dwelling not in lost and (later := _later(log, dwelling, position)):
            lost[dwelling] = replace(_raced(log, dwelling), by=later.by.name, recorded_at=later.recorded_at)
    if lost:
        raise LostRace(list(lost.values()))
    for stream, facts, _ in asked.entries:
        _check_aggregate(facts, held.before.get(stream, ()))


def _raced(log: Writer, stream: UUID) -> Raced:
    """Who wrote a stream last, and when."""
    last = log.entries("last_of_stream", stream=stream)
    return Raced(stream, last[0].by.name, last[0].recorded_at) if last else Raced(stream, "", log.now)


def _later(log: Writer, dwelling: UUID, position: int) -> Entry | None:
    """A fact after a position that names a dwelling or changed who lives there."""
    named = log.entries("naming_dwelling_after", dwelling=dwelling, position=position)
    if named:
        return named[0]
    touched = log.execute("dwelling_touched_after", dwelling=dwelling, position=position).fetchone()
    return log.entries("at_position", position=touched["position"])[0] if touched else None


def _check_aggregate(facts: Sequence[Any], before: Sequence[Entry]) -> None:
    """Every stream belongs to one aggregate; anything else is an error of the program."""
    names = {AGGREGATE_OF[fact.NAME] for fact in facts}
    if before and names:
        names.add(AGGREGATE_OF[before[-1].fact.NAME])
    if len(names) > 1:
        raise ValueError(f"a stream belongs to one aggregate, not to {sorted(names)}")


def _touched(before: Mapping[UUID, list[Entry]], written: Sequence[Entry]) -> list[Touched]:
    new: dict[UUID, list[Entry]] = {}
    for entry in written:
        new.setdefault(entry.stream, []).append(entry)
    return [Touched(stream, before.get(stream, []), entries) for stream, entries in new.items()]


def _end(sending: Sending, made: Mapping[PlaceInTurn, Act]) -> None:
    """Makes durable what was written, if anything was."""
    if all(act.repeated for act in made.values()):
        sending.give_up()
    else:
        sending.commit()

"""The journal: the whole register as one line a fact, in log order (semantics 7).

What is exported, imported into an empty register and exported again is the same bytes: a line's bytes are never
encoded again. Import is one transaction; anything wrong with a line names it and changes nothing.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from eventsourcing.persistence import DataError, IntegrityError, OperationalError
from psycopg.errors import ProgramLimitExceeded

from registry.aggregates.facts import AGGREGATE_OF, written_dates
from registry.aggregates.values import Actor, Impossible, NotADate, days
from registry.app import Registry
from registry.storage import mapper
from registry.storage.mapper import Line
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Connection
from registry.texts import say
from registry.viewer import Viewer, insist_on_everything

GIVEN_TIMES = "given-times"
TIMES_TO_COME = "times-to-come"
"""What is marked outside the log of a register that was loaded: its times were given, and some were to come."""
_LEAF = re.compile(rb',"leaf":"([0-9a-f]{64})"\}\Z')

Progress = Callable[[int], None]
Differences = Callable[[Connection, int], Iterable[str]]
FIRST = 20
"""How many of the differences of a journal are named."""


class BadJournal(ValueError):
    """A line of a journal cannot be what this register exported. The text, in Ukrainian, names the line."""


def export(registry: Registry, path: Path, progress: Progress = lambda facts: None, *, seen_by: Viewer) -> int:
    """Writes the journal to a file, whole or not at all; returns the number of facts. One consistent register. Raises
    `Hidden`: a journal without somebody would be another one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            os.chmod(beside, 0o600)
            count = write(registry, file, progress, seen_by=seen_by)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return count


def write(registry: Registry, file: BinaryIO, progress: Progress = lambda facts: None, *, seen_by: Viewer) -> int:
    """Writes the journal's lines to an open file; returns their number. Raises `Hidden` if anything is."""
    insist_on_everything(seen_by)
    count = 0
    with registry.snapshot() as connection:
        while rows := connection.execute(LOG["by_position"], {"after": count, "limit": 10_000}).fetchall():
            file.writelines(line_bytes(bytes(row["state"]), bytes(row["leaf"])) for row in rows)
            count += len(rows)
            progress(len(rows))
    return count


def line_bytes(state: bytes, leaf: bytes) -> bytes:
    """A journal's line from stored bytes: the leaf is its last member."""
    return state[:-1] + b',"leaf":"' + leaf.hex().encode() + b'"}\n'


def load(
    registry: Registry,
    path: Path,
    now: datetime,
    progress: Progress = lambda facts: None,
    differences: Differences = lambda connection, position: (),
    *,
    times_to_come: bool = False,
) -> int:
    """Imports a journal into an empty register in one transaction; returns the number of facts. The register is marked
    as one whose times were given; with `times_to_come` also where some have yet to come, and marked so: until they
    have, nothing is recorded in it. `differences` are what facts say and is not so, of what was just loaded: any
    refuses the journal (semantics 1.8). Raises `BadJournal`, `NotEmpty`."""
    checked = CheckedLines(now, times_to_come=times_to_come)
    try:
        with path.open("rb") as file, registry.loading() as log:
            log.write_lines(_told(checked.lines(file), progress))
            if not checked.position:
                raise BadJournal(say("journal", "empty"))
            given = max(log.now, checked.recorded_at or log.now)
            log.execute("mark", mark=GIVEN_TIMES, made_at=given)
            if checked.recorded_at and checked.recorded_at > now:
                log.execute("mark", mark=TIMES_TO_COME, made_at=log.now)
            registry.refill(log, checked.position)
            if found := list(islice(differences(log.connection, checked.position), FIRST)):
                raise BadJournal(say("journal", "untrue", "\n".join(found)))
    except (DataError, IntegrityError, Impossible):
        # Each line is well formed, and yet the tables' own guards refuse: no register can have exported this.
        raise BadJournal(say("journal", "impossible")) from None
    except OperationalError as error:
        if isinstance(error.__cause__, ProgramLimitExceeded):  # a text too long for an index
            raise BadJournal(say("journal", "impossible")) from None
        raise
    return checked.position


@dataclass
class CheckedLines:
    """The lines of a journal, each checked against those before it."""

    now: datetime
    times_to_come: bool = False
    position: int = 0
    recorded_at: datetime | None = None
    command: UUID | None = None
    by: Actor | None = None
    commands: set[UUID] = field(default_factory=set)
    salted: bool = False
    versions: dict[UUID, int] = field(default_factory=dict)
    aggregates: dict[UUID, str] = field(default_factory=dict)

    def lines(self, file: BinaryIO) -> Iterator[tuple[bytes, Line, Any]]:
        """The stored bytes of each line, what was read of it, and its fact. Raises `BadJournal`."""
        # A line may be no line at all, and as long as the disk: no more of it is read than a line could have.
        for number, raw in enumerate(iter(lambda: file.readline(mapper.LONGEST_UNSALTED + 1), b""), 1):
            try:
                yield self._line(raw)
            except (BadJournal, NotADate, msgspec.DecodeError, mapper.UnknownFact, UnicodeError) as error:
                reason = str(error) if isinstance(error, BadJournal) else say("journal", "no_fact")
                raise BadJournal(say("journal", "line", number, reason)) from None

    def _line(self, raw: bytes) -> tuple[bytes, Line, Any]:
        if len(raw) > mapper.LONGEST_UNSALTED:
            raise BadJournal(say("journal", "long"))
        found = _LEAF.search(raw[:-1]) if raw.endswith(b"\n") else None
        if found is None:
            raise BadJournal(say("journal", "torn"))
        state = raw[: found.start()] + b"}"
        if mapper.leaf(state).hex().encode() != found[1]:
            raise BadJournal(say("journal", "leaf"))
        line = mapper.read_line(state)
        if line.salt is not None and len(raw) > mapper.LONGEST:
            raise BadJournal(say("journal", "long"))
        fact = mapper.decode_body(line.name, line.schema, line.body)
        self._form(state, line, fact)
        self._order(line)
        return state, line, fact

    def _form(self, state: bytes, line: Line, fact: Any) -> None:
        """The line is exactly what would be written: compact, its keys in order, its heads those of its body."""
        for text in written_dates(fact):
            days(text)
        said = mapper.heads(line.stream, fact)
        heads = (said.since, said.until, said.person, said.dwelling, said.residence)
        if heads != (line.since, line.until, line.person, line.dwelling, line.residence):
            raise BadJournal(say("journal", "heads"))
        if line.schema == mapper.SCHEMA and state != mapper.encode_read(line, fact):
            raise BadJournal(say("journal", "form"))

    def _order(self, line: Line) -> None:
        """Positions and versions are dense, times rise between acts and are equal within one, and are not to come."""
        if line.position != self.position + 1:
            raise BadJournal(say("journal", "position", self.position + 1, line.position))
        if line.version != self.versions.get(line.stream, 0) + 1:
            raise BadJournal(say("journal", "version"))
        if self.aggregates.setdefault(line.stream, AGGREGATE_OF[line.name]) != AGGREGATE_OF[line.name]:
            raise BadJournal(say("journal", "aggregate"))
        if line.recorded_at > self.now and not self.times_to_come:
            raise BadJournal(say("journal", "in_future"))
        if self.salted and line.salt is None:
            raise BadJournal(say("journal", "unsalted"))
        same_act = line.command == self.command
        before = self.recorded_at
        if before and (line.recorded_at != before if same_act else line.recorded_at <= before):
            raise BadJournal(say("journal", "times"))
        if not (line.by.id and line.by.name) or (same_act and line.by != self.by):
            raise BadJournal(say("journal", "author"))
        if not same_act and line.command in self.commands:
            raise BadJournal(say("journal", "act_torn"))
        self.commands.add(line.command)
        self.position, self.recorded_at, self.command = line.position, line.recorded_at, line.command
        self.by = line.by
        self.versions[line.stream], self.salted = line.version, line.salt is not None


def _told(lines: Iterable[Any], progress: Progress) -> Iterator[Any]:
    for number, line in enumerate(lines, 1):
        yield line
        if number % 10_000 == 0:
            progress(10_000)

"""The log line by line, by itself: each line is the bytes that would be written, in its place, at its time, under the
leaf and beside the heads that it says.

A line that cannot be read is named and left out, and the rest is looked at all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from registry.aggregates.facts import AGGREGATE_OF, heads, written_dates
from registry.aggregates.values import Actor, NotADate, days
from registry.storage import mapper, merkle
from registry.storage.recorder import HEADS
from registry.storage.recorder import SQL as LOG
from replay.existing import SQL
from replay.words import at

Progress = Callable[[int], None]
AHEAD = timedelta(minutes=1)
"""How far the last recorded time may be ahead of the clock (semantics 5)."""
NO_FACT = (msgspec.MsgspecError, mapper.UnknownFact, UnicodeError, NotADate, ValueError)


@dataclass
class Lines:
    """What is known of the log behind the last line that was read: `unread` are the positions that hold no fact,
    `torn_streams` the streams that such a line, or a fact of another aggregate, stands on."""

    now: datetime
    position: int = 0
    facts: int = 0
    recorded_at: datetime | None = None
    command: UUID | None = None
    by: Actor | None = None
    unread: set[int] = field(default_factory=set)
    torn_streams: set[UUID] = field(default_factory=set)
    versions: dict[UUID, int] = field(default_factory=dict)
    aggregates: dict[UUID, str] = field(default_factory=dict)
    hashes: bytearray = field(default_factory=bytearray)

    def differences(self, connection: Any, progress: Progress) -> Iterator[str]:
        """What is wrong with every line, in their order, and then with the acts."""
        while rows := connection.execute(LOG["with_heads"], {"after": self.position, "limit": 10_000}).fetchall():
            for row in rows:
                yield from self._of_row(row)
                self.position = row["notification_id"]
            progress(len(rows))
        for row in connection.execute(SQL["torn_acts"]):
            yield at(row["position"], "act_torn")

    @property
    def root(self) -> bytes:
        """That of the tree over the leaves which the bytes have."""
        return merkle.root(bytes(self.hashes[start : start + 32]) for start in range(0, len(self.hashes), 32))

    def _of_row(self, row: dict[str, Any]) -> Iterator[str]:
        position, state, stream = row["notification_id"], bytes(row["state"]), row["originator_id"]
        self.facts += 1
        leaf = mapper.leaf(state)
        self.hashes += leaf
        if position != self.position + 1:
            yield at(position, "hole", position - self.position - 1)
        if leaf != bytes(row["leaf"]):
            yield at(position, "leaf")
        # By the column, so that one line that cannot be read puts no later one out of turn.
        if row["originator_version"] != self.versions.get(stream, 0) + 1:
            yield at(position, "version", row["originator_version"])
        self.versions[stream] = row["originator_version"]
        try:
            line = mapper.read_line(state)
            fact = mapper.decode_body(line.name, line.schema, line.body)
            for text in written_dates(fact):
                days(text)
        except NO_FACT:
            self.unread.add(position)
            self.torn_streams.add(stream)
            yield at(position, "unread")
            return
        if self.aggregates.setdefault(stream, AGGREGATE_OF[line.name]) != AGGREGATE_OF[line.name]:
            self.torn_streams.add(stream)
            yield at(position, "aggregate")
        if line.stream != stream or line.version != row["originator_version"]:
            self.torn_streams |= {stream, line.stream}
        if line.schema == mapper.SCHEMA and state != mapper.encode_read(line, fact):
            yield at(position, "form")
        for name in _wrong_heads(line, fact, row):
            yield at(position, "head", name)
        yield from (at(position, code) for code in self._of_act(line))

    def _of_act(self, line: mapper.Line) -> Iterator[str]:
        """Within an act one time and one author; from act to act later; nothing is to come (semantics 5, 6)."""
        if self.recorded_at and line.command == self.command:
            if line.recorded_at != self.recorded_at:
                yield "act_times"
            if line.by != self.by:
                yield "act_authors"
        elif self.recorded_at and line.recorded_at <= self.recorded_at:
            yield "times"
        if line.recorded_at > self.now + AHEAD:
            yield "to_come"
        if not (line.by.id and line.by.name):
            yield "nobody"
        self.recorded_at, self.command, self.by = line.recorded_at, line.command, line.by


def _wrong_heads(line: mapper.Line, fact: Any, row: dict[str, Any]) -> Iterator[str]:
    said = heads(line.stream, fact)
    expected = {
        "originator_id": line.stream,
        "originator_version": line.version,
        "topic": line.name,
        "notification_id": line.position,
        "recorded_at": line.recorded_at,
        "command": line.command,
        **{name: getattr(said, name) for name in HEADS},
    }
    in_line = {name: getattr(line, name) for name in ("since", "until", "person", "dwelling", "residence")}
    yield from (name for name, value in expected.items() if row[name] != value)
    yield from (name for name, value in in_line.items() if expected[name] != value)

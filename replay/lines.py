"""The lines of whole streams, each by itself: the bytes that would be written, in its place on its stream, under the
leaf and beside the heads that it says. What only the order of all lines shows is told by `order`.

A line that cannot be read is named and left out, and the rest is looked at all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from registry.aggregates.facts import AGGREGATE_OF, Heads, heads, written_dates
from registry.aggregates.values import Entry, NotADate, days
from registry.storage import mapper
from registry.storage.recorder import HEADS
from replay import order
from replay.existing import SQL
from replay.words import at

AHEAD = timedelta(minutes=1)
"""How far the last recorded time may be ahead of the clock (semantics 5)."""
NO_FACT = (msgspec.MsgspecError, mapper.UnknownFact, UnicodeError, NotADate, ValueError, OverflowError)
PLACED = ("originator_id", "originator_version", "topic", "notification_id", "recorded_at", "command")
STREAM, VERSION, POSITION = (PLACED.index(one) for one in ("originator_id", "originator_version", "notification_id"))
COLUMNS = (*PLACED, *HEADS, "state", "leaf")
OF_SAID = attrgetter(*HEADS)
OF_HEADS = itemgetter(slice(0, len(COLUMNS) - 2))
IN_LINE = ("since", "until", "person", "dwelling", "residence")
OF_LINE = itemgetter(*(COLUMNS.index(one) for one in IN_LINE))
Row = tuple[Any, ...]
"""The columns of a line, as `COLUMNS` has them."""


@dataclass
class Lines:
    """What was read of some whole streams, as they stand: `entries` stream by stream; `unread` are the positions that
    hold no fact, `torn` the streams that such a line, or a fact of another aggregate, stands on or speaks of."""

    now: datetime
    entries: list[Entry] = field(default_factory=list)
    found: list[order.Found] = field(default_factory=list)
    places: list[bytes] = field(default_factory=list)
    unread: set[int] = field(default_factory=set)
    torn: set[UUID] = field(default_factory=set)

    def read(self, rows: Iterable[Row]) -> None:
        """Reads the rows of whole streams, in the order of streams and their versions."""
        for stream, found in groupby(rows, key=itemgetter(STREAM)):
            self._of_stream(stream, list(found))

    def _of_stream(self, stream: UUID, rows: Sequence[Row]) -> None:
        # The versions are counted by the columns and in the order of the log, so that one line that cannot be read
        # puts no later one out of turn.
        read, before, aggregate = [], 0, ""
        for row in sorted(rows, key=itemgetter(POSITION)) if len(rows) > 1 else rows:
            position, state = row[POSITION], row[-2]
            leaf = mapper.leaf(state)
            if leaf != row[-1]:
                self._tell(position, order.LEAF, "leaf")
            if row[VERSION] != before + 1:
                self._tell(position, order.VERSION, "version", row[VERSION])
            before = row[VERSION]
            try:
                line, entry = _read(state)
            except NO_FACT:
                self.unread.add(position)
                self.torn.add(stream)
                self._tell(position, order.FACT, "unread")
                self.places.append(order.unread(position, leaf))
                continue
            aggregate = aggregate or AGGREGATE_OF[line.name]
            if aggregate != AGGREGATE_OF[line.name]:
                self.torn.add(stream)
                self._tell(position, order.FACT, "aggregate")
            if line.stream != stream or line.version != row[VERSION]:
                self.torn |= {stream, line.stream}
            self._of_fact(row, line, entry.fact)
            self.places.append(order.place(position, leaf, line))
            read.append((before, entry))
        read.sort(key=itemgetter(0))
        self.entries += [entry for _, entry in read]

    def _of_fact(self, row: Row, line: mapper.Line, fact: Any) -> None:
        position = row[POSITION]
        said = heads(line.stream, fact)
        if line.schema == mapper.SCHEMA and not mapper.is_as_written(row[-2], line, fact, said):
            self._tell(position, order.FORM, "form")
        for number, name in enumerate(_wrong_heads(line, said, row)):
            self._tell(position, order.HEADS + number, "head", name)
        if line.recorded_at > self.now + AHEAD:
            self._tell(position, order.TO_COME, "to_come")
        if not (line.by.id and line.by.name):
            self._tell(position, order.NOBODY, "nobody")

    def _tell(self, position: int, turn: int, code: str, *named: object) -> None:
        self.found.append((position, turn, at(position, code, *named)))


def rows_between(connection: Any, first: UUID, last: UUID) -> list[Row]:
    """The rows of all streams from one to another, both included, in the order of streams and their versions."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        cursor.execute(SQL["between"], {"first": first, "last": last})
        names = [column.name for column in cursor.description]
        return list(map(itemgetter(*map(names.index, COLUMNS)), cursor))


def _read(state: bytes) -> tuple[mapper.Line, Entry]:
    """What a line is and its entry. Raises one of `NO_FACT`."""
    line = mapper.read_line(state)
    fact = mapper.decode_body(line.name, line.schema, line.body)
    for text in written_dates(fact):
        days(text)
    if line.recorded_at.tzinfo is None:
        raise ValueError("an instant of nowhere")
    on = mapper.kyiv_day(line.recorded_at)
    return line, Entry(line.position, line.stream, line.version, line.recorded_at, on, line.by, line.command, fact)


def _wrong_heads(line: mapper.Line, said: Heads, row: Row) -> Iterator[str]:
    placed = (line.stream, line.version, line.name, line.position, line.recorded_at, line.command)
    expected = (*placed, *OF_SAID(said))
    if expected != OF_HEADS(row):
        yield from (name for name, a, b in zip(COLUMNS, expected, row, strict=False) if a != b)
    in_line = (line.since, line.until, line.person, line.dwelling, line.residence)
    if in_line != OF_LINE(expected):
        yield from (name for name, a, b in zip(IN_LINE, in_line, OF_LINE(expected), strict=True) if a != b)

"""The log cut into ranges of streams, each of which is verified by itself: read once, line by line, folded once, and
held against the rows of every projection. What ranges say together is put together by `compare`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg import Error

from registry.projections import runner
from replay import letters, lines, order, outgoing, rows
from replay.existing import SQL
from replay.memory import without_collecting
from replay.report import FIRST, Report
from replay.said import ToldByFacts
from replay.stream import Stream

FIRST_OF_ALL, LAST_OF_ALL = UUID(int=0), UUID(int=2**128 - 1)
FEWEST, MOST, RANGES = 1_000, 8_000, 50
"""How many facts a range has, unless one stream alone has more, and how many ranges there are between these."""


@dataclass(frozen=True, slots=True)
class Range:
    """All streams from one to another, both included, in a log up to a position; of those that are `torn`, which a line
    of another range tells, only the lines are looked at."""

    position: int
    first: UUID
    last: UUID
    torn: frozenset[UUID] = frozenset()


@dataclass
class ComparedRange:
    """What was found in a range. Of the lines the first differences and how many there are, the places in the log, and
    what holds no fact; of the rest a report with the rows of each projection counted, and what facts name elsewhere.
    `error` is what the database said in place of the rest."""

    wrong_lines: int
    first_lines: list[order.Found]
    places: list[bytes]
    unread: set[int]
    torn: set[UUID]
    report: Report = field(default_factory=Report)
    said: ToldByFacts = field(default_factory=ToldByFacts)
    error: Error | None = None


def cut(connection: Any, position: int) -> list[Range]:
    """The ranges of a log up to a position, which is about how many facts it has."""
    facts = min(max(position // RANGES, FEWEST), MOST)
    found = connection.execute(SQL["firsts_of_ranges"], {"facts": facts}).fetchall()
    firsts = [FIRST_OF_ALL, *(row["stream"] for row in found if row["stream"] != FIRST_OF_ALL)]
    lasts = [*(UUID(int=first.int - 1) for first in firsts[1:]), LAST_OF_ALL]
    return [Range(position, first, last) for first, last in zip(firsts, lasts, strict=True)]


def compared(connection: Any, asked: Range, now: datetime) -> ComparedRange:
    """What is found in a range, in the connection's transaction, at an instant."""
    with without_collecting():
        return _compared(connection, asked, now)


def _compared(connection: Any, asked: Range, now: datetime) -> ComparedRange:
    read = lines.Lines(now)
    read.read(lines.rows_between(connection, asked.first, asked.last))
    found = ComparedRange(len(read.found), order.first(read.found, FIRST), read.places, read.unread, read.torn)
    # As they stand, stream by stream; a line that says that it is of another one makes both torn.
    streams = [Stream(list(entries)) for _, entries in groupby(read.entries, key=attrgetter("stream"))]
    try:
        with connection.transaction():
            _streams(connection, asked, [one for one in streams if one.id not in read.torn | asked.torn], found)
    except Error as error:
        found.error = error
    return found


def _streams(connection: Any, asked: Range, whole: Sequence[Stream], found: ComparedRange) -> None:
    report = found.report
    report.followed("log", found.said.of_batch(connection, asked.position, whole))
    for projection in runner.PROJECTIONS:
        of_it = [one for one in whole if one.aggregate == projection.AGGREGATE]
        report.counts[projection.TABLE] = rows.compare(connection, projection, of_it, report) if of_it else 0
    report.followed("letters", letters.untrue(connection, whole))
    report.followed("outbox", outgoing.of_streams(connection, whole))

"""Verify: the log against itself, and every row of every projection, and of the outbox the state of each item, against
what replay makes of the log.

Residences are compared with the rules asked day by day (`replay.engine`), at every act that ever changed them; the
other projections with their own view over a fresh fold, papers fact by fact besides. Differences name ids and columns,
never what a row says.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

from eventsourcing.persistence import PersistenceError
from psycopg import Error
from psycopg.errors import ProgrammingError

from registry import texts
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, Entry, first_day, known, last_day
from registry.app import Registry
from registry.projections import history, residences, runner
from registry.settings import Settings
from registry.storage import access
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import batches_of_streams, one_row
from replay import guards, kept, letters, outgoing
from replay.engine import Life, idle, stretches
from replay.lines import AHEAD, Lines
from replay.said import ToldByFacts
from replay.words import told

Progress = Callable[[int], None]
FIRST = 20


@dataclass
class Report:
    """What was compared: counts by name, the first differences, and how many there are; `roots` (hex) are those of the
    trees over the log and over the access journal: kept elsewhere, they show an end that was cut off or rewritten."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    found: int = 0
    roots: dict[str, str] = field(default_factory=dict)

    def all(self, found: Iterable[str]) -> None:
        """Notes differences as they are found."""
        for text in found:
            self.differ(text)

    def followed(self, what: str, found: Iterable[str]) -> None:
        """The same of what follows facts: one that leads nowhere ends this look alone, and is a difference."""
        try:
            self.all(found)
        except (Error, PersistenceError):
            raise
        except Exception as error:
            self.differ(told("unfollowed", type(error).__name__, where=what))

    def differ(self, text: str) -> None:
        """Notes one difference; only the first few are kept as text."""
        self.found += 1
        if len(self.differences) < FIRST:
            self.differences.append(text)


def verify(registry: Registry, progress: Progress = lambda facts: None, settings: Settings | None = None) -> Report:
    """Compares everything in one snapshot of the database; with `settings` what is kept in the data folder, too."""
    report = Report()
    with registry.snapshot() as connection:
        report.all(guards.differences(connection))
        try:
            _compared(registry, connection, report, progress, settings)
        except ProgrammingError as error:
            # Tables that are not those of the migrations, which is told above, do not answer what is asked of them.
            report.differ(told("unfollowed", type(error).__name__, where="schema"))
    _looks(registry, report)
    return report


def _compared(
    registry: Registry, connection: Any, report: Report, progress: Progress, settings: Settings | None
) -> None:
    lines = Lines(registry.recorder.clock())
    report.all(lines.differences(connection, progress))
    report.counts |= {"facts": lines.facts, "position": lines.position}
    report.roots["facts"] = lines.root.hex()
    counts = dict.fromkeys((one.TABLE for one in runner.PROJECTIONS), 0)
    said = ToldByFacts(registry, connection, lines.position)
    for batch in batches_of_streams(connection, lines.position, progress, lines.unread):
        whole = [entries for entries in batch if entries[0].stream not in lines.torn_streams]
        report.followed("log", said.of_batch(whole))
        for projection in runner.PROJECTIONS:
            counts[projection.TABLE] += _projection(connection, projection, whole, report)
        report.followed("letters", letters.untrue(connection, whole))
        report.followed("outbox", outgoing.of_streams(connection, whole))
    report.followed("log", said.of_all())
    for projection in runner.PROJECTIONS:
        stored = runner.stored_count(connection, projection)
        torn = runner.stored_rows(connection, projection, list(lines.torn_streams)).values()
        known = counts[projection.TABLE] + sum(map(len, torn))
        if stored != known:
            report.differ(f"{projection.TABLE}: {stored} rows stored, {known} belong to streams")
    marks = connection.execute(LOG["marks"]).fetchall()
    loaded = max((row["made_at"] for row in marks), default=None)
    asked = {"known_at": loaded}
    given = one_row(connection.execute(LOG["position_known_at"], asked))["position"] if loaded else 0
    report.followed("outbox", outgoing.of_the_rest(connection))
    report.followed("outbox", outgoing.remade(connection, given))
    report.followed("marks", _marks(marks, lines.now))
    if settings:
        report.followed("documents", kept.differences(connection, settings, lines.unread, lines.now))
    report.counts |= counts


def _marks(marks: Sequence[dict[str, Any]], now: datetime) -> Iterator[str]:
    for row in marks:
        if row["mark"] not in texts.TEXTS["marks"]:
            yield told("mark_unknown", where="marks")
        if row["made_at"] > now + AHEAD:
            yield told("to_come", where="marks")


def _looks(registry: Registry, report: Report) -> None:
    """The access journal by itself and by its own tree."""
    faults = access.check(registry.access)
    for fault in faults:
        report.differ(f"access {fault}")
    with suppress(ValueError):  # of a hole, which is told already
        report.counts["looks"], report.roots["access"] = access.tree_head(registry.access)


def _projection(connection: Any, projection: ModuleType, batch: Sequence[list[Entry]], report: Report) -> int:
    wanted = [entries for entries in batch if runner.aggregate_of(entries) == projection.AGGREGATE]
    stored = runner.stored_rows(connection, projection, [entries[0].stream for entries in wanted])
    for entries in wanted:
        stream = entries[0].stream
        try:
            expected = set(_expected(projection, entries))
        except Exception as error:
            report.differ(told("unfollowed", type(error).__name__, where=f"{projection.TABLE} {stream}"))
            continue
        _rows(projection, stream, expected, set(stored[stream]), report)
    return sum(len(rows) for rows in stored.values())


def _expected(projection: ModuleType, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    if projection is not residences:
        return runner.all_rows(projection, entries)
    return history.versions(entries, fold, NOBODY, partial(_asked_day_by_day, entries[0].stream))


def _rows(
    projection: ModuleType, stream: UUID, expected: set[tuple[Any, ...]], stored: set[tuple[Any, ...]], report: Report
) -> None:
    missing, extra = expected - stored, stored - expected
    if not missing and not extra:
        return
    names = (*projection.COLUMNS, "known_from", "known_until")
    pairs = zip(sorted(missing, key=repr), sorted(extra, key=repr), strict=False)
    columns = sorted({name for one, other in pairs for name, a, b in zip(names, one, other, strict=True) if a != b})
    said = f"{len(missing)} rows missing, {len(extra)} not from the log"
    report.differ(f"{projection.TABLE} {stream}: {said}" + (f" ({', '.join(columns)})" if columns else ""))


def _asked_day_by_day(stream: UUID, person: Person) -> Iterator[tuple[Any, ...]]:
    """The rows of `residences` as the rules give them when asked day by day."""
    parts: dict[UUID, int] = {}
    for one in reversed(stretches(person)):
        residence = one.residence
        parts[residence.id] = parts.get(residence.id, 0) + 1
        yield (
            *(stream, residence.id, parts[residence.id], residence.kind, residence.dwelling),
            *(one.since, one.until, one.since_known, one.until_known, one.certain_since, one.certain_until),
            *("standing", residence.kept, residence.past, residence.carried_from is not None, one.facts),
        )
    life = Life(person)
    for residence, state in idle(person):
        start = max(life.birth, first_day(residence.since)) if residence.since else BEFORE_ALL
        end = last_day(residence.until) if residence.until else AFTER_ALL
        yield (
            *(stream, residence.id, 1, residence.kind, residence.dwelling),
            *(None if start == BEFORE_ALL else start, None if end == AFTER_ALL else end),
            *(known(residence.since), known(residence.until), start, start),
            *(state, residence.kept, residence.past, residence.carried_from is not None),
            tuple(sorted({*residence.made_by, *residence.ended_by})),
        )

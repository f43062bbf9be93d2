"""Verify: the log against itself, and every row of every projection, and of the outbox the state of each item, against
what replay makes of the log.

Residences are compared with the rules asked day by day (`replay.engine`), at every act that ever changed them; the
other projections with their own view over a fresh fold, papers fact by fact besides. Differences name ids and columns,
never what a row says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

from registry.aggregates.facts import heads
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, Entry, first_day, known, last_day
from registry.app import Registry
from registry.projections import history, residences, runner
from registry.storage import mapper
from registry.storage.recorder import HEADS, batches_of_streams
from registry.storage.recorder import SQL as LOG
from replay import letters, merging, outgoing, shown
from replay.engine import Life, idle, stretches
from replay.family import named as naming_facts
from replay.family import unknown, unmatched
from replay.named import Named

Progress = Callable[[int], None]
FIRST = 20


@dataclass
class Report:
    """What was compared: counts by name, the first differences, and how many there are."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    found: int = 0

    def differ(self, text: str) -> None:
        """Notes one difference; only the first few are kept as text."""
        self.found += 1
        if len(self.differences) < FIRST:
            self.differences.append(text)


def verify(registry: Registry, progress: Progress = lambda facts: None) -> Report:
    """Compares everything in one snapshot of the database."""
    report = Report()
    with registry.snapshot() as connection:
        position = _log(connection, report, progress)
        counts = dict.fromkeys((one.TABLE for one in runner.PROJECTIONS), 0)
        named = Named()
        for batch in batches_of_streams(connection, position, progress):
            for entries in batch:
                named.read(entries)
            for difference in letters.untrue(connection, batch):
                report.differ(difference)
            for projection in runner.PROJECTIONS:
                counts[projection.TABLE] += _projection(connection, projection, batch, report)
            for text in (*shown.of_streams(batch), *outgoing.of_streams(connection, batch)):
                report.differ(text)
            _families(registry, connection, position, batch, report)
        for projection in runner.PROJECTIONS:
            stored = runner.stored_count(connection, projection)
            if stored != counts[projection.TABLE]:
                report.differ(f"{projection.TABLE}: {stored} rows stored, {counts[projection.TABLE]} belong to streams")
        for text in (*outgoing.of_the_rest(connection), *named.differences()):
            report.differ(text)
    report.counts |= counts
    return report


def _log(connection: Any, report: Report, progress: Progress) -> int:
    """The log by itself: dense positions and versions, rising times, leaves and heads that fit the bytes."""
    position, recorded_at, command = 0, None, None
    versions: dict[UUID, int] = {}
    while rows := connection.execute(LOG["with_heads"], {"after": position, "limit": 10_000}).fetchall():
        for row in rows:
            state = bytes(row["state"])
            line = mapper.read_line(state)
            at = f"position {row['notification_id']}"
            if row["notification_id"] != position + 1:
                report.differ(f"{at}: a hole, {row['notification_id'] - position - 1} facts are missing before it")
            if line.version != versions.get(line.stream, 0) + 1:
                report.differ(f"{at}: version {line.version} of its stream is out of turn")
            if mapper.leaf(state) != bytes(row["leaf"]):
                report.differ(f"{at}: the bytes do not fit their leaf")
            if recorded_at and not (line.recorded_at > recorded_at or line.command == command):
                report.differ(f"{at}: its recorded time does not rise")
            for name in _wrong_heads(line, row):
                report.differ(f"{at}: head {name} does not fit the bytes")
            versions[line.stream] = line.version
            position, recorded_at, command = row["notification_id"], line.recorded_at, line.command
        progress(len(rows))
    report.counts["facts"] = sum(versions.values())
    report.counts["position"] = position
    return position


def _wrong_heads(line: mapper.Line, row: dict[str, Any]) -> Iterator[str]:
    said = heads(line.stream, mapper.decode_body(line.name, line.schema, line.body))
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


def _projection(connection: Any, projection: ModuleType, batch: Sequence[list[Entry]], report: Report) -> int:
    wanted = [entries for entries in batch if runner.aggregate_of(entries) == projection.AGGREGATE]
    stored = runner.stored_rows(connection, projection, [entries[0].stream for entries in wanted])
    for entries in wanted:
        stream = entries[0].stream
        _rows(projection, stream, set(_expected(projection, entries)), set(stored[stream]), report)
    return sum(len(rows) for rows in stored.values())


def _families(registry: Registry, connection: Any, position: int, batch: Sequence[list[Entry]], report: Report) -> None:
    """What facts of a family, and of entries that are one person, name has to exist (semantics 1.8)."""
    of_people = [entries for entries in batch if runner.aggregate_of(entries) == "person"]
    naming = [one for entries in of_people for one in (*naming_facts(entries), *merging.named(entries))]
    known = registry.entries_at(connection, list({id for _, id in naming}), position) if naming else {}
    texts = (*(text for entries in of_people for text in unmatched(entries)), *unknown(naming, known))
    for text in (*texts, *merging.untrue(of_people, known)):
        report.differ(text)


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

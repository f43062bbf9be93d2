"""Verify: the log against itself, and every row of every projection, and of the outbox the state of each item, against
what replay makes of the log.

Each range of streams is looked at by itself (`ranges`), in as many processes as there are cores (`helpers`); here is
what only all of it together shows.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from psycopg.errors import ProgrammingError

from registry import texts
from registry.app import Registry
from registry.projections import runner
from registry.settings import Settings
from registry.storage import access
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import one_row
from replay import guards, kept, order, outgoing
from replay.existing import SQL
from replay.helpers import all_compared, helpers_for
from replay.lines import AHEAD
from replay.ranges import ComparedRange, compared, cut
from replay.report import FIRST, Report
from replay.said import ToldByFacts
from replay.words import at, told

Progress = Callable[[int], None]


def verify(
    registry: Registry,
    progress: Progress = lambda facts: None,
    settings: Settings | None = None,
    helpers: int | None = None,
) -> Report:
    """Compares everything in one snapshot of the database; with `settings` what is kept in the data folder, too. With
    so many `helpers`; if it is not said, with one for each further core, where the log is long enough."""
    report = Report()
    with registry.snapshot() as connection:
        report.all(guards.differences(connection))
        try:
            _compared(registry, connection, report, progress, settings, helpers)
        except ProgrammingError as error:
            # Tables that are not those of the migrations, which is told above, do not answer what is asked of them.
            report.differ(told("unfollowed", type(error).__name__, where="schema"))
    _looks(registry, report)
    return report


def _compared(
    registry: Registry,
    connection: Any,
    report: Report,
    progress: Progress,
    settings: Settings | None,
    helpers: int | None,
) -> None:
    now, position = registry.recorder.clock(), registry.position_at(connection)
    count = helpers_for(position) if helpers is None else helpers
    parts = _parts(registry, connection, position, now, count, lambda one: progress(2 * len(one.places)))
    unread, torn = (set().union(*sets) for sets in zip(*((one.unread, one.torn) for one in parts), strict=True))
    _lines(parts, report)
    report.all(at(row["position"], "act_torn") for row in connection.execute(SQL["torn_acts"]))
    said = ToldByFacts()
    for one in parts:
        report.join(one.report.differences, one.report.found)
        if one.error:
            raise one.error
        said.join(one.said)
    report.followed("log", said.of_all(connection, position))
    counts = {one.TABLE: sum(part.report.counts[one.TABLE] for part in parts) for one in runner.PROJECTIONS}
    for projection in runner.PROJECTIONS:
        stored = runner.stored_count(connection, projection)
        of_torn = runner.stored_count(connection, projection, torn) if torn else 0
        known = counts[projection.TABLE] + of_torn
        if stored != known:
            report.differ(f"{projection.TABLE}: {stored} rows stored, {known} belong to streams")
    marks = connection.execute(LOG["marks"]).fetchall()
    loaded = max((row["made_at"] for row in marks), default=None)
    asked = {"known_at": loaded}
    given = one_row(connection.execute(LOG["position_known_at"], asked))["position"] if loaded else 0
    report.followed("outbox", outgoing.of_the_rest(connection))
    report.followed("outbox", outgoing.remade(connection, given))
    report.followed("marks", _marks(marks, now))
    if settings:
        report.followed("documents", kept.differences(connection, settings, unread, now))
    report.counts |= counts


def _parts(
    registry: Registry,
    connection: Any,
    position: int,
    now: datetime,
    helpers: int,
    done: Callable[[ComparedRange], None],
) -> list[ComparedRange]:
    """What is found in each range. A line that says that it is of a stream of another one makes that one torn, which is
    then looked at again."""
    ranges = cut(connection, position)
    parts = all_compared(registry, connection, ranges, now, helpers, done)
    torn = frozenset().union(*(one.torn for one in parts))
    for number, asked in enumerate(ranges):
        astray = {one for one in torn - parts[number].torn if asked.first <= one <= asked.last}
        if astray:
            parts[number] = compared(connection, replace(asked, torn=frozenset(astray)), now)
    return parts


def _lines(parts: Sequence[ComparedRange], report: Report) -> None:
    """What is wrong with the lines, in their order, and the root of the tree over their leaves."""
    places = sorted(chain.from_iterable(one.places for one in parts))
    in_order = list(order.differences(places))
    found = order.first(chain(in_order, *(one.first_lines for one in parts)), FIRST)
    report.join((text for _, _, text in found), len(in_order) + sum(one.wrong_lines for one in parts))
    report.counts |= {"facts": len(places), "position": order.last(places)}
    report.roots["facts"] = order.root(places).hex()


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

"""A day and a month of the office, counted from what is recorded: acts, decisions, visits, arrivals and departures.

Days are those of Kyiv. What is not recorded is not guessed: a visit without an end has no length. A decision is one
application in one act, however many parts it has.
"""

import calendar
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    ChangeApproved,
    ChangeRequested,
)
from registry.aggregates.values import Actor, Entry
from registry.app import Registry
from registry.storage import mapper, queries
from registry.storage.mapper import KYIV
from registry.storage.recorder import Datastore, one_row

SQL = queries.load(Path(__file__).with_suffix(".sql"))
SAMPLED = 4
"""How many decisions of a day that grant something are chosen to be read again, beside all that do not."""
LONGEST = 500
"""Of how many facts of one act its line is made; an import has more, and its line is made of the first."""


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """One application as decided in one act: the facts of its parts, its receipt, and who asked, if another person
    approved; without one, who decided."""

    application: UUID
    entries: tuple[Entry, ...]
    received: ApplicationReceived
    asked_by: Actor

    @property
    def command(self) -> UUID:
        return self.entries[0].command

    @property
    def recorded_at(self) -> datetime:
        return self.entries[0].recorded_at

    @property
    def by(self) -> Actor:
        return self.entries[0].by

    @property
    def paid(self) -> int:
        """What was paid for it, in kopiykas."""
        return sum(charge.paid or 0 for charge in self.charges)

    @property
    def charges(self) -> list[Any]:
        """The charge of each part that has one."""
        return [one.fact.charge for one in self.entries if not isinstance(one.fact, ApplicationBarred)]

    @property
    def is_granted(self) -> bool:
        """Whether every part of it was."""
        return all(isinstance(one.fact, ApplicationGranted) for one in self.entries)

    @property
    def is_refused(self) -> bool:
        """Whether a part of it was refused."""
        return any(isinstance(one.fact, ApplicationRefused) for one in self.entries)

    @property
    def is_late_entry(self) -> bool:
        """Whether its receipt or a decision was recorded later than on its day, for a reason that is told."""
        return bool(self.received.recorded_later or any(one.fact.recorded_later for one in self.entries))


@dataclass(frozen=True, slots=True)
class Visits:
    """How many visits a day had, how many of them ended, and how long those took on average, in minutes."""

    begun: int
    ended: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Departures:
    """How often a clerk departed from the usual in a month, in decisions."""

    by: Actor
    decisions: int
    confirmed: int
    late_entries: int
    notices: int
    distinct: int


@dataclass(frozen=True, slots=True)
class DayMovement:
    """Who became a resident of the community on a day, who ceased to be one, and who of these by death."""

    day: date
    came: int
    left: int
    died: int


def bounds(first: date, behind: date) -> dict[str, datetime]:
    """The instants (UTC) between which a period of days in Kyiv lies, half-open."""
    since, until = (datetime.combine(day, time.min, KYIV).astimezone(UTC) for day in (first, behind))
    return {"since": since, "until": until}


def month_of(day: date) -> tuple[date, date]:
    """The first day of a month, and the first one behind it."""
    first = day.replace(day=1)
    return first, first + timedelta(calendar.monthrange(day.year, day.month)[1])


def week_of(day: date) -> tuple[date, date]:
    """The days of a week that are of the month of a day: the first, and the first one behind them."""
    first, behind = month_of(day)
    monday = day - timedelta(day.weekday())
    return max(first, monday), min(behind, monday + timedelta(7))


def acts(
    registry: Registry, on: date, *, by: Sequence[str] | None = None, after: int | None = None, limit: int
) -> list[list[Entry]]:
    """The acts of a day in their order, each as the facts it begins with; of some actors, if `by` names them. `after`
    is the position of the first fact of the act behind which the page begins."""
    period = bounds(on, on + timedelta(1))
    if after and (behind := registry.recorded_at(after)):
        period["since"] = max(period["since"], behind + timedelta(microseconds=1))
    begun = [row["position"] for row in _rows(registry.datastore, "acts", **period, by=_list(by), limit=limit)]
    found: dict[UUID, list[Entry]] = {}
    for row in _rows(registry.datastore, "of_acts", positions=begun, longest=LONGEST):
        found.setdefault(row["command"], []).append(mapper.read_entry(bytes(row["state"])))
    return list(found.values())


def decisions(registry: Registry, first: date, behind: date) -> list[DecidedCase]:
    """What was decided on days of Kyiv, in the order in which it was recorded."""
    found: dict[tuple[UUID, UUID], list[Entry]] = {}
    for row in _rows(registry.datastore, "decisions", **bounds(first, behind)):
        entry = mapper.read_entry(bytes(row["state"]))
        found.setdefault((entry.stream, entry.command), []).append(entry)
    came = receipts(registry, {stream for stream, _ in found})
    return [
        DecidedCase(stream, tuple(entries), *_told(came.get(stream, []), entries[0]))
        for (stream, _), entries in found.items()
    ]


def receipts(registry: Registry, streams: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """How applications came, by id, and the changes asked for on them and approved, in the order of the log."""
    found: dict[UUID, list[Entry]] = {}
    for row in _rows(registry.datastore, "receipts", streams=list(streams)):
        entry = mapper.read_entry(bytes(row["state"]))
        found.setdefault(entry.stream, []).append(entry)
    return found


def _told(before: Sequence[Entry], decided: Entry) -> tuple[ApplicationReceived, Actor]:
    """The receipt of a decision, and whose it is: of who asked for it, where another person approved, else of who
    decided."""
    received = next(one.fact for one in before if isinstance(one.fact, ApplicationReceived))
    approved = any(isinstance(one.fact, ChangeApproved) and one.command == decided.command for one in before)
    asked = [one.by for one in before if isinstance(one.fact, ChangeRequested) and one.position < decided.position]
    return received, asked[-1] if approved and asked else decided.by


def departing(registry: Registry, made: Sequence[DecidedCase]) -> dict[str, list[DecidedCase]]:
    """Those of these decisions that departed from the usual, by how."""
    rows = _rows(registry.datastore, "confirmed", commands=list({one.command for one in made}))
    confirmed = {row["command"] for row in rows if row["confirmed"]}
    distinct = {row["command"] for row in rows if row["distinct_from"]}
    return {
        "confirmed": [one for one in made if one.command in confirmed or _was_confirmed(one.received)],
        "late_entries": [one for one in made if one.is_late_entry],
        "notices": [one for one in made if one.received.channel == "notice"],
        "distinct": [one for one in made if one.command in distinct],
    }


def departures(registry: Registry, made: Sequence[DecidedCase]) -> list[Departures]:
    """How often each clerk departed from the usual in these decisions, by name."""
    kinds = departing(registry, made)
    clerks = {one.asked_by.id: one.asked_by for one in made}
    found = [
        Departures(
            by=clerk,
            decisions=sum(one.asked_by.id == id for one in made),
            **{kind: sum(one.asked_by.id == id for one in those) for kind, those in kinds.items()},
        )
        for id, clerk in clerks.items()
    ]
    return sorted(found, key=lambda one: (one.by.name, one.by.id))


def _was_confirmed(received: ApplicationReceived) -> bool:
    return any(one.confirmed for part in received.parts for one in part.concerned)


def to_read_again(made: Sequence[DecidedCase], on: date) -> list[DecidedCase]:
    """What of a day's decisions is to be read again: all that did not grant everything, and a few others, chosen by the
    hash of the day and the id of the application: by nobody, and always the same ones."""
    granted = [one for one in made if one.is_granted]
    lots = {one.application: hashlib.sha256(f"{on} {one.application}".encode()).digest() for one in granted}
    drawn = sorted(lots, key=lambda one: lots[one])[:SAMPLED]
    return [one for one in made if not one.is_granted or one.application in drawn]


def read(registry: Registry, by: Actor, chosen: Sequence[DecidedCase]) -> set[UUID]:
    """Which of these applications somebody has looked at since they were decided, as the access journal says."""
    if not chosen:
        return set()
    decided = {str(one.application): one.recorded_at for one in chosen}
    asked = {"by": by.id, "since": min(decided.values()), "applications": list(decided)}
    rows = _rows(registry.access, "read", **asked)
    return {UUID(row["application"]) for row in rows if row["at"] > decided[row["application"]]}


def due(registry: Registry, today: date) -> Mapping[str, int]:
    """How many open applications are due `today`, and how many `overdue`."""
    with registry.datastore.get_connection() as connection:
        return one_row(connection.execute(SQL["due"], {"on": today}))


def visits(registry: Registry, on: date) -> Visits:
    """The visits that began on a day."""
    row = _rows(registry.staff, "visits", **bounds(on, on + timedelta(1)))[0]
    minutes = None if row["seconds"] is None else round(float(row["seconds"]) / 60)
    return Visits(row["begun"], row["ended"], minutes)


def visits_of(registry: Registry, on: date) -> Sequence[Mapping[str, Any]]:
    """The visits that began on a day, in their order."""
    return _rows(registry.staff, "visits_of", **bounds(on, on + timedelta(1)))


def of_office(registry: Registry, office: str) -> list[str]:
    """The logins, by which the log names them, of those who work in an office now."""
    return [row["login"] for row in _rows(registry.staff, "of_office", office=office)]


def moved(registry: Registry, first: date, behind: date, community: str) -> dict[str, list[tuple[date, UUID]]]:
    """Who came on days of a period, who left, and who of these by death, as is known now. Whoever only moves within the
    community did neither; `community` is the beginning of the codes of its dwellings."""
    asked = {"first": first, "behind": behind, "community": community}
    left = _rows(registry.datastore, "departures", **asked)
    return {
        "came": [(row["day"], row["person"]) for row in _rows(registry.datastore, "arrivals", **asked)],
        "left": [(row["day"], row["person"]) for row in left],
        "died": [(row["day"], row["person"]) for row in left if row["died"]],
    }


def movement(registry: Registry, first: date, behind: date, community: str) -> list[DayMovement]:
    """How many came and left on each day of a period."""
    found = moved(registry, first, behind, community)
    counts = {kind: Counter(day for day, _ in those) for kind, those in found.items()}
    days = (first + timedelta(number) for number in range((behind - first).days))
    return [DayMovement(day, *(counts[kind][day] for kind in ("came", "left", "died"))) for day in days]


def _list(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)


def _rows(datastore: Datastore, query: str, **params: Any) -> list[dict[str, Any]]:
    with datastore.get_connection() as connection:
        return connection.execute(SQL[query], params).fetchall()

"""What follows from the rows of one person: pure. Which become facts, in which order, and which are rejected and why
(semantics 4 and 8)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.person.checks import impossible_period
from registry.aggregates.person.decisions import SETTLED
from registry.aggregates.person.events import (
    CardRow,
    Deceased,
    PastResidenceEntered,
    PersonEntered,
    PersonFact,
)
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.person.timeline import Row, current, timeline
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL, Entry, first_day, last_day
from registry.card_index.canonical import canonical_person, canonical_row
from registry.card_index.reading import PersonRow, Rejected, ResidenceRow

CARD_INDEX = "card-index"

Clash = Callable[[ResidenceRow, Rejected], None]


@dataclass(frozen=True, slots=True)
class Core:
    """Days `[start, end)` that a row takes for certain, and how a message names the row."""

    start: date
    end: date
    named: str


def key(row: CardRow) -> tuple[str, str, str, str | None]:
    """What tells a row from every other (semantics 8)."""
    return (row.person_ref, row.dwelling_ref, row.kind, row.since)


def facts_of(
    person: PersonRow | None,
    rows: Sequence[ResidenceRow],
    *,
    known: Person = NOBODY,
    homes: dict[str, UUID],
    born: str | None,
    ids: Iterable[UUID],
    line_name: Callable[[int], str],
    register_name: str,
    clash: Clash,
    held: Sequence[CardRow] = (),
) -> list[PersonFact]:
    """The facts that the rows of one person add to what is `known` of them: their entry (if `person`), past residences
    by since, the current one, the death. `homes`: dwelling ref → id; `held` are rows that were loaded into entries that
    are theirs since. Rejected rows are told to `clash`."""
    stored = [*(one.row for one in known.residences if one.row), *held]
    wanted = _new_rows(rows, stored, clash)
    possible = [one for one in wanted if not _impossible(one, born, homes, clash)]
    # Rows were judged among themselves whatever ended them since: a death frees no day for one that was rejected.
    stands = timeline(replace(known, death=None)) if known.death else timeline(known)
    accepted = _without_overlaps(possible, stands, line_name, register_name, clash)
    new_id = iter(ids)
    facts: list[Any] = [person.fact] if person else []
    past = [one.row for one in accepted if one.row.until]
    facts += [_past(row, homes, next(new_id)) for row in past]
    facts += [_current(one.row, homes, next(new_id)) for one in accepted if not one.row.until]
    if person and person.died:
        facts.append(Deceased(registered_on=person.died, basis=CARD_INDEX))
    return facts


def same_card(card: PersonRow, entries: Sequence[Entry]) -> bool:
    """Whether the register was loaded from this very row: what happened since is no change of the card."""
    entered = [entry.fact for entry in entries if isinstance(entry.fact, PersonEntered)]
    deaths = (entry.fact for entry in entries if isinstance(entry.fact, Deceased) and entry.fact.basis == CARD_INDEX)
    died = next((death.registered_on for death in deaths), None)
    said = (card.fact, card.died)
    return bool(entered) and said in ((entered[-1], died), canonical_person(entered[-1], died))


def in_order(rows: Iterable[ResidenceRow]) -> list[ResidenceRow]:
    """By since, null first; never by their order in the file."""
    return sorted(
        rows,
        key=lambda one: (
            first_day(one.row.since) if one.row.since else BEFORE_ALL,
            one.row.since or "",
            last_day(one.row.until) if one.row.until else AFTER_ALL,
            one.row.dwelling_ref,
            one.row.kind,
        ),
    )


def _new_rows(rows: Sequence[ResidenceRow], stored: Sequence[CardRow], clash: Clash) -> list[ResidenceRow]:
    """Rows that are not in the register yet: the same key and content is skipped, other content rejected."""
    as_read = {one.row for one in rows}
    held = [row if row in as_read else canonical_row(row) for row in stored]
    before = {key(row): row for row in held}
    new: list[ResidenceRow] = []
    seen: dict[tuple, ResidenceRow] = {}
    for one in rows:
        twin = seen.setdefault(key(one.row), one)
        loaded = before.get(key(one.row))
        if loaded is not None and loaded != one.row:
            clash(one, Rejected("since", "changed"))
        elif twin is not one and twin.row != one.row:
            clash(one, Rejected("since", "duplicate", str(twin.line)))
        elif loaded is None and twin is one:
            new.append(one)
    return new


def _impossible(one: ResidenceRow, born: str | None, homes: dict[str, UUID], clash: Clash) -> bool:
    faults = [Rejected("dwelling_ref", "unknown-dwelling")] if one.row.dwelling_ref not in homes else []
    found = impossible_period(born, one.row.since, one.row.until)
    faults += [Rejected(fault.field or "since", fault.code) for fault in found]
    for fault in faults:
        clash(one, fault)
    return bool(faults)


def _without_overlaps(
    rows: Sequence[ResidenceRow],
    stands: Sequence[Row],
    line_name: Callable[[int], str],
    register_name: str,
    clash: Clash,
) -> list[ResidenceRow]:
    """The rows that can stand together: one open row, the latest, unless somebody lives somewhere already; of two that
    certainly share a day, the one with the earlier since."""
    cores = [
        Core(row.certain_since, row.certain_until or AFTER_ALL, register_name)
        for row in stands
        if row.state == "standing" and not row.kept
    ]
    ordered = in_order(rows)
    open_rows = [one for one in ordered if not one.row.until]
    latest = open_rows[-1] if open_rows and current(stands) is None else None
    accepted: list[ResidenceRow] = []
    for one in ordered:
        if not one.row.until and one is not latest:
            named = line_name(latest.line) if latest else register_name
            clash(one, Rejected("until", "overlaps", named))
            continue
        core = _core(one, line_name)
        other = next((other for other in cores if max(core.start, other.start) < min(core.end, other.end)), None)
        if other:
            clash(one, Rejected("since", "overlaps", other.named))
            continue
        cores.append(core)
        accepted.append(one)
    return accepted


def _core(one: ResidenceRow, line_name: Callable[[int], str]) -> Core:
    """An unknown since leaves no day certain."""
    end = first_day(one.row.until) if one.row.until else AFTER_ALL
    return Core(last_day(one.row.since) if one.row.since else end, end, line_name(one.line))


def _past(row: CardRow, homes: dict[str, UUID], residence: UUID) -> PastResidenceEntered:
    return PastResidenceEntered(
        residence=residence,
        kind=row.kind,
        dwelling=homes[row.dwelling_ref],
        since=row.since,
        until=row.until or "",
        basis=CARD_INDEX,
        row=row,
    )


def _current(row: CardRow, homes: dict[str, UUID], residence: UUID) -> PersonFact:
    return SETTLED[row.kind](
        residence=residence, dwelling=homes[row.dwelling_ref], since=row.since, basis=CARD_INDEX, row=row
    )

"""Which issued extracts no longer state what the register says, since when, and because of which fact.

Two questions. Of one extract, for whoever checks it: is it still so today (`superseded_on`)? Of corrections and
annulments: which extracts state what was wrong (`changed_by`), so that whoever got them can be told (`listed`, and the
notices of `outgoing`)? An extract of the register as it stood at a past moment is never superseded: it says what stood
then. Of one whose content cannot be read (a journal of others may hold it) nothing is claimed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import accumulate, groupby
from typing import Any, Protocol
from uuid import UUID

from registry import texts
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.extract.state import asked_for
from registry.aggregates.facts import RESIDENCE_KINDS
from registry.aggregates.person.merge_events import EntryMerged
from registry.aggregates.values import Entry, sure
from registry.app import Registry
from registry.extracts import content
from registry.extracts.content import Content, ResidenceLine
from registry.extracts.remembered import Remembered, remembered
from registry.extracts.stated import Stated
from registry.projections import extracts
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Connection, one_row
from registry.viewer import HIDDEN, Viewer

CHANGING = frozenset(
    {
        *("residence-corrected", "residence-annulled", "deregistration-annulled", "death-annulled"),
        *("carry-over-annulled", "particulars-corrected", "entry-withdrawn", "past-residence-entered"),
        *("entry-merged", "merge-annulled", "dwelling-corrected", "address-rename-annulled"),
    }
)
"""The facts that can make untrue what was stated of an earlier day; others only tell what came later."""

_WORDS = {"kind", "note", "address_now", "latin"}
"""What a later release may put better, and what is no statement of the day: never compared."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """An extract, as it was asked for and what it states, and the fact that made that untrue."""

    asked: Entry
    content: Content
    by: Entry
    issued: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """From `day` (Kyiv) on the register may state something else: as known at `position`, of the day `on`."""

    day: date
    position: int
    on: date


class States(Protocol):
    """A register as it states things: as known at a position, or as an act will leave it."""

    def of_person(self, id: UUID, /, *, on: date, within: str, history: bool, asked_for: str | None) -> Stated:
        """As `stated.of_person`."""

    def of_dwelling(self, id: UUID, /, *, on: date) -> Stated:
        """As `stated.of_dwelling`."""

    def called(self, dwelling: UUID, on: date, /) -> str | None:
        """What a dwelling was called on a day."""


def holding(connection: Connection, extracts: Sequence[Entry], *, today: date) -> list[Entry]:
    """Those of issued extracts of which the register states today what they state, or of which nothing is claimed."""
    position = _last(connection)
    register = remembered(connection, (one.fact for one in extracts), since=position).at(position)
    return [one for one in extracts if not _is_of_now(one) or still_so(register, one, today=today)]


def superseded_on(connection: Connection, asked: Entry, *, today: date) -> date | None:
    """The day (Kyiv) since which the register states something else than an issued extract: of the first such fact, or
    of an end that has come; None if it still states the same."""
    said: ExtractRequested = asked.fact
    told = content.of(said)
    if told is None or holding(connection, [asked], today=today):
        return None
    moments = _moments(connection, said, told, today)
    register = remembered(connection, [said], since=said.read_at)
    so = (
        number
        for number in _as_many_as_told(register, said, told, moments)
        if _still_states(register.at(moments[number].position), said, told, on=moments[number].on)
    )
    later = moments[next(so, -1) + 1 :]
    return later[0].day if later else today


def changed_by(connection: Connection, facts: Iterable[Entry], *, reachable: bool = False) -> Iterator[Superseded]:
    """The extracts that state of their own day what each of these facts made untrue, in their order; with `reachable`,
    only those whose holder can be told."""
    changing = [entry for entry in facts if entry.fact.NAME in CHANGING]
    merges = [entry for entry in changing if isinstance(entry.fact, EntryMerged)]
    changing += [begun for entry in merges for begun in _begun_by(connection, entry)]
    speaking = _speaking_of(connection, {entry.stream for entry in changing})
    of_before = [
        (entry, asked, issued)
        for entry in changing
        for asked, issued in speaking.get(entry.stream, ())
        if _is_of_now(asked) and asked.fact.read_at < entry.position and (asked.fact.contact or not reachable)
    ]
    if not of_before:
        return
    register = remembered(
        connection, (asked.fact for _, asked, _ in of_before), since=min(entry.position for entry in changing) - 1
    )
    for entry, asked, issued in of_before:
        if so_on_its_day(register.at(entry.position - 1), asked):
            if not so_on_its_day(register.at(entry.position), asked):
                yield Superseded(asked, sure(content.of(asked.fact)), entry, issued)


def superseded_since(connection: Connection, since: datetime) -> list[Superseded]:
    """The issued extracts that facts recorded from an instant on made untrue, and that still are; each once, with the
    first such fact."""
    first: dict[UUID, Superseded] = {}
    for one in changed_by(connection, _facts_since(connection, since)):
        first.setdefault(one.asked.stream, one)
    position = _last(connection)
    register = remembered(connection, (one.asked.fact for one in first.values()), since=position).at(position)
    return [one for one in first.values() if one.issued and not so_on_its_day(register, one.asked)]


def listed(registry: Registry, since: datetime, *, seen_by: Viewer) -> dict[str, Any]:
    """Those that facts recorded from an instant on made untrue: which, to whom they were given, and since when."""
    with registry.snapshot() as connection:
        found = superseded_since(connection, since)
        position = registry.position_at(connection)
    said = [_said(one, seen_by) for one in found]
    return {"since": mapper.instant_text(since), "position": position, "answer": said}


def _said(one: Superseded, seen_by: Viewer) -> dict[str, Any]:
    asked: ExtractRequested = one.asked.fact
    seen = content.is_seen(asked, seen_by)
    return {
        "number": texts.extract_number(asked.year, asked.number),
        "kind": one.content.kind,
        "on": asked.on,
        "formed_at": mapper.instant_text(one.asked.recorded_at),
        "basis": one.content.basis,
        "requester": asked.requester if seen else HIDDEN,
        "contact": asked.contact if seen else HIDDEN,
        "person_id": str(asked.person) if asked.person else None,
        "dwelling_id": str(asked.dwelling) if asked.dwelling else None,
        "superseded_on": one.by.recorded_on.isoformat(),
        "fact": one.by.position,
        "because": texts.label("facts", one.by.fact.NAME),
    }


def standing(connection: Connection, streams: Iterable[UUID], *, today: date, limit: int) -> tuple[list[Entry], bool]:
    """The issued extracts that speak of people or dwellings and still hold, the newest first: of the newest `limit`
    that speak of them; and whether there are more."""
    spoken = [one for rows in _speaking_of(connection, set(streams)).values() for one in rows]
    found = {asked.stream: asked for asked, given in spoken if given}
    newest = sorted(found.values(), key=lambda one: -one.position)
    of_now = [one for one in newest[:limit] if _is_of_now(one)]
    return holding(connection, of_now, today=today), len(newest) > limit


def still_so(register: States, asked: Entry, *, today: date) -> bool:
    """Whether a register states today what an issued extract states; of one of an earlier day, on that day."""
    told = sure(content.of(asked.fact))
    return _still_states(register, asked.fact, told, on=told.day if told.past else today)


def so_on_its_day(register: States, asked: Entry) -> bool:
    """Whether a register states of the extract's own day what it states."""
    told = sure(content.of(asked.fact))
    return _still_states(register, asked.fact, told, on=told.day)


def _is_of_now(asked: Entry) -> bool:
    """Whether an extract claims something of the register as it is: not of how it stood once, and readable."""
    return not asked.fact.as_known and content.of(asked.fact) is not None


def _still_states(register: States, said: ExtractRequested, told: Content, *, on: date) -> bool:
    """Whether a register states on a day what an issued extract states, by all that was stated then: a field that came
    later is not compared.

    Addresses are compared as they were called on the extract's own day: a renamed street changes nothing.
    """
    if said.dwelling:
        there = register.of_dwelling(said.dwelling, on=on)
        called = register.called(said.dwelling, told.day)
        return sure(told.dwelling)["address"] == called and _same(told.residents, there.residents)
    then = _again(register, said, told, told.day)
    now = then if on == told.day else _called(_again(register, said, told, on), then)
    return (
        now.person is not None
        and _same([sure(told.person)], [now.person])
        and told.died == now.died
        and _same(told.residences, now.residences)
        and _same(told.previous, now.previous)
    )


def _again(register: States, said: ExtractRequested, told: Content, on: date) -> Stated:
    return register.of_person(
        sure(said.person), on=on, within=told.within, history=said.history, asked_for=said.asked_for
    )


def _called(now: Stated, then: Stated) -> Stated:
    """The same rows with the addresses as they were called then."""
    addresses = {row["residence_id"]: row["address"] for row in (*then.residences, *(then.previous or ()))}

    def named(rows: tuple[ResidenceLine, ...]) -> tuple[ResidenceLine, ...]:
        return tuple({**row, "address": addresses.get(row["residence_id"], row["address"])} for row in rows)

    previous = None if now.previous is None else named(now.previous)
    return replace(now, residences=named(now.residences), previous=previous)


def _same(printed: Sequence[Mapping[str, Any]] | None, now: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether rows say the same, by all that both hold but the words."""
    if printed is None or now is None:
        return printed is now
    pairs = zip(printed, now, strict=False)
    return len(printed) == len(now) and all(
        one[name] == row[name] for one, row in pairs for name in (one.keys() & row.keys()) - _WORDS
    )


def _moments(connection: Connection, said: ExtractRequested, told: Content, today: date) -> list[Moment]:
    """Since when an extract may state something else: at each fact that changed something of what it speaks of, and at
    the beginning of each day on which an end recorded before has come. Rising."""
    params = {"person": said.person, "dwelling": said.dwelling, "position": said.read_at}
    touched, ends = ("dwelling", "in_dwelling") if said.dwelling else ("person", "of_person")
    facts = connection.execute(extracts.SQL[f"touched_{touched}_after"], params)
    moments = [(mapper.kyiv_day(row["recorded_at"]), row["position"]) for row in facts]
    # What is stated of an earlier day is of that day for ever: no end that comes later changes it.
    between = {**params, "from": told.day, "today": told.day if told.past else today}
    ended = connection.execute(extracts.SQL[f"ends_{ends}_between"], between).fetchall()
    beginnings = [datetime.combine(row["until"], time.min, mapper.KYIV) for row in ended]
    known = connection.execute(LOG["positions_known_at"], {"known_at": beginnings})
    moments += [(mapper.kyiv_day(row["known_at"]), row["position"]) for row in known]
    return [Moment(day, position, told.day if told.past else day) for day, position in sorted(moments)]


def _as_many_as_told(
    register: Remembered, said: ExtractRequested, told: Content, moments: Sequence[Moment]
) -> Iterator[int]:
    """The numbers of the moments at which an extract may have been so, the latest first: of one about a dwelling those
    at which as many live there as it names, each by a line of it. A dormitory has a moment for each act of each
    resident: to compare everybody at each of them would take a minute."""
    if not said.dwelling:
        yield from reversed(range(len(moments)))
        return
    lines: Sequence[Mapping[str, Any]] = sure(told.residents)
    names = sorted(set.intersection(*map(set, lines)) - _WORDS) if lines else []
    named = {tuple(line[name] for name in names) for line in lines}
    positions, days = [one.position for one in moments], [one.on for one in moments]
    came, known = [0] * (len(moments) + 1), [0] * (len(moments) + 1)
    for one in register.inside.get(said.dwelling, ()):
        line: Mapping[str, Any] = one.line
        since, until = one.row["since"] or date.min, one.row["until"] or date.max
        begin = max(bisect_left(positions, one.first), bisect_left(days, since))
        end = min(bisect_left(positions, one.past), bisect_left(days, until))
        for counted, by in ((came, 1), (known, tuple(line[name] for name in names) in named)):
            if begin < end:
                counted[begin] += by
                counted[end] -= by
    there = zip(accumulate(came), accumulate(known), strict=True)
    as_many = [number for number, both in enumerate(there) if both == (len(lines), len(lines))]
    yield from (number for number in reversed(as_many) if number < len(moments))


def _speaking_of(connection: Connection, streams: Set[UUID]) -> dict[UUID, list[tuple[Entry, bool]]]:
    """The extracts, not voided, that speak of a person or a dwelling, by its stream, and whether each was issued."""
    found: dict[UUID, list[tuple[Entry, bool]]] = {}
    if streams:
        rows = connection.execute(extracts.SQL["speaking_of"], {"streams": list(streams)}).fetchall()
        read = ((row, mapper.read_entry(bytes(row["state"]))) for row in rows)
        for (stream, _), same in groupby(read, key=lambda one: (one[0]["stream"], one[1].stream)):
            parts = list(same)
            asked = asked_for([entry for _, entry in parts])
            found.setdefault(stream, []).append((asked, parts[0][0]["issued"]))
    return found


def _facts_since(connection: Connection, since: datetime) -> Iterator[Entry]:
    """The changing facts since an instant about people and dwellings that any extract speaks of."""
    rows = connection.execute(extracts.SQL["facts_since"], {"since": since, "names": sorted(CHANGING)}).fetchall()
    return (mapper.read_entry(bytes(row["state"])) for row in rows)


def _begun_by(connection: Connection, merged: Entry) -> Iterator[Entry]:
    """The residences that a merge began on the entry that stays: they began before it."""
    for row in connection.execute(LOG["of_command"], {"command": merged.command}).fetchall():
        entry = mapper.read_entry(bytes(row["state"]))
        if entry.stream == merged.fact.survivor and entry.fact.NAME in RESIDENCE_KINDS:
            yield entry


def _last(connection: Connection) -> int:
    return one_row(connection.execute(LOG["last_position"]))["position"]

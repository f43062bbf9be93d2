"""Many dwellings called otherwise by one decision (CSV): a settlement merged into another, with or without its streets.

Nobody moves: each dwelling gets a dated name that rests on the decision, as when a clerk renames one address. They go
in acts of at most `AN_ACT` dwellings, each decided before the log's lock is taken, so that clerks wait a moment at
most; cut short, it is simply run again: what is done is passed over. What rests on a decision is taken back by the name
of the decision alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from registry import streets, texts
from registry.acts import Clerk
from registry.aggregates.dwelling import decisions
from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingFact
from registry.aggregates.dwelling.state import Dwelling, fold
from registry.aggregates.street.matching import twins
from registry.aggregates.values import Fault, Impossible, first_day, id_of, refuse
from registry.app import Act, Line, LostRace
from registry.card_index import files, reading
from registry.card_index.canonical import spellings
from registry.card_index.files import BadFile, Table, TableForm, TableSource
from registry.card_index.reading import ADDRESS, Examined, Reject, Rejected
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG

AN_ACT, TRIES = 100, 5
READ_AT_ONCE = 5_000
COLUMNS = ("dwelling_ref", *ADDRESS)

Progress = Callable[[int, int], None]
"""Told how many dwellings are done, and of how many."""
Decide = Callable[[UUID, Dwelling], Sequence[DwellingFact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaddressedRow:
    """A row of the file: the parts of the address that are others from now on, those that there are no more as None."""

    line: int
    ref: str
    parts: Mapping[str, str | None]


@dataclass(kw_only=True)
class Readdressed:
    """How many dwellings were called otherwise, and how many are called so already; the dwellings that were left as
    they are, each with why; what is said of the rows of the file, and how it was read."""

    dwellings: int = 0
    same: int = 0
    left: dict[UUID, tuple[Fault, ...]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    sources: list[TableSource] = field(default_factory=list)


def readdress(
    clerk: Clerk,
    path: Path,
    *,
    decision: str,
    since: str,
    community: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Readdressed:
    """Calls the dwellings of a file as it says from a day on. Raises `BadFile` before anything is written, `Impossible`
    for a day to come, `LostRace` where somebody changes the same dwellings all the time. `community` is how its codes
    begin."""
    refuse([Fault("date-in-future", "since")] if first_day(since) > clerk.today() else [])
    done = Readdressed()
    rows = _read(path, clerk, done)

    def decide(id: UUID, dwelling: Dwelling) -> Sequence[DwellingFact]:
        parts, today = rows[id].parts, clerk.today()
        return decisions.rename_by_decision(
            dwelling, parts=parts, since=since, basis=decision, within=community, today=today
        )

    wanted = dict(_foreseen(clerk, rows, decide, done))
    _take_twice_away(clerk, wanted, rows, path.name, done)
    unknown = streets.not_on_list(clerk.registry, {str(id): one for id, one in wanted.items()}, clerk.today())
    for of, codes in unknown.items():
        done.warnings += [reading.reject(path.name, rows[UUID(of)].line, Rejected("street", code)) for code in codes]
    _record(clerk, list(wanted), decide, done, dry_run=dry_run, progress=progress)
    for id, faults in done.left.items():
        done.rejects += [reading.reject(path.name, rows[id].line, _of_row(fault)) for fault in faults]
    done.rejects.sort(key=lambda one: (one.line, one.column))
    return done


def take_back(
    clerk: Clerk,
    decision: str,
    *,
    basis: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Readdressed:
    """Takes back every name that rests on a decision, if any ever did; those of later days go first. Raises as
    `readdress`."""
    done = Readdressed()

    def decide(id: UUID, dwelling: Dwelling) -> Sequence[DwellingFact]:
        return decisions.annul_renames(dwelling, decision=decision, basis=basis)

    _record(clerk, _named_by(clerk, decision), decide, done, dry_run=dry_run, progress=progress)
    return done


def table(path: Path) -> Table:
    """A file of new addresses. Raises `BadFile`."""
    called = files.headings(COLUMNS, texts.TEXTS["card_columns"])
    found = Table(path, TableForm(COLUMNS, COLUMNS[:1], path.name, called))
    if not set(ADDRESS) & set(found.heading):
        raise BadFile(texts.say("files", "no_column", path.name, ", ".join(ADDRESS)))
    return found


def _read(path: Path, clerk: Clerk, done: Readdressed) -> dict[UUID, ReaddressedRow]:
    """The rows of a file by the dwellings that they are of; those that cannot be are added to the rejects."""
    file = table(path)
    done.sources.append(file.source)
    read: list[ReaddressedRow] = []
    for line, row in file:
        one, said = _row(line, dict.fromkeys(COLUMNS) | row)
        done.rejects += [reading.reject(path.name, line, why) for why in said.faults]
        if not said.faults:
            done.warnings += [reading.reject(path.name, line, why) for why in said.warnings]
            read.append(one)
    ids = _ids_of(clerk, [one.ref for one in read])
    rows: dict[UUID, ReaddressedRow] = {}
    for one in read:
        id = ids.get(one.ref)
        if id is None or id in rows:
            why = ("duplicate", str(rows[id].line)) if id else ("dwelling-unknown",)
            done.rejects.append(reading.reject(path.name, one.line, Rejected("dwelling_ref", *why)))
        else:
            rows[id] = one
    return rows


def _row(line: int, row: reading.Row) -> tuple[ReaddressedRow, Examined]:
    """What a row says: an empty cell says nothing, one with a dash (or «немає») that there is no such part."""
    said = Examined(row, "dwelling_ref")
    reading.take_address(said)
    parts = {name: said.value[name] for name in ADDRESS if row[name]}
    if not parts:
        said.fault("", "address-missing")
    return ReaddressedRow(line=line, ref=said.value["dwelling_ref"] or "", parts=parts), said


def _ids_of(clerk: Clerk, refs: Sequence[str]) -> dict[str, UUID]:
    """Refs, or ids, to the ids of dwellings; an exact spelling goes before another one of an earlier release."""
    found: dict[str, UUID] = {}
    for part in _parts(refs, READ_AT_ONCE):
        spelt = {spelling: ref for ref in part for spelling in spellings(ref)} | {ref: ref for ref in part}
        rows = clerk.registry.query("dwellings", "by_refs", refs=list(spelt))
        for row in sorted(rows, key=lambda row: (row["ref"] != spelt[row["ref"]], row["ref"])):
            found.setdefault(spelt[row["ref"]], row["dwelling"])
    for ref in refs:
        if ref not in found and (id := id_of(ref)):
            found[ref] = id
    return found


def _foreseen(
    clerk: Clerk, rows: Mapping[UUID, ReaddressedRow], decide: Decide, done: Readdressed
) -> Iterator[tuple[UUID, Address]]:
    """How each dwelling will be called that is to be called otherwise; the others are counted, or left with why."""
    for part in _parts(list(rows), READ_AT_ONCE):
        lines, same = _lines(clerk, part, decide, done)
        done.same += same
        yield from ((id, fact.address) for id, facts, _ in lines for fact in facts)


def _take_twice_away(
    clerk: Clerk, wanted: dict[UUID, Address], rows: Mapping[UUID, ReaddressedRow], file: str, done: Readdressed
) -> None:
    """Rejects the rows by which two dwellings would have one address. Whoever has it now and gets another one by the
    same file is in nobody's way."""
    for twin, first in twins((str(id), address) for id, address in wanted.items()).items():
        line = texts.TEXTS["rejects"]["line"].format(rows[UUID(first)].line)
        done.rejects.append(reading.reject(file, rows[UUID(twin)].line, Rejected("house", "address-taken", line)))
        del wanted[UUID(twin)]
    there = streets.same_addresses(clerk.registry, {str(id): address for id, address in wanted.items()})
    while taken := [id for id in wanted if any(one != id and one not in wanted for one in there.get(str(id), ()))]:
        for id in taken:
            why = Rejected("house", "address-taken", texts.TEXTS["rejects"]["register"])
            done.rejects.append(reading.reject(file, rows[id].line, why))
            del wanted[id]


def _named_by(clerk: Clerk, decision: str) -> list[UUID]:
    """The dwellings that ever got a name by a decision."""
    with clerk.registry.datastore.get_connection() as connection:
        found = connection.execute(LOG["of_topics"], {"topics": [AddressRenamed.NAME]})
        entries = (mapper.read_entry(bytes(row["state"])) for row in found)
        return list(dict.fromkeys(one.stream for one in entries if one.fact.basis == decision))


def _record(
    clerk: Clerk, ids: Sequence[UUID], decide: Decide, done: Readdressed, *, dry_run: bool, progress: Progress
) -> None:
    """Records what is decided of each dwelling, so many in an act; decided anew if somebody changed one meanwhile."""
    for number, part in enumerate(_parts(ids, AN_ACT)):
        for attempt in range(TRIES):
            lines, same = _lines(clerk, part, decide, done)
            try:
                if lines and not dry_run:
                    done.acts.append(clerk.registry.append(lines, by=clerk.by, command=uuid4()))
                break
            except LostRace:
                if attempt == TRIES - 1:
                    raise
        done.dwellings, done.same = done.dwellings + len(lines), done.same + same
        progress(number * AN_ACT + len(part), len(ids))


def _lines(clerk: Clerk, ids: Sequence[UUID], decide: Decide, done: Readdressed) -> tuple[list[Line], int]:
    """What is decided of dwellings as they are now, and of how many nothing, for they are so already. Those that
    something stands in the way of are left."""
    found, lines, same = clerk.registry.of_streams(ids), list[Line](), 0
    for id in ids:
        dwelling = fold(found.get(id, ()))
        try:
            facts = decide(id, dwelling)
        except Impossible as error:
            done.left[id] = error.faults
            continue
        lines += [(id, facts, dwelling.version)] if facts else []
        same += not facts
    return lines, same


def _of_row(fault: Fault) -> Rejected:
    """What stands in the way of a dwelling, as it is told of a row."""
    column = {"dwelling": "dwelling_ref", "since": "", "address": ""}.get(fault.field or "", fault.field or "")
    return Rejected(column, fault.code)


def _parts(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    yield from (things[start : start + size] for start in range(0, len(things), size))

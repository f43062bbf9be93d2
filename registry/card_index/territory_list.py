"""The list of territories from a file (CSV, as the card index is read), compared with what the register holds.

The first import is recorded at once; later ones record only what differs, once a second person agrees (design 8): a
new row enters, a day of end where none was ends, anything else corrects. What is in the file no more is told, and
stays: the list never drops an entry, it ends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from registry import gate, listing, texts
from registry.acts import Clerk, ToApprove
from registry.aggregates.case.state import fold as fold_case
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.territory import decisions
from registry.aggregates.territory.events import KINDS, LIST, Order, TerritoryFact, TerritoryVersion, entry_id
from registry.aggregates.territory.listing import ListedTerritory
from registry.aggregates.territory.state import UNLISTED, Territory, fold
from registry.aggregates.values import Impossible
from registry.app import Act, Line
from registry.card_index import reading
from registry.card_index.files import Table, TableSource, folded
from registry.card_index.reading import Examined, Reject, Rejected
from registry.storage.mapper import encode_body

COLUMNS = ("code", "name", "kind", "from", "until", "order_number", "order_dated")
REQUIRED = COLUMNS[:5]
"""Without these a row says nothing, or what is untrue: an ended territory as one that goes on."""
GATES: Mapping[str, gate.Gate] = {
    "code": gate.katottg,
    "name": gate.name,
    **dict.fromkeys(("from", "until", "order_dated"), gate.whole_day),
}
AN_ACT = 40_000
"""How many bytes of facts one change asks for: a line of the log is shorter than 65,536 (semantics 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRow:
    """A row of the file: what the list says, and by which order."""

    line: int
    says: TerritoryVersion
    order: Order | None

    @property
    def entry(self) -> UUID:
        """The entry that it is of."""
        return entry_id(self.says.code, self.says.kind, self.says.since)


@dataclass(kw_only=True)
class LoadedList:
    """What was recorded, or waits for a second person, by the name of the fact; the rows that say what is on record;
    the entries that the file has no more; the rows that were not loaded; how the file was read."""

    facts: dict[str, int] = field(default_factory=dict)
    same: int = 0
    gone: list[ListedTerritory] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    waits: bool = False
    acts: list[Act] = field(default_factory=list)
    sources: list[TableSource] = field(default_factory=list)


def load(path: Path, *, clerk: Clerk, dry_run: bool = False) -> LoadedList:
    """Loads a file. Raises `BadFile` before anything is written, `Impossible` while another change waits, `LostRace`.
    A second run loads nothing twice."""
    loaded, registry = LoadedList(), clerk.registry
    rows = _read(path, clerk.today(), loaded)
    held = listing.from_list(registry)
    if held and not dry_run:
        decisions.insist_none_waits(waiting(clerk))
    lines = _planned(clerk, rows, loaded)
    loaded.gone = [one for one in held if one.entry not in rows]
    if dry_run or not lines:
        return loaded
    loaded.waits = bool(held) and clerk.second_person
    for batch in batches(lines) if loaded.waits else [lines]:
        loaded.acts.append(recorded(clerk, batch, waits=loaded.waits))
    return loaded


def table(path: Path) -> Table:
    """A file of the list. Raises `BadFile`."""
    called = {label: name for name, label in texts.TEXTS["territory_columns"].items()}
    return reading.table_of(path, COLUMNS, REQUIRED, path.name, called)


def annul(clerk: Clerk, entry: UUID, basis: str | None) -> LoadedList:
    """An entry that the list never had. Raises as `load` does."""
    decisions.insist_none_waits(waiting(clerk))
    territory = clerk.registry.territory(entry)
    facts = decisions.annul(territory, basis=basis)
    loaded = LoadedList(facts={facts[0].NAME: 1}, waits=clerk.second_person)
    loaded.acts.append(recorded(clerk, [(entry, facts, territory.version)], waits=loaded.waits))
    return loaded


def waiting(clerk: Clerk, aggregate: str = "territory") -> list[UUID]:
    """The changes of a list that wait for a second person, the oldest first."""
    rows = clerk.registry.query("applications", "awaiting", limit=10_000)
    found = clerk.registry.of_streams([row["application"] for row in rows if row["received"] is None])
    changes = {stream: fold_case(entries).change for stream, entries in found.items()}
    ours = {stream for stream, one in changes.items() if one and AGGREGATE_OF.get(one.asked_for) == aggregate}
    return [row["application"] for row in rows if row["application"] in ours]


def recorded(clerk: Clerk, lines: Sequence[Line], *, waits: bool) -> Act:
    """The act that records lines of a list, or asks a second person for them."""
    if not waits:
        return clerk.registry.append(lines, by=clerk.by, command=uuid4())
    asked = ToApprove(person=None, lines=lines, asked_for=lines[0][1][0].NAME)
    return clerk.request_change(asked, command=uuid4())


def _planned(clerk: Clerk, rows: Mapping[UUID, TerritoryRow], loaded: LoadedList) -> list[Line]:
    """The facts that make the list say what the rows say, each after the version of its entry."""
    lines: list[Line] = []
    found = clerk.registry.of_streams(list(rows))
    for entry, row in rows.items():
        territory = fold(found.get(entry, ()))
        facts = _facts(territory, row, clerk.today())
        loaded.same += not facts
        for fact in facts:
            loaded.facts[fact.NAME] = loaded.facts.get(fact.NAME, 0) + 1
            lines.append((entry, facts, territory.version))
    return lines


def _facts(territory: Territory, row: TerritoryRow, today: date) -> list[TerritoryFact]:
    if territory.says is None:
        return decisions.enter(territory, row.says, order=row.order, source=LIST, today=today)
    return decisions.amend(territory, row.says, order=row.order, today=today)


def batches(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in parts whose facts fit into one line of the log."""
    batch, size = list[Line](), 0
    for line in lines:
        bytes_ = sum(len(encode_body(fact)) + 200 for fact in line[1])
        if batch and size + bytes_ > AN_ACT:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += bytes_
    if batch:
        yield batch


def _read(path: Path, today: date, loaded: LoadedList) -> dict[UUID, TerritoryRow]:
    """The rows of a file by their entries; those that cannot be are added to the rejects."""
    read: dict[UUID, TerritoryRow] = {}
    file = table(path)
    loaded.sources.append(file.source)
    for line, row in file:
        one, faults = _row(line, dict.fromkeys(COLUMNS) | row, today)
        if not faults and one.entry in read:
            faults = [Rejected("code", "duplicate", str(read[one.entry].line))]
        loaded.rejects += [reading.reject(path.name, line, why) for why in faults]
        if not faults:
            read[one.entry] = one
    return read


def _row(line: int, row: reading.Row, today: date) -> tuple[TerritoryRow, list[Rejected]]:
    """What a row says, and all that is wrong with it."""
    said = Examined(row, *REQUIRED[:4])
    said.take(gate.fields_of(said.texts(COLUMNS), GATES))
    value = {name: said.value[name] or "" for name in COLUMNS}
    says = TerritoryVersion(
        name=value["name"],
        code=value["code"],
        kind=_kind(value["kind"]),
        since=value["from"],
        until=value["until"] or None,
    )
    number, dated = value["order_number"], value["order_dated"]
    if bool(number) != bool(dated):
        said.fault("order_dated" if number else "order_number", "order-missing")
    order = Order(number=number, dated=dated) if number and dated else None
    try:
        decisions.enter(UNLISTED, says, order=order, source=LIST, today=today)
    except Impossible as error:
        named = {"since": "from", "order.dated": "order_dated", "order.number": "order_number"}
        for fault in error.faults:
            said.fault(named.get(fault.field or "", fault.field or ""), fault.code)
    return TerritoryRow(line=line, says=says, order=order), said.faults


def _kind(said: str) -> str:
    """A section by its id, or as the list calls it."""
    return said if said in KINDS else reading.called("territory_kinds").get(folded(said), said)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the list as JSON values."""
    order = {"number": row["order_number"], "dated": row["order_dated"].isoformat()} if row["order_number"] else None
    return {
        "entry": str(row["entry"]),
        "code": row["code"],
        "name": row["name"],
        "kind": row["kind"],
        "kind_uk": texts.label("territory_kinds", row["kind"]),
        "from": row["since"].isoformat(),
        "until": row["until"].isoformat() if row["until"] else None,
        "order": order,
        "source": row["source"],
    }

"""What is known of messages and tasks as they were made: the fact, its act, whom it is about before and after it.

Read for many at once. Nothing later than the act is seen, so a text that was sent can be made again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from registry.aggregates.case import state as case_state
from registry.aggregates.case.case import AskedService, Case
from registry.aggregates.case.events import Part
from registry.aggregates.case.state import CaseRecord, Outcome
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, sure
from registry.app import Registry
from registry.storage import mapper

Row = Mapping[str, Any]
_WITH_DWELLINGS = ("dwelling", "was", "now")


@dataclass(frozen=True, kw_only=True)
class KnownItem:
    """An item's row, the entry that it follows from, and what was known with that act: `done`, the facts of it about
    the person; `extract`, what was asked for of one; `dwellings`, those that the person ever lived in."""

    row: Row
    entry: Entry
    before: Person
    after: Person
    done: tuple[Any, ...] = ()
    record: CaseRecord = case_state.NO_CASE
    extract: ExtractRequested | None = None
    dwellings: Mapping[UUID, Dwelling]

    @property
    def outcome(self) -> Outcome | None:
        """The decision that it follows from, if it is one."""
        return self.entry.fact if isinstance(self.entry.fact, Outcome) else None

    @cached_property
    def part(self) -> Part | None:
        """What was asked for."""
        number = self.outcome.part if self.outcome else 0
        return next((part for at, part in enumerate(self.record.parts, 1) if at == number), None)

    @cached_property
    def service(self) -> AskedService:
        """The service that was decided on, with what was answered to its checks. Raises as `Case.of`."""
        decided: Any = sure(self.outcome)
        services = Case.of(self.row["application"], self.record).services
        return next(one for one in services if one.number == decided.part)

    @property
    def who(self) -> Particulars | None:
        """The person, as recorded, or as said of somebody who was not entered."""
        for person in (self.after, self.before):
            if person.entered:
                return person.particulars
        concerned = self.part.concerned if self.part else ()
        return next((one.particulars for one in concerned if one.person == self.row["person"]), None)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the person, as `who`."""
        return next((one.documents for one in (self.after, self.before) if one.entered), self._said_documents)

    @property
    def _said_documents(self) -> tuple[Document, ...]:
        concerned = self.part.concerned if self.part else ()
        return next((one.documents for one in concerned if one.person == self.row["person"]), ())

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The facts of the application: as said, and where nothing was said as the register had it."""
        said = self.part.asked if self.part else {}
        known = (self.part.known or {}) if self.part else {}
        return {**known, **said, "subject": {**known.get("subject", {}), **said.get("subject", {})}}


def read(registry: Registry, rows: Sequence[Row]) -> dict[UUID, KnownItem]:
    """What is known of each row, by its id; the fact of a row is always there."""
    if not rows:
        return {}
    positions = list({row["position"] for row in rows})
    acts = {
        one["position"]: (mapper.read_entry(bytes(one["state"])), one["known"])
        for one in registry.query("outbox", "acts_of", positions=positions)
    }
    streams = {row[name] for row in rows for name in ("person", "application", "extract") if row[name]}
    found = registry.of_streams(list(streams))
    homes = registry.of_streams(list({one for entries in found.values() for one in _dwellings(entries)}))
    return {row["id"]: _told(row, *acts[row["position"]], found, homes) for row in rows if row["position"] in acts}


def _told(
    row: Row, entry: Entry, known: int, found: Mapping[UUID, list[Entry]], homes: Mapping[UUID, list[Entry]]
) -> KnownItem:
    life = [one for one in found.get(row["person"], ()) if one.position <= known]
    before = [one for one in life if one.command != entry.command]
    case = (one for one in found.get(row["application"], ()) if one.position <= known)
    return KnownItem(
        row=row,
        entry=entry,
        before=person_state.fold(before),
        after=person_state.fold(life),
        done=tuple(one.fact for one in life if one.command == entry.command),
        record=case_state.fold(case) if row["application"] else case_state.NO_CASE,
        extract=next((one.fact for one in found.get(row["extract"], ())), None),
        dwellings={
            id: dwelling_state.fold(one for one in homes.get(id, ()) if one.position <= known)
            for id in _dwellings(life)
        },
    )


def _dwellings(entries: Iterable[Entry]) -> set[UUID]:
    """Every dwelling that facts name."""
    said = (getattr(entry.fact, name, None) for entry in entries for name in _WITH_DWELLINGS)
    named = (getattr(one, "dwelling", one) for one in said)
    return {one for one in named if isinstance(one, UUID)}

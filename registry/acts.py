"""The acts: read, decide, append. The one place where a decision meets the store.

Each returns the recorded `Act`; a repeated `command` returns the first result and decides nothing again. `version`, if
given, is the person's version that the caller saw: another one is a lost race. `today` is the Kyiv day.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.checks import homes, succession_faults, supposing
from registry.aggregates.person.events import ResidenceVersion
from registry.aggregates.person.state import Person, find
from registry.aggregates.values import Actor, confirm
from registry.app import Act, LostRace, Registry
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import Raced


def today() -> date:
    """The calendar day in Europe/Kyiv."""
    return kyiv_day(datetime.now(UTC))


class Clerk:
    """Somebody who acts: each method is one act on one register."""

    def __init__(self, registry: Registry, by: Actor, day: Callable[[], date] = today):
        self.registry = registry
        self.by = by
        self.today = day

    def enter_person(self, *, command: UUID, person: UUID | None = None, **asked: Any) -> Act:
        """A new person; their id is the stream of the act's entry. `person` enters anew after a withdrawn entry."""
        return self._decide(person or uuid4(), command, None, about_person.enter_person, today=self.today(), **asked)

    def settle(
        self, person: UUID, *, command: UUID, kind: str, dwelling: UUID, version: int | None = None, **asked: Any
    ) -> Act:
        """A new residence: declared, registered or a stay."""
        return self._decide(
            person,
            command,
            version,
            about_person.settle,
            home=dwelling,
            kind=kind,
            dwelling=dwelling,
            residence=uuid4(),
            today=self.today(),
            **asked,
        )

    def enter_past_residence(
        self, person: UUID, *, command: UUID, dwelling: UUID, version: int | None = None, **asked: Any
    ) -> Act:
        """A past residence from old papers."""
        return self._decide(
            person,
            command,
            version,
            about_person.enter_past_residence,
            home=dwelling,
            dwelling=dwelling,
            residence=uuid4(),
            today=self.today(),
            **asked,
        )

    def deregister_residence(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """The end of a named residence."""
        decide = about_person.deregister_residence
        return self._decide(person, command, version, decide, today=self.today(), **asked)

    def correct_residence(
        self,
        person: UUID,
        *,
        command: UUID,
        residence: UUID,
        changes: dict[str, Any],
        version: int | None = None,
        **asked: Any,
    ) -> Act:
        """How a residence is, instead of how it was recorded; `changes` holds only what differs."""
        if done := self.registry.of_command(command):
            return done
        found = find(self.registry.person(person), residence)
        was = {name: getattr(found, name) for name in ("kind", "dwelling", "since", "until")} if found else {}
        now = ResidenceVersion(**{"kind": "", "dwelling": UUID(int=0), **was, **changes})
        return self._decide(
            person,
            command,
            version,
            about_person.correct_residence,
            home=now.dwelling,
            residence=residence,
            now=now,
            today=self.today(),
            **asked,
        )

    def annul_residence(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """A residence that should never have been recorded."""
        return self._decide(person, command, version, about_person.annul_residence, today=self.today(), **asked)

    def annul_deregistration(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """Takes back the latest deregistration."""
        return self._decide(person, command, version, about_person.annul_deregistration, today=self.today(), **asked)

    def annul_carry_over(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """Takes back a carry-over."""
        return self._decide(person, command, version, about_person.annul_carry_over, today=self.today(), **asked)

    def annul_death(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """Takes back a death."""
        return self._decide(person, command, version, about_person.annul_death, **asked)

    def record_death(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """A death, by the date of its registration."""
        return self._decide(person, command, version, about_person.record_death, today=self.today(), **asked)

    def note_occupied_address(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """The address in a listed territory that may stay."""
        return self._decide(person, command, version, about_person.note_occupied_address, today=self.today(), **asked)

    def change_particulars(
        self, person: UUID, *, command: UUID, corrects: bool, version: int | None = None, **asked: Any
    ) -> Act:
        """Changed (`corrects` false) or wrongly recorded (true) particulars."""
        decide = about_person.correct_particulars if corrects else about_person.update_particulars
        return self._decide(person, command, version, decide, today=self.today(), **asked)

    def withdraw_entry(self, person: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """The entry itself was an error."""
        return self._decide(person, command, version, about_person.withdraw_entry, **asked)

    def enter_dwelling(self, *, command: UUID, **asked: Any) -> Act:
        """A new dwelling; its id is the stream of the act's entry."""
        return self._on_dwelling(uuid4(), command, about_dwelling.enter_dwelling, **asked)

    def rename_address(self, dwelling: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """A new name of the same dwelling."""
        decide = about_dwelling.rename_address
        return self._on_dwelling(dwelling, command, decide, version, today=self.today(), **asked)

    def correct_dwelling(self, dwelling: UUID, *, command: UUID, version: int | None = None, **asked: Any) -> Act:
        """A dwelling that was recorded wrongly."""
        return self._on_dwelling(dwelling, command, about_dwelling.correct_dwelling, version, **asked)

    def readdress(
        self, dwelling: UUID, *, command: UUID, successor: UUID, version: int | None = None, **asked: Any
    ) -> Act:
        """Renumbers or merges a dwelling and carries everybody over, so that nobody slips past (semantics 2, 6)."""
        if done := self.registry.of_command(command):
            return done
        position = self.registry.position()
        old, new = self.registry.dwelling(dwelling), self.registry.dwelling(successor)
        self._check(dwelling, old.version, version)
        found = self.registry.query("residences", "current_in_dwelling", dwelling=dwelling)
        residents = {row["person"]: self.registry.person(row["person"]) for row in found}
        facts = about_dwelling.readdress(
            dwelling,
            old,
            successor,
            new,
            residents=residents,
            ids=iter(uuid4, None),
            today=self.today(),
            **asked,
        )
        versions = {dwelling: old.version, **{person: state.version for person, state in residents.items()}}
        entries = [(stream, of_stream, versions[stream]) for stream, of_stream in facts.items()]
        return self.registry.append(
            [*entries, (successor, [], new.version)],
            unchanged=[(dwelling, position), (successor, position)],
            by=self.by,
            command=command,
        )

    def _decide(
        self,
        person: UUID,
        command: UUID,
        version: int | None,
        decide: Callable[..., Sequence[Any]],
        home: UUID | None = None,
        **asked: Any,
    ) -> Act:
        if done := self.registry.of_command(command):
            return done
        state = self._person(person, version)
        entries: list[tuple[UUID, Sequence[Any], int]] = []
        if home is not None:
            asked["home"] = dwelling = self.registry.dwelling(home)
            entries.append((home, [], dwelling.version))
        facts = decide(state, **asked)
        goes_back = decide in (about_person.annul_carry_over, about_person.annul_death)
        entries += self._homes_checked(state, facts, {home}, goes_back or asked.get("confirmed", True))
        return self.registry.append([(person, facts, state.version), *entries], by=self.by, command=command)

    def _homes_checked(
        self, person: Person, facts: Sequence[Any], checked: set[UUID | None], confirmed: bool
    ) -> list[tuple[UUID, Sequence[Any], int]]:
        """The streams of other dwellings that an act puts the person back into: taking back an end is a way past a
        renumbering too. One that was renumbered asks for confirmation, unless going back to it is the very act."""
        back = homes(supposing(person, facts, self.today())) - homes(person) - checked
        found = {home: self.registry.dwelling(home) for home in sorted(back, key=str)}
        confirm([fault for dwelling in found.values() for fault in succession_faults(dwelling)], confirmed)
        return [(home, [], dwelling.version) for home, dwelling in found.items()]

    def _check(self, stream: UUID, found: int, version: int | None) -> None:
        """Refuses to decide on another version than the caller saw."""
        if version is not None and found not in (0, version):
            last = self.registry.entries(stream)[found - 1]
            raise LostRace([Raced(stream, last.by.name, last.recorded_at)])

    def _person(self, person: UUID, version: int | None) -> Person:
        state = self.registry.person(person)
        self._check(person, state.version, version)
        return state

    def _on_dwelling(
        self,
        dwelling: UUID,
        command: UUID,
        decide: Callable[..., Sequence[Any]],
        version: int | None = None,
        **asked: Any,
    ) -> Act:
        if done := self.registry.of_command(command):
            return done
        state: Dwelling = self.registry.dwelling(dwelling)
        self._check(dwelling, state.version, version)
        return self.registry.append([(dwelling, decide(state, **asked), state.version)], by=self.by, command=command)

"""The acts: read, decide, append. The one place where a decision meets the store.

Each returns the recorded `Act`; a repeated `command` returns the first result and decides nothing again. `version`, if
given, is that of the stream acted on as the caller saw it: another one is a lost race. `today` is the Kyiv day.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from registry.aggregates.case import second_person
from registry.aggregates.case.events import ChangeRequested, CheckedHome
from registry.aggregates.case.state import CaseRecord, fold
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.checks import homes, succession_faults, supposing
from registry.aggregates.person.events import ResidenceVersion
from registry.aggregates.person.state import Person, find
from registry.aggregates.values import Actor, Fault, confirm, refuse, sure
from registry.app import Act, Line, LostRace, Registry
from registry.storage import mapper
from registry.storage.recorder import Raced

FOR_TWO = frozenset(
    (
        about_person.correct_residence,
        about_person.annul_residence,
        about_person.annul_deregistration,
        about_person.annul_death,
        about_person.annul_carry_over,
        about_person.withdraw_entry,
    )
)
"""The decisions that need a second person (semantics 1.4 to 1.7, 11)."""


def digest_of(name: str, content: Any) -> bytes:
    """TEMPORARY until the slice of acts is merged."""
    return hashlib.sha256(msgspec.json.encode([name, content], order="deterministic")).digest()


def today() -> date:
    """The calendar day in Europe/Kyiv."""
    return mapper.kyiv_day(datetime.now(UTC))


def requested_facts(change: ChangeRequested) -> list[Any]:
    """The facts that a change asks for, as its bodies say them."""
    return [mapper.decode_body(one["name"], one["schema"], msgspec.json.encode(one["body"])) for one in change.facts]


class Clerk:
    """Somebody who acts: each method is one act on one register.

    With `second_person`, the acts of `FOR_TWO` change nothing of the person: they ask another actor for their facts.
    """

    def __init__(self, registry: Registry, by: Actor, day: Callable[[], date] = today, second_person: bool = False):
        self.registry = registry
        self.by = by
        self.today = day
        self.second_person = second_person

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

    def application(self, application: UUID, version: int | None = None) -> CaseRecord:
        """The application as it is. Raises `LostRace` if it is not at the version that the caller saw."""
        entries = self.registry.entries(application)
        if entries and AGGREGATE_OF[entries[0].fact.NAME] != "application":
            refuse([Fault("application-unknown")])
        state = fold(entries)
        self._check(application, state.version, version)
        return state

    def request_change(
        self,
        person: UUID,
        facts: Sequence[Any],
        homes: Iterable[tuple[UUID, int]],
        *,
        asked_for: str,
        after: int,
        command: UUID,
        application: UUID | None = None,
        application_version: int = 0,
        more_facts: Sequence[Any] = (),
        digest: bytes | None = None,
    ) -> Act:
        """Asks a second person for facts that were decided on a person at version `after`, and on the dwellings and
        versions of `homes`: on a stream of its own, or on that of a received application, behind `more_facts`."""
        change = ChangeRequested(
            person=person,
            asked_for=asked_for,
            after=after,
            facts=tuple(_as_logged(fact) for fact in facts),
            homes=tuple(CheckedHome(dwelling=home, version=version) for home, version in homes),
        )
        line = (application or uuid4(), [*more_facts, change], application_version)
        return self.registry.append([line, *_followed(change, [])], by=self.by, command=command)

    def approve(
        self,
        application: UUID,
        *,
        command: UUID,
        version: int | None = None,
        outcome: Callable[[CaseRecord], Sequence[Any]] = lambda state: (),
    ) -> Act:
        """Records the facts of the waiting change, and `outcome` on the application: what the approval decides of it.

        Lost to any fact on the person's stream, or on that of a dwelling they come to live in, since it was asked for:
        the change then stays waiting and can only be rejected.
        """
        if done := self.registry.of_command(command):
            return done
        state = self.application(application, version)
        facts, change = [*second_person.approve(state, self.by), *outcome(state)], sure(state.change)
        lines = [(application, facts, state.version), *_followed(change, requested_facts(change))]
        return self.registry.append(lines, by=self.by, command=command)

    def reject(self, application: UUID, *, command: UUID, reason: str | None, version: int | None = None) -> Act:
        """The waiting change is not to be; who asked for it takes it back so."""
        if done := self.registry.of_command(command):
            return done
        state = self.application(application, version)
        facts = second_person.reject(state, reason=reason)
        return self.registry.append([(application, facts, state.version)], by=self.by, command=command)

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
        entries: list[Line] = []
        if home is not None:
            asked["home"] = dwelling = self.registry.dwelling(home)
            entries.append((home, [], dwelling.version))
        facts = decide(state, **asked)
        goes_back = decide in (about_person.annul_carry_over, about_person.annul_death)
        entries += self.homes_checked(state, facts, {home}, goes_back or asked.get("confirmed", True))
        if self.second_person and decide in FOR_TWO:
            seen = [(dwelling, version) for dwelling, _, version in entries]
            asked_for = facts[0].NAME
            return self.request_change(person, facts, seen, asked_for=asked_for, after=state.version, command=command)
        return self.registry.append([(person, facts, state.version), *entries], by=self.by, command=command)

    def homes_checked(
        self, person: Person, facts: Sequence[Any], checked: Set[UUID | None], confirmed: bool
    ) -> list[Line]:
        """The versions of other dwellings that an act puts the person back into: taking back an end is a way past a
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


def _followed(change: ChangeRequested, facts: Sequence[Any]) -> list[Line]:
    """Facts for the person of a change if nobody has changed the person or the dwellings since it was decided."""
    homes_seen: list[Line] = [(home.dwelling, [], home.version) for home in change.homes]
    return [(change.person, facts, change.after), *homes_seen]


def _as_logged(fact: Any) -> dict[str, Any]:
    return {"name": fact.NAME, "schema": mapper.SCHEMA, "body": msgspec.json.decode(mapper.encode_body(fact))}

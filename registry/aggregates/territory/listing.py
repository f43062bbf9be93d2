"""Which entry of the list of territories an address rests on: looked for among those that the register holds.

An address is kept only by an entry (card 1 r16; R-002): named by its id, by the code of its territory or by its name,
or typed at the desk from the order that says so. An entry for a community covers what lies in it, by codes alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registry.aggregates.territory.codes import around, covered
from registry.aggregates.territory.events import TypedTerritory, entry_id
from registry.aggregates.values import Fault, first_day, refuse
from registry.gate import KATOTTG


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTerritory:
    """An entry of the list as the register holds it."""

    entry: UUID
    name: str
    code: str
    kind: str
    since: str
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """By what an entry is looked for: as it was named, the code of the address, and how it was typed."""

    named: str | None = None
    code: str | None = None
    typed: TypedTerritory | None = None

    @property
    def entry(self) -> UUID | None:
        """The entry, where its id was named."""
        try:
            return UUID(self.named) if self.named else None
        except ValueError:
            return None

    @property
    def codes(self) -> list[str]:
        """The codes that may tell the territory: one in what was named, else that of the address."""
        return KATOTTG.findall(self.named or "") or ([self.code] if self.code and not self.named else [])

    @property
    def name(self) -> str | None:
        """The name by which it is looked for, as names are compared."""
        return plain_name(self.named) if self.named and not self.entry and not self.codes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a kept address rests on: the entry, its day as it was noted, and the code of the address, if it has one."""

    entry: UUID
    since: str | None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Those entries of the list that may be meant, and how the codes of this community begin; `gone` are those that
    somebody keeps an address by and that the list, as it is known now, never had."""

    entries: Sequence[ListedTerritory] = ()
    community: str = ""
    gone: frozenset[UUID] = frozenset()

    def of(self, sought: Sought, day: date) -> ListedTerritory:
        """The entry that an address rests on, begun by a day: one without an end before others, the closest before
        wider ones, the latest before earlier ones. Raises `Impossible`, in words: none is named, none is found, or it
        is of another territory than the address."""
        if sought.typed is None and not sought.named and not sought.code:
            refuse([Fault("list-entry-missing", "list_entry")])
        found = [one for one in self._meant(sought) if first_day(one.since) <= day]
        if not found:
            refuse([Fault("territory-not-listed", "list_entry")])
        there = [one for one in found if sought.code is None or covered(one.code) in around(sought.code)]
        if not there:
            refuse([Fault("territory-elsewhere", "list_entry")])
        return max(there, key=lambda one: (one.until is None, len(covered(one.code)), one.since))

    def ended(self, rest: Rest) -> str | None:
        """The day on which the entry of a kept address ends, if one is set; the day of its beginning, if the list never
        had it. None while another entry without an end covers the address: it is listed still (card 1 r16)."""
        held = next((one for one in self.entries if one.entry == rest.entry), None)
        until = held.until if held else rest.since if rest.entry in self.gone else None
        code = rest.code or (held.code if held else None)
        listed = code and any(one.until is None and covered(one.code) in around(code) for one in self.entries)
        return None if listed else until

    def _meant(self, sought: Sought) -> list[ListedTerritory]:
        typed, codes = sought.typed, sought.codes
        if typed:
            entry = entry_id(typed.code, typed.kind, typed.since)
            said = ListedTerritory(entry=entry, name=typed.name, code=typed.code, kind=typed.kind, since=typed.since)
            return [next((one for one in self.entries if one.entry == entry), said)]
        if sought.entry:
            return [one for one in self.entries if one.entry == sought.entry]
        if codes:
            return [one for one in self.entries if any(covered(one.code) in around(code) for code in codes)]
        return [one for one in self.entries if plain_name(one.name) == sought.name]


def plain_name(name: str) -> str:
    """A name as names are compared: blanks, letters' case and apostrophes aside."""
    return " ".join(name.replace("’", "'").casefold().split())

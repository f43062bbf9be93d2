"""What facts name and nobody entered: a difference, by the position of the fact (semantics 1.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from uuid import UUID

from registry.aggregates.facts import FACTS
from registry.aggregates.street.state import fold as fold_street
from registry.aggregates.territory.state import fold
from replay.stream import Stream

NAMING = {fact for fact in FACTS.values() if "territory" in {one.name for one in fields(fact)}}


@dataclass
class Named:
    """The entries of the list of territories that streams begin, those that facts of people name, and the facts about
    entries and streets that were none, by position."""

    entered: set[UUID] = field(default_factory=set)
    named: dict[int, UUID] = field(default_factory=dict)
    unmatched: list[int] = field(default_factory=list)
    no_streets: list[int] = field(default_factory=list)

    def read(self, one: Stream) -> None:
        """Notes what one stream enters and names."""
        if one.aggregate == "territory":
            self.entered.add(one.id)
            self.unmatched += [one.entries[version - 1].position for version in fold(one.entries).unmatched]
            return
        if one.aggregate == "street":
            self.no_streets += [one.entries[version - 1].position for version in fold_street(one.entries).unmatched]
            return
        if not one.kinds.isdisjoint(NAMING):
            named: Mapping[int, UUID | None] = {at.position: getattr(at.fact, "territory", None) for at in one.entries}
            self.named |= {position: entry for position, entry in named.items() if isinstance(entry, UUID)}

    def join(self, other: "Named") -> None:
        """What other streams enter and name besides."""
        self.entered |= other.entered
        self.named |= other.named
        self.unmatched += other.unmatched
        self.no_streets += other.no_streets

    def differences(self) -> Iterator[str]:
        """What is named and is not there, by position."""
        unknown = (position for position, entry in self.named.items() if entry not in self.entered)
        yield from (f"position {position}: it names no entry of the list of territories" for position in unknown)
        yield from (f"position {position}: it speaks of an entry that is none" for position in self.unmatched)
        yield from (f"position {position}: it speaks of a street that is none" for position in self.no_streets)

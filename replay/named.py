"""What facts name and nobody entered: a difference, by the position of the fact (semantics 1.8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.street.state import fold as fold_street
from registry.aggregates.territory.state import fold
from registry.aggregates.values import Entry


@dataclass
class Named:
    """The entries of the list of territories that streams begin, those that facts of people name, and the facts about
    entries and streets that were none, by position."""

    entered: set[UUID] = field(default_factory=set)
    named: dict[int, UUID] = field(default_factory=dict)
    unmatched: list[int] = field(default_factory=list)
    no_streets: list[int] = field(default_factory=list)

    def read(self, entries: Sequence[Entry]) -> None:
        """Notes what one stream enters and names."""
        if AGGREGATE_OF[entries[0].fact.NAME] == "territory":
            self.entered.add(entries[0].stream)
            self.unmatched += [entries[version - 1].position for version in fold(entries).unmatched]
            return
        if AGGREGATE_OF[entries[0].fact.NAME] == "street":
            self.no_streets += [entries[version - 1].position for version in fold_street(entries).unmatched]
            return
        named: Mapping[int, UUID | None] = {one.position: getattr(one.fact, "territory", None) for one in entries}
        self.named |= {position: entry for position, entry in named.items() if isinstance(entry, UUID)}

    def differences(self) -> Iterator[str]:
        """What is named and is not there, by position."""
        unknown = (position for position, entry in self.named.items() if entry not in self.entered)
        yield from (f"position {position}: it names no entry of the list of territories" for position in unknown)
        yield from (f"position {position}: it speaks of an entry that is none" for position in self.unmatched)
        yield from (f"position {position}: it speaks of a street that is none" for position in self.no_streets)

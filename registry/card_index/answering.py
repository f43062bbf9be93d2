"""Cards of people whose entry was merged into another one (semantics 1.9): its mark answers with whoever stays.

The card itself is compared with the entry that it was loaded into; its residences are those of whoever stays. What was
loaded before the merge is not loaded again, kept or not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from registry import merged
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import CardRow
from registry.aggregates.values import Entry
from registry.app import Registry

Spelt = Callable[[Sequence[str]], Iterator[dict[str, str]]]


@dataclass(frozen=True)
class Answering:
    """By mark of a card: the entry that was merged and who answers for it, in force; by who answers, the rows that were
    loaded into entries merged into theirs."""

    gone: Mapping[str, UUID] = field(default_factory=dict)
    stays: Mapping[str, UUID] = field(default_factory=dict)
    held: Mapping[UUID, Sequence[CardRow]] = field(default_factory=dict)
    entries: Mapping[UUID, Sequence[Entry]] = field(default_factory=dict)
    refs: Mapping[UUID, str] = field(default_factory=dict)
    """What who answers is called by cards: the mark, or the id where there is none."""

    def entered(self, ref: str) -> Sequence[Entry]:
        """What is on the stream of the entry that was merged."""
        return self.entries[self.gone[ref]]


def answering(registry: Registry, refs: Iterable[str], spelt: Spelt) -> Answering:
    """Of these marks, which nobody in force has, those of merged entries whose survivor is in force."""
    position = registry.position()
    gone: dict[str, UUID] = {}
    for part in spelt(list(refs)):
        rows = registry.query("merged", "by_refs", refs=list(part))
        gone |= {part[row["ref"]]: row["person"] for row in rows}
    found = {ref: merged.survivor_of(registry, entry, position) for ref, entry in gone.items()}
    people = registry.query("people", "refs_of", people=[one for one in found.values() if one])
    called = {row["person"]: row["ref"] or str(row["person"]) for row in people}
    stays = {ref: one for ref, one in found.items() if one and one in called}
    if not stays:
        return Answering()
    return Answering(
        gone={ref: gone[ref] for ref in stays},
        stays=stays,
        held={one: list(_held(registry, one, position)) for one in called},
        entries=registry.of_streams([gone[ref] for ref in stays]),
        refs=called,
    )


def _held(registry: Registry, survivor: UUID, position: int) -> Iterator[CardRow]:
    for entries in registry.of_streams(merged.entries_of(registry, [survivor], position)).values():
        if (was := person_state.fold(entries).merged) is not None:
            yield from (one.row for one in was.before.residences if one.row)

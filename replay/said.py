"""What facts say of other facts, of the whole log: by the position of each that says what is not so (semantics 1.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry
from registry.app import Registry
from registry.storage.recorder import batches_of_streams
from replay import existing, family, merging, shown, truth
from replay.named import Named
from replay.signed import Signed
from replay.words import at, told


@dataclass
class ToldByFacts:
    """What was read of the log up to a position, on one connection."""

    registry: Registry
    connection: Any
    position: int
    named: Named = field(default_factory=Named)
    signed: Signed = field(default_factory=Signed)
    newcomers: set[UUID] = field(default_factory=set)

    def of_batch(self, batch: Sequence[list[Entry]]) -> Iterator[str]:
        """What is untrue on some streams."""
        for entries in batch:
            self.named.read(entries)
            self.signed.read(entries)
            self.newcomers.update(existing.newcomers(entries))
            yield from (at(position, code) for position, code in _of_stream(entries))
        yield from shown.of_streams(batch)
        of_people = [entries for entries in batch if AGGREGATE_OF[entries[0].fact.NAME] == "person"]
        yield from self._of_families(of_people)
        moves = [move for entries in of_people for move in existing.carried(entries)]
        if moves:
            homes = self.registry.entries_at(self.connection, list({left for _, left in moves if left}), self.position)
            yield from (at(position, code) for position, code in existing.no_succession(moves, homes))

    def of_all(self) -> Iterator[str]:
        """What is named and nowhere to be found, once all streams were read."""
        unknown = existing.unknown(self.connection, self.position, self.newcomers)
        yield from (at(position, code) for position, code in unknown)
        yield from self.named.differences()
        yield from (at(position, code) for position, code in self.signed.untrue())

    def _of_families(self, of_people: Sequence[list[Entry]]) -> Iterator[str]:
        """What facts of a family, and of entries that are one person, name has to exist."""
        naming = [one for entries in of_people for one in (*family.named(entries), *merging.named(entries))]
        known = self.registry.entries_at(self.connection, list({id for _, id in naming}), self.position)
        yield from (text for entries in of_people for text in family.unmatched(entries))
        yield from family.unknown(naming, known)
        yield from merging.untrue(of_people, known)


def _of_stream(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    match AGGREGATE_OF[entries[0].fact.NAME]:
        case "person":
            yield from truth.of_person(entries)
        case "dwelling":
            yield from existing.names_taken_back(entries)
        case "application" | "community":
            yield from existing.judged(entries)
        case "extract":
            yield from existing.extracts(entries)


def untrue(registry: Registry, connection: Any, position: int) -> Iterator[str]:
    """Everything that facts say and is not so, in a log that was just loaded on a connection."""
    said = ToldByFacts(registry, connection, position)
    try:
        for batch in batches_of_streams(connection, position):
            yield from said.of_batch(batch)
        yield from said.of_all()
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        yield told("unfollowed", type(error).__name__, where="log")

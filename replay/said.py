"""What facts say of other facts, of the whole log: by the position of each that says what is not so (semantics 1.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.app import Registry
from registry.storage.recorder import batches_of_streams, entries_of
from replay import existing, family, merging, shown, truth
from replay.named import Named
from replay.signed import Signed
from replay.stream import Stream
from replay.words import at, told


@dataclass
class ToldByFacts:
    """What was read of some streams of the log, and has to be held against all of it."""

    named: Named = field(default_factory=Named)
    signed: Signed = field(default_factory=Signed)
    newcomers: set[UUID] = field(default_factory=set)

    def of_batch(self, connection: Any, position: int, batch: Sequence[Stream]) -> Iterator[str]:
        """What is untrue on some streams, in a log up to a position."""
        for one in batch:
            self.named.read(one)
            self.signed.read(one)
            self.newcomers.update(existing.newcomers(one))
            yield from (at(position, code) for position, code in _of_stream(one))
        yield from shown.of_streams(batch)
        of_people = [one for one in batch if one.aggregate == "person"]
        yield from _of_families(connection, position, of_people)
        moves = [move for one in of_people for move in existing.carried(one)]
        if moves:
            homes = entries_of(connection, list({left for _, left in moves if left}), position)
            yield from (at(position, code) for position, code in existing.no_succession(moves, homes))

    def join(self, other: "ToldByFacts") -> None:
        """What was read of other streams besides."""
        self.named.join(other.named)
        self.signed.join(other.signed)
        self.newcomers |= other.newcomers

    def of_all(self, connection: Any, position: int) -> Iterator[str]:
        """What is named and nowhere to be found, once all streams were read."""
        unknown = existing.unknown(connection, position, self.newcomers)
        yield from (at(position, code) for position, code in unknown)
        yield from self.named.differences()
        yield from (at(position, code) for position, code in self.signed.untrue())


def _of_families(connection: Any, position: int, of_people: Sequence[Stream]) -> Iterator[str]:
    """What facts of a family, and of entries that are one person, name has to exist."""
    naming = [named for one in of_people for named in (*family.named(one), *merging.named(one))]
    known = entries_of(connection, list({id for _, id in naming}), position)
    yield from (text for one in of_people for text in family.unmatched(one))
    yield from family.unknown(naming, known)
    yield from merging.untrue(of_people, known)


def _of_stream(one: Stream) -> Iterator[tuple[int, str]]:
    match one.aggregate:
        case "person":
            yield from truth.of_person(one.entries, one.persons)
        case "dwelling":
            yield from existing.names_taken_back(one)
        case "application" | "community":
            yield from existing.judged(one.entries)
        case "extract":
            yield from existing.extracts(one.entries)


def untrue(registry: Registry, connection: Any, position: int) -> Iterator[str]:
    """Everything that facts say and is not so, in a log that was just loaded on a connection."""
    said = ToldByFacts()
    try:
        for batch in batches_of_streams(connection, position):
            yield from said.of_batch(connection, position, list(map(Stream, batch)))
        yield from said.of_all(connection, position)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        yield told("unfollowed", type(error).__name__, where="log")

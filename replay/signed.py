"""What facts say of the keys that sign: begun once and one at a time, named by their hash, ended by a word on one that
began; and that nothing was issued by a key that the log did not know to sign by then (semantics 1.8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from registry.aggregates.community.keys import KeyBegun, KeyEnded, Uses, began, ended, signing, use_of
from registry.aggregates.extract.events import ExtractIssued
from registry.aggregates.letter.events import LetterIssued
from registry.aggregates.values import Entry
from registry.extracts.keys import thumbprint
from replay.stream import Stream

OF_KEYS = {KeyBegun, KeyEnded, ExtractIssued, LetterIssued}


@dataclass
class Signed:
    """The facts about keys that streams hold, and by position the keys by which documents were issued."""

    told: list[Entry] = field(default_factory=list)
    issued: dict[int, str] = field(default_factory=dict)

    def read(self, one: Stream) -> None:
        """Notes what one stream says of keys."""
        for entry in () if one.kinds.isdisjoint(OF_KEYS) else one.entries:
            match entry.fact:
                case KeyBegun() | KeyEnded():
                    self.told.append(entry)
                case ExtractIssued(key=str(kid)) | LetterIssued(key=str(kid)):
                    self.issued[entry.position] = kid

    def join(self, other: "Signed") -> None:
        """What other streams say of them besides."""
        self.told += other.told
        self.issued |= other.issued

    def untrue(self) -> Iterator[tuple[int, str]]:
        """What is not so, by position. Before the first key of the log began no key is asked about: a register of an
        earlier release told of none."""
        uses: Uses = ()
        told = {one.position: one for one in self.told}
        for position in sorted({*told, *self.issued}):
            if entry := told.get(position):
                yield from ((position, code) for code in _told(uses, entry.fact))
                uses = _after(uses, entry)
            elif uses:
                use = use_of(uses, self.issued[position])
                if use is None or use.ended_at:
                    yield position, "key_over" if use else "key_unbegun"


def _told(uses: Uses, fact: KeyBegun | KeyEnded) -> Iterator[str]:
    if isinstance(fact, KeyEnded):
        if not use_of(uses, fact.kid):
            yield "key_none"
        return
    if thumbprint(fact.x) != fact.kid:
        yield "key_other"
    if signing(uses) or use_of(uses, fact.kid):
        yield "key_twice"


def _after(uses: Uses, entry: Entry) -> Uses:
    fact: KeyBegun | KeyEnded = entry.fact
    if isinstance(fact, KeyBegun):
        return began(uses, fact, entry.recorded_at)
    return ended(uses, fact, entry.recorded_at)

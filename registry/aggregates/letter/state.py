"""A letter as its facts say: formed, then issued."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from registry.aggregates.letter.events import LetterFact, LetterFormed, LetterIssued
from registry.aggregates.values import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord:
    version: int = 0
    formed: LetterFormed | None = None
    issued: LetterIssued | None = None


NO_LETTER = LetterRecord()


def fold(entries: Iterable[Entry], letter: LetterRecord = NO_LETTER) -> LetterRecord:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        letter = evolve(letter, entry)
    return letter


def evolve(letter: LetterRecord, entry: Entry) -> LetterRecord:
    """The state after one more entry of this letter's stream. Never refuses."""
    fact: LetterFact = entry.fact
    letter = replace(letter, version=entry.version)
    match fact:
        case LetterFormed():
            return replace(letter, formed=fact)
        case LetterIssued():
            return replace(letter, issued=fact)
        case _:
            assert_never(fact)

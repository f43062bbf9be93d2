"""Verify: every letter tells of a decision that its application has (semantics 1.8)."""

from collections.abc import Iterator, Sequence
from typing import Any

from registry.aggregates.case import state as case_state
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.letter.events import LetterFormed
from registry.letters.issuing import stands
from registry.storage.recorder import entries_of
from replay.stream import Stream


def untrue(connection: Any, batch: Sequence[Stream]) -> Iterator[str]:
    """What is wrong with the letters of a batch of streams, each named by the position of its fact."""
    letters = [one.entries for one in batch if LetterFormed in one.kinds]
    formed = [entry for entries in letters for entry in entries if isinstance(entry.fact, LetterFormed)]
    found = entries_of(connection, list({entry.fact.application for entry in formed}))
    for entry in formed:
        told = [one for one in found.get(entry.fact.application, ()) if AGGREGATE_OF[one.fact.NAME] == "application"]
        if not stands(entry.fact, case_state.fold(told)):
            yield f"position {entry.position}: a letter of a decision that its application does not have"

"""Verify: every letter tells of a decision that its application has (semantics 1.8)."""

from collections.abc import Iterator, Sequence
from typing import Any

from registry.aggregates.case import state as case_state
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.letter.events import LetterFormed
from registry.aggregates.values import Entry
from registry.letters.issuing import stands
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG


def untrue(connection: Any, batch: Sequence[list[Entry]]) -> Iterator[str]:
    """What is wrong with the letters of a batch of streams, each named by the position of its fact."""
    formed = [entry for entries in batch for entry in entries if isinstance(entry.fact, LetterFormed)]
    found: dict[Any, list[Entry]] = {}
    if formed:
        named = list({entry.fact.application for entry in formed})
        for row in connection.execute(LOG["of_streams"], {"streams": named}):
            one = mapper.read_entry(bytes(row["state"]))
            found.setdefault(one.stream, []).append(one)
    for entry in formed:
        told = [one for one in found.get(entry.fact.application, ()) if AGGREGATE_OF[one.fact.NAME] == "application"]
        if not stands(entry.fact, case_state.fold(told)):
            yield f"position {entry.position}: a letter of a decision that its application does not have"

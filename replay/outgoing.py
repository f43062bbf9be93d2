"""What goes out, verified: the facts of each item name it, it is there, and its row says what the last of them says.

Differences name positions and ids, never whom an item is about.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.outgoing.events import named_by
from registry.aggregates.outgoing.state import fold
from registry.aggregates.values import Entry
from registry.outgoing import outbox


def of_streams(connection: Any, batch: Sequence[Sequence[Entry]]) -> Iterator[str]:
    """What differs of the items among some streams; a fact that names another item, or none, is told by its position
    (semantics 1.8)."""
    streams = [entries for entries in batch if AGGREGATE_OF[entries[0].fact.NAME] == "outgoing"]
    if not streams:
        return
    rows = connection.execute(outbox.SQL["by_ids"], {"ids": [entries[0].stream for entries in streams]})
    states: dict[UUID, str] = {row["id"]: row["state"] for row in rows}
    for entries in streams:
        stream = entries[0].stream
        wrong = [entry for entry in entries if stream not in states or named_by(entry.fact) != stream]
        yield from (f"position {entry.position}: it names no message or task that there is" for entry in wrong)
        said = fold(entries).state
        if stream in states and states[stream] != said:
            yield f"outbox {stream}: {states[stream]}, its facts say {said}"


def of_the_rest(connection: Any) -> Iterator[str]:
    """Rows that stand otherwise than they were made, though no fact says so."""
    for row in connection.execute(outbox.SQL["untold"]):
        yield f"outbox {row['id']}: no fact says how it stands"

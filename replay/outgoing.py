"""What goes out, verified: the facts of each item name it, it is there, and its row says what the last of them says.

Differences name positions and ids, never whom an item is about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from registry.aggregates.outgoing.events import named_by
from registry.aggregates.outgoing.state import fold
from registry.outgoing import makers, outbox
from registry.outgoing.outbox import Outgoing
from registry.storage.recorder import one_row
from replay.stream import Stream
from replay.words import at, told

UNCOMPARED = {"state"}
"""What facts of its own say of an item: told by `of_streams` and `of_the_rest`."""


def of_streams(connection: Any, batch: Sequence[Stream]) -> Iterator[str]:
    """What differs of the items among some streams; a fact that names another item, or none, is told by its position
    (semantics 1.8)."""
    streams = [one for one in batch if one.aggregate == "outgoing"]
    if not streams:
        return
    rows = connection.execute(outbox.SQL["by_ids"], {"ids": [one.id for one in streams]})
    states: dict[UUID, str] = {row["id"]: row["state"] for row in rows}
    for stream, entries in ((one.id, one.entries) for one in streams):
        wrong = [entry for entry in entries if stream not in states or named_by(entry.fact) != stream]
        yield from (f"position {entry.position}: it names no message or task that there is" for entry in wrong)
        said = fold(entries).state
        if stream in states and states[stream] != said:
            yield f"outbox {stream}: {states[stream]}, its facts say {said}"


def of_the_rest(connection: Any) -> Iterator[str]:
    """Rows that stand otherwise than they were made, though no fact says so."""
    for row in connection.execute(outbox.SQL["untold"]):
        yield f"outbox {row['id']}: no fact says how it stands"


def remade(connection: Any, given: int) -> Iterator[str]:
    """What differs of the items as the facts make them: one that is missing, another that no fact made, what a row says
    otherwise. `given` is the last position of the facts that came with their times: theirs was sent as it was made."""
    made: dict[UUID, Outgoing] = {}
    for rows in makers.of_log(connection):
        for row in rows:
            made[row.id] = makers.sent_as_made(row) if row.position <= given else row
    after = UUID(int=0)
    while found := connection.execute(outbox.SQL["whole"], {"after": after, "limit": 10_000}).fetchall():
        for stored in found:
            if stored["id"] not in made:
                yield told("not_made", where=f"outbox {stored['id']}")
                continue
            row = made.pop(stored["id"])
            if wrong := [name for name in _compared(row) if stored[name] != getattr(row, name)]:
                yield told("made_otherwise", ", ".join(wrong), where=f"outbox {stored['id']}")
        after = found[-1]["id"]
    since = one_row(connection.execute(outbox.SQL["since"]))["position"]
    for row in made.values():
        if row.position > since:
            yield at(row.position, "item_missing", row.item)


def _compared(row: Outgoing) -> Iterator[str]:
    """The columns that facts decide; the words of some texts are the program's, which a later release may better."""
    for one in fields(row):
        if one.name not in UNCOMPARED and not (one.name == "text" and row.item in makers.WORDED):
            yield one.name

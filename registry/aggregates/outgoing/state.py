"""A message or a task that goes out, as its facts say: waiting, sent, done or failed; the last fact decides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from registry.aggregates.outgoing.events import (
    OutgoingDone,
    OutgoingDrawn,
    OutgoingFact,
    OutgoingFailed,
    OutgoingReopened,
    OutgoingSent,
)
from registry.aggregates.values import Entry

WAITING, SENT, DONE, FAILED = STATES = ("waiting", "sent", "done", "failed")
"""Each has a label."""
OPEN = (WAITING, FAILED)
"""Those in which something has yet to be done."""
LEADS_TO = {
    OutgoingSent.NAME: SENT,
    OutgoingDone.NAME: DONE,
    OutgoingFailed.NAME: FAILED,
    OutgoingReopened.NAME: WAITING,
    OutgoingDrawn.NAME: DONE,
}
"""The state after a fact, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an item stands; `last` is the entry that says so, `drawn` that of the last paper that was drawn up for it. An
    item without a fact stands as the outbox made it."""

    version: int = 0
    state: str = WAITING
    last: Entry | None = None
    drawn: Entry | None = None


UNTOUCHED = Delivery()


def fold(entries: Iterable[Entry], delivery: Delivery = UNTOUCHED) -> Delivery:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        delivery = evolve(delivery, entry)
    return delivery


def evolve(delivery: Delivery, entry: Entry) -> Delivery:
    """The state after one more entry of this item's stream. Never refuses."""
    fact: OutgoingFact = entry.fact
    delivery = replace(delivery, version=entry.version, last=entry)
    match fact:
        case OutgoingSent():
            return replace(delivery, state=SENT)
        case OutgoingDone():
            return replace(delivery, state=DONE)
        case OutgoingFailed():
            return replace(delivery, state=FAILED)
        case OutgoingReopened():
            return replace(delivery, state=WAITING)
        case OutgoingDrawn():
            return replace(delivery, state=DONE, drawn=entry)
        case _:
            assert_never(fact)

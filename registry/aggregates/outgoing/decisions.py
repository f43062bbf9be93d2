"""What may be recorded of a message or a task that goes out.

What waits or failed may be sent; what was sent may be found received («вручено») or come back; what is done is done.
A task needs no sending; the paper of one that waits is drawn up once, and again only if that was a mistake. A mistake
is taken back with a reason, and the item waits again. No second person: nothing about anybody's residence changes by
it.
"""

from datetime import date

from registry.aggregates.outgoing.events import (
    HOW,
    PAPERS,
    OutgoingDone,
    OutgoingDrawn,
    OutgoingFact,
    OutgoingReopened,
    OutgoingSent,
)
from registry.aggregates.outgoing.state import DONE, FAILED, SENT, WAITING
from registry.aggregates.values import Fault, NotADate, days, refuse

_ONCE = {
    OutgoingSent: (WAITING, FAILED),
    OutgoingReopened: (SENT, DONE, FAILED),
    OutgoingDrawn: (WAITING, FAILED),
}
"""The states in which a fact of a class may be recorded; of the others all but the last."""
_DONE = Fault("outgoing-done-already")
_NOT_THEN = {
    OutgoingSent: Fault("outgoing-sent-already"),
    OutgoingReopened: Fault("outgoing-waits-already"),
    OutgoingDrawn: Fault("outgoing-sent-already"),
}


def delivered(fact: OutgoingFact, state: str, *, today: date) -> list[OutgoingFact]:
    """The fact that is asked for, recorded of an item in a state. Raises `Impossible` with every fault."""
    kind = type(fact)
    faults = []
    if state not in _ONCE.get(kind, (WAITING, SENT, FAILED)):
        faults.append(_DONE if state == DONE else _NOT_THEN[kind])
    if isinstance(fact, OutgoingDrawn):
        refuse(faults if fact.item in PAPERS else [Fault("outgoing-no-paper")])
        return [fact]
    if not isinstance(fact, OutgoingReopened):
        faults += [*_day_faults(fact.on, today), *_how_faults(fact.how)]
    if not isinstance(fact, OutgoingSent | OutgoingDone) and not fact.reason:
        faults.append(Fault("reason-missing", "reason"))
    refuse(faults)
    return [fact]


def _day_faults(on: str, today: date) -> list[Fault]:
    """A whole day that has come."""
    try:
        first, last = days(on)
    except NotADate:
        return [Fault("not-a-day", "on")]
    if first != last:
        return [Fault("not-a-day", "on")]
    return [Fault("date-in-future", "on")] if last > today else []


def _how_faults(how: str | None) -> list[Fault]:
    return [] if how is None or how in HOW else [Fault("value-unknown", "how")]

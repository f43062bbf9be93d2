"""What may be recorded of an official request: it comes once, with its term, and is answered once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from registry.aggregates.household.events import HouseholdAnswered, HouseholdRequested
from registry.aggregates.household.state import HouseholdRecord
from registry.aggregates.values import Fault, refuse, sure


def receive(asked: HouseholdRequested, *, today: date) -> list[HouseholdRequested]:
    """It came on a day that has come, and not before the paper was written."""
    came, dated = date.fromisoformat(asked.came_on), date.fromisoformat(asked.dated)
    faults = [Fault("date-in-future", "received")] if came > today else []
    faults += [Fault("household-before-paper", "received")] if came < dated else []
    refuse(faults)
    return [asked]


def answer(
    record: HouseholdRecord,
    *,
    text: str,
    people: Sequence[UUID] = (),
    read_at: int,
    reason: str | None = None,
    today: date,
) -> list[HouseholdAnswered]:
    """The answer as it goes out; a second one is a new request."""
    asked = sure(record.requested)
    refuse([Fault("household-answered-already")] if record.answer else [])
    told = HouseholdAnswered(
        sender=asked.sender,
        number=asked.number,
        dated=asked.dated,
        on=today.isoformat(),
        due_by=asked.due_by,
        read_at=read_at,
        text=text,
        people=tuple(people),
        reason=reason,
    )
    return [told]

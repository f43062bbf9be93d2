"""An official request of another department as its facts say: received, then answered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from registry.aggregates.household.events import HouseholdAnswered, HouseholdFact, HouseholdRequested
from registry.aggregates.values import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRecord:
    """`position` is that of the receipt: the task of answering follows from it; `answer` is the entry that answers."""

    version: int = 0
    position: int = 0
    requested: HouseholdRequested | None = None
    answer: Entry | None = None


NO_REQUEST = HouseholdRecord()


def fold(entries: Iterable[Entry], record: HouseholdRecord = NO_REQUEST) -> HouseholdRecord:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        record = evolve(record, entry)
    return record


def evolve(record: HouseholdRecord, entry: Entry) -> HouseholdRecord:
    """The state after one more entry of this request's stream. Never refuses."""
    fact: HouseholdFact = entry.fact
    record = replace(record, version=entry.version)
    match fact:
        case HouseholdRequested():
            return replace(record, requested=fact, position=entry.position)
        case HouseholdAnswered():
            return replace(record, answer=entry)
        case _:
            assert_never(fact)

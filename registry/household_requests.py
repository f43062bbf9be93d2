"""Official requests of departments meet the store: taken in with their term, answered with what goes out.

Two items of the outbox follow: the task of answering, by the term, and the reply as a message. The task is done by the
act that answers.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from registry import texts
from registry.acts import Clerk
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.household import decisions
from registry.aggregates.household.events import HouseholdRequested
from registry.aggregates.household.state import NO_REQUEST, HouseholdRecord, fold
from registry.aggregates.outgoing.events import OutgoingDone, item_id
from registry.aggregates.outgoing.state import OPEN
from registry.aggregates.outgoing.state import fold as fold_delivery
from registry.app import Act, Line, Registry
from registry.outgoing import makers
from registry.questions import NotFound
from registry.storage import mapper


def found(registry: Registry, request: UUID | None) -> HouseholdRecord:
    """A request as it is. Raises `NotFound`."""
    entries = registry.entries(request) if request else []
    if not entries or AGGREGATE_OF[entries[0].fact.NAME] != "household":
        raise NotFound(texts.TEXTS["faults"]["household-unknown"])
    return fold(entries)


def of_item(registry: Registry, row: Mapping[str, Any]) -> UUID | None:
    """The request that a task or a reply of the outbox follows from; None of any other item."""
    if row["item"] not in (makers.ANSWER.id, makers.REPLY.id):
        return None
    acts = registry.query("outbox", "acts_of", positions=[row["position"]])
    return mapper.read_entry(bytes(acts[0]["state"])).stream if acts else None


def receive(clerk: Clerk, asked: HouseholdRequested, *, command: UUID, digest: bytes) -> Act:
    """Takes a request in. Raises `Impossible`."""
    facts = decisions.receive(asked, today=clerk.today())
    return clerk.registry.append([(uuid4(), facts, NO_REQUEST.version)], by=clerk.by, command=command, digest=digest)


def answer(
    clerk: Clerk,
    request: UUID,
    record: HouseholdRecord,
    *,
    text: str,
    people: Collection[UUID] = (),
    read_at: int,
    reason: str | None,
    command: UUID,
    version: int | None,
    digest: bytes,
) -> Act:
    """Answers a request, and the task of answering is done with it. Raises `Impossible`, or `LostRace`."""
    today = clerk.today()
    clerk.check(request, record.version, version)
    told: list[Any] = decisions.answer(
        record, text=text, people=sorted(people, key=str), read_at=read_at, reason=reason, today=today
    )
    lines: list[Line] = [(request, told, record.version)]
    task = item_id(record.position, makers.ANSWER.id, None, None, None)
    before = fold_delivery(clerk.registry.entries(task))
    if before.state in OPEN:
        done = OutgoingDone(position=record.position, item=makers.ANSWER.id, on=today.isoformat())
        lines.append((task, [done], before.version))
    return clerk.registry.append(lines, by=clerk.by, command=command, digest=digest)

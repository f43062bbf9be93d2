"""What may be done to the community: the first facts are one person's, every later one needs a second (semantics 11).

A change is asked for with the exact facts, and recorded as it was asked for or not at all; meanwhile nothing else of
the community changes. An actor is known by the id alone. Keys that sign are no matter of two: what is done to them is
done to files of the machine, and only told here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from registry.aggregates.community.events import (
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityDescribed,
    CommunityFact,
    OfficesDescribed,
    ReadingsAdopted,
)
from registry.aggregates.community.payees import PayeesDescribed, payee_faults
from registry.aggregates.community.state import Community, Matter
from registry.aggregates.values import Actor, Fault, first_day, refuse, sure


def founded(asked: Sequence[Matter], before: Sequence[Matter]) -> list[Matter]:
    """The first facts of a community. `before` is what an installation said of itself until now: it holds for every
    matter, and every reading, of which nothing is asked. Raises `Impossible` without a description."""
    if not any(isinstance(one, CommunityDescribed) for one in asked):
        refuse([Fault("community-table-missing", "community")])
    adopted = next((one.readings for one in before if isinstance(one, ReadingsAdopted)), {})
    facts: list[Matter] = [
        replace(one, readings={**adopted, **one.readings}) if isinstance(one, ReadingsAdopted) else one for one in asked
    ]
    kinds = {type(one) for one in facts}
    return [*facts, *(one for one in before if type(one) not in kinds)]


def changed(community: Community, asked: Sequence[Matter], *, today: date) -> list[Matter]:
    """Those of the asked facts that say something else than is on record for their days; one that names no day is said
    from today on. Raises `Impossible` where something is to change while another change waits, or a payee is named for
    an office that the community has not."""
    facts = [one if one.since else replace(one, since=today.isoformat()) for one in asked]
    new = [one for one in facts if not community.says_from(one, first_day(sure(one.since)))]
    refuse([Fault("community-change-waits")] if new and community.awaiting else [])
    if not any(isinstance(one, OfficesDescribed) for one in facts):
        refuse([fault for one in new if isinstance(one, PayeesDescribed) for fault in _elsewhere(one, community)])
    return new


def _elsewhere(said: PayeesDescribed, community: Community) -> Iterable[Fault]:
    """Payees of offices that there are not on the day; a file with offices of its own has been asked already."""
    listed = [(f"payee[{number}]", one) for number, one in enumerate(said.payees, 1)]
    return payee_faults(listed, community.on(first_day(sure(said.since))).timetable.offices)


def approve(community: Community, by: Actor) -> list[CommunityFact]:
    """The waiting change may be recorded; its facts follow in the same act."""
    faults = _not_waiting(community)
    if not faults and sure(community.asked_by).id == by.id:
        faults.append(Fault("same-person"))
    refuse(faults)
    return [CommunityChangeApproved(requested=community.asked_at)]


def reject(community: Community, *, reason: str | None) -> list[CommunityFact]:
    """The waiting change is not to be, and why; who asked takes it back so."""
    refuse([*_not_waiting(community), *([] if reason else [Fault("reason-missing", "reason")])])
    return [CommunityChangeRejected(requested=community.asked_at, reason=sure(reason))]


def _not_waiting(community: Community) -> list[Fault]:
    return [] if community.awaiting else [Fault("no-change-waiting")]

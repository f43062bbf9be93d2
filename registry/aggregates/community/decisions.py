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
from registry.aggregates.community.keys import REPLACED, EndedBecause, KeyBegun, KeyEnded, Uses, signing, use_of
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


def signed_by(keys: Uses, key: KeyBegun, reason: EndedBecause = REPLACED) -> list[CommunityFact]:
    """A key signs, in place of the one that did; nothing, if it is the same."""
    last = signing(keys)
    if last and last.kid == key.kid:
        return []
    return [*([KeyEnded(kid=last.kid, reason=reason)] if last else []), key]


def rotated(keys: Uses, was: KeyBegun | None, key: KeyBegun, reason: EndedBecause) -> list[CommunityFact]:
    """A new key signs in place of the one that `was` there, whether or not the log knew of it; another process may have
    signed with the new one already, and said less, or changed keys between the two."""
    last, known = signing(keys), use_of(keys, was.kid) if was else None
    if known and known.ended_at:
        why = [] if reason in (known.reason, REPLACED) else [KeyEnded(kid=known.kid, reason=reason)]
        return [*why, *signed_by(keys, key)]
    if was is None or (last and last.kid == key.kid):
        return signed_by(keys, key)
    begun = [] if known else signed_by(keys, was)
    return [*begun, KeyEnded(kid=was.kid, reason=reason), key]


def ended_for(keys: Uses, kid: str, reason: EndedBecause) -> list[CommunityFact]:
    """Why a key that signs no more ended, as is known now. Raises `Impossible` of one that signs, and of one that the
    log does not know."""
    known = use_of(keys, kid)
    refuse([] if known else [Fault("key-unknown", "kid")])
    refuse([] if sure(known).ended_at else [Fault("key-signs", "kid")])
    return [] if sure(known).reason == reason else [KeyEnded(kid=kid, reason=reason)]


def _not_waiting(community: Community) -> list[Fault]:
    return [] if community.awaiting else [Fault("no-change-waiting")]

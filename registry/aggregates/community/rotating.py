"""Decisions about the keys that sign: what the log is told when one begins, when another takes its place, and why."""

from registry.aggregates.community.events import CommunityFact
from registry.aggregates.community.keys import REPLACED, EndedBecause, KeyBegun, KeyEnded, Uses, signing, use_of
from registry.aggregates.values import Fault, refuse, sure


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

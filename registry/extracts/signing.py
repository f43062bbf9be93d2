"""The key that signs, where the files meet the log: no document is issued by a key that the log does not know to sign.

The file is first, and the log tells of it: whoever signs reads the log, then the file, so that what the file says is
never older. Cut off in between, the next one who signs tells the log.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from joserfc.jwk import OKPKey

from registry import community
from registry.aggregates.community import rotating
from registry.aggregates.community.events import COMMUNITY, CommunityFact
from registry.aggregates.community.keys import EndedBecause, KeyBegun, KeyUse, Uses, use_of
from registry.aggregates.values import Actor, sure
from registry.app import Act, LostRace, Registry
from registry.extracts import keys
from registry.settings import Settings
from registry.storage.mapper import instant_text


def current(registry: Registry, settings: Settings) -> tuple[OKPKey, int]:
    """The key that signs, made if there is none, or none but those that ended, and the version of the community that
    says so: recorded now, if the log does not say it yet. Raises `keys.BadKey`."""
    found: list[OKPKey] = []

    def signs(known: Uses) -> list[CommunityFact]:
        key = keys.current(settings, registry.clock())
        if (use := use_of(known, str(key.kid))) and use.ended_at:
            # A folder of before that somebody put back: what ended never signs again.
            key = keys.rotate(settings, registry.clock())
        found.append(key)
        return rotating.signed_by(known, _said(key))

    version = community.tell_of_keys(registry, signs)
    return found[-1], version


def issued(
    registry: Registry, line: tuple[UUID, Sequence[Any], int], said: int, *, by: Actor, command: UUID
) -> Act | None:
    """Records that a document was issued, signed by what `current` gave with the version `said`; None if the community
    was changed meanwhile, so that another key may sign by now. Raises `LostRace`."""
    try:
        return registry.append([line, (COMMUNITY, [], said)], by=by, command=command)
    except LostRace as lost:
        if any(one.stream != COMMUNITY for one in lost.raced):
            raise
        return None


def rotated(registry: Registry, settings: Settings, reason: EndedBecause) -> OKPKey:
    """A new key, which signs from now on, and why the one before it does not. An empty register is told nothing: it may
    still become that of a journal. Raises `keys.BadKey`."""
    was = next(iter(keys.kept(settings)), None)
    key = keys.rotate(settings, registry.clock())

    def signs(known: Uses) -> list[CommunityFact]:
        # Somebody else may have changed keys meanwhile, too: the newest one signs.
        newest = keys.current(settings, registry.clock())
        return rotating.rotated(known, _said(was) if was else None, _said(newest), reason)

    if registry.position():
        community.tell_of_keys(registry, signs)
    return key


def ended(registry: Registry, kid: str, reason: EndedBecause) -> None:
    """Why a key that signs no more ended, as is known now. Raises `Impossible`."""
    community.tell_of_keys(registry, lambda known: rotating.ended_for(known, kid, reason))


def listed(registry: Registry, settings: Settings) -> list[dict[str, Any]]:
    """The public part of each key, newest first, as a JWK, with `begun_at`, `ended_at` and `ended_because` as far as
    the log knows them. Raises `keys.BadKey`."""
    known = registry.community().keys
    return [{**key, **told(use_of(known, key["kid"]))} for key in keys.public(settings)["keys"]]


def told(use: KeyUse | None) -> dict[str, str]:
    """What the log says of a key, as JSON values: nothing of one that it does not know."""
    if use is None:
        return {}
    begun = {"begun_at": instant_text(use.begun_at)}
    if use.ended_at is None:
        return begun
    return {**begun, "ended_at": instant_text(use.ended_at), "ended_because": sure(use.reason)}


def _said(key: OKPKey) -> KeyBegun:
    return KeyBegun(kid=sure(key.kid), algorithm=keys.ALGORITHM, x=str(key["x"]), made_at=str(key["created_at"]))

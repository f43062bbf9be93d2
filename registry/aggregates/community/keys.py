"""The keys that sign what is issued, as the log knows them: when each began to sign and ended, and why.

The instants are those at which it was recorded. A key of a register of an earlier release begins with the first act
that it signs here: what it signed before then stands before every such fact.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, Literal

EndedBecause = Literal["replaced", "lost", "compromised"]
"""Why a key ended; `replaced` where nobody says more."""
REPLACED: Final = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBegun:
    """This key signs from now on. `kid`, its name, is the thumbprint (RFC 7638) of the public part `x`; `made_at` is
    the instant at which it was made."""

    NAME: ClassVar[str] = "key-begun"
    kid: str
    algorithm: str
    x: str
    made_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnded:
    """This key signs no more; of one that ended before: why, as is known now. `reason` is one of `EndedBecause`."""

    NAME: ClassVar[str] = "key-ended"
    kid: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """A key from its beginning to its end, if it ended; `reason` is the last one that was told."""

    kid: str
    begun_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None


Uses = tuple[KeyUse, ...]
"""In the order in which they began."""


def use_of(uses: Uses, kid: str) -> KeyUse | None:
    """The last use of a key; None of one that never began."""
    return next((one for one in reversed(uses) if one.kid == kid), None)


def signing(uses: Uses) -> KeyUse | None:
    """The one that signs."""
    return next((one for one in reversed(uses) if one.ended_at is None), None)


def began(uses: Uses, fact: KeyBegun, now: datetime) -> Uses:
    """With one more that signs."""
    return (*uses, KeyUse(kid=fact.kid, begun_at=now))


def ended(uses: Uses, fact: KeyEnded, now: datetime) -> Uses:
    """With the last use of a key ended: for good by the first word on it. One that never began changes nothing."""
    last = use_of(uses, fact.kid)
    if last is None:
        return uses
    over = replace(last, ended_at=last.ended_at or now, reason=fact.reason)
    return tuple(over if one is last else one for one in uses)

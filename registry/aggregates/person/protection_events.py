"""The facts of protected addresses, on the stream of the person: no logic.

Whoever's address is protected is hidden from most of those who look, while it holds (docs/viewers.md). No source names
such a mark: it is this program's own, and no legal rule. `since` and `until` are days as written, half-open.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressProtected:
    """A body decided that nobody may learn where the person lives; `basis` is its decision, as the paper says."""

    NAME: ClassVar[str] = "address-protected"
    mark: UUID
    basis: str
    since: DateText
    until: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressProtectionEnded:
    """The mark holds no more from `until` on."""

    NAME: ClassVar[str] = "address-protection-ended"
    mark: UUID
    until: DateText
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressProtectionAnnulled:
    """There was no such decision; one that was written down wrongly is annulled too, and recorded right."""

    NAME: ClassVar[str] = "address-protection-annulled"
    mark: UUID
    basis: str


ProtectionFact = AddressProtected | AddressProtectionEnded | AddressProtectionAnnulled

"""The facts of a dwelling (житло): it keeps its id while its address is renamed; people live in the dwelling.

`since` is the law's day from which the name or the succession holds, as written.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The parts of an address as written. House numbers are text: «13-А», «12/1» (domain 2.3)."""

    katottg: str | None = None
    settlement: str | None = None
    district: str | None = None
    street: str | None = None
    house: str | None = None
    building: str | None = None
    flat: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingEntered:
    NAME: ClassVar[str] = "dwelling-entered"
    address: Address
    kind: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRenamed:
    """The street was renamed: from `since` the same dwelling is called so. It moves nobody."""

    NAME: ClassVar[str] = "address-renamed"
    address: Address
    since: DateText
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRenameAnnulled:
    """The decision on which a name rests is no more: the dwelling was never called so. `takes_back` names the fact of
    this stream by its version."""

    NAME: ClassVar[str] = "address-rename-annulled"
    takes_back: int
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingCorrected:
    """Its first address or its kind was recorded wrongly; complete: what is absent is unknown."""

    NAME: ClassVar[str] = "dwelling-corrected"
    address: Address
    kind: str | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingSucceeded:
    """Renumbered or merged: from `since` there is only `successor` (semantics 2). Recorded with the carry-overs."""

    NAME: ClassVar[str] = "dwelling-succeeded"
    successor: UUID
    since: DateText
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An owner as the property register names them; `share` as written there («1/2»)."""

    name: str
    share: str | None = None
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersRecorded:
    """Who owns the dwelling from `since`, all of them at once."""

    NAME: ClassVar[str] = "owners-recorded"
    owners: tuple[Owner, ...]
    since: DateText | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncumbranceRecorded:
    """`kind`: `forbids_registration`, `mortgage`, `trust` or `other`; lifted by the same number with `until`."""

    NAME: ClassVar[str] = "encumbrance-recorded"
    kind: str
    number: str
    since: DateText | None = None
    until: DateText | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecorded:
    """A lease of the dwelling; without `until` it is open-ended and has not ended. `lessee` is who lives here by it,
    `of_residence` which residence of theirs rests on it; `terminated_on` the day from which it was ended before its
    time, as shown by `basis` or an `application`."""

    NAME: ClassVar[str] = "lease-recorded"
    number: str
    since: DateText | None = None
    until: DateText | None = None
    tenant: str | None = None
    lessee: UUID | None = None
    terminated_on: DateText | None = None
    basis: str | None = None
    application: UUID | None = None
    of_residence: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingKindChanged:
    """It is of another kind than it was: privatised, made a dormitory. Not a correction: it was right before."""

    NAME: ClassVar[str] = "dwelling-kind-changed"
    kind: str
    basis: str
    application: UUID | None = None


DwellingFact = (
    DwellingEntered
    | AddressRenamed
    | AddressRenameAnnulled
    | DwellingCorrected
    | DwellingSucceeded
    | OwnersRecorded
    | EncumbranceRecorded
    | LeaseRecorded
    | DwellingKindChanged
)

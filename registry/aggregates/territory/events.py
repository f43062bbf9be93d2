"""The facts of one entry of the list of territories of hostilities or occupation (перелік територій, на яких ведуться
(велися) бойові дії або тимчасово окупованих): what the ministry's list says of one territory from a day on.

A territory may have several entries: it is listed, ended, listed again, in another section. Each entry is a stream of
its own, so that thousands of them slow no request down. Sources: card 1 r16, card 8 and 9 r16; design 8.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from registry.aggregates.values import DateText

_ENTRIES = UUID("68726f6d-6164-4161-8000-000000000002")

KINDS = ("possible_hostilities", "active_hostilities", "active_hostilities_e_resources", "occupied")
"""The sections of the list, in its order."""
LIST, DESK = "list", "desk"
"""Where an entry comes from: an import of the list, or typed at a desk from the order that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order (наказ) of the ministry that says so."""

    number: str
    dated: DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryVersion:
    """What the list says in one entry; `until` is the day of the end, absent where none is set."""

    name: str
    code: str
    kind: str
    since: DateText
    until: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTerritory:
    """An entry as it is typed at a desk, from the order that says so."""

    name: str
    code: str
    kind: str
    since: DateText
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryEntered:
    """An entry of the list; `source` is `list` or `desk`, `application` the one for which a clerk typed it."""

    NAME: ClassVar[str] = "territory-entered"
    name: str
    code: str
    kind: str
    since: DateText
    until: DateText | None = None
    order: Order | None = None
    source: str
    application: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryEnded:
    """A later order set the day of the end: nobody keeps an address by this entry any more."""

    NAME: ClassVar[str] = "territory-ended"
    until: DateText
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryCorrected:
    """What the entry said, and what it says: the complete new version."""

    NAME: ClassVar[str] = "territory-corrected"
    was: TerritoryVersion
    now: TerritoryVersion
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryAnnulled:
    """The list never said so. The next `territory-entered` starts the entry anew."""

    NAME: ClassVar[str] = "territory-annulled"
    basis: str


TerritoryFact = TerritoryEntered | TerritoryEnded | TerritoryCorrected | TerritoryAnnulled


def entry_id(code: str, kind: str, since: DateText) -> UUID:
    """The stream of an entry: the same territory, section and day of beginning are the same entry."""
    return uuid5(_ENTRIES, f"{code} {kind} {since}")

"""The facts of one street of the community's own list of addresses: its settlement, its names with their days, its
houses and their flats (перелік вулиць і будинків громади).

Each street is a stream of its own. The list says which addresses there are; people live in dwellings, which keep their
own addresses: nothing here moves anybody or changes a dwelling.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from registry import addresses
from registry.aggregates.values import DateText

_STREETS = UUID("68726f6d-6164-4161-8000-000000000003")

LIST, REGISTER = "list", "register"
"""Where an entry comes from: a file of the office, or the dwellings of the register (a proposal, until a file says the
same)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetName:
    """What a street is called from a day on; the first name has none. Houses that stand on no street of a village are
    of an entry whose one name is empty."""

    name: str
    since: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetVersion:
    """What the list says of a street, but for its houses. `names` are in their order, the oldest first; `katottg` is
    the code of the settlement, or of its district; `district` tells streets of one name in one city apart."""

    settlement: str
    names: tuple[StreetName, ...]
    katottg: str | None = None
    district: str | None = None
    source: str = LIST


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedHouse:
    """A house of a street; `flats` as the list writes them, «1-60, 61а»; absent where it has none, or none are said."""

    house: str
    building: str | None = None
    flats: str | None = None

    @property
    def key(self) -> str:
        """What tells it from the other houses of its street, however it is spelled."""
        return addresses.house(self.house, self.building)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetEntered:
    """A street of the list, as it came."""

    NAME: ClassVar[str] = "street-entered"
    settlement: str
    names: tuple[StreetName, ...]
    katottg: str | None = None
    district: str | None = None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetRenamed:
    """It is called otherwise from a day on, by a decision. It changes no dwelling."""

    NAME: ClassVar[str] = "street-renamed"
    name: str
    since: DateText
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetCorrected:
    """What the list said of the street, and what it says: the complete new version."""

    NAME: ClassVar[str] = "street-corrected"
    was: StreetVersion
    now: StreetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetAnnulled:
    """There never was such a street. The next `street-entered` starts it anew, without houses."""

    NAME: ClassVar[str] = "street-annulled"
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HousesListed:
    """Houses of the street: new ones, and known ones as they are said now."""

    NAME: ClassVar[str] = "houses-listed"
    houses: tuple[ListedHouse, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HousesUnlisted:
    """Houses that are not there: pulled down, renumbered, or listed wrongly."""

    NAME: ClassVar[str] = "houses-unlisted"
    houses: tuple[ListedHouse, ...]
    basis: str


StreetFact = StreetEntered | StreetRenamed | StreetCorrected | StreetAnnulled | HousesListed | HousesUnlisted


def street_id(said: StreetVersion, nth: int = 1) -> UUID:
    """The stream of a street that is entered: by its place, and its name as it came, however they are spelled. `nth`
    counts from 1 the streets that came under the same name, after the first was renamed or annulled."""
    place, called = addresses.settlement(said.settlement), addresses.street(said.names[-1].name)
    where = (place.key, place.kind or "", addresses.district(said.district), called.key, called.kind or "", str(nth))
    return uuid5(_STREETS, "\n".join(where))

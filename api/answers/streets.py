"""The community's list of streets as answers have it, and the dwellings compared with it."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import Day, Id, Instant, Reading

Source = Literal["list", "register"]
State = Literal["verified", "proposed", "differing", "missing"]


class NameOfStreet(TypedDict):
    name: str
    since: Day | None
    until: Day | None


class StreetRow(TypedDict):
    street: Id
    settlement: str
    district: str | None
    katottg: str | None
    name: str
    names: list[NameOfStreet]
    source: Source
    houses: int


class AskedOfStreets(TypedDict):
    on: str | None
    known_at: Instant
    position: int


class StreetsListed(AskedOfStreets):
    answer: list[StreetRow] | str
    next: str | None


class StreetCard(AskedOfStreets, StreetRow):
    """One street."""


class HouseRow(TypedDict):
    key: str
    house: str
    building: str | None
    flats_in_short: str | None
    flats: list[str]
    source: Source


class HousesOfStreet(AskedOfStreets):
    street: Id
    answer: list[HouseRow] | str
    next: str | None


class HomeCounts(TypedDict):
    verified: int
    proposed: int
    differing: int
    missing: int
    without_dwelling: int


class CountedStreet(StreetRow):
    counts: HomeCounts


class StreetsCounted(AskedOfStreets):
    answer: list[CountedStreet] | str
    next: str | None


class RightAddress(TypedDict):
    """The parts of an address that there are."""

    katottg: NotRequired[str]
    settlement: NotRequired[str]
    district: NotRequired[str]
    street: NotRequired[str]
    house: NotRequired[str]
    building: NotRequired[str]
    flat: NotRequired[str]
    room: NotRequired[str]


class ReadyBody(TypedDict):
    address: RightAddress
    since: NotRequired[Day]
    kind: NotRequired[str | None]


class ReadyAct(TypedDict):
    """Where it is sent, and its body but for the ground or the reason."""

    post: str
    body: ReadyBody


class ComparedHome(TypedDict):
    dwelling: Id
    address: str
    state: State
    reasons: list[Reading]
    right: str | None
    act: ReadyAct | None


class EmptyHome(TypedDict):
    """A house of the list, or a flat of it, that no dwelling is found for."""

    house: str
    building: str | None
    flat: str | None


class HomesOfStreet(AskedOfStreets, CountedStreet):
    answer: list[ComparedHome] | list[EmptyHome] | str
    next: str | None


class HomesUnlisted(AskedOfStreets):
    answer: list[ComparedHome] | str
    next: str | None

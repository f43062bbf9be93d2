"""The community as its facts say, on any day: who it is, its hours, its readings.

Of facts of one matter the last recorded decides of which the day is not before `since`: each says the whole from its
day on (semantics 1 ranks residences alike). Before the first one nothing is known: the week is plain, the readings are
those of the program, and nothing is issued.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, assert_never

from registry.aggregates.community.events import (
    AppealDescribed,
    BodiesDescribed,
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityChangeRequested,
    CommunityDescribed,
    CommunityFact,
    OfficesDescribed,
    ReadingsAdopted,
    SignatoryNamed,
)
from registry.aggregates.community.keys import KeyBegun, KeyEnded, Uses, began, ended
from registry.aggregates.community.payees import PayeesDescribed
from registry.aggregates.values import BEFORE_ALL, Actor, Entry, first_day
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import NotAnApplication, record
from registry.services.offices import PLAIN_WEEK, WEEK, Timetable

Matter = (
    CommunityDescribed
    | OfficesDescribed
    | ReadingsAdopted
    | PayeesDescribed
    | BodiesDescribed
    | AppealDescribed
    | SignatoryNamed
)
"""A fact that says a matter whole."""
UNDESCRIBED = CommunityDescribed()
NO_BODIES = BodiesDescribed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Who we are on a day; how a refusal is appealed and who signs it, where the community says so."""

    identity: CommunityDescribed = UNDESCRIBED
    timetable: Timetable = PLAIN_WEEK
    readings: Readings = AS_DECIDED
    payees: PayeesDescribed | None = None
    bodies: BodiesDescribed = NO_BODIES
    appeal: AppealDescribed | None = None
    signatory: SignatoryNamed | None = None

    @property
    def within(self) -> str:
        """How the codes of this community's dwellings begin: a whole code ends in zeros for what lies within."""
        code = self.identity.code or ""
        return code[:9] if len(code) == 19 and code[9:14] == "00000" else code

    def office_name(self, office: str | None) -> str | None:
        """How an office is called; None of one that is not ours."""
        found = self.timetable.offices.get(office or "")
        return found.name if found else None

    @property
    def may_issue(self) -> bool:
        """Whether it is known in whose name something is issued."""
        return bool(self.identity.name and self.identity.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What is on record: `said` in the order recorded; `change` is the last one asked for, by `asked_by` at version
    `asked_at`, and `judged` what a second person said to it; `keys` those that signed and the one that does. `position`
    is that of the last fact."""

    version: int = 0
    position: int = 0
    said: tuple[Matter, ...] = ()
    change: CommunityChangeRequested | None = None
    asked_by: Actor | None = None
    asked_at: int = 0
    judged: CommunityChangeApproved | CommunityChangeRejected | None = field(default=None)
    keys: Uses = ()

    @property
    def known(self) -> bool:
        """Whether anything is said of who we are: keys may sign before."""
        return bool(self.said)

    @property
    def awaiting(self) -> bool:
        """Whether a change waits for the second person."""
        return self.change is not None and self.judged is None

    def on(self, day: date) -> Here:
        """Who we are on a day."""
        identity = self.deciding(CommunityDescribed, day)
        offices = self.deciding(OfficesDescribed, day)
        adopted = self.deciding(ReadingsAdopted, day)
        return Here(
            identity=identity or UNDESCRIBED,
            timetable=timetable(offices) if offices else PLAIN_WEEK,
            readings=readings(adopted.readings) if adopted else AS_DECIDED,
            payees=self.deciding(PayeesDescribed, day),
            bodies=self.deciding(BodiesDescribed, day) or NO_BODIES,
            appeal=self.deciding(AppealDescribed, day),
            signatory=self.deciding(SignatoryNamed, day),
        )

    def deciding(self, matter: type[Any], day: date) -> Any:
        """The fact that says a matter on a day; None before the first."""
        return next((one for one in reversed(self.said) if type(one) is matter and _begins(one) <= day), None)

    def says_from(self, fact: Matter, day: date) -> bool:
        """Whether what a fact says is on record for the day and all later ones."""
        of_matter = [one for one in self.said if type(one) is type(fact)]
        days = {day, *(_begins(one) for one in of_matter if _begins(one) > day)}
        return all((found := self.deciding(type(fact), one)) and same(found, fact) for one in days)


UNKNOWN = Community()


def fold(entries: Iterable[Entry], community: Community = UNKNOWN) -> Community:
    """The state after entries of the stream, in the order of their versions."""
    for entry in entries:
        community = evolve(community, entry)
    return community


def evolve(community: Community, entry: Entry) -> Community:
    """The state after one more entry. Never refuses."""
    fact: CommunityFact = entry.fact
    community = replace(community, version=entry.version, position=entry.position)
    match fact:
        case (
            CommunityDescribed()
            | OfficesDescribed()
            | ReadingsAdopted()
            | PayeesDescribed()
            | BodiesDescribed()
            | AppealDescribed()
            | SignatoryNamed()
        ):
            return replace(community, said=(*community.said, fact))
        case CommunityChangeRequested():
            return replace(community, change=fact, asked_by=entry.by, asked_at=entry.version, judged=None)
        case CommunityChangeApproved() | CommunityChangeRejected():
            return replace(community, judged=fact)
        case KeyBegun():
            return replace(community, keys=began(community.keys, fact, entry.recorded_at))
        case KeyEnded():
            return replace(community, keys=ended(community.keys, fact, entry.recorded_at))
        case _:
            assert_never(fact)


def same(one: Matter, other: Matter) -> bool:
    """Whether two facts say the same, of whatever days and by whatever decision."""
    return replace(one, since=None, basis=None) == replace(other, since=None, basis=None)


def readings(said: Mapping[str, Any]) -> Readings:
    """The readings that were adopted; what this release does not know, or reads otherwise, is left out."""
    known: dict[str, Any] = {}
    for name, value in said.items():
        try:
            known[name] = getattr(record(Readings, {name: value}), name)
        except NotAnApplication:
            continue
    return Readings(**known)


@lru_cache(maxsize=16)
def timetable(said: OfficesDescribed) -> Timetable:
    """The offices and hours as the law's arithmetic takes them."""
    return Timetable(plain_offices(said))


def plain_offices(said: OfficesDescribed) -> dict[str, Any]:
    """Offices and hours as plain data: as a file says them."""
    return {
        "office": [_plain(one) for one in said.offices],
        "schedule": [_plain(one) for one in said.schedules],
        "saturday": [_plain(one) for one in said.saturdays],
        "day": [_plain(one) for one in said.days],
    }


_FROM = {"since": "from"}


def _plain(one: Any) -> dict[str, Any]:
    """A block of the file: dates as dates, hours as pairs, nothing that was not said."""
    said: dict[str, Any] = {}
    for part in fields(one):
        value = getattr(one, part.name)
        if value is None or value == ():
            continue
        if part.name in ("since", "until", "on"):
            value = first_day(value)
        elif part.name in (*WEEK, "hours"):
            value = [list(asdict(hours).values()) for hours in value]
        elif isinstance(value, tuple):
            value = list(value)
        said[_FROM.get(part.name, part.name)] = value
    return said


def _begins(fact: Matter) -> date:
    return first_day(fact.since) if fact.since else BEFORE_ALL

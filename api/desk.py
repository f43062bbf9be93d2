"""What the routes work with: the register, the settings of this installation, its clock, and who acts."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from fastapi import Request

from registry import community, seals, viewer
from registry.acts import Clerk
from registry.aggregates.community.state import Here
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.cases.cases import Cases
from registry.roles import NOBODY, Who
from registry.settings import Settings
from registry.storage.mapper import kyiv_day

GROUND = "Access-Ground"
"""The header by which a look names its ground, one of `seals.GROUNDS`."""


@dataclass(frozen=True)
class Desk:
    """One installation, as the actor at work sees it. A request comes `at` one moment (UTC), however long it takes."""

    registry: Registry
    settings: Settings
    at: datetime
    who: Who = NOBODY
    """Who acts or looks, as the door knows them."""
    ground: seals.NamedGround | None = None
    """On what whoever asks looks at what is sealed, if they say so."""

    @property
    def actor(self) -> Actor:
        """Whom the log names."""
        return self.who.actor

    @property
    def viewer(self) -> viewer.Viewer:
        """What the actor at work may see; asked once. (`cached_property` of Python 3.11 has one lock for all desks:
        whoever waits for the database would keep all others waiting.)"""
        if "seen_by" not in self.__dict__:
            self.__dict__["seen_by"] = seals.viewer_of(self.registry, self.who, self.ground)
        found: viewer.Viewer = self.__dict__["seen_by"]
        return found

    def on_ground(self, ground: str | None) -> "Desk":
        """The same desk, whose actor names a ground for what is sealed."""
        return replace(self, ground=seals.NamedGround(ground)) if ground else self

    @property
    def clerk(self) -> Clerk:
        """The actor at work; corrections and annulments ask a head."""
        return Clerk(self.registry, self.actor, at=self.at, ground=self.ground, who=self.who)

    @property
    def cases(self) -> Cases:
        """The cases of this installation, as the actor at work handles them."""
        return Cases(self.clerk, self.settings, machine=self.who.machine)

    def here(self, day: date | None = None, position: int | None = None, *, again: bool = True) -> Here:
        """Who we are on a day, today without it, as known at a position; without `again` as was last read."""
        return community.here(self.registry, self.settings, day or self.today(), position, again=again)

    @property
    def public_url(self) -> str:
        """The address of the public pages, today."""
        return community.public_url(self.here(), self.settings)

    def now(self) -> datetime:
        """What the register's clock showed as the request came, in UTC."""
        return self.at

    def today(self) -> date:
        """The day in Kyiv."""
        return kyiv_day(self.now())


def desk_of(request: Request) -> Desk:
    """The desk that a request comes to; the clock is read once for all of it."""
    state = request.app.state
    if not hasattr(request.state, "came"):
        request.state.came = state.registry.clock()
        named = request.headers.get(GROUND)
        request.state.ground = seals.NamedGround(named) if named in seals.GROUNDS else None
    who = getattr(request.state, "who", NOBODY)
    return Desk(state.registry, state.settings, request.state.came, who, request.state.ground)

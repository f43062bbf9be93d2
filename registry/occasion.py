"""An occasion: one request, or one command, and what of people came of it. The access journal has an entry of each.

Threads that a request is worked on by inherit it, so that nothing on the way has to hand it on, and nobody who shows
somebody can forget it: every viewer that is given out notes whom it let be seen, and the register which acts were made.
Whoever shows a person by an answer that does not hold her id says so by `shows`. Outside of an occasion (the program's
own work, tests of what is below) all of this does nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry.aggregates.values import Actor
from registry.roles import Who
from registry.viewer import Viewer


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question that may show a great many people, and is then stored in their place: its name and parameters (one of
    `looks.QUESTIONS`), the day it is about, if it is one, and at which position and instant (UTC) it was answered."""

    query: Mapping[str, Any]
    on: date | None
    position: int
    known_at: datetime


@dataclass(slots=True)
class Occasion:
    """`route` gives the stable name of what is asked for, once that is known; `by` is who asks, `visit` and `reason`
    why, as far as they say; `about` what else is said of it (codes, days, ids).

    `seen` are those whom a viewer let be seen, whether or not the answer shows them; `hidden` those whom it did not;
    `shown` those whom the answer shows without their id; `recorded` those of whom an entry was written already on the
    way. `acts` are the commands of the caller's own acts, each with whether it was made before.
    """

    route: Callable[[], str]
    by: Actor
    visit: UUID | None = None
    reason: str | None = None
    action: str = "looked"
    about: dict[str, Any] = field(default_factory=dict)
    question: AskedAgain | None = None
    seen: set[UUID] = field(default_factory=set)
    hidden: set[UUID] = field(default_factory=set)
    shown: set[UUID] = field(default_factory=set)
    recorded: set[UUID] = field(default_factory=set)
    acts: dict[UUID, bool] = field(default_factory=dict)

    def acted(self, by: Actor, command: UUID, *, repeated: bool) -> None:
        """An act was made on it, or answered as before; those that are another's are none of this occasion's."""
        if by == self.by:
            self.acts.setdefault(command, repeated)

    @property
    def happened(self) -> bool:
        """Whether anything came of it that may have to be written down."""
        return bool(self.seen or self.shown or self.acts or self.action != "looked")

    @property
    def why(self) -> dict[str, Any]:
        """What every entry of it says."""
        said = {"route": self.route(), "visit": str(self.visit) if self.visit else None, "reason": self.reason}
        return {name: value for name, value in said.items() if value is not None}


_CURRENT: ContextVar[Occasion | None] = ContextVar("occasion", default=None)


def of(who: Who, route: Callable[[], str]) -> Occasion:
    """Somebody asks for something."""
    return Occasion(route, who.actor, who.visit, who.reason)


@contextmanager
def going_on(occasion: Occasion) -> Iterator[Occasion]:
    """All that is done within is done on this occasion."""
    token = _CURRENT.set(occasion)
    try:
        yield occasion
    finally:
        _CURRENT.reset(token)


def begins(occasion: Occasion) -> Occasion:
    """From now on, until the end of what stands `apart`, all is done on this occasion."""
    _CURRENT.set(occasion)
    return occasion


@contextmanager
def apart() -> Iterator[None]:
    """What begins within ends with it."""
    token = _CURRENT.set(None)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Occasion | None:
    """The occasion that goes on, if one does."""
    return _CURRENT.get()


def shows(*people: UUID) -> None:
    """The answer shows these people, whether or not it holds their ids."""
    if occasion := current():
        occasion.shown.update(people)


def opens(person: UUID, ground: str) -> bool:
    """Somebody is looked at on a ground; whether there is an occasion that writes it down."""
    occasion = current()
    if occasion is None:
        return False
    occasion.shown.add(person)
    occasion.about["ground"] = ground
    return True


def asks(action: str, **about: Any) -> None:
    """What is done is no mere look, and is written down even if it shows nobody; `about` are codes, days and ids."""
    if occasion := current():
        occasion.action = action
        occasion.about |= {name: value for name, value in about.items() if value is not None}


def asks_again(query: Mapping[str, Any], *, on: date | None, position: int, known_at: datetime) -> None:
    """The answer is that of a question which may show a great many people, and can be asked again."""
    if occasion := current():
        occasion.question = AskedAgain(query, on, position, known_at)


class Noting:
    """A viewer that notes whom it let be seen."""

    def __init__(self, within: Viewer, occasion: Occasion):
        self.within, self.occasion = within, occasion

    @property
    def sees_everything(self) -> bool:
        return self.within.sees_everything

    def sees(self, person: UUID) -> bool:
        seen = self.within.sees(person)
        (self.occasion.seen if seen else self.occasion.hidden).add(person)
        return seen


def noting(seen_by: Viewer) -> Viewer:
    """The same viewer, which notes whom it lets be seen on the occasion that goes on."""
    occasion = current()
    return Noting(seen_by, occasion) if occasion else seen_by


def within(seen_by: Viewer) -> Viewer:
    """The viewer behind the one that notes."""
    return seen_by.within if isinstance(seen_by, Noting) else seen_by

"""A clock for tests: what it reads is right now, unless a test says another moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from registry.app import Registry
from registry.clock import utc_now

KYIV = ZoneInfo("Europe/Kyiv")


class StoppedClock:
    """Shows the real time until it is set, and that instant from then on."""

    def __init__(self, instant: str | None = None):
        self.instant: datetime | None = None
        if instant:
            self.set(instant)

    def __call__(self) -> datetime:
        return self.instant or utc_now()

    def set(self, instant: str) -> None:
        """From now on it shows this instant: `2026-03-01T09:00`, UTC."""
        self.instant = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    @property
    def moment(self) -> str | None:
        """The local time of Kyiv at which it stands (`YYYY-MM-DDTHH:MM`); None while it goes."""
        return self.instant and f"{self.instant.astimezone(KYIV):%Y-%m-%dT%H:%M}"

    @moment.setter
    def moment(self, moment: str | None) -> None:
        self.instant = datetime.fromisoformat(moment).replace(tzinfo=KYIV).astimezone(UTC) if moment else None

    @contextmanager
    def on_its_day(self, body: Mapping[str, Any]) -> Iterator[None]:
        """An application is filed, and decided, on the very day that it says, unless a moment is set already."""
        said = [f"{body[name][:10]}T23:59" for name in ("received", "acted_on") if isinstance(body.get(name), str)]
        if self.moment is None and (been := [moment for moment in said if not self._comes(moment)]):
            self.moment = max(been)
            try:
                yield
            finally:
                self.moment = None
        else:
            yield

    def _comes(self, moment: str) -> bool:
        """Whether it is no moment, or one that has yet to come."""
        try:
            return datetime.fromisoformat(moment).replace(tzinfo=KYIV) > self()
        except ValueError:
            return True


def desk_clock(registry: Registry) -> StoppedClock:
    """The clock by which the desks of a register go: its own, if a test gave it one. The log keeps the one it has, so
    that what is entered before a visit of an earlier day still comes before it."""
    if not isinstance(registry.clock, StoppedClock):
        registry.clock = StoppedClock()
    return registry.clock

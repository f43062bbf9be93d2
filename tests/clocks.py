"""A clock for tests: the real one until a test sets it."""

from datetime import UTC, datetime

from registry.clock import utc_now


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

"""What a process is at just now, known to all others of the same register: advisory locks of a session of its own,
which end with it, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg

from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))


class AtWork:
    """The session of one process; it is opened when the first thing is begun."""

    def __init__(self, url: str):
        self._url = url
        self._opening = Lock()
        self._session: psycopg.Connection[Any] | None = None

    @contextmanager
    def at(self, id: UUID) -> Iterator[None]:
        """While the block runs, others know that this is being worked at. Several may be at the same. Where the
        database does not answer, the work goes on untold: it will not be recorded either."""
        session = self._hold(id)
        try:
            yield
        finally:
            if session:
                with suppress(psycopg.Error):
                    session.execute(SQL["leave"], {"id": str(id)})

    def close(self) -> None:
        if self._session:
            self._session.close()

    def _hold(self, id: UUID) -> psycopg.Connection[Any] | None:
        with self._opening, suppress(psycopg.Error):
            if self._session is None or self._session.closed:
                self._session = psycopg.connect(self._url, autocommit=True)
            self._session.execute(SQL["hold"], {"id": str(id)})
            return self._session
        return None


def is_held(connection: Any, id: UUID) -> bool:
    """Whether any process is at it."""
    return not connection.execute(SQL["is_free"], {"id": str(id)}).fetchone()["free"]

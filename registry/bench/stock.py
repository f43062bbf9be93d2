"""The reference of the eventsourcing library: its own application, mapper, recorder and aggregates, nothing of ours.

Stock is `Application.save` of one event by `PostgresApplicationRecorder`, with the library's JSON and no projection,
its functions in the database off, as it is shipped; and its fold: every notification read by the recorder, decoded by
the mapper, mutated into aggregates. Its events say what ours say: the same bodies as JSON, at the same positions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from registry.aggregates.values import Entry
from registry.app import Registry
from registry.bench.place import SQL, BenchPlace
from registry.storage.embedded import NAME

AT_ONCE = 5_000
"""How many notifications the library is asked for at once: more makes it no faster."""


class StockLife(Aggregate):
    """A person or a dwelling as the library would keep one: what was said of it last, and where somebody lives."""

    @event("Begun")
    def __init__(self, kind: str, body: dict[str, Any]):
        self.said = {kind: body}
        self.homes: dict[str, Any] = {}

    @event("Said")
    def say(self, kind: str, body: dict[str, Any]) -> None:
        """One more fact."""
        self.said[kind] = body
        self.homes[body.get("residence", "")] = body


class StockRegister(Application[UUID]):
    """The library's application as it comes."""

    name = "stored"


def plain(fact: Any) -> dict[str, Any]:
    """A fact's body as JSON values, what is not said left out, as our log keeps it."""
    said: dict[str, Any] = _without_none(msgspec.to_builtins(fact))
    return said


@contextmanager
def stock(place: BenchPlace, database: str, connections: int = 1) -> Iterator[StockRegister]:
    """The library's application on a database, with a connection for each client."""
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": database,
        "POSTGRES_HOST": str(place.server.sockets),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": NAME,
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": str(connections),
        "POSTGRES_MAX_OVERFLOW": "2",
        "STORED_EVENTS_TABLE_NAME": "stored_events",
    }
    app = StockRegister(env)
    try:
        yield app
    finally:
        app.close()


def saved(app: StockRegister, body: dict[str, Any]) -> None:
    """One event saved: somebody is entered."""
    app.save(StockLife(kind="person-entered", body=body))


def filled(app: StockRegister, place: BenchPlace, database: str, registry: Registry) -> None:
    """Gives the library every fact of a register as an event of its own, by COPY: what `save` would have written."""
    with place.connect(database) as connection, connection.cursor() as cursor:
        with cursor.copy(SQL["stock_copy"]) as copy:
            for entries in registry.streams(registry.position()):
                for entry, stored in zip(entries, _events(app, entries), strict=True):
                    copy.write_row(
                        (
                            stored.originator_id,
                            stored.originator_version,
                            stored.topic,
                            stored.state,
                            entry.position,
                        )
                    )
        cursor.execute(SQL["stock_next"])


def folded(app: StockRegister) -> int:
    """Every event folded the library's way; how many there were."""
    lives: dict[UUID, Any] = {}
    start, count = 1, 0
    while found := app.recorder.select_notifications(start=start, limit=AT_ONCE):
        for notification in found:
            said: Any = app.mapper.to_domain_event(notification)
            lives[said.originator_id] = said.mutate(lives.get(said.originator_id))
        start, count = found[-1].id + 1, count + len(found)
    return count


def _events(app: StockRegister, entries: Sequence[Entry]) -> list[Any]:
    """A stream of ours as the library's stored events."""
    first, *rest = entries
    life = StockLife(kind=first.fact.NAME, body=plain(first.fact))
    for entry in rest:
        life.say(kind=entry.fact.NAME, body=plain(entry.fact))
    return [app.mapper.to_stored_event(one) for one in life.collect_events()]


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(part) for name, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, list) else value

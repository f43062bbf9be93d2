"""A connection for the length of a block: alive, in one's turn, at the cost of what is asked on it and no more."""

from collections.abc import Iterator
from threading import get_ident
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from eventsourcing import persistence

from registry.aggregates.values import Actor
from registry.opening import opened
from registry.storage import access, lent
from registry.storage.access import Look
from registry.storage.lent import SURE_SECONDS
from registry.storage.recorder import Busy, Connection, Datastore, Patience
from registry.storage.turns import NoTurn


@pytest.fixture
def datastore(database_url: str) -> Iterator[Datastore]:
    with Datastore(database_url, 2, Patience(2.0, 1, 1, 2.0)) as made:
        yield made


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A member for each time that the server is waited for, here and not by a pool that works behind; however slow it
    is, it is not asked again meanwhile whether it is there."""
    waited: list[int] = []
    plain, here = psycopg.Connection.wait, get_ident()

    def counted(self: Connection, *asked: Any, **how: Any) -> Any:
        if get_ident() == here:
            waited.append(self.info.backend_pid)
        return plain(self, *asked, **how)

    monkeypatch.setattr(psycopg.Connection, "wait", counted)
    monkeypatch.setattr(lent, "SURE_SECONDS", 3600.0)
    return waited


def test_a_question_is_one_round_trip(database_url: str, trips: list[int]) -> None:
    with opened(database_url) as registry:
        registry.query("people", "count")
        trips.clear()
        registry.query("people", "count")
        assert len(trips) == 1


def test_a_look_is_written_in_three(database_url: str, trips: list[int]) -> None:
    """The lock and the last entry are asked for at once; the entry; the commit, which waits for the disk."""
    with opened(database_url) as registry:
        look, by = Look("looked", (uuid4(),)), Actor("clerk", "Вигадана Н.")
        registry.looked(look, by)
        trips.clear()
        registry.looked(look, by)
        assert len(trips) == 3 and [one.position for one in access.latest(registry.access)] == [2, 1]


def test_what_was_given_back_last_is_given_out_first(datastore: Datastore, trips: list[int]) -> None:
    """The others sleep: whoever is at work has their statements prepared."""
    with datastore.get_connection() as one, datastore.pool.connection() as other:
        pids = {one.info.backend_pid, other.info.backend_pid}
    assert len(pids) == 2
    trips.clear()
    for _ in range(5):
        with datastore.get_connection() as connection:
            connection.execute("SELECT 1")
    assert len(set(trips)) == 1 and set(trips) < pids


def test_one_that_was_ended_meanwhile_is_not_given_out(datastore: Datastore, database_url: str) -> None:
    with datastore.get_connection() as connection:
        pid = connection.info.backend_pid
    assert SURE_SECONDS > 0.5  # it is not asked for: its socket says so
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with datastore.get_connection() as connection:
        assert connection.info.backend_pid != pid
        assert connection.execute("SELECT 1 AS one").fetchall() == [{"one": 1}]


@pytest.mark.parametrize(
    ("statement", "called"),
    [
        ("SELECT 1 / 0", persistence.DataError),
        ("SELECT nothing", persistence.ProgrammingError),
        ("INSERT INTO marks (mark, made_at) VALUES (NULL, now())", persistence.IntegrityError),
    ],
    ids=["data", "programming", "integrity"],
)
def test_errors_are_the_librarys_and_what_was_open_is_undone(
    datastore: Datastore, statement: str, called: type[Exception]
) -> None:
    with pytest.raises(called) as raised, datastore.get_connection() as connection:
        connection.execute("BEGIN; CREATE TABLE left_behind ()")
        connection.execute(statement)
    assert isinstance(raised.value.__cause__, psycopg.Error) and datastore.turns.at_work == 0
    with datastore.get_connection() as connection:
        assert connection.execute("SELECT to_regclass('left_behind') AS there").fetchall() == [{"there": None}]


def test_what_was_open_is_committed(datastore: Datastore) -> None:
    with datastore.get_connection() as connection:
        connection.execute("BEGIN; CREATE TABLE kept ()")
    with datastore.get_connection() as connection:
        assert connection.execute("SELECT count(*) AS many FROM kept").fetchall() == [{"many": 0}]


def test_whoever_gets_none_in_time_is_told_that_others_are_at_work(
    datastore: Datastore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_) -> None:
        raise NoTurn

    monkeypatch.setattr(datastore.turns, "take", never)
    with pytest.raises(Busy), datastore.get_connection():
        pass


def test_a_server_that_is_away_is_told_and_the_turn_is_not_lost(database_url: str) -> None:
    with Datastore(database_url, 1, Patience(0.3, 1, 1, 1.0)) as datastore:
        datastore.pool.kwargs = {**datastore.pool.kwargs, "dbname": "nothing_of_that_name"}  # type: ignore[dict-item]
        with pytest.raises(persistence.OperationalError), datastore.get_connection():
            pass
        assert datastore.turns.at_work == 0

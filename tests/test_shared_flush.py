"""Acts that share a flush: few trips under the log's lock, one commit for all who wait, each refused by itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from given import CLERK
from test_registry import append, dwelling, entered, lives

from registry import occasion
from registry.aggregates.dwelling.events import AddressRenamed
from registry.aggregates.person.events import Deceased
from registry.aggregates.values import Fault, Impossible
from registry.app import LostRace, Registry
from registry.opening import opened
from registry.storage import recorder
from registry.storage.sending import PIPELINE_BYTES
from replay.compare import verify


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as register:
        append(register, (uuid4(), [dwelling()], 0))
        yield register


class Wire:
    """What goes to the database on our connections: each statement, and how often an answer is waited for."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.trips = 0

    def verbs(self) -> list[str]:
        return [said.split()[0] for said in self.statements]


@contextmanager
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire()
    execute, pipeline, copied = psycopg.Cursor.execute, psycopg.Connection.pipeline, psycopg.Cursor.copy

    def executing(self: Any, query: Any, *said: Any, **how: Any) -> Any:
        if not query:  # whether the server is there, once in a while
            return execute(self, query, *said, **how)
        wire.statements.append(query.decode() if isinstance(query, bytes) else str(query))
        wire.trips += not self.connection.pgconn.pipeline_status
        return execute(self, query, *said, **how)

    def pipelining(self: Any) -> Any:
        wire.trips += 1
        return pipeline(self)

    def copying(self: Any, *said: Any, **how: Any) -> Any:
        wire.statements.append("COPY")
        wire.trips += 2
        return copied(self, *said, **how)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", executing)
        patched.setattr(psycopg.Connection, "pipeline", pipelining)
        patched.setattr(psycopg.Cursor, "copy", copying)
        yield wire


Work = Callable[[], Any]


def together(registry: Registry, url: str, *works: Work) -> list[Future[Any]]:
    """Has works done while somebody else keeps the log's lock: the first has the turn, the others wait in their order
    behind it. What came of them."""
    with ThreadPoolExecutor(len(works)) as crowd:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE facts IN EXCLUSIVE MODE")
            asked = []
            for work in works:
                asked.append(crowd.submit(work))
                while registry.acts.turns.at_work < 1 or len(registry.acts.turns._queue) < len(asked) - 1:
                    sleep(0.001)
        return asked


def person_entered(registry: Registry, stream: UUID | None = None, command: UUID | None = None, **said: Any) -> Work:
    return lambda: append(registry, (stream or uuid4(), [entered(**said)], 0), command=command)


def transactions(registry: Registry, after: int) -> list[str]:
    """Of each fact behind a position, the transaction that wrote it, in the order of positions."""
    with registry.snapshot() as connection:
        found = connection.execute(
            "SELECT xmin::text AS by FROM facts WHERE notification_id > %s ORDER BY notification_id", [after]
        ).fetchall()
    return [row["by"] for row in found]


def in_order(registry: Registry) -> None:
    """Positions are dense, times rise from act to act, and the projections are what replay makes of it."""
    with registry.snapshot() as connection:
        rows = connection.execute("SELECT * FROM facts ORDER BY notification_id").fetchall()
    assert [row["notification_id"] for row in rows] == list(range(1, len(rows) + 1))
    for one, next_ in pairwise(rows):
        same = one["command"] == next_["command"]
        assert one["recorded_at"] == next_["recorded_at"] if same else one["recorded_at"] < next_["recorded_at"]
    assert verify(registry).found == 0


class TestUnderTheLock:
    """Counted: statements, and how often an answer is waited for, the lock's own trip and the commit included."""

    def test_somebody_who_is_entered_takes_three_trips(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with heard(monkeypatch) as wire:
            append(registry, (uuid4(), [entered()], 0), digest=bytes(32))
        assert wire.verbs() == ["BEGIN;", "SELECT", "INSERT", "INSERT", "INSERT", "INSERT", "COMMIT"]
        written = [said.split()[2].strip('"') for said in wire.statements if said.startswith("INSERT")]
        assert written == ["facts", "people", "identities", "requests"]
        assert wire.trips == 3

    def test_so_does_a_registration_and_what_ignores_it_costs_nothing(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person, home = uuid4(), uuid4()
        append(registry, (person, [entered()], 0), (home, [dwelling(2)], 0))
        append(registry, (person, [lives(home)], 1), (home, [], 1))
        with heard(monkeypatch) as wire:
            append(registry, (person, [lives(home, since="2024-01-01")], 2), (home, [], 1))
        written = [said.split()[2 if "INSERT" in said else 1].strip('"') for said in wire.statements[3:-1]]
        assert wire.verbs() == ["BEGIN;", "SELECT", "SELECT", "INSERT", "UPDATE", "INSERT", "COMMIT"]
        assert written == ["facts", "residences", "residences"]
        assert wire.trips == 3

    def test_so_do_eight_acts_of_eight_people(
        self, registry: Registry, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = registry.position()
        with heard(monkeypatch) as wire:
            asked = together(registry, database_url, *(person_entered(registry) for _ in range(8)))
            acts = [one.result() for one in asked]
        mine = [said for said in wire.statements if "LOCK TABLE facts" not in said]
        assert [said.split()[0] for said in mine] == ["BEGIN;", "SELECT", "INSERT", "INSERT", "INSERT", "COMMIT"]
        assert wire.trips == 3 + (len(wire.statements) - len(mine)) == 4
        assert [act.position for act in acts] == list(range(before + 1, before + 9))
        assert len(set(transactions(registry, before))) == 1
        in_order(registry)

    def test_nothing_large_goes_through_a_pipeline(self, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[int] = []
        execute = psycopg.Cursor.execute

        def executing(self: Any, query: Any, params: Any = None, **how: Any) -> Any:
            if self.connection.pgconn.pipeline_status:
                sent.append(sum(len(str(one)) for one in params or ()))
            else:
                sent.append(0)
            return execute(self, query, params, **how)

        with monkeypatch.context() as patched:
            patched.setattr(psycopg.Cursor, "execute", executing)
            append(registry, *((uuid4(), [entered(given_names="Ї" * 150)], 0) for _ in range(2_000)))
            for _ in range(2):
                append(registry, *((uuid4(), [entered(given_names="Ї" * 150)], 0) for _ in range(20)))
        assert 0 < max(sent) <= PIPELINE_BYTES
        assert registry.position() == 2_041
        in_order(registry)


class TestOneOfMany:
    def test_who_lost_a_race_or_is_refused_leaves_the_others(self, registry: Registry, database_url: str) -> None:
        before, person, command = registry.position(), uuid4(), uuid4()
        append(registry, (person, [entered()], 0))

        def refuses(connection: Any, position: int) -> None:
            raise Impossible([Fault("perhaps-the-same", "person")])

        asked = together(
            registry,
            database_url,
            person_entered(registry),
            lambda: append(registry, (person, [Deceased(registered_on="2024-01-01")], 0)),
            lambda: append(registry, (uuid4(), [entered()], 0), insist=refuses),
            lambda: append(registry, (person, [Deceased(registered_on="2024-01-01")], 1)),
            lambda: append(registry, (person, [Deceased(registered_on="2024-01-02")], 1)),
            person_entered(registry, command=command),
            person_entered(registry, command=command),
            person_entered(registry),
        )
        failed = {number: type(one.exception()) for number, one in enumerate(asked) if one.exception()}
        assert failed == {1: LostRace, 2: Impossible, 4: LostRace}
        lost = asked[4].exception().raced  # type: ignore[union-attr]  # it is a LostRace
        assert [(one.stream, one.by) for one in lost] == [(person, CLERK.name)]
        first, again = asked[5].result(), asked[6].result()
        assert again.repeated and not first.repeated and again.entries == first.entries
        assert [asked[number].result().position for number in (0, 3, 5, 7)] == [before + 2 + n for n in range(4)]
        assert len(set(transactions(registry, before + 1))) == 1
        in_order(registry)

    def test_what_the_database_itself_refuses_leaves_the_others(self, registry: Registry, database_url: str) -> None:
        before = registry.position()
        asked = together(
            registry,
            database_url,
            lambda: append(registry, (uuid4(), [entered()], 0)),
            lambda: append(registry, (uuid4(), [dwelling(3, ref="Ж-1")], 0)),
            lambda: append(registry, (uuid4(), [dwelling(4, ref="Ж-1")], 0)),
            lambda: append(registry, (uuid4(), [entered()], 0)),
        )
        assert [type(one.exception()) for one in asked] == [type(None), type(None), Impossible, type(None)]
        assert [fault.code for fault in asked[2].exception().faults] == ["ref-taken"]  # type: ignore[union-attr]
        assert [asked[number].result().position for number in (0, 1, 3)] == [before + 1, before + 2, before + 3]
        in_order(registry)
        assert append(registry, (uuid4(), [entered()], 0)).position == before + 4

    def test_the_one_who_does_the_work_may_be_refused_too(self, registry: Registry, database_url: str) -> None:
        before = registry.position()
        asked = together(
            registry, database_url, lambda: append(registry, (uuid4(), [entered()], 5)), person_entered(registry)
        )
        assert type(asked[0].exception()) is LostRace and asked[1].result().position == before + 1

    def test_where_nobody_is_recorded_nothing_is(self, registry: Registry, database_url: str) -> None:
        works = [lambda: append(registry, (uuid4(), [entered()], 5))] * 3
        asked = together(registry, database_url, *works)
        assert {type(one.exception()) for one in asked} == {LostRace} and registry.position() == 1

    def test_one_act_may_go_on_from_another_of_the_same_flush(self, registry: Registry, database_url: str) -> None:
        home, person = uuid4(), uuid4()
        works = [
            lambda: append(registry, (home, [dwelling(2)], 0)),
            lambda: append(registry, (person, [entered()], 0), (home, [], 1)),
            lambda: append(registry, (home, [AddressRenamed(address=dwelling(9).address, since="2024-01-01")], 1)),
            lambda: append(registry, (person, [lives(home)], 1), (home, [], 2)),
        ]
        before = registry.position()
        asked = together(registry, database_url, *works)
        assert [one.result().position for one in asked] == [before + number for number in range(1, 5)]
        assert len(set(transactions(registry, before))) == 1
        in_order(registry)

    def test_each_looks_about_on_an_occasion_of_its_own(self, registry: Registry, database_url: str) -> None:
        seen: dict[int, Any] = {}
        occasions = [occasion.Occasion(lambda: "acts", CLERK) for _ in range(3)]

        def act(number: int) -> Work:
            def work() -> Any:
                with occasion.going_on(occasions[number]):
                    insist = lambda *_: seen.update({number: occasion.current()})  # noqa: E731
                    return append(registry, (uuid4(), [entered()], 0), insist=insist)

            return work

        asked = together(registry, database_url, *map(act, range(3)))
        assert seen == dict(enumerate(occasions))
        assert [[*one.acts] for one in occasions] == [[one.result().command] for one in asked]


class TestNobodyIsStranded:
    def test_a_commit_that_fails_fails_every_act(self, registry: Registry, database_url: str) -> None:
        before = registry.position()

        def ends_the_session(connection: Any, position: int) -> None:
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])

        asked = together(
            registry,
            database_url,
            person_entered(registry),
            person_entered(registry),
            lambda: append(registry, (uuid4(), [entered()], 0), insist=ends_the_session),
        )
        assert all(isinstance(one.exception(), OperationalError) for one in asked)
        assert registry.position() == before
        assert append(registry, (uuid4(), [entered()], 0)).position == before + 1
        in_order(registry)

    def test_a_thread_that_is_ended_leaves_the_others_an_answer(self, registry: Registry, database_url: str) -> None:
        before = registry.position()

        def ended(connection: Any, position: int) -> None:
            raise SystemExit

        asked = together(
            registry,
            database_url,
            lambda: append(registry, (uuid4(), [entered()], 0), insist=ended),
            person_entered(registry),
            person_entered(registry),
        )
        assert isinstance(asked[0].exception(), SystemExit)
        assert all(isinstance(one.exception(), OperationalError) for one in asked[1:])
        assert registry.position() == before and registry.acts.turns.at_work == 0
        assert append(registry, (uuid4(), [entered()], 0)).position == before + 1

    def test_who_gives_up_waiting_is_not_recorded(self, database_url: str) -> None:
        impatient = recorder.Patience(connection=0.2, lock=30, table=0, turn=0.4)
        with opened(database_url, patience=impatient) as registry:
            with ThreadPoolExecutor(2) as crowd, psycopg.connect(database_url) as other:
                other.execute("LOCK TABLE facts IN EXCLUSIVE MODE")
                first = crowd.submit(person_entered(registry))
                while registry.acts.turns.at_work < 1:
                    sleep(0.001)
                second = crowd.submit(person_entered(registry))
                assert isinstance(second.exception(30), recorder.Busy)
                other.rollback()
                assert first.result().position == 1
            assert registry.position() == 1

    def test_more_than_go_together_go_one_flush_after_another(self, registry: Registry, database_url: str) -> None:
        many, before = recorder.ACTS_A_FLUSH + 8, registry.position()
        asked = together(registry, database_url, *(person_entered(registry) for _ in range(many)))
        assert [one.result().position for one in asked] == [before + number for number in range(1, many + 1)]
        found = transactions(registry, before)
        assert len(set(found)) == 2 and found.count(found[0]) == recorder.ACTS_A_FLUSH

    def test_eight_threads_at_once(self, registry: Registry) -> None:
        before, many = registry.position(), 15

        def work(number: int) -> list[int]:
            made, person = [append(registry, (uuid4(), [entered()], 0)).position for _ in range(many)], uuid4()
            made.append(append(registry, (person, [entered()], 0)).position)
            return [*made, append(registry, (person, [Deceased(registered_on="2024-01-01")], 1)).position]

        with ThreadPoolExecutor(8) as crowd:
            done = list(crowd.map(work, range(8)))
        assert all(positions == sorted(positions) for positions in done)
        positions = sorted(position for of_one in done for position in of_one)
        assert positions == list(range(before + 1, before + 8 * (many + 2) + 1))
        assert len(set(transactions(registry, before))) < len(positions)
        in_order(registry)

"""How the server is: measured on a real database, and judged from what was measured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from clerks import Clerk
from clocks import StoppedClock
from given import CLERK, uid

from api.shapes import vitals
from registry import health, texts
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.health import GIB, DatabaseServer, Disk, Measured, Recorded
from registry.opening import opened
from registry.staff import keys
from registry.staff.sessions import Terms
from registry.storage.access import Look
from registry.storage.database import newest_migration
from registry.storage.recorder import AT_A_DESK, Datastore

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SERVER = DatabaseServer(version=18, size=2 * GIB, ahead=timedelta(), longest=None, folder=None)
WELL = Measured(
    at=NOW,
    server=SERVER,
    schema=newest_migration(),
    disks=(Disk(of="data", free=90 * GIB, total=100 * GIB),),
    facts=Recorded(count=1148, last_at=NOW - timedelta(hours=1)),
    people=500,
    looks=Recorded(count=3, last_at=NOW),
    faults_of_looks=(),
    outbox=(4, 0, 0),
    stale=(),
    sessions=2,
    expiring=(),
    transport="local",
)


def lines(found: Measured) -> dict[str, dict[str, Any]]:
    """The lines as they are told, by what they are about."""
    return {one["id"]: one for one in vitals.state(found)["lines"]}


def troubled(**found: Any) -> dict[str, tuple[str, str]]:
    """What is not well where everything else is: its status, and which sentence says so."""
    return {one.id: (one.status, one.says) for one in health.judged(replace(WELL, **found)) if one.status != "ok"}


class TestJudging:
    def test_where_all_is_well_nothing_is_to_be_done(self) -> None:
        told = vitals.state(WELL)
        assert (told["status"], told["at"]) == ("ok", "2026-11-30T09:00:00.000000Z")
        assert {one["todo_uk"] for one in told["lines"]} == {None}
        assert lines(WELL)["facts"]["text_uk"] == "фактів: 1\u00a0148, осіб: 500"
        assert lines(WELL)["disk-data"]["text_uk"] == "вільно 90\u00a0ГБ із 100\u00a0ГБ"

    @pytest.mark.parametrize(
        ("free", "status"), [(0, "bad"), (GIB - 1, "bad"), (GIB, "warn"), (5 * GIB - 1, "warn"), (5 * GIB, "ok")]
    )
    def test_a_disk_that_fills(self, free: int, status: str) -> None:
        full = (Disk(of="database", free=free, total=100 * GIB),)
        assert troubled(disks=full) == ({} if status == "ok" else {"disk-database": (status, "disk")})

    def test_a_disk_that_has_no_room_for_another_copy_of_the_database(self) -> None:
        assert troubled(server=replace(SERVER, size=91 * GIB)) == {"disk-data": ("warn", "disk")}

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            *((1.9, None), (-1.9, None), (2, ("warn", "clock-ahead")), (-59, ("warn", "clock-behind"))),
            *((60, ("bad", "clock-ahead")), (-7200, ("bad", "clock-behind"))),
        ],
    )
    def test_clocks_that_are_apart(self, seconds: float, said: Any) -> None:
        found = troubled(server=replace(SERVER, ahead=timedelta(seconds=seconds)))
        assert found == ({"clock": said} if said else {})

    @pytest.mark.parametrize(("seconds", "said"), [(4, ("warn", "clock-ahead")), (5, ("bad", "clock-ahead"))])
    def test_clocks_so_far_apart_that_nothing_is_recorded(self, seconds: int, said: Any) -> None:
        ahead = replace(SERVER, ahead=timedelta(seconds=seconds))
        assert troubled(server=ahead, apart=timedelta(seconds=5)) == {"clock": said}

    def test_a_last_record_that_is_ahead_of_the_clock(self) -> None:
        assert troubled(facts=Recorded(count=1, last_at=NOW + timedelta(days=2))) == {
            "recorded": ("bad", "recorded-ahead")
        }
        assert troubled(facts=Recorded(count=1, last_at=NOW + timedelta(microseconds=9))) == {}

    @pytest.mark.parametrize(("lasts", "status"), [(4, None), (5, "warn"), (60, "bad")])
    def test_a_transaction_that_is_forgotten(self, lasts: int, status: str | None) -> None:
        found = troubled(server=replace(SERVER, longest=timedelta(minutes=lasts)))
        assert found == ({"transactions": (status, "transactions")} if status else {})

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            ({"outbox": (4, 1, 0)}, {"outbox": ("warn", "outbox-late")}),
            ({"outbox": (4, 0, 1)}, {"outbox": ("warn", "outbox-late")}),
            ({"outbox": None}, {"outbox": ("bad", "unread")}),
            ({"looks": None}, {"access": ("bad", "unread")}),
            ({"faults_of_looks": ("position 3: a hole",)}, {"access": ("bad", "access-broken")}),
            ({"schema": "0001"}, {"schema": ("bad", "schema-old")}),
            ({"schema": None}, {"schema": ("bad", "unread")}),
            ({"stale": ("people",)}, {"projections": ("bad", "projections-stale")}),
            ({"stale": None}, {"projections": ("bad", "unread")}),
            ({"people": None}, {"facts": ("bad", "unread")}),
            ({"expiring": ("portal",)}, {"keys": ("warn", "keys-expire")}),
            ({"expiring": None}, {"keys": ("bad", "unread")}),
            ({"sessions": None}, {"sessions": ("bad", "unread")}),
            ({"transport": "insecure"}, {"transport": ("bad", "transport-insecure")}),
            ({"server": None}, {"database": ("bad", "database-silent")}),
        ],
        ids=str,
    )
    def test_each_trouble_is_told_with_what_to_do(self, found: dict[str, Any], said: dict[str, Any]) -> None:
        assert troubled(**found) == said
        [line] = [one for one in lines(replace(WELL, **found)).values() if one["status"] != "ok"]
        assert line["todo_uk"] and line["text_uk"] and "{" not in line["text_uk"]

    def test_every_sentence_can_be_said(self) -> None:
        """What to do is said of whatever may not be well, and nothing else is written."""
        assert set(texts.TEXTS["health_todo"]) < set(texts.TEXTS["health_says"])


@pytest.fixture
def registry(database_url: str) -> Any:
    with opened(database_url, clock=StoppedClock(), patience=AT_A_DESK) as register:
        yield register


def of(registry: Registry, folder: Path) -> dict[str, tuple[str, str]]:
    """What is not well with a real register."""
    found = health.judged(health.measured(registry, folder, Terms(), "local"))
    return {one.id: (one.status, one.says) for one in found if one.status != "ok" and not one.id.startswith("disk-")}


class TestMeasuring:
    def test_an_empty_register_is_well(self, registry: Registry, tmp_path: Path) -> None:
        found = health.measured(registry, tmp_path, Terms(), "local")
        assert (found.facts, found.people, found.looks) == (
            Recorded(count=0, last_at=None),
            0,
            Recorded(count=0, last_at=None),
        )
        assert (found.schema, found.stale, found.outbox, found.sessions) == (newest_migration(), (), (0, 0, 0), 0)
        assert found.server and found.server.version >= 15 and found.server.size > 0
        assert of(registry, tmp_path) == {}

    def test_counts_facts_people_and_looks(self, registry: Registry, tmp_path: Path) -> None:
        Clerk(registry, CLERK).enter_person(command=uid(9), particulars=Particulars(surname="Вигадана"))
        registry.looked(Look("looked", (uid(1),)), CLERK)
        found = health.measured(registry, tmp_path, Terms(), "local")
        assert (found.facts and found.facts.count, found.people, found.looks and found.looks.count) == (1, 1, 1)
        assert found.faults_of_looks == ()

    def test_a_folder_that_is_not_made_yet_lies_on_a_disk(self, registry: Registry, tmp_path: Path) -> None:
        [disk, *_] = health.measured(registry, tmp_path / "not" / "yet", Terms(), "local").disks
        assert disk.of == "data" and 0 < disk.free <= disk.total

    def test_a_clock_that_goes_wrong(self, registry: Registry, tmp_path: Path) -> None:
        Clerk(registry, CLERK).enter_person(command=uid(9), particulars=Particulars(surname="Вигадана"))
        assert isinstance(registry.clock, StoppedClock)
        registry.clock.set("2020-01-01T00:00")
        assert of(registry, tmp_path) == {"clock": ("bad", "clock-ahead"), "recorded": ("bad", "recorded-ahead")}

    def test_how_far_clocks_may_be_apart_is_the_setting(self, database_url: str, tmp_path: Path) -> None:
        with opened(database_url, apart=timedelta(seconds=7)) as register:
            assert health.measured(register, tmp_path, Terms(), "local").apart == timedelta(seconds=7)

    @pytest.mark.parametrize(
        ("table", "unread"),
        [("facts", ["facts", "projections"]), *((name, [name]) for name in ("outbox", "access", "sessions"))],
    )
    def test_a_table_that_somebody_keeps_hides_no_other(
        self, registry: Registry, database_url: str, tmp_path: Path, table: str, unread: list[str]
    ) -> None:
        with psycopg.connect(database_url) as holder:
            holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            assert of(registry, tmp_path) == {line: ("bad", "unread") for line in unread}
        assert of(registry, tmp_path) == {}

    def test_an_outbox_that_is_broken(self, registry: Registry, database_url: str, tmp_path: Path) -> None:
        with psycopg.connect(database_url) as broken:
            broken.execute("ALTER TABLE outbox RENAME TO lost")
        assert of(registry, tmp_path) == {"outbox": ("bad", "unread")}
        with psycopg.connect(database_url) as mended:
            mended.execute("ALTER TABLE lost RENAME TO outbox")

    def test_a_journal_of_access_that_somebody_wrote_to(
        self, registry: Registry, database_url: str, tmp_path: Path
    ) -> None:
        registry.looked(Look("looked", (uid(1),)), CLERK)
        with psycopg.connect(database_url) as holder:
            holder.execute("SET session_replication_role = replica")
            holder.execute("UPDATE access SET persons = '{}'")
        assert of(registry, tmp_path) == {"access": ("bad", "access-broken")}

    def test_a_database_that_is_silent(
        self, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "staff", Datastore(f"host={tmp_path} dbname=none", 1, AT_A_DESK))
        assert of(registry, tmp_path) == {"database": ("bad", "database-silent")}

    def test_a_key_that_expires_soon(self, registry: Registry, tmp_path: Path) -> None:
        now = registry.clock()
        for name, days in (("portal", 29), ("other", 31)):
            expires = now + timedelta(days=days)
            keys.add(registry.staff, name=name, role="machine", by=CLERK, now=now, expires_at=expires)
        keys.add(registry.staff, name="always", role="machine", by=CLERK, now=now)
        assert health.measured(registry, tmp_path, Terms(), "local").expiring == ("portal",)

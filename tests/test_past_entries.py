"""The list of what is of an earlier day, among the applications of a city (its stories are in test_counter)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from registry.app import Registry
from registry.opening import opened
from registry.projections import applications

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


def test_is_read_by_its_index(registry: Registry) -> None:
    with registry.datastore.get_connection() as connection, connection.transaction(force_rollback=True):
        connection.execute(
            "INSERT INTO applications (application, status, services, persons, known_from, past) "
            "SELECT md5(n::text)::uuid, 'granted', '{register_residence}', '{}', n, "
            "CASE WHEN n % 50 = 0 THEN '{received}'::text[] ELSE '{}' END FROM generate_series(1, 30000) n"
        )
        connection.execute("ANALYZE applications")
        for before, day in product((None, 20_000), (None, DAY)):
            asked = {"before_position": before, "limit": 100, "since": day, "until": day}
            plan = connection.execute(f"EXPLAIN {applications.SQL['past']}", asked).fetchall()
            said = "\n".join(line["QUERY PLAN"] for line in plan)
            assert "applications_past" in said and "Seq Scan on applications" not in said, said
            rows = connection.execute(applications.SQL["past"], asked).fetchall()
            positions = list(range((before or 30_050) - 50, 0, -50))[:100]
            assert [row["known_from"] for row in rows] == ([] if day else positions)

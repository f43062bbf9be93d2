"""One clock: what a register is opened with dates its facts, its looks, its keys, and whatever is read at its desk."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from clocks import StoppedClock
from conftest import _database
from filing import MOVE, about, granted
from given import installation, waiting
from starlette.testclient import TestClient
from test_api import Desk

from api.main import create_app
from registry import journal
from registry.clock import utc_now
from registry.opening import opened
from registry.storage import access
from registry.storage.mapper import instant_text
from registry.viewer import OPEN

EVENING = "2024-12-31T22:30"
"""In UTC: it is a new day and a new year in Kyiv already."""
SHOWN = "2024-12-31T22:30:00.0000"


@pytest.fixture
def desk(database_url: str, tmp_path: Any) -> Iterator[Desk]:
    with opened(database_url, clock=StoppedClock(EVENING)) as registry:
        app = create_app(registry, installation(data=tmp_path, second_person=False))
        yield Desk(TestClient(app), registry)


def test_a_visit_is_recorded_when_the_clock_of_the_register_says(desk: Desk, tmp_path: Any) -> None:
    person, home = desk.person(), desk.dwelling()
    said = granted(desk, **MOVE, extract={}, received="2025-01-01T00:20", register=about(person, dwelling=home))
    shown = desk.get(f"/applications/{said['application']}").json()
    facts = desk.get(f"/persons/{person}/facts").json()["facts"]
    extract = desk.get("/extracts/2025/000000001").json()
    looks = access.entries(desk.registry.access)
    (key,) = (tmp_path / "keys").iterdir()
    times = [shown["recorded_at"], extract["formed_at"], json.loads(key.read_text())["created_at"]]
    times += [one["recorded_at"] for one in facts] + [instant_text(one.recorded_at) for one in looks]
    times += [instant_text(row["made_at"]) for row in waiting(desk.registry)]
    assert len(facts) == 2 and looks and all(one.startswith(SHOWN) for one in times)
    assert said["decision"]["parts"][0]["effective_on"] == "2025-01-01"
    (lives,) = desk.residences(person)
    assert (lives["since"], desk.get(f"/persons/{person}/residences").json()["on"]) == ("2025-01-01", "2025-01-01")


def test_an_imported_register_is_marked_by_it(desk: Desk, empty: str, tmp_path: Any) -> None:
    desk.person()
    journal.export(desk.registry, tmp_path / "journal.jsonl", seen_by=OPEN)
    with opened(empty, clock=StoppedClock("2025-01-03T10:00")) as registry:
        journal.load(registry, tmp_path / "journal.jsonl", utc_now())
        assert [f"{one['made_at']:%Y-%m-%dT%H:%M}" for one in registry.marks()] == ["2025-01-03T10:00"]


@pytest.fixture
def empty(server: Any) -> Iterator[str]:
    """A second database, migrated."""
    yield from _database(server, template="hromada")

"""Every look is written down: whatever route or command tells of somebody, the access journal has said so before.

The canary of `test_viewer.py` once more, asked by one who sees all: where a word of hers stands in an answer, the
journal has an entry of hers, with route and reason; where none does, it has none.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from given import CLERK, installation
from starlette.testclient import TestClient
from test_viewer import MORE, ROUTES, SCAN, Call, Streets, World, asked, leaks, told

from api.main import create_app
from api.shapes import looks as shapes
from registry import looks
from registry.opening import opened
from registry.storage import access
from registry.storage.access import LookEntry

REASON = "inspection"


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    settings = installation(data=tmp_path / "data", actor_id=CLERK.id, actor_name=CLERK.name)
    with opened(database_url) as registry:
        client = TestClient(create_app(registry, settings), raise_server_exceptions=False)
        client.headers["Access-Reason"] = REASON
        yield World(Streets(client, registry), database_url, tmp_path)


def written(world: World, name: str, call: Call) -> tuple[Any, list[LookEntry]]:
    """The answer to a call, and what the access journal was told before it came."""
    journal = world.desk.registry.access
    before = access.tree_head(journal)[0]
    return asked(world, name, call), access.entries(journal, before)


class TestEveryRoute:
    def test_writes_down_whom_it_tells_of_and_nobody_else(self, world: World) -> None:
        hers = set(map(UUID, world.hidden))
        for name, call in {**ROUTES, **MORE}.items():
            answer, found = written(world, name, call)
            shown = {one for entry in found for one in looks.people_of(world.desk.registry, entry)}
            said, where = told(answer), world.named([call.at or name, call.body])
            if leaks(said, call.own):
                assert (name, bool(shown & hers)) == (name, True), answer.text
                assert {(one.by, one.about["reason"]) for one in found} == {(CLERK, REASON)}, name
                assert all(shapes.called(one.about["route"]) != one.about["route"] for one in found), found
            elif not any(str(one) in said + str(where) for one in (*hers, "ЩИГ-7", SCAN)):
                assert (name, {by.id for one in found if hers & set(one.persons) for by in [one.by]} - {"public"}) == (
                    name,
                    set(),
                )
            acted = [one for one in found if one.action == "acted"]
            assert len(acted) <= 1 and all(UUID(one.about["command"]) for one in acted), name

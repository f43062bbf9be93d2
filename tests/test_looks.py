"""Every look is written down: whatever route or command tells of somebody, the access journal has said so before.

The canary of `test_viewer.py` once more, asked by one who sees all: where a word of hers stands in an answer, the
journal has an entry of hers, with route and reason; where none does, it has none.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from given import CLERK, installation
from starlette.testclient import TestClient
from test_viewer import AGAIN, COMMANDS, MORE, ROUTES, SCAN, TELLING, Call, Streets, World, asked, leaks, told, typed

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


class TestEveryCommand:
    def test_writes_down_whom_it_tells_of(self, world: World) -> None:
        hers = set(map(UUID, world.hidden))
        journal = world.desk.registry.access
        for name in TELLING:
            before = access.tree_head(journal)[0]
            status, said = typed(world, {**COMMANDS, **AGAIN}[name][0])
            assert (name, status, bool(leaks(said))) == (name, 0, True), said
            found = access.entries(journal, before)
            shown = {one for entry in found for one in looks.people_of(world.desk.registry, entry)}
            assert (name, bool(shown & hers)) == (name, True), found
            assert all(one.about["route"].startswith("command.") for one in found)

    def test_access_tells_who_saw_her_and_is_written_down_itself(self, world: World) -> None:
        world.desk.get(world.named("/persons/{person}"))
        status, said = typed(world, ["access", "--person", "ЩИГ-7", "--json"])
        [answer] = [json.loads(said)]
        assert status == 0 and answer["looks"][0]["route"] == "get_person" and answer["looks"][0]["reason"] == REASON
        again = json.loads(typed(world, ["access", "--person", "ЩИГ-7", "--json"])[1])
        assert [one["route"] for one in again["looks"][:2]] == ["command.access", "get_person"]
        status, table = typed(world, ["access", "--by", CLERK.id, "--limit", "2"])
        assert status == 0 and CLERK.name in table and "--before" in table and not leaks(table)
        assert typed(world, ["access"])[0] == 2 and typed(world, ["access", "--by", "a", "--verify"])[0] == 2

    def test_verify_tells_a_falsified_entry_and_a_question_answered_otherwise(self, world: World) -> None:
        status, said = typed(world, ["access", "--verify", "--json"])
        assert (status, json.loads(said)["faults"]) == (0, [])
        question = access.bulk({"name": "everybody"}, on=None, known_at=datetime.now(UTC), count=999, position=5)
        world.desk.registry.looked(access.Look("exported", about=question), CLERK)
        status, said = typed(world, ["access", "--verify"])
        assert status == 1 and "AnswerChanged" in said
        with psycopg.connect(world.url) as connection:
            connection.execute("ALTER TABLE access DISABLE TRIGGER ALL")
            connection.execute("UPDATE access SET by_id = 'nobody' WHERE position = 1")
            connection.execute("ALTER TABLE access ENABLE TRIGGER ALL")
        status, said = typed(world, ["access", "--verify"])
        assert status == 1 and "by_id does not fit the bytes" in said

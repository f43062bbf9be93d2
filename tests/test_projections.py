"""What holds for every projection: one list, its columns, its questions inlined, and the version of its code."""

import ast
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from clerks import Clerk
from given import CLERK
from test_demo import NOW

from registry import demo, journal
from registry.aggregates.person.events import Particulars
from registry.opening import opened
from registry.projections import runner
from registry.storage.database import migrate
from registry.viewer import OPEN

EACH = pytest.mark.parametrize("projection", runner.PROJECTIONS, ids=lambda one: one.TABLE)
CODE = {
    "absences": (1, "6aff8972cd309500"),
    "applications": (1, "db922c3dfd88eaee"),
    "dwellings": (2, "9fe55ca95a8ce17d"),
    "extracts": (1, "feb794c0916692f8"),
    "family": (1, "c5d6323cb3515e3f"),
    "letters": (1, "6186784faf5b9d3b"),
    "protections": (1, "f3b73ae3ecbb7a0d"),
    "papers": (1, "939c90a330da096e"),
    "identities": (1, "f57cf7e2182f1645"),
    "merged": (1, "3c52263ba1904c19"),
    "kept_addresses": (1, "cc56f78fda413243"),
    "people": (2, "9b5b4b67725582af"),
    "residences": (2, "cbacedc5eb217346"),
    "territories": (1, "6f56e4a9afa48e72"),
    "streets": (1, "1f45895822bf2241"),
    "houses": (1, "47d113d45fa403fd"),
    "addresses": (1, "2be99b024deb206a"),
    "leases": (1, "518a84ae0fbb73ae"),
    "permits": (1, "a90ac81b93b64eb7"),
}
"""The VERSION of each projection and the digest of the code that it stands for."""


def code_of(projection):
    """A digest of the functions and the columns of a projection's module, whatever its layout and comments."""
    module = ast.parse(Path(projection.__file__).read_text("utf-8"))
    said = [node for node in module.body if isinstance(node, ast.FunctionDef) or _is_columns(node)]
    for node in ast.walk(ast.Module(said, [])):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            del node.body[0]
    return hashlib.sha256("\n".join(map(ast.unparse, said)).encode()).hexdigest()[:16]


def _is_columns(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COLUMNS"


@EACH
def test_code_that_makes_other_rows_has_another_version(projection):
    """What the code relies on (names, the timeline) is held by the releases before, in test_migrations."""
    said = (projection.VERSION, code_of(projection))
    assert said == CODE[projection.TABLE], (
        f"the code of {projection.TABLE} changed: raise VERSION, so that registers rebuild it (not where the rows are "
        "surely the same, as after a rename), then write the new version and digest into CODE"
    )


def columns(connection, name):
    """The columns of a table or of a type of rows: name, type, collation."""
    return connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attcollation FROM pg_attribute "
        "WHERE attrelid = (SELECT typrelid FROM pg_type WHERE oid = %s::regtype) AND attnum > 0 AND NOT attisdropped "
        "ORDER BY attnum",
        [name],
    ).fetchall()


def test_a_table_has_the_columns_of_its_view_and_when_they_were_known(database_url):
    with psycopg.connect(database_url) as connection:
        for one in runner.PROJECTIONS:
            table = columns(connection, one.TABLE)
            # By name, wherever a migration has put them: rows are written and read by name.
            assert sorted(name for name, _, _ in table) == sorted([*one.COLUMNS, "known_from", "known_until"])
            assert set(one.KEY.items()) <= {(name, kind) for name, kind, _ in table}
            assert columns(connection, f"{one.TABLE}_row") == table, "a migration that changes columns calls make_known"


def test_what_is_known_is_inlined_before_a_rebuild_and_after_it(database_url):
    with opened(database_url) as registry, psycopg.connect(database_url, autocommit=True) as connection:
        for _ in range(2):
            for name in CODE:
                for known in (f"{name}_at(7)", f"{name}_now()"):
                    plan = connection.execute(f"EXPLAIN SELECT * FROM {known}").fetchall()[0][0]
                    assert f" on {name} " in plan and "Function" not in plan
                registry.rebuild(name)


def test_whoever_asks_during_a_rebuild_does_not_notice(database_url):
    with opened(database_url) as registry, ThreadPoolExecutor(2) as pool:
        person = enter(registry).entries[0].stream
        over = threading.Event()

        def ask():
            asked = 0
            while not over.is_set():
                found = registry.query("people", "by_id", person=person, position=1)
                assert len(found) == registry.query("people", "count")[0]["people"] == 1
                asked += 1
            return asked

        asking = [pool.submit(ask) for _ in range(2)]
        try:
            assert [registry.rebuild("people") for _ in range(10)] == [1] * 10
        finally:
            over.set()
        assert all(one.result() > 0 for one in asking)


class TestVersions:
    @pytest.fixture
    def newer(self, monkeypatch):
        """The code as a release after this one has it: `people` makes other rows."""

        def raised():
            people = next(one for one in runner.PROJECTIONS if one.TABLE == "people")
            monkeypatch.setattr(people, "VERSION", people.VERSION + 1)

        return raised

    def test_an_empty_register_is_never_stale_and_takes_that_of_its_first_act(self, database_url, newer):
        newer()
        with opened(database_url) as registry:
            assert runner.stale(registry.recorder) == []
            enter(registry)
            assert runner.stale(registry.recorder) == []

    def test_a_rebuild_brings_the_rows_to_the_version_of_the_code(self, database_url, newer):
        with opened(database_url) as registry:
            enter(registry)
            newer()
            assert runner.stale(registry.recorder) == ["people"]
            enter(registry)
            registry.rebuild("residences")
            assert runner.stale(registry.recorder) == ["people"]
            registry.rebuild("people")
            assert runner.stale(registry.recorder) == []

    def test_a_journal_and_a_demo_are_of_the_version_that_loads_them(
        self, database_url, empty_database_url, newer, tmp_path
    ):
        migrate(empty_database_url)
        newer()
        with opened(database_url) as made, opened(empty_database_url) as loaded:
            demo.seed(made, persons=20, now=NOW)
            journal.export(made, tmp_path / "all.jsonl", seen_by=OPEN)
            journal.load(loaded, tmp_path / "all.jsonl", NOW)
            assert runner.stale(made.recorder) == runner.stale(loaded.recorder) == []

    def test_one_of_which_nothing_was_made_yet_is_stale(self, database_url):
        with opened(database_url) as registry:
            enter(registry)
            with registry.datastore.get_connection() as connection:
                connection.execute("DELETE FROM projections WHERE name = 'extracts'")
            assert runner.stale(registry.recorder) == ["extracts"]


def enter(registry):
    return Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))

"""Every query of the register by its plan: in a city nothing that a page or the API asks goes over a table.

`test_questions` looks at the plans of the projections among twenty thousand rows of each; here all that there are, as
they are planned for whatever is asked, where the planner goes over a table only if there is no index to take.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from registry.storage import queries

ROOT = Path(__file__).parents[1]
FILES = [path for path in sorted((ROOT / "registry").rglob("*.sql")) if not {"bench", "migrations"} & set(path.parts)]
for bulk in ("lives.sql", "projections/runner.sql"):  # the whole register at once; tables and indexes of a rebuild
    FILES.remove(ROOT / "registry" / bulk)
NO_PLAN = re.compile(r"COPY|FETCH|CLOSE|SET ")
"""What PostgreSQL plans nothing for."""
OVER_A_TABLE = {
    "registry/days.sql of_office": "the staff: some dozens",
    "registry/staff/keys.sql listed": "all the keys of programs, which their page lists: some dozens",
    "registry/storage/log.sql marks": "a table of a few rows",
    "registry/outgoing/outbox.sql since": "a table of one row",
    "registry/projections/streets.sql any": "stops at the first row of a file",
    "registry/projections/territories.sql from_list": "the list whole: an import of it",
}
"""Who may, and why."""
ALL = {
    f"{path.relative_to(ROOT).as_posix()} {name}": query
    for path in FILES
    for name, query in queries.load(path).items()
    if not NO_PLAN.match(query)
}


@pytest.fixture(scope="module")
def planner(server) -> Iterator[psycopg.Connection]:
    from conftest import _database

    for url in _database(server, template="hromada"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET enable_seqscan = off")
            yield connection


def plan_of(planner: psycopg.Connection, query: str) -> str:
    """The plan of a query whose parameters are yet to come."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", query)))
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", query).replace("%%", "%")
    rows = planner.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {numbered}".encode()).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("name", ALL)
def test_no_query_goes_over_a_table(planner: psycopg.Connection, name: str) -> None:
    plan = plan_of(planner, ALL[name])
    assert ("Seq Scan" in plan) is (name in OVER_A_TABLE), plan


def test_the_exceptions_exist() -> None:
    assert set(OVER_A_TABLE) <= set(ALL) and len(ALL) > 200

"""What is read from a projection, and how it is made again, each beside the least that PostgreSQL does for it.

Rebuild is `registry.rebuild("residences")`: from the log into another table with every index, then in the place of the
old one; CREATE TABLE AS copies the finished rows and builds no index. The scan as of a position and a day counts who
lives where, through `residences_at`; the bare scan counts the rows of the table. A history is the residences of one
person with their addresses, by the same statement: through our pool as `registry.query` asks it, and on one open
session of psycopg, prepared, as tuples.
"""

from uuid import UUID

from registry.bench.measures import Measures, rate
from registry.bench.people import ON
from registry.bench.place import SQL, BenchPlace
from registry.opening import opened
from registry.projections import residences

TABLE, HISTORY = "residences", "all_of_person"
READ = 500
"""So many people's histories are read in turn."""


def measured(place: BenchPlace, measures: Measures, position: int) -> None:
    """Measures all of it on the database `people`."""
    _rebuild(place, measures)
    _scan(place, measures, position)
    _histories(place, measures)


def _rebuild(place: BenchPlace, measures: Measures) -> None:
    def ours(number: int) -> None:
        place.settle()
        with opened(place.url("people")) as registry:
            facts = registry.position()
            with measures.peak("rebuild_peak_mb"), measures.timed("rebuild_seconds"):
                registry.rebuild(TABLE)
        measures.note("rebuild_facts_per_s", facts / measures.taken["rebuild_seconds"][-1])

    def theirs(number: int) -> None:
        place.settle()
        with place.connect("people") as connection:
            with measures.timed("create_as_seconds"):
                connection.execute(SQL["create_as"])
            connection.execute(SQL["drop_created"])

    measures.rounds(ours, theirs)


def _scan(place: BenchPlace, measures: Measures, position: int) -> None:
    asked = {"position": position, "on": ON}

    def scan(figure: str, query: str) -> None:
        with place.connect("people") as connection:
            connection.execute(SQL[query], asked)  # what the one before left cold
            with measures.timed(f"{figure}_seconds"):
                connection.execute(SQL[query], asked).fetchone()
        measures.note(f"{figure}_per_s", 1 / measures.taken[f"{figure}_seconds"][-1])

    measures.rounds(lambda number: scan("as_of_scan", "as_of_scan"), lambda number: scan("bare_scan", "bare_scan"))


def _histories(place: BenchPlace, measures: Measures) -> None:
    with place.connect("people") as connection:
        people: list[UUID] = [row[0] for row in connection.execute(SQL["some_people"], {"limit": READ})]
        last = connection.execute(SQL["last"]).fetchone()
    asked = [{"person": one, "position": last[0] if last else 0} for one in people]
    asked *= max(1, round(measures.seconds * 10_000) // len(asked))

    def ours(number: int) -> None:
        with opened(place.url("people")) as registry:
            got, _ = rate(1, measures.seconds, asked, lambda one: registry.query(TABLE, HISTORY, **one))
        measures.note("history_per_s", got)

    def theirs(number: int) -> None:
        query = residences.SQL[HISTORY]
        with place.connect("people") as connection:
            got, _ = rate(1, measures.seconds, asked, lambda one: connection.execute(query, one).fetchall())
        measures.note("bare_history_per_s", got)

    measures.rounds(ours, theirs)

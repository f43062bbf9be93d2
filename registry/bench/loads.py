"""Import: a card index into a register that has nothing but its community, beside COPY of the very rows that come of
it.

Ours is `card_index.loading.load` of the three files: read, checked, made facts, projected, in one transaction. COPY
takes every row of every table that the import filled, binary, from a file, into an empty register, in one transaction,
too; primary keys, unique and plain indexes are in place, while exclusion constraints and GIN indexes, which nobody
would keep up row by row at a load, are built after it; then ANALYZE. Both end with the same rows under the same
indexes.
"""

import shutil
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from registry.aggregates.values import Actor
from registry.bench.measures import Measures
from registry.bench.people import WHO, written
from registry.bench.place import SQL, BenchPlace
from registry.card_index import loading
from registry.opening import opened

CHUNK = 2**20
Tables = dict[str, list[str]]


def measured(place: BenchPlace, measures: Measures, persons: int, by: Actor = WHO) -> None:
    """Measures both; the register of the first round stays, as the database `people`."""
    cards, rows = place.folder / "cards", place.folder / "rows"
    written(cards, persons)
    rows.mkdir()
    filled: Tables = {}

    def ours(number: int) -> None:
        kept = "people" if number == 0 else "import"
        url = place.copied(kept, "founded")
        place.settle()
        with opened(url) as registry:
            before = registry.position()
            with measures.peak("import_peak_mb"), measures.timed("import_seconds"):
                done = loading.load(registry, cards, by=by, now=registry.clock())
            facts = registry.position() - before
        if done.rejects or done.persons != persons:
            raise RuntimeError("the card index was not loaded whole")
        measures.note("import_facts_per_s", facts / measures.taken["import_seconds"][-1])
        measures.note("facts", facts)
        if number == 0:
            filled.update(_taken_out(place, rows))
        else:
            place.drop(kept)

    def theirs(number: int) -> None:
        place.copied("copy", "hromada")
        place.settle()
        with measures.timed("copy_seconds"):
            _copied(place, rows, filled)
        measures.note("copy_facts_per_s", measures.taken["facts"][0] / measures.taken["copy_seconds"][-1])
        place.drop("copy")

    measures.rounds(ours, theirs)
    for folder in (cards, rows):
        shutil.rmtree(folder)


def _taken_out(place: BenchPlace, rows: Path) -> Tables:
    """Writes the rows of every table that has any, each into a file; the tables with their columns."""
    with place.connect("people") as connection:
        found: Tables = dict(connection.execute(SQL["filled"]).fetchall())
        for table, columns in found.items():
            with (rows / table).open("wb") as file, connection.cursor() as cursor:
                with cursor.copy(_copy(table, columns, "TO STDOUT")) as copy:
                    for chunk in copy:
                        file.write(chunk)
    return found


def _copied(place: BenchPlace, rows: Path, filled: Tables) -> None:
    with psycopg.connect(place.url("copy"), row_factory=dict_row) as connection:
        after = connection.execute(SQL["built_after"], {"tables": list(filled)}).fetchall()
        for one in after:
            connection.execute(one["take_off"])
        for table, columns in filled.items():
            with (rows / table).open("rb") as file, connection.cursor() as cursor:
                with cursor.copy(_copy(table, columns, "FROM STDIN")) as copy:
                    while chunk := file.read(CHUNK):
                        copy.write(chunk)
        for one in after:
            connection.execute(one["put_back"])
        connection.execute("ANALYZE " + ", ".join(filled))


def _copy(table: str, columns: list[str], way: str) -> Any:
    return f"COPY {table} ({', '.join(columns)}) {way} (FORMAT binary)"

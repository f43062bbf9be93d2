"""Acts: one person entered with all projections, by 1, 8 and 32 clients, beside one event saved by the library and one
row inserted by pgbench.

Ours is `registry.append` of one `person-entered` by threads of one process, as `serve` has them: positions dense and in
the order of commits, which is checked after each round. The library saves the same body by as many threads, each with a
connection. pgbench inserts one row with an index, of the bytes that a fact has, by as many clients of its own. Nobody
reads back; everybody waits for the disk.
"""

from functools import partial
from pathlib import Path
from uuid import uuid4

from registry.bench.measures import Measures, rate
from registry.bench.peers import Peer
from registry.bench.people import WHO, BenchNewcomers
from registry.bench.place import SQL, BenchPlace
from registry.bench.stock import plain, saved, stock
from registry.opening import opened

CLIENTS = (1, 8, 32)
AT_MOST_A_SECOND = 5_000
"""For so many a second people are invented before the watch starts."""


def measured(place: BenchPlace, measures: Measures, peer: Peer | None) -> None:
    """Measures all of it on the databases `acts` and `stock_acts`."""
    bare = place.folder / "bare.sql"
    bytes_ = _bare(place, bare)
    measures.note("fact_bytes", bytes_)
    newcomers = BenchNewcomers()
    for clients in CLIENTS:
        works = [
            partial(_ours, place, measures, newcomers, clients),
            partial(_stock, place, measures, newcomers, clients),
            partial(_pgbench, place, measures, bare, clients),
        ]
        if peer:
            works.append(partial(_peer, peer, measures, bytes_, clients))
        measures.rounds(*works)


def _bare(place: BenchPlace, script: Path) -> int:
    """Makes the table of bare inserts and the script that inserts a row of the size of a fact; that size."""
    with place.connect("acts") as connection:
        row = connection.execute(SQL["row_bytes"]).fetchone()
        connection.execute(SQL["bare_table"])
    size = int(row[0]) if row else 0
    script.write_text(f"INSERT INTO bench_bare (said) VALUES ('\\x{'5a' * size}');\n")
    return size


def _many(measures: Measures, clients: int) -> int:
    return round(measures.seconds * AT_MOST_A_SECOND) + clients


def _ours(place: BenchPlace, measures: Measures, newcomers: BenchNewcomers, clients: int, number: int) -> None:
    who = newcomers.come(_many(measures, clients))
    with opened(place.url("acts")) as registry:
        before = registry.position()
        got, done = rate(
            clients,
            measures.seconds,
            who,
            lambda one: registry.append([(one[0], [one[1]], 0)], by=WHO, command=uuid4()),
        )
        if registry.position() != before + done:
            raise RuntimeError("the log has not grown by what was acknowledged")
    measures.note(f"append_{clients}_per_s", got)


def _stock(place: BenchPlace, measures: Measures, newcomers: BenchNewcomers, clients: int, number: int) -> None:
    bodies = [plain(fact) for _, fact in newcomers.come(_many(measures, clients))]
    with stock(place, "stock_acts", clients) as app:
        got, _ = rate(clients, measures.seconds, bodies, partial(saved, app))
    measures.note(f"stock_{clients}_per_s", got)


def _pgbench(place: BenchPlace, measures: Measures, script: Path, clients: int, number: int) -> None:
    got = place.pgbench("acts", script, clients, measures.seconds)
    measures.note(f"pgbench_{clients}_per_s", got)


def _peer(peer: Peer, measures: Measures, size: int, clients: int, number: int) -> None:
    measures.note(f"{peer.name}_{clients}_per_s", peer.append(clients, measures.seconds, size))

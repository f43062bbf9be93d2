"""The whole run, line by line of its table: what is measured, beside what, and what it has to come to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from registry.aggregates.community.events import COMMUNITY
from registry.bench import acts, desk, folds, loads, scans
from registry.bench.measures import Measures
from registry.bench.peers import Peer, peers
from registry.bench.people import WHO, moved_on
from registry.bench.place import SQL, BenchPlace, bench_place, machine
from registry.bench.stock import filled, stock
from registry.bench.upstairs import Upstairs
from registry.demo import described
from registry.opening import opened

SECONDS, SHORT, FEW = 2.0, 0.2, 1000
"""For how long whatever is counted by time goes on: with fewer than FEW people shorter, to try the bench, no more."""


@dataclass(frozen=True)
class BenchLine:
    """One ratio: ours by the reference's, both figures; what it must be, what is aimed at. Of two times the smaller
    ratio is the better one."""

    name: str
    ours: str
    theirs: str
    must: float | None = None
    aim: float | None = None
    smaller: bool = False


LINES = (
    BenchLine("append_1_vs_stock", "append_1_per_s", "stock_1_per_s", 1.5, 2.5),
    BenchLine("append_8_vs_stock", "append_8_per_s", "stock_8_per_s", 3),
    BenchLine("append_32_vs_stock", "append_32_per_s", "stock_32_per_s", 3),
    BenchLine("append_8_vs_pgbench", "append_8_per_s", "pgbench_8_per_s", 0.25),
    BenchLine("append_32_vs_pgbench", "append_32_per_s", "pgbench_32_per_s", 0.25, 0.6),
    BenchLine("import_vs_copy", "import_facts_per_s", "copy_facts_per_s", 0.5, 0.7),
    BenchLine("replay_vs_copy", "replay_seconds", "copy_typed_seconds", 4, 1.5, smaller=True),
    BenchLine("replay_vs_stock", "replay_facts_per_s", "stock_fold_facts_per_s", 15, 40),
    BenchLine("verify_facts_s_vs_stock", "verify_facts_per_s", "stock_fold_facts_per_s", 0.85, 2.55),
    BenchLine("rebuild_vs_ctas", "rebuild_seconds", "create_as_seconds", 20, 5, smaller=True),
    BenchLine("as_of_scan_vs_limit", "as_of_scan_per_s", "bare_scan_per_s"),
    BenchLine("history_read_vs_bare", "history_per_s", "bare_history_per_s", 0.6, 0.8),
)
"""Of `verify` the issue wants five times, and aims at fifteen times, what it measured: 0.17 of the library's fold."""
WAITED = ("search_letter_ms", "search_prefix_ms", "search_words_ms", "card_ms", "decision_ms")
EXTRACTS = ("extract_1_ms", "extract_2_ms")
IMPORTS, APPENDS, FOLDS, SCANS = 2, 3, 4, 6


def works(rounds: int, with_peers: bool) -> int:
    """How many pieces of work such a run is, as `told` counts them."""
    appends = len(acts.CLIENTS) * (APPENDS + with_peers)
    return rounds * (IMPORTS + len(WAITED) + len(EXTRACTS) + appends + FOLDS + SCANS)


def bench(
    persons: int,
    rounds: int,
    upstairs: Upstairs,
    *,
    with_peers: bool = False,
    told: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Measures everything with so many invented people: `machine`, `persons`, `rounds`, `figures`, `ratios`."""
    measures = Measures(rounds, SECONDS if persons >= FEW else SHORT, told)
    with bench_place() as place:
        told_machine = machine(place)
        half = _registers(place, measures, persons)
        with _copies(place, desk="people"):
            _desks(place, measures, upstairs)
        with _copies(place, acts="people", stock_acts="stock"), peers(place, with_peers) as peer:
            acts.measured(place, measures, peer if isinstance(peer, Peer) else None)
        folds.measured(place, measures, upstairs, half)
        scans.measured(place, measures, half)
        figures = {**_figures(measures), **_sizes(place)}
    if with_peers:
        figures["peers"] = {Peer.name: _of_peer(measures, peer)}
    ratios = {one.name: _rounded(measures.ratio(one.ours, one.theirs)) for one in LINES}
    return {"machine": told_machine, "persons": persons, "rounds": rounds, "figures": figures, "ratios": ratios}


def _registers(place: BenchPlace, measures: Measures, persons: int) -> int:
    """The register, and the library's with the same facts, the import measured meanwhile; the position when half had
    moved."""
    with opened(place.copied("founded", "hromada")) as registry:
        registry.append([(COMMUNITY, described(), 0)], by=WHO, command=uuid4())
    loads.measured(place, measures, persons)
    with opened(place.url("people")) as registry:
        half = moved_on(registry, persons)
        place.copied("stock", "template0")
        with stock(place, "stock") as app:
            filled(app, place, "stock", registry)
    return half


@contextmanager
def _copies(place: BenchPlace, **of: str) -> Iterator[None]:
    """Databases in which something is recorded, each a copy of another one, which stays as it was; dropped after, for
    the room that they take."""
    for copy, template in of.items():
        place.copied(copy, template)
    yield
    for copy in of:
        place.drop(copy)


def _desks(place: BenchPlace, measures: Measures, upstairs: Upstairs) -> None:
    with opened(place.url("people")) as registry, registry.datastore.get_connection() as connection:
        people = connection.execute(SQL["some_people"], {"limit": desk.ENOUGH}).fetchall()
        homes = [row["dwelling"] for row in connection.execute(SQL["some_dwellings"], {"limit": desk.ENOUGH})]
    desk.measured(place, measures, upstairs, people, homes)


def _figures(measures: Measures) -> dict[str, Any]:
    found: dict[str, Any] = {name: measures.parts(name) for name in (*WAITED, *EXTRACTS)}
    measures.taken["search_ms"] = [one for name in WAITED[:3] for one in measures.taken[name]]
    found["search_ms"] = measures.parts("search_ms")
    plain = sorted(set(measures.taken) - set(found))
    return found | {name: _rounded(measures.median(name)) for name in plain}


def _sizes(place: BenchPlace) -> dict[str, Any]:
    """The bytes of the register, of its log alone, and of the library's table of the same facts."""
    with place.connect("people") as ours, place.connect("stock") as theirs:
        said, other = ours.execute(SQL["sizes"]).fetchone(), theirs.execute(SQL["stock_size"]).fetchone()
    sizes = (*(said or ()), *(other or ()))
    return dict(zip(("database_mb", "log_mb", "stock_log_mb"), (round(size / 2**20, 1) for size in sizes), strict=True))


def _of_peer(measures: Measures, peer: Peer | str | None) -> dict[str, Any]:
    """How fast it was, and ours by it; or why it was not measured."""
    if not isinstance(peer, Peer):
        return {"skipped": peer}
    names = {clients: f"{peer.name}_{clients}_per_s" for clients in acts.CLIENTS}
    rates = {name: _rounded(measures.median(name)) for name in names.values()}
    ours = {
        f"append_{clients}_vs_{peer.name}": _rounded(measures.ratio(f"append_{clients}_per_s", name))
        for clients, name in names.items()
    }
    return rates | ours


def _rounded(value: float) -> float:
    """Four digits that mean something."""
    return float(f"{value:.4g}")

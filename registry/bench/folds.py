"""The whole register from the log, and `verify`, beside the library's own fold and COPY of the typed columns.

Replay is what `hromada replay --on D --known-at T` asks for, everybody with their addresses, as known when half of
those who moved had. The library folds as many of its own events, which say the same (`stock`). COPY brings the typed
heads of the same facts to this process and does nothing with them: the least that any replay outside of the database
must wait for. Rates are facts a second, so that a log that is cut at a moment and one that is read whole can be held
side by side.
"""

from registry.bench.measures import Measures
from registry.bench.people import ON
from registry.bench.place import SQL, BenchPlace
from registry.bench.stock import folded, stock
from registry.bench.upstairs import Upstairs
from registry.opening import opened


def measured(place: BenchPlace, measures: Measures, upstairs: Upstairs, position: int) -> None:
    """Measures all four on the databases `people` and `stock`."""

    def replay(number: int) -> None:
        with opened(place.url("people")) as registry:
            with measures.peak("replay_peak_mb"), measures.timed("replay_seconds"):
                rows = upstairs.replay(registry, ON, position)
        if not rows:
            raise RuntimeError("replay found nobody")
        measures.note("replay_facts_per_s", position / measures.taken["replay_seconds"][-1])

    def verify(number: int) -> None:
        with opened(place.url("people")) as registry:
            facts = registry.position()
            with measures.peak("verify_peak_mb"), measures.timed("verify_seconds"):
                found = upstairs.verify(registry)
        if found:
            raise RuntimeError("verify found differences in a register that nobody has touched")
        measures.note("verify_facts_per_s", facts / measures.taken["verify_seconds"][-1])

    def copy(number: int) -> None:
        with place.connect("people") as connection, connection.cursor() as cursor:
            with measures.timed("copy_typed_seconds"):
                with cursor.copy(SQL["typed"], {"position": position}) as rows:
                    for _ in rows:
                        pass

    def fold(number: int) -> None:
        with stock(place, "stock") as app, measures.timed("stock_fold_seconds"):
            facts = folded(app)
        measures.note("stock_fold_facts_per_s", facts / measures.taken["stock_fold_seconds"][-1])

    measures.rounds(replay, copy, fold, verify)

"""The speed of this program on this machine, each figure beside its limit in the same run."""

import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from api.commands import tables
from api.commands.terminal import Interrupted, Json, bar, out, plain, print_json
from registry import texts
from registry.bench.upstairs import Upstairs
from registry.viewer import OPEN
from replay.compare import verify
from replay.register import on_day

OPTIONS = texts.TEXTS["options"]
PROGRAM = (sys.executable, "-c", "from api.commands.cli import main; main()")
COMPARED = ("measured", "ours", "reference", "ratio", "must", "aim", "held")
TIMES = ("measured", "p50", "p95", "p99", "a_second")
OTHERS = ("measured", "figure")


def bench(
    persons: Annotated[int, typer.Option(min=20, max=2_000_000, help=OPTIONS["bench --persons"])] = 30_000,
    rounds: Annotated[int, typer.Option(min=1, max=100, help=OPTIONS["bench --rounds"])] = 5,
    peers: Annotated[bool, typer.Option("--peers", help=OPTIONS["bench --peers"])] = False,
    as_json: Json = False,
) -> None:
    """Measures on invented people in a database of its own, which it removes; no register is touched."""
    # Imported here: no other command pays for it.
    from registry.bench import running

    end = EndOfBench()
    with bar(texts.say("bench", "measuring"), running.works(rounds, peers)) as advance:
        told = end.heard_before(advance)
        said = running.bench(persons, rounds, upstairs(), with_peers=peers, told=told)
    if as_json:
        print_json(said)
    else:
        tell(said, running.LINES)


class EndOfBench:
    """Ctrl-C, SIGTERM or SIGHUP. What is raised by a signal is lost where Python runs a callback of its own just then:
    so it is looked for again after each piece of work, of which there are many."""

    def __init__(self) -> None:
        self.asked, self.told_of = False, sys.unraisablehook
        sys.unraisablehook = self._lost
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def heard_before(self, advance: Callable[[int], None]) -> Callable[[int], None]:
        """`advance`, unless it was asked to end."""

        def told(done: int) -> None:
            if self.asked:
                raise Interrupted
            advance(done)

        return told

    def _lost(self, lost: Any) -> None:
        if not isinstance(lost.exc_value, Interrupted):
            self.told_of(lost)

    def _asked(self, number: int, frame: object) -> None:
        self.asked = True
        raise Interrupted


def upstairs() -> Upstairs:
    """What the bench cannot call itself: replay, `verify`, and this very program."""
    return Upstairs(
        replay=lambda registry, day, position: on_day(registry, day, position, seen_by=OPEN),
        verify=lambda registry: verify(registry).found,
        program=PROGRAM,
    )


def tell(said: dict[str, Any], lines: Any) -> None:
    """Shows what was measured: the machine, each figure beside its limit, what clerks waited for, the rest."""
    figures, machine = said["figures"], said["machine"]
    plain(texts.say("bench", "machine", **{name: _number(value) for name, value in machine.items()}))
    plain(texts.say("bench", "run", persons=said["persons"], rounds=said["rounds"], facts=_number(figures["facts"])))
    plain("")
    compared = [_compared(one, figures, said["ratios"][one.name]) for one in lines]
    waited = [_waited(name, figures) for name, value in figures.items() if isinstance(value, dict) and "p50" in value]
    named = [name for one in lines for name in (one.ours, one.theirs)]
    told = {*named, *(_rate_of(name) for name in figures if name.endswith("_ms")), "facts"}
    others = [
        {"measured": texts.label("bench_figures", name), "figure": _number(value)}
        for name, value in figures.items()
        if not isinstance(value, dict) and name not in told
    ]
    for columns, rows in ((COMPARED, compared), (TIMES, waited), (OTHERS, others)):
        for line in tables.lines(columns, rows, out.width):
            plain(line)
        plain("")
    for peer, found in figures.get("peers", {}).items():
        plain(_of_peer(peer, found))
    plain(texts.say("bench", "how_to_read"))


def _compared(line: Any, figures: dict[str, Any], ratio: float) -> dict[str, Any]:
    sign = "≤" if line.smaller else "≥"
    held = None if line.must is None else ratio <= line.must if line.smaller else ratio >= line.must
    goals = {name: goal if goal is None else f"{sign} {_number(goal)}" for name, goal in _goals(line)}
    sides = {"ours": _number(figures[line.ours]), "reference": _number(figures[line.theirs])}
    return {"measured": texts.label("bench_lines", line.name), **sides, "ratio": _number(ratio), **goals, "held": held}


def _goals(line: Any) -> tuple[tuple[str, float | None], ...]:
    return ("must", line.must), ("aim", line.aim)


def _waited(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    rate = figures.get(_rate_of(name))
    parts = {part: _number(value) for part, value in figures[name].items()}
    return {"measured": texts.label("bench_figures", name), **parts, "a_second": rate and _number(rate)}


def _rate_of(name: str) -> str:
    return name.removesuffix("_ms") + "_per_s"


def _of_peer(peer: str, found: dict[str, Any]) -> str:
    if "skipped" in found:
        return f"{peer}: {texts.label('bench_skipped', found['skipped'])}"
    return f"{peer}: " + "; ".join(f"{name} {_number(value)}" for name, value in found.items())


def _number(value: Any) -> str:
    """A figure as people read it here: four digits that mean something, a comma before the parts."""
    if not isinstance(value, (int, float)):
        return str(value)
    return (f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}").replace(".", ",")

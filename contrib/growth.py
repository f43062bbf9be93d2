"""What grows with the register and what does not: the figures of `hromada bench` at several sizes, in one table.

    .venv/bin/python contrib/growth.py [--sizes 10000,100000,650000] [--rounds 3] [FILE.json ...]

Runs `hromada bench` at each size, one after another, or takes what it printed with --json before. What a clerk does has
to cost the same at every size, within what the machine itself wavers; it is told in milliseconds, p50 and p95. Bulk
work has to grow linearly: it is told in facts a second, which then are the same. The last column is the largest size
by the smallest. Nothing is asserted. TMPDIR is where the bench works: it needs some gigabytes at 650,000 people.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HROMADA = (sys.executable, "-c", "from api.commands.cli import main; main()")
WAITED = ("search_letter_ms", "search_prefix_ms", "search_words_ms", "card_ms", "decision_ms", "extract_1_ms")
AT_THE_DESK = ("append_1_per_s", "append_8_per_s", "history_per_s")
BULK = ("import_facts_per_s", "replay_facts_per_s", "verify_facts_per_s", "rebuild_facts_per_s")
Row = tuple[str, list[float]]


def measured(persons: int, rounds: int) -> dict[str, Any]:
    """One run of the bench."""
    words = [*HROMADA, "bench", "--persons", str(persons), "--rounds", str(rounds), "--json"]
    said: dict[str, Any] = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
    return said


def rows(runs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """Each figure with its value at every size."""
    figures = [one["figures"] for one in runs]
    for name in WAITED:
        for part in ("p50", "p95"):
            yield f"{name} {part}", [one[name][part] for one in figures]
    for name in (*AT_THE_DESK, *BULK):
        yield name, [one[name] for one in figures]


def table(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The lines of the table, for Markdown."""
    sizes = [f"{one['persons']:,}" for one in runs]
    yield "| " + " | ".join(["figure", *sizes, "largest / smallest"]) + " |"
    yield "| --- |" + " ---: |" * (len(sizes) + 1)
    for name, values in rows(runs):
        said = [f"{value:,.0f}" if value >= 100 else f"{value:.1f}" for value in values]
        yield "| " + " | ".join([name, *said, f"{values[-1] / values[0]:.2f}"]) + " |"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("files", nargs="*", type=Path, metavar="FILE.json")
    asked.add_argument("--sizes", default="10000,100000,650000")
    asked.add_argument("--rounds", type=int, default=3)
    said = asked.parse_args()
    if said.files:
        runs = [json.loads(file.read_text("utf-8")) for file in said.files]
    else:
        runs = [measured(int(size), said.rounds) for size in said.sizes.split(",")]
    runs.sort(key=lambda one: one["persons"])
    print(json.dumps(runs[-1]["machine"]), file=sys.stderr)
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()

"""The bench measures every line of its table beside its reference, and leaves nothing. Nothing is asserted of time."""

import json
import math
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running import HROMADA, Command, assert_refused

from api.commands import benching
from registry import texts
from registry.bench import running
from registry.bench.loads import written
from registry.bench.measures import Measures, rate

PERSONS = 40
RATIOS = {
    *("append_1_vs_stock", "append_8_vs_stock", "append_32_vs_stock", "append_8_vs_pgbench", "append_32_vs_pgbench"),
    *("import_vs_copy", "replay_vs_copy", "replay_vs_stock", "verify_facts_s_vs_stock", "rebuild_vs_ctas"),
    *("as_of_scan_vs_limit", "history_read_vs_bare"),
}
TIMES = {
    *("search_ms", "search_letter_ms", "search_prefix_ms", "search_words_ms", "card_ms", "decision_ms"),
    *("extract_1_ms", "extract_2_ms"),
}


@pytest.fixture
def places(data_root):
    """Where the temporary files of three programs are, which the server's account can reach."""
    found = [data_root / "bench" / name for name in ("whole", "ctrl-c", "ended")]
    for folder in (found[0].parent, *found):
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    return found


def started(temporary: Path, rounds: int, *words: str) -> subprocess.Popen:
    words = ("bench", "--persons", str(PERSONS), "--rounds", str(rounds), *words)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    return subprocess.Popen(
        [*HROMADA, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def servers_in(folder: Path) -> list[str]:
    """What still runs of a PostgreSQL whose files are under a folder."""
    found = (Path(process) / "cwd" for process in Path("/proc").iterdir() if process.name.isdigit())
    ways = []
    for one in found:
        try:
            ways.append(os.readlink(one))
        except OSError:
            continue
    return [way for way in ways if way.startswith(str(folder))]


@pytest.mark.slow
class TestBench:
    def test_it_measures_every_line_and_leaves_nothing_and_so_do_two_beside_it_that_are_interrupted(
        self, places, capsys
    ):
        own, *others = places
        whole = started(own, 1, "--json", "--peers")
        ends = [(started(folder, 50), folder) for folder in others]
        try:
            for (program, folder), number in zip(ends, (signal.SIGINT, signal.SIGTERM), strict=True):
                self.interrupted(program, folder, number)
            out, err = whole.communicate(timeout=600)
        finally:
            for program in (whole, *(program for program, _ in ends)):
                program.terminate()
                program.wait()
        assert whole.returncode == 0 and out.count("\n") == 1 and not err, err
        assert list(own.iterdir()) == [] and servers_in(own) == []
        said = json.loads(out)
        self.whole(said)
        assert said["figures"]["peers"].keys() == {"umadb"}
        benching.tell(said, running.LINES)
        self.told(capsys.readouterr().out, said)

    @staticmethod
    def interrupted(program, folder, number):
        """It is at work, its database runs; told to end, it ends in silence and leaves nothing."""
        while program.poll() is None and not list(folder.glob("*/cards/residences.csv")):
            time.sleep(0.05)
        assert servers_in(folder)
        program.send_signal(number)
        assert (*program.communicate(timeout=120), program.returncode) == ("", "", 130)
        assert list(folder.iterdir()) == [] and servers_in(folder) == []

    @staticmethod
    def whole(said):
        assert list(said) == ["machine", "persons", "rounds", "figures", "ratios"]
        assert (said["persons"], said["rounds"]) == (PERSONS, 1)
        assert {"cores", "memory_gb", "postgresql", "fsync_us"} <= said["machine"].keys()
        assert said["machine"]["fsync"] == said["machine"]["synchronous_commit"] == "on"
        assert said["ratios"].keys() == RATIOS
        figures = {name: value for name, value in said["figures"].items() if name != "peers"}
        assert {name for name, value in figures.items() if isinstance(value, dict)} == TIMES
        for name in TIMES:
            assert 0 < figures[name]["p50"] <= figures[name]["p95"] <= figures[name]["p99"], name
        plain = {name: value for name, value in figures.items() if name not in TIMES}
        for name, value in {**plain, **said["ratios"]}.items():
            assert value > 0 and math.isfinite(value), name
        assert figures["facts"] == 3 * PERSONS
        for name in ("import_peak_mb", "replay_peak_mb", "verify_peak_mb", "serve_peak_mb", "database_mb", "log_mb"):
            assert name in figures

    @staticmethod
    def told(text, said):
        """Every figure stands under a Ukrainian name: none of a name of the JSON is left."""
        assert not [name for name in {*RATIOS, *said["figures"]} - {"peers"} if name in text]
        assert all(texts.label("bench_lines", name)[:12] in text for name in RATIOS)


@pytest.mark.parametrize(
    "words", [("--persons", "0"), ("--rounds", "0"), ("--persons", "x")], ids=["nobody", "no-round", "no-number"]
)
def test_what_cannot_be_measured_is_refused_in_words(words):
    assert_refused(Command()("bench", *words), 2, "не підходить")


def test_every_line_and_figure_has_its_words():
    assert {one.name for one in running.LINES} == RATIOS == set(texts.TEXTS["bench_lines"])


def test_a_ratio_is_the_median_of_the_rounds_own():
    measures = Measures(3, 0, lambda done: None)
    for ours, theirs in ((10, 1), (2, 1), (30, 10)):
        measures.note("ours", ours)
        measures.note("theirs", theirs)
    assert measures.ratio("ours", "theirs") == 3 and measures.median("ours") == 10


def test_the_order_of_a_round_is_turned_about_in_the_next():
    order, told = [], []
    measures = Measures(2, 0, told.append)
    measures.rounds(lambda number: order.append(("a", number)), lambda number: order.append(("b", number)))
    assert order == [("a", 0), ("b", 0), ("b", 1), ("a", 1)] and sum(told) == 4


def test_each_client_has_its_own_and_does_one_at_least():
    got: list[int] = []
    per_second, done = rate(4, 0, range(40), got.append)
    assert sorted(got) == [0, 1, 2, 3] and done == 4 and per_second > 0
    _, done = rate(4, 60, range(40), got.append)
    assert done == 40


def test_the_card_index_is_the_same_each_time(tmp_path):
    for name in ("one", "other"):
        written(tmp_path / name, 60)
    for file in ("persons.csv", "dwellings.csv", "residences.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    assert len((tmp_path / "one" / "residences.csv").read_text("utf-8").splitlines()) == 1 + 60 + 36

"""What every command promises alike: its help in Ukrainian, one JSON value, tables that cut no date, times of Kyiv,
files that nobody else reads, any terminal, and a database that a server stops only if it is the server's."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args
from urllib.request import urlopen

import psycopg
import pytest
from conftest import _database
from given import EXAMPLE, VARIABLES
from running import HROMADA, Command, Program, assert_refused, free_ports
from starlette.testclient import TestClient
from test_cli import DWELLINGS, PERSONS, RESIDENCES
from test_house import commands
from test_viewer import Denies

from api.commands import asking, tables
from api.commands.cli import ORDER
from api.main import create_public_app
from registry import questions, texts
from registry.aggregates.community.keys import EndedBecause
from registry.clock import utc_now
from registry.extracts import keys
from registry.opening import opened
from registry.outgoing import outbox
from registry.projections import runner
from registry.roles import ROLES
from registry.settings import Settings
from registry.storage.embedded import Embedded

SERVERS = {("demo",), ("serve",)}
EVERY = [*commands()]
DAY = re.compile(r"\b\d\d\.\d\d\.\d{4}\b")
LONG = (
    "P-3,Довгопрізвищенко-Найдовшенко,Максиміліана-Олександра,Святополківна,female,1990-01-02,,,ua,,,,,,,,,,\n"
    "P-4,Короткий,Ян,,male,1991,,,ua,,,,,,,,,,\n"
)
THERE = (
    "P-3,D-1,registered,2013-05-06,2014-07-08,moved,,картка\n"
    "P-4,D-1,registered,2013-05-06,,,,картка\n"
    "P-3,D-2,registered,2015-05-06,,,,картка\n"
)


@pytest.fixture(scope="module")
def loaded(server, tmp_path_factory):
    """A register with a card index in it, which the tests of this module only ask."""
    folder = tmp_path_factory.mktemp("commands")
    files = {"persons": PERSONS + LONG, "dwellings": DWELLINGS, "residences": RESIDENCES + THERE}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for url in _database(server, template="hromada"):
        command = Command(DATABASE_URL=url, HROMADA_DATA=str(folder / "data"), **VARIABLES)
        assert command("import", folder).returncode == 3
        yield command


class TestHelp:
    @pytest.mark.parametrize("command", [(), *EVERY, ("ask",), ("db",), ("keys",)], ids=" ".join)
    def test_is_ukrainian_and_within_the_terminal(self, command):
        done = Command(COLUMNS="80")(*command, "--help")
        assert done.returncode == 0 and max(map(len, done.stdout.splitlines())) <= 80
        latin = set(re.findall(r"(?<![\w.:/-])[A-Za-z]{2,}(?![\w:/-])", self.said(done.stdout)))
        assert latin <= self.names(), latin - self.names()

    @staticmethod
    def said(text):
        """The help without what is typed as it stands: options, environment, files, ids with a hyphen or a `_`."""
        return re.sub(r"--[\w-]+|HROMADA_\w+|[\w…-]*[_.][\w.-]+|[A-Z]{2,}…?|UA\d*", " ", text)

    @staticmethod
    def names():
        codes = {"current", "left", "annulled", "person", "outbox", "jsonl", "settlement", "street", "basis", "katottg"}
        codes |= {"district", "house", "building", "flats", "code", "name", "kind", "from", "until"}
        return {
            "hromada",
            "Hromada",
            "Bearer",
            "docs",
            "examples",
            *codes,
            *get_args(EndedBecause),
            *ROLES,
            *(word for one in EVERY for word in one),
        }

    def test_what_is_used_first_stands_first(self):
        shown = Command(COLUMNS="80")("--help").stdout
        places = [shown.index(f"│ {name} ") for name in ORDER]
        assert places == sorted(places)
        assert set(ORDER) == {one[0] for one in EVERY}

    def test_of_no_command_says_what_there_is(self):
        assert_refused(Command()("--frob"), 2, "Немає такого параметра")
        done = Command()()
        assert done.returncode == 2 and "Команди" in done.stdout + done.stderr

    def test_tells_how_to_keep_a_number_out_of_the_list_of_processes(self):
        for words in (("ask", "residence"), ("ask", "occupancy"), ("extract",), ("replay",)):
            assert "стандартного входу" in " ".join(re.sub("[│]", " ", Command()(*words, "--help").stdout).split())


class TestOneValue:
    @pytest.mark.parametrize("command", [one for one in EVERY if one not in SERVERS], ids=" ".join)
    def test_every_command_but_servers_can_give_json(self, command):
        assert "--json" in Command()(*command, "--help").stdout

    @pytest.mark.parametrize(
        "words",
        [
            *(
                ("ask", "residence", "P-1"),
                ("ask", "occupancy", "D-1"),
                ("ask", "moved", "--least", "1", "--first", "9"),
            ),
            *(("ask", "superseded", "--since", "01.01.2020"), ("replay",), ("verify",), ("rebuild", "people")),
            *(("upgrade",), ("version",), ("keys", "list"), ("keys", "rotate"), ("community", "show")),
            *(("territories", "show"), ("streets", "show"), ("streets", "reconcile")),
            ("fee", "register_residence", "--on", "12.01.2026"),
        ],
        ids=" ".join,
    )
    def test_it_is_one_value_and_its_times_are_iso(self, loaded, words):
        done = loaded(*words, "--json")
        assert isinstance(json.loads(done.stdout), dict) and done.stdout.count("\n") == 1
        assert not DAY.search(done.stdout.partition("reference")[0])

    def test_the_version_is_an_option_too(self):
        assert Command()("--version").stdout == Command()("version").stdout


class TestTables:
    ASKED = (
        ("ask", "occupancy", "D-1", "--on", "01.06.2013"),
        ("ask", "occupancy", "D-1", "--from", "2000-01-01", "--until", "2026-01-01"),
        ("ask", "residence", "P-1", "--from", "2000-01-01"),
        ("ask", "moved", "--least", "1", "--first", "9"),
        ("replay", "--person", "P-3"),
        ("replay", "--on", "01.06.2013"),
    )

    @pytest.mark.parametrize("width", [40, 60, 80, 200])
    @pytest.mark.parametrize("words", ASKED, ids=" ".join)
    def test_no_date_is_cut_and_no_line_is_longer(self, loaded, words, width):
        done = loaded(*words, COLUMNS=str(width))
        assert done.returncode == 0 and "…" not in done.stdout
        lines = done.stdout.splitlines()
        assert max(map(len, lines)) <= width
        answer = json.loads(loaded(*words, "--json").stdout)["answer"]
        days = sorted(texts.day(row[name]) for row in answer for name in ("since", "until", "from") if row.get(name))
        asked = json.loads(loaded(*words, "--json").stdout)
        days += [texts.day(asked[name]) for name in ("on", "from", "until") if asked.get(name)]
        assert sorted([*days, f"{utc_now().astimezone(tables.KYIV):%d.%m.%Y}"]) == sorted(DAY.findall("\n".join(lines)))

    def test_days_and_the_moment_are_as_people_write_them(self, loaded):
        shown = loaded("ask", "residence", "P-1", "--on", "2010-01-01").stdout
        assert re.search(r"на день: 01\.01\.2010  як записано на: \d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d  ", shown)
        assert "01.03.2012" in shown and not re.search(r"\d{4}-\d\d-\d\d", shown)

    def test_the_clock_is_of_kyiv(self):
        assert tables.clock("2026-11-30T10:34:05.928303Z") == "30.11.2026 12:34"
        assert tables.clock("2026-07-30T10:34:05Z", seconds=True) == "30.07.2026 13:34:05"

    @pytest.mark.parametrize("day", ["01.06.2013", "1.6.2013", "2013-06-01"])
    def test_a_day_is_read_either_way(self, loaded, day):
        assert loaded.answer("ask", "occupancy", "D-1", "--on", day)["on"] == "2013-06-01"

    @pytest.mark.parametrize("day", ["31.06.2013", "06/01/2013", "2013"])
    def test_what_is_no_day_is_told_so(self, loaded, day):
        assert_refused(loaded("ask", "occupancy", "D-1", "--on", day), 2, "ДД.ММ.РРРР")

    def test_names_stand_beside_marks(self, loaded):
        period = ("ask", "occupancy", "D-1", "--from", "01.01.2013", "--until", "01.01.2014")
        (row,) = loaded.answer(*period)["answer"]
        assert row["persons"] == ["P-3", "P-4"]
        assert row["names"] == ["Довгопрізвищенко-Найдовшенко Максиміліана-Олександра Святополківна", "Короткий Ян"]
        assert "P-4 Короткий Ян" in loaded(*period, COLUMNS="200").stdout
        moved = loaded.answer("ask", "moved", "--least", 2, "--first", 9)["answer"]
        assert ("P-1", "Вигаданко Ївга Остапівна") in [(one["person_ref"], one["name"]) for one in moved]

    def test_whoever_is_hidden_has_neither(self, loaded):
        hidden = loaded.answer("ask", "residence", "P-3")
        now = utc_now()
        with opened(loaded.environment["DATABASE_URL"], clock=utc_now) as registry:
            position = registry.position()
            everybody = questions.occupancy(
                registry, "D-1", questions.asked(on="2013-06-01", now=now), now, seen_by=Denies()
            )["answer"]
            unseen = Denies(next(one["person_id"] for one in everybody if one["person_ref"] == "P-3"))
            period = questions.asked(start="2013-06-01", end="2013-07-01", now=now)
            over = questions.occupancy(registry, "D-1", period, now, seen_by=unseen)
            said = {"least": 1, "first": 9, "community": "", "seen_by": unseen}
            moved = questions.moved(registry, questions.asked(now=now), now, **said)
        assert hidden["position"] == position
        (row,) = over["answer"]
        assert (row["persons"], row["names"]) == (["дані приховано", "P-4"], ["дані приховано", "Короткий Ян"])
        assert asking._with_names(over)["answer"][0]["persons"] == ["дані приховано", "P-4 Короткий Ян"]
        assert "Довгопрізвищенко" not in json.dumps([over, moved], ensure_ascii=False)

    def test_nothing_found_is_said(self, loaded):
        assert "жоден виданий витяг" in loaded("ask", "superseded", "--since", "01.01.2020").stdout
        assert "Нічого не знайдено." in loaded("ask", "moved", "--least", "99", "--first", "1").stdout

    @pytest.mark.parametrize("columns", [("since", "until"), ("name", "since", "until", "kind", "certain")])
    def test_of_any_rows_and_any_width_every_word_is_there(self, columns):
        row = {
            "name": "Прізвище " * 5,
            "since": "2015-02-03",
            "until": "2026-06-07",
            "kind": "registered",
            "certain": True,
        }
        for width in range(12, 120):
            lines = tables.lines(columns, [row], width)
            assert max(map(len, lines)) <= width
            assert DAY.findall("\n".join(lines)) == ["03.02.2015", "07.06.2026"]


class TestWords:
    def test_everything_that_verify_counts_has_a_name(self):
        counted = {"facts", "position", outbox.TABLE, *(one.TABLE for one in runner.PROJECTIONS)}
        assert counted <= set(texts.TEXTS["verified"])

    def test_verify_says_them_and_json_keeps_its_keys(self, loaded):
        said = loaded("verify").stdout
        assert "Фактів у журналі: " in said and not re.search(r"^[a-z_]+:", said, re.MULTILINE)
        assert {"facts", "position", "residences", "people"} <= set(loaded.answer("verify"))

    def test_a_fee_cites_the_act(self, loaded):
        said = loaded("fee", "register_residence", "--on", "12.01.2026").stdout
        assert "№ 4695-IX" in said and ".ua" not in said and ".org" not in said


class TestKeptOut:
    @pytest.mark.parametrize(
        "words",
        [("ask", "residence", "-"), ("replay", "--person", "-"), ("extract", "-", "--out", "/dev/null")],
        ids=" ".join,
    )
    def test_a_person_is_read_from_the_standard_input(self, loaded, words, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO("19850402-00016\n"))
        assert loaded(*words, "--json").returncode == 0

    def test_a_dwelling_too_and_a_number_as_an_argument_still_works(self, loaded, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO("D-1\nD-2\n"))
        assert loaded.answer("ask", "occupancy", "-", "--on", "2013-06-01")["answer"]
        assert loaded.answer("ask", "residence", "19850402-00016")["answer"]

    @pytest.mark.parametrize("typed", ["", "\n", "   \n"])
    def test_nothing_on_it_is_told_so(self, loaded, typed, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        assert_refused(loaded("ask", "residence", "-"), 2, "На стандартному вході порожньо")


class TestFiles:
    @pytest.fixture(autouse=True)
    def usual_umask(self):
        kept = os.umask(0o022)
        yield
        os.umask(kept)

    def test_what_a_command_writes_nobody_else_reads(self, loaded, tmp_path):
        (tmp_path / "витяг.pdf").touch(0o644)
        assert loaded("extract", "P-1", "--out", tmp_path / "витяг.pdf").returncode == 0
        assert loaded("export", tmp_path / "j.jsonl", "--documents", tmp_path / "documents").returncode == 0
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(written) >= 3 and {path.stat().st_mode & 0o077 for path in written} == {0}

    def test_a_key_that_others_may_read_is_warned_of(self, tmp_path):
        command = Command(HROMADA_DATA=str(tmp_path))
        assert command("keys", "rotate").stderr == ""
        (key,) = (tmp_path / "keys").iterdir()
        key.chmod(0o644)
        done = command("keys", "list", "--json")
        assert "chmod 600" in done.stderr and key.name in done.stderr and json.loads(done.stdout)["keys"]
        key.chmod(0o600)
        assert command("keys", "list").stderr == ""

    @pytest.mark.parametrize("broken", ["{", "[]", "null", '{"kty": "OKP"}'])
    def test_a_broken_key_is_said_without_its_path(self, database_url, tmp_path, broken):
        folder = tmp_path / "keys"
        folder.mkdir()
        (folder / "000001.jwk").write_text(broken)
        settings = Settings(data=tmp_path)
        with opened(database_url, clock=utc_now) as registry:
            answer = TestClient(create_public_app(registry, settings)).get("/.well-known/jwks.json")
        assert answer.status_code == 503 and str(tmp_path) not in answer.text
        with pytest.raises(keys.BadKey) as told:
            keys.kept(settings)
        assert "000001.jwk" in str(told.value) and str(tmp_path) not in str(told.value)


@pytest.mark.slow
class TestAnyTerminal:
    @pytest.mark.parametrize(
        "environment",
        [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
        ids=["ascii", "C"],
    )
    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (("ask", "residence", "P-1"), 0),
            (("ask", "occupancy", "D-1", "--on", "01.06.2013"), 0),
            (("ask", "residence", "P-1", "--json"), 0),
            (("ask", "residence", "Ґ-77"), 2),
            (("verify",), 0),
            (("--help",), 0),
        ],
        ids=str,
    )
    def test_what_it_has_no_letters_for_is_escaped(self, loaded, words, status, environment):
        done = Program(**loaded.environment)(*words, **environment)
        assert done.returncode == status and "Traceback" not in done.stderr
        assert (done.stdout + done.stderr).isascii() and "\\u04" in done.stdout + done.stderr

    @pytest.mark.parametrize("words", ["ask moved --least 1 --first 9", "replay --json", "verify", "--help"])
    def test_whoever_stops_reading_ends_it_quietly(self, loaded, words):
        line = (
            f"{sys.executable} -c 'from api.commands.cli import main; main()' {words} | true; echo ${{PIPESTATUS[0]}}"
        )
        done = subprocess.run(
            ["bash", "-c", line], env=loaded.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stderr == "" and done.stdout.strip() in ("0", str(128 + signal.SIGPIPE))

    def test_no_standard_output_at_all_is_no_error(self, loaded):
        line = f"{sys.executable} -c 'from api.commands.cli import main; main()' ask residence P-1 >&-"
        done = subprocess.run(
            ["bash", "-c", line], env=loaded.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


class Serving:
    """`hromada serve` on the embedded database of a folder."""

    def __init__(self, data: Path, *words: str):
        port, public = free_ports(2)
        ports = {"HROMADA_PORT": str(port), "HROMADA_PUBLIC_PORT": str(public)}
        environment = {**os.environ, "HROMADA_DATA": str(data), **ports}
        self.ready = f"http://127.0.0.1:{port}/readyz"
        self.process = subprocess.Popen(
            [*HROMADA, *(words or ("serve",))],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 300
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urlopen(self.ready, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self, number: int = signal.SIGTERM) -> str:
        """Ends it, and gives what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=300)
        return said


@pytest.mark.slow
class TestDatabaseOfServers:
    @pytest.fixture
    def data(self, data_root, request):
        folder = data_root / f"shared-{abs(hash(request.node.name))}"
        yield folder
        Embedded(folder).stop()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_server_stops_the_database_that_it_started(self, data, number):
        assert "Сервер і базу даних зупинено." in Serving(data).end(number)
        assert not Embedded(data).status()

    def test_and_only_that(self, data):
        assert Program(HROMADA_DATA=str(data))("db", "start").returncode == 0
        assert "hromada db stop" in Serving(data).end()
        assert Embedded(data).status()

    @pytest.mark.parametrize("words", [("serve",), ("demo", "--persons", "20")], ids=" ".join)
    def test_not_while_another_server_uses_it(self, data, words):
        first = Serving(data, *words)
        second = Serving(data)
        assert "інша програма" in first.end()
        assert second.answers() and Embedded(data).status()
        second.end()

    def test_and_whoever_came_second_takes_it_from_nobody(self, data):
        first = Serving(data)
        second = Serving(data, "demo", "--persons", "20")
        second.end()
        assert first.answers()
        assert "Сервер і базу даних зупинено." in first.end()
        assert not Embedded(data).status()

    def test_not_while_a_command_runs(self, data):
        server = Serving(data)
        code = (
            "import sys; from registry.settings import Settings; from registry.storage.database import connect_url;"
            "connect_url(Settings.read()); print('here', flush=True); sys.stdin.read()"
        )
        command = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "HROMADA_DATA": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert command.stdout.readline() == "here\n"
        assert "інша програма" in server.end()
        assert Embedded(data).status()
        command.communicate("", timeout=60)

    def test_a_server_that_could_not_begin_leaves_no_database_behind(self, data):
        # Of a register without facts nothing is stale: this one has those of its community.
        hromada = Program(HROMADA_DATA=str(data))
        assert hromada("init", str(EXAMPLE)).returncode == 0
        with psycopg.connect(Embedded(data).url) as connection:
            assert connection.execute("UPDATE projections SET version = 0 WHERE name = 'people'").rowcount == 1
        assert hromada("db", "stop").returncode == 0
        assert_refused(hromada("serve"), 4, "hromada upgrade")
        assert not Embedded(data).status()

    def test_db_answers_programs(self, data):
        command = Program(HROMADA_DATA=str(data))
        assert command.answer("db", "status") == {"running": False}
        assert command.answer("db", "start") == command.answer("db", "status") == {"running": True}
        assert command.answer("db", "stop") == {"running": False}

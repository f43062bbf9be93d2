"""The command `hromada`, as people call it: exit statuses, one JSON value, errors that say what to do."""

import json
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from given import EXAMPLE, VARIABLES
from running import HROMADA, Command, Program, assert_refused, free_ports

from api.commands.terminal import explained
from registry.storage.database import newest_migration

PERSONS = (
    "person_ref,surname,given_names,patronymic,sex,birth_date,birth_country,birth_place,citizenship,unzr,rnokpp,"
    "document_kind,document_number,document_issued_on,document_issued_by,document_valid_until,phone,email,"
    "death_registered_on\n"
    "P-1,Вигаданко,Ївга,Остапівна,female,1985-04-02,,,ua,19850402-00016,,,,,,,,,\n"
    "P-2,Небувалий,Гнат,,male,2001,,,ua,,,,,,,,,,\n"
)
DWELLINGS = (
    "dwelling_ref,katottg,settlement,district,street,house,building,flat,room,kind\n"
    "D-1,,м. Вигадів,,вул. Рання,7,,,,private\n"
    "D-2,,м. Вигадів,,вул. Пізня,9,,3,,private\n"
)
RESIDENCES = (
    "person_ref,dwelling_ref,kind,since,until,ended_by,basis,source\n"
    "P-1,D-1,registered,2004-05,2012-03-01,moved,,картка\n"
    "P-1,D-2,registered,2012-03-01,,,,картка\n"
    "P-2,D-2,registered,1999,2000,moved,,картка\n"
)


@pytest.fixture
def hromada(database_url, tmp_path):
    return Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"))


@pytest.fixture
def cards(tmp_path):
    folder = tmp_path / "cards"
    folder.mkdir()
    for name, text in (("persons", PERSONS), ("dwellings", DWELLINGS), ("residences", RESIDENCES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def loaded(hromada, cards):
    assert hromada("import", cards).returncode == 3
    return hromada


def test_import_counts_what_was_new_and_lists_the_rest(hromada, cards, tmp_path):
    first = hromada("import", cards, "--json", "--rejects", tmp_path / "rejects.csv")
    counts = json.loads(first.stdout)
    assert first.returncode == 3
    assert {name: counts[name] for name in ("persons", "dwellings", "residences", "rejected")} == {
        "persons": 2,
        "dwellings": 2,
        "residences": 2,
        "rejected": 1,
    }
    listed = (tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert listed[0] == "file,line,column,code,message,value" and listed[1].startswith(
        "residences.csv,4,since,before-birth,"
    )
    again = hromada("import", cards, "--json")
    assert again.returncode == 3 and json.loads(again.stdout)["residences"] == 0


def test_a_person_is_named_by_ref_id_or_unzr_and_rows_name_their_facts(loaded):
    by_ref = loaded.answer("ask", "residence", "P-1", "--from", "1990-01-01")
    assert [(row["dwelling_ref"], row["since"], row["until"], row["certain"]) for row in by_ref["answer"]] == [
        ("D-2", "2012-03-01", None, True),
        ("D-1", "2004-05-01", "2012-03-01", False),
    ]
    assert all(row["facts"] for row in by_ref["answer"])
    by_unzr = loaded.answer("ask", "residence", "19850402-00016", "--on", "2020-01-01")
    assert by_unzr["answer"][0]["dwelling_ref"] == "D-2"
    people = loaded.answer("ask", "occupancy", "D-2", "--on", "2020-01-01")["answer"]
    assert [row["person_ref"] for row in people] == ["P-1"]
    assert loaded.answer("ask", "residence", people[0]["person_id"])["answer"][0]["dwelling_ref"] == "D-2"


def test_replay_gives_what_the_projection_gives(loaded):
    asked = ("--on", "2010-01-01")
    projected = loaded.answer("ask", "residence", "P-1", *asked)["answer"]
    assert loaded.answer("replay", "--person", "P-1", *asked)["answer"] == projected
    everybody = loaded.answer("replay", *asked)["answer"]
    assert [(row["person_ref"], len(row["residences"])) for row in everybody] == [("P-1", 1)]


def test_before_the_first_fact_the_register_was_not_kept(loaded):
    for words in (("ask", "residence", "P-1"), ("ask", "occupancy", "D-1"), ("replay",)):
        said = loaded.answer(*words, "--known-at", "2001-01-01")
        assert (said["position"], said["answer"]) == (0, "реєстр ще не вівся")


def test_moved_counts_standing_residences_here(loaded):
    said = loaded.answer("ask", "moved", "--least", 2, "--first", 5)
    assert said["answer"] == [{"person_ref": "P-1", "name": "Вигаданко Ївга Остапівна", "residences": 2}]


def test_issued_documents_travel_beside_the_journal(loaded, tmp_path):
    done = loaded("extract", "P-1", "--out", tmp_path / "витяг.pdf", "--json", **VARIABLES)
    assert done.returncode == 0, done.stderr
    beside = tmp_path / "beside"
    said = loaded.answer("export", tmp_path / "one.jsonl", "--documents", beside)
    (one,) = beside.iterdir()
    assert (said["documents"], said["lost"]) == (1, []) and one.read_bytes() == (tmp_path / "витяг.pdf").read_bytes()
    (kept,) = Path(loaded.environment["HROMADA_DATA"], "documents").iterdir()
    kept.unlink()
    done = loaded("export", tmp_path / "one.jsonl", "--documents", beside)
    assert done.returncode == 3 and kept.stem in done.stdout
    assert "documents" not in loaded.answer("export", tmp_path / "one.jsonl")


def test_export_import_export_is_the_same_bytes(loaded, empty_register, tmp_path):
    assert loaded("export", tmp_path / "one.jsonl").returncode == 0
    assert empty_register.answer("import", tmp_path / "one.jsonl")["facts"] == 6
    assert empty_register("export", tmp_path / "two.jsonl").returncode == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert empty_register.answer("verify")["marks"] == ["given-times"]
    assert_refused(empty_register("import", tmp_path / "one.jsonl"), 2, "не порожній")


def test_verify_and_rebuild_agree(loaded):
    assert loaded.answer("verify")["found"] == 0
    assert loaded.answer("rebuild")["residences"] == 2
    assert loaded("verify").returncode == 0
    assert_refused(loaded("rebuild", "voters"), 2, "Немає проєкції voters")


@pytest.fixture
def outdated(loaded, database_url):
    """A register whose `people` were made by another version of the program."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE projections SET version = 0 WHERE name = 'people'")
        connection.execute("UPDATE people SET surname = 'Колишня'")
    return loaded


@pytest.mark.parametrize("words", [("ask", "residence", "P-1"), ("verify",), ("import", "."), ("serve",)], ids=" ".join)
def test_rows_of_another_version_are_not_served(outdated, words):
    refused = outdated(*words, HROMADA_PORT=str(free_ports(1)[0]))
    assert_refused(refused, 4, "people", "hromada upgrade")
    assert refused.stdout == ""


def test_what_reads_only_the_log_does_not_mind(outdated, tmp_path):
    assert outdated("export", tmp_path / "all.jsonl").returncode == 0
    assert outdated.answer("replay", "--person", "P-1")["answer"]


def test_an_upgrade_rebuilds_what_another_version_made_and_only_that(outdated):
    said = outdated.answer("upgrade")
    assert (said["schema"], said["rebuilt"]) == (newest_migration(), {"people": 2})
    assert outdated.answer("verify")["differences"] == []
    assert outdated.answer("upgrade")["rebuilt"] == {}
    assert "відповідає" in outdated("upgrade").stdout


def test_the_demo_rebuilds_it_by_itself(outdated):
    assert outdated("demo", "--no-serve").returncode == 0
    assert outdated.answer("upgrade")["rebuilt"] == {}


def test_an_extract_is_a_file_and_a_number(loaded, tmp_path):
    loaded.environment |= VARIABLES
    said = loaded.answer("extract", "P-1", "--history", "--out", tmp_path / "extract.pdf")
    assert (tmp_path / "extract.pdf").read_bytes().startswith(b"%PDF")
    assert set(said) == {"number", "code", "sha256", "position", "fact", "residences"}
    assert len(said["residences"]) == 2


def test_what_to_know_before_an_extract_is_told_beside_it(loaded, tmp_path):
    loaded.environment |= VARIABLES
    owner = ("--for", "dwelling_owner", "--requester", "Власник Придуманий")
    shown = ("--document", "identity_document", "--document", "ownership_document")
    done = loaded("extract", "--dwelling", "D-1", *owner, *shown, "--out", tmp_path / "home.pdf", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["number"]
    assert "Власників цього житла в реєстрі не внесено" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "residence", "P-77"), "Такої особи в реєстрі немає"),
        (("ask", "occupancy", "D-77"), "Такого житла в реєстрі немає"),
        (("ask", "residence", "P-1", "--on", "31.11.2020"), "ДД.ММ.РРРР"),
        (("ask", "residence", "P-1", "--on", "20201231"), "РРРР-ММ-ДД"),
        (("ask", "residence", "P-1", "--on", "2020-01-01", "--from", "2020-01-01"), "а не обидва"),
        (("ask", "residence", "P-1", "--from", "2020-01-01", "--until", "2020-01-01"), "Період порожній"),
        (("ask", "residence", "P-1", "--known-at", "2999-01-01"), "ще не настав"),
        (("ask", "residence", "P-1", "--known-at", "завтра"), "known_at"),
        (("replay", "--person", "P-77"), "Такої особи в реєстрі немає"),
        (("extract", "P-77", "--out", "/tmp/no.pdf"), "Такої особи в реєстрі немає"),
        (("extract", "P-1", "--out", "/no/such/folder/a.pdf"), "Немає папки"),
        (("import", "/no/such/folder"), "Немає такого файлу"),
        (("export", "/no/such/folder/a.jsonl"), "недоступні"),
        (("serve", "--host", "0.0.0.0"), "HROMADA_PROXIES"),
        (("import",), "Не вказано SOURCE"),
        (("demo", "--persons", "5"), "Значення --persons не підходить"),
        (("verify", "--frob"), "Немає такого параметра: --frob"),
        (("nonsense",), "hromada --help"),
    ],
)
def test_bad_input_is_told_what_to_do(loaded, words, said):
    assert_refused(loaded(*words), 2, said)


def test_a_broken_card_index_changes_nothing(hromada, cards):
    good = (cards / "residences.csv").read_bytes()
    for broken, said in (
        (good.replace(b"P-2,D-2", b"P-2,D-2,\xff\xd0\x90\xd0\x91"), "пошкоджений"),
        (good.replace(b"since,", b""), "немає стовпця since"),
        (good + b'P-1,"D"-1,registered,,\n', "рядок 5"),
    ):
        (cards / "residences.csv").write_bytes(broken)
        assert_refused(hromada("import", cards), 2, "residences.csv", said)
    assert hromada.answer("verify")["facts"] == 0


def test_a_journal_cut_in_half_changes_nothing(loaded, empty_register, tmp_path):
    loaded("export", tmp_path / "journal.jsonl")
    whole = (tmp_path / "journal.jsonl").read_bytes()
    (tmp_path / "cut.jsonl").write_bytes(whole[:-40])
    assert_refused(empty_register("import", tmp_path / "cut.jsonl"), 2, "Рядок 6", "обірвано")
    assert empty_register.answer("import", tmp_path / "journal.jsonl")["facts"] == 6


@pytest.mark.parametrize(
    ("environment", "status", "said"),
    [
        ({"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/none"}, 4, "не відповідає"),
        ({"DATABASE_URL": "mysql://u:secret@localhost/none"}, 4, "DATABASE_URL"),
        ({"HROMADA_PORT": "99999"}, 2, "HROMADA_PORT"),
        ({"HROMADA_COMMUNITY": "Вигадів"}, 2, "HROMADA_COMMUNITY"),
    ],
)
def test_bad_settings_are_told_what_to_do(hromada, environment, status, said):
    done = hromada("verify", **environment)
    assert_refused(done, status, said)
    assert "secret" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("words", "environment", "status"),
    [
        (("fee", "register_residence", "--on", "2022-05-05"), {}, 0),
        (("verify", "--json"), {}, 0),
        (("verify",), {"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/none"}, 4),
        (("nonsense",), {}, 2),
    ],
)
def test_the_program_itself_says_what_it_says_within_these_tests(hromada, words, environment, status):
    program, here = (run(*words, **environment) for run in (Program(**hromada.environment), hromada))
    assert program.returncode == status and program.stdout + program.stderr
    assert (here.returncode, here.stdout, here.stderr) == (program.returncode, program.stdout, program.stderr)


def test_a_port_that_is_taken_is_said_before_anything_is_made(data_root):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        folder = data_root / "taken"
        command = Command(HROMADA_DATA=str(folder), HROMADA_PORT=str(taken.getsockname()[1]))
        assert_refused(command("demo"), 4, "зайнятий")
    assert not (folder / "pg").exists()


@pytest.mark.slow
def test_the_demo_serves_and_ends_in_order(data_root):
    folder, (port, public) = data_root / "demo", free_ports(2)
    command = Program(HROMADA_DATA=str(folder), HROMADA_PORT=str(port), HROMADA_PUBLIC_PORT=str(public))
    running = subprocess.Popen([*HROMADA, "demo", "--persons", "20"], env=command.environment, stderr=subprocess.PIPE)
    try:
        page = wait_for(f"http://127.0.0.1:{port}/", running)
        assert '<html lang="uk"' in page
        assert command("db", "status").returncode == 0
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=300)
    assert command("db", "status").returncode == 1
    facts = command.answer("verify")["facts"]
    assert facts > 40
    again = command("demo", "--no-serve")
    assert again.returncode == 0 and "нічого не додаючи" in again.stderr
    assert command.answer("verify")["facts"] == facts
    assert command("db", "stop").returncode == 0


@pytest.mark.slow
def test_commands_start_the_database_and_leave_it_running(data_root):
    one, other = (Program(HROMADA_DATA=str(data_root / name)) for name in ("one", "other"))
    assert one.answer("verify")["facts"] == 0
    assert other.answer("verify")["facts"] == 0
    assert one("db", "status").returncode == other("db", "status").returncode == 0
    assert one("db", "stop").returncode == 0
    assert (one("db", "status").returncode, other("db", "status").returncode) == (1, 0)
    assert other("db", "stop").returncode == 0


@pytest.fixture
def empty_register(server, tmp_path):
    from conftest import _database

    for url in _database(server, template="hromada"):
        yield Command(DATABASE_URL=url, HROMADA_DATA=str(tmp_path / "other"))


def wait_for(url: str, running: subprocess.Popen) -> str:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer: {running.poll()}")


def test_the_fee_of_a_day_names_its_rule_and_reference():
    command = Command()
    assert command.answer("fee", "register_residence", "--on", "2022-05-05", "--late")["kopiykas"] == 6203
    assert command.answer("fee", "register_residence", "--on", "2021-11-30")["kopiykas"] == 1360
    assert command.answer("fee", "issue_extract", "--on", "2026-01-01")["kopiykas"] == 0
    assert set(command.answer("fee", "declare_residence", "--on", "2026-01-01")) == {"kopiykas", "rule", "reference"}


def test_an_office_is_open_until_its_closing_minute(hromada):
    assert hromada.answer("init", EXAMPLE)["facts"] == 2
    assert hromada.answer("office", "saksahanskyi", "--at", "2024-06-04T19:59")["open"] is True
    assert hromada.answer("office", "saksahanskyi", "--at", "2024-06-04T20:00")["open"] is False
    assert_refused(hromada("office", "nowhere", "--at", "2024-06-04T19:59"), 2, "Такого офісу", "saksahanskyi")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fee", "register_residence", "--on", "2027-01-01"), "не оприлюднено"),
        (("fee", "register_residence", "--on", "2016-05-01"), "не оприлюднено"),
        (("fee", "register_car", "--on", "2026-01-01"), "Такої послуги немає"),
        (("fee", "register_residence", "--on", "учора"), "РРРР-ММ-ДД"),
        (("office", "saksahanskyi", "--at", "19:59"), "2024-06-04T19:59"),
    ],
)
def test_what_the_law_does_not_say_is_an_error(words, said):
    assert_refused(Command()(*words), 2, said)


def test_a_fault_of_the_program_quotes_nothing():
    status, text = explained(ValueError("Вигаданко Ївга"))
    assert status == 1 and "ValueError" in text and "Вигаданко" not in text

"""`kill -9` of whoever works, and of PostgreSQL itself: what was acknowledged is there, and nothing is there in part.

Run as a program, this file is the one that works and is killed; it tells on standard output how far it is.
"""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from uuid import UUID, uuid4

import psycopg
import pytest
from clerks import Clerk
from conftest import _database
from given import CLERK
from psycopg.conninfo import conninfo_to_dict

from registry import journal
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person.events import Particulars, PersonEntered, ResidenceRegistered
from registry.app import Registry
from registry.card_index import loading
from registry.card_index.reading import COLUMNS
from registry.opening import opened
from registry.projections import runner
from registry.storage.database import migrate, session_url
from registry.storage.embedded import Embedded
from registry.viewer import OPEN
from replay.compare import verify

pytestmark = pytest.mark.slow

PEOPLE, HOMES = 1_300, 40
FACTS = 3 * PEOPLE + HOMES
SOON = 300
THREADS, TELLING = 8, Lock()
KILLS = int(os.environ.get("HROMADA_KILLS", "2"))
"""How often the server is killed while eight act at once; for a hundred, and a copy of the folder at each fourth, say
HROMADA_KILLS=100."""


# Who works


def worker(what: str, url: str, *said: str) -> None:
    with opened(session_url(url), connections=3) as registry:
        works = {
            "cards": load_cards,
            "journal": load_journal,
            "acts": act_on,
            "within": act_within,
            "crowd": act_together,
        }
        works[what](registry, *said)


def load_cards(registry: Registry, folder: str, what: str, done: str) -> None:
    """Loads a card index and stops for ever at a point of its progress."""
    loading.FACTS_A_COPY = 1_500

    def progress(now: str, so_far: int, total: int) -> None:
        if now == what and so_far >= int(done):
            tell("here")
            time.sleep(SOON)

    loading.load(registry, Path(folder), by=CLERK, now=datetime.now(UTC), progress=progress)


def load_journal(registry: Registry, pipe: str) -> None:
    tell("here")
    journal.load(registry, Path(pipe), datetime.now(UTC))


def act_on(registry: Registry) -> None:
    """Acts without end: everybody moves into a dwelling, then it is renumbered with everybody in it."""
    clerk = Clerk(registry, CLERK)
    people = [row["person"] for row in rows(registry, "SELECT person FROM people ORDER BY person")]
    homes = [row["dwelling"] for row in rows(registry, "SELECT DISTINCT dwelling FROM dwellings ORDER BY dwelling")]
    for number in range(100_000):
        day = (date(2001, 1, 1) + timedelta(registry.position())).isoformat()
        home, command = homes[number % len(homes)], uuid4()
        for person in people:
            attempt(command, 1)
            act = clerk.settle(person, command=command, kind="stay", dwelling=home, since=day, confirmed=True)
            done(command, len(act.entries))
            command = uuid4()
        inside = registry.query("residences", "current_in_dwelling", dwelling=home)
        said = {"successor": homes[(number + 1) % len(homes)], "since": day, "reason": "рішення", "confirmed": True}
        attempt(command, 1 + len(inside))
        done(command, len(clerk.readdress(home, command=command, **said).entries))


def act_within(registry: Registry) -> None:
    """Stops for ever in the middle of an act: its facts are written, the projections are not."""
    projections, *others = registry.door.followers

    def stops(sending, touched):
        if len(touched) > 1:
            assert sending.connection.info.transaction_status.name == "INTRANS"  # what waited has been sent
            tell("here")
            time.sleep(SOON)
        projections.follow(sending, touched)

    registry.door.followers = (replace(projections, follow=stops), *others)
    act_on(registry)


def act_together(registry: Registry) -> None:
    """Eight threads act without end, each for itself: somebody is entered with a dwelling, then moves in."""

    def acts(number: int) -> None:
        while True:
            person, home, command = uuid4(), uuid4(), uuid4()
            said = PersonEntered(particulars=Particulars(surname=f"Вигадана {number}"))
            there = DwellingEntered(address=Address(street="вул. Вигадана", house=str(number)))
            attempt(command, 2)
            done(
                command,
                len(registry.append([(person, [said], 0), (home, [there], 0)], by=CLERK, command=command).entries),
            )
            moves, command = ResidenceRegistered(residence=uuid4(), dwelling=home, since="2020-01-01"), uuid4()
            attempt(command, 1)
            done(
                command, len(registry.append([(person, [moves], 1), (home, [], 1)], by=CLERK, command=command).entries)
            )

    with ThreadPoolExecutor(THREADS) as crowd:
        for one in [crowd.submit(acts, number) for number in range(THREADS)]:
            one.result()


def tell(*words: object) -> None:
    with TELLING:  # a line is whole, whoever tells it
        print(*words, flush=True)


def attempt(command: UUID, facts: int) -> None:
    tell("try", command, facts)


def done(command: UUID, facts: int) -> None:
    tell("done", command, facts)


def rows(registry: Registry, query: str) -> list[dict]:
    with registry.snapshot() as connection:
        return connection.execute(query).fetchall()


# Who kills


@contextmanager
def working(what: str, url: str, *said: object):
    """One that works, for the time of the block; afterwards it is dead, whatever happened."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, __file__, what, url, *map(str, said)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def until_here(process: subprocess.Popen) -> list[str]:
    """What it told up to `here`."""
    told = []
    for line in process.stdout:
        if line == "here\n":
            return told
        told.append(line)
        assert len(told) < 10_000, "it never came there"
    raise AssertionError(process.stderr.read())


def kill_server(server: Embedded) -> None:
    """Kills this folder's postmaster and all its children, as a power cut would."""
    master = int((server.pg / "postmaster.pid").read_text().split()[0])
    children = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and parent_of(path) == master]
    assert children
    for process in (master, *children):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    deadline = time.monotonic() + SOON
    while server.status() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not server.status()


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextmanager
def a_database(server: Embedded):
    with contextmanager(_database)(server, template="hromada") as url:
        yield url


@contextmanager
def a_copy(mortal: Embedded):
    """A fresh register on the server that will be killed; it goes with the server's folder."""
    name = f"copy_{uuid4().hex}"
    with psycopg.connect(mortal.url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE hromada")
    yield session_url(mortal.url_of(name))


@pytest.fixture(scope="module")
def mortal(data_root):
    """A server of our own with the settings of real use (fsync on), to be killed."""
    server = Embedded(data_root / "mortal")
    server.start()
    migrate(server.url)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    """A card index of some thousand rows: two residences a person."""
    folder = tmp_path_factory.mktemp("cards")
    numbers = range(PEOPLE)
    written = {
        "dwellings.csv": [{"dwelling_ref": f"Ж-{n}", "street": "вул. Вигадана", "house": str(n)} for n in range(HOMES)],
        "persons.csv": [{"person_ref": f"О-{n}", "surname": "Вигадана", "given_names": f"Особа {n}"} for n in numbers],
        "residences.csv": [
            {"person_ref": f"О-{n}", "dwelling_ref": f"Ж-{(n + move) % HOMES}", "kind": "stay", **dates}
            for n in numbers
            for move, dates in enumerate(({"since": "2001", "until": "2005-03-01"}, {"since": "2005-03-01"}))
        ],
    }
    for name, said in written.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, COLUMNS[name], restval="")
            out.writeheader()
            out.writerows(said)
    return folder


@pytest.fixture(scope="module")
def written(server, cards, tmp_path_factory):
    """The journal of a register with that card index."""
    path = tmp_path_factory.mktemp("journal") / "good.jsonl"
    with a_database(server) as url, opened(url) as registry:
        load(registry, cards)
        assert journal.export(registry, path, seen_by=OPEN) == FACTS
    return path


def load(registry: Registry, folder: Path) -> tuple[int, int, int, int]:
    found = loading.load(registry, folder, by=CLERK, now=datetime.now(UTC))
    return found.persons, found.dwellings, found.residences, len(found.rejects)


def whole(registry: Registry) -> None:
    report = verify(registry)
    assert report.found == 0, report.differences


def nothing_there(registry: Registry) -> None:
    assert registry.position() == 0 and registry.marks() == []
    assert all(rows(registry, f"SELECT * FROM {one.TABLE} LIMIT 1") == [] for one in runner.PROJECTIONS)


def one_fact(registry: Registry) -> None:
    Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))


def a_street(registry: Registry) -> None:
    """People and dwellings for `act_on`."""
    clerk = Clerk(registry, CLERK)
    for number in range(4):
        clerk.enter_person(command=uuid4(), particulars=Particulars(surname=f"Вигадана {number}"))
        clerk.enter_dwelling(command=uuid4(), address=Address(street="вул. Вигадана", house=str(number)))


def all_acknowledged(registry: Registry, told: list[str], at_once: int = 1) -> None:
    """Every act that was acknowledged is there whole; of the others, at most the last that each of so many attempted,
    whole too."""
    lines = [line.split() for line in told if line.endswith("\n")]
    acknowledged = {UUID(command): int(facts) for word, command, facts in lines if word == "done"}
    attempted = {UUID(command): int(facts) for word, command, facts in lines if word == "try"}
    there: dict[UUID, int] = {}
    for row in rows(registry, "SELECT command, count(*) AS facts FROM facts GROUP BY command"):
        there[row["command"]] = row["facts"]
    assert acknowledged and len(attempted) - len(acknowledged) in range(at_once + 1)
    assert {command: there.get(command) for command in acknowledged} == acknowledged
    for command, facts in attempted.items():
        assert there.get(command, facts) == facts
        assert command in acknowledged or at_once > 1 or list(attempted)[-1] == command
    dense(registry)


def dense(registry: Registry) -> None:
    found = rows(registry, "SELECT count(*) AS facts, max(notification_id) AS last FROM facts")
    assert found[0]["facts"] == found[0]["last"]


# kill -9 of whoever works


@pytest.mark.parametrize(("what", "done"), [("people", 1), ("index", 1)])
def test_a_killed_load_into_emptiness_leaves_nothing_and_is_run_again(server, cards, what, done):
    with a_database(server) as url:
        with working("cards", url, cards, what, done) as process:
            until_here(process)
        with opened(url) as registry:
            nothing_there(registry)
            assert load(registry, cards) == (PEOPLE, HOMES, 2 * PEOPLE, 0)
            assert load(registry, cards) == (0, 0, 0, 0)
            whole(registry)


def test_a_killed_load_into_a_filled_register_leaves_whole_acts_and_is_run_again(server, cards):
    with a_database(server) as url, opened(url) as registry:
        one_fact(registry)
        with working("cards", url, cards, "people", 1) as process:
            until_here(process)
        left_over_half(registry)
        assert load(registry, cards) == (PEOPLE - 1_000, 0, 2 * (PEOPLE - 1_000), 0)
        assert registry.position() == 1 + FACTS
        whole(registry)


def left_over_half(registry: Registry) -> None:
    """The clerk's fact, the dwellings in one act, the first thousand people in another."""
    acts = rows(registry, "SELECT count(*) AS facts FROM facts GROUP BY command ORDER BY min(notification_id)")
    assert [act["facts"] for act in acts] == [1, HOMES, 3 * 1_000]
    whole(registry)


def test_a_killed_journal_import_leaves_nothing_and_is_run_again(server, written, tmp_path):
    with a_database(server) as url:
        with importing(url, written, tmp_path):
            pass
        with opened(url) as registry:
            nothing_there(registry)
            imported(registry, written, tmp_path)


@contextmanager
def importing(url: str, written: Path, folder: Path):
    """An import that has read half of the journal and waits for more, for the time of the block."""
    pipe = folder / "journal.pipe"
    os.mkfifo(pipe)
    lines = written.read_bytes().splitlines(keepends=True)
    with working("journal", url, pipe) as process:
        until_here(process)
        with pipe.open("wb", buffering=0) as file:
            # Writing this much means that most of it was read: a pipe holds little.
            file.write(b"".join(lines[: len(lines) // 2]))
            assert process.poll() is None
            yield
            process.kill()
            process.wait()


def imported(registry: Registry, written: Path, folder: Path) -> None:
    assert journal.load(registry, written, datetime.now(UTC)) == FACTS
    journal.export(registry, folder / "again.jsonl", seen_by=OPEN)
    assert (folder / "again.jsonl").read_bytes() == written.read_bytes()
    whole(registry)


def test_killed_acts_are_there_whole_or_not_at_all(server):
    told: list[str] = []
    with a_database(server) as url, opened(url) as registry:
        a_street(registry)
        for acts in (6, 11, 17, 25):
            with working("acts", url) as process:
                told = [process.stdout.readline() for _ in range(acts)]
                time.sleep(random.uniform(0, 0.012))
                process.kill()
                told += process.stdout.readlines()
            all_acknowledged(registry, told)
            whole(registry)


def test_an_act_killed_between_its_facts_and_its_projections_is_not_there(server):
    with a_database(server) as url, opened(url) as registry:
        a_street(registry)
        with working("within", url) as process:
            told = until_here(process)
            before = registry.position()
        all_acknowledged(registry, told)
        whole(registry)
        one_fact(registry)
        assert registry.position() == before + 1
        _, command, facts = told[-1].split()
        assert registry.of_command(UUID(command)) is None and int(facts) > 1
        whole(registry)


def test_of_two_processes_that_act_in_crowds_one_is_killed_and_the_other_goes_on(server):
    with a_database(server) as url, opened(url) as registry:
        with working("crowd", url) as one, working("crowd", url) as other:
            told = [one.stdout.readline() for _ in range(60)]
            one.kill()
            told += one.stdout.readlines()
            more = [other.stdout.readline() for _ in range(120)]
            other.kill()
            more += other.stdout.readlines()
        all_acknowledged(registry, [*told, *more], 2 * THREADS)
        whole(registry)


# kill -9 of PostgreSQL


def test_a_killed_server_in_a_load_into_emptiness_leaves_nothing(mortal, cards):
    with a_copy(mortal) as url:
        with working("cards", url, cards, "index", 1) as process:
            until_here(process)
            kill_server(mortal)
        mortal.start()
        with opened(url) as registry:
            nothing_there(registry)
            assert load(registry, cards) == (PEOPLE, HOMES, 2 * PEOPLE, 0)
            kill_server(mortal)
            mortal.start()
        with opened(url) as registry:
            assert registry.position() == FACTS
            whole(registry)


def test_a_killed_server_in_a_load_into_a_filled_register_keeps_whole_acts(mortal, cards):
    with a_copy(mortal) as url:
        with opened(url) as registry:
            one_fact(registry)
        with working("cards", url, cards, "people", 1) as process:
            until_here(process)
            kill_server(mortal)
        mortal.start()
        with opened(url) as registry:
            left_over_half(registry)
            assert load(registry, cards) == (PEOPLE - 1_000, 0, 2 * (PEOPLE - 1_000), 0)
            whole(registry)


def test_a_killed_server_in_a_journal_import_leaves_nothing(mortal, written, tmp_path):
    with a_copy(mortal) as url:
        with importing(url, written, tmp_path):
            kill_server(mortal)
        mortal.start()
        with opened(url) as registry:
            nothing_there(registry)
            imported(registry, written, tmp_path)


@pytest.mark.parametrize("acts", [9, 30])
def test_a_killed_server_keeps_every_acknowledged_act(mortal, acts):
    assert psql(mortal, "SHOW fsync") == psql(mortal, "SHOW synchronous_commit") == "on"
    with a_copy(mortal) as url:
        with opened(url) as registry:
            a_street(registry)
        with working("acts", url) as process:
            told = [process.stdout.readline() for _ in range(acts)]
            kill_server(mortal)
            process.kill()
            told += process.stdout.readlines()
        mortal.start()
        with opened(url) as registry:
            all_acknowledged(registry, told)
            whole(registry)


def test_a_server_killed_while_a_crowd_acts_keeps_every_acknowledged_act(mortal, data_root):
    """Nothing is acknowledged before it is durable, and nothing is there in part; nor in a copy of the folder that was
    taken meanwhile."""
    assert psql(mortal, "SHOW fsync") == psql(mortal, "SHOW synchronous_commit") == "on"
    for number in range(KILLS):
        with a_copy(mortal) as url:
            with working("crowd", url) as process:
                told: list[str] = []
                listening = Thread(
                    target=lambda process=process, told=told: told.extend(iter(process.stdout.readline, ""))
                )
                listening.start()
                until_told(told, random.randint(30, 90))
                copied = a_copied_folder(mortal, data_root / f"copied-{number}", told) if number % 4 == 0 else None
                kill_server(mortal)
                process.kill()
                listening.join()
            mortal.start()
            with opened(url) as registry:
                all_acknowledged(registry, told, THREADS)
                if not copied:  # while a folder is copied more is recorded than is soon verified
                    whole(registry)
            if copied:
                recovered(*copied, conninfo_to_dict(url)["dbname"])


def listen(process: subprocess.Popen, told: list[str]) -> None:
    told.extend(iter(process.stdout.readline, ""))


def until_told(told: list[str], lines: int) -> None:
    deadline = time.monotonic() + SOON
    while len(told) < lines:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def a_copied_folder(server: Embedded, folder: Path, told: list[str]) -> tuple[Path, list[str]]:
    """The data folder copied while acts go on, as PostgreSQL says that it may be, and what was told before its end."""
    folder.mkdir(mode=0o711)
    with psycopg.connect(server.url_of("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_backup_start('copy', true)")
        subprocess.run(["cp", "-a", str(server.pg), str(folder / "pg")], check=False, stderr=subprocess.DEVNULL)
        until_told(told, len(told) + 20)
        before = list(told)
        label = connection.execute("SELECT labelfile FROM pg_backup_stop(false)").fetchone()[0]
        for segment in (server.pg / "pg_wal").iterdir():
            if segment.is_file():
                subprocess.run(["cp", "-a", str(segment), str(folder / "pg" / "pg_wal")], check=True)
    (folder / "pg" / "postmaster.pid").unlink(missing_ok=True)
    written = folder / "pg" / "backup_label"
    written.write_text(label)
    shutil.copystat(server.pg / "PG_VERSION", written)
    owner = (server.pg / "PG_VERSION").stat()
    os.chown(written, owner.st_uid, owner.st_gid)
    return folder, before


def recovered(folder: Path, told: list[str], database: str) -> None:
    """Of a copied folder: what was acknowledged before its end is there, and what is there is whole."""
    server = Embedded(folder)
    server.start()
    try:
        with opened(session_url(server.url_of(database))) as registry:
            acknowledged = {UUID(line.split()[1]) for line in told if line.startswith("done") and line.endswith("\n")}
            there = {row["command"] for row in rows(registry, "SELECT DISTINCT command FROM facts")}
            assert acknowledged and acknowledged <= there
            dense(registry)
    finally:
        server.stop()


def test_who_was_connected_works_on_after_the_server_came_back(mortal):
    with a_copy(mortal) as url, opened(url) as registry:
        one_fact(registry)
        kill_server(mortal)
        mortal.start()
        for _ in range(9):  # a pool may hold some connections that are dead
            try:
                assert registry.position() == 1
                break
            except Exception as error:
                assert type(error).__module__.startswith("eventsourcing")
        one_fact(registry)
        assert registry.position() == 2
        whole(registry)


def psql(server: Embedded, query: str) -> str:
    with opened(server.url) as registry:
        return next(iter(rows(registry, query)[0].values()))


if __name__ == "__main__":
    worker(*sys.argv[1:])

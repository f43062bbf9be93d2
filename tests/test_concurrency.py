"""Eight processes act on the same people and dwellings at once, one follows, and the projections are rebuilt meanwhile.

Run as a program, this file is one of those processes; it tells what it did as JSON lines. The tests look at one run.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4, uuid5

import pytest
from clerks import Clerk
from conftest import _database
from given import CLERK, installation

from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.timeline import timeline
from registry.aggregates.values import Actor, Impossible, NeedsConfirmation
from registry.app import LostRace, Registry
from registry.cases import at_desk
from registry.cases.at_desk import AtDesk
from registry.cases.cases import Cases
from registry.opening import opened
from registry.projections import runner
from replay.compare import verify

pytestmark = pytest.mark.slow

WORKERS, ACTS, PEOPLE, DWELLINGS = 8, 45, 20, 10
ISSUERS = 3
TRIES = 40
SHARED = [UUID(int=10**12 + number) for number in range(9)]
"""Commands that every process gives: a double click, a form sent again."""


# One process


def work(url: str, number: str, seed: str, data: str) -> None:
    """Acts at random, each again after a lost race; some commands are given twice on purpose."""
    chance, clerk_id = random.Random(f"{seed}-{number}"), Actor(f"clerk-{number}", f"Адміністратор {number}")
    with opened(url, connections=3) as registry:
        clerk = Clerk(registry, clerk_id)
        people = ids(registry, "person", "people")
        homes = ids(registry, "dwelling", "dwellings")
        tell(ready=True)
        sys.stdin.readline()
        for turn in range(ACTS):
            if turn % 5 == 0:
                shared(clerk, SHARED[turn // 5], number)
            if int(number) < ISSUERS and turn in (10, 30):
                issue(registry, chance.choice(people), clerk_id, Path(data))
            do, command = chance.choice(OFTEN), uuid4()
            for _ in range(TRIES):
                try:
                    act, confirmed = do(clerk, chance, people, homes, turn, command)
                except LostRace as lost:
                    assert lost.raced and all(one.stream in (*people, *homes) for one in lost.raced)
                    assert all(one.by and one.recorded_at.year > 2000 for one in lost.raced)
                    tell(lost=str(command), act=do.__name__)
                    continue
                except (Impossible, NeedsConfirmation) as refused:
                    tell(refused=str(command), act=do.__name__, codes=[fault.code for fault in refused.faults])
                    break
                told(act, do.__name__, confirmed)
                break
            else:
                tell(gave_up=str(command), act=do.__name__)
            if chance.random() < 0.2 and registry.of_command(command):
                again = clerk.enter_dwelling(command=command, address=Address(street="не та сама дія"))
                assert again.repeated
                told(again, do.__name__, False)


def settle(clerk, chance, people, homes, turn, command):
    confirmed = chance.random() < 0.3
    asked = {"kind": chance.choice(["declared", "registered", "stay"]), "dwelling": chance.choice(homes)}
    since = (date(2001, 1, 1) + timedelta(50 * turn + chance.randrange(50))).isoformat()
    return clerk.settle(chance.choice(people), command=command, since=since, confirmed=confirmed, **asked), confirmed


def correct(clerk, chance, people, homes, turn, command):
    person, confirmed = chance.choice(people), chance.random() < 0.3
    known = clerk.registry.person(person).residences
    residence = chance.choice(known).id if known else uuid4()
    changes = chance.choice(
        [
            {"dwelling": chance.choice(homes)},
            {"since": f"20{chance.randrange(10, 16)}-{chance.randrange(10, 13)}-15"},
            {"until": None},
        ]
    )
    asked = {"residence": residence, "changes": changes, "reason": "описка", "confirmed": confirmed}
    return clerk.correct_residence(person, command=command, **asked), confirmed


def deregister(clerk, chance, people, homes, turn, command):
    person = chance.choice(people)
    known = clerk.registry.person(person).residences
    asked = {"residence": known[-1].id if known else uuid4(), "until": f"20{chance.randrange(16, 20)}-05"}
    return clerk.deregister_residence(person, command=command, confirmed=True, **asked), True


def readdress(clerk, chance, people, homes, turn, command):
    old, new = chance.sample(homes, 2)
    since = (date(2020, 1, 1) + timedelta(turn)).isoformat()
    asked = {"successor": new, "since": since, "reason": "рішення виконкому", "confirmed": True}
    return clerk.readdress(old, command=command, **asked), True


def particulars(clerk, chance, people, homes, turn, command):
    changes = {"phone": str(chance.randrange(10**9)), "email": f"{chance.randrange(10**6)}@example.org"}
    asked = {"corrects": chance.random() < 0.5, "changes": changes, "basis": "заява"}
    return clerk.change_particulars(chance.choice(people), command=command, **asked), False


OFTEN = (settle, settle, settle, settle, correct, correct, deregister, readdress, particulars, particulars)


def shared(clerk: Clerk, command: UUID, number: str) -> None:
    """A new person by a command that all processes give at about the same moment."""
    said = Particulars(surname=f"Спільна {number}")
    told(clerk.enter_person(command=command, particulars=said), "shared", False)


def issue(registry: Registry, person: UUID, by: Actor, data: Path) -> None:
    command, cases = uuid4(), Cases(Clerk(registry, by), installation(data=data))
    first, again = (at_desk.issue(cases, AtDesk(person=person), command=command) for _ in range(2))
    assert (again.number, again.sha256, again.pdf) == (first.number, first.sha256, first.pdf)
    tell(extract=first.number, command=str(command), sha256=first.sha256)


def follow(url: str, stop: str) -> None:
    """Tails the log by the library's own reading, some at a time, until it has seen the position that `stop` holds."""
    last, seen = 0, []
    with opened(url, connections=2) as registry:
        tell(ready=True)
        sys.stdin.readline()
        while not (Path(stop).exists() and last >= int(Path(stop).read_text())):
            found = registry.recorder.select_notifications(start=last + 1, limit=5)
            seen += [(one.id, str(one.originator_id), one.originator_version, one.topic) for one in found]
            last = found[-1].id if found else last
            if not found:
                time.sleep(0.001)
    tell(seen=seen)


def ids(registry: Registry, column: str, table: str) -> list[UUID]:
    with registry.snapshot() as connection:
        return [row[column] for row in connection.execute(f"SELECT {column} FROM {table} ORDER BY {column}")]


def tell(**said) -> None:
    print(json.dumps(said), flush=True)


def told(act, name: str, confirmed: bool) -> None:
    said = {"done": str(act.command), "act": name, "repeated": act.repeated, "confirmed": confirmed}
    tell(**said, positions=[entry.position for entry in act.entries], at=act.recorded_at.isoformat())


# All of them


@pytest.fixture(scope="module")
def run(server, tmp_path_factory):
    """One run: what every process told, and the register after it."""
    folder = tmp_path_factory.mktemp("run")
    with contextmanager(_database)(server, template="hromada") as url, opened(url) as registry:
        clerk = Clerk(registry, CLERK)
        for number in range(PEOPLE):
            clerk.enter_person(command=uuid4(), particulars=Particulars(surname=f"Вигадана {number}"))
        for number in range(DWELLINGS):
            clerk.enter_dwelling(command=uuid4(), address=Address(street="вул. Вигадана", house=str(number)))
        before, stop, seed = registry.position(), folder / "stop", random.randrange(10**6)
        print("seed", seed)
        workers = [Process(folder, "work", url, number, seed, folder / "data") for number in range(WORKERS)]
        follower = Process(folder, "follow", url, stop)
        try:
            for one in (*workers, follower):
                one.wait_for("ready")
            for one in (follower, *workers):
                one.begin()
            rebuilt = 0
            while any(one.process.poll() is None for one in workers):
                for one in runner.PROJECTIONS:
                    registry.rebuild(one.TABLE)
                    rebuilt += 1
                time.sleep(0.1)
            for one in workers:
                one.end()
            (folder / "stop.new").write_text(str(registry.position()))
            (folder / "stop.new").rename(stop)
            follower.end()
        finally:
            for one in (*workers, follower):
                one.process.kill()
                one.process.wait()
                one.process.stdin.close()
        heard = [one.heard() for one in workers]
        with registry.snapshot() as connection:
            log = connection.execute("SELECT * FROM facts ORDER BY notification_id").fetchall()
        yield SimpleNamespace(
            registry=registry, log=log, before=before, rebuilt=rebuilt, heard=heard, seen=follower.heard()[-1]["seen"],
            all=[one for of_worker in heard for one in of_worker], data=folder / "data",
        )  # fmt: skip


class Process:
    """A process of this file; what it tells goes to a file, so that it never waits for a reader."""

    def __init__(self, folder: Path, *said):
        self.path = folder / f"{uuid4()}.jsonl"
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, __file__, *map(str, said)]
        with self.path.open("wb") as out, self.path.with_suffix(".err").open("wb") as err:
            self.process = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=out, stderr=err)

    def wait_for(self, word: str) -> None:
        deadline = time.monotonic() + 300
        while word not in self.path.read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, self.errors()
            time.sleep(0.02)

    def begin(self) -> None:
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def end(self) -> None:
        assert self.process.wait(timeout=300) == 0, self.errors()

    def heard(self) -> list[dict]:
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def errors(self) -> str:
        return self.path.with_suffix(".err").read_text()


def acknowledged(run) -> dict[UUID, list[int]]:
    return {UUID(one["done"]): one["positions"] for one in run.all if "done" in one}


def test_every_acknowledged_act_is_in_the_log_exactly_once(run):
    there: dict[UUID, list[int]] = {}
    for row in run.log:
        there.setdefault(row["command"], []).append(row["notification_id"])
    found = acknowledged(run)
    assert len(found) > WORKERS * ACTS / 3
    assert {command: there.get(command) for command in found} == found


def test_nothing_is_in_the_log_that_nobody_was_told_of(run):
    extracts = {UUID(one["command"]) for one in run.all if "extract" in one}
    asked = [row for row in run.log if row["command"] in extracts and row["topic"] == "extract-requested"]
    issued = {uuid5(row["originator_id"], "issued") for row in asked}
    [begun] = [row["command"] for row in run.log if row["topic"] == "key-begun"]  # of all that issue, by one
    known = {*acknowledged(run), *extracts, *issued, begun}
    assert {row["command"] for row in run.log if row["notification_id"] > run.before} == known


def test_a_refused_or_lost_act_left_nothing(run):
    done = set(acknowledged(run))
    others = {UUID(one[word]) for one in run.all for word in ("refused", "gave_up") if word in one}
    assert others and not others & done
    assert not others & {row["command"] for row in run.log}


def test_a_command_given_again_gets_the_first_result(run):
    answers: dict[str, list[dict]] = {}
    for one in run.all:
        if "done" in one:
            answers.setdefault(one["done"], []).append(one)
    given_again = [same for same in answers.values() if len(same) > 1]
    assert len(given_again) > len(SHARED)
    for same in given_again:
        assert len({(tuple(one["positions"]), one["at"]) for one in same}) == 1
    assert all(Counter(one["repeated"] for one in same)[False] == 1 for same in answers.values())
    assert all(len(answers[str(command)]) == WORKERS for command in SHARED)


def test_positions_have_no_gap_and_times_rise_from_act_to_act(run):
    assert [row["notification_id"] for row in run.log] == list(range(1, len(run.log) + 1))
    for before, after in pairwise(run.log):
        if before["command"] == after["command"]:
            assert before["recorded_at"] == after["recorded_at"]
        else:
            assert before["recorded_at"] < after["recorded_at"]
    acts = [command for command, _ in pairwise([*(row["command"] for row in run.log), None])]
    runs = [command for number, command in enumerate(acts) if not number or acts[number - 1] != command]
    assert len(runs) == len(set(runs))


def test_a_follower_sees_every_position_once_in_order(run):
    said = [
        [row["notification_id"], str(row["originator_id"]), row["originator_version"], row["topic"]] for row in run.log
    ]
    assert run.seen == said


def test_races_were_lost_and_acts_of_every_kind_won(run):
    assert sum("lost" in one for one in run.all) > 5
    won = Counter(one["act"] for one in run.all if "done" in one)
    assert all(won[do.__name__] > 2 for do in OFTEN)
    assert run.rebuilt >= 4


def test_the_databases_last_guard_was_never_needed(run):
    assert "overlaps" not in {code for one in run.all for code in one.get("codes", ())}


def test_the_projections_are_what_replay_makes_of_the_log(run):
    report = verify(run.registry)
    assert report.found == 0, report.differences
    assert report.counts["facts"] == len(run.log)


def test_nobody_is_left_in_a_dwelling_that_was_renumbered(run):
    confirmed = {UUID(one["done"]) for one in run.all if one.get("confirmed")}
    of_fact = {row["notification_id"]: row["command"] for row in run.log}
    succeeded = {
        row["originator_id"]: row["notification_id"] for row in run.log if row["topic"] == "dwelling-succeeded"
    }
    assert len(succeeded) > 2
    people = {row["originator_id"] for row in run.log if row["topic"] == "person-entered"}
    there = [
        row
        for person in people
        for row in timeline(run.registry.person(person))
        if row.state == "standing" and row.until is None
    ]
    assert there
    for row in there:
        later = [fact for fact in row.facts if fact > succeeded.get(row.dwelling, len(run.log))]
        put_in = confirmed & {of_fact[fact] for fact in later}
        assert row.dwelling not in succeeded or put_in, [run.log[fact - 1]["topic"] for fact in later]


def test_a_renumbering_carries_over_everybody_who_lived_there_at_that_position(run):
    for row in run.log:
        if row["topic"] != "dwelling-succeeded":
            continue
        carried = {one["originator_id"] for one in run.log if one["command"] == row["command"]} - {row["originator_id"]}
        with run.registry.snapshot() as connection:
            lived = connection.execute(
                "SELECT person FROM residences WHERE dwelling = %(home)s AND state = 'standing' AND until IS NULL "
                "AND known_from < %(position)s AND (known_until IS NULL OR known_until >= %(position)s)",
                {"home": row["originator_id"], "position": row["notification_id"]},
            ).fetchall()
        assert carried == {one["person"] for one in lived}


def test_extract_numbers_have_no_gap_and_no_repeat(run):
    extracts = [one for one in run.all if "extract" in one]
    assert len(extracts) == 2 * ISSUERS
    numbers = sorted(int(one["extract"].partition("/")[2]) for one in extracts)
    assert numbers == list(range(1, len(extracts) + 1))
    assert {path.stem for path in (run.data / "documents").iterdir()} == {one["sha256"] for one in extracts}
    topics = Counter(row["topic"] for row in run.log)
    assert topics["extract-requested"] == topics["extract-issued"] == len(extracts)


if __name__ == "__main__":
    {"work": work, "follow": follow}[sys.argv[1]](*sys.argv[2:])

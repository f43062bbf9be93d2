"""Many dwellings of a merged settlement are called otherwise by one decision: nobody moves, cut short it goes on, and
it is taken back as one."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from clocks import StoppedClock
from extracting import Office
from given import CLERK, installation
from running import Command, assert_refused, staffed

from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person.events import Particulars, PersonEntered, ResidenceRegistered
from registry.aggregates.street import decisions as street
from registry.aggregates.street.events import HousesListed, ListedHouse, StreetName, StreetVersion, street_id
from registry.aggregates.street.state import NO_STREET
from registry.aggregates.values import Actor, Impossible
from registry.app import Registry
from registry.card_index import readdressing
from registry.card_index.files import BadFile
from registry.card_index.readdressing import Readdressed
from registry.extracts import issuing
from registry.opening import opened
from replay.compare import verify

DECISION = "рішення Вигадівської міської ради від 20.12.2023 № 45"
SINCE, CODE, CITY = "2024-01-01", "UA99020010100000021", "м. Вигадів"
VILLAGE, WITHIN = "с. Видумка", "UA9902001"
MANY, LIVE = 300, 40
ACTS = MANY // readdressing.AN_ACT


def town(registry: Registry, homes: int = MANY, people: int = LIVE) -> list[UUID]:
    """So many dwellings of a village, in the first of which people live."""
    ids = [UUID(int=10**9 + number) for number in range(homes)]
    lines: list[Any] = []
    for number, id in enumerate(ids):
        street, house = f"вул. Сільська {number // 100}-а", str(number % 100 + 1)
        address = Address(settlement=VILLAGE, street=street, house=house)
        lines.append((id, [DwellingEntered(address=address, kind="private", ref=f"Ж-{number}")], 0))
    registry.append(lines, by=CLERK, command=uuid4())
    lived: list[Any] = []
    for number in range(min(people, homes)):
        entered = PersonEntered(particulars=Particulars(surname=f"Вигаданенко{number}", birth_date="1980-01-01"))
        lives = ResidenceRegistered(residence=uuid4(), dwelling=ids[number], since="2010-01-01", basis="application")
        lived.append((uuid4(), [entered, lives], 0))
    if lived:
        registry.append(lived, by=CLERK, command=uuid4())
    return ids


def written(folder: Path, *rows: str, header: str = "dwelling_ref,katottg,settlement") -> Path:
    file = folder / "pryiednannia.csv"
    file.write_text("\n".join((header, *rows, "")), "utf-8")
    return file


def merged(folder: Path, homes: int = MANY) -> Path:
    return written(folder, *(f"Ж-{number},{CODE},{CITY}" for number in range(homes)))


def readdressed(registry: Registry, file: Path, clerk: Any = None, **how: Any) -> Readdressed:
    said = {"decision": DECISION, "since": SINCE, "community": WITHIN, **how}
    return readdressing.readdress(clerk or Clerk(registry, CLERK), file, **said)


def taken_back(registry: Registry, decision: str = DECISION, **how: Any) -> Readdressed:
    return readdressing.take_back(Clerk(registry, CLERK), decision, **how)


def rows(registry: Registry, table: str, known: str = "known_until IS NULL") -> list[tuple[Any, ...]]:
    """What a projection says now, but for since when it says so."""
    with registry.datastore.get_connection() as connection:
        found = connection.execute(f"SELECT * FROM {table} WHERE {known}").fetchall()
    return sorted(tuple(str(value) for name, value in row.items() if not name.startswith("known")) for row in found)


def called(registry: Registry, home: UUID, position: int | None = None) -> list[tuple[str | None, str]]:
    known = registry.position() if position is None else position
    found = registry.query("dwellings", "names", dwelling=home, position=known)
    return [(row["since"] and row["since"].isoformat(), row["address"]) for row in found]


def codes(done: Readdressed) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in done.rejects]


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


class TestByOneDecision:
    def test_nobody_moves_and_it_is_taken_back_as_one(self, registry: Registry, tmp_path: Path) -> None:
        homes, file = town(registry), merged(tmp_path)
        lived, position = rows(registry, "residences", "true"), registry.position()
        before = rows(registry, "dwellings"), rows(registry, "addresses")
        tried = readdressed(registry, file, dry_run=True)
        assert (tried.dwellings, tried.same, tried.acts) == (MANY, 0, []) and registry.position() == position
        done = readdressed(registry, file)
        assert (done.dwellings, done.same, len(done.acts), done.rejects) == (MANY, 0, ACTS, [])
        assert max(len(act.entries) for act in done.acts) == readdressing.AN_ACT
        assert {entry.fact.basis for act in done.acts for entry in act.entries} == {DECISION}
        old, new = f"{VILLAGE}, вул. Сільська 0-а, буд. 1", f"{CITY}, вул. Сільська 0-а, буд. 1"
        assert called(registry, homes[0]) == [(None, old), (SINCE, new)]
        assert called(registry, homes[0], position) == [(None, old)]
        assert rows(registry, "residences", "true") == lived
        again = readdressed(registry, file)
        assert (again.dwellings, again.same, again.acts) == (0, MANY, [])
        named = registry.position()
        assert taken_back(registry, dry_run=True).dwellings == MANY and registry.position() == named
        back = taken_back(registry, basis="рішення суду")
        assert (back.dwellings, back.same, len(back.acts), back.left) == (MANY, 0, ACTS, {})
        assert (rows(registry, "dwellings"), rows(registry, "addresses")) == before
        assert rows(registry, "residences", "true") == lived
        assert called(registry, homes[0], named) == [(None, old), (SINCE, new)]
        assert (taken_back(registry).same, taken_back(registry).acts) == (MANY, [])
        assert readdressed(registry, file).dwellings == MANY
        assert verify(registry).differences == []

    def test_cut_short_it_goes_on_where_it_stopped(self, registry: Registry, tmp_path: Path) -> None:
        town(registry, people=0)
        file = merged(tmp_path)

        def cut(done: int, total: int) -> None:
            raise KeyboardInterrupt

        for work in (readdressed, taken_back):
            said = (registry, file) if work is readdressed else (registry,)
            with pytest.raises(KeyboardInterrupt):
                work(*said, progress=cut)
            rest = work(*said)
            assert (rest.dwellings, len(rest.acts)) == (MANY - readdressing.AN_ACT, ACTS - 1)
            assert rest.same == readdressing.AN_ACT
        assert verify(registry).differences == []

    def test_a_clerk_acts_in_between(self, registry: Registry, tmp_path: Path) -> None:
        homes, file, clerk = town(registry), merged(tmp_path), Clerk(registry, CLERK)
        person = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Нова")).entries[0].stream

        def settled(done: int, total: int) -> None:
            if done == readdressing.AN_ACT:
                asked = {"kind": "registered", "dwelling": homes[250], "since": "2024-02-01"}
                clerk.settle(person, command=uuid4(), **asked)

        done = readdressed(registry, file, progress=settled)
        assert (done.dwellings, len(done.acts)) == (MANY, ACTS)
        (lives,) = registry.query("residences", "current_in_dwelling", dwelling=homes[250])
        assert lives["person"] == person and called(registry, homes[250])[-1][1].startswith(CITY)

    def test_whoever_changes_a_dwelling_at_that_moment_is_not_lost(
        self, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        homes, file, append = town(registry, 30), merged(tmp_path, 30), registry.append

        def after_another(*lines: Any, **how: Any) -> Any:
            monkeypatch.setattr(registry, "append", append)
            Clerk(registry, CLERK).change_kind(homes[5], command=uuid4(), kind="dormitory_other", basis="договір")
            return append(*lines, **how)

        monkeypatch.setattr(registry, "append", after_another)
        done = readdressed(registry, file)
        assert (done.dwellings, done.same, len(done.acts)) == (30, 0, 1)
        assert registry.dwelling(homes[5]).kind == "dormitory_other" and verify(registry).differences == []

    def test_a_later_decision_is_taken_back_first(self, registry: Registry, tmp_path: Path) -> None:
        homes = town(registry, 3, people=0)
        clerk, file = Clerk(registry, CLERK), merged(tmp_path, 3)
        assert readdressed(registry, file).dwellings == 3
        street = Address(settlement=CITY, street="вул. Нова", house="1", katottg=CODE)
        clerk.rename_address(homes[0], command=uuid4(), address=street, since="2024-05-01", basis="рішення № 7")
        back = taken_back(registry)
        assert (back.dwellings, list(back.left)) == (2, [homes[0]]) and len(called(registry, homes[0])) == 3
        assert taken_back(registry, "рішення № 7").dwellings == 1
        back = taken_back(registry)
        assert (back.dwellings, back.same, back.left) == (1, 2, {})
        # What is corrected now is corrected for every day.
        right = Address(settlement=VILLAGE, street="вул. Сільська", house="1")
        clerk.correct_dwelling(homes[0], command=uuid4(), address=right, kind="private", reason="описка")
        assert called(registry, homes[0]) == [(None, f"{VILLAGE}, вул. Сільська, буд. 1")]
        assert taken_back(registry, "рішення, якого не було") == Readdressed()


class TestRows:
    def test_each_that_cannot_be_is_told_and_the_others_are_done(self, registry: Registry, tmp_path: Path) -> None:
        homes, clerk = town(registry, 12, people=0), Clerk(registry, CLERK)
        clerk.readdress(homes[2], command=uuid4(), successor=homes[11], since="2020-01-01", reason="рішення")
        later = Address(settlement=VILLAGE, street="вул. Нова", house="4")
        clerk.rename_address(homes[3], command=uuid4(), address=later, since="2024-03-01", basis="рішення № 7")
        taken = Address(settlement=CITY, street="вул. Сільська 0-а", house="8")
        clerk.enter_dwelling(command=uuid4(), address=taken, kind="private")
        file = written(
            tmp_path,
            f"Ж-0,{CODE},{CITY},,",
            f"Ж-99,{CODE},{CITY},,",
            f"Ж-0,{CODE},{CITY},,",
            f"Ж-1,UA01020030040012345,{CITY},,",
            f"Ж-2,{CODE},{CITY},,",
            f"Ж-3,{CODE},{CITY},,",
            f"Ж-4,UA99,{CITY},,",
            "Ж-5,,,,",
            f"Ж-6,{CODE},{CITY},,02.01.2024",
            f"Ж-7,{CODE},{CITY},,",
            f"Ж-8,{CODE},{CITY},вул. Нова,1",
            f"Ж-9,{CODE},{CITY},Нова вулиця,буд. 1",
            f"{homes[10]},,{CITY},-,",
            header="Позначка житла;КАТОТТГ;Населений пункт;Вулиця;Будинок".replace(";", ","),
        )
        done = readdressed(registry, file)
        assert codes(done) == [
            (3, "dwelling_ref", "dwelling-unknown"),
            (4, "dwelling_ref", "duplicate"),
            (5, "katottg", "address-leaves-community"),
            (6, "dwelling_ref", "dwelling-renumbered"),
            (7, "", "renamed-later"),
            (8, "katottg", "katottg-shape"),
            (9, "", "address-missing"),
            (10, "house", "cell-date"),
            (11, "house", "address-taken"),
            (13, "house", "address-taken"),
        ]
        assert (done.dwellings, done.same) == (3, 0)
        # An empty cell says nothing, a dash that there is no street.
        assert called(registry, homes[0])[-1] == (SINCE, f"{CITY}, вул. Сільська 0-а, буд. 1")
        assert called(registry, homes[10])[-1] == (SINCE, f"{CITY}, буд. 11")
        assert called(registry, homes[8])[-1] == (SINCE, f"{CITY}, вул. Нова, буд. 1")

    def test_houses_that_all_move_on_by_one_are_in_nobodys_way(self, registry: Registry, tmp_path: Path) -> None:
        homes = town(registry, 4, people=0)
        on = [f"Ж-{number},{number + 2}" for number in range(4)]
        stays = written(tmp_path, *on[:3], header="dwelling_ref,house")
        # The last one stays where it is, so the one before it cannot come there, nor anybody after that.
        assert [line for line, _, _ in codes(readdressed(registry, stays))] == [2, 3, 4]
        done = readdressed(registry, written(tmp_path, *on, header="dwelling_ref,house"))
        assert (done.dwellings, done.rejects) == (4, [])
        assert [called(registry, home)[-1][1][-1] for home in homes] == ["2", "3", "4", "5"]

    def test_what_the_list_of_streets_has_not_is_warned_of(self, registry: Registry, tmp_path: Path) -> None:
        town(registry, 2, people=0)
        known = ListedHouse(house="1")
        said = StreetVersion(settlement=CITY, names=(StreetName(name="вул. Сільська 0-а"),))
        facts = [*street.enter(NO_STREET, said, today=date(2024, 1, 1)), HousesListed(houses=(known,), source="list")]
        registry.append([(street_id(said), facts, 0)], by=CLERK, command=uuid4())
        done = readdressed(registry, merged(tmp_path, 2))
        assert [(one.line, one.code) for one in done.warnings] == [(3, "address-house-unlisted")]
        assert (done.dwellings, done.rejects) == (2, [])

    @pytest.mark.parametrize(
        "said",
        [
            b"katottg,settlement\nUA99020010100000021,x\n",
            b"dwelling_ref\nA-1\n",
            "dwelling_ref,settlement\nЖ-0,м. Вигадів\n".encode()[:-9] + b"\xff\xfe\n",
            b"",
        ],
        ids=["no dwelling", "no part", "broken", "empty"],
    )
    def test_a_file_that_cannot_be_read_changes_nothing(self, registry: Registry, tmp_path: Path, said: bytes) -> None:
        town(registry, 2, people=0)
        file, before = tmp_path / "a.csv", registry.position()
        file.write_bytes(said)
        with pytest.raises(BadFile):
            readdressed(registry, file)
        with pytest.raises(Impossible):
            readdressed(registry, merged(tmp_path, 2), since="2199-01-01")
        assert registry.position() == before


class TestExtracts:
    @pytest.fixture
    def office(self, database_url: str, tmp_path: Path) -> Iterator[Office]:
        with opened(database_url, clock=StoppedClock("2026-03-01T09:00")) as register:
            yield Office(register, installation(data=tmp_path))

    def test_say_the_address_of_their_day(
        self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And one that said the new address is untrue once the decision is taken back."""
        monkeypatch.setattr(issuing, "_made", lambda entry, key, settings: entry.fact.code.encode())
        person, home, _ = office.lives()

        def stated(**wanted: Any) -> tuple[issuing.Issued, str]:
            issued = office.issue(person, **wanted)
            return issued, office.content(issued)["residences"][0]["address"]

        first, old = stated()
        office.registry.clock.set("2026-03-02T09:00")
        file = written(tmp_path, f"{home},{CODE},{CITY}")
        assert readdressed(office.registry, file, office.clerk, since="2026-02-01", community="").dwellings == 1
        second, new = stated()
        assert (old.split(", ")[0], new.split(", ")[0]) == ("смт Вигадівка", CITY)
        assert stated(on=date(2026, 1, 31))[1] == old and office.superseded(second) is None
        office.registry.clock.set("2026-03-05T09:00")
        assert readdressing.take_back(office.clerk, DECISION).dwellings == 1
        assert office.superseded(second) == date(2026, 3, 5) and office.superseded(first) is None
        assert stated()[1] == old


class TestCommand:
    def test_from_the_try_to_the_taking_back(self, database_url: str, tmp_path: Path) -> None:
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), COLUMNS="200")
        staffed(database_url, "head")
        with opened(database_url) as registry:
            town(registry, 3, people=0)
        file = written(tmp_path, f"Ж-0,{CODE},{CITY}", f"Ж-1,{CODE},{CITY}", f"Ж-7,{CODE},{CITY}")
        asked, rejects = ("readdress", file, "--decision", DECISION, "--since", "01.01.2024"), tmp_path / "no.csv"
        tried = hromada.answer(*asked, "--dry-run")
        assert (tried["dwellings"], tried["acts"], tried["position"]) == (2, 0, None)
        done = hromada(*asked, "--rejects", rejects)
        assert done.returncode == 3 and "Житла з новою адресою: 2" in done.stdout and "dwelling_ref" in done.stderr
        assert "dwelling-unknown" in rejects.read_text("utf-8")
        again = hromada.answer(*asked)
        assert (again["dwellings"], again["same"], again["rejected"]) == (0, 2, 1)
        assert again["faults"] == {"dwelling-unknown": 1} and again["files"][0]["file"] == file.name
        back = hromada("readdress", "--take-back", f" {DECISION} ")
        assert back.returncode == 0 and "2" in back.stdout
        said = hromada.answer("readdress", "--take-back", DECISION, "--decision", "рішення суду")
        assert (said["dwellings"], said["same"], said["left"]) == (0, 2, [])
        assert hromada("verify").returncode == 0

    def test_what_is_not_said_whole(self, database_url: str, tmp_path: Path) -> None:
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"))
        staffed(database_url, "head")
        file = written(tmp_path, f"Ж-0,{CODE},{CITY}")
        whole: tuple[Any, ...] = (file, "--decision", DECISION, "--since", "01.01.2024")
        for some in ((), whole[:1], whole[:3], (*whole[:1], *whole[3:]), whole[1:]):
            assert_refused(hromada("readdress", *some), 2, "--decision")
        assert_refused(hromada("readdress", *whole, "--take-back", DECISION), 2, "щось одне")
        assert_refused(hromada("readdress", "--take-back", DECISION), 2, "не змінювали")
        assert_refused(hromada("readdress", *whole[:4], "01.01.2199"), 2, "не настала")


# Processes of their own


def stops(url: str, file: str) -> None:
    """Stands still for ever once its first act is recorded."""

    def progress(done: int, total: int) -> None:
        print("here", flush=True)
        time.sleep(300)

    with opened(url) as registry:
        readdressed(registry, Path(file), progress=progress)


def acts(url: str) -> None:
    """A clerk who enters one after another until the input ends; then says how long each act took."""
    waited: list[float] = []
    with opened(url) as registry:
        clerk = Clerk(registry, Actor("clerk-2", "Реєстраторка Друга Д. Д."))
        print("here", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            began = time.monotonic()
            who = Particulars(surname=f"Нова{len(waited)}", birth_date="1990-01-01")
            clerk.enter_person(command=uuid4(), particulars=who, confirmed=True)
            waited.append(time.monotonic() - began)
    print(json.dumps(waited))


def beside(work: str, *said: Any) -> subprocess.Popen[str]:
    """Such a process, at work."""
    words = [sys.executable, __file__, work, *map(str, said)]
    program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdout and program.stdout.readline() == "here\n"
    return program


@pytest.mark.slow
class TestAtScale:
    def test_killed_it_goes_on_where_it_stopped(self, registry: Registry, database_url: str, tmp_path: Path) -> None:
        town(registry)
        file = merged(tmp_path)
        program = beside("stops", database_url, file)
        program.send_signal(signal.SIGKILL)
        program.communicate()
        rest = readdressed(registry, file)
        assert (rest.same, rest.dwellings) == (readdressing.AN_ACT, MANY - readdressing.AN_ACT)
        assert taken_back(registry).dwellings == MANY

    def test_thousands_while_a_clerk_acts(
        self, registry: Registry, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """How long it takes, and how long the clerk's longest act: printed, nothing is asserted of time."""
        many = int(os.environ.get("READDRESSED", "1500"))
        town(registry, many)
        file = merged(tmp_path, many)
        for work in (lambda: readdressed(registry, file), lambda: taken_back(registry)):
            clerk, began = beside("acts", database_url), time.monotonic()
            done = work()
            seconds = time.monotonic() - began
            waited = json.loads(clerk.communicate()[0])
            assert (done.dwellings, done.same, done.rejects, done.left) == (many, 0, [], {}) and waited
            longest = f"{len(waited)} acts beside, the longest {max(waited):.2f} s"
            with capsys.disabled():
                print(f"\n{many} dwellings: {seconds:.1f} s; {longest}")


if __name__ == "__main__":
    {"stops": stops, "acts": acts}[sys.argv[1]](*sys.argv[2:])

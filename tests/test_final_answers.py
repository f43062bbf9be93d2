"""An answer is final (semantics 5): asked again by what it printed, the same for ever. No wrong clock dates an act."""

import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest
import typer
from clocks import StoppedClock
from given import CLERK, installation, uid
from running import Done, Program
from starlette.testclient import TestClient
from test_api import Desk
from test_every_field_has_a_gate import routes_within
from test_registry import append
from test_terminal_roles import tree

from api.commands.cli import app as commands
from api.errors import problem_of
from api.main import create_app, create_public_app
from registry import app as door
from registry import demo, journal, questions, texts
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person.events import Particulars, PastResidenceEntered, PersonEntered
from registry.app import Registry
from registry.clock import utc_now
from registry.opening import opened
from registry.storage import mapper
from registry.storage.recorder import NotFinal, WrongClock
from registry.viewer import OPEN
from replay import register

HOME = uid(1)
FIRST = date(2001, 1, 1)


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as made:
        yield made


def person(registry: Registry, ref: str) -> UUID:
    stream = uuid4()
    append(registry, (stream, [PersonEntered(particulars=Particulars(surname="Вигадана"), ref=ref)], 0))
    return stream


def lived(number: int) -> PastResidenceEntered:
    """A day in the dwelling, another one for each number."""
    day = FIRST + timedelta(number)
    until = day + timedelta(1)
    said = {"since": day.isoformat(), "until": until.isoformat(), "kind": "registered", "dwelling": HOME}
    return PastResidenceEntered(residence=uuid4(), **said)


class TestOneAct:
    """One that took its time and has not committed."""

    def in_flight(self, registry: Registry, meanwhile: Callable[[datetime], None]) -> None:
        with registry.recorder.writing() as log:
            envelope = mapper.Envelope(log.next_instant(), CLERK, uuid4())
            fact = DwellingEntered(address=Address(house="1"), kind="house")
            log.write([mapper.Draft(uuid4(), 1, fact)], envelope, registry.mapper)
            meanwhile(envelope.recorded_at)

    def test_a_moment_behind_it_waits_for_it(self, registry: Registry) -> None:
        append(registry, (HOME, [DwellingEntered(address=Address(house="2"), kind="house")], 0))
        found: list[int] = []
        ask = threading.Thread(target=lambda: found.append(registry.position_known_at(datetime.now(UTC))))

        def meanwhile(at: datetime) -> None:
            ask.start()
            ask.join(0.2)
            assert not found

        self.in_flight(registry, meanwhile)
        ask.join(10)
        assert found == [registry.position()] == [2]

    def test_not_for_ever_and_it_says_so(self, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(door, "IN_FLIGHT_SECONDS", 0.1)
        desk = Desk(TestClient(create_app(registry, installation())), registry)
        desk.dwelling()

        def meanwhile(at: datetime) -> None:
            began = monotonic()
            with pytest.raises(NotFinal):
                registry.position_known_at(datetime.now(UTC))
            assert monotonic() - began < 5
            now = datetime.now(UTC).isoformat()
            answer = desk.get("/moved", known_at=now)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-final")
            page = desk.client.get(f"/dwellings/{uuid4()}", params={"known_at": now})
            assert page.status_code == 404
            assert desk.get("/moved").status_code == 200

        self.in_flight(registry, meanwhile)

    def test_what_is_past_waits_for_nothing(self, registry: Registry) -> None:
        last = append(registry, (HOME, [DwellingEntered(address=Address(house="2"), kind="house")], 0)).recorded_at

        def meanwhile(at: datetime) -> None:
            assert registry.position_known_at(last) == 1
            assert registry.position_known_at(last - timedelta(microseconds=1)) == 0
            assert registry.last_act() == (last, 1)

        self.in_flight(registry, meanwhile)


class TestWhatIsPrinted:
    def test_before_the_first_fact_and_behind_it(self, registry: Registry) -> None:
        now = utc_now()
        asked = questions.settled(registry, questions.asked(now=now), now)
        assert (asked.position, asked.known_at) == (0, now)
        at = append(registry, (HOME, [DwellingEntered(address=Address(house="2"), kind="house")], 0)).recorded_at
        now = utc_now()
        asked = questions.settled(registry, questions.asked(now=now), now)
        assert (asked.position, asked.known_at) == (1, at)

    @pytest.mark.parametrize("position", [0, -1, 2, 2**63 - 1, 2**63, 10**30])
    def test_no_such_position_is_a_fault(self, registry: Registry, position: int) -> None:
        person(registry, "П-1")
        now = utc_now()
        with pytest.raises(questions.BadQuestion, match="position"):
            questions.settled(registry, questions.asked(position=position, now=now), now)

    def test_everywhere_in_words(self, registry: Registry) -> None:
        desk = Desk(TestClient(create_app(registry, installation())), registry)
        home = desk.dwelling()
        for wrong in ("0", "-1", "x", "99", str(2**63), ""):
            answer = desk.get(f"/dwellings/{home}/residents", position=wrong)
            assert answer.status_code == (422 if wrong else 200), wrong
            page = desk.client.get(f"/dwellings/{home}", params={"position": wrong})
            assert page.status_code == 200
            assert (texts.say("time_faults", "position") in page.text) == bool(wrong)
        both = {"position": 1, "known_at": "2020-01-01"}
        answer = desk.get("/moved", **both)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-question")
        assert texts.say("time_faults", "both") in desk.client.get(f"/dwellings/{home}", params=both).text

    def test_a_page_leads_back_to_itself_and_its_links_keep_the_position(self, registry: Registry) -> None:
        desk = Desk(TestClient(create_app(registry, installation())), registry)
        home, someone = desk.dwelling(), desk.person()
        position = registry.position()
        page = desk.client.get(f"/persons/{someone}").text
        today = questions.asked(now=utc_now()).day
        assert f'href="?on={today}&amp;position={position}"' in page
        desk.act(f"/persons/{someone}/past-residences", {**PAST, "dwelling": home})
        then = desk.client.get(f"/persons/{someone}", params={"position": position}).text
        assert "картка" not in then and f'name="position" value="{position}"' in then
        assert f"/?position={position}" in then


PAST = {"kind": "registered", "since": "2001-01-01", "until": "2002-01-01", "basis": "картка"}


class TestWhoeverTakesAMoment:
    """Takes a position in its place."""

    def test_each_route_and_form(self, registry: Registry) -> None:
        found = {}
        for app in (create_app(registry, installation()), create_public_app(registry, installation())):
            for route in routes_within(app.routes):
                taken = set()
                of_route = getattr(route, "dependant", None)
                for one in (*of_route.query_params, *of_route.body_params) if of_route else ():
                    fields = getattr(one.field_info.annotation, "model_fields", {})
                    taken |= {one.name, *fields}
                if "known_at" in taken:
                    found[f"{sorted(route.methods)} {route.path}"] = "position" in taken
        assert len(found) >= 20 and all(found.values()), [route for route, takes in found.items() if not takes]

    def test_each_command(self) -> None:
        found = {}
        for name, command in tree(typer.main.get_command(commands)):
            options = {option for one in command.params for option in one.opts}
            if "--known-at" in options:
                found[name] = "--position" in options
        assert len(found) >= 8 and all(found.values()), found


class TestTheClock:
    def fact(self, number: int) -> tuple[UUID, list[Any], int]:
        return (uuid4(), [DwellingEntered(address=Address(house=str(number)), kind="house")], 0)

    def test_an_act_is_refused_while_the_last_fact_is_more_than_a_minute_ahead(self, database_url: str) -> None:
        clock = StoppedClock("2026-01-01T10:01:00")
        with opened(database_url, clock=clock) as registry:
            last = append(registry, self.fact(1)).recorded_at
            clock.set("2026-01-01T10:00:00")
            assert append(registry, self.fact(2)).recorded_at == last + timedelta(microseconds=1)
            clock.set("2026-01-01T09:59:59")
            with pytest.raises(WrongClock) as refused:
                append(registry, self.fact(3))
            assert refused.value.code == "last-ahead" and registry.position() == 2
            problem = problem_of(None, refused.value)  # type: ignore[arg-type]  # what it answers is of the error alone
            assert (problem.status, problem.kind) == (503, "wrong-clock") and "61 с" in problem.detail
            clock.set("2026-01-01T10:00:01")
            assert append(registry, self.fact(3)).position == 3

    @pytest.mark.parametrize(("seconds", "refused"), [(-60, True), (60, True), (-2, False), (2, False)])
    def test_an_act_is_refused_while_the_clocks_differ(self, database_url: str, seconds: int, refused: bool) -> None:
        def clock() -> datetime:
            return utc_now() + timedelta(seconds=seconds)

        with opened(database_url, clock=clock, apart=timedelta(seconds=5)) as registry:
            if not refused:
                assert append(registry, self.fact(1)).position == 1
                return
            with pytest.raises(WrongClock) as error:
                append(registry, self.fact(1))
            assert error.value.code == "clocks-apart" and registry.position() == 0

    def test_the_wait_for_the_lock_is_no_difference(self, database_url: str) -> None:
        with opened(database_url, apart=timedelta(seconds=0.15)) as registry:
            acted = threading.Thread(target=lambda: append(registry, self.fact(2)))
            with opened(database_url) as other, other.recorder.writing():
                acted.start()
                acted.join(0.4)
                assert acted.is_alive()
            acted.join(10)
            assert registry.position() == 1

    def test_a_journal_of_times_to_come_is_taken_when_it_is_said(self, server: Any, tmp_path: Any) -> None:
        from test_journal import register as a_register

        with a_register(server) as made:
            made.recorder.clock = lambda: utc_now() + timedelta(400)
            append(made, self.fact(1))
            journal.export(made, tmp_path / "ahead.jsonl", seen_by=OPEN)
        with a_register(server) as other:
            with pytest.raises(journal.BadJournal, match="--times-to-come"):
                journal.load(other, tmp_path / "ahead.jsonl", utc_now())
            assert journal.load(other, tmp_path / "ahead.jsonl", utc_now(), times_to_come=True) == 1
            assert {row["mark"] for row in other.marks()} == {journal.GIVEN_TIMES, journal.TIMES_TO_COME}
            with pytest.raises(WrongClock):
                append(other, self.fact(2))
            assert questions.settled(other, questions.asked(now=utc_now()), utc_now()).position == 1


class Slipped(Program):
    def __call__(self, *words: object, typed: str | None = None, **more: str) -> Done:
        preload = subprocess.run(
            ["faketime", "-f", "+400d", "sh", "-c", "echo $LD_PRELOAD"], capture_output=True, text=True, check=True
        )
        return super().__call__(*words, typed=typed, **more, LD_PRELOAD=preload.stdout.strip(), FAKETIME="+400d")


@pytest.mark.slow
class TestTheProgram:
    """With a clock of another day before it (libfaketime), and the database's as it is."""

    def test_no_act_by_a_clock_that_slipped(self, database_url: str, tmp_path: Any) -> None:
        hromada = Program(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path))
        ahead = Slipped(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path))
        refused = ahead("demo", "--persons", "20", "--no-serve")
        assert refused.returncode == 4 and texts.say("wrong_clock", "clocks-apart", "400 днів") in refused.stderr
        made = hromada("demo", "--persons", "20", "--no-serve")
        assert made.returncode == 0, made.stderr


class TestReplayOfOne:
    def test_it_reads_their_streams_and_says_what_the_whole_log_says(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        demo.seed(registry, persons=60, seed=3, now=datetime(2026, 11, 1, tzinfo=UTC))
        position, read = registry.position(), mapper.read_entry
        counted: list[int] = []

        def counting(state: bytes) -> Any:
            counted.append(1)
            return read(state)

        monkeypatch.setattr(mapper, "read_entry", counting)
        for at in (position, position // 2):
            for day in (date(2010, 1, 1), date(2026, 11, 1)):
                said = {row["person_id"]: row for row in sure_rows(register.on_day(registry, day, at, seen_by=OPEN))}
                assert said
                for id, row in said.items():
                    counted.clear()
                    names = {id, row["person_ref"]}
                    assert all(register.on_day(registry, day, at, one, seen_by=OPEN) == [row] for one in names)
                    assert len(counted) < len(names) * position / 5
        assert register.on_day(registry, FIRST, position, "немає такої", seen_by=OPEN) is None


def sure_rows(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    assert rows is not None
    return rows


@pytest.mark.slow
def test_three_thousand_questions_beside_six_writers_are_answered_so_for_ever(database_url: str) -> None:
    writers, askers, asked = 6, 12, 3_000
    with opened(database_url, connections=askers) as registry:
        append(registry, (HOME, [DwellingEntered(address=Address(house="1"), kind="house")], 0))
        streams = [person(registry, f"П-{number}") for number in range(writers)]
        done = threading.Event()
        written = [0] * writers

        def write(number: int) -> None:
            with opened(database_url, connections=2) as own:
                while not done.is_set() and written[number] < 100:
                    append(own, (streams[number], [lived(written[number])], written[number] + 1))
                    written[number] += 1

        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        for one in threads:
            one.start()
        first: list[tuple[str, str, str | None, dict[str, Any]]] = []

        def ask(ref: str, on: str, **when: Any) -> dict[str, Any]:
            now = utc_now()
            return questions.residence(registry, ref, questions.asked(on=on, now=now, **when), now, seen_by=OPEN)

        def ask_many(seed: int) -> None:
            picked = random.Random(seed)
            for number in range(asked // askers):
                of = picked.randrange(writers)
                day = (FIRST + timedelta(picked.randint(max(written[of] - 2, 0), written[of] + 1))).isoformat()
                known_at = utc_now().isoformat() if number % 2 else None
                first.append((f"П-{of}", day, known_at, ask(f"П-{of}", day, known_at=known_at)))

        try:
            with ThreadPoolExecutor(askers) as pool:
                list(pool.map(ask_many, range(askers)))
        finally:
            done.set()
            for one in threads:
                one.join()
        assert len(first) == asked
        assert sum(written) > 60 and len({answer["position"] for *_, answer in first}) > 60
        assert any(answer["answer"] for *_, answer in first) and not all(answer["answer"] for *_, answer in first)
        for ref, day, known_at, answer in first:
            assert ask(ref, day, position=answer["position"])["answer"] == answer["answer"]
            assert ask(ref, day, known_at=answer["known_at"]) == answer
            if known_at:
                assert ask(ref, day, known_at=known_at) == answer

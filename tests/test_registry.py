"""The door to the log and what stands behind it, on a real PostgreSQL: semantics 5 and 6, and what `verify` finds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from clerks import Clerk
from clocks import StoppedClock
from eventsourcing.persistence import StoredEvent
from given import CLERK

from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person.events import (
    Deceased,
    EntryWithdrawn,
    Particulars,
    PersonEntered,
    ResidenceRegistered,
)
from registry.aggregates.person.state import NOBODY, evolve
from registry.aggregates.person.timeline import current, timeline
from registry.aggregates.values import Actor, Impossible
from registry.app import LostRace, Registry
from registry.clock import utc_now
from registry.opening import opened
from registry.projections import runner
from registry.salts import random_salt
from registry.storage import mapper
from registry.storage.following import Follower
from replay.compare import verify

HEAD = Actor("head-1", "Керівниця Вигадана Г. Г.")
PROJECTIONS = [one.TABLE for one in runner.PROJECTIONS]
SECRET = "Таємниченко"
LONG = 300


@pytest.fixture
def registry(database_url):
    with opened(database_url) as register:
        yield register


@pytest.fixture
def clerk(registry):
    return Clerk(registry, CLERK)


def entered(surname=SECRET, **more):
    return PersonEntered(particulars=Particulars(surname=surname, **more))


def dwelling(number=1, ref=None):
    return DwellingEntered(address=Address(street="вулиця Перша", house=str(number)), ref=ref)


def lives(home, since="2020-01-01", residence=None):
    return ResidenceRegistered(residence=residence or uuid4(), dwelling=home, since=since)


def append(registry, *entries, by=CLERK, command=None, **more):
    """One act, by the clerk unless said otherwise."""
    return registry.append(entries, by=by, command=command or uuid4(), **more)


def settled(clerk, homes=1):
    """A person in the first of some new dwellings: their ids."""
    person = clerk.enter_person(command=uuid4(), particulars=Particulars(surname=SECRET)).entries[0].stream
    places = [
        clerk.enter_dwelling(command=uuid4(), address=Address(house=str(number + 1))).entries[0].stream
        for number in range(homes)
    ]
    clerk.settle(person, command=uuid4(), kind="registered", dwelling=places[0], since="2020-01-01")
    return person, *places


def residence_of(registry, person):
    return current(timeline(registry.person(person))).residence


def positions(registry):
    with registry.snapshot() as connection:
        found = connection.execute("SELECT notification_id AS position FROM facts ORDER BY 1").fetchall()
    return [row["position"] for row in found]


def table(registry, name):
    with registry.snapshot() as connection:
        return connection.execute(f"SELECT t::text AS said FROM {name} AS t ORDER BY 1").fetchall()


class TestFollowers:
    """Who is told of an act, and what is given to its facts, is handed to the door; it knows none of them by name."""

    @staticmethod
    @contextmanager
    def followed(url, follow, prepared=()):
        told = Follower(follow=follow, refill=lambda *_: None, queries={"told": {"one": "SELECT 1 AS one"}})
        with Registry(url, clock=utc_now, salts=random_salt, followers=[told], prepared=dict(prepared)) as register:
            yield register

    def test_are_told_of_each_stream_as_it_was_and_what_is_new(self, database_url):
        person, told = uuid4(), []
        with self.followed(database_url, lambda sending, touched: told.extend(touched)) as registry:
            first = append(registry, (person, [entered()], 0))
            second = append(registry, (person, [Deceased(registered_on="2024-01-01")], 1), (uuid4(), [entered()], 0))
            assert [(one.stream, list(one.before), list(one.new)) for one in told] == [
                (person, [], list(first.entries)),
                (person, list(first.entries), [second.entries[0]]),
                (second.entries[1].stream, [], [second.entries[1]]),
            ]
            assert registry.query("told", "one") == [{"one": 1}] and table(registry, "people") == []

    def test_are_told_nothing_of_a_repeated_command(self, database_url):
        told, command = [], uuid4()
        with self.followed(database_url, lambda sending, touched: told.append(touched)) as registry:
            for _ in range(2):
                append(registry, (uuid4(), [entered()], 0), command=command)
        assert len(told) == 1

    def test_one_that_fails_fails_the_act(self, database_url):
        def follow(sending, touched):
            sending.connection.execute("INSERT INTO marks (mark) VALUES ('told')")
            raise ValueError("no")

        with self.followed(database_url, follow) as registry:
            with pytest.raises(ValueError, match="no"):
                append(registry, (uuid4(), [entered()], 0))
            assert (registry.position(), registry.marks()) == (0, [])

    def test_a_fact_is_written_with_what_is_given_to_its_class_under_the_lock(self, database_url):
        def numbered(connection, fact, place):
            return replace(fact, ref=f"{place.day.year}-{last(connection) + 1 + place.nth}, {place.last}")

        def last(connection):
            return connection.execute("SELECT count(*) AS facts FROM facts").fetchone()["facts"]

        with self.followed(database_url, lambda *_: None, {DwellingEntered: numbered}) as registry:
            first = append(registry, (uuid4(), [dwelling()], 0))
            both = append(registry, *((uuid4(), [dwelling()], 0) for _ in range(2)), (uuid4(), [entered()], 0))
        year = mapper.kyiv_day(first.recorded_at).year
        assert first.entries[0].fact.ref == f"{year}-1, 1"
        assert [entry.fact.ref for entry in both.entries[:2]] == [f"{year}-2, 4", f"{year}-3, 4"]


class TestOneAct:
    def test_all_or_nothing(self, registry):
        one, other = uuid4(), uuid4()
        append(registry, (other, [entered()], 0))
        with pytest.raises(LostRace):
            append(registry, (one, [entered()], 0), (other, [entered()], 0))
        assert registry.person(one) == NOBODY
        assert (positions(registry), len(table(registry, "people"))) == ([1], 1)

    def test_a_guard_of_the_database_leaves_nothing_of_the_act(self, registry):
        append(registry, (uuid4(), [entered(unzr="20000101-00001")], 0))
        one = uuid4()
        with pytest.raises(Impossible):
            append(registry, (one, [entered()], 0), (uuid4(), [entered(unzr="20000101-00001")], 0))
        assert (registry.person(one), positions(registry)) == (NOBODY, [1])

    def test_one_recorded_time_one_command_dense_positions(self, registry):
        homes = [uuid4() for _ in range(3)]
        act = append(registry, *((home, [dwelling(number)], 0) for number, home in enumerate(homes)))
        assert [entry.position for entry in act.entries] == [1, 2, 3] == positions(registry)
        assert act.position == 3
        assert {(entry.recorded_at, entry.command, entry.by) for entry in act.entries} == {
            (act.recorded_at, act.command, CLERK)
        }
        assert [entry for home in homes for entry in registry.entries(home)] == list(act.entries)

    def test_times_rise_between_acts_and_are_the_servers(self, registry):
        before = datetime.now(UTC)
        acts = [append(registry, (uuid4(), [entered()], 0)) for _ in range(5)]
        times = [act.recorded_at for act in acts]
        assert times == sorted(set(times))
        assert before - timedelta(seconds=5) < times[0] < times[-1] < datetime.now(UTC) + timedelta(seconds=5)

    def test_times_rise_when_the_registers_clock_goes_back(self, database_url):
        clock = StoppedClock("2026-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            append(registry, (uuid4(), [entered()], 0))
            clock.set("2026-03-01T08:59:30")
            acts = [append(registry, (uuid4(), [entered(), Deceased(registered_on="2024-01-01")], 0)) for _ in range(3)]
            first, tick = datetime(2026, 3, 1, 9, tzinfo=UTC), timedelta(microseconds=1)
            assert [act.recorded_at for act in acts] == [first + tick, first + 2 * tick, first + 3 * tick]
            assert positions(registry) == list(range(1, 8))
            assert verify(registry).found == 0

    def test_the_clock_is_read_when_the_lock_is_held(self, database_url):
        def clock():
            with psycopg.connect(database_url) as other, pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("LOCK TABLE facts IN EXCLUSIVE MODE NOWAIT")
            return datetime(2026, 3, 1, 9, tzinfo=UTC)

        with opened(database_url, clock=clock) as registry:
            assert append(registry, (uuid4(), [entered()], 0)).recorded_at == datetime(2026, 3, 1, 9, tzinfo=UTC)

    def test_positions_stay_dense_after_acts_that_failed(self, registry):
        person = uuid4()
        append(registry, (person, [entered()], 0))
        for _ in range(3):
            with pytest.raises(LostRace):
                append(registry, (person, [entered()], 0))
        assert append(registry, (uuid4(), [entered()], 0)).position == 2

    def test_an_act_has_a_fact_and_names_each_stream_once(self, registry):
        person = uuid4()
        append(registry, (person, [entered()], 0))
        with pytest.raises(ValueError, match="at least one fact"):
            append(registry, (person, [], 1))
        with pytest.raises(ValueError, match="each stream once"):
            append(registry, (person, [Deceased(registered_on="2024-01-01")], 1), (person, [], 1))

    def test_a_stream_belongs_to_one_aggregate(self, registry):
        person = uuid4()
        append(registry, (person, [entered()], 0))
        with pytest.raises(ValueError, match="belongs to one aggregate"):
            append(registry, (person, [dwelling()], 1))
        with pytest.raises(ValueError, match="belongs to one aggregate"):
            append(registry, (uuid4(), [entered(), dwelling()], 0))
        assert positions(registry) == [1]

    def test_the_library_itself_cannot_write(self, registry):
        event = StoredEvent(uuid4(), 1, "person-entered", b"{}")
        with pytest.raises(TypeError, match=r"registry\.append"):
            registry.recorder.insert_events([event])
        assert positions(registry) == []


class TestLostRace:
    def test_names_every_stream_who_and_when(self, registry):
        first, second, third = uuid4(), uuid4(), uuid4()
        by_clerk = append(registry, (first, [entered()], 0), (third, [entered()], 0))
        by_head = append(registry, (second, [entered()], 0), by=HEAD)
        with pytest.raises(LostRace) as race:
            append(registry, (first, [entered()], 0), (second, [entered()], 0), (third, [entered()], 1))
        assert {(one.stream, one.by, one.recorded_at) for one in race.value.raced} == {
            (first, CLERK.name, by_clerk.recorded_at),
            (second, HEAD.name, by_head.recorded_at),
        }

    def test_an_entry_without_facts_checks_its_version_only(self, registry):
        home, person = uuid4(), uuid4()
        append(registry, (home, [dwelling()], 0))
        append(registry, (person, [entered()], 0), (home, [], 1))
        assert len(registry.entries(home)) == 1
        for wrong in (0, 2):
            with pytest.raises(LostRace) as race:
                append(registry, (person, [Deceased(registered_on="2024-01-01")], 1), (home, [], wrong))
            assert [one.stream for one in race.value.raced] == [home]

    def test_a_version_that_does_not_exist_yet_is_lost_too(self, registry):
        with pytest.raises(LostRace):
            append(registry, (uuid4(), [entered()], 3))

    def test_the_clerk_is_told_who_wrote_since_the_version_they_saw(self, registry, clerk):
        person, home = settled(clerk)
        act = Clerk(registry, HEAD).record_death(person, command=uuid4(), registered_on="2024-01-01")
        with pytest.raises(LostRace) as race:
            clerk.deregister_residence(person, command=uuid4(), version=2, residence=uuid4(), until="2024-02-01")
        assert [(one.stream, one.by, one.recorded_at) for one in race.value.raced] == [
            (person, HEAD.name, act.recorded_at)
        ]
        assert registry.dwelling(home).version == 1

    def test_settling_loses_against_a_renumbering(self, registry, clerk):
        _person, old, new = settled(clerk, 2)
        newcomer = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Нова")).entries[0].stream
        seen = registry.dwelling(old).version
        clerk.readdress(old, command=uuid4(), successor=new, since="2024-01-01", reason="рішення")
        with pytest.raises(LostRace) as race:
            append(registry, (newcomer, [lives(old)], 1), (old, [], seen))
        assert [one.stream for one in race.value.raced] == [old]


def moves_in(clerk, person, home, away):
    other = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Інша")).entries[0].stream
    clerk.settle(other, command=uuid4(), kind="stay", dwelling=home, since="2022-01-01")


def moves_out(clerk, person, home, away):
    clerk.settle(person, command=uuid4(), kind="registered", dwelling=away, since="2022-01-01")


def is_deregistered(clerk, person, home, away):
    clerk.deregister_residence(
        person, command=uuid4(), residence=residence_of(clerk.registry, person), until="2022-01-01"
    )


def is_annulled(clerk, person, home, away):
    residence = residence_of(clerk.registry, person)
    clerk.annul_residence(person, command=uuid4(), residence=residence, basis="суд", revives=True)


def is_corrected_away(clerk, person, home, away):
    residence = residence_of(clerk.registry, person)
    clerk.correct_residence(person, command=uuid4(), residence=residence, changes={"dwelling": away}, reason="описка")


def dies(clerk, person, home, away):
    clerk.record_death(person, command=uuid4(), registered_on="2022-01-01")


def is_withdrawn(clerk, person, home, away):
    clerk.withdraw_entry(person, command=uuid4(), reason="двійник")


def is_past(clerk, person, home, away):
    clerk.enter_past_residence(
        person, command=uuid4(), kind="stay", dwelling=home, since="2010-01-01", until="2011-01-01"
    )


def is_renamed(clerk, person, home, away):
    clerk.rename_address(home, command=uuid4(), address=Address(street="вулиця Нова"), since="2022-01-01")


def is_carried_in(clerk, person, home, away):
    lives_away = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Інша")).entries[0].stream
    clerk.settle(lives_away, command=uuid4(), kind="stay", dwelling=away, since="2020-01-01")
    clerk.readdress(away, command=uuid4(), successor=home, since="2024-01-01", reason="рішення")


WAYS = [
    moves_in,
    moves_out,
    is_deregistered,
    is_annulled,
    is_corrected_away,
    dies,
    is_withdrawn,
    is_past,
    is_renamed,
    is_carried_in,
]


class TestUnchanged:
    """`unchanged` refuses if a later fact names the dwelling or changes who lives there (semantics 6)."""

    @pytest.mark.parametrize("happens", WAYS)
    def test_refuses_what_happened_meanwhile_by_whom_and_when(self, registry, clerk, happens):
        person, home, away = settled(clerk, 2)
        position = registry.position()
        happens(Clerk(registry, HEAD), person, home, away)
        with pytest.raises(LostRace) as race:
            append(registry, (uuid4(), [entered()], 0), unchanged=[(home, position)])
        assert [(one.stream, one.by) for one in race.value.raced] == [(home, HEAD.name)]
        assert race.value.raced[0].recorded_at > registry.entries(home)[0].recorded_at

    def test_refuses_who_comes_back_by_a_taking_back(self, registry, clerk):
        person, home, away = settled(clerk, 2)
        is_deregistered(clerk, person, home, away)
        position = registry.position()
        clerk.annul_deregistration(person, command=uuid4(), basis="суд")
        self.refused(registry, home, position)
        dies(clerk, person, home, away)
        position = registry.position()
        clerk.annul_death(person, command=uuid4(), basis="тезка")
        self.refused(registry, home, position)

    def test_refuses_who_revives(self, registry, clerk):
        person, home, away = settled(clerk, 2)
        moves_out(clerk, person, home, away)
        position = registry.position()
        is_annulled(clerk, person, home, away)
        self.refused(registry, home, position)
        self.refused(registry, away, position)

    def test_refuses_who_is_corrected_back(self, registry, clerk):
        person, home, away = settled(clerk, 2)
        position = registry.position()
        residence = residence_of(registry, person)
        for dwelling_ in (away, home):
            clerk.correct_residence(
                person, command=uuid4(), residence=residence, changes={"dwelling": dwelling_}, reason="описка"
            )
        self.refused(registry, home, position)
        self.refused(registry, away, position)

    def test_passes_what_happened_before_or_elsewhere(self, registry, clerk):
        person, home, away = settled(clerk, 2)
        position = registry.position()
        clerk.change_particulars(
            person, command=uuid4(), corrects=False, changes={"phone": "+380000000000"}, basis="заява"
        )
        moves_in(clerk, person, away, home)
        assert append(registry, (uuid4(), [entered()], 0), unchanged=[(home, position)]).position > position
        assert append(registry, (uuid4(), [entered()], 0), unchanged=[(away, registry.position())])

    def test_readdressing_passes_it_for_both_dwellings(self, registry, clerk, monkeypatch):
        _person, old, new = settled(clerk, 2)
        asked = []
        monkeypatch.setattr(registry, "append", lambda *_, unchanged, **__: asked.extend(unchanged))
        clerk.readdress(old, command=uuid4(), successor=new, since="2024-01-01", reason="рішення")
        assert asked == [(old, registry.position()), (new, registry.position())]

    @staticmethod
    def refused(registry, home, position):
        with pytest.raises(LostRace) as race:
            append(registry, (uuid4(), [entered()], 0), unchanged=[(home, position)])
        assert [one.stream for one in race.value.raced] == [home]


class TestRepeatedCommand:
    def test_returns_the_first_result_and_writes_nothing(self, registry):
        person, command = uuid4(), uuid4()
        first = append(registry, (person, [entered()], 0), command=command)
        again = append(registry, (uuid4(), [entered("Інша")], 0), command=command, by=HEAD)
        assert (first.repeated, again.repeated) == (False, True)
        assert (again.entries, again.recorded_at) == (first.entries, first.recorded_at)
        assert registry.of_command(command).entries == first.entries
        assert registry.of_command(uuid4()) is None
        assert positions(registry) == [1]

    def test_even_where_it_would_lose_the_race_now(self, registry):
        person, command = uuid4(), uuid4()
        first = append(registry, (person, [entered()], 0), command=command)
        append(registry, (person, [Deceased(registered_on="2024-01-01")], 1))
        assert append(registry, (person, [entered()], 0), command=command).entries == first.entries

    def test_from_eight_threads_at_once(self, registry):
        command, ready = uuid4(), threading.Barrier(8)

        def act(number):
            ready.wait()
            return append(registry, (UUID(int=number + 1), [entered()], 0), command=command)

        with ThreadPoolExecutor(8) as pool:
            acts = list(pool.map(act, range(8)))
        assert len({one.entries for one in acts}) == 1
        assert sorted(one.repeated for one in acts) == [False] + [True] * 7
        assert positions(registry) == [1]

    def test_a_clerks_act_decides_nothing_again(self, registry, clerk):
        person, _home = settled(clerk)
        command, residence = uuid4(), residence_of(registry, person)
        first = clerk.deregister_residence(person, command=command, residence=residence, until="2024-01-01")
        again = clerk.deregister_residence(person, command=command, residence=residence, until="2024-01-01")
        assert (again.entries, again.repeated) == (first.entries, True)


class TestSize:
    """A large write inside a pipeline hangs over a Unix socket (performance 7.1); ours goes by COPY."""

    @staticmethod
    def ends(act):
        """The result of an act that ends within a minute and a half."""
        result = []
        thread = threading.Thread(target=lambda: result.append(act()), daemon=True)
        thread.start()
        thread.join(LONG)
        assert result, f"not done within {LONG} seconds, or failed"
        return result[0]

    @pytest.mark.slow
    def test_ten_thousand_facts_of_one_stream(self, registry, database_url):
        assert "host=/" in database_url or "%2F" in database_url
        person = uuid4()
        facts = [entered(), *(Deceased(registered_on="2024-01-01", basis=f"запис {n}") for n in range(9_999))]
        act = self.ends(lambda: append(registry, (person, facts, 0)))
        assert (act.position, len(table(registry, "people"))) == (10_000, 1)
        assert append(registry, (person, [EntryWithdrawn(reason="двійник")], 10_000)).position == 10_001

    @pytest.mark.slow
    def test_ten_thousand_streams(self, registry):
        lines = [(uuid4(), [entered(f"Особа-{number}")], 0) for number in range(10_000)]
        act = self.ends(lambda: append(registry, *lines))
        assert (act.position, len(table(registry, "people"))) == (10_000, 10_000)


class TestTheTableItself:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE facts SET recorded_at = now()",
            "DELETE FROM facts",
            "TRUNCATE facts",
            "UPDATE facts SET state = ''::bytea WHERE notification_id = 1",
            "DELETE FROM facts WHERE false",
        ],
    )
    def test_a_fact_is_never_edited_and_never_deleted(self, registry, database_url, statement):
        append(registry, (uuid4(), [entered()], 0))
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RaiseException):
            connection.execute(statement)
        assert positions(registry) == [1]

    def test_an_overlap_put_in_behind_the_programs_back_is_refused(self, registry, clerk, database_url):
        person, _home = settled(clerk)
        copy = (
            "INSERT INTO residences SELECT person, gen_random_uuid(), part, kind, dwelling, {since}, {until}, "
            "since_known, until_known, certain_since, certain_until, state, {kept}, past, carried, facts, "
            "known_from, {known_until} FROM residences"
        )
        whole = {"since": "since", "until": "until", "kept": "kept", "known_until": "known_until"}
        with psycopg.connect(database_url, autocommit=True) as connection:
            for change in ({}, {"until": "since + 1"}, {"since": "since + 1000"}):
                with pytest.raises(psycopg.errors.ExclusionViolation):
                    connection.execute(copy.format(**whole | change))
            for beside in (
                {"kept": "true"},
                {"known_until": "known_from + 1"},
                {"since": "since - 1", "until": "since"},
            ):
                assert (
                    connection.execute(
                        copy.format(**whole | beside) + " WHERE residence = %s", [residence_of(registry, person)]
                    ).rowcount
                    == 1
                )

    def test_the_programs_own_overlap_is_a_fault(self, registry, clerk, monkeypatch):
        person, _home = settled(clerk)
        row = next(runner.residences.view(person, registry.person(person)))
        twice = lambda stream, state: [row, (row[0], uuid4(), *row[2:])]  # noqa: E731
        monkeypatch.setattr(runner.residences, "view", twice)
        with pytest.raises(Impossible) as refusal:
            append(registry, (person, [Deceased(registered_on="2024-01-01")], 2))
        assert [fault.code for fault in refusal.value.faults] == ["overlaps"]


class TestUnique:
    @pytest.mark.parametrize(
        ("code", "said"), [("unzr-taken", {"unzr": "20000101-00001"}), ("ref-taken", {"ref": "П-1"})]
    )
    def test_among_entries_in_force_and_free_after_a_withdrawal(self, clerk, said, code):
        def enter(surname):
            asked = {**said}
            particulars = Particulars(surname=surname, unzr=asked.pop("unzr", None))
            return clerk.enter_person(command=uuid4(), particulars=particulars, **asked).entries[0].stream

        first = enter("Перша")
        with pytest.raises(Impossible) as refusal:
            enter("Друга")
        assert [fault.code for fault in refusal.value.faults] == [code]
        clerk.withdraw_entry(first, command=uuid4(), reason="двійник")
        enter("Друга")
        with pytest.raises(Impossible):
            clerk.enter_person(
                command=uuid4(),
                person=first,
                particulars=Particulars(surname="Перша", unzr=said.get("unzr")),
                ref=said.get("ref"),
            )

    def test_an_unzr_that_was_changed_is_free(self, clerk):
        first = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="П", unzr="20000101-00001"))
        other = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Д"))
        change = {"corrects": True, "basis": "акт"}
        with pytest.raises(Impossible):
            clerk.change_particulars(
                other.entries[0].stream, command=uuid4(), changes={"unzr": "20000101-00001"}, **change
            )
        clerk.change_particulars(first.entries[0].stream, command=uuid4(), changes={"unzr": None}, **change)
        assert clerk.change_particulars(
            other.entries[0].stream, command=uuid4(), changes={"unzr": "20000101-00001"}, **change
        )

    def test_a_dwellings_ref_also_where_it_was_renamed(self, clerk):
        home = clerk.enter_dwelling(command=uuid4(), address=Address(house="1"), ref="Ж-1").entries[0].stream
        is_renamed(clerk, None, home, None)
        with pytest.raises(Impossible) as refusal:
            clerk.enter_dwelling(command=uuid4(), address=Address(house="2"), ref="Ж-1")
        assert [fault.code for fault in refusal.value.faults] == ["ref-taken"]


class TestTheLibraryReads:
    def test_notifications_in_the_order_of_positions(self, registry, clerk):
        settled(clerk, 2)
        found = registry.recorder.select_notifications(start=2, limit=2)
        assert [(one.id, one.topic) for one in found] == [(2, "dwelling-entered"), (3, "dwelling-entered")]
        assert registry.recorder.max_notification_id() == 4
        assert [registry.mapper.to_domain_event(one).position for one in found] == [2, 3]

    def test_a_subscription_gets_what_is_there_and_what_comes(self, registry):
        append(registry, (uuid4(), [entered()], 0))
        with registry.recorder.subscribe(gt=0) as subscription:
            first = next(subscription)
            append(registry, (uuid4(), [entered()], 0))
            assert [first.id, next(subscription).id] == [1, 2]

    def test_its_repository_folds_a_person(self, registry, clerk):
        person, _home = settled(clerk)

        def project(state, events):
            for entry in events:
                state = evolve(state or NOBODY, entry)
            return state

        assert registry.repository.get(person, projector_func=project) == registry.person(person)
        assert registry.repository.get(person, version=1, projector_func=project).residences == ()


class TestRebuild:
    @staticmethod
    def live(clerk, rounds):
        for _ in range(rounds):
            person, home, away = settled(clerk, 2)
            moves_out(clerk, person, home, away)
            is_corrected_away(clerk, person, away, home)

    @pytest.mark.parametrize("name", PROJECTIONS)
    @pytest.mark.slow
    def test_while_four_threads_act_leaves_nothing_to_find(self, registry, clerk, name):
        self.live(clerk, 10)
        stop = threading.Event()

        def act():
            acts = 0
            while not stop.is_set():
                self.live(Clerk(registry, CLERK), 1)
                acts += 1
            return acts

        with ThreadPoolExecutor(4) as pool:
            acting = [pool.submit(act) for _ in range(4)]
            try:
                counted = [registry.rebuild(name) for _ in range(3)]
            finally:
                stop.set()
            assert all(one.result() > 0 for one in acting)
        assert counted == sorted(counted)
        assert verify(registry).differences == []
        self.live(clerk, 1)
        assert verify(registry).found == 0

    @pytest.mark.parametrize("name", PROJECTIONS)
    def test_again_and_again_gives_the_same_rows_and_the_same_table(self, registry, clerk, name):
        self.live(clerk, 5)
        rows, shape = table(registry, name), definition(registry, name)
        for _ in range(2):
            assert registry.rebuild(name) == len(rows)
            assert (table(registry, name), definition(registry, name)) == (rows, shape)

    @pytest.mark.parametrize("name", PROJECTIONS)
    def test_two_at_once_wait_for_each_other(self, registry, clerk, name):
        self.live(clerk, 5)
        rows = table(registry, name)
        with ThreadPoolExecutor(3) as pool:
            assert {one.result(LONG) for one in [pool.submit(registry.rebuild, name) for _ in range(3)]} == {len(rows)}
        assert (table(registry, name), verify(registry).found) == (rows, 0)

    def test_sends_nothing_and_appends_nothing(self, registry, clerk):
        self.live(clerk, 1)
        before = table(registry, "facts")
        for name in PROJECTIONS:
            registry.rebuild(name)
        assert table(registry, "facts") == before

    def test_mends_what_was_changed_by_hand(self, registry, clerk, database_url):
        self.live(clerk, 2)
        tamper(database_url, "UPDATE people SET surname = 'Підміна'", "DELETE FROM dwellings")
        assert verify(registry).found > 0
        registry.rebuild("people")
        registry.rebuild("dwellings")
        assert verify(registry).found == 0

    def test_the_last_guard_stands_after_it(self, registry, clerk, monkeypatch):
        registry.rebuild("residences")
        TestTheTableItself().test_the_programs_own_overlap_is_a_fault(registry, clerk, monkeypatch)


def definition(registry, name):
    """The constraints and indexes of a table, as text."""
    with registry.snapshot() as connection:
        indexes = connection.execute("SELECT indexdef AS said FROM pg_indexes WHERE tablename = %s", [name])
        said = [row["said"] for row in indexes]
        constraints = connection.execute(
            "SELECT conname || pg_get_constraintdef(oid) AS said FROM pg_constraint WHERE conrelid = %s::regclass",
            [name],
        )
        columns = connection.execute(
            "SELECT concat_ws(' ', column_name, data_type, is_nullable, collation_name) AS said "
            "FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'",
            [name],
        )
        return sorted([*said, *(row["said"] for row in constraints), *(row["said"] for row in columns)])


def tamper(url, *statements):
    """Changes the database as somebody with every right would, the guard of the log put aside."""
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE facts DISABLE TRIGGER ALL")
        for statement in statements:
            connection.execute(statement)
        connection.execute("ALTER TABLE facts ENABLE TRIGGER ALL")


PERSON, HOME = UUID(int=11), UUID(int=12)

PLANTED = {
    "a changed row": ("UPDATE residences SET until = '2023-01-01'", f"residences {PERSON}", "until"),
    "a changed position": ("UPDATE residences SET facts = '{2}'", f"residences {PERSON}", "facts"),
    "a changed name": ("UPDATE people SET surname = 'Підміна'", f"people {PERSON}", "surname"),
    "a changed address": ("UPDATE dwellings SET address = 'Підміна'", f"dwellings {HOME}", "address"),
    "a deleted row": ("DELETE FROM residences", f"residences {PERSON}", "1 rows missing"),
    "a deleted person's row": ("DELETE FROM people", f"people {PERSON}", "1 rows missing"),
    "an extra row of a stream": (
        "INSERT INTO people SELECT person, ref, 'Зайва', given_names, patronymic, sex, birth_date, born_on, "
        "citizenship, NULL, rnokpp, died, died_on, former, sort_key, haystack, known_from + 1, known_from + 2 "
        "FROM people",
        f"people {PERSON}",
        "1 not from the log",
    ),
    "an extra row of nobody": (
        "INSERT INTO dwellings SELECT gen_random_uuid(), since, until, address, 'Ж-9', kind, katottg, successor, "
        "sort_key, haystack, known_from, known_until FROM dwellings",
        "dwellings",
        "2 rows stored, 1 belong to streams",
    ),
    "a deleted fact": ("DELETE FROM facts WHERE notification_id = 2", "position 3", "бракує записів: 1"),
    "the last fact of a stream deleted": ("DELETE FROM facts WHERE notification_id = 3", f"residences {PERSON}", ""),
    "changed bytes": (
        f"UPDATE facts SET state = convert_to(replace(convert_from(state, 'UTF8'), '{SECRET}', 'Підміна'), 'UTF8')",
        "position 1",
        "байти не відповідають",
    ),
    "a changed head": ("UPDATE facts SET dwelling = person WHERE notification_id = 3", "position 3", "dwelling"),
    "a changed recorded time": (
        "UPDATE facts SET recorded_at = recorded_at - interval '1 year' WHERE notification_id = 3",
        "position 3",
        "recorded_at",
    ),
    "a changed kind": ("UPDATE facts SET kind = 'stay' WHERE notification_id = 3", "position 3", "kind"),
    "a changed leaf": ("UPDATE facts SET leaf = sha256('') WHERE notification_id = 2", "position 2", "leaf"),
    "a fact moved to another place": (
        "UPDATE facts SET notification_id = 9 WHERE notification_id = 3",
        "position 9",
        "бракує записів: 6",
    ),
}


class TestVerify:
    @pytest.fixture
    def told(self, registry):
        """A register of one person in one dwelling: facts 1, 2 and 3."""
        append(registry, (PERSON, [entered()], 0))
        append(registry, (HOME, [dwelling(1, "Ж-1")], 0))
        append(registry, (PERSON, [lives(HOME)], 1), (HOME, [], 1))
        return registry

    def test_finds_nothing_in_an_empty_or_an_honest_register(self, registry, clerk):
        assert verify(registry).found == 0
        person, home, away = settled(clerk, 2)
        for happens in (
            moves_in,
            is_past,
            is_renamed,
            is_deregistered,
            moves_out,
            is_annulled,
            is_carried_in,
            is_withdrawn,
        ):
            happens(clerk, person, home, away)
        report = verify(registry)
        assert (report.found, report.differences) == (0, [])
        assert report.counts["facts"] == report.counts["position"] == registry.position()
        assert report.counts["people"] >= 2

    @pytest.mark.parametrize("what", PLANTED)
    def test_finds_each_planted_fault_and_says_where_without_personal_data(self, told, database_url, what):
        statement, where, said = PLANTED[what]
        tamper(database_url, statement)
        report = verify(told)
        assert report.found >= 1
        assert any(text.startswith(where) and said in text for text in report.differences), report.differences
        for secret in (SECRET, "Підміна", "Зайва", "вулиця", "Ж-1", "2020", "2023"):
            assert secret not in "\n".join(report.differences)

    def test_finds_the_bytes_changed_together_with_their_leaf(self, told, database_url):
        with told.snapshot() as connection:
            state = bytes(connection.execute("SELECT state FROM facts WHERE notification_id = 3").fetchone()["state"])
        forged = state.replace(b'"since":"2020-01-01"', b'"since":"2021-01-01"')
        leaf = mapper.leaf(forged).hex()
        tamper(
            database_url,
            f"UPDATE facts SET state = '\\x{forged.hex()}', leaf = '\\x{leaf}', since = '2021-01-01' "
            "WHERE notification_id = 3",
        )
        assert [text.split(":")[0] for text in verify(told).differences] == [f"residences {PERSON}"]

    def test_finds_a_head_in_the_bytes_that_the_body_does_not_say(self, told, database_url):
        with told.snapshot() as connection:
            state = bytes(connection.execute("SELECT state FROM facts WHERE notification_id = 3").fetchone()["state"])
        forged = state.replace(b'"since":"2020-01-01"', b'"since":"2021-01-01"', 1)
        assert forged.count(b"2021-01-01") == 1
        leaf = mapper.leaf(forged).hex()
        tamper(
            database_url,
            f"UPDATE facts SET state = '\\x{forged.hex()}', leaf = '\\x{leaf}' WHERE notification_id = 3",
        )
        assert any(text.startswith("position 3: заголовок since") for text in verify(told).differences)

    def test_only_the_first_differences_are_told_but_all_are_counted(self, registry, database_url):
        append(registry, *((uuid4(), [entered(f"Особа-{number}")], 0) for number in range(30)))
        tamper(database_url, "UPDATE people SET surname = 'Підміна'")
        report = verify(registry)
        assert (report.found, len(report.differences)) == (30, 20)


class TestUpcasting:
    def test_an_old_body_is_read_in_its_new_shape_and_its_bytes_stay(self, registry, database_url, monkeypatch):
        person = uuid4()
        append(registry, (person, [entered(given_names="Олена")], 0))
        before = table(registry, "facts")

        def joined(body):
            said = body["particulars"]
            return {**body, "particulars": {"surname": f"{said['surname']} {said['given_names']}"}}

        monkeypatch.setattr(mapper, "SCHEMA", 2)
        monkeypatch.setitem(mapper.UPCASTS, ("person-entered", 1), joined)
        assert registry.person(person).particulars == Particulars(surname=f"{SECRET} Олена")
        append(registry, (person, [Deceased(registered_on="2024-01-01")], 1))
        assert registry.person(person).death.registered_on == "2024-01-01"
        assert table(registry, "facts")[:1] == before or before[0] in table(registry, "facts")
        with registry.snapshot() as connection:
            schemas = [
                msgspec.json.decode(bytes(row["state"]))["schema"]
                for row in connection.execute("SELECT state FROM facts ORDER BY notification_id")
            ]
        assert schemas == [1, 2]

    def test_every_step_on_the_way_is_taken(self, monkeypatch):
        monkeypatch.setattr(mapper, "SCHEMA", 4)
        monkeypatch.setitem(mapper.UPCASTS, ("entry-withdrawn", 1), lambda body: {"why": body["because"]})
        monkeypatch.setitem(mapper.UPCASTS, ("entry-withdrawn", 3), lambda body: {"reason": body["why"]})
        read = mapper.decode_body("entry-withdrawn", 1, b'{"because":"x"}')
        assert read == EntryWithdrawn(reason="x")

    @pytest.mark.parametrize(("name", "schema"), [("person-entered", 2), ("person-entred", 1)])
    def test_what_this_version_does_not_know_is_said_aloud(self, name, schema):
        with pytest.raises(mapper.UnknownFact):
            mapper.decode_body(name, schema, b"{}")


@pytest.mark.slow
def test_a_rebuild_waits_for_whoever_reads_a_snapshot_and_never_empties_it(database_url):
    with opened(database_url) as registry:
        clerk = Clerk(registry, CLERK)
        person = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")).entries[0].stream
        rebuilt = threading.Thread(target=registry.rebuild, args=("people",))
        with registry.snapshot() as connection:
            rebuilt.start()
            rebuilt.join(timeout=2.5)
            assert rebuilt.is_alive()
            with ThreadPoolExecutor(1) as other:
                other.submit(clerk.withdraw_entry, person, command=uuid4(), reason="помилка").result()
            assert connection.execute("SELECT count(*) AS people FROM people").fetchone()["people"] == 1
        rebuilt.join(timeout=LONG)
        assert not rebuilt.is_alive()
        assert verify(registry).differences == []

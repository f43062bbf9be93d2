"""The access journal (semantics 10) and the tree over it (RFC 6962, RFC 9162)."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from clerks import Clerk
from clocks import StoppedClock
from given import BEGINNING, CLERK, uid
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_migrations import GOLDEN, OLDER, _migrate_to
from tiers import tries

from registry import journal, questions, texts
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.clock import utc_now
from registry.opening import opened
from registry.questions import Asked
from registry.storage import access, mapper, merkle
from registry.storage.access import Look
from registry.storage.database import migrate
from registry.viewer import OPEN
from replay.compare import verify

SECRET = "Таємниченко"
ONE, OTHER = uid(1), uid(2)
AT_ONCE = 4.0
"""Seconds: less than any wait for a lock, and enough for a machine that is busy with other things."""


@pytest.fixture
def registry(database_url):
    with opened(database_url, connections=2) as register:
        yield register


def look(*persons, action="looked", **about):
    return Look(action, persons, about)


def looked(registry, *persons, **about):
    return registry.looked(look(*persons, **about), CLERK)


def rows(registry):
    with registry.access.get_connection() as connection:
        return connection.execute("SELECT * FROM access ORDER BY position").fetchall()


def held(database_url, table):
    """A connection on which a table is locked as a writer locks it, until it is closed."""
    connection = psycopg.connect(database_url)
    connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    return connection


def at_once(call):
    """What a call returns, if it does so without waiting for anybody."""
    started = time.monotonic()
    said = call()
    assert time.monotonic() - started < AT_ONCE
    return said


class TestRecording:
    def test_an_entry_is_read_as_it_was_written(self, registry):
        before = datetime.now(UTC) - timedelta(seconds=5)
        assert looked(registry, ONE, OTHER, sought=["surname", "birth_date"]) == 1
        [entry] = access.entries(registry.access)
        assert (entry.position, entry.by, entry.action) == (1, CLERK, "looked")
        assert (entry.persons, entry.about) == ((ONE, OTHER), {"sought": ["surname", "birth_date"]})
        assert before < entry.recorded_at < datetime.now(UTC) + timedelta(seconds=5)

    def test_its_bytes_are_compact_json_with_keys_in_their_order(self, registry):
        looked(registry, ONE, dwelling=str(OTHER), count=3)
        [row] = rows(registry)
        assert row["state"].decode() == (
            f'{{"position":1,"recorded_at":"{mapper.instant_text(row["recorded_at"])}",'
            f'"by":{{"id":"{CLERK.id}","name":"{CLERK.name}"}},"action":"looked","persons":["{ONE}"],'
            f'"about":{{"dwelling":"{OTHER}","count":3}}}}'
        )
        assert row["leaf"] == hashlib.sha256(b"\0" + row["state"]).digest()
        assert (row["position"], row["persons"], row["bulk"]) == (1, [ONE], False)

    def test_positions_are_dense_and_times_rise_under_eight_threads(self, registry):
        with ThreadPoolExecutor(8) as pool:
            given_out = list(pool.map(lambda number: looked(registry, uid(number)), range(200)))
        entries = access.entries(registry.access)
        assert sorted(given_out) == [entry.position for entry in entries] == list(range(1, 201))
        assert all(one.recorded_at < two.recorded_at for one, two in pairwise(entries))
        assert {entry.persons[0] for entry in entries} == {uid(number) for number in range(200)}
        assert access.check(registry.access) == []

    def test_times_are_the_registers_clocks_and_rise_when_it_goes_back(self, database_url):
        clock = StoppedClock("2026-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            looked(registry, ONE)
            clock.set("2026-03-01T08:59")
            looked(registry, ONE)
            first = datetime(2026, 3, 1, 9, tzinfo=UTC)
            assert [row["recorded_at"] for row in rows(registry)] == [first, first + timedelta(microseconds=1)]

    def test_entries_are_read_behind_a_position(self, registry):
        for number in range(5):
            looked(registry, uid(number))
        assert [entry.position for entry in access.entries(registry.access, after=1, limit=3)] == [2, 3, 4]


class TestNobodyWaitsForTheOther:
    def test_a_look_while_an_act_holds_the_logs_lock_and_every_connection(self, database_url):
        with opened(database_url, connections=1) as registry, registry.recorder.writing():
            assert at_once(lambda: looked(registry, ONE)) == 1
            assert len(at_once(lambda: access.of_person(registry.access, ONE))) == 1

    def test_an_act_while_a_look_holds_the_journals_lock(self, registry, database_url):
        clerk = Clerk(registry, CLERK)
        with held(database_url, "access"):
            assert at_once(lambda: clerk.enter_dwelling(command=uuid4(), address=Address(house="1"))).position == 1

    def test_reading_the_journal_while_a_look_is_written(self, registry, database_url):
        looked(registry, ONE)
        with held(database_url, "access"):
            assert len(at_once(lambda: access.entries(registry.access))) == 1
            assert len(at_once(lambda: access.of_person(registry.access, ONE))) == 1
            assert at_once(lambda: access.tree_head(registry.access))[0] == 1
            assert at_once(lambda: access.check(registry.access)) == []


class TestRefused:
    def test_when_the_lock_is_not_to_be_had_and_no_position_is_lost(self, registry, database_url, monkeypatch):
        assert "'5s'" in access.SQL["lock"]
        monkeypatch.setitem(access.SQL, "lock", access.SQL["lock"].replace("5s", "100ms"))
        looked(registry, ONE)
        with held(database_url, "access"), pytest.raises(access.NotRecorded):
            looked(registry, ONE)
        assert looked(registry, ONE) == 2

    def test_when_the_database_does_not_answer(self, monkeypatch):
        monkeypatch.setattr(access, "POOL_SECONDS", 0.2)
        nowhere = access.connections("host=/nonexistent dbname=none")
        with pytest.raises(access.NotRecorded):
            access.record(nowhere, look(ONE), CLERK, utc_now)
        nowhere.close()

    def test_when_the_database_refuses_the_row(self, registry, database_url):
        with psycopg.connect(database_url) as connection:
            connection.execute("ALTER TABLE access ADD CHECK (position < 2)")
        looked(registry, ONE)
        with pytest.raises(access.NotRecorded):
            looked(registry, ONE)
        assert len(rows(registry)) == 1


NAMES = [one.name for one in fields(Particulars)]


class TestLook:
    def test_every_action_has_a_name_for_people_and_no_name_is_left_over(self):
        assert list(texts.TEXTS["access"]) == list(access.ACTIONS)

    def test_another_action_is_an_error(self):
        with pytest.raises(ValueError, match="peeked"):
            look(ONE, action="peeked")

    def test_is_frozen(self):
        with pytest.raises(FrozenInstanceError):
            look(ONE).action = "asked"

    @pytest.mark.parametrize(
        "said",
        [
            None,
            True,
            3,
            "of_dwelling",
            "cnap-1",
            str(ONE),
            "2024",
            "2024-03",
            "2024-03-01",
            mapper.instant_text(BEGINNING),
            hashlib.sha256().hexdigest(),
            "2026/000000017",
            "UA05020030000000000",
            [],
            ["surname", {"dwelling": str(ONE)}],
        ],
    )
    def test_says_codes_ids_dates_and_numbers(self, said):
        assert look(said=said).about == {"said": said}

    @pytest.mark.parametrize(
        "said",
        [
            SECRET,
            "Olena Vyhadana",
            "1234567890",
            "20000101-00001",
            "000000001",
            "+380440000000",
            "person@example.org",
            "вулиця Перша, 1",
            "",
            ["of_dwelling", SECRET],
            {"deeper": {"still": SECRET}},
            {SECRET: 1},
            {1: "of_dwelling"},
            1.5,
            b"of_dwelling",
            ONE,
        ],
    )
    def test_says_no_name_no_number_of_a_person_and_no_text(self, said):
        with pytest.raises(ValueError) as caught:
            look(said=said)
        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("name", NAMES)
    def test_has_no_key_of_what_is_known_of_a_person(self, name):
        for about in ({name: 1}, {"query": {name: None}}):
            with pytest.raises(ValueError):
                look(**about)

    def test_a_bulk_question_names_no_people_beside_its_query(self):
        with pytest.raises(ValueError, match="query"):
            look(ONE, query={"name": "of_dwelling"})


class TestForEver:
    @pytest.mark.parametrize("change", ["UPDATE access SET persons = '{}'", "DELETE FROM access", "TRUNCATE access"])
    def test_an_entry_is_never_changed(self, registry, database_url, change):
        looked(registry, ONE)
        before = rows(registry)
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RaiseException, match="never"):
            connection.execute(change)
        assert rows(registry) == before

    def test_neither_a_position_nor_a_time_comes_twice(self, registry, database_url):
        looked(registry, ONE)
        for changed in ("position, recorded_at + '1 s'", "position + 1, recorded_at"):
            with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute(
                    f"INSERT INTO access SELECT {changed}, persons, bulk, state, leaf, by_id FROM access"
                )


class TestOfAPerson:
    def test_newest_first_page_by_page(self, registry):
        for number in range(6):
            looked(registry, ONE, uid(10 + number)) if number % 2 else looked(registry, OTHER)
        found = access.of_person(registry.access, ONE)
        assert [entry.position for entry in found] == [6, 4, 2]
        assert access.of_person(registry.access, ONE, limit=2) == found[:2]
        assert access.of_person(registry.access, ONE, limit=2, before=4) == found[2:]
        assert access.of_person(registry.access, uid(99)) == []

    def test_by_the_index_among_50_000_entries(self, registry):
        with registry.access.get_connection() as connection:
            connection.execute(
                "INSERT INTO access SELECT n, now() + n * interval '1 s', "
                "ARRAY[md5((n % 9000)::text)::uuid, md5(n::text)::uuid], false, '', '', n % 90, "
                "md5((n % 900)::text)::uuid, md5(n::text)::uuid FROM generate_series(1, 50000) n"
            )
            connection.execute("ANALYZE access")
            of_seven = UUID(hashlib.md5(b"7").hexdigest())
            for query, index in (
                ("of_actor", "access_by"),
                ("of_visit", "access_visit"),
                ("of_command", "access_command"),
            ):
                asked = {"by": "7", "visit": of_seven, "command": of_seven, "before": 40_000, "limit": 50}
                plan = connection.execute(f"EXPLAIN {access.SQL[query]}", asked).fetchall()
                said = "\n".join(line["QUERY PLAN"] for line in plan)
                assert index in said and "Seq Scan" not in said, said
            for before in (None, 40_000):
                asked = {"people": [UUID(hashlib.md5(b"7").hexdigest())], "before": before, "limit": 50}
                plan = connection.execute(f"EXPLAIN {access.SQL['of_person']}", asked).fetchall()
                said = "\n".join(line["QUERY PLAN"] for line in plan)
                assert "access_persons" in said and "Seq Scan" not in said, said
            assert len(connection.execute(access.SQL["of_person"], asked).fetchall()) == 5


class TestBulkQuestions:
    """«Хто переглядав мої дані» evaluates the stored query again."""

    @staticmethod
    def evaluated(registry):
        """Answers a stored query by `registry/questions.py`."""

        def of(query, on, position):
            assert query["name"] == "of_dwelling"
            people = questions.occupants(registry, UUID(query["dwelling"]), Asked(on=on), position, seen_by=OPEN)
            return {UUID(row["person_id"]) for row in people}

        return of

    def test_gives_the_people_of_then_whatever_was_recorded_since(self, registry):
        clerk = Clerk(registry, CLERK)
        homes = [clerk.enter_dwelling(command=uuid4(), address=Address(house=str(n))).entries[0].stream for n in (1, 2)]
        people = [
            clerk.enter_person(command=uuid4(), particulars=Particulars(surname=SECRET)).entries[0].stream
            for _ in range(3)
        ]
        for person in people[:2]:
            clerk.settle(person, command=uuid4(), kind="registered", dwelling=homes[0], since="2020-01-01")
        position, now = registry.position(), datetime.now(UTC)
        query = {"name": "of_dwelling", "dwelling": str(homes[0])}
        about = access.bulk(query, on=date(2024, 1, 1), known_at=now, count=2, position=position)
        registry.looked(Look("asked", about=about), CLERK)
        looked(registry, people[0])
        clerk.settle(
            people[0], command=uuid4(), kind="registered", dwelling=homes[1], since="2022-01-01", confirmed=True
        )
        clerk.settle(people[2], command=uuid4(), kind="registered", dwelling=homes[0], since="2023-01-01")

        [entry] = access.bulk_questions(registry.access)
        assert entry.about == {
            "query": query,
            "on": "2024-01-01",
            "known_at": mapper.instant_text(now),
            "count": 2,
            "position": position,
        }
        assert access.asked_again(entry, self.evaluated(registry)) == set(people[:2])
        assert [found.position for found in access.of_person(registry.access, people[0])] == [2]
        assert rows(registry)[0]["persons"] == []
        with pytest.raises(access.AnswerChanged) as caught:
            access.asked_again(entry, lambda query, on, position: people)
        assert "3 people, 2 recorded" in str(caught.value)

    def test_are_found_newest_first_page_by_page_and_a_period_is_part_of_the_query(self, registry):
        now = datetime.now(UTC)
        for number in range(4):
            query = {"name": "moved", "from": "2024-01-01", "until": None}
            about = access.bulk(query, on=None, known_at=now, count=number, position=7)
            registry.looked(Look("exported", about=about), CLERK)
            looked(registry, ONE)
        found = access.bulk_questions(registry.access)
        assert [entry.position for entry in found] == [7, 5, 3, 1]
        assert access.bulk_questions(registry.access, limit=2, before=7) == found[1:3]
        asked = []
        access.asked_again(found[-1], lambda *said: asked.append(said) or ())
        assert asked == [({"name": "moved", "from": "2024-01-01", "until": None}, None, 7)]


class TestApartFromTheLog:
    def test_the_registers_journal_and_its_positions_know_nothing_of_it(self, registry):
        clerk = Clerk(registry, CLERK)
        looked(registry, ONE, dwelling=str(OTHER))
        act = clerk.enter_person(command=uuid4(), particulars=Particulars(surname=SECRET))
        looked(registry, act.entries[0].stream)
        file = BytesIO()
        assert (journal.write(registry, file, seen_by=OPEN), act.position) == (1, 1)
        [line] = file.getvalue().splitlines()
        assert msgspec.json.decode(line)["name"] == "person-entered"
        assert (b"looked" in line, str(OTHER).encode() in line) == (False, False)
        assert verify(registry).differences == []

    @pytest.mark.parametrize("number", [number for number in OLDER if number < "0003"])
    def test_begins_empty_where_a_release_before_was(self, empty_database_url, number):
        _migrate_to(empty_database_url, number)
        with psycopg.connect(empty_database_url) as connection:
            connection.execute((GOLDEN / f"release_{number}.sql").read_bytes())
        migrate(empty_database_url)
        with opened(empty_database_url) as registry:
            assert access.tree_head(registry.access) == (0, merkle.EMPTY.hex())
            assert looked(registry, ONE) == 1
            assert access.check(registry.access) == []


def falsified(database_url, change):
    """Changes the table behind the trigger's back, as only the database's owner can."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE access DISABLE TRIGGER ALL")
        connection.execute(change)
        connection.execute("ALTER TABLE access ENABLE TRIGGER ALL")


def in_state(was, now, leaf=False):
    """A change of the third entry's bytes, of the same length or not; with a leaf to match if wanted."""
    text = f"convert_to(replace(convert_from(state, 'UTF8'), '{was}', '{now}'), 'UTF8')"
    matching = f", leaf = sha256('\\x00'::bytea || {text})" if leaf else ""
    return f"UPDATE access SET state = {text}{matching} WHERE position = 3"


class TestCheck:
    @pytest.fixture
    def five(self, registry):
        for number in range(5):
            looked(registry, uid(10 + number), sought=["surname"])
        assert access.check(registry.access) == []
        return registry

    @pytest.mark.parametrize(
        ("change", "faults"),
        [
            ("DELETE FROM access WHERE position = 3", ["4: a hole, 1 entries are missing before it"]),
            ("DELETE FROM access WHERE position < 3", ["3: a hole, 2 entries are missing before it"]),
            (in_state("looked", "issued"), ["3: the bytes do not fit their leaf"]),
            ("UPDATE access SET leaf = '\\x00' WHERE position = 3", ["3: the bytes do not fit their leaf"]),
            (in_state(str(uid(12)), str(uid(13)), leaf=True), ["3: persons does not fit the bytes"]),
            ("UPDATE access SET persons = '{}' WHERE position = 3", ["3: persons does not fit the bytes"]),
            ("UPDATE access SET bulk = true WHERE position = 3", ["3: bulk does not fit the bytes"]),
            (in_state('"position":3', '"position":7', leaf=True), ["3: position does not fit the bytes"]),
            (in_state("{", " {", leaf=True), ["3: the bytes are not as an entry is written"]),
            (in_state('"action"', '"deed"', leaf=True), ["3: the bytes are no entry"]),
            (
                "UPDATE access SET recorded_at = recorded_at - interval '1 h' WHERE position = 3",
                ["3: its recorded time does not rise", "3: recorded_at does not fit the bytes"],
            ),
        ],
    )
    def test_tells_a_falsified_row(self, five, database_url, change, faults):
        falsified(database_url, change)
        assert access.check(five.access) == [f"position {fault}" for fault in faults]

    def test_an_end_cut_off_or_an_entry_put_in_place_of_another_shows_against_an_earlier_head(self, five, database_url):
        size, head = access.tree_head(five.access)
        falsified(database_url, in_state("looked", "issued", leaf=True))
        assert access.check(five.access) == []
        assert access.tree_head(five.access, size)[1] != head
        falsified(database_url, "DELETE FROM access WHERE position = 5")
        assert access.check(five.access) == []
        with pytest.raises(ValueError, match="entry 5 of 5"):
            access.tree_head(five.access, size)

    def test_there_is_no_head_over_a_hole(self, five, database_url):
        falsified(database_url, "DELETE FROM access WHERE position = 3")
        assert access.tree_head(five.access, 2)[0] == 2
        with pytest.raises(ValueError, match="entry 3 of 5"):
            access.tree_head(five.access)


class TestTreeOfTheJournal:
    def test_its_origin_is_its_own(self):
        assert access.origin("hromada.example/register") == "hromada.example/register/access"

    def test_its_head_is_the_root_over_the_leaves_of_any_size(self, registry, monkeypatch):
        monkeypatch.setattr(access, "ROWS_A_READ", 3)
        assert access.tree_head(registry.access) == (0, hashlib.sha256().hexdigest())
        for number in range(7):
            looked(registry, uid(number))
        leaves = [row["leaf"] for row in rows(registry)]
        assert list(access.leaves(registry.access, 7)) == leaves
        for size in range(8):
            assert access.tree_head(registry.access, size) == (size, merkle.root(leaves[:size]).hex())
        assert access.tree_head(registry.access) == access.tree_head(registry.access, 7)

    def test_later_heads_continue_earlier_ones(self, registry):
        heads = []
        for number in range(9):
            looked(registry, uid(number))
            heads.append(access.tree_head(registry.access))
        leaves = list(access.leaves(registry.access, 9))
        for size, head in heads:
            proof = merkle.consistency_proof(leaves, size)
            known = bytes.fromhex(head), bytes.fromhex(heads[-1][1])
            assert merkle.verify_consistency(size, 9, proof, *known)


# The vectors of Certificate Transparency's own tests of RFC 6962.
LEAVES = [
    mapper.leaf(bytes.fromhex(data))
    for data in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C, D, E = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
)
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"


def hexed(hashes):
    return [one.hex() for one in hashes]


class TestVectors:
    @pytest.mark.parametrize("size", range(9))
    def test_roots(self, size):
        assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]

    @pytest.mark.parametrize(
        ("index", "size", "proof"),
        [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[4]]), (2, 3, [ROOTS[2]]), (1, 5, [ROOTS[1], B, D])],
    )
    def test_inclusion(self, index, size, proof):
        assert hexed(merkle.inclusion_proof(LEAVES[:size], index)) == proof

    @pytest.mark.parametrize(
        ("first", "second", "proof"),
        [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])],
    )
    def test_consistency(self, first, second, proof):
        assert hexed(merkle.consistency_proof(LEAVES[:second], first)) == proof


def plain_root(leaves):
    """The definition of RFC 9162, 2.1.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = max(2**power for power in range(12) if 2**power < len(leaves))
    return hashlib.sha256(b"\1" + plain_root(leaves[:half]) + plain_root(leaves[half:])).digest()


TREE = [mapper.leaf(b"%d" % number) for number in range(200)]
sizes = st.integers(1, len(TREE))


def spoilt(proof, draw):
    """Another proof: one step exchanged, added or left out."""
    at, gone = draw(st.integers(0, len(proof))), draw(st.integers(0, 1))
    other = [*proof[:at], *draw(st.lists(st.sampled_from(TREE), max_size=1)), *proof[at + gone :]]
    assume(other != proof)
    return other


class TestProofs:
    def test_the_root_is_that_of_the_definition(self):
        for size in range(len(TREE)):
            assert merkle.root(iter(TREE[:size])) == plain_root(TREE[:size])

    def test_every_inclusion_and_every_continuation_of_small_trees(self):
        roots = [merkle.root(TREE[:size]) for size in range(34)]
        for size in range(1, 34):
            for number in range(size):
                proof = merkle.inclusion_proof(TREE[:size], number)
                assert merkle.verify_inclusion(TREE[number], number, size, proof, roots[size])
                continued = merkle.consistency_proof(TREE[:size], number + 1)
                assert merkle.verify_consistency(number + 1, size, continued, roots[number + 1], roots[size])

    @settings(max_examples=tries(300), deadline=None)
    @given(st.data(), sizes)
    def test_an_inclusion_holds_for_its_leaf_place_size_and_root_only(self, data, size):
        index = data.draw(st.integers(0, size - 1))
        head, proof = merkle.root(TREE[:size]), merkle.inclusion_proof(TREE[:size], index)
        assert len(proof) <= size.bit_length()
        assert merkle.verify_inclusion(TREE[index], index, size, proof, head)
        wrong = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
        assert not merkle.verify_inclusion(TREE[index], wrong, size, proof, head)
        assert not merkle.verify_inclusion(mapper.leaf(b"another"), index, size, proof, head)
        assert not merkle.verify_inclusion(TREE[index], index, size, proof, merkle.root(TREE[: size - 1]))
        assert not merkle.verify_inclusion(TREE[index], index, size, spoilt(proof, data.draw), head)

    @settings(max_examples=tries(300), deadline=None)
    @given(st.data(), sizes)
    def test_a_continuation_holds_for_its_two_trees_only(self, data, second):
        first = data.draw(st.integers(1, second))
        heads = merkle.root(TREE[:first]), merkle.root(TREE[:second])
        proof = merkle.consistency_proof(TREE[:second], first)
        assert merkle.verify_consistency(first, second, proof, *heads)
        assert not merkle.verify_consistency(first, second, proof, mapper.leaf(b"another"), heads[1])
        assert not merkle.verify_consistency(first, second, proof, heads[0], mapper.leaf(b"another"))
        assert not merkle.verify_consistency(first, second, spoilt(proof, data.draw), *heads)
        altered = [mapper.leaf(b"another"), *TREE[1:second]]
        forged = merkle.consistency_proof(altered, first)
        assert not merkle.verify_consistency(first, second, forged, heads[0], merkle.root(altered))

    @pytest.mark.parametrize("index", [-1, 3])
    def test_no_proof_of_a_leaf_that_is_not_there(self, index):
        with pytest.raises(ValueError):
            merkle.inclusion_proof(TREE[:3], index)

    @pytest.mark.parametrize("first", [-1, 0, 4])
    def test_no_proof_of_continuing_nothing_or_a_larger_tree(self, first):
        with pytest.raises(ValueError):
            merkle.consistency_proof(TREE[:3], first)
        assert not merkle.verify_consistency(first, 3, [], merkle.EMPTY, merkle.root(TREE[:3]))

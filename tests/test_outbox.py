"""The outbox and what else an application's storage keeps: its row in both times, and its code (semantics 7, 11)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from typing import get_args
from uuid import uuid4

import psycopg
import pytest
from clerks import Clerk
from conftest import _database
from eventsourcing.persistence import IntegrityError
from given import CLERK, application, entries, uid, waiting

from registry import demo, journal
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationRefused,
    ChangeApproved,
    ChangeRejected,
    ChangeRequested,
    Charge,
    CheckAnswered,
    Concerned,
    Following,
    Part,
)
from registry.aggregates.case.state import NO_CASE
from registry.aggregates.dwelling.events import Address
from registry.aggregates.facts import FACTS
from registry.aggregates.household.events import HouseholdAnswered, HouseholdRequested
from registry.aggregates.letter.events import LetterFormed
from registry.aggregates.person.events import (
    CarryOverAnnulled,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    FormerIdentitySealed,
    Particulars,
    PersonEntered,
    ResidenceAnnulled,
    ResidenceCorrected,
    ResidenceVersion,
)
from registry.aggregates.territory.events import TerritoryFact
from registry.aggregates.values import Actor
from registry.app import LostRace
from registry.cases.codes import CODES_A_DRAW, CodeTaken, free_code
from registry.extracts import superseding
from registry.opening import opened
from registry.outgoing import makers
from registry.outgoing.outbox import Outgoing
from registry.projections import applications, runner
from registry.storage.mapper import kyiv_day
from registry.viewer import OPEN
from replay.compare import verify

HEAD = Actor("head-1", "Керівниця Вигадана Г. Г.")
TOLD = Following(id="dms", role="message", deadline="2026-01-13", person=uid(1), text="повідомлення")
TASK = Following(id="offence_protocol", role="task", deadline="2026-01-12")
APPLICATION = uid(7)
CHANGE = ChangeRequested(person=uid(1), asked_for="residence-annulled", after=1, facts=())


@pytest.fixture
def registry(database_url):
    with opened(database_url) as register:
        yield register


@pytest.fixture
def another(server):
    """A register without a fact."""
    for url in _database(server, template="hromada"):
        with opened(url) as register:
            yield register


def decided(*follows, part=1, kind=ApplicationGranted):
    said = {"part": part, "card": "1", "decided_on": "2026-01-12"}
    if kind is ApplicationBarred:
        return ApplicationBarred(**said, barred=(), text="не так")
    said |= {"late": False, "charge": Charge(due=0, rule="free", reference=""), "follows": follows}
    if kind is ApplicationRefused:
        return ApplicationRefused(**said, grounds=(), text="відмова")
    return ApplicationGranted(**said, effective_on="2026-01-12")


def append(registry, stream, *facts, after=0, by=CLERK, command=None):
    return registry.append([(stream, facts, after)], by=by, command=command or uuid4())


def everything(registry):
    with registry.snapshot() as connection:
        return connection.execute("SELECT * FROM outbox ORDER BY position, item, residence").fetchall()


def rows_of(facts):
    """What follows from facts by those makers that need no register."""
    return list(makers.rows_of(None, facts))


def dies_before_moving(clerk):
    """A person with a residence from the day of the death, and the act of that death."""
    person = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")).entries[0].stream
    home = clerk.enter_dwelling(command=uuid4(), address=Address(house="1")).entries[0].stream
    for since in ("2020-01-01", "2024-03-01"):
        clerk.settle(person, command=uuid4(), kind="registered", dwelling=home, since=since)
    act = clerk.record_death(person, command=uuid4(), registered_on="2024-03-01", confirmed=True)
    return person, act


class TestRows:
    @pytest.mark.parametrize("kind", [ApplicationGranted, ApplicationRefused])
    def test_one_for_each_message_and_task_that_follows(self, kind):
        listed = entries(
            [application(), decided(TOLD, replace(TASK, deadline="2026-01"), kind=kind)], stream=APPLICATION
        )
        made = {"position": 2, "application": APPLICATION, "made_at": listed[1].recorded_at}
        assert rows_of(listed) == [
            Outgoing(
                item="dms",
                role="message",
                person=uid(1),
                deadline=date(2026, 1, 13),
                text="повідомлення",
                addressee="dms",
                **made,
            ),
            Outgoing(item="offence_protocol", role="task", deadline=date(2026, 1, 31), addressee="registrar", **made),
        ]

    def test_one_that_the_vocabulary_does_not_know_is_for_nobody(self):
        """A card may come to say more than this release knows; the decision is recorded all the same."""
        [row] = rows_of(entries([decided(replace(TOLD, id="unheard_of"))]))
        assert (row.item, row.role, row.addressee) == ("unheard_of", "message", None)

    def test_one_for_each_residence_that_a_death_leaves_without_a_day(self):
        listed = entries([Deceased(registered_on="2024-03-01", supersedes=(uid(51), uid(52)))], stream=APPLICATION)
        rows = rows_of(listed)
        assert [(row.item, row.role, row.person, row.residence) for row in rows] == [
            ("residence_after_death", "task", APPLICATION, residence) for residence in (uid(51), uid(52))
        ]
        assert {(row.deadline, row.application, row.sent_at) for row in rows} == {(listed[0].recorded_on, None, None)}
        assert {row.addressee for row in rows} == {"head_of_office"}

    def test_none_for_anything_else(self):
        facts = [application(), decided(kind=ApplicationBarred), CHANGE, Deceased(registered_on="2024-03-01")]
        assert rows_of(entries(facts)) == []

    def test_dms_is_told_what_no_application_amended(self):
        at = {"residence": uid(51), "dwelling": uid(5)}
        was = ResidenceVersion(kind="registered", dwelling=uid(5), since="2010")
        amended = ResidenceCorrected(residence=uid(51), was=was, now=was, reason="описка")
        facts = [
            amended,
            replace(amended, application=APPLICATION),
            ResidenceAnnulled(**at, basis="суд", revives=False),
            DeregistrationAnnulled(**at, takes_back=2, basis="суд"),
            CarryOverAnnulled(**at, takes_back=2, basis="помилка"),
            DeathAnnulled(takes_back=2, basis="тезка"),
        ]
        listed = entries(facts, stream=uid(1))
        rows = [row for row in makers.MAKERS[1].rows(None, listed)]
        assert [row.position for row in rows] == [1, 3, 4, 5, 6]
        assert {(row.item, row.role, row.addressee) for row in rows} == {("dms", "message", "dms")}
        assert {(row.person, row.deadline) for row in rows} == {(uid(1), listed[0].recorded_on)}

    def test_of_a_withdrawn_entry_only_where_it_had_a_residence(self, registry):
        clerk = Clerk(registry, CLERK)
        home = clerk.enter_dwelling(command=uuid4(), address=Address(house="1")).entries[0].stream
        people = [clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")) for _ in "ab"]
        one, other = (act.entries[0].stream for act in people)
        clerk.settle(one, command=uuid4(), kind="registered", dwelling=home, since="2020-01-01")
        assert waiting(registry) == []
        for person in (one, other):
            clerk.withdraw_entry(person, command=uuid4(), reason="двічі")
        assert [(row["item"], row["person"]) for row in waiting(registry)] == [("dms", one)]

    def test_makers_are_these_and_those_that_can_supersede_an_extract(self):
        assert {fact for maker in makers.MAKERS for fact in maker.of} == {
            *(ApplicationGranted, ApplicationRefused, Deceased, FormerIdentitySealed, LetterFormed),
            *(HouseholdRequested, HouseholdAnswered),
            *(FACTS[name] for name in superseding.CHANGING),
            *get_args(TerritoryFact),
        }


class TestWriting:
    def test_in_the_act_s_own_transaction(self, registry):
        act = append(registry, APPLICATION, application(uid(1)), decided(TOLD, TASK))
        rows = registry.query("outbox", "of_application", application=APPLICATION)
        assert [(row["item"], row["person"], row["position"]) for row in rows] == [
            ("dms", uid(1), act.position),
            ("offence_protocol", None, act.position),
        ]
        assert {(row["made_at"], row["sent_at"]) for row in rows} == {(act.recorded_at, None)}

    def test_an_act_that_fails_leaves_none(self, registry):
        append(registry, uid(8), application())
        facts = [application(), decided(TOLD)]
        with pytest.raises(LostRace):
            registry.append([(APPLICATION, facts, 0), (uid(8), [decided(TASK)], 0)], by=CLERK, command=uuid4())
        assert everything(registry) == []

    def test_one_that_cannot_be_written_fails_the_act(self, registry):
        with pytest.raises(IntegrityError):
            append(registry, APPLICATION, application(), decided(TOLD, TOLD))
        assert (registry.application(APPLICATION), registry.position(), everything(registry)) == (NO_CASE, 0, [])

    def test_a_repeated_command_writes_nothing_twice(self, registry):
        command = uuid4()
        append(registry, APPLICATION, application(), decided(TOLD), command=command)
        rows = everything(registry)
        assert append(registry, APPLICATION, application(), decided(TOLD), command=command).repeated
        assert everything(registry) == rows != []

    def test_a_rebuild_writes_nothing(self, registry):
        append(registry, APPLICATION, application(), decided(TOLD, TASK))
        rows = everything(registry)
        for projection in runner.PROJECTIONS:
            registry.rebuild(projection.TABLE)
        assert everything(registry) == rows

    def test_each_is_there_once_even_without_a_person(self, registry, database_url):
        append(registry, APPLICATION, application(), decided(TOLD, TASK))
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO outbox SELECT * FROM outbox WHERE person IS NULL")

    def test_a_death_names_the_residence_in_a_task(self, registry):
        person, act = dies_before_moving(Clerk(registry, CLERK))
        [superseded] = act.entries[0].fact.supersedes
        assert superseded == max(registry.person(person).residences, key=lambda one: one.rank).id
        [row] = waiting(registry)
        assert (row["item"], row["role"], row["person"], row["residence"], row["deadline"]) == (
            *("residence_after_death", "task", person, superseded),
            kyiv_day(act.recorded_at),
        )

    def test_a_message_that_follows_a_new_kind_of_fact_is_one_entry(self, registry, monkeypatch):
        welcome = makers.Item("welcome", "message", "person")

        def welcomed(connection, facts):
            for entry in facts:
                yield makers._row(welcome, entry, deadline=entry.recorded_on, person=entry.stream)

        monkeypatch.setattr(makers, "MAKERS", (*makers.MAKERS, makers.Maker((PersonEntered,), welcomed, (welcome,))))
        act = Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))
        [row] = waiting(registry)
        assert (row["item"], row["addressee"], row["person"]) == ("welcome", "person", act.entries[0].stream)

    def test_also_where_another_message_follows_that_fact(self, registry, monkeypatch):
        """Of a correction, ДМС and the holder of an extract are told as before, and now somebody else too."""
        told = makers.Item("told", "message", "dms")

        def corrected(connection, facts):
            for entry in facts:
                yield makers._row(told, entry, deadline=entry.recorded_on, person=entry.stream)

        before = {maker.rows for maker in makers.MAKERS if ResidenceCorrected in maker.of}
        assert before == {makers._superseded, makers._amended}
        monkeypatch.setattr(makers, "MAKERS", (*makers.MAKERS, makers.Maker((ResidenceCorrected,), corrected, (told,))))
        clerk = Clerk(registry, CLERK)
        person = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")).entries[0].stream
        home = clerk.enter_dwelling(command=uuid4(), address=Address(house="1")).entries[0].stream
        act = clerk.settle(person, command=uuid4(), kind="registered", dwelling=home, since="2024-03-01")
        changes = {"since": "2024-03-02"}
        named = {"residence": act.entries[0].fact.residence, "changes": changes, "reason": "описка"}
        clerk.correct_residence(person, command=uuid4(), **named)
        assert {(row["item"], row["addressee"]) for row in waiting(registry)} == {("told", "dms"), ("dms", "dms")}


class TestWaiting:
    @pytest.fixture
    def told(self, registry):
        days = ("2026-01-14", "2026-01-12", "2026-01-13")
        for number, day in enumerate(days):
            facts = [application(), decided(replace(TOLD, deadline=day), TASK)]
            append(registry, uid(10 + number), *facts)
        return registry

    def test_by_the_last_day_then_as_they_were_made(self, told):
        rows = [(row["deadline"].day, row["position"], row["item"]) for row in waiting(told)]
        assert rows == [
            *((12, 2, "offence_protocol"), (12, 4, "dms"), (12, 4, "offence_protocol"), (12, 6, "offence_protocol")),
            *((13, 6, "dms"), (14, 2, "dms")),
        ]

    def test_messages_or_tasks_only_so_many_and_none_that_was_sent(self, told, database_url):
        assert [row["position"] for row in waiting(told, role="message")] == [4, 6, 2]
        assert [row["position"] for row in waiting(told, role="task", limit=2)] == [2, 4]
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE outbox SET state = 'sent' WHERE position = 4")
        assert [row["position"] for row in waiting(told, role="message")] == [6, 2]


class TestGivenTimes:
    def test_an_imported_journal_s_come_as_already_sent(self, registry, another, tmp_path, monkeypatch):
        monkeypatch.setattr(makers, "FACTS_A_COPY", 2)
        dies_before_moving(Clerk(registry, CLERK))
        for number in range(3):
            append(registry, uid(10 + number), application(), decided(TOLD, TASK))
        journal.export(registry, tmp_path / "journal.jsonl", seen_by=OPEN)
        journal.load(another, tmp_path / "journal.jsonl", datetime.now(UTC))
        rows = everything(registry)
        assert everything(another) == [{**row, "sent_at": row["made_at"], "state": "sent"} for row in rows]
        assert (len(rows), waiting(another)) == (7, [])
        append(another, uid(20), application(), decided(TOLD))
        assert [row["application"] for row in waiting(another)] == [uid(20)]

    def test_the_demo_s_too_unless_its_facts_say_otherwise(self, registry):
        demo.seed(registry, persons=200, now=datetime(2026, 10, 1, tzinfo=UTC))
        rows = everything(registry)
        assert {row["item"] for row in rows} == {"dms", "residence_after_death", "territory_typed", "applicant_sms"}
        assert all(row["sent_at"] == row["made_at"] and row["deadline"] == kyiv_day(row["made_at"]) for row in rows)
        assert {row["state"] for row in rows if not row["application"]} == {"sent"}
        of_cases = {(row["item"], row["state"]) for row in rows if row["application"]}
        assert of_cases == {("dms", "done"), ("applicant_sms", "sent"), ("applicant_sms", "failed")}
        assert [(row["item"], row["state"]) for row in waiting(registry)] == [("applicant_sms", "failed")]


class TestCodes:
    @staticmethod
    def code(registry, **said):
        return append(registry, uuid4(), application(**said)).entries[0].fact.code

    @staticmethod
    def draws(monkeypatch, *numbers):
        """The random numbers to come, the last one for ever."""
        coming = chain(numbers, repeat(numbers[-1]))
        monkeypatch.setattr("registry.cases.codes.secrets.randbelow", lambda below: next(coming))

    def test_six_digits_each_its_own_and_stored(self, registry):
        codes = [self.code(registry) for _ in range(50)]
        assert len(set(codes)) == 50
        assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
        assert registry.query("applications", "by_code", code=codes[0])[0]["status"] == "received"

    def test_zeros_in_front_stay(self, registry, monkeypatch):
        self.draws(monkeypatch, 42)
        assert self.code(registry) == "000042"

    def test_one_that_is_said_is_not_drawn(self, registry):
        assert self.code(registry, code="123456") == "123456"

    def test_never_one_of_the_last_year(self, registry, monkeypatch):
        today = kyiv_day(datetime.now(UTC))
        for code, days in (("000001", 0), ("000002", 365), ("000003", 366)):
            self.code(registry, code=code, received=f"{today - timedelta(days)}T09:00")
        self.draws(monkeypatch, 1, 2, 3)
        assert self.code(registry) == "000003"
        self.draws(monkeypatch, *[1] * CODES_A_DRAW, *[2] * CODES_A_DRAW, 3, 4)
        assert self.code(registry) == "000004"

    def test_one_drawn_before_the_act_is_free_then(self, registry, monkeypatch):
        self.code(registry, code="000001", received=f"{kyiv_day(datetime.now(UTC))}T09:00")
        self.draws(monkeypatch, 1, 2)
        drawn = free_code(registry, kyiv_day(datetime.now(UTC)))
        assert drawn == "000002" == self.code(registry, code=drawn)

    def test_one_that_somebody_took_meanwhile_is_refused_and_nothing_is_written(self, registry):
        received = f"{kyiv_day(datetime.now(UTC))}T09:00"
        facts = [application(code="000007", received=received), decided(TOLD)]
        command = uuid4()
        append(registry, APPLICATION, *facts, command=command)
        with pytest.raises(CodeTaken):
            append(registry, uid(8), *facts)
        assert (registry.position(), len(everything(registry))) == (2, 1)
        assert append(registry, APPLICATION, *facts, command=command).repeated

    def test_of_two_writers_with_one_code_one_gets_it(self, registry):
        """Both drew before the log's lock; under it they are one after the other."""
        asked = application(code="000007", received=f"{kyiv_day(datetime.now(UTC))}T09:00")

        def writes(stream):
            try:
                return append(registry, stream, asked).entries[0].fact.code
            except CodeTaken:
                return None

        with ThreadPoolExecutor() as both:
            assert sorted(both.map(writes, [uid(8), uid(9)]), key=str) == ["000007", None]
        assert registry.position() == 1

    def test_also_where_another_with_the_code_was_decided(self, registry, monkeypatch):
        received = f"{kyiv_day(datetime.now(UTC))}T09:00"
        append(registry, APPLICATION, application(code="000001", received=received), decided(kind=ApplicationRefused))
        self.draws(monkeypatch, 1, 2)
        assert self.code(registry) == "000002"


class TestApplicationRows:
    @staticmethod
    def row(registry, id=APPLICATION, position=None):
        asked = {"application": id, "position": registry.position() if position is None else position}
        found = registry.query("applications", "by_id", **asked)
        return found[0] if found else None

    def test_what_it_says(self, registry):
        second = Part(
            asked={"service": "register_stay"}, card="5", due_by="2026-01-10", concerned=(Concerned(person=uid(1)),)
        )
        asked = application(uid(1), uid(2), code="000001")
        append(registry, APPLICATION, replace(asked, parts=(*asked.parts, second)))
        row = self.row(registry)
        assert {name: row[name] for name in applications.COLUMNS} == {
            "application": APPLICATION,
            "status": "received",
            "code": "000001",
            "services": ["register_residence", "register_stay"],
            "channel": "office",
            "office": "cnap-1",
            "received": "2026-01-12T10:30",
            "due_by": date(2026, 1, 10),
            "persons": [uid(1), uid(2)],
            "asked_by": None,
            "past": [],
        }

    def test_as_known_at_each_position(self, registry):
        asked = application(uid(1))
        append(registry, APPLICATION, replace(asked, parts=asked.parts * 2))
        append(registry, APPLICATION, CheckAnswered(part=1, check="x", said={}, source="clerk"), after=1)
        append(registry, APPLICATION, decided(), after=2)
        append(registry, APPLICATION, decided(part=2, kind=ApplicationRefused), after=3)
        statuses = [self.row(registry, position=position)["status"] for position in (1, 2, 3, 4)]
        assert statuses == ["received", "received", "received", "partly-granted"]
        assert self.row(registry, position=0) is None
        assert registry.application(APPLICATION).status == "partly-granted"

    def test_a_change_without_an_application(self, registry):
        append(registry, APPLICATION, CHANGE, by=HEAD)
        row = self.row(registry)
        assert (row["persons"], row["asked_by"], row["due_by"], row["code"]) == ([uid(1)], HEAD.id, None, None)
        assert [one["application"] for one in registry.query("applications", "awaiting", limit=5)] == [APPLICATION]
        append(registry, APPLICATION, ChangeRejected(person=uid(1), reason="ні"), after=1)
        assert (self.row(registry)["status"], self.row(registry)["asked_by"]) == ("rejected", None)
        assert self.row(registry, position=1) == {**row, "known_until": 2}
        assert registry.query("applications", "awaiting", limit=5) == []

    def test_those_that_wait_the_oldest_first(self, registry):
        for number in (3, 1, 2):
            append(registry, uid(10 + number), CHANGE)
        found = registry.query("applications", "awaiting", limit=2)
        assert [row["application"] for row in found] == [uid(13), uid(11)]

    def test_the_open_ones_by_their_last_day(self, registry):
        days = {11: "2026-01-14", 12: "2026-01-12", 13: "2026-01-13", 14: "2026-01-11"}
        for number, day in days.items():
            append(registry, uid(number), application(uid(1), due_by=day))
        append(registry, uid(14), decided(), after=1)
        append(registry, uid(13), CHANGE, after=1)
        append(registry, uid(15), CHANGE)
        found = registry.query("applications", "open", limit=9)
        assert [row["application"] for row in found] == [uid(12), uid(13), uid(11)]

    def test_all_that_concern_a_person_the_newest_first(self, registry):
        append(registry, uid(11), application(uid(1), uid(2)))
        append(registry, uid(12), application(uid(2)))
        append(registry, uid(13), CHANGE)
        append(registry, uid(11), decided(), after=1)
        found = registry.query("applications", "of_person", people=[uid(1)])
        assert [(row["application"], row["status"]) for row in found] == [
            (uid(13), "awaiting-approval"),
            (uid(11), "granted"),
        ]

    def test_by_its_code_the_latest_and_never_about_whom(self, registry):
        append(registry, uid(12), application(code="000001", received="2024-01-12T09:00"))
        append(registry, uid(11), application(code="000001", received="2026-01-12T09:00", due_by="2026-01-13"))
        append(registry, uid(11), decided(), after=1)
        assert registry.query("applications", "by_code", code="000001") == [
            {"application": uid(11), "status": "granted", "due_by": date(2026, 1, 13), "office": "cnap-1"}
        ]
        assert registry.query("applications", "by_code", code="000002") == []

    def test_a_rebuild_makes_the_same_rows(self, registry):
        append(registry, uid(11), application(uid(1)))
        append(registry, uid(11), CHANGE, after=1)
        append(registry, uid(11), ChangeApproved(person=uid(1)), decided(), after=2, by=HEAD)
        rows = [self.row(registry, uid(11), position) for position in range(5)]
        assert registry.rebuild("applications") == 3
        assert [self.row(registry, uid(11), position) for position in range(5)] == rows
        # Of the two facts that name somebody whom nobody entered it tells, and of no row.
        assert [text.split(":")[0] for text in verify(registry).differences] == ["position 2", "position 3"]

    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("UPDATE applications SET status = 'granted'", "status"),
            ("UPDATE applications SET persons = '{}'", "persons"),
            ("UPDATE applications SET due_by = NULL", "due_by"),
            ("UPDATE applications SET code = '999999'", "code"),
            ("DELETE FROM applications", "1 rows missing"),
        ],
    )
    def test_verify_sees_one_that_is_not_from_the_log(self, registry, database_url, statement, said):
        append(registry, APPLICATION, application(uid(1)))
        assert verify(registry).counts["applications"] == 1
        with psycopg.connect(database_url) as connection:
            connection.execute(statement)
        [text] = verify(registry).differences
        assert text.startswith(f"applications {APPLICATION}") and said in text

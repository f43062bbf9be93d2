"""Who we are: facts of a community, dated and in both times, entered by one person and changed by two."""

import io
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from clerks import Clerk
from conftest import _database
from extracting import OF_REPRESENTATIVE
from filing import MOVE, about, decided, filed, granted
from given import BEGINNING, CLERK, EXAMPLE, HOURS, NAMED, OURS, VARIABLES, Installation, entries, founded, installation
from running import Command, assert_refused, staffed
from starlette.testclient import TestClient
from test_api import Desk, desk

from api.commands import identity as commands
from api.commands.identity import warnings
from api.commands.registers import account
from api.main import create_app
from registry import community, demo, journal
from registry.aggregates.community import decisions
from registry.aggregates.community.events import (
    COMMUNITY,
    AppealDescribed,
    BodiesDescribed,
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityChangeRequested,
    CommunityDescribed,
    LocalOffice,
    OfficesDescribed,
    Opening,
    OtherBody,
    ReadingsAdopted,
    Saturdays,
    Schedule,
    SignatoryNamed,
    SingleDay,
)
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import UNKNOWN, fold
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor, Impossible
from registry.app import Registry
from registry.card_index import loading
from registry.opening import opened
from registry.services.adopted import AS_DECIDED
from registry.services.offices import PLAIN_WEEK
from registry.settings import Settings
from registry.storage.mapper import as_logged
from registry.storage.recorder import NotEmpty
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk"]

HEAD = Actor("head", "Керівниця Вигадана Г. Г.")
SAID: dict[str, Any] = {
    "community": {
        "code": "UA99020010000099001",
        "name": "Вигадівська територіальна громада",
        "body": "Виконавчий комітет Вигадівської міської ради",
        "public_url": "https://reiestr.example.ua/",
    },
    "office": [
        {"id": "main", "name": "Майдан, буд. 1", "rooms": ["4"], "schedule": "S"},
        {"id": "van", "name": "Авто"},
    ],
    "schedule": [
        {"id": "S", "mon": [["08:00", "12:30"], ["13:00", "15:30"]]},
        {"id": "BODY", "until": date(2025, 1, 1), "mon": [["09:00", "10:00"]]},
        {"id": "BODY", "from": date(2025, 1, 1), "mon": [["08:00", "15:30"]], "sat": [["08:00", "12:00"]]},
    ],
    "saturday": [{"from": date(2025, 2, 1), "works": True, "reference": "наказ 1"}],
    "day": [{"on": date(2025, 3, 10)}, {"on": date(2025, 3, 12), "offices": ["van"], "hours": [["09:00", "12:00"]]}],
    "readings": {"proxy_gets_extract": True},
}
WHO, PLACES, READ = facts_of(SAID)


def said(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**deepcopy(SAID), **changed}.items() if value is not None}


def faults(**changed: Any) -> set[tuple[str, str | None]]:
    with pytest.raises(Impossible) as refused:
        facts_of(said(**changed))
    return {(one.code, one.field) for one in refused.value.faults}


class TestTheFile:
    def test_becomes_facts(self):
        assert WHO == CommunityDescribed(
            code="UA99020010000099001",
            name="Вигадівська територіальна громада",
            body="Виконавчий комітет Вигадівської міської ради",
            public_url="https://reiestr.example.ua",
        )
        assert PLACES.offices[0] == LocalOffice(id="main", name="Майдан, буд. 1", rooms=("4",), schedule="S")
        assert PLACES.schedules[1] == Schedule(
            id="BODY", until="2025-01-01", mon=(Opening(opens="09:00", closes="10:00"),)
        )
        assert PLACES.saturdays == (Saturdays(since="2025-02-01", works=True, reference="наказ 1"),)
        assert PLACES.days[1] == SingleDay(
            on="2025-03-12", offices=("van",), hours=(Opening(opens="09:00", closes="12:00"),)
        )
        assert READ == ReadingsAdopted(readings={"proxy_gets_extract": True})

    def test_may_leave_a_matter_out_and_dates_the_others(self):
        only = facts_of({"since": date(2026, 1, 1), "basis": "рішення 7", "readings": {"consents_by_age": False}})
        assert only == [ReadingsAdopted(since="2026-01-01", basis="рішення 7", readings={"consents_by_age": False})]

    def test_a_reading_may_be_dated_by_paper(self):
        table = {"expired_taken_until": {"passport_booklet": date(2026, 1, 1)}}
        [fact] = facts_of({"readings": table})
        assert fact.readings == {"expired_taken_until": {"passport_booklet": "2026-01-01"}}
        here = fold(entries([fact])).on(date(2025, 1, 1))
        assert here.readings.expired_taken_until == {"passport_booklet": date(2026, 1, 1)}

    def test_names_whom_we_write_to(self):
        [fact] = facts_of({"bodies": {"dms": {"name": "ДМС"}, "registration": [{"name": "Рада", "katottg": "UA12"}]}})
        assert fact == BodiesDescribed(
            dms=OtherBody(name="ДМС"), registration=(OtherBody(name="Рада", katottg="UA12"),)
        )
        known = fold(entries([fact, BodiesDescribed(since="2026-01-01")]))
        assert [known.on(date(year, 6, 1)).bodies.dms for year in (2025, 2026)] == [OtherBody(name="ДМС"), None]

    def test_whom_we_write_to_is_shown(self):
        said = {"dms": {"name": "ДМС", "address": "вул. Рання"}, "registration": [{"name": "Рада", "katottg": "UA12"}]}
        shown = {"bodies": {**said, "guardianship": None}, "community": {name: None for name in commands.ASKED}}
        shown |= {"offices": {"offices": []}, "readings": {}, "payees": [], "appeal": None, "signatory": None}
        lines = commands._lines({**shown, "known": True, "waiting": None})
        assert {"bodies.dms: ДМС, вул. Рання", "bodies.registration: Рада"} <= set(lines)

    def test_of_the_city_of_the_cards_is_an_example_with_all_that_the_program_held(self):
        assert [one.id for one in OURS[1].offices][:2] == ["metalurhiinyi", "dovhyntsivskyi"]
        assert len(OURS[1].offices) == 10 and HOURS.body_hours(date(2024, 6, 8))

    @pytest.mark.parametrize(
        ("changed", "wanted"),
        [
            ({"comunity": {}}, ("community-field-unknown", "comunity")),
            ({"community": "Вигадів"}, ("community-table-missing", "community")),
            ({"readings": []}, ("community-table-missing", "readings")),
            ({"community": {**SAID["community"], "site": "x"}}, ("community-field-unknown", "community.site")),
            ({"community": {"code": "UA99", "name": "Г"}}, ("community-field-missing", "community.body")),
            ({"community": {**SAID["community"], "code": "UБ9902"}}, ("katottg-shape", "community.code")),
            ({"community": {**SAID["community"], "code": "12345"}}, ("katottg-shape", "community.code")),
            ({"community": {**SAID["community"], "code": "UA" + "9" * 18}}, ("katottg-shape", "community.code")),
            ({"community": {**SAID["community"], "name": 7}}, ("community-not-a-text", "community.name")),
            ({"community": {**SAID["community"], "name": "н" * 501}}, ("text-too-long", "community.name")),
            ({"community": {**SAID["community"], "name": "\0"}}, ("text-broken", "community.name")),
            ({"community": {**SAID["community"], "sample": 1}}, ("community-not-a-boolean", "community.sample")),
            ({"community": {**SAID["community"], "public_url": "a.ua"}}, ("community-address", "community.public_url")),
            ({"since": "2025-02"}, ("not-a-day", "since")),
            ({"since": 2025}, ("not-a-day", "since")),
            ({"since": datetime(2025, 1, 1, tzinfo=UTC)}, ("not-a-day", "since")),
            ({"office": {}}, ("community-not-blocks", "office")),
            ({"office": [{"id": "Main", "name": "М"}]}, ("office-id", "office[1].id")),
            ({"office": [{"id": "a", "name": "А"}, {"id": "a", "name": "Б"}]}, ("office-id", "office[2].id")),
            ({"office": [{"id": "a"}]}, ("community-field-missing", "office[1].name")),
            ({"office": [{"id": "a", "name": "А", "schedule": "X"}]}, ("schedule-unknown", "office[1].schedule")),
            ({"office": [{"id": "a", "name": "А", "rooms": "4"}]}, ("community-not-a-text", "office[1].rooms")),
            ({"schedule": []}, ("body-schedule-missing", "schedule")),
            ({"schedule": [{"id": "BODY", "sat": [["08:00", "09:00"]]}]}, ("no-working-day", "schedule[1]")),
            ({"schedule": [*SAID["schedule"], {"id": "S"}]}, ("schedules-overlap", "schedule[4].from")),
            ({"schedule": [{"id": "BODY", "mon": "8-15"}]}, ("hours-shape", "schedule[1].mon")),
            ({"schedule": [{"id": "BODY", "mon": [["8:00", "15:00"]]}]}, ("hours-shape", "schedule[1].mon")),
            (
                {"schedule": [{"id": "BODY", "mon": [["08:00+02:00", "15:00+02:00"]]}]},
                ("hours-shape", "schedule[1].mon"),
            ),
            ({"schedule": [{"id": "BODY", "mon": [["15:00", "08:00"]]}]}, ("hours-order", "schedule[1].mon")),
            (
                {"schedule": [{"id": "BODY", "from": date(2025, 1, 1), "until": date(2025, 1, 1)}]},
                ("ends-before-start", "schedule[1].until"),
            ),
            ({"saturday": [{"works": "так"}]}, ("community-not-a-boolean", "saturday[1].works")),
            ({"saturday": [{"works": True}, {"works": False}]}, ("schedules-overlap", "saturday[2].from")),
            ({"day": [{"offices": ["main"]}]}, ("community-field-missing", "day[1].on")),
            ({"day": [{"on": date(2025, 1, 1), "offices": ["x"]}]}, ("office-unknown", "day[1].offices")),
            ({"appeal": "до суду"}, ("community-not-a-table", "appeal")),
            ({"appeal": {"article": "ст. 1", "body": "голова"}}, ("community-field-missing", "appeal.term")),
            ({"appeal": {"article": 1, "body": "голова", "term": "строк"}}, ("community-not-a-text", "appeal.article")),
            ({"signatory": {"name": "Ї. В.", "position": "п" * 501}}, ("text-too-long", "signatory.position")),
            (
                {"signatory": {"name": "Ї. В.", "position": "П", "rank": "1"}},
                ("community-field-unknown", "signatory.rank"),
            ),
            ({"readings": {"kind": True}}, ("reading-unknown", "readings.kind")),
            ({"readings": {"proxy_gets_extract": 1}}, ("community-value", "readings.proxy_gets_extract")),
            ({"readings": {"days_where_silent": -1}}, ("community-value", "readings.days_where_silent")),
            ({"readings": {"days_where_silent": 10**12}}, ("community-value", "readings.days_where_silent")),
            ({"readings": {"days_to_bring": 367}}, ("community-value", "readings.days_to_bring")),
            ({"readings": {"days_to_bring": 0}}, ("community-value", "readings.days_to_bring")),
        ],
    )
    def test_a_fault_names_its_place(self, changed, wanted):
        assert wanted in faults(**changed)

    def test_how_to_appeal_and_who_signs_are_facts_of_their_own(self):
        words = {"article": "ст. 1", "body": "голова", "term": "строк  закону", "court": ""}
        signs = {"name": "Ївга Вигаданко", "position": "Начальниця"}
        appeal, signatory = facts_of({"since": date(2026, 1, 1), "appeal": words, "signatory": signs})
        assert appeal == AppealDescribed(since="2026-01-01", article="ст. 1", body="голова", term="строк закону")
        assert signatory == SignatoryNamed(since="2026-01-01", **signs)
        known = fold(entries([WHO, appeal, signatory]))
        assert (known.on(date(2025, 12, 31)).appeal, known.on(date(2025, 12, 31)).signatory) == (None, None)
        assert (known.on(TODAY).appeal, known.on(TODAY).signatory) == (appeal, signatory)

    def test_that_says_nothing_is_none(self):
        with pytest.raises(Impossible) as refused:
            facts_of({"since": date(2025, 1, 1)})
        assert [one.code for one in refused.value.faults] == ["community-table-missing"]


class TestOnADay:
    def test_nothing_is_known_before_the_first_fact(self):
        here = UNKNOWN.on(date(2025, 1, 1))
        assert not here.may_issue and here.within == "" and here.timetable is PLAIN_WEEK
        assert here.readings is AS_DECIDED

    def test_each_matter_is_as_its_last_fact_says_whose_day_has_come(self):
        later = CommunityDescribed(since="2026-01-01", code="UA9902", name="Нова назва", body="Інший орган")
        known = fold(entries([WHO, PLACES, READ, later]))
        before, after = known.on(date(2025, 12, 31)), known.on(date(2026, 1, 1))
        assert (before.identity.name, after.identity.name) == (WHO.name, "Нова назва")
        assert (before.within, after.within) == ("UA9902001", "UA9902")
        assert before.timetable is after.timetable and after.readings.proxy_gets_extract
        assert before.office_name("main") == "Майдан, буд. 1" and before.office_name("zzz") is None

    def test_a_fact_recorded_later_decides_from_its_day_on_whatever_was_planned(self):
        planned = ReadingsAdopted(since="2027-01-01", readings={"consents_by_age": False})
        decided = ReadingsAdopted(since="2026-01-01", readings={"days_where_silent": 3})
        known = fold(entries([READ, planned, decided]))
        assert known.on(date(2025, 1, 1)).readings.proxy_gets_extract
        assert known.on(date(2027, 1, 1)).readings.days_where_silent == 3
        assert known.on(date(2027, 1, 1)).readings.consents_by_age

    def test_what_this_release_does_not_know_is_left_out(self):
        strange = ReadingsAdopted(readings={"unheard_of": True, "days_where_silent": "три", "consents_by_age": False})
        assert fold(entries([strange])).on(date(2025, 1, 1)).readings.consents_by_age is False

    @pytest.mark.parametrize(
        ("code", "within"),
        [
            (None, ""),
            ("UA9902", "UA9902"),
            ("UA99020010000012345", "UA9902001"),
            ("UA99020010010012345", "UA99020010010012345"),
        ],
    )
    def test_a_whole_code_ends_in_zeros_where_those_within_have_digits(self, code, within):
        assert fold(entries([CommunityDescribed(code=code)])).on(date(2025, 1, 1)).within == within


TODAY = date(2026, 2, 3)


class TestTheDecisions:
    def test_the_first_facts_take_over_what_the_installation_said(self):
        before = [CommunityDescribed(name="Стара"), ReadingsAdopted(readings={"consents_by_age": False})]
        assert decisions.founded([WHO], before) == [WHO, before[1]]
        assert decisions.founded([WHO, READ], before)[1].readings == {
            "consents_by_age": False,
            "proxy_gets_extract": True,
        }

    def test_without_a_description_there_is_no_community(self):
        with pytest.raises(Impossible) as refused:
            decisions.founded([READ], [])
        assert refused.value.faults[0].code == "community-table-missing"

    def test_what_is_on_record_is_no_change_and_the_rest_is_from_today_on(self):
        known = fold(entries([WHO, PLACES, READ]))
        assert decisions.changed(known, [WHO, PLACES, READ], today=TODAY) == []
        new = ReadingsAdopted(readings={})
        assert decisions.changed(known, [WHO, new], today=TODAY) == [ReadingsAdopted(since="2026-02-03", readings={})]
        dated = ReadingsAdopted(since="2024-01-01", readings={})
        assert decisions.changed(known, [dated], today=TODAY) == [dated]

    def test_one_change_at_a_time_that_another_approves(self):
        asked = CommunityChangeRequested(facts=(as_logged(READ),))
        known = fold(entries([WHO, asked]))
        assert decisions.approve(known, HEAD) == [CommunityChangeApproved(requested=2)]
        assert decisions.reject(known, reason="ні") == [CommunityChangeRejected(requested=2, reason="ні")]
        assert decisions.changed(known, [WHO], today=TODAY) == []
        for refused, code in (
            (lambda: decisions.approve(known, CLERK), "same-person"),
            (lambda: decisions.reject(known, reason=""), "reason-missing"),
            (lambda: decisions.changed(known, [PLACES], today=TODAY), "community-change-waits"),
            (lambda: decisions.approve(fold(entries([WHO])), HEAD), "no-change-waiting"),
        ):
            with pytest.raises(Impossible) as fault:
                refused()
            assert [one.code for one in fault.value.faults] == [code]
        judged = fold(entries([WHO, asked, CommunityChangeRejected(requested=2, reason="ні"), asked]))
        assert judged.awaiting and judged.asked_at == 4


@pytest.fixture
def register(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


def enter(registry: Registry, facts: Any, by: Actor = CLERK, **said: Any) -> community.Entered:
    return community.enter(registry, facts, by=by, settings=Settings(), today=TODAY, **said)


def person(registry: Registry, surname: str = "Вигадана") -> int:
    said = {"particulars": Particulars(surname=surname)}
    return Clerk(registry, CLERK).enter_person(command=uuid4(), **said).entries[0].position


class TestTwoPersons:
    def test_the_first_facts_are_ones_and_every_later_one_needs_another(self, register: Registry) -> None:
        first = enter(register, [WHO, PLACES, READ])
        assert first.act and [entry.fact for entry in first.act.entries] == [WHO, PLACES, READ] and not first.waits
        assert enter(register, [WHO, PLACES, READ]) == community.Entered()
        new = CommunityDescribed(since="2026-01-01", code=WHO.code, name="Нова", body=WHO.body)
        asked = enter(register, [new, PLACES])
        assert asked.waits and register.community().awaiting
        assert register.community().on(TODAY).identity.name == WHO.name
        with pytest.raises(Impossible):
            community.approve(register, CLERK)
        act = community.approve(register, HEAD)
        assert [entry.fact for entry in act.entries] == [CommunityChangeApproved(requested=4), new]
        assert register.community().on(TODAY).identity.name == "Нова"
        assert register.community().on(date(2025, 12, 31)).identity.name == WHO.name
        assert verify(register).found == 0

    def test_who_asked_takes_it_back_and_may_ask_again(self, register: Registry) -> None:
        enter(register, [WHO])
        enter(register, [READ])
        with pytest.raises(Impossible):
            enter(register, [PLACES])
        community.reject(register, CLERK, "помилка")
        assert register.community().on(TODAY).readings == AS_DECIDED
        assert enter(register, [PLACES]).waits

    def test_without_the_second_person_it_is_recorded_at_once(self, register: Registry) -> None:
        enter(register, [WHO])
        assert not enter(register, [READ], second_person=False).waits
        assert register.community().on(TODAY).readings.proxy_gets_extract

    def test_in_both_times(self, register: Registry) -> None:
        enter(register, [WHO])
        before = register.position()
        new = CommunityDescribed(since="2020-01-01", code="UA9902", name="Нова", body=WHO.body)
        enter(register, [new], second_person=False)
        assert register.community(before).on(date(2025, 1, 1)).identity == WHO
        assert register.community().on(date(2025, 1, 1)).identity == new
        assert register.community().on(date(2019, 12, 31)).identity == WHO
        assert register.community(0).version == 0


VARIABLES_SAID = installation(community="UA9902", public_url="https://a.example.ua", consents_by_age=False)


class TestTheOldVariables:
    """They hold until the register knows its community, become its facts once, and are ignored from then on."""

    @pytest.fixture
    def told(self, database_url: str) -> Iterator[Registry]:
        with opened(database_url, founding=community.of_variables(VARIABLES_SAID)) as registry:
            yield registry

    def test_hold_until_then_for_every_day(self, register: Registry) -> None:
        here = community.here(register, VARIABLES_SAID, date(1990, 1, 1))
        assert here.may_issue and here.within == "UA9902" and not here.readings.consents_by_age
        assert community.public_url(here, VARIABLES_SAID) == "https://a.example.ua"
        nobody = community.here(register, Settings(), TODAY)
        assert not nobody.may_issue and community.public_url(nobody, Settings()) == "http://127.0.0.1:8081"

    def test_become_facts_before_the_first_act_and_never_again(self, told: Registry) -> None:
        assert person(told) == 3
        first, second = told.entries(COMMUNITY)
        assert first.fact == CommunityDescribed(
            code="UA9902", name=NAMED["community_name"], body=NAMED["office_name"], public_url="https://a.example.ua"
        )
        assert second.fact == ReadingsAdopted(readings={"consents_by_age": False})
        assert first.command == second.command and (first.position, second.position) == (1, 2)
        assert person(told, "Друга") == 4
        assert community.here(told, Settings(community_name="Інша"), TODAY).identity.name == NAMED["community_name"]
        assert community.ignored(told, installation(consents_by_age=True), TODAY) == ["HROMADA_CONSENTS_BY_AGE"]
        assert verify(told).found == 0

    def test_a_refused_act_founds_nothing(self, told: Registry) -> None:
        with pytest.raises(ValueError, match="at least one fact"):
            told.append([(uuid4(), [], 0)], by=CLERK, command=uuid4())
        assert told.position() == 0

    def test_init_takes_over_what_it_does_not_say_itself(self, told: Registry) -> None:
        act = community.enter(told, [WHO, READ], by=CLERK, settings=VARIABLES_SAID, today=TODAY).act
        assert act and [entry.fact for entry in act.entries] == [
            WHO,
            ReadingsAdopted(readings={"consents_by_age": False, "proxy_gets_extract": True}),
        ]

    def test_an_import_is_no_act(self, told: Registry, tmp_path: Path) -> None:
        cards = card_index(tmp_path)
        for _ in range(2):
            loading.load(told, cards, by=CLERK, now=datetime.now(UTC))
        assert told.community().version == 0 and told.position() == 2
        (tmp_path / "persons.csv").write_text(f"{PEOPLE}P-1,Вигадана,Оксана,,\nP-2,Друга,Оксана,,\n", encoding="utf-8")
        loading.load(told, cards, by=CLERK, now=datetime.now(UTC))
        assert told.community().version == 0 and told.position() == 3
        assert person(told, "Третя") == 6

    def test_at_an_upgrade_of_a_register_that_holds_facts(self, register: Registry, database_url: str) -> None:
        person(register)
        with opened(database_url, founding=community.of_variables(VARIABLES_SAID)) as told:
            assert community.found(told, CLERK)
            assert community.found(told, CLERK) is None
        assert register.community().on(date(1990, 1, 1)).identity.name == NAMED["community_name"]

    def test_nor_of_one_without_any_nor_without_variables(self, told: Registry, register: Registry) -> None:
        assert community.found(told, CLERK) is None
        person(register)
        assert community.found(register, CLERK) is None


PEOPLE = "person_ref,surname,given_names,birth_date,death_registered_on\n"


def card_index(folder: Path) -> Path:
    for name, rows in (
        ("persons", f"{PEOPLE}P-1,Вигадана,Оксана,,\n"),
        ("dwellings", "dwelling_ref,settlement,street,house,kind\nD-1,с. Вигадане,вул. Тиха,1,private\n"),
        ("residences", "person_ref,dwelling_ref,kind,since,until\n"),
    ):
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    return folder


def test_who_starts_the_program_is_told_what_to_do(register: Registry) -> None:
    assert ["hromada init" in line for line in warnings(register, Settings())] == [True]
    assert warnings(register, VARIABLES_SAID) == []
    enter(register, [WHO])
    assert [line.count("HROMADA_") for line in warnings(register, VARIABLES_SAID)] == [3]


class TestEmpty:
    """Nothing but the community."""

    def test_a_card_index_goes_in_as_one_act_behind_it(self, register: Registry, tmp_path: Path) -> None:
        founded(register)
        loading.load(register, card_index(tmp_path), by=CLERK, now=datetime.now(UTC))
        assert register.position() == 4 and register.query("people", "count")[0]["people"] == 1
        rows = [entry.command for one in register.streams(4) for entry in one]
        assert len(set(rows)) == 2 and verify(register).found == 0

    def test_the_demo_too_and_becomes_its_own(self, register: Registry, tmp_path: Path, server: Any) -> None:
        founded(register)
        made = demo.seed(register, persons=200, seed=1, now=datetime.now(UTC))
        report = verify(register)
        assert register.position() == made.facts + 2 and report.differences == []
        with register.snapshot() as connection:
            states = connection.execute("SELECT DISTINCT state FROM outbox").fetchall()
        assert {row["state"] for row in states} == {"sent", "done", "failed"}
        assert register.community().on(date.max).identity == demo.described()[0]
        with pytest.raises(NotEmpty):
            demo.seed(register, persons=20, seed=1, now=datetime.now(UTC))
        journal.export(register, tmp_path / "all.jsonl", seen_by=OPEN)
        for another in _another(server):
            journal.load(another, tmp_path / "all.jsonl", datetime.now(UTC))
            journal.export(another, tmp_path / "again.jsonl", seen_by=OPEN)
            assert another.community().on(date.max).identity.sample
        assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()

    def test_a_journal_comes_before_the_community_and_brings_its_own(
        self, register: Registry, tmp_path: Path, server: Any
    ) -> None:
        founded(register)
        journal.export(register, tmp_path / "all.jsonl", seen_by=OPEN)
        with pytest.raises(NotEmpty):
            journal.load(register, tmp_path / "all.jsonl", datetime.now(UTC))
        for another in _another(server, founding=community.of_variables(VARIABLES_SAID)):
            assert journal.load(another, tmp_path / "all.jsonl", datetime.now(UTC)) == 2
            person(another)
            assert another.position() == 3 and another.community().on(TODAY).identity == OURS[0]


def _another(server: Any, **founding: Any) -> Iterator[Registry]:
    for url in _database(server, "hromada"):
        with opened(url, **founding) as registry:
            yield registry


class TestTheDemo:
    def test_enters_its_own_community_first(self) -> None:
        town = demo.invent(persons=20, seed=1, now=BEGINNING)
        envelope, drafts = town.book.acts[0]
        assert [draft.fact for draft in drafts] == demo.described()
        assert {draft.originator_id for draft in drafts} == {COMMUNITY}
        assert envelope.recorded_at < town.book.acts[1][0].recorded_at
        here = fold(entries(demo.described())).on(TODAY)
        assert here.identity.sample and here.within and demo.COMMUNITY.startswith(here.within)

    def test_says_that_it_is_a_sample_on_every_page(self, desk: Desk) -> None:
        assert "ЗРАЗОК" not in desk.client.get("/").text
        founded(desk.registry, demo.described())
        assert "ЗРАЗОК" in desk.client.get("/").text and "Вигадівська" in desk.client.get("/").text

    def test_and_on_an_extract(self, desk: Desk) -> None:
        founded(desk.registry, demo.described())
        who = desk.person()
        desk.settled(who, desk.dwelling())
        decided(desk, service="issue_extract", register=about(who))
        [stated] = _extracts(desk.registry)
        assert stated.content["sample"] is True and stated.content["community"] == demo.described()[0].name


def _extracts(registry: Registry) -> Iterator[Any]:
    for stream in registry.streams(registry.position()):
        yield from (entry.fact for entry in stream if entry.fact.NAME == "extract-requested")


class TestWithoutAnIdentity:
    """Applications are received and decided; nothing is issued."""

    @pytest.fixture
    def nobody(self, database_url: str, tmp_path: Path) -> Iterator[Desk]:
        with opened(database_url) as registry:
            app = create_app(registry, Installation(data=tmp_path, second_person=False))
            yield Desk(TestClient(app), registry)

    def test_what_the_law_can_judge_is_decided(self, nobody: Desk) -> None:
        said = granted(nobody, **MOVE, register=about(nobody.person(), dwelling=nobody.dwelling()))
        assert nobody.get(f"/applications/{said['application']}").json()["office"] is None
        page = nobody.client.get(f"/status/{said['code']}")
        assert page.status_code == 200 and "орган реєстрації" in page.text

    def test_a_visit_that_asks_for_an_extract_is_refused_before_anything_is_recorded(self, nobody: Desk) -> None:
        who, home = nobody.person(), nobody.dwelling()
        nobody.settled(who, home)
        before = nobody.registry.position()
        body = {"service": "issue_extract", "received": "2025-03-11T09:40", "subject": {"born": "1990-05-04"}}
        body |= {"documents": ["identity_document"], "register": about(who)}
        for path, more in (("/applications", {}), ("/applications", {"decide": True}), ("/applications?dry_run=1", {})):
            problem = nobody.refused(path, {**body, **more})
            assert problem["type"] == "/problems/cannot-issue" and "hromada init" in problem["detail"]
        assert nobody.registry.position() == before

    def test_a_letter_neither(self, nobody: Desk) -> None:
        body = filed(nobody, **MOVE, false_data=True, register=about(nobody.person(), dwelling=nobody.dwelling()))
        said = nobody.act("/applications", {**body, "decide": True})
        assert said["status"] == "refused"
        answer = nobody.client.get(f"/applications/{said['application']}/letter")
        assert answer.status_code == 409 and "громаду не внесено" in answer.text

    def test_an_office_is_a_fault_that_says_so(self, nobody: Desk) -> None:
        body = filed(nobody, **MOVE, register=about(nobody.person(), dwelling=nobody.dwelling()))
        problem = nobody.refused("/applications", {**body, "office": "main"})
        assert [one["code"] for one in problem["errors"]] == ["offices-unknown"]
        founded(nobody.registry, [WHO, PLACES])
        problem = nobody.refused("/applications", {**body, "office": "nowhere"})
        assert [(one["code"], one["field"]) for one in problem["errors"]] == [("office-unknown", "office")]
        assert "main" in problem["detail"] + problem["errors"][0]["detail"]


class TestTheDayOfReceipt:
    def test_its_hours_and_its_readings_count(self, desk: Desk) -> None:
        """The body works longer from 11 March 2025 on: what comes at 17:00 by wire is due the next working day before,
        whenever it is asked."""
        short, longer = (
            OfficesDescribed(since=since, offices=PLACES.offices, schedules=(body_until(closes),))
            for since, closes in ((None, "16:00"), ("2025-03-11", "20:00"))
        )
        adopted = ReadingsAdopted(since="2025-03-11", readings={"proxy_gets_extract": True})
        founded(desk.registry, [WHO, short, longer, adopted])
        leave = {"service": "deregister_residence", "channel": "diia", "subject": {"born": "1990-05-04"}}
        proxy = {"service": "issue_extract", "applicant": {"kind": "proxy_representative"}, "subject": leave["subject"]}
        proxy["documents"] = sorted(OF_REPRESENTATIVE)
        for day, due_by, admits in (("2025-03-10", "2025-03-11", False), ("2025-03-11", "2025-03-11", True)):
            tried = desk.post("/applications?dry_run=1", {**leave, "received": f"{day}T17:00"}).json()
            assert tried["due_by"] == due_by
            asked = desk.post("/applications?dry_run=1", {**proxy, "received": f"{day}T10:00"}).json()
            grounds = [one["id"] for one in asked["grounds"]]
            assert ("under_14_or_unauthorised" not in grounds) is admits, grounds

    def test_what_is_on_record_keeps_its_term(self, desk: Desk) -> None:
        founded(desk.registry, [WHO, OfficesDescribed(schedules=(body_until("16:00"),))])
        who = desk.person()
        desk.settled(who, desk.dwelling())
        body = {"service": "deregister_residence", "channel": "diia", "received": "2025-03-10T17:00"}
        said = desk.act("/applications", filed(desk, **body, register=about(who)))
        assert said["due_by"] == "2025-03-11"
        longer = OfficesDescribed(schedules=(body_until("20:00"),))
        enter(desk.registry, [longer], second_person=False)
        assert desk.get(f"/applications/{said['application']}").json()["due_by"] == "2025-03-11"


def body_until(closes: str) -> Schedule:
    hours = (Opening(opens="08:00", closes=closes),)
    return Schedule(id="BODY", **dict.fromkeys(WEEKDAYS, hours))


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture
def hromada(database_url: str, tmp_path: Path) -> Command:
    return Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"))


class TestTheCommands:
    def test_init_by_a_file_says_what_it_did_and_does_it_once(
        self, hromada: Command, database_url: str, tmp_path: Path
    ) -> None:
        assert hromada.answer("init", EXAMPLE) == {"position": 2, "facts": 2, "waits": False}
        assert hromada.answer("init", EXAMPLE) == {"position": None, "facts": 0, "waits": False}
        file = tmp_path / "new.toml"
        file.write_text(EXAMPLE.read_text("utf-8").replace("Виконавчий комітет К", "Виконком К"), encoding="utf-8")
        assert hromada.answer("init", file)["waits"] is True
        shown = hromada.answer("community", "show")
        assert shown["waiting"]["asked_by"]["id"] == account() and "Виконавчий" in shown["community"]["body"]
        assert_refused(hromada("community", "approve"), 2, "погоджувати нікому")
        assert_refused(hromada("init", file), 2, "чекає на погодження")
        staffed(database_url, "admin", "head")
        assert hromada("community", "approve").returncode == 0
        assert "Виконком" in hromada.answer("community", "show")["community"]["body"]
        assert "Виконавчий" in hromada.answer("community", "show", "--on", "2020-01-01")["community"]["body"]
        assert hromada("init", EXAMPLE).returncode == 0
        assert hromada("community", "reject", "ні").returncode == 0
        assert hromada.answer("community", "show")["waiting"] is None
        assert "Саксаганський" in hromada("community", "show").stdout

    def test_what_the_invented_community_says_is_shown(self, hromada: Command) -> None:
        invented = EXAMPLE.parents[2] / "registry" / "demo" / "vyhadiv.toml"
        assert hromada("init", invented).returncode == 0
        shown = hromada("community", "show")
        assert shown.returncode == 0 and "bodies.registration: Виконавчий комітет Придуманської" in shown.stdout
        assert hromada.answer("community", "show")["bodies"]["registration"][0]["katottg"] == "UA99"

    def test_how_to_appeal_needs_a_second_person_and_is_shown(
        self, hromada: Command, database_url: str, tmp_path: Path
    ) -> None:
        staffed(database_url, "admin", "head")
        assert hromada("init", EXAMPLE).returncode == 0
        assert hromada.answer("community", "show")["appeal"] is None
        file = tmp_path / "appeal.toml"
        file.write_text('[appeal]\narticle = "ст. 1"\nbody = "голова"\nterm = "строк"\n', encoding="utf-8")
        assert hromada.answer("init", file)["waits"] is True
        assert hromada("community", "approve").returncode == 0
        assert hromada.answer("community", "show")["appeal"]["term"] == "строк"
        assert "Оскарження відмови: ст. 1; голова; строк" in hromada("community", "show").stdout
        assert hromada.answer("community", "show", "--on", "2020-01-01")["appeal"] is None

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("[community", ("TOML", "кінець файла")),
            ("[community]\ncode =\n", ("TOML", "рядок 2, знак 7")),
            ('[community]\ncode = "12"\nname = "Г"\nbody = "О"\n', ("community.code", "UA", "нічого не змінено")),
            ('[community]\ncode = "UA99"\nname = "Г"\n', ("community.body", "Заповніть")),
            ("[readings]\nconsents_by_age = true\n", ("[community]",)),
        ],
    )
    def test_a_bad_file_changes_nothing(self, hromada: Command, tmp_path: Path, text: str, words: Any) -> None:
        file = tmp_path / "bad.toml"
        file.write_text(text, encoding="utf-8")
        assert_refused(hromada("init", file), 2, *words)
        assert_refused(hromada("init", tmp_path / "no.toml"), 2, "no.toml")
        assert hromada.answer("community", "show")["known"] is False

    def test_without_a_file_it_asks_until_it_has_an_answer(self, hromada: Command) -> None:
        answers = ["Вигадів", "UA99020010", "", "Вигадівська громада", "Виконком", "", "reiestr.ua", ""]
        with patch("sys.stdin", io.StringIO("\n".join(answers) + "\n")):
            done = hromada("init", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["facts"] == 1 and done.stderr.count("КАТОТТГ") >= 2
        shown = hromada.answer("community", "show")["community"]
        assert (shown["code"], shown["name"], shown["public_url"]) == ("UA99020010", "Вигадівська громада", None)

    def test_answers_that_end_too_early_change_nothing(self, hromada: Command) -> None:
        with patch("sys.stdin", io.StringIO("UA99020010\n")):
            assert hromada("init").returncode == 130
        assert hromada.answer("community", "show")["known"] is False

    def test_the_old_variables_become_facts_at_an_upgrade_of_what_holds_facts(self, hromada: Command) -> None:
        assert hromada("upgrade", **VARIABLES).returncode == 0
        assert hromada.answer("community", "show")["known"] is False
        hromada.environment |= VARIABLES
        shown = hromada.answer("community", "show")
        assert shown["known"] is False and shown["community"]["name"] == NAMED["community_name"]

    def test_a_variable_that_contradicts_is_told(self, hromada: Command) -> None:
        done = hromada("init", EXAMPLE, HROMADA_COMMUNITY_NAME="Інша")
        assert done.returncode == 0 and "HROMADA_COMMUNITY_NAME" in done.stderr

    def test_without_any_identity_an_extract_says_what_to_do(self, hromada: Command, tmp_path: Path) -> None:
        assert hromada("import", card_index(tmp_path)).returncode == 0
        assert_refused(hromada("extract", "P-1", "--out", tmp_path / "x.pdf"), 2, "hromada init")


def test_who_moved_here_is_asked_of_the_community_as_it_was_known_then(desk: Desk) -> None:
    founded(desk.registry, [WHO])
    who, address = desk.person(), {"settlement": "с. Вигадане", "street": "вул. Тиха", "katottg": "UA99020010010012345"}
    for number in (1, 2):
        home = desk.dwelling(address={**address, "house": str(number)})
        desk.settled(who, home, since=f"201{number}-01-01")
    recorded = [entry.recorded_at for one in desk.registry.streams(desk.registry.position()) for entry in one]
    elsewhere = CommunityDescribed(since="2000-01-01", code="UA1111", name=WHO.name, body=WHO.body)
    enter(desk.registry, [elsewhere], second_person=False)
    asked = {"least": 2, "first": 9, "on": "2020-01-01"}
    assert len(desk.get("/moved", **asked, known_at=max(recorded).isoformat()).json()["answer"]) == 1
    assert desk.get("/moved", **asked).json()["answer"] == []


def test_the_public_pages_answer_at_the_address_of_the_facts(desk: Desk) -> None:
    host = {"Host": "reiestr.example.ua", "Accept": "application/json"}
    assert desk.client.get("/status/000000", headers=host).status_code == 400
    founded(desk.registry, [WHO])
    assert desk.client.get("/status/000000", headers=host).status_code == 404
    assert desk.client.get("/", headers=host).status_code == 400


def test_the_api_says_who_we_are_on_a_day(desk: Desk) -> None:
    assert desk.get("/community").json()["known"] is False
    founded(desk.registry, [WHO, PLACES, READ])
    shown = desk.get("/community", on="2025-03-11").json()
    assert (shown["on"], shown["community"]["code"], shown["waiting"]) == ("2025-03-11", WHO.code, None)
    assert shown["offices"]["offices"][0]["id"] == "main" and shown["readings"]["proxy_gets_extract"] is True

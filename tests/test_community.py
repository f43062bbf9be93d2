"""Who we are: facts of a community, dated and in both times, entered by one person and changed by two."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from given import CLERK, HOURS, OURS, entries
from test_api import desk

from registry.aggregates.community import decisions
from registry.aggregates.community.events import (
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityChangeRequested,
    CommunityDescribed,
    LocalOffice,
    Opening,
    ReadingsAdopted,
    Saturdays,
    Schedule,
    SingleDay,
)
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import UNKNOWN, fold
from registry.aggregates.values import Actor, Impossible
from registry.services.application import AS_DECIDED
from registry.services.offices import PLAIN_WEEK
from registry.storage.mapper import as_logged

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
            ({"community": {**SAID["community"], "code": "UА9902"}}, ("katottg-shape", "community.code")),
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
            ({"schedule": [{"id": "BODY", "mon": [["15:00", "08:00"]]}]}, ("hours-order", "schedule[1].mon")),
            (
                {"schedule": [{"id": "BODY", "from": date(2025, 1, 1), "until": date(2025, 1, 1)}]},
                ("ends-before-start", "schedule[1].until"),
            ),
            ({"saturday": [{"works": "так"}]}, ("community-not-a-boolean", "saturday[1].works")),
            ({"saturday": [{"works": True}, {"works": False}]}, ("schedules-overlap", "saturday[2].from")),
            ({"day": [{"offices": ["main"]}]}, ("community-field-missing", "day[1].on")),
            ({"day": [{"on": date(2025, 1, 1), "offices": ["x"]}]}, ("office-unknown", "day[1].offices")),
            ({"readings": {"kind": True}}, ("reading-unknown", "readings.kind")),
            ({"readings": {"proxy_gets_extract": 1}}, ("community-value", "readings.proxy_gets_extract")),
            ({"readings": {"days_where_silent": -1}}, ("community-value", "readings.days_where_silent")),
        ],
    )
    def test_a_fault_names_its_place(self, changed, wanted):
        assert wanted in faults(**changed)

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

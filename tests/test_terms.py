"""By when a service is due, by when a person had to apply, how old they are: a day or a minute on each side."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from given import HOURS
from test_services import SERVICES

from registry.services import headers, terms
from registry.services.application import Facts, read
from registry.services.catalogue import NoCard, priced_by
from registry.services.headers import UnknownService
from registry.services.offices import BODY, Timetable
from registry.services.terms import age_on, due_by, months_after

DECLARATIONS = {id for id in SERVICES if headers.SERVICES[id].settles == "declared"}
REGISTRATIONS = DECLARATIONS | {id for id in SERVICES if headers.SERVICES[id].settles == "registered"}
OF_CHILDREN = {id for id in REGISTRATIONS if headers.SERVICES[id].of_children}
REMOVALS = {id for id in SERVICES if headers.SERVICES[id].removes}
CASES = json.loads((Path(__file__).parent / "cases/services/services_sample.json").read_text("utf-8"))["cases"]
BY_CLOSING = sorted(REMOVALS | {"register_child_residence"})
AT_ONCE = ["register_residence", "register_stay", "amend_record", "issue_extract"]
ONE_DAY = timedelta(days=1)


def due(service, received, channel="diia"):
    """The due date as text, of a moment as text."""
    return due_by(service, datetime.fromisoformat(received), channel, HOURS).isoformat()


def on_day(service, on, foreign=False, permit_received_on=None, moves=False, **subject):
    """The rules of lateness of a day, and the facts of an application of that day; of a child by the parent."""
    whose = {"citizenship": "foreigner" if foreign else "ua", "permit_received_on": permit_received_on}
    asked = {
        "service": service,
        "received": f"{on}T10:00",
        "subject": {"born": "1990-03-15", "current_residence": {} if moves else None, **subject},
    }
    asked |= {"applicant": whose} if headers.SERVICES[service].of_children else {"subject": asked["subject"] | whose}
    return priced_by(service, on).lateness, Facts(asked=read(asked), age=0)


def is_late(service, on, **facts):
    return terms.is_late(*on_day(service, on, **facts))


def last_day_in_time(service, **facts):
    return terms.last_day_in_time(*on_day(service, date(2025, 1, 1), **facts))


def both(service, **facts):
    """The last day in time, tried on both of its sides."""
    last = last_day_in_time(service, **facts)
    assert not is_late(service, last, **facts)
    assert not is_late(service, last - ONE_DAY, **facts)
    assert is_late(service, last + ONE_DAY, **facts)
    return last.isoformat()


class TestDue:
    @pytest.mark.parametrize("service", sorted(SERVICES))
    @pytest.mark.parametrize(
        "received", ["2025-03-11T19:59", "2025-03-13T07:00", "2025-03-16T12:00", "2021-11-30T19:30"]
    )
    def test_in_an_office_on_the_day_of_the_visit(self, service, received):
        assert due(service, received, "office") == received[:10]

    @pytest.mark.parametrize("channel", ["diia", "emaliatko", "notice"])
    @pytest.mark.parametrize("service", BY_CLOSING)
    @pytest.mark.parametrize(
        ("received", "by"),
        [
            ("2025-03-13T00:00", "2025-03-13"),  # Thursday, before opening
            ("2025-03-13T07:59", "2025-03-13"),
            ("2025-03-13T08:00", "2025-03-13"),
            ("2025-03-13T14:45", "2025-03-13"),  # the last hour counts only in the older cards
            ("2025-03-13T15:29:59", "2025-03-13"),
            ("2025-03-13T15:30", "2025-03-14"),
            ("2025-03-13T23:59", "2025-03-14"),
            ("2025-03-11T19:59", "2025-03-11"),  # Tuesday
            ("2025-03-11T20:00", "2025-03-12"),
            ("2025-03-14T15:30", "2025-03-15"),  # Friday: Saturday is a working day
            ("2025-03-15T12:45", "2025-03-15"),  # Saturday, the offices' break
            ("2025-03-15T15:29", "2025-03-15"),
            ("2025-03-15T15:30", "2025-03-17"),
            ("2025-03-16T07:00", "2025-03-17"),  # Sunday
            ("2025-03-16T11:00", "2025-03-17"),
            ("2024-02-28T15:30", "2024-02-29"),
            ("2024-12-31T20:00", "2025-01-01"),
        ],
    )
    def test_cards_2_3_4_on_the_next_working_day_after_closing(self, service, channel, received, by):
        assert due(service, received, channel) == by

    @pytest.mark.parametrize("service", sorted(DECLARATIONS))
    @pytest.mark.parametrize(
        ("received", "by"),
        [
            ("2025-03-13T06:00", "2025-03-14"),
            ("2025-03-13T07:59:59", "2025-03-14"),
            ("2025-03-13T08:00", "2025-03-13"),
            ("2025-03-13T15:29", "2025-03-13"),
            ("2025-03-13T15:30", "2025-03-14"),
            ("2025-03-11T07:59", "2025-03-12"),
            ("2025-03-11T19:59", "2025-03-11"),
            ("2025-03-11T20:00", "2025-03-12"),
            ("2025-03-15T07:00", "2025-03-17"),
            ("2025-03-15T10:00", "2025-03-15"),
            ("2025-03-16T12:00", "2025-03-17"),
        ],
    )
    def test_cards_8_9_on_the_next_working_day_outside_hours(self, service, received, by):
        assert due(service, received) == by

    @pytest.mark.parametrize("service", AT_ONCE)
    def test_the_other_cards_have_no_electronic_term(self, service):
        for received in ("2025-03-13T06:00", "2025-03-13T18:00", "2025-03-16T12:00"):
            assert due(service, received) == received[:10]

    @pytest.mark.parametrize("service", sorted(REGISTRATIONS | REMOVALS))
    @pytest.mark.parametrize(
        ("received", "by"),
        [
            ("2021-11-22T08:29", "2021-11-23"),  # Monday
            ("2021-11-22T08:30", "2021-11-22"),
            ("2021-11-22T15:59", "2021-11-22"),
            ("2021-11-22T16:00", "2021-11-23"),
            ("2021-11-22T16:10", "2021-11-23"),
            ("2021-11-22T17:00", "2021-11-23"),
            ("2021-11-23T18:59", "2021-11-23"),  # Tuesday
            ("2021-11-23T19:00", "2021-11-24"),
            ("2021-11-26T16:00", "2021-11-29"),  # Friday: Saturday was not working
            ("2021-11-27T10:00", "2021-11-29"),
            ("2021-11-30T18:59", "2021-11-30"),  # Tuesday, the eve of the law
            ("2021-11-30T19:00", "2021-12-01"),
            ("2021-11-30T23:59", "2021-12-01"),
        ],
    )
    def test_before_the_law_the_last_hour_is_outside(self, service, received, by):
        assert due(service, received) == by

    @pytest.mark.parametrize("channel", ["emaliatko", "notice"])
    @pytest.mark.parametrize(
        ("received", "by"),
        [
            ("2021-11-22T08:29", "2021-11-23"),
            ("2021-11-22T16:59", "2021-11-22"),
            ("2021-11-22T17:00", "2021-11-23"),
            ("2021-11-27T10:00", "2021-11-29"),
        ],
    )
    def test_but_not_for_what_came_from_other_bodies(self, channel, received, by):
        assert due("register_child_residence", received, channel) == by

    def test_at_midnight_the_law_changes_the_term(self):
        assert due("deregister_residence", "2021-12-01T00:00") == "2021-12-01"  # before opening is no longer outside
        assert due("deregister_residence", "2021-12-01T14:45") == "2021-12-01"
        assert due("deregister_residence", "2021-12-01T15:30") == "2021-12-02"
        assert due("register_residence", "2021-11-30T23:59") == "2021-12-01"
        assert due("register_residence", "2021-12-01T15:30") == "2021-12-01"

    def test_a_holiday_and_a_saturday_off_put_it_further(self):
        timetable = Timetable({"schedule": HOURS._schedules, "day": [{"on": date(2025, 3, 17)}]})
        received = datetime(2025, 3, 14, 15, 30)
        assert due_by("declare_residence", received, "diia", timetable) == date(2025, 3, 18)
        assert due_by("declare_residence", received, "diia", HOURS) == date(2025, 3, 15)

    def test_asks_for_a_known_service_a_day_with_a_card_and_a_local_moment(self):
        with pytest.raises(UnknownService):
            due("register", "2025-03-13T10:00")
        with pytest.raises(NoCard):
            due("register_residence", "2016-04-03T10:00")
        with pytest.raises(ValueError, match="naive"):
            due_by("declare_residence", datetime(2025, 3, 13, 10, tzinfo=UTC), "diia")

    @pytest.mark.parametrize("case", [one for one in CASES if "due_by" in one["expect"]], ids=lambda one: one["id"])
    def test_of_the_sample_case(self, case):
        assert due(case["service"], case["received"], case["channel"]) == case["expect"]["due_by"]


class TestInTime:
    @pytest.mark.parametrize("service", sorted(REGISTRATIONS))
    @pytest.mark.parametrize(
        ("removed", "last"),
        [
            ("2024-04-02", "2024-05-02"),
            ("2025-02-09", "2025-03-11"),
            ("2024-01-30", "2024-02-29"),
            ("2023-01-29", "2023-02-28"),
            ("2024-02-29", "2024-03-30"),
            ("2024-12-02", "2025-01-01"),
            ("2021-11-01", "2021-12-01"),
            ("2020-05-05", "2020-06-04"),
        ],
    )
    def test_thirty_days_after_removal(self, service, removed, last):
        assert both(service, deregistered_on=date.fromisoformat(removed)) == last

    def test_after_removal_of_a_child_the_registration_of_the_birth_is_past(self):
        facts = {"deregistered_on": date(2025, 2, 9), "birth_registered_on": date(2025, 1, 31)}
        assert both("register_child_residence", **facts) == "2025-03-11"

    @pytest.mark.parametrize("service", sorted(OF_CHILDREN))
    @pytest.mark.parametrize(
        ("registered", "last"),
        [
            ("2024-01-15", "2024-04-15"),
            ("2025-03-11", "2025-06-11"),
            ("2023-11-30", "2024-02-29"),
            ("2022-11-30", "2023-02-28"),
            ("2024-11-29", "2025-02-28"),
            ("2025-01-31", "2025-04-30"),
            ("2024-12-31", "2025-03-31"),
            ("2024-02-29", "2024-05-29"),
            ("2024-10-01", "2025-01-01"),
            ("2024-09-30", "2024-12-30"),
        ],
    )
    def test_a_newborn_three_months_after_the_registration_of_the_birth(self, service, registered, last):
        assert both(service, birth_registered_on=date.fromisoformat(registered)) == last

    def test_a_grown_person_is_no_newborn(self):
        for service in REGISTRATIONS - OF_CHILDREN:
            assert last_day_in_time(service, birth_registered_on=date(2000, 1, 1)) is None

    @pytest.mark.parametrize("service", sorted(REGISTRATIONS))
    def test_a_foreigner_thirty_days_after_the_permit_or_the_removal(self, service):
        assert both(service, foreign=True, permit_received_on=date(2024, 4, 2)) == "2024-05-02"
        assert both(service, foreign=True, deregistered_on=date(2024, 4, 2)) == "2024-05-02"
        permit_first = {"permit_received_on": date(2020, 1, 1), "deregistered_on": date(2024, 4, 2)}
        assert both(service, foreign=True, **permit_first) == "2024-05-02"
        removed_first = {"permit_received_on": date(2024, 4, 2), "deregistered_on": date(2024, 3, 1)}
        assert both(service, foreign=True, **removed_first) == "2024-05-02"

    @pytest.mark.parametrize("service", sorted(OF_CHILDREN))
    @pytest.mark.parametrize(
        ("permit", "registered", "last"),
        [
            (date(2020, 1, 1), date(2024, 4, 2), "2024-05-02"),  # T-12
            (date(2024, 4, 2), date(2024, 1, 15), "2024-05-02"),
            (None, date(2024, 4, 2), "2024-05-02"),
        ],
    )
    def test_a_foreigners_newborn_thirty_days_after_the_later(self, service, permit, registered, last):
        assert both(service, foreign=True, permit_received_on=permit, birth_registered_on=registered) == last

    def test_a_foreigner_of_14_or_more_is_not_counted_from_birth(self):
        facts = {"permit_received_on": date(2024, 4, 2), "birth_registered_on": date(2024, 5, 1)}
        assert both("register_residence", foreign=True, **facts) == "2024-05-02"

    def test_a_permit_is_nothing_to_a_citizen(self):
        assert last_day_in_time("register_residence", permit_received_on=date(2020, 1, 1)) is None

    @pytest.mark.parametrize("foreign", [False, True])
    @pytest.mark.parametrize("service", sorted(SERVICES))
    def test_without_an_event_there_is_no_term(self, service, foreign):
        assert last_day_in_time(service, foreign=foreign) is None
        assert not is_late(service, date(2099, 1, 1), foreign=foreign)

    @pytest.mark.parametrize("foreign", [False, True])
    @pytest.mark.parametrize("service", sorted(SERVICES))
    def test_a_residence_removed_in_the_same_act_is_in_time(self, service, foreign):
        facts = dict.fromkeys(("deregistered_on", "permit_received_on", "birth_registered_on"), date(2000, 1, 1))
        assert not is_late(service, date(2025, 1, 1), foreign=foreign, moves=True, **facts)

    @pytest.mark.parametrize("service", sorted(set(SERVICES) - REGISTRATIONS))
    def test_nobody_is_late_for_a_removal_a_stay_a_correction_or_an_extract(self, service):
        facts = dict.fromkeys(("deregistered_on", "permit_received_on", "birth_registered_on"), date(2000, 1, 1))
        for foreign in (False, True):
            assert not is_late(service, date(2025, 1, 1), foreign=foreign, **facts)

    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2024, 9, 15), 3, date(2024, 12, 15)),
            (date(2024, 10, 15), 3, date(2025, 1, 15)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
        ],
    )
    def test_months_end_where_they_end(self, day, months, later):
        assert months_after(day, months) == later


class TestAge:
    @pytest.mark.parametrize(
        ("born", "day", "age"),
        [
            ("2010-05-10", "2024-05-09", 13),
            ("2010-05-10", "2024-05-10", 14),
            ("2010-05-10", "2024-05-11", 14),
            ("2010-05-31", "2024-06-01", 14),
            ("2010-06-01", "2024-05-31", 13),
            ("2006-12-31", "2024-12-30", 17),
            ("2006-12-31", "2024-12-31", 18),
            ("2007-01-01", "2024-12-31", 17),
            ("2007-01-01", "2025-01-01", 18),
            ("2024-02-29", "2024-02-29", 0),
            ("2008-02-29", "2022-02-28", 13),
            ("2008-02-29", "2022-03-01", 14),
            ("2008-02-29", "2024-02-28", 15),
            ("2008-02-29", "2024-02-29", 16),
            ("2010-02-28", "2024-02-28", 14),
            ("2010-03-01", "2024-02-29", 13),
        ],
    )
    def test_in_full_years_the_birthday_counts(self, born, day, age):
        assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("day", "last"),
    [("2025-03-13", "2025-03-14"), ("2025-03-14", "2025-03-17"), ("2025-03-15", "2025-03-17")],
)
def test_papers_are_brought_in_on_the_next_working_day(day, last):
    assert terms.papers_by(date.fromisoformat(day)).isoformat() == last


def test_papers_wait_for_the_end_of_the_days_off_that_are_known():
    closed = [{"on": date(2025, 3, number), "hours": []} for number in (14, 17)]
    assert terms.papers_by(date(2025, 3, 13), Timetable({"day": closed})) == date(2025, 3, 18)
    never = Timetable({"schedule": [{"id": BODY}]})
    assert terms.papers_by(date(2025, 3, 14), never) == date(2025, 3, 15)

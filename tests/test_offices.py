"""Hours of the offices and of the registration body: each weekday, the last minute, dated changes, holidays."""

import tomllib
from datetime import UTC, date, datetime, time

import pytest
from given import EXAMPLE, HOURS

from registry.services.offices import BODY, PLAIN_WEEK, NoWorkingDay, Timetable, UnknownOffice

SAID = tomllib.loads(EXAMPLE.read_text("utf-8"))
TIMETABLE = Timetable(SAID)
OFFICES, office, hours_on, is_open = TIMETABLE.offices, TIMETABLE.office, TIMETABLE.hours_on, TIMETABLE.is_open
body_hours, next_working_day = TIMETABLE.body_hours, TIMETABLE.next_working_day
EIGHT = [one for one in OFFICES if OFFICES[one].schedule]
SEVEN = [one for one in EIGHT if one != "inhuletskyi_hirnykiv"]
MOBILE = ["mobile_office", "mobile_administrator"]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (date(2024, 6, day) for day in range(3, 10))
OLD = tuple(date(2021, 11, day) for day in range(22, 29))


def at(day, text):
    return datetime.combine(day, time.fromisoformat(text))


def hours(*pairs):
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


SHORT = hours(("08:00", "15:30"))
LONG = hours(("08:00", "20:00"))
BROKEN = hours(("08:00", "12:30"), ("13:00", "15:30"))


class TestOffices:
    def test_are_eight_in_seven_districts_and_two_mobile_places(self):
        assert len(EIGHT) == 8
        assert len({OFFICES[one].district for one in EIGHT}) == 7
        assert [one for one in OFFICES if one not in EIGHT] == MOBILE

    def test_have_ids_that_are_kept(self):
        assert EIGHT == [
            "metalurhiinyi",
            "dovhyntsivskyi",
            "pokrovskyi",
            "inhuletskyi_pivdennyi",
            "inhuletskyi_hirnykiv",
            "saksahanskyi",
            "ternivskyi",
            "tsentralno_miskyi",
        ]

    def test_say_who_they_are(self):
        found = office("pokrovskyi")
        assert found.id == "pokrovskyi" and found.name.startswith("Покровський район: вул. Шурупова, буд. 2")
        assert found.rooms == ("114", "115", "116", "117")
        assert office("mobile_office").rooms == ()
        for one in EIGHT:
            said = office(one)
            assert said.name.startswith(f"{said.district}: {said.address}")

    @pytest.mark.parametrize("unknown", ["", "BODY", "Покровський", "pokrovskyi "])
    def test_an_unknown_one_is_an_error_of_its_own(self, unknown):
        asks = (
            lambda: office(unknown),
            lambda: hours_on(unknown, MONDAY),
            lambda: is_open(unknown, at(MONDAY, "10:00")),
        )
        for ask in asks:
            with pytest.raises(UnknownOffice):
                ask()
        assert issubclass(UnknownOffice, LookupError)

    def test_an_unknown_one_has_no_next_working_day(self):
        with pytest.raises(UnknownOffice):
            next_working_day(MONDAY, "nowhere")


class TestHours:
    @pytest.mark.parametrize("one", SEVEN)
    def test_of_seven_offices(self, one):
        for day in (MONDAY, WEDNESDAY, THURSDAY, FRIDAY):
            assert hours_on(one, day) == SHORT
        assert hours_on(one, TUESDAY) == LONG
        assert hours_on(one, SATURDAY) == BROKEN
        assert hours_on(one, SUNDAY) == ()

    def test_of_the_eighth(self):
        for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY):
            assert hours_on("inhuletskyi_hirnykiv", day) == BROKEN
        for day in (SATURDAY, SUNDAY):
            assert hours_on("inhuletskyi_hirnykiv", day) == ()

    @pytest.mark.parametrize(
        ("one", "day", "text", "open_"),
        [
            ("pokrovskyi", MONDAY, "07:59:59", False),
            ("pokrovskyi", MONDAY, "08:00", True),
            ("pokrovskyi", MONDAY, "12:45", True),
            ("pokrovskyi", MONDAY, "15:29", True),
            ("pokrovskyi", MONDAY, "15:29:59.999999", True),
            ("pokrovskyi", MONDAY, "15:30", False),
            ("pokrovskyi", TUESDAY, "19:59", True),
            ("pokrovskyi", TUESDAY, "20:00", False),
            ("pokrovskyi", WEDNESDAY, "19:59", False),
            ("pokrovskyi", SATURDAY, "12:29", True),
            ("pokrovskyi", SATURDAY, "12:30", False),
            ("pokrovskyi", SATURDAY, "12:59", False),
            ("pokrovskyi", SATURDAY, "13:00", True),
            ("pokrovskyi", SATURDAY, "15:30", False),
            ("pokrovskyi", SUNDAY, "10:00", False),
            ("pokrovskyi", MONDAY, "00:00", False),
            ("inhuletskyi_hirnykiv", TUESDAY, "14:00", True),
            ("inhuletskyi_hirnykiv", TUESDAY, "15:30", False),
            ("inhuletskyi_hirnykiv", TUESDAY, "17:00", False),
            ("inhuletskyi_hirnykiv", WEDNESDAY, "12:30", False),
            ("inhuletskyi_hirnykiv", WEDNESDAY, "13:00", True),
            ("inhuletskyi_hirnykiv", SATURDAY, "10:00", False),
        ],
    )
    def test_open_to_the_minute(self, one, day, text, open_):
        assert is_open(one, at(day, text)) is open_

    def test_a_moment_is_local(self):
        with pytest.raises(ValueError, match="naive"):
            is_open("pokrovskyi", datetime(2024, 6, 4, 10, tzinfo=UTC))

    @pytest.mark.parametrize("one", EIGHT)
    def test_before_the_law_the_hours_of_the_departments(self, one):
        assert hours_on(one, date(2021, 11, 30)) == hours(("08:30", "20:00"))
        for day in (OLD[0], *OLD[2:5]):
            assert hours_on(one, day) == hours(("08:30", "17:00"))
        for day in OLD[5:]:
            assert hours_on(one, day) == ()

    def test_the_law_changes_them_at_midnight(self):
        assert hours_on("pokrovskyi", date(2021, 12, 1)) == SHORT
        assert hours_on("inhuletskyi_hirnykiv", date(2021, 12, 1)) == BROKEN
        assert is_open("pokrovskyi", datetime(2021, 11, 30, 19, 59))
        assert not is_open("pokrovskyi", datetime(2021, 11, 30, 8, 29))
        assert is_open("pokrovskyi", datetime(2021, 12, 1, 8, 0))


class TestNothingKnown:
    def test_no_office_and_every_weekday_is_a_working_day_of_the_whole_day(self):
        assert PLAIN_WEEK.offices == {}
        assert PLAIN_WEEK.body_hours(FRIDAY) == (time.min, time.max)
        assert PLAIN_WEEK.body_hours(SATURDAY) is PLAIN_WEEK.body_hours(SUNDAY) is None
        assert PLAIN_WEEK.next_working_day(FRIDAY) == date(2024, 6, 10)

    def test_a_holiday_is_one_all_the_same(self):
        timetable = Timetable({"day": [{"on": MONDAY}]})
        assert timetable.body_hours(MONDAY) is None and timetable.next_working_day(date(2024, 6, 1)) == TUESDAY

    def test_nor_where_the_schedule_of_the_body_has_ended(self):
        ended = {"id": BODY, "until": MONDAY, "mon": [["09:00", "10:00"]]}
        timetable = Timetable({"schedule": [ended]})
        assert timetable.body_hours(MONDAY) == (time.min, time.max)

    def test_what_is_no_hour_is_left_out(self):
        strange = {"id": BODY, "mon": [["08:00", "25:00"], ["09:00", "10:00"]]}
        assert Timetable({"schedule": [strange]}).body_hours(MONDAY) == (time(9), time(10))

    def test_facts_of_the_file_say_the_same_as_the_file(self):
        for one in OFFICES:
            for day in (*OLD, MONDAY, TUESDAY, SATURDAY, SUNDAY):
                assert HOURS.hours_on(one, day) == hours_on(one, day)
                assert HOURS.body_hours(day) == body_hours(day)


class TestMobilePlaces:
    @pytest.mark.parametrize("one", MOBILE)
    def test_have_no_hours_of_their_own(self, one):
        assert all(hours_on(one, day) == () for day in (MONDAY, TUESDAY, SATURDAY))
        assert not is_open(one, at(TUESDAY, "10:00"))
        with pytest.raises(NoWorkingDay, match=one):
            next_working_day(MONDAY, one)

    def test_are_open_on_the_days_entered_for_them(self):
        visits = {"on": THURSDAY, "offices": ["mobile_office"], "hours": [["09:00", "12:00"]]}
        timetable = Timetable({**SAID, "day": [visits]})
        assert timetable.hours_on("mobile_office", THURSDAY) == hours(("09:00", "12:00"))
        assert timetable.next_working_day(MONDAY, "mobile_office") == THURSDAY
        assert timetable.hours_on("mobile_administrator", THURSDAY) == ()
        assert timetable.hours_on("pokrovskyi", THURSDAY) == SHORT


class TestTheBody:
    def test_works_through_the_break_on_saturday_too(self):
        for day in (MONDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY):
            assert body_hours(day) == SHORT[0]
        assert body_hours(TUESDAY) == LONG[0]
        assert body_hours(SUNDAY) is None

    def test_before_the_law_neither_on_saturday(self):
        assert body_hours(OLD[0]) == (time(8, 30), time(17))
        assert body_hours(OLD[1]) == (time(8, 30), time(20))
        assert body_hours(OLD[4]) == (time(8, 30), time(17))
        assert body_hours(OLD[5]) is body_hours(OLD[6]) is None

    @pytest.mark.parametrize(
        ("day", "following"),
        [
            (MONDAY, TUESDAY),
            (FRIDAY, SATURDAY),
            (SATURDAY, date(2024, 6, 10)),
            (SUNDAY, date(2024, 6, 10)),
            (OLD[4], date(2021, 11, 29)),
            (OLD[5], date(2021, 11, 29)),
            (date(2021, 11, 30), date(2021, 12, 1)),
            (date(2021, 12, 3), date(2021, 12, 4)),
            (date(2023, 12, 31), date(2024, 1, 1)),
            (date(2024, 2, 28), date(2024, 2, 29)),
        ],
    )
    def test_its_next_working_day(self, day, following):
        assert next_working_day(day) == following

    def test_an_office_may_rest_while_the_body_works(self):
        assert next_working_day(FRIDAY, "inhuletskyi_hirnykiv") == date(2024, 6, 10)
        assert next_working_day(FRIDAY, "pokrovskyi") == SATURDAY

    def test_saturday_is_working_where_the_data_say_so(self):
        until = Timetable({**SAID, "saturday": [{"from": date(2021, 12, 1), "until": SATURDAY, "works": True}]})
        assert until.body_hours(date(2024, 6, 1)) and until.body_hours(SATURDAY) is None
        assert until.next_working_day(FRIDAY) == date(2024, 6, 10)
        assert until.hours_on("pokrovskyi", SATURDAY) == BROKEN  # the offices receive all the same
        for none in ([], [{"works": False}]):
            assert Timetable({**SAID, "saturday": none}).body_hours(SATURDAY) is None


class TestSingleDays:
    def test_there_are_no_holidays_by_default(self):
        assert "day" not in SAID
        assert hours_on("pokrovskyi", date(2024, 1, 1)) == SHORT
        assert body_hours(date(2024, 12, 25)) == SHORT[0]

    def test_a_holiday_closes_everything_for_a_day(self):
        timetable = Timetable({**SAID, "day": [{"on": WEDNESDAY}]})
        assert all(timetable.hours_on(one, WEDNESDAY) == () for one in OFFICES)
        assert timetable.body_hours(WEDNESDAY) is None
        assert timetable.next_working_day(TUESDAY) == THURSDAY
        assert timetable.next_working_day(TUESDAY, "ternivskyi") == THURSDAY
        assert timetable.hours_on("ternivskyi", THURSDAY) == SHORT

    def test_what_is_said_of_one_outweighs_what_is_said_of_all(self):
        for_one = {"on": SUNDAY, "offices": ["ternivskyi", BODY], "hours": [["10:00", "12:00"], ["13:00", "14:00"]]}
        for days in ([{"on": SUNDAY}, for_one], [for_one, {"on": SUNDAY}]):
            timetable = Timetable({**SAID, "day": days})
            assert timetable.is_open("ternivskyi", at(SUNDAY, "11:59"))
            assert not timetable.is_open("ternivskyi", at(SUNDAY, "12:30"))
            assert timetable.body_hours(SUNDAY) == (time(10), time(14))
            assert timetable.next_working_day(SATURDAY) == SUNDAY
            assert timetable.hours_on("pokrovskyi", SUNDAY) == ()

    def test_a_day_off_of_one_office_is_not_the_bodys(self):
        timetable = Timetable({**SAID, "day": [{"on": MONDAY, "offices": ["ternivskyi"]}]})
        assert timetable.hours_on("ternivskyi", MONDAY) == ()
        assert timetable.body_hours(MONDAY) == SHORT[0]


class TestData:
    def test_every_office_and_the_body_has_one_schedule_on_each_day(self):
        named = {one.schedule for one in OFFICES.values() if one.schedule} | {BODY}
        assert named == {block["id"] for block in SAID["schedule"]}
        for name in named:
            for day in (date(2016, 4, 4), date(2021, 11, 30), date(2021, 12, 1), SUNDAY, date(2030, 1, 1)):
                found = [
                    one
                    for one in SAID["schedule"]
                    if one["id"] == name and one.get("from", date.min) <= day < one.get("until", date.max)
                ]
                assert len(found) == 1, (name, day)

    def test_hours_follow_one_another(self):
        for block in SAID["schedule"]:
            assert block["reference"]
            assert set(block) <= {"id", "from", "until", "reference", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
            for day, pairs in block.items():
                if isinstance(pairs, list):
                    moments = [moment for pair in pairs for moment in pair]
                    assert moments == sorted(set(moments)), (block["id"], day)

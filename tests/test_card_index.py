"""Loading a card index by example (semantics 4 and 8): every row is loaded or listed with its reason, never twice."""

import csv
import io
import json
import os
import random
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from clerks import Clerk
from conftest import _database
from given import CLERK
from running import Command

from registry import questions
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.timeline import current, timeline
from registry.app import LostRace
from registry.card_index import loading, reading, telling
from registry.card_index.reading import COLUMNS, REQUIRED, BadFile
from registry.opening import opened
from registry.viewer import OPEN
from replay.compare import verify

TODAY = datetime.now(UTC)
PEOPLE = "person_ref,surname,given_names,birth_date,unzr,death_registered_on"
HOMES = "dwelling_ref,street,house,kind"
STAYS = "person_ref,dwelling_ref,kind,since,until,ended_by,basis,source"
FILES = {"persons.csv": PEOPLE, "dwellings.csv": HOMES, "residences.csv": STAYS}
TWO_HOMES = "Ж-1,вул. Вигадана,1,private\nЖ-2,вул. Казкова,2,\n"
OKSANA = "О-1,Вигадана,Оксана,1970-05-04,,\n"


@pytest.fixture
def registry(server):
    with a_register(server) as made:
        yield made


@contextmanager
def a_register(server):
    with contextmanager(_database)(server, template="hromada") as url, opened(url, connections=4) as made:
        yield made


@pytest.fixture
def cards(tmp_path):
    """Writes the three files from short rows; what is not said is empty."""

    def write(residences: str = "", people: str = OKSANA, homes: str = TWO_HOMES) -> Path:
        return written(tmp_path / "cards", people, homes, residences)

    return write


def written(folder: Path, people: str, homes: str, residences: str) -> Path:
    folder.mkdir(exist_ok=True)
    for (name, short), rows in zip(FILES.items(), (people, homes, residences), strict=True):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, COLUMNS[name], restval="")
            out.writeheader()
            for row in csv.reader(io.StringIO(rows)):
                out.writerow(dict(zip(short.split(","), row, strict=False)))
    return folder


def load(registry, folder, **how) -> loading.Loaded:
    return loading.load(registry, folder, by=CLERK, now=datetime.now(UTC), **how)


def counts(done: loading.Loaded) -> tuple[int, int, int, int]:
    return done.persons, done.dwellings, done.residences, len(done.rejects)


def rejects(done: loading.Loaded) -> list[tuple]:
    return [(one.file.removesuffix(".csv"), one.line, one.column, one.code) for one in done.rejects]


def lived(registry, ref: str) -> list[tuple]:
    """Where a person lived over all time, newest first: dwelling, since, until, how known."""
    now = datetime.now(UTC)
    question = questions.Asked(period=True, known_at=now, today=now.date())
    rows = questions.residence(registry, ref, question, now, seen_by=OPEN)["answer"]
    return [(one["dwelling_ref"], one["since"], one["until"], one["since_known"], one["until_known"]) for one in rows]


def person(registry, ref: str):
    return registry.person(questions.find_person(registry, ref, registry.position(), seen_by=OPEN))


def person_id(registry, ref: str):
    return questions.find_person(registry, ref, registry.position(), seen_by=OPEN)


def same_for_all(registry, people: list[str]) -> dict:
    return {ref: lived(registry, ref) for ref in people}


# What is loaded


def test_rows_become_people_dwellings_past_residences_and_a_current_one(registry, cards):
    rows = "О-1,Ж-1,registered,1990-01-01,2001-02-03,moved,ордер,картка 1\nО-1,Ж-2,declared,2001-02-03,,,,\n"
    assert counts(load(registry, cards(rows))) == (1, 2, 2, 0)
    assert lived(registry, "О-1") == [
        ("Ж-2", "2001-02-03", None, "day", "none"),
        ("Ж-1", "1990-01-01", "2001-02-03", "day", "day"),
    ]
    past, now = person(registry, "О-1").residences
    assert (past.past, past.kind, past.basis, past.row.source) == (True, "registered", "card-index", "картка 1")
    assert (now.past, now.kind, now.basis, now.row.since) == (False, "declared", "card-index", "2001-02-03")
    assert verify(registry).found == 0


def test_a_load_into_emptiness_is_one_act(registry, cards):
    load(registry, cards("О-1,Ж-1,stay,2001,,,,\n"))
    entries = [entry for of_stream in registry.streams(registry.position()) for batch in [of_stream] for entry in batch]
    assert len(entries) == registry.position() == 4
    assert len({entry.command for entry in entries}) == len({entry.recorded_at for entry in entries}) == 1
    assert registry.marks() == []


def test_the_guard_of_one_at_a_time_stands_after_a_load(registry, cards):
    load(registry, cards("О-1,Ж-1,stay,2001,,,,\n"))
    with registry.snapshot() as connection:
        found = connection.execute("SELECT conname FROM pg_constraint WHERE conname = 'residences_one_at_a_time'")
        assert found.fetchall()


def test_the_second_run_loads_nothing_and_rejects_the_same(registry, cards):
    rows = "О-1,Ж-1,registered,1990,2001,,,\nО-1,Ж-2,stay,1995,,,,\nО-1,Ж-9,stay,1995,,,,\n"
    folder = cards(rows)
    first = load(registry, folder)
    assert counts(first) == (1, 2, 1, 2)
    position = registry.position()
    second = load(registry, folder)
    assert counts(second) == (0, 0, 0, 2)
    assert (
        rejects(second)
        == rejects(first)
        == [
            ("residences", 3, "since", "overlaps"),
            ("residences", 4, "dwelling_ref", "unknown-dwelling"),
        ]
    )
    assert registry.position() == position


def test_a_row_added_later_is_loaded_alone(registry, cards):
    load(registry, cards("О-1,Ж-1,registered,1990,2001,,,\n"))
    more = cards(
        "О-1,Ж-1,registered,1990,2001,,,\nО-1,Ж-2,stay,2005,,,,\nО-2,Ж-3,stay,2006,,,,\n",
        people=OKSANA + "О-2,Вигаданий,Тарас,,,\n",
        homes=TWO_HOMES + "Ж-3,вул. Нова,3,\n",
    )
    assert counts(load(registry, more)) == (1, 1, 2, 0)
    assert [row[0] for row in lived(registry, "О-1")] == ["Ж-2", "Ж-1"]
    assert verify(registry).found == 0


def test_residences_of_people_and_dwellings_of_the_register_are_loaded_without_their_own_rows(registry, cards):
    load(registry, cards())
    assert counts(load(registry, cards("О-1,Ж-1,stay,2001,,,,\n", people="", homes=""))) == (0, 0, 1, 0)


def test_the_same_key_with_other_content_is_changed(registry, cards):
    load(registry, cards("О-1,Ж-1,registered,1990-01-01,2001,,,\n"))
    other = cards(
        "О-1,Ж-1,registered,1990-01-01,2002,,,\n",
        people="О-1,Вигадана,Оксана Марія,1970-05-04,,\n",
        homes="Ж-1,вул. Вигадана,1-А,private\nЖ-2,вул. Казкова,2,\n",
    )
    position = registry.position()
    done = load(registry, other)
    assert counts(done) == (0, 0, 0, 3)
    assert rejects(done) == [
        ("dwellings", 2, "dwelling_ref", "changed"),
        ("persons", 2, "person_ref", "changed"),
        ("residences", 2, "since", "changed"),
    ]
    assert registry.position() == position


def test_what_clerks_changed_since_is_no_change_of_the_card(registry, cards):
    folder = cards("О-1,Ж-1,registered,1990-01-01,,,,\n")
    load(registry, folder)
    clerk, oksana = Clerk(registry, CLERK), person_id(registry, "О-1")
    clerk.change_particulars(oksana, command=uuid4(), corrects=False, changes={"surname": "Нова"}, basis="шлюб")
    home = person(registry, "О-1").residences[0].id
    clerk.deregister_residence(oksana, command=uuid4(), residence=home, until="2010-01-01")
    clerk.record_death(oksana, command=uuid4(), registered_on="2012-01-01")
    assert counts(load(registry, folder)) == (0, 0, 0, 0)


def test_the_same_row_twice_is_one_and_another_with_its_key_a_duplicate(registry, cards):
    rows = "О-1,Ж-1,registered,1990,2001,,,\n" * 2 + "О-1,Ж-1,registered,1990,2002,,,\n"
    done = load(registry, cards(rows, people=OKSANA * 2 + "О-1,Інша,,,,\n", homes=TWO_HOMES + "Ж-1,вул. Інша,1,\n"))
    assert counts(done) == (1, 2, 1, 3)
    assert rejects(done) == [
        ("dwellings", 4, "dwelling_ref", "duplicate"),
        ("persons", 4, "person_ref", "duplicate"),
        ("residences", 4, "since", "duplicate"),
    ]
    assert all("рядок 2" in one.message for one in done.rejects)


# Which rows can stand together


def test_a_certain_overlap_names_the_line_of_the_other_row(registry, cards):
    done = load(registry, cards("О-1,Ж-2,stay,2000-05-01,2003-01-01,,,\nО-1,Ж-1,registered,1990-01-01,2001-01-01,,,\n"))
    assert rejects(done) == [("residences", 2, "since", "overlaps")]
    assert "рядок 3" in done.rejects[0].message


def test_a_certain_overlap_with_the_register_names_the_register(registry, cards):
    load(registry, cards("О-1,Ж-1,registered,1990-01-01,2001-01-01,,,\n"))
    done = load(registry, cards("О-1,Ж-2,stay,2000-05-01,2003-01-01,,,\n"))
    assert rejects(done) == [("residences", 2, "since", "overlaps")]
    assert "запис у реєстрі" in done.rejects[0].message


def test_of_two_open_rows_the_later_stands_whatever_their_order(registry, cards):
    done = load(registry, cards("О-1,Ж-2,stay,2005-01-01,,,,\nО-1,Ж-1,registered,1990-01-01,,,,\n"))
    assert counts(done) == (1, 2, 1, 1)
    assert rejects(done) == [("residences", 3, "until", "overlaps")]
    assert "рядок 2" in done.rejects[0].message
    assert [row[0] for row in lived(registry, "О-1")] == ["Ж-2"]


def test_an_open_row_is_refused_to_whoever_lives_somewhere_already(registry, cards):
    load(registry, cards("О-1,Ж-1,registered,1990-01-01,,,,\n"))
    done = load(registry, cards("О-1,Ж-2,stay,2005-01-01,,,,\n"))
    assert rejects(done) == [("residences", 2, "until", "overlaps")]
    assert "запис у реєстрі" in done.rejects[0].message
    assert [row[0] for row in lived(registry, "О-1")] == ["Ж-1"]


def test_rows_that_touch_or_may_not_overlap_stand_together(registry, cards):
    rows = (
        "О-1,Ж-1,registered,1990-01-01,2001-01-01,,,\n"
        "О-1,Ж-2,registered,2001-01-01,2002-07,,,\n"
        "О-1,Ж-1,stay,2002-07-20,2003,,,\n"
        "О-1,Ж-2,stay,2003,,,,\n"
    )
    assert counts(load(registry, cards(rows))) == (1, 2, 4, 0)
    assert lived(registry, "О-1") == [
        ("Ж-2", "2003-01-01", None, "year", "none"),
        ("Ж-1", "2002-07-20", "2003-01-01", "day", "year"),
        ("Ж-2", "2001-01-01", "2002-07-20", "day", "month"),
        ("Ж-1", "1990-01-01", "2001-01-01", "day", "day"),
    ]
    assert verify(registry).found == 0


def test_rows_go_in_by_their_since_not_by_their_place_in_the_file(server, tmp_path):
    homes = "".join(f"Ж-{n},вул. Вигадана,{n},\n" for n in range(6))
    people = "".join(f"О-{n},Вигадана,Особа {n},{1950 + n},,\n" for n in range(8))
    stays = (
        *(("stay", "", "1975"), ("registered", "1975", "1980-02"), ("stay", "1980", "1985")),
        *(("declared", "1985-06-01", ""), ("registered", "1990", ""), ("stay", "1983-05", "1986-01-01")),
        ("stay", "1981", "1979-12-31"),
    )
    rows = [
        f"О-{p},Ж-{(p + n) % 6},{kind},{since},{until},,,\n"
        for p in range(8)
        for n, (kind, since, until) in enumerate(stays[: 3 + p % 5])
    ]
    seen = []
    for seed in (None, 1, 2):
        shuffled = [homes.splitlines(True), people.splitlines(True), list(rows)]
        for lines in shuffled if seed else ():
            random.Random(seed).shuffle(lines)
        folder = written(tmp_path / f"cards-{seed}", "".join(shuffled[1]), "".join(shuffled[0]), "".join(shuffled[2]))
        with a_register(server) as made:
            done = load(made, folder)
            said = shuffled[2]
            refused = sorted((said[one.line - 2], one.column, one.code) for one in done.rejects)
            order = {f"О-{p}": [one.row for one in person(made, f"О-{p}").residences] for p in range(8)}
            seen.append((counts(done), refused, order, same_for_all(made, list(order))))
            assert verify(made).found == 0
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][1] and all(seen[0][2].values())


# Dates


def test_a_row_without_a_since_begins_at_the_latest_end_before_it(registry, cards):
    rows = "О-1,Ж-2,registered,,,,,\nО-1,Ж-1,registered,1990-01-01,2001-02-03,,,\n"
    assert counts(load(registry, cards(rows))) == (1, 2, 2, 0)
    assert lived(registry, "О-1") == [
        ("Ж-2", "2001-02-03", None, "none", "none"),
        ("Ж-1", "1990-01-01", "2001-02-03", "day", "day"),
    ]


def test_a_row_without_a_since_alone_begins_at_birth_or_is_unbounded(registry, cards):
    rows = "О-1,Ж-1,registered,,2001-02-03,,,\nО-2,Ж-1,registered,,,,,\n"
    load(registry, cards(rows, people=OKSANA + "О-2,Вигаданий,,,,\n"))
    assert lived(registry, "О-1") == [("Ж-1", "1970-05-04", "2001-02-03", "none", "day")]
    assert lived(registry, "О-2") == [("Ж-1", None, None, "none", "none")]


def test_partial_dates_are_kept_as_written_and_asked_by_their_widest_days(registry, cards):
    load(registry, cards("О-1,Ж-1,registered,1990-02,1999,,,\n"))
    assert lived(registry, "О-1") == [("Ж-1", "1990-02-01", "1999-12-31", "month", "year")]
    row = person(registry, "О-1").residences[0].row
    assert (row.since, row.until) == ("1990-02", "1999")


@pytest.mark.parametrize(("since", "until"), [("1990-02-30", "1991-02-29"), ("1990-02-31", "1991-02-30")])
def test_the_thirtieth_of_february_is_some_day_of_its_month(registry, cards, since, until):
    assert counts(load(registry, cards(f"О-1,Ж-1,registered,{since},{until},,,\n"))) == (1, 2, 1, 0)
    assert lived(registry, "О-1") == [("Ж-1", "1990-02-01", "1991-02-28", "month", "month")]
    assert person(registry, "О-1").residences[0].since == since


def test_an_end_equal_to_its_start_is_loaded_and_has_no_day(registry, cards):
    assert counts(load(registry, cards("О-1,Ж-1,registered,1990-01-01,1990-01-01,,,\n"))) == (1, 2, 1, 0)
    assert lived(registry, "О-1") == []
    assert [row.state for row in timeline(person(registry, "О-1"))] == ["superseded"]


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        ("1990-01-02", "1990-01-01", ("until", "ends-before-start")),
        ("1991", "1990-12", ("until", "ends-before-start")),
        ("1990-01-02", "1990-01", None),
        ("1990", "1990-01-01", None),
        ("1970-05-03", "1990", ("since", "before-birth")),
        ("1970-04", "1990", ("since", "before-birth")),
        ("1970-05", "1990", None),
        ("1970", "1990", None),
        ("1970-05-04", "1990", None),
        ("", "1970-05-03", ("until", "before-birth")),
    ],
)
def test_only_what_no_completion_allows_is_impossible(registry, cards, since, until, refused):
    done = load(registry, cards(f"О-1,Ж-1,registered,{since},{until},,,\n"))
    assert rejects(done) == ([("residences", 2, *refused)] if refused else [])
    assert done.residences == (0 if refused else 1)
    assert verify(registry).found == 0


@pytest.mark.parametrize(
    "text", ["1990-13", "19900101", "01/02/1990", "90", "1990-02-32", "1990-1-1", "0000", "1990-00-01"]
)
def test_what_is_no_date_is_rejected(registry, cards, text):
    assert rejects(load(registry, cards(f"О-1,Ж-1,registered,{text},,,,\n"))) == [
        ("residences", 2, "since", "bad-date")
    ]


def test_dates_to_come_are_rejected_and_the_current_year_is_not_to_come(registry, cards):
    tomorrow = (TODAY + timedelta(2)).date().isoformat()
    rows = f"О-1,Ж-1,registered,{tomorrow},,,,\nО-1,Ж-2,registered,1990,{tomorrow},,,\nО-1,Ж-1,stay,{TODAY.year},,,,\n"
    done = load(registry, cards(rows, people=OKSANA + f"О-2,Вигаданий,,{tomorrow},,\nО-3,Вигаданий,,,,{tomorrow}\n"))
    assert rejects(done) == [
        ("persons", 3, "birth_date", "date-in-future"),
        ("persons", 4, "death_registered_on", "date-in-future"),
        ("residences", 2, "since", "date-in-future"),
        ("residences", 3, "until", "date-in-future"),
    ]
    assert done.residences == 1


def test_a_death_ends_what_is_open_and_stays_with_the_person(registry, cards):
    people = "О-1,Вигадана,Оксана,1920,,2005-03-02\n"
    assert counts(load(registry, cards("О-1,Ж-1,registered,1990-01-01,,,,\n", people=people))) == (1, 2, 1, 0)
    assert lived(registry, "О-1") == [("Ж-1", "1990-01-01", "2005-03-02", "day", "day")]
    assert person(registry, "О-1").death.registered_on == "2005-03-02"
    assert current(timeline(person(registry, "О-1"))) is None


@pytest.mark.parametrize(("died", "loaded"), [("1970-05-03", 0), ("1970-04", 0), ("1970", 1), ("1970-05-04", 1)])
def test_a_death_certainly_before_the_birth_is_rejected(registry, cards, died, loaded):
    done = load(registry, cards(people=f"О-1,Вигадана,Оксана,1970-05-04,,{died}\n"))
    assert done.persons == loaded
    assert rejects(done) == ([] if loaded else [("persons", 2, "death_registered_on", "before-birth")])


# Rows that cannot be


def test_what_a_row_needs(registry, cards):
    done = load(
        registry,
        cards(
            "О-1,Ж-1,,1990,,,,\nО-1,Ж-1,lives,1990,,,,\nО-1,,stay,1990,,,,\n,Ж-1,stay,1990,,,,\n",
            people=OKSANA + "О-2,,,1970,,\n,Вигаданий,,,,\nО-3,,Ім’я,,,\nО-4,Лише Прізвище,,,,\n",
            homes=TWO_HOMES + ",вул. Нова,1,\nЖ-3,вул. Нова,1,палац\nЖ-4,,,elsewhere\n",
        ),
    )
    assert rejects(done) == [
        ("dwellings", 4, "dwelling_ref", "missing"),
        ("dwellings", 5, "kind", "bad-value"),
        ("persons", 3, "surname", "missing"),
        ("persons", 4, "person_ref", "missing"),
        ("residences", 2, "kind", "missing"),
        ("residences", 3, "kind", "bad-value"),
        ("residences", 4, "dwelling_ref", "missing"),
        ("residences", 5, "person_ref", "missing"),
    ]
    assert counts(done) == (3, 3, 0, 8)


def test_residences_of_unknown_people_and_dwellings_are_rejected(registry, cards):
    done = load(registry, cards("О-9,Ж-1,stay,1990,,,,\nО-1,Ж-9,stay,1990,,,,\n"))
    assert rejects(done) == [
        ("residences", 2, "person_ref", "unknown-person"),
        ("residences", 3, "dwelling_ref", "unknown-dwelling"),
    ]


def test_residences_of_a_rejected_person_or_dwelling_are_rejected_too(registry, cards):
    done = load(registry, cards("О-2,Ж-1,stay,1990,,,,\n", people=OKSANA + "О-2,,,,,\n"))
    assert rejects(done) == [("persons", 3, "surname", "missing"), ("residences", 2, "person_ref", "unknown-person")]


def test_one_unzr_belongs_to_one_person(registry, cards):
    people = "О-1,Вигадана,Оксана,,19700504-00019,\nО-2,Вигаданий,Тарас,,19700504-00019,\n"
    rows = "О-2,Ж-1,stay,1990,,,,\n"
    done = load(registry, cards(rows, people=people))
    assert rejects(done) == [("persons", 3, "unzr", "unzr-taken"), ("residences", 2, "person_ref", "unknown-person")]
    again = load(registry, cards(rows, people=people))
    assert rejects(again) == rejects(done)


def test_a_unzr_that_the_register_knows_is_taken(registry, cards):
    said = Particulars(surname="Вигаданий", unzr="19700504-00019")
    Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=said)
    done = load(registry, cards(people="О-1,Вигадана,Оксана,,19700504-00019,\nО-2,Вигадана,,,,\n"))
    assert rejects(done) == [("persons", 2, "unzr", "unzr-taken")]
    assert done.persons == 1


def test_a_withdrawn_person_is_not_entered_again_by_the_cards(registry, cards):
    folder = cards("О-1,Ж-1,stay,1990,,,,\n")
    load(registry, folder)
    Clerk(registry, CLERK).withdraw_entry(person_id(registry, "О-1"), command=uuid4(), reason="помилка")
    position = registry.position()
    done = load(registry, folder)
    assert rejects(done) == [
        ("persons", 2, "person_ref", "withdrawn"),
        ("residences", 2, "person_ref", "unknown-person"),
    ]
    assert registry.position() == position


def test_texts_that_cannot_be_stored_are_rejected(registry, cards):
    done = load(registry, cards(people="О-1,Вига\0дана,,,,\nО-2,Вига\u202eдана,,,,\nО-3," + "Я" * 2001 + ",,,,\n"))
    assert [code for *_, code in rejects(done)] == ["bad-text"] * 3
    assert done.persons == 0


def test_blanks_around_a_field_do_not_count_and_odd_names_do(registry, cards):
    people = 'О-1,"  О""Ніл, 🏠 ", и\u0306 ,,,\n'
    load(registry, cards(" О-1 , Ж-1 , stay , 1990 ,,,,\n", people=people))
    said = person(registry, "О-1").particulars
    assert (said.surname, said.given_names, said.patronymic) == ("ОʼНіл, 🏠", "й", None)
    assert [row[0] for row in lived(registry, "О-1")] == ["Ж-1"]


# rejects.csv


def test_rejects_csv_tells_file_line_column_code_and_message_and_nobodys_data(registry, cards, tmp_path):
    people = "О-1,Таємниченко,Оксана,1970-05-04,19700504-00019,\nО-2,Секретна,,,19700504-00019,\n"
    rows = "О-1,Ж-1,stay,1960-07-08,,,,\nО-1,Ж-2,lives,1990,,,,\nО-7,Ж-1,stay,1990,,,,\n"
    done = load(registry, cards(rows, people=people))
    telling.write_list(tmp_path / "new" / "rejects.csv", done.rejects, {})
    text = (tmp_path / "new" / "rejects.csv").read_text("utf-8")
    head, *found = csv.reader(io.StringIO(text))
    assert head == ["file", "line", "column", "code", "message", "value"]
    assert [tuple(row[:4]) for row in found] == [
        ("persons.csv", "3", "unzr", "unzr-taken"),
        ("residences.csv", "2", "since", "before-birth"),
        ("residences.csv", "3", "kind", "bad-value"),
        ("residences.csv", "4", "person_ref", "unknown-person"),
    ]
    assert all(row[4].endswith(".") and "{" not in row[4] for row in found)
    for datum in ("Таємниченко", "Оксана", "Секретна", "1970", "1960", "00017", "О-7", "lives"):
        assert datum not in text


def test_the_line_of_a_reject_is_where_its_row_begins(registry, cards):
    people = 'О-1,"Вигадана\nдворядкова",,,,\nО-2,,,,,\n'
    done = load(registry, cards(people=people))
    assert rejects(done) == [("persons", 4, "surname", "missing")]
    assert person(registry, "О-1").particulars.surname == "Вигадана дворядкова"


# Files that are broken


def broken(name: str, edit):
    return lambda folder: (folder / name).write_bytes(edit((folder / name).read_bytes()))


BROKEN = {
    "one letter of UTF-8 cut in two": (
        broken("persons.csv", lambda text: text.replace("на".encode(), "н".encode() + b"\xd0", 1)),
        "persons.csv",
        "рядок 2",
    ),
    "letters of DOS": (broken("persons.csv", lambda text: text.decode().encode("cp866")), "persons.csv", "кодування"),
    "KOI8-U": (broken("persons.csv", lambda text: text.decode().encode("koi8-u")), "persons.csv", "кодування"),
    "UTF-16 cut short": (
        broken("dwellings.csv", lambda text: text.decode().encode("utf-16")[:-1]),
        "dwellings.csv",
        "кодування",
    ),
    "a missing column": (
        broken("persons.csv", lambda text: text.replace(b",birth_date", b"", 1)),
        "persons.csv",
        "немає стовпця birth_date",
    ),
    "a column twice": (
        broken("persons.csv", lambda text: text.replace(b"sex", b"sex,sex", 1)),
        "persons.csv",
        "означають те саме: sex",
    ),
    "a column in two languages": (
        broken("persons.csv", lambda text: text.replace(b"sex", "sex,Стать".encode(), 1)),
        "persons.csv",
        "означають те саме: sex",
    ),
    "an unclosed quote": (
        broken("residences.csv", lambda text: text + 'О-1,"Ж-1,stay\r\nО-1,Ж-1,stay\r\n'.encode()),
        "residences.csv",
        "рядок",
    ),
    "a quote inside": (
        broken("residences.csv", lambda text: text + 'О-1,"Ж"-1,stay,1990,,,,\r\n'.encode()),
        "residences.csv",
        "рядок 3",
    ),
    "another separator": (broken("dwellings.csv", lambda text: text.replace(b",", b"|")), "dwellings.csv", "стовпця"),
    "an empty file": (broken("dwellings.csv", lambda text: b""), "dwellings.csv", "стовпця"),
    "nothing but blank lines": (broken("dwellings.csv", lambda text: b"\r\n;;\r\n"), "dwellings.csv", "стовпця"),
    "binary garbage": (broken("dwellings.csv", lambda text: bytes(range(256))), "dwellings.csv", "кодування"),
    "a workbook called csv": (broken("dwellings.csv", lambda text: b"PK\x03\x04" + text), "dwellings.csv", "Excel"),
    "a missing file": (lambda folder: (folder / "residences.csv").unlink(), "residences.csv", "Немає файлу"),
    "the same twice": (
        lambda folder: (folder / "Persons.xlsx").write_bytes(b""),
        "Persons.xlsx, persons.csv",
        "невідомо",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("before", ["empty", "filled"])
def test_a_broken_file_is_named_and_changes_nothing(registry, cards, what, before):
    spoil, file, told = BROKEN[what]
    folder = cards("О-1,Ж-1,stay,1990,,,,\n")
    if before == "filled":
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))
    position = registry.position()
    spoil(folder)
    with pytest.raises(BadFile) as error:
        load(registry, folder)
    assert file in str(error.value) and told in str(error.value)
    assert registry.position() == position


def test_a_bom_crlf_and_columns_in_another_order_are_accepted(registry, cards):
    folder = cards("О-1,Ж-1,stay,1990,,,,\n")
    for path in folder.iterdir():
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(row[::-1] for row in rows)
    assert counts(load(registry, folder)) == (1, 2, 1, 0)


OPTIONAL = [(file, column) for file in COLUMNS for column in COLUMNS[file] if column not in REQUIRED[file]]
PARSE = {"persons.csv": reading.person, "dwellings.csv": reading.dwelling, "residences.csv": reading.residence}


def without(path: Path, columns: list[str]) -> None:
    """Takes the columns out of a file, header and all."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [name for name in rows[0] if name not in columns], extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)


def parsed(folder: Path) -> list:
    rejected: list = []
    rows = [row for file, parse in PARSE.items() for row in reading.read(folder, file, parse, "2026-11-29", rejected)]
    assert rows and not rejected
    return rows


@pytest.mark.parametrize(("file", "column"), OPTIONAL)
def test_a_file_without_an_optional_column_says_the_same_as_with_it_empty(cards, file, column):
    folder = cards("О-1,Ж-1,registered,1990,2001,,,\n")
    with_it_empty = parsed(folder)
    without(folder / file, [column])
    assert parsed(folder) == with_it_empty


def test_files_with_the_required_columns_alone_are_loaded(registry, cards):
    folder = cards("О-1,Ж-1,registered,1990,2001,,,\nО-1,Ж-2,stay,2001,,,,\n")
    for file in COLUMNS:
        without(folder / file, [column for of, column in OPTIONAL if of == file])
    assert counts(load(registry, folder)) == (1, 2, 2, 0)
    assert counts(load(registry, folder)) == (0, 0, 0, 0)
    assert person(registry, "О-1").particulars == Particulars(
        surname="Вигадана", given_names="Оксана", birth_date="1970-05-04"
    )


@pytest.mark.parametrize(("file", "column"), [(file, column) for file in REQUIRED for column in REQUIRED[file]])
def test_a_required_column_that_is_missing_is_named(cards, file, column):
    folder = cards("О-1,Ж-1,registered,1990,2001,,,\n")
    without(folder / file, [column])
    with pytest.raises(BadFile, match=f"{file}: немає стовпця {column}\\."):
        parsed(folder)


def test_every_particular_of_a_person_has_a_column_of_its_name_and_gets_it(cards):
    folder, said = cards(), {field.name: f"Назва {field.name}" for field in fields(Particulars)}
    said |= {"sex": "female", "birth_date": "1970-05-04", "citizenship": "ua", "unzr": "19700504-00019"}
    said |= {"rnokpp": "2569200018", "phone": "+380501234567", "email": "a@b.example"}
    with (folder / "persons.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ["person_ref", *said, "death_registered_on"])
        out.writeheader()
        out.writerow({"person_ref": "О-1", **said})
    [row] = reading.read(folder, "persons.csv", reading.person, "2026-11-29", [])
    assert row.fact.particulars == Particulars(**said)


# Into a register where clerks work


def crowd(folder: Path, people: int) -> Path:
    homes = "".join(f"Ж-{n},вул. Вигадана,{n},\n" for n in range(50))
    said = "".join(f"О-{n},Вигаданий,Номер {n},{1950 + n % 50},,\n" for n in range(people))
    rows = "".join(
        f"О-{n},Ж-{n % 50},registered,2001,2005,,,\nО-{n},Ж-{n % 7},stay,2006-01-01,,,,\n" for n in range(people)
    )
    return written(folder, said, homes, rows)


def acts_of(registry) -> list[list]:
    """The acts of the log in order, each with its entries."""
    found: dict = {}
    for of_stream in registry.streams(registry.position()):
        for entry in of_stream:
            found.setdefault(entry.command, []).append(entry)
    return sorted(found.values(), key=lambda entries: entries[0].recorded_at)


@pytest.mark.slow
def test_into_a_filled_register_people_go_in_acts_of_a_thousand_while_clerks_act(registry, tmp_path, monkeypatch):
    folder = crowd(tmp_path / "cards", 2_300)
    clerk = Clerk(registry, CLERK)
    theirs = clerk.enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана")).entries[0].stream
    home = clerk.enter_dwelling(command=uuid4(), address=Address(street="вул. Інша")).entries[0].stream
    told: list[tuple] = []

    def progress(what, done, total):
        told.append((what, done, total))
        clerk.settle(
            theirs, command=uuid4(), kind="stay", dwelling=home, since=f"2010-01-{len(told):02}", confirmed=True
        )

    appended, append = [], registry.append

    def slipped(batch, **how):
        """A clerk renames a dwelling between the import's look and its act: the import looks again."""
        appended.append(len(batch) > 1_000)
        if appended.count(True) == 2 and appended[-1]:
            known = questions.find_dwelling(registry, "Ж-1", registry.position())
            monkeypatch.setattr(registry, "append", append)
            clerk.rename_address(known, command=uuid4(), address=Address(street="вул. Нова"), since="2011-01-01")
            monkeypatch.setattr(registry, "append", slipped)
            with pytest.raises(LostRace):
                append(batch, **how)
        return append(batch, **how)

    monkeypatch.setattr(registry, "append", slipped)
    done = load(registry, folder, progress=progress)
    assert counts(done) == (2_300, 50, 4_600, 0)
    assert told == [("people", 1_000, 2_300), ("people", 2_000, 2_300), ("people", 2_300, 2_300)]
    loads = [{e.stream for e in act if e.fact.NAME == "person-entered"} for act in acts_of(registry)]
    assert sorted(len(people) for people in loads if people) == [1, 300, 1_000, 1_000]
    assert verify(registry).found == 0


@pytest.mark.slow
def test_an_import_cut_short_is_simply_run_again(server, tmp_path):
    folder = crowd(tmp_path / "cards", 1_500)
    with a_register(server) as registry:
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигадана"))

        def stops(what, done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            load(registry, folder, progress=stops)
        halfway = registry.position()
        assert halfway == 1 + 50 + 3 * 1_000
        assert counts(load(registry, folder)) == (500, 0, 1_000, 0)
        assert counts(load(registry, folder)) == (0, 0, 0, 0)
        assert registry.position() == 1 + 50 + 3 * 1_500
        cut = same_for_all(registry, [f"О-{n}" for n in range(0, 1_500, 250)])
        assert verify(registry).found == 0
    with a_register(server) as registry:
        load(registry, folder)
        assert same_for_all(registry, list(cut)) == cut


def test_an_import_into_emptiness_cut_short_leaves_nothing(registry, tmp_path):
    folder = crowd(tmp_path / "cards", 200)

    def stops(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(registry, folder, progress=stops)
    assert registry.position() == 0
    assert counts(load(registry, folder)) == (200, 50, 400, 0)
    assert verify(registry).found == 0


@pytest.mark.parametrize("before", ["empty", "filled"])
def test_a_dry_run_counts_as_the_real_one_and_writes_nothing(registry, cards, before):
    if before == "filled":
        load(registry, cards("О-1,Ж-1,registered,1990,2001,,,\n"))
    rows = (
        "О-1,Ж-1,registered,1990,2001,,,\nО-1,Ж-2,stay,1995,,,,\nО-2,Ж-3,stay,,,,,\nО-2,Ж-9,stay,1995,,,,\n"
        "О-3,Ж-3,stay,1995,,,,\nО-9,Ж-3,stay,1995,,,,\n"
    )
    people = OKSANA + "О-2,Вигаданий,,,19700504-00019,\nО-3,Вигадана,,,19700504-00019,2001\nО-4,,,,,\n"
    folder = cards(rows, people=people, homes=TWO_HOMES + "Ж-3,вул. Нова,3,\n")
    position, marks = registry.position(), registry.marks()
    dry = load(registry, folder, dry_run=True)
    assert (registry.position(), registry.marks()) == (position, marks)
    assert verify(registry).found == 0
    real = load(registry, folder)
    assert counts(dry) == counts(real)
    assert dry.rejects == real.rejects and real.rejects


def test_the_command_prints_one_json_value_writes_rejects_and_its_status_tells(database_url, cards, tmp_path):
    folder = cards("О-1,Ж-1,stay,1990,,,,\nО-1,Ж-9,stay,1990,,,,\n")
    data = tmp_path / "data"
    hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(data), COLUMNS="200")
    dry = hromada("import", folder, "--dry-run", "--json", "--rejects", tmp_path / "r.csv")
    real, again = (hromada("import", folder, "--json") for _ in range(2))
    (folder / "persons.csv").unlink()
    bad = hromada("import", folder, "--json")
    said = [json.loads(one.stdout) for one in (dry, real, again)]
    found = [[one[name] for name in ("persons", "dwellings", "residences", "rejected")] for one in said]
    assert found == [[1, 2, 1, 1], [1, 2, 1, 1], [0, 0, 0, 1]]
    assert (dry.returncode, real.returncode, again.returncode, bad.returncode) == (3, 3, 3, 2)
    assert (tmp_path / "r.csv").read_text() == (data / "rejects.csv").read_text()
    assert bad.stdout == "" and "persons.csv" in bad.stderr


POPULATION = os.environ.get("TEST_POPULATION")


@pytest.mark.skipif(not POPULATION, reason="TEST_POPULATION does not name the folder of the public test population")
def test_the_public_test_population_loads_but_for_thirteen_impossible_rows(registry):
    folder = Path(POPULATION)
    assert counts(load(registry, folder, dry_run=True)) == (1205, 768, 1782, 13)
    assert counts(load(registry, folder)) == (1205, 768, 1782, 13)
    assert counts(load(registry, folder)) == (0, 0, 0, 13)
    assert verify(registry).found == 0

"""Card indexes as one office after another would write them, with the outcome of every row; what was rejected comes
back rejected until it is mended, and then as if it had been right at once; whoever is there twice is told."""

from datetime import date, datetime

import openpyxl
import pytest
from clerks import Clerk
from extracting import Office, text
from given import CLERK, founded, installation
from test_messy_cards import DUMP, a_register, entered, load, put, said_of, told

from registry import questions
from registry.card_index import street_list, telling
from registry.viewer import OPEN
from replay.compare import verify

HEAD = "Позначка особи;Прізвище;Ім'я;По батькові;Дата народження;УНЗР;РНОКПП;Вид документа;Номер документа;"
EXCEL = {
    "persons.csv": HEAD
    + """Дата реєстрації смерті;;;
1;Вигаданий;Остап;Тестович;04.05.1970;19700504-00019;;;;;;;
2;"Вигадана ""Мала""\";Ганна;;04.05.70;;;;;;;;
3;Вигадана;Ніна;;1970 р.н.;;;;;;;;
4;Вигадана;Ніна;;невідомо;—;;;;;;;
5;Вигадана;Ніна;;30.02.1960;;;;;31.02.2000;;;
6;Вигадана;Ніна;;25692;;;;;;;;
7;Вигадана;Ніна;;1980;1,97005E+12;#Н/Д;;;01.01.1979;;;
8;ВИГАДАНИЙ;ОСТАП;ТЕСТОВИЧ;04.05.1970;;;;;;;;
9;Вигаданий;Остап;Тестович;1970;;;паспорт-книжечка;ме123456;;;;
10;Інший;Хтось;;04.05.1971;;;паспорт книжечка;МЕ № 123456;;;;
11;Ґалаґан-Вигадана;Олеся;;1971;;;;;;;;
12;Галаган Вигадана;Олеся;;02.1971;;;;;;;;
13;Безвідомий;Іван;Петрович;;;;;;;;;
14;Безвідомий;Іван;Петрович;;;;;;;;;
15;Безвідомий;Іван;Іванович;;;;;;;;;
Разом:;15;;;;;;;;;;;
;;;;;;;;;;;;
\u00a0;;;;;;;;;;;;
""",
    "dwellings.csv": """Позначка житла;КАТОТТГ;Населений пункт;Вулиця;Будинок;Квартира;Вид житла
Ж1;;м. Вигадів;вул. Тиха;12а;;приватне
Ж2;;місто Вигадів;вулиця Тиха;12-А;;приватне
Ж3;;м. Вигадів;Тиха вул.;12 А;-;приватне
Ж4;;м. Вигадів;вул. Тиха;12.0;5.0;приватне
Ж5;;м. Вигадів;пров. Тихий;12а;;приватне
Ж6;;м. Вигадів;вул. Тиха;2026-01-02;;приватне
Ж7;;м. Вигадів;вул. Тиха;#ССЫЛКА!;;приватне
Позначка житла;КАТОТТГ;Населений пункт;Вулиця;Будинок;Квартира;Вид житла
Усього;;;;;7;
""",
    "residences.csv": """Позначка особи;Позначка житла;Вид;Проживає з;Проживає до
1;Ж1;прописка;01.01.1980;01.01.1990
1;Ж2;прописка;01.06.1985;01.01.1995
1;Ж3;зареєстроване;1995;
1;Ж5;зареєстроване;1997;
4;Ж1;зареєстроване;;
5;Ж1;зареєстроване;01.01.2010;
5;Ж2;зареєстроване;01.01.1990;01.01.2012
5;Ж3;зареєстроване;01.01.1950;01.01.1959
8;Ж1;зареєстроване;01.01.1990;
9;Ж1;перебування;32.01.90;невідомо
99;Ж99;перебування;2000;1999
;;;Разом:;11
""",
}
"""Excel as it is set up in Ukraine: Windows-1251, semicolons, trailing ones, a row of sums, a heading printed twice."""
REJECTED = [
    ("dwellings", 5, "flat", "cell-fraction"),
    ("dwellings", 5, "house", "cell-fraction"),
    ("dwellings", 7, "house", "cell-date"),
    ("dwellings", 8, "house", "cell-error"),
    ("dwellings", 9, "katottg", "katottg-shape"),
    ("dwellings", 9, "kind", "bad-value"),
    ("dwellings", 10, "settlement", "address-missing"),
    ("persons", 3, "birth_date", "bad-date"),
    ("persons", 4, "birth_date", "bad-date"),
    ("persons", 7, "birth_date", "bad-date"),
    ("persons", 8, "death_registered_on", "before-birth"),
    ("persons", 8, "rnokpp", "cell-error"),
    ("persons", 8, "unzr", "number-lost"),
    ("persons", 17, "surname", "name-without-letters"),
    ("residences", 3, "since", "overlaps"),
    ("residences", 4, "until", "overlaps"),
    ("residences", 7, "since", "overlaps"),
    ("residences", 9, "since", "before-birth"),
    ("residences", 11, "since", "bad-date"),
    ("residences", 12, "dwelling_ref", "unknown-dwelling"),
    ("residences", 12, "person_ref", "unknown-person"),
    ("residences", 12, "until", "ends-before-start"),
    ("residences", 13, "dwelling_ref", "missing"),
    ("residences", 13, "kind", "missing"),
    ("residences", 13, "person_ref", "missing"),
    ("residences", 13, "since", "bad-date"),
    ("residences", 13, "until", "bad-date"),
]
WARNED = [
    ("dwellings", 3, "street", "same-address"),
    ("dwellings", 4, "street", "same-address"),
    ("persons", 6, "birth_date", "day-not-in-calendar"),
    ("persons", 6, "death_registered_on", "day-not-in-calendar"),
    ("persons", 9, "surname", "same-person"),
    ("persons", 10, "surname", "same-person"),
    ("persons", 11, "document_number", "same-document"),
    ("persons", 13, "surname", "same-person"),
    ("persons", 15, "surname", "same-person"),
]


@pytest.fixture
def registry(server):
    with a_register(server) as made:
        yield made


def written(folder, done, where):
    where.mkdir(exist_ok=True)
    return telling.write(
        folder, done.rejects, done.warnings, rejects_file=where / "rejects.csv", warnings_file=where / "warnings.csv"
    )


def said_by(person):
    return person.particulars, person.documents, person.death and person.death.registered_on


def counted(done):
    return done.persons, done.dwellings, done.residences


def test_every_row_of_an_office_and_what_comes_of_it(registry, tmp_path):
    founded(registry)
    folder = put(tmp_path / "a", {name: said.replace("\n", "\r\n") for name, said in EXCEL.items()}, "cp1251")
    dry = load(registry, folder, dry_run=True)
    done = load(registry, folder)
    assert told(done.rejects) == REJECTED
    assert told(done.warnings) == WARNED
    assert (told(dry.rejects), told(dry.warnings), counted(dry)) == (
        told(done.rejects),
        told(done.warnings),
        counted(done),
    )
    position = registry.position()
    # A death ends the residence that another row overlaps: that frees no day for the other one.
    for apostrophe in "'", "’", "ʼ":
        said = {name: said.replace("'", apostrophe) for name, said in EXCEL.items()}
        again = load(registry, put(tmp_path / "again", said, "utf-8-sig"))
        assert counted(again) == (0, 0, 0) and registry.position() == position
        assert {one[:2] for one in told(again.rejects)} == {one[:2] for one in told(done.rejects)}
    assert verify(registry).found == 0
    office = Office(registry, installation(data=tmp_path / "data"))
    for ref in "1", "4", "5", "9", "13":
        person = questions.find_person(registry, ref, registry.position(), seen_by=OPEN)
        printed = text(office.issue(person, basis="official_request", requester="Вигадівський суд").pdf)
        assert entered(registry, ref).particulars.given_names in printed


def test_mended_rows_are_as_if_they_had_been_right_at_once(server, tmp_path):
    mended = {
        "persons.csv": (("04.05.70;", "04.05.1970;"), ("1970 р.н.", "1970"), ("25692", "04.05.1970")),
        "dwellings.csv": (("12.0", "12"), ("5.0", "5"), ("#cell-date: 2026-01-02", "1/2"), ("2026-01-02", "1/2")),
        "residences.csv": (("32.01.90", "31.01.1990"), ("01.01.1950", "01.01.1970")),
    }
    for name, said in (*mended.items(),):
        mended[name] = (*said, ("#cell-fraction: ", ""))

    def put_right(name: str, said: str) -> str:
        for wrong, right in mended[name]:
            said = said.replace(wrong, right)
        return said

    with a_register(server) as first:
        folder = put(tmp_path / "a", EXCEL)
        rows = written(folder, load(first, folder), tmp_path / "out")
        for name in EXCEL:
            said = (rows / name).read_text("utf-8-sig")
            (rows / name).write_text(put_right(name, said), "utf-8-sig")
        load(first, rows)
        assert verify(first).found == 0
        with a_register(server) as second:
            load(second, put(tmp_path / "right", {name: put_right(name, said) for name, said in EXCEL.items()}))
            for ref in map(str, range(1, 16)):
                if ref != "7":
                    one, other = entered(first, ref), entered(second, ref)
                    assert said_by(one) == said_by(other)
                    assert sorted(str(each.row) for each in one.residences) == sorted(
                        str(each.row) for each in other.residences
                    )


def a_workbook(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "persons"
    rows = [
        [1, "Вигадана", "Ганна", date(1970, 5, 4), 1970050400019, None, None],
        [2, "Вигадана", "Інна", datetime(1970, 5, 4), None, None, None],
        [3, "=A1", "Ганна", date(1970, 5, 4), None, None, None],
        [4, "#N/A", "Ганна", date(1970, 5, 4), None, None, None],
        [5, True, "Ганна", date(1970, 5, 4), None, None, None],
        [6.5, "Вигадана", "Ганна", date(1970, 5, 4), None, 1234567890123456789, None],
        [7, "Вигадана", "Ганна", datetime(1970, 5, 4, 12, 30), None, 12.5, None],
        [8, date(2020, 1, 2), "Ганна", 25692, None, None, None],
        ["Разом", None, None, None, None, None, "=SUM(A2:A9)"],
    ]
    sheet.append(
        ["Позначка особи", "Прізвище", "Ім'я", "Дата народження", "УНЗР", "Номер документа", "Дата реєстрації смерті"]
    )
    for row in rows:
        sheet.append(row)
    sheet["B5"].data_type = "e"
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("Примітки").append(["друк", 1])
    book.save(path)


def test_what_a_spreadsheet_has_spoilt_stays_spoilt_in_the_rows_until_it_is_written_anew(registry, tmp_path):
    folder = put(tmp_path / "x", {name: said.splitlines()[0] for name, said in EXCEL.items() if name != "persons.csv"})
    a_workbook(folder / "persons.xlsx")
    done = load(registry, folder)
    assert counted(done) == (1, 0, 0) and entered(registry, "1").particulars.unzr == "19700504-00019"
    assert told(done.rejects) == [
        ("persons", 3, "person_ref", "missing"),
        ("persons", 4, "surname", "cell-formula"),
        ("persons", 5, "surname", "cell-error"),
        ("persons", 6, "surname", "cell-boolean"),
        ("persons", 7, "document_number", "number-lost"),
        ("persons", 7, "person_ref", "cell-fraction"),
        ("persons", 8, "birth_date", "cell-date"),
        ("persons", 8, "document_number", "cell-fraction"),
        ("persons", 9, "birth_date", "bad-date"),
        ("persons", 9, "surname", "cell-date"),
        ("persons", 10, "death_registered_on", "cell-formula"),
        ("persons", 10, "surname", "missing"),
    ]
    rows = written(folder, done, tmp_path / "out")
    values = {(one["line"], one["column"]): one["value"] for one in said_of(tmp_path / "out" / "rejects.csv")}
    assert (values["8", "document_number"], values["6", "surname"], values["4", "surname"]) == ("12.5", "TRUE", "")
    back = load(registry, rows)
    assert counted(back) == (0, 0, 0)
    assert [one[2:] for one in told(back.rejects)] == [one[2:] for one in told(done.rejects)]


def test_a_row_that_ended_too_early_comes_back_rejected(registry, tmp_path):
    folder = put(tmp_path / "dump", DUMP, "utf-16")
    done = load(registry, folder)
    rows = written(folder, done, tmp_path / "out")
    # What is wrong with the row as a whole is of no column, and so has no value: not even that of one left out.
    assert {one["value"] for one in said_of(tmp_path / "out" / "rejects.csv") if not one["column"]} == {""}
    back = load(registry, rows)
    assert counted(back) == (0, 0, 0) and telling.rejected(back.rejects) == telling.rejected(done.rejects)
    said = (rows / "persons.csv").read_text("utf-8-sig")
    (rows / "persons.csv").write_text(said.replace("#fields: ", "", 1), "utf-8-sig")
    assert counted(load(registry, rows)) == (1, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark_and_with_headings_of_people(registry, tmp_path, encoding):
    folder = put(tmp_path / "a", {name: said.replace(";", "\t") for name, said in EXCEL.items()}, encoding)
    done = load(registry, folder, dry_run=True)
    assert {(one.encoding, one.separator) for one in done.sources} == {(encoding, "\t")} and done.persons == 11


def test_whom_and_what_the_register_has_is_told_as_at_every_door(registry, tmp_path):
    founded(registry)
    office = Office(registry, installation(data=tmp_path / "data"))
    office.enter(surname="Ґалаґан-Вигадана", given_names="Олеся", birth_date="1971-02-03")
    registry_home = office.home(house="12-А", street="вул. Тиха")
    assert registry_home
    said = {
        "persons.csv": "person_ref,surname,given_names,birth_date,unzr,death_registered_on\n"
        "Н-1,галаган вигадана,олеся,02.1971,,\nН-2,Галаган-Вигадана,Олеся,1972,,\n"
        "Н-3,Галаган-Вигадана,Олеся,,,\n",
        "dwellings.csv": "dwelling_ref,settlement,street,house,kind\nН-1,селище Вигадівка,вулиця Тиха,12а,private\n"
        "Н-2,смт Вигадівка,Тиха вул.,12 а,private\nН-3,смт Вигадівка,вул. Тиха,12б,private\n",
        "residences.csv": "person_ref,dwelling_ref,kind,since,until\n",
    }
    done = load(registry, put(tmp_path / "a", said))
    of_register = [one for one in done.warnings if "запис у реєстрі" in one.message]
    assert told(of_register)[-1] == ("persons", 2, "surname", "same-person")
    assert ("dwellings", 3, "street", "same-address") in told(of_register)
    assert ("dwellings", 4, "street", "same-address") not in told(of_register)
    # A later file that only names them in its residences is asked about its own rows likewise.
    more = said | {
        "persons.csv": said["persons.csv"].replace("Н-", "Ще-"),
        "dwellings.csv": said["dwellings.csv"].replace("Н-", "Ще-"),
        "residences.csv": said["residences.csv"] + "Н-1,Н-3,registered,2000,\n",
    }
    again = load(registry, put(tmp_path / "more", more))
    assert {("dwellings", 4, "street", "same-address"), ("persons", 2, "surname", "same-person")} <= set(
        told(again.warnings)
    )


def test_a_row_of_streets_is_told_with_all_that_is_wrong_and_how_the_file_was_read(registry, tmp_path):
    file = tmp_path / "vulytsi.csv"
    file.write_bytes(
        "Населений пункт;Вулиця;КАТОТТГ;Колишні назви;Будинок;Квартири\r\n"
        "м. Вигадів;вул. Тиха;;;1;1-5\r\n;вул. Ти?а;UA12;колись інша;;усі\r\n".encode("cp1251")
    )
    loaded = street_list.load(file, clerk=Clerk(registry=registry, by=CLERK), dry_run=True)
    assert (loaded.sources[0].encoding, loaded.sources[0].separator) == ("cp1251", ";")
    assert told(loaded.rejects) == [
        ("vulytsi", 3, "former_names", "former-names"),
        ("vulytsi", 3, "house", "house-missing"),
        ("vulytsi", 3, "katottg", "katottg-shape"),
        ("vulytsi", 3, "settlement", "missing"),
        ("vulytsi", 3, "street", "text-lost"),
    ]

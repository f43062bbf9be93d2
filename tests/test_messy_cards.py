"""Card indexes as offices have them. Three folders of invented people, each with the outcome of every row; the lists
and the rows that an import leaves; the same card saved again by another program; every bad value in every column.
"""

import csv
import io
import json
import stat
import unicodedata
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import bad_values
import openpyxl
import pytest
from conftest import _database
from extracting import Office, text
from given import CLERK, founded, installation
from running import Command

from registry import gate, questions
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person.events import (
    CardRow,
    Deceased,
    Document,
    Particulars,
    PastResidenceEntered,
    PersonEntered,
    ResidenceRegistered,
)
from registry.card_index import loading, reading, telling
from registry.opening import opened
from registry.viewer import OPEN
from replay.compare import verify

SEMICOLONS = {
    "persons.csv": """sep=;
Позначка картки;Прізвище;Ім'я;По батькові;Стать;Дата народження;Громадянство;УНЗР;РНОКПП;Вид документа;\
Номер документа;Примітка;Дата реєстрації смерті
О-1;Вигадана;Оксана;Тестівна;ж;04.05.1970;Україна;19700504-00019;;паспорт-книжечка;ме 123456;;
О-2;Вигаданий;Остап;-;чол.;05.1951;громадянин України;-;відмова;;;переїхав;04.11.2021
О-3;Видумана;Ганна;немає;Ж;1960;Україна;немає;б/н;;;;
О-4;Казковий;Юрій;;ч;31.04.1980;Україна;19800430-0001;123;;;;
О-5;;;;ж;;;;;;;порожня картка;
О-6;В?лична;Олена;;ж;01.01.1990;Україна;;;;;;
О-7;Вигаданий;Лука;;чоловік;01.01.2190;марсіанин;;;;;;
""",
    "dwellings.csv": """Позначка житла;КАТОТТГ;Населений пункт;Вулиця;Будинок;Квартира;Вид житла
Ж-1;UА12060170010065850;м. Вигадів;вул. Тиха;12-А;кв. 7;приватне
Ж-2;;м. Вигадів;вул. Д'Аламбера;01.лют;;приватне
Ж-3;12060170;м. Вигадів;вул. Тиха;13;;палац
Ж-4;;;вул. Тиха;;;приватне
Ж-5;;;Берлін;;;за кордоном
Ж-6;;м. Вигадів;вул. Тиха;12А;7;приватне
""",
    "residences.csv": """Позначка особи;Позначка житла;Вид;Дата початку;Дата закінчення;Підстава
О-1;Ж-1;зареєстроване;30.02.1990;15.07.2010;ордер № 5
О-1;Ж-6;декларація;15.07.2010;;
О-2;Ж-1;реєстрація;1975;;
О-3;Ж-5;перебування;;2001;
О-3;Ж-9;хтозна;32.01.2000;;
О-9;Ж-9;зареєстроване;2000;;
О-4;Ж-1;зареєстроване;2000;;
""",
}
"""Excel in an office: Windows-1251, semicolons, headings and words of people."""

DIRTY = {
    "persons.csv": """\ufeffperson_ref,surname,given_names,patronymic,sex,birth_date,citizenship,unzr,rnokpp,phone,\
email,death_registered_on
P-1,Д’Вигаданко,"Зеновія
Марія",,female,1970-05-04,ua,1970050400020,,050 111-22-33,z@Example.UA,
P-2,"  Вига\u200bданий\u00a0 ",Іван\u00a0Петро,,male,30.02.1948,ua,19480229-00018,,,,2001-02-30
P-3,Пeтренко,Ольга,,female,1980-01-02,ua,19800102-00010,1111111111,,,
P-4,Петренко,Ольга,,female,02.01.1980,ua,,2922100120,,,
P-5,Інша,Особа,,female,1980-01-02,ua,,29 221-001-20,,,
P-6,Вига\ufffdдана,Ніна,,female,1981-01-02,ua,,,,,
P-7,РџРµС‚СЂРµРЅРєРѕ,Марія,,female,1981-01-02,ua,,,без номера,пошти немає,
P-8,Літній,Марко,,male,1990-01-01,ua,,,,,1985
P-9,Вигадана,=cmd|' /C calc'!A0,,female,дев’яностий,ua,1,2,+380501112233,+1,
""",
    "dwellings.csv": """dwelling_ref,katottg,settlement,street,house,flat,kind
H-1,UА12060170010065850,м. Вигадів,вул. Козл\u0456вська,7,,private
H-2,,м.\u00a0Вигадів,вул.  Козлівська,7,,private
H-3,UA1206,м. Вигадів,"вул. Нова
(кол. Стара)",1 ,,private
""",
    "residences.csv": """person_ref,dwelling_ref,kind,since,until,source
P-1,H-1,registered,1990-01-01,2000-01-01,картка
P-1,H-2,registered,1995-01-01,2005-01-01,картка
P-2,H-1,registered,1970,,картка
P-3,H-3,registered,1999,,картка
P-4,H-1,stay,1999-13,2001,картка
P-5,H-1,stay,1999,2001,картка
P-8,H-1,stay,1999,1998,картка
""",
}
"""Several programs in turn: letters of every origin, breaks and blanks that nobody sees, doubtful numbers."""

DUMP = {
    "persons.csv": """

person_ref\tSURNAME\tGiven names\tbirth_date\tdeath_registered_on\tinternal_id
\t\t\t\t\t
1\tДамп\tПерший\t1970-05-04\tNULL\t17

2\tДамп\tДруга\tNULL
3\tNULL\tNULL\tNULL\tNULL\t18
\u00a0\t \t\t\t\t
4\tДамп\tТретій\t1971\t\t19\tзайве
4\tДамп\tІнший\t1971\t\t20\t
1\tДамп\tПерший\t04.05.1970\t\t21
(4 rows)
5\tДамп\tОбірв""",
    "dwellings.csv": "dwelling_ref\tsettlement\tstreet\thouse\tkind\r\n\r\nD\tс. Дамп\tвул. Перша\t1\tprivate\r\n\r\n",
    "residences.csv": "since\tuntil\tkind\tdwelling_ref\tperson_ref\n\n1990\tNULL\tregistered\tD\t1\n\n"
    "1991\t\tregistered\tD\t4\n",
}
"""What a program of the nineties gave: tabs, UTF-16, blank lines, rows of every length."""

FOLDERS = {
    "semicolons": (
        SEMICOLONS,
        "cp1251",
        (3, 3, 4),
        [
            ("dwellings", 3, "house", "cell-date"),
            ("dwellings", 4, "katottg", "katottg-shape"),
            ("dwellings", 4, "kind", "bad-value"),
            ("dwellings", 5, "settlement", "address-missing"),
            ("persons", 6, "rnokpp", "rnokpp-shape"),
            ("persons", 6, "unzr", "unzr-shape"),
            ("persons", 7, "surname", "missing"),
            ("persons", 8, "surname", "text-lost"),
            ("persons", 9, "birth_date", "date-in-future"),
            ("persons", 9, "citizenship", "bad-value"),
            ("residences", 6, "dwelling_ref", "unknown-dwelling"),
            ("residences", 6, "kind", "bad-value"),
            ("residences", 6, "since", "bad-date"),
            ("residences", 7, "dwelling_ref", "unknown-dwelling"),
            ("residences", 7, "person_ref", "unknown-person"),
            ("residences", 8, "person_ref", "unknown-person"),
        ],
        [
            ("dwellings", 7, "street", "same-address"),
            ("residences", 2, "since", "day-not-in-calendar"),
        ],
    ),
    "dirty": (
        DIRTY,
        "utf-8",
        (4, 2, 2),
        [
            ("dwellings", 4, "katottg", "katottg-shape"),
            ("persons", 7, "rnokpp", "rnokpp-taken"),
            ("persons", 8, "surname", "text-lost"),
            ("persons", 9, "email", "email-shape"),
            ("persons", 9, "surname", "text-lost"),
            ("persons", 10, "death_registered_on", "before-birth"),
            ("persons", 11, "birth_date", "bad-date"),
            ("persons", 11, "email", "email-shape"),
            ("persons", 11, "rnokpp", "rnokpp-shape"),
            ("persons", 11, "unzr", "unzr-shape"),
            ("residences", 3, "since", "overlaps"),
            ("residences", 5, "dwelling_ref", "unknown-dwelling"),
            ("residences", 6, "since", "bad-date"),
            ("residences", 7, "person_ref", "unknown-person"),
            ("residences", 8, "person_ref", "unknown-person"),
            ("residences", 8, "until", "ends-before-start"),
        ],
        [
            ("dwellings", 3, "street", "same-address"),
            ("persons", 4, "birth_date", "day-not-in-calendar"),
            ("persons", 4, "death_registered_on", "day-not-in-calendar"),
            ("persons", 5, "rnokpp", "rnokpp-birth-date"),
            ("persons", 5, "rnokpp", "rnokpp-check-digit"),
            ("persons", 5, "rnokpp", "rnokpp-sex"),
            ("persons", 5, "surname", "look-alike-letters"),
            ("persons", 6, "surname", "same-person"),
        ],
    ),
    "dump": (
        DUMP,
        "utf-16",
        (2, 1, 2),
        [
            ("persons", 7, "", "fields"),
            ("persons", 8, "surname", "missing"),
            ("persons", 10, "", "fields"),
            ("persons", 13, "", "fields"),
            ("persons", 13, "surname", "missing"),
            ("persons", 14, "", "cut-short"),
        ],
        [],
    ),
}


@contextmanager
def a_register(server):
    with contextmanager(_database)(server, template="hromada") as url, opened(url, connections=4) as made:
        yield made


@pytest.fixture
def registry(server):
    with a_register(server) as made:
        yield made


def put(folder: Path, texts: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, said in texts.items():
        (folder / name).write_bytes(said.encode(encoding))
    return folder


def load(registry, folder: Path, **how) -> loading.Loaded:
    return loading.load(registry, folder, by=CLERK, now=datetime.now(UTC), **how)


def told(said) -> list[tuple]:
    return sorted((one.file.rpartition(".")[0], one.line, one.column, one.code) for one in said)


def entered(registry, ref: str):
    return registry.person(questions.find_person(registry, ref, registry.position(), seen_by=OPEN))


def said_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_row_of_a_messy_folder_is_loaded_or_told_with_all_that_is_wrong(registry, tmp_path, name):
    texts, encoding, loaded, rejected, warned = FOLDERS[name]
    folder = put(tmp_path / name, texts, encoding)
    dry = load(registry, folder, dry_run=True)
    done = load(registry, folder)
    assert told(done.rejects) == rejected
    assert told(done.warnings) == warned
    assert (done.persons, done.dwellings, done.residences) == loaded
    assert (told(dry.rejects), told(dry.warnings)) == (rejected, warned)
    assert {one.encoding.removesuffix("-sig") for one in done.sources} == {encoding}
    position = registry.position()
    again = load(registry, folder)
    assert (again.persons, again.dwellings, again.residences) == (0, 0, 0)
    assert (told(again.rejects), told(again.warnings)) == (rejected, warned)
    assert registry.position() == position
    assert verify(registry).found == 0


def test_what_the_messy_folders_say_is_kept_in_its_one_form(registry, tmp_path):
    for name, (texts, encoding, *_) in FOLDERS.items():
        load(registry, put(tmp_path / name, texts, encoding))
    oksana, ostap, first, second = (entered(registry, ref).particulars for ref in ("О-1", "О-2", "P-1", "P-2"))
    assert (oksana.sex, oksana.birth_date, oksana.citizenship, oksana.unzr) == (
        "female",
        "1970-05-04",
        "ua",
        "19700504-00019",
    )
    assert entered(registry, "О-1").documents == (Document(kind="passport_booklet", number="МЕ123456"),)
    assert (ostap.birth_date, ostap.patronymic, ostap.unzr, ostap.rnokpp) == ("1951-05", None, None, gate.REFUSED)
    assert entered(registry, "О-2").death.registered_on == "2021-11-04"
    assert (entered(registry, "О-3").particulars.unzr, entered(registry, "О-3").particulars.rnokpp) == (None, None)
    assert (first.surname, first.given_names, first.unzr) == ("ДʼВигаданко", "Зеновія Марія", "19700504-00020")
    assert (first.phone, first.email) == ("+380501112233", "z@example.ua")
    assert (second.surname, second.given_names, second.birth_date) == ("Вигаданий", "Іван Петро", "1948-02")
    fact = registry.entries(questions.find_person(registry, "P-2", registry.position(), seen_by=OPEN))[0].fact
    assert fact.on_card == {"birth_date": "1948-02-30", "death_registered_on": "2001-02-30"}
    home = registry.dwelling(questions.find_dwelling(registry, "H-1", registry.position()))
    assert home.names[0].address.katottg == "UA12060170010065850"
    assert [one.row.since for one in entered(registry, "О-1").residences] == ["1990-02-30", "2010-07-15"]


# The lists, and the rows that come back mended


def test_the_lists_hold_every_value_and_only_their_owner_reads_them(registry, tmp_path):
    folder = put(tmp_path / "cards", DIRTY)
    done = load(registry, folder)
    lists = tmp_path / "rejects.csv", tmp_path / "warnings.csv"
    lists[0].write_text("anybody could read it")
    rows = telling.write(folder, done.rejects, done.warnings, rejects_file=lists[0], warnings_file=lists[1])
    rejected, warned = map(said_of, lists)
    assert list(rejected[0]) == ["file", "line", "column", "code", "message", "value"]
    values = {(one["file"], one["line"], one["column"]): one["value"] for one in rejected}
    assert values["persons.csv", "11", "birth_date"] == "дев’яностий"
    assert values["persons.csv", "11", "email"] == "'+1"
    assert values["residences.csv", "3", "since"] == "1995-01-01"
    assert values["dwellings.csv", "4", "katottg"] == "UA1206"
    assert {one["value"] for one in warned if one["code"] == "day-not-in-calendar"} == {"30.02.1948", "2001-02-30"}
    made = [*lists, *rows.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE(rows.stat().st_mode) == 0o700
    # What a message says is of nobody.
    said = " ".join(one["message"] for one in (*rejected, *warned))
    for row in csv.reader(io.StringIO("".join(DIRTY.values()))):
        assert [field for field in row if len(field) > 4 and field in said] == []


def test_rejected_rows_are_mended_and_imported_again(registry, tmp_path):
    folder, file = put(tmp_path / "cards", DIRTY), tmp_path / "out" / "rejects.csv"
    done = load(registry, folder)
    rows = telling.write(folder, done.rejects, [], rejects_file=file, warnings_file=tmp_path / "out" / "w.csv")
    assert rows == tmp_path / "out" / "rejects"
    back = (rows / "persons.csv").read_bytes().decode("utf-8-sig")
    assert back.splitlines()[0].startswith("person_ref;surname;")
    assert "'=cmd|' /C calc'!A0" in back and not any(
        cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(back), delimiter=";") for cell in row
    )
    # Untouched it is rejected for the same reasons, and nothing else comes of it.
    same = load(registry, rows)
    assert (same.persons, same.dwellings, same.residences) == (0, 0, 0)
    assert {one.code for one in same.rejects} == {one.code for one in done.rejects}
    mended = back.replace("Вига\ufffdдана", "Вигадана").replace("дев’яностий", "1990")
    mended = mended.replace(";1;2;'+380501112233;'+1;", ";;;'+380501112233;;")
    (rows / "persons.csv").write_bytes(mended.encode("utf-8-sig"))
    before = (rows / "persons.csv").read_bytes()
    done = load(registry, rows)
    assert (done.persons, len({one.line for one in done.rejects if one.file == "persons.csv"})) == (2, 3)
    # A guarded field is what stood in the file, and what is mended is never overwritten.
    assert entered(registry, "P-9").particulars.given_names == "=cmd|' /C calc'!A0"
    assert entered(registry, "P-9").particulars.phone == "+380501112233"
    again = telling.write(rows, done.rejects, [], rejects_file=file, warnings_file=tmp_path / "out" / "w.csv")
    assert again == tmp_path / "out" / "rejects-again" and (rows / "persons.csv").read_bytes() == before


def test_a_workbook_comes_back_as_rows_too(registry, tmp_path):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(DIRTY["persons.csv"].removeprefix("\ufeff"))):
        for column, value in enumerate(row, 1):
            book.active.cell(book.active.max_row + (column == 1), column, value).data_type = "s"
    folder = put(tmp_path / "cards", {name: said for name, said in DIRTY.items() if name != "persons.csv"})
    book.active.delete_rows(1)
    book.save(folder / "persons.xlsx")
    done = load(registry, folder)
    # A cell with a break takes two lines of a text and one row of a sheet.
    lines = [(file, line - (file == "persons"), column, code) for file, line, column, code in FOLDERS["dirty"][3]]
    assert told(done.rejects) == lines
    rows = telling.write(
        folder, done.rejects, done.warnings, rejects_file=tmp_path / "r.csv", warnings_file=tmp_path / "w.csv"
    )
    assert {one["file"] for one in said_of(tmp_path / "r.csv")} == {"persons.xlsx", "dwellings.csv", "residences.csv"}
    assert "Вига\ufffdдана" in (rows / "persons.csv").read_text("utf-8-sig")


def test_the_command_tells_how_each_file_was_read_and_counts_each_kind_of_fault(database_url, tmp_path):
    folder = put(tmp_path / "cards", SEMICOLONS, "cp1251")
    hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), COLUMNS="200")
    as_json = hromada("import", folder, "--dry-run", "--json", "--rejects", tmp_path / "r.csv")
    told = json.loads(as_json.stdout)
    assert as_json.returncode == 3 and (told["rejected"], told["warned"]) == (10, 2)
    assert told["files"][1] == {
        "file": "persons.csv",
        "encoding": "cp1251",
        "separator": ";",
        "ignored_columns": ["Примітка"],
    }
    assert told["faults"]["unknown-person"] == 2 and told["warnings"]["same-address"] == 1
    assert told["rejects_file"] == str(tmp_path / "r.csv") and Path(told["rejected_rows"]) == tmp_path / "r"
    assert Path(told["warnings_file"]) == tmp_path / "warnings.csv" and (tmp_path / "warnings.csv").exists()
    done = hromada("import", folder, "--warnings", tmp_path / "w.csv")
    assert "persons.csv: Windows-1251, поля через крапку з комою; не враховано стовпці: Примітка" in done.stdout
    assert "2 × unknown-person: " in done.stdout and str(tmp_path / "data" / "rejects") in done.stdout
    assert said_of(tmp_path / "w.csv")[0]["code"] == "same-address"
    for somebody in ("Вигадан", "Казковий", "Тестівна", "марсіанин", "19700504"):
        assert somebody not in done.stdout + done.stderr + as_json.stdout + as_json.stderr


# The same card, saved again


OLD_HOME = Address(settlement="м. Вигадів", street="вул. Д’Аламбера", house="12\u00a0А", katottg="UА12060170010065850")


def earlier_release(registry) -> None:
    """What a release before the gate stored of a card: as it was typed."""
    home, person = uuid4(), uuid4()
    said = Particulars(
        surname="Д'Вигаданко",
        given_names=unicodedata.normalize("NFD", "Зеновій"),
        sex="ч",
        birth_date="1948-02-30",
        citizenship="Україна",
        unzr="1948022900018",
        rnokpp="відмова",
        phone="050 111 22 33",
    )
    refs = {"person_ref": "О’1", "dwelling_ref": unicodedata.normalize("NFD", "Ж-й\u00a01")}
    past = CardRow(**refs, kind="registered", since="1970", until="1990-02-30", source="картка  1")
    present = CardRow(**refs, kind="registered", since="1991")
    facts = [
        PersonEntered(particulars=said, documents=(Document(kind="паспорт", number="МЕ  123456"),), ref="О’1"),
        PastResidenceEntered(
            residence=uuid4(), kind="registered", dwelling=home, since="1970", until="1990-02-30", row=past
        ),
        ResidenceRegistered(residence=uuid4(), dwelling=home, since="1991", basis="card-index", row=present),
        Deceased(registered_on="2001-02-30", basis="card-index"),
    ]
    entered = DwellingEntered(address=OLD_HOME, kind="private", ref=refs["dwelling_ref"])
    registry.append([(home, [entered], 0), (person, facts, 0)], by=CLERK, command=uuid4(), imported=True)


CARD = {
    "persons.csv": "person_ref,surname,given_names,sex,birth_date,citizenship,unzr,rnokpp,phone,document_kind,"
    "document_number,death_registered_on\n"
    "О'1,Д’Вигаданко,Зеновій,male,30.02.1948,ua,19480229-00018,відмова за переконаннями,+380501112233,паспорт,"
    "МЕ 123456,30.02.2001\n",
    "dwellings.csv": "dwelling_ref,settlement,street,house,katottg,kind\n"
    "Ж-й 1,м. Вигадів,вул. Д'Аламбера,12 А,UA12060170010065850,приватне\n",
    "residences.csv": "person_ref,dwelling_ref,kind,since,until,source\n"
    "О`1,Ж-й 1,registered,1970,30.02.1990,картка 1\nО'1,Ж-й 1,зареєстроване,1991,,\n",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "`", "\uff07"])
def test_a_card_saved_again_by_another_program_is_the_same_card(registry, tmp_path, form, apostrophe):
    earlier_release(registry)
    position = registry.position()
    said = {name: text.replace("'", apostrophe) for name, text in CARD.items()}
    folder = put(tmp_path / "cards", {name: unicodedata.normalize(form, text) for name, text in said.items()})
    done = load(registry, folder)
    assert (told(done.rejects), done.persons, done.dwellings, done.residences) == ([], 0, 0, 0)
    assert registry.position() == position


def test_and_one_that_says_something_else_is_changed(registry, tmp_path):
    earlier_release(registry)
    folder = put(tmp_path / "cards", CARD | {"persons.csv": CARD["persons.csv"].replace("30.02.1948", "29.02.1948")})
    assert told(load(registry, folder).rejects) == [("persons", 2, "person_ref", "changed")]


def test_whom_the_register_holds_is_told_however_they_are_spelt(registry, tmp_path):
    load(registry, put(tmp_path / "first", DIRTY))
    other = {
        "persons.csv": "person_ref,surname,given_names,birth_date,rnokpp,death_registered_on\n"
        "Х-1,петренко,ольга,02.01.1980,,\nХ-2,Ще Хтось,Новий,1970,2922100120,\n",
        "dwellings.csv": "dwelling_ref,settlement,street,house,kind,flat\nХ-1,м. Вигадів,вул. Козлівська,7,private,\n",
        "residences.csv": DIRTY["residences.csv"].splitlines()[0],
    }
    done = load(registry, put(tmp_path / "second", other))
    assert told(done.rejects) == [("persons", 3, "rnokpp", "rnokpp-taken")]
    assert set(told(done.warnings)) == {
        ("dwellings", 2, "street", "same-address"),
        ("persons", 2, "surname", "same-person"),
    }
    assert all("запис у реєстрі" in one.message for one in done.warnings)
    again = load(registry, put(tmp_path / "second", other))
    assert (told(again.rejects), told(again.warnings)) == (told(done.rejects), told(done.warnings))


# An extract of whoever was born on a day that no calendar has


def test_an_extract_of_somebody_born_on_30_february_is_issued(registry, tmp_path):
    founded(registry)
    people = CARD["persons.csv"].replace("30.02.2001", "")
    load(registry, put(tmp_path / "cards", CARD | {"persons.csv": people}))
    office = Office(registry, installation(data=tmp_path / "data"))
    person = questions.find_person(registry, "Оʼ1", registry.position(), seen_by=OPEN)
    printed = text(office.issue(person).pdf)
    assert "лютий 1948 (день невідомий)" in printed and "Відомості відсутні" not in printed


def test_and_of_one_whom_an_earlier_release_loaded_as_the_paper_says(registry, tmp_path):
    founded(registry)
    earlier_release(registry)
    office = Office(registry, installation(data=tmp_path / "data"))
    person = questions.find_person(registry, "О’1", registry.position(), seen_by=OPEN)
    printed = text(office.issue(person, basis="official_request", requester="Вигадівський суд").pdf)
    assert "30.02.1948" in printed


# Every bad value through every column


WHOLE: dict[str, dict[str, str]] = {
    "persons.csv": {
        **dict.fromkeys(reading.COLUMNS["persons.csv"], ""),
        "person_ref": "О-1",
        "surname": "Вигадана",
        "given_names": "Оксана",
        "document_kind": "other",
    },
    "dwellings.csv": {
        **dict.fromkeys(reading.COLUMNS["dwellings.csv"], ""),
        "dwelling_ref": "Ж-1",
        "settlement": "м. Вигадів",
        "house": "1",
        "kind": "private",
    },
    "residences.csv": {
        **dict.fromkeys(reading.COLUMNS["residences.csv"], ""),
        "person_ref": "О-1",
        "dwelling_ref": "Ж-1",
        "kind": "stay",
    },
}
PARSE = {"persons.csv": reading.person, "dwellings.csv": reading.dwelling, "residences.csv": reading.residence}
EVERY = [(file, column) for file, columns in reading.COLUMNS.items() for column in columns]
DAYS = ("birth_date", "death_registered_on", "document_issued_on", "document_valid_until", "since", "until")
CODED = ("sex", "citizenship", "kind", "unzr", "rnokpp", "katottg", "phone", "email")


def parsed(file: str, column: str, value: str):
    """A row whose one field says something, all others being good: what is read, and the faults of that field."""
    row = {name: text or None for name, text in (WHOLE[file] | {column: value}).items()}
    one, examined = PARSE[file](2, row, "2026-11-30")
    return one, [fault for fault in examined.faults if fault.column == column], examined


def stored(one) -> str:
    return repr(getattr(one, "fact", None) or one.row)


@pytest.mark.parametrize(("file", "column"), EVERY)
def test_no_text_that_is_none_gets_in(file, column):
    for what, value in bad_values.BROKEN.items():
        _, faults, _ = parsed(file, column, value)
        assert faults, what
        assert all(bad_values.MARK not in reading.reject(file, 2, fault).message for fault in faults), what


@pytest.mark.parametrize(("file", "column"), [pair for pair in EVERY if pair[1] not in (*DAYS, *CODED)])
def test_every_spelling_of_a_text_is_one(file, column):
    for what, (value, kept) in bad_values.FOLDED.items():
        one, faults, _ = parsed(file, column, value)
        assert not faults and repr(kept) in stored(one), (what, stored(one))


@pytest.mark.parametrize(("file", "column"), [pair for pair in EVERY if pair[1] in DAYS])
def test_what_is_no_day_is_none_here(file, column):
    for value in bad_values.DAYS:
        _, faults, examined = parsed(file, column, value)
        on_paper = gate.day_of_paper(value)
        if on_paper.value and on_paper.warnings:
            assert not faults and examined.warnings[0].code == "day-not-in-calendar", value
        else:
            assert faults, value


@pytest.mark.parametrize(("file", "column"), EVERY)
def test_what_stands_for_nothing_is_nothing(file, column):
    for value in ("-", "—", "***", "немає", "н/д"):
        one, faults, _ = parsed(file, column, value)
        silent = gate.line(value).value is None
        if column.endswith("_ref") or (column == "kind" and file == "residences.csv"):
            assert bool(faults) is silent or column == "kind", value
        elif silent or column in (*DAYS, "unzr", "rnokpp", "katottg", "phone", "email", "sex", "citizenship"):
            assert repr(value) not in stored(one), value

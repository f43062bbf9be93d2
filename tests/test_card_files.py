"""Files as offices have them: every encoding, separator and sheet that is read, what is said of it, and what is refused
because another program has lost it."""

import csv
import io
import zipfile
from datetime import date, datetime, time
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import WriteOnlyCell

from registry.card_index import files, reading, telling, workbook
from registry.card_index.files import BadFile

HEADING = ("person_ref", "surname", "given_names", "birth_date", "death_registered_on", "rnokpp", "document_number")
OKSANA = ("О-1", "Вигадана", "Оксана Єлизавета", "1970-05-04", "", "", "000000031")
PETRO = ("О-2", "Їжак-Ґудзь", "Петро", "04.05.1970", "2001", "", "")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be")


def as_csv(rows, separator=",", end="\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def read(path: Path, name: str = "persons.csv"):
    """The rows of a file, and how it was read."""
    table = reading.table(path.parent, name)
    return [row for _, row in table], table


def put(folder: Path, data: bytes | str, name: str = "persons.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def people(folder: Path, name: str = "persons.csv"):
    """The people of a file, and what is said of its rows: (line, column, code)."""
    rejects: list = []
    beside = reading.Learnt()
    found = list(reading.read(folder, "persons.csv", reading.person, "2026-11-30", rejects, beside))
    told = [(one.line, one.column, one.code) for one in rejects]
    return found, told, [(one.line, one.column, one.code) for one in beside.warnings]


class TestText:
    @pytest.mark.parametrize(("encoding", "separator"), [*product(ENCODINGS, (";", "\t", ","))])
    def test_every_encoding_and_separator_is_read_and_said(self, tmp_path, encoding, separator):
        path = put(tmp_path, as_csv((HEADING, OKSANA, PETRO), separator).encode(encoding))
        rows, table = read(path)
        assert [tuple(row[name] or "" for name in HEADING) for row in rows] == [OKSANA, PETRO]
        assert (table.source.encoding, table.source.separator) == (encoding, separator)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_end_of_a_line(self, tmp_path, end):
        assert len(read(put(tmp_path, as_csv((HEADING, OKSANA, PETRO), ";", end)))[0]) == 2

    def test_what_excel_says_of_its_separator_is_no_heading(self, tmp_path):
        rows, table = read(put(tmp_path, "sep=;\r\n" + as_csv((HEADING, OKSANA), ";")))
        assert rows[0]["surname"] == "Вигадана" and table.source.separator == ";"

    def test_a_separator_within_a_heading_or_a_field_does_not_count(self, tmp_path):
        heading = (*HEADING, "примітка, коментар, ще щось, і ще, і ще, і ще, і ще")
        rows, table = read(put(tmp_path, as_csv((heading, (*OKSANA, "a,b;c")), ";")))
        assert rows[0]["surname"] == "Вигадана"
        assert table.source.extra == (heading[-1],)

    @pytest.mark.parametrize("blank", ["", ";;;;;;", " ; \u00a0;;;;;", "\u00a0", "\ufeff", ";;;;;;;;;;"])
    def test_blank_lines_are_passed_over_wherever_they_are(self, tmp_path, blank):
        lines = as_csv((HEADING, OKSANA, PETRO), ";").splitlines()
        text = "\r\n".join((blank, lines[0], blank, lines[1], blank, blank, lines[2], blank, ""))
        table = reading.table(put(tmp_path, text).parent, "persons.csv")
        assert [(line, row["person_ref"]) for line, row in table] == [(4, "О-1"), (7, "О-2")]

    def test_breaks_and_no_break_blanks_in_a_field_are_blanks(self, tmp_path):
        put(tmp_path, as_csv((HEADING, ("О-1", "Вига\r\nдана ", "\u00a0Оксана\u00a0\nМарія", " 1970 ", "", "", ""))))
        [one], told, _ = people(tmp_path)
        said = one.fact.particulars
        assert (said.surname, said.given_names, said.birth_date) == ("Вига дана", "Оксана Марія", "1970")
        assert told == []

    def test_a_row_may_lack_its_last_empty_fields_and_have_more_empty_ones(self, tmp_path):
        heading = ",".join(HEADING)
        put(tmp_path, f"{heading}\r\nО-1,Вигадана,Оксана,1970,\r\nО-2,Вигаданий,Петро,1970,,,,,,\r\n")
        assert len(people(tmp_path)[0]) == 2

    def test_a_row_that_ends_before_a_column_that_it_must_have_does_not_say_that_it_is_empty(self, tmp_path):
        put(tmp_path, f"{','.join(HEADING)}\r\nО-1,Вигадана,Оксана,1970\r\nО-2,Вигаданий,Петро,1970,\r\n")
        found, told, _ = people(tmp_path)
        assert [one.fact.ref for one in found] == ["О-2"] and told == [(2, "", "fields")]

    def test_a_row_with_too_much_is_told_and_alone_left_out(self, tmp_path):
        heading = ",".join(HEADING)
        put(
            tmp_path, f"{heading}\r\nО-1,Вигадана,Оксана, Марія,1970,,,,\r\nО-2,Вигадана,Я,1970,,,,x\r\nО-3,В,Я,,,,\r\n"
        )
        found, told, _ = people(tmp_path)
        assert [one.fact.ref for one in found] == ["О-3"]
        assert (3, "", "fields") in told and {line for line, *_ in told} == {2, 3}

    def test_a_row_in_which_the_file_ends_is_not_believed(self, tmp_path):
        heading = ",".join(HEADING)
        put(tmp_path, f"{heading}\r\nО-1,Вигадана,Оксана,1970,,,\r\nО-2,Вига")
        found, told, _ = people(tmp_path)
        assert len(found) == 1 and (3, "", "cut-short") in told
        put(tmp_path, f"{heading}\r\nО-1,Вигадана,Оксана,1970,,,")
        assert people(tmp_path)[1] == []

    @pytest.mark.parametrize(
        "heading",
        [
            "Позначка особи;Прізвище;Ім’я;Дата народження;Дата реєстрації смерті;РНОКПП;Номер документа",
            "ПОЗНАЧКА КАРТКИ;прізвище;Власні  імена;дата  народження ;Дата Реєстрації смерті;ІПН;Документ №",
            "Person ref; SURNAME ;Given Names;birth-date;Death_Registered_On;RNOKPP;document number",
            '"person_ref";"surname";"Ім\'я";"Дата\nнародження";"death_registered_on";"rnokpp";"document_number"',
        ],
    )
    def test_headings_are_known_however_they_are_written(self, tmp_path, heading):
        rows, table = read(put(tmp_path, "\ufeff" + heading + "\r\n" + as_csv((OKSANA,), ";")))
        assert rows[0]["surname"] == "Вигадана" and rows[0]["birth_date"] == "1970-05-04"
        assert table.source.extra == ()

    def test_extra_columns_are_listed_and_unnamed_ones_without_a_word_left_out(self, tmp_path):
        rows, table = read(put(tmp_path, as_csv(((*HEADING, "примітка", "", "вік"), (*OKSANA, "так", "", "56")), ";")))
        assert table.source.extra == ("примітка", "вік")
        assert set(rows[0]) == set(HEADING)

    def test_the_date_of_a_death_is_not_that_of_its_registration(self, tmp_path):
        with pytest.raises(BadFile, match="death_registered_on"):
            read(put(tmp_path, as_csv(((*HEADING[:4], "Дата смерті"), OKSANA[:5]), ";")))

    @pytest.mark.parametrize("text", ["№ 5", "б/н", "12-Б", "«Хутір»", "ВДВС"])
    def test_a_few_letters_of_windows_1251_are_enough(self, tmp_path, text):
        rows, table = read(put(tmp_path, as_csv((HEADING, ("1", text, "x", "", "", "", ""))).encode("cp1251")))
        assert table.source.encoding == "cp1251" and rows[0]["surname"] == text

    @pytest.mark.parametrize("encoding", ["koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "utf-32"])
    def test_letters_of_another_page_are_refused_and_not_guessed(self, tmp_path, encoding):
        rows = [HEADING, *(("1", "Вигаданенко", "Оксана", "", "", "", ""),) * 3]
        with pytest.raises(BadFile, match="кодування"):
            read(put(tmp_path, as_csv(rows).encode(encoding)))

    def test_names_that_are_sound_utf8_by_chance_stay_in_windows_1251(self, tmp_path):
        names = ("О-1", "Різник", "Софія", "1970", "", "", "")
        rows, table = read(put(tmp_path, as_csv((HEADING, names, OKSANA)).encode("cp1251")))
        assert table.source.encoding == "cp1251" and rows[0]["surname"] == "Різник"


def sheet(folder: Path, *rows, name: str = "persons.xlsx", title: str = "Аркуш1") -> Path:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(title)
    for row in rows:
        page.append([one(page) if callable(one) else one for one in row])
    path = folder / name
    book.save(path)
    return path


def cell(value, shown_as: str):
    """A cell that is shown so, for the sheet that it is put on."""

    def made(page):
        one = WriteOnlyCell(page, value=value)
        one.number_format = shown_as
        return one

    return made


class TestWorkbooks:
    def test_a_sheet_says_the_same_as_the_csv(self, tmp_path):
        sheet(tmp_path, (), HEADING, OKSANA, (None,) * 7, (), PETRO)
        table = reading.table(tmp_path, "persons.csv")
        assert [(line, row["person_ref"]) for line, row in table] == [(3, "О-1"), (6, "О-2")]
        assert (table.source.file, table.source.encoding, table.source.separator) == ("persons.xlsx", "xlsx", None)

    @pytest.mark.parametrize(
        ("born", "kept"),
        [
            (date(1970, 5, 4), "1970-05-04"),
            (datetime(1970, 5, 4), "1970-05-04"),
            (cell(datetime(1970, 5, 1), "mm.yyyy"), "1970-05"),
            (cell(datetime(1970, 5, 1), "mmm\\ yy"), "1970-05"),
            (cell(datetime(1970, 1, 1), "yyyy"), "1970"),
            (cell(datetime(1970, 5, 4), "dd.mm.yyyy"), "1970-05-04"),
            (1970, "1970"),
            ("04.05.1970", "1970-05-04"),
            ("30.02.1970", "1970-02"),
        ],
    )
    def test_dates_are_dates_as_far_as_they_are_shown(self, tmp_path, born, kept):
        sheet(tmp_path, HEADING, ("О-1", "Вигадана", "Оксана", born))
        [one], told, _ = people(tmp_path)
        assert one.fact.particulars.birth_date == kept and told == []

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("birth_date", datetime(1970, 5, 3, 21), "cell-date"),
            ("birth_date", time(3, 4), "cell-date"),
            ("birth_date", 25692, "bad-date"),
            ("surname", datetime(2026, 2, 1), "cell-date"),
            ("document_number", date(2026, 2, 1), "cell-date"),
            ("rnokpp", 123456789, "rnokpp-shape"),
            ("rnokpp", 1.5, "cell-fraction"),
            ("document_number", 31, "number-lost"),
            ("document_number", 1e17, "number-lost"),
            ("surname", True, "cell-boolean"),
            ("surname", "=A1&B1", "cell-formula"),
            ("surname", cell("#N/A", "General"), "cell-error"),
        ],
    )
    def test_what_excel_has_lost_is_rejected_and_never_guessed(self, tmp_path, column, value, code):
        row = dict(zip(HEADING, ("О-1", "Вигадана", "Оксана", "1970", "", "", ""), strict=True)) | {column: value}
        heading = (*HEADING, "document_kind")
        sheet(tmp_path, heading, (*row.values(), "passport_card"))
        found, told, _ = people(tmp_path)
        assert found == [] and told == [(2, column, code)]

    @pytest.mark.parametrize(
        ("column", "value", "kept"),
        [
            ("rnokpp", 2569200018, "2569200018"),
            ("rnokpp", 2569200018.0, "2569200018"),
            ("rnokpp", cell(69200018, "0000000000"), "0069200018"),
            ("document_number", cell(31, "000000000"), "000000031"),
            ("document_number", "000000031", "000000031"),
        ],
    )
    def test_numbers_are_digits(self, tmp_path, column, value, kept):
        row = dict(zip(HEADING, ("О-1", "Вигадана", "Оксана", "", "", "", ""), strict=True)) | {column: value}
        sheet(tmp_path, HEADING, row.values())
        [one], told, _ = people(tmp_path)
        assert told == [] and kept in (one.fact.particulars.rnokpp, *(each.number for each in one.fact.documents))

    def test_a_formula_says_the_value_that_was_stored_with_it(self, tmp_path):
        path = sheet(tmp_path, HEADING, ("О-1", "=UPPER(B1)", "Оксана", "1970"), ("О-2", "=B2", "Оксана", "1971"))
        edit(path, b'<c r="B2"><f>UPPER(B1)</f><v></v></c>', '<c r="B2" t="str"><f>UPPER(B1)</f><v>Вигадана</v></c>')
        found, told, _ = people(tmp_path)
        assert [one.fact.particulars.surname for one in found] == ["Вигадана"]
        assert told == [(3, "surname", "cell-formula")]

    def test_the_sheet_named_as_the_file_else_the_only_one_with_data(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.append(HEADING)
        book.active.append(OKSANA)
        book.create_sheet("Аркуш2")
        book.save(tmp_path / "persons.xlsx")
        assert len(people(tmp_path)[0]) == 1
        book["Аркуш2"].append(["інше"])
        book.save(tmp_path / "persons.xlsx")
        with pytest.raises(BadFile, match="кількох аркушах"):
            people(tmp_path)
        book.active.title = "Persons"
        book.save(tmp_path / "persons.xlsx")
        assert len(people(tmp_path)[0]) == 1

    def test_a_cell_far_away_costs_nothing(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.append(HEADING)
        book.active.append(OKSANA)
        book.active["XFD1048576"] = " "
        book.save(tmp_path / "persons.xlsx")
        assert len(people(tmp_path)[0]) == 1

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
            lambda path: path.write_bytes(path.read_bytes()[:-200]),
            lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)),
            lambda path: path.write_text(",".join(HEADING)),
            lambda path: edit(path, b"<sheetData>", "<sheetData><row><c"),
            lambda path: edit(path, b"<sheetData>", "<!DOCTYPE x><sheetData>"),
            lambda path: edit(path, b"</sheetData>", "<row r='9999999'><c><v>1</v></c></row></sheetData>"),
            lambda path: edit(path, b"</sheetData>", f"<row>{'<c/>' * 6_000_000}</row></sheetData>"),
            lambda path: edit(path, b"</sheetData>", f"</sheetData>{' ' * 20_000_000}"),
        ],
        ids=[
            "empty",
            "no archive",
            "cut",
            "locked",
            "csv",
            "torn",
            "declared",
            "too far",
            "one row",
            "packed too well",
        ],
    )
    def test_what_is_no_workbook_or_too_much_is_refused_in_one_line(self, tmp_path, spoil):
        spoil(sheet(tmp_path, HEADING, OKSANA))
        with pytest.raises(BadFile, match=r"persons\.xlsx: .*Нічого не завантажено"):
            people(tmp_path)

    def test_the_largest_parts_are_weighed_before_they_are_unpacked(self, tmp_path, monkeypatch):
        sheet(tmp_path, HEADING, OKSANA)
        for most in ("MOST_SHEET", "MOST_OTHER"):
            with monkeypatch.context() as patched, pytest.raises(BadFile):
                patched.setattr(workbook, most, 100)
                people(tmp_path)


def edit(path: Path, was: bytes, now: str) -> None:
    """Rewrites the sheet within a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inside = "xl/worksheets/sheet1.xml"
    assert was in parts[inside]
    parts[inside] = parts[inside].replace(was, now.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


class TestGuard:
    @pytest.mark.parametrize("text", ["=1+1", "+380501234567", "-", "@SUM(A1)", "\uff1dcmd", '=HYPERLINK("x")', "'=1"])
    def test_what_a_spreadsheet_would_run_is_kept_from_it_and_comes_back(self, tmp_path, text):
        assert not telling.guarded(text).startswith(files.GUARDED)
        path = put(tmp_path, as_csv((("person_ref", *HEADING[1:]), (*OKSANA[:5], telling.guarded(text), "")), ";"))
        assert read(path)[0][0]["rnokpp"] == text.removeprefix("'") if text[0] == "'" else text

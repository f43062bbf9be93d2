"""A sheet of Excel's .xlsx as rows of text, read row by row by openpyxl, whatever the size.

A cell is what it says only if nothing of it was lost: dates as dates, whole numbers as digits, formulas by the value
that was stored with them. What Excel has changed on its own (a house «1/2» that became a day, a number of more than 15
digits, an error, a formula that was never computed) is `Spoilt`: rejected, never guessed. A file that unpacks into more
than any card index could be is refused before it is unpacked.
"""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from registry import texts
from registry.card_index.files import BadFile, Line, Spoilt, TableForm, blank, folded

MOST_ROWS = 1_048_576
MOST_SHEET, MOST_STRINGS, MOST_OTHER = 2 << 30, 256 << 20, 32 << 20
"""Bytes, unpacked: of a sheet (read in a stream), of the table of strings and of any other part (read whole)."""
MOST_RATIO, SMALL = 200, 8 << 20
"""How many times more a part may be unpacked, and how small it may be whatever it was packed into."""
MOST_OF_A_ROW = 4 << 20
EXACT = 10**15
"""Excel keeps fifteen digits of a number."""
CHUNK = 1 << 20


def rows(path: Path, form: TableForm) -> Iterator[Line]:
    """The rows of the one sheet that has any. Raises `BadFile`, at once or where the sheet is broken."""
    has_formulas = _insist_on_size(path)
    book = _open(path, values=True)
    sheet = _sheet(path, book)
    formulas: Iterator[Any] | None = None
    if has_formulas:
        formulas = _cells(path, _open(path, values=False)[sheet.title])
    return _texts(path, _cells(path, sheet), formulas, form)


def _open(path: Path, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
        except Exception:  # Whatever it stumbles over, the file is not what Excel writes.
            raise BadFile(texts.say("files", "broken_workbook", path.name)) from None
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
    return book


def _sheet(path: Path, book: Any) -> Any:
    """The sheet that is named as the file, else the only one that has something in it."""
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
    named = [sheet for sheet in sheets if folded(sheet.title) == folded(path.stem)]
    full = named or [sheet for sheet in sheets if any(_filled(row) for row in _cells(path, sheet))]
    if len(full) != 1:
        said = ", ".join(sheet.title for sheet in full)
        raise BadFile(texts.say("files", "many_sheets" if full else "no_sheet", path.name, said))
    return full[0]


def _filled(row: Any) -> bool:
    return not blank([str(cell.value) for cell in row if cell.value is not None])


def _cells(path: Path, sheet: Any) -> Iterator[Any]:
    """The rows of a sheet as openpyxl reads them, missing ones empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for number, row in enumerate(sheet.iter_rows(), 1):
                if number > MOST_ROWS:
                    raise BadFile(texts.say("files", "too_large", path.name))
                yield row
        except BadFile:
            raise
        except Exception:
            raise BadFile(texts.say("files", "broken_workbook", path.name)) from None


def _texts(path: Path, cells: Iterator[Any], formulas: Iterator[Any] | None, form: TableForm) -> Iterator[Line]:
    columns: list[str] = []
    for line, row in enumerate(cells, 1):
        computed = next(formulas, ()) if formulas else ()
        found = [
            _text(cell, columns[place] in form.dates if place < len(columns) else False)
            for place, cell in enumerate(row)
        ]
        for place, cell in enumerate(computed):
            if cell.data_type == "f" and row[place].value is None:
                found[place] = Spoilt("", "cell-formula")
        if not columns and not blank(found):
            columns = [form.called.get(folded(text), "") for text in found]
        # A sheet has no cell where a row is empty to its end.
        yield line, found + [""] * (len(columns) - len(found)), ""


def _text(cell: Any, of_a_date: bool) -> str:
    """What a cell says, or `Spoilt`."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return Spoilt(str(value), "cell-error")
    match value:
        case str():
            return value
        case bool():
            return Spoilt(str(value).upper(), "cell-boolean")
        case datetime() | date():
            return _day(value, _shown_as(cell), of_a_date)
        case time() | timedelta():
            return Spoilt(str(value), "cell-date")
        case int() | float():
            return _number(value, _shown_as(cell))
    return Spoilt(str(value), "cell-error")


def _shown_as(cell: Any) -> str:
    """The format of a cell; none where the workbook does not have the one that it names."""
    with suppress(IndexError, KeyError):
        return cell.number_format or ""
    return ""


def _day(value: date, shown_as: str, of_a_date: bool) -> str:
    """A date as the cell shows it: one that shows no day was typed as a month, and Excel made up the rest."""
    exact = value.isoformat()
    if not of_a_date or (isinstance(value, datetime) and value.time() != time()):
        return Spoilt(exact.replace("T", " "), "cell-date")
    shown = shown_as.casefold().split(";")[0]
    if "d" in shown or "y" not in shown:
        return exact[:10]
    return exact[:7] if "m" in shown else exact[:4]


def _number(value: float, shown_as: str) -> str:
    """Whole numbers as digits, with the noughts before them that the cell shows."""
    if abs(value) >= EXACT or value != value:
        return Spoilt(str(value), "number-lost")
    if value != int(value):
        return Spoilt(str(value), "cell-fraction")
    return str(int(value)).zfill(len(shown_as) if set(shown_as) == {"0"} else 0)


def _insist_on_size(path: Path) -> bool:
    """Refuses what would not fit; whether any sheet has a formula. The sizes that an archive states are those up to
    which it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(_too_large(part) for part in parts):
                raise BadFile(texts.say("files", "too_large", path.name))
            sheets = [part for part in parts if _is_sheet(part)]
            return any([_has_formulas(path, archive, part) for part in sheets])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        with suppress(OSError), path.open("rb") as file:
            if file.read(4) == b"\xd0\xcf\x11\xe0":
                raise BadFile(texts.say("files", "locked_workbook", path.name)) from None
        raise BadFile(texts.say("files", "broken_workbook", path.name)) from None


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")


def _too_large(part: zipfile.ZipInfo) -> bool:
    most = MOST_SHEET if _is_sheet(part) else MOST_STRINGS if "sharedStrings" in part.filename else MOST_OTHER
    packed_too_well = part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1)
    return part.file_size > most or packed_too_well


def _has_formulas(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Looks through a sheet without reading it. Refuses one with what no spreadsheet writes (declarations, comments),
    or with a row that alone would fill the memory."""
    found, since_row, before = False, 0, b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            seen = before + chunk
            since_row = 0 if b"</row" in seen or b":row>" in seen else since_row + len(chunk)
            if b"<!" in seen or since_row > MOST_OF_A_ROW:
                raise BadFile(texts.say("files", "too_large", path.name))
            found = found or b"<f>" in seen or b"<f " in seen or b":f>" in seen or b":f " in seen
            before = chunk[-8:]
    return found

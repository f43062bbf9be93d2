"""A table as offices have it: CSV or a sheet of Excel, recognised, its columns found by their headings.

CSV: UTF-8 (with or without its mark), UTF-16 or Windows-1251; `;`, tab or comma between the fields. What cannot be
recognised for certain is refused in one line: letters that were guessed wrong would be in the log for ever. Blank rows
are passed over, columns that nobody asked for are told and left out. How a file was read is its `TableSource`.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from registry import texts, ukrainian

SEPARATORS = (";", "\t", ",")
GUARDED = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would take for a formula at the beginning of a cell: written with an apostrophe before it."""
UNSEEN = "\ufeff\u200b\u2060"
HEAD = 1 << 16
CHUNK = 1 << 20
ENOUGH_LETTERS = 40

_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ASKED = ("'", "#")
"""With what a field begins that may be more than its text."""
_CAPITAL = r"A-Z\u0404\u0406\u0407\u0410-\u042f"
_ERROR_OF_A_CELL = re.compile(rf"#(?:[{_CAPITAL}]/[{_CAPITAL}]|[{_CAPITAL}/0'\u2019\u02bc]{{2,12}}[!?]|#+)")
"""What a spreadsheet writes into a CSV where it had no value."""
_WRITTEN_SPOILT = re.compile(r"#([a-z]+(?:-[a-z]+)*): ?(.*)", re.DOTALL)
_SEPARATOR_SAID = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_CYRILLIC = re.compile(r"[\u0401\u0404\u0406\u0407\u0410-\u044f\u0451\u0454\u0456\u0457\u0490\u0491]")
_MARK = re.compile("[\u00a0\u00ab\u00bb\u2013\u2014\u2019\u201c\u201d\u201e\u2026\u2116]")
_TURNED = re.compile(r"[\u0430-\u044f\u0454\u0456\u0457\u0491][\u0410-\u042f\u0404\u0406\u0407\u0490]")
_VOWEL = re.compile(r"[\u0430\u0435\u0454\u0438\u0456\u0457\u043e\u0443\u044e\u044f]", re.IGNORECASE)

Row = dict[str, str | None]
Line = tuple[int, list[str], str]
"""A row as it stands: its line, its fields, and the code of what is wrong with it as a row (empty: nothing)."""


class BadFile(ValueError):
    """A file cannot be read as the form says; the text, in Ukrainian, names it, the line, and what to do."""


class Spoilt(str):
    """A field whose content another program has lost or turned into something else; `code` says how."""

    code: str

    def __new__(cls, text: str, code: str) -> "Spoilt":
        made = super().__new__(cls, text)
        made.code = code
        return made

    @property
    def written(self) -> str:
        """As a list of rejected rows has it: still spoilt when it is read again, until somebody writes it anew."""
        return f"#{self.code}: {self}"


@dataclass(frozen=True, slots=True)
class TableSource:
    """How a file was read. `encoding` is a Python codec, or `xlsx`; `extra` are the columns that were left out."""

    file: str
    encoding: str
    separator: str | None
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a file is to have: its columns, those without which it says nothing, which column a folded heading means,
    and which columns hold dates. `files` names all files of the set, for whoever lacks one."""

    columns: Sequence[str]
    required: Sequence[str]
    files: str
    called: Mapping[str, str]
    dates: Collection[str] = ()


class Table:
    """A file with its heading read. Iterating gives each row that is not blank: its line, and its fields by column.

    Raises `BadFile`, at once or at the row where the file is broken.
    """

    def __init__(self, path: Path, form: TableForm):
        self.path, self.form = path, form
        encoding, separator, lines = _opened(path, form)
        self._lines = lines
        heading = next((cells for _, cells, _ in lines if not blank(cells)), [])
        self.heading = [_column(cell, form) for cell in heading]
        self.said = [cell.strip(UNSEEN + " \u00a0") for cell in heading]
        _check_heading(path.name, self.heading, form)
        extra = (said for said, column in zip(self.said, self.heading, strict=True) if said and not column)
        passed_over = tuple(name for name in extra if name != texts.TEXTS["rejects"]["why"])
        self.source = TableSource(path.name, encoding, separator, passed_over)

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """The fields of each row by column. What is wrong with it as a row stands under no column, `Spoilt`."""
        for line, cells, fault in self.cells():
            named = zip(self.heading, cells, strict=False)
            row: Row = {column: cell or (cell if type(cell) is Spoilt else None) for column, cell in named if column}
            yield line, row | {"": Spoilt("", fault)} if fault else row

    def cells(self) -> Iterator[Line]:
        """The rows that are not blank as they stand, without blanks around a field; at least as long as the heading.
        One that ends before a required column does not say that it is empty."""
        width = len(self.heading)
        least = 1 + max(map(self.heading.index, self.form.required))
        for line, cells, fault in self._lines:
            if not blank(cells):
                plain = (type(cell) is str and cell[:1] not in _ASKED for cell in cells)
                cells = [cell.strip() if so else _stripped(cell) for cell, so in zip(cells, plain, strict=True)]
                while len(cells) > width and not cells[-1]:
                    cells.pop()
                fault = fault or ("" if least <= len(cells) <= width else "fields")
                yield line, cells + [""] * (width - len(cells)), fault


def found(folder: Path, name: str, files: str) -> Path:
    """The file of a set: `name`, or the same as .xlsx, in any case of its letters. Raises `BadFile` if there is none,
    or if there are two of them, for nobody knows which is meant."""
    wanted = {name, Path(name).with_suffix(".xlsx").name}
    here = sorted(path for path in folder.iterdir() if path.name.casefold() in wanted)
    if len(here) > 1:
        raise BadFile(texts.say("files", "two_files", ", ".join(path.name for path in here)))
    if not here:
        raise BadFile(texts.say("files", "no_file", name, files))
    return here[0]


@lru_cache(maxsize=10_000)
def folded(heading: str) -> str:
    """A heading as headings are compared: no case, apostrophes, marks or blanks but single ones."""
    plain = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ")
    return " ".join(re.findall(r"\w+", re.sub(f"[{ukrainian.APOSTROPHES}]", "", plain)))


def headings(columns: Iterable[str], called: Mapping[str, str]) -> dict[str, str]:
    """Folded heading → column, for the names of columns and for `called` (column → headings with | between); one that
    could mean two columns means none."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for column in columns:
        for heading in {folded(column), *map(folded, called.get(column, column).split("|"))}:
            if found.setdefault(heading, column) != column:
                twice.add(heading)
    return {heading: column for heading, column in found.items() if heading not in twice}


def guarded(text: str) -> str:
    """A field of a file for a spreadsheet, which would run one that begins as a formula."""
    return f"'{text}" if text.startswith(GUARDED) else text


def blank(cells: Sequence[str]) -> bool:
    """Whether nobody would see anything in a row."""
    return not any(cell.strip(UNSEEN + " \t\r\n\u00a0") for cell in cells)


def _stripped(cell: str) -> str:
    if type(cell) is not str:
        return cell
    cell = cell.strip()
    if _ERROR_OF_A_CELL.fullmatch(cell):
        return Spoilt(cell, "cell-error")
    if (written := _WRITTEN_SPOILT.fullmatch(cell)) and written[1] in texts.TEXTS["rejects"]:
        return Spoilt(written[2], written[1])
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


def _column(cell: str, form: TableForm) -> str:
    """The column that a heading means; empty for one that nobody asked for."""
    return form.called.get(folded(cell.strip(UNSEEN)), "")


def _check_heading(name: str, heading: Sequence[str], form: TableForm) -> None:
    if missing := [column for column in form.required if column not in heading]:
        raise BadFile(texts.say("files", "no_column", name, ", ".join(missing)))
    named = [column for column in heading if column]
    if twice := sorted({column for column in named if named.count(column) > 1}):
        raise BadFile(texts.say("files", "repeated_column", name, ", ".join(twice)))


def _opened(path: Path, form: TableForm) -> tuple[str, str | None, Iterator[Line]]:
    """The encoding, the separator, and the rows with their lines, heading first."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise BadFile(texts.say("files", "no_file", path.name, form.files)) from None
    if path.suffix.casefold() == ".xlsx":
        # Half a second of imports, only for whoever has such a file.
        from registry.card_index import workbook

        return "xlsx", None, workbook.rows(path, form)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(texts.say("files", "is_workbook", path.name))
    encoding = encoding_of(path)
    separator, skipped = _separator(path, encoding, form)
    return encoding, separator, _rows(path, encoding, separator, skipped)


def encoding_of(path: Path) -> str:
    """The codec that a file of text is in. Raises `BadFile` for one that is in none of those it can be, or damaged."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise BadFile(texts.say("files", "not_text", path.name))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _sound(path, "utf-16")
    # In UTF-16 every separator and blank has a nought; elsewhere one is a slip, and a fault of its row.
    if start.count(0) > 4 + len(start) // 64:
        return _sound(path, "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be")
    marked = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        for _ in _decoded(path, "utf-8"):
            pass
        return marked
    except UnicodeDecodeError:
        if marked == "utf-8-sig" or _mostly_utf8(path):
            raise BadFile(texts.say("files", "not_utf8", path.name, _first_bad_line(path))) from None
    if not _is_cp1251(path):
        raise BadFile(texts.say("files", "not_text", path.name))
    return "cp1251"


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _sound(path: Path, encoding: str) -> str:
    try:
        for _ in _decoded(path, encoding):
            pass
    except UnicodeDecodeError:
        raise BadFile(texts.say("files", "not_text", path.name)) from None
    return encoding


def _mostly_utf8(path: Path) -> bool:
    """Whether a file that is no sound UTF-8 was meant to be: most of its bytes beyond ASCII make letters so."""
    right = other = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            right += sum(map(len, _UTF8_LETTER.findall(chunk)))
            other += len(_BEYOND_ASCII.findall(chunk))
    return right > other - right


def _first_bad_line(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _is_cp1251(path: Path) -> bool:
    """Whether a file reads as Ukrainian in Windows-1251. KOI8-U gives words that begin small and go on large, DOS odd
    marks in place of letters, and both few vowels."""
    beyond = known = letters = vowels = turned = 0
    try:
        for text in _decoded(path, "cp1251"):
            beyond += sum(char > "\x7f" for char in text)
            known += len(_MARK.findall(text))
            letters += len(_CYRILLIC.findall(text))
            vowels += len(_VOWEL.findall(text))
            turned += len(_TURNED.findall(text))
    except UnicodeDecodeError:
        return False
    has_vowels = letters < ENOUGH_LETTERS or vowels > 0.25 * letters
    return letters + known > 0.95 * beyond and turned <= 0.05 * letters and has_vowels


def _text(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        yield from file


def _separator(path: Path, encoding: str, form: TableForm) -> tuple[str, int]:
    """What stands between the fields (the mark that gives most of the wanted columns), and how many lines precede the
    heading: blank ones, and Excel's own `sep=;`."""
    lines, skipped, head = _text(path, encoding), 0, ""
    for head in lines:
        if said := _SEPARATOR_SAID.fullmatch(head.strip(UNSEEN).rstrip("\r\n")):
            return said[1], skipped + 1
        if not blank([head.replace('"', "").strip("".join(SEPARATORS) + "\r\n")]):
            break
        skipped += 1
    while head.count('"') % 2 and len(head) < HEAD and (more := next(lines, "")):
        head += more

    def known(separator: str) -> tuple[int, int]:
        cells = next(csv.reader(head.splitlines(keepends=True), delimiter=separator), [])
        return len({_column(cell, form) for cell in cells} - {""}), len(cells)

    return max(SEPARATORS, key=known), skipped


def _rows(path: Path, encoding: str, separator: str, skipped: int) -> Iterator[Line]:
    lines = _text(path, encoding)
    for _ in range(skipped):
        next(lines)
    last: list[str] = []
    reader = csv.reader(_remembered(lines, last), delimiter=separator, strict=True)
    before, width = 0, 0
    try:
        for cells in reader:
            line, before = skipped + before + 1, reader.line_num
            width = width or len(cells)
            # A file that ends in the middle of a row: what is left of it may be half a name.
            cut = len(cells) < width and not last[0].endswith(("\n", "\r"))
            yield line, cells, "cut-short" if cut else ""
    except csv.Error:
        raise BadFile(texts.say("files", "broken", path.name, skipped + reader.line_num)) from None


def _remembered(lines: Iterator[str], last: list[str]) -> Iterator[str]:
    """The lines, with the one that was read last in `last`."""
    for line in lines:
        last[:] = [line]
        yield line

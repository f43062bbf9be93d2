"""The three files of a card index, read strictly (design 6): UTF-8, a header, RFC 4180.

A file that is broken as a file (encoding, a required column missing, an unknown one, a row with too few or too many
fields) stops the import before anything is written. A row that is broken as a row is rejected, with its line, column
and code. Columns bear the names of the fields they fill; one added to the particulars or the address is at once a
column that a file may have.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry import texts
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.events import CardRow, Document, Particulars, PersonEntered
from registry.aggregates.values import NotADate, days, first_day, last_day

ADDRESS = tuple(field.name for field in fields(Address))
DOCUMENT = ("kind", "number", "issued_on", "issued_by", "valid_until")
PARTICULARS = tuple(field.name for field in fields(Particulars))
COLUMNS = {
    "dwellings.csv": ("dwelling_ref", *ADDRESS, "kind"),
    "persons.csv": ("person_ref", *PARTICULARS, *(f"document_{name}" for name in DOCUMENT), "death_registered_on"),
    "residences.csv": tuple(field.name for field in fields(CardRow)),
}
# Without these a row says nothing, or what is untrue: the dead alive, those who left still here, homes elsewhere ours.
REQUIRED = {
    "dwellings.csv": ("dwelling_ref", "settlement", "street", "house", "kind"),
    "persons.csv": ("person_ref", "surname", "given_names", "birth_date", "death_registered_on"),
    "residences.csv": ("person_ref", "dwelling_ref", "kind", "since", "until"),
}
LONGEST = 2_000

Row = dict[str, str | None]


class BadFile(ValueError):
    """A file cannot be read as the form says; the text, in Ukrainian, names it, the line, and what to do."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not loaded. `message` names no person's data."""

    file: str
    line: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    line: int
    fact: PersonEntered
    died: str | None


@dataclass(frozen=True, slots=True)
class DwellingRow:
    line: int
    fact: DwellingEntered


@dataclass(frozen=True, slots=True)
class ResidenceRow:
    line: int
    row: CardRow


class Rejected(Exception):
    """A row cannot be loaded: the column, the code, and the line of another row that it clashes with."""

    def __init__(self, column: str, code: str, line: str = ""):
        self.column, self.code, self.line = column, code, line
        super().__init__(code)


def reject(file: str, line: int, why: Rejected) -> Reject:
    """What `rejects.csv` says of a row."""
    return Reject(file, line, why.column, why.code, texts.TEXTS["rejects"][why.code].format(line=why.line))


def read(
    folder: Path, file: str, parse: Callable[[int, Row, str], Any], today: str, rejects: list[Reject]
) -> Iterator[Any]:
    """The parsed rows of a file; those that cannot be are added to `rejects`. Raises `BadFile`.

    A column that the file does not have, and need not, is empty in every row.
    """
    absent: Row = dict.fromkeys(COLUMNS[file])
    for line, row in rows(folder / file, COLUMNS[file], REQUIRED[file], ", ".join(COLUMNS)):
        try:
            yield parse(line, absent | row, today)
        except Rejected as why:
            rejects.append(reject(file, line, why))


def person(line: int, row: Row, today: str) -> PersonRow:
    """A row of persons.csv: needs a ref and a surname or a given name; everything else may be empty."""
    insist(row, "person_ref")
    if not (row["surname"] or row["given_names"]):
        raise Rejected("surname", "missing")
    for column in ("birth_date", "death_registered_on"):
        _date(row, column, today)
    for column in ("document_issued_on", "document_valid_until"):
        _date(row, column, None)
    born, died = row["birth_date"], row["death_registered_on"]
    if born and died and last_day(died) < first_day(born):
        raise Rejected("death_registered_on", "before-birth")
    document = Document(**{name: row[f"document_{name}"] for name in DOCUMENT})
    fact = PersonEntered(
        particulars=Particulars(**{name: row[name] for name in PARTICULARS}),
        documents=() if document == Document() else (document,),
        ref=row["person_ref"],
    )
    return PersonRow(line, fact, died)


def dwelling(line: int, row: Row, today: str) -> DwellingRow:
    """A row of dwellings.csv: needs a ref; a kind, if there is one, is of the list."""
    insist(row, "dwelling_ref")
    if row["kind"] and row["kind"] not in about_dwelling.KINDS:
        raise Rejected("kind", "bad-value")
    address = Address(**{name: row[name] for name in ADDRESS})
    return DwellingRow(line, DwellingEntered(address=address, kind=row["kind"], ref=row["dwelling_ref"]))


def residence(line: int, row: Row, today: str) -> ResidenceRow:
    """A row of residences.csv: needs both refs and a kind of the list; dates may be partial or absent."""
    for column in ("person_ref", "dwelling_ref", "kind"):
        insist(row, column)
    if row["kind"] not in about_person.KINDS:
        raise Rejected("kind", "bad-value")
    _date(row, "since", today)
    _date(row, "until", today)
    return ResidenceRow(line, CardRow(**row))  # type: ignore[arg-type]


def rows(
    path: Path,
    columns: Sequence[str],
    required: Sequence[str],
    files: str,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[int, Row]]:
    """The rows of a file of these columns, each with its line. `files` are those that are needed, `called` other names
    of columns. Raises `BadFile`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [called.get(name.strip().casefold(), name) for name in next(reader, [])]
            _check_header(path.name, header, columns, required)
            before = reader.line_num
            for fields in reader:
                line, before = before + 1, reader.line_num
                if len(fields) != len(header):
                    raise BadFile(texts.say("files", "fields", path.name, line, len(fields), len(header)))
                yield line, _clean(dict(zip(header, fields, strict=True)))
    except FileNotFoundError:
        raise BadFile(texts.say("files", "no_file", path.name, files)) from None
    except UnicodeDecodeError:
        raise BadFile(texts.say("files", "not_utf8", path.name)) from None
    except csv.Error:
        raise BadFile(texts.say("files", "broken", path.name, reader.line_num)) from None


def _check_header(name: str, header: list[str], columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column not in columns]
    if missing:
        raise BadFile(texts.say("files", "no_column", name, ", ".join(missing)))
    if unknown or len(set(header)) < len(header):
        raise BadFile(texts.say("files", "extra_column", name, ", ".join(columns)))


def _clean(row: Mapping[str, str]) -> Row:
    """Fields without blanks around them; an empty one is absent."""
    return {name: value.strip() or None for name, value in row.items()}


def insist(row: Row, column: str) -> None:
    """Raises `Rejected` for a row without a column, or with text that cannot be kept."""
    for name, value in row.items():
        if value and (len(value) > LONGEST or not value.isprintable()):
            raise Rejected(name, "bad-text")
    if not row[column]:
        raise Rejected(column, "missing")


def _date(row: Row, column: str, today: str | None) -> None:
    text = row[column]
    if text is None:
        return
    try:
        earliest = days(text)[0]
    except NotADate:
        raise Rejected(column, "bad-date") from None
    if today and earliest.isoformat() > today:
        raise Rejected(column, "date-in-future")

"""The rows of a card index: every field through the gate, every fault and every doubt of a row told.

A file that is broken as a file stops the import before anything is written (`files`). A row with a fault is rejected,
and told with all its faults by line, column and code; one with a doubt is loaded and listed. Columns bear the names of
the fields they fill; one added to the particulars or the address is at once a column that a file may have.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry import gate, texts
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.events import CardRow, Document, Particulars, PersonEntered
from registry.aggregates.values import days, first_day, last_day
from registry.card_index import files
from registry.card_index.files import BadFile, Row, Spoilt, Table, TableForm, TableSource
from registry.writing import marked

__all__ = ["BadFile", "Row"]

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
DATES = (
    *("birth_date", "death_registered_on", "document_issued_on", "document_valid_until"),
    *("since", "until", "from", "order_dated"),
)
"""Columns in which a cell of a sheet may be a date, and not what Excel took for one."""
UNKNOWN_NAMES = (".", "\u2026", "...")
"""How registers mark a name that nobody knows."""
OUTSIDE = ("elsewhere", "abroad")
"""Kinds of dwellings that may have no address here."""
CODES = {"not-a-date": "bad-date", "text-broken": "bad-text", "text-too-long": "bad-text", "value-unknown": "bad-value"}
"""How the lists of an import have always called what the gate calls otherwise."""
_LOST = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+|\?{2,}(?:[\s-]*\?+)*", re.IGNORECASE)
"""What a spreadsheet makes of a long number, and a program of letters that it does not know."""
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_DAY_MADE_OF_A_HOUSE = re.compile(
    r"\d{{4}}-\d{{2}}-\d{{2}}|"
    r"\d{{1,2}}[.\-/ ](?:{0})\w*\.?(?:[.\-/ ]\d+)?|(?:{0})\w*\.?[.\-/ ]\d{{1,4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}".format(
        texts.TEXTS["card_words"]["months"]
    ),
    re.IGNORECASE,
)
_FRACTION = re.compile(r"[0-9]+[.,]0+")
"""What programs make of a whole number in a column with empty fields."""


@dataclass(frozen=True, slots=True)
class Reject:
    """What is said of a row: why it was not loaded or, in the list of warnings, what to look at though it was.
    `message` names no person's data."""

    file: str
    line: int
    column: str
    code: str
    message: str


class Rejected(Exception):
    """What is wrong with a row: the column (empty: the row), the code, and the line of another row that it clashes
    with."""

    def __init__(self, column: str, code: str, line: str = ""):
        self.column, self.code, self.line = column, CODES.get(code, code), line
        super().__init__(code)


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


@dataclass(slots=True)
class Learnt:
    """What is learnt while files are read, beside their rows: how each was read, what to look at in rows that are
    loaded, and the rows that are not, for what else may be wrong with them."""

    sources: list[TableSource] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    broken: dict[str, list[Any]] = field(default_factory=dict)


def reject(file: str, line: int, why: Rejected) -> Reject:
    """What the lists say of a row."""
    return Reject(file, line, why.column, why.code, message(why.code, why.line))


@cache
def message(code: str, line: str) -> str:
    """What a code says, with the line of the other row."""
    return (texts.TEXTS["rejects"].get(code) or texts.TEXTS["faults"][code]).format(line=line)


class Examined:
    """The fields of a row as they go through the gate: their canonical values, and all that is said of them."""

    def __init__(self, row: Row, *needed: str):
        spoilt = {column: text for column, text in row.items() if type(text) is Spoilt}
        self.row = {**row, **dict.fromkeys(spoilt)} if spoilt else row
        self.value: dict[str, str | None] = {}
        self.faults = [Rejected(column, text.code) for column, text in spoilt.items()]
        self.warnings: list[Rejected] = []
        self.on_card: dict[str, str] = {}
        for column in needed:
            value = self.note(column, gate.line(self.row.get(column)))
            self.value[column] = marked(value) if value and column.endswith("_ref") else value
            if not value:
                self.fault(column, "missing")

    def fault(self, column: str, code: str) -> None:
        """Notes a fault: of a field that has one already nothing more is known."""
        if all(column != one.column for one in self.faults):
            self.faults.append(Rejected(column, code))

    def note(self, column: str, found: gate.Gated) -> str | None:
        """What the gate says of a field."""
        for code in found.faults:
            self.fault(column, code)
        self.warnings += [Rejected(column, code) for code in found.warnings]
        return found.value

    def take(self, found: gate.GatedFields, before: str = "") -> None:
        """The same of several; `before` stands before their names."""
        self.value |= {before + name: value for name, value in found.value.items()} if before else found.value
        for name, codes in found.faults.items():
            for code in codes:
                self.fault(before + name, code)
        for name, codes in found.warnings.items():
            self.warnings += [Rejected(before + name, code) for code in codes]

    def texts(self, columns: Sequence[str], before: str = "") -> dict[str, str | None]:
        """Fields as they stand, but for those that are spoilt or that a spreadsheet has rewritten."""
        said = {name: self.row.get(before + name) for name in columns}
        for name, text in said.items():
            if text and text[0] in "?0123456789" and _LOST.fullmatch(text):
                self.fault(before + name, "text-lost" if text[0] == "?" else "number-lost")
                said[name] = None
        return said

    def day(self, column: str, today: str | None) -> str | None:
        """A day of a paper, not to come if `today` is given; one that no calendar has is kept as the month, and as the
        paper says it in `on_card`."""
        text = self.row.get(column)
        if text is None:
            self.value[column] = None
            return None
        value = self.note(column, gate.day_of_paper(text))
        if value and today and days(value)[0].isoformat() > today:
            self.fault(column, "date-in-future")
        elif value and text and self.warnings and self.warnings[-1].column == column:
            self.on_card[column] = impossible_day(text)
        self.value[column] = value
        return value

    def word(self, column: str, group: str, known: Sequence[str] = ()) -> str | None:
        """A code of a list, or the word for it that offices write; only one that is `known`, if any are."""
        text = self.note(column, gate.line(self.row.get(column)))
        code = called(group).get(files.folded(text), text) if text else None
        if code and known and code not in known:
            self.fault(column, "bad-value")
        self.value[column] = code
        return code


def impossible_day(text: str) -> str:
    """30.02.1948, or 1948-02-30 → 1948-02-30."""
    parts = re.findall(r"[0-9]+", text)
    year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
    return f"{year}-{month:>02}-{day:>02}"


@cache
def called(group: str) -> Mapping[str, str]:
    """Folded word → code, of a list of texts and of what offices write for it."""
    words = {files.folded(label): code for code, label in texts.TEXTS[group].items()}
    written = texts.TEXTS["card_words"]
    return words | {
        files.folded(word): code
        for code in texts.TEXTS[group]
        for word in (code, *written.get(f"{group}.{code}", code).split("|"))
    }


def form(file: str) -> TableForm:
    """What a file of a card index is to have."""
    columns = COLUMNS[file]
    called = files.headings(columns, texts.TEXTS["card_columns"])
    return TableForm(columns, REQUIRED[file], ", ".join(COLUMNS), called, DATES)


def table(folder: Path, file: str) -> Table:
    """A file of a card index, as CSV or as a sheet of Excel. Raises `BadFile`."""
    return Table(files.found(folder, file, ", ".join(COLUMNS)), form(file))


def read(
    folder: Path,
    file: str,
    parse: Callable[[int, Row, str], tuple[Any, Examined]],
    today: str,
    rejects: list[Reject],
    beside: Learnt | None = None,
) -> Iterator[Any]:
    """The parsed rows of a file; those that cannot be are added to `rejects`, the rest of what is learnt to `beside`.
    Raises `BadFile`.

    A column that the file does not have, and need not, is empty in every row.
    """
    source = table(folder, file)
    beside = beside or Learnt()
    beside.sources.append(source.source)
    for line, row in source:
        one, examined = parse(line, row, today)
        rejects += [reject(file, line, why) for why in examined.faults]
        if examined.faults:
            beside.broken.setdefault(file, []).append(one)
        else:
            beside.warnings += [reject(file, line, why) for why in examined.warnings]
            yield one


def person(line: int, row: Row, today: str) -> tuple[PersonRow, Examined]:
    """A row of persons.csv: needs a ref and a surname or a given name; everything else may be empty."""
    said = Examined(row, "person_ref")
    particulars = said.texts(PARTICULARS)
    particulars["birth_date"] = born = said.day("birth_date", today)
    said.take(_doubted(gate.particulars(particulars), particulars))
    if not (said.value["surname"] or said.value["given_names"]):
        _nameless(said, particulars["surname"])
    died = said.day("death_registered_on", today)
    if born and died and last_day(died) < first_day(born):
        said.fault("death_registered_on", "before-birth")
    document = _document(said)
    fact = PersonEntered(
        particulars=Particulars(**{name: said.value[name] for name in PARTICULARS}),
        documents=() if document == Document() else (document,),
        ref=said.value["person_ref"],
        on_card=said.on_card or None,
    )
    return PersonRow(line, fact, died), said


def _doubted(found: gate.GatedFields, said: Row) -> gate.GatedFields:
    """A question mark in a name that is not Cyrillic is a doubt: so old registers of other countries have it. In a
    Cyrillic one a letter was lost."""
    if ("text-lost",) not in found.faults.values():
        return found
    faults, value, warnings = dict(found.faults), dict(found.value), dict(found.warnings)
    for name in [name for name, codes in faults.items() if codes == ("text-lost",)]:
        text = gate.line(said[name]).value
        if text and not _CYRILLIC.search(text):
            del faults[name]
            value[name], warnings[name] = text, ("letter-in-doubt",)
    return gate.GatedFields(value, faults, warnings)


def _nameless(said: Examined, surname: str | None) -> None:
    """Neither a surname nor a given name is a fault; a mark that registers use for «unknown» («.») stays as written."""
    if surname in UNKNOWN_NAMES and all(one.column != "surname" for one in said.faults):
        said.value["surname"] = surname
        said.warnings.append(Rejected("surname", "letter-in-doubt"))
    else:
        said.fault("surname", "missing")


def _document(said: Examined) -> Document:
    fields = said.texts(DOCUMENT, "document_")
    fields["kind"] = said.word("document_kind", "document_kinds")
    for name in ("issued_on", "valid_until"):
        fields[name] = said.day(f"document_{name}", None)
    number = fields["number"] or ""
    if fields["kind"] == "passport_card" and number.isdigit() and len(number) < 9:
        said.fault("document_number", "number-lost")
    said.take(gate.document_fields(fields), "document_")
    return Document(**{name: said.value[f"document_{name}"] for name in DOCUMENT})


def dwelling(line: int, row: Row, today: str) -> tuple[DwellingRow, Examined]:
    """A row of dwellings.csv: needs a ref and, within the country, a settlement or a house; a kind is of the list."""
    said = Examined(row, "dwelling_ref")
    kind = said.word("kind", "dwelling_kinds", about_dwelling.KINDS)
    take_address(said)
    silent = not (said.value["settlement"] or said.value["house"])
    if silent and kind not in OUTSIDE and not {"settlement", "house"} & {one.column for one in said.faults}:
        said.fault("settlement", "address-missing")
    fact = DwellingEntered(
        address=Address(**{name: said.value[name] for name in ADDRESS}), kind=kind, ref=said.value["dwelling_ref"]
    )
    return DwellingRow(line, fact), said


def take_address(said: Examined) -> None:
    """The parts of an address: a number of a house is none that a spreadsheet has turned into a day or a fraction."""
    address = said.texts(ADDRESS)
    for name in ("house", "building", "flat", "room"):
        text = address[name] or ""
        if _DAY_MADE_OF_A_HOUSE.fullmatch(text) or _FRACTION.fullmatch(text):
            said.fault(name, "cell-fraction" if _FRACTION.fullmatch(text) else "cell-date")
            address[name] = None
    said.take(_doubted(gate.address(address), address))


def residence(line: int, row: Row, today: str) -> tuple[ResidenceRow, Examined]:
    """A row of residences.csv: needs both refs and a kind of the list; dates may be partial or absent. One that no
    calendar has stays as the paper says it: it is some day of its month."""
    said = Examined(row, "person_ref", "dwelling_ref", "kind")
    said.word("kind", "kinds", about_person.KINDS)
    for column in ("since", "until"):
        said.day(column, today)
    rest = [name for name in COLUMNS["residences.csv"] if name not in said.value]
    said.take(gate.fields_of(said.texts(rest), {}))
    fields = {**said.value, **said.on_card}
    return ResidenceRow(line, CardRow(**{name: fields[name] for name in COLUMNS["residences.csv"]})), said  # type: ignore[arg-type]


def table_of(
    path: Path,
    columns: Sequence[str],
    required: Sequence[str],
    files_: str,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """A file of these columns: iterated, it gives its rows, each with its line. `files_` are those that are needed,
    `called` other names of columns (heading → column). Raises `BadFile`."""
    headings = files.headings(columns, {}) | {files.folded(label): column for label, column in called.items()}
    return Table(path, TableForm(columns, required, files_, headings, DATES))

"""A table that an office has, pasted or sent as a file → rows of the form, by the reader of the card index."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from api.guided.batch import MOST_ROWS, BatchKind, Said, headings, of_table
from registry import texts
from registry.card_index import files, reading
from registry.card_index.files import BadFile, Spoilt, Table, TableForm

WORKBOOK = b"PK\x03\x04"
_DATES = ("certificate_dated", "deregistered_on")


@dataclass(kw_only=True)
class LoadedTable:
    """The rows that a table gave; what of it was not taken in, in words."""

    rows: list[Said] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: tuple[str, ...] = ()


def loaded(content: bytes, kind: BatchKind, room: int = MOST_ROWS) -> LoadedTable:
    """The rows of a table, as many as there is room for. What is no table is a fault, and nothing is taken in."""
    found = LoadedTable()
    suffix = ".xlsx" if content.startswith(WORKBOOK) else ".csv"
    # A name of our own: that of a file may say who is in it.
    with TemporaryDirectory(prefix="hromada-") as folder:
        path = Path(folder) / (texts.say("batch_page", "file_name") + suffix)
        path.write_bytes(content)
        try:
            table = Table(path, _form(kind))
            for line, cells in table:
                _take(found, line, cells, kind, room)
        except BadFile as error:
            return LoadedTable(faults=[str(error)])
    found.left_out = table.source.extra
    return found


def _form(kind: BatchKind) -> TableForm:
    """Its columns by the headings that people write, so that whatever is said of one says it in their words."""
    titles = _titles(kind)
    called = {titles[column]: texts.say("batch_columns", column) for column in kind.columns}
    return TableForm(
        columns=tuple(titles.values()),
        required=tuple(titles[column] for column in kind.required),
        files=texts.say("batch_page", "file_name"),
        called=files.headings(titles.values(), called),
        dates=tuple(titles[column] for column in kind.columns if column in (*reading.DATES, *_DATES)),
    )


def _titles(kind: BatchKind) -> dict[str, str]:
    return dict(zip(kind.columns, headings(kind), strict=True))


def _take(found: LoadedTable, line: int, cells: files.Row, kind: BatchKind, room: int) -> None:
    whole = cells.get("")
    if isinstance(whole, Spoilt):
        found.faults.append(texts.say("batch_page", "row_broken", line, texts.say("rejects", whole.code)))
    elif len(found.rows) < room:
        found.rows.append(of_table(kind, {column: cells.get(title) for column, title in _titles(kind).items()}))
    elif (full := texts.say("batch_page", "too_many", MOST_ROWS)) not in found.faults:
        found.faults.append(full)

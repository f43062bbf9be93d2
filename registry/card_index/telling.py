"""What an import leaves for the office: `rejects.csv`, `warnings.csv`, and the rejected rows themselves, to be mended
and imported again.

All of it holds personal data: only the account of the register reads these files. A field that a spreadsheet would run
as a formula has an apostrophe before it, which an import takes off again.
"""

import csv
import os
import stat
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from registry import texts
from registry.card_index import reading
from registry.card_index.files import Spoilt, Table, guarded
from registry.card_index.reading import Reject

COLUMNS = ("file", "line", "column", "code", "message", "value")
Values = dict[tuple[str, int, str], str]


def rows_folder(rejects: Path, source: Path) -> Path:
    """Where the rejected rows go: a folder named as the list. Rows that are read from there go into another one, so
    that what somebody has mended is never overwritten."""
    folder = rejects.with_suffix("") if rejects.suffix else rejects.with_name(f"{rejects.name}-rows")
    same = folder.exists() and source.exists() and folder.samefile(source)
    return folder.with_name(f"{folder.name}-again") if same else folder


def write(
    source: Path, rejects: Sequence[Reject], warnings: Sequence[Reject], *, rejects_file: Path, warnings_file: Path
) -> Path | None:
    """Writes both lists and the rejected rows of a card index; what was there before is replaced, and nothing is made
    where there is nothing to tell. The folder of the rows, if there are any."""
    folder = rows_folder(rejects_file, source)
    rows = rejects or folder.exists()
    values: Values = {}
    for name in reading.COLUMNS if rows or warnings else ():
        values |= look_again(reading.table(source, name), rejects, warnings, folder / name if rows else None)
    write_list(rejects_file, rejects, values)
    write_list(warnings_file, warnings, values)
    return folder if rejects else None


def write_list(path: Path, said: Sequence[Reject], values: Values) -> None:
    """One list: file, line, column, code, message and, last, the value that stood there. An empty list is written only
    over another one."""
    if not said and not path.exists():
        return
    with _private(path) as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one in said:
            value = values.get((one.file, one.line, one.column), "")
            rows.writerow((one.file, one.line, one.column, one.code, one.message, guarded(value)))


def look_again(
    table: Table, rejects: Iterable[Reject], warnings: Iterable[Reject] = (), rows_file: Path | None = None
) -> Values:
    """The values that stood where the lists speak of, from a file that is read once more; its rejected rows go to
    `rows_file` as they stood, each with the reasons in a last column: for Excel as it is set up in Ukraine."""
    wanted, reasons = _by_line(table, [*rejects, *warnings]), _by_line(table, rejects)
    values: Values = {}
    with ExitStack() as stack:
        kept, rows = list(range(len(table.heading))), None
        if rows_file:
            file = stack.enter_context(_private(rows_file, encoding="utf-8-sig"))
            rows = csv.writer(file, delimiter=";", lineterminator="\r\n")
            why = texts.TEXTS["rejects"]["why"]
            kept = [place for place in kept if table.said[place] != why]
            rows.writerow([*(guarded(table.said[place]) for place in kept), why])
        for line, cells, fault in table.cells() if wanted else ():
            for one in wanted.get(line, ()):
                if one.column:
                    named = dict(zip(table.heading, cells, strict=False))
                    values[one.file, line, one.column] = named.get(one.column, "")
            if rows and line in reasons:
                told = "; ".join(f"{one.column}: {one.message}".removeprefix(": ") for one in reasons[line])
                cells = _in_doubt(table, cells, fault)
                beyond = cells[len(table.heading) :]
                rows.writerow(map(_as_text, (*(cells[place] for place in kept), told, *beyond)))
    return values


def _in_doubt(table: Table, cells: list[str], fault: str) -> list[str]:
    """A row that ended too early, with what it did not say to its end marked: written whole it would say that there is
    nothing."""
    if not fault or len(cells) > len(table.heading):
        return cells
    last = max((place for place, cell in enumerate(cells) if cell), default=0)
    doubted = {last} if fault == "cut-short" else set()
    doubted |= {place for place in map(table.heading.index, table.form.required) if not cells[place]}
    return [Spoilt(cell, fault) if place in doubted else cell for place, cell in enumerate(cells)]


def _as_text(cell: str) -> str:
    return cell.written if isinstance(cell, Spoilt) else guarded(cell)


def _by_line(table: Table, said: Iterable[Reject]) -> dict[int, list[Reject]]:
    found: dict[int, list[Reject]] = defaultdict(list)
    for one in said:
        if one.file == table.source.file:
            found[one.line].append(one)
    return found


def kinds(said: Iterable[Reject]) -> dict[str, int]:
    """How many rows each kind of fault is in, the most frequent first."""
    rows = {(one.code, one.file, one.line) for one in said}
    return dict(Counter(code for code, *_ in sorted(rows)).most_common())


def rejected(said: Iterable[Reject]) -> int:
    """How many rows a list speaks of."""
    return len({(one.file, one.line) for one in said})


@contextmanager
def _private(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A file for the register's own account, whoever could read what was there before."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding=encoding, newline="") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, 0o600)
        yield file

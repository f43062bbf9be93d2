"""A table of applications that somebody brings at once, as data and as a form: pure, nothing is looked up.

A row is what a guided page asks of one person. In a form the fields of row 3 begin with «3-»; those of a row that is
not open for mending travel packed in one field. What is said of the whole table has the number 0.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from api.guided.body import Typed, one
from api.guided.path import GuidedPart
from api.guided.shape import QUESTIONS, GuidedQuestion
from registry import gate, texts
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.values import id_of
from registry.card_index import files, reading
from registry.card_index.files import Row, Spoilt
from registry.twice import Entering, is_one

MOST_ROWS = 60
"""Of one table: the next is another one."""
FIND, ALL = "dwelling_find", "all"
PERSON_FIND = "person_find"
COMMAND, PACKED = "command", "packed"
_NOT_PACKED = ("refuse", PACKED)
_SPOILT = re.compile(r"#([a-z]+(?:-[a-z]+)*): ?")
_BY_ID: Mapping[str, GuidedQuestion] = {one.id: one for one in QUESTIONS}
_NO_FIND = {"dwelling": FIND}
"""Columns whose text is looked for before it is an answer."""

Said = dict[str, list[str]]
"""A row: every value of each of its fields."""


@dataclass(frozen=True, kw_only=True)
class BatchKind:
    """A kind of table: the service that each row asks for, who may bring it, what is asked once and what by columns."""

    id: str
    service: str
    reference: str
    applicants: tuple[str, ...]
    visit: tuple[str, ...]
    same: tuple[str, ...]
    rare: tuple[str, ...]
    checks: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...]
    notice: str = ""


def _kind(said: dict[str, Any]) -> BatchKind:
    listed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return BatchKind(**listed)


BATCHES: Mapping[str, BatchKind] = {
    each["id"]: _kind(each)
    for each in tomllib.loads(Path(__file__).with_name("batches.toml").read_text("utf-8"))["batch"]
}


def rows_of(typed: Typed) -> list[Said]:
    """The rows of a form, each with the id of the command by which it is recorded, however often it is sent."""
    number = one(typed, "rows")
    count = min(int(number), MOST_ROWS) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    by_row: dict[str, Said] = {}
    for name, values in typed.items():
        of, dash, field = name.partition("-")
        if dash and values:
            by_row.setdefault(of, {})[field] = list(values)
    rows = [_row(by_row.get(str(at), {})) for at in range(1, count + 1)]
    removed = one(typed, "remove")
    return [row for at, row in enumerate(rows, 1) if str(at) != removed]


def _row(said: Said) -> Said:
    row = unpacked(one(said, PACKED))
    for name, values in said.items():
        if name in ("documents", "distinct_from"):
            row[name] = [*row.get(name, ()), *values]
        elif name != PACKED:
            row[name] = values
    if id_of(one(row, COMMAND)) is None:
        row[COMMAND] = [str(uuid4())]
    return row


def packed(row: Said) -> str:
    """A row in one field of a form, without what is empty."""
    pairs = [[name, value] for name, values in row.items() if name not in _NOT_PACKED for value in values if value]
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Said:
    """The same again; of what no page of ours has packed, nothing."""
    try:
        pairs = json.loads(text or "[]")
        found: Said = {}
        for name, value in pairs:
            if isinstance(name, str) and isinstance(value, str):
                found.setdefault(name, []).append(value)
    except (ValueError, TypeError, RecursionError):
        return {}
    return found


def numbered(row: Said, number: int) -> dict[str, list[str]]:
    """The fields of a row as the form of a page has them."""
    return {f"{number}-{name}": values for name, values in row.items()}


def of_table(kind: BatchKind, cells: Row) -> Said:
    """A row of a table as a row of the form; an empty cell is no answer."""
    row: Said = {COMMAND: [str(uuid4())]}
    for column in kind.columns:
        text = cells.get(column)
        if text is None:
            continue
        value = text.written if isinstance(text, Spoilt) else _answer(column, text)
        if value:
            row[_NO_FIND.get(column, column)] = [value]
    return row


def _answer(column: str, text: str) -> str:
    """A cell as the answer to its question: the code of a word of a list, a text that is no code as it stands."""
    if column == "documents":
        return ALL if files.folded(text) in _yes() else ""
    question = _BY_ID.get(column)
    if column in ("sex", "citizenship"):
        return getattr(gate, column)(text).value or text
    if column in ("document_kind", "identity_document"):
        return reading.called("document_kinds").get(files.folded(text), text)
    if question is None or not (question.options or question.kind == "yes_no"):
        return text
    return _words(question).get(files.folded(text), text)


def _yes() -> frozenset[str]:
    return frozenset(files.folded(word) for word in texts.say("batch_page", "all_words").split("|"))


def _words(question: GuidedQuestion) -> dict[str, str]:
    """Folded word → option, of the words that a page says and of those that tables have."""
    own = texts.TEXTS["guided_options"]
    found: dict[str, str] = {}
    for option in question.options or ("yes", "no"):
        written = texts.TEXTS["batch_words"].get(f"{question.id}_{option}" if question.options else option, "")
        label = own.get(f"{question.id}_{option}", own.get(option, ""))
        found |= {files.folded(word): option for word in (option, label, *written.split("|")) if word}
    return found


def spoilt(row: Said) -> dict[str, str]:
    """The fields of a row that another program has spoilt, each with what to do about it."""
    found = {}
    for name, values in row.items():
        code = _SPOILT.match(values[-1]) if values else None
        if code and code[1] in texts.TEXTS["rejects"]:
            found[name.removesuffix("_find")] = texts.say("rejects", code[1])
    return found


def said_of(row: Said, common: Mapping[str, str]) -> dict[str, str]:
    """The answers of a row: its own, else those of the whole table."""
    wrong = spoilt(row)
    own = {each.id: one(row, each.id) for each in QUESTIONS if each.id not in wrong}
    return {**common, **{id: text for id, text in own.items() if text}}


def asked_of_row(part: GuidedPart, kind: BatchKind) -> list[GuidedQuestion]:
    """The questions that a row is asked: those of its service that are not asked once of the whole table."""
    return [each for each in part.asked() if each.id not in kind.visit]


def asked_once(part: GuidedPart, kind: BatchKind) -> list[GuidedQuestion]:
    """The questions that are asked of the whole table."""
    return [each for each in part.asked() if each.id in (*kind.visit, *kind.same)]


def looked_for(row: Said) -> str:
    """By what somebody of the register is looked for: a number, else names with the day of birth."""
    for number in ("unzr", "rnokpp"):
        if said := one(row, number):
            return said
    return " ".join(filter(None, (one(row, name) for name in ("surname", "given_names", "patronymic", "birth_date"))))


def twins(rows: Sequence[Said]) -> dict[int, int]:
    """The rows that tell of somebody of whom an earlier one told already: number → that of the earlier one."""
    told = [(_person(row), _entering(row)) for row in rows]
    found: dict[int, int] = {}
    for at, (person, who) in enumerate(told):
        for before, (other, also) in enumerate(told[:at]):
            if (person and person == other) or is_one(who, also) or _same_paper(who, also):
                found[at + 1] = before + 1
                break
    return found


def _person(row: Said) -> UUID | None:
    return id_of(one(row, "person"))


def _entering(row: Said) -> Entering:
    """Whom a row names, as far as the gate lets it through."""
    names = ("surname", "given_names", "patronymic", "birth_date", "unzr", "rnokpp")
    said = gate.particulars({name: one(row, name) or None for name in names}).value
    kind, number = one(row, "document_kind"), one(row, "document_number")
    papers = [Document(kind=kind, number=gate.document(kind, number).value)] if kind and number else []
    return Entering(id=uuid4(), particulars=Particulars(**said), documents=papers)


def _same_paper(who: Entering, also: Entering) -> bool:
    said = ((one.particulars.unzr, *((paper.kind, paper.number) for paper in one.documents)) for one in (who, also))
    return any(one for one in set(next(said)) & set(next(said)) if one)


def headings(kind: BatchKind) -> Iterator[str]:
    """How a table calls its columns, in their order."""
    return (texts.say("batch_columns", column).split("|")[0] for column in kind.columns)

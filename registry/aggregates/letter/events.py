"""The facts of a letter (лист) that tells of a decision: formed with it, then issued as a document (semantics 9)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFormed:
    """In the act of the decision. `number` is that of the case and, after a stroke, of the first of the `parts` whose
    decision it tells; so letters need no numbers of their own, and those of extracts stay as they are. `code` is that
    of the public check; `content` is all that is printed (`letters/content.py`)."""

    NAME: ClassVar[str] = "letter-formed"
    application: UUID
    number: str
    code: str
    parts: tuple[int, ...]
    decided_on: DateText
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterIssued:
    """`sha256` is of the document's file, lower-case hex; `renderer` (a version) and `key` (the signing key, by its
    name) can make it again."""

    NAME: ClassVar[str] = "letter-issued"
    sha256: str
    renderer: str
    key: str


LetterFact = LetterFormed | LetterIssued

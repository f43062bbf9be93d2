"""`letters`: which letters tell of the decisions of an application, and which of them were issued."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.letter.state import NO_LETTER, LetterRecord, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "letters"
VERSION = 1
AGGREGATE = "letter"
COLUMNS = ("letter", "application", "number", "code", "parts", "issued", "sha256")
KEY = {"letter": "uuid"}
IGNORES: Sequence[type] = ()

EMPTY, FOLD = NO_LETTER, fold


def view(stream: UUID, letter: LetterRecord) -> Iterator[tuple]:
    """The row of a letter as now believed."""
    if letter.formed is None:
        return
    formed, issued = letter.formed, letter.issued
    yield (
        stream,
        formed.application,
        formed.number,
        formed.code,
        tuple(formed.parts),
        issued is not None,
        issued.sha256 if issued else None,
    )

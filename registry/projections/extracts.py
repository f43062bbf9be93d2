"""`extracts`: which number went to whom, and what became of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.extract.events import ExtractContinued
from registry.aggregates.extract.state import NO_EXTRACT, Extract, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "extracts"
VERSION = 1
AGGREGATE = "extract"
COLUMNS = ("extract", "person", "year", "number", "code", "issued", "sha256", "renderer", "voided")
KEY = {"extract": "uuid"}
IGNORES: Sequence[type] = (ExtractContinued,)

EMPTY, FOLD = NO_EXTRACT, fold


def view(stream: UUID, extract: Extract) -> Iterator[tuple]:
    """The row of an extract as now believed."""
    if extract.requested is None:
        return
    asked, issued = extract.requested, extract.issued
    yield (
        stream,
        asked.person,
        asked.year,
        asked.number,
        asked.code,
        issued is not None,
        issued.sha256 if issued else None,
        issued.renderer if issued else None,
        extract.voided is not None,
    )

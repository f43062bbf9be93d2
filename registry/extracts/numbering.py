"""The number of an extract, which it takes under the log's lock."""

from dataclasses import replace
from datetime import date

from registry.aggregates.extract.events import ExtractRequested
from registry.projections import extracts
from registry.storage.recorder import Connection, one_row


def numbered(connection: Connection, fact: ExtractRequested, today: date) -> ExtractRequested:
    """The fact with the next number of the Kyiv calendar year (semantics 9)."""
    number = one_row(connection.execute(extracts.SQL["next_number"], {"year": today.year}))["number"]
    return replace(fact, year=today.year, number=number)

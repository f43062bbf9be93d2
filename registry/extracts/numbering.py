"""What an extract gets under the log's lock: its number and, if it is of the act itself, its position."""

from dataclasses import replace

from registry.aggregates.extract.events import ExtractRequested
from registry.projections import extracts
from registry.storage.following import PlaceInLog
from registry.storage.recorder import Connection, one_row


def numbered(connection: Connection, fact: ExtractRequested, place: PlaceInLog) -> ExtractRequested:
    """The fact with the next number of the Kyiv calendar year; one that states the register after its own act is read
    at the act's last position (semantics 9)."""
    year = place.day.year
    number = one_row(connection.execute(extracts.SQL["next_number"], {"year": year}))["number"] + place.nth
    return replace(fact, year=year, number=number, read_at=fact.read_at or place.last)

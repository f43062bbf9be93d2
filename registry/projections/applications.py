"""`applications`: what was asked for and what became of it, and which changes wait for a second person."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.case import events, found
from registry.aggregates.case.state import NO_CASE, CaseRecord, fold
from registry.aggregates.values import last_day
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "applications"
VERSION = 1
AGGREGATE = "application"
COLUMNS = (
    *("application", "status", "code", "services", "channel", "office", "received", "due_by"),
    *("persons", "asked_by", "past"),
)
KEY = {"application": "uuid"}
IGNORES: Sequence[type] = (events.CheckAnswered, events.PaperCorrected, events.PaperAnnulled, found.SentFoundUntrue)

EMPTY, FOLD = NO_CASE, fold


def view(stream: UUID, application: CaseRecord) -> Iterator[tuple]:
    """The row of an application, or of a change asked for without one, as now believed."""
    received, change = application.received, application.change
    if received is None and change is None:
        return
    parts = received.parts if received else ()
    persons = [one.person for part in parts for one in part.concerned]
    persons += [*application.before, *(change.people if change else ())]
    yield (
        stream,
        application.status,
        received.code if received else None,
        tuple(str(part.asked.get("service", "")) for part in parts),
        received.channel if received else None,
        received.office if received else None,
        received.received if received else None,
        min((last_day(part.due_by) for part in parts), default=None),
        tuple(dict.fromkeys(persons)),
        application.asked_by.id if application.asked_by and application.awaiting else None,
        application.past,
    )

"""`papers`: what is written on the papers that were shown, for what and for whom, and which of it was annulled."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry.aggregates.case import events, found, unfinished
from registry.aggregates.case.state import NO_CASE, CaseRecord, fold
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "papers"
VERSION = 1
AGGREGATE = "application"
COLUMNS = (
    *("application", "part", "paper", "id", "kind", "number", "dated", "issuer", "valid_until", "in_force_on"),
    *("powers", "whose", "holder", "shown_by", "scan", "annulled", "people"),
)
KEY = {"application": "uuid", "part": "integer", "paper": "uuid", "id": "text"}
IGNORES: Sequence[type] = (
    events.CheckAnswered,
    events.ApplicationGranted,
    events.ApplicationRefused,
    events.ApplicationBarred,
    events.ChangeRequested,
    events.ChangeApproved,
    events.ChangeRejected,
    unfinished.ApplicationLeftWithoutMovement,
    unfinished.ApplicationMovesAgain,
    unfinished.ApplicationWithdrawn,
    found.SentFoundUntrue,
)

EMPTY, FOLD = NO_CASE, fold


def view(stream: UUID, application: CaseRecord) -> Iterator[tuple]:
    """A row for each paper of each part, as now believed; `people` are those whom the part concerns, and whose it
    is."""
    parts = application.received.parts if application.received else ()
    shown = {(one.part, one.paper.paper, one.paper.id): one for one in application.papers}
    for one in shown.values():
        paper, concerned = one.paper, [who.person for who in parts[one.part - 1].concerned]
        yield (
            stream,
            one.part,
            *(paper.paper, paper.id, paper.kind, paper.number, paper.dated, paper.issuer, paper.valid_until),
            *(paper.in_force_on, paper.powers, paper.whose, paper.holder, paper.shown_by, paper.scan),
            one.annulled,
            tuple(dict.fromkeys([*concerned, *([paper.whose] if paper.whose else [])])),
        )

"""What is recorded later than on its day: it takes a reason, and a second person has a word (cards, row 12).

Row 12 says on which day the entry is made, so nobody may say of an earlier day what was not recorded by then. A
machine's stamp is a fact, however old; a desk's word for an earlier day is not. What was taken in on paper first, on a
field visit or during an outage, and has a number in a journal, may be brought in on the next working day still.
"""

from collections.abc import Iterable
from datetime import date, datetime

from registry.aggregates.case.events import PaperJournal, Part
from registry.services.offices import Timetable
from registry.services.terms import papers_by

WAITS_FOR = ("correction", "received", "acted_on")
"""Why a second person has a word: what the register says of the past is corrected; it came, or is said to have been
decided, on an earlier day. Each has a label."""
JOURNALS = ("field_visit", "outage")
"""What is written on paper first, each with a journal of its own, and a label."""


def received_earlier(
    received: datetime, machine: str | None, paper: PaperJournal | None, today: date, timetable: Timetable
) -> bool:
    """Whether a receipt that is recorded today is of an earlier day than it can be on a desk's word alone."""
    day = received.date()
    return machine is None and today > (papers_by(day, timetable) if paper else day)


def acted_earlier(
    parts: Iterable[Part],
    received: date,
    paper: PaperJournal | None,
    *,
    on: date,
    today: date,
    timetable: Timetable,
) -> bool:
    """Whether a decision that is recorded today is said to be of an earlier day, though the term of a part is over."""
    late = (today > date.fromisoformat(part.due_by) for part in parts)
    return on < today and any(late) and not (paper and today <= papers_by(received, timetable))

"""What was taken down of a paper wrongly: corrected, or annulled where there was no such one.

It changes nobody's residence and no record of a past (semantics 1.4 to 1.7), so no second person is asked; what was
decided on it stays decided, and is taken back as anything else is. Before the decision it is judged by what now is.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry.aggregates.case.events import PaperAnnulled, PaperCorrected
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.case.written import detail_faults
from registry.aggregates.papers import Paper, ShownPaper
from registry.aggregates.values import Fault, refuse, sure

DETAILS = tuple(one.name for one in fields(Paper) if one.name not in ("paper", "id"))
"""What can be corrected of a paper; what it stands for is of the application."""


def correct_paper(
    record: CaseRecord, key: UUID, *, changes: Mapping[str, Any], reason: str | None
) -> list[ApplicationFact]:
    """A paper with some of its details as they are; None takes one away. Raises `Impossible`."""
    faults = [*_paper_faults(record, key), *_reason_faults(reason)]
    refuse(faults)
    was = sure(record.paper(key)).paper
    now = replace(was, **changes)
    if now == was:
        refuse([Fault("nothing-changed", "number")])
    refuse(detail_faults(now, date.fromisoformat(_shown_on(record, key))))
    return [PaperCorrected(paper=key, was=was, now=now, reason=sure(reason))]


def annul_paper(record: CaseRecord, key: UUID, *, reason: str | None) -> list[ApplicationFact]:
    """A paper of which nothing counts any more. Raises `Impossible`."""
    refuse([*_paper_faults(record, key), *_reason_faults(reason)])
    return [PaperAnnulled(paper=key, reason=sure(reason))]


def says_the_same(record: CaseRecord, other: CaseRecord, key: UUID) -> bool:
    """Whether the same is written on a paper in another application, whatever it stands for there and whoever showed
    it: then it is mended there too."""
    told = [_written(one.paper(key)) for one in (record, other)]
    return told[0] == told[1]


def _shown_on(record: CaseRecord, key: UUID) -> str:
    """The last day on which a paper was shown: that of receipt, or on which it was brought later."""
    received = sure(record.received)
    return max(received.received[:10], *((part.shown_on or {}).get(str(key), "") for part in received.parts))


def _written(shown: ShownPaper | None) -> Paper | None:
    return replace(shown.paper, id="", powers=None, shown_by=None) if shown and not shown.annulled else None


def _paper_faults(record: CaseRecord, key: UUID) -> list[Fault]:
    if record.received is None:
        return [Fault("application-unknown")]
    found = record.paper(key)
    if found is None:
        return [Fault("paper-key-unknown", "paper")]
    return [Fault("paper-annulled", "paper")] if found.annulled else []


def _reason_faults(reason: str | None) -> list[Fault]:
    return [] if reason else [Fault("reason-missing", "reason")]

"""An application of which something was recorded later than on its day, or on paper first, as a row of the list."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.shapes import cases
from registry import texts
from registry.aggregates.case.events import ChangeApproved, ChangeRequested
from registry.aggregates.case.past import JOURNALS
from registry.aggregates.case.state import CaseRecord, Outcome, fold
from registry.aggregates.values import Entry, sure
from registry.storage.mapper import instant_text
from registry.viewer import HIDDEN, Viewer


def past_entry(row: Mapping[str, Any], entries: Sequence[Entry], seen_by: Viewer) -> dict[str, Any]:
    """What of it is of the past and why; who took it in, decided it, and approved. What people wrote is hidden with
    anybody of those whom it concerns."""
    record = fold(entries)
    receipt, shown = sure(record.received), all(map(seen_by.sees, row["persons"]))
    asked = _last(entries, ChangeRequested) if record.change else None
    decided = _last(entries, Outcome)
    reasons = [receipt.recorded_later, asked and asked.fact.recorded_later, decided and decided.fact.recorded_later]
    said = list(dict.fromkeys(one for one in reasons if one))
    journal = cases.journal(receipt.paper_journal) if receipt.paper_journal else None
    if journal and not shown:
        journal |= {"number": HIDDEN}
    approval = _approval(row["past"], record)
    return {
        "position": row["known_from"],
        **cases.head(row["application"], record),
        "services": row["services"],
        "persons": [str(one) for one in row["persons"]],
        "past": [{"id": one, "label_uk": _label(one)} for one in row["past"]],
        "reasons": said if shown else [HIDDEN for _ in said],
        "paper_journal": journal,
        "recorded": _by(entries[0]),
        "acted_on": decided.fact.decided_on if decided else asked.fact.acted_on if asked else None,
        "asked": _by(asked) if asked else None,
        "decided": _by(decided) if decided else None,
        "approved": _by(_last(entries, ChangeApproved)) if approval == "approved" else None,
        "approval": approval,
        "approval_uk": texts.label("approvals", approval),
    }


def _approval(past: Sequence[str], record: CaseRecord) -> str:
    """Whether a second person has had a word on what is of the past: one of the [approvals]."""
    if record.awaiting:
        return "waits"
    if record.status == "withdrawn":
        return "withdrawn"
    if all(one in JOURNALS for one in past):
        return "not-needed"
    if record.outcomes:
        return "approved" if isinstance(record.judged, ChangeApproved) else "none"
    return "rejected" if record.judged else "undecided"


def _label(past: str) -> str:
    return texts.label("paper_journals" if past in JOURNALS else "waits_for", past)


def _last(entries: Sequence[Entry], kind: Any) -> Entry | None:
    return next((one for one in reversed(entries) if isinstance(one.fact, kind)), None)


def _by(entry: Entry | None) -> dict[str, Any]:
    """Who recorded a fact, and when."""
    one = sure(entry)
    return {"by": {"id": one.by.id, "name": one.by.name}, "at": instant_text(one.recorded_at)}

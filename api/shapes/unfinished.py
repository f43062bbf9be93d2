"""What went on with an application before its decision, as JSON values."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from api.desk import Desk
from api.shapes import cases
from registry import papers, texts
from registry.aggregates.case.found import NewcomerRecognised, SentFoundUntrue
from registry.aggregates.case.state import CaseRecord, fold
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    FellAway,
    PapersBrought,
)
from registry.aggregates.values import Entry
from registry.app import Act
from registry.cases.as_of import AsOf
from registry.storage.mapper import instant_text

WENT_ON = (
    PapersBrought,
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
    ApplicationAmended,
    NewcomerRecognised,
    SentFoundUntrue,
)


def done(desk: Desk) -> Callable[[Act], dict[str, Any]]:
    """What an act on an application that is not decided answers beside what every act does: how it stands then."""

    def told(act: Act) -> dict[str, Any]:
        id = act.entries[0].stream
        record = AsOf(desk.registry, act.position).record(id)
        found: dict[str, Any] = {**cases.head(id, record), **standing(record)}
        for entry in act.entries:
            match entry.fact:
                case ApplicationAmended():
                    found |= fell_away(entry.fact.fell_away)
                case ApplicationWithdrawn():
                    found |= _paid(entry.fact.paid)
        return found

    return told


def standing(record: CaseRecord) -> dict[str, Any]:
    """Whether it stands without movement, and which of its parts were withdrawn."""
    left = record.left and _left(record.left)
    return {"without_movement": left, "withdrawn": sorted(record.withdrawn)}


def went_on(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What was brought, left, withdrawn and amended, in its order: by whom, when, and what was typed before."""
    return [
        {
            **cases.fact_name(entry.fact.NAME),
            **_details(entry.fact, entries[:number]),
            "by": {"id": entry.by.id, "name": entry.by.name},
            "recorded_at": instant_text(entry.recorded_at),
            "position": entry.position,
        }
        for number, entry in enumerate(entries)
        if isinstance(entry.fact, WENT_ON)
    ]


def fell_away(fell: Iterable[FellAway]) -> dict[str, Any]:
    """The answers that no longer answer anything: they are asked for again, where the card does."""
    rows = [{"part": one.part, "check": one.check, "name": texts.label("checks", one.check)} for one in fell]
    return {"fell_away": rows}


def _details(fact: Any, before: Sequence[Entry]) -> dict[str, Any]:
    match fact:
        case ApplicationLeftWithoutMovement():
            return _left(fact)
        case ApplicationWithdrawn():
            said = {"parts": list(fact.parts), "said_by": fact.said_by, "paper": fact.paper, "reason": fact.reason}
            return {**said, "said_by_uk": texts.label("withdrawals", fact.said_by), **_paid(fact.paid)}
        case ApplicationAmended():
            return {"reason": fact.reason, **fell_away(fact.fell_away), "was": _typed(fold(before))}
        case NewcomerRecognised():
            return {"newcomer": str(fact.newcomer), "person": str(fact.person), "reason": fact.reason}
        case SentFoundUntrue():
            return {"part": fact.part, "reason": fact.reason}
        case PapersBrought():
            said = {name: value for name, value in msgspec.to_builtins(fact).items() if value not in (None, [])}
            card = next((part.card for part in fold(before).parts[fact.part - 1 : fact.part]), None)
            written = [{"paper": str(one.paper), **papers.as_json(one, card)} for one in fact.papers or ()]
            return {**said, "papers": written}
    return {"reason": fact.reason, "due_by": fact.due_by}


def _typed(record: CaseRecord) -> dict[str, Any]:
    """The parts as they stood, and who applied."""
    received = record.received
    parts = received.parts if received else ()
    return {
        "applicant_name": received.applicant if received else None,
        "phone": received.phone if received else None,
        "parts": [{"asked": part.asked, "register": cases.to_record(part)} for part in parts],
    }


def _left(fact: ApplicationLeftWithoutMovement) -> dict[str, Any]:
    lacking = [{"part": one.part, "papers": list(one.papers)} for one in fact.lacking]
    return {
        "lacking": lacking,
        "bring_by": fact.bring_by,
        "consent": fact.consent,
        "reason": fact.reason,
        "text": fact.text,
    }


def _paid(kopiykas: int | None) -> dict[str, Any]:
    """What was paid for what is withdrawn; the sources do not say whether it is returned."""
    if not kopiykas:
        return {"paid": kopiykas}
    sum_ = texts.say("law", "fee", *divmod(kopiykas, 100))
    return {"paid": kopiykas, "paid_uk": texts.say("without_movement", "paid", sum_)}

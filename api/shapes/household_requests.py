"""An official request of another department: as it came, by when, what the register answers, what was answered."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.errors import told
from api.household_forms import HouseholdAsked
from api.shapes.households import HouseholdTold, answered
from registry import occasion, seals, texts
from registry.aggregates.household.events import HouseholdAnswered, HouseholdRequested
from registry.aggregates.household.state import HouseholdRecord
from registry.aggregates.outgoing.events import item_id
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Fault, Impossible, refuse, sure
from registry.households import Households
from registry.outgoing import delivering, makers
from registry.services.adjacent import EVERY_ADJACENT
from registry.viewer import Hidden

MOST_BYTES = 50_000
"""Of an answer: a line of the log is shorter than 65,536 bytes (semantics 7)."""
NAMED = ("surname", "given_names", "patronymic", "birth_date", "unzr")


def request_row(desk: Desk, id: UUID, record: HouseholdRecord) -> dict[str, Any]:
    """A request with what became of it; of whoever is hidden neither who nor where."""
    asked = sure(record.requested)
    card = next(one for one in EVERY_ADJACENT if one.number == asked.card)
    shown = seen(desk, record)
    return {
        "request": str(id),
        "version": record.version,
        **{"card": card.number, "title": card.title, "reference": card.reference},
        **{name: getattr(asked, name) for name in ("sender", "number", "dated", "due_by")},
        "received": asked.came_on,
        "status": "answered" if record.answer else "waiting",
        "overdue": record.answer is None and asked.due_by < desk.today().isoformat(),
        "hidden": not shown,
        "applicant": _named(asked.applicant) if shown else None,
        "applicant_is": asked.applicant_is,
        "address": texts.address_label(asked.address) if shown and asked.address else None,
        "member": _named(asked.member) if shown and asked.member else None,
        "answer": _answer(desk, record, shown) if record.answer else None,
    }


def _named(who: Particulars) -> dict[str, Any]:
    return {name: getattr(who, name) for name in NAMED}


def _answer(desk: Desk, record: HouseholdRecord, shown: bool) -> dict[str, Any]:
    entry = sure(record.answer)
    said: HouseholdAnswered = entry.fact
    outgoing = item_id(entry.position, makers.REPLY.id, None, None, None)
    [row] = delivering.items(desk.registry, [outgoing])
    told_of = {"text": said.text, "reason": said.reason} if shown else {"text": None, "reason": None}
    state = row["state"]
    return {"on": said.on, **told_of, "outgoing": str(outgoing), "state": state}


def seen(desk: Desk, record: HouseholdRecord) -> bool:
    """Whether the actor may see everybody whom the request may name, and whom the answer tells of."""
    asked = sure(record.requested)
    of = Households(desk.registry, desk.today(), desk.registry.position(), desk.here().within, desk.viewer)
    named = [one for who in (asked.applicant, asked.member) if who for one in of.named(who)]
    people = {*named, *(record.answer.fact.people if record.answer else ())}
    if not all(map(desk.viewer.sees, people)):
        return False
    occasion.shows(*people)
    return True


def as_asked(asked: HouseholdRequested) -> HouseholdAsked:
    """The same as the API takes it."""
    said: dict[str, Any] = {
        "card": asked.card,
        "notice": {name: getattr(asked, name) for name in ("sender", "number", "dated")},
        "applicant": _said(asked.applicant),
        "applicant_is": asked.applicant_is,
    }
    more = {"address": asked.address and _plain(asdict(asked.address)), "member": asked.member and _said(asked.member)}
    return HouseholdAsked.model_validate({**said, **{name: one for name, one in more.items() if one}})


def _said(who: Particulars) -> dict[str, Any]:
    return _plain(_named(who))


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in said.items() if one is not None}


def preview(desk: Desk, record: HouseholdRecord) -> tuple[HouseholdTold | None, list[str]]:
    """What the register answers now, each time a recorded look; or why it tells nothing, in words."""
    try:
        return answered(desk, as_asked(sure(record.requested))), []
    except Impossible as error:
        return None, [one["detail"] for one in told(desk.registry, error.faults, None, seen_by=desk.viewer)]
    except Hidden as error:
        return None, [str(error)]


def reply(desk: Desk, record: HouseholdRecord, reason: str | None) -> tuple[str, tuple[UUID, ...], int]:
    """What goes out, of whom it tells, and at which position it was read. Raises `Impossible` or `Hidden`."""
    asked = sure(record.requested)
    if reason:
        lines = [*_head(asked), texts.say("household_reply", "without", reason)]
        return "\n".join(lines), (), desk.registry.position()
    found = answered(desk, as_asked(asked))
    text = "\n".join([*_head(asked), *reply_lines(found, asked)])
    refuse([Fault("household-answer-too-long")] if len(text.encode()) > MOST_BYTES else [])
    told_of = seals.told_by_law(desk.registry, desk.who)
    return text, tuple(one for one in found.people if told_of.sees(one)), found.said["position"]


def _head(asked: HouseholdRequested) -> list[str]:
    title = next(one.title for one in EVERY_ADJACENT if one.number == asked.card)
    return [texts.say("household_reply", "by_request", asked.number, texts.day(asked.dated), asked.card, title)]


def reply_lines(found: HouseholdTold, asked: HouseholdRequested) -> list[str]:
    """The answer of the register, line by line."""
    said = found.said
    where = texts.say("household_reply", "of_member")
    if asked.address:
        where = texts.say("household_reply", "at", texts.address_label(asked.address))
    people = (_resident(number, one) for number, one in enumerate(said.get("persons", ()), 1))
    return [where, said["text"], *people, texts.say("household_reply", "as_of", texts.day(said["on"]))]


def _resident(number: int, one: Mapping[str, Any]) -> str:
    name = texts.joined_name(one["surname"], one["given_names"], one["patronymic"]) or texts.say("pages", "no_name")
    born = texts.day(one["birth_date"]) if one["birth_date"] else texts.say("household_reply", "unborn")
    since = texts.day(one["since"])
    since = since if one["certain"] else texts.say("household_reply", "uncertain", since)
    return texts.say("household_reply", "person", number, name, born, since)

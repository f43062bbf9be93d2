"""What a portal, a program or another body sent, as a page puts it beside the register: how it came, each value with
what is held, and who of the register somebody new may be."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.errors import candidate
from api.shapes import cases
from registry import occasion, papers, texts
from registry.aggregates.case.events import ApplicationReceived, CheckAnswered, Concerned, Part
from registry.aggregates.case.finishing import declared_faults
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.person.state import Person
from registry.aggregates.values import Fault
from registry.cases.comparing import candidates
from registry.viewer import HIDDEN

Row = dict[str, Any]
FIELDS: Mapping[str, str] = texts.TEXTS["sent_fields"]
_WORDS = ("sent_values", "values", "citizenship", "document_kinds", "dwelling_kinds", "grounds", "guided_options")
_TELLS = ("surname", "given_names", "patronymic", "birth_date", "sex", "citizenship", "unzr", "rnokpp", "phone")
DIFFERS = "differs-from-register"
NAMES = (*_TELLS, "email", "birth_country", "birth_place")
"""What is told of somebody, in this order."""


def how(record: CaseRecord, entered_by: str, desk: Desk) -> list[tuple[str, str]]:
    """How it came: from whom, when, until when it is to be decided; a machine has no name that a clerk knows it by."""
    received = record.received
    if received is None:
        return []
    due = min(part.due_by for part in received.parts)
    late = not record.decided and date.fromisoformat(due) < desk.today()
    paper = received.notice
    number = paper and (paper.number or texts.say("notices", "no_number"))
    said = {
        "channel": _channel(received),
        "sender": paper.sender if paper else "",
        "paper": texts.say("sent_page", "numbered", number=number, dated=texts.day(paper.dated)) if paper else "",
        "came": _moment(received.received),
        "due": texts.day(due) + (f", {texts.say('sent_page', 'overdue')}" if late else ""),
        "applies": _who_applies(received, desk),
        "phone": received.phone or "",
        "typed": "" if received.machine else entered_by,
    }
    return [(texts.say("sent_page", name), text) for name, text in said.items() if text]


def _channel(received: ApplicationReceived) -> str:
    said = texts.label("sent_channels", received.channel)
    return f"{said}, {texts.say('sent_page', 'transcribed')}" if received.transcribed else said


def is_sent(record: CaseRecord) -> bool:
    """Whether it came from elsewhere, and not from a visitor of the office."""
    return bool(record.received and (record.received.channel != "office" or declared_faults(record)))


def is_locked(record: CaseRecord) -> bool:
    """Whether nobody may change what was sent."""
    return bool(declared_faults(record))


def title(record: CaseRecord) -> str:
    """What it is called: a declaration, a notice, an application."""
    received = record.received
    declares = bool(received) and any(part.card in ("card_8", "card_9") for part in record.parts)
    kind = "notice" if received and received.channel == "notice" else "declaration" if declares else "application"
    return texts.say("sent_titles", kind, received.code if received else "")


def parts(record: CaseRecord, faults: Sequence[Row], desk: Desk) -> list[Row]:
    """Each part that stands: its values beside the register, and who its newcomers may be. `faults` are what stands in
    the way of a decision: what differs is told where it was sent."""
    differs = {one["field"]: one.get("named", {}) for one in faults if one["code"] == DIFFERS}
    return [
        {
            "number": number,
            "rows": [
                *_of_people(part, desk),
                *_of_facts(part, differs, desk),
                *_of_papers(part),
                *(_answer(one) for one in record.answers if one.part == number and one.said),
            ],
            "asks": [] if record.decided else [row for one in part.concerned if (row := _asks(one, desk))],
        }
        for number, part in enumerate(record.parts, 1)
        if number in record.standing
    ]


def found(entries: Sequence[Any]) -> list[Row]:
    """What was found of it so far, by whom."""
    return [
        {"label": texts.label("facts", one.fact.NAME), "reason": one.fact.reason, "by": one.by.name}
        for one in entries
        if one.fact.NAME in ("newcomer-recognised", "sent-found-untrue")
    ]


def _moment(text: str) -> str:
    return f"{texts.day(text[:10])} {text[11:16]}"


def _who_applies(received: ApplicationReceived, desk: Desk) -> str:
    part = received.parts[0]
    kind = part.asked.get("applicant", {}).get("kind", "person")
    who = texts.label("guided_options", "person") if kind == "person" else texts.label("letter_to", kind)
    named = received.applicant or (_name_of(part.applicant, desk) if part.applicant else "")
    return "" if received.notice and not named else ", ".join(filter(None, (who, named)))


def _name_of(person: UUID, desk: Desk) -> str:
    if not desk.viewer.sees(person):
        return HIDDEN
    occasion.shows(person)
    return texts.person_name(desk.registry.person(person).particulars)


def _of_people(part: Part, desk: Desk) -> Iterator[Row]:
    for one in part.concerned:
        held = desk.registry.person(one.person)
        if held.entered:
            occasion.shows(one.person)
        if one.particulars is None:
            yield _row("person", texts.say("sent_page", "by_entry"), _held_name(one.person, held, desk))
        else:
            yield from _of_particulars(one, one.particulars, held if held.entered else None)
        yield from _of_documents(one, held if held.entered else None)
        if held.entered:
            yield _row("lives", "", _lives(one.person, held, desk))
        for link in one.family or ():
            name = link.relative_name or (_name_of(link.relative, desk) if link.relative else "")
            yield _row("family", ", ".join(filter(None, (texts.label("family_roles", link.role), name))))
        if one.military:
            said = (one.military.record, one.military.kind, one.military.centre, one.military.series)
            yield _row("military", ", ".join(filter(None, (*said, one.military.number))))


def _held_name(person: UUID, held: Person, desk: Desk) -> str:
    born = held.particulars.birth_date
    return ", ".join(filter(None, (texts.person_name(held.particulars), texts.day(born) if born else "")))


def _lives(person: UUID, held: Person, desk: Desk) -> str:
    if held.death:
        return texts.say("sent_page", "died", texts.day(held.death.registered_on))
    return candidate(desk.registry, person)["address"] or texts.say("sent_page", "homeless")


def _of_particulars(one: Concerned, said: Particulars, held: Person | None) -> Iterator[Row]:
    """What was sent of somebody, as it was sent, beside what is held of them."""
    for name in NAMES:
        place, kept = f"particulars.{name}", getattr(said, name)
        faulty = (one.faulty or {}).get(place)
        sent = (one.sent or {}).get(place) if faulty or kept is None else _value(name, kept)
        there = _value(name, getattr(held.particulars, name)) if held else ""
        if sent or (there and name in _TELLS):
            row = _row(texts.begun(texts.place_text(place)), sent or "", there, labelled=True)
            mark = "faulty" if faulty else _mark(sent or "", there)
            yield {**row, "mark": mark, "why": texts.fault_text(Fault(faulty), on_page=True) if faulty else ""}


def _of_documents(one: Concerned, held: Person | None) -> Iterator[Row]:
    shown = one.documents or (one.changed.documents if one.changed else ())
    for number, document in enumerate(shown):
        faulty = {place: code for place, code in (one.faulty or {}).items() if place.startswith(f"documents.{number}.")}
        raw = [(one.sent or {}).get(place, "") for place in faulty]
        same = [paper for paper in held.documents if paper.kind == document.kind] if held else []
        there = "; ".join(map(_document, same))
        sent = ", ".join(filter(None, (_document(document), *raw)))
        mark = "faulty" if faulty else _mark(_key(document), _key(same[0])) if same else ""
        why = " ".join(texts.fault_text(Fault(code), on_page=True) for code in faulty.values())
        yield {**_row("document", sent, there), "mark": mark, "why": why}


def _document(one: Document) -> str:
    until = texts.say("outgoing_says", "valid", texts.day(one.valid_until)) if one.valid_until else ""
    number = f"№ {one.number}" if one.number else ""
    return ", ".join(filter(None, (texts.label("document_kinds", one.kind), number, until)))


def _key(one: Document) -> str:
    return (one.number or "").replace(" ", "").upper()


def _of_facts(part: Part, differs: Mapping[str, Mapping[str, str]], desk: Desk) -> Iterator[Row]:
    """Every fact that was said of what is asked, and what the register holds otherwise."""
    told = {**part.asked, "register": cases.to_record(part)}
    for path, label in FIELDS.items():
        otherwise, said = differs.get(path), _at(told, path)
        text = _dwelling(part, desk) if path == "register.dwelling" else _value(path, said)
        if otherwise is not None:
            sent, held = (texts.value_text(otherwise.get(name, "")) for name in ("said", "held"))
            yield {**_row(label, text or sent, held, labelled=True), "mark": "differs"}
        elif text and not (path == "subject.born" and any(one.particulars for one in part.concerned)):
            yield _row(label, text, labelled=True)


def _dwelling(part: Part, desk: Desk) -> str:
    if part.dwelling is None:
        return ""
    rows = desk.registry.query("dwellings", "by_id", dwelling=part.dwelling, position=desk.registry.position())
    return str(rows[0]["address"]) if rows else texts.say("address", "unknown")


def _of_papers(part: Part) -> Iterator[Row]:
    written = {one.id: papers.said(one, part.card) for one in part.papers or ()}
    for name, label in (("documents", "papers"), ("consents", "consents")):
        ids = part.asked.get(name) or ()
        if ids:
            yield _row(label, "; ".join(written.get(id) or papers.named(id, part.card) for id in ids))


def _answer(one: CheckAnswered) -> Row:
    """What another register said, whoever brought it."""
    said = {name: value for name, value in one.said.items() if name != "payments"}
    told = (f"{texts.label('check_fields', name)}: {_checked(name, value)}" for name, value in said.items())
    return _row(texts.begun(texts.label("checks", one.check)), "; ".join(told), labelled=True)


def _checked(name: str, value: Any) -> str:
    return "{},{:02}".format(*divmod(value, 100)) if name == "kopiykas" else _value(name, value)


def _asks(one: Concerned, desk: Desk) -> Row | None:
    """Whom of the register somebody new may be: each beside what was sent."""
    if one.particulars is None or one.faulty:
        return None
    others = one.distinct_from or ()
    found = candidates(desk.registry, one, desk.viewer)
    rows = [_beside(one.particulars, who, desk) for who in found if who not in others]
    return {"newcomer": str(one.person), "people": rows} if rows else None


def _beside(said: Particulars, person: UUID, desk: Desk) -> Row:
    occasion.shows(person)
    held = desk.registry.person(person)
    names = ("surname", "given_names", "patronymic", "birth_date", "unzr", "rnokpp")
    told = [(name, _value(name, getattr(said, name)), _value(name, getattr(held.particulars, name))) for name in names]
    rows = [
        {**_row(texts.begun(texts.place_text(name)), sent, there, labelled=True), "mark": _mark(sent, there)}
        for name, sent, there in told
        if sent or there
    ]
    return {
        "id": str(person),
        "name": texts.person_name(held.particulars) or texts.say("pages", "no_name"),
        "rows": [*rows, _row("lives", "", _lives(person, held, desk))],
    }


def _row(name: str, sent: str, held: str = "", *, labelled: bool = False) -> Row:
    label = name if labelled else texts.say("sent_page", name)
    return {"label": label, "sent": sent, "held": held, "mark": "", "why": ""}


def _mark(sent: str, held: str) -> str:
    if not sent or not held:
        return ""
    return "same" if sent.casefold() == held.casefold() else "differs"


def _at(said: Any, path: str) -> Any:
    for name in path.split("."):
        said = said.get(name) if isinstance(said, Mapping) else None
    return said


def _value(path: str, value: Any) -> str:
    """A value in words: yes or no, a day, a moment, a code of a closed list, else as it is."""
    name = path.rpartition(".")[2]
    match value:
        case None | Mapping():
            return ""
        case bool():
            return texts.TEXTS["values"]["yes" if value else "no"]
        case list() | tuple():
            return "; ".join(_value(path, one) for one in value)
        case datetime() | date():
            return _value(path, value.isoformat())
    text = str(value)
    if name in ("unzr", "rnokpp", "phone", "katottg"):
        return text
    if name == "sex":
        return texts.label("sex", text)
    if text[:4].isdigit() and text[4:5] in ("", "-"):
        return _moment(text) if "T" in text else texts.day(text)
    own = texts.TEXTS["guided_options"].get(f"{name}_{text}")
    return own or next((str(texts.TEXTS[group][text]) for group in _WORDS if text in texts.TEXTS[group]), text)

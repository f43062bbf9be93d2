"""An application as JSON values: its parts, checks, outcomes as they were stored, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from api.shapes import law as law_shapes
from api.shapes import letters as letter_shapes
from registry import texts
from registry.acts import requested_facts
from registry.aggregates.case.case import Case
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    ChangeRequested,
    CheckAnswered,
    Following,
    Notice,
    PaperJournal,
    Part,
)
from registry.aggregates.case.ruling import PartRuling, Ruling
from registry.aggregates.case.state import CaseRecord, Outcome
from registry.aggregates.case.unfinished import ApplicationAmended
from registry.aggregates.community.state import Here
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Entry, Fault, sure
from registry.app import Act, Registry
from registry.cases.as_of import AsOf
from registry.cases.intake import CLERK
from registry.services.checks import CHECKS
from registry.storage.mapper import instant_text
from registry.viewer import Viewer

OUTCOMES = {
    ApplicationGranted.NAME: "granted",
    ApplicationRefused.NAME: "refused",
    ApplicationBarred.NAME: "not_possible",
}
"""What a stored outcome is called in answers: as in a dry run."""
PREFIX = "/api/v1"
_OF_PART = ("asked", "known", "card", "due_by", "papers", "shown_on")
Answered = Mapping[tuple[int, str], dict[str, Any]]


def head(application: UUID, state: CaseRecord) -> dict[str, Any]:
    """Which application it is, and what became of it."""
    received = state.received
    status = {"status": state.status, "status_uk": texts.label("statuses", state.status)}
    said = {"application": str(application), "version": state.version, **status}
    if received is None:
        return said
    due_by = min(part.due_by for part in received.parts)
    return {**said, "code": received.code, "received": received.received, "due_by": due_by}


def of_visit(received: ApplicationReceived, here: Here) -> dict[str, Any]:
    """How it came, and who brought it; `here` is who we were on the day. An office that we do not know is its id."""
    office = received.office
    return {
        "channel": received.channel,
        "office": {"id": office, "name": here.office_name(office) or office} if office else None,
        "applicant_name": received.applicant,
        "phone": received.phone,
        "notice": _notice(received.notice) if received.notice else None,
        "transcribed": bool(received.transcribed),
        "paper_journal": journal(received.paper_journal) if received.paper_journal else None,
        "recorded_later": received.recorded_later,
    }


def journal(said: PaperJournal) -> dict[str, str]:
    """Where something was written first, on paper."""
    return {"kind": said.kind, "kind_uk": texts.label("paper_journals", said.kind), "number": said.number}


def waits_for(reasons: Iterable[str]) -> dict[str, Any]:
    """Why a second person has a word, each by its id and in words."""
    return {"waits_for": [{"id": one, "label_uk": texts.label("waits_for", one)} for one in reasons]}


def _notice(said: Notice) -> dict[str, str]:
    return {"sender": said.sender, "number": said.number or texts.say("notices", "no_number"), "dated": said.dated}


def ruled(ruling: Ruling, answered: Answered) -> list[dict[str, Any]]:
    """Each part: what the law says of it, what was checked and is yet to be, what would be recorded of whom."""
    return [{**_ruled_part(part, answered), **_payees(part, ruling)} for part in ruling.parts]


def _ruled_part(part: PartRuling, answered: Answered) -> dict[str, Any]:
    service, people = part.service, part.effects.people
    asked, card = service.applied, service.card
    due_by = service.part.due_by
    law = law_shapes.explained(asked, part.decision, card) if part.priced else law_shapes.unpriced(asked, card, due_by)
    would = {str(person): [fact_name(fact.NAME) for fact in facts] for person, facts in people.items() if facts}
    rows = checks(service.number, answered, service.unanswered)
    named = persons(service.part)
    faulty = as_sent(service.part)
    return {"part": service.number, "persons": named, **law, "checks": rows, "would_record": would, **faulty}


def _payees(part: PartRuling, ruling: Ruling) -> dict[str, Any]:
    """Whom the fee of a part is paid to."""
    office, due = ruling.case.received.office, part.decision.fee.kopiykas or int(not part.priced)
    return law_shapes.payees(ruling.holdings.payees, part.service.applied, due, office)


def namesakes(ruling: Ruling, held: AsOf, seen_by: Viewer) -> dict[str, Any]:
    """Who of the register has the name and the birth date of a newcomer: whoever enters them looks whether it is the
    same person. Nothing where there is nobody."""
    concerned = [(part.service.number, one) for part in ruling.parts for one in part.service.part.concerned]
    found = [
        {"part": number, "person": str(person)}
        for number, one in concerned
        if one.particulars and not ruling.holdings.people[one.person].entered
        for person in held.namesakes(one.particulars)
        if seen_by.sees(person)
    ]
    return {"namesakes": found, "namesakes_uk": texts.say("api", "namesakes")} if found else {}


def persons(part: Part) -> list[str]:
    """Whom a part concerns, by id."""
    return [str(one.person) for one in part.concerned]


def as_sent(part: Part) -> dict[str, Any]:
    """What a portal sent of people that cannot be read, each with where it stands and why; nothing of any other."""
    found = [(one.person, place, code) for one in part.concerned for place, code in (one.faulty or {}).items()]
    rows = [
        {"person": str(who), "field": place, "code": code, "detail": texts.fault_text(Fault(code))}
        for who, place, code in found
    ]
    return {"faulty": rows} if rows else {}


def fact_name(name: str) -> dict[str, str]:
    """A fact by its name and in words."""
    return {"name": name, "label_uk": texts.label("facts", name)}


def answers_of(entries: Iterable[Entry]) -> Answered:
    """The last answer to each check of each part: what was said, by whom and when; none that fell away since."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for entry in entries:
        if isinstance(entry.fact, ApplicationAmended):
            for fell in entry.fact.fell_away:
                found.pop((fell.part, fell.check), None)
        if isinstance(entry.fact, CheckAnswered):
            found[entry.fact.part, entry.fact.check] = {
                "said": entry.fact.said,
                "source": entry.fact.source,
                "by": {"id": entry.by.id, "name": entry.by.name},
                "at": instant_text(entry.recorded_at),
            }
    return found


def answers_with(case: Case) -> Answered:
    """The same of a case that nobody has filed yet: what the clerk said."""
    answers = (fact for fact in case.new_facts if isinstance(fact, CheckAnswered) and fact.source == CLERK)
    return {(fact.part, fact.check): {"said": fact.said} for fact in answers}


def checks(part: int, answered: Answered, unanswered: Sequence[str]) -> list[dict[str, Any]]:
    """The checks of a part in their order, answered or not."""
    rows = {check: {"answered": True, **how} for (number, check), how in answered.items() if number == part}
    rows |= {check: {"answered": False} for check in unanswered}
    return [{"check": check, "name": texts.label("checks", check), **rows[check]} for check in CHECKS if check in rows]


def outcome(fact: Outcome) -> dict[str, Any]:
    """What was decided on a part, as it was stored."""
    said = {name: value for name, value in msgspec.to_builtins(fact).items() if name not in ("card", "follows")}
    said |= {"readings": law_shapes.readings(fact.readings or ())}
    if not isinstance(fact, ApplicationBarred):
        said |= {"follows": [_following(one) for one in fact.follows]}
    if isinstance(fact, ApplicationRefused):
        said |= {"grounds": [_ground(one) for one in said["grounds"]]}
    return {"outcome": OUTCOMES[fact.NAME], **said, "card": law_shapes.titled(fact.card)}


def _ground(ground: dict[str, Any]) -> dict[str, Any]:
    facts = zip(ground.pop("facts"), ground.pop("said"), strict=True)
    return {**ground, "triggered_by": [{"id": fact, "text": text} for fact, text in facts]}


def _following(one: Following) -> dict[str, Any]:
    said = {"item": one.id, "role": one.role, "label_uk": item_label(one.id, one.role), "deadline": one.deadline}
    return {**said, "person": str(one.person) if one.person else None, "text": one.text}


def item_label(item: str, role: str) -> str:
    """A message or a task in words."""
    return texts.label(f"{role}s", item)


def to_record(part: Part) -> dict[str, Any]:
    """What was to be recorded, as it was asked."""
    said = {name: value for name, value in msgspec.to_builtins(part).items() if value is not None}
    persons = [{name: value for name, value in one.items() if value} for one in said.pop("concerned", [])]
    return {"persons": persons, **{name: said[name] for name in said if name not in _OF_PART}}


def change(entry: Entry) -> dict[str, Any]:
    """A change that waits for a second person, or waited: what it asks for, of whom, who asked and when."""
    asked: ChangeRequested = entry.fact
    return {
        **asked_change(asked),
        "label_uk": texts.label("asked", asked.asked_for),
        "facts": [fact_name(fact.NAME) for facts in requested_facts(asked).values() for fact in facts],
        "asked_by": {"id": entry.by.id, "name": entry.by.name},
        "recorded_at": instant_text(entry.recorded_at),
    }


def asked_change(asked: ChangeRequested) -> dict[str, Any]:
    """Which change is asked for, whose fact it is about, and everybody whom it changes; of a decision also its day,
    what is decided on each part, and why it waits."""
    person = str(asked.person) if asked.person else None
    said = {"asked_for": asked.asked_for, "person": person, "persons": [str(one) for one in asked.people]}
    if asked.because is None:
        return said
    why = {**waits_for(asked.because), "recorded_later": asked.recorded_later}
    return {**said, "acted_on": asked.acted_on, "outcomes": [OUTCOMES[one] for one in asked.outcomes or ()], **why}


def outcomes(entries: Iterable[Entry], received: ApplicationReceived | None) -> list[dict[str, Any]]:
    """The decision on each part, of whom, by whom and when."""
    return [
        {
            **outcome(entry.fact),
            "persons": persons(sure(received).parts[entry.fact.part - 1]),
            "by": {"id": entry.by.id, "name": entry.by.name},
            "recorded_at": instant_text(entry.recorded_at),
            "position": entry.position,
        }
        for entry in entries
        if isinstance(entry.fact, Outcome)
    ]


def decided(registry: Registry, application: UUID, record: CaseRecord, act: Act) -> dict[str, Any]:
    """What an act of deciding did: the outcome of each part, what was recorded of whom, the extracts and letters that
    were formed. `record` is that of the case when it was done."""
    said = {
        "command": str(act.command),
        "position": act.position,
        "recorded_at": instant_text(act.recorded_at),
        **head(application, record),
    }
    if waits := waiting(act):
        return {**said, **asked_change(waits)}
    return {
        **said,
        "facts": [entry.position for entry in act.entries],
        "parts": outcomes((one for one in act.entries if one.stream == application), record.received),
        "recorded": _recorded(act),
        "extracts": extracts(registry, act),
        "letters": letter_shapes.of_act(act),
    }


def waiting(act: Act) -> ChangeRequested | None:
    """The change that an act asks a second person for, if it does."""
    return next((entry.fact for entry in act.entries if isinstance(entry.fact, ChangeRequested)), None)


def _recorded(act: Act) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in act.entries:
        if AGGREGATE_OF[entry.fact.NAME] == "person":
            fact = {"position": entry.position, **fact_name(entry.fact.NAME)}
            found.setdefault(str(entry.stream), []).append(fact)
    return found


def extracts(registry: Registry, act: Act) -> list[dict[str, Any]]:
    """The extracts that an act formed, each with its document, or why there is none."""
    return [_extract(registry, entry) for entry in act.entries if isinstance(entry.fact, ExtractRequested)]


def _extract(registry: Registry, entry: Entry) -> dict[str, Any]:
    number = texts.extract_number(entry.fact.year, entry.fact.number)
    voided = registry.extract(entry.stream).voided
    place = None if voided else f"{PREFIX}/extracts/{number}/document"
    return {"number": number, "code": entry.fact.code, "document": place, "error": voided.reason if voided else None}

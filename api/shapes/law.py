"""Cards, amounts, decisions and offices as JSON values, each thing with its official wording and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import msgspec

from registry import texts
from registry.aggregates.community.payees import Payee, PayeesDescribed, payees_of
from registry.aggregates.community.state import Here
from registry.aggregates.values import Fault
from registry.services import fees, terms
from registry.services.application import Application
from registry.services.catalogue import EVERY_CARD, SECTIONS, Card, NoCard, cards
from registry.services.decision import Decision, Ground, card_for, decide
from registry.services.headers import SERVICES, UnknownService
from registry.services.offices import Office, Timetable
from registry.services.rules import Rule

_BY_ID = {one.id: one for one in EVERY_CARD}
OF_SECTION: Mapping[str, tuple[str, ...]] = {
    "grounds": ("senders",),
    "applicants": ("kinds", "grounds"),
    "documents": ("name", "reason", "optional", "accepted", "each"),
    "consents": ("name", "reason", "optional", "each"),
    "payments": ("name", "reason"),
    "barred": ("reason",),
    "refusals": ("number", "facts"),
    "messages": ("deadline",),
    "fees": ("kopiykas", "per_mille", "late", "grounds", "counted"),
    "terms": ("channels", "before_opening", "last_minutes"),
    "lateness": ("after", "days", "months"),
}
"""What a rule of a section says besides its wording, reference, conditions and dates."""


def listed(on: date) -> list[dict[str, Any]]:
    """The services that have a card on the day; one with two cards is named twice."""
    found = []
    for service in SERVICES:
        try:
            found += [{"id": service, **head(card)} for card in cards(service, on)]
        except NoCard:
            continue
    return found


def guided_titles(on: date) -> dict[str, str]:
    """What the guided pages are called on a day, by service, notice or table."""
    return {
        **texts.TEXTS["guided_notices"],
        **texts.TEXTS["batches"],
        **{one["id"]: one["title"] for one in reversed(listed(on))},
    }


def service_on(service: str, on: date) -> dict[str, Any]:
    """A service on a day: its cards, whole, and what it costs. Raises `UnknownService` and `NoCard`."""
    if service not in SERVICES:
        raise UnknownService(service)
    return {
        "id": service,
        "on": on.isoformat(),
        "cards": [{**head(card), **_does(card), **_sections(card)} for card in cards(service, on)],
        "amounts": {"in_time": amount(service, on, late=False), "late": amount(service, on, late=True)},
    }


def head(card: Card) -> dict[str, Any]:
    """Which card it is, and between which days it holds."""
    said = {"card": card.number, "title": card.title, "reference": card.reference, "when": list(card.when)}
    return {**said, **_dates(card)}


def _does(card: Card) -> dict[str, Any]:
    """What the service of the card does, by which channels it is asked for, and which text of the card this is."""
    plain = {one.name: _plain(getattr(card.service, one.name)) for one in fields(card.service) if one.name != "id"}
    return {**plain, "sha256": card.sha256}


def amount(service: str, on: date, *, late: bool) -> dict[str, Any]:
    """What the service costs one person on the day, or why nobody can say."""
    try:
        return {**msgspec.to_builtins(fees.amount(service, on, late=late)), "error": None}
    except fees.NoPublishedAmount as missing:
        return {"kopiykas": None, "rule": None, "reference": None, "error": unpublished(missing)}


def unpublished(missing: fees.NoPublishedAmount) -> str:
    """That no amount is published for the year, and what the clerk does then."""
    return texts.TEXTS["law"]["no-published-amount"].format(missing.year)


def decided(asked: Application, here: Here, paid: int | None = None, office: str | None = None) -> dict[str, Any]:
    """What is decided on an application by the card of its day, and why; whom the fee is paid to at an office. Raises
    what `card_for` and `decide` do."""
    card = card_for(asked)
    due_by = terms.entry_by(card.terms, asked.received, asked.channel, here.timetable)
    decision = decide(asked, card, here.readings, paid=paid, due_by=due_by)
    said = explained(asked, decision, card)
    return {"dry_run": True, **said, **payees(here.payees, asked, decision.fee.kopiykas, office)}


def explained(asked: Application, decision: Decision, card: Card) -> dict[str, Any]:
    """A decision on an application by a card, with the wording and the reference of everything in it."""
    said = msgspec.to_builtins(decision)
    if decision.extract:
        del said["extract"]["with_history"]
    return {
        **_of(asked),
        "outcome": said.pop("decision"),
        **said,
        "card": head(card),
        "barred": [{**one, "reason": _reason(card, one["id"])} for one in said["barred"]],
        "grounds": [_ground(one) for one in decision.grounds],
        "missing": _missing(decision, card),
        "readings": readings(decision.readings),
    }


def readings(ids: Iterable[str]) -> list[dict[str, str]]:
    """The readings that a decision rests on, each in words."""
    return [{"id": id, "text": texts.label("readings", id)} for id in ids]


def payees(said: PayeesDescribed | None, asked: Application, kopiykas: int, office: str | None) -> dict[str, Any]:
    """Whom the fee is paid to on the day of receipt; nothing where nothing is due, or nobody was entered."""
    found = payees_of(said, asked.service, asked.received.date(), office) if kopiykas else ()
    return {"payees": [_payee(one) for one in found]} if found else {}


def payees_on(said: PayeesDescribed | None, service: str, on: date) -> dict[str, Any]:
    """The same of a service on a day, at any office; nothing where its card asks for nothing."""
    asks = any(rule.kopiykas or rule.per_mille for card in cards(service, on) for rule in card.fees)
    found = payees_of(said, service, on) if asks else ()
    return {"payees": [_payee(one) for one in found]} if found else {}


def _payee(one: Payee) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(one)
    return said


def warnings(faults: Iterable[Fault]) -> dict[str, Any]:
    """What whoever accepts an application should know before, each in words: it stands in nobody's way."""
    return {"warnings": [{"id": one.code, "text": texts.fault_text(one), "named": dict(one.named)} for one in faults]}


def unpriced(asked: Application, card: Card, due_by: str) -> dict[str, Any]:
    """What can be said of an application of a year without a published amount, until it is said what was paid."""
    missing = fees.NoPublishedAmount(asked.received.year)
    fee = {"kopiykas": None, "rule": None, "reference": None, "error": unpublished(missing)}
    return {**_of(asked), "outcome": None, "fee": fee, "due_by": due_by, "card": head(card)}


def titled(card: str) -> dict[str, Any]:
    """Which card it was, by the id that is stored with a decision; of a later release only that."""
    found = _BY_ID.get(card)
    if found is None:
        return {"card": card, "title": texts.say("law", "unknown-card", card), "reference": ""}
    return {"card": found.number, "title": found.title, "reference": found.reference}


def _of(asked: Application) -> dict[str, Any]:
    return {"service": asked.service, "received": asked.received.isoformat(timespec="minutes")}


def office_on(office: Office, on: date, timetable: Timetable) -> dict[str, Any]:
    """An office and its hours on the day; none: it does not receive people."""
    hours = [f"{start:%H:%M}-{end:%H:%M}" for start, end in timetable.hours_on(office.id, on)]
    said = {name: getattr(office, name) for name in ("id", "name", "district", "address")}
    return {**said, "rooms": list(office.rooms), "hours": hours}


def office_at(id: str, at: datetime, timetable: Timetable) -> dict[str, Any]:
    """An office, whether it is open at the moment, and its hours of the day. Raises `UnknownOffice`."""
    office = timetable.office(id)
    said = {"at": at.isoformat(timespec="minutes"), "open": timetable.is_open(id, at)}
    return {**office_on(office, at.date(), timetable), **said}


def _sections(card: Card) -> dict[str, Any]:
    return {name: [_rule(rule, OF_SECTION.get(name, ())) for rule in card.rules[name]] for name in SECTIONS}


def _rule(rule: Rule, more: tuple[str, ...]) -> dict[str, Any]:
    said = {"id": rule.id, "wording": rule.uk, "reference": rule.reference}
    extra = {name: _plain(getattr(rule, name)) for name in more}
    conditions = {"when": list(rule.when), "unless": list(rule.unless), "inferred": rule.inferred or None}
    return {**said, **extra, **conditions, **_dates(rule)}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _dates(dated: Card | Rule) -> dict[str, str | None]:
    """Both half-open; without `until` it is in force."""
    return {"since": dated.since.isoformat(), "until": None if dated.until == date.max else dated.until.isoformat()}


def _ground(ground: Ground) -> dict[str, Any]:
    said = {name: getattr(ground, name) for name in ("id", "number", "wording", "reference")}
    facts = zip(ground.facts, ground.said, strict=True)
    return {**said, "triggered_by": [{"id": fact, "text": text} for fact, text in facts]}


def _reason(card: Card, bar: str) -> str | None:
    """Why, in our own words, and what to do instead, where the card's wording does not say it."""
    return next((rule.reason for rule in card.rules["barred"] if rule.id == bar and rule.reason), None)


def _missing(decision: Decision, card: Card) -> list[dict[str, Any]]:
    """What is required and was not submitted, each by the rule that requires it."""
    needed = {one.id: one for one in (*decision.documents_required, *decision.consents_required)}
    paid = {rule.id: rule for rule in card.rules["payments"]}
    by_id = {**paid, **needed}
    return [
        {name: getattr(by_id[id], name) for name in ("id", "name", "reason", "reference")} for id in decision.missing
    ]

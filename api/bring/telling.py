"""What the page tells of the answers: the dry run of an application about nobody, made today, in words.

The law decides it as it decides any dry run (`law.decided`): once as it stands, which names what to bring, and once
with everything brought, which leaves only what no paper mends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from api.bring.facts import plain
from api.bring.opening import OfficeHours, places
from api.bring.path import Path
from api.bring.questions import BY_ID
from api.bring.shape import Context
from api.bring.wording import Answered, answer_text, service_text, ways
from api.shapes import law
from registry import texts
from registry.services.application import Application, read
from registry.services.catalogue import Card
from registry.services.fees import NoPublishedAmount
from registry.services.headers import SERVICES
from registry.services.offices import Timetable
from registry.services.rules import Rule

_CITED = re.compile(r"\S+ c(\S+) r(\S+)")
_NOBODY = {"not_among_applicants", "child_applies"}
"""Facts of a refusal that lie in who files."""
_THROUGH = {"diia": "through_diia", "emaliatko": "through_emaliatko"}
_NOTES = {"office": ("not_to_be_demanded",), "diia": ("not_to_be_demanded", "no_attachments_through_diia")}
"""Which notes of a card a visitor should read, by the way of asking."""
_OF_THE_OFFICE = {"T-07", "T-19", "T-27", "T-37", "T-38", "days_where_silent", "official_requests"}
"""Readings of what the office does or is sent: none of a visitor's."""
_UNSAID = 1
"""Kopiykas in place of a fee that no amount is published for: something is due, and nobody knows how much."""


@dataclass(frozen=True, kw_only=True)
class ToBring:
    """A document or a consent: what it is called, of how many people, why, and the official words."""

    name: str
    reason: str
    wording: str
    cited: str
    count: int = 1
    optional: bool = False
    taken: tuple[str, ...] = ()
    """Where the one that was named cannot be taken: those that can."""


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why it cannot be done so: in our words, in the official ones, and the service that is for such a case."""

    text: str
    wording: str
    cited: str
    instead: str | None = None
    instead_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The whole answer: at an `office`, or `through` a portal. `no`: whatever is brought, it cannot be done so, and who
    `may` is told instead. `fee` is None where no amount is published for the year."""

    office: bool
    through: str | None
    stops: tuple[Obstacle, ...]
    no: bool
    may: tuple[str, ...]
    documents: tuple[ToBring, ...]
    consents: tuple[ToBring, ...]
    fee: int | None
    fee_rule: str
    fee_cited: str
    payees: tuple[Mapping[str, Any], ...]
    late: bool
    due_by: date
    today: date
    term: Rule | None
    term_cited: str
    notes: tuple[Rule, ...]
    refusals: tuple[Rule, ...]
    readings: tuple[str, ...]
    ways: tuple[Answered, ...]
    kept: bool
    """An address is to be kept, which a list of territories decides."""
    places: tuple[OfficeHours, ...]


def told(path: Path, moment: datetime) -> Told:
    """What the answers of a whole path come to at a moment by the clock of Kyiv, naive."""
    context, here = path.context, path.context.here
    asked = read(plain(context, moment.isoformat(timespec="minutes"), moment.date()))
    said, published = _decided(asked, context)
    whole = _decided(_brought(asked, said), context)[0]
    card, channel, term = context.card, asked.channel, _term(context.card, asked.channel)
    nobody = bool(_facts(whole) & _NOBODY)
    may = _may(context, moment) if nobody else ()
    return Told(
        office=channel == "office",
        through=texts.say("bring_page", _THROUGH[channel]) if channel in _THROUGH else None,
        stops=tuple(_stops(whole, context, may)),
        no=nobody or bool(whole["barred"]),
        may=may,
        documents=tuple(_papers(said["documents_required"], whole, card)),
        consents=tuple(_papers(said["consents_required"], whole, card)),
        fee=said["fee"]["kopiykas"] if published else None,
        fee_rule=said["fee"]["rule"],
        fee_cited=said["fee"]["reference"],
        payees=tuple(_paid(one, here.timetable) for one in said.get("payees", ())) if published else (),
        late=said["late"],
        due_by=date.fromisoformat(str(said["due_by"])),
        today=moment.date(),
        term=term,
        term_cited=cited(term.reference) if term else "",
        notes=tuple(rule for rule in card.rules["notes"] if rule.id in _NOTES.get(channel, ())),
        refusals=card.rules["refusals"],
        readings=tuple(_readings(whole)),
        ways=tuple(ways(path)),
        kept=context.said("before", "kept"),
        places=places(here.timetable, moment) if channel == "office" else (),
    )


def _decided(asked: Application, context: Context) -> tuple[dict[str, Any], bool]:
    """The decision, and whether the amount of the fee is published."""
    try:
        return law.decided(asked, context.here), True
    except NoPublishedAmount:
        return law.decided(asked, context.here, _UNSAID), False


def _brought(asked: Application, said: Mapping[str, Any]) -> Application:
    """The same application with everything that it needs."""
    documents = {one["id"] for one in said["documents_required"]}
    consents = frozenset(one["id"] for one in said["consents_required"])
    return replace(asked, documents=asked.documents | documents, consents=consents)


def _facts(said: Mapping[str, Any]) -> set[str]:
    return {fact["id"] for ground in said["grounds"] for fact in ground["triggered_by"]}


def _stops(whole: Mapping[str, Any], context: Context, may: tuple[str, ...]) -> Iterator[Obstacle]:
    """What bars it or refuses it though everything is brought. Where nobody may ask for it, it is the wrong age."""
    for bar in whole["barred"]:
        text = texts.TEXTS["bring_bars"].get(bar["id"]) or bar["reason"] or texts.say("bring_page", "barred")
        yield _stop(text, bar, _instead(bar["id"], context))
    for ground in whole["grounds"]:
        facts = {fact["id"]: fact["text"] for fact in ground["triggered_by"]}
        said = dict.fromkeys(texts.TEXTS["bring_facts"].get(id, text) for id, text in facts.items())
        instead = _instead("wrong_service_for_age", context) if "child_applies" in facts and not may else None
        yield _stop(f"{_upper('; '.join(said))}.", ground, instead)


def _stop(text: str, said: Mapping[str, Any], instead: str | None) -> Obstacle:
    named = service_text(instead, instead) if instead else ""
    where = cited(said["reference"])
    return Obstacle(text=text, wording=said["wording"], cited=where, instead=instead, instead_text=named)


def _instead(bar: str, context: Context) -> str | None:
    """The service that is for such a case: of the other age, or at an office in place of a portal."""
    does = context.card.service
    other = replace(does, of_children=not does.of_children)
    if bar != "wrong_service_for_age":
        other = replace(does, settles="registered") if does.settles == "declared" else does
    alike = (other.settles, other.removes, other.corrects, other.informs, other.of_children)
    for id, one in SERVICES.items():
        if id != does.id and (one.settles, one.removes, one.corrects, one.informs, one.of_children) == alike:
            return id
    return None


def _may(context: Context, moment: datetime) -> tuple[str, ...]:
    """Who may ask for it, by what was answered else."""
    found = []
    for who in BY_ID["who"].offered(context):
        other = replace(context, answers={**context.answers, "who": who})
        asked = read(plain(other, moment.isoformat(timespec="minutes"), moment.date()))
        said = _decided(_brought(asked, _decided(asked, other)[0]), other)[0]
        if not said["barred"] and not _facts(said) & _NOBODY:
            found.append(answer_text(BY_ID["who"], who, context, moment))
    return tuple(found)


def _paid(payee: Mapping[str, Any], timetable: Timetable) -> dict[str, Any]:
    """Who is paid, with the names of the offices where it is them and not another."""
    return {**payee, "offices": [one.name for one in timetable.offices.values() if one.id in payee["offices"]]}


def _papers(needed: Iterable[Any], whole: Mapping[str, Any], card: Card) -> Iterator[ToBring]:
    """The papers in order, one for each name: consents of several owners are one line."""
    counted: dict[tuple[str, str], list[Any]] = {}
    for one in needed:
        counted.setdefault((re.sub(r"_\d+$", "_N", one["id"]), one["name"]), []).append(one)
    untaken = {one["id"] for one in whole["missing"]}
    for alike in counted.values():
        one = alike[0]
        yield ToBring(
            name=_upper(one["name"]),
            reason=one["reason"],
            wording=one["wording"],
            cited=cited(one["reference"]),
            count=len(alike),
            optional=one["optional"],
            taken=_accepted(card, one["id"]) if one["id"] in untaken else (),
        )


def _accepted(card: Card, id: str) -> tuple[str, ...]:
    """The kinds of an identity document that the card takes."""
    kinds = {kind for rule in card.rules["documents"] if rule.id == id for kind in rule.accepted}
    return tuple(text for kind, text in texts.TEXTS["document_kinds"].items() if kind in kinds)


def _readings(whole: Mapping[str, Any]) -> Iterator[str]:
    """The readings on which the answer rests, as a visitor needs to know them."""
    for one in whole["readings"]:
        if one["id"] not in _OF_THE_OFFICE:
            yield texts.TEXTS["bring_readings"].get(one["id"], one["text"])


def _term(card: Card, channel: str) -> Rule | None:
    """The words of the term for a channel."""
    by_wire = next((rule for rule in card.terms if channel in rule.channels), None)
    return by_wire or next((rule for rule in card.terms if not rule.channels), None)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def cited(reference: str) -> str:
    """Where it stands, for people: of `003 c1 r9` the card 1, row 9."""
    row = _CITED.fullmatch(reference)
    return texts.say("bring_page", "cited", card=row[1], row=row[2]) if row else reference

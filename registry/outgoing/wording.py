"""What a message or a task says: the paper that goes out, in words, from what was known as it was made.

Whoever gets it is told no more than it is for: numbers and documents go to ДМС alone, the number of the person to the
body that has to find the entry. Cards, rows 14 to 16; what has to be done is quoted from the card.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.dwelling.state import address_on
from registry.aggregates.facts import RESIDENCE_KINDS
from registry.aggregates.person import events as about
from registry.aggregates.person.timeline import current, timeline
from registry.aggregates.values import last_day
from registry.outgoing.told import KnownItem
from registry.services.catalogue import EVERY_CARD

Pair = tuple[str, str]
LABELS, SAYS = texts.TEXTS["outgoing_labels"], texts.TEXTS["outgoing_says"]
_CARDS = {card.id: card for card in EVERY_CARD}
_OFFICES = ("previous_office_electronic", "previous_office_paper")
_NUMBERED = ("dms", "dms_referral", "dms_new_document", "offence_protocol")
"""Where the numbers and documents of the person belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A paper: what it is, pairs of a label and a value, sentences."""

    title: str
    pairs: tuple[Pair, ...] = ()
    paragraphs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join([self.title, *(f"{label}: {value}" for label, value in self.pairs), *self.paragraphs])


def worded(told: KnownItem) -> Worded:
    """The words of an item. What was worded as it was made stays so."""
    row = told.row
    label = texts.label(f"{row['role']}s", row["item"])
    title = texts.TEXTS["outgoing_titles"].get(row["item"]) or label[:1].upper() + label[1:]
    if row["text"] is not None:
        return Worded(title=title, paragraphs=tuple(row["text"].split("\n")))
    pairs = [*_person(told), *places(told), *_why(told)]
    return Worded(title=title, pairs=tuple(pairs), paragraphs=tuple(_asked_of(told)))


def _person(told: KnownItem) -> Iterator[Pair]:
    who, item = told.who, told.row["item"]
    if who is None:
        return
    if item in _NUMBERED:
        yield from whole(who, told.documents)
        return
    yield LABELS["person"], texts.person_name(who) or SAYS["nameless"]
    yield LABELS["born"], texts.day(who.birth_date)
    if who.unzr and item in _OFFICES:
        yield LABELS["unzr"], who.unzr


def whole(who: about.Particulars, documents: Iterable[about.Document]) -> Iterator[Pair]:
    """Somebody with their numbers and documents."""
    yield LABELS["person"], texts.person_name(who) or SAYS["nameless"]
    yield LABELS["born"], texts.day(who.birth_date)
    if who.unzr:
        yield LABELS["unzr"], who.unzr
    if who.rnokpp:
        yield LABELS["rnokpp"], texts.label("rnokpp_values", who.rnokpp)
    if who.citizenship:
        yield LABELS["citizenship"], texts.label("citizenship", who.citizenship)
    for paper in documents:
        yield LABELS["document"], _document(paper)


def _document(paper: about.Document) -> str:
    said = [texts.label("document_kinds", paper.kind) if paper.kind else SAYS["document"]]
    said += [SAYS["number"].format(paper.number)] if paper.number else []
    said += [SAYS["issued"].format(texts.day(paper.issued_on))] if paper.issued_on else []
    said += [paper.issued_by] if paper.issued_by else []
    said += [SAYS["valid"].format(texts.day(paper.valid_until))] if paper.valid_until else []
    return ", ".join(said)


def places(told: KnownItem) -> Iterator[Pair]:
    """What the act recorded of where the person lives; of a residence that a task names, where that is."""
    if told.row["residence"]:
        yield from _named(told, told.row["residence"])
        return
    for fact in told.done:
        yield from _recorded(told, fact)
    if told.outcome is not None and not told.done:
        yield from _lived(told)


def _recorded(told: KnownItem, fact: Any) -> Iterator[Pair]:
    where = LABELS["where"]
    match fact:
        case about.ResidenceDeclared() | about.ResidenceRegistered() | about.StayRegistered():
            since = texts.day(fact.since)
            yield (
                LABELS[RESIDENCE_KINDS[fact.NAME]],
                SAYS["from"].format(address_of(told, fact.dwelling, fact.since), since),
            )
            yield from _left(told, fact)
        case about.ResidenceDeregistered():
            yield where, address_of(told, fact.dwelling, fact.until)
            yield LABELS["removed"], texts.day(fact.until)
            yield from ((LABELS["goes"], one) for one in (fact.country, fact.destination) if one)
        case about.Deceased():
            yield from _lived(told)
            yield LABELS["death"], texts.day(fact.registered_on)
        case about.ResidenceCorrected():
            for label, one in (("was", fact.was), ("now", fact.now)):
                yield LABELS[label], _version(told, one)
        case about.OccupiedAddressNoted() if fact.address:
            yield LABELS["kept"], fact.address
        case about.ResidenceAnnulled() | about.DeregistrationAnnulled() | about.CarryOverAnnulled():
            yield where, address_of(told, fact.dwelling, None)
        case about.ParticularsUpdated() | about.ParticularsCorrected():
            yield LABELS["changed"], texts.label("facts", fact.NAME)


def _left(told: KnownItem, fact: Any) -> Iterator[Pair]:
    """The residence that ended by the move: in another community, or here."""
    elsewhere = told.part.elsewhere if told.part else None
    current_said = told.asked["subject"].get("current_residence") or {}
    if elsewhere and not current_said.get("kept"):
        code = SAYS["code"].format(elsewhere.katottg) if elsewhere.katottg else ""
        yield LABELS["previous"], elsewhere.address + code
        if elsewhere.since:
            yield LABELS["previous_since"], texts.day(elsewhere.since)
        yield LABELS["removed"], texts.day(fact.since)
    elif (row := current(timeline(told.before))) and not current_said.get("kept"):
        yield LABELS["previous"], address_of(told, row.dwelling, fact.since)
        yield LABELS["removed"], texts.day(fact.since)


def _lived(told: KnownItem) -> Iterator[Pair]:
    """Where the person lived before the act."""
    row = current(timeline(told.before)) if told.before.entered else None
    if row:
        yield LABELS["where"], address_of(told, row.dwelling, None)


def _named(told: KnownItem, residence: UUID) -> Iterator[Pair]:
    found = next((one for one in told.after.residences if one.id == residence), None)
    if found:
        yield (
            LABELS["where"],
            SAYS["from"].format(address_of(told, found.dwelling, found.since), texts.day(found.since)),
        )
    if told.after.death:
        yield LABELS["death"], texts.day(told.after.death.registered_on)


def _why(told: KnownItem) -> Iterator[Pair]:
    """On what it rests, and of which day it is."""
    outcome, fact = told.outcome, told.entry.fact
    received = told.record.received
    if outcome and received:
        title = _CARDS[outcome.card].title if outcome.card in _CARDS else outcome.card
        yield LABELS["service"], title
        came = f"{texts.day(received.received[:10])} {received.received[11:]}"
        yield LABELS["basis"], SAYS["application"].format(received=came, code=received.code)
        if notice := received.notice:
            number = notice.number or texts.say("notices", "no_number")
            yield LABELS["notice"], SAYS["notice"].format(notice.sender, number, texts.day(notice.dated))
        if told.asked.get("ground"):
            yield LABELS["ground"], texts.label("grounds", told.asked["ground"])
        yield LABELS["decided"], texts.day(outcome.decided_on)
        return
    yield LABELS["recorded"], texts.label("facts", fact.NAME)
    if said := getattr(fact, "basis", None) or getattr(fact, "reason", None):
        yield LABELS["basis"], texts.label("bases", said)
    yield LABELS["recorded_on"], texts.day(told.entry.recorded_on)


def _asked_of(told: KnownItem) -> Iterator[str]:
    """What whoever gets it is asked for, and the card's own words."""
    item = told.row["item"]
    if item in ("offence_protocol", "dms_referral"):
        yield from _what_happened(told)
    if item in texts.TEXTS["outgoing_requests"]:
        yield texts.TEXTS["outgoing_requests"][item]
    if told.outcome and (quoted := of_card(told.outcome.card, item)):
        text, where = quoted
        task = told.row["role"] == "task"
        yield SAYS["card"].format(text=text, reference=where) if task else SAYS["by_card"].format(where)


_FOLLOW = ("messages", "tasks")


def of_card(card: str, item: str) -> Pair | None:
    """What a card says of an item, word for word, and where in it; None of a card that says nothing of it."""
    every = _CARDS[card].every_rule() if card in _CARDS else ()
    found = next((rule for name, rule in every if rule.id == item and name in _FOLLOW), None)
    return (found.uk, _reference(card, found.reference)) if found else None


def _what_happened(told: KnownItem) -> Iterator[str]:
    """Why a protocol or a referral: late, or with an invalid paper (cards 1 to 3, row 16)."""
    outcome, subject = told.outcome, told.asked["subject"]
    received = told.record.received
    left = subject.get("deregistered_on")
    # A newborn is late by another term, for which nobody is to answer.
    since = (left, subject.get("permit_received_on"), told.asked.get("applicant", {}).get("permit_received_on"))
    if outcome and received and getattr(outcome, "late", False) and any(since):
        after = SAYS["left"].format(texts.day(left)) if left else ""
        yield SAYS["late"].format(received=texts.day(received.received[:10]), since=after)
    else:
        yield SAYS["invalid"]


def _reference(card: str, reference: str) -> str:
    """Where in which card it stands: `003 c1 r16` → its row."""
    row = reference.rsplit("r", 1)[-1]
    return SAYS["reference"].format(card=card.removeprefix("card_").replace("_", "-"), row=row)


def _version(told: KnownItem, said: about.ResidenceVersion) -> str:
    text = SAYS["from"].format(address_of(told, said.dwelling, said.since), texts.day(said.since))
    ended = SAYS["until"].format(texts.day(said.until)) if said.until else ""
    return f"{texts.label('kinds', said.kind)}: {text}{ended}"


def address_of(told: KnownItem, dwelling: UUID, on: str | None) -> str:
    """What a dwelling was called on a day, else as it is called now."""
    home = told.dwellings.get(dwelling)
    if home is None or not home.names:
        return str(texts.TEXTS["address"]["unknown"])
    return texts.address_label(address_on(home, last_day(on) if on else date.max))

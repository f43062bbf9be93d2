"""The papers that are drawn up because of a decision, in words: a protocol of article 197, and a referral to ДМС.

The cards give neither a form. The protocol has what article 256 of the code asks of one, the referral the same of whom
and why; each says that its form is free. What only a hand can write (explanations, signatures) has its lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.case.events import PaperAnnulled, PaperCorrected
from registry.aggregates.community.state import Here
from registry.aggregates.outgoing.events import PAPERS, OutgoingReopened
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import ParticularsCorrected
from registry.aggregates.person.timeline import standing, timeline
from registry.aggregates.values import Actor, Entry, sure
from registry.app import Registry
from registry.letters.content import Block, Letter, read
from registry.outgoing import told, wording
from registry.outgoing.makers import AMENDING
from registry.outgoing.notices import body_of_dms
from registry.outgoing.told import KnownItem, Row
from registry.outgoing.wording import LABELS, Pair
from registry.services.breach import Breach, breach
from registry.storage.mapper import kyiv_day

SAYS = texts.TEXTS["drawn_papers"]
PROTOCOL = "protocol"
_CHANGING = (*AMENDING, ParticularsCorrected, PaperCorrected, PaperAnnulled, OutgoingReopened)
"""What makes a paper say that the register was changed since."""


def drawn(
    registry: Registry, rows: Sequence[Row], here: Here, by: Actor, office: str | None
) -> tuple[UUID | None, dict[str, Any]]:
    """The applicant whom the paper names, if it is one of the register, and its content; of the first row, and with the
    purposes of all. `here` is who we are, `by` and `office` who draws it up, and where."""
    known = told.read(registry, rows)
    one = known[rows[0]["id"]]
    received = sure(one.record.received)
    came = date.fromisoformat(received.received[:10])
    readings = registry.community().on(came).readings
    kind = PAPERS[one.row["item"]]
    found = breach(one.service.asked, one.service.card, readings, citizen=kind == PROTOCOL)
    who, applicant = _whom(registry, one, found)
    ours = here.timetable.offices.get(received.office or office or "")
    place = ", ".join(filter(None, (ours.name, ours.address))) if ours else here.identity.address
    facts = Block(heading=SAYS["essence"], pairs=tuple(_essence(one, found)), paragraphs=tuple(_law(rows, one, kind)))
    blocks = _of_protocol(by, place, who, facts) if kind == PROTOCOL else _of_referral(who, facts)
    signatory = here.signatory if kind != PROTOCOL else None
    to = body_of_dms(here)
    letter = Letter(
        title=SAYS[f"{kind}_title"],
        of=SAYS[f"{kind}_of"],
        sender=here.identity.body or "",
        community=here.identity.name or "",
        place=place,
        to=tuple(filter(None, (to.name, to.address))) if kind != PROTOCOL else (),
        dated=came.isoformat(),
        blocks=blocks,
        signer=signatory.name if signatory else by.name,
        position=signatory.position if signatory else SAYS["position"],
        clerk=by.name if signatory else None,
        sample=bool(here.identity.sample),
    )
    return applicant, letter.stored


def printed(entry: Entry, notes: Iterable[str] = ()) -> Letter:
    """The paper as it was drawn up, with its number; and before all else what was changed since."""
    fact = entry.fact
    letter = replace(read(fact.content), number=number_of(fact), dated=fact.on)
    said = tuple(notes)
    return replace(letter, blocks=(Block(heading=SAYS["since"], paragraphs=said), *letter.blocks)) if said else letter


def number_of(fact: Any) -> str:
    """The number of a paper that was drawn up: its own in its year."""
    return str(SAYS["number"].format(number=fact.number, year=fact.on[:4]))


def changed_since(registry: Registry, entry: Entry) -> list[str]:
    """What of that on which a paper rests was corrected, annulled or taken back after it was drawn up, in words."""
    fact = entry.fact
    streams = [one for one in (fact.person, fact.applicant, fact.application, entry.stream) if one]
    later = (one for found in registry.of_streams(streams).values() for one in found)
    changes = sorted((one for one in later if _changes(one, entry)), key=lambda one: one.position)
    return [
        SAYS["changed"].format(
            what=texts.label("facts", one.fact.NAME),
            day=texts.day(kyiv_day(one.recorded_at)),
            why=SAYS["because"].format(one.fact.reason) if isinstance(one.fact, OutgoingReopened) else "",
        )
        for one in changes
    ]


def _changes(one: Entry, entry: Entry) -> bool:
    return one.position > entry.position and isinstance(one.fact, _CHANGING)


def _whom(registry: Registry, one: KnownItem, found: Breach) -> tuple[list[Pair], UUID | None]:
    """Whom the paper is about: the person, or whoever files for them, of whom perhaps only the name is known."""
    if not found.by_applicant:
        return [*_described(one), *wording.places(one), *_last_ended(one)], None
    subject = (SAYS["on_behalf"], texts.person_name(one.who) if one.who else wording.SAYS["nameless"])
    filed = one.part.applicant if one.part else None
    if filed:
        entries = registry.of_streams([filed]).get(filed, ())
        person = person_state.fold(each for each in entries if each.position <= one.entry.position)
        if person.entered:
            return [*wording.whole(person.particulars, person.documents), subject], filed
    named = sure(one.record.received).applicant
    return [(LABELS["person"], named or SAYS["by_hand"]), (LABELS["document"], SAYS["by_hand"]), subject], None


def _described(one: KnownItem) -> list[Pair]:
    if one.who is None:
        return [(LABELS["person"], SAYS["by_hand"])]
    return list(wording.whole(one.who, one.documents))


def _last_ended(one: KnownItem) -> Iterator[Pair]:
    """Where the person was registered last, of whom the register knows that."""
    ended = [row for row in standing(timeline(one.before)) if row.until] if one.before.entered else []
    if ended:
        last = max(ended, key=lambda row: sure(row.until))
        yield SAYS["removed_from"], wording.address_of(one, last.dwelling, None)


def _essence(one: KnownItem, found: Breach) -> Iterator[Pair]:
    """What was found, and as what was submitted."""
    received, subject = sure(one.record.received), one.service.asked.subject
    came = received.received
    yield SAYS["found"], SAYS["came"].format(day=texts.day(came[:10]), time=came[11:], code=received.code)
    yield LABELS["service"], one.service.card.title
    if found.late and found.last_in_time:
        permit = one.service.asked.applicant.permit_received_on if found.by_applicant else subject.permit_received_on
        if subject.deregistered_on:
            yield SAYS["removed"], texts.day(subject.deregistered_on)
        if permit and PAPERS[one.row["item"]] != PROTOCOL:
            yield SAYS["permit"], texts.day(permit)
        yield SAYS["last_day"], texts.day(found.last_in_time)
        yield SAYS["overdue"], str(found.overdue(date.fromisoformat(came[:10])))
    names = {rule.id: rule.name for _, rule in one.service.card.every_rule() if rule.name}
    for paper in found.invalid:
        yield SAYS["invalid"], names.get(paper, paper)


def _law(rows: Sequence[Row], one: KnownItem, kind: str) -> Iterator[str]:
    """The card's own words for each purpose; each said once."""
    for row in sorted(rows, key=lambda row: list(PAPERS).index(row["item"])):
        if quoted := wording.of_card(one.service.card.id, row["item"]):
            text, where = quoted
            yield wording.SAYS["card"].format(text=text[:1].upper() + text[1:], reference=where)
    yield SAYS[f"{kind}_law"]


def _of_protocol(by: Actor, place: str | None, who: list[Pair], facts: Block) -> tuple[Block, ...]:
    where = ((SAYS["place"], place),) if place else ()
    return (
        Block(pairs=((SAYS["drawn_by"], SAYS["drawer"].format(by.name)), *where)),
        Block(heading=SAYS["against"], pairs=tuple(who)),
        facts,
        Block(heading=SAYS["witnesses"], lines=1),
        Block(heading=SAYS["explains"], lines=2),
        Block(signs=(SAYS["rights"], SAYS["acquainted"])),
    )


def _of_referral(who: list[Pair], facts: Block) -> tuple[Block, ...]:
    return (Block(heading=SAYS["referred"], pairs=tuple(who)), facts, Block(signs=(SAYS["handed"],)))

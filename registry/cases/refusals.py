"""The letter of a refusal, and of «не можна», which gets the same paper: what it says, and the fact that forms it.

One paper for whoever files, with every part of theirs, of a child, or about somebody for whom they act, that is not
granted; anybody else of age who asks for themselves has a paper of their own, for nobody is handed the grounds of
another applicant. Article and way of appeal are texts
that the community adopted for the day; without them the letter says what the cards say, and who tells the rest.
"""

import json
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from registry import papers, texts
from registry.aggregates.case.case import AskedService, Case, facts_of
from registry.aggregates.case.events import ApplicationBarred, ApplicationRefused, RefusalGround
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.ruling import PartRuling, Ruling
from registry.aggregates.case.written import AUTHORITY, TITLE, not_counted
from registry.aggregates.community.state import Here
from registry.aggregates.letter.events import LetterFormed
from registry.aggregates.person.state import NOBODY
from registry.aggregates.values import Actor, sure
from registry.app import Line
from registry.cases.letters import instead_of, missing_names, numbered
from registry.extracts.requesting import ALPHABET, CODE_LENGTH
from registry.letters.content import Block, Letter, Point
from registry.services.application import read
from registry.services.catalogue import Card

SAYS = texts.TEXTS["letter_refusal"]
_REFERENCE = re.compile(r"(?P<source>\d{3}) c(?P<card>[\d-]+)(?: r(?P<row>[\d.]+))?")
_CITE_PROCEDURE = ("1", "2", "3", "4", "5", "6", "7")
"""The cards whose row 4 names the law on administrative procedure (T-28)."""
LONGEST = 50_000
"""Bytes of a letter's content that surely fit a line of the journal (semantics 7); a longer one is cut into parts, and
of a part that is too long alone the papers have their names only."""

NotGranted = ApplicationRefused | ApplicationBarred


def _drawn() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@dataclass(frozen=True, kw_only=True)
class LetterWriter:
    """What a letter is written with: who we are on the day of the decision, the office where it was asked for, the
    address of the check, and who decides; how the id of a letter and its code are drawn."""

    here: Here
    office: str | None
    check_host: str
    by: Actor
    new_id: Callable[[], UUID] = uuid4
    new_code: Callable[[], str] = _drawn

    def lines(self, ruling: Ruling, outcomes: Sequence[ApplicationFact]) -> list[Line]:
        """The letters of a decision, each on a stream of its own, for the act that records it; none while nobody knows
        in whose name. `outcomes` are those of the ruling with their texts."""
        if not self.here.may_issue:
            return []
        told = zip(ruling.parts, outcomes, strict=True)
        found = [(part, outcome) for part, outcome in told if isinstance(outcome, NotGranted)]
        return [
            (self.new_id(), [formed], 0) for group in _papers(ruling, found) for formed in self._formed(ruling, group)
        ]

    def _formed(self, ruling: Ruling, group: Sequence[tuple[PartRuling, NotGranted]]) -> list[LetterFormed]:
        number = f"{ruling.case.received.code}/{group[0][1].part}"
        code = self.new_code()
        letter = self._letter(ruling, group, number, code).stored
        if len(json.dumps(letter, ensure_ascii=False).encode()) > LONGEST:
            if len(group) > 1:
                return [formed for one in group for formed in self._formed(ruling, [one])]
            letter = self._letter(ruling, [_by_name(*group[0])], number, code).stored
        return [
            LetterFormed(
                application=ruling.case.id,
                number=number,
                code=code,
                parts=tuple(outcome.part for _, outcome in group),
                decided_on=ruling.on.isoformat(),
                content=letter,
            )
        ]

    def _letter(self, ruling: Ruling, group: Sequence[tuple[PartRuling, NotGranted]], number: str, code: str) -> Letter:
        identity, signatory = self.here.identity, self.here.signatory
        refused = any(isinstance(outcome, ApplicationRefused) for _, outcome in group)
        title, of = SAYS["title_refused" if refused else "title_barred"].split("|")
        several = len(ruling.parts) > 1
        return Letter(
            title=title,
            of=of,
            sender=sure(identity.body),
            community=sure(identity.name),
            place=self.office,
            to=(_addressee(ruling, group[0][0]) or _names(ruling, group),),
            number=number,
            dated=ruling.on.isoformat(),
            blocks=(
                Block(pairs=tuple(_head(ruling, group))),
                *(_told(part, outcome, _name_of(ruling, part), several) for part, outcome in group),
                *_shown(group),
                self._appeal(group),
            ),
            signer=signatory.name if signatory else self.by.name,
            position=signatory.position if signatory else SAYS["decided_by"],
            clerk=self.by.name if signatory else None,
            code=code,
            check_host=self.check_host,
            sample=bool(identity.sample),
        )

    def _appeal(self, group: Sequence[tuple[PartRuling, NotGranted]]) -> Block:
        """How to appeal, in the words that were adopted for the day, and in no others."""
        heading, adopted = SAYS["appeal"], self.here.appeal
        if adopted is None:
            cited = any(part.service.card.number in _CITE_PROCEDURE for part, _ in group)
            said = SAYS["appeal_unsaid_cited" if cited else "appeal_unsaid"]
            return Block(heading=heading, paragraphs=(said.format(body=self.here.identity.body),))
        names = ("article", "body", "address", "term", "court")
        told = ((SAYS[name], getattr(adopted, name)) for name in names)
        return Block(heading=heading, pairs=tuple((label, value) for label, value in told if value))


def _papers(
    ruling: Ruling, found: Iterable[tuple[PartRuling, NotGranted]]
) -> list[list[tuple[PartRuling, NotGranted]]]:
    """The parts of each paper: of whoever files with every child and whom they act for, of every other adult alone."""
    filer = _filer(ruling)
    groups: dict[UUID | None, list[tuple[PartRuling, NotGranted]]] = {}
    for part, outcome in found:
        whose = _adult(part.service)
        groups.setdefault(None if whose == filer else whose, []).append((part, outcome))
    return list(groups.values())


def _adult(service: AskedService) -> UUID | None:
    """The adult who asks for themselves; None of a child, of somebody for whom another acts, and of nobody."""
    concerned = service.part.concerned
    return concerned[0].person if concerned and service.of_adult and _for_self(service) else None


def _for_self(service: AskedService) -> bool:
    return service.asked.applicant.kind == "person"


def _filer(ruling: Ruling) -> UUID | None:
    """Who files: the adult of the first part, also where that was withdrawn."""
    first = ruling.case.received.parts[0]
    return _adult(AskedService.of(1, first, read(facts_of(first))))


def _head(ruling: Ruling, group: Sequence[tuple[PartRuling, NotGranted]]) -> Iterable[tuple[str, str]]:
    received = ruling.case.received
    moment = f"{texts.day(received.received[:10])} {received.received[11:]}"
    yield SAYS["received"], SAYS["received_said"].format(received=moment, code=received.code)
    if notice := received.notice:
        number = notice.number or texts.say("notices", "no_number")
        yield SAYS["notice"], SAYS["notice_said"].format(number=number, dated=texts.day(notice.dated))
    applicant, names = _addressee(ruling, group[0][0]), _names(ruling, group)
    if applicant:
        yield SAYS["applicant"], applicant
    if names and names != applicant:
        yield SAYS["concerned"], names
    yield SAYS["decided_on"], texts.day(ruling.on)
    sources = dict.fromkeys(part.service.card.reference[:3] for part, _ in group)
    yield SAYS["law"], "; ".join(SAYS["law_cited"].format(texts.TEXTS["letter_laws"][source]) for source in sources)


def _told(part: PartRuling, outcome: NotGranted, name: str, several: bool) -> Block:
    """What was decided on one part, with every ground or bar."""
    card, refused = part.service.card, isinstance(outcome, ApplicationRefused)
    number = texts.say("letter_refusal", "several", part=outcome.part)
    return Block(
        heading=": ".join(filter(None, (number, name))) if several else None,
        paragraphs=(SAYS["refused" if refused else "barred"].format(title=card.title),),
        points=tuple(_grounds(part, outcome) if isinstance(outcome, ApplicationRefused) else _bars(card, outcome)),
    )


def _grounds(part: PartRuling, outcome: ApplicationRefused) -> Iterable[Point]:
    for ground in outcome.grounds:
        said = [line for line in _triggers(part, outcome, ground) if line]
        beneath = (*map(_sentence, said), where(ground.reference, ground.number))
        yield Point(text=f"{numbered(ground.number)}{ground.wording}", beneath=beneath)


def _triggers(part: PartRuling, outcome: ApplicationRefused, ground: RefusalGround) -> Iterable[str]:
    """What the ground rests on, and of what is missing or not good each by its name."""
    asked = part.service.asked
    for fact, said in zip(ground.facts, ground.said, strict=True):
        match fact:
            case "something_missing":
                names = missing_names(outcome)
                yield texts.say("letters", "missing", names="; ".join(names)) if names else said
                yield from _not_counted(part, {*outcome.missing, TITLE})
            case "authority_not_proved":
                yield said
                yield from _not_counted(part, {AUTHORITY})
            case "invalid_document":
                yield SAYS["invalid"].format("; ".join(_paper(part, id) for id in sorted(asked.invalid_documents)))
            case "document_expired" | "foreigners_document_expired":
                ended = sorted(id for id in asked.valid_until if asked.is_over(id))
                names = [_with_term(part, id, asked.valid_until[id]) for id in ended]
                yield SAYS["expired"].format("; ".join(names)) if names else said
            case _:
                yield said


def _not_counted(part: PartRuling, ids: Collection[str]) -> Iterable[str]:
    """The papers that were shown for something and are not it, each with why."""
    card = part.service.card.id
    for paper, why in not_counted(part.service.part):
        if paper.id in ids:
            yield SAYS["not_counted"].format(papers.said(paper, card), SAYS[f"not_counted_{why}"])


def _bars(card: Card, outcome: ApplicationBarred) -> Iterable[Point]:
    for one in outcome.barred:
        instead = instead_of(outcome.card, one.id)
        said = (SAYS["instead"].format(instead),) if instead else ()
        yield Point(text=one.wording, beneath=(*map(_sentence, said), where(one.reference, None)))


def where(reference: str, number: int | None) -> str:
    """Where something stands, in words: card, row, and its number there; a reference of another form as it is."""
    found = _REFERENCE.match(reference)
    if found is None:
        return reference
    form = "where_card" if found["row"] is None else "where" if number is None else "where_numbered"
    return SAYS[form].format(card=found["card"], row=found["row"], number=number)


def _by_name(part: PartRuling, outcome: NotGranted) -> tuple[PartRuling, NotGranted]:
    """The same without what is written on the papers: it is kept with the application."""
    service = replace(part.service, part=replace(part.service.part, papers=None))
    return replace(part, service=service), outcome


def _shown(group: Sequence[tuple[PartRuling, NotGranted]]) -> list[Block]:
    """The papers that were shown, with what is known of them."""
    said = (papers.said(one, part.service.card.id) for part, _ in group for one in part.service.part.papers or ())
    lines = tuple(Point(text=line) for line in dict.fromkeys(said))
    return [Block(heading=SAYS["papers"], points=lines)] if lines else []


def _paper(part: PartRuling, id: str) -> str:
    """A paper by its name, with what is written on it as far as it is known."""
    card = part.service.card.id
    found = next((one for one in part.service.part.papers or () if one.id == id), None)
    return papers.said(found, card) if found else papers.named(id, card)


def _with_term(part: PartRuling, id: str, until: date) -> str:
    name, day = _paper(part, id), texts.day(until)
    return name if day in name else SAYS["valid_until"].format(name=name, day=day)


def _sentence(said: str) -> str:
    """As a sentence begins."""
    return said[:1].upper() + said[1:]


def _addressee(ruling: Ruling, part: PartRuling) -> str:
    """Whom the letter is to: the applicant as named, or as the register names them; of a part about an adult who
    files for themselves, that adult; if nobody was named, who acts for another, and never whom it is about."""
    received, filed = ruling.case.received, part.service.part.applicant
    if _adult(part.service) not in (None, _filer(ruling)):
        return _name_of(ruling, part)
    if received.applicant or filed:
        return received.applicant or _name(ruling, sure(filed), ruling.case)
    if received.notice:
        return received.notice.sender
    if _for_self(part.service):
        return _name_of(ruling, part)
    adults = (one for one in ruling.parts if _for_self(one.service))
    named = next((_name_of(ruling, one) for one in adults), "")
    return named or texts.TEXTS["letter_to"][part.service.asked.applicant.kind]


def _names(ruling: Ruling, group: Sequence[tuple[PartRuling, NotGranted]]) -> str:
    return ", ".join(dict.fromkeys(name for part, _ in group if (name := _name_of(ruling, part))))


def _name_of(ruling: Ruling, part: PartRuling) -> str:
    """Whom a part concerns, by name."""
    return ", ".join(_name(ruling, one.person, ruling.case) for one in part.service.part.concerned)


def _name(ruling: Ruling, person: UUID, case: Case) -> str:
    known = ruling.holdings.people.get(person, NOBODY)
    if known.entered:
        return texts.person_name(known.particulars)
    concerned = (one for service in case.services for one in service.part.concerned if one.person == person)
    return next((texts.person_name(one.particulars) for one in concerned if one.particulars), "")

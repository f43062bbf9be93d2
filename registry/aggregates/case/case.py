"""A case (справа): what was asked for at one visit, read once, with what was answered to its checks since.

Taking one in and answering its checks; what is decided on it is in `ruling.py`. A case is a value: whatever is new of
it is in `new_facts`, and nothing is recorded until somebody appends them. Faults as everywhere: `Impossible` lists all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry.aggregates.case.coming import Coming, coming_faults
from registry.aggregates.case.events import ApplicationReceived, CheckAnswered, Part
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.sent import judged_as_sent
from registry.aggregates.case.state import NO_CASE, CaseRecord, fold
from registry.aggregates.case.witness import merged
from registry.aggregates.case.written import as_said
from registry.aggregates.person.away import answer_faults
from registry.aggregates.values import Fault, refuse, supposed, sure
from registry.services import checks, decision, terms
from registry.services.application import Application, NotAnApplication, read
from registry.services.catalogue import PAPERS, Card
from registry.services.decision import Dues
from registry.services.fees import NoPublishedAmount
from registry.services.offices import PLAIN_WEEK, Timetable

OWNERS_SIDE = (
    *("dwelling_owner", "dwelling_co_owner", "owner_representative"),
    *("dwelling_authorised_person", "mortgagee", "trust_owner"),
)
"""Whom card 7, row 8, lets ask for an extract because of a dwelling."""


@dataclass(frozen=True, kw_only=True)
class AskedService:
    """One service asked for: its part as it is stored, and what was read of it.

    `applied` are its facts as the applicant says them, `asked` as the answers leave them; `published` is what is due,
    None where no amount of the year is published; `required` the checks that it needs, in their order. `differs`: what
    the register was found to hold otherwise as it was taken in, None where that has to be asked.
    """

    number: int
    part: Part
    applied: Application
    asked: Application
    card: Card
    published: Dues | None
    required: tuple[str, ...]
    answers: Mapping[str, Any] = field(default_factory=dict)
    differs: tuple[Fault, ...] | None = None

    @classmethod
    def of(cls, number: int, part: Part, asked: Application) -> "AskedService":
        """A part whose facts were read. Raises `NoCard` for a service that no card knew on the day."""
        card = decision.card_for(asked)
        published = _published(asked, card)
        return cls(
            number=number,
            part=part,
            applied=asked,
            asked=checks.presumed(asked, {}),
            card=card,
            published=published,
            required=_required(asked, card, published),
        )

    @property
    def paid(self) -> checks.Payment | None:
        """What was paid, where somebody answered for it."""
        return self.answers.get("payment")

    @property
    def of_adult(self) -> bool:
        """Whether it is about somebody of age, who may be the parent of another."""
        return terms.age_on(self.asked.subject.born, self.asked.received.date()) >= terms.FULL_AGE

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Those of the checks that nobody has answered."""
        return tuple(check for check in self.required if check not in self.answers)

    def known_anew(self, known: Mapping[str, Any]) -> "AskedService":
        """The same as the register now knows it, with the same answers. What was said stays as it was said."""
        if known == (self.part.known or {}):
            return self
        part = replace(self.part, known=dict(known) or None)
        service = AskedService.of(self.number, part, read(facts_of(part)))
        for check, answer in self.answers.items():
            service = service.answered(check, answer)
        return service

    def answered(self, check: str, answer: Any) -> "AskedService":
        """With an answer; given again, it takes the place of the one before. What it leaves out is as applied."""
        others = {name: said for name, said in self.answers.items() if name != check}
        answers = {**others, check: answer}
        asked = checks.presumed(checks.answered(self.applied, answers.values()), answers)
        if asked.subject == self.asked.subject:
            return replace(self, asked=asked, answers=answers)
        # When a birth or a death was registered decides whether one is late, and so what is due.
        published = _published(asked, self.card)
        return replace(
            self,
            asked=asked,
            answers=answers,
            published=published,
            required=_required(asked, self.card, published),
        )


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case: what is on record of it, each service asked for read once, and the facts that are not in the log yet."""

    id: UUID
    record: CaseRecord
    services: tuple[AskedService, ...] = ()
    new_facts: tuple[ApplicationFact, ...] = ()

    @classmethod
    def of(cls, id: UUID, record: CaseRecord) -> "Case":
        """The case that is on record, without what was withdrawn of it; of a change asked for without an application,
        one without services."""
        parts = record.parts
        stand = [(number, parts[number - 1]) for number in record.standing]
        services = {number: AskedService.of(number, part, read(facts_of(part))) for number, part in stand}
        for one in (one for one in record.answers if one.part in services):
            services[one.part] = services[one.part].answered(one.check, checks.read_answer(one.check, one.said))
        return cls(id=id, record=record, services=tuple(services.values()))

    @property
    def received(self) -> ApplicationReceived:
        """The receipt; that there is none is an error of the program."""
        return sure(self.record.received)

    @property
    def version(self) -> int:
        """The version of its stream in the log."""
        return self.record.version - len(self.new_facts)

    def part_faults(self, part: int) -> list[Fault]:
        """Whether there is such a part, counted from 1, and it was not withdrawn."""
        if part in self.record.withdrawn:
            return [Fault("part-withdrawn", "part")]
        return [] if any(one.number == part for one in self.services) else [Fault("part-unknown", "part")]

    def answered(self, *, part: int, check: str, said: Mapping[str, Any], source: str) -> "Case":
        """With what a register says for a part of an open case. Raises `Impossible`: nobody asks for it, or it is no
        answer."""
        refuse(self.part_faults(part))
        service = next(one for one in self.services if one.number == part)
        if check not in service.required and not checks.may_be_told(service.applied, check):
            refuse([Fault("check-not-asked", "check")])
        try:
            answer = checks.read_answer(check, said)
        except NotAnApplication as error:
            refuse([Fault("value-unknown", error.field)])
        if check == "payment" and answer.kopiykas is None:
            refuse([Fault("paid-missing", "kopiykas")])
        refuse(answer_faults(answer.stands, answer.reason) if check == "absence" else [])
        fact = CheckAnswered(part=part, check=check, said=checks.plain_answer(answer), source=source)
        services = tuple(one.answered(check, answer) if one.number == part else one for one in self.services)
        record = supposing(self.record, [fact])
        return replace(self, record=record, services=services, new_facts=(*self.new_facts, fact))


def take_in(
    id: UUID,
    *,
    parts: Sequence[Part],
    code: str = "",
    office: str | None = None,
    applicant: str | None = None,
    phone: str | None = None,
    coming: Coming | None = None,
    timetable: Timetable = PLAIN_WEEK,
    now: datetime,
    record: CaseRecord = NO_CASE,
) -> Case:
    """Takes in an application of one visit; `parts` come without card and term. `now` is the local time of Kyiv, naive;
    without a `code` one is drawn as it is recorded, without `coming` nobody asks how it came. `timetable` is the
    community's of the day of receipt: the office is one of its, and the term runs by its hours.

    Raises `Impossible`; `NoCard` for a service that no card knew on the day, `NotAnApplication` for facts that are
    none.
    """
    faults = [Fault("already-entered")] if record.version else []
    faults += [] if parts else [Fault("parts-missing", "service")]
    unborn = [part for part in parts if facts_of(part).get("subject", {}).get("born") is None]
    refuse([*faults, *(Fault("born-unsaid", "subject.born") for _ in unborn)] if unborn else [])
    asked = [read(facts_of(part)) for part in parts]
    faults += [Fault("received-in-future", "received") for one in asked if one.received > now]
    if len({(one.received, one.channel) for one in asked}) > 1:
        faults.append(Fault("not-one-visit", "received"))
    for part, one in zip(parts, asked, strict=True):
        faults += _part_faults(part, one)
    faults += coming_faults(asked[0], coming, now.date(), timetable) if asked and coming else []
    refuse([*faults, *office_faults(office, timetable)])
    services = tuple(_taken_in(number, *one, timetable) for number, one in enumerate(zip(parts, asked, strict=True), 1))
    refuse([fault for one in services for fault in ground_faults(one.asked, one.card)])
    fact = ApplicationReceived(
        code=code,
        received=asked[0].received.isoformat(timespec="minutes"),
        channel=asked[0].channel,
        office=office,
        applicant=applicant,
        phone=phone,
        notice=coming.notice if coming else None,
        transcribed=True if coming and coming.transcribed else None,
        parts=tuple(one.part for one in services),
        recorded_later=coming.reason if coming and coming.is_late(asked[0], now.date(), timetable) else None,
        paper_journal=coming.paper if coming else None,
        machine=True if coming and coming.machine else None,
    )
    return Case(id=id, record=supposing(record, [fact]), services=services, new_facts=(fact,))


def facts_of(part: Part) -> dict[str, Any]:
    """The facts of a part: as they were said and are written on the papers shown, with what the register knows, and
    that what a portal sent of people is no sound data (`sent.py`)."""
    return judged_as_sent(part, merged(as_said(part), part.known))


def about_dwelling(part: Part, asked: Application) -> bool:
    """Whether a part asks for an extract of who is registered in a dwelling: it concerns nobody in particular."""
    return asked.does.informs and part.dwelling is not None and not part.concerned


def office_faults(office: str | None, timetable: Timetable) -> list[Fault]:
    """Whether the community has such an office."""
    if office is None or office in timetable.offices:
        return []
    known = ", ".join(sorted(timetable.offices))
    return [Fault("office-unknown", "office", {"offices": known}) if known else Fault("offices-unknown", "office")]


def asks_for_owner(asked: Application) -> bool:
    """Whether the owner's side of a dwelling asks for an extract, who gets only whom that dwelling holds."""
    return asked.does.informs and asked.applicant.kind in OWNERS_SIDE


def open_faults(record: CaseRecord) -> list[Fault]:
    """Why a case is not open: it was never received, it is decided or withdrawn, or a change of it waits for the second
    person."""
    if record.received is None:
        return [Fault("application-unknown")]
    if not record.standing:
        return [Fault("application-withdrawn")]
    if record.decided:
        return [Fault("application-decided")]
    return [Fault("change-waiting")] if record.awaiting else []


def _taken_in(number: int, part: Part, asked: Application, timetable: Timetable) -> AskedService:
    """A part with its card and its last day."""
    service = AskedService.of(number, part, asked)
    due_by = terms.entry_by(service.card.terms, asked.received, asked.channel, timetable)
    return replace(service, part=replace(part, card=service.card.id, due_by=due_by.isoformat()))


def ground_faults(asked: Application, card: Card) -> list[Fault]:
    """A ground that the card of the day does not know (row 8): nothing is granted on it, whatever is shown. An
    applicant whom the card names for some grounds alone it refuses by itself."""
    kind, applicants = asked.applicant.kind, card.rules["applicants"]
    known = [rule.id for rule in card.rules["grounds"]]
    on_any = any(kind in rule.kinds and not rule.grounds for rule in applicants)
    named = asked.ground in known or any(asked.ground in rule.grounds for rule in applicants)
    return [Fault("ground-unknown", "ground", {"grounds": ", ".join(known)})] if on_any and not named else []


def _part_faults(part: Part, asked: Application) -> list[Fault]:
    named = asked.documents | asked.consents | asked.invalid_documents | asked.valid_until.keys()
    faults = [Fault("paper-unknown", "documents") for _ in unknown_papers(named)]
    if asked.dwelling.kind == "private" and asked.dwelling.owners < 1:
        faults.append(Fault("owners-missing", "dwelling.owners"))
    if not part.concerned and not about_dwelling(part, asked):
        faults.append(Fault("person-missing", "register"))
    people = {concerned.person for concerned in part.concerned}
    if part.concerned and (len(people) < len(part.concerned) or len(people) != asked.persons):
        faults.append(Fault("persons-differ", "persons"))
    return faults


def unknown_papers(named: Iterable[str]) -> frozenset[str]:
    """What was shown or consented and no card of any day names: a slip of the form, never a paper."""
    return frozenset(one for one in named if re.sub(r"\d+$", "N", one) not in PAPERS and one not in PAPERS)


def _published(asked: Application, card: Card) -> Dues | None:
    try:
        return decision.dues(asked, by=card)
    except NoPublishedAmount:
        return None


def _required(asked: Application, card: Card, published: Dues | None) -> tuple[str, ...]:
    return checks.required(asked, card, published.fee.kopiykas if published else None)


def supposing(record: CaseRecord, facts: Sequence[ApplicationFact]) -> CaseRecord:
    """The record as if the facts were in the log."""
    return fold(supposed(facts, record.version, date.min), record)

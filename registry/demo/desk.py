"""The counter of the invented community: a visit read, ruled on and decided as any other, from what the book holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from registry.aggregates.case import finishing
from registry.aggregates.case.case import Case
from registry.aggregates.case.events import Concerned, Following, Part
from registry.aggregates.case.holdings import Holdings
from registry.aggregates.case.ruling import Ruling, rule
from registry.aggregates.community.state import Here
from registry.aggregates.dwelling.state import NOWHERE, Dwelling
from registry.aggregates.outgoing import decisions as about_outgoing
from registry.aggregates.outgoing.events import OutgoingDone, OutgoingFailed, OutgoingSent, named_by
from registry.aggregates.outgoing.state import UNTOUCHED
from registry.aggregates.papers import Paper
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.territory.listing import Listing
from registry.aggregates.values import sure
from registry.cases.as_of import AsOf
from registry.cases.intake import CLERK, Visit, homes_named, settled_by_minors, taken_in
from registry.cases.letters import all_worded, left_worded
from registry.cases.refusals import LetterWriter
from registry.demo.book import Book, BookedAct
from registry.demo.inventing import DATA
from registry.extracts.requesting import ALPHABET, CODE_LENGTH
from registry.services.checks import NO_REGISTERS
from registry.storage.mapper import KYIV

OFFICE, CHECK_HOST = "tsentralnyi", "http://127.0.0.1:8081"
ENTERED_FEE = 5000
"""What was paid in a year whose amount nobody has published, in kopiykas."""
Delivered = OutgoingSent | OutgoingDone | OutgoingFailed
PHONE = DATA["phone"].format(9_999_998)


class InBook(AsOf):
    """The register as the book holds it; the invented community keeps no address by its list at the counter."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def read(self, streams: Iterable[UUID]) -> None:
        """All of it is in memory."""

    def person(self, id: UUID) -> Person:
        return self.book.people.get(id, NOBODY)

    def dwelling(self, id: UUID) -> Dwelling:
        return self.book.dwellings.get(id, NOWHERE)

    def listing_for(self, asked: Any, people: Any, homes: Mapping[UUID, Dwelling], community: str) -> Listing:
        return Listing(community=community)

    def residents(self, dwelling: UUID) -> frozenset[UUID]:
        return frozenset(self.book.at_home(list(self.book.people), dwelling))

    def namesakes(self, who: Particulars) -> list[UUID]:
        return []


@dataclass(frozen=True)
class Decided:
    """The application, and each message and task that followed, with the position of what it follows from."""

    application: UUID
    follows: tuple[tuple[int, Following], ...] = ()


@dataclass(frozen=True)
class Counter:
    """One act at the counter, by who the community is."""

    act: BookedAct
    here: Here

    @cached_property
    def held(self) -> InBook:
        return InBook(self.act.book)

    def take_in(
        self, person: UUID, dwelling: UUID, *, documents: tuple[str, ...], papers: tuple[Paper, ...] = ()
    ) -> Case:
        """An application of one person for a residence in a dwelling, with every check answered as the law wants it;
        nothing is recorded yet."""
        book, now = self.act.book, self._now
        known = book.people[person].particulars
        part = Part(
            asked={
                "service": "register_residence",
                "received": now.isoformat(timespec="minutes"),
                "channel": "office",
                "applicant": {"kind": "person"},
                "documents": list(documents),
                "subject": {"born": known.birth_date},
                "dwelling": {"right_document_held": True},
            },
            card="",
            due_by="",
            concerned=(Concerned(person=person),),
            dwelling=dwelling,
            papers=papers,
        )
        case = taken_in(
            book.id(),
            Visit(parts=[part], office=OFFICE, phone=known.phone or PHONE),
            code=f"{book.random.randrange(10**6):06d}",
            held=self.held,
            registers=NO_REGISTERS,
            here=self.here,
            now=now,
            today=self.act.today,
        )
        (asked,) = case.services
        fee = {"kopiykas": asked.published.fee.kopiykas if asked.published else ENTERED_FEE}
        for check in asked.unanswered:
            case = case.answered(part=1, check=check, said=fee if check == "payment" else {}, source=CLERK)
        return case

    def decide(self, case: Case) -> Decided:
        """Decides a case, new or on record, and records all that it does and what tells of it."""
        ruling, position = self._ruled(case), self.act.book.position
        ruling.insist_on_deciding()
        body = sure(self.here.identity.body)
        outcomes = [*all_worded(ruling.outcomes, case.received, self.here.office_name(case.received.office) or body)]
        self.act.record(case.id, [*case.new_facts, *outcomes])
        for stream, facts in ruling.facts.items():
            self.act.record(stream, facts)
        for stream, letters, _ in self._letters().lines(ruling, outcomes):
            self.act.record(stream, letters)
        first = self.act.book.ahead + position + len(case.new_facts) + 1
        made = ((first + number, one) for number, fact in enumerate(outcomes) for one in getattr(fact, "follows", ()))
        return Decided(case.id, tuple((at, one) for at, one in made if one.person or one.text))

    def leave(self, case: Case, consent: str) -> UUID:
        """Records a case and leaves it without movement, by the paper that the applicant signed."""
        fact = finishing.leave(
            self._ruled(case),
            bring_by=None,
            agreed=True,
            consent=consent,
            reason=None,
            law=self.here.readings,
            timetable=self.here.timetable,
            today=self.act.today,
        )
        self.act.record(case.id, [*case.new_facts, left_worded(fact, case.received)])
        return case.id

    def delivered(self, decided: Decided, which: str, kind: type[Delivered], **said: Any) -> None:
        """What became of a message or a task that followed, by its id."""
        position, one = next(made for made in decided.follows if made[1].id == which)
        item: dict[str, Any] = {
            "position": position,
            "item": one.id,
            "person": one.person,
            "application": decided.application,
        }
        fact = kind(**item, on=self.act.today.isoformat(), **said)
        state = self.act.book.others.get(named_by(fact), UNTOUCHED).state
        self.act.record(named_by(fact), about_outgoing.delivered(fact, state, today=self.act.today))

    @property
    def _now(self) -> datetime:
        return self.act.envelope.recorded_at.astimezone(KYIV).replace(tzinfo=None)

    def _ruled(self, case: Case) -> Ruling:
        today = self.act.today
        return rule(case, self.here.readings, on=today, today=today, holdings=self._holdings(case), confirmed=True)

    def _holdings(self, case: Case) -> Holdings:
        """As `Cases` gathers them."""
        parts = [service.part for service in case.services]
        people = {one.person for part in parts for one in part.concerned}
        people |= self.held.relatives(one for part in parts for one in part.concerned)
        homes = {home for part in parts for home in homes_named(part)}
        homes |= {one.dwelling for person in people for one in self.held.person(person).residences}
        return Holdings(
            people={person: self.held.person(person) for person in people},
            homes={home: self.held.dwelling(home) for home in homes},
            ids=iter(self.act.book.id, None),
            residents={home: self.held.residents(home) for home in settled_by_minors(case)},
            community=self.here.within,
            timetable=self.here.timetable,
            payees=self.here.payees,
            listing=Listing(community=self.here.within),
        )

    def _letters(self) -> LetterWriter:
        book = self.act.book
        return LetterWriter(
            here=self.here,
            office=self.here.office_name(OFFICE),
            check_host=self.here.identity.public_url or CHECK_HOST,
            by=self.act.envelope.by,
            new_id=book.id,
            new_code=lambda: "".join(book.random.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        )

"""Applications meet the store: taken in, checked, decided, with everything that a decision does in one transaction.

Each method is one act and returns it; a repeated `command` returns the first result. An application that somebody
decided meanwhile, a person who moved, a dwelling that was renumbered: `LostRace`, and nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from registry.acts import Clerk
from registry.aggregates.case import decisions
from registry.aggregates.case.effects import Effects
from registry.aggregates.case.events import (
    ApplicationFact,
    ApplicationReceived,
    ChangeApproved,
    Part,
)
from registry.aggregates.case.state import NO_APPLICATION, Application, Outcome
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.values import Fault, Impossible, refuse, sure
from registry.app import Act, Line, Registry
from registry.cases.carrying import Doing
from registry.cases.earlier import earlier
from registry.cases.extracting import wanted_by
from registry.cases.intake import CLERK, Answers, Reception
from registry.cases.letters import worded
from registry.extracts import issuing
from registry.extracts.requesting import requested
from registry.services.application import NotAnApplication
from registry.services.application import Settings as Law
from registry.services.checks import NO_REGISTERS, Registers
from registry.services.decision import Decision
from registry.services.fees import NoPublishedAmount
from registry.services.offices import OFFICES
from registry.settings import Settings
from registry.storage.mapper import kyiv_day


@dataclass(frozen=True)
class Judged:
    """What would be decided on a part: the decision, the checks that nobody has answered, and the names of the facts
    that each person would get (none where it is not granted, or nobody was named).

    Without a decision: no amount is published for its year, and nobody has yet said what was paid.
    """

    part: Part
    decision: Decision | None
    unanswered: tuple[str, ...]
    would_record: Mapping[UUID, tuple[str, ...]]


class Applications:
    """The applications of one register, as one clerk handles them."""

    def __init__(self, clerk: Clerk, settings: Settings, registers: Registers = NO_REGISTERS) -> None:
        self.clerk, self.settings = clerk, settings
        self.law = Law(proxy_gets_extract=settings.proxy_gets_extract)
        self._reception = Reception(clerk, settings.community_prefix, registers)

    @property
    def registry(self) -> Registry:
        """The register itself."""
        return self.clerk.registry

    def receive(
        self,
        parts: Sequence[Part],
        *,
        command: UUID,
        answers: Answers = (),
        office: str | None = None,
        applicant: str | None = None,
        phone: str | None = None,
    ) -> Act:
        """Takes in an application with the checks answered so far: by the clerk, and by every connection that can."""
        if done := self.registry.of_command(command):
            return done
        facts = self._reception.received(parts, answers, office=office, applicant=applicant, phone=phone)
        return self.registry.append([(uuid4(), facts, 0)], by=self.clerk.by, command=command)

    def answer(
        self,
        application: UUID,
        *,
        part: int,
        check: str,
        said: Mapping[str, Any],
        command: UUID,
        version: int | None = None,
    ) -> Act:
        """What a clerk found in a register that we do not hold."""
        if done := self.registry.of_command(command):
            return done
        state = self.clerk.application(application, version)
        facts = decisions.answer_check(state, part=part, check=check, said=said, source=CLERK)
        return self.registry.append([(application, facts, state.version)], by=self.clerk.by, command=command)

    def decide(
        self,
        application: UUID,
        *,
        command: UUID,
        acted_on: date | None = None,
        confirmed: bool = False,
        version: int | None = None,
    ) -> Act:
        """Decides every part for good and does what follows; `acted_on` is the day of the entry, today without it.

        What corrects a record waits for a second person first (semantics 11), where a setting says so.
        """
        if done := self.registry.of_command(command):
            return self._with_documents(done)
        state = self.clerk.application(application, version)
        decided, doing = self._decided(application, state, acted_on, confirmed)
        if self._needs_second(decided):
            return self._ask_second(doing, command)
        outcomes = [self._worded(state, outcome) for _, _, outcome in decided]
        lines: list[Line] = [(application, outcomes, state.version)]
        lines += [*doing.lines(), *doing.home_lines()]
        lines += self._extracts(application, decided, state)
        act = self.registry.append(lines, by=self.clerk.by, command=command)
        return self._with_documents(act)

    def approve(self, application: UUID, *, command: UUID, version: int | None = None) -> Act:
        """The second person agrees: what was asked for is recorded, and the application, if it was one, is granted."""

        def outcome(state: Application) -> Sequence[ApplicationFact]:
            if state.received is None:
                return ()
            today = self.clerk.today()
            approved = decisions.supposing(state, [ChangeApproved(person=sure(state.change).person)])
            decided = decisions.decide(approved, self.law, acted_on=today, today=today)
            return [self._worded(state, one) for _, _, one in decided]

        return self.clerk.approve(application, command=command, version=version, outcome=outcome)

    def dry_run(
        self,
        parts: Sequence[Part],
        *,
        answers: Answers = (),
        acted_on: date | None = None,
        confirmed: bool = False,
        **said: Any,
    ) -> list[Judged]:
        """«Чи можна?» of an application that nobody has filed yet: the same answer, and nothing is stored."""
        state = decisions.supposing(NO_APPLICATION, self._reception.received(parts, answers, **said))
        return self._tried(uuid4(), state, acted_on, confirmed)

    def dry_run_of(self, application: UUID, *, acted_on: date | None = None, confirmed: bool = False) -> list[Judged]:
        """The same of one that was received. Raises `Impossible` where it can no longer be decided."""
        state = self.clerk.application(application)
        decisions.check_open(state)
        return self._tried(application, state, acted_on, confirmed)

    def check(self, parts: Sequence[Part], *, answers: Answers = (), **said: Any) -> None:
        """Raises what an application lacks that could never be recorded as it is given; nothing is stored."""
        state = decisions.supposing(NO_APPLICATION, self._reception.received(parts, answers, **said))
        self._tried(uuid4(), state, None, True, priced=False)

    def rehearse(
        self, parts: Sequence[Part], *, answers: Answers, acted_on: date | None, confirmed: bool, **said: Any
    ) -> None:
        """Raises whatever keeps an application from being received and decided at once; nothing is stored."""
        state = decisions.supposing(NO_APPLICATION, self._reception.received(parts, answers, **said))
        decided, doing = self._decided(uuid4(), state, acted_on, confirmed)
        self._needs_second(decided)
        doing.home_lines()
        self._extracts(uuid4(), decided, state)

    def as_of(self, position: int, day: date) -> "Applications":
        """The same at a position and on a day that were: for reading only, and by no connection."""
        clerk = Clerk(earlier(self.registry, position), self.clerk.by, lambda: day, self.clerk.second_person)
        return Applications(clerk, self.settings)

    def first_told(self, application: UUID, *, acted_on: date | None = None) -> list[Judged]:
        """What the law says of an application as it stands, whatever it still lacks, confirmed as if it were."""
        state = self.clerk.application(application)
        return self._judged(application, state, acted_on, True, priced=False, possible=False)[0]

    def repeats(self, act: Act, parts: Sequence[Part], answers: Answers, **said: Any) -> bool:
        """Whether an act is the receipt that these would have made then."""
        stored = [entry.fact for entry in act.entries if getattr(entry.fact, "source", CLERK) == CLERK]
        then = self.as_of(act.entries[0].position - 1, kyiv_day(act.recorded_at))
        try:
            facts = then._reception.received(parts, answers, **said)
        except (Impossible, LookupError, NotAnApplication):
            return False
        return facts == [replace(one, code="") if isinstance(one, ApplicationReceived) else one for one in stored]

    def _tried(
        self, application: UUID, state: Application, acted_on: date | None, confirmed: bool, priced: bool = True
    ) -> list[Judged]:
        judged, doing = self._judged(application, state, acted_on, confirmed, priced)
        doing.home_lines()
        decided = [(one.part, one.decision, None) for one in judged if one.decision]
        if len(decided) == len(judged):
            self._extracts(application, decided, state)
        return judged

    def _judged(
        self,
        application: UUID,
        state: Application,
        acted_on: date | None,
        confirmed: bool,
        priced: bool,
        possible: bool = True,
    ) -> tuple[list[Judged], Doing]:
        """Raises `NoPublishedAmount` unless `priced` is false, and `Impossible` unless `possible` is."""
        today = self.clerk.today()
        on = acted_on or today
        decisions.check_day(state, on, today)
        doing = Doing.of(self.clerk, application, state, confirmed)
        judged = []
        for number, part in enumerate(sure(state.received).parts, 1):
            unanswered = decisions.unanswered(state, number)
            try:
                decision = decisions.judged(state, number, self.law, acted_on=on)
            except NoPublishedAmount:
                if priced:
                    raise
                judged.append(Judged(part, None, unanswered, {}))
                continue
            try:
                made = doing.do(number, part, decision)
            except Impossible:
                # Whether and when somebody died, the register of civil status has yet to say.
                if possible and "civil_status" not in unanswered:
                    raise
                made = Effects()
            would = {person: tuple(fact.NAME for fact in facts) for person, facts in made.people.items() if facts}
            judged.append(Judged(part, decision, unanswered, would))
        return judged, doing

    def _decided(
        self, application: UUID, state: Application, acted_on: date | None, confirmed: bool
    ) -> tuple[list[tuple[Part, Decision, Outcome]], Doing]:
        today = self.clerk.today()
        on = acted_on or today
        decided = decisions.decide(state, self.law, acted_on=on, today=today)
        doing = Doing.of(self.clerk, application, state, confirmed)
        for number, (part, decision, _) in enumerate(decided, 1):
            doing.do(number, part, decision)
        return decided, doing

    def _needs_second(self, decided: Sequence[tuple[Part, Decision, Outcome]]) -> bool:
        corrects = [part for part, decision, _ in decided if _corrects(part, decision)]
        if not (self.clerk.second_person and corrects):
            return False
        if len(decided) > 1 or len(corrects[0].concerned) > 1:
            refuse([Fault("change-alone", "service")])
        return True

    def _ask_second(self, doing: Doing, command: UUID) -> Act:
        [(person, facts, version)] = doing.lines()
        return self.clerk.request_change(
            person,
            facts,
            [(home, seen) for home, _, seen in doing.home_lines()],
            asked_for=facts[-1].NAME,
            after=version,
            application=doing.id,
            application_version=doing.application.version,
            command=command,
        )

    def _extracts(
        self, application: UUID, decided: Sequence[tuple[Part, Decision, Outcome | None]], state: Application
    ) -> list[Line]:
        """An extract for each granted application for one; its document is made when the act is done."""
        lines: list[Line] = []
        for number, (part, decision, _) in enumerate(decided, 1):
            if decision.decision == "granted" and decision.extract:
                kind = decisions.asked_with(state, number).applicant.kind
                wanted = wanted_by(application, sure(state.received), part, decision.extract, kind)
                moment = datetime.now(UTC)
                fact = requested(self.registry, wanted, settings=self.settings, by=self.clerk.by, now=moment)
                lines.append((uuid4(), [fact], 0))
        return lines

    def _with_documents(self, act: Act) -> Act:
        for entry in act.entries:
            if isinstance(entry.fact, ExtractRequested):
                issuing.finished(self.registry, self.settings, entry)
        return act

    def _worded(self, state: Application, outcome: Outcome) -> Outcome:
        received = sure(state.received)
        office = OFFICES.get(received.office or "")
        return worded(outcome, received, office.name if office else self.settings.office_name)


def _corrects(part: Part, decision: Decision) -> bool:
    return decision.decision == "granted" and part.asked["service"] == "amend_record"

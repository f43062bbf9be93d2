"""Taking in an application: what the register itself knows is filled in, and whoever can answer a check is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from registry.acts import Clerk
from registry.aggregates.case import decisions
from registry.aggregates.case.events import ApplicationFact, Concerned, Part
from registry.aggregates.case.state import NO_APPLICATION, Application
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.decisions import enter_person
from registry.aggregates.person.state import Person
from registry.aggregates.values import sure
from registry.cases.prefill import filled
from registry.services.checks import Registers, plain_answer
from registry.storage.mapper import KYIV

Answers = Iterable[tuple[int, str, Mapping[str, Any]]]
"""What a clerk found: part, check, what was said."""
CLERK = "clerk"


@dataclass(frozen=True)
class Reception:
    """Where applications come in: a clerk, the beginning of this community's codes, and the connections there are."""

    clerk: Clerk
    community: str
    registers: Registers

    def received(self, parts: Sequence[Part], answers: Answers, **said: Any) -> list[ApplicationFact]:
        """The facts of receipt, with the checks answered so far. Raises what `decisions.receive` does."""
        now = datetime.now(UTC).astimezone(KYIV).replace(tzinfo=None)
        facts = decisions.receive(NO_APPLICATION, parts=[self._known(part) for part in parts], now=now, **said)
        state = decisions.supposing(NO_APPLICATION, facts)
        listed = [(part, check, answer, CLERK) for part, check, answer in answers]
        for part, check, answer, source in (*self._connected(state), *listed):
            made = decisions.answer_check(state, part=part, check=check, said=answer, source=source)
            state = decisions.supposing(state, made)
            facts += made
        return facts

    def _connected(self, state: Application) -> Iterable[tuple[int, str, dict[str, Any], str]]:
        for number in range(1, len(sure(state.received).parts) + 1):
            for check in decisions.required(state, number):
                register = getattr(self.registers, check)
                answer = register.ask(decisions.asked_with(state, number)) if register else None
                if answer is not None:
                    yield number, check, plain_answer(answer), register.name

    def _known(self, part: Part) -> Part:
        """The part with what the register knows of its subject, who is the first of those concerned."""
        first = part.concerned[0] if part.concerned else None
        if first is None or not (person := self._entered(first)).entered:
            return part
        homes = {one.dwelling: self.clerk.registry.dwelling(one.dwelling) for one in person.residences}
        return replace(part, asked=filled(part.asked, person, homes, self.community))

    def _entered(self, one: Concerned) -> Person:
        """Somebody whom a part concerns, as entered if the register does not hold them yet."""
        person, today = self.clerk.registry.person(one.person), self.clerk.today()
        if person.entered or one.particulars is None:
            return person
        entered = enter_person(person, particulars=one.particulars, documents=one.documents, today=today)
        return supposing(person, entered, today)

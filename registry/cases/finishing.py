"""A case that is not decided yet goes on: each act reads it, decides (`aggregates/case/finishing.py`) and appends.

As everywhere a repeated `command` returns the first result, another version than the caller saw is `LostRace`, and
`Impossible` changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from registry import texts
from registry.aggregates.case import finishing
from registry.aggregates.case.case import Case, open_faults, supposing
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.finishing import Brought
from registry.aggregates.case.ruling import Ruling
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.values import refuse, sure
from registry.app import Act
from registry.cases.as_of import AsOf
from registry.cases.cases import UNSAID, Cases, day_of
from registry.cases.extracts_asked import formed, insist_beside
from registry.cases.intake import Visit, taken_in, with_warnings
from registry.cases.letters import left_worded
from registry.storage.mapper import KYIV


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What is said as a case is left without movement, as in `finishing.leave`."""

    bring_by: date | None = None
    agreed: bool = False
    consent: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawalSaid:
    """What is said as a case, or some of its parts, is withdrawn."""

    said_by: str
    parts: Sequence[int] = ()
    paper: str | None = None
    reason: str | None = None


class Finishing:
    """The same cases, as far as they are not decided."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.registry, self.clerk = cases, cases.registry, cases.clerk

    def bring(
        self, id: UUID, said: Brought, *, command: UUID, version: int | None = None, digest: bytes | None = None
    ) -> Act:
        """Records papers that came later."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        facts, _ = self._brought(id, record, said)
        return self._append(id, record, facts, command, digest)

    def tried(self, id: UUID, said: Brought) -> Ruling:
        """What would be ruled with papers that are to come; nothing is stored."""
        record = self.clerk.application(id)
        return self._brought(id, record, said)[1]

    def leave(
        self, id: UUID, said: Leaving, *, command: UUID, version: int | None = None, digest: bytes | None = None
    ) -> Act:
        """Leaves a case without movement, by the consent of the applicant."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        refuse(open_faults(record))
        case, today = Case.of(id, record), self.clerk.today()
        here = self.cases.here(day_of(case))
        fact = finishing.leave(
            self.cases.ruled_now(case),
            bring_by=said.bring_by,
            agreed=said.agreed,
            consent=said.consent,
            reason=said.reason,
            law=here.readings,
            timetable=self.cases.here(said.bring_by or today).timetable,
            today=today,
        )
        worded = left_worded(fact, sure(record.received))
        return self._append(id, record, [worded], command, digest)

    def move_again(
        self, id: UUID, reason: str | None, *, command: UUID, version: int | None = None, digest: bytes | None = None
    ) -> Act:
        """The applicant asks that it be decided as it stands."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        refuse(open_faults(record))
        now, hours = self._now(), self.cases.here(self.clerk.today()).timetable
        fact = finishing.move_again(Case.of(id, record), reason=reason, now=now, timetable=hours)
        return self._append(id, record, [fact], command, digest)

    def withdraw(
        self, id: UUID, said: WithdrawalSaid, *, command: UUID, version: int | None = None, digest: bytes | None = None
    ) -> Act:
        """The applicant takes back the case, or some of its parts."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        facts = finishing.withdraw(
            record,
            parts=said.parts,
            said_by=said.said_by,
            paper=said.paper,
            reason=said.reason,
            because=texts.say("withdrawals", "change_rejected"),
        )
        then = supposing(record, facts)
        if then.left:
            after, hours = self.cases.ruled_now(Case.of(id, then)), self.cases.here(self.clerk.today()).timetable
            facts = finishing.withdrawn(then.left, facts, after, self._now(), hours)
        return self._append(id, record, facts, command, digest)

    def amend(
        self,
        id: UUID,
        visit: Visit,
        *,
        command: UUID,
        confirmed: bool = True,
        version: int | None = None,
        digest: bytes | None = None,
    ) -> Act:
        """Takes a case in anew as it should have been typed, on the day on which it came. What is typed of people is
        asked about as at receipt, unless it is `confirmed`."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        _, facts = self._amended(id, record, visit, confirmed)
        return self._append(id, record, facts, command, digest)

    def tried_anew(self, id: UUID, visit: Visit, confirmed: bool = True) -> tuple[Ruling, list[ApplicationFact]]:
        """What would be ruled on a case that is typed anew, and what of it would be recorded; nothing is stored."""
        return self._amended(id, self.clerk.application(id), visit, confirmed)

    def _brought(self, id: UUID, record: CaseRecord, said: Brought) -> tuple[list[ApplicationFact], Ruling]:
        refuse(open_faults(record))
        case = Case.of(id, record)
        fact = finishing.bring(case, said, self._now())
        completed = Case.of(id, supposing(record, [fact]))
        before, after = self.cases.ruled_now(case), self.cases.ruled_now(completed)
        hours = self.cases.here(date.fromisoformat(fact.brought[:10])).timetable
        facts = finishing.brought(record, fact, before, after, hours)
        stood = [fault for part in before.parts for fault in part.impossible]
        # What stood in the way before the papers came is no reason not to take them.
        refuse([fault for part in after.parts for fault in part.impossible if fault not in stood])
        return facts, self.cases.ruled_now(Case.of(id, supposing(record, facts)))

    def _amended(
        self, id: UUID, record: CaseRecord, visit: Visit, confirmed: bool
    ) -> tuple[Ruling, list[ApplicationFact]]:
        refuse([*open_faults(record), *finishing.declared_faults(record)])
        received = sure(record.received)
        here = self.cases.here(date.fromisoformat(received.received[:10]))
        visit, warned = with_warnings(visit, AsOf(self.registry), self.cases.clerk.viewer)
        anew = replace(visit, reason=UNSAID, notice=received.notice, office=None, paper=None, transcribed=False)
        typed = taken_in(
            id,
            anew,
            code=received.code,
            held=AsOf(self.registry),
            registers=self.cases.registers,
            here=here,
            now=self._now(),
            today=self.clerk.today(),
        )
        typed, facts = finishing.amend(record, typed, reason=visit.reason)
        insist_beside(typed, here.readings)
        ruling = self.cases.ruled_now(typed)
        with self.cases.new_asked(ruling):
            ruling.insist(priced=False, besides=warned, confirmed=confirmed)
        self.cases.homes(ruling, True)
        if all(part.priced for part in ruling.parts):
            formed(ruling, ruling.facts, clerk=self.clerk, settings=self.cases.settings)
        hours = self.cases.here(self.clerk.today()).timetable
        return ruling, finishing.amended(record, facts, ruling, self._now(), hours)

    def _append(
        self, id: UUID, record: CaseRecord, facts: Sequence[ApplicationFact], command: UUID, digest: bytes | None
    ) -> Act:
        line = (id, facts, record.version)
        return self.registry.append([line], by=self.clerk.by, command=command, digest=digest)

    def _now(self) -> datetime:
        """The local time of Kyiv, naive."""
        return self.clerk.now().astimezone(KYIV).replace(tzinfo=None)

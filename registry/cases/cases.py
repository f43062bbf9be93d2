"""Cases meet the store: taken in, answered, decided, with everything that a decision does in one transaction.

Each act returns what was recorded; a repeated `command` returns the first result. A case that somebody decided
meanwhile, a person who moved, a dwelling that was renumbered: `LostRace`, and nothing is written.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from registry import community, texts, twice
from registry.acts import Beside, Clerk, ToApprove, requested_facts, versions_seen
from registry.aggregates.case.case import Case, open_faults, supposing
from registry.aggregates.case.coming import ELECTRONIC
from registry.aggregates.case.events import ChangeApproved, ChangeRequested
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.finishing import moving_faults
from registry.aggregates.case.holdings import AskedAs, Holdings
from registry.aggregates.case.hours import closed_then
from registry.aggregates.case.ruling import Ruling, rule
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.community.state import Here
from registry.aggregates.dwelling.state import in_this_community
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.letter.events import LetterFormed
from registry.aggregates.values import Fault, refuse, sure
from registry.app import Act, Line, Registry
from registry.cases.as_of import AsOf
from registry.cases.codes import under_code
from registry.cases.extracts_asked import formed, insist_beside
from registry.cases.intake import CLERK, Visit, day_of_visit, homes_named, settled_by_minors, taken_in, with_warnings
from registry.cases.letters import all_worded
from registry.cases.newcomers import NOBODY_ELSE, WHERE, Distinct, asked_with, told_of
from registry.cases.recording import names, of_streams, outcomes, without
from registry.cases.refusals import LetterWriter
from registry.extracts import issuing
from registry.extracts.requesting import CannotIssue, insist_on_identity
from registry.letters import issuing as issuing_letters
from registry.services.checks import NO_REGISTERS, Registers
from registry.services.headers import SERVICES
from registry.settings import Settings
from registry.storage.mapper import KYIV
from registry.viewer import OPEN

INFORMING = frozenset(id for id, does in SERVICES.items() if does.informs)
"""The services that give an extract."""
UNSAID = "—"
"""In place of a reason that nobody has given yet."""


class Cases:
    """The cases of one register, as one clerk handles them, by the clerk's clock; or `machine`, which acts as one."""

    def __init__(
        self, clerk: Clerk, settings: Settings, registers: Registers = NO_REGISTERS, machine: str | None = None
    ) -> None:
        self.clerk, self.settings, self.registers, self.machine = clerk, settings, registers, machine
        self.registry: Registry = clerk.registry

    def here(self, day: date, position: int | None = None) -> Here:
        """Who we were on a day, as known now or at a position."""
        return community.here(self.registry, self.settings, day, position)

    def receive(
        self, visit: Visit, *, command: UUID, digest: bytes | None = None, confirmed: bool = True
    ) -> tuple[Act, Ruling]:
        """Takes in an application with the checks answered so far: by the clerk, and by every connection that can.

        Raises what could never be recorded as it is given, and unless it is `confirmed` that its office was closed.
        What a portal sends is locked (003 c8 r9): whatever the register says to it is for the decision.
        """

        visit, warned = (visit, []) if self.machine else with_warnings(visit, AsOf(self.registry), self.clerk.viewer)

        def recorded(code: str) -> tuple[Act, Ruling]:
            ruling = self.ruled(visit, code, None, True)
            if not (self.machine and ruling.case.received.channel in ELECTRONIC):
                with self.new_asked(ruling):
                    ruling.insist(priced=False, besides=[*self.closed(ruling), *warned], confirmed=confirmed)
                self.homes(ruling, True)
                if all(part.priced for part in ruling.parts):
                    formed(ruling, ruling.facts, clerk=self.clerk, settings=self.settings)
            line = (ruling.case.id, ruling.case.new_facts, 0)
            return self.registry.append([line], by=self.clerk.by, command=command, digest=digest), ruling

        return under_code(self.registry, self.clerk.today(), recorded)

    def receive_and_decide(
        self, visit: Visit, *, acted_on: date | None, confirmed: bool, command: UUID, digest: bytes | None = None
    ) -> tuple[Act, Ruling]:
        """Takes in an application and decides it in the same act."""

        asked, warned = with_warnings(visit, AsOf(self.registry), self.clerk.viewer, self.machine)

        def recorded(code: str) -> tuple[Act, Ruling]:
            ruling = self.ruled(asked, code, acted_on, confirmed)
            with self.new_asked(ruling):
                ruling.insist_on_deciding([*self.closed(ruling), *warned], confirmed)
            return self._decided(ruling, confirmed, command, digest), ruling

        return under_code(self.registry, self.clerk.today(), recorded)

    def new_asked(self, ruling: Ruling, granted: bool = False) -> AbstractContextManager[None]:
        """With what is confirmed within is asked that whom a visit tells of, or with `granted` enters, is nobody of the
        register; of what a machine sends as it is decided."""
        people = [] if self.machine and not granted else told_of(ruling, granted)
        return asked_with(self.registry, people, self.clerk.viewer)

    def closed(self, ruling: Ruling) -> list[Fault]:
        """That the office was closed when a desk took the application in; what a machine sends has no desk."""
        return [] if self.machine else closed_then(ruling.case.received, ruling.holdings.timetable)

    def answer(
        self,
        application: UUID,
        *,
        part: int,
        check: str,
        said: Mapping[str, Any],
        command: UUID,
        version: int | None = None,
        digest: bytes | None = None,
    ) -> Act:
        """What a clerk found in a register that we do not hold."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(application, version)
        case = Case.of(application, record)
        refuse(open_faults(record) or case.part_faults(part))
        case = case.answered(part=part, check=check, said=said, source=CLERK)
        line = (application, case.new_facts, record.version)
        return self.registry.append([line], by=self.clerk.by, command=command, digest=digest)

    def decide(
        self,
        application: UUID,
        *,
        command: UUID,
        acted_on: date | None = None,
        confirmed: bool = False,
        reason: str | None = None,
        distinct: Distinct = NOBODY_ELSE,
        version: int | None = None,
        digest: bytes | None = None,
    ) -> Act:
        """Decides every part for good and does what follows; `acted_on` is the day of the entry, today without it, and
        `reason` why it is an earlier one; `distinct` says who is another person than somebody new.

        What corrects a record, or is of the past, waits for a second person first (semantics 11), where a setting says
        so.
        """
        if done := self.registry.of_command(command):
            return self.with_documents(done)
        ruling = self._ruled_again(application, acted_on, confirmed, version, reason, distinct)
        refuse(moving_faults(ruling.case.record, ruling.on))
        return self._decided(ruling, confirmed, command, digest)

    def approve(self, application: UUID, *, command: UUID, version: int | None = None) -> Act:
        """The second person agrees: what was asked for is recorded, and the application, if it was one, is granted; an
        extract that was asked for with it states the register after that."""

        def outcome(record: CaseRecord) -> Beside:
            if record.received is None:
                return Beside()
            change = sure(record.change)
            ruling = self.ruled_as_asked(application, record, change)
            versions = versions_seen(change)
            facts = {stream: made for stream, made in requested_facts(change).items() if made}
            beside = formed(ruling, facts, versions, clerk=self.clerk, settings=self.settings)
            worded = self.worded(ruling)
            lines = [*without(versions, beside.lines), *self.letters(ruling, worded)]
            return replace(beside, facts=worded, lines=lines)

        return self.with_documents(self.clerk.approve(application, command=command, version=version, outcome=outcome))

    def tried(self, visit: Visit, *, acted_on: date | None = None, confirmed: bool = False) -> Ruling:
        """«Чи можна?» of what nobody has filed yet: nothing is stored, no reason is needed for an earlier day."""
        visit, warned = with_warnings(visit, AsOf(self.registry), self.clerk.viewer, self.machine)
        asked = replace(visit, reason=visit.reason or UNSAID)
        ruling = self.ruled(asked, "", acted_on, confirmed)
        with self.new_asked(ruling):
            return self._possible(ruling, confirmed, warned)

    def tried_again(
        self,
        application: UUID,
        *,
        acted_on: date | None = None,
        confirmed: bool = False,
        distinct: Distinct = NOBODY_ELSE,
    ) -> Ruling:
        """The same of one that was received. Raises `Impossible` where it can no longer be decided."""
        ruling = self._ruled_again(application, acted_on, confirmed, distinct=distinct)
        with self.new_asked(ruling, granted=True):
            return self._possible(ruling, confirmed)

    def ruled_then(self, id: UUID, record: CaseRecord, held: AsOf, *, acted_on: date | None, today: date) -> Ruling:
        """What was ruled on a case as it was received, on that day and from what was held then, as if confirmed."""
        case = Case.of(id, record)
        here, on = self.here(day_of(case), held.position), acted_on or today
        holdings = self._holdings(case, held, here)
        return rule(case, here.readings, on=on, today=today, holdings=holdings, confirmed=True)

    def with_documents(self, act: Act) -> Act:
        """The act, once the documents that it formed are made. One that cannot be made leaves the decision as it is:
        the number of an extract is voided, with the reason, and a letter is made when somebody asks for it next."""
        for entry in act.entries:
            if isinstance(entry.fact, LetterFormed):
                with suppress(issuing_letters.CannotForm, issuing.NoDocument):
                    issuing_letters.finished(self.registry, self.settings, entry.stream)
            if isinstance(entry.fact, ExtractRequested):
                with suppress(CannotIssue):
                    # It is made here and shown to nobody: whom it shows was asked as it was asked for.
                    issuing.finished(self.registry, self.settings, entry, seen_by=OPEN)
        return act

    def ruled(
        self,
        visit: Visit,
        code: str,
        acted_on: date | None = None,
        confirmed: bool = True,
        *,
        held: AsOf | None = None,
        asked_as: AskedAs | None = None,
    ) -> Ruling:
        """What is ruled on a visit as it comes, from what is `held`; raises what `taken_in` and `insist_beside` do."""
        held, today = held or AsOf(self.registry), self.clerk.today()
        here = self.here(day_of_visit(visit, today))
        if any(part.asked.get("service") in INFORMING or part.asked.get("extract") for part in visit.parts):
            insist_on_identity(self.here(today))
        case = taken_in(
            uuid4(),
            visit,
            code=code,
            held=held,
            registers=self.registers,
            machine=self.machine,
            here=here,
            now=self.clerk.now().astimezone(KYIV).replace(tzinfo=None),
            today=today,
        )
        on, law = acted_on or today, here.readings
        insist_beside(case, law)
        holdings = replace(self._holdings(case, held, here), asked_as=asked_as)
        return rule(case, law, on=on, today=today, holdings=holdings, confirmed=confirmed, reason=visit.reason)

    def _ruled_again(
        self,
        application: UUID,
        acted_on: date | None,
        confirmed: bool,
        version: int | None = None,
        reason: str | None = None,
        distinct: Distinct = NOBODY_ELSE,
    ) -> Ruling:
        record = self.clerk.application(application, version)
        refuse(open_faults(record))
        return self.ruled_now(distinct.said_of(Case.of(application, record)), acted_on, confirmed, reason)

    def ruled_now(
        self, case: Case, acted_on: date | None = None, confirmed: bool = True, reason: str | None = None
    ) -> Ruling:
        """What is ruled on a case by what the register holds now, as acted on a day, today without it."""
        today, here = self.clerk.today(), self.here(day_of(case))
        law, holdings = here.readings, self._holdings(case, AsOf(self.registry), here)
        return rule(case, law, on=acted_on or today, today=today, holdings=holdings, confirmed=confirmed, reason=reason)

    def ruled_as_asked(self, application: UUID, record: CaseRecord, change: ChangeRequested) -> Ruling:
        """What was ruled as a waiting change was asked for, on the day of the act that it names, from what was held
        then: nobody whom it is about may have changed since. Raises `Impossible` where the law says otherwise now."""
        approved, today = supposing(record, [ChangeApproved(person=change.person)]), self.clerk.today()
        refuse(open_faults(approved))
        case = Case.of(application, approved)
        here = self.here(day_of(case))
        if change.acted_on is None:
            # Asked for by an earlier release: one correction, whose facts are all that is said of anybody.
            ruling = rule(case, here.readings, on=today, today=today)
        else:
            asked = (one for one in self.registry.entries(application) if isinstance(one.fact, ChangeRequested))
            held = AsOf(self.registry, max(one.position for one in asked))
            holdings, on = self._holdings(case, held, here), date.fromisoformat(change.acted_on)
            ruling = rule(case, here.readings, on=on, today=today, holdings=holdings, confirmed=True, asked=change)
            if (outcomes(ruling), names(ruling.facts)) != (change.outcomes, names(requested_facts(change))):
                refuse([Fault("change-differs")])
        ruling.insist_on_deciding()
        return ruling

    def _holdings(self, case: Case, held: AsOf, here: Here) -> Holdings:
        """Everybody whom the case concerns, and every dwelling that it names or says to be named wrongly."""
        parts = [service.part for service in case.services]
        people = {one.person for part in parts for one in part.concerned}
        people |= {part.applicant for part in parts if part.applicant}
        people |= held.relatives(one for part in parts for one in part.concerned)
        homes = {home for part in parts for home in homes_named(part)}
        held.read([*people, *homes])
        homes |= {one.dwelling for person in people for one in held.person(person).residences}
        held.read(homes)
        known = {home: held.dwelling(home) for home in homes}
        kept = [(part, one) for part in parts for one in part.concerned]
        return Holdings(
            people={person: held.person(person) for person in people},
            homes=known,
            ids=iter(uuid4, None),
            outside=frozenset(id for id, home in known.items() if not in_this_community(home, here.within)),
            residents={home: held.residents(home) for home in settled_by_minors(case)},
            community=here.within,
            timetable=here.timetable,
            payees=here.payees,
            listing=held.listing_for(kept, people, known, here.within),
        )

    def _possible(self, ruling: Ruling, confirmed: bool, besides: Sequence[Fault] = ()) -> Ruling:
        ruling.insist(priced=True, besides=besides, confirmed=confirmed)
        self.homes(ruling, confirmed)
        formed(ruling, ruling.facts, clerk=self.clerk, settings=self.settings)
        return ruling

    def _decided(self, ruling: Ruling, confirmed: bool, command: UUID, digest: bytes | None) -> Act:
        """Records the decision on each part with all that it does; or asks a second person for it."""
        with self.new_asked(ruling, granted=True):
            ruling.insist_on_deciding()
            homes = self.homes(ruling, confirmed)
        case, facts = ruling.case, ruling.facts
        extracts = formed(ruling, facts, clerk=self.clerk, settings=self.settings)
        lines = of_streams(ruling, facts)
        if self.clerk.second_person and ruling.waits_for:
            asked_for, person = ruling.about
            if person and person not in [stream for stream, _, _ in lines]:
                lines.append((person, [], ruling.holdings.people[person].version))
            return self.clerk.request_change(
                ToApprove(
                    person=person,
                    lines=lines,
                    homes=[(home, seen) for home, _, seen in homes],
                    asked_for=asked_for,
                    acted_on=ruling.on,
                    because=ruling.waits_for,
                    reason=ruling.reason,
                    outcomes=outcomes(ruling),
                ),
                application=case.id,
                application_version=case.version,
                more_facts=case.new_facts,
                command=command,
                digest=digest,
            )
        worded = self.worded(ruling)
        lines = [(case.id, [*case.new_facts, *worded], case.version), *lines, *homes]
        lines += [*without({stream for stream, _, _ in lines}, extracts.lines), *self.letters(ruling, worded)]
        insist = twice.insisting(facts, self.clerk.viewer, dict.fromkeys(facts, WHERE))
        act = self.registry.append(
            lines, unchanged=extracts.unchanged, by=self.clerk.by, command=command, digest=digest, insist=insist
        )
        return self.with_documents(act)

    def homes(self, ruling: Ruling, confirmed: bool) -> list[Line]:
        """The versions of the dwellings that somebody is put into, so that nobody slips past a renumbering."""
        facts = ruling.facts
        seen = set(ruling.settled) | facts.keys()
        settled = ruling.settled - facts.keys()
        lines: list[Line] = [(home, [], ruling.holdings.homes[home].version) for home in settled]
        for person, now in ruling.holdings.people.items():
            if person in facts:
                more = self.clerk.homes_checked(now, facts[person], seen, confirmed)
                lines += more
                seen |= {home for home, _, _ in more}
        return lines

    def worded(self, ruling: Ruling) -> list[ApplicationFact]:
        """What was decided on each part, with its texts."""
        received = ruling.case.received
        here = self.here(day_of(ruling.case))
        body = here.identity.body or texts.say("to_applicant", "nameless")
        office, untrue = here.office_name(received.office) or body, ruling.case.record.untrue
        return [*all_worded(ruling.outcomes, received, office, {one.part: one.reason for one in untrue})]

    def letters(self, ruling: Ruling, worded: Sequence[ApplicationFact]) -> list[Line]:
        """The letters that tell of what was not granted, for the act that records the decision."""
        here, received = self.here(ruling.on), ruling.case.received
        writer = LetterWriter(
            here=here,
            office=self.here(day_of(ruling.case)).office_name(received.office),
            check_host=community.public_url(self.here(self.clerk.today()), self.settings),
            by=self.clerk.by,
        )
        return writer.lines(ruling, worded)


def day_of(case: Case) -> date:
    """The day of receipt."""
    return date.fromisoformat(case.received.received[:10])

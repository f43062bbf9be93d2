"""What a portal or a machine sent, compared with the register: who of it that may be, and what is found of it.

As everywhere a repeated `command` returns the first result, another version than the caller saw is `LostRace`, and
`Impossible` changes nothing.
"""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from registry import questions, twice
from registry.aggregates.case.case import Case, open_faults
from registry.aggregates.case.events import Concerned
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.finishing import declared_faults
from registry.aggregates.case.found import NewcomerRecognised, SentFoundUntrue, finding_faults
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.values import Fault, refuse
from registry.app import Act, Registry
from registry.cases.cases import Cases
from registry.viewer import OPEN, Viewer


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody found: that the `newcomer` is a `person` of the register, whose sent documents are called a
    `paper`; or without one that what was sent for a part is untrue. `reason` is how they know, or what of it."""

    part: int
    newcomer: UUID | None = None
    person: UUID | None = None
    reason: str | None = None
    paper: str | None = None


class Comparing:
    """The same cases, beside the register."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.registry, self.clerk = cases, cases.registry, cases.clerk

    def find(
        self, id: UUID, found: Finding, *, command: UUID, version: int | None = None, digest: bytes | None = None
    ) -> Act:
        """Records what was found of what was sent."""
        if done := self.registry.of_command(command):
            return done
        record = self.clerk.application(id, version)
        line = (id, [self._fact(id, record, found)], record.version)
        return self.registry.append([line], by=self.clerk.by, command=command, digest=digest)

    def _fact(self, id: UUID, record: CaseRecord, found: Finding) -> ApplicationFact:
        refuse(open_faults(record) or Case.of(id, record).part_faults(found.part))
        sent, who = bool(declared_faults(record)), found.newcomer
        faults = finding_faults(sent, record.parts, newcomer=who, person=found.person, reason=found.reason)
        if found.person and not self.registry.person(found.person).entered:
            faults.append(Fault("person-unknown", "person"))
        refuse(faults)
        reason = found.reason or ""
        if found.newcomer and found.person:
            return NewcomerRecognised(
                newcomer=found.newcomer, person=found.person, reason=reason, paper=found.paper or None
            )
        return SentFoundUntrue(part=found.part, reason=reason)


def candidates(registry: Registry, one: Concerned, seen_by: Viewer) -> list[UUID]:
    """Who of the register somebody may be of whom was told and who is not in it: whose УНЗР it is first, then everybody
    alike; nobody whom the viewer may not see."""
    if one.particulars is None or registry.person(one.person).entered:
        return []
    asked = twice.Entering(id=one.person, particulars=one.particulars, documents=one.documents)
    with registry.datastore.get_connection() as connection:
        position = registry.position_at(connection)
        found = [held.person for held in twice.alike(connection, asked, position)]
    if one.particulars.unzr:
        with suppress(questions.NotFound):
            found.insert(0, questions.find_person(registry, one.particulars.unzr, position, seen_by=OPEN))
    return [id for id in dict.fromkeys(found) if seen_by.sees(id)]

"""What a decision does to people and dwellings, gathered part by part until it is appended as one act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from registry.acts import Clerk
from registry.aggregates.case import decisions
from registry.aggregates.case.effects import Effects, Granted, effects
from registry.aggregates.case.events import Part
from registry.aggregates.case.state import Application
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.state import Person
from registry.aggregates.values import sure
from registry.app import Line
from registry.services.decision import Decision


@dataclass
class Doing:
    """One application being carried out: everybody whom it concerns as they are after the parts before, the facts for
    each stream and the version that they follow, and the dwellings that somebody comes to live in."""

    clerk: Clerk
    id: UUID
    application: Application
    confirmed: bool
    before: dict[UUID, Person]
    people: dict[UUID, Person]
    homes: dict[UUID, Dwelling]
    versions: dict[UUID, int]
    facts: dict[UUID, list[Any]] = field(default_factory=dict)
    settled: set[UUID] = field(default_factory=set)

    @classmethod
    def of(cls, clerk: Clerk, id: UUID, application: Application, confirmed: bool) -> "Doing":
        """Everybody whom the application concerns and every dwelling that it names, as they are."""
        parts, register = sure(application.received).parts, clerk.registry
        people = {one.person: register.person(one.person) for part in parts for one in part.concerned}
        named = {one for part in parts for one in (part.dwelling, part.now.dwelling if part.now else None) if one}
        homes = {home: register.dwelling(home) for home in sorted(named, key=str)}
        versions = {person: found.version for person, found in people.items()}
        return cls(clerk, id, application, confirmed, people, dict(people), homes, versions)

    def do(self, number: int, part: Part, decision: Decision) -> Effects:
        """What a part does; nothing unless it is granted. Raises `Impossible` and `NeedsConfirmation`."""
        if decision.decision != "granted":
            return Effects()
        today = self.clerk.today()
        granted = Granted(
            application=self.id,
            part=part,
            asked=decisions.asked_with(self.application, number),
            on=sure(decision.effective_on),
            homes=self.homes,
            ids=iter(uuid4, None),
        )
        made = effects(granted, self.people, today=today, confirmed=self.confirmed)
        for person, facts in made.people.items():
            self.people[person] = supposing(self.people[person], facts, today)
        streams: dict[UUID, Sequence[Any]] = {**made.people, **made.elsewhere}
        for stream, recorded in streams.items():
            self.versions.setdefault(stream, 0)
            if recorded:
                self.facts.setdefault(stream, []).extend(recorded)
        self.settled |= made.homes
        return made

    def lines(self) -> list[Line]:
        """The facts for people and new dwellings, as `Registry.append` takes them."""
        return [(stream, facts, self.versions[stream]) for stream, facts in self.facts.items()]

    def home_lines(self) -> list[Line]:
        """The versions of the dwellings that somebody is put into, so that nobody slips past a renumbering."""
        lines: dict[UUID, Line] = {home: (home, [], self.homes[home].version) for home in self.settled}
        for stream, facts in self.facts.items():
            if stream in self.people:
                person = self.before[stream]
                known = {*lines, *self.facts}
                lines |= {line[0]: line for line in self.clerk.homes_checked(person, facts, known, self.confirmed)}
        return list(lines.values())

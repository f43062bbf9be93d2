"""The acts: read, decide, append. The one place where a decision meets the store.

Each returns the recorded `Act`; a repeated `command` returns the first result and decides nothing again: whether it
was asked for the same, `repeats` says. `version`, if given, is that of the stream acted on as the caller saw it:
another one is a lost race. `today` is the Kyiv day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from registry import listing, merging, seals, streets, twice, viewer
from registry.aggregates.case import correcting, second_person
from registry.aggregates.case.events import ChangedStream, ChangeRequested, CheckedHome
from registry.aggregates.case.state import CaseRecord, fold
from registry.aggregates.dwelling.requests import CorrectDwelling, DwellingRequest, EnterDwelling, Readdress
from registry.aggregates.dwelling.state import NOWHERE
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.checks import homes, succession_faults, supposing
from registry.aggregates.person.family_requests import AmongRelatives
from registry.aggregates.person.links import ancestors
from registry.aggregates.person.merge_events import EntryMerged
from registry.aggregates.person.merge_requests import AnnulMerge, MergeEntries
from registry.aggregates.person.requests import ChangeParticulars, EnterPerson, PersonRequest
from registry.aggregates.person.state import Person
from registry.aggregates.values import Actor, Fault, confirm, refuse, sure
from registry.app import Act, Line, LostRace, Registry
from registry.appending import Raced
from registry.roles import Who
from registry.storage import mapper

OnCase = Callable[[CaseRecord], Sequence[Any]]
"""A decision on a case: its new facts."""
Requested = PersonRequest | DwellingRequest | Readdress | MergeEntries | AnnulMerge
"""Everything that `Clerk.act` takes."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What an approval records beside the change: facts on its application, and lines of other streams; `unchanged` as
    in `Registry.append`."""

    facts: Sequence[Any] = ()
    lines: Sequence[Line] = ()
    unchanged: Sequence[tuple[UUID, int]] = ()


@dataclass(frozen=True, kw_only=True)
class ToApprove:
    """What a second person is asked for: the lines of the act that approves, but for its own; `asked_for` is the name
    of the fact that it is about. Where it is about several, `person` is the one whose fact that is; of a decision that
    concerns nobody in particular it is None. Of a decision: `acted_on`, its day, `because`, why it waits, `reason`, why
    it or its receipt is of an earlier day, `outcomes`, the name of each part's."""

    person: UUID | None
    lines: Sequence[Line]
    homes: Iterable[tuple[UUID, int]] = ()
    asked_for: str
    acted_on: date | None = None
    because: tuple[str, ...] | None = None
    reason: str | None = None
    outcomes: tuple[str, ...] | None = None


def requested_facts(change: ChangeRequested) -> dict[UUID, list[Any]]:
    """The facts that a change asks for, as its bodies say them, by stream, the person's first."""
    return {one.stream: [mapper.from_logged(said) for said in one.facts] for one in change.streams}


def versions_seen(change: ChangeRequested) -> dict[UUID, int]:
    """The version of each stream on which a change was decided."""
    seen = {one.stream: one.after for one in change.streams}
    return {**seen, **{home.dwelling: home.version for home in change.homes}}


def repeats(act: Act, *, digest: bytes, makes: str, stream: UUID | None) -> bool:
    """Whether a recorded act is the one that is asked for again: the one of this digest.

    Of an act without a digest (imported, or recorded by a release that kept none), the one that made such a fact on
    this stream; `stream` is None for an act that begins one.
    """
    if act.digest is not None:
        return act.digest == digest
    first = act.entries[0]
    made: set[tuple[str, UUID | None]]
    made = {(entry.fact.NAME, entry.stream) for entry in act.entries if entry.stream == first.stream}
    # A change that was asked for by deciding an application is another act.
    if isinstance(first.fact, ChangeRequested) and first.version == 1:
        made = {(first.fact.asked_for, first.fact.person)}
    return any(name == makes and stream in (None, on) for name, on in made)


class Clerk:
    """Somebody who acts on one register.

    With `second_person`, the requests that are `FOR_TWO` change nothing of the person: they ask another actor, a head,
    for their facts. `at` is the moment of all that is done, so that none of it falls on two days; `ground` the one on
    which they look at what is sealed; `who` they are, if it was a person or a machine that came in.
    """

    def __init__(
        self,
        registry: Registry,
        by: Actor,
        second_person: bool = True,
        at: datetime | None = None,
        ground: seals.NamedGround | None = None,
        who: Who | None = None,
    ):
        self.registry = registry
        self.by = by
        self.second_person = second_person
        self.at = at
        self.ground = ground
        self.who = who

    @property
    def viewer(self) -> viewer.Viewer:
        """What the clerk may see."""
        return seals.viewer_of(self.registry, self.who or self.by, self.ground)

    def now(self) -> datetime:
        """The moment of the acts, in UTC: the one that was given, else what the register's clock shows."""
        return self.at or self.registry.clock()

    def today(self) -> date:
        """The calendar day in Europe/Kyiv."""
        return mapper.kyiv_day(self.now())

    def act(self, request: Requested, *, command: UUID, version: int | None = None) -> Act:
        """Records what is asked for. The stream that an act begins is that of its first entry.

        Raises `Impossible`, `NeedsConfirmation`, or `LostRace`.
        """
        if done := self.registry.of_command(command):
            return done
        match request:
            case PersonRequest():
                return self._on_person(request, command, version)
            case DwellingRequest():
                return self._on_dwelling(request, command, version)
            case Readdress():
                return self._readdress(request, command, version)
            case MergeEntries() | AnnulMerge():
                return self._on_two(request, command, version)

    def tried(
        self,
        request: EnterPerson | ChangeParticulars | MergeEntries | Readdress | DwellingRequest,
        *,
        version: int | None = None,
    ) -> tuple[dict[UUID, Sequence[Any]], bool]:
        """What an act would record, by stream, of a new person on the stream that none has; and whether it would wait
        for a second person. Raises as `act` does; nothing is stored, and what else the act would insist on under the
        lock is not asked."""
        if isinstance(request, MergeEntries):
            lines, _ = merging.lines_of(self.registry, request, self.today())
            self.check(request.person, lines[0][2], version)
            return {stream: facts for stream, facts, _ in lines if facts}, self.second_person
        if isinstance(request, Readdress):
            return {stream: facts for stream, facts, _ in self._carrying(request, version) if facts}, False
        if isinstance(request, DwellingRequest):
            return {stream: facts for stream, facts, _ in self._dwelling_lines(request, version)}, False
        stream = request.stream or UUID(int=0)
        state = self.registry.person(stream)
        self.check(stream, state.version, version)
        if isinstance(request, ChangeParticulars):
            facts = twice.changed(self.registry, request, state, self.today(), self.viewer)
            return {stream: facts}, self.second_person and request.FOR_TWO
        with twice.asked_together(self.registry, twice.told_of(request, stream), self.viewer):
            home = request.home(state)
            facts = request.decide(
                state, self.registry.dwelling(home) if home else NOWHERE, self.today(), iter(uuid4, None)
            )
        return {stream: facts}, self.second_person and request.FOR_TWO

    def application(self, application: UUID, version: int | None = None) -> CaseRecord:
        """The application as it is. Raises `LostRace` if it is not at the version that the caller saw."""
        entries = self.registry.entries(application)
        if entries and AGGREGATE_OF[entries[0].fact.NAME] != "application":
            refuse([Fault("application-unknown")])
        state = fold(entries)
        self.check(application, state.version, version)
        return state

    def request_change(
        self,
        asked: ToApprove,
        *,
        command: UUID,
        application: UUID | None = None,
        application_version: int = 0,
        more_facts: Sequence[Any] = (),
        digest: bytes | None = None,
    ) -> Act:
        """Asks a second person for facts that were decided on streams at their versions, and on the dwellings and
        versions of `homes`: on a stream of its own, or on that of a received application, behind `more_facts`."""
        of_streams = {
            stream: ChangedStream(stream=stream, after=after, facts=tuple(map(mapper.as_logged, facts)))
            for stream, facts, after in asked.lines
        }
        first = of_streams.pop(asked.person) if asked.person else None
        change = ChangeRequested(
            person=asked.person,
            asked_for=asked.asked_for,
            after=first.after if first else 0,
            facts=first.facts if first else (),
            homes=tuple(CheckedHome(dwelling=home, version=version) for home, version in asked.homes),
            further=tuple(of_streams.values()) or None,
            acted_on=asked.acted_on.isoformat() if asked.acted_on else None,
            because=asked.because,
            recorded_later=asked.reason,
            outcomes=asked.outcomes,
        )
        line = (application or uuid4(), [*more_facts, change], application_version)
        return self.registry.append([line, *_unmoved(change)], by=self.by, command=command, digest=digest)

    def approve(
        self,
        application: UUID,
        *,
        command: UUID,
        version: int | None = None,
        outcome: Callable[[CaseRecord], Beside] = lambda state: Beside(),
        digest: bytes | None = None,
    ) -> Act:
        """Records the facts of the waiting change, and `outcome`: what the approval decides of the application.

        Lost to any fact on the stream of a person whom it is about, or on that of a dwelling they come to live in,
        since it was asked for: the change then stays waiting and can only be rejected.
        """
        if done := self.registry.of_command(command):
            return done
        state = self.application(application, version)
        approved, beside, change = second_person.approve(state, self.by), outcome(state), sure(state.change)
        lines: list[Line] = [(application, [*approved, *beside.facts], state.version)]
        facts = requested_facts(change)
        lines += [(stream, facts.get(stream, []), after) for stream, after in versions_seen(change).items()]
        lines += beside.lines
        if change.person and change.asked_for == EntryMerged.NAME:
            refuse(merging.open_faults(self.registry, change.person, besides=application))
        insist = twice.insisting(facts, self.viewer)
        return self.registry.append(
            lines, unchanged=beside.unchanged, by=self.by, command=command, digest=digest, insist=insist
        )

    def reject(
        self,
        application: UUID,
        *,
        command: UUID,
        reason: str | None,
        version: int | None = None,
        digest: bytes | None = None,
    ) -> Act:
        """The waiting change is not to be; who asked for it takes it back so."""
        if done := self.registry.of_command(command):
            return done
        state = self.application(application, version)
        facts = second_person.reject(state, reason=reason)
        lines: list[Line] = [(application, facts, state.version)]
        return self.registry.append(lines, by=self.by, command=command, digest=digest)

    def correct_paper(
        self, application: UUID, *, paper: UUID, changes: Mapping[str, Any], reason: str | None, **how: Any
    ) -> Act:
        """What was taken down of a paper wrongly is now right, wherever it was shown; `changes` as in
        `correcting.correct_paper`, `how` as in the acts above."""

        def corrected(details: Mapping[str, Any]) -> OnCase:
            return lambda record: correcting.correct_paper(record, paper, changes=details, reason=reason)

        # Whoever showed it once did not show it everywhere.
        of_paper = {name: value for name, value in changes.items() if name != "shown_by"}
        return self._on_paper(application, paper, corrected(changes), corrected(of_paper) if of_paper else None, **how)

    def annul_paper(self, application: UUID, *, paper: UUID, reason: str | None, **how: Any) -> Act:
        """Nothing that was taken down of a paper counts any more, wherever it was shown."""

        def annulled(record: CaseRecord) -> Sequence[Any]:
            return correcting.annul_paper(record, paper, reason=reason)

        return self._on_paper(application, paper, annulled, annulled, **how)

    def homes_checked(
        self, person: Person, facts: Sequence[Any], checked: Set[UUID | None], confirmed: bool
    ) -> list[Line]:
        """The versions of other dwellings that an act puts the person back into: taking back an end is a way past a
        renumbering too. One that was renumbered asks for confirmation, unless going back to it is the very act."""
        back = homes(supposing(person, facts, self.today())) - homes(person) - checked
        found = {home: self.registry.dwelling(home) for home in sorted(back, key=str)}
        confirm([fault for dwelling in found.values() for fault in succession_faults(dwelling)], confirmed)
        return [(home, [], dwelling.version) for home, dwelling in found.items()]

    def check(self, stream: UUID, found: int, version: int | None) -> None:
        """Refuses to decide on another version than the caller saw."""
        if version is not None and found not in (0, version):
            last = self.registry.entries(stream)[found - 1]
            raise LostRace([Raced(stream, last.by.name, last.recorded_at)])

    def _on_paper(
        self,
        application: UUID,
        paper: UUID,
        here: OnCase,
        elsewhere: OnCase | None,
        *,
        command: UUID,
        version: int | None = None,
        digest: bytes | None = None,
    ) -> Act:
        """An act on a paper, `here` and `elsewhere`, in every application that it was shown with: one key is one
        paper."""
        if done := self.registry.of_command(command):
            return done
        record = self.application(application, version)
        lines: list[Line] = [(application, here(record), record.version)]
        rows = self.registry.query("papers", "by_key", paper=paper, position=self.registry.position())
        for other in dict.fromkeys(row["application"] for row in rows if not row["annulled"]):
            beside = self.application(other)
            if elsewhere and other != application and correcting.says_the_same(record, beside, paper):
                lines.append((other, elsewhere(beside), beside.version))
        return self.registry.append(lines, by=self.by, command=command, digest=digest)

    def _on_person(self, request: PersonRequest, command: UUID, version: int | None) -> Act:
        person = request.stream or uuid4()
        state = listing.as_listed(self.registry, self.registry.person(person), home=self.registry.dwelling)
        self.check(person, state.version, version)
        named = request.home(state)
        home = self.registry.dwelling(named) if named else NOWHERE
        lines: list[Line] = [(named, [], home.version)] if named else []
        if isinstance(request, AmongRelatives):
            other = request.names(state)
            people = ancestors({other} if other else set(), self.registry.person)
            facts = request.among(state, people, self.today())
            lines += [(other, [], people[other].version)] if other and other != person else []
        elif isinstance(request, ChangeParticulars):
            facts = twice.changed(self.registry, request, state, self.today(), self.viewer)
        else:
            with twice.asked_together(self.registry, twice.told_of(request, person), self.viewer):
                facts = request.decide(state, home, self.today(), iter(uuid4, None))
        lines += self.homes_checked(state, facts, {named}, request.may_return)
        if self.second_person and request.FOR_TWO:
            change = ToApprove(
                person=person,
                lines=[(person, facts, state.version)],
                homes=[(dwelling, seen) for dwelling, _, seen in lines],
                asked_for=facts[0].NAME,
            )
            return self.request_change(change, command=command, digest=request.digest)
        lines.insert(0, (person, facts, state.version))
        insist = twice.insisting({person: facts}, self.viewer)
        return self.registry.append(lines, by=self.by, command=command, digest=request.digest, insist=insist)

    def _on_two(self, request: MergeEntries | AnnulMerge, command: UUID, version: int | None) -> Act:
        """An act on two entries of one person, and on whoever names the one that goes."""
        lines, homes = merging.lines_of(self.registry, request, self.today())
        self.check(request.person, lines[0][2], version)
        if not self.second_person:
            lines += [(dwelling, [], seen) for dwelling, seen in homes]
            return self.registry.append(lines, by=self.by, command=command, digest=request.digest)
        change = ToApprove(person=request.person, lines=lines, homes=homes, asked_for=request.makes)
        return self.request_change(change, command=command, digest=request.digest)

    def _on_dwelling(self, request: DwellingRequest, command: UUID, version: int | None) -> Act:
        lines = self._dwelling_lines(request, version)
        return self.registry.append(lines, by=self.by, command=command, digest=request.digest)

    def _dwelling_lines(self, request: DwellingRequest, version: int | None) -> list[Line]:
        """What an act on a dwelling records, and the version that it was decided on."""
        dwelling = request.stream or uuid4()
        state = self.registry.dwelling(dwelling)
        self.check(dwelling, state.version, version)
        lines: list[Line] = [(dwelling, request.decide(state, self.today()), state.version)]
        if address := request.calls(state):
            kind = request.kind if isinstance(request, EnterDwelling | CorrectDwelling) else state.kind
            surprises = streets.surprises(self.registry, address, kind, self.today(), but=request.stream)
            confirm(surprises, request.confirmed)
        return lines

    def _readdress(self, request: Readdress, command: UUID, version: int | None) -> Act:
        """Everybody inside is carried over, and nobody slips past: whoever moves in or out meanwhile wins the race."""
        position = self.registry.position()
        return self.registry.append(
            self._carrying(request, version),
            unchanged=[(request.dwelling, position), (request.successor, position)],
            by=self.by,
            command=command,
            digest=request.digest,
        )

    def _carrying(self, request: Readdress, version: int | None) -> list[Line]:
        """What readdressing records, and the version of the dwelling that it leads to."""
        dwelling, successor = request.dwelling, request.successor
        old, new = self.registry.dwelling(dwelling), self.registry.dwelling(successor)
        self.check(dwelling, old.version, version)
        found = self.registry.query("residences", "current_in_dwelling", dwelling=dwelling)
        residents = {row["person"]: self.registry.person(row["person"]) for row in found}
        facts = request.decide(old, new, residents, self.today(), iter(uuid4, None))
        versions = {dwelling: old.version, **{person: state.version for person, state in residents.items()}}
        lines: list[Line] = [(stream, of_stream, versions[stream]) for stream, of_stream in facts.items()]
        return [*lines, (successor, [], new.version)]


def _unmoved(change: ChangeRequested) -> list[Line]:
    """Lines that insist that nobody has changed anybody or any dwelling since a change was decided."""
    return [(stream, [], after) for stream, after in versions_seen(change).items()]

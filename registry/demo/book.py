"""The log in memory: every stream folded as it grows, every act with its time, actor and command."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from inspect import signature
from random import Random
from typing import Any
from uuid import UUID

from registry.aggregates.case import state as case_state
from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import NOWHERE, Dwelling
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.letter import state as letter_state
from registry.aggregates.outgoing import state as outgoing_state
from registry.aggregates.papers import Paper
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person import family as about_family
from registry.aggregates.person import merging
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import FamilyLinkVersion, ResidenceVersion
from registry.aggregates.person.state import NOBODY, Person, find
from registry.aggregates.person.timeline import Row, current, timeline
from registry.aggregates.street import state as street_state
from registry.aggregates.territory import state as territory_state
from registry.aggregates.values import DateText, Entry, sure
from registry.demo.inventing import PAPERS, Newcomer, Place
from registry.storage.mapper import Draft, Envelope, kyiv_day

CARD = PAPERS["card"]


@dataclass(slots=True)
class Book:
    """Everything recorded so far. `acts` are as `Writer.write_acts` takes them; `ahead` of them are so many facts that
    say who the community is; `others` are the states of all that is neither a person nor a dwelling."""

    random: Random
    people: dict[UUID, Person] = field(default_factory=dict)
    dwellings: dict[UUID, Dwelling] = field(default_factory=dict)
    others: dict[UUID, Any] = field(default_factory=dict)
    acts: list[tuple[Envelope, list[Draft]]] = field(default_factory=list)
    position: int = 0
    ahead: int = 0
    refs: dict[str, int] = field(default_factory=dict)

    def id(self) -> UUID:
        """A new id, of version 4, from the seed."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def ref(self, letter: str, digits: int = 6) -> str | None:
        """The next import ref (`P-000123`); one in twelve cards has none."""
        number = self.refs[letter] = self.refs.get(letter, 0) + 1
        return None if self.random.random() < 1 / 12 else f"{letter}-{number:0{digits}d}"

    def home(self, person: UUID) -> Row | None:
        """The current residence of a person."""
        return current(timeline(self.people.get(person, NOBODY)))

    def at_home(self, people: Sequence[UUID], dwelling: UUID) -> list[UUID]:
        """Those of `people` who are alive and currently live in a dwelling."""
        alive = [one for one in people if one in self.people and not self.people[one].death]
        return [one for one in alive if (row := self.home(one)) and row.dwelling == dwelling]

    def residents(self, dwelling: UUID) -> dict[UUID, Person]:
        """Whoever ever had a residence in a dwelling."""
        return {
            id: person
            for id, person in self.people.items()
            if any(one.dwelling == dwelling for one in person.residences)
        }

    def record(self, envelope: Envelope, drafts: list[Draft], stream: UUID, facts: Sequence[Any]) -> None:
        """Appends facts to a stream within an act, and folds them."""
        for fact in facts:
            states, (fold, empty) = self._states(AGGREGATE_OF[fact.NAME]), _FOLDS[AGGREGATE_OF[fact.NAME]]
            before = states.get(stream, empty)
            self.position += 1
            entry = Entry(
                position=self.position,
                stream=stream,
                version=before.version + 1,
                recorded_at=envelope.recorded_at,
                recorded_on=kyiv_day(envelope.recorded_at),
                by=envelope.by,
                command=envelope.command,
                fact=fact,
            )
            states[stream] = fold([entry], before)
            drafts.append(Draft(stream, entry.version, fact))

    def _states(self, aggregate: str) -> dict[UUID, Any]:
        named: dict[str, dict[UUID, Any]] = {"person": self.people, "dwelling": self.dwellings}
        return named.get(aggregate, self.others)


_FOLDS: dict[str, tuple[Callable[..., Any], Any]] = {
    "person": (person_state.fold, NOBODY),
    "dwelling": (dwelling_state.fold, NOWHERE),
    "application": (case_state.fold, case_state.NO_CASE),
    "territory": (territory_state.fold, territory_state.UNLISTED),
    "outgoing": (outgoing_state.fold, outgoing_state.UNTOUCHED),
    "letter": (letter_state.fold, letter_state.NO_LETTER),
    "street": (street_state.fold, street_state.NO_STREET),
}


@dataclass(slots=True)
class BookedAct:
    """One act of a clerk: whatever it decides shares its recorded time and command. It counts once it has a fact."""

    book: Book
    envelope: Envelope
    drafts: list[Draft] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The Kyiv day of the act."""
        return kyiv_day(self.envelope.recorded_at)

    def ago(self, days: int) -> DateText:
        """The day so many days before the act, as written."""
        return (self.today - timedelta(days)).isoformat()

    def person(self, stream: UUID, decision: Callable[..., Sequence[Any]], /, **asked: Any) -> None:
        """Decides about a person as the register stands within the act, and records what was decided.

        Only where `confirmed` is given may it surprise: what nobody meant stops the seeding.
        """
        wanted = _asked(decision)
        if "home" in wanted:
            dwelling = asked["now"].dwelling if "now" in asked else asked["dwelling"]
            asked["home"] = self.book.dwellings[dwelling]
        if "today" in wanted:
            asked["today"] = self.today
        self.record(stream, decision(self.book.people.get(stream, NOBODY), **asked))

    def dwelling(self, id: UUID, decision: Callable[..., Sequence[Any]], /, **asked: Any) -> None:
        """The same about a dwelling."""
        if "today" in _asked(decision):
            asked["today"] = self.today
        self.record(id, decision(self.book.dwellings.get(id, NOWHERE), **asked))

    def territory(self, id: UUID, decision: Callable[..., Sequence[Any]], **asked: Any) -> None:
        """The same about an entry of the list of territories."""
        if "today" in _asked(decision):
            asked["today"] = self.today
        self.record(id, decision(self.book.others.get(id, territory_state.UNLISTED), **asked))

    def street(self, id: UUID, decision: Callable[..., Sequence[Any]], **asked: Any) -> None:
        """The same about a street of the community's list."""
        if "today" in _asked(decision):
            asked["today"] = self.today
        self.record(id, decision(self.book.others.get(id, street_state.NO_STREET), **asked))

    def enter(self, who: Newcomer, *, ref: bool = True) -> UUID:
        """Enters a person with the document that they have by now."""
        documents = tuple(one for one in (who.document(self.today),) if one)
        asked = {"particulars": who.particulars, "documents": documents, "ref": self.book.ref("P") if ref else None}
        self.person(who.id, about_person.enter_person, **asked)
        return who.id

    def enter_home(self, place: Place) -> UUID:
        """Enters a dwelling."""
        id = self.book.id()
        asked = {"address": place.address, "kind": place.kind, "ref": self.book.ref("D")}
        self.dwelling(id, about_dwelling.enter_dwelling, **asked)
        return id

    def settle(
        self,
        person: UUID,
        dwelling: UUID,
        *,
        kind: str = "registered",
        since: DateText | None = None,
        basis: str | None = None,
        confirmed: bool = False,
    ) -> UUID:
        """A new residence, from today unless said otherwise; its id."""
        residence = self.book.id()
        self.person(
            person,
            about_person.settle,
            kind=kind,
            residence=residence,
            dwelling=dwelling,
            since=since or self.today.isoformat(),
            basis=basis or PAPERS["declaration" if kind == "declared" else "application"],
            confirmed=confirmed,
        )
        return residence

    def past(
        self,
        person: UUID,
        dwelling: UUID,
        since: DateText | None,
        until: DateText,
        *,
        kind: str = "registered",
        basis: str = CARD,
    ) -> UUID:
        """A past residence from papers; its id."""
        residence = self.book.id()
        self.person(
            person,
            about_person.enter_past_residence,
            kind=kind,
            residence=residence,
            dwelling=dwelling,
            since=since,
            until=until,
            basis=basis,
        )
        return residence

    def leave(self, person: UUID, *, ground: str = "application", country: str | None = None) -> None:
        """Ends the current residence today, if there is one."""
        home = self.book.home(person)
        if home is None:
            return
        asked = {"residence": home.residence, "until": self.today.isoformat(), "ground": ground, "country": country}
        self.person(person, about_person.deregister_residence, **asked)

    def correct(self, person: UUID, residence: UUID, *, reason: str, confirmed: bool = False, **changes: Any) -> None:
        """How a residence really is; `changes` holds only what differs."""
        found = find(self.book.people[person], residence)
        if found is None:
            raise LookupError(residence)
        was = ResidenceVersion(kind=found.kind, dwelling=found.dwelling, since=found.since, until=found.until)
        asked = {"residence": residence, "now": replace(was, **changes), "reason": reason, "confirmed": confirmed}
        self.person(person, about_person.correct_residence, **asked)

    def die(self, person: UUID, registered_on: DateText, *, confirmed: bool = False) -> None:
        """A death by the message of the civil register."""
        asked = {"registered_on": registered_on, "basis": PAPERS["death"]}
        self.person(person, about_person.record_death, confirmed=confirmed, **asked)

    def link(self, person: UUID, said: FamilyLinkVersion, paper: Paper) -> UUID:
        """Who somebody is to a person, as a paper shows; the id of the link."""
        link = self.book.id()
        asked = {"id": person, "link": link, "said": said, "paper": paper, "basis": paper.id}
        self.person(person, about_family.enter_link, people=self.book.people, **asked)
        return link

    def relink(self, person: UUID, link: UUID, now: FamilyLinkVersion, *, reason: str) -> None:
        """How a link really is."""
        asked = {"id": person, "link": link, "now": now, "reason": reason}
        self.person(person, about_family.correct_link, people=self.book.people, **asked)

    def merge(self, gone: UUID, into: UUID, *, reason: str) -> None:
        """One person who was entered twice: the first entry goes, nothing of it is kept."""
        made = merging.merge_entries(
            self.book.people,
            loser=gone,
            into=into,
            keep=(),
            reason=reason,
            homes=self.book.dwellings,
            ids=_ids(self.book),
            today=self.today,
            confirmed=True,
        )
        self._record_all(made)

    def take_apart(self, gone: UUID, *, basis: str) -> None:
        """Such an entry is as it was."""
        stays = self.book.people[sure(self.book.people[gone].merged).says.survivor]
        made = merging.annul_merge(self.book.people, loser=gone, as_merged=stays, basis=basis, today=self.today)
        self._record_all(made)

    def readdress(self, old: UUID, new: UUID, *, reason: str) -> None:
        """Renumbers or merges a dwelling into another and carries everybody over."""
        facts = about_dwelling.readdress(
            old,
            self.book.dwellings[old],
            new,
            self.book.dwellings[new],
            residents=self.book.residents(old),
            since=self.today.isoformat(),
            reason=reason,
            ids=_ids(self.book),
            today=self.today,
        )
        self._record_all(facts)

    def _record_all(self, facts: Mapping[UUID, Sequence[Any]]) -> None:
        for stream, of_stream in facts.items():
            self.record(stream, of_stream)

    def record(self, stream: UUID, facts: Sequence[Any]) -> None:
        """Records facts on a stream."""
        self.book.record(self.envelope, self.drafts, stream, facts)


def _ids(book: Book) -> Iterator[UUID]:
    while True:
        yield book.id()


@cache
def _asked(decision: Callable[..., Any]) -> frozenset[str]:
    return frozenset(signature(decision).parameters)

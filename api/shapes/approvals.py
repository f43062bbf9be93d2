"""What waits for a second person as pages show it: the list, and one change with all that its approval would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.shapes import before_after
from api.shapes.cards import NamesThen
from api.shapes.person_card import age
from registry import community, occasion, papers, texts
from registry.acts import requested_facts
from registry.aggregates.case.events import ChangeApproved, ChangeRejected, ChangeRequested
from registry.aggregates.case.state import CaseRecord, fold
from registry.aggregates.community.events import (
    COMMUNITY,
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityChangeRequested,
)
from registry.aggregates.community.state import fold as fold_community
from registry.aggregates.dwelling.state import dated_names
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.papers import Paper
from registry.aggregates.person.merge_events import EntryMerged
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, Impossible, first_day, supposed
from registry.cases import foreseen
from registry.cases.foreseen import Foreseen
from registry.extracts import content
from registry.outgoing import makers
from registry.questions import NotFound
from registry.viewer import HIDDEN

LISTED = 100
"""How many changes the list has, the oldest first."""
Asked = ChangeRequested | CommunityChangeRequested
_JUDGED = (ChangeApproved, ChangeRejected, CommunityChangeApproved, CommunityChangeRejected)


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A change that was asked for on a stream by the entry `asked`, at a `version` of the stream; `judged` is what a
    second person said to it. `record` is that of the application, or of the change asked for without one; of a change
    of the community there is none."""

    stream: UUID
    version: int
    asked: Entry
    judged: Entry | None
    record: CaseRecord | None

    @property
    def fact(self) -> Asked:
        fact: Asked = self.asked.fact
        return fact

    @property
    def waits(self) -> bool:
        return self.judged is None

    @property
    def people(self) -> tuple[UUID, ...]:
        """Everybody whom it changes, and whom its application concerns."""
        of_case = [one.person for part in (self.record.parts if self.record else ()) for one in part.concerned]
        before = self.record.before if self.record else ()
        return tuple(dict.fromkeys([*getattr(self.fact, "people", ()), *of_case, *before]))

    @property
    def code(self) -> str | None:
        """That of the application, if it is of one."""
        return self.record.received.code if self.record and self.record.received else None

    @property
    def title(self) -> str:
        """What is asked for, in words."""
        named = getattr(self.fact, "asked_for", self.fact.NAME)
        said = texts.label("asked", named)
        return said[:1].upper() + said[1:]


def found(desk: Desk, stream: UUID) -> AskedChange:
    """The last change that was asked for on a stream. Raises `NotFound`."""
    return _of_entries(stream, desk.registry.entries(stream))


def _of_entries(stream: UUID, entries: Sequence[Entry]) -> AskedChange:
    asked = [entry for entry in entries if isinstance(entry.fact, ChangeRequested | CommunityChangeRequested)]
    if not asked:
        raise NotFound(texts.TEXTS["faults"]["application-unknown"])
    judged = [one for one in entries if isinstance(one.fact, _JUDGED) and one.version > asked[-1].version]
    record = None if stream == COMMUNITY else fold(entries)
    # Whoever withdrew the application took the change back with it.
    ended = judged[0] if judged else entries[-1] if record and not record.awaiting else None
    return AskedChange(stream, entries[-1].version, asked[-1], ended, record)


def queue(desk: Desk) -> tuple[list[UUID], int]:
    """Where changes wait, the oldest first, at most `LISTED`; and how many there are in all."""
    registry = desk.registry
    rows = registry.query("applications", "awaiting", limit=LISTED)
    count = registry.query("applications", "awaiting_count")[0]["changes"]
    asked = [(row["known_from"], row["application"]) for row in rows]
    if registry.community().awaiting:
        asked.append((found(desk, COMMUNITY).asked.position, COMMUNITY))
        count += 1
    return [stream for _, stream in sorted(asked)[:LISTED]], count


def of_queue(desk: Desk, streams: Sequence[UUID]) -> list[dict[str, Any]]:
    """The rows of the list: a change each."""
    entries = desk.registry.of_streams(streams) if streams else {}
    changes = [_of_entries(stream, entries[stream]) for stream in streams]
    seen = [one for one in changes if all([desk.viewer.sees(person) for person in one.people])]
    asked = [one for one in seen if isinstance(one.fact, ChangeRequested)]
    facts = [one.fact for one in asked if isinstance(one.fact, ChangeRequested)]
    read = foreseen.subjects_of(desk.registry, facts, desk.today())
    told = {one.stream: subjects for one, subjects in zip(asked, read, strict=True)}
    told |= {one.stream: subjects(desk, one) for one in seen if one.stream not in told}
    named = [one.stream for subjects in read for one in subjects if one.aggregate in ("person", "dwelling")]
    known = desk.registry.of_streams(named) if named else {}
    called = NamesOfSubjects(desk, [one for subjects in told.values() for one in subjects], known)
    return [_row(desk, change, told.get(change.stream), called) for change in changes]


def _row(desk: Desk, change: AskedChange, told: Sequence[Foreseen] | None, called: "NamesAsAsked") -> dict[str, Any]:
    """A change in the list: of whoever is hidden (`told` is None) that something waits, and not what or about whom."""
    said = {"id": change.stream, "asked": change.asked, "mine": is_mine(desk, change)}
    said["days"] = (desk.today() - change.asked.recorded_on).days
    if told is None:
        return {**said, "title": HIDDEN, "about": []}
    return {**said, "title": change.title, "about": [_about(one, called) for one in told]}


def is_mine(desk: Desk, change: AskedChange) -> bool:
    """Whether whoever looks asked for it."""
    return change.asked.by.id == desk.actor.id


def subjects(desk: Desk, change: AskedChange) -> list[Foreseen]:
    """Whom and what a change is about, before and after it."""
    fact, today = change.fact, desk.today()
    if isinstance(fact, ChangeRequested):
        return foreseen.subjects(desk.registry, fact, today)
    facts = community.waiting(fact)
    before = fold_community(desk.registry.entries(COMMUNITY)[: change.asked.version])
    after = fold_community(supposed(facts, before.version, today), before)
    days = {(one.NAME, one.since): (type(one), first_day(one.since) if one.since else today) for one in facts}
    was, now = ({key: state.deciding(*said) for key, said in days.items()} for state in (before, after))
    return [Foreseen(COMMUNITY, "community", was, now)]


class NamesAsAsked(NamesThen):
    """What is named in a change: those whom it enters by what it says of them."""

    def __init__(self, desk: Desk, told: Sequence[Foreseen]):
        super().__init__(desk, desk.registry.position(), {})
        self.new = {one.stream: one for one in told if one.aggregate == "person" and not one.before.entered}
        self.found |= {
            one.stream: texts.address_label(one.after.names[-1].address)
            for one in told
            if one.aggregate == "dwelling" and not one.before.entered and one.after.names
        }

    def person(self, id: UUID) -> str:
        if not self.viewer.sees(id):
            return HIDDEN
        occasion.shows(id)
        if id in self.new:
            return texts.person_name(self.new[id].after.particulars) or texts.say("pages", "no_name")
        return super().person(id)


class NamesOfSubjects(NamesAsAsked):
    """The same of those whom changes themselves are about, whose `entries` are read already."""

    def __init__(self, desk: Desk, told: Sequence[Foreseen], entries: Mapping[UUID, Sequence[Entry]]):
        super().__init__(desk, told)
        self.entries = entries

    def entries_of(self, id: UUID) -> Sequence[Entry]:
        return self.entries[id] if id in self.entries else super().entries_of(id)

    def dwelling(self, id: UUID) -> str:
        if id not in self.found and id in self.entries:
            self.found[id] = texts.address_label(dated_names(fold_dwelling(self.entries[id]))[-1][2])
        return super().dwelling(id)


def _about(one: Foreseen, called: NamesAsAsked) -> dict[str, Any]:
    """Whom or what a subject is, with the page of it, if there is one."""
    match one.aggregate:
        case "person":
            page = f"/persons/{one.stream}" if one.before.version else None
            return {"name": called.person(one.stream), "page": page}
        case "dwelling":
            page = f"/dwellings/{one.stream}" if one.before.entered else None
            return {"name": called.dwelling(one.stream), "page": page}
        case "street":
            says = one.after.says or one.before.says
            return {"name": ", ".join((says.settlement, says.names[-1].name)) if says else "", "page": None}
        case "territory":
            says = one.after.says or one.before.says
            return {"name": says.name if says else "", "page": None}
    return {"name": texts.say("approval_page", "community"), "page": None}


def told(desk: Desk, change: AskedChange) -> list[dict[str, Any]]:
    """Each whom or which a change is about: who it is, and what differs."""
    listed = subjects(desk, change)
    called = NamesAsAsked(desk, listed)
    return [{**_about(one, called), "age": _age(desk, one), "differs": _differs(one, called)} for one in listed]


def _differs(one: Foreseen, called: NamesAsAsked) -> before_after.Difference:
    return before_after.difference(one.aggregate, one.before, one.after, called)


def _age(desk: Desk, one: Foreseen) -> str:
    state = one.before if getattr(one.before, "entered", False) else one.after
    if not isinstance(state, Person) or state.death:
        return ""
    return age(state.particulars.birth_date, desk.today())


def reasons(change: AskedChange) -> list[str]:
    """Why it is asked for, in the words of whoever asked; of a change without an application also what it rests on."""
    facts = _facts(change)
    said = [getattr(one, "reason", None) for one in facts]
    if not change.code:
        # What a merge enters anew rests on what it rested on before.
        merges = bool(facts) and facts[0].NAME == EntryMerged.NAME
        about = [one for one in facts if not merges or AGGREGATE_OF[one.NAME] != "person" or one is facts[0]]
        said += [getattr(one, "basis", None) for one in about]
    said += [part.reason for part in (change.record.parts if change.record else ())]
    said += [getattr(change.fact, "recorded_later", None)]
    return list(dict.fromkeys(text for text in said if text))


def why_waits(change: AskedChange) -> list[str]:
    """Why a visit waits, in words."""
    return [texts.label("waits_for", one) for one in getattr(change.fact, "because", None) or ()]


def outcomes(change: AskedChange) -> list[str]:
    """What is decided on each part of a visit, in words."""
    decided, record = getattr(change.fact, "outcomes", None) or (), change.record
    services = [record.parts[number - 1].asked.get("service", "") for number in record.standing] if record else []
    pairs = zip(services, decided, strict=False)
    return [f"{papers.TITLES.get(service, service)}: {texts.label('asked', one)}" for service, one in pairs]


def papers_of(desk: Desk, change: AskedChange) -> list[dict[str, Any]]:
    """The papers that it rests on, as the register knows them: those that were shown with its application, with what is
    written on them or by name alone, and those that its facts name; each with its scan, if it was kept."""
    parts = change.record.parts if change.record else ()
    cards = [part.card for part in parts]
    shown = [(one.paper, cards[one.part - 1], one.annulled) for one in (change.record.papers if change.record else ())]
    named = [(one.paper, None, False) for one in _facts(change) if isinstance(getattr(one, "paper", None), Paper)]
    told = [_paper(desk, *one) for one in {paper.paper: (paper, *more) for paper, *more in [*shown, *named]}.values()]
    written = {paper.id for paper, *_ in [*shown, *named]}
    asked = [(id, part.card) for part in parts for name in ("documents", "consents") for id in part.asked.get(name, ())]
    plain = dict.fromkeys(papers.named(id, card) for id, card in asked if id not in written)
    return [*told, *({"text": text, "scan": None, "by": None, "annulled": False} for text in plain)]


def _paper(desk: Desk, paper: Paper, card: str | None, annulled: bool) -> dict[str, Any]:
    hidden = paper.whose is not None and not desk.viewer.sees(paper.whose)
    if paper.whose and not hidden:
        occasion.shows(paper.whose)
    said = papers.as_json(paper, card, hidden=hidden)
    scan = None if hidden or not paper.scan else f"/api/v1/scans/{paper.scan}"
    return {"text": said["text"], "scan": scan, "by": None if hidden else paper.shown_by, "annulled": annulled}


def _facts(change: AskedChange) -> list[Any]:
    fact = change.fact
    if isinstance(fact, CommunityChangeRequested):
        return community.waiting(fact)
    return [one for made in requested_facts(fact).values() for one in made]


def falling_row(desk: Desk, one: foreseen.Falling) -> dict[str, Any]:
    """An extract that will be untrue, as a row: whoever may not see it sees its number."""
    asked = one.asked.fact
    seen = content.is_seen(asked, desk.viewer)
    if seen and asked.person:
        occasion.shows(asked.person)
    return {
        "called": texts.extract_number(asked.year, asked.number),
        "page": f"/extracts/{asked.year}/{asked.number}" if seen else None,
        "of": texts.say("approval_page", "of_dwelling" if asked.dwelling else "of_person"),
        "at": one.asked.recorded_at,
        "to": (asked.requester or texts.label("extract_basis", asked.basis)) if seen else HIDDEN,
        "told": one.told,
    }


def consequences(desk: Desk, change: AskedChange) -> dict[str, Any]:
    """What an approval would do beside the change itself: the extracts that will be untrue, what will go out; or, as
    `barred`, why it could not be approved now: the record was changed since, or the law says otherwise."""
    fact, today = change.fact, desk.today()
    if not isinstance(fact, ChangeRequested):
        return {"falls": [], "items": [], "moved": None, "barred": ()}
    moved = foreseen.moved(desk.registry, fact)
    said: dict[str, Any] = {"falls": [], "items": [], "moved": moved, "barred": ()}
    if moved:
        return said
    decided: Sequence[Any] = ()
    if change.record and change.code:
        try:
            decided = desk.cases.worded(desk.cases.ruled_as_asked(change.stream, change.record, fact))
        except Impossible as error:
            return {**said, "barred": error.faults}
    falls, more = foreseen.falling(desk.registry, fact, today)
    return {
        **said,
        "more": foreseen.LOOKED_THROUGH if more else 0,
        "falls": [falling_row(desk, one) for one in falls],
        "items": _messages(desk, change, decided, sum(one.told for one in falls)),
    }


def _messages(desk: Desk, change: AskedChange, decided: Sequence[Any], told_of_extracts: int) -> list[dict[str, Any]]:
    """What will go out and what will be to do, each kind once with its count and its nearest deadline."""
    fact = change.fact
    assert isinstance(fact, ChangeRequested)
    entries = foreseen.as_entries(fact, {change.stream: decided}, desk.registry.position(), desk.today())
    back = set(foreseen.housed(foreseen.subjects(desk.registry, fact, desk.today())))
    with desk.registry.snapshot() as connection:
        rows = list(makers.foreseen(connection, entries, back))
    found: dict[tuple[str, str], list[Any]] = {}
    for one in rows:
        found.setdefault((one.role, one.item), []).append(one.deadline)
    if told_of_extracts:
        item = makers.SUPERSEDED
        found[item.role, item.id] = [desk.today()] * told_of_extracts
    return [
        {"label": texts.label(f"{role}s", item), "count": len(days), "by": min(days)}
        for (role, item), days in found.items()
    ]


def beside(listed: Sequence[UUID], stream: UUID) -> dict[str, Any]:
    """The place of a change among those that wait, counted from 1, and the next one: the oldest behind the last."""
    at = listed.index(stream) if stream in listed else None
    others = listed if at is None else [*listed[at + 1 :], *listed[:at]]
    return {"place": None if at is None else at + 1, "next": others[0] if others else None}

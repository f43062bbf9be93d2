"""Loading a card index: into an empty register one act by COPY, else acts of at most 1,000 people (semantics 8)."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from registry import gate, texts
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.person import state as person_state
from registry.aggregates.person.checks import impossible_period
from registry.aggregates.person.events import CardRow, PersonEntered
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.values import Actor, Entry
from registry.app import LostRace, Registry
from registry.card_index import doubles, planning, reading
from registry.card_index.answering import Answering, answering
from registry.card_index.canonical import canonical_dwelling, spellings
from registry.card_index.files import TableSource
from registry.card_index.reading import DwellingRow, Learnt, PersonRow, Reject, Rejected, ResidenceRow
from registry.storage.mapper import Draft, Envelope, kyiv_day

PEOPLE_AN_ACT = 1_000
FACTS_A_COPY = 20_000
TRIES = 5
UNKNOWN = UUID(int=0)
READ_IN_ORDER = ("dwellings.csv", "persons.csv", "residences.csv")

Progress = Callable[[str, int, int], None]
Batch = list[tuple[UUID, list[Any], int]]


@dataclass
class Loaded:
    """What was newly loaded, what was said of rows that were not, and of rows that should be looked at, and how each
    file was read."""

    persons: int = 0
    dwellings: int = 0
    residences: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    sources: list[TableSource] = field(default_factory=list)

    def add(self, facts: Iterable[Any]) -> None:
        """Counts the facts of one stream."""
        for fact in facts:
            match fact.NAME:
                case "person-entered":
                    self.persons += 1
                case "dwelling-entered":
                    self.dwellings += 1
                case "deceased":
                    pass
                case _:
                    self.residences += 1


@dataclass
class Cards:
    """The rows of the three files by what they are about."""

    people: dict[str, PersonRow]
    dwellings: dict[str, DwellingRow]
    residences: dict[str, list[ResidenceRow]]
    rejects: list[Reject]
    beside: Learnt
    held: dict[UUID, Sequence[CardRow]] = field(default_factory=dict)
    """By person, the rows that were loaded into entries merged into theirs."""

    def reject(self, file: str, line: int, column: str, code: str, of: str = "") -> None:
        """Notes a fault of a row."""
        self.rejects.append(reading.reject(file, line, Rejected(column, code, of)))

    def clash(self, one: ResidenceRow, why: Rejected) -> None:
        """Notes a rejected row of residences.csv."""
        self.rejects.append(reading.reject("residences.csv", one.line, why))


def load(
    registry: Registry,
    folder: Path,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Loaded:
    """Loads the three files of a folder. Raises `BadFile` before anything is written. A second run loads nothing twice;
    one that was cut short is simply run again."""
    cards = read_cards(folder, kyiv_day(now).isoformat())
    counts = Loaded(sources=cards.beside.sources)
    if dry_run or not registry.is_empty():
        _into_register(registry, cards, counts, by, dry_run, progress)
    else:
        _into_emptiness(registry, cards, counts, by, progress)
    counts.rejects = _told(cards.rejects, cards.beside.sources)
    refused = {(one.file, one.line) for one in counts.rejects}
    warnings = _told(cards.beside.warnings, cards.beside.sources)
    counts.warnings = [one for one in warnings if (one.file, one.line) not in refused]
    return counts


def _told(said: Iterable[Reject], sources: Iterable[TableSource]) -> list[Reject]:
    """In the order of files and lines, under the names that the files have."""
    names = dict(zip(READ_IN_ORDER, (source.file for source in sources), strict=True))
    named = (replace(one, file=names[one.file]) for one in said)
    return sorted(named, key=lambda one: (one.file, one.line, one.column))


def read_cards(folder: Path, today: str) -> Cards:
    """All three files read and parsed; of rows with the same ref and other content the first counts."""
    rejects: list[Reject] = []
    beside = Learnt()
    found = reading.read(folder, "dwellings.csv", reading.dwelling, today, rejects, beside)
    dwellings = _unique(found, "dwelling_ref", rejects)
    found = reading.read(folder, "persons.csv", reading.person, today, rejects, beside)
    people = _unique(found, "person_ref", rejects)
    residences: dict[str, list[ResidenceRow]] = defaultdict(list)
    for one in reading.read(folder, "residences.csv", reading.residence, today, rejects, beside):
        residences[one.row.person_ref].append(one)
    beside.warnings += doubles.in_files(people.values(), dwellings.values())
    return Cards(people, dwellings, residences, rejects, beside)


def _into_emptiness(registry: Registry, cards: Cards, counts: Loaded, by: Actor, progress: Progress) -> None:
    homes = {ref: uuid4() for ref in cards.dwellings}
    _reject_taken(cards, {}, {}, ())
    _reject_unknown(cards, set(cards.people), set(homes))
    streams = ((homes[ref], [one.fact], 0) for ref, one in cards.dwellings.items())
    people = ((uuid4(), _planned(cards, one, NOBODY, homes), 0) for one in cards.people.values())
    with registry.loading(behind_community=True) as log:
        before, envelope = log.position, Envelope(log.next_instant(), by, uuid4())
        for drafts in _copies(_counted([*streams], people, counts), len(cards.people), progress):
            log.write(drafts, envelope, registry.mapper)
        if log.position > before:
            registry.refill(log, log.position, lambda facts: progress("index", facts, log.position))


def _counted(dwellings: Batch, people: Iterable[tuple[UUID, list[Any], int]], counts: Loaded) -> Iterator[Draft]:
    for streams in (dwellings, people):
        for stream, facts, after in streams:
            counts.add(facts)
            yield from (Draft(stream, after + number, fact) for number, fact in enumerate(facts, 1))


def _copies(drafts: Iterator[Draft], total: int, progress: Progress) -> Iterator[list[Draft]]:
    done = 0
    while batch := list(islice(drafts, FACTS_A_COPY)):
        yield batch
        done += sum(isinstance(draft.fact, PersonEntered) for draft in batch)
        progress("people", done, total)


def _into_register(
    registry: Registry, cards: Cards, counts: Loaded, by: Actor, dry_run: bool, progress: Progress
) -> None:
    homes, batches = _dwellings(registry, cards)
    for batch in batches:
        _append(registry, batch, counts, by, dry_run)
    known = _by_ref(registry, "people", "person", [*{*cards.people, *cards.residences}])
    merged = answering(registry, [ref for ref in {**cards.people, **cards.residences} if ref not in known], _spelt)
    known = _handed_over(cards, merged, known)
    withdrawn = _withdrawn(registry, [ref for ref in cards.people if ref not in known])
    for ref in withdrawn:
        cards.reject("persons.csv", cards.people.pop(ref).line, "person_ref", "withdrawn")
    _reject_taken(cards, *_taken(registry, cards, known), known)
    _reject_unknown(cards, {*cards.people, *known}, set(homes))
    theirs = {known[ref] for ref in cards.people if ref in known}
    twice = doubles.in_register(
        registry, cards.people.values(), cards.dwellings.values(), theirs, {homes[ref] for ref in cards.dwellings}
    )
    cards.beside.warnings += twice
    refs = [ref for ref in {**cards.people, **cards.residences} if ref in cards.people or ref in known]
    for start in range(0, len(refs), PEOPLE_AN_ACT):
        _people(registry, cards, refs[start : start + PEOPLE_AN_ACT], known, homes, counts, by, dry_run)
        progress("people", min(start + PEOPLE_AN_ACT, len(refs)), len(refs))


def _handed_over(cards: Cards, merged: Answering, known: dict[str, UUID]) -> dict[str, UUID]:
    """The cards of merged entries are known already, and their residences are rows of whoever answers for them."""
    for ref, survivor in merged.stays.items():
        card = cards.people.pop(ref, None)
        if card and not planning.same_card(card, merged.entered(ref)):
            cards.reject("persons.csv", card.line, "person_ref", "changed")
        if rows := cards.residences.pop(ref, None):
            cards.residences.setdefault(merged.refs[survivor], []).extend(rows)
    cards.held |= merged.held
    return {**{merged.refs[one]: one for one in merged.stays.values()}, **known}


def _dwellings(registry: Registry, cards: Cards) -> tuple[dict[str, UUID], list[Batch]]:
    """Refs to ids of all dwellings that rows can name, and the new ones to enter."""
    wanted = {row.row.dwelling_ref for rows in cards.residences.values() for row in rows}
    known = _by_ref(registry, "dwellings", "dwelling", [*{*cards.dwellings, *wanted}])
    new = {ref: uuid4() for ref in cards.dwellings if ref not in known}
    entered = _first_facts(registry, [known[ref] for ref in cards.dwellings if ref in known])
    for ref, one in cards.dwellings.items():
        if ref in known and one.fact not in (entered[known[ref]], canonical_dwelling(entered[known[ref]])):
            cards.reject("dwellings.csv", one.line, "dwelling_ref", "changed")
    batch = [(id, [cards.dwellings[ref].fact], 0) for ref, id in new.items()]
    return {**known, **new}, [batch[start : start + PEOPLE_AN_ACT] for start in range(0, len(batch), PEOPLE_AN_ACT)]


def _people(
    registry: Registry,
    cards: Cards,
    refs: Sequence[str],
    known: dict[str, UUID],
    homes: dict[str, UUID],
    counts: Loaded,
    by: Actor,
    dry_run: bool,
) -> None:
    """One act for the rows of some people; tried again if a clerk changed one of them meanwhile."""
    for attempt in range(TRIES):
        before = len(cards.rejects)
        states = _states(registry, [known[ref] for ref in refs if ref in known])
        batch: Batch = []
        for ref in refs:
            person, entered = states.get(known.get(ref, UNKNOWN), (NOBODY, []))
            facts = _of_person(cards, ref, person, entered, homes, cards.held.get(known.get(ref, UNKNOWN), ()))
            if facts:
                batch.append((known.get(ref) or uuid4(), facts, person.version))
        try:
            return _append(registry, [*batch, *_homes_checked(registry, batch)], counts, by, dry_run)
        except LostRace:
            if attempt == TRIES - 1:
                raise
            del cards.rejects[before:]
    return None


def _of_person(
    cards: Cards,
    ref: str,
    person: Person,
    entered: Sequence[Entry],
    homes: dict[str, UUID],
    held: Sequence[CardRow],
) -> list[Any]:
    card = cards.people.get(ref)
    if card and person.version and not planning.same_card(card, entered):
        cards.reject("persons.csv", card.line, "person_ref", "changed")
    return _planned(cards, card if card and not person.version else None, person, homes, ref, held)


def _planned(
    cards: Cards,
    card: PersonRow | None,
    known: Person,
    homes: dict[str, UUID],
    ref: str | None = None,
    held: Sequence[CardRow] = (),
) -> list[Any]:
    rows = cards.residences.get(ref or (card.fact.ref if card else None) or "", [])
    said = card.fact.particulars if card else known.particulars
    return planning.facts_of(
        card,
        rows,
        known=known,
        homes=homes,
        born=said.birth_date,
        ids=iter(uuid4, None),
        line_name=texts.TEXTS["rejects"]["line"].format,
        register_name=texts.TEXTS["rejects"]["register"],
        clash=cards.clash,
        held=held,
    )


def _append(registry: Registry, batch: Batch, counts: Loaded, by: Actor, dry_run: bool) -> None:
    if not any(facts for _, facts, _ in batch):
        return
    if not dry_run:
        registry.append(batch, by=by, command=uuid4(), imported=True)
    for _, facts, _ in batch:
        counts.add(facts)


def _homes_checked(registry: Registry, batch: Batch) -> Batch:
    """The streams of the dwellings that people are put into, so that nobody slips past a renumbering."""
    homes = {fact.dwelling for _, facts, _ in batch for fact in facts if hasattr(fact, "dwelling")}
    found = registry.of_streams(sorted(homes, key=str))
    return [(home, [], dwelling_state.fold(entries).version) for home, entries in found.items()]


def _states(registry: Registry, people: Sequence[UUID]) -> dict[UUID, tuple[Person, list[Entry]]]:
    return {stream: (person_state.fold(entries), entries) for stream, entries in registry.of_streams(people).items()}


def _first_facts(registry: Registry, streams: Sequence[UUID]) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for start in range(0, len(streams), FACTS_A_COPY):
        entries = registry.of_streams(streams[start : start + FACTS_A_COPY])
        found |= {stream: of_stream[0].fact for stream, of_stream in entries.items()}
    return found


def _by_ref(registry: Registry, projection: str, column: str, refs: Sequence[str]) -> dict[str, UUID]:
    """Refs to ids. An exact spelling goes before another one of an earlier release."""
    found: dict[str, UUID] = {}
    for spelt in _spelt(refs):
        rows = registry.query(projection, "by_refs", refs=list(spelt))
        for row in sorted(rows, key=lambda row: (row["ref"] != spelt[row["ref"]], row["ref"])):
            found.setdefault(spelt[row["ref"]], row[column])
    return found


def _withdrawn(registry: Registry, refs: Sequence[str]) -> list[str]:
    found: list[str] = []
    for spelt in _spelt(refs):
        rows = registry.query("people", "once_by_refs", refs=list(spelt))
        found += dict.fromkeys(spelt[row["ref"]] for row in rows)
    return found


def _spelt(refs: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every spelling of refs, with the ref, in parts."""
    for start in range(0, len(refs), FACTS_A_COPY):
        part = refs[start : start + FACTS_A_COPY]
        yield {spelling: ref for ref in part for spelling in spellings(ref)} | {ref: ref for ref in part}


def _taken(registry: Registry, cards: Cards, known: dict[str, UUID]) -> tuple[dict[str, str], dict[str, str]]:
    """УНЗР and РНОКПП in the register → the ref of whoever has it (empty for one without a ref)."""
    refs = {id: ref for ref, id in known.items()}
    unzrs: dict[str, str] = {}
    rnokpps: dict[str, str] = {}
    people = list(cards.people.values())
    for start in range(0, len(people), FACTS_A_COPY):
        said = [one.fact.particulars for one in people[start : start + FACTS_A_COPY]]
        # Releases before the gate kept a УНЗР as typed, without its hyphen too.
        spelt = {form: one.unzr for one in said if one.unzr for form in (one.unzr.replace("-", ""), one.unzr)}
        for row in registry.query("people", "by_unzrs", unzrs=list(spelt)):
            unzrs[spelt[row["unzr"]]] = refs.get(row["person"], "")
        numbers = [one.rnokpp for one in said if one.rnokpp and one.rnokpp != gate.REFUSED]
        for row in registry.query("people", "by_rnokpps", rnokpps=numbers):
            rnokpps[row["rnokpp"]] = refs.get(row["person"], "")
    return unzrs, rnokpps


def _reject_taken(cards: Cards, unzrs: dict[str, str], rnokpps: dict[str, str], known: Container[str]) -> None:
    """Two people cannot have one number: the first keeps it, the other's row is rejected. Of somebody who is `known`
    already no number is taken in."""
    for ref, one in list(cards.people.items()):
        if ref not in known and (codes := _taken_by_another(one, ref, unzrs, rnokpps)):
            for column, code in codes:
                cards.reject("persons.csv", one.line, column, code)
            del cards.people[ref]
    for one in cards.beside.broken.get("persons.csv", ()):
        for column, code in _taken_by_another(one, f"\0{one.line}", dict(unzrs), dict(rnokpps)):
            cards.reject("persons.csv", one.line, column, code)


def _taken_by_another(
    one: PersonRow, ref: str, unzrs: dict[str, str], rnokpps: dict[str, str]
) -> list[tuple[str, str]]:
    said = one.fact.particulars
    codes = [("unzr", "unzr-taken")] if said.unzr and unzrs.get(said.unzr, ref) != ref else []
    number = said.rnokpp if said.rnokpp != gate.REFUSED else None
    codes += [("rnokpp", "rnokpp-taken")] if number and rnokpps.get(number, ref) != ref else []
    if not codes:
        unzrs |= {said.unzr: ref} if said.unzr else {}
        rnokpps |= {number: ref} if number else {}
    return codes


def _reject_unknown(cards: Cards, people: set[str], homes: set[str]) -> None:
    """Rows of people that nobody knows, and those that are rejected already: with all else that is wrong with them."""
    rows = [one for ref in list(cards.residences) if ref not in people for one in cards.residences.pop(ref)]
    for one in (*rows, *cards.beside.broken.get("residences.csv", ())):
        if one.row.person_ref and one.row.person_ref not in people:
            cards.clash(one, Rejected("person_ref", "unknown-person"))
        if one.row.dwelling_ref and one.row.dwelling_ref not in homes:
            cards.clash(one, Rejected("dwelling_ref", "unknown-dwelling"))
        for fault in impossible_period(None, one.row.since, one.row.until):
            cards.clash(one, Rejected(fault.field or "since", fault.code))


def _unique(rows: Iterator[Any], column: str, rejects: list[Reject]) -> dict[str, Any]:
    file = "persons.csv" if column == "person_ref" else "dwellings.csv"
    unique: dict[str, Any] = {}
    for one in rows:
        first = unique.setdefault(one.fact.ref, one)
        if first is not one and (first.fact, getattr(first, "died", None)) != (one.fact, getattr(one, "died", None)):
            rejects.append(reading.reject(file, one.line, Rejected(column, "duplicate", str(first.line))))
    return unique

"""Loading a card index: into an empty register one act by COPY, else acts of at most 1,000 people (semantics 8)."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from registry import texts
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import Deceased, PersonEntered
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.values import Actor, Entry
from registry.app import LostRace, Registry
from registry.card_index import planning, reading
from registry.card_index.planning import CARD_INDEX
from registry.card_index.reading import DwellingRow, PersonRow, Reject, Rejected, ResidenceRow
from registry.storage.mapper import Draft, Envelope, kyiv_day

PEOPLE_AN_ACT = 1_000
FACTS_A_COPY = 20_000
TRIES = 5

Progress = Callable[[str, int, int], None]
Batch = list[tuple[UUID, list[Any], int]]


@dataclass
class Loaded:
    """What was newly loaded, and the rows that were not."""

    persons: int = 0
    dwellings: int = 0
    residences: int = 0
    rejects: list[Reject] = field(default_factory=list)

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
    counts = Loaded()
    if dry_run or not registry.is_empty():
        _into_register(registry, cards, counts, by, dry_run, progress)
    else:
        _into_emptiness(registry, cards, counts, by, progress)
    counts.rejects = sorted(cards.rejects, key=lambda one: (one.file, one.line, one.column))
    return counts


def read_cards(folder: Path, today: str) -> Cards:
    """All three files read and parsed; of rows with the same ref and other content the first counts."""
    rejects: list[Reject] = []
    found = reading.read(folder, "dwellings.csv", reading.dwelling, today, rejects)
    dwellings = _unique(found, "dwelling_ref", rejects)
    people = _unique(reading.read(folder, "persons.csv", reading.person, today, rejects), "person_ref", rejects)
    residences: dict[str, list[ResidenceRow]] = defaultdict(list)
    for one in reading.read(folder, "residences.csv", reading.residence, today, rejects):
        residences[one.row.person_ref].append(one)
    return Cards(people, dwellings, residences, rejects)


def write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    """`rejects.csv`: file, line, column, code and message of every row that was not loaded."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("file", "line", "column", "code", "message"))
        rows.writerows((one.file, one.line, one.column, one.code, one.message) for one in rejects)


def _into_emptiness(registry: Registry, cards: Cards, counts: Loaded, by: Actor, progress: Progress) -> None:
    homes = {ref: uuid4() for ref in cards.dwellings}
    _reject_taken_unzr(cards, {})
    _reject_unknown_people(cards, set(cards.people))
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
    withdrawn = _withdrawn(registry, [ref for ref in cards.people if ref not in known])
    for ref in withdrawn:
        cards.rejects.append(
            reading.reject("persons.csv", cards.people.pop(ref).line, Rejected("person_ref", "withdrawn"))
        )
    _reject_taken_unzr(cards, _unzr_taken(registry, cards, known))
    _reject_unknown_people(cards, {*cards.people, *known})
    refs = [ref for ref in {**cards.people, **cards.residences} if ref in cards.people or ref in known]
    for start in range(0, len(refs), PEOPLE_AN_ACT):
        _people(registry, cards, refs[start : start + PEOPLE_AN_ACT], known, homes, counts, by, dry_run)
        progress("people", min(start + PEOPLE_AN_ACT, len(refs)), len(refs))


def _dwellings(registry: Registry, cards: Cards) -> tuple[dict[str, UUID], list[Batch]]:
    """Refs to ids of all dwellings that rows can name, and the new ones to enter."""
    wanted = {row.row.dwelling_ref for rows in cards.residences.values() for row in rows}
    known = _by_ref(registry, "dwellings", "dwelling", [*{*cards.dwellings, *wanted}])
    new = {ref: uuid4() for ref in cards.dwellings if ref not in known}
    entered = _first_facts(registry, [known[ref] for ref in cards.dwellings if ref in known])
    for ref, one in cards.dwellings.items():
        if ref in known and entered[known[ref]] != one.fact:
            cards.rejects.append(reading.reject("dwellings.csv", one.line, Rejected("dwelling_ref", "changed")))
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
            person, entered = states.get(known.get(ref, UUID(int=0)), (NOBODY, []))
            facts = _of_person(cards, ref, person, entered, homes)
            if facts:
                batch.append((known.get(ref) or uuid4(), facts, person.version))
        try:
            return _append(registry, [*batch, *_homes_checked(registry, batch)], counts, by, dry_run)
        except LostRace:
            if attempt == TRIES - 1:
                raise
            del cards.rejects[before:]
    return None


def _of_person(cards: Cards, ref: str, person: Person, entered: Sequence[Entry], homes: dict[str, UUID]) -> list[Any]:
    card = cards.people.get(ref)
    if card and person.version and not _same_person(card, entered):
        cards.rejects.append(reading.reject("persons.csv", card.line, Rejected("person_ref", "changed")))
    return _planned(cards, card if card and not person.version else None, person, homes, ref)


def _planned(
    cards: Cards, card: PersonRow | None, known: Person, homes: dict[str, UUID], ref: str | None = None
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
    )


def _same_person(card: PersonRow, entries: Sequence[Entry]) -> bool:
    """Whether the register was loaded from this very row: what happened since is no change of the card."""
    entered = [entry.fact for entry in entries if isinstance(entry.fact, PersonEntered)]
    deaths = (entry.fact for entry in entries if isinstance(entry.fact, Deceased) and entry.fact.basis == CARD_INDEX)
    died = next((death.registered_on for death in deaths), None)
    return entered[-1:] == [card.fact] and died == card.died


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
    found: dict[str, UUID] = {}
    for start in range(0, len(refs), FACTS_A_COPY):
        rows = registry.query(projection, "by_refs", refs=list(refs[start : start + FACTS_A_COPY]))
        found |= {row["ref"]: row[column] for row in rows}
    return found


def _withdrawn(registry: Registry, refs: Sequence[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(refs), FACTS_A_COPY):
        rows = registry.query("people", "once_by_refs", refs=list(refs[start : start + FACTS_A_COPY]))
        found += [row["ref"] for row in rows]
    return found


def _unzr_taken(registry: Registry, cards: Cards, known: dict[str, UUID]) -> dict[str, str]:
    """УНЗР in the register → the ref of whoever has it (empty for one without a ref)."""
    said = [one.fact.particulars.unzr for one in cards.people.values() if one.fact.particulars.unzr]
    refs = {id: ref for ref, id in known.items()}
    taken: dict[str, str] = {}
    for start in range(0, len(said), FACTS_A_COPY):
        rows = registry.query("people", "by_unzrs", unzrs=said[start : start + FACTS_A_COPY])
        taken |= {row["unzr"]: refs.get(row["person"], "") for row in rows}
    return taken


def _reject_taken_unzr(cards: Cards, taken: dict[str, str]) -> None:
    """Two people cannot have one УНЗР: the first keeps it, the other's row is rejected."""
    for ref, one in list(cards.people.items()):
        unzr = one.fact.particulars.unzr
        if unzr and taken.setdefault(unzr, ref) != ref:
            cards.rejects.append(reading.reject("persons.csv", one.line, Rejected("unzr", "unzr-taken")))
            del cards.people[ref]


def _reject_unknown_people(cards: Cards, people: set[str]) -> None:
    for ref in [ref for ref in cards.residences if ref not in people]:
        for one in cards.residences.pop(ref):
            cards.clash(one, Rejected("person_ref", "unknown-person"))


def _unique(rows: Iterator[Any], column: str, rejects: list[Reject]) -> dict[str, Any]:
    file = "persons.csv" if column == "person_ref" else "dwellings.csv"
    unique: dict[str, Any] = {}
    for one in rows:
        first = unique.setdefault(one.fact.ref, one)
        if first is not one and (first.fact, getattr(first, "died", None)) != (one.fact, getattr(one, "died", None)):
            rejects.append(reading.reject(file, one.line, Rejected(column, "duplicate", str(first.line))))
    return unique

"""What goes out because of which fact: one table of makers, from classes of facts to the rows that follow.

A message that follows a new kind of fact is one entry in `MAKERS`, and a label of its item in `texts.toml`. A maker
that reads what was stored before takes it as it is: it never makes an act impossible.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.case.events import ApplicationGranted, ApplicationRefused
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.state import fold
from registry.aggregates.facts import AGGREGATE_OF, FACTS
from registry.aggregates.household.events import HouseholdAnswered, HouseholdRequested
from registry.aggregates.letter.events import LetterFormed
from registry.aggregates.outgoing.state import DONE, LEADS_TO, SENT, WAITING
from registry.aggregates.person.events import (
    CarryOverAnnulled,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    EntryWithdrawn,
    FormerIdentitySealed,
    OccupiedAddressNoted,
    ResidenceAnnulled,
    ResidenceCorrected,
    ResidenceDeregistered,
)
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.territory.events import (
    DESK,
    TerritoryAnnulled,
    TerritoryCorrected,
    TerritoryEnded,
    TerritoryEntered,
)
from registry.aggregates.values import Entry, last_day
from registry.extracts import superseding
from registry.outgoing import outbox
from registry.outgoing.outbox import Outgoing
from registry.projections import kept_addresses, residences
from registry.services.adopted import Readings
from registry.storage import mapper
from registry.storage.following import Touched
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Connection, LogRecorder, Progress, one_row
from registry.storage.sending import Sending

FACTS_A_COPY = 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of message or task: its id in the vocabulary, `message` or `task`, and whom it is for."""

    id: str
    role: str
    addressee: str | None


@dataclass(frozen=True, slots=True)
class Maker:
    """The `rows` that follow from facts of the classes `of`, given in their order, and the `items` that they are."""

    of: tuple[type[Any], ...]
    rows: Callable[[Connection, Sequence[Entry]], Iterator[Outgoing]]
    items: tuple[Item, ...]


def _following(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """What a decision on an application says that follows from it; the applicant is told by what has a text alone. An
    address to keep that the same act recorded is a task that was done as it was made."""
    addressees = {item.id: item.addressee for item in OF_CARDS}
    noted = _noted(connection, entries)
    for entry in entries:
        for one in entry.fact.follows:
            item = Item(one.id, one.role, addressees.get(one.id))
            if item.addressee == "applicant" and one.text is None:
                continue
            said = {"person": one.person, "application": entry.stream, "text": one.text}
            if one.id == OCCUPIED and (entry.command, one.person) in noted:
                said |= {"state": DONE, "sent_at": entry.recorded_at}
            yield _row(item, entry, deadline=last_day(one.deadline), **said)


def _noted(connection: Connection, entries: Sequence[Entry]) -> set[tuple[UUID, UUID | None]]:
    """In which acts of these decisions, and of whom, an address was recorded that may stay."""
    acts = {entry.command for entry in entries for one in entry.fact.follows if one.id == OCCUPIED}
    return _with_fact(connection, acts, OccupiedAddressNoted)


def _with_fact(connection: Connection, acts: Collection[UUID], of: type[Any]) -> set[tuple[UUID, UUID | None]]:
    """In which of these acts a fact of a class was recorded, and of whom."""
    asked = {"commands": list(acts), "topic": of.NAME}
    found = connection.execute(outbox.SQL["recorded"], asked).fetchall() if acts else []
    return {(row["command"], row["person"]) for row in found}


def _amended(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """ДМС is told, the same day, of what no application amended: a residence corrected or annulled, an end or a death
    taken back, an entry withdrawn or merged, or taken out again, of somebody who had a residence (cards 1-6, row 14;
    R-132)."""
    for entry in entries:
        if getattr(entry.fact, "application", None):
            continue
        gone, back = isinstance(entry.fact, EntryWithdrawn | EntryMerged), isinstance(entry.fact, MergeAnnulled)
        if (gone or back) and not _had_residences(connection, entry.stream, entry.position - gone):
            continue
        yield _row(DMS, entry, deadline=entry.recorded_on, person=entry.stream)


def _sealed(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """ДМС is told that a residence under the name of before has ended, where a seal put by hand ends it; a removal by
    card 4 says so itself (card 4, rows 9 and 14)."""
    by_hand = [entry for entry in entries if entry.fact.application is None]
    ended = _with_fact(connection, {entry.command for entry in by_hand}, ResidenceDeregistered)
    for entry in by_hand:
        if (entry.command, entry.stream) in ended:
            yield _row(DMS, entry, deadline=entry.recorded_on, person=entry.stream)


def _had_residences(connection: Connection, person: UUID, position: int) -> bool:
    then = {"person": person, "position": position}
    return bool(connection.execute(residences.SQL["all_of_person"], then).fetchall())


def _after_death(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """The head of office looks at each residence that starts on or after the death (semantics 1.3)."""
    for entry in entries:
        for residence in entry.fact.supersedes or ():
            yield _row(AFTER_DEATH, entry, deadline=entry.recorded_on, person=entry.stream, residence=residence)


def _superseded(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """For each extract that facts made untrue and whose holder can be reached: a message, on the day itself. One whose
    document is being made at that moment counts: its holder gets it a moment later."""
    for one in superseding.changed_by(connection, entries, reachable=True):
        if one.asked.position < one.by.position:
            asked = one.asked.fact
            said = {"number": texts.extract_number(asked.year, asked.number), "office": one.content.office}
            text = texts.TEXTS["to_applicant"]["superseded"].format(**said)
            about = {"person": asked.person, "extract": one.asked.stream}
            yield _row(SUPERSEDED, one.by, deadline=one.by.recorded_on, text=text, **about)


def _answers_to_notices(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """Whoever sent a notice that was not granted gets the letter about it. The cards say nothing of an answer to a
    body: it is due as the community read that when the letter was formed."""
    asked = {"applications": list({entry.fact.application for entry in entries})}
    notices = {row["application"] for row in connection.execute(outbox.SQL["of_notices"], asked).fetchall()}
    answers = [entry for entry in entries if entry.fact.application in notices]
    for entry, readings in _readings(connection, answers):
        text = texts.TEXTS["to_applicant"]["notice"].format(number=entry.fact.number)
        deadline = entry.recorded_on + timedelta(readings.days_to_answer_notices)
        yield _row(NOTICE_ANSWER, entry, deadline=deadline, application=entry.fact.application, text=text)


def _readings(connection: Connection, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Readings]]:
    """Each of the entries with what the community had adopted for its day by its position."""
    if not entries:
        return
    rows = connection.execute(LOG["of_streams"], {"streams": [COMMUNITY]}).fetchall()
    said = [mapper.read_entry(bytes(row["state"])) for row in rows]
    for entry in entries:
        yield entry, fold(one for one in said if one.position <= entry.position).on(entry.recorded_on).readings


def _ended_entries(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """Of each address that somebody keeps by an entry of the list which gets an end, or which the list never had: it
    is left before the next act (semantics 3)."""
    for entry in entries:
        if isinstance(entry.fact, TerritoryCorrected) and (entry.fact.was.until or not entry.fact.now.until):
            continue
        asked = {"entries": [entry.stream], "position": entry.position}
        rows = connection.execute(kept_addresses.SQL["by_entry"], asked).fetchall()
        for person, residence in dict.fromkeys((row["person"], row["residence"]) for row in rows):
            yield _row(KEPT_ENDED, entry, deadline=entry.recorded_on, person=person, residence=residence)


def _typed_entries(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """The head of office looks at each entry that was typed at a desk: it is recorded at once, by one person."""
    for entry in entries:
        if entry.fact.source == DESK:
            yield _row(TYPED_ENTRY, entry, deadline=entry.recorded_on, application=entry.fact.application)


def _requests(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """A department is answered by the term of its request. The task names nobody: the page of the request does."""
    for entry in entries:
        asked = entry.fact
        text = texts.say("household_reply", "task", asked.sender, asked.number, texts.day(asked.dated), asked.card)
        yield _row(ANSWER, entry, deadline=last_day(asked.due_by), text=text)


def _replies(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """What a department is answered goes out as it was composed."""
    for entry in entries:
        yield _row(REPLY, entry, deadline=last_day(entry.fact.due_by), text=entry.fact.text)


def _row(item: Item, entry: Entry, **said: Any) -> Outgoing:
    """A row of an item that follows from a fact."""
    position, made_at = entry.position, entry.recorded_at
    return Outgoing(position=position, made_at=made_at, item=item.id, role=item.role, addressee=item.addressee, **said)


OCCUPIED = "record_occupied_address"
DMS = Item("dms", "message", "dms")
OF_CARDS = (
    DMS,
    Item("previous_office_electronic", "message", "previous_office"),
    Item("previous_office_paper", "message", "previous_office"),
    Item("guardianship_body", "message", "guardianship_body"),
    Item("applicant_sms", "message", "applicant"),
    Item("applicant_diia", "message", "applicant"),
    Item("offence_protocol", "task", "registrar"),
    Item("dms_referral", "task", "registrar"),
    Item("dms_new_document", "task", "registrar"),
    Item(OCCUPIED, "task", "registrar"),
)
"""What the service cards (rows 14 to 16) can say that follows from a decision."""
AMENDING = (
    ResidenceCorrected,
    ResidenceAnnulled,
    DeregistrationAnnulled,
    DeathAnnulled,
    CarryOverAnnulled,
    EntryWithdrawn,
    EntryMerged,
    MergeAnnulled,
)
"""What changes what ДМС was told before; a row of a card index tells nobody."""
AFTER_DEATH = Item("residence_after_death", "task", "head_of_office")
KEPT_ENDED = Item("kept_address_ended", "task", "registrar")
TYPED_ENTRY = Item("territory_typed", "task", "head_of_office")
NOTICE_ANSWER = Item("notice_answer", "message", "notice_sender")
SUPERSEDED = Item("extract_superseded", "message", "extract_holder")
ANSWER = Item("answer_household", "task", "registrar")
REPLY = Item("household_reply", "message", "department")
WORDED = (SUPERSEDED.id, NOTICE_ANSWER.id, ANSWER.id)
"""Those whose text is the program's own, in the words of the release that made it; of the others a fact says it."""

MAKERS = (
    Maker((ApplicationGranted, ApplicationRefused), _following, OF_CARDS),
    Maker(AMENDING, _amended, (DMS,)),
    Maker((LetterFormed,), _answers_to_notices, (NOTICE_ANSWER,)),
    Maker((FormerIdentitySealed,), _sealed, (DMS,)),
    Maker((Deceased,), _after_death, (AFTER_DEATH,)),
    Maker((TerritoryEnded, TerritoryCorrected, TerritoryAnnulled), _ended_entries, (KEPT_ENDED,)),
    Maker((TerritoryEntered,), _typed_entries, (TYPED_ENTRY,)),
    Maker(tuple(FACTS[name] for name in sorted(superseding.CHANGING)), _superseded, (SUPERSEDED,)),
    Maker((HouseholdRequested,), _requests, (ANSWER,)),
    Maker((HouseholdAnswered,), _replies, (REPLY,)),
)
"""All of them; several may follow one class of facts."""
ALONE = frozenset(FACTS[name] for name, aggregate in AGGREGATE_OF.items() if aggregate == "outgoing").union(
    *(maker.of for maker in MAKERS)
)
"""The facts that anything follows from; what it is may be said by others."""


def rows_of(connection: Connection, entries: Sequence[Entry]) -> Iterator[Outgoing]:
    """What follows from facts, which are given in their order; maker by maker."""
    for maker in MAKERS:
        if facts := [entry for entry in entries if isinstance(entry.fact, maker.of)]:
            yield from maker.rows(connection, facts)


def foreseen(connection: Connection, entries: Sequence[Entry], housed: Collection[UUID]) -> Iterator[Outgoing]:
    """What will follow from facts that are not recorded yet, given in their order and behind the last position, but for
    what holders of extracts are told. What a maker learns from the other facts of the act, which is none yet, is looked
    for here: the end of a residence beside a seal, and whether an entry that is taken out again has residences, as
    those of `housed` will."""
    for maker in MAKERS:
        if maker.rows is _superseded:
            continue
        if facts := [entry for entry in entries if isinstance(entry.fact, maker.of)]:
            yield from maker.rows(connection, facts)
    ended = {entry.stream for entry in entries if isinstance(entry.fact, ResidenceDeregistered)}
    for entry in entries:
        match entry.fact:
            case FormerIdentitySealed(application=None) if entry.stream in ended:
                yield _row(DMS, entry, deadline=entry.recorded_on, person=entry.stream)
            case MergeAnnulled() if entry.stream in housed:
                yield _row(DMS, entry, deadline=entry.recorded_on, person=entry.stream)


def follow(sending: Sending, touched: Sequence[Touched]) -> None:
    """Writes what follows from an act, in its own transaction, and keeps what it says of rows that were there."""
    new = [entry for one in touched for entry in one.new]
    if any(isinstance(entry.fact, maker.of) for maker in MAKERS for entry in new):
        outbox.write(sending.connection, rows_of(sending.connection, new))
    if states := {one.stream: LEADS_TO[one.fact.NAME] for one in new if _of_item(one)}:
        outbox.restate(sending.connection, states)


def refill(connection: Connection, position: int, progress: Progress = lambda facts: None) -> None:
    """Writes what follows from a log that was just loaded into emptiness, as already sent when it was recorded, and as
    its own facts say otherwise."""
    for rows in of_log(connection):
        outbox.write(connection, map(sent_as_made, rows))
    outbox.restate_all(connection)


def of_log(connection: Connection) -> Iterator[Iterator[Outgoing]]:
    """What follows from the whole log, some thousands of facts at a time, as it was made."""
    after = 0
    asked = {"makers": sorted({fact.NAME for maker in MAKERS for fact in maker.of}), "limit": FACTS_A_COPY}
    while found := connection.execute(outbox.SQL["makers"], {**asked, "after": after}).fetchall():
        entries = [mapper.read_entry(bytes(row["state"])) for row in found]
        yield rows_of(connection, entries)
        after = entries[-1].position


def restate(recorder: LogRecorder, table: str, progress: Progress = lambda facts: None) -> int:
    """Makes the state of every row again from the facts, under the log's lock; returns how many there are. Writes no
    row: what an act made somebody do is there once."""
    with recorder.writing() as log:
        outbox.restate_all(log.connection)
        rows: int = one_row(log.connection.execute(outbox.SQL["count"]))["rows"]
        return rows


def sent_as_made(row: Outgoing) -> Outgoing:
    """What was sent, or done, when it was made: of facts that come with their times."""
    return replace(row, sent_at=row.made_at, state=SENT if row.state == WAITING else row.state)


def _of_item(entry: Entry) -> bool:
    return AGGREGATE_OF[entry.fact.NAME] == "outgoing"

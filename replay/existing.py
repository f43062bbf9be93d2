"""What facts name of other streams, and whether it is there: dwellings, people, the succession of a dwelling, what was
asked for before it was approved or issued (semantics 1.8, 2, 9, 11)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.aggregates.case.events import ApplicationReceived, ChangeApproved, ChangeRejected, ChangeRequested
from registry.aggregates.case.unfinished import ApplicationAmended
from registry.aggregates.community.events import (
    CommunityChangeApproved,
    CommunityChangeRejected,
    CommunityChangeRequested,
)
from registry.aggregates.dwelling.events import AddressRenameAnnulled, DwellingSucceeded
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.extract.events import ExtractIssued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.events import ResidenceCarriedOver
from registry.aggregates.values import Entry
from registry.storage import queries
from replay.stream import Stream

SQL = queries.load(Path(__file__).with_name("verify.sql"))
TELLING = {ApplicationReceived, ApplicationAmended}
# The aggregates of an application and of what is drawn up by it.
LED_TO = {"application", "letter", "outgoing"}
Found = Iterator[tuple[int, str]]


def newcomers(one: Stream) -> Iterator[UUID]:
    """Whom an application tells of and the register did not hold: refused, it leaves them never entered."""
    for entry in one.entries if one.kinds & TELLING else ():
        if isinstance(entry.fact, ApplicationReceived | ApplicationAmended):
            yield from (who.person for part in entry.fact.parts for who in part.concerned if who.particulars)


def unknown(connection: Any, position: int, newcomers: Collection[UUID]) -> Found:
    """The facts that name a dwelling or somebody whom nobody entered. What an application leads to may name one of its
    `newcomers`."""
    for row in connection.execute(SQL["no_dwelling"], {"position": position}):
        yield row["position"], "no_dwelling"
    for row in connection.execute(SQL["no_person"], {"position": position}):
        if AGGREGATE_OF[row["topic"]] not in LED_TO or row["person"] not in newcomers:
            yield row["position"], "no_person"


def judged(entries: Sequence[Entry]) -> Found:
    """What was approved or rejected unasked, and what was approved by whoever asked."""
    asked: Entry | None = None
    for entry in entries:
        match entry.fact:
            case ChangeRequested() | CommunityChangeRequested():
                asked = entry
            case ChangeApproved() | CommunityChangeApproved():
                if asked is None:
                    yield entry.position, "unasked"
                elif asked.by.id == entry.by.id:
                    yield entry.position, "approved_by_asker"
                asked = None
            case ChangeRejected() | CommunityChangeRejected():
                if asked is None:
                    yield entry.position, "unasked"
                asked = None


def extracts(entries: Sequence[Entry]) -> Found:
    """An extract is asked for once, by its first fact, and closed once: issued, or its number voided."""
    closed = False
    for entry in entries:
        match entry.fact:
            case ExtractRequested() if entry.version != 1:
                yield entry.position, "extract_twice"
            case ExtractIssued() | ExtractNumberVoided():
                if not isinstance(entries[0].fact, ExtractRequested):
                    yield entry.position, "extract_unasked"
                elif closed:
                    yield entry.position, "extract_twice"
                closed = True


def names_taken_back(one: Stream) -> Found:
    """The facts that take back a name which a dwelling has not."""
    if AddressRenameAnnulled in one.kinds:
        unmatched = fold_dwelling(one.entries).unmatched
        yield from ((one.entries[version - 1].position, "names_nothing") for version in unmatched)


def carried(one: Stream) -> list[tuple[Entry, UUID | None]]:
    """The carry-overs of a person, each with the dwelling that was left; None where they had no such residence."""
    if ResidenceCarriedOver not in one.kinds:
        return []
    homes: dict[UUID, UUID] = {}
    found: list[tuple[Entry, UUID | None]] = []
    for entry in one.entries:
        if isinstance(entry.fact, ResidenceCarriedOver):
            found.append((entry, homes.get(entry.fact.from_residence)))
        said = getattr(entry.fact, "now", entry.fact)
        if (residence := getattr(entry.fact, "residence", None)) and (dwelling := getattr(said, "dwelling", None)):
            homes[residence] = dwelling
    return found


def no_succession(moves: Sequence[tuple[Entry, UUID | None]], homes: Mapping[UUID, Sequence[Entry]]) -> Found:
    """The carry-overs that no succession of the dwelling made in the same act."""
    for entry, left in moves:
        fact: ResidenceCarriedOver = entry.fact
        theirs = homes.get(left, ()) if left else ()
        by = next((one for one in theirs if one.version == fact.succession), None)
        says = by.fact if by and by.command == entry.command else None
        if not isinstance(says, DwellingSucceeded) or (says.successor, says.since) != (fact.dwelling, fact.since):
            yield entry.position, "no_succession"

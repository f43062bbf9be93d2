"""What a merge of entries names and does not exist: an entry that is none, a residence that nobody entered on the one
that stays, another person who is nobody (semantics 1.8, 1.9)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from registry.aggregates.person.events import PersonEntered
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import NOBODY, evolve, find, find_link, fold
from registry.aggregates.values import Entry

OF_MERGING = (EntryMerged, MergeAnnulled)


def named(entries: Sequence[Entry]) -> Iterator[tuple[Entry, UUID]]:
    """Each fact that names another entry, with the entry that it names."""
    for entry in entries:
        match entry.fact:
            case EntryMerged(survivor=survivor):
                yield entry, survivor
            case PersonEntered(distinct_from=tuple(others)):
                yield from ((entry, other) for other in others)


def untrue(batch: Sequence[Sequence[Entry]], streams: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    """What is wrong with the merges on some streams, by position; `streams` are those whom they name."""
    for entries in batch:
        if any(isinstance(entry.fact, OF_MERGING) for entry in entries):
            yield from _of_stream(entries, streams)


def _of_stream(entries: Sequence[Entry], streams: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    person = NOBODY
    for entry in entries:
        person = evolve(person, entry)
        if not isinstance(entry.fact, OF_MERGING):
            continue
        if entry.version in person.unmatched:
            yield f"position {entry.position}: {entry.fact.NAME} names what does not exist"
        elif isinstance(entry.fact, EntryMerged) and not _is_there(entry, streams.get(entry.fact.survivor, ())):
            yield f"position {entry.position}: {entry.fact.NAME} names what nobody entered on the entry that stays"


def _is_there(entry: Entry, survivor: Sequence[Any]) -> bool:
    """Whether the act entered on the entry that stays all that its fact lists."""
    then = fold(one for one in survivor if one.recorded_at <= entry.recorded_at)
    fact: EntryMerged = entry.fact
    marks = {one.mark for one in then.absences}
    residences = all(find(then, one.residence) for one in fact.residences or ())
    return residences and all(find_link(then, id) for id in fact.links or ()) and marks >= set(fact.marks or ())

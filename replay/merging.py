"""What a merge of entries names and does not exist: an entry that is none, a residence that nobody entered on the one
that stays, another person who is nobody (semantics 1.8, 1.9)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.events import PersonEntered
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import NOBODY, Person, find, find_link, fold
from registry.aggregates.values import Entry
from replay.stream import Stream

OF_MERGING = (EntryMerged, MergeAnnulled)
NAMING = (EntryMerged, PersonEntered)


def named(one: Stream) -> Iterator[tuple[Entry, UUID]]:
    """Each fact that names another entry, with the entry that it names."""
    for entry in one.entries if not one.kinds.isdisjoint(NAMING) else ():
        match entry.fact:
            case EntryMerged(survivor=survivor, relinked=others):
                yield entry, survivor
                yield from ((entry, other.person) for other in others or ())
            case PersonEntered(distinct_from=tuple(others)):
                yield from ((entry, other) for other in others)


def untrue(batch: Sequence[Stream], streams: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    """What is wrong with the merges on some streams, by position; `streams` are those whom they name."""
    for one in batch:
        if not one.kinds.isdisjoint(OF_MERGING):
            yield from _of_stream(one, streams)


def _of_stream(one: Stream, streams: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    for entry, (before, person) in zip(one.entries, pairwise(one.persons), strict=True):
        if not isinstance(entry.fact, OF_MERGING):
            continue
        if entry.version in person.unmatched:
            yield f"position {entry.position}: {entry.fact.NAME} names what does not exist"
        elif isinstance(entry.fact, EntryMerged) and not _is_true(entry, before, streams):
            yield f"position {entry.position}: {entry.fact.NAME} names what nobody entered, or what names another"


def _is_true(entry: Entry, lost: Person, streams: Mapping[UUID, Sequence[Any]]) -> bool:
    """Whether the entry that goes had what its fact lists, the act entered it on the one that stays, and the links of
    others name that one."""
    fact: EntryMerged = entry.fact
    stays = _as_merged(entry, streams.get(fact.survivor, ()))
    residences = all(find(lost, one.was) and find(stays, one.residence) for one in fact.residences or ())
    links = all(find_link(stays, id) for id in fact.links or ())
    relinked = ((one.link, _as_merged(entry, streams.get(one.person, ()))) for one in fact.relinked or ())
    renamed = [find_link(person, link) for link, person in relinked]
    marks = {one.mark for one in stays.absences} | {one.mark for one in stays.protections}
    theirs = all(link and link.relative == fact.survivor for link in renamed)
    return residences and links and theirs and marks >= set(fact.marks or ())


def _as_merged(entry: Entry, entries: Sequence[Any]) -> Person:
    """Somebody as the act of a merge left them; nobody where a stream is of something else."""
    then = [one for one in entries if one.recorded_at <= entry.recorded_at]
    return fold(then) if then and AGGREGATE_OF[then[0].fact.NAME] == "person" else NOBODY

"""Papers, fact by fact: one that is corrected or annulled was shown, and was what the fact says; and what goes on with
a case that is not decided names parts and people of it, and ends what stands (semantics 1.8)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from registry.aggregates.case.events import PaperAnnulled, PaperCorrected
from registry.aggregates.case.state import NO_CASE, CaseRecord, evolve
from registry.aggregates.values import Entry, sure
from replay.stream import Stream

OF_PAPERS = (PaperCorrected, PaperAnnulled)
OF_NOTHING = "a part or a person that the application has not, or what does not stand"


def of_streams(batch: Iterable[Stream]) -> Iterator[str]:
    """What the facts of applications say of papers that their earlier facts do not, by position."""
    for one in batch:
        if one.aggregate == "application":
            yield from _of_application(one.entries)


def _of_application(entries: Sequence[Entry]) -> Iterator[str]:
    record = NO_CASE
    for entry in entries:
        before, record = record, evolve(record, entry)
        if len(record.unmatched) > len(before.unmatched):
            what = "a paper that was not shown, or was annulled" if isinstance(entry.fact, OF_PAPERS) else OF_NOTHING
            yield f"position {entry.position}: it names {what}"
        elif isinstance(entry.fact, PaperCorrected) and not _was(entry.fact, before):
            yield f"position {entry.position}: the paper was not what it says"


def _was(fact: PaperCorrected, before: CaseRecord) -> bool:
    said = sure(before.paper(fact.paper)).paper
    return replace(fact.was, id=said.id) == said and fact.now.paper == fact.paper

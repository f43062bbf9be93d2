"""An extract as its facts say: asked for, then issued or voided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from registry.aggregates.extract.events import (
    ExtractContinued,
    ExtractFact,
    ExtractIssued,
    ExtractNumberVoided,
    ExtractRequested,
)
from registry.aggregates.values import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """`requested` has the whole content, however many facts hold it."""

    version: int = 0
    requested: ExtractRequested | None = None
    issued: ExtractIssued | None = None
    voided: ExtractNumberVoided | None = None


NO_EXTRACT = Extract()


def fold(entries: Iterable[Entry], extract: Extract = NO_EXTRACT) -> Extract:
    """The state after entries of one stream, in the order of their versions."""
    for entry in entries:
        extract = evolve(extract, entry)
    return extract


def evolve(extract: Extract, entry: Entry) -> Extract:
    """The state after one more entry of this extract's stream."""
    fact: ExtractFact = entry.fact
    extract = replace(extract, version=entry.version)
    match fact:
        case ExtractRequested():
            return replace(extract, requested=fact)
        case ExtractContinued():
            return replace(extract, requested=_continued(extract.requested, fact.rows))
        case ExtractIssued():
            return replace(extract, issued=fact)
        case ExtractNumberVoided():
            return replace(extract, voided=fact)
        case _:
            assert_never(fact)


def asked_for(entries: Sequence[Entry]) -> Entry:
    """The entry that asked for an extract, of those of its stream, with the whole content."""
    return replace(entries[0], fact=fold(entries).requested or entries[0].fact)


def _continued(asked: ExtractRequested | None, rows: Mapping[str, Any]) -> ExtractRequested | None:
    """The request with more rows of its lists; what continues no list of it is left out."""
    if asked is None:
        return None
    lists = {
        name: [*asked.content[name], *more]
        for name, more in rows.items()
        if isinstance(more, list) and isinstance(asked.content.get(name), list)
    }
    return replace(asked, content={**asked.content, **lists})

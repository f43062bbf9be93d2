"""An extract as its facts say: asked for, then issued or voided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from registry.aggregates.extract.events import ExtractFact, ExtractIssued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.values import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
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
        case ExtractIssued():
            return replace(extract, issued=fact)
        case ExtractNumberVoided():
            return replace(extract, voided=fact)
        case _:
            assert_never(fact)

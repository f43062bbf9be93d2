"""What a fact of a family names and does not exist: a link that nobody entered, a relative whom the register never had.

Semantics 1.8: such a fact is a difference, named by its position; fold and projections keep it all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import events
from registry.aggregates.person.state import fold
from registry.aggregates.values import Entry
from replay.stream import Stream

OF_FAMILY = (
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
)


def unmatched(one: Stream) -> Iterator[str]:
    """The facts of a family on a person's stream that name no link of it, or no seal."""
    if one.kinds.isdisjoint(OF_FAMILY):
        return
    for entry, (before, person) in zip(one.entries, pairwise(one.persons), strict=True):
        if isinstance(entry.fact, OF_FAMILY) and (entry.version in person.unmatched or not before.entered):
            yield f"position {entry.position}: {entry.fact.NAME} names what does not exist"


def named(one: Stream) -> Iterator[tuple[Entry, UUID]]:
    """Each fact that names somebody else, with whom it names."""
    for entry in one.entries if not one.kinds.isdisjoint(OF_FAMILY) else ():
        match entry.fact:
            case events.FamilyLinkEntered(relative=UUID() as relative):
                yield entry, relative
            case events.FamilyLinkCorrected(now=events.FamilyLinkVersion(relative=UUID() as relative)):
                yield entry, relative
            case events.FormerIdentitySealed(successor=UUID() as successor):
                yield entry, successor


def unknown(naming: Sequence[tuple[Entry, UUID]], streams: Mapping[UUID, Sequence[Any]]) -> Iterator[str]:
    """Those who were nobody of the register in the act that names them."""
    for entry, relative in naming:
        then = [one for one in streams.get(relative, ()) if one.recorded_at <= entry.recorded_at]
        is_person = bool(then) and AGGREGATE_OF[then[0].fact.NAME] == "person"
        if not is_person or not fold(then).entered:
            yield f"position {entry.position}: {entry.fact.NAME} names a person who does not exist"

"""What a fact of a family names and does not exist: a link that nobody entered, a relative whom the register never had.

Semantics 1.8: such a fact is a difference, named by its position; fold and projections keep it all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import events
from registry.aggregates.person.state import NOBODY, evolve, fold
from registry.aggregates.values import Entry

OF_FAMILY = (
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
)


def unmatched(entries: Sequence[Entry]) -> Iterator[str]:
    """The facts of a family on a person's stream that name no link of it, or no seal."""
    if not any(isinstance(entry.fact, OF_FAMILY) for entry in entries):
        return
    person = NOBODY
    for entry in entries:
        known = (entry.fact, person.entered)
        person = evolve(person, entry)
        if isinstance(known[0], OF_FAMILY) and (entry.version in person.unmatched or not known[1]):
            yield f"position {entry.position}: {entry.fact.NAME} names what does not exist"


def named(entries: Sequence[Entry]) -> Iterator[tuple[Entry, UUID]]:
    """Each fact that names somebody else, with whom it names."""
    for entry in entries:
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

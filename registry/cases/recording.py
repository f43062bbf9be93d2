"""What a ruling appends, line by line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from registry.aggregates.case.ruling import Ruling
from registry.aggregates.facts import AGGREGATE_OF
from registry.app import Line


def of_streams(ruling: Ruling, facts: Mapping[UUID, Sequence[Any]]) -> list[Line]:
    """The facts of a ruling as lines after the versions that were seen, and whom its links name as they were seen."""
    held = ruling.holdings
    versions = {id: state.version for states in (held.people, held.homes) for id, state in states.items()}
    linked = {getattr(fact, "relative", None) for made in facts.values() for fact in made}
    seen: list[Line] = [(id, [], versions[id]) for id in linked - facts.keys() if id in versions]
    return [*((stream, made, versions.get(stream, 0)) for stream, made in facts.items()), *seen]


def outcomes(ruling: Ruling) -> tuple[str, ...]:
    """The name of what is decided on each part."""
    return tuple(one.NAME for one in ruling.outcomes)


def names(facts: Mapping[UUID, Sequence[Any]]) -> dict[UUID, list[str]]:
    """The names of facts by the stream that they are on, but for new dwellings, whose ids are drawn anew."""
    found = {stream: [fact.NAME for fact in made] for stream, made in facts.items() if made}
    return {stream: made for stream, made in found.items() if AGGREGATE_OF[made[0]] == "person"}


def without(streams: Collection[UUID], lines: Iterable[Line]) -> list[Line]:
    """The lines of other streams than these: an act names each once."""
    return [line for line in lines if line[0] not in streams]

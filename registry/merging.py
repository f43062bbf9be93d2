"""Merging meets the store: whom a merge, or the taking back of one, is about, and what stands in its way."""

from datetime import date
from uuid import UUID, uuid4

from registry import listing
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person import state as person_state
from registry.aggregates.person.checks import homes, supposing
from registry.aggregates.person.merge_requests import AnnulMerge, MergeEntries
from registry.aggregates.person.state import NOBODY, MergedEntry, Person
from registry.aggregates.values import Fault, refuse
from registry.app import Line, Registry

TAKEN = {"unzr": "unzr-taken", "rnokpp": "rnokpp-taken", "ref": "ref-taken"}
Request = MergeEntries | AnnulMerge


def lines_of(registry: Registry, request: Request, today: date) -> tuple[list[Line], list[tuple[UUID, int]]]:
    """The facts of each stream after the version that was seen, those of the entry that goes first; and the versions of
    the dwellings that somebody is put into. Raises `Impossible` or `NeedsConfirmation`."""
    people = _people(registry, request)
    if isinstance(request, MergeEntries):
        refuse(open_faults(registry, request.person))
        known = people[request.person].residences
        dwellings = {one.dwelling: registry.dwelling(one.dwelling) for one in known}
        facts = request.decide(people, dwellings, iter(uuid4, None), today)
    else:
        merged = people[request.person].merged
        refuse(_taken(registry, request.person, merged) if merged else [])
        facts = request.decide(people, _as_merged(registry, request.person, merged), today)
    lines: list[Line] = [(stream, made, people[stream].version) for stream, made in facts.items()]
    return lines, _homes(registry, people, lines, today)


def open_faults(registry: Registry, person: UUID, besides: UUID | None = None) -> list[Fault]:
    """The cases, and the changes, that are not decided and concern an entry: they would act on it when it is gone.
    `besides` is the one that asks for the merge."""
    rows = registry.query("applications", "open_about", person=person)
    found = (str(row["application"]) for row in rows if row["application"] != besides)
    return [Fault("merge-case-open", "person", {"application": application}) for application in found]


def _people(registry: Registry, request: Request) -> dict[UUID, Person]:
    """The two, and those whose links name the one that goes."""
    lost = registry.person(request.person)
    if isinstance(request, MergeEntries):
        rows = registry.query("family", "naming", person=request.person)
        named = {request.into, *(row["person"] for row in rows)}
    elif lost.merged:
        named = {lost.merged.says.survivor, *(one.person for one in lost.merged.says.relinked or ())}
    else:
        named = set()
    people = {id: registry.person(id) for id in sorted(named - {request.person}, key=str)}
    found = {request.person: lost, **people}
    return {id: listing.as_listed(registry, person, home=registry.dwelling) for id, person in found.items()}


def _as_merged(registry: Registry, loser: UUID, merged: MergedEntry | None) -> Person:
    """Who answers in the place of a merged entry, as the merge left them."""
    if merged is None:
        return NOBODY
    at = registry.entries(loser)[merged.version - 1].recorded_at
    return person_state.fold(one for one in registry.entries(merged.says.survivor) if one.recorded_at <= at)


def _taken(registry: Registry, loser: UUID, merged: MergedEntry) -> list[Fault]:
    """What somebody else has got of the entry's since it was merged: its УНЗР, its РНОКПП, its mark."""
    said, ref = merged.before.particulars, merged.before.ref
    position = registry.entries(loser)[merged.version - 1].position - 1
    # One that was refused by belief is no number.
    rnokpp = said.rnokpp if any(map(str.isdecimal, said.rnokpp or "")) else None
    numbers = {"unzr": said.unzr, "rnokpp": rnokpp, "ref": ref}
    rows = registry.query("merged", "taken", position=position, **numbers) if any(numbers.values()) else []
    return [Fault(TAKEN[row["field"]], row["field"]) for row in rows]


def _homes(registry: Registry, people: dict[UUID, Person], lines: list[Line], today: date) -> list[tuple[UUID, int]]:
    """The versions of the dwellings into which somebody comes, so that nobody slips past a renumbering."""
    into: set[UUID] = set()
    for stream, facts, _ in lines:
        into |= homes(supposing(people[stream], facts, today)) - homes(people[stream])
    found: dict[UUID, Dwelling] = {home: registry.dwelling(home) for home in sorted(into, key=str)}
    return [(home, dwelling.version) for home, dwelling in found.items()]

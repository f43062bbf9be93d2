"""What the card of a person says of entries that were merged into theirs (semantics 1.9), and of those taken out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.desk import Desk
from api.shapes.cards import history
from registry import merged, texts
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import Person, fold
from registry.aggregates.values import Entry
from registry.storage.mapper import instant_text

AN_INSTANT = timedelta(microseconds=1)


def listed(desk: Desk, person: UUID, position: int) -> list[dict[str, Any]]:
    """The entries in whose place this person answers, each with what it was called and its own card as known just
    before it was merged."""
    found = merged.entries_of(desk.registry, [person], position)
    seen = [one for one in found if desk.viewer.sees(one)]
    rows = []
    for id, entries in desk.registry.of_streams(seen).items():
        known = [entry for entry in entries if entry.position <= position]
        last = max((one for one in known if isinstance(one.fact, EntryMerged)), key=lambda one: one.position)
        before = urlencode({"known_at": instant_text(last.recorded_at - AN_INSTANT)})
        rows.append({"called": _called(_before(known, last), id), "card": f"/persons/{id}?{before}"})
    return rows


def told(desk: Desk, person: UUID, entries: Sequence[Entry], position: int) -> list[dict[str, Any]]:
    """The history of a person with the merges of other entries into theirs, newest first: those are on the streams of
    the others."""
    others = desk.registry.of_streams(merged.ever_into(desk.registry, person, position))
    more = [row for id, known in others.items() if desk.viewer.sees(id) for row in _of(desk, person, known, position)]
    return sorted([*history(desk, entries, position), *more], key=lambda row: -row["entry"].position)


def _of(desk: Desk, person: UUID, entries: Sequence[Entry], position: int) -> list[dict[str, Any]]:
    rows = history(desk, entries, position)
    by_version = {row["entry"].version: row for row in rows}
    said = []
    for row in rows:
        fact = row["entry"].fact
        of = by_version.get(fact.takes_back) if isinstance(fact, MergeAnnulled) else row
        merge = of["entry"] if of else None
        if merge and isinstance(merge.fact, EntryMerged) and merge.fact.survivor == person:
            called = _called(_before(entries, merge), merge.stream)
            says = [pair for pair in row["says"] if str(person) not in pair]
            said.append({**row, "label": texts.say("merged_here", fact.NAME, called), "says": says})
    return said


def _before(entries: Sequence[Entry], merge: Entry) -> Person:
    return fold(one for one in entries if one.version < merge.version)


def _called(person: Person, id: UUID) -> str:
    name = texts.person_name(person.particulars) or texts.say("person_page", "no_name")
    return f"{name} ({person.ref or id})"

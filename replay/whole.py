"""Everybody on a day of the law, as it stood at a position: plain lives set by set from the typed heads of the log
(`registry.lives`), all others folded from their documents and asked day by day (`replay.engine`).

The log only grows: what is said up to a position is the same on every connection, whenever it is asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from registry import lives, texts
from registry.aggregates.dwelling.events import DwellingEntered
from registry.aggregates.dwelling.state import Dwelling, address_on, fold
from registry.aggregates.person import state as person_state
from registry.app import Registry
from registry.storage import mapper
from replay import answers
from replay.engine import Stretch
from replay.memory import without_collecting

Progress = Callable[[int], None]
Called = tuple[str, str]
"""Of a dwelling its ref, or its id, and what it was called on the day."""
AT_ONCE = 1_000
"""So many people are folded from one reading of the log."""


def everybody(
    registry: Registry, day: date, position: int, progress: Progress = lambda facts: None
) -> list[dict[str, Any]]:
    """Each who lives somewhere on the day: `{"person_ref", "person_id", "residences"}`, by person_ref."""
    with without_collecting(), ThreadPoolExecutor(1) as beside:
        naming = beside.submit(_called, registry, day, position)
        with registry.datastore.get_connection() as connection:
            found = lives.on_day(connection, position, day)
        homes = naming.result()
        rows = [_plain(row, homes) for row in found if row[0]]
        folded = 0
        for said in _lives(registry, sorted(UUID(row[1]) for row in found if not row[0]), position):
            person, stream = person_state.fold(said), said[0].stream
            folded += len(said)
            progress(len(said))
            there = answers.residence_on(person, day) if person.entered else []
            if there:
                residences = [residence(one, homes.get(str(one.residence.dwelling)), day) for one in there]
                rows.append(of_person(person, stream, residences))
        progress(position - folded)
        return sorted(rows, key=itemgetter("person_ref", "person_id"))


def of_person(person: person_state.Person, stream: UUID, residences: list[dict[str, Any]]) -> dict[str, Any]:
    """A person and where they live, as `hromada replay --json` prints it."""
    return {"person_ref": person.ref or str(stream), "person_id": str(stream), "residences": residences}


def residence(one: Stretch, called: Called | None, day: date) -> dict[str, Any]:
    """A residence that holds on a day, with what its dwelling is called."""
    ref, address = called or (str(one.residence.dwelling), texts.TEXTS["address"]["unknown"])
    certain = answers.covers(one, day, date.fromordinal(day.toordinal() + 1))
    return {**answers.stretch_json(one), "dwelling_ref": ref, "address": address, "certain": certain}


def called(stream: UUID, dwelling: Dwelling, day: date) -> Called | None:
    """What a dwelling is called on a day; None if nobody entered it."""
    if not dwelling.names:
        return None
    return dwelling.ref or str(stream), texts.address_label(address_on(dwelling, day))


def _plain(row: tuple[Any, ...], homes: Mapping[str, Called]) -> dict[str, Any]:
    _, person, ref, id, kind, dwelling, since, until, made_by, left_by, ended_by = row
    home, address = homes.get(dwelling) or (dwelling, texts.TEXTS["address"]["unknown"])
    facts = [made_by] if left_by is ended_by is None else sorted({made_by, left_by, ended_by} - {None})
    return {
        "person_ref": ref,
        "person_id": person,
        "residences": [
            {
                "residence_id": id,
                "kind": kind,
                "dwelling_id": dwelling,
                "since": since,
                "until": until,
                "since_known": "day",
                "until_known": "day" if until else "none",
                "kept": False,
                "carried": False,
                "facts": facts,
                "dwelling_ref": home,
                "address": address,
                "certain": True,
            }
        ],
    }


def _called(registry: Registry, day: date, position: int) -> dict[str, Called]:
    """What every dwelling is called. Most were only ever entered, and are read without their envelopes."""
    with registry.datastore.get_connection() as connection:
        found = lives.naming(connection, position)
    said: dict[str, list[bytes]] = {}
    for id, state in found:
        said.setdefault(id, []).append(state)
    homes = {}
    for id, states in said.items():
        fact = mapper.read_fact(states[0])
        if len(states) == 1 and isinstance(fact, DwellingEntered):
            homes[id] = fact.ref or id, texts.address_label(fact.address)
        elif named := called(UUID(id), fold(sorted(map(mapper.read_entry, states), key=lambda one: one.version)), day):
            homes[id] = named
    return homes


def _lives(registry: Registry, people: Sequence[UUID], position: int) -> Iterator[Sequence[Any]]:
    """The entries of each of some people, up to a position."""
    for start in range(0, len(people), AT_ONCE):
        with registry.datastore.get_connection() as connection:
            found = registry.entries_at(connection, people[start : start + AT_ONCE], position)
        yield from found.values()

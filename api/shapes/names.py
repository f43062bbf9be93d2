"""Whom and what a request names: ids and import refs → streams, as known at a position.

Each raises `NotFound`, and `Hidden` where it names a person, or a case of a person, whom the viewer may not see.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.errors import Problem
from registry import gate, merged, questions, texts
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, id_of, sure
from registry.app import Registry
from registry.outgoing import delivering, makers
from registry.storage import mapper
from registry.viewer import Viewer, insist, insist_on_everything

UNKNOWN = UUID(int=0)
"""The id that nobody and no dwelling has: an act that names an unknown one is refused with all its other faults."""


def find_person(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> UUID:
    """The person named in an address by id or import ref. A URL never carries УНЗР: URLs end in logs."""
    number = gate.unzr(name)
    if number.value and (number.value == name or "unzr-birth-date" not in number.warnings):
        raise Problem(400, "unzr-in-url")
    return questions.find_person(registry, _clean(name), position, seen_by=seen_by)


def find_merged(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> UUID:
    """The entry named in an address by id or import ref that was merged; of one that was not, the person."""
    entry = merged.merged_entry(registry, name, position)
    try:
        person = find_person(registry, name, position, seen_by=seen_by)
    except questions.NotFound:
        # Whoever answered for it was withdrawn since: it can be taken out all the same.
        if entry is None or not seen_by.sees(entry):
            raise
        return entry
    return entry or person


def find_dwelling(registry: Registry, name: str, position: int) -> UUID:
    """The dwelling named in an address by id or import ref."""
    return questions.find_dwelling(registry, _clean(name), position)


def find_application(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> UUID:
    """The application, or the change asked for without one, named in an address by id."""
    id = id_of(name)
    rows = registry.query("applications", "by_id", application=id, position=position) if id else []
    if id is None or not rows:
        raise questions.NotFound(texts.TEXTS["faults"]["application-unknown"])
    insist(seen_by, *rows[0]["persons"])
    return id


def find_outgoing(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> UUID:
    """The message or task named in an address by id; of somebody whom the viewer may see, or of nobody."""
    id = id_of(name)
    row = delivering.items(registry, [id or UNKNOWN])[0]
    about = people_of(registry, [row])[row["id"]]
    if about is None:
        insist_on_everything(seen_by)
    insist(seen_by, *(about or ()))
    return sure(id)


def people_of(registry: Registry, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, set[UUID] | None]:
    """Whom messages and tasks are about, by the id of each; None of one that names neither person nor application, nor
    answers a department."""
    replies = _told_to_departments(registry, rows)
    streams = {row["application"] for row in rows if row["application"]}
    found = registry.query("applications", "persons_of", streams=list(streams)) if streams else []
    persons = {row["application"]: row["persons"] for row in found}
    return {
        row["id"]: {*persons.get(row["application"], ()), *([row["person"]] if row["person"] else [])}
        if row["person"] or row["application"]
        else replies.get(row["position"])
        for row in rows
    }


def _told_to_departments(registry: Registry, rows: Sequence[Mapping[str, Any]]) -> dict[int, set[UUID]]:
    """Of whom replies to departments tell, by the position of the fact; the task of answering names nobody."""
    found = [row for row in rows if row["item"] in (makers.ANSWER.id, makers.REPLY.id)]
    positions = [row["position"] for row in found if row["item"] == makers.REPLY.id]
    acts = registry.query("outbox", "acts_of", positions=positions) if positions else []
    told = {one["position"]: set(mapper.read_entry(bytes(one["state"])).fact.people) for one in acts}
    return {row["position"]: told.get(row["position"], set()) for row in found}


def dwelling_or_nowhere(registry: Registry, name: str | None, position: int) -> UUID:
    """The dwelling that a body names, or the one that no register has."""
    try:
        return questions.find_dwelling(registry, name or "", position)
    except questions.NotFound:
        return UNKNOWN


def person_entries(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> list[Entry]:
    """The whole history of whoever is named, a ref as known at a position; also of a withdrawn entry (by id)."""
    stream = id_of(name)
    entries = registry.entries(stream) if stream else []
    if entries and AGGREGATE_OF[entries[0].fact.NAME] == "person":
        insist(seen_by, entries[0].stream)
        return entries
    return registry.entries(find_person(registry, name, position, seen_by=seen_by))


def person_at(entries: list[Entry], position: int) -> Person:
    """The person as known at a position."""
    return person_state.fold(entry for entry in entries if entry.position <= position)


def _clean(name: str) -> str:
    ref = gate.line(name).value
    if ref is None:
        raise questions.NotFound(texts.say("pages", "no_such_record"))
    return ref

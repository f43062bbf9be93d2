"""A person: entering, reading, what was recorded wrongly, withdrawal. Where they live is in `residences.py`."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.acts import MAY_WAIT, Acting
from api.desk import desk_of
from api.forms import (
    DeathTakingBack,
    DryRun,
    KnownAt,
    NewPerson,
    ParticularsCorrection,
    ParticularsUpdate,
    Withdrawal,
)
from api.shapes.names import find_person, person_at, person_entries
from api.shapes.times import known_then, recorded
from api.shapes.words import marks
from registry import merged, texts
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.requests import AnnulDeath, WithdrawEntry
from registry.aggregates.values import Entry, Fault, Impossible
from registry.questions import NotFound
from registry.storage.mapper import encode_body, instant_text
from registry.viewer import insist

router = APIRouter(prefix="/api/v1/persons", tags=["persons"])


@router.post("", status_code=201)
def enter(body: NewPerson, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """A new person, or one entered anew after a withdrawal; who looks like somebody of the register is asked about."""
    if body.person:
        entries = asking.registry.entries(body.person)
        if not entries or AGGREGATE_OF[entries[0].fact.NAME] != "person":
            raise Impossible([Fault("person-unknown", "person")])
        insist(asking.clerk.viewer, body.person)
    return asking.tried(body.request()) if how.dry_run else asking.act(body.request())


@router.get("/{person}")
def particulars(
    person: str, asked: Annotated[KnownAt, Query()], request: Request, response: Response
) -> dict[str, Any]:
    """A person by id or import ref, as the register stood at `known_at`, or at a position; the ETag is the version of
    the record then."""
    desk = desk_of(request)
    registry = desk.registry
    instant, position = recorded(registry, asked, desk.now())
    id = find_person(registry, person, position, seen_by=desk.viewer)
    found = person_at(registry.entries(id), position)
    response.headers["ETag"] = f'"{found.version}"'
    return {
        "id": str(id),
        "ref": found.ref,
        "version": found.version,
        "particulars": asdict(found.particulars),
        "documents": [asdict(document) for document in found.documents],
        "former": [asdict(former) for former in found.former],
        "death": {"registered_on": found.death.registered_on} if found.death else None,
        "occupied_addresses": [msgspec.to_builtins(note) for note in found.occupied],
        "merged": [str(one) for one in merged.entries_of(registry, [id], position)],
        "marks": marks(request),
        **known_then(asked, instant, position),
    }


@router.get("/{person}/facts")
def facts(person: str, asked: Annotated[KnownAt, Query()], request: Request) -> dict[str, Any]:
    """The facts that are known at `known_at`, or at a position, in the order of recording; of a withdrawn entry by its
    id. Raises `NotFound` for whoever had not been entered then."""
    desk = desk_of(request)
    instant, position = recorded(desk.registry, asked, desk.now())
    entries = person_entries(desk.registry, person, position, seen_by=desk.viewer)
    known = [entry for entry in entries if entry.position <= position]
    if not known:
        raise NotFound(texts.say("extract_faults", "person-unknown"))
    said = {"person": str(known[0].stream), **known_then(asked, instant, position)}
    return {**said, "facts": [fact_row(entry) for entry in known]}


@router.post("/{person}/death-annulment", status_code=201, responses=MAY_WAIT)
def annul_death(person: str, body: DeathTakingBack, asking: Acting) -> JSONResponse:
    """The death of a namesake or a false date: annulled first, then recorded right."""
    return asking.act(AnnulDeath(person=asking.person(person), basis=body.basis))


@router.post("/{person}/particulars-correction", status_code=201, responses=MAY_WAIT)
def correct_particulars(person: str, body: ParticularsCorrection, asking: Acting) -> JSONResponse:
    """Only what was recorded wrongly; null takes a particular away. What has changed is `/particulars-update`."""
    return asking.act(body.request(asking.person(person)))


@router.post("/{person}/particulars-update", status_code=201)
def update_particulars(
    person: str, body: ParticularsUpdate, how: Annotated[DryRun, Query()], asking: Acting
) -> JSONResponse:
    """What has changed, on a document alone: no service is asked for, and nothing of where the person lives changes."""
    asked = body.request(asking.person(person))
    return asking.tried(asked) if how.dry_run else asking.act(asked)


@router.post("/{person}/withdrawal", status_code=201, responses=MAY_WAIT)
def withdraw(person: str, body: Withdrawal, asking: Acting) -> JSONResponse:
    """Entered by mistake: nothing of it counts any more, its history stays."""
    return asking.act(WithdrawEntry(person=asking.person(person), reason=body.reason))


def fact_row(entry: Entry) -> dict[str, Any]:
    """One fact of a history."""
    return {
        "position": entry.position,
        "version": entry.version,
        "name": entry.fact.NAME,
        "label_uk": texts.label("facts", entry.fact.NAME),
        "recorded_at": instant_text(entry.recorded_at),
        "by": {"id": entry.by.id, "name": entry.by.name},
        "command": str(entry.command),
        "body": msgspec.json.decode(encode_body(entry.fact)),
    }

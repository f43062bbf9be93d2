"""A dwelling: entering, reading, its residents, its names; and who moved how often."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.acts import Acting, Asking
from api.desk import desk_of
from api.dwelling_forms import DwellingNote, EncumbranceNoted, LeaseNoted, OwnersNoted, ResidentsAsked
from api.forms import DwellingCorrection, KnownAt, Movers, NewDwelling, NewName, Readdressing, Times
from api.shapes.dwelling_notes import insist_on_named
from api.shapes.names import UNKNOWN, find_dwelling
from api.shapes.times import known_then, question_of, recorded
from registry import questions, texts
from registry.aggregates.dwelling.requests import CorrectDwelling, EnterDwelling, Readdress, RenameAddress
from registry.aggregates.dwelling.state import Dwelling, dated_names, fold
from registry.aggregates.values import Fault, Impossible, sure
from registry.compositions import ResidentsPage
from registry.viewer import shown_owners

router = APIRouter(prefix="/api/v1", tags=["dwellings"])


@router.post("/dwellings", status_code=201)
def enter(body: NewDwelling, asking: Acting) -> JSONResponse:
    """A new dwelling: the parts of its address apart, as in the document."""
    return asking.act(
        EnterDwelling(address=body.address.address(), kind=body.kind, ref=body.ref, confirmed=body.confirmed)
    )


@router.get("/dwellings/{dwelling}")
def dwelling(dwelling: str, asked: Annotated[KnownAt, Query()], request: Request, response: Response) -> dict[str, Any]:
    """Names with their days, kind, successor, owners, encumbrances, leases, as the register stood at `known_at`, or at
    a position."""
    desk = desk_of(request)
    registry = desk.registry
    instant, position = recorded(registry, asked, desk.now())
    id = find_dwelling(registry, dwelling, position)
    found = fold(shown_owners((one for one in registry.entries(id) if one.position <= position), desk.viewer))
    response.headers["ETag"] = f'"{found.version}"'
    return {"id": str(id), **described(found), **known_then(asked, instant, position)}


@router.get("/dwellings/{dwelling}/residents")
def residents(dwelling: str, asked: Annotated[ResidentsAsked, Query()], request: Request) -> dict[str, Any]:
    """On a day, people; over a period, stretches with the same people."""
    desk = desk_of(request)
    registry, moment = desk.registry, desk.now()
    before, skipped = asked.begins
    if asked.known_at is None and asked.position is None:
        asked = asked.model_copy(update={"position": before})
    question = questions.settled(registry, question_of(asked, moment), moment)
    position = sure(question.position)
    name = str(find_dwelling(registry, dwelling, position)) if position else dwelling
    page = ResidentsPage(asked.limit, skipped)
    return questions.occupancy(registry, name, question, moment, seen_by=desk.viewer, page=page)


@router.get("/moved")
def moved(asked: Annotated[Movers, Query()], request: Request) -> dict[str, Any]:
    """People from 14 years on who had at least so many residences here; renumbering does not count."""
    desk = desk_of(request)
    moment = desk.now()
    times = Times(on=asked.on, known_at=asked.known_at, position=asked.position)
    question = questions.settled(desk.registry, question_of(times, moment), moment)
    position = sure(question.position)
    return questions.moved(
        desk.registry,
        question,
        moment,
        least=asked.least,
        first=asked.first,
        community=desk.here(question.day, position).within,
        seen_by=desk.viewer,
    )


@router.post("/dwellings/{dwelling}/names", status_code=201)
def rename(dwelling: str, body: NewName, asking: Acting) -> JSONResponse:
    """The street is renamed: the dwelling stays the same, nobody moves."""
    address = body.address.address()
    return asking.act(
        RenameAddress(
            dwelling=asking.dwelling(dwelling),
            address=address,
            since=body.since,
            basis=body.basis,
            confirmed=body.confirmed,
        )
    )


@router.post("/dwellings/{dwelling}/correction", status_code=201)
def correct(dwelling: str, body: DwellingCorrection, asking: Acting) -> JSONResponse:
    """The first address or the kind was written wrongly: all of it, right."""
    address = body.address.address()
    return asking.act(
        CorrectDwelling(
            dwelling=asking.dwelling(dwelling),
            address=address,
            kind=body.kind,
            reason=body.reason,
            confirmed=body.confirmed,
        )
    )


@router.post("/dwellings/{dwelling}/readdressing", status_code=201)
def readdress(dwelling: str, body: Readdressing, asking: Acting) -> JSONResponse:
    """All residents are carried over to a new dwelling in one act; nobody moves."""
    successor = asking.home(body.successor)
    if successor == UNKNOWN and not asking.done:
        raise Impossible([Fault("dwelling-unknown", "successor")])
    return asking.act(
        Readdress(
            dwelling=asking.dwelling(dwelling),
            successor=successor,
            since=body.since,
            reason=body.reason,
            confirmed=body.confirmed,
        )
    )


@router.post("/dwellings/{dwelling}/owners", status_code=201)
def note_owners(dwelling: str, body: OwnersNoted, asking: Acting) -> JSONResponse:
    """Who owns it from a day on, all of them, by the paper shown."""
    return _noted(dwelling, body, asking)


@router.post("/dwellings/{dwelling}/encumbrances", status_code=201)
def note_encumbrance(dwelling: str, body: EncumbranceNoted, asking: Acting) -> JSONResponse:
    """An encumbrance of the property register; the same number again says how it now stands, or that it ended."""
    return _noted(dwelling, body, asking)


@router.post("/dwellings/{dwelling}/leases", status_code=201)
def note_lease(dwelling: str, body: LeaseNoted, asking: Acting) -> JSONResponse:
    """A contract by the paper shown; the same number and lessee again say how it now stands."""
    return _noted(dwelling, body, asking)


def _noted(dwelling: str, body: DwellingNote, asking: Asking) -> JSONResponse:
    id = asking.dwelling(dwelling)
    insist_on_named(asking.clerk.viewer, asking.registry.dwelling(id), body)
    return asking.act(body.request(id, asking.relative))


def described(found: Dwelling) -> dict[str, Any]:
    """A dwelling as folded, as JSON values."""
    names = dated_names(found)
    return {
        "ref": found.ref,
        "version": found.version,
        "kind": found.kind,
        "kind_uk": texts.label("dwelling_kinds", found.kind),
        "address": texts.address_label(names[-1][2]),
        "names": [
            {
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
                "address": texts.address_label(address),
                "parts": asdict(address),
            }
            for since, until, address in names
        ],
        "successor": msgspec.to_builtins(found.succession) if found.succession else None,
        "owners": msgspec.to_builtins(found.owners) if found.owners else None,
        "encumbrances": [msgspec.to_builtins(one) for one in found.encumbrances],
        "leases": [msgspec.to_builtins(one) for one in found.leases],
    }

"""Papers: those of a person as known at an instant, and what was taken down of one wrongly."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.acts import PREFIX, Acting, Asking
from api.desk import desk_of
from api.forms import KnownAt
from api.paper_forms import PaperAnnulment, PaperCorrection
from api.shapes.names import find_person
from api.shapes.times import recorded
from registry import papers, questions
from registry.aggregates.values import Fault, Impossible
from registry.storage.mapper import instant_text

router = APIRouter(prefix=PREFIX, tags=["papers"])
ONE = "/applications/{application}/papers/{paper}"


@router.get("/persons/{person}/papers")
def of_person(person: str, asked: Annotated[KnownAt, Query()], request: Request) -> dict[str, Any]:
    """Theirs, and those shown for them, as the register stood at `known_at`, or at a position."""
    desk, moment = desk_of(request), desk_of(request).now()
    instant, position = recorded(desk.registry, asked, moment)
    id = find_person(desk.registry, person, position, seen_by=desk.viewer)
    found = papers.of_person(desk.registry, id, position, seen_by=desk.viewer)
    return {"person": str(id), "known_at": instant_text(instant), "position": position, "papers": found}


@router.post(ONE + "/correction", status_code=201)
def correct(application: str, paper: UUID, body: PaperCorrection, asking: Acting) -> JSONResponse:
    """Only what differs; what was decided on it stays decided."""
    changes = {**body.details(), **body.given("shown_by"), **_whose(body, asking)}
    return asking.on_application(
        application,
        "paper-corrected",
        {"paper": paper, "changes": changes, "reason": body.reason},
        lambda id, digest: asking.clerk.correct_paper(
            id,
            paper=paper,
            changes=changes,
            reason=body.reason,
            command=asking.command,
            version=asking.version,
            digest=digest,
        ),
    )


@router.post(ONE + "/annulment", status_code=201)
def annul(application: str, paper: UUID, body: PaperAnnulment, asking: Acting) -> JSONResponse:
    """There was no such paper, or it was another one: nothing of it counts."""
    return asking.on_application(
        application,
        "paper-annulled",
        {"paper": paper, "reason": body.reason},
        lambda id, digest: asking.clerk.annul_paper(
            id, paper=paper, reason=body.reason, command=asking.command, version=asking.version, digest=digest
        ),
    )


def _whose(body: PaperCorrection, asking: Asking) -> dict[str, Any]:
    if "whose" not in body.model_fields_set:
        return {}
    if body.whose is None:
        return {"whose": None}
    try:
        return {"whose": find_person(asking.registry, body.whose, asking.position, seen_by=asking.clerk.viewer)}
    except questions.NotFound:
        raise Impossible([Fault("person-unknown", "whose")]) from None

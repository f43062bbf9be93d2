"""What a portal or a machine sent, compared with the register: what is found of it, before it is decided."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.acts import PREFIX, Acting, Asking
from api.desk import desk_of
from api.shapes import unfinished as unfinished_shapes
from api.unfinished_forms import FoundOfSent
from api.visits import of_papers
from registry import questions
from registry.aggregates.case.events import Concerned
from registry.aggregates.case.found import NewcomerRecognised, SentFoundUntrue
from registry.aggregates.values import Fault, refuse
from registry.cases.as_of import AsOf
from registry.cases.comparing import Comparing, Finding

router = APIRouter(prefix=PREFIX + "/applications/{application}", tags=["applications"])


@router.post("/comparison", status_code=201)
def compare(application: str, body: FoundOfSent, asking: Acting) -> JSONResponse:
    """That a newcomer is somebody of the register; without a person, that what was sent for a part is untrue."""
    desk = desk_of(asking.request)
    found = _found(application, body, asking)
    makes = NewcomerRecognised.NAME if found.person else SentFoundUntrue.NAME
    return asking.on_application(
        application,
        makes,
        {"part": found.part, "newcomer": body.newcomer, "person": found.person, "reason": found.reason},
        lambda id, digest: Comparing(desk.cases).find(
            id, found, command=asking.command, version=asking.version, digest=digest
        ),
        unfinished_shapes.done(desk),
    )


def _found(application: str, body: FoundOfSent, asking: Asking) -> Finding:
    """What was found, whoever is meant named by id; of one newcomer nobody need say which."""
    if not body.person:
        refuse([Fault("person-missing", "person")] if body.newcomer else [])
        return Finding(part=body.part, reason=body.reason)
    one = _newcomer(application, body, asking)
    if one is None:
        refuse([Fault("newcomer-unknown", "newcomer")])
    look = partial(questions.find_person, seen_by=asking.clerk.viewer)
    try:
        person = look(asking.registry, body.person, asking.position)
    except questions.NotFound:
        refuse([Fault("person-unknown", "person")])
    paper = of_papers(one.documents).paper if one and one.documents else None
    return Finding(part=body.part, newcomer=one.person if one else None, person=person, reason=body.reason, paper=paper)


def _newcomer(application: str, body: FoundOfSent, asking: Asking) -> Concerned | None:
    """Whom it says, or the only one of the part who was not named by an id of the register."""
    record = AsOf(asking.registry, asking.position).record(asking.application(application))
    told = [one for part in record.parts[body.part - 1 : body.part] for one in part.concerned if one.particulars]
    named: UUID | None = body.newcomer or (told[0].person if len(told) == 1 else None)
    return next((one for one in told if one.person == named), None)

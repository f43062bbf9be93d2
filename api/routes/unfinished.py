"""What goes on with an application that is not decided: papers later, «без руху», withdrawal, a slip mended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.acts import PREFIX, Acting, Asking
from api.case_forms import NoticeSent
from api.desk import Desk, desk_of
from api.forms import DryRun, documents
from api.papers_shown import as_asked
from api.routes.services import by_law
from api.shapes import cases as shapes
from api.shapes import papers as paper_shapes
from api.shapes import unfinished as unfinished_shapes
from api.shapes.names import UNKNOWN, find_application
from api.unfinished_forms import Amendment, Movement, PapersLater, TakenBack, WithoutMovement
from api.visits import brought_papers, of_papers, visit_of, without_new_ids
from registry import texts
from registry.aggregates.case.events import Concerned
from registry.aggregates.case.finishing import Brought
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.case.unfinished import (
    ApplicationAmended,
    ApplicationLeftWithoutMovement,
    ApplicationWithdrawn,
    PapersBrought,
    completed,
)
from registry.aggregates.values import Fault, refuse, sure
from registry.cases.as_of import AsOf
from registry.cases.finishing import Finishing, Leaving, WithdrawalSaid
from registry.cases.intake import Visit
from registry.storage.mapper import KYIV

router = APIRouter(prefix=PREFIX + "/applications/{application}", tags=["applications"])
TRIED: dict[int | str, dict[str, Any]] = {200: {"description": texts.say("api", "would_decide")}}


@router.post("/papers", status_code=201, responses=TRIED)
def bring(application: str, body: PapersLater, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """Papers or consents that come later, one part a request; with `dry_run` what they would change."""
    desk = desk_of(asking.request)
    said = _brought(body, _as_asked(application, asking), asking, desk)
    with by_law():
        if how.dry_run:
            id = find_application(desk.registry, application, asking.position, seen_by=desk.viewer)
            ruling = Finishing(desk.cases).tried(id, said)
            rows = shapes.ruled(ruling, shapes.answers_of(desk.registry.entries(id)))
            said_of = {"dry_run": True, "application": str(id), **paper_shapes.warnings(ruling)}
            return JSONResponse({**said_of, "parts": rows})
        return asking.on_application(
            application,
            PapersBrought.NAME,
            {"said": replace(said, papers=as_asked(said.papers, body.papers, UNKNOWN) or None)},
            lambda id, digest: Finishing(desk.cases).bring(
                id, said, command=asking.command, version=asking.version, digest=digest
            ),
            unfinished_shapes.done(desk),
        )


@router.post("/without-movement", status_code=201)
def leave(application: str, body: WithoutMovement, asking: Acting) -> JSONResponse:
    """Without movement, only by the applicant's signed consent."""
    desk = desk_of(asking.request)
    day = date.fromisoformat(body.bring_by) if body.bring_by else None
    said = Leaving(bring_by=day, agreed=body.agreed, consent=body.consent, reason=body.reason)
    with by_law():
        return asking.on_application(
            application,
            ApplicationLeftWithoutMovement.NAME,
            {"said": said},
            lambda id, digest: Finishing(desk.cases).leave(
                id, said, command=asking.command, version=asking.version, digest=digest
            ),
            unfinished_shapes.done(desk),
        )


@router.post("/movement", status_code=201)
def move(application: str, body: Movement, asking: Acting) -> JSONResponse:
    """The applicant asks that it be decided as it stands."""
    desk = desk_of(asking.request)
    return asking.on_application(
        application,
        "application-moves-again",
        {"reason": body.reason},
        lambda id, digest: Finishing(desk.cases).move_again(
            id, body.reason, command=asking.command, version=asking.version, digest=digest
        ),
        unfinished_shapes.done(desk),
    )


@router.post("/withdrawal", status_code=201)
def withdraw(application: str, body: TakenBack, asking: Acting) -> JSONResponse:
    """The applicant takes it back, whole or in part; a change that waits for the second person goes with it."""
    desk = desk_of(asking.request)
    said = WithdrawalSaid(said_by=body.said_by, parts=tuple(body.parts), paper=body.paper, reason=body.reason)
    return asking.on_application(
        application,
        ApplicationWithdrawn.NAME,
        {"said": said},
        lambda id, digest: Finishing(desk.cases).withdraw(
            id, said, command=asking.command, version=asking.version, digest=digest
        ),
        unfinished_shapes.done(desk),
    )


@router.post("/amendment", status_code=201, responses=TRIED)
def amend(application: str, body: Amendment, how: Annotated[DryRun, Query()], asking: Acting) -> JSONResponse:
    """The parts anew, as they should have been typed; with `dry_run` what would be ruled on them."""
    desk = desk_of(asking.request)
    record = _as_asked(application, asking)
    visit = _anew(body, record, asking, desk)
    with by_law():
        if how.dry_run:
            return JSONResponse(_tried_anew(application, visit, body.confirmed, asking, desk))
        return asking.on_application(
            application,
            ApplicationAmended.NAME,
            {"visit": without_new_ids(visit, body)},
            lambda id, digest: Finishing(desk.cases).amend(
                id,
                visit,
                command=asking.command,
                confirmed=body.confirmed,
                version=asking.version,
                digest=digest,
            ),
            unfinished_shapes.done(desk),
        )


def _as_asked(application: str, asking: Asking) -> CaseRecord:
    """The application as it was when the act was asked for, the first time if it is repeated."""
    id = asking.application(application)
    return AsOf(asking.registry, asking.position).record(id)


def _brought(body: PapersLater, record: CaseRecord, asking: Asking, desk: Desk) -> Brought:
    """What was brought, names and keys resolved; of a part that is none, what was said."""
    found = next(iter(record.parts[body.part - 1 : body.part]), None)
    held = {one.person: one for one in found.concerned} if found else {}
    said = Brought(
        part=body.part,
        documents=tuple(body.documents),
        consents=tuple(body.consents),
        valid_until=body.valid_until or None,
        concerned=tuple(_shown(one.person, documents(one.documents) or (), held) for one in body.persons),
        dwelling_changed=body.dwelling_changed.as_fact() if body.dwelling_changed else None,
        brought=body.brought,
    )
    if found is None or not body.papers:
        return said
    came = body.brought or desk.now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")
    fact = PapersBrought(part=said.part, brought=came, due_by="", documents=said.documents, consents=said.consents)
    asked = {**completed(found, fact).asked, "received": came}
    asof = AsOf(asking.registry, asking.position)
    return replace(said, papers=brought_papers(body.papers, asked, found, asof, asking.position, seen_by=desk.viewer))


def _shown(person: Any, shown: Any, held: Mapping[Any, Concerned]) -> Concerned:
    """Of somebody whom the register does not hold yet they are documents, of another what has changed."""
    if person in held and held[person].particulars:
        return Concerned(person=person, documents=shown)
    return Concerned(person=person, changed=of_papers(shown))


def _anew(body: Amendment, record: CaseRecord, asking: Asking, desk: Desk) -> Visit:
    if record.received is None:
        refuse([Fault("application-unknown")])
    received = sure(record.received)
    stays = {"received": received.received, "channel": received.channel}
    other = [name for name, said in body.of_visit().items() if stays.get(name) != said]
    refuse([Fault("visit-stays", name) for name in other])
    body = body.model_copy(update=stays)
    held = AsOf(asking.registry, asking.position)
    if sent := received.notice:
        notice = NoticeSent(sender=sent.sender, dated=sent.dated, number=sent.number)
        body = body.model_copy(update={"notice": notice})
    visit = visit_of(body, held, asking.position, received.received, seen_by=desk.viewer)
    return replace(visit, office=None, notice=None)


def _tried_anew(application: str, visit: Visit, confirmed: bool, asking: Asking, desk: Desk) -> dict[str, Any]:
    id = find_application(desk.registry, application, asking.position, seen_by=desk.viewer)
    ruling, facts = Finishing(desk.cases).tried_anew(id, visit, confirmed)
    parts = shapes.ruled(ruling, shapes.answers_with(ruling.case))
    fell = next(one.fell_away for one in facts if isinstance(one, ApplicationAmended))
    return {
        "dry_run": True,
        "application": str(id),
        **shapes.waits_for(ruling.waits_for),
        **unfinished_shapes.fell_away(fell),
        **paper_shapes.warnings(ruling),
        "parts": parts,
    }

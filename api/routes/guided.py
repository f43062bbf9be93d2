"""The services as guided pages: questions on the left, what comes of them on the right. Answers travel by POST only."""

import json
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from api.acts import Asking, of_press
from api.case_forms import NewApplication
from api.desk import Desk, desk_of
from api.forms import DryRun
from api.guided import between, view
from api.guided.batch import BATCHES
from api.guided.body import Typed, body_of
from api.guided.shape import NOTICES
from api.guided.suitable import services as services_of_today
from api.guided.suitable import services_for
from api.guided.trying import Outcome, try_out
from api.guided.visit import GuidedVisit, child_of, people_of, read
from api.routes.applying import apply
from api.shapes.cards import rendered
from api.shapes.names import person_at, person_entries
from registry import drafts, texts
from registry.aggregates.values import id_of
from registry.app import LostRace
from registry.questions import NotFound
from registry.services.catalogue import NoCard
from registry.services.headers import UnknownService
from registry.viewer import insist

router = APIRouter(include_in_schema=False)
PRESSED = ("receive", "decide")


async def form_of(request: Request) -> Typed:
    """A form as sent: every value of each field."""
    form: FormData = await request.form()
    return {name: [one for one in form.getlist(name) if isinstance(one, str)] for name in form}


Answers = Annotated[Typed, Depends(form_of)]


@router.get("/services")
def services(request: Request) -> Response:
    """The services of today, for somebody whom the register does not hold yet."""
    found = services_of_today(desk_of(request))
    return rendered(request, "guided_services.html", services=found, batches=BATCHES, person=None, base="")


@router.get("/persons/{person}/services")
def services_of(request: Request, person: UUID) -> Response:
    """The services of today that could be granted to somebody of the register, and the others with why."""
    desk = desk_of(request)
    _known(person, desk)
    suits, others = services_for(person, desk)
    shown: dict[str, Any] = {"base": f"/persons/{person}", "person": view.person_row(person, desk)}
    return rendered(request, "guided_services.html", services=suits, others=others, **shown)


@router.get("/notices")
def notices(request: Request) -> Response:
    """What other bodies tell us."""
    return rendered(request, "guided_notices.html", notices=NOTICES, batches=BATCHES)


@router.get("/services/{service}")
def asked(request: Request, service: str, dwelling: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The questions of a service; with a dwelling that was picked, if it asks for one."""
    return _drawn(request, service, {"1-dwelling": [dwelling]} if id_of(dwelling) else {})


@router.post("/services/{service}")
def answered(request: Request, service: str, typed: Answers) -> Response:
    """The questions again as answered, or what was pressed done."""
    return _pressed(request, service, typed)


@router.get("/persons/{person}/services/{service}")
def asked_of(request: Request, person: UUID, service: str) -> Response:
    """The same of somebody of the register."""
    _known(person, desk_of(request))
    return _drawn(request, service, {}, person=person)


@router.post("/persons/{person}/services/{service}")
def answered_of(request: Request, person: UUID, service: str, typed: Answers) -> Response:
    """The same of somebody of the register."""
    _known(person, desk_of(request))
    return _pressed(request, service, typed, person=person)


@router.get("/notices/{notice}")
def told(request: Request, notice: str) -> Response:
    """The questions of a message of another body."""
    return _drawn(request, _service_of(notice), {}, notice=notice)


@router.post("/notices/{notice}")
def told_so(request: Request, notice: str, typed: Answers) -> Response:
    """The same as answered, or what was pressed done."""
    return _pressed(request, _service_of(notice), typed, notice=notice)


def _service_of(notice: str) -> str:
    if notice not in NOTICES:
        raise NotFound(texts.say("pages", "gone"))
    return NOTICES[notice].service


def _known(person: UUID, desk: Desk) -> None:
    """Raises `NotFound` for whoever is not in the register now, `Hidden` for whom the actor may not see."""
    insist(desk.viewer, person)
    entries = person_entries(desk.registry, str(person), desk.registry.position(), seen_by=desk.viewer)
    if not person_at(entries, desk.registry.position()).entered:
        raise NotFound(texts.say("pages", "gone"))


def _read(service: str, typed: Typed, desk: Desk, notice: str | None, person: UUID | None) -> GuidedVisit:
    try:
        found = read(service, typed, desk.today(), notice=notice, person=person)
    except (UnknownService, NoCard):
        raise NotFound(texts.say("pages", "gone")) from None
    for one in people_of(found):
        insist(desk.viewer, one)
    return found


def _body(asked: GuidedVisit, desk: Desk) -> dict[str, Any]:
    offices = desk.here().timetable.offices
    office = desk.who.office if desk.who.office in offices and not asked.notice else None
    return body_of(asked.parts, office=office, confirmed=asked.said("confirmed") == "yes")


def _drawn(
    request: Request, service: str, typed: Typed, *, notice: str | None = None, person: UUID | None = None
) -> Response:
    desk = desk_of(request)
    asked = _read(service, typed, desk, notice, person)
    return _page(request, asked, _at_first(asked, desk), person=person)


def _at_first(asked: GuidedVisit, desk: Desk) -> Outcome:
    """What can be said before anything is answered: no fault is told yet."""
    found = try_out(_body(asked, desk), desk)
    found.faults = []
    return found


def _pressed(
    request: Request, service: str, typed: Typed, *, notice: str | None = None, person: UUID | None = None
) -> Response:
    desk = desk_of(request)
    asked = _read(service, typed, desk, notice, person)
    what = asked.said("press")
    if what not in PRESSED:
        return _page(request, asked, try_out(_body(asked, desk), desk), person=person)
    asking = of_press(request, desk, asked.said("command"), None)
    if not asking.done and (newer := between.newer(asked, between.seen_by(asked), desk)):
        outcome = try_out(_body(asked, desk), desk)
        return _page(request, asked, outcome, person=person, status=409, newer=newer)
    if not asking.done:
        outcome = try_out(_body(asked, desk), desk)
        if _lacks(asked, outcome, what):
            return _page(request, asked, outcome, person=person, status=422, pressed=what)
    return _made(request, asked, asking, what, person)


def _made(request: Request, asked: GuidedVisit, asking: Asking, what: str, person: UUID | None) -> Response:
    """The act itself; a change in between shows what has changed, and nothing is done."""
    desk = desk_of(request)
    body = NewApplication(**{**_body(asked, desk), "decide": what == "decide"})
    try:
        answer = apply(body, DryRun(), asking)
    except LostRace:
        newer = between.newer(asked, between.seen_by(asked), desk)
        return _page(request, asked, try_out(_body(asked, desk), desk), person=person, status=409, newer=newer)
    if desk.who.user and (draft := id_of(asked.said("draft"))):
        drafts.drop(desk.registry.staff, draft, desk.who.user)
    return RedirectResponse(f"/applications/{json.loads(bytes(answer.body))['application']}", 303)


def _lacks(asked: GuidedVisit, outcome: Outcome, what: str) -> bool:
    """Whether something is in the way of what was pressed."""
    if view.missing(asked) or outcome.faults or outcome.alike or outcome.confirm or not outcome.whole:
        return True
    return what == "decide" and (bool(outcome.unchecked) or (outcome.refuses and asked.said("refuse") != "yes"))


def _page(
    request: Request,
    asked: GuidedVisit,
    outcome: Outcome,
    *,
    person: UUID | None = None,
    status: int = 200,
    pressed: str = "",
    newer: Sequence[dict[str, Any]] = (),
) -> Response:
    desk = desk_of(request)
    parts = view.parts_shown(asked, outcome, desk, fixed=person)
    lacks, unchecked = view.missing(asked), outcome.unchecked
    loose = [
        text for (_, id), said in view.faults_by_question(asked, outcome.faults).items() if not id for text in said
    ]
    shown: dict[str, Any] = {
        "parts": parts,
        "asked": asked,
        "outcome": outcome,
        "alike": view.alike_rows(asked, outcome),
        "refuses": outcome.refuses,
        "lacks": lacks,
        "unchecked": unchecked,
        "faults": _summary(parts, loose, lacks, unchecked, pressed) if status == 422 else [],
        "loose": loose,
        "newer": newer,
        "person": view.person_row(person, desk) if person else None,
        "command": asked.said("command") if pressed else uuid4(),
        "seen": desk.registry.position() if newer or not asked.said("seen").isdigit() else asked.said("seen"),
        "child": child_of(asked.parts[0][0]),
        "pressed": pressed,
        "notice": asked.notice,
        "draft": asked.said("draft") or uuid4(),
        "draft_version": asked.said("draft_version") or 0,
        "draft_page": request.url.path,
    }
    return rendered(request, "guided.html", status, **shown)


def _summary(
    parts: Sequence[dict[str, Any]],
    loose: Sequence[str],
    lacks: Sequence[tuple[str, str]],
    unchecked: Sequence[tuple[str, str]],
    pressed: str,
) -> list[tuple[str, str]]:
    """What is in the way, each with the place of the page where it is mended."""
    named = [
        (f"{part['number']}-{one['id']}", f"{texts.label('guided_questions', one['id'])}: {text}")
        for part in parts
        for one in part["questions"]
        for text in one["faults"]
    ]
    there = {anchor for anchor, _ in named}
    found = [
        *((anchor, text) for anchor, text in lacks if anchor not in there),
        *named,
        *(("panel", one) for one in loose),
    ]
    return [*found, *(unchecked if pressed == "decide" else ())]

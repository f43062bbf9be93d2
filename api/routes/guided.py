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
from api.errors import Problem
from api.forms import DryRun
from api.guided import view
from api.guided.body import Typed, body_of
from api.guided.shape import NOTICES
from api.guided.trying import Outcome, try_out
from api.guided.visit import GuidedVisit, child_of, dwellings_of, people_of, read
from api.routes.applying import apply
from api.shapes.cards import history, rendered
from api.shapes.names import person_at, person_entries
from registry import drafts, questions, texts
from registry.aggregates.values import Entry, id_of
from registry.app import LostRace
from registry.questions import NotFound
from registry.services.catalogue import NoCard, cards
from registry.services.headers import SERVICES, UnknownService
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
    return rendered(request, "guided_services.html", services=_listed(desk_of(request)), person=None, base="")


@router.get("/persons/{person}/services")
def services_of(request: Request, person: UUID) -> Response:
    """The services of today, for somebody of the register."""
    desk = desk_of(request)
    _known(person, desk)
    row = view.person_row(person, desk)
    return rendered(request, "guided_services.html", base=f"/persons/{person}", services=_listed(desk), person=row)


@router.get("/notices")
def notices(request: Request) -> Response:
    """What other bodies tell us."""
    return rendered(request, "guided_notices.html", notices=NOTICES)


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


def _listed(desk: Desk) -> list[dict[str, str]]:
    today = desk.today()
    return [{"id": id, "title": cards(id, today)[0].title} for id in SERVICES if cards(id, today)]


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
    if not asking.done and (newer := _newer(asked, desk)):
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
        newer = _newer(asked, desk)
        return _page(request, asked, try_out(_body(asked, desk), desk), person=person, status=409, newer=newer)
    if desk.who.user and (draft := id_of(asked.said("draft"))):
        drafts.drop(desk.registry.staff, draft, desk.who.user)
    return RedirectResponse(f"/applications/{json.loads(bytes(answer.body))['application']}", 303)


def _lacks(asked: GuidedVisit, outcome: Outcome, what: str) -> bool:
    """Whether something is in the way of what was pressed."""
    if view.missing(asked) or outcome.faults or outcome.alike or outcome.confirm or not outcome.whole:
        return True
    return what == "decide" and (bool(_unchecked(outcome)) or (_refuses(outcome) and asked.said("refuse") != "yes"))


def _unchecked(outcome: Outcome) -> list[tuple[str, str]]:
    rows = [(number, row) for number, part in enumerate(outcome.parts, 1) for row in part["checks"]]
    return [(f"{number}-{row['check']}", row["name"]) for number, row in rows if not row["answered"]]


def _refuses(outcome: Outcome) -> bool:
    return any(part.get("outcome") in ("refused", "not_possible") for part in outcome.parts)


def _newer(asked: GuidedVisit, desk: Desk) -> list[dict[str, Any]]:
    """What was recorded of the people and dwellings of the page since it was drawn: of each what was known and what is
    known now, and the facts in between."""
    seen = asked.said("seen")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        raise Problem(400, "bad-header", texts.say("problem_details", "bad-version"))
    found = [(id, desk.registry.entries(id)) for id in (*people_of(asked), *dwellings_of(asked))]
    changed = [(id, entries) for id, entries in found if entries and entries[-1].position > int(seen)]
    return [_changed(id, entries, int(seen), desk, id in people_of(asked)) for id, entries in changed]


def _changed(id: UUID, entries: Sequence[Entry], seen: int, desk: Desk, is_person: bool) -> dict[str, Any]:
    now = desk.registry.position()
    fresh = [one for one in entries if one.position > seen]
    said: dict[str, Any] = {"facts": history(desk, fresh, now), "was": "", "now": ""}
    if is_person:
        return {
            **said,
            "title": view.person_row(id, desk)["name"],
            "was": _lived(id, desk, seen),
            "now": _lived(id, desk, now),
        }
    rows = [desk.registry.query("dwellings", "by_id", dwelling=id, position=at) for at in (seen, now)]
    was, is_now = (found[0]["address"] if found else "" for found in rows)
    return {**said, "title": is_now, "was": was, "now": is_now}


def _lived(person: UUID, desk: Desk, position: int) -> str:
    if not position:
        return ""
    rows = questions.residences_of(
        desk.registry, person, questions.asked(now=desk.now()), position, seen_by=desk.viewer
    )
    return "; ".join(row["address"] for row in rows)


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
    lacks, unchecked = view.missing(asked), _unchecked(outcome)
    loose = [
        text for (_, id), said in view.faults_by_question(asked, outcome.faults).items() if not id for text in said
    ]
    shown: dict[str, Any] = {
        "parts": parts,
        "asked": asked,
        "outcome": outcome,
        "alike": view.alike_rows(asked, outcome),
        "refuses": _refuses(outcome),
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

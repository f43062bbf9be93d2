"""Drafts: saved from a guided page, listed, gone on with, thrown away. Each is its owner's alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.responses import RedirectResponse, Response

from api.desk import Desk, desk_of
from api.errors import Problem, wants_json
from api.kept import URLENCODED, Posted
from api.shapes import law
from api.shapes.cards import rendered
from api.shapes.names import find_person
from api.shapes.words import clock
from registry import drafts, texts
from registry.aggregates.values import id_of
from registry.drafts import Answers, DraftRefused, SavedDraft
from registry.viewer import HIDDEN

router = APIRouter(include_in_schema=False)
LIMIT = 100
"""How many drafts of others a head is told of."""
OF_DRAFT = ("draft", "draft_version", "draft_page")
"""Fields by which a form says which draft it is of (`draft_fields.html`)."""
OF_ITS_PAGE = ("csrf", "command", "version", "press", *OF_DRAFT)
"""What a page puts into its form itself: what goes on is drawn anew."""
PAGE = re.compile(
    r"/services/[a-z_]{1,60}|/persons/(?P<person>[0-9a-f-]{36})/services/[a-z_]{1,60}|/notices/[a-z_]{1,60}"
    r"|/batches/[a-z_]{1,60}"
)
"""The guided pages, by whom they name."""
UNSIGNED = ("/notices", "/batches")
"""Pages of which nobody signs an application: another body's message, and a table of many."""


@dataclass(frozen=True, slots=True)
class SentDraft:
    """A form that was sent to be kept: the draft's id, the version that it was drawn from, where it is sent to be filed
    and whom that names."""

    draft: UUID
    version: int
    page: str
    person: UUID | None
    answers: Answers
    command: UUID | None


@router.get("/drafts")
def listed(request: Request) -> Response:
    """One's own drafts; a head is told that others have some."""
    desk = desk_of(request)
    own = drafts.of_owner(desk.registry.staff, user, now=desk.now()) if (user := desk.who.user) else []
    others: Sequence[Any] = ()
    if user and "head" in desk.who.roles:
        others = drafts.of_others(desk.registry.staff, user, now=desk.now(), limit=LIMIT)
    titles = law.guided_titles(desk.today())
    rows = [
        {
            "draft": one,
            "title": titles.get(one.service, ""),
            "signed": not one.page.startswith(UNSIGNED),
            **_whom(desk, one),
        }
        for one in own
    ]
    told = [{**one, "title": titles.get(drafts.service_of(one["page"]), "")} for one in others]
    return rendered(request, "drafts.html", rows=rows, others=told, limit=LIMIT)


@router.post("/drafts")
async def save(request: Request) -> Response:
    """Keeps what a form holds; a script is answered in JSON, a browser without one is led to the list."""
    form = await request.form()
    pairs = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))
    return await run_in_threadpool(_saved, request, pairs)


@router.get("/drafts/{draft}")
def go_on(draft: str, request: Request) -> Response:
    """The guided page with the answers of a draft, as if its form had been sent there to be looked at."""
    desk = desk_of(request)
    found = own_draft(desk, draft)
    fields = [*found.answers, ("draft", str(found.id)), ("draft_version", str(found.version))]
    return Posted(request, found.page, URLENCODED, urlencode(fields).encode())


@router.post("/drafts/{draft}/drop")
def drop(draft: str, request: Request) -> Response:
    """Throws one away; pressed again it changes nothing."""
    desk, id = desk_of(request), id_of(draft)
    if id and desk.who.user:
        drafts.drop(desk.registry.staff, id, desk.who.user)
    return RedirectResponse("/drafts", 303)


def own_draft(desk: Desk, draft: str) -> SavedDraft:
    """One's own draft named in an address. Raises `Problem` where there is none such."""
    id, user = id_of(draft), desk.who.user
    found = drafts.one(desk.registry.staff, id, user, now=desk.now()) if id and user else None
    if found is None:
        raise Problem(404, "not-found", texts.say("draft_faults", "gone"))
    return found


def _saved(request: Request, pairs: Answers) -> Response:
    desk, sent = desk_of(request), _sent(pairs)
    if sent is None or desk.who.user is None:
        return _refused(request, "unreadable", None)
    if sent.person:
        registry = desk.registry
        find_person(registry, str(sent.person), registry.position(), seen_by=desk.viewer)
    if sent.command and desk.registry.of_command(sent.command):
        return _refused(request, "gone", None)
    try:
        kept = _kept(desk, desk.who.user, sent)
    except DraftRefused as error:
        return _refused(request, error.why, sent)
    if wants_json(request):
        said = texts.say("drafts_page", "saved_at", clock(kept.saved_at))
        return JSONResponse({"version": kept.version, "said": said})
    return RedirectResponse("/drafts", 303)


def _kept(desk: Desk, owner: UUID, sent: SentDraft) -> SavedDraft:
    return drafts.save(
        desk.registry.staff,
        sent.draft,
        owner=owner,
        office=desk.who.office,
        page=sent.page,
        person=sent.person,
        answers=sent.answers,
        version=sent.version,
        now=desk.now(),
        term=timedelta(hours=desk.settings.draft_hours),
    )


def _sent(pairs: Answers) -> SentDraft | None:
    """What was sent; None if a page of ours cannot have sent it."""
    said = {name: value for name, value in reversed(pairs) if name in OF_ITS_PAGE}
    draft, version = id_of(said.get("draft", "")), said.get("draft_version", "0")
    page = PAGE.fullmatch(said.get("draft_page", ""))
    if draft is None or page is None or not (version.isascii() and version.isdigit() and len(version) < 9):
        return None
    answers = tuple((name, value) for name, value in pairs if name not in OF_ITS_PAGE)
    person = id_of(page["person"]) if page["person"] else None
    if page["person"] and person is None:
        return None
    return SentDraft(draft, int(version), page[0], person, answers, id_of(said.get("command", "")))


def _refused(request: Request, why: str, sent: SentDraft | None) -> Response:
    """It was not kept, and why; what can be kept under another id is in the page for one more press."""
    status = 409 if why in ("elsewhere", "gone") else 422
    said = texts.say("draft_faults", why, drafts.EACH)
    if wants_json(request):
        return JSONResponse({"said": f"{texts.say('drafts_page', 'refused')}. {said}"}, status)
    again = {"draft": uuid4(), "draft_version": 0, "draft_page": sent.page if sent else ""}
    return rendered(request, "draft_refused.html", status, said=said, why=why, sent=sent, **again)


def _is_signed(draft: SavedDraft) -> bool:
    """Whether somebody signs an application of it."""
    return not draft.page.startswith(UNSIGNED)


def _whom(desk: Desk, draft: SavedDraft) -> dict[str, Any]:
    """Whom a draft is about, by name; of somebody new only that."""
    if draft.person is None:
        return {"whom": texts.say("drafts_page", "new"), "person": None}
    if not desk.viewer.sees(draft.person):
        return {"whom": HIDDEN, "person": None}
    rows = desk.registry.query("people", "described", ids=[draft.person])
    names = [texts.joined_name(row["surname"], row["given_names"], row["patronymic"]) for row in rows]
    return {"whom": next(filter(None, names), texts.say("pages", "no_name")), "person": draft.person}

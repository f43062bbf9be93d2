"""What goes out: messages and tasks that follow from decisions, and what became of each (cards, rows 14 to 16)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.acts import Acting
from api.desk import Desk, desk_of
from api.errors import Problem
from api.forms import Form
from api.outgoing_forms import Done, DoneTogether, Drawn, Failed, LetterNumber, Outbox, Reopened, Sent, SentTogether
from api.routes.extracts import pdf
from api.shapes import outgoing as shapes
from api.shapes.names import find_outgoing, people_of
from registry import texts
from registry.aggregates.outgoing import events
from registry.aggregates.outgoing.state import OPEN, fold
from registry.aggregates.values import Entry
from registry.app import Act
from registry.letters import pdf as letters
from registry.letters.content import Letter
from registry.outgoing import delivering, drawing, notices, papers
from registry.storage.access import Look
from registry.storage.mapper import KYIV

router = APIRouter(prefix="/api/v1", tags=["outbox"])


@router.get("/outbox")
def outbox(asked: Annotated[Outbox, Query()], request: Request) -> dict[str, Any]:
    """By position, so that nothing is missed and nothing seen twice while others come in; `next` is the `after` of the
    next page. With `order` the nearest deadline first."""
    desk = desk_of(request)
    found = _found(asked, desk)
    shown = found[: asked.limit]
    more = len(found) > len(shown)
    return {
        "waiting": shapes.rows(desk, shown),
        "next": f"{shown[-1]['position']}.{shown[-1]['id']}" if more else None,
    }


@router.get("/outbox/{outgoing}")
def one(outgoing: str, request: Request) -> JSONResponse:
    """A message or a task with its text, and everything that was recorded of it."""
    desk = desk_of(request)
    id = find_outgoing(desk.registry, outgoing, desk.registry.position(), seen_by=desk.viewer)
    entries = desk.registry.entries(id)
    said = shapes.whole(desk, delivering.items(desk.registry, [id])[0], entries)
    return JSONResponse(said, headers={"ETag": f'"{said["version"]}"'})


@router.get(
    "/outbox/{outgoing}/document",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": texts.say("api", "pdf_file")}},
)
def document(outgoing: str, asked: Annotated[LetterNumber, Query()], request: Request) -> Response:
    """The letter, to print on the day itself: of today and under the number that is named, or as it went out; the paper
    of a task as it was drawn up."""
    desk = desk_of(request)
    id = find_outgoing(desk.registry, outgoing, desk.registry.position(), seen_by=desk.viewer)
    [row] = delivering.items(desk.registry, [id])
    entries = desk.registry.entries(id)
    persons = people_of(desk.registry, [row])[id] or set()
    paper = fold(entries).drawn
    if paper:
        persons |= shapes.also_named(desk, paper)
        made = letters.render(papers.printed(paper, papers.changed_since(desk.registry, paper)), paper.recorded_at)
    else:
        made = letters.render(_letter(row, entries, asked.number, desk), desk.now().astimezone(KYIV))
    desk.registry.looked(Look(action="printed", persons=tuple(persons), about={"outgoing": str(id)}), desk.actor)
    return pdf(made, f"povidomlennia-{row['position']}")


@router.post("/outbox/sent", status_code=201)
def sent_together(body: SentTogether, asking: Acting, request: Request) -> JSONResponse:
    """Several went out by one delivery: all or none."""
    return _record_together(events.OutgoingSent, body, asking, desk_of(request))


@router.post("/outbox/done", status_code=201)
def done_together(body: DoneTogether, asking: Acting, request: Request) -> JSONResponse:
    """Several were received, or done, at once: all or none."""
    return _record_together(events.OutgoingDone, body, asking, desk_of(request))


@router.post("/outbox/{outgoing}/sent", status_code=201)
def sent(outgoing: str, body: Sent, asking: Acting, request: Request) -> JSONResponse:
    """It went out."""
    return _record(outgoing, events.OutgoingSent, body, asking, desk_of(request))


@router.post("/outbox/{outgoing}/done", status_code=201)
def done(outgoing: str, body: Done, asking: Acting, request: Request) -> JSONResponse:
    """It was received, or the task is done."""
    return _record(outgoing, events.OutgoingDone, body, asking, desk_of(request))


@router.post("/outbox/{outgoing}/failed", status_code=201)
def failed(outgoing: str, body: Failed, asking: Acting, request: Request) -> JSONResponse:
    """It did not succeed, and why; it waits to be tried again."""
    return _record(outgoing, events.OutgoingFailed, body, asking, desk_of(request))


@router.post("/outbox/{outgoing}/reopened", status_code=201)
def reopened(outgoing: str, body: Reopened, asking: Acting, request: Request) -> JSONResponse:
    """What was recorded last was a mistake; it waits again."""
    return _record(outgoing, events.OutgoingReopened, body, asking, desk_of(request))


@router.post("/outbox/{outgoing}/drawn", status_code=201)
def drawn(outgoing: str, body: Drawn, asking: Acting, request: Request) -> JSONResponse:
    """The paper that a task asks for is drawn up, and the task done by it."""
    desk = desk_of(request)
    here = desk.here()
    if not here.may_issue:
        raise Problem(409, "no-identity")

    def act(item: UUID, digest: bytes) -> Act:
        said: dict[str, Any] = {"command": asking.command, "version": asking.version, "digest": digest}
        return drawing.draw(asking.clerk, item, here, office=desk.who.office, **said)

    return asking.on_outgoing(outgoing, events.OutgoingDrawn.NAME, {}, act)


def _found(asked: Outbox, desk: Desk) -> list[Any]:
    """One row more than the page has. What is sent or done is never overdue; an item is a message or a task."""
    wanted: dict[str, Any] = {"state": asked.state, "limit": asked.limit + 1}
    if asked.state in (None, *OPEN):
        wanted |= {"role": asked.role, "item": asked.item, "overdue": desk.today() if asked.overdue else None}
        if asked.nearest_first:
            return desk.registry.query("outbox", "nearest", **wanted, **asked.begins())
        return desk.registry.query("outbox", "open", **wanted, **asked.begins())
    if asked.overdue or (asked.item and asked.role and asked.item not in texts.TEXTS[f"{asked.role}s"]):
        return []
    wanted |= asked.begins()
    if asked.item:
        return desk.registry.query("outbox", "closed_of_item", **wanted, item=asked.item)
    if asked.role:
        return desk.registry.query("outbox", "closed_of_role", **wanted, role=asked.role)
    return desk.registry.query("outbox", "closed", **wanted)


def _letter(row: Any, entries: list[Entry], number: str | None, desk: Desk) -> Letter:
    here = shapes.of_the_day(desk, entries)
    if not here.may_issue:
        raise Problem(409, "no-identity")
    said = notices.of_rows(desk.registry, [row], here)[row["id"]]
    return notices.letter(said, entries, here, today=desk.today(), number=number)


def _record(ref: str, kind: Any, body: Form, asking: Acting, desk: Desk) -> JSONResponse:
    given, said = _said(kind, body, desk)

    def act(item: UUID, digest: bytes) -> Act:
        return delivering.record(
            asking.clerk, [item], kind, said, command=asking.command, version=asking.version, digest=digest
        )

    return asking.on_outgoing(ref, kind.NAME, given, act)


def _record_together(kind: Any, body: SentTogether | DoneTogether, asking: Acting, desk: Desk) -> JSONResponse:
    given, said = _said(kind, body, desk)

    def act(items: list[UUID], digest: bytes) -> Act:
        return delivering.record(asking.clerk, items, kind, said, command=asking.command, digest=digest)

    return asking.on_outgoing_together(body.items, kind.NAME, given, act)


def _said(kind: Any, body: Form, desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was sent, and the fields of the fact by it: where nothing was said the day is today's, and there is no
    reason."""
    given = {name: value for name, value in body.model_dump(exclude={"items"}).items() if value is not None}
    known = {"on": desk.today().isoformat(), "reason": ""}
    return given, {**{name: known[name] for name in known if name in kind.__dataclass_fields__}, **given}

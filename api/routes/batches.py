"""A table of applications that somebody brings at once: its rows are compared, tried, and recorded one by one."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.acts import of_press
from api.case_forms import NewApplication
from api.desk import Desk, desk_of
from api.errors import KeyReused
from api.forms import DryRun
from api.guided import batch as table_form
from api.guided import judging
from api.guided.batch import BATCHES, COMMAND, MOST_ROWS, BatchKind, Said
from api.guided.batch_table import LoadedTable, loaded
from api.guided.batch_view import page_of
from api.guided.body import Typed, one
from api.guided.judging import CommonPart, JudgedRow
from api.routes.applying import apply
from api.shapes.cards import rendered
from registry import drafts, texts
from registry.aggregates.values import Impossible, NeedsConfirmation, id_of
from registry.app import LostRace
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)
RECORD, LOAD, ADD = "record", "load", "add"


async def form_of(request: Request) -> tuple[Typed, bytes]:
    """A form as sent, every value of each field, and the file that came with it."""
    form = await request.form()
    typed = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}
    file = form.get("file")
    return typed, await file.read() if isinstance(file, UploadFile) else b""


Sent = Annotated[tuple[Typed, bytes], Depends(form_of)]


@router.get("/batches/{batch}")
def asked(request: Request, batch: str) -> Response:
    """An empty table."""
    return _page(request, _kind(batch), {}, [], LoadedTable())


@router.post("/batches/{batch}")
def pressed(request: Request, batch: str, sent: Sent) -> Response:
    """The table again, each row with what comes of it, or those recorded that were ready."""
    typed, file = sent
    kind, rows, table = _kind(batch), table_form.rows_of(typed), LoadedTable()
    what = one(typed, "press")
    if what == LOAD:
        content = file or one(typed, "pasted").encode()
        table = loaded(content, kind, MOST_ROWS - len(rows)) if content else LoadedTable()
        table.faults += [] if content else [texts.say("batch_page", "nothing")]
        rows += table.rows
    if what == ADD and len(rows) < MOST_ROWS:
        rows.append({COMMAND: [str(uuid4())]})
    return _page(request, kind, typed, rows, table, record=what == RECORD)


def _kind(named: str) -> BatchKind:
    if named not in BATCHES:
        raise NotFound(texts.say("pages", "gone"))
    return BATCHES[named]


def _page(
    request: Request, kind: BatchKind, typed: Typed, rows: list[Said], table: LoadedTable, *, record: bool = False
) -> Response:
    desk = desk_of(request)
    seen = one(typed, "seen")
    position = desk.registry.position()
    drawn = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 and not table.rows else position
    common = judging.common_of(kind, typed, drawn, desk)
    found = _judged(request, rows, common, desk, record=record)
    done = sum(row.fresh for row in found)
    _without_draft(typed, found, desk)
    shown = page_of(common, found, done, table, desk, pressed=record, opened=one(typed, "open"))
    shown |= {"draft": one(typed, "draft") or uuid4(), "draft_version": one(typed, "draft_version") or 0}
    nothing = (table.faults and not table.rows) or (record and not done and shown["open_rows"])
    shown |= {"seen": position, "draft_page": request.url.path}
    return rendered(request, "batch.html", 422 if nothing else 200, **shown)


def _judged(request: Request, rows: Sequence[Said], common: CommonPart, desk: Desk, *, record: bool) -> list[JudgedRow]:
    """Each row in its turn: what one records is there for the next one to be compared with."""
    twins = table_form.twins(rows)
    found = []
    for number, row in enumerate(rows, 1):
        judged = judging.judged(number, row, common, twins.get(number), desk)
        if record and judged.may_be_recorded:
            judged = _made(request, judged, common, desk)
        elif record and judged.state != "recorded" and (act := judging.recorded(row, desk)):
            # The same form, sent twice at once, was quicker.
            judged = JudgedRow(number=number, row=row, state="recorded", act=act)
        found.append(judged)
    return found


def _made(request: Request, judged: JudgedRow, common: CommonPart, desk: Desk) -> JudgedRow:
    """The act of a row; a change in between shows what has changed, and nothing is done."""
    if judged.newer or judged.visit is None:
        judged.state = "changed"
        return judged
    number, row = judged.number, judged.row
    asking = of_press(request, desk, one(row, COMMAND), None)
    try:
        apply(NewApplication(**judging.body(judged.visit, common), decide=True), DryRun(), asking)
    except (LostRace, Impossible, NeedsConfirmation, KeyReused):
        again = judging.judged(number, row, common, None, desk)
        if again.may_be_recorded:
            again.state = "changed"
        return again
    return JudgedRow(number=number, row=row, state="recorded", act=judging.recorded(row, desk), fresh=True)


def _without_draft(typed: Mapping[str, Sequence[str]], found: Sequence[JudgedRow], desk: Desk) -> None:
    """A table that is recorded whole is no draft any more."""
    draft: UUID | None = id_of(one(typed, "draft"))
    if draft and desk.who.user and found and all(row.state == "recorded" for row in found):
        drafts.drop(desk.registry.staff, draft, desk.who.user)

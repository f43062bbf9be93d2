"""A paper that was drawn up because of a decision, as a page to print: a protocol, or a referral to ДМС."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.desk import desk_of
from api.shapes import outgoing as shapes
from api.shapes.cards import rendered
from api.shapes.names import find_outgoing, people_of
from registry import occasion, texts
from registry.aggregates.outgoing.state import fold
from registry.outgoing import delivering, papers
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/outbox/{outgoing}/paper")
def paper(outgoing: str, request: Request) -> Response:
    """The paper as it was drawn up, with what of the register was changed since."""
    desk = desk_of(request)
    id = find_outgoing(desk.registry, outgoing, desk.registry.position(), seen_by=desk.viewer)
    drawn = fold(desk.registry.entries(id)).drawn
    if drawn is None:
        raise NotFound(texts.say("pages", "gone"))
    [row] = delivering.items(desk.registry, [id])
    about = people_of(desk.registry, [row])[id] or set()
    occasion.shows(*about, *shapes.also_named(desk, drawn))
    letter = papers.printed(drawn, papers.changed_since(desk.registry, drawn))
    back = f"/applications/{row['application']}" if row["application"] else f"/outbox/{id}"
    return rendered(request, "drawn_paper.html", letter=letter, back=back, id=id)

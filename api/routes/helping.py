"""Help of whoever works here: the keys of the desk, and a page of each service, made of its card."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.desk import desk_of
from api.guided.batch import BATCHES
from api.shapes import law
from api.shapes.cards import rendered
from registry import texts
from registry.questions import NotFound
from registry.services.catalogue import NoCard
from registry.services.headers import UnknownService

router = APIRouter(include_in_schema=False)
SECTIONS = (
    *("grounds", "applicants", "documents", "consents", "payments", "terms", "lateness", "barred"),
    *("refusals", "results", "messages", "tasks", "notes"),
)
"""Of a card, in the order in which a visit asks for it; how it is read by the program (`marks`, `readings`) is not."""


@router.get("/help")
def front(request: Request) -> Response:
    """The keys, and the services that have a card today."""
    services = law.listed(desk_of(request).today())
    return rendered(request, "help.html", services=services, letters=cookies.has_letters(request))


@router.post("/me/keys")
def set_keys(request: Request, letters: Annotated[str, Form()] = "") -> Response:
    """Whether letters are keys in this browser: whoever speaks to a computer turns them off (WCAG 2.1.4)."""
    answer = RedirectResponse("/help", 303)
    cookies.set_letters(answer, letters == "on", desk_of(request).settings)
    return answer


@router.get("/help/{service}")
def service(request: Request, service: str) -> Response:
    """What a service asks for, costs, takes and is refused by, in the words of its card of today."""
    today = desk_of(request).today()
    try:
        said = law.service_on(service, today)
    except (UnknownService, NoCard):
        raise NotFound(texts.say("pages", "gone")) from None
    batches = [
        one.id for one in BATCHES.values() if one.service == service and desk_of(request).who.may({"clerk", "head"})
    ]
    cards = [{**card, "parts": _parts(card)} for card in said["cards"]]
    return rendered(request, "help_service.html", cards=cards, amounts=said["amounts"], batches=batches)


def _parts(card: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The sections of a card that say something, each wording once: a card's row may stand behind several rules."""
    found = {name: {(one["wording"], one.get("name")): one for one in card[name]} for name in SECTIONS}
    return {name: list(rules.values()) for name, rules in found.items() if rules}

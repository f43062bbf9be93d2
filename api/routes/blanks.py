"""Blank forms for an outage: an application for each service, a consent, a receipt of papers, to be printed in advance.

The cards say that an application has a form and do not give it: each is in free form, and lists what its card asks for.
What is declared comes electronically alone, and has none.
"""

from datetime import date
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.desk import desk_of
from api.shapes import law
from api.shapes.cards import rendered
from registry import texts
from registry.questions import NotFound

router = APIRouter(include_in_schema=False)
PLAIN = ("consent", "receipt")
"""Those that are no application."""
LINES = 9
"""How many papers a receipt has room for."""
SECTIONS = ("documents", "consents")


@router.get("/blanks")
def listed(request: Request) -> Response:
    """The forms that there are today."""
    return rendered(request, "blanks.html", services=_on_paper(desk_of(request).today()), plain=PLAIN)


@router.get("/blanks/{blank}")
def one(blank: str, request: Request) -> Response:
    """A form, one sheet: of a service by its id, or one of `PLAIN`."""
    on = desk_of(request).today()
    if blank == "receipt":
        return rendered(request, "blank_receipt.html", lines=range(1, LINES + 1))
    if blank == "consent":
        return rendered(request, "blank_consent.html", consents=_consents(on), services=_on_paper(on))
    if blank not in (service["id"] for service in _on_paper(on)):
        raise NotFound(texts.say("pages", "gone"))
    card = law.service_on(blank, on)["cards"][0]
    return rendered(request, "blank.html", card=card, asks={name: _named(card[name]) for name in SECTIONS})


def _named(rules: list[dict[str, Any]]) -> list[str]:
    """What a section of a card asks for, each once, by its name, or its wording where it has none; a form is itself the
    application."""
    return list(dict.fromkeys(rule.get("name") or rule["wording"] for rule in rules if rule["id"] != "application"))


def _on_paper(on: date) -> list[dict[str, Any]]:
    """The services that an office takes an application for on a day."""
    return [one for one in law.listed(on) if "office" in law.service_on(one["id"], on)["cards"][0]["channels"]]


def _consents(on: date) -> list[str]:
    """Every consent that a card of the day asks for on paper."""
    cards = chain.from_iterable(law.service_on(one["id"], on)["cards"] for one in _on_paper(on))
    return list(dict.fromkeys(chain.from_iterable(_named(card["consents"]) for card in cards)))

"""What to bring: the dry run as questions for anybody, answered by closed lists in the address; nothing is stored.

An address holds ids of answers and small numbers alone; whatever else it holds is neither used nor repeated, and the
page asks again (422). One question a page; the last page is the answer, to read or to print.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.bring import telling, wording
from api.bring.path import Path, given_of, walk
from api.bring.questions import BY_ID, WANT
from api.desk import desk_of
from api.limits import public
from api.shapes import law
from api.shapes.words import templates
from registry import texts
from registry.aggregates.values import sure
from registry.services.catalogue import card
from registry.storage.mapper import KYIV

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])
ASKED = "asked"
"""The question that was on the page: so that a press without an answer is told from a first visit."""
MOST_PARAMETERS = 60


@dataclass(frozen=True)
class _Said:
    """What an address says: the answers, the question that was asked, and what is wrong with the rest of it."""

    given: dict[str, str]
    asked: str | None = None
    fault: str | None = None


@router.get(wording.PAGE)
def bring(request: Request) -> Response:
    """The next question, or what to bring."""
    desk = desk_of(request)
    moment, today = desk.now().astimezone(KYIV).replace(tzinfo=None), desk.today()
    titles = {one["id"]: one["title"] for one in law.listed(today)}
    said = _read(request, titles)
    if WANT not in said.given:
        return _first(request, titles, said)
    by, here, given = card(said.given[WANT], today), desk.here(), given_of(said.given)
    path = walk(by, here, given, moment)
    if said.fault and path.question is None and path.asked:
        # All is answered, but something in the address was wrong: the last question is asked again.
        path = walk(by, here, {name: one for name, one in given.items() if name != path.asked[-1]}, moment)
    if path.question:
        return _question(request, path, moment, said)
    return _answer(request, path, moment)


def _read(request: Request, services: dict[str, str]) -> _Said:
    """Only what is on a closed list is taken over."""
    pairs = request.query_params.multi_items()
    given: dict[str, str] = {}
    fault = None if len(pairs) <= MOST_PARAMETERS else texts.say("bring_page", "unknown")
    for name, value in pairs[:MOST_PARAMETERS]:
        if name not in given and _known(name, value, services):
            given[name] = value
        else:
            fault = fault or _not_taken(name)
    return _Said(given, given.pop(ASKED, None), fault)


def _known(name: str, value: str, services: dict[str, str]) -> bool:
    """Whether it is an answer to whichever question."""
    if name in (WANT, ASKED):
        return value in services if name == WANT else value == WANT or value in BY_ID
    question = BY_ID.get(name)
    if question is None:
        return False
    return value in question.numbers if question.most else any(one.id == value for one in question.options)


def _not_taken(name: str) -> str:
    if name in BY_ID and BY_ID[name].most:
        return _unanswered(name)
    return texts.say("bring_page", "unknown")


def _unanswered(name: str) -> str:
    most = BY_ID[name].most if name in BY_ID else 0
    return texts.say("bring_page", "choose_number", most) if most else texts.say("bring_page", "choose")


def _first(request: Request, titles: dict[str, str], said: _Said) -> Response:
    shown = {
        "name": WANT,
        "question": texts.say("bring_page", "want"),
        "choices": wording.services(titles),
        "fault": said.fault or (_unanswered(WANT) if said.asked == WANT else None),
    }
    return _rendered(request, shown)


def _question(request: Request, path: Path, moment: datetime, said: _Said) -> Response:
    question, context = sure(path.question), path.context
    shown = {
        "name": question.id,
        "question": wording.question_text(question, context),
        "hint": wording.hint_text(question, context),
        "choices": wording.choices(question, context, moment),
        "most": question.most,
        "kept": {WANT: context.card.service.id, **{id: context.answers[id] for id in path.asked}},
        "answers": wording.answered(path, moment),
        "number": len(path.asked) + 2,
        "fault": said.fault or (_unanswered(question.id) if said.asked == question.id else None),
    }
    return _rendered(request, shown)


def _answer(request: Request, path: Path, moment: datetime) -> Response:
    title = wording.service_text(path.context.card.service.id, path.context.card.title)
    shown = {"told": telling.told(path, moment), "answers": wording.answered(path, moment), "service": title}
    return _rendered(request, shown)


def _rendered(request: Request, shown: dict[str, Any]) -> Response:
    usual: dict[str, Any] = {"told": None, "fault": None, "hint": None, "most": 0, "kept": {}, "answers": []}
    usual |= {"number": 1, "marks": []}
    status = 422 if shown.get("fault") else 200
    return templates.TemplateResponse(request, "bring.html", {**usual, **shown}, status_code=status)

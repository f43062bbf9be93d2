"""An application as a page: what was recorded, what to print, and its next step, each press one act."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.acts import Asking, of_press
from api.case_forms import CheckSaid, ToDecide
from api.desk import Desk, desk_of
from api.errors import Stale, input_fault, raced, told
from api.forms import DryRun
from api.guided import view
from api.guided.body import Typed, fields_of, one, said_of_check
from api.guided.trying import Outcome, try_again
from api.routes import comparing, deciding, unfinished
from api.routes.applications import whole
from api.routes.guided import form_of
from api.shapes import sent_beside
from api.shapes.cards import rendered
from api.shapes.names import find_application
from api.unfinished_forms import FoundOfSent, Movement, PapersLater, TakenBack, WithoutMovement
from registry import texts
from registry.aggregates.case.finishing import WITHDRAWN_BY
from registry.aggregates.case.state import fold
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.outgoing.events import PAPERS, OutgoingDrawn
from registry.aggregates.outgoing.state import OPEN
from registry.aggregates.values import Impossible, NeedsConfirmation
from registry.services.checks import CHECKS
from registry.viewer import insist

router = APIRouter(include_in_schema=False)
Answers = Annotated[Typed, Depends(form_of)]
UNDECIDED = ("received", "left-without-movement")
"""Of which it is said what a decision of now would come to."""


@router.get("/applications/{application}")
def shown(application: str, request: Request) -> Response:
    """Where an application stands."""
    return _page(request, application, {}, [])


@router.post("/applications/{application}")
def pressed(application: str, typed: Answers, request: Request) -> Response:
    """Does what was pressed and comes back; or the page again with what is wrong."""
    desk = desk_of(request)
    id = _found(application, desk)
    act = ACTS.get(one(typed, "press"))
    if act is None:
        return _page(request, application, typed, [texts.say("outbox_page", "choose")])
    try:
        act(str(id), typed, of_press(request, desk, one(typed, "command"), one(typed, "version")))
    except ValidationError as error:
        found = [input_fault({**each, "loc": ("body", *each["loc"])}) for each in error.errors()]
        return _page(request, application, typed, [each["detail"] for each in found])
    except (Impossible, NeedsConfirmation) as error:
        found = told(desk.registry, error.faults, None, seen_by=desk.viewer, on_page=True)
        return _page(request, application, typed, [each["detail"] for each in found])
    except Stale as stale:
        return _page(request, application, typed, [raced(stale.race)], 412)
    return RedirectResponse(f"/applications/{id}", 303)


def _found(application: str, desk: Desk) -> UUID:
    return find_application(desk.registry, application, desk.registry.position(), seen_by=desk.viewer)


def _answer(id: str, typed: Typed, asking: Asking) -> None:
    check = one(typed, "check")
    names = fields_of(check) if check in CHECKS else {}
    said = {name: text for name in names if (text := one(typed, f"{check}-{name}"))}
    part = one(typed, "part")
    body = {"part": int(part) if part.isdigit() else 0, "check": check, "said": said_of_check(check, said)}
    deciding.answer(id, TypeAdapter(CheckSaid).validate_python(body), asking)


def _decide(id: str, typed: Typed, asking: Asking) -> None:
    said: dict[str, Any] = {name: text for name in ("acted_on", "reason") if (text := one(typed, name))}
    others = {"distinct_from": list(typed.get("distinct_from", ())), "distinct_reason": one(typed, "distinct_reason")}
    said |= {name: value for name, value in others.items() if value}
    deciding.decide(id, ToDecide(**said, confirmed=one(typed, "confirmed") == "yes"), DryRun(), asking)


def _bring(id: str, typed: Typed, asking: Asking) -> None:
    part = one(typed, "part")
    listed: dict[str, Any] = {name: list(typed.get(name, ())) for name in ("documents", "consents")}
    unfinished.bring(id, PapersLater(part=int(part) if part.isdigit() else 0, **listed), DryRun(), asking)


def _leave(id: str, typed: Typed, asking: Asking) -> None:
    said: dict[str, Any] = {name: text for name in ("consent", "bring_by", "reason") if (text := one(typed, name))}
    unfinished.leave(id, WithoutMovement(agreed=one(typed, "agreed") == "yes", **said), asking)


def _move(id: str, typed: Typed, asking: Asking) -> None:
    unfinished.move(id, Movement(reason=one(typed, "reason")), asking)


def _compare(id: str, typed: Typed, asking: Asking) -> None:
    part = one(typed, "part")
    said: dict[str, Any] = {name: text for name in ("newcomer", "person", "reason") if (text := one(typed, name))}
    comparing.compare(id, FoundOfSent(part=int(part) if part.isdigit() else 0, **said), asking)


def _withdraw(id: str, typed: Typed, asking: Asking) -> None:
    said: dict[str, Any] = {name: text for name in ("said_by", "paper", "reason") if (text := one(typed, name))}
    unfinished.withdraw(id, TakenBack(**said), asking)


ACTS: Mapping[str, Callable[[str, Typed, Asking], None]] = {
    "answer": _answer,
    "decide": _decide,
    "bring": _bring,
    "leave": _leave,
    "movement": _move,
    "withdraw": _withdraw,
    "compare": _compare,
}


def _page(request: Request, application: str, typed: Typed, faults: list[str], status: int = 422) -> Response:
    desk = desk_of(request)
    id = _found(application, desk)
    said = whole(id, desk)
    people = {UUID(one["person"]): one for part in said["parts"] for one in part["register"]["persons"]}
    for person in people:
        insist(desk.viewer, person)
    recorded, entries = _recorded(id, desk), desk.registry.entries(id)
    record = fold(entries)
    outcome = try_again(id, desk) if said["status"] in UNDECIDED else Outcome()
    ruled = [
        {**part, "check_rows": [view.check_row(row) for row in part["checks"]], "draws": view.draws(part)}
        for part in outcome.parts
    ]
    shown = {
        "said": said,
        "people": [_person(person, one, desk) for person, one in people.items()],
        "recorded": [one for one in recorded if AGGREGATE_OF[one.fact.NAME] in ("person", "dwelling")],
        "extracts": [one.fact for one in recorded if isinstance(one.fact, ExtractRequested)],
        "refused": any(part["outcome"] and part["outcome"]["outcome"] != "granted" for part in said["parts"]),
        "title": sent_beside.title(record),
        "sent": sent_beside.is_sent(record),
        "locked": sent_beside.is_locked(record),
        "how": sent_beside.how(record, entries[0].by.name, desk),
        "beside": sent_beside.parts(record, outcome.faults, desk) if sent_beside.is_sent(record) else [],
        "found": sent_beside.found(entries),
        "outcome": outcome,
        "others": _others(outcome, people, desk),
        "ruled": ruled if said["status"] == "received" else [],
        "papers": _papers(said["follows"]),
        "faults": list(dict.fromkeys(faults)),
        "typed": typed,
        "one": one,
        "command": uuid4(),
        "withdrawn_by": [by for by in WITHDRAWN_BY if (by == "sender") == (said.get("channel") == "notice")],
    }
    return rendered(request, "application.html", status if faults else 200, **shown)


def _person(id: UUID, told_of: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Whom an application is about; of a newcomer who was not entered what it says."""
    row, told_as = view.person_row(id, desk), told_of.get("particulars")
    entered = bool(desk.registry.entries(id))
    if entered or not told_as:
        return {**row, "entered": entered}
    name = texts.joined_name(*(told_as.get(part) for part in ("surname", "given_names", "patronymic")))
    return {**row, "entered": False, "name": name, "says": texts.day(told_as.get("birth_date"))}


def _papers(follows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The protocols and referrals of a decision: what was drawn up, by its number, and what has yet to be; one of two
    tasks that the same paper does."""
    found: dict[Any, dict[str, Any]] = {}
    for row in follows:
        kind, last = PAPERS.get(row["item"]), row["last"]
        number = last["number"] if last and last["name"] == OutgoingDrawn.NAME else None
        if kind and (number or row["state"] in OPEN):
            one = {"id": row["id"], "kind": kind, "number": number, "version": row["version"], "command": uuid4()}
            key = (kind, row["position"], row["person"])
            found[key] = one if number else found.get(key, one)
    return list(found.values())


def _recorded(id: UUID, desk: Desk) -> list[Any]:
    """What the acts on an application recorded, of whomever."""
    commands = dict.fromkeys(entry.command for entry in desk.registry.entries(id))
    acts = [desk.registry.of_command(command) for command in commands]
    return [entry for act in acts if act for entry in act.entries]


def _others(outcome: Outcome, people: Mapping[UUID, Mapping[str, Any]], desk: Desk) -> list[dict[str, Any]]:
    """Those of the register of whom whoever decides has to say that they are others, or the same; each beside the
    newcomer who looks most like them."""
    told_of = [(number, one["particulars"]) for number, one in enumerate(people.values()) if one.get("particulars")]
    found = {one["candidate"]["person"]: one["candidate"] for one in outcome.alike}
    return [
        {
            **view.person_row(UUID(id), desk),
            "rows": view.beside(held, told_of)["rows"] if told_of and desk.viewer.sees(UUID(id)) else [],
        }
        for id, held in found.items()
    ]

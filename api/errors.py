"""One table: what went wrong → status, kind of problem and Ukrainian text. Never what was typed.

JSON answers are `application/problem+json` (RFC 9457), pages get `error.html`. What pydantic, Starlette or an exception
would say themselves is shown nowhere: it quotes the input.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import methods
from api.desk import desk_of
from registry import occasion, texts
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation, sure
from registry.app import LostRace, Registry
from registry.cases.at_desk import Refused
from registry.extracts.issuing import CannotIssue, NoDocument
from registry.extracts.keys import BadKey
from registry.questions import BadQuestion, NotFound
from registry.roles import ROLES, Role
from registry.services.catalogue import EVERY_CARD, NoCard
from registry.services.headers import SERVICES, UnknownService
from registry.services.offices import UnknownOffice
from registry.storage.access import NotRecorded
from registry.storage.mapper import KYIV, kyiv_day
from registry.storage.recorder import Busy, NotFinal, WrongClock
from registry.twice import ALIKE, BECOMES
from registry.viewer import Hidden, Viewer, shown_address, shown_row

DATABASE_SILENT = (InterfaceError, OperationalError)
SOON = {"Retry-After": "5"}
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

TITLES, DETAILS = texts.TEXTS["problems"], texts.TEXTS["problem_details"]

INPUT = {
    "missing": "missing",
    "extra_forbidden": "field-unknown",
    "string_type": "not-a-text",
    "string_unicode": "text-broken",
    "not-a-day": "not-a-day",
    "not-a-moment": "not-a-moment",
    "far-day": "far-day",
    "not-days-by-id": "not-days-by-id",
    "literal_error": "value-unknown",
    "bool_parsing": "not-a-boolean",
    "bool_type": "not-a-boolean",
    "uuid_parsing": "not-an-id",
    "uuid_type": "not-an-id",
    "int_type": "not-a-number",
    "int_parsing": "not-a-number",
    "int_parsing_size": "not-a-number",
    "int_from_float": "not-a-number",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-big",
    "too_long": "too-many",
    "list_type": "not-a-list",
    "model_type": "not-an-object",
    "model_attributes_type": "not-an-object",
    "dict_type": "not-an-object",
}
"""What pydantic finds wrong → our code. The text is in [input] under pydantic's name, or where the code has one."""

_ACT_OF_PERSON = re.compile(r"/api/v1/persons/[^/]+(?:/residences/[^/]+)?/([a-z-]+)")
_OUR_NAME = re.compile(r"[a-z][a-z_]{0,40}")


@dataclass
class Problem(Exception):
    """What is answered instead of the thing asked for; raised wherever the API itself refuses."""

    status: int
    kind: str
    detail: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return TITLES.get(self.kind) or TITLES["invalid"]

    def body(self) -> dict[str, Any]:
        said = {"type": f"/problems/{self.kind}", "title": self.title, "status": self.status}
        return {**said, "detail": self.detail or DETAILS.get(self.kind, ""), "errors": self.errors}


def not_of_role(roles: Collection[Role]) -> Problem:
    """That only these roles may do it."""
    named = ", ".join(texts.label("roles", one) for one in ROLES if one in roles)
    return Problem(403, "not-your-role", DETAILS["not-your-role"].format(named))


class Stale(Exception):
    """The record is no longer at the version that `If-Match` named."""

    def __init__(self, race: LostRace):
        self.race = race


class OutdatedChange(Exception):
    """A change waits for approval, and the record that it was decided on has changed since."""

    def __init__(self, race: LostRace):
        self.race = race


def no_office(error: UnknownOffice) -> str:
    """That there is no such office, and which there are."""
    known = ", ".join(error.known)
    return texts.say("law", "unknown-office", known) if known else texts.say("faults", "offices-unknown")


class KeyReused(Exception):
    """The command id was already used for another act."""


def told(
    registry: Registry, faults: Sequence[Fault], person: UUID | None, *, seen_by: Viewer, on_page: bool = False
) -> list[dict[str, Any]]:
    """Faults as an answer lists them, what each names filled in from the projections; of a hidden person nothing is.
    `person` is whom a fault is about that names nobody; `on_page` in the words of a page."""
    return [_told(registry, fault, _whose(fault, person), seen_by, on_page) for fault in faults]


def _whose(fault: Fault, person: UUID | None) -> UUID | None:
    return UUID(fault.named["person"]) if "person" in fault.named else person


def _told(registry: Registry, fault: Fault, whose: UUID | None, seen_by: Viewer, on_page: bool) -> dict[str, Any]:
    filled = named(registry, fault, whose, seen_by)
    seen = whose is not None and seen_by.sees(whose)
    said = fault.named if whose is None or seen_by.sees(whose) else {}
    return {
        "code": fault.code,
        "field": fault.field,
        "detail": texts.fault_text(replace(fault, named=said), filled, on_page=on_page),
        **({"named": dict(said)} if said else {}),
        **({"candidate": candidate(registry, sure(whose))} if fault.code in (ALIKE, BECOMES) and seen else {}),
    }


def named(registry: Registry, fault: Fault, whose: UUID | None, seen_by: Viewer) -> dict[str, str]:
    """The address and the period of the residence, or the address of the dwelling, that a fault names by id."""
    position = registry.position()
    if dwelling := fault.named.get("dwelling"):
        rows = registry.query("dwellings", "by_id", dwelling=UUID(dwelling), position=position)
        return {"address": rows[0]["address"]} if rows else {}
    residence = fault.named.get("residence")
    if not whose or not residence:
        return {}
    rows = registry.query("residences", "all_of_person", person=whose, position=position)
    found = next((row for row in rows if str(row["residence"]) == residence), None)
    if found is None:
        return {}
    if seen_by.sees(whose):
        occasion.shows(whose)
    said = {"address": shown_address(found["address"], whose, seen_by), "period": period(found)}
    return shown_row(said, whose, seen_by, words=["period"])


def candidate(registry: Registry, person: UUID) -> dict[str, Any]:
    """Somebody who may be the newcomer, to be put beside them: who it is and where they live today."""
    position, today = registry.position(), kyiv_day(registry.clock())
    rows = registry.query("people", "by_id", person=person, position=position)
    homes = registry.query("residences", "of_people_on", people=[person], position=position, on=today)
    here = next((row["address"] for row in sorted(homes, key=lambda row: row["kept"])), None)
    names = ("ref", "surname", "given_names", "patronymic", "birth_date", "died")
    said = rows[0] if rows else dict.fromkeys(names)
    return {"person": str(person), **{name: said[name] for name in names}, "address": here}


def period(row: dict[str, Any]) -> str:
    """The days of a row of `residences` as people read them."""
    since = texts.since_day(row["since"], row["since_known"])
    return f"{since} – {texts.until_day(row['until'], row['until_known'])}"


def raced(race: LostRace, then: str = DETAILS["record-changed"]) -> str:
    """Who changed the record and when, by the clock of Kyiv, and what to do then."""
    last = max(race.raced, key=lambda one: one.recorded_at)
    at = last.recorded_at.astimezone(KYIV).strftime("%d.%m.%Y %H:%M:%S")
    return f"{texts.say('raced', 'by', last.by or texts.say('raced', 'somebody'), at)} {then}"


def no_card(error: NoCard) -> str:
    """Since when there are cards for the service at all."""
    first = min(one.since for one in EVERY_CARD if error.service in one.services)
    return texts.TEXTS["law"]["no-card"].format(texts.day(first))


def problem_of(request: Request, error: Exception) -> Problem:
    """The one table of this module."""
    match error:
        case Problem():
            return error
        case Impossible() | NeedsConfirmation():
            try:
                return _of_faults(request, error)
            except (Hidden, NotRecorded) as instead:
                return problem_of(request, instead)
        case Stale():
            return Problem(412, "record-changed", raced(error.race))
        case OutdatedChange():
            return Problem(409, "record-changed", raced(error.race, DETAILS["outdated-change"]))
        case LostRace():
            return Problem(409, "record-changed", raced(error))
        case KeyReused():
            return Problem(422, "key-reused")
        case Hidden():
            return Problem(403, "hidden", str(error))
        case BadKey():
            return Problem(503, "no-keys", DETAILS["no-keys"])
        case NotRecorded():
            return Problem(503, "unavailable", DETAILS["not-recorded"], headers=SOON)
        case NotFinal():
            return Problem(503, "not-final", headers=SOON)
        case WrongClock():
            return Problem(503, "wrong-clock", texts.wrong_clock(error.code, error.apart), headers=SOON)
        case Busy():
            return Problem(503, "busy", headers=SOON)
        case NotFound() | NoDocument():
            return Problem(404, "not-found", str(error))
        case NoCard():
            return Problem(404, "no-card", no_card(error))
        case UnknownService():
            return Problem(404, "not-found", texts.TEXTS["law"]["unknown-service"].format(", ".join(sorted(SERVICES))))
        case UnknownOffice():
            return Problem(404, "not-found", no_office(error))
        case BadQuestion():
            return Problem(422, "bad-question", str(error))
        case Refused():
            return _of_refusal(error)
        case CannotIssue():
            return Problem(422, "cannot-issue", str(error))
        case RequestValidationError():
            return _of_input(error)
        case HTTPException():
            return _of_http(request, error)
        case _:
            return Problem(503, "unavailable", headers=SOON)


def _of_faults(request: Request, error: Impossible | NeedsConfirmation) -> Problem:
    desk, person = desk_of(request), getattr(request.state, "person", None)
    errors = told(desk.registry, error.faults, person, seen_by=desk.viewer)
    if isinstance(error, NeedsConfirmation):
        return Problem(409, "confirmation-needed", "", errors)
    if len(errors) > 1:
        return Problem(422, "several-faults", "", errors)
    return Problem(422, errors[0]["code"], errors[0]["detail"], errors)


def _of_refusal(error: Refused) -> Problem:
    """Each ground by its id, and where the refusal is kept."""
    errors = [{"code": one.id, "field": None, "detail": one.wording} for one in error.refused.grounds]
    headers = {"Location": f"/api/v1/applications/{error.application}"}
    return Problem(422, "cannot-issue", str(error), errors, headers)


def _of_input(error: RequestValidationError) -> Problem:
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(400, "broken-json")
    if any(one["loc"][0] == "path" for one in found):
        return Problem(404, "not-found")
    errors = [input_fault(one) for one in found]
    if len(errors) > 1:
        return Problem(422, "several-faults", "", errors)
    return Problem(422, errors[0]["code"], errors[0]["detail"], errors)


def input_fault(one: dict[str, Any]) -> dict[str, Any]:
    """What pydantic finds wrong, as an answer says it; the first word of its place says where in the request."""
    code, text = _of_kind(one["type"])
    # Of an unknown field too: a key that looks like ours is a program's, any other may be what somebody typed.
    named = [str(part) for part in one["loc"][1:] if isinstance(part, int) or _OUR_NAME.fullmatch(part)]
    limits = {name: value for name, value in one.get("ctx", {}).items() if isinstance(value, int)}
    return {"code": code, "field": ".".join(named) or None, "detail": text.format_map(_Limits(limits))}


def _of_kind(kind: str) -> tuple[str, str]:
    """The code and the text of what is wrong with a value; the register's own faults are their own code."""
    if kind in texts.TEXTS["faults"]:
        return kind, texts.TEXTS["faults"][kind]
    code = INPUT.get(kind, "invalid")
    groups = (("input", kind), ("law", kind), ("faults", code), ("input", "otherwise"))
    return code, next(texts.TEXTS[group][name] for group, name in groups if name in texts.TEXTS[group])


class _Limits(dict):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _of_http(request: Request, error: HTTPException) -> Problem:
    kinds = {400: "broken-json", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    kind, headers = kinds.get(error.status_code, "invalid"), dict(error.headers or {})
    if kind == "broken-json" and request.headers.get("content-type", "").lower().startswith(FORMS):
        kind = "broken-form"
    if error.status_code == 405:
        headers = {"Allow": methods.allow(request.scope)}
    return Problem(error.status_code, kind, _instead(request), headers=headers)


def _instead(request: Request) -> str:
    """How to do now what an act beside the cards did, which there is none of; else nothing."""
    gone = _ACT_OF_PERSON.fullmatch(request.url.path) if request.method == "POST" else None
    return texts.TEXTS["instead"].get(gone[1], "") if gone else ""


def wants_json(request: Request) -> bool:
    """Whether a program asks: by the address, or by the only kind of answer that it takes."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(("/api/", "/healthz", "/readyz")) or accepted.startswith("application/json")


def answer(request: Request, problem: Problem) -> Response:
    """A problem as whoever asked can read it: JSON for the API, a page for people."""
    if wants_json(request):
        return JSONResponse(
            problem.body(), problem.status, headers=problem.headers, media_type="application/problem+json"
        )
    request.state.refused = True
    shown = {"problem": problem, "phrase": HTTPStatus(problem.status).phrase}
    return request.app.state.templates.TemplateResponse(
        request, "error.html", shown, status_code=problem.status, headers=problem.headers
    )


def install(app: FastAPI) -> None:
    """Every exception of the table is answered by it; whatever else escapes is for the guard."""

    def handle(request: Request, error: Exception) -> Response:
        return answer(request, problem_of(request, error))

    for kind in (
        *(Problem, NotRecorded, Impossible, NeedsConfirmation, Stale, OutdatedChange, LostRace, KeyReused),
        *(Hidden, NotFound, NoDocument, NoCard, UnknownService, UnknownOffice),
        *(BadKey, BadQuestion, CannotIssue, RequestValidationError, HTTPException, *DATABASE_SILENT),
    ):
        app.add_exception_handler(kind, handle)

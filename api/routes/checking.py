"""The public check of an extract or a letter by its code: valid, superseded since a day, or never issued here.

Whoever holds the paper sees what is on it: its number, kind and moment, the name half hidden; never what changed. Of a
letter it is told which decision it is of, and whether that stands; nothing of anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.responses import Response

from api.desk import Desk, desk_of
from api.errors import Problem
from api.limits import public
from api.shapes.words import templates
from registry import seals, texts, ukrainian
from registry.aggregates.community.keys import REPLACED, KeyUse, use_of
from registry.aggregates.extract import state as extract_state
from registry.aggregates.extract.events import ExtractIssued, ExtractRequested
from registry.aggregates.letter.events import LetterFormed, LetterIssued
from registry.aggregates.values import Actor, Entry
from registry.extracts import content, keys
from registry.extracts.content import Content, PersonLine
from registry.extracts.requesting import ALPHABET, CODE_LENGTH
from registry.extracts.statement import LETTER_STATUS, STATUS, status_statement
from registry.extracts.superseding import superseded_on
from registry.letters.issuing import stands
from registry.storage.access import Look
from registry.storage.mapper import instant_text
from registry.viewer import HIDDEN

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])

PUBLIC = Actor("public", texts.say("check", "actor"))
NO_SUCH_CODE = "?" * CODE_LENGTH
"""What is looked up for a malformed code, so that it takes as long as an unknown one."""


@dataclass(frozen=True)
class Check:
    """What is told of an issued extract; of a letter, `decided_on` is the day of its decision, and `holds` whether that
    stands. `key` is the one that signed it, if it was lost or may be in other hands."""

    code: str
    number: str
    kind: str
    sha256: str
    formed_at: datetime
    about: str
    past_day: str | None
    as_known: bool
    superseded_on: date | None
    decided_on: str | None = None
    holds: bool = True
    key: KeyUse | None = None


@router.get("/v")
@router.get("/v/")
def ask(request: Request) -> Response:
    """A field for the code of a paper."""
    return _page(request, None, asks=True)


@router.post("/v")
@router.post("/v/")
def asked(request: Request, code: Annotated[str, Form()] = "") -> Response:
    """To the page of the code that was typed; what is none is said beside the field, and stands in no address."""
    typed = ukrainian.latin_code(code)
    if _wellformed(typed):
        return RedirectResponse(f"/v/{typed}", 303)
    return _page(request, None, 422, asks=True, fault=texts.say("check_page", "code_fault"))


@router.get("/v/{code}.jws")
def statement(request: Request, code: str) -> Response:
    """What the register says of a document now, signed for machines (JWS); keys in `/.well-known/jwks.json`."""
    desk = desk_of(request)
    found = _found(desk, code)
    if found is None:
        raise Problem(404, "not-found", texts.TEXTS["check"]["never"])
    signed = status_statement(
        keys.current(desk.settings, desk.now()),
        iss=desk.public_url,
        number=found.number,
        sha256=found.sha256,
        formed_at=instant_text(found.formed_at),
        status="valid" if found.holds and not found.superseded_on else "superseded",
        superseded_on=found.superseded_on.isoformat() if found.superseded_on else None,
        checked_at=instant_text(desk.now()),
        typ=LETTER_STATUS if found.decided_on else STATUS,
    )
    return PlainTextResponse(signed, media_type="application/jose")


@router.get("/v/{code}")
def check(request: Request, code: str) -> Response:
    """A code as printed or as somebody read it off; a malformed and an unknown one look alike."""
    found = _found(desk_of(request), code)
    return _page(request, found, 200 if found else 404)


def _page(request: Request, found: Check | None, status: int = 200, **more: Any) -> Response:
    shown: dict[str, Any] = {"found": found, "marks": [], "asks": False, "fault": None, **more}
    return templates.TemplateResponse(request, "check.html", shown, status_code=status)


def _wellformed(code: str) -> bool:
    return len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)


def _found(desk: Desk, code: str) -> Check | None:
    """The issued extract or letter of a code; the look is written into the access journal."""
    typed = ukrainian.latin_code(code)
    asked_for = typed if _wellformed(typed) else NO_SUCH_CODE
    rows = desk.registry.query("extracts", "by_code", code=asked_for)
    letters = desk.registry.query("letters", "by_code", code=asked_for)
    if letters and letters[0]["issued"]:
        return _letter(desk, typed, letters[0])
    row = rows[0] if rows and rows[0]["issued"] else None
    if row is None:
        return None
    entries = desk.registry.entries(row["extract"])
    entry = extract_state.asked_for(entries)
    asked: ExtractRequested = entry.fact
    with desk.registry.snapshot() as connection:
        since = superseded_on(connection, entry, today=desk.today())
    told = content.of(asked)
    number = texts.extract_number(row["year"], row["number"])
    persons = (asked.person,) if asked.person else ()
    desk.registry.looked(Look(action="checked", persons=persons, about={"extract": number}), PUBLIC)
    seen = seals.sealed(desk.registry).isdisjoint(persons)
    return Check(
        code=typed,
        number=number,
        kind=told.kind if told else "",
        sha256=row["sha256"],
        formed_at=entry.recorded_at,
        about=_about(asked, told) if seen else HIDDEN,
        past_day=asked.on if told and told.past else None,
        as_known=bool(asked.as_known),
        superseded_on=since,
        key=_key(desk, entries),
    )


def _letter(desk: Desk, code: str, row: dict[str, Any]) -> Check:
    """What is told of a letter: of which decision it is, and whether that stands."""
    entries = desk.registry.entries(row["letter"])
    entry = entries[0]
    formed: LetterFormed = entry.fact
    content = formed.content
    desk.registry.looked(Look(action="checked", about={"letter": str(row["letter"])}), PUBLIC)
    return Check(
        code=code,
        number=row["number"],
        kind=" ".join(str(content[name]) for name in ("title", "of") if content.get(name)),
        sha256=row["sha256"],
        formed_at=entry.recorded_at,
        about="",
        past_day=None,
        as_known=False,
        superseded_on=None,
        decided_on=formed.decided_on,
        holds=stands(formed, desk.registry.application(formed.application)),
        key=_key(desk, entries),
    )


def _key(desk: Desk, entries: Sequence[Entry]) -> KeyUse | None:
    """The key that signed what was issued, if more is known of its end than that another signs now."""
    kid = next((one.fact.key for one in entries if isinstance(one.fact, ExtractIssued | LetterIssued)), None)
    use = use_of(desk.registry.community().keys, kid or "")
    return use if use and use.reason not in (None, REPLACED) else None


def _about(asked: ExtractRequested, told: Content | None) -> str:
    """The first letters of a name; of a dwelling nothing but that it is one."""
    if asked.dwelling:
        return texts.TEXTS["check"]["dwelling"]
    said = (told.person if told else None) or PersonLine()
    names = (said.get("surname"), said.get("given_names"), said.get("patronymic"))
    return texts.joined_name(*map(masked, names))


def masked(name: str | None) -> str | None:
    """Each part of a name by its first letter, whatever its length: «В…»."""
    return " ".join(f"{part[0]}…" for part in name.split()) if name and name.strip() else None

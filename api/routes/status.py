"""The public status of an application by its six digits: how far it is, by when, where to collect. Nothing else."""

import re
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.desk import desk_of
from api.errors import DETAILS, Problem, answer, wants_json
from api.limits import public
from api.shapes.words import templates
from registry import texts
from registry.aggregates.case.state import CaseRecord

router = APIRouter(dependencies=[Depends(public)])
CODE = re.compile("[0-9]{6}")
NONE = "------"
"""What no application has: a malformed code is looked up like any other."""


@router.get("/api/v1/status/{code}", tags=["applications"])
def status(code: str, request: Request) -> JSONResponse:
    """By six digits; neither person nor service, and the same answer to an unknown code as to a malformed one."""
    return _json(request, _found(request, code))


@router.get("/status/{code}", include_in_schema=False)
def status_page(code: str, request: Request) -> Response:
    """The same as a page."""
    found = _found(request, code)
    if wants_json(request):
        return _json(request, found)
    shown: dict[str, Any] = {"found": found, "marks": []}
    return templates.TemplateResponse(request, "status.html", shown, status_code=200 if found else 404)


def _found(request: Request, code: str) -> dict[str, Any] | None:
    desk = desk_of(request)
    typed = code if CODE.fullmatch(code) else NONE
    rows = desk.registry.query("applications", "by_code", code=typed)
    if not rows:
        return None
    row = rows[0]
    here = desk.here()
    return {
        "status": "received" if row["status"] == "awaiting-approval" else row["status"],
        "status_uk": texts.label("public", row["status"]),
        "due_by": row["due_by"].isoformat(),
        "office": here.office_name(row["office"]) or here.identity.body or texts.say("to_applicant", "nameless"),
        **_until(desk.registry.application(row["application"])),
    }


def _until(record: CaseRecord) -> dict[str, str]:
    """Until when to bring what is missing, of what stands without movement; not what: that would tell the service."""
    if record.status != "left-without-movement" or record.left is None:
        return {}
    until = record.left.bring_by
    return {"bring_by": until, "bring_by_uk": texts.say("without_movement", "public_until", texts.day(until))}


def _json(request: Request, found: dict[str, Any] | None) -> Any:
    if found is None:
        return answer(request, Problem(404, "not-found", DETAILS["no-application"]))
    return JSONResponse(found)

"""A picture of a paper, kept beside the register by its sha256, and shown to whoever may see whose paper it is."""

import re

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.acts import PREFIX
from api.desk import desk_of
from api.errors import Problem
from registry import scans, texts
from registry.storage.access import Look
from registry.viewer import insist

router = APIRouter(prefix=PREFIX, tags=["papers"])
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BINARY = "application/octet-stream"
LARGEST_SCAN = 10 * 1024 * 1024
"""A page as a telephone takes it; all else is at most a megabyte."""


@router.put("/scans/{sha256}", status_code=201, max_body_size=LARGEST_SCAN)
def keep(sha256: str, request: Request, made: bytes = Body(media_type=_BINARY)) -> JSONResponse:
    """The bytes as they are: PDF, JPEG or PNG. It is no act, and nobody is asked to."""
    _insist_on_name(sha256)
    try:
        new = scans.keep(desk_of(request).settings, sha256, made)
    except scans.NotAScan as error:
        detail = texts.TEXTS["faults"][error.code]
        raise Problem(422, error.code, detail, [{"code": error.code, "field": None, "detail": detail}]) from None
    return JSONResponse({"sha256": sha256, "bytes": len(made)}, 201 if new else 200)


@router.get(
    "/scans/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {kind: {} for kind in scans.KINDS.values()}, "description": texts.say("api", "scan_file")}
    },
)
def scan(sha256: str, request: Request) -> Response:
    """Of a paper that was shown; who got to see it is written down first."""
    _insist_on_name(sha256)
    desk = desk_of(request)
    rows = desk.registry.query("papers", "by_scan", scan=sha256)
    made = scans.kept(desk.settings, sha256) if rows else None
    if made is None:
        raise Problem(404, "not-found")
    people = tuple(dict.fromkeys(one for row in rows for one in row["people"]))
    insist(desk.viewer, *people)
    desk.registry.looked(Look(action="looked", persons=people, about={"scan": sha256}), desk.actor)
    name = f'attachment; filename="{sha256[:12]}"'
    return Response(made, media_type=scans.kind_of(made), headers={"Content-Disposition": name})


def _insist_on_name(sha256: str) -> None:
    if not _SHA256.fullmatch(sha256):
        raise Problem(404, "not-found")

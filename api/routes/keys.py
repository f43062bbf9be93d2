"""The public keys by which anybody checks an extract without asking this register (RFC 7517)."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.desk import desk_of
from registry.extracts.keys import public

router = APIRouter(include_in_schema=False)


@router.get("/.well-known/jwks.json")
def jwks(request: Request) -> JSONResponse:
    """All keys, newest first: also those that no longer sign, because what they signed is still in people's hands."""
    return JSONResponse(public(desk_of(request).settings), headers={"Cache-Control": "public, max-age=300"})

"""The public keys by which anybody checks an extract without asking this register (RFC 7517)."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.desk import desk_of
from registry.extracts import signing

router = APIRouter(include_in_schema=False)


@router.get("/.well-known/jwks.json")
def jwks(request: Request) -> JSONResponse:
    """All keys, newest first: also those that no longer sign, because what they signed is still in people's hands. Of
    each, as far as the log says it, when it began and ended, and why: a JWK may have members of its own (RFC 7517)."""
    desk = desk_of(request)
    told = {"keys": signing.listed(desk.registry, desk.settings)}
    return JSONResponse(told, headers={"Cache-Control": "public, max-age=300"})

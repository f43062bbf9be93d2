"""Is the process alive; does the database answer."""

from typing import Any

from fastapi import APIRouter, Request

from api.desk import desk_of

router = APIRouter(tags=["status"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> dict[str, Any]:
    return {"status": "ready", "position": desk_of(request).registry.position()}

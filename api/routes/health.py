"""Is the process alive; does the database answer."""

from typing import Any

from fastapi import APIRouter, Request

from api.routes.finding import desk_of

router = APIRouter(tags=["стан"])


@router.get("/healthz", summary="Чи працює програма")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Чи відповідає база даних і який останній запис")
def readyz(request: Request) -> dict[str, Any]:
    return {"status": "ready", "position": desk_of(request).registry.position()}

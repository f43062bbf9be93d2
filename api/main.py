"""The web application: wiring, and nothing else."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import errors, guards, limits
from api.routes import (
    applications,
    applying,
    approving,
    checking,
    deciding,
    dwellings,
    examples,
    extracts,
    health,
    keys,
    letters,
    offices,
    pages,
    persons,
    residences,
    search,
    services,
    status,
)
from registry.app import Registry
from registry.settings import Settings

HERE = Path(__file__).parent
LARGEST_BODY = 1024 * 1024
ABOUT = """Реєстр територіальної громади: особи, житло, місця проживання, витяги.

Кожне запитання має два часи: `on` — на який день, `known_at` — за яким станом реєстру. Кожна дія — POST; заголовок
`Idempotency-Key` (UUID) робить її безпечною для повторення, `If-Match` — для одночасної роботи. Відмови мають вигляд
`application/problem+json` і ніколи не повторюють того, що надіслано.

Заяву приймає `POST /api/v1/applications`: її перевіряють, вирішують, і лише тоді змінюється запис особи. З `dry_run=1`
той самий запит нічого не записує. За кодом заяви кожен може спитати її стан: `/status/{code}`."""


def create_app(registry: Registry, settings: Settings) -> FastAPI:
    """The desk and the API on one register. The caller opened the register and closes it."""
    guards.configure_logs()
    app = FastAPI(
        title="Hromada",
        version="1",
        summary="Реєстр територіальної громади",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
        responses={"default": {"description": "Відмова: що завадило і що зробити"}},
    )
    app.state.registry, app.state.settings, app.state.templates = registry, settings, pages.templates
    for room in (
        health,
        search,
        persons,
        residences,
        dwellings,
        extracts,
        approving,
        applying,
        deciding,
        applications,
        services,
        offices,
        checking,
        keys,
        status,
        letters,
        pages,
    ):
        app.include_router(room.router)
    app.state.public_rate = limits.Rate(settings.public_rate)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    errors.install(app)
    app.add_middleware(guards.Guard)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """The generated description, with examples and the shape of every refusal."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = examples.add_to(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

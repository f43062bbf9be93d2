"""The web application: wiring, and nothing else."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import answered, door, errors, examples, guards, limits, looking, methods, openapi, tokens
from api.attempts import Attempts
from api.callers import Callers
from api.routes import (
    absences,
    address_entering,
    address_pages,
    application_page,
    application_paper,
    applications,
    applying,
    approval_pages,
    approving,
    batches,
    blanks,
    bringing,
    checking,
    community,
    comparing,
    day_lists,
    days,
    deciding,
    described,
    drafting,
    drawing_page,
    dwelling_address,
    dwelling_extract,
    dwelling_rights,
    dwellings,
    extracts,
    family,
    guided,
    health,
    helping,
    home,
    household_requests,
    households,
    issuing,
    kept,
    keyring,
    keys,
    letters,
    looks,
    merging,
    offices,
    outbox_pages,
    outgoing,
    own,
    pages,
    papers,
    past,
    persons,
    protections,
    readdressing_pages,
    residences,
    residents,
    scans,
    search,
    services,
    signing,
    staffing,
    state,
    status,
    streets,
    substituting,
    territories,
    unfinished,
    updating,
    visits,
    without_movement,
)
from api.shapes import words
from registry import texts
from registry.app import Registry
from registry.settings import Settings

HERE = Path(__file__).parent
LARGEST_BODY = 1024 * 1024

ROOMS = (
    health,
    search,
    home,
    pages,
    persons,
    protections,
    merging,
    residences,
    family,
    absences,
    dwellings,
    households,
    extracts,
    approving,
    past,
    applying,
    deciding,
    papers,
    scans,
    applications,
    guided,
    batches,
    application_page,
    application_paper,
    outgoing,
    comparing,
    unfinished,
    visits,
    looks,
    services,
    offices,
    community,
    territories,
    streets,
    checking,
    bringing,
    day_lists,
    days,
    blanks,
    keys,
    status,
    letters,
    without_movement,
    described,
    issuing,
    staffing,
    keyring,
    substituting,
    state,
    signing,
    own,
    kept,
    helping,
    outbox_pages,
    address_pages,
    approval_pages,
    address_entering,
    dwelling_extract,
    dwelling_address,
    dwelling_rights,
    readdressing_pages,
    updating,
    residents,
    household_requests,
    drafting,
    drawing_page,
)
"""They are tried in their order: those that are asked most come first."""


def create_app(registry: Registry, settings: Settings) -> FastAPI:
    """The desk and the API on one register and its clock. The caller opened the register and closes it."""
    guards.configure_logs()
    app = FastAPI(
        title="Hromada",
        version="1",
        summary=texts.say("api", "summary"),
        description=texts.say("api", "about"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    for room in ROOMS:
        app.include_router(room.router)
    app.state.attempts = Attempts()
    app.state.callers = Callers(registry, settings)
    _furnish(app, registry, settings, public=False)
    _describe(app)
    return app


def create_public_app(registry: Registry, settings: Settings) -> FastAPI:
    """What anybody may open, and nothing else, whatever a request or a proxy says: the desk is not in it."""
    guards.configure_logs()
    app = FastAPI(title="Hromada", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    for room in (checking, bringing, keys, status):
        app.include_router(room.router)
    _furnish(app, registry, settings, public=True)
    return app


def _furnish(app: FastAPI, registry: Registry, settings: Settings, *, public: bool) -> None:
    """What both have: the register, the templates, what refusals look like, the files of pages, and a guard."""
    app.state.registry, app.state.settings, app.state.public = registry, settings, public
    app.state.templates = words.templates
    app.state.public_rate = limits.Rate(settings.public_rate)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    errors.install(app)
    # The last one added is the outermost: within the guard, so that all refusals have our words, headers and a line of
    # the log; the door before a body is read.
    if not public:
        app.add_middleware(looking.WrittenDown)
        app.add_middleware(tokens.Tokens)
    app.add_middleware(guards.BodyLimit, max_body_size=LARGEST_BODY)
    app.add_middleware(methods.Methods)
    if not public:
        app.add_middleware(door.Door, routes=app.routes)
    app.add_middleware(guards.PublicGuard if public else guards.Guard)


def _describe(app: FastAPI) -> None:
    """The generated description, in Ukrainian, with the shape of every answer and examples."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi.worded(examples.add_to(answered.answered(plain())))
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]

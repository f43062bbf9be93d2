"""Commands that serve the register until they are ended."""

import signal
import sys
from typing import Annotated
from uuid import UUID

import typer

from api.commands import identity, keeping
from api.commands.registers import migrated, up_to_date
from api.commands.terminal import Interrupted, Stop, bar, err, out
from api.commands.trust import tell_exposed
from registry import demo as demo_community
from registry import texts
from registry.app import Registry
from registry.clock import utc_now
from registry.extracts import issuing
from registry.projections import runner
from registry.roles import PROGRAM
from registry.settings import Settings
from registry.storage.embedded import Embedded
from registry.storage.recorder import AT_A_DESK

OPTIONS = texts.TEXTS["options"]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def demo(
    persons: Annotated[int, typer.Option(min=20, max=100_000, help=OPTIONS["demo --persons"])] = 2000,
    seed: Annotated[int, typer.Option(help=OPTIONS["demo --seed"])] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=OPTIONS["demo --no-serve"])] = False,
) -> None:
    """Shows the register of an invented community; one that has entries is only shown, nothing is added."""
    settings = Settings.read()
    _orderly_end()
    if not no_serve:
        _require_free_ports(settings)
    try:
        with migrated(settings) as registry:
            keeping.rebuilt(registry, runner.stale(registry.recorder))
            examples = _seed(registry, persons, seed)
        if not no_serve:
            _serve(settings, examples, logs="warning")
    finally:
        if not no_serve:
            _leave_database(settings)


def serve(
    host: Annotated[str, typer.Option(help=OPTIONS["serve --host"])] = "127.0.0.1",
) -> None:
    """Serves the desk and the JSON API on HROMADA_PORT."""
    if host not in LOOPBACK:
        raise Stop(2, texts.say("commands_say", "loopback_only"))
    settings = Settings.read()
    _orderly_end()
    _require_free_ports(settings)
    try:
        _serve(settings)
    finally:
        _leave_database(settings)


def _leave_database(settings: Settings) -> None:
    """Stops the embedded database if this server started it and nobody else uses it, whatever signals still come."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    left = None if settings.database_url else Embedded(settings.data).leave()
    if left is not None:
        err.print(texts.label("left", left.value), soft_wrap=True, markup=False)


def _orderly_end() -> None:
    def end(number: int, frame: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


def _require_free_ports(settings: Settings) -> None:
    from api.commands.serving import require_free_ports

    require_free_ports(settings)


def _serve(settings: Settings, examples: tuple[tuple[str, UUID], ...] = (), logs: str = "info") -> None:
    """Says where to look once nothing stands in the way any more, then serves until it is ended."""
    from api.commands import serving
    from api.guards import configure_logs
    from api.main import create_app, create_public_app

    configure_logs(logs)
    with up_to_date(settings, AT_A_DESK) as registry:
        issuing.void_unfinished(registry, by=PROGRAM, now=utc_now())
        tell_exposed(settings)
        for line in identity.warnings(registry, settings):
            err.print(line, soft_wrap=True)
        desk, public = create_app(registry, settings), create_public_app(registry, settings)
        _where_to_look(settings, examples)
        try:
            serving.serve(desk, public, settings)
        except (KeyboardInterrupt, Interrupted):
            return


def _where_to_look(settings: Settings, examples: tuple[tuple[str, UUID], ...]) -> None:
    address = settings.local_url
    said = texts.say("commands_say", "serving", address=address, public=settings.local_public_url)
    out.print(said, soft_wrap=True)
    for label, person in examples:
        out.print(f"  {label}: {address}/persons/{person}", soft_wrap=True)
    sys.stdout.flush()


def _seed(registry: Registry, persons: int, seed: int) -> tuple[tuple[str, UUID], ...]:
    if not registry.is_empty():
        err.print(texts.say("commands_say", "has_entries"))
        return ()
    with bar(texts.say("commands_say", "inventing"), None) as advance:
        made = demo_community.seed(registry, persons=persons, seed=seed, now=utc_now(), progress=advance)
    err.print(texts.say("commands_say", "invented", made.persons, made.dwellings, made.residences, made.facts))
    return made.examples

"""Commands that serve the register until they are ended."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Annotated
from uuid import UUID

import typer
from eventsourcing.persistence import PersistenceError

from api.commands import identity, keeping
from api.commands.registers import account, migrated, up_to_date
from api.commands.terminal import Interrupted, bar, err, out
from api.commands.trust import tell_exposed
from registry import demo as demo_community
from registry import texts
from registry.app import Registry
from registry.clock import utc_now
from registry.demo import staff as demo_staff
from registry.extracts import issuing
from registry.projections import runner
from registry.roles import PROGRAM
from registry.settings import THIS_MACHINE, Settings
from registry.storage.embedded import Embedded
from registry.storage.recorder import AT_A_DESK

OPTIONS = texts.TEXTS["options"]
LOOK_SECONDS = 10
"""Between two looks for numbers of extracts whose document never came."""


def demo(
    persons: Annotated[int, typer.Option(min=20, max=100_000, help=OPTIONS["demo --persons"])] = 2000,
    seed: Annotated[int, typer.Option(help=OPTIONS["demo --seed"])] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=OPTIONS["demo --no-serve"])] = False,
) -> None:
    """Shows the register of an invented community; one that has entries is only shown, nothing is added."""
    settings = Settings.read().served_at(THIS_MACHINE, False)
    _orderly_end()
    if not no_serve:
        _require_free_ports(settings)
    try:
        with migrated(settings) as registry:
            keeping.rebuilt(registry, runner.stale(registry.recorder))
            examples = _seed(registry, persons, seed)
            staffed = demo_staff.staffed(registry, account())
        if no_serve:
            _who_signs_in(staffed)
        else:
            _serve(settings, examples, logs="warning", staffed=staffed)
    finally:
        if not no_serve:
            _leave_database(settings)


def serve(
    host: Annotated[str, typer.Option(help=OPTIONS["serve --host"])] = THIS_MACHINE,
    insecure_http: Annotated[bool, typer.Option("--insecure-http", help=OPTIONS["serve --insecure-http"])] = False,
) -> None:
    """Serves the desk and the JSON API on HROMADA_PORT."""
    settings = Settings.read().served_at(host, insecure_http)
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


def _serve(
    settings: Settings,
    examples: tuple[tuple[str, UUID], ...] = (),
    logs: str = "info",
    staffed: demo_staff.Staffed = demo_staff.NOBODY,
) -> None:
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
        _who_signs_in(staffed)
        try:
            with _closing_numbers(registry):
                serving.serve(desk, public, settings)
        except (KeyboardInterrupt, Interrupted):
            return


@contextmanager
def _closing_numbers(registry: Registry) -> Iterator[None]:
    """Meanwhile the numbers of extracts that were cut off, here or in another process, are closed within a minute."""
    ended = Event()

    def close() -> None:
        while not ended.wait(LOOK_SECONDS):
            # A database that is away, or a look that somebody's lock refuses: the next one finds what there is.
            with suppress(PersistenceError):
                issuing.void_unfinished(registry, by=PROGRAM, now=utc_now())

    beside = Thread(target=close, daemon=True)
    beside.start()
    try:
        yield
    finally:
        ended.set()
        beside.join()


def _where_to_look(settings: Settings, examples: tuple[tuple[str, UUID], ...]) -> None:
    address = settings.desk_address
    if settings.insecure_http:
        err.print(texts.say("commands_say", "insecure"), soft_wrap=True)
    said = texts.say("commands_say", "serving", address=address, public=settings.local_public_url)
    out.print(said, soft_wrap=True)
    for label, person in examples:
        out.print(f"  {label}: {address}/persons/{person}", soft_wrap=True)


def _who_signs_in(staffed: demo_staff.Staffed) -> None:
    """The invented logins of a demo, as long as they hold."""
    words = texts.TEXTS["commands_say"]
    if staffed.users:
        out.print(words["sign_in"], soft_wrap=True)
    for user, password, pin in staffed.users:
        said = words["signs_in"].format(user.login, password, pin, texts.label("roles", user.role))
        out.print(said, soft_wrap=True, markup=False)
    if staffed.key:
        out.print(words["machine_key"].format(staffed.key), soft_wrap=True, markup=False)
    sys.stdout.flush()


def _seed(registry: Registry, persons: int, seed: int) -> tuple[tuple[str, UUID], ...]:
    if not registry.is_empty():
        err.print(texts.say("commands_say", "has_entries"))
        return ()
    with bar(texts.say("commands_say", "inventing"), None) as advance:
        made = demo_community.seed(registry, persons=persons, seed=seed, now=utc_now(), progress=advance)
    err.print(texts.say("commands_say", "invented", made.persons, made.dwellings, made.residences, made.facts))
    return made.examples

"""Commands on the embedded database of a data folder."""

import typer

from api.commands.terminal import Stop, out
from registry import texts
from registry.settings import Settings
from registry.storage.embedded import Embedded

COMMANDS = texts.TEXTS["commands"]

db = typer.Typer(help=COMMANDS["db"], no_args_is_help=True)


@db.command("start", help=COMMANDS["db start"])
def start() -> None:
    """Starts the embedded database of HROMADA_DATA."""
    _embedded(Settings.read()).start()
    out.print(texts.say("commands_say", "database_runs"))


@db.command("stop", help=COMMANDS["db stop"])
def stop() -> None:
    """Stops the embedded database of this HROMADA_DATA."""
    _embedded(Settings.read()).stop()
    out.print(texts.say("commands_say", "database_stopped"))


@db.command("status", help=COMMANDS["db status"])
def status() -> None:
    """Whether the embedded database runs: 0 yes, 1 no."""
    running = _embedded(Settings.read()).status()
    out.print(texts.say("commands_say", "database_runs") if running else texts.say("commands_say", "database_stands"))
    raise typer.Exit(0 if running else 1)


def _embedded(settings: Settings) -> Embedded:
    if settings.database_url:
        raise Stop(2, texts.say("commands_say", "not_embedded"))
    return Embedded(settings.data)

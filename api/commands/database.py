"""Commands on the embedded database of a data folder."""

import typer

from api.commands.helping import Commands
from api.commands.terminal import Json, Stop, say
from registry import texts
from registry.settings import Settings
from registry.storage.embedded import Embedded

COMMANDS = texts.TEXTS["commands"]

db = Commands(help=COMMANDS["db"])


@db.command("start", help=COMMANDS["db start"])
def start(as_json: Json = False) -> None:
    """Starts the embedded database of HROMADA_DATA."""
    _embedded(Settings.read()).start()
    _told(True, as_json, "database_runs")


@db.command("stop", help=COMMANDS["db stop"])
def stop(as_json: Json = False) -> None:
    """Stops the embedded database of this HROMADA_DATA."""
    _embedded(Settings.read()).stop()
    _told(False, as_json, "database_stopped")


@db.command("status", help=COMMANDS["db status"])
def status(as_json: Json = False) -> None:
    """Whether the embedded database runs: 0 yes, 1 no."""
    running = _embedded(Settings.read()).status()
    _told(running, as_json, "database_runs" if running else "database_stands")
    raise typer.Exit(0 if running else 1)


def _told(running: bool, as_json: bool, words: str) -> None:
    say({"running": running}, as_json, texts.TEXTS["commands_say"][words])


def _embedded(settings: Settings) -> Embedded:
    if settings.database_url:
        raise Stop(2, texts.say("commands_say", "not_embedded"))
    return Embedded(settings.data)

"""The command `hromada`. Exit status: 0 done, 1 the check found something, 2 bad usage or input, 3 done but rows were
rejected, 4 something needed is missing (semantics 12). With `--json`, standard output holds one JSON value only."""

import os
import signal
import sys
from collections.abc import Callable
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from api.commands import (
    access,
    asking,
    benching,
    database,
    extracting,
    identity,
    keeping,
    law,
    proving,
    readdressing,
    running,
    staff,
    streets,
    territories,
    trust,
)
from api.commands.helping import Commands, Group
from api.commands.terminal import Interrupted, Json, NobodyReads, any_terminal, err, explained, say
from registry import texts

COMMANDS = texts.TEXTS["commands"]

ORDER = (
    *("demo", "serve", "init", "community", "streets", "territories", "import", "readdress", "ask", "extract", "proof"),
    *("check", "fee", "office", "user", "key", "access", "verify", "replay", "export", "rebuild", "upgrade", "keys"),
    *("db", "bench", "version"),
)
"""Of the help: what is used first stands first."""


class Hromada(Group):
    """All commands, in this order."""

    order = ORDER


app = Commands(
    cls=Hromada,
    help=COMMANDS["hromada"],
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Runs the command line; every expected error is a line of Ukrainian and an exit status, never a traceback."""
    any_terminal()
    try:
        status = app(prog_name="hromada", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status)
    except (KeyboardInterrupt, Interrupted, typer.Abort):
        sys.exit(130)
    except (BrokenPipeError, NobodyReads):
        # Nobody reads any more, as after `| head -1`: as any program that SIGPIPE ends, and not one word of it.
        # What is still to be written goes nowhere, or Python would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except Exception as error:
        status, text = explained(error)
        err.print(text, soft_wrap=True, markup=False)
        sys.exit(status)


def _version(told: bool) -> None:
    if told:
        version()
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help=texts.say("help", "version"), is_eager=True, callback=_version)
]


@app.callback()
def hromada(told: Version = False) -> None:
    """What stands before the name of a command."""


def version(as_json: Json = False) -> None:
    """The version of the program."""
    number = installed_version("hromada-registry")
    say({"version": number}, as_json, f"hromada {number}")


ONE: dict[str, Callable[..., None]] = {
    "demo": running.demo,
    "serve": running.serve,
    "init": identity.init,
    "import": keeping.import_,
    "readdress": readdressing.readdress,
    "extract": extracting.extract,
    "proof": proving.proof,
    "check": trust.check,
    "fee": law.fee,
    "office": law.office,
    "access": access.access,
    "verify": keeping.verify,
    "replay": asking.replay,
    "export": keeping.export,
    "rebuild": keeping.rebuild,
    "upgrade": keeping.upgrade,
    "bench": benching.bench,
    "version": version,
}
GROUPS = {
    "community": identity.community,
    "streets": streets.streets,
    "territories": territories.territories,
    "ask": asking.ask,
    "user": staff.user,
    "key": staff.key,
    "keys": trust.keys,
    "db": database.db,
}
for name, command in ONE.items():
    app.command(name, help=COMMANDS[name])(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)

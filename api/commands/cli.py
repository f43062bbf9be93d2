"""The command `hromada`. Exit status: 0 done, 1 the check found something, 2 bad usage or input, 3 done but rows were
rejected, 4 something needed is missing (semantics 12). With `--json`, standard output holds one JSON value only."""

import sys
from collections.abc import Callable
from importlib.metadata import version as installed_version

import typer

from api.commands import asking, database, extracting, identity, keeping, law, running, territories, trust
from api.commands.terminal import Interrupted, Json, err, explained, say
from registry import texts

COMMANDS = texts.TEXTS["commands"]

app = typer.Typer(
    help=COMMANDS["hromada"],
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Runs the command line; every expected error is a line of Ukrainian and an exit status, never a traceback."""
    try:
        sys.exit(app(prog_name="hromada", standalone_mode=False))
    except (KeyboardInterrupt, Interrupted, typer.Abort):
        sys.exit(130)
    except Exception as error:
        status, text = explained(error)
        err.print(text, soft_wrap=True, markup=False)
        sys.exit(status)


def version(as_json: Json = False) -> None:
    """The version of the program."""
    number = installed_version("hromada-registry")
    say({"version": number}, as_json, f"hromada {number}")


ONE: dict[str, Callable[..., None]] = {
    "demo": running.demo,
    "serve": running.serve,
    "init": identity.init,
    "import": keeping.import_,
    "extract": extracting.extract,
    "check": trust.check,
    "fee": law.fee,
    "office": law.office,
    "verify": keeping.verify,
    "replay": asking.replay,
    "export": keeping.export,
    "rebuild": keeping.rebuild,
    "upgrade": keeping.upgrade,
    "version": version,
}
GROUPS = {
    "community": identity.community,
    "territories": territories.territories,
    "ask": asking.ask,
    "keys": trust.keys,
    "db": database.db,
}
for name, command in ONE.items():
    app.command(name, help=COMMANDS[name])(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)

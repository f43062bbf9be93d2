"""Commands on what an extract is trusted by: the keys that sign, and the check of a file without any register."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.helping import Commands
from api.commands.tables import clock
from api.commands.terminal import Json, Stop, err, plain, print_json, say
from registry import texts
from registry.clock import utc_now
from registry.extracts import keys as signing
from registry.extracts import statement
from registry.opened import NoOpenedLine, checked_line
from registry.settings import Settings

LARGEST = 64
"""Of a file that is checked, in MiB. No extract is a hundredth of this."""
STATUS = {"valid": 0, "seal-unchecked": 4}
"""The exit status by outcome; 1 for any other."""
OF_LETTERS = (statement.LETTER, statement.LETTER_STATUS)

keys = Commands(help=texts.TEXTS["commands"]["keys"])


def check(
    file: Annotated[Path, typer.Argument(help=texts.TEXTS["options"]["check FILE"])],
    public: Annotated[Path | None, typer.Option("--keys", help=texts.TEXTS["options"]["check --keys"])] = None,
    as_json: Json = False,
) -> None:
    """Checks the file of an extract or a letter without a network and a register: issued there, by whose keys, and
    unchanged; and of an opened line of the log, that its leaf is the one it says."""
    content = _bytes(file)
    if (line := _opened(content)) is not None:
        raise typer.Exit(_check_line(line, as_json))
    if public is None:
        raise Stop(2, texts.TEXTS["check_lines"]["no-keys"])
    try:
        found = statement.checked(content, _jwks(public))
    except statement.BadKeys as bad:
        raise Stop(2, f"{public}: {bad}") from None
    if as_json:
        print_json(asdict(found))
    else:
        # A seal may be anybody's, and so may its name: nothing in it is markup.
        plain("\n".join(_lines(found)))
    raise typer.Exit(STATUS.get(found.outcome, 1))


@keys.command("list", help=texts.TEXTS["commands"]["keys list"])
def list_(as_json: Json = False) -> None:
    """Shows the keys, newest first; with --json they are the public keys (JWKS) for `hromada check --keys`."""
    settings = Settings.read()
    kept = signing.kept(settings)
    tell_exposed(settings)
    listed = [{**key.as_dict(), "current": number == 0} for number, key in enumerate(kept)]
    words = texts.TEXTS["keys"]
    rows = [f"{clock(str(one['created_at']))}  {one['kid']}  {_use(one)}" for one in listed]
    say({"keys": listed}, as_json, "\n".join(rows) or words["none"])


@keys.command("rotate", help=texts.TEXTS["commands"]["keys rotate"])
def rotate(as_json: Json = False) -> None:
    """Signs with a new key from now on; earlier ones stay, to check what was issued."""
    settings = Settings.read()
    key = signing.rotate(settings, utc_now())
    tell_exposed(settings)
    said = {"kid": key.kid, "created_at": key["created_at"]}
    say(said, as_json, texts.TEXTS["keys"]["rotated"].format(key.kid))


def tell_exposed(settings: Settings) -> None:
    """Warns on standard error of keys that others of this machine may read."""
    for path in signing.exposed(settings):
        err.print(texts.say("keys", "exposed", path.name, path), soft_wrap=True, markup=False)


def _use(listed: dict[str, Any]) -> str:
    return texts.TEXTS["keys"]["current" if listed["current"] else "earlier"]


def _bytes(file: Path) -> bytes:
    """The bytes of a file, which may be anything: no more of it is read than an extract could have."""
    words = texts.TEXTS["check_lines"]
    try:
        with file.open("rb") as opened:
            read = opened.read(LARGEST * 2**20 + 1)
    except FileNotFoundError:
        raise Stop(2, words["no-file"].format(file)) from None
    if len(read) > LARGEST * 2**20:
        raise Stop(2, words["too-large"].format(file, LARGEST))
    return read


def _jwks(file: Path) -> Any:
    """The JSON value in a file; None where it is not JSON, which is no JWKS either."""
    return _json(_bytes(file))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _opened(content: bytes) -> dict[str, Any] | None:
    """What may be an opened line: a JSON object with members."""
    said = _json(content) if content.lstrip()[:1] == b"{" else None
    return said if isinstance(said, dict) and "members" in said else None


def _check_line(said: dict[str, Any], as_json: bool) -> int:
    """Tells what an opened line proves; returns the exit status."""
    try:
        found = checked_line(said)
    except NoOpenedLine:
        raise Stop(2, texts.say("opened_line", "no-line")) from None
    outcome = "valid" if found.valid else "altered"
    if as_json:
        print_json({"outcome": outcome, "leaf": found.leaf, "shown": found.shown, "hidden": found.hidden})
    elif found.valid:
        shown = "\n".join(f"{path or '/'}: {value}" for path, value in found.shown.items())
        plain(f"{texts.say('opened_line', 'valid', found.leaf, found.hidden)}\n{shown}")
    else:
        plain(texts.say("opened_line", "altered"))
    return 0 if found.valid else 1


def _lines(found: statement.CheckResult) -> list[str]:
    """What was found, then all that a known key signed, in words."""
    words = texts.TEXTS["check_lines"]
    told = {name: value for name, value in asdict(found).items() if value and name not in ("outcome", "seal", "kind")}
    told |= {name: clock(told[name]) for name in ("formed_at", "checked_at") if name in told}
    told |= {"superseded_on": texts.day(told["superseded_on"])} if "superseded_on" in told else {}
    # What a status says is about a document that is not here.
    outcome = "valid-status" if found.outcome == "valid" and found.checked_at else found.outcome
    groups = ("check_outcomes_letter", "check_outcomes") if found.kind in OF_LETTERS else ("check_outcomes",)
    said = next(texts.TEXTS[group][outcome] for group in groups if outcome in texts.TEXTS[group])
    lines = [said.format(kid=found.kid)]
    lines += [words[name].format(value) for name, value in told.items()]
    return lines + ([words["seal"].format(found.seal.name, found.seal.certificate)] if found.seal else [])

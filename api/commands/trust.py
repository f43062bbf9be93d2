"""Commands on what an extract is trusted by: the keys that sign, and the check of a file without any register."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.helping import Commands
from api.commands.registers import up_to_date, where_there_is_one
from api.commands.tables import clock
from api.commands.terminal import Json, Stop, err, plain, print_json, say
from registry import texts
from registry.aggregates.community.keys import REPLACED, EndedBecause, use_of
from registry.clock import utc_now
from registry.extracts import keys as signing_keys
from registry.extracts import signing, statement
from registry.opened import NoOpenedLine, checked_line
from registry.settings import Settings

LARGEST = 64
"""Of a file that is checked, in MiB. No extract is a hundredth of this."""
STATUS = {"valid": 0, "seal-unchecked": 4}
"""The exit status by outcome; 1 for any other."""
INSTANTS = ("formed_at", "checked_at", "key_begun_at", "key_ended_at")
OF_LETTERS = (statement.LETTER, statement.LETTER_STATUS)

Because = Annotated[EndedBecause, typer.Option("--because", help=texts.TEXTS["options"]["keys --because"])]

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
    kept = signing_keys.kept(settings)
    with where_there_is_one(settings) as registry:
        known = registry.community().keys if registry else ()
    tell_exposed(settings)
    listed = [
        {**key.as_dict(), "current": number == 0, **signing.told(use_of(known, str(key.kid)))}
        for number, key in enumerate(kept)
    ]
    held = {key.kid for key in kept}
    gone = [{"kid": one.kid, **signing.told(one)} for one in reversed(known) if one.kid not in held]
    words = texts.TEXTS["keys"]
    rows = [f"{clock(str(one['created_at']))}  {one['kid']}  {_use(one)}" for one in listed]
    rows += [f"{clock(one['begun_at'])}  {one['kid']}  {', '.join((words['gone'], *_ended(one)))}" for one in gone]
    say({"keys": listed, **({"gone": gone} if gone else {})}, as_json, "\n".join(rows) or words["none"])


@keys.command("rotate", help=texts.TEXTS["commands"]["keys rotate"])
def rotate(reason: Because = REPLACED, as_json: Json = False) -> None:
    """Signs with a new key from now on; earlier ones stay, to check what was issued. Also while the database is away:
    then the log is told by whoever signs next."""
    settings = Settings.read()
    with where_there_is_one(settings) as registry:
        was = signing_keys.kept(settings)[:1]
        key = signing.rotated(registry, settings, reason) if registry else signing_keys.rotate(settings, utc_now())
    if not registry and was and reason != REPLACED:
        err.print(texts.say("keys", "reason_untold", was[0].kid, reason), soft_wrap=True, markup=False)
    tell_exposed(settings)
    said = {"kid": key.kid, "created_at": key["created_at"]}
    say(said, as_json, texts.TEXTS["keys"]["rotated"].format(key.kid))


@keys.command("end", help=texts.TEXTS["commands"]["keys end"])
def end(
    kid: Annotated[str, typer.Argument(help=texts.TEXTS["options"]["keys end KID"])],
    reason: Because,
    as_json: Json = False,
) -> None:
    """Tells why a key that signs no more ended, as is known now."""
    with up_to_date(Settings.read()) as registry:
        signing.ended(registry, kid, reason)
        told = signing.told(use_of(registry.community().keys, kid))
    say({"kid": kid, **told}, as_json, texts.say("keys", "ended", kid, *_ended(told)))


def tell_exposed(settings: Settings) -> None:
    """Warns on standard error of keys that others of this machine may read."""
    for path in signing_keys.exposed(settings):
        err.print(texts.say("keys", "exposed", path.name, path), soft_wrap=True, markup=False)


def _use(listed: dict[str, Any]) -> str:
    return ", ".join((texts.TEXTS["keys"]["current" if listed["current"] else "earlier"], *_ended(listed)))


def _ended(told: Mapping[str, Any]) -> list[str]:
    """When a key ended, and why, as people read it; nothing of one that did not."""
    if "ended_at" not in told:
        return []
    return [texts.say("keys", "ended_on", clock(told["ended_at"]), texts.label("key_reasons", told["ended_because"]))]


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
    told |= {name: clock(told[name]) for name in INSTANTS if name in told}
    told |= {name: texts.label("key_reasons", told[name]) for name in ("key_ended_because",) if name in told}
    told |= {"superseded_on": texts.day(told["superseded_on"])} if "superseded_on" in told else {}
    # What a status says is about a document that is not here.
    outcome = "valid-status" if found.outcome == "valid" and found.checked_at else found.outcome
    groups = ("check_outcomes_letter", "check_outcomes") if found.kind in OF_LETTERS else ("check_outcomes",)
    said = next(texts.TEXTS[group][outcome] for group in groups if outcome in texts.TEXTS[group])
    lines = [said.format(kid=found.kid)]
    lines += [words[name].format(value) for name, value in told.items()]
    return lines + ([words["seal"].format(found.seal.name, found.seal.certificate)] if found.seal else [])

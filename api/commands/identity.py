"""Commands on who we are: entered for the first time by one person, changed by two."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.helping import Commands
from api.commands.registers import As, acting, insist_on_rejecting, up_to_date
from api.commands.terminal import Json, Stop, err, say, typed
from registry import community as identity
from registry import gate, questions, texts
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import Matter
from registry.aggregates.values import Fault, Impossible
from registry.app import Act, Registry
from registry.settings import Settings
from registry.storage.mapper import kyiv_day

COMMANDS, OPTIONS, FIELDS, SAYS = (
    texts.TEXTS[name] for name in ("commands", "options", "community_fields", "community_says")
)
BODIES = ("dms", "guardianship", "registration")
ASKED = ("code", "name", "body", "address", "public_url")

community = Commands(help=COMMANDS["community"])


def init(
    file: Annotated[Path | None, typer.Argument(help=OPTIONS["init FILE"], show_default=False)] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Enters who the community is, from a file or by questions; what is on record already is not entered again."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        who, today = acting(registry, settings, "init", as_), kyiv_day(registry.clock())
        facts = _read(file) if file else _asked()
        entered = identity.enter(registry, facts, by=who.actor, settings=settings, today=today)
        for line in warnings(registry, settings):
            err.print(line, soft_wrap=True)
    _told(entered.act, entered.waits, as_json)
    if entered.act and not file:
        err.print(SAYS["by_file"], soft_wrap=True)


def warnings(registry: Registry, settings: Settings) -> list[str]:
    """What whoever starts the program should know: nobody knows whose register it is, or a variable says otherwise."""
    today = kyiv_day(registry.clock())
    ignored = identity.ignored(registry, settings, today)
    said = [texts.say("community_says", "ignored", ", ".join(ignored))] if ignored else []
    return said if identity.here(registry, settings, today).may_issue else [*said, SAYS["unknown"]]


@community.command("show", help=COMMANDS["community show"])
def show(
    on: Annotated[str | None, typer.Option("--on", help=OPTIONS["on"])] = None,
    as_json: Json = False,
) -> None:
    """Who we are on a day, and the change that waits."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        said = identity.described(registry, settings, questions.asked(on=on, now=registry.clock()).day)
    say(said, as_json, "\n".join(_lines(said)))


@community.command("approve", help=COMMANDS["community approve"])
def approve(as_: As = None, as_json: Json = False) -> None:
    """Another person than who asked agrees to the change that waits."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        act = identity.approve(registry, acting(registry, settings, "community approve", as_).actor)
    _told(act, False, as_json)


@community.command("reject", help=COMMANDS["community reject"])
def reject(
    reason: Annotated[
        str, typer.Argument(help=OPTIONS["community reject REASON"], callback=typed(gate.words, "reason-missing"))
    ],
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The change that waits is not to be."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        who, community = acting(registry, settings, "community reject", as_), registry.community()
        insist_on_rejecting(who, community.asked_by if community.awaiting else who.actor)
        act = identity.reject(registry, who.actor, reason)
    said = {"position": act.position, "facts": len(act.entries), "waits": False}
    say(said, as_json, SAYS["rejected"])


def _read(file: Path) -> list[Matter]:
    try:
        return facts_of(tomllib.loads(file.read_text("utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        raise Stop(2, texts.say("community_says", "no_toml", file, _place(error))) from None
    except UnicodeDecodeError:
        raise Stop(2, texts.say("community_says", "no_toml", file, "UTF-8")) from None
    except Impossible as error:
        lines = [f"  {one.field}: {texts.fault_text(one)}" for one in error.faults]
        raise Stop(2, "\n".join((texts.say("community_says", "faults", file), *lines))) from None


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where in the file, without what stands there."""
    found = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    return texts.say("community_says", "at", *found.groups()) if found else texts.say("community_says", "at_the_end")


def _asked() -> list[Matter]:
    """The answers to questions, each asked until it is one."""
    said: dict[str, Any] = {}
    for name in ASKED:
        while True:
            answer = typer.prompt(FIELDS[name], default="", show_default=False, err=True)
            faults = _faults_of({**said, name: answer}, name)
            if not faults:
                break
            err.print(texts.fault_text(faults[0]), soft_wrap=True, markup=False)
        said[name] = answer
    return facts_of({"community": said})


def _faults_of(said: dict[str, Any], name: str) -> list[Fault]:
    try:
        facts_of({"community": said})
    except Impossible as error:
        return [one for one in error.faults if one.field == f"community.{name}"]
    return []


def _told(act: Act | None, waits: bool, as_json: bool) -> None:
    said = {"position": act.position if act else None, "facts": len(act.entries) if act else 0, "waits": waits}
    say(said, as_json, SAYS["waits" if waits else "entered" if act else "nothing_new"])


def _lines(said: dict[str, Any]) -> list[str]:
    of = said["community"]
    lines = [f"{FIELDS[name].partition(' (')[0]}: {of[name] or '—'}" for name in ASKED]
    lines += [f"{one['id']}: {one['name']}" for one in said["offices"]["offices"]]
    lines += [f"{name}: {_reading(value)}" for name, value in said["readings"].items()]
    lines += [f"{one['account']}: {one['recipient']}" for one in said["payees"]]
    lines += [f"bodies.{name}: {_bodies(said['bodies'][name])}" for name in BODIES if said["bodies"].get(name)]
    lines += [f"{FIELDS[name]}: {_words(said[name])}" for name in ("appeal", "signatory")]
    if not said["known"]:
        lines.append(SAYS["of_variables" if of["name"] and of["body"] else "unknown"])
    if said["waiting"]:
        lines.append(texts.say("community_says", "awaiting", said["waiting"]["asked_by"]["name"]))
    return lines


def _bodies(said: Any) -> str:
    listed = [said] if isinstance(said, dict) else said
    return "; ".join(", ".join(filter(None, (one["name"], one.get("address")))) for one in listed)


def _words(said: dict[str, Any] | None) -> str:
    """The words of a table, those that there are."""
    told = {name: value for name, value in (said or {}).items() if value and name not in ("since", "basis")}
    return "; ".join(told.values()) or "—"


def _reading(value: Any) -> str:
    if isinstance(value, bool):
        return texts.TEXTS["values"]["yes" if value else "no"]
    if isinstance(value, dict):
        return ", ".join(f"{name} {day}" for name, day in value.items()) or "—"
    return str(value)

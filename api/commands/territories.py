"""Commands on the list of territories of hostilities or occupation."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from api.commands import cards, list_changes
from api.commands.asking import KnownAt, Position
from api.commands.helping import Commands
from api.commands.registers import As, acting, clerk_of, up_to_date
from api.commands.terminal import Json, Stop, answer_lines, err, say, through_gate, typed
from registry import gate, listing, questions, texts
from registry.aggregates.values import Fault, sure
from registry.card_index import telling, territory_list
from registry.card_index.territory_list import LoadedList
from registry.settings import Settings

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]
MOST = 100_000
SHOWN = ("code", "territory", "kind_uk", "from", "until")

territories = Commands(help=COMMANDS["territories"])


@territories.command("import", help=COMMANDS["territories import"])
def import_(
    file: Annotated[Path, typer.Argument(help=OPTIONS["territories import FILE"])],
    rejects: Annotated[Path | None, typer.Option(help=OPTIONS["import --rejects"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Loads the list from a file: what is on record already is not recorded again."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "territories import", as_))
        loaded = territory_list.load(file, clerk=clerk, dry_run=dry_run)
    path = rejects or settings.data / "rejects.csv"
    values = telling.look_again(territory_list.table(file), loaded.rejects) if loaded.rejects else {}
    telling.write_list(path, loaded.rejects, values)
    for one in loaded.gone:
        err.print(texts.say("territories_say", "gone", one.code, one.name, one.since), soft_wrap=True, markup=False)
    for reject in loaded.rejects:
        err.print(f"{reject.file}:{reject.line} {reject.column}: {reject.message}", soft_wrap=True, markup=False)
    _told(loaded, as_json, path)
    if loaded.rejects:
        raise typer.Exit(3)


@territories.command("show", help=COMMANDS["territories show"])
def show(
    on: Annotated[str | None, typer.Option("--on", help=OPTIONS["territories on"])] = None,
    known_at: KnownAt = None,
    position: Position = None,
    code: Annotated[str | None, typer.Option("--code", help=OPTIONS["territories code"])] = None,
    name: Annotated[
        str | None, typer.Option("--name", help=OPTIONS["territories name"], callback=typed(gate.line))
    ] = None,
    as_json: Json = False,
) -> None:
    """The entries of the list: on a day, as known at an instant."""
    code = through_gate(gate.katottg, code, "katottg-shape") if code else None
    with up_to_date(Settings.read()) as registry:
        now = registry.clock()
        question = questions.asked(on=on, known_at=known_at, position=position, now=now)
        question = questions.settled(registry, question, now)
        position = sure(question.position)
        day = question.day if on else None
        rows = listing.listed(registry, on=day, code=code, name=name, position=position, limit=MOST)
    entries = [territory_list.shown(row) for row in rows]
    if not as_json:
        entries = [{**one, "territory": one["name"]} for one in entries]
    found: Any = entries if position else texts.say("answers", "not-yet")
    answer_lines({**question.head, "on": on, "position": position, "answer": found}, as_json, SHOWN)


@territories.command("annul", help=COMMANDS["territories annul"])
def annul(
    entry: Annotated[str, typer.Argument(help=OPTIONS["territories ENTRY"])],
    basis: Annotated[
        str, typer.Argument(help=OPTIONS["territories annul BASIS"], callback=typed(gate.words, "basis-missing"))
    ],
    as_: As = None,
    as_json: Json = False,
) -> None:
    """An entry that the list never had."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        clerk = clerk_of(registry, acting(registry, settings, "territories annul", as_))
        _told(territory_list.annul(clerk, _entry(entry), basis), as_json)


list_changes.add_to(territories, "territories", "territory")


def _entry(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Stop(2, texts.fault_text(Fault("territory-unknown"))) from None


def _told(loaded: LoadedList, as_json: bool, rejects: Path | None = None) -> None:
    gone = [{"entry": str(one.entry), "code": one.code, "name": one.name, "from": one.since} for one in loaded.gone]
    said: dict[str, Any] = {
        "position": loaded.acts[-1].position if loaded.acts else None,
        "facts": loaded.facts,
        "same": loaded.same,
        "gone": gone,
        "rejected": telling.rejected(loaded.rejects),
        "waits": loaded.waits,
    }
    if loaded.sources:
        said["files"] = [cards.as_read(one) for one in loaded.sources]
        said["faults"] = telling.kinds(loaded.rejects)
    counts = ", ".join(f"{texts.label('facts', name)}: {count}" for name, count in loaded.facts.items())
    lines = [*map(cards.read_so, loaded.sources), counts or texts.say("territories_say", "nothing_new")]
    lines += [texts.say("territories_say", "waits")] if loaded.waits else []
    lines += [texts.say("territories_say", "rejected_rows", said["rejected"], rejects)] if loaded.rejects else []
    say(said, as_json, "\n".join(lines))

"""The command that calls many dwellings otherwise by one decision, and the one that takes it back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands import cards
from api.commands.registers import As, acting, clerk_of, up_to_date
from api.commands.terminal import Json, Stop, err, say, steps, typed
from registry import community, gate, texts
from registry.aggregates.values import sure
from registry.card_index import readdressing, telling
from registry.card_index.readdressing import Readdressed
from registry.settings import Settings

OPTIONS = texts.TEXTS["options"]


def readdress(
    file: Annotated[Path | None, typer.Argument(help=OPTIONS["readdress FILE"])] = None,
    decision: Annotated[
        str | None,
        typer.Option("--decision", help=OPTIONS["readdress --decision"], callback=typed(gate.words, "basis-missing")),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help=OPTIONS["readdress --since"], callback=typed(gate.whole_day, "not-a-day")),
    ] = None,
    taken_back: Annotated[
        str | None,
        typer.Option("--take-back", help=OPTIONS["readdress --take-back"], callback=typed(gate.words, "basis-missing")),
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help=OPTIONS["import --rejects"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Many dwellings are called otherwise by a decision, or no more."""
    if taken_back and (file or since):
        raise Stop(2, texts.say("readdress_say", "one_of_both"))
    if not taken_back and not (file and decision and since):
        raise Stop(2, texts.say("readdress_say", "what_is_needed"))
    settings = Settings.read()
    with up_to_date(settings) as registry, steps(texts.say("readdress_say", "working")) as told:
        clerk = clerk_of(registry, acting(registry, settings, "readdress", as_))
        how: dict[str, Any] = {"dry_run": dry_run, "progress": lambda done, total: told("dwellings", done, total)}
        if file and decision and since:
            how["community"] = community.here(registry, settings, clerk.today()).within
            done = readdressing.readdress(clerk, file, decision=decision, since=since, **how)
        else:
            done = readdressing.take_back(clerk, sure(taken_back), basis=decision, **how)
            if not (done.dwellings or done.same or done.left):
                raise Stop(2, texts.say("readdress_say", "nothing"))
    say(*_told(done, file, rejects or settings.data / "rejects.csv", as_json))
    if done.rejects or done.left:
        raise typer.Exit(3)


def _told(done: Readdressed, file: Path | None, rejects: Path, as_json: bool) -> tuple[dict[str, Any], bool, str]:
    said: dict[str, Any] = {
        "dwellings": done.dwellings,
        "same": done.same,
        "acts": len(done.acts),
        "position": done.acts[-1].position if done.acts else None,
    }
    if file is None:
        said["left"] = [str(id) for id in done.left]
        lines = [texts.say("readdress_say", "taken_back", done.dwellings, done.same)]
        lines += [texts.say("readdress_say", "left", len(done.left), ", ".join(said["left"]))] if done.left else []
        return said, as_json, "\n".join(lines)
    values = telling.look_again(readdressing.table(file), done.rejects, done.warnings)
    telling.write_list(rejects, done.rejects, values)
    for one in (*done.rejects, *done.warnings):
        err.print(f"{one.file}:{one.line} {one.column}: {one.message}", soft_wrap=True, markup=False)
    rejected, faults = telling.rejected(done.rejects), telling.kinds(done.rejects)
    said |= {"rejected": rejected, "warnings": telling.rejected(done.warnings), "faults": faults}
    said["files"] = [cards.as_read(one) for one in done.sources]
    lines = [*map(cards.read_so, done.sources), texts.say("readdress_say", "done", done.dwellings, done.same)]
    lines += [texts.say("territories_say", "rejected_rows", rejected, rejects)] if rejected else []
    return said, as_json, "\n".join([*lines, *cards.kinds_told(faults)])

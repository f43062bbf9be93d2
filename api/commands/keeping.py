"""Commands that load the register, take it out, check it and build it again."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.commands import cards
from api.commands.registers import As, acting, migrated, up_to_date, viewer_of
from api.commands.terminal import Json, Stop, bar, print_json, privately, report_lines, say
from registry import community, journal, looks, texts
from registry.app import Registry
from registry.clock import utc_now
from registry.letters import copying
from registry.outgoing import outbox
from registry.projections import runner
from registry.roles import PROGRAM
from registry.settings import Settings
from registry.storage.database import newest_migration
from registry.viewer import insist_on_everything
from replay.compare import verify as compare
from replay.said import untrue

OPTIONS = texts.TEXTS["options"]
PROJECTIONS = (*(one.TABLE for one in runner.PROJECTIONS), outbox.TABLE)
"""What `rebuild` makes again; of the outbox it is how each row stands."""


def import_(
    source: Annotated[Path, typer.Argument(help=OPTIONS["import SOURCE"])],
    rejects: Annotated[Path | None, typer.Option(help=OPTIONS["import --rejects"])] = None,
    warnings: Annotated[Path | None, typer.Option(help=OPTIONS["import --warnings"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    times_to_come: Annotated[bool, typer.Option("--times-to-come", help=OPTIONS["import --times-to-come"])] = False,
    with_differences: Annotated[
        bool, typer.Option("--with-differences", help=OPTIONS["import --with-differences"])
    ] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Loads a card index (three files, CSV or .xlsx) or a journal into an empty register."""
    settings = Settings.read()
    if not source.exists():
        raise Stop(2, texts.say("commands_say", "no_source", source))
    started = time.monotonic()
    with up_to_date(settings) as registry:
        by = acting(registry, settings, "import", as_).actor
        if source.is_dir() and times_to_come:
            raise Stop(2, texts.say("commands_say", "no_times_of_cards"))
        if source.is_dir():
            lists = cards.Lists.named(settings, rejects, warnings)
            cards.import_cards(
                registry,
                source,
                lists,
                by=by,
                now=utc_now(),
                dry_run=dry_run,
                as_json=as_json,
                seconds=lambda: round(time.monotonic() - started, 3),
            )
        elif dry_run:
            raise Stop(2, texts.say("commands_say", "no_journal_dry_run"))
        else:
            differences = _none if with_differences else partial(untrue, registry)
            _import_journal(registry, source, differences, as_json, started, times_to_come)


def export(
    file: Annotated[Path, typer.Argument(help=OPTIONS["export FILE"])],
    documents: Annotated[Path | None, typer.Option(help=OPTIONS["export --documents"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Writes the whole register as a journal: one line a fact; and beside it, if asked, every issued document."""
    settings = Settings.read()
    with migrated(settings) as registry, privately():
        who = acting(registry, settings, "export", as_)
        seen_by = viewer_of(registry, who)
        insist_on_everything(seen_by)
        looks.record_export(registry, who.actor, recorded := registry.position())
        with bar(texts.say("commands_say", "exporting"), registry.position()) as advance:
            facts = journal.export(registry, file, advance, seen_by=seen_by)
        if facts > recorded:
            # Others have acted meanwhile.
            looks.record_export(registry, who.actor, facts)
        made, lost = copying.copied(registry, settings, documents, seen_by=seen_by) if documents else (0, [])
    lines = [texts.say("commands_say", "exported", facts)]
    lines += [texts.say("commands_say", "exported_documents", made)] if documents else []
    lines += [texts.say("commands_say", "lost_documents", ", ".join(lost))] if lost else []
    beside = {"documents": made, "lost": lost} if documents else {}
    say({"facts": facts, **beside}, as_json, "\n".join(lines))
    raise typer.Exit(3 if lost else 0)


def verify(as_json: Json = False) -> None:
    """Replays everything and compares it with every projection, row by row."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        with bar(texts.say("commands_say", "verifying"), 2 * registry.position()) as advance:
            report = compare(registry, advance, settings)
        marks = [row["mark"] for row in registry.marks()]
    said = {
        **report.counts,
        "marks": marks,
        "roots": report.roots,
        "differences": report.differences,
        "found": report.found,
    }
    if as_json:
        print_json(said)
    else:
        report_lines(report, marks)
    raise typer.Exit(1 if report.found else 0)


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help=OPTIONS["rebuild NAMES"])] = None,
    as_json: Json = False,
) -> None:
    """Builds projections again from the log of facts; work goes on meanwhile."""
    wanted = names or list(PROJECTIONS)
    if unknown := [name for name in wanted if name not in PROJECTIONS]:
        raise Stop(2, texts.say("commands_say", "no_projection", ", ".join(unknown), ", ".join(PROJECTIONS)))
    with migrated(Settings.read()) as registry:
        rows = rebuilt(registry, wanted)
    say(rows, as_json, _rows_told(rows))


def upgrade(as_json: Json = False) -> None:
    """Brings the register up to this version of the program: its schema, and the projections that another one made."""
    settings = Settings.read()
    with migrated(settings) as registry:
        rows = rebuilt(registry, runner.stale(registry.recorder))
        community.found(registry, PROGRAM)
    schema = newest_migration()
    text = texts.say("upgrade", "done", schema=schema)
    said = {"schema": schema, "rebuilt": rows}
    say(said, as_json, f"{_rows_told(rows)}\n{text}" if rows else text)


def _rows_told(rows: dict[str, int]) -> str:
    called = {texts.label("verified", name): count for name, count in rows.items()}
    return "\n".join(texts.say("commands_say", "rebuilt", name, count) for name, count in called.items())


def rebuilt(registry: Registry, names: Sequence[str]) -> dict[str, int]:
    """Rebuilds projections, each under a progress bar; returns the number of rows of each."""
    rows = {}
    for name in names:
        with bar(texts.label("verified", name), registry.position()) as advance:
            rows[name] = registry.rebuild(name, advance)
    return rows


def _none(*_: object) -> tuple[str, ...]:
    return ()


def _import_journal(
    registry: Registry,
    file: Path,
    differences: journal.Differences,
    as_json: bool,
    started: float,
    times_to_come: bool,
) -> None:
    with bar(texts.say("commands_say", "loading_journal"), None) as advance:
        facts = journal.load(registry, file, utc_now(), advance, differences, times_to_come=times_to_come)
    said = {"facts": facts, "seconds": round(time.monotonic() - started, 3)}
    say(said, as_json, texts.say("commands_say", "loaded", facts))

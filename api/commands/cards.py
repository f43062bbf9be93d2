"""The import of a card index, and what it tells: how each file was read, what was loaded, what was not and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from api.commands.terminal import say, steps
from registry import texts
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.card_index import loading, reading, telling
from registry.card_index.files import TableSource
from registry.settings import Settings


@dataclass(frozen=True)
class Lists:
    """Where the list of rejected rows goes, and the list of what to look at."""

    rejects: Path
    warnings: Path

    @classmethod
    def named(cls, settings: Settings, rejects: Path | None, warnings: Path | None) -> "Lists":
        """As asked for; else `rejects.csv` in HROMADA_DATA, and `warnings.csv` beside it."""
        rejects = rejects or settings.data / "rejects.csv"
        return cls(rejects, warnings or rejects.with_name("warnings.csv"))


def import_cards(
    registry: Registry,
    folder: Path,
    lists: Lists,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool,
    as_json: bool,
    seconds: Callable[[], float],
) -> None:
    """Loads a folder. `seconds` tells how long it took. Ends with 3 if rows were rejected."""
    with steps(texts.say("commands_say", "loading")) as progress:
        done = loading.load(registry, folder, by=by, now=now, dry_run=dry_run, progress=progress)
    rows = telling.write(folder, done.rejects, done.warnings, rejects_file=lists.rejects, warnings_file=lists.warnings)
    rejected, warned = telling.rejected(done.rejects), telling.rejected(done.warnings)
    faults, doubts = telling.kinds(done.rejects), telling.kinds(done.warnings)
    said = {
        "persons": done.persons,
        "dwellings": done.dwellings,
        "residences": done.residences,
        "rejected": rejected,
        "seconds": seconds(),
        "files": [as_read(one) for one in done.sources],
        "faults": faults,
        "warned": warned,
        "warnings": doubts,
        "rejects_file": str(lists.rejects) if rejected else None,
        "warnings_file": str(lists.warnings) if warned else None,
        "rejected_rows": str(rows) if rows else None,
    }
    lines = [*map(read_so, done.sources), _loaded(done, rejected, lists)]
    lines += kinds_told(faults)
    lines += [texts.say("commands_say", "cards_mend", rows)] if rows else []
    lines += [texts.say("commands_say", "cards_warned", warned, lists.warnings)] if warned else []
    lines += kinds_told(doubts)
    say(said, as_json, "\n".join(lines))
    raise typer.Exit(3 if rejected else 0)


def _loaded(done: loading.Loaded, rejected: int, lists: Lists) -> str:
    text = texts.say("commands_say", "cards_loaded", done.persons, done.dwellings, done.residences)
    return text + (texts.say("commands_say", "cards_rejected", rejected, lists.rejects) if rejected else "")


def kinds_told(kinds: dict[str, int]) -> Iterable[str]:
    """A line for each kind of fault: in how many rows, and what it is."""
    for code, rows in kinds.items():
        yield texts.say("commands_say", "cards_kind", rows, code, reading.message(code, "…"))


def read_so(source: TableSource) -> str:
    """How a file was read, in a line."""
    separator = {"\t": "tab", ";": "semicolon", ",": "comma", None: "sheet"}.get(source.separator, "other")
    encoding = texts.label("encodings", source.encoding)
    line = texts.say("commands_say", "cards_read", source.file, encoding, texts.label("separators", separator))
    extra = texts.say("commands_say", "cards_extra", ", ".join(source.extra)) if source.extra else ""
    return line + extra


def as_read(source: TableSource) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "file": source.file,
        "encoding": source.encoding,
        "separator": source.separator,
        "ignored_columns": list(source.extra),
    }

"""What the terminal shows: answers as tables or one JSON value, progress on standard error, errors as one sentence."""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
import typer.rich_utils
from eventsourcing.persistence import PersistenceError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer.exceptions import TyperException

from registry import gate, journal, questions, texts
from registry.aggregates.values import Impossible
from registry.app import LostRace
from registry.card_index import reading
from registry.extracts import issuing, keys, sealing
from registry.settings import SettingsError
from registry.storage.access import NotRecorded
from registry.storage.embedded import DatabaseUnavailable
from registry.storage.recorder import NotEmpty
from registry.viewer import Hidden

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


typer.rich_utils.ARGUMENTS_PANEL_TITLE = texts.say("terminal", "arguments_panel")
typer.rich_utils.OPTIONS_PANEL_TITLE = texts.say("terminal", "options_panel")
typer.rich_utils.COMMANDS_PANEL_TITLE = texts.say("terminal", "commands_panel")


Json = Annotated[bool, typer.Option("--json", help=texts.say("terminal", "json"))]
"""The flag of every command whose answer a program may read."""


class Stop(Exception):
    """The command ends with this exit status; `text` tells the user why and what to do."""

    def __init__(self, status: int, text: str):
        self.status, self.text = status, text
        super().__init__(text)


def through_gate(called: gate.Gate, text: str, otherwise: str = "missing") -> str:
    """The one form of a value of the command line, or the end of the command in words; `otherwise` is the code of a
    value that says that there is none."""
    found = called(text)
    if found.value is None:
        raise Stop(2, texts.TEXTS["faults"][found.faults[0] if found.faults else otherwise])
    return found.value


class Interrupted(BaseException):
    """SIGTERM or SIGHUP: an orderly end, as Ctrl-C."""


def explained(error: Exception) -> tuple[int, str]:
    """The exit status of an error and what to say of it. Of a fault of the program its kind and where in the code it
    happened, never its message, which may quote what the register holds."""
    match error:
        case TyperException():
            return 2, _usage(error)
        case Stop():
            return error.status, error.text
        case NotEmpty():
            return 2, texts.say("terminal", "not_empty")
        case Impossible():
            return 2, " ".join(texts.fault_text(fault) for fault in error.faults)
        case LostRace():
            return 1, texts.say("terminal", "lost_race")
        case DatabaseUnavailable() | sealing.CannotSeal() | Hidden():
            return 4, str(error)
        case PersistenceError() | NotRecorded():
            return 4, texts.say("terminal", "database_silent")
        case FileNotFoundError() | PermissionError() | IsADirectoryError() | NotADirectoryError():
            return 2, texts.say("terminal", "no_file", error.filename)
        case (
            SettingsError()
            | questions.BadQuestion()
            | questions.NotFound()
            | reading.BadFile()
            | journal.BadJournal()
            | issuing.CannotIssue()
            | issuing.NoDocument()
            | keys.BadKey()
        ):
            return 2, str(error)
    where = "".join(traceback.format_tb(error.__traceback__))
    return 1, where + texts.say("terminal", "incident", type(error).__name__)


def _usage(error: TyperException) -> str:
    """What is wrong with the words of a command, and where its help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hromada"
    param = getattr(error, "param", None)
    named = (param.opts[0] if param.opts[0].startswith("-") else param.name.upper()) if param else ""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return error.format_message()
        case "MissingParameter":
            said = texts.say("terminal", "missing_parameter", named)
        case "NoSuchOption":
            said = texts.say("terminal", "no_such_option", error.option_name)  # type: ignore[attr-defined]  # of this kind only
        case "BadParameter":
            said = texts.say("terminal", "bad_parameter", named)
        case _:
            said = texts.say("terminal", "bad_usage")
    return texts.say("terminal", "see_help", said, path)


def answer_lines(answer: dict[str, Any], as_json: bool, columns: tuple[str, ...]) -> None:
    """Prints an answer of `questions` or of replay: the times it is for, then its rows by the named columns."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    times = {name: answer[name] for name in ("on", "from", "until", "known_at", "position") if name in answer}
    said = (f"{texts.label('columns', name)}: {value}" for name, value in times.items() if value is not None)
    out.print("  ".join(said), soft_wrap=True)
    if isinstance(answer["answer"], str):
        out.print(answer["answer"])
        return
    table = Table(*(texts.label("columns", name) for name in columns), box=None)
    for row in answer["answer"]:
        table.add_row(*(_cell(name, row[name]) for name in columns))
    out.print(table)


def _cell(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(one["address"] if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return texts.say("terminal", "yes" if value else "no")
    if value is None:
        return ""
    return texts.label("kinds", value) if name == "kind" else str(value)


def report_lines(report: Any, marks: list[str]) -> None:
    """Prints what `verify` counted; the first differences go to standard error."""
    for name, count in report.counts.items():
        out.print(f"{name}: {count}")
    for mark in marks:
        out.print(texts.label("marks", mark), soft_wrap=True)
    for difference in report.differences:
        err.print(difference, soft_wrap=True, markup=False)
    out.print(texts.say("terminal", "differences", report.found) if report.found else texts.say("terminal", "agrees"))


def say(value: dict[str, Any], as_json: bool, text: str) -> None:
    """Prints a value as JSON, or the text that says the same to a person."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False))
    else:
        out.print(text, soft_wrap=True)


@contextmanager
def _progress(total: int | None) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; what it yields is told how much more is done."""
    with _progress(total) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def steps(label: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each step of a load; what it yields is told the step, how much is done, and of how much."""
    with _progress(None) as progress:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(f"{label}: {what}", total=total)
            if what == "index":
                progress.advance(tasks[what], done)
            else:
                progress.update(tasks[what], completed=done, total=total)

        yield told

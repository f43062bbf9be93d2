"""What the terminal shows: answers as tables or one JSON value, progress on standard error, errors as one sentence."""

import errno
import io
import json
import os
import stat
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.rich_utils
from eventsourcing.persistence import PersistenceError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from api.commands import tables
from registry import gate, journal, questions, texts
from registry.aggregates.values import Impossible
from registry.app import LostRace
from registry.card_index import reading
from registry.extracts import issuing, keys, sealing
from registry.settings import SettingsError
from registry.staff.users import StaffError
from registry.storage.access import NotRecorded
from registry.storage.embedded import DatabaseUnavailable
from registry.storage.recorder import NotEmpty, NotFinal, WrongClock
from registry.viewer import Hidden


class NobodyReads(Exception):
    """Whoever read the standard output is gone. Not BrokenPipeError: typer would end the program with 1 by itself."""


class _Console(Console):
    """Rich's, which leaves to `main` what to do when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        raise NobodyReads


# Of the help too.
typer.rich_utils.Console = _Console  # type: ignore[misc]

out = _Console(highlight=False)
err = _Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help=texts.say("terminal", "json"))]
"""The flag of every command whose answer a program may read."""


def any_terminal() -> None:
    """Has both streams take any text: what a terminal has no letters for is escaped, and where there is no stream at
    all, nothing is written."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def named(text: str) -> str:
    """What a person or a dwelling is called by, as typed; `-` has it read from the standard input, so that no list of
    processes shows it. Raises `Stop` if there is nothing, or it is no text."""
    if text == "-":
        text = sys.stdin.readline().strip() if sys.stdin else ""
        if not text:
            raise Stop(2, texts.say("terminal", "nothing_typed"))
    try:
        # A terminal without Ukrainian letters hands over the bytes that it got.
        return os.fsencode(text).decode("utf-8") if text.isascii() or not text.isprintable() else text
    except UnicodeError:
        raise Stop(2, texts.say("terminal", "bad_letters")) from None


def secret(label: str) -> str:
    """What nobody else may see: typed without showing it, or one line of the standard input where that is no terminal.
    Raises `Stop` if there is nothing."""
    try:
        if sys.stdin and sys.stdin.isatty():
            text = getpass(f"{label}: ", sys.stderr)
        else:
            text = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    except EOFError:
        text = ""
    if not text:
        raise Stop(2, texts.say("terminal", "no_password"))
    return text


def write_privately(file: Path, content: bytes) -> None:
    """Writes a file that nobody else of this machine may read, also where one that others could read stood."""
    with open(file, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as written:
        if stat.S_ISREG(os.fstat(written.fileno()).st_mode):
            os.fchmod(written.fileno(), 0o600)
        written.write(content)


@contextmanager
def privately() -> Iterator[None]:
    """What is made meanwhile, nobody else of this machine may read."""
    kept = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(kept)


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


def typed(called: gate.Gate, otherwise: str = "missing") -> Callable[[str | None], str | None]:
    """What typer calls with what was typed for an option or an argument: `through_gate`, where something was."""

    def check(text: str | None) -> str | None:
        return None if text is None else through_gate(called, text, otherwise)

    return check


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
        case NotFinal():
            return 4, texts.say("problem_details", "not-final")
        case WrongClock():
            return 4, texts.wrong_clock(error.code, error.apart)
        case PersistenceError() | NotRecorded():
            return 4, texts.say("terminal", "database_silent")
        case FileNotFoundError() | PermissionError() | IsADirectoryError() | NotADirectoryError():
            return 2, texts.say("terminal", "no_file", error.filename)
        case UnicodeError():
            return 2, texts.say("terminal", "bad_letters")
        case OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EIO):
            return 4, texts.say("terminal", "no_room")
        case (
            SettingsError()
            | questions.BadQuestion()
            | questions.NotFound()
            | reading.BadFile()
            | journal.BadJournal()
            | issuing.CannotIssue()
            | issuing.NoDocument()
            | keys.BadKey()
            | StaffError()
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


def answer_lines(answer: dict[str, Any], as_json: bool, columns: tuple[str, ...], nothing: str | None = None) -> None:
    """Prints an answer of `questions` or of replay: the times it is for, then its rows by the named columns; `nothing`
    is what to say where there are none."""
    if as_json:
        print_json(answer)
        return
    times = {name: answer[name] for name in ("on", "from", "until", "known_at", "position") if name in answer}
    said = (f"{texts.label('columns', name)}: {tables.cell(name, value)}" for name, value in times.items() if value)
    for line in tables.side_by_side(said, out.width):
        plain(line)
    rows = answer["answer"]
    if isinstance(rows, str):
        plain(rows)
    elif rows:
        for line in tables.lines(columns, rows, out.width):
            plain(line)
    else:
        plain(nothing or texts.say("terminal", "nothing_found"))


def report_lines(report: Any, marks: list[str]) -> None:
    """Prints what `verify` counted; the first differences go to standard error."""
    for name, count in report.counts.items():
        plain(f"{texts.label('verified', name)}: {count}")
    for name, root in report.roots.items():
        plain(f"{texts.label('verified', f'root_{name}')}: {root}")
    for mark in marks:
        plain(texts.label("marks", mark))
    for difference in report.differences:
        err.print(difference, soft_wrap=True, markup=False)
    plain(texts.say("terminal", "differences", report.found) if report.found else texts.say("terminal", "agrees"))


def print_json(value: Any) -> None:
    """Prints the one JSON value of a command."""
    try:
        print(json.dumps(value, ensure_ascii=False))
    except BrokenPipeError:
        raise NobodyReads from None


def plain(text: str) -> None:
    """Prints a text as it stands: nothing in it is markup, and no line is broken in two."""
    out.print(text, soft_wrap=True, markup=False)


def say(value: dict[str, Any], as_json: bool, text: str) -> None:
    """Prints a value as JSON, or the text that says the same to a person."""
    if as_json:
        print_json(value)
    else:
        plain(text)


@contextmanager
def _progress(total: int | None) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
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
                step = texts.label("load_steps", what)
                tasks[what] = progress.add_task(f"{label}: {step}", total=total)
            if what == "index":
                progress.advance(tasks[what], done)
            else:
                progress.update(tasks[what], completed=done, total=total)

        yield told

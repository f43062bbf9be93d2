"""The command `hromada`. Exit status: 0 done, 1 the check found something, 2 bad usage or input, 3 done but rows were
rejected, 4 something needed is missing (semantics 12). With `--json`, standard output holds one JSON value only."""

import json
import signal
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from api.commands import identity, law, territories, trust
from api.commands.registers import actor, migrated, up_to_date
from api.commands.terminal import (
    Interrupted,
    Json,
    Stop,
    answer_lines,
    bar,
    err,
    explained,
    out,
    report_lines,
    say,
    steps,
    through_gate,
)
from registry import community, gate, journal, questions, seals, texts, viewer
from registry import demo as demo_community
from registry.acts import Clerk
from registry.aggregates.case.events import Notice
from registry.app import Registry
from registry.card_index import loading
from registry.cases import at_desk, extract_warnings
from registry.cases.at_desk import AtDesk
from registry.cases.cases import Cases
from registry.clock import utc_now
from registry.extracts import issuing, superseding
from registry.extracts.requesting import OWNERS_SIDE
from registry.letters import copying
from registry.outgoing import outbox
from registry.projections import runner
from registry.settings import Settings
from registry.storage.database import newest_migration
from registry.storage.embedded import Embedded
from registry.storage.recorder import AT_A_DESK
from replay.compare import verify as compare
from replay.register import on_day

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PROJECTIONS = (*(one.TABLE for one in runner.PROJECTIONS), outbox.TABLE)
"""What `rebuild` makes again; of the outbox it is how each row stands."""

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]

app = typer.Typer(
    help=COMMANDS["hromada"],
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help=COMMANDS["db"], no_args_is_help=True)
ask = typer.Typer(help=COMMANDS["ask"], no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(ask, name="ask")
app.command(help=COMMANDS["fee"])(law.fee)
app.command(help=COMMANDS["office"])(law.office)
app.command(help=COMMANDS["init"])(identity.init)
app.add_typer(identity.community, name="community")
app.add_typer(territories.territories, name="territories")
app.add_typer(trust.keys, name="keys")
app.command(help=COMMANDS["check"])(trust.check)

On = Annotated[str | None, typer.Option("--on", help=OPTIONS["on"])]
From = Annotated[str | None, typer.Option("--from", help=OPTIONS["from"])]
Until = Annotated[str | None, typer.Option("--until", help=OPTIONS["until"])]
KnownAt = Annotated[str | None, typer.Option("--known-at", help=OPTIONS["known-at"])]


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


@app.command(help=COMMANDS["demo"])
def demo(
    persons: Annotated[int, typer.Option(min=20, max=100_000, help=OPTIONS["demo --persons"])] = 2000,
    seed: Annotated[int, typer.Option(help=OPTIONS["demo --seed"])] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=OPTIONS["demo --no-serve"])] = False,
) -> None:
    """Shows the register of an invented community; one that has entries is only shown, nothing is added."""
    settings = Settings.read()
    _orderly_end()
    if not no_serve:
        _require_free_ports(settings)
    try:
        with migrated(settings) as registry:
            _rebuilt(registry, runner.stale(registry.recorder))
            examples = _seed(registry, persons, seed)
        if not no_serve:
            _serve(settings, examples, logs="warning")
    finally:
        if not no_serve:
            _stop_embedded(settings)


@app.command(help=COMMANDS["serve"])
def serve(
    host: Annotated[str, typer.Option(help=OPTIONS["serve --host"])] = "127.0.0.1",
) -> None:
    """Serves the desk and the JSON API on HROMADA_PORT."""
    if host not in LOOPBACK:
        raise Stop(2, texts.say("commands_say", "loopback_only"))
    settings = Settings.read()
    _orderly_end()
    _require_free_ports(settings)
    _serve(settings)


@db.command("start", help=COMMANDS["db start"])
def db_start() -> None:
    """Starts the embedded database of HROMADA_DATA."""
    _embedded(Settings.read()).start()
    out.print(texts.say("commands_say", "database_runs"))


@db.command("stop", help=COMMANDS["db stop"])
def db_stop() -> None:
    """Stops the embedded database of this HROMADA_DATA."""
    _embedded(Settings.read()).stop()
    out.print(texts.say("commands_say", "database_stopped"))


@db.command("status", help=COMMANDS["db status"])
def db_status() -> None:
    """Whether the embedded database runs: 0 yes, 1 no."""
    running = _embedded(Settings.read()).status()
    out.print(texts.say("commands_say", "database_runs") if running else texts.say("commands_say", "database_stands"))
    raise typer.Exit(0 if running else 1)


@app.command("import", help=COMMANDS["import"])
def import_(
    source: Annotated[Path, typer.Argument(help=OPTIONS["import SOURCE"])],
    rejects: Annotated[Path | None, typer.Option(help=OPTIONS["import --rejects"])] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=OPTIONS["import --dry-run"])] = False,
    as_json: Json = False,
) -> None:
    """Loads a card index (three CSV files) or a journal into an empty register."""
    settings = Settings.read()
    if not source.exists():
        raise Stop(2, texts.say("commands_say", "no_source", source))
    # It acts on whomever its rows name, and tells by its rejects what is known of them.
    viewer.insist_on_everything(viewer.viewer_of(actor(settings)))
    started = time.monotonic()
    with up_to_date(settings) as registry:
        if source.is_dir():
            _import_cards(registry, settings, source, rejects, dry_run, as_json, started)
        elif dry_run:
            raise Stop(2, texts.say("commands_say", "no_journal_dry_run"))
        else:
            _import_journal(registry, source, as_json, started)


@app.command(help=COMMANDS["export"])
def export(
    file: Annotated[Path, typer.Argument(help=OPTIONS["export FILE"])],
    documents: Annotated[Path | None, typer.Option(help=OPTIONS["export --documents"])] = None,
    as_json: Json = False,
) -> None:
    """Writes the whole register as a journal: one line a fact; and beside it, if asked, every issued document."""
    settings = Settings.read()
    with (
        migrated(settings) as registry,
        bar(texts.say("commands_say", "exporting"), registry.position()) as advance,
    ):
        viewer = _viewer(registry, settings)
        facts = journal.export(registry, file, advance, seen_by=viewer)
        made, lost = copying.copied(registry, settings, documents, seen_by=viewer) if documents else (0, [])
    lines = [texts.say("commands_say", "exported", facts)]
    lines += [texts.say("commands_say", "exported_documents", made)] if documents else []
    lines += [texts.say("commands_say", "lost_documents", ", ".join(lost))] if lost else []
    beside = {"documents": made, "lost": lost} if documents else {}
    say({"facts": facts, **beside}, as_json, "\n".join(lines))
    raise typer.Exit(3 if lost else 0)


@app.command(help=COMMANDS["extract"])
def extract(
    file: Annotated[Path, typer.Option("--out", help=OPTIONS["extract --out"])],
    person: Annotated[str | None, typer.Argument(help=OPTIONS["person"], show_default=False)] = None,
    dwelling: Annotated[str | None, typer.Option("--dwelling", help=OPTIONS["extract --dwelling"])] = None,
    again: Annotated[str | None, typer.Option("--again", help=OPTIONS["extract --again"])] = None,
    history: Annotated[bool, typer.Option("--history", help=OPTIONS["extract --history"])] = False,
    about: Annotated[str | None, typer.Option("--about", help=OPTIONS["extract --about"])] = None,
    basis: Annotated[str, typer.Option("--for", help=OPTIONS["extract --for"])] = "person",
    requester: Annotated[str | None, typer.Option(help=OPTIONS["extract --requester"])] = None,
    shown: Annotated[list[str] | None, typer.Option("--document", help=OPTIONS["extract --document"])] = None,
    dated: Annotated[str | None, typer.Option("--dated", help=OPTIONS["extract --dated"])] = None,
    number: Annotated[str | None, typer.Option("--number", help=OPTIONS["extract --number"])] = None,
    on: On = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Issues an extract: number, document, fact. With --again: the same document once more, byte for byte."""
    settings, now = Settings.read(), utc_now()
    by = actor(settings)
    asked = questions.asked(on=on, known_at=known_at, now=now)
    _require_folder(file)
    because_of_home = person and dwelling and basis in OWNERS_SIDE
    if [person, dwelling, again].count(None) != (1 if because_of_home else 2):
        raise Stop(2, texts.say("commands_say", "one_of_three"))
    with up_to_date(settings) as registry:
        seen_by = _viewer(registry, settings)
        issuing.void_unfinished(registry, by=by, now=now)
        if again:
            issued = issuing.issued_before(registry, settings, again, by=by, seen_by=seen_by)
        else:
            position = questions.position_of(registry, asked, now)
            home = questions.find_dwelling(registry, dwelling, position) if dwelling else None
            wanted = AtDesk(
                person=questions.find_person(registry, person, position, seen_by=seen_by) if person else None,
                dwelling=None if person else home,
                home=home if person else None,
                documents=frozenset(shown) if shown else None,
                notice=Notice(sender=requester or "", dated=_dated(dated), number=number) if dated else None,
                history=history,
                asked_for=about,
                on=asked.on if on else None,
                known_at=asked.known_at if known_at else None,
                basis=basis,
                requester=requester,
            )
            cases = Cases(Clerk(registry, by), settings)
            warned = extract_warnings.warnings(registry, wanted, registry.position())
            issued = at_desk.issue(cases, wanted, command=uuid4())
            for one in warned:
                err.print(texts.fault_text(one), markup=False)
    file.write_bytes(issued.pdf)
    if as_json:
        print(issuing.as_json(issued))
    else:
        out.print(texts.say("commands_say", "issued", issued.number, file))


@ask.command("residence", help=COMMANDS["ask residence"])
def ask_residence(
    person: Annotated[str, typer.Argument(help=OPTIONS["person"])],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Where a person lived: on a day or over a period, newest first."""
    now = utc_now()
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, now=now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        answer = questions.residence(registry, person, question, now, seen_by=_viewer(registry, settings))
    answer_lines(answer, as_json, ("kind", "address", "since", "until", "certain", "facts"))


@ask.command("occupancy", help=COMMANDS["ask occupancy"])
def ask_occupancy(
    dwelling: Annotated[str, typer.Argument(help=OPTIONS["dwelling"])],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Who lived in a dwelling: on a day or, over a period, one stretch for each set of residents."""
    now = utc_now()
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, now=now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        answer = questions.occupancy(registry, dwelling, question, now, seen_by=_viewer(registry, settings))
    on_day_ = ("person_ref", "name", "kind", "since", "until", "kept", "certain", "facts")
    answer_lines(answer, as_json, ("from", "until", "persons", "certain", "facts") if question.period else on_day_)


@ask.command("moved", help=COMMANDS["ask moved"])
def ask_moved(
    least: Annotated[int, typer.Option(min=1, help=OPTIONS["ask moved LEAST"])],
    first: Annotated[int, typer.Option(min=1, help=OPTIONS["ask moved FIRST"])],
    on: On = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """The living from 14 years on who have at least so many residences in this community."""
    settings, now = Settings.read(), utc_now()
    question = questions.asked(on=on, known_at=known_at, now=now)
    with up_to_date(settings) as registry:
        position = questions.position_of(registry, question, now)
        answer = questions.moved(
            registry,
            question,
            now,
            least=least,
            first=first,
            community=community.here(registry, settings, question.day, position).within,
            seen_by=_viewer(registry, settings),
        )
    answer_lines(answer, as_json, ("person_ref", "residences"))


@ask.command("superseded", help=COMMANDS["ask superseded"])
def ask_superseded(
    since: Annotated[str, typer.Option("--since", help=OPTIONS["ask superseded --since"])],
    as_json: Json = False,
) -> None:
    """The issued extracts that a correction or an annulment concerns: which, and to whom they were given."""
    now = utc_now()
    begin = questions.beginning(since, now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        answer = superseding.listed(registry, begin, seen_by=_viewer(registry, settings))
    answer_lines(answer, as_json, ("number", "requester", "superseded_on", "because"))


@app.command(help=COMMANDS["replay"])
def replay(
    on: On = None,
    known_at: KnownAt = None,
    person: Annotated[str | None, typer.Option(help=OPTIONS["replay --person"])] = None,
    as_json: Json = False,
) -> None:
    """Makes the register again from the log of facts alone, without the projections."""
    now = utc_now()
    question = questions.asked(on=on, known_at=known_at, now=now)
    settings = Settings.read()
    with migrated(settings) as registry:
        position, seen_by = questions.position_of(registry, question, now), _viewer(registry, settings)
        with bar(texts.say("commands_say", "replaying"), position) as advance:
            rows = on_day(registry, question.day, position, person, advance, seen_by=seen_by) if position else []
    if rows is None:
        raise Stop(2, texts.say("extract_faults", "person-unknown"))
    found = rows[0]["residences"] if person and position else rows
    said: Any = found if position else texts.TEXTS["answers"]["not-yet"]
    answer = {**question.head, "position": position, "answer": said}
    answer_lines(answer, as_json, ("kind", "address", "since", "until") if person else ("person_ref", "residences"))


@app.command(help=COMMANDS["verify"])
def verify(as_json: Json = False) -> None:
    """Replays everything and compares it with every projection, row by row."""
    with up_to_date(Settings.read()) as registry:
        with bar(texts.say("commands_say", "verifying"), 2 * registry.position()) as advance:
            report = compare(registry, advance)
        marks = [row["mark"] for row in registry.marks()]
    said = {**report.counts, "marks": marks, "differences": report.differences, "found": report.found}
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
    else:
        report_lines(report, marks)
    raise typer.Exit(1 if report.found else 0)


@app.command(help=COMMANDS["rebuild"])
def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help=OPTIONS["rebuild NAMES"])] = None,
    as_json: Json = False,
) -> None:
    """Builds projections again from the log of facts; work goes on meanwhile."""
    wanted = names or list(PROJECTIONS)
    if unknown := [name for name in wanted if name not in PROJECTIONS]:
        raise Stop(2, texts.say("commands_say", "no_projection", ", ".join(unknown), ", ".join(PROJECTIONS)))
    with migrated(Settings.read()) as registry:
        rows = _rebuilt(registry, wanted)
    say(rows, as_json, _rows_told(rows))


@app.command(help=COMMANDS["upgrade"])
def upgrade(as_json: Json = False) -> None:
    """Brings the register up to this version of the program: its schema, and the projections that another one made."""
    settings = Settings.read()
    with migrated(settings) as registry:
        rows = _rebuilt(registry, runner.stale(registry.recorder))
        community.found(registry, actor(settings))
    schema = newest_migration()
    text = texts.say("upgrade", "done", schema=schema)
    said = {"schema": schema, "rebuilt": rows}
    say(said, as_json, f"{_rows_told(rows)}\n{text}" if rows else text)


def _rows_told(rows: dict[str, int]) -> str:
    return "\n".join(texts.say("commands_say", "rebuilt", name, count) for name, count in rows.items())


@app.command(help=COMMANDS["version"])
def version(as_json: Json = False) -> None:
    """The version of the program."""
    number = installed_version("hromada-registry")
    say({"version": number}, as_json, f"hromada {number}")


def _rebuilt(registry: Registry, names: Sequence[str]) -> dict[str, int]:
    """Rebuilds projections, each under a progress bar; returns the number of rows of each."""
    rows = {}
    for name in names:
        with bar(name, registry.position()) as advance:
            rows[name] = registry.rebuild(name, advance)
    return rows


def _embedded(settings: Settings) -> Embedded:
    if settings.database_url:
        raise Stop(2, texts.say("commands_say", "not_embedded"))
    return Embedded(settings.data)


def _stop_embedded(settings: Settings) -> None:
    """Stops the embedded database whatever signals still come."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if not settings.database_url:
        Embedded(settings.data).stop()
        err.print(texts.say("commands_say", "all_stopped"))


def _orderly_end() -> None:
    def end(number: int, frame: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


def _dated(text: str) -> str:
    """The day of a paper, ISO."""
    return through_gate(gate.whole_day, text, "not-a-day")


def _require_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise Stop(2, texts.say("commands_say", "no_folder", file.parent))


def _require_free_ports(settings: Settings) -> None:
    from api.commands.serving import require_free_ports

    require_free_ports(settings)


def _serve(settings: Settings, examples: tuple[tuple[str, UUID], ...] = (), logs: str = "info") -> None:
    """Says where to look once nothing stands in the way any more, then serves until it is ended."""
    from api.commands import serving
    from api.guards import configure_logs
    from api.main import create_app, create_public_app

    configure_logs(logs)
    with up_to_date(settings, AT_A_DESK) as registry:
        issuing.void_unfinished(registry, by=actor(settings), now=utc_now())
        for line in identity.warnings(registry, settings):
            err.print(line, soft_wrap=True)
        desk, public = create_app(registry, settings), create_public_app(registry, settings)
        _where_to_look(settings, examples)
        try:
            serving.serve(desk, public, settings)
        except (KeyboardInterrupt, Interrupted):
            return


def _where_to_look(settings: Settings, examples: tuple[tuple[str, UUID], ...]) -> None:
    address = settings.local_url
    said = texts.say("commands_say", "serving", address=address, public=settings.local_public_url)
    out.print(said, soft_wrap=True)
    for label, person in examples:
        out.print(f"  {label}: {address}/persons/{person}", soft_wrap=True)
    sys.stdout.flush()


def _seed(registry: Registry, persons: int, seed: int) -> tuple[tuple[str, UUID], ...]:
    if not registry.is_empty():
        err.print(texts.say("commands_say", "has_entries"))
        return ()
    with bar(texts.say("commands_say", "inventing"), None) as advance:
        made = demo_community.seed(registry, persons=persons, seed=seed, now=utc_now(), progress=advance)
    err.print(texts.say("commands_say", "invented", made.persons, made.dwellings, made.residences, made.facts))
    return made.examples


def _import_cards(
    registry: Registry,
    settings: Settings,
    folder: Path,
    rejects: Path | None,
    dry_run: bool,
    as_json: bool,
    started: float,
) -> None:
    with steps(texts.say("commands_say", "loading")) as progress:
        counts = loading.load(registry, folder, by=actor(settings), now=utc_now(), dry_run=dry_run, progress=progress)
    path = rejects or settings.data / "rejects.csv"
    if counts.rejects or path.exists():
        loading.write_rejects(path, counts.rejects)
    said = {
        "persons": counts.persons,
        "dwellings": counts.dwellings,
        "residences": counts.residences,
        "rejected": len(counts.rejects),
        "seconds": round(time.monotonic() - started, 3),
    }
    text = texts.say("commands_say", "cards_loaded", counts.persons, counts.dwellings, counts.residences)
    if counts.rejects:
        text += texts.say("commands_say", "cards_rejected", len(counts.rejects), path)
    say(said, as_json, text)
    raise typer.Exit(3 if counts.rejects else 0)


def _import_journal(registry: Registry, file: Path, as_json: bool, started: float) -> None:
    with bar(texts.say("commands_say", "loading_journal"), None) as advance:
        facts = journal.load(registry, file, utc_now(), advance)
    said = {"facts": facts, "seconds": round(time.monotonic() - started, 3)}
    say(said, as_json, texts.say("commands_say", "loaded", facts))


def _viewer(registry: Registry, settings: Settings) -> viewer.Viewer:
    return seals.viewer_of(registry, actor(settings))

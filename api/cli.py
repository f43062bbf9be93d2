"""The command `hromada`. Exit status: 0 done, 1 the check found something, 2 bad usage or input, 3 done but rows were
rejected, 4 something needed is missing (semantics 12). With `--json`, standard output holds one JSON value only."""

import json
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from api import law, trust
from api.terminal import Interrupted, Json, Stop, answer_lines, bar, err, explained, out, report_lines, say, steps
from registry import demo as demo_community
from registry import journal, questions, texts
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.card_index import loading
from registry.extracts import issuing, superseding
from registry.opening import opened
from registry.projections import runner
from registry.settings import Settings
from registry.storage.database import connect_url, migrate, newest_migration
from registry.storage.embedded import Embedded
from replay.compare import verify as compare
from replay.register import on_day

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PROJECTIONS = tuple(one.TABLE for one in runner.PROJECTIONS)

app = typer.Typer(
    help="Hromada: реєстр територіальної громади.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="Вбудована база даних: запустити, зупинити, перевірити.", no_args_is_help=True)
ask = typer.Typer(help="Запитання до реєстру: на день закону і станом на момент запису.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(ask, name="ask")
app.command()(law.fee)
app.command()(law.office)
app.add_typer(trust.keys, name="keys")
app.command()(trust.check)

On = Annotated[str | None, typer.Option("--on", help="День закону, РРРР-ММ-ДД; без нього сьогодні.")]
From = Annotated[str | None, typer.Option("--from", help="Початок періоду (входить), РРРР-ММ-ДД.")]
Until = Annotated[str | None, typer.Option("--until", help="Кінець періоду (не входить), РРРР-ММ-ДД.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="Станом на день або момент запису (ISO 8601).")]


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


@app.command()
def demo(
    persons: Annotated[int, typer.Option(min=20, max=100_000, help="Скільки вигаданих осіб.")] = 2000,
    seed: Annotated[int, typer.Option(help="Зерно: того самого дня те саме зерно дає ту саму громаду.")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Лише заповнити реєстр.")] = False,
) -> None:
    """Показовий реєстр вигаданої громади; непорожній реєстр лише показує, нічого не додаючи."""
    settings = Settings.read()
    _orderly_end()
    if not no_serve:
        _require_free_port(settings.port)
    try:
        with _opened(settings) as registry:
            _rebuilt(registry, runner.stale(registry.recorder))
            examples = _seed(registry, persons, seed)
            if no_serve:
                return
            _where_to_look(settings, examples)
            _serve(registry, settings, logs="warning")
    finally:
        if not no_serve:
            _stop_embedded(settings)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Адреса; поки немає ролей, лише ця машина.")] = "127.0.0.1",
) -> None:
    """Запустити стіл працівника та JSON API на HROMADA_PORT."""
    if host not in LOOPBACK:
        raise Stop(2, "Поки немає входу й ролей, реєстр слухає лише 127.0.0.1. Приберіть --host.")
    settings = Settings.read()
    _orderly_end()
    _require_free_port(settings.port)
    with _registry(settings) as registry:
        _where_to_look(settings, ())
        _serve(registry, settings)


@db.command("start")
def db_start() -> None:
    """Запустити вбудовану базу даних (HROMADA_DATA)."""
    _embedded(Settings.read()).start()
    out.print("База даних працює.")


@db.command("stop")
def db_stop() -> None:
    """Зупинити вбудовану базу даних цього HROMADA_DATA."""
    _embedded(Settings.read()).stop()
    out.print("Базу даних зупинено.")


@db.command("status")
def db_status() -> None:
    """Чи працює вбудована база даних: 0 так, 1 ні."""
    running = _embedded(Settings.read()).status()
    out.print("База даних працює." if running else "База даних зупинена.")
    raise typer.Exit(0 if running else 1)


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Папка з трьома CSV або журнал .jsonl.")],
    rejects: Annotated[Path | None, typer.Option(help="Куди записати відхилені рядки.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Лише перевірити, нічого не записувати.")] = False,
    as_json: Json = False,
) -> None:
    """Завантажити картотеку (три файли CSV) або журнал у порожній реєстр."""
    settings = Settings.read()
    if not source.exists():
        raise Stop(2, f"Немає такого файлу або папки: {source}.")
    started = time.monotonic()
    with _registry(settings) as registry:
        if source.is_dir():
            _import_cards(registry, settings, source, rejects, dry_run, as_json, started)
        elif dry_run:
            raise Stop(2, "Журнал перевіряється під час завантаження; --dry-run лише для картотеки.")
        else:
            _import_journal(registry, source, as_json, started)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Файл журналу .jsonl.")],
    as_json: Json = False,
) -> None:
    """Експортувати весь реєстр як журнал: один рядок на факт."""
    with _opened(Settings.read()) as registry, bar("Експорт", registry.position()) as advance:
        facts = journal.export(registry, file, advance)
    say({"facts": facts}, as_json, f"Записано фактів: {facts}.")


@app.command()
def extract(
    file: Annotated[Path, typer.Option("--out", help="Файл PDF.")],
    person: Annotated[
        str | None, typer.Argument(help="Особа: ідентифікатор, позначка картки або УНЗР.", show_default=False)
    ] = None,
    dwelling: Annotated[
        str | None, typer.Option("--dwelling", help="Замість особи: хто зареєстрований у цьому житлі.")
    ] = None,
    again: Annotated[str | None, typer.Option("--again", help="Видати ще раз документ з цим номером.")] = None,
    history: Annotated[bool, typer.Option("--history", help="З попередніми періодами.")] = False,
    about: Annotated[
        str | None, typer.Option("--about", help="current, left або annulled; без цього те, що є в особи.")
    ] = None,
    basis: Annotated[str, typer.Option("--for", help="Хто просить: person, legal_representative…")] = "person",
    requester: Annotated[str | None, typer.Option(help="Хто саме просить, якщо не особа.")] = None,
    on: On = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Видати витяг: номер, документ PDF, запис про видачу. З --again: той самий документ ще раз, байт у байт."""
    settings, now = Settings.read(), datetime.now(UTC)
    asked = questions.asked(on=on, known_at=known_at, now=now)
    if not file.parent.is_dir():
        raise Stop(2, f"Немає папки {file.parent}. Створіть її або вкажіть інший --out.")
    if [person, dwelling, again].count(None) != 2:
        raise Stop(2, "Вкажіть щось одне: особу, --dwelling ЖИТЛО або --again НОМЕР.")
    with _registry(settings) as registry:
        issuing.void_unfinished(registry, by=_actor(settings), now=now)
        if again:
            issued = issuing.issued_before(registry, settings, again, by=_actor(settings))
        else:
            position = questions.position_of(registry, asked, now)
            issued = issuing.issue(
                registry,
                questions.find_person(registry, person, position) if person else None,
                dwelling=questions.find_dwelling(registry, dwelling, position) if dwelling else None,
                settings=settings,
                by=_actor(settings),
                command=uuid4(),
                now=now,
                history=history,
                asked_for=about,
                on=asked.on if on else None,
                known_at=asked.known_at if known_at else None,
                basis=basis,
                requester=requester,
            )
    file.write_bytes(issued.pdf)
    if as_json:
        print(issuing.as_json(issued))
    else:
        out.print(f"Витяг {issued.number}: {file}")


@ask.command("residence")
def ask_residence(
    person: Annotated[str, typer.Argument(help="Особа: ідентифікатор, позначка картки або УНЗР.")],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Де проживала особа: на день або за період, найновіше спершу."""
    now = datetime.now(UTC)
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, now=now)
    with _registry(Settings.read()) as registry:
        answer = questions.residence(registry, person, question, now)
    answer_lines(answer, as_json, ("kind", "address", "since", "until", "certain", "facts"))


@ask.command("occupancy")
def ask_occupancy(
    dwelling: Annotated[str, typer.Argument(help="Житло: ідентифікатор або позначка картки.")],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Хто проживав у житлі: на день або, за період, один відрізок на кожен склад мешканців."""
    now = datetime.now(UTC)
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, now=now)
    with _registry(Settings.read()) as registry:
        answer = questions.occupancy(registry, dwelling, question, now)
    on_day_ = ("person_ref", "name", "kind", "since", "until", "kept", "certain", "facts")
    answer_lines(answer, as_json, ("from", "until", "persons", "certain", "facts") if question.period else on_day_)


@ask.command("moved")
def ask_moved(
    least: Annotated[int, typer.Option(min=1, help="Найменша кількість місць проживання.")],
    first: Annotated[int, typer.Option(min=1, help="Скільки осіб показати.")],
    on: On = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Живі особи від 14 років, у яких щонайменше стільки місць проживання в цій громаді."""
    settings, now = Settings.read(), datetime.now(UTC)
    question = questions.asked(on=on, known_at=known_at, now=now)
    with _registry(settings) as registry:
        answer = questions.moved(registry, question, now, least=least, first=first, community=settings.community_prefix)
    answer_lines(answer, as_json, ("person_ref", "residences"))


@ask.command("superseded")
def ask_superseded(
    since: Annotated[str, typer.Option("--since", help="З якого дня або моменту внесено виправлення чи скасування.")],
    as_json: Json = False,
) -> None:
    """Видані витяги, яких стосується виправлення або скасування: які саме й кому їх видано."""
    now = datetime.now(UTC)
    begin = questions.beginning(since, now)
    with _registry(Settings.read()) as registry:
        answer = superseding.listed(registry, begin)
    answer_lines(answer, as_json, ("number", "requester", "superseded_on", "because"))


@app.command()
def replay(
    on: On = None,
    known_at: KnownAt = None,
    person: Annotated[str | None, typer.Option(help="Лише ця особа.")] = None,
    as_json: Json = False,
) -> None:
    """Відтворити реєстр із самого журналу фактів, не з проєкцій."""
    now = datetime.now(UTC)
    question = questions.asked(on=on, known_at=known_at, now=now)
    with _opened(Settings.read()) as registry:
        position = questions.position_of(registry, question, now)
        with bar("Відтворення", position) as advance:
            rows = on_day(registry, question.day, position, person, advance) if position else []
    if rows is None:
        raise Stop(2, "Такої особи в реєстрі немає (або на той момент ще не було). Перевірте номер чи позначку.")
    found = rows[0]["residences"] if person and position else rows
    said: Any = found if position else texts.TEXTS["answers"]["not-yet"]
    answer = {**question.head, "position": position, "answer": said}
    answer_lines(answer, as_json, ("kind", "address", "since", "until") if person else ("person_ref", "residences"))


@app.command()
def verify(as_json: Json = False) -> None:
    """Відтворити все й порівняти рядок за рядком із кожною проєкцією."""
    with _registry(Settings.read()) as registry:
        with bar("Перевірка", 2 * registry.position()) as advance:
            report = compare(registry, advance)
        marks = [row["mark"] for row in registry.marks()]
    said = {**report.counts, "marks": marks, "differences": report.differences, "found": report.found}
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
    else:
        report_lines(report, marks)
    raise typer.Exit(1 if report.found else 0)


@app.command()
def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Проєкції; без назв усі.")] = None,
    as_json: Json = False,
) -> None:
    """Побудувати проєкції заново з журналу фактів; робота при цьому триває."""
    wanted = names or list(PROJECTIONS)
    if unknown := [name for name in wanted if name not in PROJECTIONS]:
        raise Stop(2, f"Немає проєкції {', '.join(unknown)}. Є {', '.join(PROJECTIONS)}.")
    with _opened(Settings.read()) as registry:
        rows = _rebuilt(registry, wanted)
    say(rows, as_json, "\n".join(f"{name}: рядків {count}" for name, count in rows.items()))


@app.command()
def upgrade(as_json: Json = False) -> None:
    """Привести реєстр до цієї версії програми: схему бази і проєкції, які побудувала інша версія."""
    with _opened(Settings.read()) as registry:
        rows = _rebuilt(registry, runner.stale(registry.recorder))
    schema = newest_migration()
    text = texts.TEXTS["upgrade"]["done"].format(schema=schema)
    built = (texts.TEXTS["upgrade"]["rebuilt"].format(name=name, rows=count) for name, count in rows.items())
    say({"schema": schema, "rebuilt": rows}, as_json, "\n".join([*built, text]))


@app.command()
def version(as_json: Json = False) -> None:
    """Версія програми."""
    number = installed_version("hromada-registry")
    say({"version": number}, as_json, f"hromada {number}")


@contextmanager
def _registry(settings: Settings) -> Iterator[Registry]:
    """The register that the settings name, its database started, its schema and its projections up to date. Raises
    `Stop` if another version of the program made the rows of a projection."""
    with _opened(settings) as registry:
        if stale := runner.stale(registry.recorder):
            raise Stop(4, texts.TEXTS["upgrade"]["stale"].format(names=", ".join(stale)))
        yield registry


@contextmanager
def _opened(settings: Settings) -> Iterator[Registry]:
    """The same for what reads only the log, or makes the projections itself: their rows may be stale."""
    url = connect_url(settings)
    migrate(url)
    with opened(url) as registry:
        yield registry


def _rebuilt(registry: Registry, names: Sequence[str]) -> dict[str, int]:
    """Rebuilds projections, each under a progress bar; returns the number of rows of each."""
    rows = {}
    for name in names:
        with bar(name, registry.position()) as advance:
            rows[name] = registry.rebuild(name, advance)
    return rows


def _embedded(settings: Settings) -> Embedded:
    if settings.database_url:
        raise Stop(2, "DATABASE_URL вказує на іншу базу; команди db лише для вбудованої. Приберіть DATABASE_URL.")
    return Embedded(settings.data)


def _stop_embedded(settings: Settings) -> None:
    """Stops the embedded database whatever signals still come."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if not settings.database_url:
        Embedded(settings.data).stop()
        err.print("Сервер і базу даних зупинено.")


def _orderly_end() -> None:
    def end(number: int, frame: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Stop(4, f"Порт {port} зайнятий. Зупиніть ту програму або задайте інший HROMADA_PORT.") from None


def _serve(registry: Registry, settings: Settings, logs: str = "info") -> None:
    import uvicorn

    from api.guards import configure_logs
    from api.main import create_app

    configure_logs(logs)
    issuing.void_unfinished(registry, by=_actor(settings), now=datetime.now(UTC))
    config = uvicorn.Config(
        create_app(registry, settings), host="127.0.0.1", port=settings.port, access_log=False, log_level="warning"
    )
    try:
        uvicorn.Server(config).run()
    except (KeyboardInterrupt, Interrupted):
        return


def _where_to_look(settings: Settings, examples: tuple[tuple[str, UUID], ...]) -> None:
    address = f"http://127.0.0.1:{settings.port}"
    out.print(f"Реєстр працює: {address}  (API: {address}/api/v1/openapi.json; зупинити: Ctrl-C)", soft_wrap=True)
    for label, person in examples:
        out.print(f"  {label}: {address}/persons/{person}", soft_wrap=True)
    sys.stdout.flush()


def _seed(registry: Registry, persons: int, seed: int) -> tuple[tuple[str, UUID], ...]:
    if registry.position():
        err.print("Реєстр уже має записи: показую його, нічого не додаючи.")
        return ()
    with bar("Вигадана громада", None) as advance:
        made = demo_community.seed(registry, persons=persons, seed=seed, now=datetime.now(UTC), progress=advance)
    err.print(f"Осіб {made.persons}, житла {made.dwellings}, місць проживання {made.residences}, фактів {made.facts}.")
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
    with steps("Завантаження") as progress:
        counts = loading.load(
            registry, folder, by=_actor(settings), now=datetime.now(UTC), dry_run=dry_run, progress=progress
        )
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
    text = f"Осіб {counts.persons}, житла {counts.dwellings}, місць проживання {counts.residences}"
    if counts.rejects:
        text += f", відхилено рядків {len(counts.rejects)}: {path}"
    say(said, as_json, text)
    raise typer.Exit(3 if counts.rejects else 0)


def _import_journal(registry: Registry, file: Path, as_json: bool, started: float) -> None:
    with bar("Завантаження журналу", None) as advance:
        facts = journal.load(registry, file, datetime.now(UTC), advance)
    said = {"facts": facts, "seconds": round(time.monotonic() - started, 3)}
    say(said, as_json, f"Завантажено фактів: {facts}.")


def _actor(settings: Settings) -> Actor:
    return Actor(settings.actor_id, settings.actor_name)

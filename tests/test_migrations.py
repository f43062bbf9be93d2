"""The schema: from zero, in order, once; the wrong databases; and the settings that lead to one."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from clerks import Clerk
from given import CLERK, VARIABLES, application
from running import Command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from registry import journal
from registry.aggregates.outgoing.events import item_id
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.opening import opened
from registry.outgoing import makers
from registry.projections import runner
from registry.settings import Settings, SettingsError
from registry.storage.database import MIGRATIONS, DatabaseUnavailable, connect, migrate, newest_migration, session_url
from registry.viewer import OPEN
from replay.compare import verify

SECRET = "гасло-T0p"
SOON = 60
"""Seconds: more than a busy machine needs, less than anybody would wait for a server that does not answer."""
GOLDEN = Path(__file__).parent / "golden"


def _version(url: str) -> object:
    """The number of the schema in the database."""
    with connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    return row[0]


def _numbers(folder: str, suffix: str) -> list[str]:
    """The numbers of the files in a folder of the migrations, in order; every file must have one."""
    names = sorted(path.stem for path in (MIGRATIONS / folder).glob(f"*{suffix}"))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", name) for name in names), names
    return names


def test_numbers_have_no_gap_and_each_version_has_its_sql() -> None:
    versions = _numbers("versions", ".py")
    assert versions == _numbers("sql", ".sql")
    assert [name[:4] for name in versions] == [f"{number:04}" for number in range(1, len(versions) + 1)]


def test_each_version_names_itself_and_the_one_before() -> None:
    for number, path in enumerate(sorted((MIGRATIONS / "versions").glob("*.py")), start=1):
        text = path.read_text()
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert f'revision = "{number:04}"' in text
        assert f"down_revision = {before}\n" in text
        assert "def downgrade" not in text


def test_no_sql_file_ends_the_migration_s_transaction() -> None:
    for path in (MIGRATIONS / "sql").glob("*.sql"):
        assert not re.search(r"^\s*(BEGIN|COMMIT|ROLLBACK)\s*;", path.read_text(), re.MULTILINE | re.IGNORECASE), path


def test_from_zero(empty_database_url: str) -> None:
    migrate(empty_database_url)
    assert _version(empty_database_url) == newest_migration()


def _migrate_to(url: str, number: str) -> None:
    """The schema as a release before left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, number)


def _columns(url: str, tables: list[str]) -> dict[str, str]:
    """The columns that each table has, in their order."""
    with connect(url) as connection:
        return {
            name: ", ".join(one.name for one in connection.execute(f"SELECT * FROM {name} LIMIT 0").description or ())
            for name in tables
        }


def _contents(url: str, columns: dict[str, str]) -> dict[str, list[object]]:
    """What stands in these columns of each table."""
    with connect(url) as connection:
        return {
            name: connection.execute(f"SELECT ROW({named})::text FROM {name} ORDER BY 1").fetchall()
            for name, named in columns.items()
        }


OLDER = ["0001", "0002", "0003"]
"""The schemas that were released; `golden/release_NNNN.sql` is a small life as the last program with it wrote it."""


def _life(url: str, number: str) -> list[str]:
    """Puts the life of a release into an empty database, as that release left it; returns the names of its tables."""
    life = (GOLDEN / f"release_{number}.sql").read_text("utf-8")
    _migrate_to(url, number)
    with connect(url) as connection:
        connection.execute(life.encode())
    return sorted(set(re.findall(r"^INSERT INTO (\w+)", life, re.MULTILINE)))


@pytest.mark.parametrize("number", OLDER)
def test_from_a_release_before_everything_is_still_there(empty_database_url: str, number: str) -> None:
    url = empty_database_url
    tables = _life(url, number)
    columns = _columns(url, tables)
    before = _contents(url, columns)
    assert _version(url) == number and all(before.values())
    migrate(url)
    assert (_version(url), _contents(url, columns)) == (newest_migration(), before)
    with opened(url) as registry:
        position = registry.position()
        _rebuild_stale(registry)
        assert verify(registry).differences == []
        person = registry.query("people", "by_ref", ref="P-1", position=position)[0]["person"]
        act = registry.append([(uuid4(), [application(person)], 0)], by=CLERK, command=uuid4())
        assert act.position == position + 1
        [row] = registry.query("applications", "of_person", people=[person])
        assert (row["application"], row["status"]) == (act.entries[0].stream, "received")
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Наступна"))
        for projection in runner.PROJECTIONS:
            registry.rebuild(projection.TABLE)
        assert verify(registry).differences == []


@pytest.mark.parametrize("number", OLDER)
def test_a_release_before_is_whole_after_an_upgrade_and_its_journal_has_the_same_bytes(
    empty_database_url: str, number: str, tmp_path: Path
) -> None:
    """Where `verify` finds rows that the release made otherwise, the VERSION of their projection has to be raised."""
    url, file = empty_database_url, tmp_path / "all.jsonl"
    _life(url, number)
    with connect(url) as connection:
        facts = connection.execute("SELECT state, leaf FROM facts ORDER BY notification_id").fetchall()
    migrate(url)
    with opened(url) as registry:
        _rebuild_stale(registry)
        assert verify(registry).differences == []
        journal.export(registry, file, seen_by=OPEN)
    assert file.read_bytes() == b"".join(journal.line_bytes(*row) for row in facts)
    with connect(url) as connection:
        made = dict(connection.execute("SELECT name, version FROM projections").fetchall())
    assert made == {one.TABLE: one.VERSION for one in runner.PROJECTIONS}


def test_an_upgrade_of_a_release_before_keeps_what_its_variables_said(empty_database_url: str, tmp_path: Path) -> None:
    _life(empty_database_url, "0003")
    hromada = Command(DATABASE_URL=empty_database_url, HROMADA_DATA=str(tmp_path))
    assert hromada("upgrade").returncode == 0
    assert hromada.answer("community", "show")["known"] is False
    said = {**VARIABLES, "HROMADA_COMMUNITY": "UA9902", "HROMADA_CONSENTS_BY_AGE": "0"}
    for more in (said, said, {**said, "HROMADA_COMMUNITY_NAME": "Інша"}):
        assert hromada("upgrade", **more).returncode == 0
    with opened(empty_database_url) as registry:
        assert registry.community().version == 2 and verify(registry).differences == []
    shown = hromada.answer("community", "show", "--on", "1990-01-01")
    assert (shown["community"]["code"], shown["community"]["body"]) == ("UA9902", VARIABLES["HROMADA_OFFICE_NAME"])
    assert shown["readings"]["consents_by_age"] is False


def _rebuild_stale(registry: Registry) -> None:
    """What `hromada upgrade` does when the schema is migrated."""
    for name in runner.stale(registry.recorder):
        registry.rebuild(name)


def test_what_waits_in_an_earlier_outbox_gets_its_addressee(empty_database_url: str) -> None:
    # Those of that day: the migration knows no later one, and its text is never changed.
    items = [*makers.OF_CARDS, makers.AFTER_DEATH, makers.SUPERSEDED]
    _migrate_to(empty_database_url, "0003")
    with connect(empty_database_url) as connection:
        for position, item in enumerate((*items, makers.Item("unheard_of", "task", None))):
            row = {"position": position, "item": item.id, "role": item.role}
            connection.execute(
                "INSERT INTO outbox (position, item, role, deadline, made_at) "
                "VALUES (%(position)s, %(item)s, %(role)s, '2026-01-20', now())",
                row,
            )
        connection.execute("UPDATE outbox SET sent_at = made_at, person = %s WHERE item = 'dms'", [UUID(int=7)])
    migrate(empty_database_url)
    with connect(empty_database_url) as connection:
        found = dict(connection.execute("SELECT item, addressee FROM outbox").fetchall())
        rows = connection.execute("SELECT id, position, item, person, residence, extract, state FROM outbox").fetchall()
    assert all(item_id(*key) == id and (state == "sent") == (key[1] == "dms") for id, *key, state in rows)
    assert found == {"unheard_of": None, **{item.id: item.addressee for item in items}}


def test_second_time_does_nothing_and_needs_no_alembic(database_url: str) -> None:
    script = (
        "import sys; from registry.storage.database import migrate; migrate(sys.argv[1]); "
        "sys.exit('alembic' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", script, database_url], cwd=root, timeout=SOON).returncode == 0


@pytest.mark.slow
def test_two_processes_migrate_at_once(empty_database_url: str) -> None:
    script = "import sys; from registry.storage.database import migrate; migrate(sys.argv[1])"
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", script, empty_database_url]
    assert [run.wait(SOON) for run in [subprocess.Popen(command, cwd=root) for _ in range(3)]] == [0, 0, 0]
    assert _version(empty_database_url) == newest_migration()


def test_a_failed_migration_leaves_nothing(empty_database_url: str) -> None:
    with connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE weak LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        with pytest.raises(DatabaseUnavailable, match="прав"):
            migrate(psycopg.conninfo.make_conninfo(empty_database_url, user="weak"))
        with connect(empty_database_url) as connection:
            row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        assert row == (None,)
    finally:
        with connect(empty_database_url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY weak; DROP ROLE weak")


def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match="новіша версія"):
        migrate(database_url)
    assert _version(database_url) == "9999"


def test_another_program_s_database_is_refused(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ae1027a6acf'")
    with pytest.raises(DatabaseUnavailable, match="іншої програми"):
        migrate(database_url)


def test_every_session_is_in_utc(database_url: str) -> None:
    elsewhere = psycopg.conninfo.make_conninfo(database_url, options="-c TimeZone=Europe/Kyiv -c work_mem=5MB")
    with connect(elsewhere) as connection:
        assert connection.execute("SHOW TimeZone").fetchone() == ("UTC",)
        assert connection.execute("SHOW work_mem").fetchone() == ("5MB",)
    assert session_url(session_url(elsewhere)) == session_url(elsewhere)


def test_the_spelling_of_sqlalchemy_is_understood(server_url: str) -> None:
    for scheme in ("postgres", "postgresql+psycopg", "postgresql+asyncpg"):
        with connect(server_url.replace("postgresql", scheme, 1)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def server_url(database_url: str) -> str:
    """The test's database as a URL rather than as pairs."""
    given = psycopg.conninfo.conninfo_to_dict(database_url)
    return f"postgresql://{given['user']}@/{given['dbname']}?host={given['host']}"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _refusal(url: str) -> str:
    """The text of the error for `url`; it comes soon and nothing in it or behind it tells the password."""
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable) as caught:
        migrate(url)
    assert time.monotonic() - started < SOON
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    for piece in (SECRET, "T0p", "p@ss", "ss@", "pa/", "/ss"):
        assert piece not in str(caught.value)
    return str(caught.value)


@pytest.mark.slow
def test_silence_is_not_waited_for(silent_port: int) -> None:
    text = _refusal(f"postgresql://clerk:{SECRET}@127.0.0.1:{silent_port}/register")
    assert "не відповів за 5 с" in text
    assert f"127.0.0.1:{silent_port}" in text


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"postgresql://clerk:{SECRET}@127.0.0.1:1/register", "не відповідає"),
        (f"host=/nonexistent user=clerk password={SECRET}", "не відповідає"),
        (f"postgresql://clerk:{SECRET}@no-such-host.invalid/register", "Перевірте"),
        ("postgresql://clerk:pa/ss@127.0.0.1/register", "Перевірте"),
        ("postgresql://clerk:p@ss@127.0.0.1:1/register", "Перевірте"),
        (f"mysql://clerk:{SECRET}@127.0.0.1/register", "DATABASE_URL"),
        (SECRET, "DATABASE_URL"),
        (f"postgresql://clerk:{SECRET}@127.0.0.1:70000/register", "Перевірте"),
        (f"postgresql://clerk:{SECRET}@127.0.0.1/register?nonsense=1", "з помилкою"),
    ],
)
def test_a_bad_url_is_told_without_the_password(url: str, told: str) -> None:
    assert told in _refusal(url)


def test_a_missing_database_is_told(database_url: str) -> None:
    url = psycopg.conninfo.make_conninfo(database_url, dbname="absent")
    assert "немає такої бази" in _refusal(url)


def test_settings_have_defaults() -> None:
    settings = Settings.read({})
    assert settings.database_url is None
    assert settings.data == Path.cwd() / "data"
    assert (settings.port, settings.local_url, settings.public_url) == (8080, "http://127.0.0.1:8080", None)


def test_settings_are_read() -> None:
    given = {"HROMADA_PORT": "9000", "DATABASE_URL": " postgresql:///x ", "HROMADA_COMMUNITY": "UA05020030000000000"}
    settings = Settings.read({**given, "HROMADA_COMMUNITY_NAME": ""})
    assert (settings.port, settings.local_url) == (9000, "http://127.0.0.1:9000")
    assert settings.database_url == "postgresql:///x"
    assert (settings.community, settings.community_name) == ("UA05020030000000000", None)
    read = {value: Settings.read({"HROMADA_CONSENTS_BY_AGE": value}).consents_by_age for value in ("0", " 1 ", "")}
    assert read == {"0": False, " 1 ": True, "": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HROMADA_PORT", "abc"),
        ("HROMADA_PORT", "70000"),
        ("HROMADA_PORT", "0"),
        ("HROMADA_PORT", "-1"),
        ("HROMADA_PORT", "80.5"),
        ("HROMADA_PORT", "٨٠"),
        ("HROMADA_PORT", "9" * 5000),
        ("HROMADA_CONSENTS_BY_AGE", "true"),
        ("HROMADA_CONSENTS_BY_AGE", "так"),
        ("HROMADA_CONSENTS_BY_AGE", "2"),
        ("HROMADA_CONSENTS_BY_AGE", "٠"),
        ("HROMADA_DATA", __file__),
        ("HROMADA_DATA", "a\0b"),
        ("HROMADA_COMMUNITY", "12345"),
        ("HROMADA_COMMUNITY", "UA"),
        ("HROMADA_COMMUNITY", "UA123456789012345678"),
        ("HROMADA_PUBLIC_URL", "reiestr"),
        ("HROMADA_PUBLIC_URL", "ftp://reiestr.example"),
    ],
)
def test_bad_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: .* Вкажіть"):
        Settings.read({name: value})

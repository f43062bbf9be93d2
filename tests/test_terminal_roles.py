"""Who acts at a terminal: every command by every role, by a password, a key and the account of the operating system."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from conftest import _database
from given import EXAMPLE, VARIABLES
from running import HROMADA, NAMES, PASSWORD, Command, assert_refused, staffed
from test_cli import DWELLINGS, PERSONS, RESIDENCES

from api.commands import registers
from api.commands.cli import app
from api.rights import ANYONE, COMMANDS
from registry.aggregates.values import Entry
from registry.clock import utc_now
from registry.opening import opened
from registry.roles import PROGRAM, ROLES, Role
from registry.settings import Settings
from registry.staff import keys, substitutes, users
from registry.storage import access
from registry.storage.mapper import kyiv_day, read_entry

NOT_YOURS = "не для вашої ролі"
UNZR = "19850402-00016"
TERRITORIES = "code,name,kind,from,until\n"
ASKED: dict[str, tuple[str, int]] = {
    "ask residence": ("P-1", 0),
    "ask occupancy": ("D-1", 0),
    "ask moved": ("--least 1 --first 9", 0),
    "ask superseded": ("--since 01.01.2020", 0),
    "replay": ("--person P-1", 0),
    "extract": ("P-1 --out {out}", 0),
    "export": ("{out}", 0),
    "init": ("{community}", 0),
    "import": ("{cards} --dry-run", 3),
    "readdress": ("--take-back б", 2),
    "territories import": ("{territories} --dry-run", 0),
    "territories annul": ("none описка", 2),
    "territories approve": ("", 2),
    "territories reject": ("ні", 2),
    "streets import": ("--from-register --dry-run", 0),
    "streets reconcile": ("", 0),
    "streets rename": ("none нова --since 01.01.2024 --basis б", 2),
    "streets carry": ("none б", 2),
    "streets annul": ("none б", 2),
    "streets approve": ("", 2),
    "streets reject": ("ні", 2),
    "community approve": ("", 2),
    "community reject": ("ні", 2),
    "user add": ("newcomer --name Новенька", 2),
    "user disable": ("none", 2),
    "user reset": ("none", 2),
    "user list": ("", 0),
    "key add": ("clerk --role clerk", 2),
    "key end": ("none", 2),
    "key list": ("", 0),
    "proof": ("1", 0),
    "access": ("--verify", 0),
}
"""How each command that asks who acts is typed, and how it ends where the role may: with 2 where there is nothing to
act on."""
OPEN = {
    "version": "",
    "verify": "",
    "rebuild": "people",
    "upgrade": "",
    "keys list": "",
    "fee": "register_residence --on 12.01.2026",
    "community show": "",
    "territories show": "",
    "streets show": "",
}


class Town:
    """A register with a community, a card index and users, none of them the account's until `mine` says so."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder
        self.hromada = Command(DATABASE_URL=url, HROMADA_DATA=str(folder / "data"), COLUMNS="200", **VARIABLES)
        for name, text in (("persons", PERSONS), ("dwellings", DWELLINGS), ("residences", RESIDENCES)):
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        (folder / "list.csv").write_text(TERRITORIES, encoding="utf-8")

    def __call__(self, command: str, said: str = "", **how: Any) -> Any:
        files = {"out": "out", "cards": "", "territories": "list.csv"}
        named = {name: self.folder / file for name, file in files.items()}
        return self.hromada(*command.split(), *said.format(community=EXAMPLE, **named).split(), **how)

    def mine(self, *logins: str) -> None:
        """From now on the account that runs these tests is that of these users alone."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            said = {"account": registers.account(), "logins": list(logins)}
            connection.execute(
                "UPDATE users SET os_account = CASE WHEN login = ANY(%(logins)s) THEN %(account)s END", said
            )

    def staff(self) -> Any:
        return closing(access.connections(self.url))

    def key(self, role: Role, name: str = "Портал вигаданий", **said: Any) -> str:
        with self.staff() as staff:
            return keys.add(staff, name=name, role=role, by=PROGRAM, **{"now": utc_now(), **said})[1]

    def position(self) -> int:
        with opened(self.url) as registry:
            return registry.position()

    def last(self) -> Entry:
        """The last fact of the log."""
        with opened(self.url) as registry:
            [said] = registry.recorder.select_notifications(start=registry.position(), limit=1)
            return read_entry(said.state)


@pytest.fixture(scope="module")
def shared(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One that no test changes but by issuing extracts."""
    for url in _database(server, template="hromada"):
        town = Town(url, tmp_path_factory.mktemp("roles"))
        assert town("init", "{community}").returncode == 0 and town("import", "{cards}").returncode == 3
        staffed(url, *NAMES, mine=False)
        yield town


@pytest.fixture
def town(shared: Town) -> Town:
    shared.mine()
    return shared


@pytest.fixture
def fresh(database_url: str, tmp_path: Path) -> Town:
    """An empty register without users."""
    return Town(database_url, tmp_path)


def tree(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Every command under one, however deep, by the words that are typed."""
    for name, one in getattr(command, "commands", {}).items():
        if hasattr(one, "commands"):
            yield from tree(one, *path, name)
        else:
            yield " ".join((*path, name)), one


class TestTable:
    def test_every_command_stands_in_it_and_asks_who_acts_where_roles_are_named(self) -> None:
        found = dict(tree(typer.main.get_command(app)))
        assert found.keys() == COMMANDS.keys()
        for name, one in found.items():
            asks = any("--as" in param.opts for param in one.params)
            assert asks == (COMMANDS[name] != ANYONE), name

    def test_each_that_asks_is_tried_here(self) -> None:
        assert {name for name, roles in COMMANDS.items() if roles != ANYONE} == ASKED.keys()

    def test_nobody_who_only_sends_or_gets_answers_has_a_command_and_admin_none_that_shows_a_person(self) -> None:
        for name, roles in COMMANDS.items():
            assert roles == ANYONE or not {"machine", "reader"} & roles, name
            if name.startswith("ask") or name in ("replay", "extract", "export", "access"):
                assert "admin" not in roles, name
            if name.endswith("approve"):
                assert roles == {"head"}, name

    def test_a_command_that_needs_nobody_asks_nobody(self, town: Town) -> None:
        with opened(town.url) as registry, pytest.raises(ValueError, match="verify"):
            registers.acting(registry, Settings(), "verify", None)


class TestEveryCommandByEveryRole:
    @pytest.mark.parametrize("command", ASKED)
    def test_by_the_account(self, town: Town, command: str) -> None:
        said, status = ASKED[command]
        for role in NAMES:
            town.mine(role)
            before = town.position()
            done = town(command, said)
            if role in COMMANDS[command]:
                assert (done.returncode, NOT_YOURS in done.stderr) == (status, False), (role, done.stderr)
            else:
                assert_refused(done, 2, NOT_YOURS)
                assert done.stdout == "" and "Вигаданко" not in done.stderr and town.position() == before, role

    @pytest.mark.parametrize("command", OPEN)
    def test_some_need_nobody(self, town: Town, command: str) -> None:
        assert town(command, OPEN[command]).returncode == 0

    @pytest.mark.parametrize("role", ROLES)
    def test_a_key_has_its_own(self, town: Town, role: Role) -> None:
        key = town.key(role, f"Програма {role}")
        for command in ("ask residence", "export", "streets reconcile", "community approve"):
            done = town(command, ASKED[command][0], HROMADA_KEY=key)
            assert (NOT_YOURS in done.stderr) == (role not in COMMANDS[command]), command
            assert key not in done.stdout + done.stderr


class TestPassword:
    def test_who_is_named_acts_and_stands_in_the_log(self, town: Town) -> None:
        town.mine("head")
        done = town("extract", "P-1 --out {out} --as clerk", typed=f"{PASSWORD}\n")
        assert done.returncode == 0 and PASSWORD not in done.stdout + done.stderr
        assert (town.last().by.id, town.last().by.name) == ("clerk", NAMES["clerk"])
        assert town("ask residence", "P-1 --as  CLERK", typed=PASSWORD).returncode == 0

    @pytest.mark.parametrize(
        ("login", "password"),
        [
            *(("clerk", "вигадана кульбаба 8"), ("clerk", PASSWORD.upper()), ("clerk", f" {PASSWORD}")),
            *(("nobody-such", PASSWORD), ("root'--", PASSWORD), ("реєстратор", PASSWORD), ("\udcff", PASSWORD)),
        ],
        ids=ascii,
    )
    def test_a_wrong_one_is_refused_and_not_said(self, town: Town, login: str, password: str) -> None:
        town.mine("clerk")
        before = town.position()
        done = town("extract", f"P-1 --out {{out}} --as {login}", typed=f"{password}\n")
        assert_refused(done, 2, "Такого логіна з таким паролем немає")
        assert password not in done.stderr and (login == "clerk" or login not in done.stderr)
        assert done.stdout == "" and town.position() == before

    @pytest.mark.parametrize("typed", ["", "\n", "\r\n"], ids=ascii)
    def test_none_at_all(self, town: Town, typed: str) -> None:
        assert_refused(town("ask residence", "P-1 --as clerk", typed=typed), 2, "Пароля не набрано")

    def test_letters_that_no_one_can_have_typed(self, town: Town) -> None:
        done = town("ask residence", "P-1 --as clerk", typed="\udcff\udcfe\n")
        assert done.returncode == 2 and "Traceback" not in done.stderr

    def test_a_temporary_one_does_not_act(self, fresh: Town) -> None:
        with fresh.staff() as staff:
            _, temporary = users.add(
                staff, login="newcomer", name="Новенька В. В.", role="clerk", by=PROGRAM, now=utc_now()
            )
        done = fresh("ask residence", "P-1 --as newcomer", typed=temporary)
        assert_refused(done, 2, "Пароль тимчасовий")
        assert temporary not in done.stderr

    def test_whoever_was_disabled_acts_no_more(self, fresh: Town) -> None:
        staffed(fresh.url, "admin", "clerk")
        assert fresh("replay").returncode == 0
        with fresh.staff() as staff:
            users.disable(staff, "clerk", by=PROGRAM, now=utc_now())
        assert_refused(fresh("replay", "--as clerk", typed=PASSWORD), 2, "вхід закрито")
        assert_refused(fresh("replay"), 2, NOT_YOURS)

    def test_it_is_the_first_line_and_the_number_the_second(self, town: Town) -> None:
        for command, said in (("ask residence", "-"), ("replay", "--person -"), ("extract", "- --out {out}")):
            done = town(command, f"{said} --as clerk --json", typed=f"{PASSWORD}\n{UNZR}\n")
            assert done.returncode == 0, (command, done.stderr)
            assert UNZR not in done.stderr
        assert_refused(town("ask residence", "- --as clerk", typed=f"{PASSWORD}\n"), 2, "порожньо")

    def test_the_questions_of_init_come_after_it(self, fresh: Town) -> None:
        staffed(fresh.url, "head", mine=False)
        answers = ("UA12060170000065850", "Вигадана громада", "Вигаданий орган", "", "")
        done = fresh("init", "--as head", typed="\n".join((PASSWORD, *answers, "")))
        assert done.returncode == 0, done.stderr
        assert fresh.last().by.id == "head"

    def test_a_terminal_does_not_show_it_nor_does_the_list_of_processes(self, town: Town) -> None:
        screen, inner = os.openpty()
        words = [*HROMADA, "ask", "residence", "P-1", "--as", "clerk", "--json"]
        running = subprocess.Popen(
            words,
            env=town.hromada.environment,
            stdin=inner,
            stdout=subprocess.PIPE,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)
        shown = b""
        with os.fdopen(screen, "r+b", buffering=0) as terminal:
            while "Пароль: ".encode() not in shown:
                shown += terminal.read(100)
            terminal.write(f"{PASSWORD}\n".encode())
            listed = Path(f"/proc/{running.pid}/cmdline").read_bytes()
            out, _ = running.communicate(timeout=120)
            try:
                while more := terminal.read(1000):
                    shown += more
            except OSError:
                pass  # nobody writes to the terminal any more
        assert running.returncode == 0 and b"P-1" in listed and b'"answer"' in out
        for said in (shown, listed, out):
            assert PASSWORD.encode() not in said


class TestKey:
    def test_acts_by_its_name(self, town: Town) -> None:
        key = town.key("head", "Витяги вигадані")
        assert town("extract", "P-1 --out {out}", HROMADA_KEY=key).returncode == 0
        assert (town.last().by.id, town.last().by.name) == ("Витяги вигадані", "Витяги вигадані")

    def test_goes_before_the_account_and_behind_whom_one_names(self, town: Town) -> None:
        town.mine("clerk")
        key = town.key("auditor")
        assert_refused(town("extract", "P-1 --out {out}", HROMADA_KEY=key), 2, NOT_YOURS, "аудитор")
        done = town("extract", "P-1 --out {out} --as head", typed=PASSWORD, HROMADA_KEY=key)
        assert done.returncode == 0 and town.last().by.id == "head"
        assert town("extract", "P-1 --out {out}", HROMADA_KEY=" ").returncode == 0

    def test_one_that_opens_nothing_is_refused(self, town: Town) -> None:
        town.mine("clerk")
        ago = utc_now() - timedelta(days=2)
        expired = town.key("clerk", now=ago, expires_at=ago + timedelta(days=1))
        ended = town.key("clerk")
        with town.staff() as staff:
            keys.end(staff, keys.listed(staff)[0].id, by=PROGRAM, now=utc_now())
        strange = ("hromada_" + "0" * 32 + "_" + "a" * 43, "Вигаданий", "\udcff", "'; --", "x" * 100_000)
        for key in (expired, ended, *strange):
            done = town("ask residence", "P-1", HROMADA_KEY=key)
            assert_refused(done, 2, "Ключ із HROMADA_KEY не діє")
            assert key not in done.stderr and done.stdout == ""

    def test_is_not_shown_by_the_settings(self) -> None:
        assert "таємне" not in repr(Settings.read({"HROMADA_KEY": "таємне"}))


class TestAccount:
    def test_of_nobody_here_acts_for_nobody(self, town: Town) -> None:
        for command in ("ask residence", "init", "community approve"):
            done = town(command, ASKED[command][0])
            assert_refused(done, 4, f"Обліковому запису {registers.account()} не призначено", "--as")
            assert done.stdout == ""

    def test_of_several_users_acts_for_the_first_who_may(self, town: Town) -> None:
        town.mine("auditor", "clerk", "reader")
        assert town("extract", "P-1 --out {out}").returncode == 0 and town.last().by.id == "clerk"
        assert town("export", "{out}").returncode == 0
        assert_refused(town("init", "{community}"), 2, NOT_YOURS, "(реєстратор, аудитор, інший підрозділ)", "керівник")

    def test_is_not_the_one_that_a_variable_says(self, town: Town) -> None:
        said = dict.fromkeys(("SUDO_USER", "USER", "LOGNAME", "SUDO_UID"), "clerk")
        with psycopg.connect(town.url, autocommit=True) as connection:
            connection.execute("UPDATE users SET os_account = login WHERE login = 'clerk'")
        assert_refused(town("ask residence", "P-1", **said), 4, registers.account())

    def test_without_a_name_is_its_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
        assert registers.account() == "4000000000"

    def test_a_clerk_who_stands_in_for_a_head_today_has_both_roles(self, fresh: Town) -> None:
        staffed(fresh.url, "clerk", "admin")
        staffed(fresh.url, "head", mine=False)
        assert_refused(fresh("community approve"), 2, NOT_YOURS)
        with fresh.staff() as staff:
            days = {"since": kyiv_day(utc_now()), "until": None}
            substitutes.stand_in(staff, head="head", substitute="clerk", by=PROGRAM, now=utc_now(), **days)
        assert NOT_YOURS not in fresh("community approve").stderr


class TestWithoutUsers:
    def test_the_account_does_all_but_approve(self, fresh: Town) -> None:
        name = registers.account()
        assert fresh("init", "{community}").returncode == 0
        assert (fresh.last().by.id, fresh.last().by.name) == (name, name)
        assert fresh("import", "{cards}").returncode == 3 and fresh.last().by.id == name
        assert fresh("ask residence", "P-1").returncode == 0
        assert fresh("extract", "P-1 --out {out}").returncode == 0 and fresh.last().by.id == name
        assert fresh("export", "{out}").returncode == fresh("replay").returncode == 0
        changed = fresh.folder / "new.toml"
        changed.write_text(EXAMPLE.read_text("utf-8").replace("Виконавчий комітет К", "Виконком К"), "utf-8")
        assert fresh.hromada.answer("init", changed)["waits"]
        assert_refused(fresh("community approve"), 2, "погоджувати нікому", "hromada user add")
        assert fresh("community reject", "ні").returncode == 0

    def test_a_key_acts_there_too_and_a_user_who_was_disabled_is_one(self, fresh: Town) -> None:
        assert fresh("replay", HROMADA_KEY=fresh.key("auditor")).returncode == 0
        staffed(fresh.url, "clerk", "admin", mine=False)
        with fresh.staff() as staff:
            users.disable(staff, "clerk", by=PROGRAM, now=utc_now())
        assert_refused(fresh("replay"), 4, "не призначено")

    def test_the_program_acts_by_its_own_name(self, fresh: Town) -> None:
        del fresh.hromada.environment["HROMADA_COMMUNITY_NAME"], fresh.hromada.environment["HROMADA_OFFICE_NAME"]
        assert fresh("import", "{cards}").returncode == 3
        assert fresh("upgrade", **VARIABLES).returncode == 0
        assert fresh.last().by == PROGRAM


class TestSecondPerson:
    """A head, and never the one who asked."""

    @pytest.fixture
    def heads(self, fresh: Town) -> Town:
        """Two heads, a clerk and an administrator, and a community whose change waits, asked for by the first head."""
        staffed(fresh.url, "admin", "head", "clerk", mine=False)
        staffed(fresh.url, "head", mine=False, login="other", name="Керівниця Друга Д. Д.")
        fresh.mine("head")
        assert fresh("init", "{community}").returncode == 0
        changed = fresh.folder / "new.toml"
        changed.write_text(EXAMPLE.read_text("utf-8").replace("Виконавчий комітет К", "Виконком К"), "utf-8")
        assert fresh("init", str(changed)).returncode == 0
        return fresh

    def test_approves_and_nobody_else_does(self, heads: Town) -> None:
        assert_refused(heads("community approve"), 2, "інша особа")
        for login in ("clerk", "admin"):
            assert_refused(heads("community approve", f"--as {login}", typed=PASSWORD), 2, NOT_YOURS)
        assert heads("community approve", "--as other", typed=PASSWORD).returncode == 0
        assert heads.last().by.id == "other"

    def test_a_key_of_a_head_is_another_too(self, heads: Town) -> None:
        assert heads("community approve", HROMADA_KEY=heads.key("head", "Канцелярія")).returncode == 0
        assert heads.last().by.id == "Канцелярія"

    def test_rejects_what_another_asked_for_and_others_take_back_their_own(self, heads: Town) -> None:
        refused = heads("community reject", "ні --as admin", typed=PASSWORD)
        assert_refused(refused, 2, "Чужу зміну відхиляє керівник")
        assert heads("community reject", "ні --as other", typed=PASSWORD).returncode == 0
        heads.mine("admin")
        assert heads("init", str(heads.folder / "new.toml")).returncode == 0
        assert heads("community reject", "ні").returncode == 0 and heads.last().by.id == "admin"

    def test_of_a_list_too(self, heads: Town) -> None:
        file, row = heads.folder / "list.csv", "UA12060170000065850,Вигадана громада,occupied,2022-03-01,{}\n"
        for until in ("", "2025-01-01"):
            file.write_text(TERRITORIES + row.format(until), "utf-8")
            assert heads("territories import", "{territories}").returncode == 0
        assert_refused(heads("territories approve"), 2, "інша особа")
        assert_refused(heads("territories reject", "ні --as admin", typed=PASSWORD), 2, "Чужу зміну")
        assert heads("territories approve", "--as other", typed=PASSWORD).returncode == 0
        assert heads.last().by.id == "other"


def test_what_is_typed_of_a_person_need_not_stand_in_the_list_of_processes(town: Town) -> None:
    """Of every command that takes one, by the help too."""
    persons = {"ask residence", "extract", "replay", "access"}
    for name, command in tree(typer.main.get_command(app)):
        takes = any(param.name == "person" for param in command.params)
        assert takes == (name in persons), name
        if takes:
            told = " ".join(town(name, "--help").stdout.replace("│", " ").split())
            assert "стандартного входу" in told, name

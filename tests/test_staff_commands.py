"""`hromada user` and `hromada key`, and the users of a demo: who is made, what is shown once, and what is refused."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from given import EXAMPLE
from running import PASSWORD, Command, assert_refused, staffed
from test_cli import DWELLINGS, PERSONS, RESIDENCES

from api.commands.registers import account
from registry import demo
from registry.aggregates.values import Actor
from registry.clock import utc_now
from registry.demo import staff as demo_staff
from registry.demo.inventing import DATA
from registry.opening import opened
from registry.roles import ROLES
from registry.staff import events, keys, users
from registry.storage.mapper import kyiv_day

ME = account()
NAME = "Вигадана Олена Петрівна"


@pytest.fixture
def hromada(database_url, tmp_path):
    return Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"))


@pytest.fixture
def managed(hromada, database_url):
    """With an administrator for whom this account acts."""
    staffed(database_url, "admin")
    return hromada


@pytest.fixture
def staff(database_url):
    with opened(database_url, connections=2) as register:
        yield register.staff


def add(hromada, login="olena", role="clerk", *more):
    return hromada("user", "add", login, "--name", NAME, "--role", role, *more)


class TestUser:
    @pytest.mark.parametrize("role", [(), ("--role", "admin")], ids=str)
    def test_the_first_is_an_administrator_for_whom_this_account_acts(self, hromada, staff, role):
        said = hromada.answer("user", "add", "olena", "--name", NAME, *role)
        assert set(said) == {"id", "login", "role", "password"} and said["role"] == "admin"
        user = users.with_password(staff, "olena", said["password"])
        assert (str(user.id), user.os_account, user.must_change) == (said["id"], ME, True)
        assert [one.by for one in events.listed(staff)] == [Actor(ME, ME)]
        assert add(hromada, "ivan").returncode == 0
        assert [one.by for one in events.listed(staff, limit=1)] == [Actor("olena", NAME)]

    def test_the_first_is_nobody_else(self, hromada, staff):
        for role in ("clerk", "head", "robot"):
            assert_refused(add(hromada, role=role), 2, "Перший користувач", "--role admin")
        assert users.is_without_users(staff)

    def test_the_first_may_be_another_accounts(self, hromada, staff):
        assert add(hromada, "olena", "admin", "--os", "desk").returncode == 0
        assert users.of_login(staff, "olena").os_account == "desk"
        assert_refused(add(hromada, "ivan"), 4, "--as ЛОГІН")

    @pytest.mark.parametrize("role", ROLES)
    def test_each_role_may_be_given(self, managed, staff, role):
        said = managed.answer("user", "add", "olena", "--name", NAME, "--role", role, "--os", "desk")
        assert said["role"] == role and users.of_login(staff, "olena").os_account == "desk"

    def test_a_person_reads_who_and_the_password_once(self, managed, staff):
        done = add(managed)
        password = done.stdout.split()[-1]
        assert "olena, реєстратор" in done.stdout and users.with_password(staff, "olena", password)
        listed = managed("user", "list", "--json").stdout + managed("user", "list").stdout
        assert password not in listed and password not in done.stderr

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("olena", "--name", NAME, "--role", "chief"), "Такої ролі немає"),
            (("olena", "--name", NAME), "Вкажіть роль"),
            (("Olena", "--name", NAME, "--role", "clerk"), "малих латинських"),
            (("олена", "--name", NAME, "--role", "clerk"), "малих латинських"),
            (("admin", "--name", NAME, "--role", "clerk"), "уже зайнято"),
            (("olena", "--name", "-", "--role", "clerk"), "як звати"),
            (("olena", "--name", "Ви?адана", "--role", "clerk"), "загублено літери"),
            (("olena", "--role", "clerk"), "--name"),
            (("--name", NAME, "--role", "clerk"), "LOGIN"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, managed, staff, words, says):
        assert_refused(managed("user", "add", *words), 2, says)
        assert [user.login for user in users.listed(staff)] == ["admin"]

    def test_an_office_is_one_of_the_communitys(self, managed, staff):
        assert managed("init", EXAMPLE).returncode == 0
        assert_refused(add(managed, "olena", "clerk", "--office", "nema"), 2, "Такого офісу", "metalurhiinyi")
        assert add(managed, "olena", "clerk", "--office", "metalurhiinyi").returncode == 0
        assert users.of_login(staff, "olena").office == "metalurhiinyi"

    def test_disabled_and_reset(self, managed, staff):
        password = add(managed).stdout.split()[-1]
        said = managed.answer("user", "disable", "olena")
        assert said["login"] == "olena" and datetime.fromisoformat(said["disabled_at"]).tzinfo
        assert users.with_password(staff, "olena", password) is None
        assert "закрито" in managed("user", "list").stdout
        again = managed.answer("user", "reset", "olena")
        assert set(again) == {"id", "login", "role", "password"} and again["password"] != password
        assert users.with_password(staff, "olena", again["password"])

    def test_whom_there_is_not_and_who_must_be_left(self, managed, staff):
        for command in ("disable", "reset"):
            assert_refused(managed("user", command, "nema"), 2, "Такого користувача немає")
        assert_refused(managed("user", "disable", "admin"), 2, "останній адміністратор")
        assert users.of_login(staff, "admin").disabled_at is None

    def test_the_list_tells_all_but_secrets(self, managed, database_url):
        staffed(database_url, "clerk", mine=False)
        listed = managed.answer("user", "list")["users"]
        assert [(one["login"], one["role"], one["os_account"]) for one in listed] == [
            ("admin", "admin", ME),
            ("clerk", "clerk", None),
        ]
        assert not re.search("argon2|password", json.dumps(listed))
        shown = managed("user", "list", COLUMNS="160").stdout
        assert "реєстратор" in shown and "обліковий запис" in shown

    def test_whoever_is_no_administrator_makes_nobody(self, hromada, database_url, staff):
        staffed(database_url, "admin", mine=False)
        staffed(database_url, "clerk", "head", "auditor")
        before = len(events.listed(staff))
        for words in (
            ("user", "add", "olena", "--name", NAME, "--role", "admin"),
            ("user", "disable", "admin"),
            ("user", "reset", "admin"),
            ("user", "list"),
            ("key", "add", "portal", "--role", "admin"),
            ("key", "list"),
            ("key", "end", "0" * 32),
        ):
            assert_refused(hromada(*words), 2, "не для вашої ролі")
        assert len(events.listed(staff)) == before
        done = hromada(
            "user", "add", "olena", "--name", NAME, "--role", "clerk", "--as", "admin", typed=f"{PASSWORD}\n"
        )
        assert done.returncode == 0, done.stderr


class TestKey:
    def test_its_text_is_shown_once_and_acts_for_its_name(self, managed, staff, database_url):
        said = managed.answer("key", "add", "Портал «Вигадка»", "--role", "machine")
        assert set(said) == {"id", "key"}
        key = keys.of_text(staff, said["key"], now=utc_now())
        assert (str(key.id), key.role, key.actor.id) == (said["id"], "machine", "Портал «Вигадка»")
        listed = managed("key", "list", "--json").stdout + managed("key", "list").stdout
        assert said["key"] not in listed and said["key"].rpartition("_")[2] not in listed
        assert "Портал" in listed

    def test_a_key_of_an_administrator_makes_users(self, managed, staff):
        key = managed.answer("key", "add", "skrypt", "--role", "admin")["key"]
        done = managed("user", "add", "olena", "--name", NAME, "--role", "clerk", HROMADA_KEY=key)
        assert done.returncode == 0 and events.listed(staff, limit=1)[0].by == Actor("skrypt", "skrypt")

    def test_it_ends(self, managed, staff):
        said = managed.answer("key", "add", "portal", "--role", "machine")
        assert managed.answer("key", "end", said["id"])["ended_at"]
        assert keys.of_text(staff, said["key"], now=utc_now()) is None
        assert "припинено" in managed("key", "list", COLUMNS="160").stdout

    def test_a_day_is_its_end_in_kyiv(self, managed, staff):
        for typed, end in (
            ("31.12.2199", datetime(2199, 12, 31, 22, tzinfo=UTC)),
            ("2199-07-01T12:00", datetime(2199, 7, 1, 9, tzinfo=UTC)),
            ("2199-07-01T12:00:00Z", datetime(2199, 7, 1, 12, tzinfo=UTC)),
        ):
            assert managed("key", "add", "portal", "--role", "machine", "--expires", typed).returncode == 0
            assert keys.listed(staff)[0].expires_at == end
        assert "діє до 01.01.2200 00:00" in managed("key", "list", COLUMNS="160").stdout

    def test_today_is_still_to_end(self, managed):
        today = kyiv_day(utc_now() + timedelta(seconds=30))
        assert managed("key", "add", "portal", "--role", "machine", "--expires", today.isoformat()).returncode == 0
        before = (today - timedelta(days=1)).isoformat()
        assert_refused(managed("key", "add", "portal", "--role", "machine", "--expires", before), 2, "вже минув")

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("portal", "--role", "robot"), "Такої ролі немає"),
            (("portal",), "--role"),
            (("portal", "--role", "machine", "--expires", "2020-01-01"), "вже минув"),
            (("portal", "--role", "machine", "--expires", "завтра"), "Це не момент"),
            (("portal", "--role", "machine", "--expires", "2026-02-30"), "Це не момент"),
            (("admin", "--role", "machine"), "вже зайнято"),
            (("-", "--role", "machine"), "Ключ має назву"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, managed, staff, words, says):
        assert_refused(managed("key", "add", *words), 2, says)
        assert keys.listed(staff) == []

    @pytest.mark.parametrize("id", ["нема", "0" * 32, "00000000-0000-4000-8000-000000000001"])
    def test_none_such_to_end(self, managed, id):
        assert_refused(managed("key", "end", id), 2, "Такого ключа немає")

    def test_in_a_register_without_users_the_account_makes_it(self, hromada, staff):
        said = hromada.answer("key", "add", "portal", "--role", "machine")
        assert keys.of_text(staff, said["key"], now=utc_now()) and "Ключів" not in hromada("key", "list").stdout
        assert "Користувачів ще немає" in hromada("user", "list").stdout


class TestDemo:
    def test_one_of_each_role_is_made_and_printed_while_it_holds(self, hromada, staff, database_url):
        first = hromada("demo", "--no-serve", "--persons", "20")
        assert first.returncode == 0, first.stderr
        listed = {user.login: user for user in users.listed(staff)}
        assert {user.role for user in listed.values()} | {"machine"} == set(ROLES)
        for one in DATA["staff"]:
            line = next(line for line in first.stdout.splitlines() if one["password"] in line)
            assert line.split()[:3] == [one["login"], one["password"], one["pin"]]
            user = users.with_password(staff, one["login"], one["password"])
            assert users.has_pin(staff, user.id, one["pin"]) and not user.must_change and user.os_account == ME
        assert listed["clerk"].office == "tsentralnyi" and listed["admin"].office is None
        key = re.search(r"hromada_\S+", first.stdout)[0]
        assert keys.of_text(staff, key, now=utc_now()).role == "machine"

        users.set_password(staff, listed["clerk"].id, "свій власний пароль", now=utc_now())
        again = hromada("demo", "--no-serve")
        assert [one["login"] for one in DATA["staff"] if one["password"] in again.stdout] == [
            *("head", "auditor", "admin", "reader")
        ]
        assert "hromada_" not in again.stdout and len(users.listed(staff)) == len(listed)
        assert hromada("user", "list").returncode == 0

    def test_a_demo_of_the_release_before_gets_them_too(self, database_url):
        with opened(database_url) as register:
            demo.seed(register, persons=20, now=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
            assert users.is_without_users(register.staff)
            made = demo_staff.staffed(register, "desk")
            assert len(made.users) == len(DATA["staff"]) and made.key
            assert demo_staff.staffed(register, "desk") == demo_staff.Staffed(made.users, None)

    def test_one_that_has_users_of_its_own_gets_none(self, hromada, database_url, staff):
        with opened(database_url) as register:
            demo.seed(register, persons=20, now=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
        staffed(database_url, "admin")
        done = hromada("demo", "--no-serve")
        assert done.returncode == 0 and done.stdout == ""
        assert [user.login for user in users.listed(staff)] == ["admin"] and keys.listed(staff) == []

    @pytest.mark.parametrize("community", [EXAMPLE, None], ids=["real", "none"])
    def test_no_register_but_a_sample_gets_passwords_that_everybody_knows(self, hromada, staff, tmp_path, community):
        for name, text in (("persons", PERSONS), ("dwellings", DWELLINGS), ("residences", RESIDENCES)):
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        if community:
            assert hromada("init", community).returncode == 0
        assert hromada("import", tmp_path).returncode == 3
        done = hromada("demo", "--no-serve")
        assert (done.returncode, done.stdout) == (0, "")
        assert users.is_without_users(staff) and keys.listed(staff) == []

"""Commands on users and on the keys of programs: who makes them is an administrator, or in a register without users the
account of the operating system that makes the first one."""

from datetime import date, datetime
from typing import Annotated, Any, cast
from uuid import UUID

import typer

from api.commands.helping import Commands
from api.commands.registers import As, account, acting, up_to_date
from api.commands.tables import clock
from api.commands.terminal import Json, Stop, answer_lines, say, through_gate
from registry import community, gate, texts
from registry.roles import Role
from registry.settings import Settings
from registry.staff import keys as staff_keys
from registry.staff import users
from registry.staff.keys import Key
from registry.staff.users import User
from registry.storage.mapper import day_over, instant_of, instant_text, kyiv_day

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]
USERS = ("login", "user_name", "role", "office", "os_account", "entry", "signed_in")
KEYS = ("key_id", "key_name", "role", "made", "entry", "used")

user = Commands(help=COMMANDS["user"])
key = Commands(help=COMMANDS["key"])
Login = Annotated[str, typer.Argument(help=OPTIONS["user LOGIN"])]


@user.command("add", help=COMMANDS["user add"])
def add_user(
    login: Login,
    name: Annotated[str, typer.Option("--name", help=OPTIONS["user --name"])],
    role: Annotated[str | None, typer.Option("--role", help=OPTIONS["user --role"])] = None,
    office: Annotated[str | None, typer.Option("--office", help=OPTIONS["user --office"])] = None,
    os_account: Annotated[str | None, typer.Option("--os", help=OPTIONS["user --os"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """A new user and their temporary password. The first one is an administrator, for whom this account acts."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        by, now = acting(registry, settings, "user add", as_).actor, registry.clock()
        if users.is_without_users(registry.staff):
            if role not in (None, "admin"):
                raise Stop(2, texts.say("staff_says", "first_is_admin"))
            role, os_account = "admin", os_account or account()
        if role is None:
            raise Stop(2, texts.say("staff_says", "role_missing"))
        made, password = users.add(
            registry.staff,
            login=login,
            name=name,
            role=cast(Role, role),
            by=by,
            now=now,
            office=office,
            os_account=os_account,
            offices=community.here(registry, settings, kyiv_day(now)).timetable.offices,
        )
    _tell_password(made, password, as_json)


@user.command("disable", help=COMMANDS["user disable"])
def disable_user(login: Login, as_: As = None, as_json: Json = False) -> None:
    """They sign in no more, and are out at once."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        by = acting(registry, settings, "user disable", as_).actor
        disabled = users.disable(registry.staff, login, by=by, now=registry.clock())
    say(_user(disabled), as_json, texts.say("staff_says", "disabled", disabled.login))


@user.command("reset", help=COMMANDS["user reset"])
def reset_user(login: Login, as_: As = None, as_json: Json = False) -> None:
    """A new temporary password; whoever was disabled may sign in again."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        by = acting(registry, settings, "user reset", as_).actor
        found, password = users.reset(registry.staff, login, by=by, now=registry.clock())
    _tell_password(found, password, as_json)


@user.command("list", help=COMMANDS["user list"])
def list_users(as_: As = None, as_json: Json = False) -> None:
    """All users, the disabled ones too."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        acting(registry, settings, "user list", as_)
        listed = [_user(one) for one in users.listed(registry.staff)]
    rows = [
        {
            **one,
            "user_name": one["name"],
            "role": texts.label("roles", one["role"]),
            "entry": _ended("closed", one["disabled_at"]),
            "signed_in": _clock(one["signed_in_at"]),
        }
        for one in listed
    ]
    _tell_list("users", listed, rows, USERS, texts.say("staff_says", "no_users"), as_json)


@key.command("add", help=COMMANDS["key add"])
def add_key(
    name: Annotated[str, typer.Argument(help=OPTIONS["key NAME"])],
    role: Annotated[str, typer.Option("--role", help=OPTIONS["key --role"])],
    expires: Annotated[str | None, typer.Option("--expires", help=OPTIONS["key --expires"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """A new key, whose text is shown this once."""
    expires_at = _end(expires) if expires is not None else None
    settings = Settings.read()
    with up_to_date(settings) as registry:
        by, now = acting(registry, settings, "key add", as_).actor, registry.clock()
        made, text = staff_keys.add(
            registry.staff, name=name, role=cast(Role, role), by=by, now=now, expires_at=expires_at
        )
    say({"id": str(made.id), "key": text}, as_json, texts.say("staff_says", "key", made.name, text))


@key.command("end", help=COMMANDS["key end"])
def end_key(id: Annotated[str, typer.Argument(help=OPTIONS["key ID"])], as_: As = None, as_json: Json = False) -> None:
    """A key that opens nothing any more."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        by = acting(registry, settings, "key end", as_).actor
        ended = staff_keys.end(registry.staff, _id(id), by=by, now=registry.clock())
    say(_key(ended), as_json, texts.say("staff_says", "key_ended", ended.name))


@key.command("list", help=COMMANDS["key list"])
def list_keys(as_: As = None, as_json: Json = False) -> None:
    """All keys but their texts, the latest first, the ended ones too."""
    settings = Settings.read()
    with up_to_date(settings) as registry:
        acting(registry, settings, "key list", as_)
        found, now = staff_keys.listed(registry.staff), registry.clock()
    listed = [_key(one) for one in found]
    rows = [
        {
            "key_id": one["id"],
            "key_name": one["name"],
            "role": texts.label("roles", one["role"]),
            "made": _clock(one["made_at"]),
            "entry": _ended("ended", one["ended_at"]) if one["ended_at"] else _expiry(said, now),
            "used": _clock(one["used_at"]),
        }
        for one, said in zip(listed, found, strict=True)
    ]
    _tell_list("keys", listed, rows, KEYS, texts.say("staff_says", "no_keys"), as_json)


def _tell_password(user: User, password: str, as_json: bool) -> None:
    said = {"id": str(user.id), "login": user.login, "role": user.role, "password": password}
    say(said, as_json, texts.say("staff_says", "password", user.login, texts.label("roles", user.role), password))


def _tell_list(
    what: str,
    listed: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    columns: tuple[str, ...],
    nothing: str,
    as_json: bool,
) -> None:
    if as_json:
        say({what: listed}, True, "")
    else:
        answer_lines({"answer": rows}, False, columns, nothing)


def _user(one: User) -> dict[str, Any]:
    names = ("login", "name", "role", "office", "os_account", "must_change", "has_pin")
    return _plain(one, names, ("made_at", "disabled_at", "signed_in_at"))


def _key(one: Key) -> dict[str, Any]:
    return _plain(one, ("name", "role"), ("made_at", "expires_at", "ended_at", "used_at"))


def _plain(one: User | Key, names: tuple[str, ...], instants: tuple[str, ...]) -> dict[str, Any]:
    """What is said of one, as JSON values."""
    times = {name: getattr(one, name) for name in instants}
    said = {name: at and instant_text(at) for name, at in times.items()}
    return {"id": str(one.id), **{name: getattr(one, name) for name in names}, **said}


def _ended(word: str, at: str | None) -> str:
    return texts.say("staff_says", word, clock(at)) if at else texts.say("staff_says", "open")


def _expiry(key: Key, now: datetime) -> str:
    if key.expires_at is None:
        return texts.say("staff_says", "open")
    word = "expires" if now < key.expires_at else "expired"
    return texts.say("staff_says", word, clock(key.expires_at.isoformat()))


def _clock(at: str | None) -> str:
    return clock(at) if at else ""


def _end(text: str) -> datetime:
    """When something ends that is typed: a day is its end in Kyiv, and without an offset the time is Kyiv's."""
    said = through_gate(gate.instant, text, "not-an-instant")
    if len(said) == 10:
        return day_over(date.fromisoformat(said))
    return instant_of(said)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Stop(2, texts.say("staff", "no_key")) from None

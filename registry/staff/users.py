"""Users: who may sign in, and by what role.

A user is never deleted: their login stays theirs, because the log and the access journal name them by it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from registry import gate
from registry.aggregates.values import Actor
from registry.roles import ROLES, Role
from registry.staff import passwords
from registry.staff.events import StaffError as StaffError
from registry.staff.events import changing, record, refused
from registry.storage import queries
from registry.storage.recorder import Connection, Datastore, one_row
from registry.texts import TEXTS, label

SQL = queries.load(Path(__file__).with_suffix(".sql"))
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
TAKEN = frozenset({"system", "public"})
"""The program and whoever asks the public pages: nobody else may act by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`login` is also the id of the actor that the log names, `name` what people read. `os_account`: the account of the
    operating system by which commands know them. `must_change`: the password is a temporary one. Instants are UTC."""

    id: UUID
    login: str
    name: str
    role: Role
    office: str | None
    os_account: str | None
    must_change: bool
    has_pin: bool
    made_at: datetime
    disabled_at: datetime | None
    signed_in_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor(self.login, self.name)


def add(
    staff: Datastore,
    *,
    login: str,
    name: str,
    role: Role,
    by: Actor,
    now: datetime,
    office: str | None = None,
    os_account: str | None = None,
    password: str | None = None,
    offices: Collection[str] = (),
) -> tuple[User, str]:
    """A new user and their first password, which has to be changed at the first sign-in (a `password` that is given
    need not be). `offices` are the ids that an `office` has to be one of, if there are any. Raises `StaffError` for a
    login that is taken (by a key too), or one that is none, and for what else is wrong."""
    if not LOGIN.fullmatch(login):
        raise refused("login", "login")
    said = _said(name=name, role=role, office=office, os_account=os_account, offices=offices)
    if password is not None:
        passwords.judge(password, login=login, name=said["name"] or "")
    given = password or passwords.temporary()
    kept = passwords.hashed(given)
    with changing(staff) as connection:
        taken = login in TAKEN or connection.execute(SQL["key_named"], {"login": login}).fetchone()
        if taken or _row(connection, login):
            raise refused("login_taken", "login")
        made = {"id": uuid4(), "login": login, "password": kept, "must_change": password is None}
        row = one_row(connection.execute(SQL["insert"], {**made, **said, "now": now, "by": by.id}))
        record(connection, "user-added", login, by=by, now=now, **said)
    return of_row(row), given


def is_without_users(staff: Datastore) -> bool:
    """Whether nobody was ever made a user."""
    with staff.get_connection() as connection:
        return not one_row(connection.execute(SQL["any"]))["there"]


def listed(staff: Datastore) -> list[User]:
    """All users, by login, the disabled ones too."""
    with staff.get_connection() as connection:
        return [of_row(row) for row in connection.execute(SQL["listed"])]


def of_login(staff: Datastore, login: str) -> User | None:
    """The user of a login, disabled or not."""
    if not LOGIN.fullmatch(login):
        return None
    with staff.get_connection() as connection:
        row = _row(connection, login)
    return of_row(row) if row else None


def of_account(staff: Datastore, account: str) -> list[User]:
    """The users who are not disabled and whom an account of the operating system acts for, by login."""
    with staff.get_connection() as connection:
        return [of_row(row) for row in connection.execute(SQL["of_account"], {"account": account})]


def change(
    staff: Datastore,
    login: str,
    *,
    name: str,
    role: Role,
    office: str | None,
    os_account: str | None,
    by: Actor,
    now: datetime,
    offices: Collection[str] = (),
) -> User:
    """A user who is called so, has this role, office and account from now on: what is not changed is given as it is.
    Raises `StaffError`: unknown, the last administrator, one's own role, and as `add`."""
    said = _said(name=name, role=role, office=office, os_account=os_account, offices=offices)
    with changing(staff) as connection:
        before = _known(connection, login)
        if role != before["role"]:
            _spare(connection, before, by)
        if changed := {one: value for one, value in said.items() if value != before[one]}:
            before = one_row(connection.execute(SQL["change"], {**said, "login": login}))
            record(connection, "user-changed", login, by=by, now=now, **changed)
    return of_row(before)


def disable(staff: Datastore, login: str, *, by: Actor, now: datetime) -> User:
    """They sign in no more; their sessions end at once, no browser is theirs, and their forms and drafts are deleted.
    Raises `StaffError`: unknown, the last administrator, oneself."""
    with changing(staff) as connection:
        row = _known(connection, login)
        if row["disabled_at"] is None:
            _spare(connection, row, by)
            row = one_row(connection.execute(SQL["disable"], {"login": login, "now": now}))
            _turn_out(connection, row["id"], "disabled", now)
            connection.execute(SQL["forget_forms"], {"id": row["id"]})
            record(connection, "user-disabled", login, by=by, now=now)
    return of_row(row)


def reset(staff: Datastore, login: str, *, by: Actor, now: datetime) -> tuple[User, str]:
    """A new temporary password, and no PIN; whoever was disabled may sign in again; their sessions end. Raises
    `StaffError`: unknown."""
    given = passwords.temporary()
    kept = passwords.hashed(given)
    with changing(staff) as connection:
        before = _known(connection, login)
        row = one_row(connection.execute(SQL["reset"], {"login": login, "password": kept}))
        _turn_out(connection, row["id"], "password-changed", now)
        record(connection, "user-reset", login, by=by, now=now, enabled=before["disabled_at"] is not None)
    return of_row(row), given


def with_password(staff: Datastore, login: str, password: str) -> User | None:
    """The user of a login, with blanks around it or in capitals too, and a password; None if there is none such, or
    they are disabled. Costs the same whether or not there is the login. It takes a tenth of a second and 64 MiB:
    whoever serves calls it in a thread, a few at a time."""
    typed, row = login.strip().lower(), None
    if LOGIN.fullmatch(typed):
        with staff.get_connection() as connection:
            row = _row(connection, typed)
    if row and row["disabled_at"]:
        row = None
    return of_row(row) if passwords.fits(row["password"] if row else None, password) and row else None


def set_password(staff: Datastore, user: UUID, password: str, *, now: datetime) -> None:
    """Their own new password. Raises `StaffError` for one that is too short, is what it was, or says who they are."""
    with staff.get_connection() as connection:
        row = connection.execute(SQL["of_id"], {"id": user}).fetchone()
    if row is None or row["disabled_at"]:
        raise refused("unknown")
    passwords.judge(password, login=row["login"], name=row["name"])
    if passwords.fits(row["password"], password):
        raise refused("password_same", "password")
    said = {"id": user, "password": passwords.hashed(password), "before": row["password"]}
    with changing(staff) as connection:
        # Whoever was reset or disabled while the hash was made keeps nothing of what they had.
        if connection.execute(SQL["set_password"], said).fetchone() is None:
            raise refused("raced")
        record(connection, "password-set", row["login"], by=of_row(row).actor, now=now)


def set_pin(staff: Datastore, user: UUID, pin: str, *, now: datetime) -> None:
    """The PIN that unlocks the screen: 4 to 8 digits. Raises `StaffError`."""
    passwords.judge_pin(pin)
    with changing(staff) as connection:
        row = connection.execute(SQL["of_id"], {"id": user}).fetchone()
        if row is None or row["disabled_at"]:
            raise refused("unknown")
        connection.execute(SQL["set_pin"], {"id": user, "pin": passwords.pin_hashed(pin)})
        record(connection, "pin-set", row["login"], by=of_row(row).actor, now=now)


def has_pin(staff: Datastore, user: UUID, pin: str) -> bool:
    """Whether that is their PIN."""
    with staff.get_connection() as connection:
        row = connection.execute(SQL["of_id"], {"id": user}).fetchone()
    return row is not None and passwords.pin_fits(row["pin"], pin)


def insist_on_role(role: str) -> None:
    """Raises `StaffError` for what is no role; it names those that are."""
    if role not in ROLES:
        raise refused("role", "role", roles=", ".join(f"{one} ({label('roles', one)})" for one in ROLES))


def of_row(row: DictRow) -> User:
    """The user of a row that has all columns of one."""
    return User(
        **{name: row[name] for name in User.__slots__ if name != "has_pin"},
        has_pin=row["pin"] is not None,
    )


def _said(
    *, name: str, role: str, office: str | None, os_account: str | None, offices: Collection[str]
) -> dict[str, str | None]:
    """What is said of a user, each value through its gate."""
    called = gate.name(name)
    if called.value is None:
        raise refused("name", "name") if not called.faults else StaffError(TEXTS["faults"][called.faults[0]], "name")
    if not any(map(str.isalpha, called.value)):
        raise StaffError(TEXTS["faults"]["name-without-letters"], "name")
    insist_on_role(role)
    place, account = gate.line(office or None), gate.line(os_account or None)
    if place.faults or (place.value and offices and place.value not in offices):
        raise refused("office", "office", offices=", ".join(sorted(offices)))
    if account.faults:
        raise StaffError(TEXTS["faults"][account.faults[0]], "os_account")
    return {"name": called.value, "role": role, "office": place.value, "os_account": account.value}


def _row(connection: Connection, login: str) -> DictRow | None:
    return connection.execute(SQL["of_login"], {"login": login}).fetchone()


def _known(connection: Connection, login: str) -> DictRow:
    row = _row(connection, login) if LOGIN.fullmatch(login) else None
    if row is None:
        raise refused("unknown", "login")
    return row


def _spare(connection: Connection, row: DictRow, by: Actor) -> None:
    """Somebody has to be left who makes users, and nobody ends by mistake what they are themselves."""
    if row["role"] == "admin" and not connection.execute(SQL["another_admin"], {"login": row["login"]}).fetchone():
        raise refused("last_admin")
    if row["login"] == by.id:
        raise refused("oneself")


def _turn_out(connection: Connection, user: UUID, why: str, now: datetime) -> None:
    connection.execute(SQL["end_sessions"], {"id": user, "why": why, "now": now})
    connection.execute(SQL["forget_devices"], {"id": user})

"""Users: who may sign in, by what role, and who stands in for a head.

A user is never deleted: their login stays theirs, because the log and the access journal name them by it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from registry.aggregates.values import Actor
from registry.roles import Role
from registry.storage.recorder import Datastore


class StaffError(ValueError):
    """What cannot be done with users, sessions or keys. The text, in Ukrainian, says why and what to do."""


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
) -> tuple[User, str]:
    """A new user and their first password, which has to be changed at the first sign-in (a `password` that is given
    need not be). Raises `StaffError` for a login that is taken (by a key too), or one that is none."""
    raise NotImplementedError


def listed(staff: Datastore) -> list[User]:
    """All users, by login, the disabled ones too."""
    raise NotImplementedError


def of_login(staff: Datastore, login: str) -> User | None:
    """The user of a login, disabled or not."""
    raise NotImplementedError


def of_account(staff: Datastore, account: str) -> list[User]:
    """The users who are not disabled and whom an account of the operating system acts for."""
    raise NotImplementedError


def disable(staff: Datastore, login: str, *, by: Actor, now: datetime) -> User:
    """They sign in no more; their sessions end at once. Raises `StaffError`: unknown, or the last administrator."""
    raise NotImplementedError


def reset(staff: Datastore, login: str, *, by: Actor, now: datetime) -> tuple[User, str]:
    """A new temporary password; whoever was disabled may sign in again; their sessions end. Raises `StaffError`."""
    raise NotImplementedError


def with_password(staff: Datastore, login: str, password: str) -> User | None:
    """The user of a login and a password; None if there is none such. Costs the same whether or not there is the login.
    It takes a tenth of a second and 64 MiB: whoever serves calls it in a thread, a few at a time."""
    raise NotImplementedError


def set_password(staff: Datastore, user: UUID, password: str, *, now: datetime) -> None:
    """Their own new password. Raises `StaffError` for one that is too short or is what it was."""
    raise NotImplementedError


def set_pin(staff: Datastore, user: UUID, pin: str, *, now: datetime) -> None:
    """The PIN that unlocks the screen: 4 to 8 digits. Raises `StaffError`."""
    raise NotImplementedError


def has_pin(staff: Datastore, user: UUID, pin: str) -> bool:
    """Whether that is their PIN."""
    raise NotImplementedError


def stand_in(
    staff: Datastore, *, head: str, substitute: str, since: date, until: date | None, by: Actor, now: datetime
) -> None:
    """A user of another login has a head's role too, on the days `[since, until)`. Raises `StaffError`."""
    raise NotImplementedError


def roles_on(staff: Datastore, user: User, day: date) -> frozenset[Role]:
    """Their roles on a day: their own, and `head` where they stand in for one."""
    raise NotImplementedError

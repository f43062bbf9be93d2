"""The register that a command works on, and who acts by it.

Who acts is said by `--as` and a password, else by the key in HROMADA_KEY, else by the account of the operating system
that the command runs as, for the users whom an administrator has put down for it. In a register without users that
account itself acts; as nobody is a head there, it approves nothing.
"""

import json
import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Annotated, Any

import typer
from eventsourcing.persistence import PersistenceError

from api.commands.terminal import Stop, err, explained, secret
from api.rights import COMMANDS
from registry import community, looks, occasion, seals, texts
from registry.acts import Clerk
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.clock import utc_now
from registry.opening import opened
from registry.projections import runner
from registry.roles import ROLES, Role, Who
from registry.settings import Settings
from registry.staff import keys, substitutes, users
from registry.staff.users import User
from registry.storage.database import connect_url, migrate
from registry.storage.embedded import DatabaseUnavailable, Embedded
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import PATIENT, Patience
from registry.viewer import Viewer

As = Annotated[str | None, typer.Option("--as", help=texts.say("acting", "as"))]
"""The option of every command that needs to know who acts."""
BEGINNER: frozenset[Role] = frozenset({"clerk", "auditor", "admin"})
"""What the account may in a register without users: all but approve."""


@contextmanager
def up_to_date(settings: Settings, patience: Patience = PATIENT) -> Iterator[Registry]:
    """The register that the settings name, its database started, its schema and its projections up to date. Raises
    `Stop` if another version of the program made the rows of a projection."""
    with migrated(settings, patience) as registry:
        if stale := runner.stale(registry.recorder):
            raise Stop(4, texts.TEXTS["upgrade"]["stale"].format(names=", ".join(stale)))
        yield registry


@contextmanager
def migrated(settings: Settings, patience: Patience = PATIENT) -> Iterator[Registry]:
    """The same for what reads only the log, or makes the projections itself: their rows may be stale."""
    url = connect_url(settings)
    migrate(url)
    founding = community.of_variables(settings)
    apart = timedelta(seconds=settings.clocks_apart)
    registry_ = opened(url, clock=utc_now, founding=founding, patience=patience, apart=apart)
    with registry_ as registry, occasion.apart():
        yield registry
        if (at := occasion.current()) and at.acts:
            looks.record(registry, at)


@contextmanager
def where_there_is_one(settings: Settings) -> Iterator[Registry | None]:
    """The same for what can do with files alone; None where there is no register yet, or it cannot be used now, which
    is said on standard error."""
    with ExitStack() as stack:
        registry = None
        if settings.database_url or Embedded(settings.data).is_made():
            try:
                registry = stack.enter_context(up_to_date(settings))
            except (DatabaseUnavailable, PersistenceError, Stop) as error:
                err.print(f"{explained(error)[1]} {texts.say('keys', 'log_untold')}", soft_wrap=True, markup=False)
        yield registry


def told(registry: Registry, answer: Any) -> Any:
    """An answer, once it is written down whom it shows. Raises `NotRecorded`: it may not be shown."""
    if at := occasion.current():
        looks.record(registry, at, json.dumps(answer).encode())
    return answer


def acting(registry: Registry, settings: Settings, command: str, as_: str | None) -> Who:
    """Who acts by a command that is named as in `COMMANDS`, with a role that may; `as_` is the login they named.

    A password is read without showing it, or from the standard input before anything else is. Raises `Stop`: 2 if who
    was named is not known or has no role for it, 4 if there is nobody to act as.
    """
    may = COMMANDS[command]
    if isinstance(may, str):
        raise ValueError(f"nobody is asked who they are: {command}")
    found = _known(registry, settings, as_)
    for one in found:
        if one.may(may):
            occasion.begins(occasion.of(one, lambda: f"command.{command.replace(' ', '.')}"))
            return one
    if not (found[0].user or found[0].key):
        raise Stop(2, texts.say("acting", "no_head"))
    theirs = _called(role for one in found for role in one.roles)
    raise Stop(2, texts.say("acting", "not_your_role", command=command, allowed=_called(may), theirs=theirs))


def clerk_of(registry: Registry, who: Who) -> Clerk:
    """Whoever acts at the terminal, for the acts of the register; what is for two waits for a second person."""
    return Clerk(registry, who.actor, who=who)


def viewer_of(registry: Registry, who: Who) -> Viewer:
    """Whom the answers at the terminal are for."""
    return seals.viewer_of(registry, who)


def insist_on_rejecting(who: Who, *asked_by: Actor | None) -> None:
    """A head rejects what anybody asked for, all others take back only their own. Raises `Stop`."""
    if not who.may({"head"}) and any(one is None or one.id != who.actor.id for one in asked_by):
        raise Stop(2, texts.say("acting", "not_yours"))


def account() -> str:
    """The account that runs this process. Not the one before sudo: that is a variable, which anybody can set."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _known(registry: Registry, settings: Settings, as_: str | None) -> list[Who]:
    """Whoever may be the one who acts: several only where one account is that of several users."""
    if as_ is not None:
        return [_of_user(registry, _by_password(registry, as_))]
    if settings.key:
        return [_by_key(registry, settings.key)]
    name = account()
    if found := users.of_account(registry.staff, name):
        return [_of_user(registry, one) for one in found]
    if users.is_without_users(registry.staff):
        return [Who(actor=Actor(name, name), roles=BEGINNER)]
    raise Stop(4, texts.say("acting", "nobody", account=name))


def _of_user(registry: Registry, user: User) -> Who:
    roles = substitutes.roles_on(registry.staff, user, kyiv_day(registry.clock()))
    return Who(actor=user.actor, roles=roles, office=user.office, user=user.id)


def _by_password(registry: Registry, login: str) -> User:
    user = users.with_password(registry.staff, login, secret(texts.say("acting", "password")))
    if user is None or user.disabled_at:
        raise Stop(2, texts.say("acting", "wrong"))
    if user.must_change:
        raise Stop(2, texts.say("acting", "must_change"))
    return user


def _by_key(registry: Registry, text: str) -> Who:
    key = keys.of_text(registry.staff, text, now=registry.clock())
    if key is None:
        raise Stop(2, texts.say("acting", "no_key"))
    return Who(actor=key.actor, roles=frozenset({key.role}), key=key.id)


def _called(roles: Iterable[Role]) -> str:
    """What people call these roles."""
    named = set(roles)
    return ", ".join(texts.label("roles", role) for role in ROLES if role in named)

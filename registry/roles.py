"""The roles, and somebody who has come in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from registry import texts
from registry.aggregates.values import Actor

Role = Literal["clerk", "head", "auditor", "admin", "reader", "machine"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Who they are for: a clerk of an office (адміністратор, реєстратор), the head who approves, an auditor who reads and
never acts, an administrator of the program who sees no person, another department of the municipality that gets only
the answers which its services name, a portal or another register that sends applications."""


PROGRAM = Actor("system", texts.say("acting", "program"))
"""Who the log names where nobody acts but the program itself: when it starts, and closes what was cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who acts or looks, known by a password, a key, or the account of the operating system.

    `actor` is who the log and the access journal name. A clerk who stands in for a head today has both roles.
    `user`, `session`, `key` say by what they came; `office` where they work. `visit` is the one that is going on, and
    `reason` why they look: its purpose, or what they name themselves (a code of `[purposes]`).
    """

    actor: Actor
    roles: frozenset[Role]
    office: str | None = None
    user: UUID | None = None
    session: UUID | None = None
    key: UUID | None = None
    visit: UUID | None = None
    reason: str | None = None

    def may(self, roles: Collection[Role]) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)

    @property
    def machine(self) -> str | None:
        """The name of the machine that sends, if it is one."""
        return self.actor.name if self.roles == {"machine"} else None


NOBODY = Who(actor=Actor("", ""), roles=frozenset())
"""Whoever opens what anybody may: no role, and nothing is done by them."""

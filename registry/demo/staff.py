"""Who works with the register of an invented community: one user of each role, whose passwords everybody knows."""

from dataclasses import dataclass
from typing import Any

from registry.app import Registry
from registry.demo.inventing import DATA
from registry.roles import PROGRAM
from registry.staff import keys, users
from registry.staff.users import User
from registry.storage.mapper import kyiv_day

OFFICES_OF = ("clerk", "head")


@dataclass(frozen=True, slots=True)
class Staffed:
    """The users whose invented password still holds, each with it and the PIN; the text of the key of a machine, where
    it was just made."""

    users: tuple[tuple[User, str, str], ...] = ()
    key: str | None = None


NOBODY = Staffed()


def staffed(registry: Registry, account: str) -> Staffed:
    """Gives a register that says of itself that it is a sample, and has no users, one of each role and a key of a
    machine; an `account` of the operating system acts for them all. Any other register is left as it is."""
    today = kyiv_day(registry.clock())
    here = registry.community().on(today)
    if not here.identity.sample:
        return NOBODY
    key = None
    if users.is_without_users(registry.staff):
        said: dict[str, Any] = {"by": PROGRAM, "now": registry.clock()}
        office = next(iter(here.timetable.offices), None)
        for one in DATA["staff"]:
            who: dict[str, Any] = {name: one[name] for name in ("login", "name", "role", "password")}
            place = office if one["role"] in OFFICES_OF else None
            made, _ = users.add(registry.staff, **who, office=place, os_account=account, **said)
            users.set_pin(registry.staff, made.id, one["pin"], now=registry.clock())
        _, key = keys.add(registry.staff, name=DATA["machine"], role="machine", **said)
    found = ((users.with_password(registry.staff, one["login"], one["password"]), one) for one in DATA["staff"])
    return Staffed(tuple((user, one["password"], one["pin"]) for user, one in found if user), key)

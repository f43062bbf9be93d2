"""Who comes in tests that are not about coming in: everybody is the actor whom `given.installation` names.

It stands where the application asks who comes, so that everything behind the door goes as it does
for whoever signed in. A key that a request brings counts as it does in earnest. And keys for programs that tests run.
"""

from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from given import Installation

from api.callers import Caller, Callers
from api.callers import bearer as bearer_of
from api.desk import Desk
from registry.acts import Clerk
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.roles import Role, Who
from registry.staff import keys
from registry.storage import access
from registry.storage.recorder import PATIENT, Datastore


def _of(callers: Callers, request: Request) -> Caller:
    """The actor of an installation of tests, with its roles, without a session; else who it is in earnest."""
    said = callers.settings
    if not isinstance(said, Installation) or bearer_of(request) is not None:
        return _OF(callers, request)
    return Caller(Who(actor=Actor(said.actor_id, said.actor_name), roles=said.roles))


def _clerk(desk: Desk) -> Clerk:
    """The clerk of a desk, who asks no second person where an installation of tests says so."""
    clerk = _IN_EARNEST(desk)
    clerk.second_person = getattr(desk.settings, "second_person", True)
    return clerk


_OF, _IN_EARNEST = Callers.of, Desk.clerk.fget
Callers.of, Desk.clerk = _of, property(_clerk)  # type: ignore[method-assign, assignment]


def key_of(where: Registry | str, role: Role = "clerk", name: str = "key-of-tests", **more: Any) -> str:
    """The text of a new key of a register, or of a database by its address."""
    if isinstance(where, Registry):
        return _added(where.staff, role, name, **more)
    staff = access.connections(where, PATIENT)
    try:
        return _added(staff, role, name, **more)
    finally:
        staff.close()


def _added(staff: Datastore, role: Role, name: str, **more: Any) -> str:
    by, now = Actor("tests", "Тести"), datetime.now(UTC)
    return keys.add(staff, name=name, role=role, by=by, **{"now": now, **more})[1]


def bearer(key: str) -> dict[str, str]:
    """The headers of a request that brings a key."""
    return {"Authorization": f"Bearer {key}"}


def of_machine(registry: Registry, name: str = "diia") -> dict[str, str]:
    """The headers of a machine, with a key made for it."""
    return bearer(key_of(registry, "machine", name))

"""Keys by which programs act through the JSON API, each with a role; of a key only its SHA-256 is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.aggregates.values import Actor
from registry.roles import Role
from registry.storage.recorder import Datastore


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`name` is both id and name of the actor: several keys of one name are one actor. Instants are UTC."""

    id: UUID
    name: str
    role: Role
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    used_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor(self.name, self.name)


def add(
    staff: Datastore, *, name: str, role: Role, by: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[Key, str]:
    """A new key and its text, which is shown once. Raises `StaffError`: the name is a user's login or none at all, the
    end is not to come."""
    raise NotImplementedError


def of_text(staff: Datastore, text: str, *, now: datetime) -> Key | None:
    """The key that this is, if it has neither ended nor expired."""
    raise NotImplementedError


def end(staff: Datastore, id: UUID, *, by: Actor, now: datetime) -> Key:
    """A key that opens nothing any more. Raises `StaffError` if there is none such."""
    raise NotImplementedError


def listed(staff: Datastore) -> list[Key]:
    """All keys, the latest first, the ended ones too."""
    raise NotImplementedError

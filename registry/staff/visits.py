"""The visit (візит): one person at the counter, from «наступний» to the end. It says why the clerk looks.

Visits are not in the log. What is done in one is tied to it in the access journal: looks, and acts by their command id.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.aggregates.values import Actor
from registry.storage.recorder import Datastore


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`purpose` is a code of `[purposes]`; `by` whose visit it is. Instants are UTC."""

    id: UUID
    by: Actor
    purpose: str
    office: str | None
    began_at: datetime
    ended_at: datetime | None


def begin(staff: Datastore, *, by: Actor, purpose: str, office: str | None, now: datetime) -> Visit:
    """The next visitor; a visit of the same actor that goes on ends with it. Raises `StaffError`: no such purpose."""
    raise NotImplementedError


def end(staff: Datastore, visit: UUID, *, by: Actor, now: datetime) -> Visit:
    """Ends a visit of one's own; once ended, it stays as it was. Raises `StaffError`: no such visit of theirs."""
    raise NotImplementedError


def of(staff: Datastore, visit: UUID) -> Visit | None:
    """The visit of an id."""
    raise NotImplementedError

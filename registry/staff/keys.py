"""Keys by which programs act through the JSON API, each with a role; of a key only its SHA-256 is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from registry import gate
from registry.aggregates.values import Actor
from registry.roles import Role
from registry.staff import secret_texts
from registry.staff.events import StaffError, changing, record, refused
from registry.staff.users import TAKEN, insist_on_role
from registry.storage import queries
from registry.storage.recorder import Datastore, one_row
from registry.texts import TEXTS

SQL = queries.load(Path(__file__).with_suffix(".sql"))
LONGEST_NAME = 100
USED_EVERY = timedelta(minutes=1)
"""How often it is written that a key is used."""


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
    """A new key and its text, which is shown once: `hromada_<its id>_<256 random bits>`. From `expires_at` on it opens
    nothing. Raises `StaffError`: the name is a user's login or none at all, no such role, the end is not to come."""
    called = _called(name)
    insist_on_role(role)
    if expires_at is not None and expires_at <= now:
        raise refused("expires", "expires_at")
    id = uuid4()
    text = f"hromada_{id.hex}_{secret_texts.new()}"
    said = {"id": id, "name": called, "role": role, "sha256": secret_texts.sha256(text), "now": now, "by": by.id}
    with changing(staff) as connection:
        if connection.execute(SQL["login_named"], {"name": called}).fetchone():
            raise refused("key_name_taken", "name")
        row = one_row(connection.execute(SQL["insert"], {**said, "expires_at": expires_at}))
        until = {"expires_at": expires_at.isoformat()} if expires_at else {}
        record(connection, "key-added", called, by=by, now=now, id=str(id), role=role, **until)
    return _key(row), text


def of_text(staff: Datastore, text: str, *, now: datetime) -> Key | None:
    """The key that this is, if it has neither ended nor expired. That it is used is written once a minute at most."""
    with staff.get_connection() as connection:
        row = connection.execute(SQL["of_sha256"], {"sha256": secret_texts.sha256(text.strip()), "now": now}).fetchone()
        if row and (row["used_at"] is None or now - row["used_at"] >= USED_EVERY):
            connection.execute(SQL["used"], {"id": row["id"], "now": now})
    return _key(row) if row else None


def end(staff: Datastore, id: UUID, *, by: Actor, now: datetime) -> Key:
    """A key that opens nothing any more; once ended, it stays as it was. Raises `StaffError` if there is none such."""
    with changing(staff) as connection:
        row = connection.execute(SQL["of_id"], {"id": id}).fetchone()
        if row is None:
            raise refused("no_key", "id")
        if row["ended_at"] is None:
            row = one_row(connection.execute(SQL["end"], {"id": id, "now": now}))
            record(connection, "key-ended", row["name"], by=by, now=now, id=str(id), role=row["role"])
    return _key(row)


def listed(staff: Datastore) -> list[Key]:
    """All keys, the latest first, the ended ones too."""
    with staff.get_connection() as connection:
        return [_key(row) for row in connection.execute(SQL["listed"])]


def _called(name: str) -> str:
    """The one form of a key's name, which the log will name."""
    said = gate.line(name)
    if said.faults:
        raise StaffError(TEXTS["faults"][said.faults[0]], "name")
    if said.value is None or len(said.value) > LONGEST_NAME:
        raise refused("key_name", "name", most=LONGEST_NAME)
    if said.value.casefold() in TAKEN:
        raise refused("key_name_taken", "name")
    return said.value


def _key(row: DictRow) -> Key:
    return Key(**{name: row[name] for name in Key.__slots__})

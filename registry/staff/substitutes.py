"""Who stands in for a head: a clerk, or another head, who has the head's role too on some days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from registry.aggregates.values import Actor
from registry.roles import Role
from registry.staff import users
from registry.staff.events import changing, record, refused
from registry.staff.users import User
from registry.storage import mapper, queries
from registry.storage.recorder import Connection, Datastore

SQL = queries.load(Path(__file__).with_suffix(".sql"))
MAY: frozenset[Role] = frozenset({"clerk", "head"})
"""Whoever may stand in: nobody who only reads, or sees no person, decides anything for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """`substitute` stands in for `head`, each by their login and name, on the days `[since, until)`, until it was ended
    before. Instants are UTC, days those of Kyiv."""

    id: UUID
    head: Actor
    substitute: Actor
    since: date
    until: date | None
    made_at: datetime
    ended_at: datetime | None


def stand_in(
    staff: Datastore, *, head: str, substitute: str, since: date, until: date | None, by: Actor, now: datetime
) -> None:
    """A user of another login has a head's role too, on the days `[since, until)`, none of them before today. Raises
    `StaffError`: neither a head nor somebody who may stand in, no such days."""
    if since < mapper.kyiv_day(now):
        raise refused("since_past", "since")
    if until is not None and until <= since:
        raise refused("until", "until")
    for_whom, who = users.of_login(staff, head), users.of_login(staff, substitute)
    if for_whom is None or for_whom.role != "head" or for_whom.disabled_at:
        raise refused("no_head", "head")
    if who is None or who.role not in MAY or who.disabled_at or who.id == for_whom.id:
        raise refused("no_substitute", "substitute")
    days = {"since": since, "until": until}
    with changing(staff) as connection:
        said = {"id": uuid4(), "head": for_whom.id, "substitute": who.id, "now": now, "by": by.id}
        connection.execute(SQL["insert"], said | days)
        told = {one: day.isoformat() for one, day in days.items() if day}
        record(connection, "stand-in-made", substitute, by=by, now=now, head=head, **told)


def end(staff: Datastore, id: UUID, *, by: Actor, now: datetime) -> None:
    """They stand in no more; once ended, it stays as it was. Raises `StaffError` if there is none such."""
    with changing(staff) as connection:
        row = connection.execute(SQL["of_id"], {"id": id}).fetchone()
        if row is None:
            raise refused("no_stand_in")
        if row["ended_at"] is None:
            connection.execute(SQL["end"], {"id": id, "now": now})
            since = row["since"].isoformat()
            record(
                connection, "stand-in-ended", row["other_login"], by=by, now=now, head=row["head_login"], since=since
            )


def listed(staff: Datastore, *, head: str | None = None) -> list[Substitute]:
    """All who stand in, stood or will stand, for one head or for all, the latest days first."""
    with staff.get_connection() as connection:
        return [
            Substitute(
                id=row["id"],
                head=Actor(row["head_login"], row["head_name"]),
                substitute=Actor(row["other_login"], row["other_name"]),
                since=row["since"],
                until=row["until"],
                made_at=row["made_at"],
                ended_at=row["ended_at"],
            )
            for row in connection.execute(SQL["listed"], {"head": head})
        ]


def roles_on(staff: Datastore, user: User, day: date) -> frozenset[Role]:
    """Their roles on a day of Kyiv: their own, and `head` where they stand in for one."""
    with staff.get_connection() as connection:
        return roles(user, standing_in(connection, [user], day))


def standing_in(connection: Connection, those: Collection[User], day: date) -> set[UUID]:
    """Who of these users stands in for a head on a day."""
    asked = {"users": [one.id for one in those if one.role in MAY], "day": day}
    return {row["substitute"] for row in connection.execute(SQL["standing_in"], asked)}


def roles(user: User, heads: Collection[UUID]) -> frozenset[Role]:
    """The roles of a user, where these stand in for a head."""
    return frozenset({user.role, "head"} if user.id in heads else {user.role})

"""Drafts (чернетки): what a clerk has answered on a guided page and not filed yet. They outlive the session.

A draft holds personal data, is its owner's alone and is never in the log: a head sees that it is there, nobody else
anything. It is deleted when it is filed or thrown away, when its term is over, and when its owner is disabled. A form
that was sent to a locked screen (`staff/kept.py`) is another thing: a press of any page, as it was sent, to be made
after all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Json

from registry.storage import queries
from registry.storage.recorder import Connection, Datastore, one_row

SQL = queries.load(Path(__file__).with_suffix(".sql"))
EACH = 30
"""So many of one user; the next is refused, so that none goes unsaid."""
LARGEST = 100_000
"""So many characters of answers, as they are kept."""
Answers = tuple[tuple[str, str], ...]


class DraftRefused(Exception):
    """It was not saved, and nothing was changed; `why` is a code of `[draft_faults]`."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """`owner` is the user whose it is; `page` the path that its form is sent to, `person` whom that names (None:
    somebody new), `answers` the fields of the form in their order. `version` counts saves. Instants are UTC."""

    id: UUID
    owner: UUID
    office: str | None
    page: str
    person: UUID | None
    answers: Answers
    version: int
    begun_at: datetime
    saved_at: datetime
    ends_at: datetime

    @property
    def service(self) -> str:
        """The service, or the notice, that the page is of."""
        return service_of(self.page)


def service_of(page: str) -> str:
    """The service, or the notice, that a page of this path is of."""
    return page.rpartition("/")[2]


def save(
    staff: Datastore,
    id: UUID,
    *,
    owner: UUID,
    office: str | None,
    page: str,
    person: UUID | None,
    answers: Sequence[tuple[str, str]],
    version: int,
    now: datetime,
    term: timedelta,
) -> SavedDraft:
    """Saves a form under its id: `version` is that of the draft which the form was drawn from, 0 if from none. The same
    answers once more change nothing. Raises `DraftRefused`: `elsewhere`, another window has saved other answers since;
    `gone`, it was filed, thrown away or is over; `many`; `large`."""
    said: dict[str, Any] = {"id": id, "owner": owner, "office": office, "page": page, "person": person}
    said |= {"answers": Json(list(answers)), "now": now, "ends_at": now + term}
    if len(json.dumps(list(answers), ensure_ascii=False)) > LARGEST:
        raise DraftRefused("large")
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["lock"], said)
        connection.execute(SQL["forget"], said)
        row = connection.execute(SQL["held"], said).fetchone()
        if row is None:
            return _begun(connection, said, version)
        held = _draft(row)
        if held.owner != owner:
            raise DraftRefused("gone")
        if held.answers == tuple(answers):
            return held
        if held.version != version:
            raise DraftRefused("elsewhere")
        return _draft(one_row(connection.execute(SQL["go_on"], said)))


def of_owner(staff: Datastore, owner: UUID, *, now: datetime) -> list[SavedDraft]:
    """The drafts of a user, the one saved last first; whatever is over, of anybody, is deleted."""
    with staff.get_connection() as connection, connection.transaction():
        connection.execute(SQL["forget"], {"now": now})
        return [_draft(row) for row in connection.execute(SQL["of_owner"], {"owner": owner, "now": now})]


def one(staff: Datastore, id: UUID, owner: UUID, *, now: datetime) -> SavedDraft | None:
    """A draft of this user's; None if there is none such."""
    with staff.get_connection() as connection:
        row = connection.execute(SQL["one"], {"id": id, "owner": owner, "now": now}).fetchone()
    return _draft(row) if row else None


def of_others(staff: Datastore, owner: UUID, *, now: datetime, limit: int) -> list[DictRow]:
    """That others have drafts, for a head, the oldest first: `owner` by name, `page`, `office`, `saved_at`,
    `ends_at`; nothing of what is in them."""
    with staff.get_connection() as connection:
        return connection.execute(SQL["of_others"], {"owner": owner, "now": now, "limit": limit}).fetchall()


def drop(staff: Datastore, id: UUID, owner: UUID) -> None:
    """Deletes a draft of this user's, which was filed or thrown away; one that is not there any more is no fault."""
    with staff.get_connection() as connection:
        connection.execute(SQL["drop"], {"id": id, "owner": owner})


def _begun(connection: Connection, said: dict[str, Any], version: int) -> SavedDraft:
    if version:
        raise DraftRefused("gone")
    if one_row(connection.execute(SQL["many"], said))["many"] >= EACH:
        raise DraftRefused("many")
    row = connection.execute(SQL["begin"], said).fetchone()
    if row is None:  # another user's form has this id
        raise DraftRefused("gone")
    return _draft(row)


def _draft(row: DictRow) -> SavedDraft:
    same = {name: row[name] for name in SavedDraft.__slots__ if name not in ("owner", "answers")}
    return SavedDraft(owner=row["user_id"], answers=tuple((name, value) for name, value in row["answers"]), **same)

"""The access journal (semantics 10): who looked, searched, asked, printed, exported, and the people whom that showed;
and who acted, in which visit.

A table beside the log with positions, lock, connections and tree of its own: looking never waits for acting, and acting
never for looking. Whoever shows something records the look first and shows it then; a look that cannot be written is
refused. Entries name people by id alone. They are no facts: the register's journal does not hold them (semantics 7).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import PersistenceError
from psycopg.rows import DictRow

from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Actor
from registry.clock import Clock
from registry.storage import mapper, merkle, queries
from registry.storage.recorder import PATIENT, Datastore, Patience, next_instant, one_row

SQL = queries.load(Path(__file__).with_suffix(".sql"))
ACTIONS = ("looked", "searched", "asked", "printed", "issued", "checked", "exported", "acted")
"""What can be done with what the register says; their names for people are `[access]` of `texts.toml`. `acted` ties an
act of the log, by its `command`, to what it was done in."""
CONNECTIONS, POOL_SECONDS = 4, 5.0
"""Of its own, so that acts that wait for the log's lock leave some; and how long a look waits for one at most."""
ROWS_A_READ = 10_000

_PERSONAL = frozenset(one.name for one in fields(Particulars))
_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAYS_NOBODY = re.compile(
    rf"{_CODE.pattern}"
    rf"|{_ID.pattern}|[0-9a-f]{{64}}"  # an id, a hash
    r"|\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z)?)?)?"  # a date as written, an instant
    r"|\d{4}/\d{9}|UA\d{2,17}"  # the number of an extract, a code of КАТОТТГ
)


class NotRecorded(Exception):
    """The look could not be written into the access journal: nothing may be shown. The same look may be tried again;
    if only the answer to the commit was lost, the journal then holds it twice."""


class AnswerChanged(Exception):
    """A bulk question gives another number of people than was recorded, though nothing it depends on can change."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the register: what was done, whom it showed, and what else says what it was (JSON values: codes, ids,
    dates, numbers, never names or numbers of people). Raises ValueError for anything else.

    A bulk question has `bulk(…)` as its `about` and no `persons`.
    """

    action: str
    persons: tuple[UUID, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"no such action: {self.action}")
        if not _says_nobody(self.about):
            raise ValueError("`about` holds codes, ids, dates and counts only")
        if _is_bulk(self.about) and self.persons:
            raise ValueError("a bulk question stores its query in place of the people")


class LookEntry(msgspec.Struct, frozen=True):
    """One entry of the access journal, read."""

    position: int
    recorded_at: datetime
    by: Actor
    action: str
    persons: tuple[UUID, ...]
    about: dict[str, Any]


def connections(url: str, patience: Patience = PATIENT) -> Datastore:
    """The journal's own way to the register's database."""
    return Datastore(url, CONNECTIONS, replace(patience, connection=min(patience.connection, POOL_SECONDS)))


def record(datastore: Datastore, look: Look, by: Actor, clock: Clock) -> int:
    """Writes one entry, in a transaction of its own that waits for the journal's lock at most five seconds, at what the
    clock shows then; returns its position. Raises `NotRecorded`: the look is refused."""
    try:
        with datastore.get_connection() as connection:
            # A look waits for three answers of the database: what is asked at once is one of them.
            locked = connection.execute(f"BEGIN;\n{SQL['lock']};\n{SQL['tip']}")
            while locked.nextset():
                pass  # what the last of its statements answers is the tip
            tip = one_row(locked)
            at = next_instant(clock(), tip["recorded_at"])
            entry = LookEntry(tip["position"] + 1, at, by, look.action, look.persons, dict(look.about))
            connection.execute(SQL["insert"], _columns(entry), prepare=True)
            connection.commit()
    except PersistenceError as error:
        raise NotRecorded from error
    return entry.position


def of_person(datastore: Datastore, *people: UUID, limit: int = 50, before: int | None = None) -> list[LookEntry]:
    """The entries that showed a person, by every entry that was merged into theirs (`merged.entries_of`), newest first;
    `before` continues behind a position. Bulk questions are not among them: see `bulk_questions` and `asked_again`."""
    return _found(datastore, "of_person", people=list(people), limit=limit, before=before)


def of_actor(datastore: Datastore, by: str, limit: int = 50, before: int | None = None) -> list[LookEntry]:
    """The entries of an actor, by the id that the log and the journal name them by, newest first."""
    return _found(datastore, "of_actor", by=by, limit=limit, before=before)


def of_visit(datastore: Datastore, visit: UUID, limit: int = 50, before: int | None = None) -> list[LookEntry]:
    """What was looked at and done in a visit, newest first."""
    return _found(datastore, "of_visit", visit=visit, limit=limit, before=before)


def latest(datastore: Datastore, limit: int = 50, before: int | None = None) -> list[LookEntry]:
    """All entries, newest first."""
    return _found(datastore, "latest", limit=limit, before=before)


def is_tied(datastore: Datastore, command: UUID) -> bool:
    """Whether an entry ties the act of a command to what it was done in."""
    return bool(_found(datastore, "of_command", command=command))


def bulk_questions(datastore: Datastore, *, limit: int = 50, before: int | None = None) -> list[LookEntry]:
    """The entries that store a query in place of the people, newest first."""
    return _found(datastore, "bulk", limit=limit, before=before)


def entries(datastore: Datastore, after: int = 0, limit: int = 1_000) -> list[LookEntry]:
    """The entries behind a position, in their order."""
    return _found(datastore, "by_position", after=after, limit=limit)


def bulk(query: Mapping[str, Any], *, on: date | None, known_at: datetime, count: int, position: int) -> dict[str, Any]:
    """The `about` of a bulk question: its query (a name and parameters; a period is one of those, and `on` then None),
    both times, how many people it showed, and the position it was answered at."""
    times = {"on": on.isoformat() if on else None, "known_at": mapper.instant_text(known_at)}
    return {"query": dict(query), **times, "count": count, "position": position}


def asked_again(
    entry: LookEntry, evaluate: Callable[[Mapping[str, Any], date | None, int], Iterable[UUID]]
) -> frozenset[UUID]:
    """The people that a bulk question showed: `evaluate` (query, on, position) answers the stored query once more, on
    the same day and at the same position, at which the register says the same for ever. Raises `AnswerChanged`."""
    on = entry.about["on"]
    people = frozenset(evaluate(entry.about["query"], date.fromisoformat(on) if on else None, entry.about["position"]))
    if len(people) != entry.about["count"]:
        raise AnswerChanged(f"position {entry.position}: {len(people)} people, {entry.about['count']} recorded")
    return people


def origin(register: str) -> str:
    """The name of the journal's tree, from that of the register's."""
    return f"{register}/access"


def tree_head(datastore: Datastore, size: int | None = None) -> tuple[int, str]:
    """The size and root (hex) of the tree over the first `size` entries (default: all), by one scan of their leaves.
    Raises ValueError where the journal does not hold them all."""
    with datastore.get_connection() as connection:
        size = one_row(connection.execute(SQL["last_position"]))["position"] if size is None else size
    return size, merkle.root(leaves(datastore, size)).hex()


def leaves(datastore: Datastore, size: int) -> Iterator[bytes]:
    """The leaves of the first entries. Raises ValueError where the journal does not hold them all."""
    held = 0
    for row in _rows(datastore, "leaves", size=size):
        if row["position"] != held + 1:
            break
        held += 1
        yield bytes(row["leaf"])
    if held != size:
        raise ValueError(f"the access journal does not hold entry {held + 1} of {size}")


def check(datastore: Datastore, after: int = 0) -> list[str]:
    """What is wrong with the journal by itself, behind a position: holes, times that do not rise, bytes that no entry
    has, and leaves and columns that do not fit the bytes. Entries missing at the end an earlier tree head shows."""
    faults: list[str] = []
    position, recorded_at = after, None
    for row in _rows(datastore, "whole", after):
        at = f"position {row['position']}"
        if row["position"] != position + 1:
            faults.append(f"{at}: a hole, {row['position'] - position - 1} entries are missing before it")
        if recorded_at and row["recorded_at"] <= recorded_at:
            faults.append(f"{at}: its recorded time does not rise")
        faults += [f"{at}: {fault}" for fault in _misfits(row)]
        position, recorded_at = row["position"], row["recorded_at"]
    return faults


def _misfits(row: DictRow) -> Iterator[str]:
    """What of a row does not fit its bytes; never what the row says."""
    state = bytes(row["state"])
    if mapper.leaf(state) != bytes(row["leaf"]):
        yield "the bytes do not fit their leaf"
    try:
        expected = _columns(_ENTRY.decode(state))
    except (msgspec.DecodeError, UnicodeError):
        yield "the bytes are no entry"
        return
    yield from (f"{name} does not fit the bytes" for name in _LOOKED_UP_BY if row[name] != expected[name])
    if state != expected["state"]:
        yield "the bytes are not as an entry is written"


def _columns(entry: LookEntry) -> dict[str, Any]:
    """The columns of an entry's row."""
    state = _encode(entry)
    return {
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "persons": list(entry.persons),
        "bulk": _is_bulk(entry.about),
        "by_id": entry.by.id,
        "visit": _id(entry.about.get("visit")),
        "command": _id(entry.about.get("command")),
        "state": state,
        "leaf": mapper.leaf(state),
    }


def _encode(entry: LookEntry) -> bytes:
    """An entry as compact JSON, its keys in the order of its fields; what `about` says stays in the order given."""
    said = {
        "position": entry.position,
        "recorded_at": mapper.instant_text(entry.recorded_at),
        "by": {"id": entry.by.id, "name": entry.by.name},
        "action": entry.action,
        "persons": entry.persons,
        "about": entry.about,
    }
    return msgspec.json.encode(said)


def _found(datastore: Datastore, query: str, **params: Any) -> list[LookEntry]:
    with datastore.get_connection() as connection:
        return [_ENTRY.decode(bytes(row["state"])) for row in connection.execute(SQL[query], params)]


def _rows(datastore: Datastore, query: str, after: int = 0, **params: Any) -> Iterator[DictRow]:
    """All rows of a query that continues behind a position, some thousands at a time."""
    with datastore.get_connection() as connection:
        while rows := connection.execute(SQL[query], {**params, "after": after, "limit": ROWS_A_READ}).fetchall():
            yield from rows
            after = rows[-1]["position"]


def _is_bulk(about: Mapping[str, Any]) -> bool:
    return "query" in about


def _id(said: Any) -> UUID | None:
    return UUID(said) if isinstance(said, str) and _ID.fullmatch(said) else None


def _says_nobody(value: Any) -> bool:
    """Whether a JSON value holds nothing that could be a name or a number of a person, as far as its form tells."""
    match value:
        case None | bool() | int():
            return True
        case str():
            return bool(_SAYS_NOBODY.fullmatch(value))
        case list() | tuple():
            return all(map(_says_nobody, value))
        case dict():
            return all(_is_key(key) and _says_nobody(part) for key, part in value.items())
    return False


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and key not in _PERSONAL and bool(_CODE.fullmatch(key))


_ENTRY = msgspec.json.Decoder(LookEntry)
_LOOKED_UP_BY = ("position", "recorded_at", "persons", "bulk", "by_id", "visit", "command")

"""Facts to bytes and back: the body that the mapper writes, the line that the log keeps (semantics 7).

A line is one fact as compact JSON: its heads, its body, its salt and its leaf. The stored bytes are the line without
the `leaf` member; they are never encoded again. Old shapes of a body are upcast on reading. Lines of the first releases
have no salt; nothing else tells the two rules of the leaf apart.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from registry.aggregates.facts import FACTS, Heads, heads
from registry.aggregates.values import Actor, Entry
from registry.storage import commitments

KYIV = ZoneInfo("Europe/Kyiv")
SCHEMA = 1
UPCASTS: dict[tuple[str, int], Callable[[dict], dict]] = {}
"""(name, schema) → a function from a body of that schema to one of the next."""
LONGEST, LONGEST_UNSALTED = 65_535, 16 * 2**20
"""The most bytes that a line has in the journal, with its leaf and LF; one without a salt is as it was written."""
LEAF_BYTES = len(b',"leaf":""\n') + 64
"""What the journal's line has more than the stored bytes."""
HEADS_BYTES = 1_024
"""The most that a line has beside its body and its actor, and that is given to a fact under the log's lock."""

KEYS = (
    *("position", "stream", "version", "name", "schema", "recorded_at", "by", "command"),
    *("since", "until", "person", "dwelling", "residence", "body", "salt"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact about to be appended to a stream at a version: what the library's event store calls a domain event."""

    originator_id: UUID
    originator_version: int
    fact: Any
    body: bytes | None = None
    """Its body, where it was encoded already."""


class Line(msgspec.Struct, frozen=True):
    """One line of the log, read: heads decoded, the body left as it is."""

    position: int
    stream: UUID
    version: int
    name: str
    schema: int
    recorded_at: datetime
    by: Actor
    command: UUID
    since: str | None
    until: str | None
    person: UUID | None
    dwelling: UUID | None
    residence: UUID | None
    body: msgspec.Raw
    salt: str | None = None


class InnerLine(msgspec.Struct, frozen=True):
    """Of a line what its fact is read from."""

    name: str
    schema: int
    body: msgspec.Raw


class UnknownFact(ValueError):
    """The log holds a fact, or a schema of one, that this version of the program does not know."""


class FactMapper(Mapper[UUID]):
    """The library's mapper over our facts: `Draft` → `StoredEvent` with the body, stored line → `Entry`."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: Draft) -> StoredEvent:  # type: ignore[override]
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.fact.NAME,
            state=domain_event.body or encode_body(domain_event.fact),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:  # type: ignore[override]
        return read_entry(stored_event.state)


def encode_body(fact: Any) -> bytes:
    """The body of a fact: compact JSON in the order of its class's fields, absent fields left out."""
    return msgspec.json.encode(_plain(fact))


def decode_body(name: str, schema: int, body: bytes) -> Any:
    """The fact of a stored body. Raises `UnknownFact`, or `msgspec.ValidationError` for a body of another shape."""
    if name not in FACTS or not 1 <= schema <= SCHEMA:
        raise UnknownFact(f"{name} {schema}")
    if schema == SCHEMA:
        return _decoder(name).decode(body)
    older = msgspec.json.decode(body)
    for step in range(schema, SCHEMA):
        older = UPCASTS.get((name, step), lambda same: same)(older)
    return msgspec.convert(older, FACTS[name])


def as_logged(fact: Any) -> dict[str, Any]:
    """A fact that another fact asks for: its name, schema and body as plain data."""
    return {"name": fact.NAME, "schema": SCHEMA, "body": msgspec.json.decode(encode_body(fact))}


def as_plain(value: Any) -> Any:
    """A dataclass as JSON values, every field said."""
    return msgspec.to_builtins(value)


def from_logged(said: dict[str, Any]) -> Any:
    """The fact that such data say. Raises as `decode_body` does."""
    return decode_body(said["name"], said["schema"], msgspec.json.encode(said["body"]))


def read_line(state: bytes) -> Line:
    """A stored line read; the body stays raw."""
    return _LINE.decode(state)


def read_entry(state: bytes) -> Entry:
    """The entry of a stored line."""
    line = _LINE.decode(state)
    return Entry(
        position=line.position,
        stream=line.stream,
        version=line.version,
        recorded_at=line.recorded_at,
        recorded_on=kyiv_day(line.recorded_at),
        by=line.by,
        command=line.command,
        fact=decode_body(line.name, line.schema, line.body),
    )


def read_fact(state: bytes) -> Any:
    """The fact of a stored line, without who recorded it and when."""
    said = _INNER.decode(state)
    return decode_body(said.name, said.schema, said.body)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all lines of one act share: the instant (UTC), the actor and the command."""

    recorded_at: datetime
    by: Actor
    command: UUID


def encode_line(position: int, event: StoredEvent, said: Heads, envelope: Envelope, salt: str | None) -> bytes:
    """The bytes of a line without its leaf, from a stored event whose state is the body. `salt` is in hex."""
    front = {
        "position": position,
        "stream": event.originator_id,
        "version": event.originator_version,
        "name": event.topic,
        "schema": SCHEMA,
        "recorded_at": instant_text(envelope.recorded_at),
        "by": {"id": envelope.by.id, "name": envelope.by.name},
        "command": envelope.command,
        "since": said.since,
        "until": said.until,
        "person": said.person,
        "dwelling": said.dwelling,
        "residence": said.residence,
        "body": msgspec.Raw(event.state),
    }
    if salt is not None:
        front["salt"] = salt
    return msgspec.json.encode(front)


def body_fits(body: bytes, by: Actor) -> bool:
    """Whether a line of a fact with such a body is short enough, whatever is given to it under the log's lock."""
    return len(body) + len(msgspec.json.encode((by.id, by.name))) + HEADS_BYTES <= LONGEST


def encode_read(line: Line, fact: Any) -> bytes:
    """The bytes that a line of the present schema would have if it were written now: what an import must equal."""
    event = StoredEvent(line.stream, line.version, line.name, encode_body(fact))
    envelope = Envelope(line.recorded_at, line.by, line.command)
    salt = line.salt if line.salt and commitments.SALT_TEXT.fullmatch(line.salt) else None
    return encode_line(line.position, event, heads(line.stream, fact), envelope, salt)


def is_as_written(state: bytes, line: Line, fact: Any, said: Heads) -> bool:
    """Whether bytes are those that `encode_read` makes of what was read of them, whose heads are `said`. Of nearly
    every line the encoder alone tells it, without what is made for encoding."""
    in_line = (line.since, line.until, line.person, line.dwelling, line.residence)
    if (
        in_line == (said.since, said.until, said.person, said.dwelling, said.residence)
        and line.salt
        and commitments.SALT_TEXT.fullmatch(line.salt)
        and msgspec.json.encode(line) == state
        and _without_absent(msgspec.json.encode(fact)) == bytes(line.body)
    ):
        return True
    return encode_read(line, fact) == state


def _without_absent(body: bytes) -> bytes:
    """A body without the fields that are null: those of a fact, and any other that is, so that a body which has one
    stays different."""
    return _FIRST_ABSENT(b"{", _ABSENT(b"", body))


_ABSENT = re.compile(rb',"[^"\\]*":null').sub
_FIRST_ABSENT = re.compile(rb'\{"[^"\\]*":null(?:,|(?=\}))').sub


def leaf(state: bytes) -> bytes:
    """The leaf of a line, by the rule that its bytes say (semantics 7): over the commitments to its members if it has a
    salt, else SHA-256 of 0x00 and its bytes without the `leaf` member (RFC 6962)."""
    salt = commitments.salt_of(state)
    return hashlib.sha256(b"\x00" + state).digest() if salt is None else commitments.leaf(state, salt)


@lru_cache(maxsize=1_000)
def instant_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`, always six digits."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@lru_cache(maxsize=100_000)
def kyiv_day(instant: datetime) -> date:
    """The calendar day of an instant in Europe/Kyiv."""
    return instant.astimezone(KYIV).date()


def day_over(day: date) -> datetime:
    """The instant (UTC) at which a calendar day in Europe/Kyiv is over."""
    return datetime.combine(day + timedelta(1), time.min, KYIV).astimezone(UTC)


def instant_of(text: str) -> datetime:
    """The instant (UTC) of a day and a time in ISO 8601; without an offset they are those of Europe/Kyiv."""
    typed = datetime.fromisoformat(text)
    return (typed if typed.tzinfo else typed.replace(tzinfo=KYIV)).astimezone(UTC)


def _plain(value: Any) -> Any:
    """A value without its absent fields; what is plain already (most of what facts hold) is taken as it is."""
    kind: type = type(value)
    if kind in (tuple, list):
        return [part if type(part) in _PLAIN else _plain(part) for part in value]
    names = _fields(kind)
    if not names:
        return value
    said = ((name, getattr(value, name)) for name in names)
    return {name: part if type(part) in _PLAIN else _plain(part) for name, part in said if part is not None}


_PLAIN = frozenset({str, int, bool, UUID})


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


@cache
def _decoder(name: str) -> msgspec.json.Decoder:
    return msgspec.json.Decoder(FACTS[name])


_LINE, _INNER = msgspec.json.Decoder(Line), msgspec.json.Decoder(InnerLine)

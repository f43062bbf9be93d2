"""The log in its order, once every line was read by itself somewhere: positions without a hole, times that rise from
act to act, one time and one author in each, and the root of the tree over the leaves that the bytes have.

Of a line this keeps a few bytes, its place: they come from several processes, stream by stream, and are put in order.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from heapq import nsmallest
from operator import itemgetter
from struct import Struct

from registry.aggregates.values import Actor
from registry.storage import mapper, merkle
from replay.words import at

Found = tuple[int, int, str]
"""A difference of a line, behind its position and its turn among those of the same line."""
HOLE, LEAF, VERSION, FACT, FORM, HEADS, TIMES, AUTHORS, TO_COME, NOBODY = (*range(6), *range(100, 104))
_PLACE = Struct(">qbqQ16s32s")
"""The position, whether it was read, the recorded time (µs), whose act, the command, the leaf: the order of positions
is that of these bytes."""
_READ, _UNREAD, _NO_LEAF = 1, 0, bytes(32)
_SINCE, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def place(position: int, leaf: bytes, line: mapper.Line) -> bytes:
    """What is kept of a line that was read."""
    return _PLACE.pack(
        position, _READ, _instant(line.recorded_at), _whose(line.by), line.command.bytes, leaf or _NO_LEAF
    )


def unread(position: int, leaf: bytes) -> bytes:
    """What is kept of one that was not."""
    return _PLACE.pack(position, _UNREAD, 0, 0, b"", leaf or _NO_LEAF)


def last(places: list[bytes]) -> int:
    """The last position; 0 of none."""
    return int(_PLACE.unpack(places[-1])[0]) if places else 0


def root(places: Iterable[bytes]) -> bytes:
    """That of the tree over the leaves of lines in their order; what has no leaf is no part of it."""
    leaves = (one[-32:] for one in places)
    return merkle.root(leaf for leaf in leaves if leaf != _NO_LEAF)


def differences(places: Iterable[bytes]) -> Iterator[Found]:
    """What is wrong with lines as they stand in their order."""
    before, known, instant, author, command = 0, _UNREAD, 0, 0, b""
    for position, read, now, by, act, _ in map(_PLACE.unpack, places):
        if position != before + 1:
            yield position, HOLE, at(position, "hole", position - before - 1)
        before = position
        if not read:
            continue
        if known and act == command:
            if now != instant:
                yield position, TIMES, at(position, "act_times")
            if by != author:
                yield position, AUTHORS, at(position, "act_authors")
        elif known and now <= instant:
            yield position, TIMES, at(position, "times")
        known, instant, author, command = read, now, by, act


@lru_cache(maxsize=1_000)
def _instant(moment: datetime) -> int:
    return (moment - _SINCE) // _MICROSECOND


@lru_cache(maxsize=1_000)
def _whose(actor: Actor) -> int:
    """A number of an actor that is the same in every process."""
    said = sha256(f"{len(actor.id)} {actor.id}{actor.name}".encode())
    return int.from_bytes(said.digest()[:8], "big")


def first(found: Iterable[Found], count: int) -> list[Found]:
    """So many differences of lines as come first: by position, and in their turns."""
    return nsmallest(count, found, key=itemgetter(slice(2)))

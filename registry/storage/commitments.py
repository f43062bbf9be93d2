"""A line in members that can be shown one at a time: their commitments, and the leaf over these (semantics 7).

Pure. The members are the head, all that stands before the body, as one, and every scalar of the body, with `null`,
`{}` and `[]`. A commitment is SHA-256(salt of the member ‖ its JSON Pointer ‖ 0x00 ‖ its bytes as in the line), the
salts are consecutive blocks of one SHAKE-256 over the salt of the line, and the leaf is SHA-256(0x00 ‖ commitments).
`docs/journal.md` says it to the byte; `contrib/leaves.py` is another program that says the same.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256, shake_256

from registry.salts import SALT_BYTES

HEAD = ""
"""The pointer of the head: in RFC 6901 the whole document, of which the head says what it is."""
_SHA256 = sha256()
_BODY = b',"body":'
SALT_TEXT = re.compile(f"[0-9a-f]{{{2 * SALT_BYTES}}}")
"""A salt as a line has it."""
_SALTED = re.compile(rb',"salt":"([0-9a-f]{32})"\}\Z')
_SALTED_LENGTH = len(b',"salt":"') + 2 * SALT_BYTES + len(b'"}')
_NAME, _KEY = b'"name":"', b'":'
_TOKEN = re.compile(
    rb',?(?:"([^"\\]*(?:\\.[^"\\]*)*)":)?'  # the key of a member
    rb'(?:("[^"\\]*(?:\\.[^"\\]*)*"|[-0-9][-+.0-9eE]*|true|false|null|\{\}|\[\])|([{\[]))'
    rb"|([}\]])"
    rb"|(.)",  # what no compact JSON has
    re.DOTALL,
)
_TOKENS = _TOKEN.findall
_SCALAR = rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"|[-0-9][-+.0-9eE]*+|true|false|null|\{\}|\[\])'
_FEW, _MOST_SHAPES, _MOST_MEMBERS, _MOST_KINDS = 30, 16, 64, 1_000
"""How many lines of a kind are seen before one is thought to have a shape; how many shapes of a kind are known, of how
many members one is, and how many kinds there are."""
Matched = Callable[[bytes, int, int], re.Match[bytes] | None]
_SEEN: dict[tuple[bytes, int], int] = {}
_SHAPES: dict[tuple[bytes, int], tuple[tuple[Matched, Sequence[bytes]], ...]] = {}
"""By the name of a fact and how many keys its body seems to have."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of a line's members: its JSON Pointer, its own salt, and its bytes as they stand in the line."""

    path: str
    salt: bytes
    value: bytes

    @property
    def commitment(self) -> bytes:
        return sha256(self.salt + self.path.encode() + b"\0" + self.value).digest()


def salt_of(state: bytes) -> bytes | None:
    """The salt of a line without its leaf; None of one that was written before lines had any."""
    found = _SALTED.search(state, max(0, len(state) - _SALTED_LENGTH))
    return bytes.fromhex(found[1].decode()) if found else None


def leaf(state: bytes, salt: bytes) -> bytes:
    """The leaf of a salted line. What is no line of the form that the log keeps has none: no bytes."""
    paths, values = _members(state)
    if not paths:
        return b""
    salts = shake_256(salt).digest(SALT_BYTES * len(paths))
    at, hashed = 0, [b"\0"]
    for path, value in zip(paths, values, strict=True):
        one = _SHA256.copy()  # half the time of a new one
        one.update(salts[at : at + SALT_BYTES] + path + b"\0" + value)
        hashed.append(one.digest())
        at += SALT_BYTES
    return sha256(b"".join(hashed)).digest()


def leaf_of(commitments: Iterable[bytes]) -> bytes:
    """The leaf over commitments in the line's order."""
    return sha256(b"\0" + b"".join(commitments)).digest()


def members(state: bytes, salt: bytes) -> list[Member]:
    """The members of a salted line, in its order; none of what is no line of the form that the log keeps."""
    paths, values = _members(state)
    salts = shake_256(salt).digest(SALT_BYTES * len(paths))
    blocks = (salts[at : at + SALT_BYTES] for at in range(0, len(salts), SALT_BYTES))
    return [Member(path.decode(), salt, value) for path, salt, value in zip(paths, blocks, values, strict=True)]


def _members(state: bytes) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """The pointers and the values of a salted line; both empty where it is not of the form that the log keeps. Lines
    of one shape, which differ by values alone, are read at once after the first few."""
    start, end = state.find(_BODY), len(state) - _SALTED_LENGTH
    named = state.find(_NAME, 0, start) + len(_NAME)
    kind = (state[named : state.find(b'"', named)], state.count(_KEY, start))
    shapes = _SHAPES.get(kind, ())
    for number, (matched, paths) in enumerate(shapes):
        if found := matched(state, start, end):
            if number:  # the next one is likely to be like it
                _SHAPES[kind] = (shapes[number], *shapes[:number], *shapes[number + 1 :])
            return paths, (state[:start] + b"}", *found.groups())
    parsed, values = _parsed(state, start)
    if parsed and len(parsed) <= _MOST_MEMBERS and (kind in _SEEN or len(_SEEN) < _MOST_KINDS):
        _SEEN[kind] = seen = _SEEN.get(kind, 0) + 1
        if seen > _FEW and len(shapes) < _MOST_SHAPES:
            _SHAPES[kind] = (*shapes, (_shape(state, start, end), tuple(parsed)))
    return parsed, values


def _shape(state: bytes, start: int, end: int) -> Matched:
    """What matches the body of each line that differs from this one by its scalars alone."""
    parts, at = [], start
    for token in _TOKEN.finditer(state, start + len(_BODY), end):
        if token[2]:
            parts += [re.escape(state[at : token.start(2)]), _SCALAR]
            at = token.end(2)
    return re.compile(b"".join((*parts, re.escape(state[at:end]))), re.DOTALL).fullmatch


def _parsed(state: bytes, start: int) -> tuple[list[bytes], list[bytes]]:
    """The same of a line of any shape, whose body begins at a place."""
    paths, values = [b""], [state[:start] + b"}"]
    outer: list[tuple[bytes, int]] = []
    path, nth = b"/body", -2  # of an object -1, of an array how many members were there; the body itself is neither
    for key, value, opened, shut, _ in _TOKENS(state, start + len(_BODY), len(state) - _SALTED_LENGTH):
        if shut and outer:
            path, nth = outer.pop()
            continue
        if nth == -2 and not key and len(paths) == 1:
            here = path
        elif nth == -1:
            part = key if _PLAIN(key) else _pointer(key)
            if part is None:
                return [], []
            here = path + b"/" + part
        elif nth >= 0:
            here, nth = b"%b/%d" % (path, nth), nth + 1
        else:
            return [], []
        if value:
            paths.append(here)
            values.append(value)
        elif opened:
            outer.append((path, nth))
            path, nth = here, -1 if opened == b"{" else 0
        else:
            return [], []
    return (paths, values) if start > 0 and not outer and len(paths) > 1 else ([], [])


_PLAIN = re.compile(rb"[^\\~/]*\Z").match


def _pointer(key: bytes) -> bytes | None:
    """A key of JSON as a part of a pointer (RFC 6901); None of one that is no text, or has U+0000, its end, in it."""
    try:
        said: str = json.loads(b'"' + key + b'"')
        return None if "\0" in said else said.replace("~", "~0").replace("/", "~1").encode()
    except ValueError:
        return None

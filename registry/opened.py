"""A line of the log that is opened: some of its members shown, of the rest their commitments (semantics 7).

Whoever has it recomputes the leaf of the line, and learns nothing of what is not shown. The head, which says what the
line is about and when it was recorded, is always shown; values are their bytes in the line, as text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from registry.storage import commitments, mapper
from registry.storage.commitments import HEAD, Member

_POINTER = re.compile(r"/body(/([^~/]|~[01])*)*")
_HEX = re.compile(r"[0-9a-f]{64}")


class CannotOpen(ValueError):
    """Why a line cannot be opened so: `unsalted`, or `no-path` and which one."""

    def __init__(self, why: str, path: str = ""):
        self.why, self.path = why, path
        super().__init__(why)


class NoOpenedLine(ValueError):
    """What is no opened line."""


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """What an opened line proves: the leaf that follows from it, whether it is the one that it says, what is shown by
    pointer, and how many members are not."""

    leaf: str
    valid: bool
    shown: dict[str, str]
    hidden: int


def opened_line(state: bytes, paths: Sequence[str]) -> dict[str, Any]:
    """The opened line of stored bytes, as JSON values; of an object or an array all that is in it is shown. Raises
    `CannotOpen`."""
    salt = commitments.salt_of(state)
    if salt is None:
        raise CannotOpen("unsalted")
    members = commitments.members(state, salt)
    for path in paths:
        if not any(_within(member, path) for member in members):
            raise CannotOpen("no-path", path)
    said = [
        _shown(member)
        if member.path == HEAD or any(_within(member, path) for path in paths)
        else {"commitment": member.commitment.hex()}
        for member in members
    ]
    return {"leaf": mapper.leaf(state).hex(), "members": said}


def checked_line(said: Any) -> CheckedLine:
    """What an opened line proves by itself. Raises `NoOpenedLine`."""
    try:
        leaf, members = said["leaf"], [_read(one) for one in said["members"]]
    except (KeyError, TypeError) as error:
        raise NoOpenedLine from error
    shown = [one for one in members if isinstance(one, Member)]
    paths = [one.path for one in shown]
    # The head stands first, and is no member of the body; no two members have one pointer.
    if not paths or len(set(paths)) < len(paths) or HEAD in paths[1:] or not isinstance(members[0], Member):
        raise NoOpenedLine
    if not isinstance(leaf, str) or not _HEX.fullmatch(leaf) or paths[0] != HEAD:
        raise NoOpenedLine
    found = commitments.leaf_of(one.commitment if isinstance(one, Member) else one for one in members).hex()
    return CheckedLine(found, found == leaf, {one.path: one.value.decode() for one in shown}, len(members) - len(shown))


def _within(member: Member, path: str) -> bool:
    return member.path == path or member.path.startswith(f"{path}/")


def _shown(member: Member) -> dict[str, str]:
    return {"path": member.path, "salt": member.salt.hex(), "value": member.value.decode()}


def _read(said: Any) -> Member | bytes:
    """A member that is shown, or the commitment to one that is not."""
    match said:
        case {"commitment": str(text)} if len(said) == 1 and _HEX.fullmatch(text):
            return bytes.fromhex(text)
        case {"path": str(path), "salt": str(salt), "value": str(value)} if len(said) == 3:
            if (path == HEAD or _POINTER.fullmatch(path)) and commitments.SALT_TEXT.fullmatch(salt) and _is_json(value):
                return Member(path, bytes.fromhex(salt), value.encode())
    raise NoOpenedLine


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True

"""What a letter says: to whom, from whom, of which day and number, block by block, and who signs it.

A value, and nothing else: who decides something says it so, a fact keeps it as JSON, `pdf.render` prints it. Wordings
are whoever's who writes the letter; nothing is filled in here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

SCHEMA = 2
"""Raised with each field that is added."""


class UnreadableLetter(ValueError):
    """What is kept is not the content of a letter. The text says where, not what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One of a list, and what is said beneath it, smaller: whole sentences."""

    text: str
    beneath: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a letter, in this order: its heading, pairs of a label and a value, paragraphs, a list, so many empty
    `lines` to write on, and what is signed beside the signature of the letter, each on a line of its own."""

    heading: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    lines: int = 0
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter. `title` is what it is, «Відмова», and `of` goes on in a smaller line; `sender` is the body that issues
    it, `community` whose body that is, `place` its office; `to` are the lines of the addressee, if there is one.
    `number` may be absent; `dated` is its day, `YYYY-MM-DD`.

    `signer` is the name under it, and `position` what the signer is. `code` is that of the public check, its letters
    as they stand in the address, `check_host` where that is: both or neither; without them there is no QR code.
    `clerk` is who made it, where that is not the signer. `sample`: the community is invented.
    """

    schema: int = SCHEMA
    title: str
    of: str = ""
    sender: str
    community: str
    place: str | None = None
    to: tuple[str, ...] = ()
    number: str | None = None
    dated: str
    blocks: tuple[Block, ...]
    signer: str
    position: str
    clerk: str | None = None
    code: str | None = None
    check_host: str = ""
    sample: bool = False

    @property
    def stored(self) -> dict[str, Any]:
        """As a fact keeps it: plain JSON, without what is not said."""
        return _plain(asdict(self))

    @property
    def check_url(self) -> str | None:
        """The address of the public check."""
        return f"{self.check_host}/v/{self.code}" if self.code else None


def read(kept: Mapping[str, Any]) -> Letter:
    """The letter that a fact keeps. Raises `UnreadableLetter`."""
    try:
        return msgspec.convert(kept, Letter)
    except msgspec.ValidationError as wrong:
        raise UnreadableLetter(str(wrong)) from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        said = {name: _plain(part) for name, part in value.items()}
        return {name: part for name, part in said.items() if part not in (None, [], "", False)}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value

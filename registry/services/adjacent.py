"""The cards of other departments that take data of the register, on any day, from `adjacent.toml`.

They are no services of ours: nothing is applied for here, and the register only answers what such a card lets its
department ask (R-154 to R-156). As of our own cards, a change of the law is a new dated block.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjacentCard:
    """A card of another department: what it asks of the register, in its own words (`uk`), and where they stand.

    `instead` are those who bring another paper, by a code, in the words of the card; of them nothing is asked here.
    """

    id: str
    number: str
    title: str
    since: date
    until: date = date.max
    asks: Literal["dwelling", "member"]
    uk: str
    reference: str
    instead: Mapping[str, str] = field(default_factory=dict)


class NoAdjacentCard(LookupError):
    """No card of this number was in force on that day."""


def _read(said: Mapping[str, Any]) -> AdjacentCard:
    return AdjacentCard(since=said["from"], **{name: value for name, value in said.items() if name != "from"})


EVERY_ADJACENT: tuple[AdjacentCard, ...] = tuple(
    map(_read, tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["card"])
)
"""The cards of all days, in the order of their numbers."""
NUMBERS: tuple[str, ...] = tuple(dict.fromkeys(one.number for one in EVERY_ADJACENT))
INSTEAD: tuple[str, ...] = tuple(dict.fromkeys(code for one in EVERY_ADJACENT for code in one.instead))
"""The codes of all who bring another paper."""


def adjacent_card(number: str, on: date) -> AdjacentCard:
    """The card of a number on a day. Raises `NoAdjacentCard`."""
    found = (one for one in EVERY_ADJACENT if one.number == number and one.since <= on < one.until)
    try:
        return next(found)
    except StopIteration:
        raise NoAdjacentCard(number) from None

"""Rows of answers as people read them, within the width of their terminal: no date is ever cut."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len

from registry import texts
from registry.storage.mapper import KYIV

GAP = 2
DAYS = ("on", "from", "until", "since", "superseded_on")
MOMENTS = ("known_at",)


def clock(stamp: str, *, seconds: bool = False) -> str:
    """An instant by the clock of Kyiv: 30.11.2026 12:34, with the seconds if they matter."""
    at = datetime.fromisoformat(stamp).astimezone(KYIV)
    return f"{at:%d.%m.%Y %H:%M:%S}" if seconds else f"{at:%d.%m.%Y %H:%M}"


def cell(name: str, value: Any) -> str:
    """A value of an answer, by the name of its column."""
    if isinstance(value, list):
        return ", ".join(one["address"] if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return texts.say("terminal", "yes" if value else "no")
    if value is None or value == "":
        return ""
    if name in MOMENTS or (name in DAYS and "T" in str(value)):
        return clock(value, seconds=True)
    if name in DAYS:
        return texts.day(value)
    return texts.label("kinds", value) if name == "kind" else str(value)


def lines(columns: Sequence[str], rows: Sequence[dict[str, Any]], width: int) -> list[str]:
    """The rows by the named columns under their titles, no line longer than `width`. Long cells go on below. Where not
    even the longest words fit side by side, each row is told in words instead."""
    titles = [texts.label("columns", name) for name in columns]
    cells = [[cell(name, row[name]) for name in columns] for row in rows]
    widths = _widths([titles, *cells], width)
    if widths is None:
        return [line for row in cells for line in _told(titles, row, width)]
    return [line for row in (titles, *cells) for line in _side_by_side(row, widths)]


def side_by_side(said: Iterable[str], width: int) -> list[str]:
    """Short texts in as few lines as they fit in, none of them broken in two."""
    found: list[str] = []
    for one in said:
        if found and cell_len(found[-1]) + GAP + cell_len(one) <= width:
            found[-1] += " " * GAP + one
        else:
            found.append(one)
    return found


def _widths(table: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """How wide each column is; None if there is no room for the longest word of each."""
    of_columns = list(zip(*table, strict=True))
    whole = [max(map(cell_len, column)) for column in of_columns]
    least = [max(cell_len(word) for text in column for word in text.split() or [""]) for column in of_columns]
    room = width - GAP * (len(whole) - 1)
    if sum(least) > room:
        return None
    widths = list(least)
    while sum(widths) < room and widths != whole:
        # Where it is tightest, one cell more: the longest text over the width it has.
        tightest = max(range(len(widths)), key=lambda one: (widths[one] < whole[one], whole[one] / max(widths[one], 1)))
        widths[tightest] += 1
    return widths


def _side_by_side(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [_wrapped(text, width) for text, width in zip(row, widths, strict=True)]
    found = []
    for at in range(max(map(len, wrapped))):
        parts = [part[at] if at < len(part) else "" for part in wrapped]
        filled = (part + " " * (width - cell_len(part)) for part, width in zip(parts, widths, strict=True))
        found.append((" " * GAP).join(filled).rstrip())
    return found


def _told(titles: Sequence[str], row: Sequence[str], width: int) -> list[str]:
    said = "; ".join(f"{title}: {text}" for title, text in zip(titles, row, strict=True) if text)
    return [*_wrapped(said, width), ""]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 1), break_on_hyphens=False) or [""]

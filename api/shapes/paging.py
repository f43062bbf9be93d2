"""A part of a list that is too long for one page: pages have numbers from 1."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageOf:
    """Where a page begins and ends in its list, and the numbers of the pages before and after it, where there are."""

    start: int
    end: int
    previous: int | None
    next: int | None


def part_of(count: int, size: int, typed: str) -> PageOf:
    """The page of a typed number; what is no number, or beyond the list, is the nearest page that there is."""
    last = max(-(-count // size), 1)
    page = min(max(number_of(typed), 1), last)
    return PageOf((page - 1) * size, page * size, page - 1 if page > 1 else None, page + 1 if page < last else None)


def number_of(typed: str) -> int:
    """The number of a page as typed, or 1."""
    return int(typed[:6]) if typed.isascii() and typed.isdigit() else 1

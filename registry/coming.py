"""What the coming month brings: leases, residence permits and kept addresses that end, children who come of age.

Each list is one query by its days, both included, of what the register holds now; who lives elsewhere is not in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.app import Registry
from registry.services.terms import age_on, months_after

Row = Mapping[str, Any]
PAGE = 50
"""How many rows a page of a list has."""


@dataclass(frozen=True, slots=True)
class Month:
    """The days from today to the same day of the next month, both included."""

    first: date

    @property
    def last(self) -> date:
        return months_after(self.first, 1)


@dataclass(frozen=True, slots=True)
class ComingPage:
    """One page of a list, and how many rows the whole has."""

    total: int
    rows: list[Row]


def _ending(table: str) -> Callable[[Month], tuple[str, str, dict[str, Any]]]:
    return lambda month: (table, "ending", {"first": month.first, "last": month.last})


def _turning(years: int) -> Callable[[Month], tuple[str, str, dict[str, Any]]]:
    def asked(month: Month) -> tuple[str, str, dict[str, Any]]:
        days = {"born_after": month.first - timedelta(1), "born_by": month.last}
        born = {name: months_after(day, -12 * years).isoformat() for name, day in days.items()}
        return "people", "coming_of_age", {"first": month.first, **born}

    return asked


AGES = {"fourteen": 14, "eighteen": 18}
LISTS = {
    "leases": _ending("leases"),
    "permits": _ending("permits"),
    "territories": _ending("kept_addresses"),
    **{name: _turning(years) for name, years in AGES.items()},
}
"""By the name of a list what it asks."""


def page(registry: Registry, name: str, month: Month, *, number: int = 1, size: int = PAGE) -> ComingPage:
    """A page of a list, from the first; its rows have whom and which dwelling they are about. Raises KeyError."""
    table, query, said = LISTS[name](month)
    rows = registry.query(table, query, **said, limit=size, offset=(number - 1) * size)
    return ComingPage(rows[0]["total"] if rows else 0, list(rows))


def counts(registry: Registry, month: Month) -> dict[str, int]:
    """How many rows each list has; of nothing, nothing."""
    found = {name: page(registry, name, month, size=1).total for name in LISTS}
    return {name: total for name, total in found.items() if total}


def birthday(born: date, years: int) -> date:
    """The day on which somebody becomes so old."""
    day = months_after(born, 12 * years)
    return day if age_on(born, day) >= years else day + timedelta(1)

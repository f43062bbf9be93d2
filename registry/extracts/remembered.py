"""What the register said of people and dwellings at every position from one on: their rows, by three queries.

An extract is compared with the register at many moments, and a dormitory has one at each act of each resident: to ask
the database at each of them would be as many queries, each of everybody there. Here all are read once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Any
from uuid import UUID

from registry.aggregates.extract.events import ExtractRequested
from registry.extracts import stated
from registry.extracts.content import ResidentLine
from registry.extracts.stated import Row, Stated
from registry.projections import dwellings, people, residences
from registry.storage.recorder import Connection


@dataclass(frozen=True, slots=True)
class RegisteredThere:
    """Somebody in a dwelling: a row, as it is printed, and the positions `[first, past)` between which it was said."""

    row: Row
    line: ResidentLine
    first: int
    past: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """The rows of people and dwellings; those of residences and names by whose they are."""

    people: Mapping[UUID, Sequence[Row]]
    lived: Mapping[UUID, Sequence[Row]]
    names: Mapping[UUID, Sequence[Row]]
    inside: Mapping[UUID, Sequence[RegisteredThere]] = field(default_factory=dict)

    def at(self, position: int) -> "At":
        """The register as known at one of the positions."""
        return At(self, position)


def remembered(connection: Connection, extracts: Iterable[ExtractRequested], *, since: int) -> Remembered:
    """What is known of those whom extracts speak of, at a position and at every later one."""
    said = list(extracts)
    persons = {one.person for one in said if one.person and not one.dwelling}
    homes = {one.dwelling for one in said if one.dwelling}
    asked: dict[str, Any] = {"people": list(persons), "dwellings": list(homes), "since": since}
    lived = connection.execute(residences.SQL["versions"], asked).fetchall()
    asked["people"] = list(persons | {row["person"] for row in lived if row["dwelling"] in homes})
    asked["dwellings"] = list(homes | {row["dwelling"] for row in lived if row["person"] in persons})
    named = _by("person", connection.execute(people.SQL["versions"], asked).fetchall())
    return Remembered(
        people=named,
        lived=_by("person", (row for row in lived if row["person"] in persons)),
        names=_by("dwelling", connection.execute(dwellings.SQL["versions"], asked).fetchall()),
        inside=_inside(lived, homes, named),
    )


@dataclass(frozen=True, slots=True)
class At:
    """The register as known at a position (`superseding.States`)."""

    register: Remembered
    position: int

    def of_person(self, id: UUID, *, on: date, within: str, history: bool, asked_for: str | None) -> Stated:
        """As `stated.of_person`."""
        rows = sorted(self._known(self.register.lived.get(id, ())), key=stated.newest_first)
        called = [{**row, **stated.called(self._names(row["dwelling"]), on, row["until"])} for row in rows]
        found = next(iter(self._known(self.register.people.get(id, ()))), None)
        return stated.by_rows(found, called, on=on, within=within, history=history, asked_for=asked_for)

    def of_dwelling(self, id: UUID, *, on: date) -> Stated:
        """As `stated.of_dwelling`."""
        inside = self.register.inside.get(id, ())
        known = (one for one in inside if one.first <= self.position < one.past)
        return Stated(kind="dwelling", residents=tuple(one.line for one in known if stated.is_there(one.row, on)))

    def called(self, dwelling: UUID, on: date) -> str | None:
        """What a dwelling was called on a day."""
        return stated.called_on(self._names(dwelling), on)

    def _names(self, dwelling: UUID) -> list[Row]:
        return self._known(self.register.names.get(dwelling, ()))

    def _known(self, rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if row["known_from"] <= self.position < _past(row)]


def _inside(
    lived: Iterable[Row], homes: Collection[UUID], named: Mapping[UUID, Sequence[Row]]
) -> dict[UUID, list[RegisteredThere]]:
    """Who lived in each of the dwellings under which name, in the order of `registered_in_dwelling`."""
    found = [
        ({**name, **row}, max(row["known_from"], name["known_from"]), min(_past(row), _past(name)))
        for row in lived
        if row["dwelling"] in homes and row["state"] == "standing"
        for name in named.get(row["person"], ())
    ]
    found.sort(key=lambda one: (one[0]["sort_key"], one[0]["person"]))
    there: dict[UUID, list[RegisteredThere]] = {}
    for row, first, past in found:
        if first < past:
            there.setdefault(row["dwelling"], []).append(RegisteredThere(row, stated.resident(row), first, past))
    return there


def _past(row: Row) -> float:
    """The position from which a row is not said any more."""
    return inf if row["known_until"] is None else row["known_until"]


def _by(name: str, rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found

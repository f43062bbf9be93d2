"""Who lives in a dwelling on a day, page by page; who lived there over a period, a segment for each composition."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry import occasion, texts
from registry.app import Registry
from registry.viewer import HIDDEN, Viewer

MOST_NAMED = 200_000
"""How often an answer may name somebody."""


@dataclass(frozen=True, slots=True)
class ResidentsPage:
    """A page of those who live in a dwelling on a day, behind the `skipped`, of `limit` people at most: of all who fit
    on it by their marks, of more in the order in which they came to live there."""

    limit: int
    skipped: int = 0

    def of(
        self, registry: Registry, dwelling: UUID, on: date, position: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Its rows, and by what the next one continues it: the position that it is answered at, and how many people
        stand before it."""
        asked = {"dwelling": dwelling, "on": on, "position": position}
        rows = registry.query("residences", "living_page", limit=self.limit + 1, skipped=self.skipped, **asked)
        if len(rows) > self.limit:
            return rows[: self.limit], f"{position}.{self.skipped + self.limit}"
        if not self.skipped:
            rows.sort(key=lambda row: (row["person_ref"], row["since"] is None, row["since"] or date.min))
        return rows, None


class TooManyNamed(Exception):
    """The segments of a question would name more than `MOST_NAMED`."""


def segments(
    rows: list[dict[str, Any]], start: date | None, end: date | None, *, seen_by: Viewer
) -> list[dict[str, Any]]:
    """Rows of one dwelling as segments of equal composition, ascending, clipped to `[start, end)`, gaps left out;
    `names` are those of `persons`, in the same order. Raises `TooManyNamed` where they would name more than
    `MOST_NAMED`: each change among many names all of them again."""
    low, high = start or date.min, end or date.max
    spans = [(max(row["since"] or date.min, low), min(row["until"] or date.max, high), row) for row in rows]
    begin, over = defaultdict(list), defaultdict(list)
    for number, (first, last, _) in enumerate(spans):
        begin[first].append(number)
        over[last].append(number)
    lives: dict[int, dict[str, Any]] = {}
    named, answer = 0, list[dict[str, Any]]()
    for first, last in pairwise(sorted({*begin, *over})):
        for number in over[first]:
            lives.pop(number, None)
        lives |= {number: spans[number][2] for number in begin[first] if spans[number][1] > first}
        there = list(lives.values())
        persons = sorted({row["person_ref"] for row in there})
        named += len(persons)
        if named > MOST_NAMED:
            raise TooManyNamed
        if not persons:
            continue
        certain = all(covers(row, first, last) for row in there)
        facts = sorted({position for row in there for position in row["facts"]})
        before = answer[-1] if answer else None
        if before and before["until"] == first and before["persons"] == persons:
            before |= {
                "until": last,
                "certain": before["certain"] and certain,
                "facts": sorted({*before["facts"], *facts}),
            }
        else:
            answer.append({"from": first, "until": last, "persons": persons, "certain": certain, "facts": facts})
    hidden = {row["person_ref"] for row in rows if not seen_by.sees(row["person"])}
    # By their marks, and not by their ids.
    occasion.shows(*(row["person"] for row in rows if row["person_ref"] not in hidden))
    names = {row["person_ref"]: HIDDEN if row["person_ref"] in hidden else called(row) for row in rows}
    for segment in answer:
        segment["names"] = [names[ref] for ref in segment["persons"]]
        segment["persons"] = [HIDDEN if ref in hidden else ref for ref in segment["persons"]]
        segment["from"] = None if segment["from"] == date.min else segment["from"].isoformat()
        segment["until"] = None if segment["until"] == date.max else segment["until"].isoformat()
    return answer


def called(row: dict[str, Any]) -> str:
    """What somebody is called, surname first."""
    return texts.joined_name(row["surname"], row["given_names"], row["patronymic"])


def covers(row: dict[str, Any], first: date, last: date) -> bool:
    """Whether a row certainly holds on all of `[first, last)`."""
    return row["certain_since"] <= first and last <= (row["certain_until"] or date.max)

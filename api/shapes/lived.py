"""The residences of a card as its timeline: each gets the number that ties the picture to the tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from api.shapes.cards import PageTimes
from api.shapes.timeline_picture import Period, Picture, drawn
from api.shapes.words import since_text, until_text
from registry import texts
from registry.acts import requested_facts
from registry.aggregates.person.events import ResidenceCorrected
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, first_day
from registry.cases.waiting import Waiting

Rows = dict[str, list[dict[str, Any]]]


def numbered(rows: Rows) -> Rows:
    """The same rows; those that count have a number (`no`), the oldest 1."""
    counted = [row for name in ("current", "kept", "others") for row in rows[name]]
    order = sorted(counted, key=lambda row: (row["since"] or "", row["until"] or "9"))
    numbers = {id(row): number for number, row in enumerate(order, 1)}
    return {name: [{**row, "no": numbers.get(id(row))} for row in of_name] for name, of_name in rows.items()}


def marked(entries: Iterable[Entry], asks: Iterable[Waiting], position: int) -> set[str]:
    """The residences that were corrected, as known at a position, and those about which something waits."""
    known = (one.fact for one in entries if one.position <= position and isinstance(one.fact, ResidenceCorrected))
    asked = chain.from_iterable(chain.from_iterable(requested_facts(one.change).values()) for one in asks)
    found = (getattr(fact, "residence", None) for fact in chain(known, asked))
    return {str(one) for one in found if one}


def picture(rows: Rows, person: Person, times: PageTimes, at: set[str], *, void: bool) -> Picture | None:
    """The picture of numbered rows; with `void` of those too that count no more."""
    shown = {name: of_name for name, of_name in rows.items() if void or name != "void"}
    periods = [_period(name, row, at) for name, of_name in shown.items() for row in of_name]
    ended = first_day(person.death.registered_on) if person.death else None
    return drawn(periods, on=times.question.day, today=times.question.today, ended=ended)


def _period(name: str, row: dict[str, Any], at: set[str]) -> Period:
    lane = "void" if name == "void" else "kept" if row["kept"] else "stay" if row["kind"] == "stay" else "residence"
    return Period(
        number=row["no"] or 0,
        lane=lane,
        since=_day(row["since"]),
        until=_day(row["until"]),
        since_known=row["since_known"],
        until_known=row["until_known"],
        marked=row["residence_id"] in at,
        outside=not row["ours"],
        says=_says(row),
    )


def _says(row: dict[str, Any]) -> tuple[str, str]:
    """The address from its street on, and the days."""
    since = since_text(row)
    days = f"{since} – {until_text(row)}" if row["until"] else texts.say("person_page", "since", since)
    return _from_street(row["address"]), days


def _from_street(address: str) -> str:
    before, house, numbers = address.partition(f", {texts.TEXTS['address']['house'].format('')}")
    return before.rpartition(", ")[2] + house + numbers


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def first_row(rows: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, Any] | None:
    """The residence whose neighbours the card names."""
    return next(iter(rows["current"]), None)

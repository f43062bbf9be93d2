"""What an extract says: pure, from the rows of a person and a day (card 7, row 16; domain 4.1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from registry import texts
from registry.aggregates.dwelling.state import in_community
from registry.aggregates.person.state import Person

Row = Mapping[str, Any]


def chosen(rows: Sequence[Row], on: date, community: str) -> tuple[str, list[Row], list[Row]]:
    """The kind of extract on a day, the rows that it states, and the earlier ones; newest first.

    `rows` are all rows of a person, with `katottg` and `dwelling_kind`; only those in this community are stated, and
    one that had not begun by the day is not known to it. Kinds: `current`, `left`, `annulled`, `none`.
    """
    here = [row for row in rows if in_community(row["dwelling_kind"], row["katottg"], community)]
    begun = [row for row in here if row["since"] is None or row["since"] <= on]
    counted = [row for row in begun if row["state"] == "standing"]
    now = [row for row in counted if row["until"] is None or on < row["until"]]
    earlier = [row for row in counted if row not in now]
    if now:
        return "current", now, earlier
    if earlier:
        return "left", earlier[:1], earlier[1:]
    annulled = [row for row in begun if row["state"] == "annulled"]
    return ("annulled", annulled[:1], []) if annulled else ("none", [], [])


def content(
    *, kind: str, stated: Sequence[Row], earlier: Sequence[Row] | None, person: Person, on: date, **head: Any
) -> dict[str, Any]:
    """All that is printed but number, code and moment of forming: JSON values. `earlier` None: not asked for."""
    said = person.particulars
    label = texts.TEXTS["extract"][kind]
    return {
        "kind": label if earlier is None else texts.TEXTS["extract"]["with_history"].format(label),
        "register": texts.TEXTS["extract"]["register"],
        **head,
        "on": on.isoformat(),
        "person": {
            "surname": said.surname,
            "given_names": said.given_names,
            "patronymic": said.patronymic,
            "birth_date": said.birth_date,
            "unzr": said.unzr,
            "rnokpp": said.rnokpp,
            "latin": next((one.latin for one in person.documents if one.latin), None),
        },
        "died": person.death.registered_on if person.death else None,
        "residences": [_printed(row, on) for row in stated],
        "previous": None if earlier is None else [_printed(row, on) for row in earlier],
        "no_data": kind == "none",
    }


def _printed(row: Row, on: date) -> dict[str, Any]:
    """A row as printed: no day is more exact than it is known, and an end after the asked day is not yet known."""
    ended = row["until"] is not None and row["until"] <= on
    return {
        "residence_id": str(row["residence"]),
        "kind": texts.label("kinds", row["kind"]),
        "address": row["address"],
        "address_now": row["address_now"] if row["address_now"] != row["address"] else None,
        "since": _iso(row["since"], row["since_known"]),
        "until": _iso(row["until"], row["until_known"]) if ended else None,
        "since_known": row["since_known"],
        "until_known": row["until_known"] if ended else "none",
        "note": texts.label("states", "annulled") if row["state"] == "annulled" else _mark(row),
        "kept": row["kept"],
    }


def _mark(row: Row) -> str | None:
    return texts.label("marks", "carried") if row["carried"] else None


def _iso(day: date | None, known: str) -> str | None:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[known]] if day and known != "none" else None

"""What an extract states, by the rows of the projections (card 7, row 16; domain 4.1, 4.3).

The rows are read as known at a position, or are those that an act will make (`cases/after_act.py`). Issuing prints what
they state; `superseding` asks whether the register would still state the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from registry import texts
from registry.aggregates.dwelling.state import in_community
from registry.extracts.content import Note, PersonLine, ResidenceLine, ResidentLine
from registry.projections import people, residences
from registry.storage.recorder import Connection

Row = Mapping[str, Any]

ASKED_FOR = ("current", "left", "annulled")
"""What may be asked for of a person; without it, what card 7 names first and the person has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What is stated: the kind of extract, and the rows as printed, newest first; of a dwelling its residents by name.

    Kinds: `current`, `left`, `annulled`, `none`, `dwelling`. `previous` is None where history was not asked for.
    """

    kind: str
    residences: tuple[ResidenceLine, ...] = ()
    previous: tuple[ResidenceLine, ...] | None = None
    residents: tuple[ResidentLine, ...] | None = None
    person: PersonLine | None = None
    died: str | None = None


def chosen(
    rows: Sequence[Row], on: date, community: str, asked_for: str | None = None
) -> tuple[str, list[Row], list[Row]]:
    """The kind of extract on a day, the rows that it states, and the earlier ones; newest first.

    `rows` are all rows of a person, with `katottg` and `dwelling_kind`; only those in this community are stated, and
    one that had not begun by the day is not known to it.
    """
    here = [row for row in rows if in_community(row["dwelling_kind"], row["katottg"], community)]
    begun = [row for row in here if row["since"] is None or row["since"] <= on]
    counted = [row for row in begun if row["state"] == "standing"]
    now = [row for row in counted if row["until"] is None or on < row["until"]]
    earlier = [row for row in counted if row not in now]
    annulled = [row for row in begun if row["state"] == "annulled"]
    if asked_for in (None, "current") and now:
        return "current", now, earlier
    if asked_for in (None, "left") and earlier:
        return "left", earlier[:1], earlier[1:]
    if asked_for in (None, "annulled") and annulled:
        return "annulled", annulled[:1], []
    return "none", [], []


def of_person(
    connection: Connection,
    person: UUID,
    *,
    position: int,
    on: date,
    within: str,
    history: bool = False,
    asked_for: str | None = None,
) -> Stated:
    """What an extract about a person states on a day, as known at a position. `within` is the beginning of this
    community's codes."""
    rows = connection.execute(
        residences.SQL["for_extract"], {"person": person, "position": position, "on": on}
    ).fetchall()
    found = connection.execute(people.SQL["by_id"], {"person": person, "position": position}).fetchone()
    return by_rows(found, rows, on=on, within=within, history=history, asked_for=asked_for)


def by_rows(
    found: Row | None,
    rows: Sequence[Row],
    *,
    on: date,
    within: str,
    history: bool = False,
    asked_for: str | None = None,
) -> Stated:
    """The same by the rows themselves: that of the person, if the register holds them, and those of the residences as
    `for_extract` gives them, in its order."""
    kind, stated, earlier = chosen(rows, on, within, asked_for)
    return Stated(
        kind=kind,
        residences=tuple(_printed(row, on) for row in stated),
        previous=tuple(_printed(row, on) for row in earlier) if history else None,
        person=_person(found) if found else None,
        died=found["died"] if found and found["died_on"] and found["died_on"] <= on else None,
    )


def of_dwelling(connection: Connection, dwelling: UUID, *, position: int, on: date) -> Stated:
    """Who is registered in a dwelling on a day, as known at a position: names, kind and since when, nothing else."""
    rows = connection.execute(
        residences.SQL["registered_in_dwelling"], {"dwelling": dwelling, "position": position, "on": on}
    ).fetchall()
    return by_residents(rows)


def by_residents(rows: Sequence[Row]) -> Stated:
    """The same by the rows themselves, as `registered_in_dwelling` gives them, in its order."""
    return Stated(kind="dwelling", residents=tuple(resident(row) for row in rows))


def is_there(row: Row, on: date) -> bool:
    """Whether somebody lives there on a day, by a row of theirs."""
    begun = row["since"] is None or row["since"] <= on
    return row["state"] == "standing" and begun and (row["until"] is None or row["until"] > on)


def newest_first(row: Row) -> tuple[Any, ...]:
    """The order of `for_extract`."""
    since = row["since"]
    return (since is None, -since.toordinal() if since else 0, -row["known_from"], row["residence"])


def called(names: Sequence[Row], on: date, ended: date | None) -> dict[str, Any]:
    """What `for_extract` says of the dwelling of a residence, by its names: how it is called on a day, or was on the
    last one of a residence that `ended` by then, and now."""
    last = next((name for name in names if name["until"] is None), _UNNAMED)
    then = next((name for name in names if _is_called(name, on, ended)), last)
    return {
        "address": then["address"],
        "address_now": last["address"],
        "katottg": last["katottg"],
        "dwelling_kind": last["kind"],
    }


def called_on(names: Iterable[Row], on: date) -> str | None:
    """What a dwelling was called on a day, by its names."""
    held = [name for name in names if name["since"] is None or name["since"] <= on]
    return max(held, key=lambda name: name["since"] or date.min)["address"] if held else None


_UNNAMED: Row = dict.fromkeys(("address", "katottg", "kind"))


def _is_called(name: Row, on: date, ended: date | None) -> bool:
    """Whether a name holds on a day, or on the last day before an earlier end."""
    since, until = name["since"], name["until"]
    begun = since is None or (since <= on and (ended is None or since < ended))
    return begun and (until is None or until > on or (ended is not None and until >= ended))


def _person(row: Row) -> PersonLine:
    return {
        "surname": row["surname"],
        "given_names": row["given_names"],
        "patronymic": row["patronymic"],
        "birth_date": row["birth_date"],
        "unzr": row["unzr"],
        "rnokpp": row["rnokpp"],
    }


def _printed(row: Row, on: date) -> ResidenceLine:
    """A row as printed: no day is more exact than it is known, and an end after the asked day is not yet known."""
    ended = row["until"] is not None and row["until"] <= on
    return {
        "residence_id": str(row["residence"]),
        "kind_id": row["kind"],
        "kind": texts.label("kinds", row["kind"]),
        "address": row["address"],
        "address_now": row["address_now"] if row["address_now"] != row["address"] else None,
        "since": _iso(row["since"], row["since_known"]),
        "until": _iso(row["until"], row["until_known"]) if ended else None,
        "since_known": row["since_known"],
        "until_known": row["until_known"] if ended else "none",
        **_note(row),
        "kept": row["kept"],
    }


def resident(row: Row) -> ResidentLine:
    """Somebody registered in a dwelling, as printed."""
    return {
        "person_id": str(row["person"]),
        "surname": row["surname"],
        "given_names": row["given_names"],
        "patronymic": row["patronymic"],
        "kind_id": row["kind"],
        "kind": texts.label("kinds", row["kind"]),
        "since": _iso(row["since"], row["since_known"]),
        "since_known": row["since_known"],
        **_note(row),
        "kept": row["kept"],
    }


def _note(row: Row) -> Note:
    """What stands under a row: by its id, and in words."""
    if row["state"] == "annulled":
        return {"note_id": "annulled", "note": texts.label("states", "annulled")}
    if row["carried"]:
        return {"note_id": "carried", "note": texts.label("marks", "carried")}
    return {"note_id": None, "note": None}


def _iso(day: date | None, known: str) -> str | None:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[known]] if day and known != "none" else None

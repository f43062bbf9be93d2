"""Lives that are plain by their facts: where those people live the database works out, set by set, from typed heads.

Plain is a life that was entered once, at the beginning of its stream, and whose facts after it are only these:
residences that take turns and past ones, each of exact days; the end of one that takes turns, once, by a day; one
death, by its day; and what never changes where somebody lives. Past residences that have a day end before the next one
begins, and before the first that takes turns. In such a life nothing is cut in two, nothing is uncertain, and every
date is as written. Everybody else (a correction, an annulment, a renumbering, a kept address, a date known to the
month…) is folded by the document engine. `lives.sql` says who is plain, in one place; whoever asks for rows is told the
others by id.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.rows import tuple_row
from psycopg.sql import SQL as Text
from psycopg.sql import Identifier

from registry.aggregates.dwelling.events import (
    AddressRenameAnnulled,
    AddressRenamed,
    DwellingCorrected,
    DwellingEntered,
)
from registry.aggregates.facts import AGGREGATES
from registry.aggregates.person import absence_events, events, protection_events
from registry.storage import queries
from registry.storage.recorder import Connection

SQL = queries.load(Path(__file__).with_suffix(".sql"))
QUIET: Sequence[type] = (
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    events.FormerIdentitySealed,
    events.SealAnnulled,
    absence_events.AbsenceProtected,
    absence_events.AbsenceProtectionEnded,
    absence_events.AbsenceProtectionCorrected,
    absence_events.AbsenceProtectionAnnulled,
    protection_events.AddressProtected,
    protection_events.AddressProtectionEnded,
    protection_events.AddressProtectionAnnulled,
)
"""Facts that never change where somebody lives."""
TURNS = (events.ResidenceRegistered, events.ResidenceDeclared, events.StayRegistered)
"""Facts that begin a residence of which the later recorded one ends the earlier."""
BEGINNINGS = (*TURNS, events.PastResidenceEntered, events.ResidenceCarriedOver)

NAMING = (DwellingEntered, AddressRenamed, AddressRenameAnnulled, DwellingCorrected)
"""Facts by which a dwelling is called what it is, or was."""


def on_day(connection: Connection, position: int, day: date) -> list[tuple[Any, ...]]:
    """Who has a plain life and lives somewhere on a day, as known at a position, a row each, of the columns of `on_day`
    in `lives.sql`; and each whose life is not plain, by `plain` and `person_id` alone."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(f"{SQL['lives']}{SQL['on_day']}", _asked(position, day)).fetchall()


def versions(connection: Connection, position: int, table: Identifier) -> list[UUID]:
    """Writes every row of `residences` that was ever believed of plain lives, up to a position, into an empty table of
    its columns; returns all others who ever had a residence."""
    query = Text(SQL["lives"]) + Text(SQL["versions"]).format(table=table)
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(query, _asked(position, None))]


def naming(connection: Connection, position: int) -> list[tuple[str, bytes]]:
    """The lines that say what dwellings are called, up to a position, each with the id of its dwelling."""
    asked = {"position": position, "topics": _names(NAMING)}
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(SQL["naming"], asked).fetchall()


def _asked(position: int, day: date | None) -> dict[str, Any]:
    named = {"topics": AGGREGATES["person"], "quiet": QUIET, "turns": TURNS, "beginnings": BEGINNINGS}
    return {"position": position, "on": day, **{name: _names(facts) for name, facts in named.items()}}


def _names(facts: Sequence[Any]) -> list[str]:
    return [fact.NAME for fact in facts]

"""By which code the rows of each projection were made: its `VERSION`, kept beside its table.

Whatever makes the rows writes it: the first act of a register, a refill, a rebuild.
"""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from registry.storage import queries
from registry.storage.recorder import Connection

SQL = queries.load(Path(__file__).with_suffix(".sql"))


def write(connection: Connection, projections: Sequence[ModuleType]) -> None:
    """Says that the rows of these were made by the code that runs now, in the transaction that made them."""
    connection.execute(SQL["write"], _said(projections))


def stale(connection: Connection, projections: Sequence[ModuleType]) -> list[str]:
    """The names of those whose rows another code made, or none, in their order; a register without facts has none."""
    return [row["name"] for row in connection.execute(SQL["stale"], _said(projections))]


def _said(projections: Sequence[ModuleType]) -> dict[str, list]:
    return {"names": [one.TABLE for one in projections], "versions": [one.VERSION for one in projections]}

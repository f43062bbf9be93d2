"""What becomes of messages and tasks, recorded: sent, done, failed, or taken back; of several by one act.

Raises as the acts do: `NotFound` for an item that no outbox has, `Impossible`, `LostRace`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from registry import texts
from registry.acts import Clerk
from registry.aggregates.outgoing.decisions import delivered
from registry.aggregates.outgoing.state import Delivery, fold
from registry.aggregates.values import Fault, Impossible, refuse
from registry.app import Act, Line, LostRace, Registry
from registry.appending import Raced
from registry.questions import NotFound

Row = Mapping[str, Any]
KEY = ("position", "item", "person", "residence", "extract", "application")
"""What a fact says of its item, by the columns of the outbox."""


def items(registry: Registry, ids: Sequence[UUID]) -> list[Row]:
    """The rows of these items, in this order. Raises `NotFound` if one is none."""
    found = {row["id"]: row for row in registry.query("outbox", "by_ids", ids=list(ids))}
    if len(found) < len(set(ids)):
        raise NotFound(texts.TEXTS["faults"]["outgoing-unknown"])
    return [found[id] for id in ids]


def record(
    clerk: Clerk,
    ids: Sequence[UUID],
    kind: type[Any],
    said: Mapping[str, Any],
    *,
    command: UUID,
    version: int | None = None,
    digest: bytes | None = None,
) -> Act:
    """Records a fact of a class of each of the items, in one act; a repeated `command` returns the first result.
    `version`, of a single one, is that which the caller saw."""
    registry = clerk.registry
    if done := registry.of_command(command):
        return done
    # The versions first: whoever writes in between makes them old, and the row new.
    entries = registry.of_streams(ids)
    before = {id: fold(entries.get(id, ())) for id in ids}
    if version is not None:
        insist_on_version(before, version)
    lines: list[Line] = []
    faults: list[Fault] = []
    for row in items(registry, ids):
        fact = kind(**{name: row[name] for name in KEY}, **said)
        try:
            facts = delivered(fact, row["state"], today=clerk.today())
        except Impossible as error:
            faults += error.faults
            continue
        lines.append((row["id"], facts, before[row["id"]].version))
    refuse(faults)
    return registry.append(lines, by=clerk.by, command=command, digest=digest)


def insist_on_version(before: Mapping[UUID, Delivery], version: int) -> None:
    """Raises `LostRace` for an item that is not at the version that the caller saw."""
    raced = [
        Raced(id, one.last.by.name, one.last.recorded_at)
        for id, one in before.items()
        if one.last and one.version != version
    ]
    if raced:
        raise LostRace(raced)

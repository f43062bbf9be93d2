"""Drawing up the paper that a task asks for, in one step: filled in, numbered, and the task done by it.

A referral has one sheet for both its purposes: whoever draws it up does both tasks. Raises as `delivering.record`.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from registry.acts import Clerk
from registry.aggregates.community.state import Here
from registry.aggregates.outgoing.decisions import delivered
from registry.aggregates.outgoing.events import PAPERS, OutgoingDone, OutgoingDrawn
from registry.aggregates.outgoing.state import OPEN, fold
from registry.app import Act, Line, Registry
from registry.outgoing import outbox, papers
from registry.outgoing.delivering import KEY, Row, insist_on_version, items
from registry.storage.following import PlaceInLog
from registry.storage.recorder import Connection, one_row


def draw(
    clerk: Clerk,
    id: UUID,
    here: Here,
    *,
    office: str | None,
    command: UUID,
    version: int | None = None,
    digest: bytes | None = None,
) -> Act:
    """Draws up the paper of a task; a repeated `command` returns the first result. `here` is who we are today, `office`
    where whoever draws it up works, `version` that which the caller saw."""
    registry = clerk.registry
    if done := registry.of_command(command):
        return done
    entries = registry.of_streams([id])
    before = fold(entries.get(id, ()))
    if version is not None:
        insist_on_version({id: before}, version)
    [row] = items(registry, [id])
    kind, today = PAPERS.get(row["item"], ""), clerk.today()
    beside = _beside(registry, row) if kind else []
    applicant, content = papers.drawn(registry, [row, *beside], here, clerk.by, office) if kind else (None, {})
    said: dict[str, Any] = {
        "applicant": applicant,
        "kind": kind,
        "on": today.isoformat(),
        "number": 0,
        "content": content,
    }
    lines: list[Line] = [(id, delivered(OutgoingDrawn(**_key(row), **said), row["state"], today=today), before.version)]
    for one in beside:
        fact = OutgoingDone(**_key(one), on=today.isoformat(), outcome=papers.SAYS["same_paper"])
        seen = fold(registry.entries(one["id"])).version
        lines.append((one["id"], delivered(fact, one["state"], today=today), seen))
    return registry.append(lines, by=clerk.by, command=command, digest=digest)


def numbered(connection: Connection, fact: OutgoingDrawn, place: PlaceInLog) -> OutgoingDrawn:
    """The fact with its day and the next number of its kind in the Kyiv calendar year: so many are before it."""
    year = place.day.year
    asked = {"kind": fact.kind, "year": f"{year:04}", "next": f"{year + 1:04}"}
    drawn = one_row(connection.execute(outbox.SQL["drawn_of_year"], asked))["papers"]
    return replace(fact, on=place.day.isoformat(), number=drawn + place.nth + 1)


def _beside(registry: Registry, row: Row) -> list[Row]:
    """The other tasks of the same decision about the same person that the same paper does."""
    rows = registry.query("outbox", "of_application", application=row["application"])
    same = (one for one in rows if (one["position"], one["person"]) == (row["position"], row["person"]))
    kind = PAPERS[row["item"]]
    return [one for one in same if one["id"] != row["id"] and PAPERS.get(one["item"]) == kind and one["state"] in OPEN]


def _key(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in KEY}

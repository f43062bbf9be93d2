"""What would come of an act that is only tried: who it is about before and after it, the extracts that would fall, and
what would go out. The same as an approval shows of a change that waits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.shapes import approvals
from api.shapes.approvals import AskedChange
from registry.aggregates.case.events import ChangeRequested, CheckedHome
from registry.aggregates.values import supposed
from registry.storage import mapper


def would_come(desk: Desk, person: UUID, facts: Sequence[Any], *, homes: Sequence[UUID] = ()) -> dict[str, Any]:
    """The same of facts on the stream of a person, as it is now."""
    registry, position = desk.registry, desk.registry.position()
    asked = ChangeRequested(
        person=person,
        asked_for=facts[0].NAME,
        after=registry.person(person).version,
        facts=tuple(map(mapper.as_logged, facts)),
        homes=tuple(CheckedHome(dwelling=home, version=registry.dwelling(home).version) for home in homes),
    )
    [entry] = supposed([asked], 0, desk.today())
    change = AskedChange(entry.stream, entry.version, entry, None, None)
    comes = approvals.consequences(desk, change)
    return {"told": approvals.told(desk, change), "limit": ROWS, "change": change, "position": position, **comes}


ROWS = 50
"""How many rows of a difference such a page shows."""

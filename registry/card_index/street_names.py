"""A renamed street's new name carried over to the addresses of the dwellings on it: nobody moves, nothing else changes.

Each dwelling gets the dated name by the same decision as when a clerk renames one address. They go in acts of at most
`AN_ACT` dwellings, so that clerks wait a moment at most; cut short, it is simply run again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from registry import streets
from registry.acts import Clerk
from registry.aggregates.dwelling import decisions
from registry.aggregates.dwelling.state import fold
from registry.aggregates.street.matching import OnList
from registry.aggregates.values import Fault, refuse, sure
from registry.app import Act, Line
from registry.streets import Home

AN_ACT = 500


@dataclass(kw_only=True)
class Carried:
    """How many dwellings got the new name; those left to a clerk, because another dwelling has that address already."""

    dwellings: int = 0
    twice: list[UUID] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


def carry(clerk: Clerk, street: OnList, *, basis: str | None, community: str = "", dry_run: bool = False) -> Carried:
    """Gives the dwellings that bear a former name of a street its present one, from the day on which it holds. Raises
    `Impossible` without a basis, `LostRace` where somebody changes one of them meanwhile."""
    refuse([] if basis else [Fault("basis-missing", "basis")])
    registry, carried = clerk.registry, Carried()
    day, position = clerk.today(), registry.position()
    [said] = streets.reconciled(registry, [street], day=day, position=position, community=community)
    renamed = [one for one in said.homes if one.said.since and "street-renamed" in one.said.reasons]
    for start in range(0, len(renamed), AN_ACT):
        lines = _lines(clerk, renamed[start : start + AN_ACT], basis, carried)
        carried.dwellings += len(lines)
        if lines and not dry_run:
            carried.acts.append(registry.append(lines, by=clerk.by, command=uuid4()))
    return carried


def _lines(clerk: Clerk, homes: Sequence[Home], basis: str | None, carried: Carried) -> list[Line]:
    found = clerk.registry.of_streams([one.dwelling for one in homes])
    lines: list[Line] = []
    for home in homes:
        now = replace(home.address, street=sure(home.said.right).street)
        if streets.same_address(clerk.registry, now, but=home.dwelling):
            carried.twice.append(home.dwelling)
            continue
        state = fold(found[home.dwelling])
        since = max(day for day in (home.since, home.said.since) if day).isoformat()
        facts = decisions.rename_address(state, address=now, since=since, basis=basis, today=clerk.today())
        lines.append((home.dwelling, facts, state.version))
    return lines

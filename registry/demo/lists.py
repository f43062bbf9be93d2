"""The list of territories, as the ministry's orders changed it: an end and another section, a slip, a false entry."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from registry.aggregates.territory import decisions
from registry.aggregates.territory.events import DESK, LIST, Order, TerritoryVersion, entry_id
from registry.demo.book import BookedAct
from registry.demo.inventing import DATA
from registry.demo.town import DECLARING_SINCE, Story, Town

LISTED = DATA["listed"]


def listed(town: Town) -> Story:
    """The border village is listed twice, one entry after the other; its neighbour once, typed from the order."""
    act = yield max(town.at(0.54), DECLARING_SINCE)
    border, neighbour, false = LISTED["border"], LISTED["neighbour"], LISTED["false"]
    first = _entered(act, border, "possible_hostilities", act.ago(40))
    typed = _entered(act, neighbour, "occupied", act.ago(41), order=_order(act))
    never = _entered(act, false, "possible_hostilities", act.ago(40))
    act = yield act.today + timedelta(9)
    was = town.book.others[typed].says
    right = TerritoryVersion(name=was.name, code=was.code, kind=was.kind, since=act.ago(49))
    act.territory(typed, decisions.amend, now=right, order=_order(act))
    act.territory(never, decisions.annul, basis=LISTED["false"]["basis"])
    act = yield town.at(0.67)
    was = town.book.others[first].says
    over = TerritoryVersion(name=was.name, code=was.code, kind=was.kind, since=was.since, until=act.ago(3))
    act.territory(first, decisions.amend, now=over, order=_order(act))
    _entered(act, border, "active_hostilities", act.ago(3))


def _entered(act: BookedAct, said: dict[str, str], kind: str, since: str, order: Order | None = None) -> UUID:
    """Enters an entry: from the list, or typed from the order that says so."""
    entry = entry_id(said["code"], kind, since)
    now = TerritoryVersion(name=said["name"], code=said["code"], kind=kind, since=since)
    act.territory(entry, decisions.enter, said=now, order=order, source=DESK if order else LIST)
    return entry


def _order(act: BookedAct) -> Order:
    return Order(number=LISTED["order"], dated=act.ago(2))


STORIES: tuple[Callable[[Town], Story], ...] = (listed,)

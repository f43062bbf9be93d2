"""Whom a case enters, and whether they are in the register already: asked where it is taken in and where it is decided.

What a machine sends is never turned back: whoever decides on it is asked.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from registry.aggregates.case.case import Case
from registry.aggregates.case.events import Concerned
from registry.aggregates.case.ruling import Ruling
from registry.app import Registry
from registry.twice import Entering, ask, entered
from registry.viewer import Viewer

WHERE = "register.persons"


@dataclass(frozen=True, kw_only=True)
class Distinct:
    """Who is another person than the newcomers of a case, and how whoever decides on it knows."""

    people: Collection[UUID] = ()
    reason: str | None = None

    def said_of(self, case: Case) -> Case:
        """A case whose newcomers are said to be others than these too."""
        if not self.people:
            return case
        return replace(
            case,
            services=tuple(
                replace(one, part=replace(one.part, concerned=tuple(map(self._said, one.part.concerned))))
                for one in case.services
            ),
        )

    def _said(self, one: Concerned) -> Concerned:
        if one.particulars is None:
            return one
        others = tuple(dict.fromkeys((*(one.distinct_from or ()), *self.people)))
        reasons = dict.fromkeys(filter(None, (one.distinct_reason, self.reason)))
        return replace(one, distinct_from=others, distinct_reason="; ".join(reasons) or None)


NOBODY_ELSE = Distinct()


def told_of(ruling: Ruling) -> list[Entering]:
    """Whom a case tells of who are not in the register, each once."""
    concerned = (one for part in ruling.parts for one in part.service.part.concerned)
    found = {
        one.person: Entering(
            id=one.person,
            particulars=one.particulars,
            documents=one.documents,
            distinct_from=one.distinct_from or (),
        )
        for one in concerned
        if one.particulars and not ruling.holdings.people[one.person].entered
    }
    return list(found.values())


def insist_on_new(registry: Registry, people: Collection[Entering], seen_by: Viewer) -> None:
    """Raises `NeedsConfirmation` with whoever of the register may be one of these, `Impossible` where one of them comes
    twice."""
    if people:
        with registry.datastore.get_connection() as connection:
            position = registry.position_at(connection, None)
            ask(connection, position, list(people), seen_by, {one.id: WHERE for one in people})


def entered_by(ruling: Ruling) -> list[Entering]:
    """Whom a decision enters."""
    return list(entered(ruling.facts))

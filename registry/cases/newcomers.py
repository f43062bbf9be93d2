"""Whom a case enters, and whether they are in the register already: asked where it is taken in and where it is decided.

What a machine sends is never turned back: whoever decides on it is asked.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from uuid import UUID

from registry.aggregates.case.case import Case
from registry.aggregates.case.events import Concerned
from registry.aggregates.case.ruling import Ruling
from registry.app import Registry
from registry.twice import Entering, asked_together
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


def told_of(ruling: Ruling, granted: bool = False) -> list[Entering]:
    """Whom a case tells of who are not in the register, each once; with `granted` whom it is granted to."""
    parts = (part for part in ruling.parts if not granted or part.decision.decision == "granted")
    concerned = (one for part in parts for one in part.service.part.concerned)
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


def asked_with(registry: Registry, people: Sequence[Entering], seen_by: Viewer) -> AbstractContextManager[None]:
    """What has to be confirmed within, and who of the register may be one of these, in one question. Raises
    `NeedsConfirmation`, or `Impossible` where one of them comes twice."""
    return asked_together(registry, people, seen_by, {one.id: WHERE for one in people})

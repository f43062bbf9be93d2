"""The papers that a request tells of: each a new one with what is written on it, or one that the register knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID, uuid4, uuid5

from api.paper_forms import PaperShown
from registry import papers
from registry.aggregates.case.written import paper_faults
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault
from registry.cases.as_of import AsOf
from registry.viewer import Viewer, insist


class Naming(Protocol):
    """Whoever looks up what a request names, and remembers what is not there."""

    held: AsOf
    position: int
    seen_by: Viewer
    faults: list[Fault]

    def person(self, name: str, where: str) -> UUID:
        """The person of a name."""


def papers_shown(
    naming: Naming,
    rows: Sequence[PaperShown],
    asked: Mapping[str, Any],
    people: Collection[UUID],
    where: str,
    command: UUID | None = None,
) -> tuple[Paper, ...] | None:
    """The papers of one part, by its facts and everybody whom it names; None where nothing was told of any. The key of
    a new one is drawn, or of a `command` always the same."""
    drawn = [uuid5(command, f"paper {number}") if command else uuid4() for number in range(len(rows))]
    found = tuple(
        _paper(naming, row, people, f"{where}.{number}", key)
        for number, (row, key) in enumerate(zip(rows, drawn, strict=True))
    )
    naming.faults += paper_faults(asked, found, where)
    return found or None


def as_asked(papers_of_part: Sequence[Paper] | None, rows: Sequence[PaperShown], nobody: UUID) -> tuple[Paper, ...]:
    """The same without the keys that were drawn for new ones: what was asked for."""
    pairs = zip(papers_of_part or (), rows, strict=True)
    return tuple(one if row.paper else replace(one, paper=nobody) for one, row in pairs)


def _paper(naming: Naming, row: PaperShown, people: Collection[UUID], where: str, key: UUID) -> Paper:
    whose = naming.person(row.whose, f"{where}.whose") if row.whose else None
    details = row.details()
    if row.paper is None:
        return Paper(paper=key, id=row.id, whose=whose, shown_by=row.shown_by, **details)
    if details:
        naming.faults.append(Fault("paper-details-known", f"{where}.paper"))
    found = _known(naming, row.paper, {*people, *([whose] if whose else [])})
    if found is None:
        naming.faults.append(Fault("paper-key-unknown", f"{where}.paper"))
        return Paper(paper=row.paper, id=row.id)
    paper, annulled = found
    if annulled:
        naming.faults.append(Fault("paper-annulled", f"{where}.paper"))
    powers = paper.powers if row.id == paper.id else None
    return replace(paper, id=row.id, powers=powers, shown_by=row.shown_by)


def _known(naming: Naming, key: UUID, people: Collection[UUID]) -> tuple[Paper, bool] | None:
    """An identity document of somebody whom the part names, or a paper that was shown before."""
    for person in people:
        held = papers.of_documents(person, naming.held.person(person).documents)
        for one in held:
            if one.paper == key:
                insist(naming.seen_by, person)
                return one, False
    return papers.known(naming.held.registry, key, naming.position, seen_by=naming.seen_by)

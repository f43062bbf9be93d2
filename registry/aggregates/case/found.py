"""What was found of what a portal or a machine sent, beside the register: whom it is about, or that it is untrue.

Nobody changes what was sent (`finishing.declared_faults`), and no sender knows our ids: that it
is about somebody who is entered is a word of the clerk, with how they know. What contradicts the register, and is not a
mistake of the register, is false data, on which the cards refuse (003 c2-c4, c8, c9 r13).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from registry.aggregates.case.events import Changed, Concerned, Part, ShownLink
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerRecognised:
    """Whoever was told of as a `newcomer` is a `person` of the register, `reason` says how one knows. The documents
    that were sent of them are shown, as the `paper` is called, and take the place of those of their kind. Said again,
    of whom the case names by then, it takes the place of what was said before."""

    NAME: ClassVar[str] = "newcomer-recognised"
    newcomer: UUID
    person: UUID
    reason: str
    paper: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFoundUntrue:
    """What was sent for a part is not so, and `reason` says what of it: the part is refused for false data."""

    NAME: ClassVar[str] = "sent-found-untrue"
    part: int
    reason: str


def recognised(part: Part, found: NewcomerRecognised) -> Part:
    """A part about the person of the register, in place of the newcomer, wherever it names them."""
    papers = tuple(_whose(one, found) for one in part.papers or ()) or None
    concerned = tuple(_known(one, found) for one in part.concerned)
    return replace(part, concerned=concerned, papers=papers)


def names_newcomer(parts: Sequence[Part], newcomer: UUID) -> bool:
    """Whether somebody was told of so, and not by an id of the register."""
    return any(one.person == newcomer and one.particulars for part in parts for one in part.concerned)


def finding_faults(
    sent: bool, parts: Sequence[Part], *, newcomer: UUID | None, person: UUID | None, reason: str | None
) -> list[Fault]:
    """Why something cannot be found of what came: it was not `sent` by a portal or a machine, nobody was told of so,
    that is whom it names already, or nobody says how one knows."""
    faults = [] if sent else [Fault("typed-here")]
    if newcomer and not names_newcomer(parts, newcomer):
        faults.append(Fault("newcomer-unknown", "newcomer"))
    if newcomer and any(one.person == person for part in parts for one in part.concerned):
        faults.append(Fault("already-recognised", "person"))
    return faults if reason else [*faults, Fault("reason-missing", "reason")]


def _known(one: Concerned, found: NewcomerRecognised) -> Concerned:
    links = tuple(_linked(link, found) for link in one.family or ()) or None
    if one.person != found.newcomer:
        return replace(one, family=links)
    documents = one.documents or (one.changed.documents if one.changed else ())
    shown = Changed(paper=found.paper, documents=documents) if documents and found.paper else None
    return replace(
        one,
        person=found.person,
        documents=() if shown else one.documents,
        changed=shown,
        family=links,
        distinct_from=None,
        distinct_reason=None,
    )


def _linked(link: ShownLink, found: NewcomerRecognised) -> ShownLink:
    return replace(link, relative=found.person) if link.relative == found.newcomer else link


def _whose(paper: Paper, found: NewcomerRecognised) -> Paper:
    return replace(paper, whose=found.person) if paper.whose == found.newcomer else paper

"""The facts of a case that is not finished yet: what came to it after its receipt, and what the applicant made of it.

`state.evolve` completes the receipt by them, so that whoever asks for the parts of a case gets them as they stand; what
was typed or said before stays in the log. The cards (rows 9 and 12) speak of an application with all its papers: what
of this is a reading, `finishing.py` says.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from registry.aggregates.case.events import Changed, ChangedDwelling, Concerned, Part
from registry.aggregates.papers import Paper
from registry.aggregates.values import DateText

_TITLE = "dwelling_right_document"
"""The paper that is the right to live in a dwelling: whoever brings it holds one."""
_IDENTITY = "identity_document"
"""The paper that the documents of a person stand for, where it has an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersBrought:
    """Papers or consents that were missing from a part, or good ones in place of invalid ones, brought later.

    Ids are those of the card (row 9). `brought` is a moment of Kyiv, as that of a receipt; `due_by` the last day for
    the entry from then on, of the whole visit. `valid_until` by document; `concerned`: those of whom a document shown
    says what the register does not, `dwelling_changed` likewise of the dwelling of the part.
    """

    NAME: ClassVar[str] = "papers-brought"
    part: int
    brought: str
    due_by: DateText
    documents: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    valid_until: dict[str, Any] | None = None
    concerned: tuple[Concerned, ...] = ()
    dwelling_changed: ChangedDwelling | None = None
    papers: tuple[Paper, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a part lacks, by the ids of its card (row 9): missing or invalid."""

    part: int
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLeftWithoutMovement:
    """«Без руху», which the applicant agreed to by a signed paper (`consent`): until `bring_by`, inclusive, the term
    does not run. `due_by` is the last day for the entry if nothing is brought, `reason` what is wrong beside `lacking`,
    `text` what the applicant is handed."""

    NAME: ClassVar[str] = "application-left-without-movement"
    lacking: tuple[Lacking, ...]
    bring_by: DateText
    due_by: DateText
    consent: str
    reason: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMovesAgain:
    """It is no longer without movement: everything that it lacked was brought, or the applicant asked for that, and
    `reason` says so. `due_by` is the last day for the entry from then on."""

    NAME: ClassVar[str] = "application-moves-again"
    due_by: DateText
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationWithdrawn:
    """The applicant takes back these parts, all or some: nothing is decided on them. `said_by` is who said so, of
    `finishing.WITHDRAWN_BY`, and `paper` by which paper; `paid` what was paid for them, in kopiykas, where anybody
    answered for it: whether it is returned the cards do not say."""

    NAME: ClassVar[str] = "application-withdrawn"
    parts: tuple[int, ...]
    said_by: str
    paper: str | None = None
    reason: str | None = None
    paid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FellAway:
    """An answer that no longer answers anything: its check, and the part as it was numbered when it was given."""

    part: int
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationAmended:
    """It was typed wrongly: the parts, who applied and their phone anew, and why. Code, day of receipt and term stay;
    what was typed before is in the facts before. `withdrawn` are those of the parts that were withdrawn already."""

    NAME: ClassVar[str] = "application-amended"
    parts: tuple[Part, ...]
    reason: str
    applicant: str | None = None
    phone: str | None = None
    withdrawn: tuple[int, ...] = ()
    fell_away: tuple[FellAway, ...] = ()


def completed(part: Part, brought: PapersBrought) -> Part:
    """A part with what was brought for it, but for what is written on it (`CaseRecord.papers`)."""
    asked, shown = dict(part.asked), set(brought.documents)
    for name, more in (("documents", brought.documents), ("consents", brought.consents)):
        if more:
            asked[name] = list(dict.fromkeys([*asked.get(name, ()), *more]))
    if asked.get("invalid_documents"):
        asked["invalid_documents"] = [one for one in asked["invalid_documents"] if one not in shown]
    said = brought.valid_until or {}
    # The term of the paper in whose place another came is not that of the other.
    until = {id: day for id, day in asked.get("valid_until", {}).items() if id not in shown} | said
    if until or "valid_until" in asked:
        asked["valid_until"] = until
    if ends := _with_an_end(brought) if brought.brought[:10] > asked.get("received", brought.brought)[:10] else set():
        asked["shown_on"] = {**asked.get("shown_on", {}), **dict.fromkeys(sorted(ends), brought.brought[:10])}
    if _TITLE in shown:
        asked["dwelling"] = {**asked.get("dwelling", {}), "right_document_held": True}
    later = {one.person: one for one in brought.concerned}
    return replace(
        part,
        asked=asked,
        concerned=tuple(_shown(one, later[one.person]) if one.person in later else one for one in part.concerned),
        dwelling_changed=brought.dwelling_changed or part.dwelling_changed,
        shown_on={**(part.shown_on or {}), **{str(one.paper): brought.brought[:10] for one in brought.papers or ()}}
        or None,
    )


def _with_an_end(brought: PapersBrought) -> set[str]:
    """The papers brought of which their last day is known: each is judged by the day on which it was shown."""
    ends = {*(brought.valid_until or {}), *(paper.id for paper in brought.papers or () if paper.valid_until)}
    return ends | ({_IDENTITY} if any(one.documents or one.changed for one in brought.concerned) else set())


def _shown(one: Concerned, later: Concerned) -> Concerned:
    """A person with the documents that were shown later, each in place of the one of its kind."""
    kinds = {paper.kind for paper in later.documents}
    documents = (*(paper for paper in one.documents if paper.kind not in kinds), *later.documents)
    return replace(one, documents=documents, changed=_changed(one.changed, later.changed))


def _changed(before: Changed | None, later: Changed | None) -> Changed | None:
    if before is None or later is None:
        return later or before
    kinds = {paper.kind for paper in later.documents}
    documents = (*(paper for paper in before.documents if paper.kind not in kinds), *later.documents)
    return replace(before, paper=f"{before.paper}, {later.paper}", documents=documents)

"""What is written on the papers of a part, and what of it decides: in the form of an application, for the cards.

A paper's term is the `valid_until` of what it stands for, and is said once. A decision of a court that is not in force
on the day of receipt is not the one that card 2, row 9, asks for («що набуло законної сили»); a consent whose own term
is over is none; a proxy whose powers do not name the service proves no authority; the kind of an identity document is
that of the one shown. Of several papers for one id it is
enough that one is good; a title that is not in force is none, and the owner's consent takes its place. A detail that
nobody said decides nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, get_args
from uuid import UUID

from registry.aggregates.case.events import Part
from registry.aggregates.papers import Paper
from registry.aggregates.values import Fault, first_day, last_day
from registry.services.application import IdentityDocument
from registry.services.headers import SERVICES

AUTHORITY, TITLE, JUDGMENT = "representative_authority", "dwelling_right_document", "court_decision"
_OF_APPLICANT = ("parent_identity_document", "owner_identity", "representative_identity")
LEASE = "lease"
"""The kind of a title that is a contract."""
Words = Mapping[str, Any]


MILITARY_DATA = "military_data"
"""What stands for the data of the military record among what a declaration says (card 8, row 9)."""


def as_said(part: Part) -> dict[str, Any]:
    """The facts of a part as they were said, by word and by what is written on the papers shown; that military data
    were declared is among them."""
    said = with_papers(part.asked, part.papers, part.shown_on)
    if not any(one.military for one in part.concerned):
        return said
    return {**said, "documents": list(dict.fromkeys((*said.get("documents", ()), MILITARY_DATA)))}


def with_papers(
    asked: Words, papers: Sequence[Paper] | None, shown_on: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The facts of an application with what its papers say, each on the day of receipt or that it was `shown_on`."""
    found, by_id = dict(asked), _by_id(papers or ())
    if not by_id:
        return found
    received, service = asked["received"][:10], asked.get("service", "")
    days = {one.paper: date.fromisoformat((shown_on or {}).get(str(one.paper), received)) for one in papers or ()}
    barred = {id for id, shown in by_id.items() if not any(_in_force(paper, days[paper.paper]) for paper in shown)}
    over = {id for id, shown in by_id.items() if all(_is_over(paper, days[paper.paper]) for paper in shown)}
    if barred & set(asked.get("documents", ())):
        found["documents"] = [id for id in asked["documents"] if id not in barred]
    if (barred | over) & set(asked.get("consents", ())):
        found["consents"] = [id for id in asked["consents"] if id not in barred | over]
    if TITLE in barred:
        found["dwelling"] = {**asked.get("dwelling", {}), "right_document_held": False}
    for id in by_id.keys() - barred:
        by_id[id] = [paper for paper in by_id[id] if _in_force(paper, days[paper.paper])]
    if AUTHORITY in by_id:
        fit = [paper for paper in by_id[AUTHORITY] if paper.powers is None or service in paper.powers]
        if not fit:
            found["applicant"] = {**asked.get("applicant", {}), "authority_proved": False}
        by_id[AUTHORITY] = fit
    terms = {id: last.isoformat() for id, shown in by_id.items() if (last := _longest(shown))}
    if terms:
        found["valid_until"] = {**asked.get("valid_until", {}), **terms}
    judgments = () if JUDGMENT in barred else by_id[JUDGMENT]
    good = [paper for paper in by_id[TITLE] if not _is_over(paper, days[paper.paper])]
    titles = good or by_id[TITLE]
    found = _with_lease(_with_force(found, judgments), titles)
    for whose, kind in _kinds(asked, by_id).items():
        found[whose] = {"identity_document": kind, **(found.get(whose) or {})}
    return found


def not_counted(part: Part) -> list[tuple[Paper, str]]:
    """The papers of a part that are not what they were shown for, where no other is, each with why: it is not in
    `force`, a consent, a title or an authority is `over`, its `powers` do not name the service."""
    received, consents, found = part.asked["received"][:10], part.asked.get("consents", ()), list[tuple[Paper, str]]()
    for paper in part.papers or ():
        day = date.fromisoformat((part.shown_on or {}).get(str(paper.paper), received))
        if not _in_force(paper, day):
            found.append((paper, "force"))
        elif _is_over(paper, day) and paper.id in (*consents, TITLE, AUTHORITY):
            found.append((paper, "over"))
        elif paper.id == AUTHORITY and paper.powers is not None and part.asked.get("service") not in paper.powers:
            found.append((paper, "powers"))
    bad = [paper for paper, _ in found]
    good = {paper.id for paper in part.papers or () if paper not in bad}
    return [one for one in found if one[0].id not in good]


def of_person(
    papers: Sequence[Paper] | None, who: Collection[UUID], others: Collection[UUID]
) -> tuple[Paper, ...] | None:
    """The papers of some of the people of a part: what belongs to another of them is not theirs."""
    found = tuple(one for one in papers or () if one.whose in who or one.whose not in others)
    return found or None


def paper_faults(asked: Words, papers: Sequence[Paper], where: str = "papers") -> list[Fault]:
    """What no paper of an application can say: it stands for nothing that was shown, its days cross or have not come,
    or it says otherwise than the application."""
    day, faults = date.fromisoformat(asked["received"][:10]), list[Fault]()
    shown = {id for name in ("documents", "consents", "invalid_documents") for id in asked.get(name) or ()}
    if SERVICES[asked["service"]].settles == "declared":
        shown.add("identity_document")
    for number, paper in enumerate(papers):
        place = f"{where}.{number}"
        if paper.id not in shown:
            faults.append(Fault("paper-not-shown", f"{place}.id"))
        if any((one.paper, one.id) == (paper.paper, paper.id) for one in papers[:number]):
            faults.append(Fault("paper-twice", f"{place}.paper"))
        faults += detail_faults(paper, day, f"{place}.")
    return [*faults, *_contradictions(asked, papers, day, where)]


def detail_faults(paper: Paper, shown_on: date, where: str = "") -> list[Fault]:
    """What cannot be written on a paper that was shown on a day: it is not of a later one, nothing of it ends or begins
    before its own day, and only an authority has powers."""
    faults, since = [], first_day(paper.dated) if paper.dated else None
    if since and since > shown_on:
        faults.append(Fault("paper-of-later", f"{where}dated"))
    for name in ("valid_until", "in_force_on"):
        said = getattr(paper, name)
        if since and said and last_day(said) < since:
            faults.append(Fault("paper-days-cross", f"{where}{name}"))
    if paper.powers is not None and paper.id != AUTHORITY:
        faults.append(Fault("paper-has-no-powers", f"{where}powers"))
    return faults


def _contradictions(asked: Words, papers: Sequence[Paper], day: date, where: str) -> list[Fault]:
    """What the application says otherwise than its papers: one truth is said once."""
    found, by_id = with_papers(asked, papers), _by_id(papers)
    said = asked.get("valid_until") or {}
    terms = [
        Fault("paper-says-otherwise", f"{where}.{number}.valid_until")
        for number, paper in enumerate(papers)
        if paper.valid_until and paper.id in said and found["valid_until"].get(paper.id) != said[paper.id]
    ]
    for whose, kind in _kinds(asked, by_id).items():
        if (asked.get(whose) or {}).get("identity_document", kind) != kind:
            number = next(n for n, paper in enumerate(papers) if paper.kind == kind)
            terms.append(Fault("paper-says-otherwise", f"{where}.{number}.kind"))
    told = (asked.get("subject") or {}).get("declared_dead_on")
    if asked.get("ground") == "court_declared_dead" and told:
        days = {paper.in_force_on for paper in by_id[JUDGMENT] if paper.in_force_on}
        if days and told not in days:
            terms.append(Fault("paper-says-otherwise", f"{where}.{_first(papers, JUDGMENT)}.in_force_on"))
    rental, leases = (asked.get("dwelling") or {}).get("rental"), _leases(by_id[TITLE])
    if rental and leases and not rental.get("terminated_on"):
        last = _longest(leases)
        if rental.get("until") != (last.isoformat() if last else None):
            terms.append(Fault("paper-says-otherwise", f"{where}.{_first(papers, TITLE)}.valid_until"))
    return terms


def _kinds(asked: Words, by_id: Mapping[str, Sequence[Paper]]) -> dict[str, str]:
    """The kind of the identity document that was shown, by whose it is: the subject's, or that of whoever files."""
    does, files = SERVICES.get(asked.get("service", "")), (asked.get("applicant") or {}).get("kind", "person")
    another = does is None or does.of_children or ((does.corrects or does.informs) and files != "person")
    found: dict[str, str] = {}
    for id in ("identity_document", *_OF_APPLICANT):
        kinds = {paper.kind for paper in by_id.get(id, ()) if paper.kind in get_args(IdentityDocument)}
        if len(kinds) == 1:
            found["subject" if id == "identity_document" and not another else "applicant"] = str(*kinds)
    return found


def lease_number(part: Part) -> str | None:
    """The number of the contract on which whoever settles lives there, where its paper was shown."""
    numbers = {paper.number for paper in _leases(_by_id(part.papers or ())[TITLE]) if paper.number}
    return numbers.pop() if len(numbers) == 1 else None


def _first(papers: Sequence[Paper], id: str) -> int:
    return next(number for number, paper in enumerate(papers) if paper.id == id)


def _by_id(papers: Sequence[Paper]) -> defaultdict[str, list[Paper]]:
    found = defaultdict[str, list[Paper]](list)
    for paper in papers:
        found[paper.id].append(paper)
    return found


def _in_force(paper: Paper, day: date) -> bool:
    """Whether a decision may be in force on a day; one of which nobody said since when it is, may."""
    return paper.in_force_on is None or first_day(paper.in_force_on) <= day


def _is_over(paper: Paper, day: date) -> bool:
    return paper.valid_until is not None and last_day(paper.valid_until) < day


def _longest(papers: Sequence[Paper]) -> date | None:
    """The last day of the one that is valid longest; None where one has no end, or nobody said it."""
    ends = [paper.valid_until for paper in papers]
    return max((last_day(end) for end in ends if end), default=None) if all(ends) else None


def _with_force(found: dict[str, Any], judgments: Sequence[Paper]) -> dict[str, Any]:
    """The day from which somebody is declared dead is that from which the decision is in force (card 2, row 9)."""
    days = {paper.in_force_on for paper in judgments if paper.in_force_on}
    subject = found.get("subject") or {}
    if found.get("ground") != "court_declared_dead" or len(days) != 1 or subject.get("declared_dead_on"):
        return found
    return {**found, "subject": {**subject, "declared_dead_on": days.pop()}}


def _with_lease(found: dict[str, Any], titles: Sequence[Paper]) -> dict[str, Any]:
    """The contract by which whoever settles lives there is that of its paper, where nothing was said of one."""
    leases, home, does = _leases(titles), found.get("dwelling") or {}, SERVICES.get(found.get("service", ""))
    if not leases or home.get("rental") or does is None or not does.settles:
        return found
    last = _longest(leases)
    return {**found, "dwelling": {**home, "rental": {"until": last.isoformat()} if last else {}}}


def _leases(titles: Sequence[Paper]) -> list[Paper]:
    return [paper for paper in titles if paper.kind == LEASE]

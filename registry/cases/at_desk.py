"""An extract asked for and given at once: the application of card 7, its decision and the extract are one act.

A request is oral, with the passport shown: card 7 asks for no paper. Whoever is not the person names the papers of row
9; a body sends an official request. What the card refuses is recorded too: a refusal is an act.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from registry import texts
from registry.aggregates.case.case import Case
from registry.aggregates.case.events import ApplicationReceived, ApplicationRefused, Concerned, Notice, Part
from registry.aggregates.case.holdings import AskedAs
from registry.aggregates.case.ruling import Ruling
from registry.aggregates.case.witness import birth_date
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.papers import Paper
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.requests import digest_of
from registry.aggregates.values import Fault, first_day, refuse
from registry.app import Act, Line
from registry.cases.as_of import AsOf
from registry.cases.cases import Cases
from registry.cases.codes import under_code
from registry.cases.extracts_asked import STATES, wanted_by
from registry.cases.intake import Answers, Visit
from registry.extracts import issuing
from registry.extracts.content import parted
from registry.extracts.issuing import Issued
from registry.extracts.requesting import APPLICANTS, OWNERS_SIDE, CannotIssue, Wanted, check, requested
from registry.extracts.sources import of_aggregate
from registry.storage.mapper import KYIV
from registry.viewer import insist

_NOBODY_S = date(1900, 1, 1)
"""The birth of whom no extract is about, or of unknown age: nobody can say that it is a child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk(Wanted):
    """What is wanted, with what was shown for it: ids of the papers (None: the passport of the person who asks for
    themselves) and what is written on them, what registers that we do not hold said, and which paper an official
    request is."""

    documents: frozenset[str] | None = None
    answers: Answers = ()
    notice: Notice | None = None
    papers: tuple[Paper, ...] | None = None


class AskedOtherwise(ValueError):
    """The command was used, a moment ago perhaps, to ask for something else: what it gave is not what is asked for."""


class Refused(CannotIssue):
    """The card refuses, and the refusal is recorded on this application; the grounds say why."""

    def __init__(self, application: UUID, code: str, refused: ApplicationRefused):
        self.application, self.refused = application, refused
        told = "; ".join(f"{one.number}) {one.wording}: {', '.join(one.said)}" for one in refused.grounds)
        lacks = texts.say("extract_faults", "lacks", ", ".join(refused.missing)) if refused.missing else ""
        super().__init__(texts.say("extract_faults", "refused", f"{told}{lacks}", code))


def digest(asked: AtDesk) -> bytes:
    """Of what is asked for, by which a repeated command is known."""
    return digest_of(ExtractRequested.NAME, asked)


def issue(cases: Cases, asked: AtDesk, *, command: UUID) -> Issued:
    """Receives, decides, takes a number, records, renders, keeps. A repeated `command` gives the first document again.

    Raises `Impossible`, `CannotIssue` or `AskedOtherwise` with nothing recorded; `Refused` once the refusal is;
    `Hidden`. If the document cannot be rendered, its number is voided first.
    """
    of_request = digest(asked)
    if done := cases.registry.of_command(command):
        return given(cases, _the_same(done, of_request))
    if asked.notice:
        asked = replace(asked, requester=asked.requester or asked.notice.sender)
    today = cases.clerk.today()
    check(asked, asked.on or today, today)
    _insist_on_basis(asked)
    if asked.person:
        insist(cases.clerk.viewer, asked.person)
    held = AsOf(cases.registry)
    then = _known_then(cases, asked, held)

    def recorded(code: str) -> Act:
        lines = _lines(cases, asked, then, held, code)
        return cases.registry.append(lines, by=cases.clerk.by, command=command, digest=of_request)

    return given(cases, _the_same(under_code(cases.registry, cases.clerk.today(), recorded), of_request))


def tried(cases: Cases, asked: AtDesk) -> Ruling:
    """What would be ruled on it now, with nothing recorded. Raises `Impossible` or `CannotIssue`; `Hidden`."""
    today, held = cases.clerk.today(), AsOf(cases.registry)
    check(asked, asked.on or today, today)
    _insist_on_basis(asked)
    if asked.person:
        insist(cases.clerk.viewer, asked.person)
    return _ruled(cases, asked, _known_then(cases, asked, held), held, "")


def _the_same(act: Act, asked: bytes) -> Act:
    """An act that a command may answer with: one that asked for the same, or is older than digests."""
    if act.repeated and act.digest not in (None, asked):
        raise AskedOtherwise
    return act


def given(cases: Cases, act: Act) -> Issued:
    """The extract that an act asked for, with its document. Raises as `issue` does."""
    for entry in act.entries:
        match entry.fact:
            case ExtractRequested():
                return issuing.finished(cases.registry, cases.settings, entry, seen_by=cases.clerk.viewer)
            case ApplicationRefused():
                received: ApplicationReceived = act.entries[0].fact
                raise Refused(entry.stream, received.code, entry.fact)
    raise ValueError("the act is about no extract")


def _insist_on_basis(asked: AtDesk) -> None:
    faults = texts.TEXTS["extract_faults"]
    if (asked.basis == "official_request") != (asked.notice is not None):
        raise CannotIssue(faults["notice-missing" if asked.notice is None else "notice-unasked"])
    if asked.home and asked.basis not in OWNERS_SIDE:
        raise CannotIssue(faults["home-unasked"])
    if asked.person and asked.basis in OWNERS_SIDE and asked.home is None:
        refuse([Fault("owned-dwelling-missing", "dwelling")])


def _known_then(cases: Cases, asked: AtDesk, held: AsOf) -> Person | None:
    """The person as known at the moment that is asked about. Raises `CannotIssue` for nobody."""
    if asked.known_at:
        position = cases.registry.position_known_at(asked.known_at)
        if not position:
            raise CannotIssue(texts.TEXTS["extract_faults"]["not-yet"])
        held = AsOf(cases.registry, position)
    if asked.person is None:
        return None
    known = of_aggregate("person", held.entries(asked.person))
    person = held.person(asked.person) if known else NOBODY
    if not person.entered:
        raise CannotIssue(texts.TEXTS["extract_faults"]["withdrawn" if person.version else "person-unknown"])
    return person


def _lines(cases: Cases, asked: AtDesk, then: Person | None, held: AsOf, code: str) -> list[Line]:
    """The application with its decision and, granted, the extract."""
    clerk = cases.clerk
    ruling = _ruled(cases, asked, then, held, code)
    ruling.insist_on_deciding()
    case = ruling.case
    worded = cases.worded(ruling)
    lines: list[Line] = [(case.id, [*case.new_facts, *worded], 0), *cases.letters(ruling, worded)]
    if ruling.extracts:
        fact = requested(
            cases.registry,
            _wanted(asked, case, ruling),
            seen_by=clerk.viewer,
            settings=cases.settings,
            by=clerk.by,
            now=clerk.now(),
        )
        lines.append((uuid4(), parted(fact), 0))
    return lines


def _ruled(cases: Cases, asked: AtDesk, then: Person | None, held: AsOf, code: str) -> Ruling:
    on = asked.on or cases.clerk.today()
    asked_as: AskedAs | None = ({asked.person: then}, on) if asked.person and then else None
    return cases.ruled(_visit(cases, asked, then, held), code, held=held, asked_as=asked_as)


def _wanted(asked: AtDesk, case: Case, ruling: Ruling) -> Wanted:
    """As granted, of the day and the moment that are asked about."""
    (granted,) = wanted_by(case, ruling.extracts[0])
    return replace(
        granted,
        on=asked.on,
        known_at=asked.known_at,
        contact=asked.contact,
        asked_for=asked.asked_for,
        history=asked.history,
    )


def facts_shown(cases: Cases, asked: AtDesk) -> dict[str, Any]:
    """Of the facts of the request what its papers are looked at by: the service, the moment, what was shown."""
    shown = asked.documents
    if shown is None:
        shown = frozenset({"identity_document"}) if asked.basis == "person" else frozenset()
    received = cases.clerk.now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")
    return {"service": "issue_extract", "received": received, "documents": sorted(shown)}


def _visit(cases: Cases, asked: AtDesk, then: Person | None, held: AsOf) -> Visit:
    state = [{"state": name} for name, stated in STATES.items() if stated == asked.asked_for]
    said: dict[str, Any] = {
        **facts_shown(cases, asked),
        "channel": "notice" if asked.notice else "office",
        "applicant": {"kind": APPLICANTS[asked.basis]},
        "subject": _subject(asked, then, held),
        "extract": {**(state[0] if state else {}), "history_requested": asked.history},
    }
    concerned = (Concerned(person=asked.person),) if asked.person else ()
    part = Part(
        asked=said, card="", due_by="", concerned=concerned, dwelling=asked.home or asked.dwelling, papers=asked.papers
    )
    return Visit(parts=[part], answers=asked.answers, applicant=asked.requester, notice=asked.notice)


def _subject(asked: AtDesk, then: Person | None, held: AsOf) -> dict[str, str]:
    """The birth of whom it is about, unless the register says it to the day itself."""
    now = held.person(asked.person) if asked.person else NOBODY
    if now.entered and birth_date(now):
        return {}
    born = then.particulars.birth_date if then else None
    return {"born": (first_day(born) if born else _NOBODY_S).isoformat()}

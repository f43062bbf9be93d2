"""Each row of a table judged alone: compared with the register, tried as the application that it is, told in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from api.desk import Desk
from api.errors import candidate
from api.guided import between, view
from api.guided.batch import (
    ALL,
    COMMAND,
    FIND,
    PERSON_FIND,
    BatchKind,
    Said,
    asked_of_row,
    looked_for,
    numbered,
    said_of,
    spoilt,
)
from api.guided.body import Typed, body_of, one, ticked
from api.guided.path import GuidedPart
from api.guided.shape import NOTICES, GuidedQuestion
from api.guided.trying import Outcome, try_out
from api.guided.visit import GuidedVisit, card_of, people_of
from registry import gate, located, questions, search, texts, ukrainian
from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.dwelling.events import Address
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Impossible, id_of
from registry.app import Act
from registry.questions import NotFound
from registry.viewer import Hidden, insist

RowState = Literal["recorded", "hidden", "changed", "faults", "choice", "lacks", "refused", "waits", "granted"]
READY: frozenset[RowState] = frozenset({"granted", "waits"})
Anchored = tuple[str, str]
"""A place of the page, and what is said of it."""
_SURE = ("names", "birth_date")
_NUMBERS = ("document", "unzr", "rnokpp")
_IDS = ("unzr", "rnokpp")


@dataclass(frozen=True, kw_only=True)
class CommonPart:
    """What is said of the whole table: its answers, its checks, the dwelling that they are of, and the day."""

    kind: BatchKind
    part: GuidedPart
    typed: Typed
    checks: Mapping[str, Mapping[str, str]]
    home: UUID | None
    address: Address | None
    today: date
    seen: int
    office: str | None
    homes: dict[UUID, Dwelling] = field(default_factory=dict)

    def dwelling(self, id: UUID, desk: Desk) -> Dwelling:
        """A dwelling as it is now, read once: rows of a table are mostly of the same."""
        if id not in self.homes:
            self.homes[id] = desk.registry.dwelling(id)
        return self.homes[id]

    @property
    def said(self) -> dict[str, str]:
        """The answers that hold for a row that does not say otherwise."""
        return {id: text for id in (*self.kind.visit, *self.kind.same) if (text := self.part.answer(id))}


@dataclass(kw_only=True)
class JudgedRow:
    """A row with what comes of it: what stands in its way (`faults`, `lacks`: of each its place), whom it looks like,
    what another clerk has recorded meanwhile, and the act that it was recorded by, if it was."""

    number: int
    row: Said
    state: RowState
    visit: GuidedVisit | None = None
    outcome: Outcome = field(default_factory=Outcome)
    faults: list[Anchored] = field(default_factory=list)
    lacks: list[Anchored] = field(default_factory=list)
    alike: list[dict[str, Any]] = field(default_factory=list)
    newer: list[dict[str, Any]] = field(default_factory=list)
    act: Act | None = None
    fresh: bool = False
    """Whether it was this press that recorded it."""

    @property
    def may_be_recorded(self) -> bool:
        """Whether a press records it: what would be granted, and a refusal that somebody has agreed to."""
        return self.state in READY or (self.state == "refused" and one(self.row, "refuse") == "yes")


def common_of(kind: BatchKind, typed: Typed, seen: int, desk: Desk) -> CommonPart:
    """What a form says of the whole table."""
    said = {each: one(typed, f"0-{each}") for each in (*kind.visit, *kind.same)}
    home = id_of(said.get("dwelling", ""))
    held = desk.registry.dwelling(home) if home else None
    if held and held.kind:
        said["dwelling_kind"] = held.kind
    notice = NOTICES[kind.notice] if kind.notice else None
    part = replace(card_of(kind.service, desk.today()), said=said, applicants=kind.applicants, notice=notice)
    address = held.names[-1].address if held and held.names else None
    return CommonPart(
        kind=kind,
        part=part,
        typed=typed,
        checks={check: said for check, said in ticked(typed, 0).checks.items() if said},
        home=home if address else None,
        address=address,
        today=desk.today(),
        seen=seen,
        office=desk.who.office if desk.who.office in desk.here().timetable.offices else None,
    )


def judged(number: int, row: Said, common: CommonPart, twin: int | None, desk: Desk) -> JudgedRow:
    """What comes of a row; what could be found in the register for certain is answered in it."""
    if act := recorded(row, desk):
        return JudgedRow(number=number, row=row, state="recorded", act=act)
    row = _with_command(row, desk)
    try:
        found = _tried(number, _with_person(_with_dwelling(row, common, desk), common, desk), common, desk)
    except Hidden:
        return JudgedRow(number=number, row=row, state="hidden")
    assert found.visit
    part = found.visit.parts[0][0]
    found.faults = _faults(found, common, twin)
    places = {anchor for anchor, _ in found.faults}
    lacking = [each for each in asked_of_row(part, common.kind) if view.lacks(each, part)]
    found.lacks = [
        (anchor, texts.label("guided_questions", each.id))
        for each in lacking
        if (anchor := f"{number}-{each.id}") not in places
    ]
    found.lacks += [(_of_check(each, number, common), name) for each, name in found.outcome.unchecked]
    found.newer = between.newer(found.visit, common.seen, desk)
    found.state = _state(found)
    return found


def recorded(row: Said, desk: Desk) -> Act | None:
    """The act that a row was recorded by, if it was: the caller's own, of an application of one person."""
    command = id_of(one(row, COMMAND))
    act = desk.registry.of_command(command) if command else None
    if act is None or act.entries[0].by.id != desk.actor.id:
        return None
    received = act.entries[0].fact
    is_row = isinstance(received, ApplicationReceived) and [len(part.concerned) for part in received.parts] == [1]
    return act if is_row else None


def _with_command(row: Said, desk: Desk) -> Said:
    """A row under a command of its own: one that is of another act is of no row."""
    command = id_of(one(row, COMMAND))
    return {**row, COMMAND: [str(uuid4())]} if command and desk.registry.of_command(command) else row


def body(visit: GuidedVisit, common: CommonPart) -> dict[str, Any]:
    """The application of a row, as the API takes it."""
    number = f"{visit.said('number')}-confirmed"
    return body_of(visit.parts, office=common.office, confirmed=visit.said(number) == "yes")


def _state(found: JudgedRow) -> RowState:
    if found.faults:
        return "faults"
    if found.alike or found.outcome.confirm:
        return "choice"
    if found.lacks or not found.outcome.whole:
        return "lacks"
    if found.outcome.refuses:
        return "refused"
    return "waits" if found.outcome.waits_for else "granted"


def _visit_of(number: int, row: Said, common: CommonPart, desk: Desk) -> GuidedVisit:
    said = said_of(row, common.said)
    home = id_of(said.get("dwelling", ""))
    said["dwelling_kind"] = one(row, "dwelling_kind") or (home and common.dwelling(home, desk).kind) or ""
    part = replace(common.part, said=said)
    typed = {"number": [str(number)], **numbered(row, number)}
    marks = ticked(typed, number)
    if home and _same_house(home, common, desk):
        own = {check: said for check, said in marks.checks.items() if said}
        marks = replace(marks, checks={**common.checks, **own})
    return GuidedVisit(parts=((part, marks),), typed=typed)


def _same_house(home: UUID, common: CommonPart, desk: Desk) -> bool:
    """Whether a dwelling is the one of the whole table, or in the same house."""
    if home == common.home:
        return True
    held = common.dwelling(home, desk)
    if common.address is None or not held.names:
        return False
    return replace(held.names[-1].address, flat=None, room=None) == replace(common.address, flat=None, room=None)


def _tried(number: int, row: Said, common: CommonPart, desk: Desk) -> JudgedRow:
    visit = _visit_of(number, row, common, desk)
    for person in people_of(visit):
        insist(desk.viewer, person)
    outcome = try_out(body(visit, common), desk)
    part, marks = visit.parts[0]
    taken = _by_number(part, outcome, desk) if part.newcomer else None
    rows = view.alike_rows(visit, outcome) or ([_beside(number, part, taken, desk)] if taken else [])
    if (sure := _surely(rows, outcome, taken)) and not marks.distinct_from:
        return _tried(number, {**row, "person": [sure]}, common, desk)
    if ALL in marks.documents and outcome.parts:
        return _tried(number, {**row, **_everything(outcome.parts[0])}, common, desk)
    rows = [{**each, "number": number} for each in rows]
    return JudgedRow(number=number, row=row, state="granted", visit=visit, outcome=outcome, alike=rows)


def _everything(ruled: Mapping[str, Any]) -> Said:
    """Every paper that the card asks for now, by its id: what it asks for later is not ticked by that."""
    return {
        name: [each["id"] for each in ruled.get(f"{name}_required", ()) if not each.get("optional")]
        for name in ("documents", "consents")
    }


def _surely(rows: Sequence[Mapping[str, Any]], outcome: Outcome, taken: UUID | None) -> str | None:
    """The one of the register whom a row surely means: names, birth and a number agree, and nothing differs."""
    if len(rows) != 1:
        return None
    if taken:
        return str(taken) if all(each["same"] is not False or not each["typed"] for each in rows[0]["rows"]) else None
    agrees = outcome.alike[0].get("named", {})
    alike = all(agrees.get(name) == "same" for name in _SURE) and "differs" not in agrees.values()
    return str(rows[0]["person"]) if alike and any(agrees.get(name) == "same" for name in _NUMBERS) else None


def _by_number(part: GuidedPart, outcome: Outcome, desk: Desk) -> UUID | None:
    """Whoever has the УНЗР that a newcomer is said to have, if the actor may see them."""
    if all(fault["code"] != "unzr-taken" for fault in outcome.faults):
        return None
    try:
        unzr = gate.unzr(part.answer("unzr")).value or ""
        return questions.find_person(desk.registry, unzr, desk.registry.position(), seen_by=desk.viewer)
    except (NotFound, Hidden):
        return None


def _beside(number: int, part: GuidedPart, person: UUID, desk: Desk) -> dict[str, Any]:
    return view.beside(candidate(desk.registry, person), [(number, view.signs_of(part))])


def _with_dwelling(row: Said, common: CommonPart, desk: Desk) -> Said:
    """A row whose dwelling is found by what was typed, if it can mean only one: a room of the house, or an address."""
    line = one(row, FIND)
    if not line or id_of(one(row, "dwelling")) or FIND.removesuffix("_find") in spoilt(row):
        return row
    found = _rooms(line, common, desk) or _by_search(line, desk)
    return {**row, "dwelling": [str(found[0])]} if len(found) == 1 else row


def _with_person(row: Said, common: CommonPart, desk: Desk) -> Said:
    """A row about somebody of the register, who is found by what was typed: surely, if names, birth and a number agree;
    else whoever is found is offered."""
    if common.part.service.settles or id_of(one(row, "person")):
        return row
    line = one(row, PERSON_FIND) or looked_for(row)
    if not line:
        return row
    row = {**row, PERSON_FIND: [line]}
    found = search.people(desk.registry, line, seen_by=desk.viewer, limit=view.FOUND, similar=False).rows
    sure = [each["person"] for each in found if _is_surely(row, desk.registry.person(each["person"]).particulars)]
    return {**row, "person": [str(sure[0])]} if len(sure) == 1 else row


def _is_surely(row: Said, held: Particulars) -> bool:
    """Whether everything that a row says of somebody is what the register holds, a number among it."""
    names = ("surname", "given_names", "patronymic", "birth_date", *_IDS)
    typed = gate.particulars({name: one(row, name) or None for name in names}).value
    said = {name: typed.get(name) for name in names if one(row, name)}
    whole = {"surname", "given_names", "birth_date"} <= set(said) and not said.keys().isdisjoint(_IDS)
    return whole and all(
        ukrainian.sort_key(said[name] or "") == ukrainian.sort_key(getattr(held, name) or "") for name in said
    )


def _rooms(line: str, common: CommonPart, desk: Desk) -> list[UUID]:
    """The flats or rooms of the house that are called so."""
    found: set[UUID] = set()
    for part in ("flat", "room"):
        number = gate.house(line, part=part).value
        if common.address is None or not number:
            continue
        address = replace(common.address, **{part: number})
        try:
            found.add(
                located.located(
                    desk.registry,
                    address,
                    today=common.today,
                    position=desk.registry.position(),
                    within=desk.here().within,
                )
            )
        except Impossible:
            continue
    return sorted(found)


def _by_search(line: str, desk: Desk) -> list[UUID]:
    rows = search.dwellings(desk.registry, line, seen_by=desk.viewer, limit=view.FOUND).rows
    return [row["dwelling"] for row in rows if not row["successor"]] if len(rows) < view.FOUND else []


def _faults(found: JudgedRow, common: CommonPart, twin: int | None) -> list[Anchored]:
    """All that is wrong with a row, each with the place where it is mended."""
    assert found.visit
    number, outcome = found.number, found.outcome
    wrong = [(f"{number}-{name}", _named(name, text)) for name, text in spoilt(found.row).items()]
    if twin:
        wrong.append((f"row-{number}", texts.say("batch_page", "twin", twin)))
    if found.alike:
        outcome.faults = [each for each in outcome.faults if each["code"] != "unzr-taken"]
    for (_, question), said in view.faults_by_question(found.visit, outcome.faults).items():
        wrong += [(_of_question(question, found, common), _named(question, text)) for text in said]
    part = found.visit.parts[0][0]
    unknown = [each for each in asked_of_row(part, common.kind) if part.answer(each.id) and view.lacks(each, part)]
    wrong += [(f"{number}-{each.id}", _named(each.id, texts.say("faults", "value-unknown"))) for each in unknown]
    if one(found.row, FIND) and not id_of(one(found.row, "dwelling")):
        wrong.append((f"{number}-dwelling", _named("dwelling", texts.say("batch_page", "which_dwelling"))))
    return list(dict.fromkeys(wrong))


def _named(question: str, text: str) -> str:
    title = texts.label("guided_questions", question) if question in texts.TEXTS["guided_questions"] else ""
    return f"{title}: {text}" if title else text


def _of_question(question: str, found: JudgedRow, common: CommonPart) -> str:
    """Where a question is answered: once for the table, or in the row."""
    once = question in common.kind.visit
    return f"0-{question}" if once else f"{found.number}-{question}" if question else f"row-{found.number}"


def _of_check(place: str, number: int, common: CommonPart) -> str:
    """Where a check is answered: once for the table, unless the row is of another house."""
    check = place.partition("-")[2]
    return f"0-{check}" if check in common.kind.checks and check not in common.checks else f"{number}-{check}"


def questions_of(found: JudgedRow, common: CommonPart, desk: Desk) -> list[dict[str, Any]]:
    """The questions of a row that is open: of those that the whole table answers only its own answer, folded away."""
    assert found.visit
    part = found.visit.parts[0][0]
    by_question = view.faults_by_question(found.visit, found.outcome.faults)
    wrong = spoilt(found.row)
    return [
        _shown(each, found, common, [*by_question.get((1, each.id), ()), *filter(None, [wrong.get(each.id)])], desk)
        for each in asked_of_row(part, common.kind)
    ]


def _shown(each: GuidedQuestion, found: JudgedRow, common: CommonPart, faults: list[str], desk: Desk) -> dict[str, Any]:
    assert found.visit
    part = found.visit.parts[0][0]
    shown = view.question_shown(each, part, found.number, found.visit, desk, faults)
    own = one(found.row, each.id)
    if each.id in common.said and not own:
        shown |= {"answer": "", "rare": True}
    return {**shown, "answer": own} if own else shown

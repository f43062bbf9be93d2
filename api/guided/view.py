"""A guided page: its questions with their answers, and «what comes of it now», in words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, get_args, get_origin
from uuid import UUID

from pydantic import ValidationError

from api.desk import Desk
from api.errors import candidate
from api.forms import Search
from api.guided.body import Ticked, fields_of
from api.guided.path import GuidedPart
from api.guided.shape import GuidedQuestion
from api.guided.trying import Outcome
from api.guided.visit import GuidedVisit
from api.routes.search import dwelling_row, page, people_rows
from api.shapes.alike import SIGNS, side_by_side
from registry import families, questions, search, texts
from registry.aggregates.outgoing.events import PAPERS
from registry.aggregates.values import id_of
from registry.services import fees
from registry.services.catalogue import Card
from registry.viewer import HIDDEN

FOUND = 6
"""How many people or dwellings a line of search offers in place."""
_WORDS = (
    "citizenship",
    "sex",
    "document_kinds",
    "dwelling_kinds",
    "family_roles",
    "kinds",
    "grounds",
    "paper_journals",
)
OFFERED_ROLES = ("child", "ward", "adopted")
_ABOUT = {"identity-number-missing": "document_number"}
"""The question that a fault is about, where its field holds several."""
NOTHING: Mapping[str, str] = MappingProxyType({})


def option_label(question: str, option: str) -> str:
    """An answer in words: of the question itself, else of the list that it is of."""
    own = texts.TEXTS["guided_options"]
    for name in (f"{question}_{option}", option):
        if name in own:
            return str(own[name])
    who = texts.TEXTS["bring_answers"].get(f"who_{option}" if question == "applicant_kind" else f"{question}_{option}")
    return who or next((texts.TEXTS[group][option] for group in _WORDS if option in texts.TEXTS[group]), option)


def parts_shown(asked: GuidedVisit, outcome: Outcome, desk: Desk, *, fixed: UUID | None) -> list[dict[str, Any]]:
    """Each part as the page shows it: its questions, its papers and checks, and what is ruled on it."""
    family = _family(asked, desk)
    faults = faults_by_question(asked, outcome.faults)
    ruled: list[dict[str, Any] | None] = [*outcome.parts, *([None] * len(asked.parts))]
    return [
        {
            "number": number,
            "service": part.service.id,
            "title": part.card.title,
            "questions": [
                question_shown(one, part, number, asked, desk, faults.get((number, one.id), []), family, fixed)
                for one in part.asked()
            ],
            "ruled": ruled_shown(ruled[number - 1], marks, part.card, desk),
            "kept": _kept(ruled[number - 1], marks),
            "distinct": marks,
        }
        for number, (part, marks) in enumerate(asked.parts, 1)
    ]


def question_shown(
    one: GuidedQuestion,
    part: GuidedPart,
    number: int,
    asked: GuidedVisit,
    desk: Desk,
    faults: Sequence[str] = (),
    family: Sequence[dict[str, Any]] = (),
    fixed: UUID | None = None,
) -> dict[str, Any]:
    """A question of a part as a page shows it; `fixed` is whom the page itself is about."""
    return {
        "id": one.id,
        "name": f"{number}-{one.id}",
        "kind": one.kind,
        "answer": part.answer(one.id),
        "rare": one.rare,
        "fixed": bool(fixed and one.id == "person" and number == 1),
        "options": _options(one, part),
        "unknown": _is_none_of(one, part),
        "found": _found(one, part, number, asked, desk, family),
        "new": one.id == "person" and bool(part.service.settles),
        "find": asked.said(f"{number}-{one.id}_find"),
        "faults": faults,
    }


def _options(one: GuidedQuestion, part: GuidedPart) -> list[tuple[str, str]]:
    if one.kind == "yes_no":
        return [(option, option_label(one.id, option)) for option in ("yes", "no")]
    return [(option, option_label(one.id, option)) for option in part.options(one)]


def _found(
    one: GuidedQuestion, part: GuidedPart, number: int, asked: GuidedVisit, desk: Desk, family: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The people, dwellings or residences that are offered as an answer: the chosen one, the family, what is found."""
    if one.kind == "residence":
        return _residences(part, desk)
    if one.kind not in ("person", "dwelling"):
        return []
    look = (_people if one.kind == "person" else _dwellings)(desk, asked.said(f"{number}-{one.id}_find"))
    known = id_of(part.answer(one.id))
    chosen = [_chosen(one.kind, known, desk)] if known else []
    rows = [*chosen, *(family if one.family and part.service.of_children else []), *look]
    return list({row["id"]: row for row in rows if row}.values())


def _chosen(kind: str, id: UUID, desk: Desk) -> dict[str, Any]:
    if kind == "dwelling":
        rows = desk.registry.query("dwellings", "by_id", dwelling=id, position=desk.registry.position())
        return {"id": str(id), "name": rows[0]["address"] if rows else "", "says": ""}
    return person_row(id, desk)


def person_row(id: UUID, desk: Desk) -> dict[str, Any]:
    """Somebody of the register as a page names them: name, birth, address."""
    if not desk.viewer.sees(id):
        return {"id": str(id), "name": HIDDEN, "says": ""}
    said = candidate(desk.registry, id)
    return {"id": str(id), "name": _name(said), "says": _says(said)}


def _name(said: Mapping[str, Any]) -> str:
    return texts.joined_name(said["surname"], said["given_names"], said["patronymic"]) or texts.say("pages", "no_name")


def _says(said: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (texts.day(said["birth_date"]) if said["birth_date"] else "", said["address"])))


def _people(desk: Desk, line: str) -> list[dict[str, Any]]:
    if (asked := _line(line)) is None:
        return []
    found, _ = page(partial(search.people, seen_by=desk.viewer), desk.registry, asked, "person")
    return [{"id": row["id"], "name": _name(row), "says": _says(row)} for row in people_rows(desk, found.rows)]


def dwellings_found(desk: Desk, line: str, chosen: UUID | None) -> list[dict[str, Any]]:
    """The dwellings that are offered: the chosen one, and what is found by a line."""
    rows = [*([_chosen("dwelling", chosen, desk)] if chosen else []), *_dwellings(desk, line)]
    return list({row["id"]: row for row in rows}.values())


def _dwellings(desk: Desk, line: str) -> list[dict[str, Any]]:
    if (asked := _line(line)) is None:
        return []
    found, _ = page(partial(search.dwellings, seen_by=desk.viewer), desk.registry, asked, "dwelling")
    rows = [dwelling_row(row) for row in found.rows]
    return [
        {"id": row["id"], "name": row["address_now"], "says": row["kind_uk"]} for row in rows if not row["successor"]
    ]


def _line(line: str) -> Search | None:
    """What is searched; None where nothing is, or it cannot be read."""
    try:
        asked = Search(q=line, limit=FOUND)
    except ValidationError:
        return None
    return asked if asked.q else None


def _residences(part: GuidedPart, desk: Desk) -> list[dict[str, Any]]:
    person = id_of(part.answer("person"))
    if not person or not desk.viewer.sees(person):
        return []
    always = questions.Asked(period=True, today=desk.today())
    rows = questions.residences_of(desk.registry, person, always, desk.registry.position(), seen_by=desk.viewer)
    return [{"id": row["residence_id"], "name": row["address"], "says": texts.day(row["since"])} for row in rows]


def _family(asked: GuidedVisit, desk: Desk) -> list[dict[str, Any]]:
    """Children and wards of the adult whom the visit is about, or who files for the first child."""
    first = asked.parts[0][0]
    adult = id_of(first.answer("applicant" if first.service.of_children else "person"))
    if not adult or not desk.viewer.sees(adult):
        return []
    question = questions.asked(now=desk.now())
    rows = families.links(desk.registry, adult, question, desk.registry.position(), desk.viewer)
    ids = [id_of(row["person_id"] or "") for row in rows if row["role"] in OFFERED_ROLES]
    return [person_row(id, desk) for id in ids if id]


def place_of(field: str | None) -> tuple[int, str]:
    """The part that a field of an application is of, and its place in it."""
    names = (field or "").split(".")
    if names[0] == "children" and len(names) > 1 and names[1].isdigit():
        return int(names[1]) + 2, ".".join(names[2:])
    return 1, ".".join(names)


def faults_by_question(asked: GuidedVisit, faults: Iterable[dict[str, Any]]) -> dict[tuple[int, str], list[str]]:
    """What is wrong, by the part and the question that it is about; under an empty name what is about none."""
    found: dict[tuple[int, str], list[str]] = {}
    for fault in faults:
        number, place = place_of(fault["field"])
        part = asked.parts[number - 1][0] if number <= len(asked.parts) else asked.parts[0][0]
        question = _ABOUT.get(fault["code"]) or _question_of(part, place)
        found.setdefault((number, question), []).append(fault["detail"])
    return found


def _question_of(part: GuidedPart, place: str) -> str:
    """The question of a part that fills a field, or the nearest one within it or around it."""
    listed = part.asked()
    if place in ("register", "register.persons", "register.persons.0"):
        return "person"
    for near in (lambda one: place in one.fills, lambda one: any(_within(place, path) for path in one.fills)):
        if found := next((one.id for one in listed if place and near(one)), None):
            return found
    return ""


def _within(place: str, path: str) -> bool:
    return path.startswith(f"{place}.") or place.startswith(f"{path}.")


def missing(asked: GuidedVisit) -> list[tuple[str, str]]:
    """The questions that have to be answered and are not, or by none of the answers that there are: the anchor of each,
    and its words."""
    return [
        (f"{number}-{one.id}", texts.label("guided_questions", one.id))
        for number, (part, _) in enumerate(asked.parts, 1)
        for one in part.asked()
        if lacks(one, part)
    ]


def lacks(one: GuidedQuestion, part: GuidedPart) -> bool:
    """Whether a question has to be answered and is not, or by none of the answers that there are."""
    return (one.needed and not part.answer(one.id)) or _is_none_of(one, part)


def _is_none_of(one: GuidedQuestion, part: GuidedPart) -> bool:
    """Whether something was said that is none of the answers: it stays until another one is chosen."""
    offered = [value for value, _ in _options(one, part)]
    return bool(offered and part.answer(one.id)) and part.answer(one.id) not in offered


def ruled_shown(ruled: dict[str, Any] | None, marks: Ticked, card: Card, desk: Desk) -> dict[str, Any] | None:
    """What is ruled on a part, each paper with its tick and each check with its fields."""
    if ruled is None:
        return None
    ticks = {"documents": marks.documents, "consents": marks.consents}
    papers = {
        name: [
            {**one, "given": one["id"] in ticked, "invalid": one["id"] in marks.invalid}
            for one in {each["id"]: each for each in ruled.get(f"{name}_required", ())}.values()
        ]
        for name, ticked in ticks.items()
    }
    return {
        **ruled,
        **papers,
        "check_rows": [check_row(one, marks.checks.get(one["check"], NOTHING)) for one in ruled["checks"]],
        "records": _records(ruled),
        "draws": draws(ruled),
        "worked": _worked(ruled["fee"]["kopiykas"], card, desk),
    }


def _worked(kopiykas: int | None, card: Card, desk: Desk) -> dict[str, Any] | None:
    """The arithmetic of a fee: of 1.5 % as people write it, and of what."""
    found = fees.worked(card, kopiykas, desk.today()) if kopiykas else None
    if found is None:
        return None
    per_mille, minimum = found
    return {
        "percent": f"{per_mille / 10:g}".replace(".", ","),
        "hryvnias": minimum["hryvnias"],
        "since": f"{minimum['year']}-01-01",
    }


def check_row(row: dict[str, Any], said: Mapping[str, str] = NOTHING) -> dict[str, Any]:
    """A check with the fields of its answer, as said so far."""
    fields = [
        {"name": name, "value": said.get(name, ""), "options": check_options(kind)}
        for name, kind in fields_of(row["check"]).items()
        if name != "payments"
    ]
    return {**row, "fields": fields}


def check_options(kind: Any) -> list[str]:
    """The answers of a closed list; none where an answer is typed."""
    if kind is bool:
        return ["yes", "no"]
    return list(get_args(kind)) if get_origin(kind) is not None else []


def draws(ruled: Mapping[str, Any]) -> list[str]:
    """The kinds of papers that are drawn up because of what is ruled, each once."""
    kinds = (PAPERS.get(one["id"]) for one in ruled.get("tasks", ()))
    return list(dict.fromkeys(filter(None, kinds)))


def _records(ruled: dict[str, Any]) -> list[str]:
    return [fact["label_uk"] for facts in ruled.get("would_record", {}).values() for fact in facts]


def _kept(ruled: dict[str, Any] | None, marks: Ticked) -> list[tuple[str, str]]:
    """What was ticked and cannot be shown as long as the law says nothing: it goes along unseen."""
    known = set(ruled or ()) & {"documents_required"}
    found = [] if known else [("documents", one) for one in marks.documents]
    found += [] if known else [(name, one) for name in ("consents", "invalid") for one in getattr(marks, name)]
    shown = {row["check"] for row in (ruled or {}).get("checks", ())}
    return found + [
        (f"{check}-{name}", text)
        for check, of in marks.checks.items()
        if check not in shown
        for name, text in of.items()
    ]


def alike_rows(asked: GuidedVisit, outcome: Outcome) -> list[dict[str, Any]]:
    """Each newcomer's likeness side by side: what was typed in which part, and what the register holds."""
    newcomers = [(number, signs_of(part)) for number, (part, _) in enumerate(asked.parts, 1) if part.newcomer]
    return [beside(fault["candidate"], newcomers) for fault in outcome.alike if newcomers]


def signs_of(part: GuidedPart) -> dict[str, str]:
    """What was said of a newcomer by which somebody is known."""
    return {name: part.answer(name) for name in SIGNS}


def beside(held: Mapping[str, Any], newcomers: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
    """Somebody of the register beside the newcomer who looks most like them: the register does not say which. Each
    newcomer has a number, and is what was said of them."""
    rows = [(number, side_by_side(partial(_said_of, said), held)) for number, said in newcomers]
    number, found = max(rows, key=lambda one: sum(row["same"] is True for row in one[1]))
    return {"person": held["person"], "number": number, "rows": found}


def _said_of(said: Mapping[str, Any], name: str) -> str:
    return said.get(name) or ""

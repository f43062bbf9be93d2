"""The page of a table of applications: what is said of all rows, each row with what comes of it, what was recorded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.guided import batch, view
from api.guided.batch import COMMAND, packed
from api.guided.batch_table import LoadedTable
from api.guided.body import Ticked, one
from api.guided.judging import CommonPart, JudgedRow, RowState, questions_of
from api.guided.visit import GuidedVisit
from api.shapes import cases, outgoing
from registry import gate, texts
from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.values import id_of
from registry.cases.as_of import AsOf
from registry.services.checks import CHECKS
from registry.viewer import HIDDEN

MOST_OPEN = 4
"""Rows that stand open for mending at once, the first that need it; the next open when these are mended."""
OF_A_ROW = ("command", "distinct_from", "distinct_reason", "confirmed", "refuse")
"""Fields of a row beside its answers, which the page writes itself."""
CHIPS: Mapping[RowState, str] = {
    "recorded": "ok",
    "granted": "ok",
    "waits": "warn",
    "lacks": "warn",
    "choice": "warn",
    "changed": "warn",
    "faults": "bad",
    "refused": "bad",
    "hidden": "note",
}
"""The states in the order in which a page counts them, and the colour beside the word of each."""


def page_of(
    common: CommonPart,
    found: Sequence[JudgedRow],
    done: int,
    table: LoadedTable,
    desk: Desk,
    *,
    pressed: bool,
    opened: str,
) -> dict[str, Any]:
    """What the page shows; `done` is how many rows this press has recorded, `opened` the number of one to be mended."""
    left = [row for row in found if row.state != "recorded"]
    open_now = {row.number for row in [row for row in left if _needs_mending(row)][:MOST_OPEN]}
    open_now |= {row.number for row in left if str(row.number) == opened}
    asked = GuidedVisit(parts=((common.part, Ticked()),), typed=common.typed)
    once = batch.asked_once(common.part, common.kind)
    return {
        "kind": common.kind,
        "title": texts.label("batches", common.kind.id),
        "asked": asked,
        "lacks": [],
        "questions": [_once(view.question_shown(each, common.part, 0, asked, desk), common) for each in once],
        "checks": [_check(check, common) for check in common.kind.checks],
        "columns": list(batch.headings(common.kind)),
        "needed_columns": [texts.say("batch_columns", each).split("|")[0] for each in common.kind.required],
        "open_rows": [_row(row, row.number in open_now, common, desk) for row in left],
        "recorded": recorded_rows(found, desk),
        "groups": list(_groups(left)),
        "ready": sum(row.may_be_recorded for row in left),
        "done": done,
        "pressed": pressed,
        "table": table,
        "rows": len(found),
        "kept": [(row.number, packed(row.row)) for row in found if row.state == "recorded"],
        "pasted": "" if table.rows else one(common.typed, "pasted"),
    }


def _once(shown: dict[str, Any], common: CommonPart) -> dict[str, Any]:
    """A question that is asked of the whole table."""
    return {**shown, "rare": shown["rare"] or shown["id"] in common.kind.rare}


def _needs_mending(row: JudgedRow) -> bool:
    """Whether something has to be typed into the row itself; what is ticked, chosen or checked needs no opening."""
    places = [anchor for anchor, _ in (*row.faults, *row.lacks)]
    return any(place.startswith(f"{row.number}-") and not _is_check(place) for place in places)


def _is_check(anchor: str) -> bool:
    return anchor.partition("-")[2] in CHECKS


def _check(check: str, common: CommonPart) -> dict[str, Any]:
    said = common.checks.get(check, {})
    return view.check_row({"check": check, "name": texts.label("checks", check), "answered": bool(said)}, said)


def _groups(left: Sequence[JudgedRow]) -> Iterable[dict[str, Any]]:
    """How many rows there are of each state, and which is the first."""
    for state, chip in CHIPS.items():
        if of := [row.number for row in left if row.state == state]:
            yield {"state": state, "chip": chip, "total": len(of), "first": of[0]}


def _row(row: JudgedRow, is_open: bool, common: CommonPart, desk: Desk) -> dict[str, Any]:
    ruled = row.outcome.parts[0] if row.outcome.parts else None
    marks = row.visit.parts[0][1] if row.visit else Ticked()
    shown = _with_own_checks(row, view.ruled_shown(ruled, marks, common.part.card, desk))
    return {
        "number": row.number,
        "state": row.state,
        "chip": CHIPS[row.state],
        "known": id_of(one(row.row, "person")) is not None,
        "command": one(row.row, COMMAND),
        **_named(row, desk),
        "faults": row.faults,
        "lacks": row.lacks,
        "alike": row.alike,
        "distinct": marks,
        "newer": row.newer,
        "confirm": row.outcome.confirm,
        "confirmed": bool(row.row.get("confirmed")),
        "warnings": row.outcome.warnings,
        "refuses": row.outcome.refuses,
        "refuse": one(row.row, "refuse") == "yes",
        "missing": [each["name"] for each in (ruled or {}).get("missing", ())],
        "checks": _unanswered(row, shown),
        "ruled": shown,
        "is_open": is_open,
        "packed": packed(row.row),
        **(_open(row, shown, common, desk) if is_open else {}),
    }


def _with_own_checks(row: JudgedRow, shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is ruled, without the checks that are answered once for the whole table."""
    if shown is None:
        return None
    own = {name.split("-")[0] for name, values in row.row.items() if any(values)}
    rows = [each for each in shown["check_rows"] if not each["answered"] or each["check"] in own]
    return {**shown, "check_rows": rows}


def _open(row: JudgedRow, shown: Mapping[str, Any] | None, common: CommonPart, desk: Desk) -> dict[str, Any]:
    """The questions of a row that is open, and what else it says, which goes along unseen."""
    asked = questions_of(row, common, desk)
    seen = {*OF_A_ROW, *(each["id"] for each in asked), *(f"{each['id']}_find" for each in asked)}
    if shown:
        seen |= {"documents", "consents", "invalid"}
        seen |= {f"{check['check']}-{each['name']}" for check in shown["check_rows"] for each in check["fields"]}
    return {
        "questions": asked,
        "unseen": [(name, value) for name, values in row.row.items() if name not in seen for value in values],
    }


def _unanswered(row: JudgedRow, shown: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The checks that are asked of the row itself and lack an answer."""
    asked = {anchor for anchor, _ in row.lacks}
    return [each for each in (shown or {}).get("check_rows", ()) if f"{row.number}-{each['check']}" in asked]


def _named(row: JudgedRow, desk: Desk) -> dict[str, Any]:
    """Whom a row is about: somebody of the register as it names them, else as was typed."""
    person: UUID | None = id_of(one(row.row, "person"))
    if row.state == "hidden":
        return {"name": HIDDEN, "says": "", "person": None}
    if person:
        known = view.person_row(person, desk)
        return {"name": known["name"] or "", "says": known["says"], "person": known["id"]}
    name = texts.joined_name(*(one(row.row, part) for part in ("surname", "given_names", "patronymic")))
    born = one(row.row, "birth_date")
    return {"name": name, "says": texts.day(gate.day(born).value or born) if born else "", "person": None}


def recorded_rows(found: Sequence[JudgedRow], desk: Desk) -> list[dict[str, Any]]:
    """The rows that were recorded by any press: the application of each, what to print of it and what goes out."""
    acts = [(row, row.act) for row in found if row.act]
    applications = [act.entries[0].stream for _, act in acts]
    follows: dict[str, list[dict[str, Any]]] = {}
    for application in applications:
        waiting = desk.registry.query("outbox", "of_application", application=application)
        follows[str(application)] = outgoing.rows(desk, waiting)
    return [
        {
            "number": row.number,
            **_whose(act.entries[0].fact, row, desk),
            **(head := cases.head(application, AsOf(desk.registry).record(application))),
            "letter": head["status"] in ("refused", "partly-granted", "not-possible"),
            "follows": follows[str(application)],
        }
        for (row, act), application in zip(acts, applications, strict=True)
    ]


def _whose(received: ApplicationReceived, row: JudgedRow, desk: Desk) -> dict[str, Any]:
    """Whom an application is about, if the actor may see them."""
    [concerned] = received.parts[0].concerned
    if not desk.viewer.sees(concerned.person):
        return {"name": HIDDEN, "person": None}
    if not desk.registry.entries(concerned.person):
        return {"name": _named(row, desk)["name"], "person": None}
    known = view.person_row(concerned.person, desk)
    return {"name": known["name"], "person": known["id"]}

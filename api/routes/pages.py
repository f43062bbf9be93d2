"""The pages: search, a person, a dwelling. They read projections and show what was stored."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from api.acts import Asking
from api.desk import Desk, desk_of
from api.errors import Problem
from api.extract_forms import NewExtract
from api.forms import Search, Times
from api.routes.dwellings import described
from api.routes.extracts import issued_about, pdf
from api.routes.persons import marks
from api.routes.search import dwelling_row, page, people_rows
from api.shapes.names import person_at, person_entries
from api.shapes.words import said_by, templates
from registry import families, merged, papers, questions, texts, ukrainian
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.facts import AGGREGATE_OF, heads
from registry.aggregates.values import Entry
from registry.viewer import shown_owners

router = APIRouter(include_in_schema=False)
SHOWN = 20
TIMES = ("on", "known_at")


class SearchForm(BaseModel):
    q: str = ""
    after_people: str = ""
    after_dwellings: str = ""


class TimesForm(BaseModel):
    on: str = ""
    known_at: str = ""
    all: str = ""


class ExtractForm(BaseModel):
    history: str = ""
    on: str = ""
    known_at: str = ""
    command: UUID


@router.get("/")
def front(request: Request) -> Response:
    return _page(request, "search.html", q="", **_counts(desk_of(request)))


@router.post("/")
def found(request: Request, form: Annotated[SearchForm, Form()]) -> Response:
    """By POST: what is searched never lands in an address, a history or a log."""
    desk, shown = desk_of(request), {"q": form.q, **_counts(desk_of(request))}
    try:
        people = Search(q=form.q, limit=SHOWN, after=form.after_people)
        dwellings = Search(q=form.q, limit=SHOWN, after=form.after_dwellings)
    except ValidationError:
        return _page(request, "search.html", 422, fault=texts.TEXTS["faults"]["text-broken"], **shown)
    shown |= {"asked": bool(people.q), "continued": bool(people.after or dwellings.after)}
    if not dwellings.after:
        search = partial(questions.search_people, seen_by=desk.viewer)
        rows, shown["next_people"] = page(search, desk.registry, people, "person")
        shown |= {"people": people_rows(desk, rows), "some_hidden": not desk.viewer.sees_everything}
    if not people.after:
        homes, shown["next_dwellings"] = page(questions.search_dwellings, desk.registry, dwellings, "dwelling")
        shown["dwellings"] = [dwelling_row(row) for row in homes]
    return _page(request, "search.html", **shown)


@router.get("/persons/{person}")
def person(request: Request, person: UUID, form: Annotated[TimesForm, Query()]) -> Response:
    """The card of a person at both times."""
    desk = desk_of(request)
    registry = desk.registry
    entries = person_entries(registry, str(person), seen_by=desk.viewer)
    times = _Times(desk, form)
    state = person_at(entries, times.position)
    if state.merged:
        there = merged.survivor_of(registry, person, times.position)
        return RedirectResponse(request.url.replace(path=f"/persons/{there}"), 303)
    if not state.entered:
        status = 410 if times.position else 200
        return _page(request, "person_absent.html", status, id=person, history=_history(request, entries), times=times)
    rows = _rows(request, person, times)
    shown: dict[str, Any] = {"person": state, "full": texts.person_name(state.particulars), "id": person, "rows": rows}
    known = [entry for entry in entries if entry.position <= times.position]
    shown |= {"history": _history(request, known), "times": times, "all": bool(form.all), "command": uuid4()}
    listed = papers.of_person(registry, person, times.position, seen_by=desk.viewer)
    shown |= {"papers": [one for one in listed if one["shown"]]}
    shown |= {"family": families.links(registry, person, times.question, times.position, desk.viewer)}
    return _page(request, "person.html", **shown)


@router.post("/persons/{person}/extracts")
def extract(request: Request, person: UUID, form: Annotated[ExtractForm, Form()]) -> Response:
    """The document itself; the same form sent twice gives the same one."""
    desk = desk_of(request)
    try:
        body = NewExtract(history=bool(form.history), on=form.on, known_at=form.known_at)
    except ValidationError:
        raise Problem(422, "not-a-date", texts.TEXTS["faults"]["not-a-date"]) from None
    done = desk.registry.of_command(form.command)
    asking = Asking(request, desk.clerk, form.command, None, done)
    issued = issued_about(asking, body, person)
    return pdf(issued.pdf, f"vytiah-{issued.number.replace('/', '-')}")


@router.get("/dwellings/{dwelling}")
def dwelling(request: Request, dwelling: UUID, form: Annotated[TimesForm, Query()]) -> Response:
    """The card of a dwelling at both times."""
    desk = desk_of(request)
    registry = desk.registry
    entries = registry.entries(dwelling)
    if not entries or AGGREGATE_OF[entries[0].fact.NAME] != "dwelling":
        raise questions.NotFound(texts.say("pages", "gone"))
    times = _Times(desk, form)
    known = shown_owners((entry for entry in entries if entry.position <= times.position), desk.viewer)
    if not known:
        return _page(request, "dwelling.html", times=times, home=None, residents=[], history=[], id=dwelling)
    home = described(dwelling_state.fold(known))
    residents = questions.occupants(registry, dwelling, times.question, times.position, seen_by=desk.viewer)
    residents.sort(key=lambda row: ukrainian.sort_key(row["name"]))
    shown: dict[str, Any] = {
        "times": times,
        "residents": residents,
        "history": _history(request, known),
        "id": dwelling,
    }
    return _page(request, "dwelling.html", home=home, **shown)


class _Times:
    """Both times of a page, as typed and as understood; `faults` by field: what cannot be read, beside it."""

    def __init__(self, desk: Desk, typed: TimesForm):
        moment = desk.now()
        self.typed, self.faults = typed, _time_faults(typed, moment)
        read = Times() if self.faults else Times(on=typed.on, known_at=typed.known_at)
        self.question = questions.asked(on=read.on, known_at=read.known_at, now=moment)
        self.position = questions.position_of(desk.registry, self.question, moment)
        self.known_at = self.question.known_at or moment
        self.known_now = self.known_at == moment
        self.today = self.question.on == self.question.today
        self.now = self.today and self.known_now


def _time_faults(typed: TimesForm, moment: datetime) -> dict[str, str]:
    faults = {}
    for name in TIMES:
        try:
            times = Times(**{name: getattr(typed, name)})
            questions.asked(on=times.on, known_at=times.known_at, now=moment)
        except (questions.BadQuestion, ValidationError):
            faults[name] = texts.say("time_faults", name)
    return faults


def _rows(request: Request, person: UUID, times: _Times) -> dict[str, list[dict[str, Any]]]:
    """The residences of a person: of the asked day, kept beside it, others, and those that count no more."""
    desk, on = desk_of(request), times.question.on
    registry, seen_by = desk.registry, desk.viewer
    always = questions.Asked(period=True, today=times.question.today)
    standing = questions.residences_of(registry, person, always, times.position, seen_by=seen_by)
    stored = registry.query("residences", "all_of_person", person=person, position=times.position)
    states = {str(row["residence"]): row for row in stored}
    named = questions.residences_of(registry, person, times.question, times.position, seen_by=seen_by)
    there = {row["residence_id"]: row for row in named}
    for row in standing:
        row["past"] = states[row["residence_id"]]["past"]
    holding = [{**row, **there[row["residence_id"]]} for row in standing if _holds(row, on)]
    return {
        "current": [row for row in holding if not row["kept"]],
        "kept": [row for row in holding if row["kept"]],
        "others": [row for row in standing if not _holds(row, on)],
        "void": [
            {**questions.residence_row(row, seen_by=seen_by), "past": row["past"], "state": row["state"]}
            for row in stored
            if row["state"] != "standing"
        ],
    }


def _holds(row: dict[str, Any], on: Any) -> bool:
    day = on.isoformat()
    return (row["since"] or "") <= day and (row["until"] is None or day < row["until"])


def _history(request: Request, entries: list[Entry]) -> list[dict[str, Any]]:
    """The facts of a stream, newest first, each in words."""
    registry = desk_of(request).registry
    said = [heads(one.stream, one.fact) for one in entries]
    homes = {one.residence: one.dwelling for one in said if one.residence and one.dwelling}
    addresses: dict[UUID, str] = {}

    def dwelling(id: UUID) -> str:
        if id not in addresses:
            rows = registry.query("dwellings", "by_id", dwelling=id, position=registry.position())
            addresses[id] = rows[0]["address"] if rows else texts.TEXTS["address"]["unknown"]
        return addresses[id]

    def residence(id: UUID) -> str:
        home = homes.get(id)
        return dwelling(home) if home else texts.TEXTS["address"]["unknown"]

    return [
        {
            "entry": entry,
            "label": texts.label("facts", entry.fact.NAME),
            "says": said_by(entry.fact, dwelling, residence),
        }
        for entry in reversed(entries)
    ]


def _counts(desk: Desk) -> dict[str, Any]:
    return {
        "people_count": desk.registry.query("people", "count")[0]["people"],
        "dwellings_count": desk.registry.query("dwellings", "count")[0]["dwellings"],
    }


def _page(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    shown |= {"settings": desk_of(request).settings, "marks": marks(request)}
    return templates.TemplateResponse(request, name, shown, status_code=status)

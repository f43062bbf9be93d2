"""The pages: what was searched, a person, a dwelling. They read projections and show what was stored."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from api.desk import Desk, desk_of
from api.forms import Search
from api.routes.dwellings import described
from api.routes.search import dwelling_row, page, people_rows
from api.shapes import dwelling_card, lived, merges, person_card
from api.shapes.cards import PageTimes, TimesForm, history, rendered, waiting_rows
from api.shapes.names import person_at, person_entries
from registry import families, merged, occasion, papers, questions, search, texts
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import in_community
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, first_day
from registry.app import Registry
from registry.cases import waiting
from registry.services.terms import months_after
from registry.viewer import shown_owners

router = APIRouter(include_in_schema=False)
SHOWN = 20
_COUNTED: WeakKeyDictionary[Registry, tuple[int, dict[str, int]]] = WeakKeyDictionary()
OF_AGE_TO_ASK = 14 * 12
"""Months of age from which somebody asks for an extract themselves (card 7, row 8)."""


class SearchForm(BaseModel):
    q: str = ""
    after_people: str = ""
    after_dwellings: str = ""
    on: str = ""
    known_at: str = ""
    position: str = ""


class DwellingForm(TimesForm):
    """Both times, and the numbers of the pages of residents (`page`) and of lines of the picture (`line`)."""

    page: str = ""
    line: str = ""


@router.post("/")
def found(request: Request, form: Annotated[SearchForm, Form()]) -> Response:
    """By POST: what is searched never lands in an address, a history or a log."""
    desk = desk_of(request)
    times = PageTimes(desk, TimesForm(on=form.on, known_at=form.known_at, position=form.position))
    shown: dict[str, Any] = {"q": form.q, "times": times}
    try:
        people = Search(q=form.q, limit=SHOWN, after=form.after_people)
        dwellings = Search(q=form.q, limit=SHOWN, after=form.after_dwellings)
    except ValidationError:
        fault = texts.TEXTS["faults"]["text-broken"]
        return rendered(request, "search.html", 422, fault=fault, **shown, **counts(desk))
    if not people.q:
        return rendered(request, "search.html", **shown, **counts(desk))
    shown |= {"asked": True, "continued": bool(people.after or dwellings.after)}
    if not dwellings.after:
        asked = partial(search.people, seen_by=desk.viewer)
        found, shown["next_people"] = page(asked, desk.registry, people, "person")
        rows = _people_then(desk, people_rows(desk, found.rows, times.position if times.now else None), times)
        for row in rows:
            row["years"] = "" if row["died"] else person_card.years(row["birth_date"], times.question.day)
        shown |= {"people": found, "people_rows": rows, "some_hidden": not desk.viewer.sees_everything}
    if not people.after:
        # A street that is only spelled like the name of somebody who was found is not what was meant.
        asked = partial(search.dwellings, seen_by=desk.viewer, similar=not shown.get("people_rows"))
        found, shown["next_dwellings"] = page(asked, desk.registry, dwellings, "dwelling")
        rows = _dwellings_then(desk, [dwelling_row(row) for row in found.rows], times)
        shown |= {"dwellings": found, "dwelling_rows": rows}
    return rendered(request, "search.html", **shown)


@router.get("/persons/{person}")
def person(request: Request, person: UUID, form: Annotated[TimesForm, Query()]) -> Response:
    """The card of a person at both times."""
    desk = desk_of(request)
    registry = desk.registry
    entries = person_entries(registry, str(person), registry.position(), seen_by=desk.viewer)
    times = PageTimes(desk, form)
    state = person_at(entries, times.position)
    if state.merged:
        there = merged.survivor_of(registry, person, times.position)
        return RedirectResponse(request.url.replace(path=f"/persons/{there}"), 303)
    told = merges.told(desk, person, entries, times.position)
    if not state.entered:
        status = 410 if times.position else 200
        return rendered(request, "person_absent.html", status, id=person, history=told, times=times)
    occasion.asks("looked", opened=str(person))
    asks = waiting.of_person(registry, person, times.position)
    listed = papers.of_person(registry, person, times.position, seen_by=desk.viewer)
    rows = lived.numbered(_rows(desk, person, times))
    at = lived.marked(entries, asks, times.position)
    shown: dict[str, Any] = {
        "person": state,
        "full": texts.person_name(state.particulars),
        "id": person,
        "rows": rows,
        "picture": lived.picture(rows, state, times, at, void=bool(form.all)),
        "history": told,
        "merged": merges.listed(desk, person, times.position),
        "times": times,
        "all": bool(form.all),
        "command": uuid4(),
        "seen": registry.position(),
        "child": _is_child(state, desk),
        "waiting": waiting_rows(desk, asks, times.position),
        "papers": [one for one in listed if one["shown"]],
        "family": families.links(registry, person, times.question, times.position, desk.viewer),
    }
    return rendered(request, "person.html", **shown, **_first_screen(desk, person, state, entries, rows, times))


@router.get("/dwellings/{dwelling}")
def dwelling(request: Request, dwelling: UUID, form: Annotated[DwellingForm, Query()]) -> Response:
    """The card of a dwelling at both times."""
    desk = desk_of(request)
    registry = desk.registry
    entries = registry.entries(dwelling)
    if not entries or AGGREGATE_OF[entries[0].fact.NAME] != "dwelling":
        raise questions.NotFound(texts.say("pages", "gone"))
    times = PageTimes(desk, form)
    known = shown_owners((entry for entry in entries if entry.position <= times.position), desk.viewer)
    shown: dict[str, Any] = {"times": times, "id": dwelling}
    if not known:
        status = 410 if times.position else 200
        return rendered(request, "dwelling.html", status, home=None, **shown)
    state = dwelling_state.fold(known)
    there = dwelling_card.composed(desk, dwelling, times, form.line)
    asks = waiting.of_dwelling(registry, dwelling, times.position)
    shown |= {
        "home": described(state),
        "called": texts.address_label(dwelling_state.address_on(state, times.question.day)),
        "residents": dwelling_card.residents(desk, dwelling, state, times, form.page),
        "lived": there,
        "leases": dwelling_card.leases(desk, state, times),
        "encumbrances": dwelling_card.encumbrances(state, times),
        "predecessors": dwelling_card.predecessors(desk, dwelling, times),
        "successor": dwelling_card.successor(desk, state, times),
        "issued": person_card.issued(desk, times, "of_dwelling", dwelling=dwelling),
        "changes": {} if times.faults else person_card.changes(entries, times),
        "day_changes": {} if times.faults else there["days"],
        "history": history(desk, known, times.position),
        "waiting": waiting_rows(desk, asks, times.position),
    }
    return rendered(request, "dwelling.html", **shown)


def _first_screen(
    desk: Desk, person: UUID, state: Person, entries: list[Entry], rows: lived.Rows, times: PageTimes
) -> dict[str, Any]:
    """What the card says of somebody in words, on its first screen and of its work."""
    return {
        "age": "" if state.death else person_card.age(state.particulars.birth_date, times.question.day),
        "standing": person_card.status(state, rows),
        "warnings": person_card.warnings(desk, state, rows, times),
        "beside": person_card.beside(desk, person, lived.first_row(rows), times),
        "changes": {} if times.faults else person_card.changes(entries, times),
        "day_changes": {} if times.faults else person_card.day_changes(rows, times),
        "issued": person_card.issued(desk, times, "of_person", person=person),
        "looks": person_card.looks(desk, person, times),
    }


def _rows(desk: Desk, person: UUID, times: PageTimes) -> dict[str, list[dict[str, Any]]]:
    """The residences of a person: of the asked day, kept beside it, others, and those that count no more."""
    on = times.question.on
    registry, seen_by = desk.registry, desk.viewer
    always = questions.Asked(period=True, today=times.question.today)
    standing = questions.residences_of(registry, person, always, times.position, seen_by=seen_by)
    stored = registry.query("residences", "all_of_person", person=person, position=times.position)
    states = {str(row["residence"]): row for row in stored}
    here = desk.here().within
    named = questions.residences_of(registry, person, times.question, times.position, seen_by=seen_by)
    there = {row["residence_id"]: row for row in named}
    for row in standing:
        known = states[row["residence_id"]]
        row |= {"past": known["past"], "ours": in_community(known["dwelling_kind"], known["katottg"], here)}
    holding = [{**row, **there[row["residence_id"]]} for row in standing if _holds(row, on)]
    return {
        "current": [row for row in holding if not row["kept"]],
        "kept": [row for row in holding if row["kept"]],
        "others": [row for row in standing if not _holds(row, on)],
        "void": [
            {**questions.residence_row(row, seen_by=seen_by), "past": row["past"], "state": row["state"], "ours": True}
            for row in stored
            if row["state"] != "standing"
        ],
    }


def _holds(row: dict[str, Any], on: Any) -> bool:
    day = on.isoformat()
    return (row["since"] or "") <= day and (row["until"] is None or day < row["until"])


def _is_child(person: Person, desk: Desk) -> bool:
    """Whether somebody is surely too young to ask for an extract themselves."""
    born = person.particulars.birth_date
    return born is not None and first_day(born) > months_after(desk.today(), -OF_AGE_TO_ASK)


def _people_then(desk: Desk, rows: list[dict[str, Any]], times: PageTimes) -> list[dict[str, Any]]:
    """Found people as a page with times shows them: nothing that was recorded later, nobody who was entered later."""
    if times.now:
        return rows
    known = {row["id"]: _known(desk, "people", "person", row["id"], times) for row in rows}
    there = [UUID(id) for id, one in known.items() if one]
    homes = questions.residences_of_all(desk.registry, there, times.question, times.position, seen_by=desk.viewer)
    return [_person_then(row, one, homes[UUID(row["id"])]) for row in rows if (one := known[row["id"]])]


def _person_then(row: dict[str, Any], known: dict[str, Any], homes: list[dict[str, Any]]) -> dict[str, Any]:
    named = {name: known[name] for name in ("surname", "given_names", "patronymic", "birth_date", "unzr", "died")}
    current = next((one for one in homes if not one["kept"]), None)
    lives = {name: current[name] if current else None for name in ("address", "kind", "dwelling_id")}
    kept = [one["address"] for one in homes if one["kept"]]
    return {**row, **named, **lives, "former_names": known["former"], "kept_addresses": kept}


def _dwellings_then(desk: Desk, rows: list[dict[str, Any]], times: PageTimes) -> list[dict[str, Any]]:
    """Found dwellings likewise, each by the name that was its last then."""
    if times.now:
        return rows
    known = [(row, _known(desk, "dwellings", "dwelling", row["id"], times)) for row in rows]
    return [{**row, **dwelling_row({**row, **one})} for row, one in known if one]


def _known(desk: Desk, table: str, name: str, id: str, times: PageTimes) -> dict[str, Any] | None:
    """The row of a person or a dwelling as known at the times of a page."""
    rows = desk.registry.query(table, "by_id", **{name: UUID(id)}, position=times.position)
    return rows[0] if rows else None


def counts(desk: Desk) -> dict[str, Any]:
    """How many people and dwellings there are. Counted once for a position: to count them all takes longer than all the
    rest of the page."""
    registry, position = desk.registry, desk.registry.position()
    counted = _COUNTED.get(registry)
    if counted is None or counted[0] != position:
        people, dwellings = registry.query("people", "count")[0], registry.query("dwellings", "count")[0]
        counted = position, {"people_count": people["people"], "dwellings_count": dwellings["dwellings"]}
        _COUNTED[registry] = counted
    return counted[1]

"""What the cards of people and dwellings show: both times of a page, the history of a stream, what waits for approval.

Nothing that was recorded after the moment of a page is on it, and every link of it keeps both its times.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.desk import Desk, desk_of
from api.forms import Times
from api.shapes.words import marks, said_by, templates
from registry import questions, texts
from registry.acts import requested_facts
from registry.aggregates.facts import heads
from registry.aggregates.person.state import fold
from registry.aggregates.values import Entry, sure
from registry.cases import waiting
from registry.cases.waiting import Waiting
from registry.viewer import HIDDEN

TIMES = ("on", "known_at", "position")


class TimesForm(BaseModel):
    """Both times as typed into a page; nothing of it is refused before it can be said beside its field."""

    on: str = ""
    known_at: str = ""
    position: str = ""
    all: str = ""


class PageTimes:
    """Both times of a page, as typed and as understood; `faults` by field: what cannot be read, beside it."""

    def __init__(self, desk: Desk, typed: TimesForm):
        moment = desk.now()
        self.typed, self.faults, self.opened = typed, _time_faults(desk, typed, moment), moment
        asked = questions.asked(now=moment) if self.faults else _asked(typed, TIMES, moment)
        self.question = questions.settled(desk.registry, asked, moment)
        self.position, self.known_at = sure(self.question.position), sure(self.question.known_at)
        self.known_now = asked.known_at is None and asked.position is None
        self.today = self.question.on == self.question.today
        self.now = self.today and self.known_now

    @property
    def kept(self) -> dict[str, str]:
        """What a link or a form of the page carries on: the times as typed, those that could be read."""
        typed = {} if self.faults else {name: getattr(self.typed, name) for name in TIMES}
        return {name: value for name, value in typed.items() if value}

    @property
    def query(self) -> str:
        """The same behind an address, with its question mark; nothing where the page is of now."""
        return f"?{urlencode(self.kept)}" if self.kept else ""

    @property
    def lasting(self) -> str:
        """The query by which the page shows the same for ever: its day and its last fact."""
        return f"?{urlencode({'on': self.question.day.isoformat(), 'position': self.position})}"

    @property
    def query_all(self) -> str:
        """The same, and with what counts no more."""
        return f"?{urlencode({**self.kept, 'all': 1})}"


def _asked(typed: TimesForm, names: Iterable[str], moment: datetime) -> questions.Asked:
    """What is typed in some of the fields. Raises `BadQuestion`, or pydantic's."""
    said: dict[str, Any] = {name: getattr(typed, name) or None for name in names}
    times = Times.model_validate(said)
    return questions.asked(on=times.on, known_at=times.known_at, position=times.position, now=moment)


def _time_faults(desk: Desk, typed: TimesForm, moment: datetime) -> dict[str, str]:
    faults = {}
    for name in TIMES:
        try:
            asked = _asked(typed, [name], moment)
            if asked.position is not None:
                questions.settled(desk.registry, asked, moment)
        except (questions.BadQuestion, ValidationError):
            faults[name] = texts.say("time_faults", name)
    if not faults and typed.known_at and typed.position:
        faults["position"] = texts.say("time_faults", "both")
    return faults


class NamesThen:
    """What dwellings, residences and people are called in a history, as known at a position."""

    def __init__(self, desk: Desk, position: int, homes: dict[UUID, UUID]):
        self.registry, self.viewer = desk.registry, desk.viewer
        self.position, self.homes = position, homes
        self.found: dict[UUID, str] = {}

    def dwelling(self, id: UUID) -> str:
        if id not in self.found:
            rows = self.registry.query("dwellings", "by_id", dwelling=id, position=self.position)
            self.found[id] = rows[0]["address"] if rows else texts.TEXTS["address"]["unknown"]
        return self.found[id]

    def entries_of(self, id: UUID) -> Sequence[Entry]:
        """The entries of somebody, read where they are named."""
        return self.registry.entries(id)

    def residence(self, id: UUID) -> str:
        home = self.homes.get(id)
        return self.dwelling(home) if home else texts.TEXTS["address"]["unknown"]

    def person(self, id: UUID) -> str:
        if not self.viewer.sees(id):
            return HIDDEN
        known = [entry for entry in self.entries_of(id) if entry.position <= self.position]
        # Of an entry that is gone since, the name that it was entered by.
        now, first = fold(known), fold(known[:1])
        said = (now if now.entered else first).particulars
        return texts.person_name(said) or texts.say("pages", "no_name")


def _homes(entries: Iterable[Entry]) -> dict[UUID, UUID]:
    said = (heads(one.stream, one.fact) for one in entries)
    return {one.residence: one.dwelling for one in said if one.residence and one.dwelling}


def history(desk: Desk, entries: Sequence[Entry], position: int) -> list[dict[str, Any]]:
    """The facts of a stream that are known at a position, newest first, each in words; of one that a second person
    approved, `asked`: the entry by which somebody had asked for it."""
    known = [entry for entry in entries if entry.position <= position]
    where, asked = NamesThen(desk, position, _homes(known)), waiting.asked_by(desk.registry, known)
    return [
        {
            "entry": entry,
            "label": texts.label("facts", entry.fact.NAME),
            "says": said_by(entry.fact, where),
            "asked": asked.get(entry.command),
        }
        for entry in reversed(known)
    ]


def waiting_rows(desk: Desk, found: Sequence[Waiting], position: int) -> list[dict[str, Any]]:
    """Changes that wait, each with what it asks for; of whoever is hidden that something waits, and not what."""
    return [_waiting_row(desk, one, position) for one in found]


def _waiting_row(desk: Desk, one: Waiting, position: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"asked": one.asked, "title": texts.label("asked", one.change.asked_for)}
    people = one.change.people
    if not all(map(desk.viewer.sees, people)):
        return {**asked, "title": HIDDEN, "facts": [], "people": [], "page": None}
    entries = {id: [two for two in desk.registry.entries(id) if two.position <= position] for id in people}
    where = NamesThen(desk, position, _homes(chain.from_iterable(entries.values())))
    facts = chain.from_iterable(requested_facts(one.change).values())
    return {
        **asked,
        "page": f"/approvals/{one.asked.stream}",
        "people": [(id, texts.person_name(fold(known).particulars)) for id, known in entries.items()],
        "facts": [{"title": texts.label("asked", fact.NAME), "says": said_by(fact, where)} for fact in facts],
    }


def rendered(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """A page of the desk, with what stands at the foot of each."""
    desk = desk_of(request)
    # The marks stand under a history, and nowhere else.
    shown |= {"marks": marks(request) if "history" in shown else [], "clerk": desk.actor.name}
    return templates.TemplateResponse(request, name, shown, status_code=status)

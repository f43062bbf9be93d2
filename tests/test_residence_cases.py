"""Who lived where, when: every case of `cases/RESIDENCE.md`, through the projections, through replay, and as known at
the time of each of its steps.

Every `*.json` in the folder named by RESIDENCE_CASES (default: this project's copy of the sample) is read; each case is
exactly three tests. Acts go through the register's own decisions; a confirmation, where one is asked for, is given.
"""

import json
import os
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from given import CLERK

from registry import questions
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.person.state import fold
from registry.aggregates.person.timeline import current, timeline
from registry.app import Registry
from registry.opening import opened
from registry.viewer import OPEN
from replay import answers

FOLDER = Path(os.environ.get("RESIDENCE_CASES") or Path(__file__).parent / "cases" / "residence")
CASES = [case for path in sorted(FOLDER.glob("*.json")) for case in json.loads(path.read_text("utf-8"))["cases"]]


class Told:
    """The steps of a case as acts of a register, with the position after each."""

    def __init__(self, registry: Registry, steps: list[dict]):
        self.registry = registry
        self.clerk = Clerk(registry, CLERK)
        self.people: dict[str, UUID] = {}
        self.dwellings: dict[str, UUID] = {}
        self.positions: list[int] = []
        for step in steps:
            asked = {name: value for name, value in step.items() if name != "op"}
            getattr(self, step["op"])(**asked)
            self.positions.append(registry.position())

    def register(self, person, address, effective):
        self.act("settle", self.entered(person), kind="registered", dwelling=self.home(address), since=effective)

    def past(self, person, address, until, **since):
        asked = {"kind": "registered", "dwelling": self.home(address), "since": since["from"], "until": until}
        self.act("enter_past_residence", self.entered(person), **asked)

    def deregister(self, person, effective):
        stream = self.people[person]
        last = current(timeline(self.registry.person(stream)))
        self.act("deregister_residence", stream, residence=last.residence, until=effective)

    def deceased(self, person, effective):
        self.act("record_death", self.entered(person), registered_on=effective)

    def annul_death(self, person):
        self.clerk.annul_death(self.people[person], command=uuid4(), basis="тезка")

    def annul_deregistration(self, person):
        self.act("annul_deregistration", self.people[person], basis="рішення суду")

    def correct_last(self, person, address, effective):
        registered = [one for one in self.registrations(person) if not one.annulled]
        self.corrected(person, registered[-1].id, {"dwelling": self.home(address), "since": effective})

    def correct(self, person, nth, **what):
        changes = {}
        if "address" in what:
            changes["dwelling"] = self.home(what["address"])
        if "effective" in what:
            changes["since"] = what["effective"]
        if "until" in what:
            changes["until"] = what["until"]
        self.corrected(person, self.registrations(person)[nth - 1].id, changes)

    def annul(self, person, nth, revive):
        residence = self.registrations(person)[nth - 1].id
        self.act("annul_residence", self.people[person], residence=residence, basis="висновок", revives=revive)

    def readdress(self, from_address, to_address, effective):
        old, new = self.home(from_address), self.home(to_address)
        self.act("readdress", old, successor=new, since=effective, reason="рішення виконкому")

    def withdraw(self, person):
        self.clerk.withdraw_entry(self.people[person], command=uuid4(), reason="помилковий запис")

    def corrected(self, person, residence, changes):
        self.act("correct_residence", self.people[person], residence=residence, changes=changes, reason="описка")

    def registrations(self, person):
        return [one for one in self.registry.person(self.people[person]).residences if not one.past]

    def act(self, name, stream, **asked):
        getattr(self.clerk, name)(stream, command=uuid4(), confirmed=True, **asked)

    def entered(self, person: str) -> UUID:
        stream = self.people.setdefault(person, uuid4())
        if not self.registry.person(stream).entered:
            self.clerk.enter_person(person=stream, command=uuid4(), particulars=Particulars(surname=person))
        return stream

    def home(self, address: str) -> UUID:
        if address not in self.dwellings:
            kind = "abroad" if address == "ABROAD" else None
            act = self.clerk.enter_dwelling(command=uuid4(), address=Address(street=address), kind=kind)
            self.dwellings[address] = act.entries[0].stream
        return self.dwellings[address]


def by_projection(told: Told, query: dict, position: int):
    """The answer of the projections as known at a position."""
    question = asked(query)
    if "person" in query:
        stream = told.people.get(query["person"])
        rows = questions.residences_of(told.registry, stream, question, position, seen_by=OPEN) if stream else []
        return [
            {"address": named(told.dwellings, row["dwelling_id"]), "from": row["since"], "until": row["until"]}
            for row in rows
        ]
    dwelling = told.dwellings.get(query["address"])
    found = questions.occupants(told.registry, dwelling, question, position, seen_by=OPEN) if dwelling else []
    if query["kind"] == "occupancy_on":
        return sorted(named(told.people, row["person_id"]) for row in found)
    return [{**segment(one), "persons": sorted(named(told.people, id) for id in one["persons"])} for one in found]


def by_replay(told: Told, query: dict, position: int):
    """The answer of replay: the facts up to a position, folded, and the rules asked day by day."""

    def person(stream):
        return fold(entry for entry in told.registry.entries(stream) if entry.position <= position)

    if query["kind"] in ("history_on", "occupancy_on"):
        start = date.fromisoformat(query["date"])
        end = date.fromordinal(start.toordinal() + 1)
    else:
        start, end = (date.fromisoformat(query[name]) if query[name] else None for name in ("from", "until"))
    if "person" in query:
        stream = told.people.get(query["person"])
        rows = answers.residence_over(person(stream), start, end) if stream else []
        return [
            {
                "address": named(told.dwellings, row.residence.dwelling),
                "from": row.since and row.since.isoformat(),
                "until": row.until and row.until.isoformat(),
            }
            for row in rows
        ]
    people = {stream: person(stream) for stream in told.people.values()}
    dwelling = told.dwellings.get(query["address"])
    found = answers.occupancy_over(people, dwelling, start, end)
    persons = [sorted(named(told.people, stream) for stream in one["persons"]) for one in found]
    if query["kind"] == "occupancy_on":
        return persons[0] if persons else []
    return [
        {"from": one["from"].isoformat(), "until": one["until"].isoformat(), "persons": there}
        for one, there in zip(found, persons, strict=True)
    ]


def asked(query: dict) -> questions.Asked:
    now = datetime.now(UTC)
    if "date" in query:
        return questions.asked(on=query["date"], now=now)
    question = questions.asked(start=query["from"], end=query["until"], now=now)
    return question if question.period else questions.Asked(period=True, known_at=now, today=now.date())


def segment(one: dict) -> dict:
    return {"from": one["from"], "until": one["until"]}


def named(ids: dict[str, UUID], id) -> str:
    return next(name for name, known in ids.items() if str(known) == str(id))


@pytest.fixture(scope="module")
def registry(server):
    """One register for all cases: every telling has people and dwellings of its own."""
    for url in database(server):
        with opened(url) as register:
            yield register


def database(server):
    from conftest import _database

    yield from _database(server, template="hromada")


@cache
def told(registry: Registry, number: int, steps: int) -> Told:
    return Told(registry, CASES[number]["steps"][:steps])


def projection(registry, number):
    case = CASES[number]
    whole = told(registry, number, len(case["steps"]))
    assert by_projection(whole, case["query"], whole.positions[-1]) == case["expect"]


def replay(registry, number):
    case = CASES[number]
    whole = told(registry, number, len(case["steps"]))
    assert by_replay(whole, case["query"], whole.positions[-1]) == case["expect"]


def prefixes(registry, number):
    case = CASES[number]
    whole = told(registry, number, len(case["steps"]))
    for steps, position in enumerate(whole.positions, 1):
        only = told(registry, number, steps)
        for way in (by_projection, by_replay):
            then = way(whole, case["query"], position)
            assert then == way(only, case["query"], only.positions[-1]), f"{way.__name__}, step {steps}"


WAYS = (projection, replay, prefixes)


@pytest.mark.parametrize(
    ("number", "way"),
    [pytest.param(number, way, id=f"{case['id']}-{way.__name__}") for number, case in enumerate(CASES) for way in WAYS],
)
def test_case(registry, number, way):
    way(registry, number)
